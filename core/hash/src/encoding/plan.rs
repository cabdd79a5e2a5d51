//! Plans: for each kind of a schema, the bytes that all its nodes share, and where their values are stored.
//!
//! A plan says nothing that the schema does not say; it says it in the order and the bytes of the encoding, so that
//! writing a node is a walk over its plan.

use std::sync::{Mutex, PoisonError};

use astkit_ast::schema::{Arity, Enum, Field, FieldType, KindDef, Schema, Storage};
use astkit_ast::tree::{Node, RoleId};

/// How the nodes of a kind are written.
pub(super) struct KindPlan {
    /// What a node begins with.
    pub(super) open: Piece,
    /// In the order of the grammar.
    pub(super) fields: Box<[FieldPlan]>,
    /// Whether the field `name` is a node.
    pub(super) has_name_node: bool,
    /// Per role: the number of its field, from 1; 0 for roles that the kind does not have.
    numbers: Box<[u8]>,
}

/// How a field is written.
pub(super) struct FieldPlan {
    /// What comes before its value.
    pub(super) head: Piece,
    pub(super) is_name: bool,
    pub(super) is_kind: bool,
    pub(super) stored: Stored,
}

/// Where a field's value is.
pub(super) enum Stored {
    Child(RoleId),
    Children(RoleId),
    ChildrenWithHoles(RoleId),
    Flag(Scalar),
    Aux(Scalar),
    Word(u8, Scalar),
    Words(u8, Scalar),
    Nowhere,
}

/// What a byte or word means.
pub(super) enum Scalar {
    Name,
    Constant,
    Int,
    /// A signed byte.
    Tiny,
    /// The values' bytes, from 1.
    Enum(Box<[Piece]>),
    Nothing,
}

/// Some bytes that are written again and again, mostly short ones.
pub(super) struct Piece {
    short: [u8; SHORT],
    len: usize,
    /// All of them, if they are more.
    long: Box<[u8]>,
}

/// Copying so many bytes is quicker than asking how many there are to copy.
const SHORT: usize = 32;

impl Piece {
    /// Appends it.
    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        if self.len <= SHORT {
            let end = out.len() + self.len;
            out.extend_from_slice(&self.short);
            out.truncate(end);
        } else {
            out.extend_from_slice(&self.long);
        }
    }
}

impl KindPlan {
    /// Whether a node's children stand in the order of the fields.
    pub(super) fn is_order_of(&self, node: Node<'_>) -> bool {
        if node.is_leaf() {
            return true;
        }
        let mut last = 0;
        node.children().all(|it| {
            let number = self.numbers.get(usize::from(it.role().0)).copied().unwrap_or(0);
            let follows = number >= last && number > 0;
            last = number;
            follows
        })
    }
}

/// The plans of a schema's kinds; made once, as the schema lives as long as the process.
pub(super) fn plans(schema: &'static Schema) -> &'static [KindPlan] {
    static KNOWN: Mutex<Vec<(&'static Schema, &'static [KindPlan])>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, plans)) = known.iter().find(|(it, _)| std::ptr::eq(*it, schema)) {
        return plans;
    }
    let plans: Vec<KindPlan> = schema.kinds.iter().map(|it| plan(schema, it)).collect();
    let plans: &'static [KindPlan] = Box::leak(plans.into_boxed_slice());
    known.push((schema, plans));
    plans
}

fn plan(schema: &Schema, kind: &KindDef) -> KindPlan {
    let mut numbers = vec![0; schema.roles.len()];
    for (number, field) in (1..).zip(&kind.fields) {
        if let Storage::Child(role) = field.storage {
            numbers[usize::from(role)] = number;
        }
    }
    let is_node = |it: &Field| matches!(it.storage, Storage::Child(_));
    KindPlan {
        open: tagged(0x01, &kind.name),
        fields: kind.fields.iter().map(|it| field(schema, it)).collect(),
        has_name_node: kind.fields.iter().any(|it| it.name == "name" && is_node(it)),
        numbers: numbers.into(),
    }
}

fn field(schema: &Schema, field: &Field) -> FieldPlan {
    let scalar = || word_meaning(schema, &field.ty);
    let stored = match field.storage {
        Storage::Nowhere => Stored::Nowhere,
        Storage::Child(role) => match field.arity {
            Arity::One | Arity::Opt => Stored::Child(RoleId(role)),
            Arity::ManyOpt => Stored::ChildrenWithHoles(RoleId(role)),
            Arity::Many => Stored::Children(RoleId(role)),
        },
        Storage::Flag => Stored::Flag(match &field.ty {
            FieldType::Tiny => Scalar::Tiny,
            FieldType::Enum(at) => values(&schema.enums[usize::from(*at)]),
            FieldType::Node(_)
            | FieldType::AnyNode
            | FieldType::Identifier
            | FieldType::Constant
            | FieldType::Int
            | FieldType::Null => Scalar::Nothing,
        }),
        Storage::Aux => Stored::Aux(scalar()),
        Storage::Record(entry) if field.arity == Arity::Many => Stored::Words(entry, scalar()),
        Storage::Record(entry) => Stored::Word(entry, scalar()),
    };
    FieldPlan {
        head: tagged(0x02, &field.name),
        is_name: field.name == "name",
        is_kind: field.name == "kind",
        stored,
    }
}

fn word_meaning(schema: &Schema, ty: &FieldType) -> Scalar {
    match ty {
        FieldType::Identifier => Scalar::Name,
        FieldType::Constant => Scalar::Constant,
        FieldType::Int => Scalar::Int,
        FieldType::Enum(at) => values(&schema.enums[usize::from(*at)]),
        FieldType::Node(_) | FieldType::AnyNode | FieldType::Tiny | FieldType::Null => Scalar::Nothing,
    }
}

fn values(it: &Enum) -> Scalar {
    Scalar::Enum(it.values.iter().map(|it| tagged(0x06, it)).collect())
}

fn tagged(tag: u8, text: &str) -> Piece {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes();
    let long = [&[tag][..], &length, text.as_bytes()].concat();
    let mut short = [0; SHORT];
    short.iter_mut().zip(&long).for_each(|(to, from)| *to = *from);
    Piece { short, len: long.len(), long: long.into() }
}
