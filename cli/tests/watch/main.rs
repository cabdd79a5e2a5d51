//! `astkit watch` with the saves of real programs. Nothing sleeps and hopes: a cookie file tells when all is reported.
//!
//! Each scenario runs once, or as often as `ASTKIT_WATCH_REPEAT` says.

#![expect(clippy::unwrap_used, reason = "a failure to set up is a failure of the test")]

#[path = "../cli/support.rs"]
#[expect(dead_code, reason = "the other suite uses more of it")]
mod scratch;

mod commands;
mod content;
mod folders;
mod limits;
mod links;
mod saves;
mod soak;
mod support;
