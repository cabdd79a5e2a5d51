//! CPython's `ast.dump` notation, with the layout of `indent=2` and Python 3.13's rules for what is left out.
//!
//! A node whose printed fields are all scalars, at most three of them, stands on one line; so does a node without any
//! (`arguments()`) as a field of such a node. Absent fields and empty lists are left out, but for the value of a
//! constant.

use std::fmt;

use astkit_schema::{Arity, Field, FieldType, Storage};

use super::Positions;
use super::escape::write_u32;
use crate::tree::{Fields, Node, RoleId, Value};

/// Where indentation stops growing: before, CPython's own recursion limit ends its dumps.
const DEEPEST: usize = 1_000;

const SPACES: &str = "                                                                ";

const ATTRIBUTES: [&str; 4] = ["lineno", "col_offset", "end_lineno", "end_col_offset"];

pub(super) fn write(
    out: &mut impl fmt::Write,
    root: Node<'_>,
    positions: Option<Positions<'_>>,
) -> fmt::Result {
    let mut writer = Writer { out, positions, stack: Vec::new() };
    writer.open(root)?;
    while let Some(frame) = writer.stack.last_mut() {
        match frame {
            Frame::List(items) => {
                let separator = if items.first { "" } else { "," };
                items.first = false;
                match items.kind.next() {
                    Some(item) => {
                        writer.break_line(separator)?;
                        writer.item(item)?;
                    }
                    None => writer.close("]")?,
                }
            }
            Frame::Node(it) => {
                let (node, at) = (it.node, it.field);
                it.field += 1;
                if let Some(field) = node.kind_def().fields.get(at) {
                    writer.field(node, field)?;
                } else {
                    writer.attributes(node)?;
                    writer.close(")")?;
                }
            }
        }
    }
    Ok(())
}

struct Writer<'w, 'a, W> {
    out: &'w mut W,
    positions: Option<Positions<'a>>,
    /// The nodes and lists that are open; their number is the indentation.
    stack: Vec<Frame<'a>>,
}

enum Frame<'a> {
    Node(OpenNode<'a>),
    List(Items<'a>),
}

struct OpenNode<'a> {
    node: Node<'a>,
    /// The field that comes next.
    field: usize,
    /// Whether the node's fields stand on lines of their own.
    broken: bool,
    /// Whether no field was printed yet.
    first: bool,
}

struct Items<'a> {
    kind: ItemsKind<'a>,
    first: bool,
}

enum ItemsKind<'a> {
    Many(Fields<'a>),
    Holes(std::vec::IntoIter<Option<Node<'a>>>),
    Scalars(std::vec::IntoIter<Value<'a>>),
}

enum Item<'a> {
    Node(Node<'a>),
    Scalar(Value<'a>),
}

impl<'a> Iterator for ItemsKind<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Many(it) => it.next().map(Item::Node),
            Self::Holes(it) => it.next().map(|it| it.map_or(Item::Scalar(Value::Null), Item::Node)),
            Self::Scalars(it) => it.next().map(Item::Scalar),
        }
    }
}

