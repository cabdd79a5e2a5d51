//! Reading a schema from its notation.

use std::collections::HashMap;

use crate::lexer::{Token, tokens};
use crate::schema::{Arity, Category, Enum, Field, FieldType, KindDef, Pairing, Schema, Storage, Sum};

/// Why a schema's text could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("schema line {line}: {message}")]
pub struct SchemaError {
    /// Line in the schema's text, from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

impl Schema {
    /// Reads a schema.
    ///
    /// The notation is ASDL: `module NAME { sum = Kind(type field, ...) | ... attributes (span) ... }`, products
    /// as `name = (type field, ...)`, comments after `--`. Additions: `@Category` after a kind; `attributes (span)`
    /// marks the kinds of a sum or product as located; a sum whose constructors have no fields and no
    /// attributes is an enumeration, of strings where its values are quoted; `type?* field <partner` and `>partner`
    /// for lists with holes, whose values stand before or after their partners in the source; the built-in types are
    /// `node` (of any kind), `identifier`, `constant`, `int`, `tiny` (one signed byte) and `null` (a field that is always absent).
    ///
    /// # Errors
    /// [`SchemaError`] with the line, for bad syntax, unknown types, a kind with two small fields or two
    /// lists of scalars, or too many
    /// kinds (2¹⁵) or roles (255).
    pub fn parse(text: &str) -> Result<Schema, SchemaError> {
        let mut parser = Parser { tokens: tokens(text), at: 0 };
        parser.expect("module")?;
        let mut schema = Schema { name: parser.word()?, roles: vec![String::new()], ..Schema::default() };
        parser.expect("{")?;
        let mut rules = Vec::new();
        while !parser.eat("}") {
            rules.push(parser.rule()?);
        }
        resolve(rules, &mut schema)?;
        Ok(schema)
    }
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
}

struct Rule {
    line: u32,
    name: String,
    product: bool,
    located: bool,
    constructors: Vec<Constructor>,
}

struct Constructor {
    line: u32,
    name: String,
    category: Category,
    fields: Vec<RawField>,
}

struct RawField {
    ty: String,
    arity: Arity,
    name: String,
    pairing: Option<(bool, String)>,
}

impl Parser<'_> {
    fn line(&self) -> u32 {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(1, |it| it.line)
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T, SchemaError> {
        Err(SchemaError { line: self.line(), message: message.into() })
    }

    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", |it| it.text)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.peek() == text;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str) -> Result<(), SchemaError> {
        if self.eat(text) {
            Ok(())
        } else {
            self.error(format!("expected `{text}`, found `{}`", self.peek()))
        }
    }

    fn word(&mut self) -> Result<String, SchemaError> {
        let word = self.peek().to_owned();
        if !word.starts_with(|it: char| it.is_alphabetic() || it == '_' || it == '\'') {
            return self.error(format!("expected a name, found `{word}`"));
        }
        self.at += 1;
        Ok(word)
    }

    fn rule(&mut self) -> Result<Rule, SchemaError> {
        let (line, name) = (self.line(), self.word()?);
        self.expect("=")?;
        let product = self.peek() == "(";
        let mut constructors = Vec::new();
        loop {
            let line = self.line();
            let own = if product { name.clone() } else { self.word()? };
            let fields = if self.peek() == "(" { self.fields()? } else { Vec::new() };
            let category = self.category()?;
            constructors.push(Constructor { line, name: own, category, fields });
            if product || !self.eat("|") {
                break;
            }
        }
        let located = self.eat("attributes");
        if located {
            for text in ["(", "span", ")"] {
                self.expect(text)?;
            }
        }
        Ok(Rule { line, name, product, located, constructors })
    }

    fn category(&mut self) -> Result<Category, SchemaError> {
        if !self.eat("@") {
            return Ok(Category::Other);
        }
        let name = self.word()?;
        match Category::from_name(&name) {
            Some(category) => Ok(category),
            None => self.error(format!("unknown category `{name}`")),
        }
    }

    fn fields(&mut self) -> Result<Vec<RawField>, SchemaError> {
        self.expect("(")?;
        let mut fields = Vec::new();
        while !self.eat(")") {
            if !fields.is_empty() {
                self.expect(",")?;
            }
            let ty = self.word()?;
            let arity = match (self.eat("?"), self.eat("*")) {
                (false, false) => Arity::One,
                (true, false) => Arity::Opt,
                (false, true) => Arity::Many,
                (true, true) => Arity::ManyOpt,
            };
            let name = self.word()?;
            let pairing = if self.eat("<") {
                Some((true, self.word()?))
            } else if self.eat(">") {
                Some((false, self.word()?))
            } else {
                None
            };
            fields.push(RawField { ty, arity, name, pairing });
        }
        Ok(fields)
    }
}

