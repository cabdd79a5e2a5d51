//! Python 2 in words that the grammar knows.
//!
//! The grammar has `print` and `exec` statements, but takes most of them for something else (`print (a), b` for a call
//! in a tuple, `print -1` for a difference), and backquotes for quotes. In a text of Python 2 these words mean one
//! thing only; so before it is parsed they are replaced, length for length, by words that take the same operands. As
//! with [gaps](crate::gaps), the rebuilder looks at the text itself:
//!
//! | in the text | as parsed |
//! |---|---|
//! | `print a, b,` | `yield a, b,` |
//! | `exec a in b, c` | `not  a in b, c` |
//! | `` `a, b` `` | `(a, b)` |
//! | `async`, `x.True` | `aaaaa`, `x.aaaa` |

use astkit_ast::{Token, TokenKind, tokens};

/// The text with its words replaced, if it has any of them.
pub(crate) fn in_words_of_python3(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut changed = false;
    let mut print_is_function = false;
    let (mut begins, mut in_future, mut after_operand, mut after_dot) = (true, false, false, false);
    let mut open_backquotes = Vec::new();
    let mut tokens = tokens(text).filter(is_code).peekable();
    while let Some(token) = tokens.next() {
        let range = token.span.range();
        let word = &text[range.clone()];
        let next = tokens.peek().map_or("", |it| &text[it.span.range()]);
        if token.starts_line {
            open_backquotes.clear();
        }
        if begins || token.starts_line {
            in_future = word == "from" && next == "__future__";
            let replacement: &[u8] = match word {
                "print" if !print_is_function && next != ">>" => b"yield",
                "exec" => b"not ",
                _ => b"",
            };
            bytes[range.start..][..replacement.len()].copy_from_slice(replacement);
            changed |= !replacement.is_empty();
        }
        if is_name(word, after_dot, next) {
            bytes[range.clone()].fill(b'a');
            changed = true;
        }
        after_dot = word == ".";
        // A module can ask for the function; where it does, `print` is a name.
        print_is_function |= in_future && word == "print_function";
        begins = token.depth == 0 && matches!(word, ";" | ":");
        if word != "`" {
            after_operand = is_end_of_operand(&token, word);
        } else if !after_operand {
            open_backquotes.push(range.start);
        } else if let Some(start) = open_backquotes.pop() {
            bytes[start] = b'(';
            bytes[range.start] = b')';
            changed = true;
        }
    }
    changed.then(|| String::from_utf8(bytes).unwrap_or_default())
}

/// Whether a word that Python 3 reserves is a name. Constants are, where they can't be read.
fn is_name(word: &str, after_dot: bool, next: &str) -> bool {
    match word {
        "async" | "await" | "nonlocal" => true,
        "True" | "False" => after_dot || next == "=",
        _ => false,
    }
}

/// Whether a token is the last of an operand: a backquote after it closes, after any other token it opens.
fn is_end_of_operand(token: &Token, word: &str) -> bool {
    match token.kind {
        TokenKind::Name => !KEYWORDS.contains(&word),
        TokenKind::Number | TokenKind::String | TokenKind::FStringEnd => true,
        _ => matches!(word, ")" | "]" | "}"),
    }
}

/// The keywords of Python 2.7.
const KEYWORDS: [&str; 31] = [
    "and", "as", "assert", "break", "class", "continue", "def", "del", "elif", "else", "except", "exec",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "not", "or", "pass", "print",
    "raise", "return", "try", "while", "with", "yield",
];

fn is_code(token: &Token) -> bool {
    !matches!(token.kind, TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::LineContinuation)
}

#[cfg(test)]
mod tests {
    use super::in_words_of_python3;

    #[test]
    fn words_of_python_2_are_replaced() {
        let replaced = |text: &str| in_words_of_python3(text).unwrap_or_else(|| text.to_owned());
        assert_eq!(replaced("if x: print (a), b; exec c in d\n"), "if x: yield (a), b; not  c in d\n");
        assert_eq!(replaced("print >>f, `a` + `b, c`\n"), "print >>f, (a) + (b, c)\n");
        assert_eq!(replaced("x.print = {1: exec_}\n"), "x.print = {1: exec_}\n");
        assert_eq!(replaced("'`print`' # `x`\n"), "'`print`' # `x`\n");
        assert_eq!(replaced("x.False = async(await, True=True)\n"), "x.aaaaa = aaaaa(aaaaa, aaaa=True)\n");
        assert_eq!(replaced("return ``x` + `y``\n"), "return ((x) + (y))\n");
        assert_eq!(replaced("f `x`\n`y`\n"), "f `x`\n(y)\n");
        let future = "from __future__ import print_function\nprint (a)\n";
        assert_eq!(replaced(future), future);
    }
}
