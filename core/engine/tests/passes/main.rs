//! What passes promise, told by what runs.

#![expect(clippy::unwrap_used, reason = "a failure to set up is a failure of the test")]
#![expect(clippy::wildcard_enum_match_arm, reason = "events are many, and a test speaks of a few")]

mod conditions;
mod cycles;
mod documented;
mod edits;
mod events;
mod kept;
mod modules;
mod nodes;
mod parameters;
mod random;
mod support;
mod threads;
mod verify;
mod views;
