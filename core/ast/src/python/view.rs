//! Typed views of Python's nodes: a node with the accessors of its kind.

// Generated from core/ast/python.asdl by `cargo xtask codegen`; do not edit.

use crate::constant;
use crate::tree::{Fields, Names, Node};

use super::kind::{Boolop, Cmpop, ExprContext, Kind, Operator, Role, StringKind, Unaryop};

/// A `Module`.
#[derive(Clone, Copy, Debug)]
pub struct Module<'a>(Node<'a>);

impl<'a> Module<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Module.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }
}

/// A `FunctionDef`.
#[derive(Clone, Copy, Debug)]
pub struct FunctionDef<'a>(Node<'a>);

impl<'a> FunctionDef<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::FunctionDef.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `name`.
    pub fn name(self) -> &'a str {
        self.0.name_of(self.0.aux()).unwrap_or_default()
    }

    /// The field `args`.
    pub fn args(self) -> Node<'a> {
        self.0.required(Role::Args.into())
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }

    /// The field `decorator_list`.
    pub fn decorator_list(self) -> Fields<'a> {
        self.0.field(Role::DecoratorList.into())
    }

    /// The field `returns`.
    pub fn returns(self) -> Option<Node<'a>> {
        self.0.child(Role::Returns.into())
    }

    /// The field `type_params`.
    pub fn type_params(self) -> Fields<'a> {
        self.0.field(Role::TypeParams.into())
    }
}

/// An `AsyncFunctionDef`.
#[derive(Clone, Copy, Debug)]
pub struct AsyncFunctionDef<'a>(Node<'a>);

impl<'a> AsyncFunctionDef<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::AsyncFunctionDef.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `name`.
    pub fn name(self) -> &'a str {
        self.0.name_of(self.0.aux()).unwrap_or_default()
    }

    /// The field `args`.
    pub fn args(self) -> Node<'a> {
        self.0.required(Role::Args.into())
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }

    /// The field `decorator_list`.
    pub fn decorator_list(self) -> Fields<'a> {
        self.0.field(Role::DecoratorList.into())
    }

    /// The field `returns`.
    pub fn returns(self) -> Option<Node<'a>> {
        self.0.child(Role::Returns.into())
    }

    /// The field `type_params`.
    pub fn type_params(self) -> Fields<'a> {
        self.0.field(Role::TypeParams.into())
    }
}

/// A `ClassDef`.
#[derive(Clone, Copy, Debug)]
pub struct ClassDef<'a>(Node<'a>);

impl<'a> ClassDef<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::ClassDef.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `name`.
    pub fn name(self) -> &'a str {
        self.0.name_of(self.0.aux()).unwrap_or_default()
    }

    /// The field `bases`.
    pub fn bases(self) -> Fields<'a> {
        self.0.field(Role::Bases.into())
    }

    /// The field `keywords`.
    pub fn keywords(self) -> Fields<'a> {
        self.0.field(Role::Keywords.into())
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }

    /// The field `decorator_list`.
    pub fn decorator_list(self) -> Fields<'a> {
        self.0.field(Role::DecoratorList.into())
    }

    /// The field `type_params`.
    pub fn type_params(self) -> Fields<'a> {
        self.0.field(Role::TypeParams.into())
    }
}

/// A `Return`.
#[derive(Clone, Copy, Debug)]
pub struct Return<'a>(Node<'a>);

impl<'a> Return<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Return.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Option<Node<'a>> {
        self.0.child(Role::Value.into())
    }
}

/// A `Delete`.
#[derive(Clone, Copy, Debug)]
pub struct Delete<'a>(Node<'a>);

impl<'a> Delete<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Delete.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `targets`.
    pub fn targets(self) -> Fields<'a> {
        self.0.field(Role::Targets.into())
    }
}

/// An `Assign`.
#[derive(Clone, Copy, Debug)]
pub struct Assign<'a>(Node<'a>);

impl<'a> Assign<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Assign.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `targets`.
    pub fn targets(self) -> Fields<'a> {
        self.0.field(Role::Targets.into())
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }
}

/// A `TypeAlias`.
#[derive(Clone, Copy, Debug)]
pub struct TypeAlias<'a>(Node<'a>);

impl<'a> TypeAlias<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::TypeAlias.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `name`.
    pub fn name(self) -> Node<'a> {
        self.0.required(Role::Name.into())
    }

    /// The field `type_params`.
    pub fn type_params(self) -> Fields<'a> {
        self.0.field(Role::TypeParams.into())
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }
}

/// An `AugAssign`.
#[derive(Clone, Copy, Debug)]
pub struct AugAssign<'a>(Node<'a>);

