//! Fields of dataclasses.

use astkit_ast::python::{Kind, Role, view};
use astkit_ast::tree::{NodeId, Tree};

use crate::code::Code;
use crate::edits::Edits;

/// What an annotation in a dataclass makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FieldKind {
    Field,
    InitVar,
    ClassVar,
}

/// Where a field's value comes from if nobody gives one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Default {
    /// Nowhere: it has to be given.
    None,
    /// From this expression, in the class's body.
    Value(String),
    /// From a call of this expression; of the field's own factory, if there is none.
    Factory(Option<String>),
}

/// The flags of `field(...)`.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are the flags of `field`")]
pub(super) struct Flags {
    pub(super) init: bool,
    pub(super) repr: bool,
    pub(super) hash: Option<bool>,
    pub(super) compare: bool,
    pub(super) kw_only: bool,
}

/// A field.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Its name, mangled.
    pub(super) name: String,
    pub(super) kind: FieldKind,
    /// Its annotation as text.
    pub(super) hint: String,
    pub(super) default: Default,
    pub(super) flags: Flags,
    /// How `make_dataclass` is told of it.
    pub(super) entry: String,
    /// Its statement, in the class that is read; none if it is inherited.
    pub(super) statement: Option<NodeId>,
    /// The expression that is its default in `field(default=...)`; none also if `field` gives none.
    pub(super) given: Option<NodeId>,
    /// Whether its value is a call of `field`.
    pub(super) is_call: bool,
    /// The class whose statement it is.
    pub(super) owner: String,
}

impl Field {
    /// Leaves nothing of `field(...)` but the default.
    pub(super) fn strip(&self, tree: &Tree, edits: &mut Edits) {
        let Some(statement) = self.statement.filter(|_| self.is_call) else { return };
        let Some(hinted) = view::AnnAssign::cast(tree.node(statement)) else { return };
        let Some(value) = hinted.value() else { return };
        if let Some(given) = self.given {
            return edits.replace(value, Code::Kept(given));
        }
        let children = [
            (Role::Target, Code::kept(hinted.target())),
            (Role::Annotation, Code::kept(hinted.annotation())),
        ];
        edits.replace(hinted.node(), Code::with(Kind::AnnAssign, 1, Vec::new(), children));
    }

    /// Whether instances have it.
    pub(super) fn is_real(&self) -> bool {
        self.kind == FieldKind::Field
    }

    /// Whether it is a parameter of `__init__`.
    pub(super) fn is_parameter(&self) -> bool {
        self.kind != FieldKind::ClassVar && self.flags.init
    }

    pub(super) fn is_inherited(&self) -> bool {
        self.statement.is_none()
    }
}
