//! What the worker is told about the schema, and what is known of each kind when its answers are read.
//!
//! Classes are told apart by name and numbered by the schema, so that interpreters with more or fewer classes and
//! fields than the schema has are no trouble.

use std::fmt::Write as _;

use astkit_ast::schema::{Arity, Field, FieldType, Schema, Storage};

/// The first message to a worker: a line per kind, field and enumeration.
pub(crate) fn message(schema: &Schema) -> String {
    let mut out = String::new();
    for (id, kind) in schema.kinds.iter().enumerate() {
        // Writing to a string can't fail.
        let _: std::fmt::Result = writeln!(out, "kind {} {id}", kind.name);
        for field in &kind.fields {
            let _: std::fmt::Result = writeln!(out, "field {} {}", field.name, what(schema, field));
        }
    }
    for it in &schema.enums {
        let _: std::fmt::Result = writeln!(out, "enum {} {}", it.name, it.values.join(" "));
    }
    out
}

fn what(schema: &Schema, field: &Field) -> String {
    if let Storage::Child(role) = field.storage {
        let word = match field.arity {
            Arity::One => "node",
            Arity::Opt => "opt",
            Arity::Many => "many",
            Arity::ManyOpt => "holes",
        };
        return format!("{word} {role}");
    }
    match (&field.ty, field.arity) {
        (FieldType::Identifier, Arity::Many) => "identifiers".to_owned(),
        (FieldType::Identifier, _) => "identifier".to_owned(),
        (FieldType::Constant, _) => "constant".to_owned(),
        (FieldType::Int | FieldType::Tiny, _) => "int".to_owned(),
        (FieldType::Enum(at), arity) => {
            let it = &schema.enums[usize::from(*at)];
            let word = if it.strings {
                "string"
            } else if arity == Arity::Many {
                "enums"
            } else {
                "enum"
            };
            format!("{word} {}", it.name)
        }
        (FieldType::Node(_) | FieldType::AnyNode | FieldType::Null, _) => "null".to_owned(),
    }
}
