//! Text that no node of the parser covers.
//!
//! While it recovers from errors, the parser may drop text without a trace. What stands between two statements of the
//! module must be white space, comments and semicolons; anything else becomes an `Error` node of its own.

use astkit_ast::python::Role;
use astkit_ast::{Diagnostic, Span};

use super::Rebuilder;
use super::errors::{PARSER, shorten};

impl Rebuilder<'_, '_> {
    /// Builds an `Error` node for what is neither white space nor comment between two statements.
    pub(super) fn cover(&mut self, gap: Span) {
        let Some(span) = self.uncovered(gap) else { return };
        let message = format!("can't make sense of `{}`", shorten(self.slice(span)));
        self.b.diagnostic(Diagnostic::error(PARSER, "syntax-error", span, message));
        let mark = self.b.mark();
        self.b.error(mark, span);
        self.b.role(Role::Body);
    }

    fn uncovered(&self, gap: Span) -> Option<Span> {
        let text = self.slice(gap).as_bytes();
        let (mut first, mut last, mut at) = (None, 0, 0);
        while at < text.len() {
            at += match text[at..] {
                [b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b';', ..] => 1,
                [b'\\', b'\n', ..] => 2,
                [b'\\', b'\r', b'\n', ..] => 3,
                [b'#', ..] => memchr::memchr(b'\n', &text[at..]).unwrap_or(text.len() - at),
                // A byte-order mark.
                [0xef, 0xbb, 0xbf, ..] if gap.start == 0 && at == 0 => 3,
                _ => {
                    first.get_or_insert(at);
                    last = at + 1;
                    1
                }
            };
        }
        let offset = |it: usize| gap.start + u32::try_from(it).unwrap_or(0);
        first.map(|first| Span::new(offset(first), offset(last)))
    }
}