impl<'a> AugAssign<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::AugAssign.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `target`.
    pub fn target(self) -> Node<'a> {
        self.0.required(Role::Target.into())
    }

    /// The field `op`.
    pub fn op(self) -> Operator {
        Operator::from_flag(self.0.flag()).unwrap_or(Operator::ALL[0])
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }
}

/// An `AnnAssign`.
#[derive(Clone, Copy, Debug)]
pub struct AnnAssign<'a>(Node<'a>);

impl<'a> AnnAssign<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::AnnAssign.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `target`.
    pub fn target(self) -> Node<'a> {
        self.0.required(Role::Target.into())
    }

    /// The field `annotation`.
    pub fn annotation(self) -> Node<'a> {
        self.0.required(Role::Annotation.into())
    }

    /// The field `value`.
    pub fn value(self) -> Option<Node<'a>> {
        self.0.child(Role::Value.into())
    }

    /// The field `simple`.
    pub fn simple(self) -> i8 {
        self.0.tiny()
    }
}

/// A `For`.
#[derive(Clone, Copy, Debug)]
pub struct For<'a>(Node<'a>);

impl<'a> For<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::For.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `target`.
    pub fn target(self) -> Node<'a> {
        self.0.required(Role::Target.into())
    }

    /// The field `iter`.
    pub fn iter(self) -> Node<'a> {
        self.0.required(Role::Iter.into())
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }

    /// The field `orelse`.
    pub fn orelse(self) -> Fields<'a> {
        self.0.field(Role::Orelse.into())
    }
}

/// An `AsyncFor`.
#[derive(Clone, Copy, Debug)]
pub struct AsyncFor<'a>(Node<'a>);

impl<'a> AsyncFor<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::AsyncFor.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `target`.
    pub fn target(self) -> Node<'a> {
        self.0.required(Role::Target.into())
    }

    /// The field `iter`.
    pub fn iter(self) -> Node<'a> {
        self.0.required(Role::Iter.into())
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }

    /// The field `orelse`.
    pub fn orelse(self) -> Fields<'a> {
        self.0.field(Role::Orelse.into())
    }
}

/// A `While`.
#[derive(Clone, Copy, Debug)]
pub struct While<'a>(Node<'a>);

impl<'a> While<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::While.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `test`.
    pub fn test(self) -> Node<'a> {
        self.0.required(Role::Test.into())
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }

    /// The field `orelse`.
    pub fn orelse(self) -> Fields<'a> {
        self.0.field(Role::Orelse.into())
    }
}

/// An `If`.
#[derive(Clone, Copy, Debug)]
pub struct If<'a>(Node<'a>);

impl<'a> If<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::If.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `test`.
    pub fn test(self) -> Node<'a> {
        self.0.required(Role::Test.into())
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }

    /// The field `orelse`.
    pub fn orelse(self) -> Fields<'a> {
        self.0.field(Role::Orelse.into())
    }
}

/// A `With`.
#[derive(Clone, Copy, Debug)]
pub struct With<'a>(Node<'a>);

impl<'a> With<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::With.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `items`.
    pub fn items(self) -> Fields<'a> {
        self.0.field(Role::Items.into())
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }
}

/// An `AsyncWith`.
#[derive(Clone, Copy, Debug)]
pub struct AsyncWith<'a>(Node<'a>);

impl<'a> AsyncWith<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::AsyncWith.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `items`.
    pub fn items(self) -> Fields<'a> {
        self.0.field(Role::Items.into())
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }
}

/// A `Match`.
#[derive(Clone, Copy, Debug)]
pub struct Match<'a>(Node<'a>);

impl<'a> Match<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Match.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `subject`.
    pub fn subject(self) -> Node<'a> {
        self.0.required(Role::Subject.into())
    }

    /// The field `cases`.
    pub fn cases(self) -> Fields<'a> {
        self.0.field(Role::Cases.into())
    }
}

/// A `Raise`.
#[derive(Clone, Copy, Debug)]
pub struct Raise<'a>(Node<'a>);

impl<'a> Raise<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Raise.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `exc`.
    pub fn exc(self) -> Option<Node<'a>> {
        self.0.child(Role::Exc.into())
    }

    /// The field `cause`.
    pub fn cause(self) -> Option<Node<'a>> {
        self.0.child(Role::Cause.into())
    }
}

/// A `Try`.
#[derive(Clone, Copy, Debug)]
pub struct Try<'a>(Node<'a>);

