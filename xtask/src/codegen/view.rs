//! Generates the typed views: one wrapper of a node per kind, with one accessor per field.

use std::fmt::Write;

use astkit_schema::{Arity, Field, FieldType, Schema, Storage};

use super::names::{article, escape, type_name};

pub(crate) fn generate(schema: &Schema) -> String {
    let mut out = String::from("//! Typed views of Python's nodes: a node with the accessors of its kind.\n");
    out.push_str(
        "use crate::constant;\nuse crate::tree::{Fields, Names, Node};\n
         use super::kind::{Boolop, Cmpop, ExprContext, Kind, Operator, Role, StringKind, Unaryop};\n\n",
    );
    for kind in &schema.kinds {
        let name = type_name(&kind.name);
        let _ = write!(
            out,
            "/// {} `{}`.\n#[derive(Clone, Copy, Debug)]\npub struct {name}<'a>(Node<'a>);\n\n
             impl<'a> {name}<'a> {{
             /// Views `node`, if it is of this kind.
             pub fn cast(node: Node<'a>) -> Option<Self> {{ (node.kind() == Kind::{name}.into()).then_some(Self(node)) }}

             /// The node itself.
             pub fn node(self) -> Node<'a> {{ self.0 }}\n",
            article(&kind.name),
            kind.name
        );
        for field in &kind.fields {
            accessor(&mut out, schema, field);
        }
        out.push_str("}\n\n");
    }
    out
}

fn accessor(out: &mut String, schema: &Schema, field: &Field) {
    let Some((ty, body)) = signature(schema, field) else { return };
    let name = escape(&field.name);
    let _ = writeln!(out, "\n/// The field `{}`.\npub fn {name}(self) -> {ty} {{ {body} }}", field.name);
}

fn signature(schema: &Schema, field: &Field) -> Option<(String, String)> {
    let word = match field.storage {
        Storage::Aux => "self.0.aux()".to_owned(),
        Storage::Record(entry) => format!("self.0.record_word({entry})"),
        Storage::Child(_) | Storage::Flag | Storage::Nowhere => String::new(),
    };
    let list = match field.storage {
        Storage::Record(entry) => format!("self.0.record_list({entry})"),
        Storage::Aux | Storage::Child(_) | Storage::Flag | Storage::Nowhere => String::new(),
    };
    let role = format!("Role::{}.into()", type_name(&field.name));
    Some(match (&field.ty, field.arity) {
        (FieldType::Null, _) => return None,
        (FieldType::Node(_) | FieldType::AnyNode, arity) => match arity {
            Arity::One => ("Node<'a>".into(), format!("self.0.required({role})")),
            Arity::Opt => ("Option<Node<'a>>".into(), format!("self.0.child({role})")),
            Arity::Many => ("Fields<'a>".into(), format!("self.0.field({role})")),
            Arity::ManyOpt => ("Vec<Option<Node<'a>>>".into(), format!("self.0.list_with_holes({role})")),
        },
        (FieldType::Identifier, Arity::One) => {
            ("&'a str".into(), format!("self.0.name_of({word}).unwrap_or_default()"))
        }
        (FieldType::Identifier, Arity::Opt) => ("Option<&'a str>".into(), format!("self.0.name_of({word})")),
        (FieldType::Identifier, _) => ("Names<'a>".into(), format!("self.0.names_of({list})")),
        (FieldType::Constant, _) => ("&'a constant::Constant".into(), format!("self.0.constant_of({word})")),
        (FieldType::Int, _) => ("u32".into(), word),
        (FieldType::Tiny, _) => ("i8".into(), "self.0.tiny()".into()),
        (FieldType::Enum(at), arity) => {
            let name = type_name(&schema.enums[usize::from(*at)].name);
            match arity {
                Arity::Opt => (format!("Option<{name}>"), format!("{name}::from_flag(self.0.flag())")),
                Arity::One => {
                    (name.clone(), format!("{name}::from_flag(self.0.flag()).unwrap_or({name}::ALL[0])"))
                }
                Arity::Many | Arity::ManyOpt => (
                    format!("impl Iterator<Item = {name}> + 'a"),
                    format!("{list}.iter().filter_map(|it| {name}::from_flag(u8::try_from(*it).ok()?))"),
                ),
            }
        }
    })
}
