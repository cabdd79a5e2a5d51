//! Parsing, and the one construct that the parser does not know.
//!
//! CPython's grammar takes f-strings as keys of mapping patterns (`case {f"{x}": y}`; only its compiler refuses
//! them). The parser does not; so such keys are hidden behind plain strings of the same length, and parsed apart.

use astkit_ast::{TokenKind as Scanned, tokens};
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Expr, ModExpression, ModModule, PythonVersion};
use ruff_python_parser::{
    Mode, ParseErrorType, ParseOptions, Parsed, parse_expression_range, parse_unchecked,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// How often a text is parsed again to find further hidden keys: recovery may skip over some.
const ATTEMPTS: usize = 4;

/// A parsed text.
pub(crate) struct Module {
    pub(crate) parsed: Parsed<ModModule>,
    /// The format strings that are keys of mapping patterns, where the tree has plain strings.
    format_keys: Vec<Parsed<ModExpression>>,
}

impl Module {
    pub(crate) fn parse(text: &str, target: PythonVersion) -> Self {
        let parsed = parse(text, target);
        if format_keys(&parsed).next().is_none() {
            return Self { parsed, format_keys: Vec::new() };
        }
        Self::parse_hidden(text, target).unwrap_or(Self { parsed, format_keys: Vec::new() })
    }

    /// Parses with hidden keys; if the text is broken apart from them, none are hidden.
    fn parse_hidden(text: &str, target: PythonVersion) -> Option<Self> {
        let mut hidden = text.to_owned();
        let mut keys = Vec::new();
        for _ in 0..ATTEMPTS {
            let parsed = parse(&hidden, target);
            let ranges: Vec<TextRange> =
                format_keys(&parsed).filter_map(|start| format_string_at(text, start)).collect();
            if ranges.is_empty() {
                return parsed.has_valid_syntax().then_some(Self { parsed, format_keys: keys });
            }
            for range in ranges {
                keys.push(parse_expression_range(text, range).ok()?);
                let filler = format!("'{}'", "x".repeat(range.len().to_usize().checked_sub(2)?));
                hidden.replace_range(range.to_std_range(), &filler);
            }
        }
        None
    }

    /// The key of a mapping pattern that is hidden behind `key`, or `key` itself.
    pub(crate) fn key<'t>(format_keys: &'t [Parsed<ModExpression>], key: &'t Expr) -> &'t Expr {
        format_keys.iter().map(Parsed::expr).find(|it| it.range() == key.range()).unwrap_or(key)
    }

    pub(crate) fn format_keys(&self) -> &[Parsed<ModExpression>] {
        &self.format_keys
    }
}

fn parse(text: &str, target: PythonVersion) -> Parsed<ModModule> {
    let options = ParseOptions::from(Mode::Module).with_target_version(target);
    parse_unchecked(text, options).try_into_module().expect("a module is what was asked for")
}

/// Where the parser stumbled over a format string in a place for a key.
fn format_keys(parsed: &Parsed<ModModule>) -> impl Iterator<Item = TextSize> + '_ {
    let expected =
        ParseErrorType::ExpectedToken { expected: TokenKind::Rbrace, found: TokenKind::FStringStart };
    parsed.errors().iter().filter(move |it| it.error == expected).map(|it| it.location.start())
}

/// The format string that begins at `start`.
#[expect(clippy::wildcard_enum_match_arm, reason = "only where format strings begin and end counts")]
fn format_string_at(text: &str, start: TextSize) -> Option<TextRange> {
    let mut open = 0_u32;
    for token in tokens(text.get(start.to_usize()..)?) {
        match token.kind {
            Scanned::FStringStart => open += 1,
            Scanned::FStringEnd => open = open.saturating_sub(1),
            _ if open == 0 => return None,
            _ => {}
        }
        if open == 0 {
            return Some(TextRange::new(start, start + TextSize::new(token.span.end)));
        }
    }
    None
}
