//! How the views for terminals look.

use anstyle::{AnsiColor, Effects, Style as Look};

/// The styles; all plain without color.
pub(super) struct Looks {
    color: bool,
    pub(super) plain: Look,
    pub(super) bold: Look,
    pub(super) dim: Look,
    pub(super) name: Look,
    pub(super) old: Look,
    pub(super) new: Look,
}

impl Looks {
    pub(super) fn new(color: bool) -> Self {
        let look = |it: Look| if color { it } else { Look::new() };
        Self {
            color,
            plain: Look::new(),
            bold: look(Look::new().bold()),
            dim: look(Look::new().dimmed()),
            name: look(AnsiColor::Cyan.on_default().bold()),
            old: look(AnsiColor::Red.on_default()),
            new: look(AnsiColor::Green.on_default()),
        }
    }

    /// Whether there is color.
    pub(super) fn has_color(&self) -> bool {
        self.color
    }

    /// A piece that differs: set off by more than a color, so that nobody has to see red and green.
    pub(super) fn marked(&self, text: &str, sign: char, look: Look) -> String {
        if self.color {
            return look.effects(Effects::BOLD | Effects::UNDERLINE).paint(text);
        }
        format!("[{sign}{text}{sign}]")
    }
}

/// Text in a style.
pub(super) trait Paint {
    fn paint(&self, text: &str) -> String;
}

impl Paint for Look {
    fn paint(&self, text: &str) -> String {
        if text.is_empty() { String::new() } else { format!("{self}{text}{self:#}") }
    }
}
