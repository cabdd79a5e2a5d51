//! Random literals from nasty pieces.

use astkit_ast::{
    Constant, Dialect, FormatPart, LiteralError, StringKind, StringPrefix, TextBuffer, Token, TokenKind,
    debug_text, decode_format_text, decode_number, tokens,
};

use crate::python::{ask, ask_each};

const CASES: usize = 20_000;

/// Marsaglia's xorshift: the same cases in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn pick<'a>(&mut self, pieces: &[&'a str]) -> &'a str {
        pieces[self.below(pieces.len())]
    }

    fn many(&mut self, pieces: &[&str], limit: usize) -> String {
        (0..self.below(limit)).map(|_| self.pick(pieces)).collect()
    }
}

const TEXTS: &[&str] = &[
    "a",
    " ",
    "é",
    "😀",
    "'",
    "\"",
    "'''",
    "\"\"\"",
    "#",
    "{",
    "}",
    "\n",
    "\r\n",
    "\\\n",
    "\\\r\n",
    "\\",
    "\\\\",
    "\\'",
    "\\\"",
    "\\n",
    "\\8",
    "\\q",
    "\\0",
    "\\12",
    "\\377",
    "\\400",
    "\\777",
    "\\x41",
    "\\xff",
    "\\x4",
    "\\u00e9",
    "\\ud83d",
    "\\ude00",
    "\\u12",
    "\\U0001F600",
    "\\U00110000",
    "\\N{BULLET}",
    "\\N{latin small letter a}",
    "\\N{x}",
    "\\N{}",
    "\\N",
    "\\a",
    "\\b",
    "\\f",
    "\\v",
    "\\r",
    "\\t",
    "\\é",
    "\u{7f}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{1a}",
    "\u{feff}",
    "\u{e000}",
    "0",
    "N",
    "x",
];
const PREFIXES: &[&str] = &["", "", "r", "R", "b", "B", "rb", "bR", "u", "U", "ur", "bb", "x"];
const QUOTES: &[&str] = &["'", "\"", "'''", "\"\"\""];

/// Strings side by side, or an error; `None` when the text is something else.
fn value(source: &str) -> Option<Result<String, LiteralError>> {
    let all: Vec<Token> = tokens(source).collect();
    let (last, all) = all.split_last()?;
    if last.kind != TokenKind::Newline || all.iter().any(|token| token.kind != TokenKind::String) {
        return None;
    }
    let (mut text, mut bytes) = (TextBuffer::new(), Vec::new());
    let mut kinds = Vec::new();
    let mut error = None;
    for token in all {
        let piece = &source[token.span.range()];
        let prefix = match StringPrefix::parse(piece, Dialect::Python3) {
            Ok(prefix) => prefix,
            Err(bad) => return Some(Err(bad)),
        };
        kinds.push(prefix.kind);
        let result = match prefix.kind {
            StringKind::Bytes => prefix.decode_bytes(piece, &mut bytes),
            StringKind::Text | StringKind::Format | StringKind::Template => {
                prefix.decode_text(piece, &mut text)
            }
        };
        assert!(!token.unterminated || result.is_err(), "{source:?}");
        error = error.or(result.err());
    }
    if kinds.iter().any(|&kind| kind != kinds[0]) {
        return None;
    }
    let value = if kinds[0] == StringKind::Bytes { Constant::Bytes(bytes.into()) } else { text.finish() };
    Some(error.map_or_else(|| Ok(value.repr()), Err))
}

/// Compares what is no `None` with Python's answers.
fn compare(question: &str, sources: &[String], ours: impl Fn(&str) -> Option<Result<String, LiteralError>>) {
    let Some(theirs) = ask_each(question, sources) else {
        return;
    };
    let (mut values, mut errors) = (0, 0);
    for (source, theirs) in sources.iter().zip(theirs) {
        match (ours(source), theirs) {
            (None, _) => {}
            (Some(Ok(our)), Some(their)) => {
                assert_eq!(our, their, "{source:?}");
                values += 1;
            }
            (Some(Err(_)), None) => errors += 1,
            (our, their) => panic!("{source:?}: {our:?} is not {their:?}"),
        }
    }
    assert!(values > sources.len() / 20 && errors > sources.len() / 50, "{values} values, {errors} errors");
}

#[test]
fn strings_and_bytes() {
    let mut random = Random(0x1234_5678_9abc_def1);
    let piece = |random: &mut Random| {
        let quotes = random.pick(QUOTES);
        let (prefix, text) = (random.pick(PREFIXES), random.many(TEXTS, 6));
        format!("{prefix}{quotes}{text}{quotes}")
    };
    let sources: Vec<String> = (0..CASES)
        .map(|_| {
            let first = piece(&mut random);
            if random.below(4) == 0 { format!("{first} {}", piece(&mut random)) } else { first }
        })
        .collect();
    compare("literals", &sources, value);
}