impl<'a> Try<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Try.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }

    /// The field `handlers`.
    pub fn handlers(self) -> Fields<'a> {
        self.0.field(Role::Handlers.into())
    }

    /// The field `orelse`.
    pub fn orelse(self) -> Fields<'a> {
        self.0.field(Role::Orelse.into())
    }

    /// The field `finalbody`.
    pub fn finalbody(self) -> Fields<'a> {
        self.0.field(Role::Finalbody.into())
    }
}

/// A `TryStar`.
#[derive(Clone, Copy, Debug)]
pub struct TryStar<'a>(Node<'a>);

impl<'a> TryStar<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::TryStar.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }

    /// The field `handlers`.
    pub fn handlers(self) -> Fields<'a> {
        self.0.field(Role::Handlers.into())
    }

    /// The field `orelse`.
    pub fn orelse(self) -> Fields<'a> {
        self.0.field(Role::Orelse.into())
    }

    /// The field `finalbody`.
    pub fn finalbody(self) -> Fields<'a> {
        self.0.field(Role::Finalbody.into())
    }
}

/// An `Assert`.
#[derive(Clone, Copy, Debug)]
pub struct Assert<'a>(Node<'a>);

impl<'a> Assert<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Assert.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `test`.
    pub fn test(self) -> Node<'a> {
        self.0.required(Role::Test.into())
    }

    /// The field `msg`.
    pub fn msg(self) -> Option<Node<'a>> {
        self.0.child(Role::Msg.into())
    }
}

/// An `Import`.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a>(Node<'a>);

impl<'a> Import<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Import.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `names`.
    pub fn names(self) -> Fields<'a> {
        self.0.field(Role::Names.into())
    }
}

/// An `ImportFrom`.
#[derive(Clone, Copy, Debug)]
pub struct ImportFrom<'a>(Node<'a>);

impl<'a> ImportFrom<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::ImportFrom.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `module`.
    pub fn module(self) -> Option<&'a str> {
        self.0.name_of(self.0.record_word(0))
    }

    /// The field `names`.
    pub fn names(self) -> Fields<'a> {
        self.0.field(Role::Names.into())
    }

    /// The field `level`.
    pub fn level(self) -> u32 {
        self.0.record_word(1)
    }
}

/// A `Global`.
#[derive(Clone, Copy, Debug)]
pub struct Global<'a>(Node<'a>);

impl<'a> Global<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Global.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `names`.
    pub fn names(self) -> Names<'a> {
        self.0.names_of(self.0.record_list(0))
    }
}

/// A `Nonlocal`.
#[derive(Clone, Copy, Debug)]
pub struct Nonlocal<'a>(Node<'a>);

impl<'a> Nonlocal<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Nonlocal.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `names`.
    pub fn names(self) -> Names<'a> {
        self.0.names_of(self.0.record_list(0))
    }
}

/// An `Expr`.
#[derive(Clone, Copy, Debug)]
pub struct Expr<'a>(Node<'a>);

impl<'a> Expr<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Expr.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }
}

/// A `Pass`.
#[derive(Clone, Copy, Debug)]
pub struct Pass<'a>(Node<'a>);

impl<'a> Pass<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Pass.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }
}

/// A `Break`.
#[derive(Clone, Copy, Debug)]
pub struct Break<'a>(Node<'a>);

impl<'a> Break<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Break.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }
}

/// A `Continue`.
#[derive(Clone, Copy, Debug)]
pub struct Continue<'a>(Node<'a>);

impl<'a> Continue<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Continue.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }
}

/// A `Print`.
#[derive(Clone, Copy, Debug)]
pub struct Print<'a>(Node<'a>);

impl<'a> Print<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Print.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `dest`.
    pub fn dest(self) -> Option<Node<'a>> {
        self.0.child(Role::Dest.into())
    }

    /// The field `values`.
    pub fn values(self) -> Fields<'a> {
        self.0.field(Role::Values.into())
    }

    /// The field `nl`.
    pub fn nl(self) -> i8 {
        self.0.tiny()
    }
}

/// An `Exec`.
#[derive(Clone, Copy, Debug)]
pub struct Exec<'a>(Node<'a>);

impl<'a> Exec<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Exec.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `body`.
    pub fn body(self) -> Node<'a> {
        self.0.required(Role::Body.into())
    }

    /// The field `globals`.
    pub fn globals(self) -> Option<Node<'a>> {
        self.0.child(Role::Globals.into())
    }

    /// The field `locals`.
    pub fn locals(self) -> Option<Node<'a>> {
        self.0.child(Role::Locals.into())
    }
}

/// A `Raise2`.
#[derive(Clone, Copy, Debug)]
pub struct Raise2<'a>(Node<'a>);

