//! Where two canonical JSON texts part, told as a path in the tree.
//!
//! Input is two texts in the oracle's notation: no spaces, equal fields in equal order. Output is the path of the
//! first value that differs (`body[3].value.args[0].pos`) and that value on both sides. Nothing is parsed into a
//! document: one scan of the common prefix keeps the path, so depth and size of the tree do not matter.

use std::fmt::{self, Write as _};

/// Longest excerpt of a value, in bytes.
const EXCERPT: usize = 120;

/// The first difference between two trees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Fields and indices from the root, as in `body[3].value`.
    pub path: String,
    /// The node class on the way that is nearest to the difference.
    pub within: String,
    /// The beginning of the value in the first text.
    pub left: String,
    /// The beginning of the value in the second text.
    pub right: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, within, left, right } = self;
        write!(f, "{path} (in {within}): {left} <> {right}")
    }
}

/// Finds the first difference, or nothing if the texts are equal. Cost: linear in the common prefix.
pub fn first_difference(left: &str, right: &str) -> Option<Difference> {
    if left == right {
        return None;
    }
    let common = left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
    let place = locate(left.as_bytes(), common);
    Some(Difference {
        path: place.path,
        within: place.within,
        left: excerpt(left, place.value, common),
        right: excerpt(right, place.value, common),
    })
}

struct Place {
    path: String,
    within: String,
    /// Where the innermost value that holds the difference begins.
    value: usize,
}

/// An object or a list that is open at some point of the scan.
enum Open<'a> {
    Object { field: &'a str, class: &'a str },
    List { index: usize },
}

/// Walks the text up to `end` and says where that is.
fn locate(text: &[u8], end: usize) -> Place {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut value = 0;
    let mut at = 0;
    while at < end {
        match text[at] {
            b'{' => open.push(Open::Object { field: "", class: "" }),
            b'[' => open.push(Open::List { index: 0 }),
            b'}' | b']' => {
                open.pop();
            }
            b',' => {
                if let Some(Open::List { index }) = open.last_mut() {
                    *index += 1;
                }
            }
            b':' => {}
            b'"' => {
                let close = string_end(text, at);
                if close > end {
                    break;
                }
                note_string(text, at, close, &mut open);
                at = close;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        }
        at += 1;
        value = at;
    }
    Place { path: path(&open), within: class(&open), value: value.min(end) }
}

/// Remembers a string if it is a field's name or a class.
fn note_string<'a>(text: &'a [u8], start: usize, close: usize, open: &mut [Open<'a>]) {
    let Some(Open::Object { field, class }) = open.last_mut() else { return };
    let content = std::str::from_utf8(&text[start + 1..close - 1]).unwrap_or_default();
    if text.get(close) == Some(&b':') {
        *field = content;
    } else if *field == "_type" {
        *class = content;
    }
}

/// The offset behind the string that begins at `start`.
fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len() + 1
}

fn path(open: &[Open<'_>]) -> String {
    let mut out = String::new();
    for it in open {
        match it {
            Open::Object { field, .. } => {
                if !out.is_empty() && !field.is_empty() {
                    out.push('.');
                }
                out.push_str(field);
            }
            Open::List { index } => {
                let _: fmt::Result = write!(out, "[{index}]");
            }
        }
    }
    out
}

fn class(open: &[Open<'_>]) -> String {
    let classes = open.iter().rev().filter_map(|it| match it {
        Open::Object { class, .. } if !class.is_empty() => Some(*class),
        Open::Object { .. } | Open::List { .. } => None,
    });
    classes.map(str::to_owned).next().unwrap_or_else(|| "nothing".to_owned())
}

/// The text from `value`, long enough to show what stands at `common`.
fn excerpt(text: &str, value: usize, common: usize) -> String {
    // A long common beginning (a docstring, say) would hide the difference behind it.
    let mut start = if common > value + EXCERPT / 2 { common - EXCERPT / 4 } else { value }.min(text.len());
    let mut end = (common.max(start) + EXCERPT / 2).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let (before, after) = (if start > value { "…" } else { "" }, if end < text.len() { "…" } else { "" });
    format!("{before}{}{after}", &text[start..end])
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    fn path(left: &str, right: &str) -> String {
        let it = first_difference(left, right).expect("the texts differ");
        format!("{} in {}", it.path, it.within)
    }

    #[test]
    fn equal_texts_have_no_difference() {
        assert_eq!(first_difference("{\"_type\":\"A\"}", "{\"_type\":\"A\"}"), None);
    }

    #[test]
    fn a_path_has_fields_and_indices() {
        let tree = |end: u8| {
            format!(
                "{{\"_type\":\"M\",\"body\":[{{\"_type\":\"X\",\"pos\":[1,0,1,2]}},\
                 {{\"_type\":\"E\",\"value\":{{\"_type\":\"N\",\"id\":\"a,[\\\"b\",\"pos\":[1,0,1,{end}]}}}}]}}"
            )
        };
        assert_eq!(path(&tree(1), &tree(2)), "body[1].value.pos[3] in N");
    }

    #[test]
    fn a_class_is_a_difference_of_its_field() {
        let tree = |class: &str| format!("{{\"_type\":\"M\",\"body\":[{{\"_type\":\"{class}\"}}]}}");
        assert_eq!(path(&tree("Abc"), &tree("Abd")), "body[0]._type in M");
    }

    #[test]
    fn a_longer_list_differs_behind_its_last_item() {
        assert_eq!(path("{\"_type\":\"M\",\"a\":[1,2]}", "{\"_type\":\"M\",\"a\":[1,2,3]}"), "a[1] in M");
    }

    #[test]
    fn a_long_string_shows_the_part_that_differs() {
        let tree = |end: &str| format!("{{\"_type\":\"M\",\"s\":\"{}{end}\"}}", "x".repeat(500));
        let it = first_difference(&tree("left"), &tree("right")).expect("the texts differ");
        assert!(it.left.contains("left") && it.right.contains("right"), "{it}");
    }
}
