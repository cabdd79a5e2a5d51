//! Uses that leave a list, dict or set as it is, and do not hand it on.

use astkit_ast::python::{ExprContext, Kind, Operator, Role as Field, kind, view};
use astkit_ast::{Node, NodeId};

use super::Evaluator;
use crate::constants::Value;
use crate::def_use::DefinitionId;
use crate::scopes::Role;

/// Builtins that only look at what they are given.
const LOOK: [&str; 21] = [
    "all",
    "any",
    "bool",
    "dict",
    "enumerate",
    "frozenset",
    "isinstance",
    "len",
    "list",
    "max",
    "min",
    "print",
    "range",
    "repr",
    "reversed",
    "set",
    "sorted",
    "str",
    "sum",
    "tuple",
    "zip",
];

/// Methods of lists, dicts and sets that only look at them.
const LOOK_AT_SELF: [&str; 15] = [
    "copy",
    "count",
    "difference",
    "get",
    "index",
    "intersection",
    "isdisjoint",
    "issubset",
    "issuperset",
    "items",
    "keys",
    "symmetric_difference",
    "union",
    "values",
    "__contains__",
];

impl<'a> Evaluator<'a, '_> {
    /// A use of a definition's value that may change it, or hands it on to who may.
    pub(super) fn changes(&self, at: usize, definition: DefinitionId, value: &Value) -> Option<NodeId> {
        let module = &self.modules[at].module;
        // What is in it may be changed by who takes it out.
        let is_deep = match value {
            Value::Dict(items) => items.iter().any(|it| !it.1.can_be_key()),
            Value::Tuple(items) | Value::List(items) => items.iter().any(|it| !it.can_be_key()),
            _ => false,
        };
        let users = module.chains.users(definition).iter().map(|it| module.chains.use_(*it));
        for use_ in users {
            let occurrence = module.scopes.occurrence(use_.occurrence);
            let node = module.tree.node(use_.node);
            let looks = occurrence.role == Role::Del || self.looks(at, node, is_deep);
            if !looks {
                return Some(use_.node);
            }
        }
        None
    }

    /// Whether what stands around a name only looks at its value.
    fn looks(&self, at: usize, name: Node<'a>, is_deep: bool) -> bool {
        let tree = name.tree();
        let mut around = tree.own_parents(name.id()).unwrap_or_default();
        let Some(parent) = around.pop().map(|index| tree.node(NodeId { def: name.id().def, index })) else {
            return false;
        };
        let outer = around.pop().map(|index| tree.node(NodeId { def: name.id().def, index }));
        let is = |role: Field| name.role() == role.into();
        match kind(parent) {
            Kind::Compare | Kind::FormattedValue => true,
            Kind::UnaryOp | Kind::If | Kind::While | Kind::Assert => true,
            Kind::IfExp => is(Field::Test),
            Kind::AugAssign => !is_deep,
            Kind::BinOp => !is_deep && view::BinOp::cast(parent).is_some_and(|it| it.op() != Operator::Mod),
            Kind::For | Kind::AsyncFor | Kind::Comprehension => !is_deep && is(Field::Iter),
            Kind::Subscript => {
                let loads = view::Subscript::cast(parent).is_some_and(|it| it.ctx() == ExprContext::Load);
                loads && is(Field::Value) && !is_deep
            }
            Kind::Call => {
                let call = view::Call::cast(parent);
                let function = call.and_then(|it| self.builtin_name(at, it.func()));
                !is_deep && is(Field::Args) && function.is_some_and(|it| LOOK.contains(&it))
            }
            Kind::Attribute => {
                let method = view::Attribute::cast(parent).map(view::Attribute::attr).unwrap_or_default();
                let is_called = outer.and_then(view::Call::cast).is_some_and(|it| it.func() == parent);
                !is_deep && is_called && LOOK_AT_SELF.contains(&method)
            }
            _ => false,
        }
    }
}
