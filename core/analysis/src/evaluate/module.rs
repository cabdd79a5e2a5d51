//! All that is known of one module's values.

use std::collections::BTreeMap;

use astkit_ast::python::{ExprContext, Kind, Role as Field, kind, view};
use astkit_ast::{Node, NodeId};

use super::{Evaluated, Evaluator, Known, Program, Thing};
use crate::constants::Value;
use crate::literals::literal_value;
use crate::scopes::{Role, ScopeId};

/// The values of a module.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ModuleValues {
    /// The outermost expressions that have a value and are no literals, in the order of the text within each definition.
    pub expressions: Vec<(NodeId, Value)>,
    /// Global variables that are assigned or imported, with the values that they have when the module has run; without
    /// those that are modules.
    pub globals: BTreeMap<Box<str>, Evaluated>,
}

/// The values of a module; empty if it has no text.
pub fn module_values(program: &dyn Program<'_>, known: &Known, name: &str) -> ModuleValues {
    let mut evaluator = Evaluator::new(program, known);
    let Some(at) = evaluator.module(name) else { return ModuleValues::default() };
    ModuleValues { expressions: evaluator.expressions(at), globals: evaluator.globals(at) }
}

impl Evaluator<'_, '_> {
    fn expressions(&mut self, at: usize) -> Vec<(NodeId, Value)> {
        let (mut out, mut stack) = (Vec::new(), vec![self.modules[at].module.tree.root()]);
        while let Some(node) = stack.pop() {
            if is_hint(node) {
                continue;
            }
            if may_have_value(node) && literal_value(node).is_none() {
                if let Ok(value) = self.value(at, node) {
                    out.push((node.id(), value));
                    continue;
                }
            } else if kind(node) == Kind::Constant {
                continue;
            }
            stack.extend(node.children());
        }
        out.sort_by_key(|it| it.0);
        out
    }

    fn globals(&mut self, at: usize) -> BTreeMap<Box<str>, Evaluated> {
        let module = &self.modules[at].module;
        let mut names: Vec<Box<str>> = Vec::new();
        for (_, it) in module.chains.definitions().filter(|it| it.1.is_live) {
            let is_value = matches!(it.role, Some(Role::Store | Role::Import));
            let symbol = it.variable.map(|it| module.scopes.symbol(it));
            if let Some(symbol) = symbol.filter(|it| is_value && it.scope == ScopeId(0)) {
                names.push(module.scopes.text(symbol.name).into());
            }
        }
        names.sort_unstable();
        names.dedup();
        let root = module.tree.root();
        let mut out = BTreeMap::new();
        for name in names {
            let found = match self.global(at, &name) {
                Ok(Some(Thing::Module(_)) | None) => continue,
                Ok(Some(it)) => self.value_of(at, root, it),
                Err(why) => Err(why),
            };
            out.insert(name, found);
        }
        out
    }
}

/// Whether a node is a hint, which is evaluated at another time, or never.
fn is_hint(node: Node<'_>) -> bool {
    node.role() == Field::Annotation.into() || node.role() == Field::Returns.into()
}

fn may_have_value(node: Node<'_>) -> bool {
    match kind(node) {
        Kind::Name => view::Name::cast(node).is_some_and(|it| it.ctx() == ExprContext::Load),
        Kind::Attribute => view::Attribute::cast(node).is_some_and(|it| it.ctx() == ExprContext::Load),
        Kind::Subscript => view::Subscript::cast(node).is_some_and(|it| it.ctx() == ExprContext::Load),
        Kind::Tuple => view::Tuple::cast(node).is_some_and(|it| it.ctx() == ExprContext::Load),
        Kind::List => view::List::cast(node).is_some_and(|it| it.ctx() == ExprContext::Load),
        Kind::Set
        | Kind::Dict
        | Kind::UnaryOp
        | Kind::BinOp
        | Kind::BoolOp
        | Kind::Compare
        | Kind::IfExp
        | Kind::NamedExpr
        | Kind::JoinedStr
        | Kind::Call => true,
        _ => false,
    }
}
