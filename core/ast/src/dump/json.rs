//! Canonical JSON of a tree of any schema.

use std::fmt;

use astkit_schema::{Arity, KindDef, Schema, Storage};

use super::Positions;
use super::escape::{write_hex, write_json_string, write_u32};
use crate::constant::Constant;
use crate::number::int_to_decimal;
use crate::tree::{Fields, Node, RoleId, Value};

pub(super) fn write(
    out: &mut impl fmt::Write,
    root: Node<'_>,
    positions: Option<Positions<'_>>,
) -> fmt::Result {
    let keys = keys(root.tree().schema());
    let mut stack = Vec::new();
    open(out, &keys, root, &mut stack)?;
    while let Some(frame) = stack.last_mut() {
        if let Some(items) = &mut frame.items {
            if let Some(item) = items.next() {
                if !std::mem::take(&mut frame.first) {
                    out.write_char(',')?;
                }
                write_child(out, &keys, item, &mut stack)?;
                continue;
            }
            out.write_char(']')?;
            frame.items = None;
        }
        let node = frame.node;
        let Some(field) = node.kind_def().fields.get(frame.field) else {
            stack.pop();
            close(out, node, positions)?;
            continue;
        };
        out.write_str(&keys[usize::from(node.kind().0)].fields[frame.field])?;
        frame.field += 1;
        let Storage::Child(role) = field.storage else {
            write_value(out, &node.value(field))?;
            continue;
        };
        let role = RoleId(role);
        match field.arity {
            Arity::One => write_child(out, &keys, Some(node.required(role)), &mut stack)?,
            Arity::Opt => write_child(out, &keys, node.child(role), &mut stack)?,
            Arity::Many => {
                out.write_char('[')?;
                (frame.items, frame.first) = (Some(Items::Many(node.field(role))), true);
            }
            Arity::ManyOpt => {
                out.write_char('[')?;
                let items = node.list_with_holes(role).into_iter();
                (frame.items, frame.first) = (Some(Items::Holes(items)), true);
            }
        }
    }
    Ok(())
}

/// The fixed text of a kind's objects.
struct Keys {
    open: String,
    fields: Vec<String>,
}

fn keys(schema: &Schema) -> Vec<Keys> {
    let of = |it: &KindDef| Keys {
        open: format!("{{\"_type\":\"{}\"", it.name),
        fields: it.fields.iter().map(|it| format!(",\"{}\":", it.name)).collect(),
    };
    schema.kinds.iter().map(of).collect()
}

/// A node whose object is open.
struct Frame<'a> {
    node: Node<'a>,
    /// The field that comes next.
    field: usize,
    /// What is left of the list that is open, if one is.
    items: Option<Items<'a>>,
    /// Whether the list is still empty.
    first: bool,
}

enum Items<'a> {
    Many(Fields<'a>),
    Holes(std::vec::IntoIter<Option<Node<'a>>>),
}

impl<'a> Iterator for Items<'a> {
    type Item = Option<Node<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Many(it) => it.next().map(Some),
            Self::Holes(it) => it.next(),
        }
    }
}

fn write_child<'a>(
    out: &mut impl fmt::Write,
    keys: &[Keys],
    child: Option<Node<'a>>,
    stack: &mut Vec<Frame<'a>>,
) -> fmt::Result {
    match child {
        Some(child) => open(out, keys, child, stack),
        None => out.write_str("null"),
    }
}

fn open<'a>(
    out: &mut impl fmt::Write,
    keys: &[Keys],
    node: Node<'a>,
    stack: &mut Vec<Frame<'a>>,
) -> fmt::Result {
    stack.push(Frame { node, field: 0, items: None, first: true });
    out.write_str(&keys[usize::from(node.kind().0)].open)
}

fn close(out: &mut impl fmt::Write, node: Node<'_>, positions: Option<Positions<'_>>) -> fmt::Result {
    if let Some(positions) = positions.filter(|_| node.kind_def().located) {
        out.write_str(",\"pos\":")?;
        let mut before = '[';
        for number in positions.of(node) {
            out.write_char(before)?;
            write_u32(out, number)?;
            before = ',';
        }
        out.write_char(']')?;
    }
    out.write_char('}')
}

fn write_value(out: &mut impl fmt::Write, value: &Value<'_>) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Name(it) | Value::Enum(it) | Value::Text(it) => write_json_string(out, it),
        Value::Int(it) => write!(out, "{it}"),
        Value::Constant(it) => write_constant(out, it),
        Value::List(items) => {
            out.write_char('[')?;
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.write_char(',')?;
                }
                // Lists of lists do not exist, so this is one level deep.
                write_value(out, item)?;
            }
            out.write_char(']')
        }
    }
}

fn write_constant(out: &mut impl fmt::Write, constant: &Constant) -> fmt::Result {
    match constant {
        Constant::None => out.write_str("{\"none\":null}"),
        Constant::Bool(it) => write!(out, "{{\"bool\":{it}}}"),
        Constant::Ellipsis => out.write_str("{\"ellipsis\":null}"),
        Constant::Int(it) => write!(out, "{{\"int\":\"{it}\"}}"),
        Constant::BigInt(digits) => {
            let decimal = int_to_decimal(digits);
            write!(out, "{{\"int\":\"{}\"}}", decimal.as_deref().unwrap_or(digits))
        }
        Constant::Float(bits) => write!(out, "{{\"float\":\"{bits:016x}\"}}"),
        Constant::Imaginary(bits) => write!(out, "{{\"complex\":[\"{:016x}\",\"{bits:016x}\"]}}", 0),
        Constant::Str(text) => {
            out.write_str("{\"str\":")?;
            write_json_string(out, text)?;
            out.write_char('}')
        }
        Constant::Wtf8(text) => write_tagged_hex(out, "wtf8", text),
        Constant::Bytes(bytes) => write_tagged_hex(out, "bytes", bytes),
        Constant::Digest(digest) => write!(out, "{{\"digest\":\"{:032x}\"}}", **digest),
    }
}

fn write_tagged_hex(out: &mut impl fmt::Write, tag: &str, bytes: &[u8]) -> fmt::Result {
    write!(out, "{{\"{tag}\":\"")?;
    write_hex(out, bytes)?;
    out.write_str("\"}")
}
