//! New code as data: nodes that do not exist yet, with nodes of the edited tree among them.
//!
//! Children stand in source order, as everywhere: decorators before parameters, a default behind its parameter.

use astkit_ast::python::{self, ExprContext, Kind, Operator, Role};
use astkit_ast::tree::{Node, NodeId};
use astkit_ast::{Constant, schema::FieldType, schema::Storage};

/// Code: a node of the tree that is edited, or a new one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Code {
    /// A node of the tree, with the edits within it.
    Kept(NodeId),
    /// A new node.
    New(Box<New>),
}

/// A node that does not exist yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct New {
    /// Its kind.
    pub kind: Kind,
    /// Its byte: a context, an operator, `simple`.
    pub flag: u8,
    /// Its other scalars, in the order of the schema.
    pub scalars: Vec<Scalar>,
    /// Its children in source order.
    pub children: Vec<(Role, Code)>,
}

/// A scalar of a node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Scalar {
    /// A name, or that there is none.
    Name(Option<Box<str>>),
    /// A list of names.
    Names(Vec<Box<str>>),
    /// A constant.
    Constant(Constant),
    /// A number.
    Number(u32),
    /// A list of numbers: operators.
    Numbers(Vec<u32>),
}

impl Code {
    /// A new node.
    pub fn new(kind: Kind, children: impl IntoIterator<Item = (Role, Code)>) -> Self {
        Self::with(kind, 0, Vec::new(), children)
    }

    /// A new node with scalars.
    pub fn with(
        kind: Kind,
        flag: u8,
        scalars: Vec<Scalar>,
        children: impl IntoIterator<Item = (Role, Code)>,
    ) -> Self {
        Self::New(Box::new(New { kind, flag, scalars, children: children.into_iter().collect() }))
    }

    /// A node of the tree.
    pub fn kept(node: Node<'_>) -> Self {
        Self::Kept(node.id())
    }

    /// The same code for a tree in which every node is the one that `place` tells.
    pub(crate) fn moved(&self, place: &dyn Fn(NodeId) -> NodeId) -> Self {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.moved_on(place))
    }

    fn moved_on(&self, place: &dyn Fn(NodeId) -> NodeId) -> Self {
        match self {
            Self::Kept(node) => Self::Kept(place(*node)),
            Self::New(new) => {
                let New { kind, flag, scalars, children } = &**new;
                let children = children.iter().map(|(role, it)| (*role, it.moved(place))).collect();
                Self::New(Box::new(New { kind: *kind, flag: *flag, scalars: scalars.clone(), children }))
            }
        }
    }

    /// A copy of a node of another tree.
    pub fn copy(node: Node<'_>) -> Self {
        let children = node.children().filter_map(|it| {
            let role = Role::ALL.into_iter().find(|role| it.role() == (*role).into())?;
            Some((role, stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || Self::copy(it))))
        });
        Self::with(python::kind(node), node.flag(), Scalar::of(node), children)
    }

    /// A name that is read.
    pub fn name(name: &str) -> Self {
        Self::name_in(name, ExprContext::Load)
    }

    /// A name that is bound.
    pub fn target(name: &str) -> Self {
        Self::name_in(name, ExprContext::Store)
    }

    fn name_in(name: &str, context: ExprContext) -> Self {
        Self::with(Kind::Name, context as u8, vec![Scalar::name(name)], [])
    }

    /// A constant.
    pub fn constant(value: Constant) -> Self {
        Self::with(Kind::Constant, 0, vec![Scalar::Constant(value)], [])
    }

    /// A text.
    pub fn text(text: &str) -> Self {
        Self::constant(Constant::Str(text.into()))
    }

    /// An attribute that is read; `a.b.c` may be given as one text.
    pub fn attribute(value: Code, names: &str) -> Self {
        names.split('.').fold(value, |value, name| {
            let scalars = vec![Scalar::name(name)];
            Self::with(Kind::Attribute, ExprContext::Load as u8, scalars, [(Role::Value, value)])
        })
    }

    /// An attribute that is bound.
    pub fn attribute_target(value: Code, name: &str) -> Self {
        let scalars = vec![Scalar::name(name)];
        Self::with(Kind::Attribute, ExprContext::Store as u8, scalars, [(Role::Value, value)])
    }

    /// A call with positional arguments.
    pub fn call(function: Code, arguments: impl IntoIterator<Item = Code>) -> Self {
        let arguments = arguments.into_iter().map(|it| (Role::Args, it));
        Self::new(Kind::Call, std::iter::once((Role::Func, function)).chain(arguments))
    }

    /// A tuple.
    pub fn tuple(elements: impl IntoIterator<Item = Code>) -> Self {
        let elements = elements.into_iter().map(|it| (Role::Elts, it));
        Self::with(Kind::Tuple, ExprContext::Load as u8, Vec::new(), elements)
    }

    /// An operation of two operands.
    pub fn binary(left: Code, operator: Operator, right: Code) -> Self {
        let children = [(Role::Left, left), (Role::Right, right)];
        Self::with(Kind::BinOp, operator as u8, Vec::new(), children)
    }

    /// An assignment to one target.
    pub fn assign(target: Code, value: Code) -> Self {
        Self::new(Kind::Assign, [(Role::Targets, target), (Role::Value, value)])
    }

    /// An expression as a statement.
    pub fn expression(value: Code) -> Self {
        Self::new(Kind::Expr, [(Role::Value, value)])
    }

    /// `return value`.
    pub fn return_(value: Code) -> Self {
        Self::new(Kind::Return, [(Role::Value, value)])
    }

    /// `pass`.
    pub fn pass() -> Self {
        Self::new(Kind::Pass, [])
    }

    /// `if test:`, without `else`.
    pub fn if_(test: Code, body: impl IntoIterator<Item = Code>) -> Self {
        let body = body.into_iter().map(|it| (Role::Body, it));
        Self::new(Kind::If, std::iter::once((Role::Test, test)).chain(body))
    }
}

impl Scalar {
    /// A name.
    pub fn name(name: &str) -> Self {
        Self::Name(Some(name.into()))
    }

    /// The scalars of a node of Python's schema that are not in its byte, in the order of the schema.
    pub fn of(node: Node<'_>) -> Vec<Scalar> {
        let mut out = Vec::new();
        for field in &node.kind_def().fields {
            let (word, list) = match field.storage {
                Storage::Aux => (node.aux(), None),
                Storage::Record(at) if field.arity == astkit_ast::schema::Arity::Many => {
                    (0, Some(node.record_list(at)))
                }
                Storage::Record(at) => (node.record_word(at), None),
                Storage::Child(_) | Storage::Flag | Storage::Nowhere => continue,
            };
            out.push(match (&field.ty, list) {
                (FieldType::Identifier, Some(names)) => {
                    Self::Names(node.names_of(names).map(Into::into).collect())
                }
                (_, Some(numbers)) => Self::Numbers(numbers.to_vec()),
                (FieldType::Identifier, None) => Self::Name(node.name_of(word).map(Into::into)),
                (FieldType::Constant, None) => Self::Constant(node.constant_of(word).clone()),
                _ => Self::Number(word),
            });
        }
        out
    }
}

/// Whether a kind is that of a statement.
pub(crate) fn is_statement(kind: Kind) -> bool {
    let schema = python::schema();
    let of = |kind: Kind| schema.kinds.get(kind as usize).map(|it| it.sum);
    of(kind).is_some() && of(kind) == of(Kind::Pass)
}
