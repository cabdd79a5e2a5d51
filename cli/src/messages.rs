//! What goes to standard error besides the result.

use std::io::Write;

use anstyle::{AnsiColor, Style};

use crate::failure::Failure;
use crate::render::Append;

/// How messages look and which are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Messages {
    color: bool,
    /// 2 nothing, 1 errors only.
    quiet: u8,
    verbose: u8,
}

impl Messages {
    /// Messages, colored or not, at a level of talkativeness.
    pub(crate) fn new(color: bool, quiet: u8, verbose: u8) -> Self {
        Self { color, quiet, verbose }
    }

    /// Whether messages are colored.
    pub(crate) fn color(self) -> bool {
        self.color
    }

    /// Whether warnings are shown.
    pub(crate) fn warnings(self) -> bool {
        self.quiet == 0
    }

    /// Whether more than usual is shown.
    pub(crate) fn verbose(self) -> bool {
        self.verbose > 0
    }

    /// Whether less than usual is shown.
    pub(crate) fn silent(self) -> bool {
        self.quiet > 0
    }

    /// The text of an error; empty if errors are not shown.
    pub(crate) fn error(self, failure: &Failure) -> String {
        if self.quiet > 1 {
            return String::new();
        }
        let mut text = self.headed("error", AnsiColor::Red, &failure.to_string());
        for hint in failure.hints() {
            text.append(format_args!("  = help: {hint}\n"));
        }
        text
    }

    /// The text of a warning; empty if warnings are not shown.
    pub(crate) fn warning(self, message: &str) -> String {
        if self.warnings() { self.headed("warning", AnsiColor::Yellow, message) } else { String::new() }
    }

    fn headed(self, word: &str, color: AnsiColor, message: &str) -> String {
        let style = if self.color { color.on_default().bold() } else { Style::new() };
        format!("{style}{word}{style:#}: {message}\n")
    }
}

/// Prints a text. A closed standard error is no reason to stop.
pub(crate) fn print(text: &str) {
    if !text.is_empty() {
        drop(std::io::stderr().lock().write_all(text.as_bytes()));
    }
}
