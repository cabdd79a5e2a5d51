//! Identifiers: which texts are names, and when two spellings are one name.
//!
//! As in CPython, names are compared after NFKC normalization; what may be in them is judged before it (the
//! properties `XID_Start` and `XID_Continue` are made so that normal forms of names are names). The Unicode tables
//! are newer than those of CPython 3.13.

use std::borrow::Cow;

use unicode_ident::{is_xid_continue, is_xid_start};
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

/// The name that an identifier in the source stands for: its NFKC form. ASCII is returned as it is.
pub fn normalize_identifier(name: &str) -> Cow<'_, str> {
    if name.is_ascii() || is_nfkc_quick(name.chars()) == IsNormalized::Yes {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(name.nfkc().collect())
    }
}

/// Whether `text` can be a name in Python's source; keywords count as names here.
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first == '_' || is_xid_start(first)) && chars.all(is_xid_continue)
}

#[cfg(test)]
mod tests {
    use super::{is_identifier, normalize_identifier};

    #[test]
    fn compatibility_characters_are_replaced() {
        assert_eq!(normalize_identifier("ﬁx"), "fix");
        assert_eq!(normalize_identifier("𝐱²"), "x2");
        assert_eq!(normalize_identifier("e\u{301}"), "é");
        assert_eq!(normalize_identifier("plain"), "plain");
    }

    #[test]
    fn names_begin_with_a_letter_or_underscore() {
        for name in ["x", "_", "é", "名前", "x1", "a\u{301}", "℘", "ﬁ"] {
            assert!(is_identifier(name), "{name}");
        }
        for text in ["", "1x", "a-b", "a b", "\u{301}a", "€", "a\u{200b}", "²", "x²"] {
            assert!(!is_identifier(text), "{text}");
        }
    }
}
