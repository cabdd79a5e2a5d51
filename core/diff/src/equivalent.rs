//! Which spellings of equal code differ: what `formatting` was, in words.

use rustc_hash::FxHashMap;

use crate::lexemes::{Lexeme, LexemeKind, within};
use crate::side::Side;

impl Side<'_> {
    /// The kinds of spellings that differ between two definitions of equal code, this one and one of another file.
    ///
    /// They are `quotes` (all spellings of strings), `numbers`, `parentheses`, `commas`, `semicolons`, `order` (of what
    /// CPython sorts), and `names` (those that are normalized); none if only white space differs.
    pub fn equivalent(&self, number: usize, other: &Side<'_>, other_number: usize) -> Vec<&'static str> {
        let mut counts: FxHashMap<u64, (i64, &'static str)> = FxHashMap::default();
        let (ours, theirs) = (self.own_code(number), other.own_code(other_number));
        let same = ours.len() == theirs.len() && ours.iter().zip(&theirs).all(|it| it.0.hash == it.1.hash);
        for (source, lexemes, sign) in [(self.source, ours, 1), (other.source, theirs, -1)] {
            for it in lexemes {
                let text = source.slice(it.span);
                counts.entry(it.hash).or_insert((0, kind(text))).0 += sign;
            }
        }
        let mut out: Vec<&'static str> = counts.into_values().filter(|it| it.0 != 0).map(|it| it.1).collect();
        if out.is_empty() && !same {
            out.push("order");
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The code lexemes of a definition that are in no other one.
    fn own_code(&self, at: usize) -> Vec<Lexeme> {
        let lexemes = self.lexemes();
        let range = within(lexemes, self.span(at));
        let mut out = Vec::new();
        let mut from = range.start;
        for nested in self.children[at].iter().map(|it| within(lexemes, self.span(*it))) {
            out.extend_from_slice(&lexemes[from.min(nested.start)..nested.start]);
            from = nested.end.max(from);
        }
        out.extend_from_slice(&lexemes[from.min(range.end)..range.end]);
        out.retain(|it| it.kind != LexemeKind::Comment);
        out
    }
}

fn kind(text: &str) -> &'static str {
    match text {
        "," => "commas",
        "(" | ")" => "parentheses",
        ";" => "semicolons",
        _ if text.starts_with(|it: char| it.is_ascii_digit() || it == '.') => "numbers",
        _ if text.contains(['"', '\'']) => "quotes",
        _ => "names",
    }
}
