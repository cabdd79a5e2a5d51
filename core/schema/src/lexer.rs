//! Tokens of the schema notation.

/// A token with the line that it stands on (from 1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) line: u32,
    pub(crate) text: &'a str,
}

/// Splits a schema's text into words (names, `'quoted'` names) and single punctuation characters.
/// Comments run from `--` to the end of the line.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let mut rest = line.split_once("--").map_or(line, |(code, _)| code).trim();
        while !rest.is_empty() {
            let len = word_len(rest);
            out.push(Token { line: number, text: &rest[..len] });
            rest = rest[len..].trim_start();
        }
    }
    out
}

fn word_len(rest: &str) -> usize {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    if let Some(quoted) = rest.strip_prefix('\'') {
        return quoted.find('\'').map_or(rest.len(), |it| it + 2);
    }
    match rest.find(|it: char| !is_word(it)) {
        Some(0) => rest.chars().next().map_or(1, char::len_utf8),
        Some(len) => len,
        None => rest.len(),
    }
}
