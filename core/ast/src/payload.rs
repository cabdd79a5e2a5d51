//! What a node's word means, per kind: needed wherever nodes are hashed, copied or compared without a schema walk.

use std::sync::{Mutex, PoisonError};

use astkit_schema::{Arity, FieldType, KindDef, Schema, Storage};

/// What a stored word refers to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Word {
    Name,
    Constant,
    /// A number or the value of an enumeration.
    Plain,
}

/// What the `aux` of a kind's nodes means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Payload {
    Nothing,
    Word(Word),
    /// A record: its single values, then perhaps a list.
    Record(Vec<Word>, Option<Word>),
}

/// Facts about a schema's kinds, laid out for the builder's inner loop.
#[derive(Debug)]
pub(crate) struct KindFacts {
    pub(crate) payload: Payload,
    pub(crate) located: bool,
    pub(crate) is_def: bool,
}

impl KindFacts {
    /// What is assumed of a kind that the schema does not have.
    pub(crate) const UNKNOWN: Self = Self { payload: Payload::Nothing, located: true, is_def: false };
}

/// One entry per kind of the schema; computed once, as the schema lives as long as the process.
pub(crate) fn kind_facts(schema: &'static Schema) -> &'static [KindFacts] {
    static KNOWN: Mutex<Vec<(&'static Schema, &'static [KindFacts])>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, facts)) = known.iter().find(|(it, _)| std::ptr::eq(*it, schema)) {
        return facts;
    }
    let facts: &'static [KindFacts] = Box::leak(compute(schema).into_boxed_slice());
    known.push((schema, facts));
    facts
}

fn compute(schema: &Schema) -> Vec<KindFacts> {
    let facts = |(id, it): (u16, &KindDef)| KindFacts {
        payload: payload(it),
        located: it.located,
        is_def: schema.is_def(id),
    };
    (0..).zip(&schema.kinds).map(facts).collect()
}

fn payload(kind: &KindDef) -> Payload {
    let word = |ty: &FieldType| match ty {
        FieldType::Identifier => Word::Name,
        FieldType::Constant => Word::Constant,
        FieldType::Int
        | FieldType::Enum(_)
        | FieldType::Node(_)
        | FieldType::AnyNode
        | FieldType::Tiny
        | FieldType::Null => Word::Plain,
    };
    let (mut singles, mut list) = (Vec::new(), None);
    for field in &kind.fields {
        match field.storage {
            Storage::Aux => return Payload::Word(word(&field.ty)),
            Storage::Record(_) if field.arity == Arity::Many => list = Some(word(&field.ty)),
            // Entries are numbered in the order of the fields, so pushing keeps their order.
            Storage::Record(_) => singles.push(word(&field.ty)),
            Storage::Child(_) | Storage::Flag | Storage::Nowhere => {}
        }
    }
    if kind.record_len == 0 { Payload::Nothing } else { Payload::Record(singles, list) }
}
