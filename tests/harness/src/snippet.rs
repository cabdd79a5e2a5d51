//! The cases of `tests/snippets`: one construct each, with what CPython says about it.
//!
//! The format is described in `tests/snippets/check.py`, which checks every expectation against CPython itself.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

/// One case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snippet {
    /// File and line, as in `patterns.txt:12`.
    pub place: String,
    /// The bytes of the file that it stands for.
    pub source: Vec<u8>,
    /// What is known about it; nothing: CPython 3.13 accepts it and all frontends agree.
    pub expectations: Vec<Expectation>,
}

/// What the last column of a snippet says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expectation {
    /// No version of CPython accepts it.
    Invalid,
    /// Accepted from this minor version of Python 3 on.
    Since(u8),
    /// Accepted up to this minor version of Python 3.
    Until(u8),
    /// 3.13.0 has a bug here; the right tree is 3.14's.
    As314,
    /// Python 2 code.
    Dialect2,
    /// Versions of CPython differ: only that nothing breaks is promised.
    Varies,
    /// A frontend's parser judges otherwise, for a known reason.
    Cannot {
        /// The frontend's name.
        frontend: String,
        /// What its parser does.
        reason: String,
    },
}

/// Why the snippets could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnippetError {
    /// A file is missing or unreadable.
    #[error("`{0}` can't be read")]
    Unreadable(PathBuf, #[source] io::Error),
    /// A line is not in the format.
    #[error("{0}: not a snippet: {1}")]
    Malformed(String, String),
}

impl Snippet {
    /// Whether CPython in this version (3.`minor`) accepts it, as far as that is known.
    pub fn accepted_by(&self, minor: u8) -> Option<bool> {
        let mut accepted = true;
        for it in &self.expectations {
            match it {
                Expectation::Varies | Expectation::Dialect2 => return None,
                Expectation::Invalid => accepted = false,
                Expectation::Since(first) => accepted &= minor >= *first,
                Expectation::Until(last) => accepted &= minor <= *last,
                Expectation::As314 | Expectation::Cannot { .. } => {}
            }
        }
        Some(accepted)
    }

    /// Whether some expectation is this one.
    pub fn expects(&self, expectation: &Expectation) -> bool {
        self.expectations.contains(expectation)
    }

    /// Why this frontend's parser judges otherwise than CPython, if it is known to.
    pub fn gap(&self, name: &str) -> Option<&str> {
        self.expectations.iter().find_map(|it| match it {
            Expectation::Cannot { frontend, reason } if frontend == name => Some(reason.as_str()),
            Expectation::Cannot { .. }
            | Expectation::Invalid
            | Expectation::Since(_)
            | Expectation::Until(_)
            | Expectation::As314
            | Expectation::Dialect2
            | Expectation::Varies => None,
        })
    }
}

/// Reads all snippets, file by file in the order of their names.
///
/// # Errors
/// [`SnippetError`] if a file can't be read or a line makes no sense.
pub fn snippets() -> Result<Vec<Snippet>, SnippetError> {
    let folder = crate::tests_folder().join("snippets");
    let entries =
        std::fs::read_dir(&folder).map_err(|error| SnippetError::Unreadable(folder.clone(), error))?;
    let mut paths: Vec<_> = entries.flatten().map(|it| it.path()).collect();
    paths.retain(|it| it.extension().is_some_and(|it| it == "txt"));
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        for (number, line) in (1..).zip(read(&path)?.split('\n')) {
            if !line.is_empty() && !line.starts_with("##") {
                out.push(parse_line(&format!("{name}:{number}"), line)?);
            }
        }
    }
    Ok(out)
}

