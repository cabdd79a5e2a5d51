//! Whether to color: what was asked for, then the variables that people set, then the terminal.

use std::io::IsTerminal;

/// What was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum ColorChoice {
    /// Decide by environment and terminal.
    #[default]
    Auto,
    /// Color.
    Always,
    /// Don't.
    Never,
}

impl ColorChoice {
    /// Reads `auto`, `always`, `never`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(Self::Auto),
            "always" => Some(Self::Always),
            "never" => Some(Self::Never),
            _ => None,
        }
    }

    /// Whether to color what goes to `stream`.
    ///
    /// `NO_COLOR` beats `FORCE_COLOR` and `CLICOLOR_FORCE`, these beat `CLICOLOR=0` and `TERM=dumb`, which beat
    /// the terminal's being one.
    pub(crate) fn for_stream(self, stream: &impl IsTerminal) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if set("NO_COLOR") => false,
            Self::Auto if on("FORCE_COLOR") || on("CLICOLOR_FORCE") => true,
            Self::Auto if is("CLICOLOR", "0") || is("TERM", "dumb") => false,
            Self::Auto => stream.is_terminal(),
        }
    }
}

fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|it| !it.is_empty())
}

fn is(name: &str, value: &str) -> bool {
    std::env::var_os(name).is_some_and(|it| it == value)
}

fn on(name: &str) -> bool {
    set(name) && !is(name, "0")
}
