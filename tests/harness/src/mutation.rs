//! Seeded edits that damage a file: input for properties on broken text.
//!
//! Six kinds, after what people and half-written code do: punctuation typed or lost, a few characters deleted, a line
//! deleted, a line indented otherwise, a line broken, and a piece of code inserted that opens something. The same seed
//! and text give the same edits on every machine. An edit never cuts a UTF-8 sequence.

use std::ops::Range;

/// What kind of damage an edit does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum MutationKind {
    /// A punctuation character inserted, or one taken away.
    Punctuation,
    /// One to four characters deleted.
    Delete,
    /// A whole line deleted.
    DeleteLine,
    /// The indentation of a line made deeper or shallower.
    Indent,
    /// A line broken in two.
    Newline,
    /// Code inserted that opens something: a string, a bracket, a block.
    Snippet,
}

impl MutationKind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Punctuation, Self::Delete, Self::DeleteLine, Self::Indent, Self::Newline, Self::Snippet];

    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Punctuation => "punctuation",
            Self::Delete => "delete",
            Self::DeleteLine => "delete-line",
            Self::Indent => "indent",
            Self::Newline => "newline",
            Self::Snippet => "snippet",
        }
    }
}

/// One edit: `removed` of the old text is replaced by `inserted`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mutation {
    /// What kind it is.
    pub kind: MutationKind,
    /// Byte range of the old text that goes.
    pub removed: Range<usize>,
    /// What comes instead.
    pub inserted: String,
}

impl Mutation {
    /// The text after the edit.
    pub fn apply(&self, text: &str) -> String {
        [&text[..self.removed.start], &self.inserted, &text[self.removed.end..]].concat()
    }
}

const PUNCTUATION: &[&str] =
    &["(", ")", "[", "]", "{", "}", ":", ",", ".", "=", "\"", "'", "#", "\\", ";", "@", "*"];
const OPENERS: &[&str] = &[
    "'''", "\"\"\"", "(", "[", "{", "f\"{", "else:", "def f():", "class C:", "if x:", "try:", "@", "import",
    "return",
];

/// A small generator of random numbers: Steele, Lea and Flood's `SplitMix64`.
#[derive(Clone, Debug)]
pub struct SplitMix(u64);

impl SplitMix {
    /// Starts a sequence.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which must not be 0. Its slight preference for small numbers does not matter here.
    pub fn below(&mut self, limit: usize) -> usize {
        // On machines with 32 bits, half of the random bits are enough as well.
        usize::try_from(self.next_u64() >> 32).unwrap_or_default() % limit
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// `count` edits of `text`, each of it alone, the kinds in turn. Empty for an empty text.
pub fn mutations(text: &str, seed: u64, count: usize) -> Vec<Mutation> {
    if text.is_empty() {
        return Vec::new();
    }
    let mut random = SplitMix::new(seed);
    let kinds = MutationKind::ALL.into_iter().cycle().take(count);
    kinds.map(|kind| mutation(text, kind, &mut random)).collect()
}

fn mutation(text: &str, kind: MutationKind, random: &mut SplitMix) -> Mutation {
    let at = char_boundary(text, random.below(text.len() + 1));
    let (removed, inserted) = match kind {
        MutationKind::Punctuation => punctuation(text, at, random),
        MutationKind::Delete => {
            let count = 1 + random.below(4);
            (at..nth_char(text, at, count), String::new())
        }
        MutationKind::DeleteLine => (line_start(text, at)..line_end(text, at), String::new()),
        MutationKind::Indent => indent(text, at, random),
        MutationKind::Newline => (at..at, "\n".to_owned()),
        MutationKind::Snippet => {
            // Half of the openers stand at the start of a line, where a block would.
            let at = if random.below(2) == 0 { line_start(text, at) } else { at };
            let newline = if random.below(2) == 0 { "\n" } else { "" };
            (at..at, format!("{}{newline}", random.pick(OPENERS)))
        }
    };
    Mutation { kind, removed, inserted }
}

fn punctuation(text: &str, at: usize, random: &mut SplitMix) -> (Range<usize>, String) {
    if random.below(2) == 0 {
        return (at..at, random.pick(PUNCTUATION).to_owned());
    }
    // Take away the next punctuation character, or else type one.
    let found = text[at..].bytes().position(|it| it.is_ascii_punctuation() && it != b'_');
    match found {
        Some(offset) => (at + offset..at + offset + 1, String::new()),
        None => (at..at, random.pick(PUNCTUATION).to_owned()),
    }
}

fn indent(text: &str, at: usize, random: &mut SplitMix) -> (Range<usize>, String) {
    let start = line_start(text, at);
    let width = text[start..].bytes().take_while(|it| matches!(it, b' ' | b'\t')).count();
    let change = 1 + random.below(4);
    if width > 0 && random.below(2) == 0 {
        (start..start + width.min(change), String::new())
    } else {
        (start..start, " ".repeat(change))
    }
}

fn char_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The offset `count` characters behind `at`, at most the text's end.
fn nth_char(text: &str, at: usize, count: usize) -> usize {
    text[at..].char_indices().nth(count).map_or(text.len(), |(offset, _)| at + offset)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |it| it + 1)
}

/// The offset behind the line's newline.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |it| at + it + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "def é(x):\n    return [x, 'ü']\n\n\nclass A:\n    pass\n";

    #[test]
    fn the_same_seed_gives_the_same_edits() {
        assert_eq!(mutations(TEXT, 7, 60), mutations(TEXT, 7, 60));
        assert_ne!(mutations(TEXT, 7, 60), mutations(TEXT, 8, 60));
    }

    #[test]
    fn edits_keep_the_text_valid_utf8_and_mostly_change_it() {
        for seed in 0..200 {
            for it in mutations(TEXT, seed, 12) {
                // Slicing panics inside a character, so applying is the check.
                let after = it.apply(TEXT);
                assert!(after.len() <= TEXT.len() + 16 && after.len() + 40 >= TEXT.len(), "{it:?}");
            }
        }
    }

    #[test]
    fn a_deleted_line_goes_with_its_newline() {
        let all: Vec<_> = (0..50).flat_map(|seed| mutations(TEXT, seed, 6)).collect();
        for it in all.iter().filter(|it| it.kind == MutationKind::DeleteLine) {
            assert_eq!(
                it.apply(TEXT).lines().count() + 1,
                TEXT.lines().count() + usize::from(it.removed.is_empty())
            );
        }
    }

    #[test]
    fn an_empty_text_has_no_edits() {
        assert!(mutations("", 1, 6).is_empty());
    }
}