/// Trees of CPython 3.14 that were recorded for snippets which 3.13 can't answer, by source.
///
/// # Errors
/// [`SnippetError`] if the file can't be read.
pub fn recorded_trees() -> Result<HashMap<Vec<u8>, String>, SnippetError> {
    let path = crate::tests_folder().join("snippets").join("python-3.14.jsonl");
    let mut out = HashMap::new();
    for line in read(&path)?.lines() {
        let malformed = || SnippetError::Malformed("python-3.14.jsonl".to_owned(), line.to_owned());
        let parsed: serde_json::Value = serde_json::from_str(line).map_err(|_| malformed())?;
        let (_, tree) = line.split_once(",\"tree\":").ok_or_else(malformed)?;
        let source = parsed["snippet"].as_str().ok_or_else(malformed)?;
        out.insert(source.as_bytes().to_vec(), tree[..tree.len() - 1].to_owned());
    }
    Ok(out)
}

fn read(path: &Path) -> Result<String, SnippetError> {
    std::fs::read_to_string(path).map_err(|error| SnippetError::Unreadable(path.to_owned(), error))
}

fn parse_line(place: &str, line: &str) -> Result<Snippet, SnippetError> {
    let malformed = || SnippetError::Malformed(place.to_owned(), line.to_owned());
    let (text, expected) = line.rsplit_once(" ## ").unwrap_or((line, ""));
    let words = expected.split("; ").filter(|it| !it.is_empty());
    Ok(Snippet {
        place: place.to_owned(),
        source: unescape(text).ok_or_else(malformed)?,
        expectations: words.map(parse_expectation).collect::<Option<_>>().ok_or_else(malformed)?,
    })
}

fn parse_expectation(words: &str) -> Option<Expectation> {
    let minor = |text: &str| text.strip_prefix("3.").and_then(|it| it.parse().ok());
    let (word, rest) = words.split_once(' ').unwrap_or((words, ""));
    match word {
        "invalid" => Some(Expectation::Invalid),
        "since" => minor(rest).map(Expectation::Since),
        "until" => minor(rest).map(Expectation::Until),
        "as" => rest.starts_with("3.14 ").then_some(Expectation::As314),
        "dialect" => (rest == "2").then_some(Expectation::Dialect2),
        "varies" => Some(Expectation::Varies),
        _ => word
            .strip_suffix("-cannot")
            .map(|it| Expectation::Cannot { frontend: it.to_owned(), reason: rest.to_owned() }),
    }
}

/// The bytes that a snippet's text stands for; a final newline is added unless it ends in `\z`.
fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() + 1);
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte != b'\\' {
            out.push(*byte);
            continue;
        }
        let [letter, tail @ ..] = rest else { return None };
        rest = tail;
        match letter {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'f' => out.push(b'\x0c'),
            b'\\' => out.push(b'\\'),
            b'x' => {
                let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
                out.push(u8::from_str_radix(digits, 16).ok()?);
                rest = &rest[2..];
            }
            b'z' => return rest.is_empty().then_some(out),
            _ => return None,
        }
    }
    out.push(b'\n');
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_bytes() {
        assert_eq!(unescape(r"a\n\t\\n\xffé").unwrap(), b"a\n\t\\n\xff\xc3\xa9\n");
        assert_eq!(unescape(r"a\z").unwrap(), b"a");
        assert_eq!(unescape(r"a\q"), None);
    }

    #[test]
    fn every_committed_snippet_can_be_read() {
        let snippets = snippets().unwrap();
        assert!(snippets.len() > 6_000, "only {}", snippets.len());
        let recorded = recorded_trees().unwrap();
        // Python 2 code may be the same text as newer Python 3.
        for it in snippets.iter().filter(|it| !it.expects(&Expectation::Dialect2)) {
            let needs_record = it.expects(&Expectation::Since(14)) || it.expects(&Expectation::As314);
            assert_eq!(needs_record, recorded.contains_key(&it.source), "{}", it.place);
        }
    }

    #[test]
    fn versions_bound_what_is_accepted() {
        let it = parse_line("p", "x ## since 3.14; tree-sitter-cannot do it").unwrap();
        assert_eq!((it.accepted_by(13), it.accepted_by(14)), (Some(false), Some(true)));
        assert_eq!((it.gap("tree-sitter"), it.gap("python-ast")), (Some("do it"), None));
        assert_eq!(parse_line("p", "x ## varies a lot").unwrap().accepted_by(13), None);
    }
}