impl<'a> Raise2<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Raise2.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `type`.
    pub fn type_(self) -> Option<Node<'a>> {
        self.0.child(Role::Type.into())
    }

    /// The field `inst`.
    pub fn inst(self) -> Option<Node<'a>> {
        self.0.child(Role::Inst.into())
    }

    /// The field `tback`.
    pub fn tback(self) -> Option<Node<'a>> {
        self.0.child(Role::Tback.into())
    }
}

/// A `BoolOp`.
#[derive(Clone, Copy, Debug)]
pub struct BoolOp<'a>(Node<'a>);

impl<'a> BoolOp<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::BoolOp.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `op`.
    pub fn op(self) -> Boolop {
        Boolop::from_flag(self.0.flag()).unwrap_or(Boolop::ALL[0])
    }

    /// The field `values`.
    pub fn values(self) -> Fields<'a> {
        self.0.field(Role::Values.into())
    }
}

/// A `NamedExpr`.
#[derive(Clone, Copy, Debug)]
pub struct NamedExpr<'a>(Node<'a>);

impl<'a> NamedExpr<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::NamedExpr.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `target`.
    pub fn target(self) -> Node<'a> {
        self.0.required(Role::Target.into())
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }
}

/// A `BinOp`.
#[derive(Clone, Copy, Debug)]
pub struct BinOp<'a>(Node<'a>);

impl<'a> BinOp<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::BinOp.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `left`.
    pub fn left(self) -> Node<'a> {
        self.0.required(Role::Left.into())
    }

    /// The field `op`.
    pub fn op(self) -> Operator {
        Operator::from_flag(self.0.flag()).unwrap_or(Operator::ALL[0])
    }

    /// The field `right`.
    pub fn right(self) -> Node<'a> {
        self.0.required(Role::Right.into())
    }
}

/// An `UnaryOp`.
#[derive(Clone, Copy, Debug)]
pub struct UnaryOp<'a>(Node<'a>);

impl<'a> UnaryOp<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::UnaryOp.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `op`.
    pub fn op(self) -> Unaryop {
        Unaryop::from_flag(self.0.flag()).unwrap_or(Unaryop::ALL[0])
    }

    /// The field `operand`.
    pub fn operand(self) -> Node<'a> {
        self.0.required(Role::Operand.into())
    }
}

/// A `Lambda`.
#[derive(Clone, Copy, Debug)]
pub struct Lambda<'a>(Node<'a>);

impl<'a> Lambda<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Lambda.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `args`.
    pub fn args(self) -> Node<'a> {
        self.0.required(Role::Args.into())
    }

    /// The field `body`.
    pub fn body(self) -> Node<'a> {
        self.0.required(Role::Body.into())
    }
}

/// An `IfExp`.
#[derive(Clone, Copy, Debug)]
pub struct IfExp<'a>(Node<'a>);

impl<'a> IfExp<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::IfExp.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `test`.
    pub fn test(self) -> Node<'a> {
        self.0.required(Role::Test.into())
    }

    /// The field `body`.
    pub fn body(self) -> Node<'a> {
        self.0.required(Role::Body.into())
    }

    /// The field `orelse`.
    pub fn orelse(self) -> Node<'a> {
        self.0.required(Role::Orelse.into())
    }
}

/// A `Dict`.
#[derive(Clone, Copy, Debug)]
pub struct Dict<'a>(Node<'a>);

impl<'a> Dict<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Dict.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `keys`.
    pub fn keys(self) -> Vec<Option<Node<'a>>> {
        self.0.list_with_holes(Role::Keys.into())
    }

    /// The field `values`.
    pub fn values(self) -> Fields<'a> {
        self.0.field(Role::Values.into())
    }
}

/// A `Set`.
#[derive(Clone, Copy, Debug)]
pub struct Set<'a>(Node<'a>);

impl<'a> Set<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Set.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `elts`.
    pub fn elts(self) -> Fields<'a> {
        self.0.field(Role::Elts.into())
    }
}

/// A `ListComp`.
#[derive(Clone, Copy, Debug)]
pub struct ListComp<'a>(Node<'a>);

impl<'a> ListComp<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::ListComp.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `elt`.
    pub fn elt(self) -> Node<'a> {
        self.0.required(Role::Elt.into())
    }

    /// The field `generators`.
    pub fn generators(self) -> Fields<'a> {
        self.0.field(Role::Generators.into())
    }
}

/// A `SetComp`.
#[derive(Clone, Copy, Debug)]
pub struct SetComp<'a>(Node<'a>);

impl<'a> SetComp<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::SetComp.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `elt`.
    pub fn elt(self) -> Node<'a> {
        self.0.required(Role::Elt.into())
    }

    /// The field `generators`.
    pub fn generators(self) -> Fields<'a> {
        self.0.field(Role::Generators.into())
    }
}

