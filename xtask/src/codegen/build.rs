//! Generates the constructors: one function per kind, which closes a node and sets its scalars.

use std::fmt::Write;

use astkit_schema::{Arity, Field, FieldType, KindDef, Schema, Storage};

use super::names::{article, escape, fn_name, type_name};

pub(crate) fn generate(schema: &Schema) -> String {
    let mut out = String::from(
        "//! Constructors of Python's nodes: each closes a node over the subtrees built since `mark` and sets its scalars.
//!
//! Children come first: build each in source order, give it its role with [`TreeBuilder::role`], then close.\n",
    );
    out.push_str(
        "use crate::builder::{Built, ConstantId, Mark, NameId, TreeBuilder};\nuse crate::span::Span;\n
         use super::kind::{Boolop, Cmpop, ExprContext, Kind, Operator, StringKind, Unaryop};\n\n",
    );
    for (at, kind) in schema.kinds.iter().enumerate() {
        // The first kind is the file, whose span is all of the text.
        let close = if kind.located || at == 0 { "close_located" } else { "close" };
        constructor(&mut out, schema, kind, close);
    }
    out
}

fn constructor(out: &mut String, schema: &Schema, kind: &KindDef, close: &str) {
    let mut scalars: Vec<&Field> =
        kind.fields.iter().filter(|it| !matches!(it.storage, Storage::Child(_) | Storage::Nowhere)).collect();
    // Stable: fields outside of the record keep the schema's order.
    scalars.sort_by_key(|it| if let Storage::Record(entry) = it.storage { entry } else { 0 });
    let _ = write!(
        out,
        "/// {} `{}`.\n#[inline]\npub fn {}(builder: &mut TreeBuilder<'_>, mark: Mark, span: Span",
        article(&kind.name),
        kind.name,
        fn_name(&kind.name)
    );
    for field in &scalars {
        let _ = write!(out, ", {}: {}", escape(&field.name), parameter(schema, field));
    }
    out.push_str(") -> Built {\n");
    let mut flag = "0".to_owned();
    let mut aux = if kind.record_len > 0 { "record" } else { "crate::tree::NONE" }.to_owned();
    if kind.record_len > 0 {
        out.push_str("let record = builder.record();\n");
    }
    for field in &scalars {
        let name = escape(&field.name);
        match field.storage {
            Storage::Flag => flag = flag_of(field, &name),
            Storage::Aux => aux = word_of(field, &name),
            Storage::Record(_) if field.arity == Arity::Many => {
                let item =
                    if matches!(field.ty, FieldType::Enum(_)) { "u32::from(*it as u8)" } else { "it.0" };
                let _ = writeln!(out, "builder.record_list({name}.iter().map(|it| {item}));");
            }
            Storage::Record(_) => {
                let _ = writeln!(out, "builder.record_word({});", word_of(field, &name));
            }
            Storage::Child(_) | Storage::Nowhere => {}
        }
    }
    let _ = writeln!(
        out,
        "builder.{close}(mark, Kind::{}.into(), span, {flag}, {aux}) }}\n",
        type_name(&kind.name)
    );
}

fn parameter(schema: &Schema, field: &Field) -> String {
    let one = match &field.ty {
        FieldType::Identifier => "NameId".to_owned(),
        FieldType::Constant => "ConstantId".to_owned(),
        FieldType::Int => "u32".to_owned(),
        FieldType::Tiny => "i8".to_owned(),
        FieldType::Enum(at) => type_name(&schema.enums[usize::from(*at)].name),
        FieldType::Node(_) | FieldType::AnyNode | FieldType::Null => String::new(),
    };
    match field.arity {
        Arity::One => one,
        Arity::Opt => format!("Option<{one}>"),
        Arity::Many | Arity::ManyOpt => format!("&[{one}]"),
    }
}

fn flag_of(field: &Field, name: &str) -> String {
    match (&field.ty, field.arity) {
        (FieldType::Tiny, _) => format!("{name}.cast_unsigned()"),
        (_, Arity::Opt) => format!("{name}.map_or(0, |it| it as u8)"),
        _ => format!("{name} as u8"),
    }
}

fn word_of(field: &Field, name: &str) -> String {
    match (&field.ty, field.arity) {
        (FieldType::Int, _) => name.to_owned(),
        (_, Arity::Opt) => format!("{name}.map_or(crate::tree::NONE, |it| it.0)"),
        _ => format!("{name}.0"),
    }
}