/// Turns rules into kinds: names into indices, fields into places.
fn resolve(rules: Vec<Rule>, schema: &mut Schema) -> Result<(), SchemaError> {
    let mut types = HashMap::new();
    for (name, ty) in [
        ("node", FieldType::AnyNode),
        ("identifier", FieldType::Identifier),
        ("constant", FieldType::Constant),
        ("int", FieldType::Int),
        ("tiny", FieldType::Tiny),
        ("null", FieldType::Null),
    ] {
        types.insert(name.to_owned(), ty);
    }
    let is_enum = |it: &Rule| {
        !it.product
            && !it.located
            && it.constructors.iter().all(|it| it.fields.is_empty() && it.category == Category::Other)
    };
    for rule in &rules {
        let ty = if is_enum(rule) {
            FieldType::Enum(index(schema.enums.len(), rule.line)?)
        } else {
            FieldType::Node(index(schema.sums.len(), rule.line)?)
        };
        if types.insert(rule.name.clone(), ty).is_some() {
            return Err(SchemaError {
                line: rule.line,
                message: format!("`{}` is defined twice", rule.name),
            });
        }
        if is_enum(rule) {
            let strings = rule.constructors.iter().all(|it| it.name.starts_with('\''));
            let values = rule.constructors.iter().map(|it| it.name.trim_matches('\'').to_owned()).collect();
            schema.enums.push(Enum { name: rule.name.clone(), values, strings });
        } else {
            schema.sums.push(Sum { name: rule.name.clone(), product: rule.product });
        }
    }
    for rule in rules.into_iter().filter(|it| !is_enum(it)) {
        let Some(FieldType::Node(sum)) = types.get(&rule.name).cloned() else { continue };
        for constructor in rule.constructors {
            let kind = resolve_kind(constructor, sum, rule.located, &types, schema)?;
            schema.kinds.push(kind);
        }
    }
    index(schema.kinds.len(), 1).map(drop)
}

fn resolve_kind(
    constructor: Constructor,
    sum: u16,
    located: bool,
    types: &HashMap<String, FieldType>,
    schema: &mut Schema,
) -> Result<KindDef, SchemaError> {
    let line = constructor.line;
    let error = |message: String| Err(SchemaError { line, message });
    let mut fields = Vec::new();
    for raw in constructor.fields {
        let Some(ty) = types.get(&raw.ty).cloned() else {
            return error(format!("unknown type `{}`", raw.ty));
        };
        let storage = match ty {
            FieldType::Node(_) | FieldType::AnyNode => Storage::Child(role(&raw.name, schema, line)?),
            FieldType::Null => Storage::Nowhere,
            FieldType::Tiny => Storage::Flag,
            FieldType::Enum(_) if raw.arity != Arity::Many => Storage::Flag,
            FieldType::Identifier | FieldType::Constant | FieldType::Int | FieldType::Enum(_) => Storage::Aux,
        };
        let pairing = match raw.pairing {
            None => None,
            Some((before, partner)) => {
                let role = role(&partner, schema, line)?;
                Some(if before { Pairing::Before(role) } else { Pairing::After(role) })
            }
        };
        if (raw.arity == Arity::ManyOpt) != pairing.is_some() {
            return error(format!("`{}`: a list with holes, and only that, needs a partner", raw.name));
        }
        fields.push(Field { name: raw.name, ty, arity: raw.arity, storage, pairing });
    }
    if fields.iter().filter(|it| it.storage == Storage::Flag).count() > 1 {
        return error(format!("`{}` has more than one small field", constructor.name));
    }
    if fields.iter().filter(|it| it.storage == Storage::Aux && it.arity == Arity::Many).count() > 1 {
        return error(format!("`{}` has more than one list of scalars", constructor.name));
    }
    let record_len = place_wide_fields(&mut fields);
    Ok(KindDef { name: constructor.name, sum, category: constructor.category, located, fields, record_len })
}

/// Gives wide fields their place and returns the number of entries in the record; a list comes last, so that the
/// place of an entry depends on nothing before it.
fn place_wide_fields(fields: &mut [Field]) -> u8 {
    let wide = fields.iter().filter(|it| it.storage == Storage::Aux);
    let lists = wide.clone().filter(|it| it.arity == Arity::Many).count();
    if wide.count() <= 1 && lists == 0 {
        return 0;
    }
    let mut entries = 0;
    for list in [false, true] {
        let place = |it: &&mut Field| it.storage == Storage::Aux && (it.arity == Arity::Many) == list;
        for field in fields.iter_mut().filter(place) {
            field.storage = Storage::Record(entries);
            entries += 1;
        }
    }
    entries
}

fn role(name: &str, schema: &mut Schema, line: u32) -> Result<u8, SchemaError> {
    let at = schema.roles.iter().position(|it| it == name).unwrap_or_else(|| {
        schema.roles.push(name.to_owned());
        schema.roles.len() - 1
    });
    u8::try_from(at).map_err(|_| SchemaError { line, message: "more than 255 roles".to_owned() })
}

fn index(at: usize, line: u32) -> Result<u16, SchemaError> {
    match u16::try_from(at) {
        Ok(index) if index < 1 << 15 => Ok(index),
        _ => Err(SchemaError { line, message: "more than 32,768 kinds".to_owned() }),
    }
}