/// A `DictComp`.
#[derive(Clone, Copy, Debug)]
pub struct DictComp<'a>(Node<'a>);

impl<'a> DictComp<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::DictComp.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `key`.
    pub fn key(self) -> Node<'a> {
        self.0.required(Role::Key.into())
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }

    /// The field `generators`.
    pub fn generators(self) -> Fields<'a> {
        self.0.field(Role::Generators.into())
    }
}

/// A `GeneratorExp`.
#[derive(Clone, Copy, Debug)]
pub struct GeneratorExp<'a>(Node<'a>);

impl<'a> GeneratorExp<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::GeneratorExp.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `elt`.
    pub fn elt(self) -> Node<'a> {
        self.0.required(Role::Elt.into())
    }

    /// The field `generators`.
    pub fn generators(self) -> Fields<'a> {
        self.0.field(Role::Generators.into())
    }
}

/// An `Await`.
#[derive(Clone, Copy, Debug)]
pub struct Await<'a>(Node<'a>);

impl<'a> Await<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Await.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }
}

/// A `Yield`.
#[derive(Clone, Copy, Debug)]
pub struct Yield<'a>(Node<'a>);

impl<'a> Yield<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Yield.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Option<Node<'a>> {
        self.0.child(Role::Value.into())
    }
}

/// A `YieldFrom`.
#[derive(Clone, Copy, Debug)]
pub struct YieldFrom<'a>(Node<'a>);

impl<'a> YieldFrom<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::YieldFrom.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }
}

/// A `Compare`.
#[derive(Clone, Copy, Debug)]
pub struct Compare<'a>(Node<'a>);

impl<'a> Compare<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Compare.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `left`.
    pub fn left(self) -> Node<'a> {
        self.0.required(Role::Left.into())
    }

    /// The field `ops`.
    pub fn ops(self) -> impl Iterator<Item = Cmpop> + 'a {
        self.0.record_list(0).iter().filter_map(|it| Cmpop::from_flag(u8::try_from(*it).ok()?))
    }

    /// The field `comparators`.
    pub fn comparators(self) -> Fields<'a> {
        self.0.field(Role::Comparators.into())
    }
}

/// A `Call`.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a>(Node<'a>);

impl<'a> Call<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Call.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `func`.
    pub fn func(self) -> Node<'a> {
        self.0.required(Role::Func.into())
    }

    /// The field `args`.
    pub fn args(self) -> Fields<'a> {
        self.0.field(Role::Args.into())
    }

    /// The field `keywords`.
    pub fn keywords(self) -> Fields<'a> {
        self.0.field(Role::Keywords.into())
    }
}

/// A `FormattedValue`.
#[derive(Clone, Copy, Debug)]
pub struct FormattedValue<'a>(Node<'a>);

impl<'a> FormattedValue<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::FormattedValue.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }

    /// The field `conversion`.
    pub fn conversion(self) -> i8 {
        self.0.tiny()
    }

    /// The field `format_spec`.
    pub fn format_spec(self) -> Option<Node<'a>> {
        self.0.child(Role::FormatSpec.into())
    }
}

/// An `Interpolation`.
#[derive(Clone, Copy, Debug)]
pub struct Interpolation<'a>(Node<'a>);

impl<'a> Interpolation<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Interpolation.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }

    /// The field `str`.
    pub fn str(self) -> &'a constant::Constant {
        self.0.constant_of(self.0.aux())
    }

    /// The field `conversion`.
    pub fn conversion(self) -> i8 {
        self.0.tiny()
    }

    /// The field `format_spec`.
    pub fn format_spec(self) -> Option<Node<'a>> {
        self.0.child(Role::FormatSpec.into())
    }
}

/// A `JoinedStr`.
#[derive(Clone, Copy, Debug)]
pub struct JoinedStr<'a>(Node<'a>);

impl<'a> JoinedStr<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::JoinedStr.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `values`.
    pub fn values(self) -> Fields<'a> {
        self.0.field(Role::Values.into())
    }
}

/// A `TemplateStr`.
#[derive(Clone, Copy, Debug)]
pub struct TemplateStr<'a>(Node<'a>);

impl<'a> TemplateStr<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::TemplateStr.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `values`.
    pub fn values(self) -> Fields<'a> {
        self.0.field(Role::Values.into())
    }
}

/// A `Constant`.
#[derive(Clone, Copy, Debug)]
pub struct Constant<'a>(Node<'a>);