#[test]
fn numbers() {
    let mut random = Random(0x9876_5432_1fed_cba9);
    let digits: &[&str] = &["0", "1", "7", "8", "9", "_", "12345678901", "00", "a", "F"];
    let joints: &[&str] = &["", "", ".", "e", "E-", "e+", "x", "0x", "0b", "0O", "j", "L", "J", "_"];
    let mut sources = Vec::new();
    for _ in 0..CASES {
        let parts = (0..=random.below(3)).map(|_| random.pick(joints).to_owned() + &random.many(digits, 5));
        sources.push(parts.collect());
        let whole = random.many(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], 25);
        let sign = random.pick(&["-", ""]);
        sources.push(format!("1{whole}.{0}e{sign}{0}", random.below(700)));
    }
    compare("literals", &sources, |source| {
        (source != "...").then(|| decode_number(source, Dialect::Python3).map(|value| value.repr()))
    });
}

const FORMAT_TEXTS: &[&str] = &[
    "a",
    " ",
    "é",
    "'",
    "\"",
    "#",
    "{{",
    "}}",
    "\n",
    "\r\n",
    "\\\n",
    "\\\\",
    "\\'",
    "\\n",
    "\\8",
    "\\400",
    "\\x41",
    "\\x4",
    "\\ud83d",
    "\\N{BULLET}",
    "\\N{x}",
    "\\N",
    "\\",
    ":",
    "!",
    "=",
];
const FIELDS: &[&str] = &[
    "{x}",
    "{x!r}",
    "{ x=}",
    "{x = !s:>3}",
    "{x # c\n=}",
    "{\nx\r\n= }",
    "{x:>{w}.{p=}}",
    "{x:\\x41\\N{BULLET}-}",
    "{x:}",
];

/// The texts and fields of format strings side by side, in the oracle's notation.
fn format_texts(source: &str) -> Option<Result<String, LiteralError>> {
    let (mut out, mut buffer) = (Vec::new(), TextBuffer::new());
    let mut raw = false;
    let mut flush = |buffer: &mut TextBuffer, brace: &str| {
        if !buffer.is_empty() {
            out.push(buffer.take().repr());
        }
        if !brace.is_empty() {
            out.push(brace.to_owned());
        }
        out.join(" ")
    };
    for token in tokens(source) {
        let text = &source[token.span.range()];
        match (token.kind, text) {
            _ if token.unterminated => return None,
            (TokenKind::FStringStart, _) => raw = StringPrefix::parse(text, Dialect::Python3).ok()?.raw,
            (TokenKind::FStringMiddle, _) => {
                let part = if token.depth == 0 { FormatPart::Literal } else { FormatPart::Specification };
                // Older releases decode escapes there.
                if raw && part == FormatPart::Specification && text.contains('\\') {
                    return None;
                }
                if let Err(error) = decode_format_text(text, raw, part, &mut buffer) {
                    return Some(Err(error));
                }
            }
            (TokenKind::Op, "{") => {
                let rest = &source[token.span.end as usize..];
                let code = &rest[..rest.find(['}', '!', ':'])?];
                if code.trim_end().ends_with('=') {
                    debug_text(code, &mut buffer);
                }
                flush(&mut buffer, "{");
            }
            (TokenKind::Op, "}") => {
                flush(&mut buffer, "}");
            }
            (TokenKind::FStringEnd | TokenKind::Newline, _) => {}
            _ if token.depth == 0 => return None,
            _ => {}
        }
    }
    let is_closed = tokens(source).last().is_some_and(|token| token.kind == TokenKind::Newline);
    is_closed.then(|| Ok(flush(&mut buffer, "")))
}

#[test]
fn format_strings() {
    let mut random = Random(0x0bad_cafe_dead_beef);
    let sources: Vec<String> = (0..CASES)
        .map(|_| {
            let (prefix, quotes) = (random.pick(&["f", "F", "rf", "Rf"]), random.pick(QUOTES));
            let mut text = String::new();
            for _ in 0..random.below(6) {
                let pieces = if random.below(3) == 0 { FIELDS } else { FORMAT_TEXTS };
                text += random.pick(pieces);
            }
            format!("{prefix}{quotes}{text}{quotes}")
        })
        .collect();
    compare("formats", &sources, format_texts);
}

#[test]
fn names_of_characters() {
    for line in ask(&["names"], String::new()).unwrap_or_default() {
        let (code, name) = line.split_once(' ').unwrap();
        let char = char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap();
        let literal = format!("'\\N{{{name}}}'");
        let mut buffer = TextBuffer::new();
        let result =
            StringPrefix::parse(&literal, Dialect::Python3).unwrap().decode_text(&literal, &mut buffer);
        assert_eq!((result, buffer.finish()), (Ok(()), Constant::Str(char.to_string().into())), "{line}");
    }
}
