//! Names and numbers, character by character.

use astkit_ast::is_identifier;
use astkit_ast::python::ExprContext;

use crate::cst::Node;
use crate::rebuild::Rebuilder;

/// Words that the grammar takes for names in some places, and Python 3 never does.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Words that may follow a number without a space.
const AFTER_NUMBERS: [&str; 8] = ["and", "else", "for", "if", "in", "is", "not", "or"];

/// Names that only Python 3 reserves.
const NAMES_IN_PYTHON2: [&str; 6] = ["False", "None", "True", "async", "await", "nonlocal"];

impl Rebuilder<'_, '_> {
    pub(crate) fn check_name(&mut self, node: Node, text: &str, _ctx: ExprContext) {
        if text.is_ascii() {
            if KEYWORDS.binary_search(&text).is_ok() && !(self.python2() && NAMES_IN_PYTHON2.contains(&text))
            {
                self.fault(
                    "reserved-word",
                    self.span(node),
                    format!("`{text}` is reserved, it can't be a name"),
                );
            }
        } else if !is_identifier(text) {
            self.fault("invalid-name", self.span(node), format!("`{text}` is not a name"));
        }
    }

    /// `1a` is no number followed by a name.
    pub(crate) fn check_number_end(&mut self, node: Node) {
        let rest = &self.text[self.end(node) as usize..];
        let word = rest.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
        if word == 0 && rest.chars().next().is_none_or(|it| it.is_ascii()) {
            return;
        }
        if !AFTER_NUMBERS.contains(&&rest[..word]) {
            self.fault("invalid-number", self.span(node), "a number can't be followed by a name directly");
        }
    }
}