impl<'a> Constant<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Constant.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> &'a constant::Constant {
        self.0.constant_of(self.0.aux())
    }

    /// The field `kind`.
    pub fn kind(self) -> Option<StringKind> {
        StringKind::from_flag(self.0.flag())
    }
}

/// An `Attribute`.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a>(Node<'a>);

impl<'a> Attribute<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Attribute.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }

    /// The field `attr`.
    pub fn attr(self) -> &'a str {
        self.0.name_of(self.0.aux()).unwrap_or_default()
    }

    /// The field `ctx`.
    pub fn ctx(self) -> ExprContext {
        ExprContext::from_flag(self.0.flag()).unwrap_or(ExprContext::ALL[0])
    }
}

/// A `Subscript`.
#[derive(Clone, Copy, Debug)]
pub struct Subscript<'a>(Node<'a>);

impl<'a> Subscript<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Subscript.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }

    /// The field `slice`.
    pub fn slice(self) -> Node<'a> {
        self.0.required(Role::Slice.into())
    }

    /// The field `ctx`.
    pub fn ctx(self) -> ExprContext {
        ExprContext::from_flag(self.0.flag()).unwrap_or(ExprContext::ALL[0])
    }
}

/// A `Starred`.
#[derive(Clone, Copy, Debug)]
pub struct Starred<'a>(Node<'a>);

impl<'a> Starred<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Starred.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }

    /// The field `ctx`.
    pub fn ctx(self) -> ExprContext {
        ExprContext::from_flag(self.0.flag()).unwrap_or(ExprContext::ALL[0])
    }
}

/// A `Name`.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a>(Node<'a>);

impl<'a> Name<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Name.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `id`.
    pub fn id(self) -> &'a str {
        self.0.name_of(self.0.aux()).unwrap_or_default()
    }

    /// The field `ctx`.
    pub fn ctx(self) -> ExprContext {
        ExprContext::from_flag(self.0.flag()).unwrap_or(ExprContext::ALL[0])
    }
}

/// A `List`.
#[derive(Clone, Copy, Debug)]
pub struct List<'a>(Node<'a>);

impl<'a> List<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::List.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `elts`.
    pub fn elts(self) -> Fields<'a> {
        self.0.field(Role::Elts.into())
    }

    /// The field `ctx`.
    pub fn ctx(self) -> ExprContext {
        ExprContext::from_flag(self.0.flag()).unwrap_or(ExprContext::ALL[0])
    }
}

/// A `Tuple`.
#[derive(Clone, Copy, Debug)]
pub struct Tuple<'a>(Node<'a>);

impl<'a> Tuple<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Tuple.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `elts`.
    pub fn elts(self) -> Fields<'a> {
        self.0.field(Role::Elts.into())
    }

    /// The field `ctx`.
    pub fn ctx(self) -> ExprContext {
        ExprContext::from_flag(self.0.flag()).unwrap_or(ExprContext::ALL[0])
    }
}

/// A `Slice`.
#[derive(Clone, Copy, Debug)]
pub struct Slice<'a>(Node<'a>);

impl<'a> Slice<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Slice.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `lower`.
    pub fn lower(self) -> Option<Node<'a>> {
        self.0.child(Role::Lower.into())
    }

    /// The field `upper`.
    pub fn upper(self) -> Option<Node<'a>> {
        self.0.child(Role::Upper.into())
    }

    /// The field `step`.
    pub fn step(self) -> Option<Node<'a>> {
        self.0.child(Role::Step.into())
    }
}

/// A `Repr`.
#[derive(Clone, Copy, Debug)]
pub struct Repr<'a>(Node<'a>);

impl<'a> Repr<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Repr.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }
}

/// A `comprehension`.
#[derive(Clone, Copy, Debug)]
pub struct Comprehension<'a>(Node<'a>);

impl<'a> Comprehension<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Comprehension.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `target`.
    pub fn target(self) -> Node<'a> {
        self.0.required(Role::Target.into())
    }

    /// The field `iter`.
    pub fn iter(self) -> Node<'a> {
        self.0.required(Role::Iter.into())
    }

    /// The field `ifs`.
    pub fn ifs(self) -> Fields<'a> {
        self.0.field(Role::Ifs.into())
    }

    /// The field `is_async`.
    pub fn is_async(self) -> i8 {
        self.0.tiny()
    }
}

/// An `ExceptHandler`.
#[derive(Clone, Copy, Debug)]
pub struct ExceptHandler<'a>(Node<'a>);

impl<'a> ExceptHandler<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::ExceptHandler.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `type`.
    pub fn type_(self) -> Option<Node<'a>> {
        self.0.child(Role::Type.into())
    }

    /// The field `name`.
    pub fn name(self) -> Option<&'a str> {
        self.0.name_of(self.0.aux())
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }
}