impl<'a, W: fmt::Write> Writer<'_, 'a, W> {
    fn open(&mut self, node: Node<'a>) -> fmt::Result {
        self.out.write_str(node.kind_name())?;
        self.out.write_str("(")?;
        let broken = !stands_on_one_line(node, self.positions.is_some());
        self.stack.push(Frame::Node(OpenNode { node, field: 0, broken, first: true }));
        Ok(())
    }

    fn close(&mut self, bracket: &str) -> fmt::Result {
        self.stack.pop();
        self.out.write_str(bracket)
    }

    fn item(&mut self, item: Item<'a>) -> fmt::Result {
        match item {
            Item::Node(node) => self.open(node),
            Item::Scalar(value) => self.value(&value),
        }
    }

    fn field(&mut self, node: Node<'a>, field: &'static Field) -> fmt::Result {
        let Some(shown) = shown(node, field) else { return Ok(()) };
        self.key(&field.name)?;
        match shown {
            Shown::Scalar(value) => self.value(&value),
            Shown::Node(node) => self.open(node),
            Shown::List(kind) => {
                self.out.write_str("[")?;
                self.stack.push(Frame::List(Items { kind, first: true }));
                Ok(())
            }
        }
    }

    /// Writes what stands before a field's value.
    fn key(&mut self, name: &str) -> fmt::Result {
        let Some(Frame::Node(it)) = self.stack.last_mut() else { return Ok(()) };
        let first = std::mem::take(&mut it.first);
        if it.broken {
            self.break_line(if first { "" } else { "," })?;
        } else if !first {
            self.out.write_str(", ")?;
        }
        self.out.write_str(name)?;
        self.out.write_str("=")
    }

    fn break_line(&mut self, separator: &str) -> fmt::Result {
        self.out.write_str(separator)?;
        self.out.write_str("\n")?;
        let mut width = 2 * self.stack.len().min(DEEPEST);
        while width > 0 {
            let part = width.min(SPACES.len());
            self.out.write_str(&SPACES[..part])?;
            width -= part;
        }
        Ok(())
    }

    fn attributes(&mut self, node: Node<'a>) -> fmt::Result {
        let Some(positions) = self.positions.filter(|_| node.kind_def().located) else { return Ok(()) };
        for (name, number) in ATTRIBUTES.into_iter().zip(positions.of(node)) {
            self.key(name)?;
            write_u32(self.out, number)?;
        }
        Ok(())
    }

    fn value(&mut self, value: &Value<'_>) -> fmt::Result {
        match value {
            Value::Null | Value::List(_) => self.out.write_str("None"),
            // Identifiers are printable, and quotes or backslashes can't be in them.
            Value::Name(it) | Value::Text(it) => write!(self.out, "'{it}'"),
            Value::Enum(it) => write!(self.out, "{it}()"),
            Value::Int(it) => write!(self.out, "{it}"),
            Value::Constant(it) => self.out.write_str(&it.repr()),
        }
    }
}

/// A field's value as far as it is printed.
enum Shown<'a> {
    Scalar(Value<'a>),
    Node(Node<'a>),
    List(ItemsKind<'a>),
}

/// What is printed of a field; none if it is left out.
fn shown<'a>(node: Node<'a>, field: &'static Field) -> Option<Shown<'a>> {
    let Storage::Child(role) = field.storage else {
        return match node.value(field) {
            Value::Null => None,
            Value::List(items) if items.is_empty() => None,
            Value::List(items) => Some(Shown::List(ItemsKind::Scalars(items.into_iter()))),
            value @ (Value::Name(_)
            | Value::Enum(_)
            | Value::Text(_)
            | Value::Int(_)
            | Value::Constant(_)) => Some(Shown::Scalar(value)),
        };
    };
    let role = RoleId(role);
    match field.arity {
        Arity::One => Some(Shown::Node(node.required(role))),
        Arity::Opt => node.child(role).map(Shown::Node),
        Arity::Many => {
            let items = node.field(role);
            items.clone().next().map(|_| Shown::List(ItemsKind::Many(items)))
        }
        Arity::ManyOpt => {
            let items = node.list_with_holes(role);
            (!items.is_empty()).then(|| Shown::List(ItemsKind::Holes(items.into_iter())))
        }
    }
}

/// Whether a node stands on one line: at most three fields are printed, and each is a scalar or a node without any.
fn stands_on_one_line(node: Node<'_>, positions: bool) -> bool {
    let mut count = if positions && node.kind_def().located { ATTRIBUTES.len() } else { 0 };
    for field in &node.kind_def().fields {
        match shown(node, field) {
            None => {}
            Some(Shown::List(_)) => return false,
            Some(Shown::Node(child)) if !is_bare(child, positions) => return false,
            Some(Shown::Node(_) | Shown::Scalar(_)) => count += 1,
        }
    }
    count <= 3
}

/// Whether nothing is printed between a node's parentheses.
fn is_bare(node: Node<'_>, positions: bool) -> bool {
    !(positions && node.kind_def().located)
        && node.kind_def().fields.iter().all(|field| {
            // A value of a constant or number is never left out, so there is no need to look at it.
            !matches!(field.ty, FieldType::Constant | FieldType::Int | FieldType::Tiny)
                && shown(node, field).is_none()
        })
}
