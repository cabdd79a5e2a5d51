//! Names, some of which can't be written as they are.
//!
//! Python normalizes names (NFKC) after it has told keywords from names. So a name may be equal to a keyword, if it was
//! written with other letters, and has to be written so again.

use super::Unparser;

/// Python 3's keywords; soft ones are names.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

impl Unparser<'_> {
    /// Writes a name, or several with points between them.
    pub(super) fn name(&mut self, name: &str) {
        // All keywords are short, and Python 2 has no names beyond ASCII.
        if self.python_2 || !name.split('.').any(|it| it.len() <= 8 && KEYWORDS.binary_search(&it).is_ok()) {
            return self.push(name);
        }
        for (at, part) in name.split('.').enumerate() {
            if at > 0 {
                self.push(".");
            }
            if KEYWORDS.binary_search(&part).is_ok() {
                let mut letters = part.chars();
                self.out.extend(letters.next().map(mathematical));
                self.push(letters.as_str());
            } else {
                self.push(part);
            }
        }
    }
}

/// The mathematical bold letter that normalizes to an ASCII letter.
fn mathematical(letter: char) -> char {
    let (base, first) = if letter.is_ascii_uppercase() { (0x1d400, 'A') } else { (0x1d41a, 'a') };
    char::from_u32(base + u32::from(letter) - u32::from(first)).unwrap_or(letter)
}