/// An `arguments`.
#[derive(Clone, Copy, Debug)]
pub struct Arguments<'a>(Node<'a>);

impl<'a> Arguments<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Arguments.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `posonlyargs`.
    pub fn posonlyargs(self) -> Fields<'a> {
        self.0.field(Role::Posonlyargs.into())
    }

    /// The field `args`.
    pub fn args(self) -> Fields<'a> {
        self.0.field(Role::Args.into())
    }

    /// The field `vararg`.
    pub fn vararg(self) -> Option<Node<'a>> {
        self.0.child(Role::Vararg.into())
    }

    /// The field `kwonlyargs`.
    pub fn kwonlyargs(self) -> Fields<'a> {
        self.0.field(Role::Kwonlyargs.into())
    }

    /// The field `kw_defaults`.
    pub fn kw_defaults(self) -> Vec<Option<Node<'a>>> {
        self.0.list_with_holes(Role::KwDefaults.into())
    }

    /// The field `kwarg`.
    pub fn kwarg(self) -> Option<Node<'a>> {
        self.0.child(Role::Kwarg.into())
    }

    /// The field `defaults`.
    pub fn defaults(self) -> Fields<'a> {
        self.0.field(Role::Defaults.into())
    }
}

/// An `arg`.
#[derive(Clone, Copy, Debug)]
pub struct Arg<'a>(Node<'a>);

impl<'a> Arg<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Arg.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `arg`.
    pub fn arg(self) -> &'a str {
        self.0.name_of(self.0.aux()).unwrap_or_default()
    }

    /// The field `annotation`.
    pub fn annotation(self) -> Option<Node<'a>> {
        self.0.child(Role::Annotation.into())
    }
}

/// A `keyword`.
#[derive(Clone, Copy, Debug)]
pub struct Keyword<'a>(Node<'a>);

impl<'a> Keyword<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Keyword.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `arg`.
    pub fn arg(self) -> Option<&'a str> {
        self.0.name_of(self.0.aux())
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }
}

/// An `alias`.
#[derive(Clone, Copy, Debug)]
pub struct Alias<'a>(Node<'a>);

impl<'a> Alias<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Alias.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `name`.
    pub fn name(self) -> &'a str {
        self.0.name_of(self.0.record_word(0)).unwrap_or_default()
    }

    /// The field `asname`.
    pub fn asname(self) -> Option<&'a str> {
        self.0.name_of(self.0.record_word(1))
    }
}

/// A `withitem`.
#[derive(Clone, Copy, Debug)]
pub struct Withitem<'a>(Node<'a>);

impl<'a> Withitem<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Withitem.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `context_expr`.
    pub fn context_expr(self) -> Node<'a> {
        self.0.required(Role::ContextExpr.into())
    }

    /// The field `optional_vars`.
    pub fn optional_vars(self) -> Option<Node<'a>> {
        self.0.child(Role::OptionalVars.into())
    }
}

/// A `match_case`.
#[derive(Clone, Copy, Debug)]
pub struct MatchCase<'a>(Node<'a>);

impl<'a> MatchCase<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::MatchCase.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `pattern`.
    pub fn pattern(self) -> Node<'a> {
        self.0.required(Role::Pattern.into())
    }

    /// The field `guard`.
    pub fn guard(self) -> Option<Node<'a>> {
        self.0.child(Role::Guard.into())
    }

    /// The field `body`.
    pub fn body(self) -> Fields<'a> {
        self.0.field(Role::Body.into())
    }
}

/// A `MatchValue`.
#[derive(Clone, Copy, Debug)]
pub struct MatchValue<'a>(Node<'a>);

impl<'a> MatchValue<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::MatchValue.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> Node<'a> {
        self.0.required(Role::Value.into())
    }
}

/// A `MatchSingleton`.
#[derive(Clone, Copy, Debug)]
pub struct MatchSingleton<'a>(Node<'a>);

impl<'a> MatchSingleton<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::MatchSingleton.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> &'a constant::Constant {
        self.0.constant_of(self.0.aux())
    }
}

/// A `MatchSequence`.
#[derive(Clone, Copy, Debug)]
pub struct MatchSequence<'a>(Node<'a>);

impl<'a> MatchSequence<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::MatchSequence.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `patterns`.
    pub fn patterns(self) -> Fields<'a> {
        self.0.field(Role::Patterns.into())
    }
}

/// A `MatchMapping`.
#[derive(Clone, Copy, Debug)]
pub struct MatchMapping<'a>(Node<'a>);

