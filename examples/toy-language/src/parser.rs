//! The parser, which builds the tree while it reads.
//!
//! A node is closed over what was built since a mark, so the left side of `a + b` is built before anybody knows that
//! there is an operation.

use astkit::Span;
use astkit::ast::builder::Mark;
use astkit::ast::{Constant, Diagnostic, KindId, RoleId, TreeBuilder};

use crate::SCHEMA;

/// How deep expressions may be nested.
const DEEPEST: u32 = 200;

pub(crate) struct Parser<'a, 'b, 's> {
    text: &'a str,
    at: usize,
    depth: u32,
    builder: &'b mut TreeBuilder<'s>,
}

/// The rest of an item means nothing.
struct Broken;

fn kind(name: &str) -> KindId {
    KindId(SCHEMA.kind(name).expect("a kind of the schema"))
}

fn role(name: &str) -> RoleId {
    RoleId(SCHEMA.role(name).expect("a field of the schema"))
}

/// The number of a value of an enumeration: they count from 1.
fn operator(sign: char) -> u8 {
    "+-*/".find(sign).map_or(0, |at| at as u8 + 1)
}

impl<'a, 'b, 's> Parser<'a, 'b, 's> {
    pub(crate) fn new(text: &'a str, builder: &'b mut TreeBuilder<'s>) -> Self {
        Self { text, at: 0, depth: 0, builder }
    }

    pub(crate) fn file(mut self) {
        let start = self.builder.mark();
        loop {
            self.space();
            if self.at == self.text.len() {
                break;
            }
            self.item();
            self.builder.role(role("items"));
        }
        let whole = self.span(0);
        self.builder.close(start, kind("File"), whole, 0, u32::MAX);
    }

    /// One item. Up to the next `;` what is broken is an `Error`, so that every piece of text is covered.
    fn item(&mut self) {
        let (start, from) = (self.builder.mark(), self.at);
        let parsed = match self.word() {
            "let" => self.after_let(start, from),
            "fun" => self.after_fun(start, from),
            _ => Err(Broken),
        };
        if parsed.is_err() {
            self.builder.rewind(start);
            let rest = &self.text[self.at..];
            self.at += rest.find(';').map_or(rest.len(), |it| it + 1);
            let span = self.span(from);
            self.builder.error(start, span);
            self.builder.diagnostic(Diagnostic::error("toy", "syntax", span, "neither `let` nor `fun`"));
        }
    }

    fn after_let(&mut self, start: Mark, from: usize) -> Result<(), Broken> {
        self.name("name")?;
        self.expect('=')?;
        self.expression()?;
        self.builder.role(role("value"));
        self.expect(';')?;
        let span = self.span(from);
        self.builder.close(start, kind("Let"), span, 0, u32::MAX);
        Ok(())
    }

    fn after_fun(&mut self, start: Mark, from: usize) -> Result<(), Broken> {
        self.name("name")?;
        self.expect('(')?;
        while !self.takes(')') {
            self.name("parameters")?;
            self.takes(',');
        }
        self.expect('=')?;
        self.expression()?;
        self.builder.role(role("body"));
        self.expect(';')?;
        let span = self.span(from);
        self.builder.close(start, kind("Fun"), span, 0, u32::MAX);
        Ok(())
    }

    fn name(&mut self, as_role: &str) -> Result<(), Broken> {
        self.space();
        let (mark, from) = (self.builder.mark(), self.at);
        let text = self.word();
        if text.is_empty() {
            return Err(Broken);
        }
        let (text, span) = (self.builder.text_constant(text), self.span(from));
        self.builder.close(mark, kind("Name"), span, 0, text.0);
        self.builder.role(role(as_role));
        Ok(())
    }

    fn expression(&mut self) -> Result<(), Broken> {
        self.operations("+-", |it| it.operations("*/", Self::operand))
    }

    /// Operands with signs of one strength between them, from left to right.
    fn operations(
        &mut self,
        signs: &str,
        operand: impl Fn(&mut Self) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.space();
        let (mark, from) = (self.builder.mark(), self.at);
        operand(self)?;
        loop {
            self.space();
            let Some(sign) = self.text[self.at..].chars().next().filter(|it| signs.contains(*it)) else {
                return Ok(());
            };
            self.at += 1;
            self.builder.role(role("left"));
            operand(self)?;
            self.builder.role(role("right"));
            let span = self.span(from);
            self.builder.close(mark, kind("Operation"), span, operator(sign), u32::MAX);
        }
    }

    fn operand(&mut self) -> Result<(), Broken> {
        self.space();
        let (mark, from) = (self.builder.mark(), self.at);
        if self.takes('(') {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(Broken);
            }
            self.expression()?;
            self.depth -= 1;
            return self.expect(')');
        }
        let word = self.word();
        let span = self.span(from);
        if let Ok(number) = word.parse() {
            let value = self.builder.constant(Constant::Int(number));
            self.builder.close(mark, kind("Number"), span, 0, value.0);
            return Ok(());
        }
        if word.is_empty() || word.starts_with(|it: char| it.is_ascii_digit()) {
            return Err(Broken);
        }
        let text = self.builder.text_constant(word);
        if !self.takes('(') {
            self.builder.close(mark, kind("Use"), span, 0, text.0);
            return Ok(());
        }
        self.builder.close(mark, kind("Name"), span, 0, text.0);
        self.builder.role(role("callee"));
        while !self.takes(')') {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(Broken);
            }
            self.expression()?;
            self.depth -= 1;
            self.builder.role(role("arguments"));
            self.takes(',');
        }
        let span = self.span(from);
        self.builder.close(mark, kind("Call"), span, 0, u32::MAX);
        Ok(())
    }

    /// Passes over white space, and over comments, which begin with `#`.
    fn space(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            self.at += rest.len() - rest.trim_start().len();
            if !self.text[self.at..].starts_with('#') {
                return;
            }
            let rest = &self.text[self.at..];
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    fn word(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn takes(&mut self, sign: char) -> bool {
        self.space();
        let is_there = self.text[self.at..].starts_with(sign);
        self.at += if is_there { sign.len_utf8() } else { 0 };
        is_there
    }

    fn expect(&mut self, sign: char) -> Result<(), Broken> {
        if self.takes(sign) { Ok(()) } else { Err(Broken) }
    }

    fn span(&self, from: usize) -> Span {
        let place = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        Span::new(place(from), place(self.at))
    }
}
