//! Parsing, and the one construct that the parser does not know.
//!
//! CPython's grammar takes f-strings wherever it takes strings in patterns; only its compiler refuses them. The
//! parser does not take them everywhere (`case [x, f"{y}"]`); so these are hidden behind plain strings of the same
//! length, and parsed apart.

use astkit_ast::{TokenKind as Scanned, tokens};
use memchr::memmem;
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Expr, ModExpression, ModModule, PythonVersion};
use ruff_python_parser::{
    Mode, ParseError, ParseErrorType, ParseOptions, Parsed, parse_expression_range, parse_unchecked,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::depth::LIMIT;

/// How often a text is parsed again to find further strings to hide: recovery skips over some.
const ATTEMPTS: usize = 8;

/// How many strings are hidden at most: more than any test of a compiler has, and the text is parsed over and over.
const MOST_HIDDEN: usize = 100;

/// A parsed text.
pub(crate) struct Module {
    pub(crate) parsed: Parsed<ModModule>,
    /// The format strings in patterns for which the tree has plain strings, in order.
    hidden: Vec<Parsed<ModExpression>>,
}

impl Module {
    pub(crate) fn parse(text: &str, target: PythonVersion) -> Self {
        let parsed = parse_module(text, target);
        if !(1..=MOST_HIDDEN).contains(&unexpected(&parsed).take(MOST_HIDDEN + 1).count()) {
            return Self { parsed, hidden: Vec::new() };
        }
        Self::parse_hidden(text, target).unwrap_or(Self { parsed, hidden: Vec::new() })
    }

    /// Parses with hidden strings; if the text is broken apart from them, none are hidden.
    fn parse_hidden(text: &str, target: PythonVersion) -> Option<Self> {
        let mut masked = text.to_owned().into_bytes();
        let mut hidden: Vec<Parsed<ModExpression>> = Vec::new();
        for _ in 0..ATTEMPTS {
            let parsed = parse_module(std::str::from_utf8(&masked).ok()?, target);
            let ranges: Vec<TextRange> =
                unexpected(&parsed).filter_map(|start| format_string_at(text, start)).collect();
            if hidden.len() + ranges.len() > MOST_HIDDEN {
                return None;
            }
            if ranges.is_empty() {
                hidden.sort_by_key(|it| it.expr().start());
                return parsed.has_valid_syntax().then_some(Self { parsed, hidden });
            }
            for range in ranges {
                hidden.push(parse_expression_range(text, range).ok()?);
                let literal = masked.get_mut(range.to_std_range())?;
                literal.fill(b'x');
                *literal.first_mut()? = b'\'';
                *literal.last_mut()? = b'\'';
            }
        }
        None
    }

    pub(crate) fn hidden(&self) -> &[Parsed<ModExpression>] {
        &self.hidden
    }
}

/// The format string that is hidden behind a literal in a pattern, or the literal itself.
pub(crate) fn literal<'t>(hidden: &'t [Parsed<ModExpression>], literal: &'t Expr) -> &'t Expr {
    let at = hidden.binary_search_by_key(&literal.start(), |it| it.expr().start());
    at.map_or(literal, |at| hidden[at].expr())
}

/// The stack that the parser takes for a lambda in another one's defaults: the one recursion that it does not guard.
const LAMBDA_STACK: usize = 16 << 10;

fn parse_module(text: &str, target: PythonVersion) -> Parsed<ModModule> {
    let options = ParseOptions::from(Mode::Module).with_target_version(target);
    // Address space only: pages that are never touched cost nothing.
    let lambdas = memmem::find_iter(text.as_bytes(), "lambda").count().min(LIMIT as usize);
    let needed = (lambdas + 16) * LAMBDA_STACK;
    let parse = || parse_unchecked(text, options);
    stacker::maybe_grow(needed, needed, parse).try_into_module().expect("a module is what was asked for")
}

/// Where the parser stumbled over a format string that may be in a pattern.
fn unexpected(parsed: &Parsed<ModModule>) -> impl Iterator<Item = TextSize> + '_ {
    let in_pattern = |it: &&ParseError| {
        matches!(
            it.error,
            ParseErrorType::ExpectedToken {
                expected: TokenKind::Rbrace | TokenKind::Rsqb | TokenKind::Rpar | TokenKind::Colon,
                found: TokenKind::FStringStart
            }
        )
    };
    parsed.errors().iter().filter(in_pattern).map(|it| it.location.start())
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