impl<'a> MatchMapping<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::MatchMapping.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `keys`.
    pub fn keys(self) -> Fields<'a> {
        self.0.field(Role::Keys.into())
    }

    /// The field `patterns`.
    pub fn patterns(self) -> Fields<'a> {
        self.0.field(Role::Patterns.into())
    }

    /// The field `rest`.
    pub fn rest(self) -> Option<&'a str> {
        self.0.name_of(self.0.aux())
    }
}

/// A `MatchClass`.
#[derive(Clone, Copy, Debug)]
pub struct MatchClass<'a>(Node<'a>);

impl<'a> MatchClass<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::MatchClass.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `cls`.
    pub fn cls(self) -> Node<'a> {
        self.0.required(Role::Cls.into())
    }

    /// The field `patterns`.
    pub fn patterns(self) -> Fields<'a> {
        self.0.field(Role::Patterns.into())
    }

    /// The field `kwd_attrs`.
    pub fn kwd_attrs(self) -> Names<'a> {
        self.0.names_of(self.0.record_list(0))
    }

    /// The field `kwd_patterns`.
    pub fn kwd_patterns(self) -> Fields<'a> {
        self.0.field(Role::KwdPatterns.into())
    }
}

/// A `MatchStar`.
#[derive(Clone, Copy, Debug)]
pub struct MatchStar<'a>(Node<'a>);

impl<'a> MatchStar<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::MatchStar.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `name`.
    pub fn name(self) -> Option<&'a str> {
        self.0.name_of(self.0.aux())
    }
}

/// A `MatchAs`.
#[derive(Clone, Copy, Debug)]
pub struct MatchAs<'a>(Node<'a>);

impl<'a> MatchAs<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::MatchAs.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `pattern`.
    pub fn pattern(self) -> Option<Node<'a>> {
        self.0.child(Role::Pattern.into())
    }

    /// The field `name`.
    pub fn name(self) -> Option<&'a str> {
        self.0.name_of(self.0.aux())
    }
}

/// A `MatchOr`.
#[derive(Clone, Copy, Debug)]
pub struct MatchOr<'a>(Node<'a>);

impl<'a> MatchOr<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::MatchOr.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `patterns`.
    pub fn patterns(self) -> Fields<'a> {
        self.0.field(Role::Patterns.into())
    }
}

/// A `TypeVar`.
#[derive(Clone, Copy, Debug)]
pub struct TypeVar<'a>(Node<'a>);

impl<'a> TypeVar<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::TypeVar.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `name`.
    pub fn name(self) -> &'a str {
        self.0.name_of(self.0.aux()).unwrap_or_default()
    }

    /// The field `bound`.
    pub fn bound(self) -> Option<Node<'a>> {
        self.0.child(Role::Bound.into())
    }

    /// The field `default_value`.
    pub fn default_value(self) -> Option<Node<'a>> {
        self.0.child(Role::DefaultValue.into())
    }
}

/// A `ParamSpec`.
#[derive(Clone, Copy, Debug)]
pub struct ParamSpec<'a>(Node<'a>);

impl<'a> ParamSpec<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::ParamSpec.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `name`.
    pub fn name(self) -> &'a str {
        self.0.name_of(self.0.aux()).unwrap_or_default()
    }

    /// The field `default_value`.
    pub fn default_value(self) -> Option<Node<'a>> {
        self.0.child(Role::DefaultValue.into())
    }
}

/// A `TypeVarTuple`.
#[derive(Clone, Copy, Debug)]
pub struct TypeVarTuple<'a>(Node<'a>);

impl<'a> TypeVarTuple<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::TypeVarTuple.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `name`.
    pub fn name(self) -> &'a str {
        self.0.name_of(self.0.aux()).unwrap_or_default()
    }

    /// The field `default_value`.
    pub fn default_value(self) -> Option<Node<'a>> {
        self.0.child(Role::DefaultValue.into())
    }
}

/// An `Error`.
#[derive(Clone, Copy, Debug)]
pub struct Error<'a>(Node<'a>);

impl<'a> Error<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Error.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }

    /// The field `value`.
    pub fn value(self) -> &'a constant::Constant {
        self.0.constant_of(self.0.aux())
    }

    /// The field `recovered`.
    pub fn recovered(self) -> Fields<'a> {
        self.0.field(Role::Recovered.into())
    }
}

/// A `Missing`.
#[derive(Clone, Copy, Debug)]
pub struct Missing<'a>(Node<'a>);

impl<'a> Missing<'a> {
    /// Views `node`, if it is of this kind.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Missing.into()).then_some(Self(node))
    }

    /// The node itself.
    pub fn node(self) -> Node<'a> {
        self.0
    }
}
