//! Expressions that make lists of names.

use astkit_ast::python::{Kind, Operator, Role as Field, kind, view};
use astkit_ast::{Constant, Node, NodeId, Tree};
use rustc_hash::FxHashMap;

use super::statements::Follower;
use super::{OtherModule, Part, What};
use crate::builtins::is_builtin;
use crate::def_use::{DefinitionId, Use};
use crate::imports::statement_of;
use crate::names::index;
use crate::scopes::{Role, ScopeId};
use crate::truth::truth;

impl<'a> Follower<'a> {
    /// The names that a list, or whatever can be iterated over, holds.
    pub(super) fn evaluate(&mut self, node: Node<'a>) -> Vec<Part> {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.list(node))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "no other kind makes a list that is known")]
    fn list(&mut self, node: Node<'a>) -> Vec<Part> {
        match kind(node) {
            Kind::List | Kind::Tuple | Kind::Set => node.children().flat_map(|it| self.item(it)).collect(),
            Kind::Dict => node.field(Field::Keys.into()).flat_map(|it| self.item(it)).collect(),
            Kind::BinOp if view::BinOp::cast(node).is_some_and(|it| it.op() == Operator::Add) => {
                node.children().flat_map(|it| self.evaluate(it)).collect()
            }
            Kind::Name => self.named(node),
            Kind::Attribute => self.attribute(node),
            Kind::Call => self.call(node),
            Kind::IfExp => self.either(node),
            Kind::ListComp | Kind::SetComp | Kind::GeneratorExp => self.comprehension(node),
            _ => vec![self.opaque(node, "an expression that is not known")],
        }
    }

    /// One item of a list.
    pub(super) fn item(&mut self, node: Node<'a>) -> Vec<Part> {
        if let Some(starred) = view::Starred::cast(node) {
            return self.evaluate(starred.value());
        }
        if let Some(Constant::Str(name)) = view::Constant::cast(node).map(view::Constant::value) {
            return vec![self.part(node, What::Name(name.clone()))];
        }
        let of_definition = view::Attribute::cast(node).filter(|it| it.attr() == "__name__");
        match of_definition.and_then(|it| self.defined_name(it.value())) {
            Some(name) => vec![self.part(node, What::Name(name.into()))],
            None => vec![self.opaque(node, "a name that is computed")],
        }
    }

    /// The name of the definition that a name stands for.
    fn defined_name(&self, node: Node<'a>) -> Option<&'a str> {
        let use_ = self.use_of(node)?;
        let [only] = self.chains.reaching(use_) else { return None };
        let definition = self.chains.definition(*only);
        let is_definition = matches!(definition.role, Some(Role::Def | Role::Class));
        is_definition.then(|| self.scopes.text(definition.name?).into()).flatten()
    }

    pub(super) fn use_of(&self, node: Node<'a>) -> Option<&'a Use> {
        let use_ = self.chains.use_at(self.scopes.occurrence_of(node.id())?)?;
        Some(self.chains.use_(use_))
    }

    fn named(&mut self, node: Node<'a>) -> Vec<Part> {
        let name = view::Name::cast(node).map(view::Name::id).unwrap_or_default();
        match self.lists.get(name) {
            Some(parts) => {
                let also = self.is_conditional;
                let conditions = self.conditions.clone().unwrap_or_default();
                let conditional = |it: &Part| match (it.is_conditional, also) {
                    (false, true) => {
                        Part { is_conditional: true, conditions: conditions.clone(), ..it.clone() }
                    }
                    (true, true) => Part { conditions: Vec::new(), ..it.clone() },
                    (_, false) => it.clone(),
                };
                parts.iter().map(conditional).collect()
            }
            None => vec![self.opaque(node, "a list that is not known")],
        }
    }

    /// `module.__all__`.
    fn attribute(&mut self, node: Node<'a>) -> Vec<Part> {
        let module = view::Attribute::cast(node).filter(|it| it.attr() == "__all__");
        match module.and_then(|it| self.module(it.value())) {
            Some(module) => vec![self.part(node, What::Other(module))],
            None => vec![self.opaque(node, "an attribute that is not known")],
        }
    }

    /// The module that a dotted name stands for, by the import that bound its first part.
    pub(super) fn module(&self, node: Node<'a>) -> Option<OtherModule> {
        let mut rest = Vec::new();
        let mut base = node;
        while let Some(attribute) = view::Attribute::cast(base) {
            rest.push(attribute.attr());
            base = attribute.value();
        }
        let reaching = self.chains.reaching(self.use_of(base)?);
        let is_own = |it: &DefinitionId| self.chains.definition(*it).role.is_some();
        if !reaching.iter().any(is_own) && self.imports_from(view::Name::cast(base)?.id()) {
            // `from .sub import ...` in a package binds `sub` as well.
            rest.push(view::Name::cast(base)?.id());
            rest.reverse();
            return Some(OtherModule { level: 1, name: rest.join(".").into() });
        }
        // A star import brings names with an underscore only where `__all__` has them.
        let is_private = view::Name::cast(base).is_some_and(|it| it.id().starts_with('_'));
        let own: Vec<&DefinitionId> = reaching.iter().filter(|it| !is_private || is_own(it)).collect();
        let [only] = own.as_slice() else { return None };
        let alias = view::Alias::cast(node.tree().node(self.chains.definition(**only).node))?;
        let (level, mut name) = Self::imported(alias, !rest.is_empty())?;
        for part in rest.iter().rev() {
            name.push('.');
            name.push_str(part);
        }
        Some(OtherModule { level, name: name.into() })
    }

    /// Whether the module has a statement `from .name import ...` or `from .name.more import ...`.
    fn imports_from(&self, name: &str) -> bool {
        super::statements::module_statements(self.tree)
            .filter_map(view::ImportFrom::cast)
            .any(|it| it.level() == 1 && it.module().and_then(|it| it.split('.').next()) == Some(name))
    }

    /// The module that an alias binds.
    pub(super) fn imported(alias: view::Alias<'a>, has_more: bool) -> Option<(u32, String)> {
        let statement = statement_of(alias.node())?;
        let Some(from) = view::ImportFrom::cast(statement) else {
            let first = alias.name().split('.').next().unwrap_or_default();
            // `import a.b` binds `a`.
            let whole = alias.asname().is_some() || !has_more;
            return Some((
                0,
                if whole && alias.asname().is_some() { alias.name() } else { first }.to_owned(),
            ));
        };
        let name = match from.module() {
            Some(module) => format!("{module}.{}", alias.name()),
            None => alias.name().to_owned(),
        };
        Some((from.level(), name))
    }

    /// Whether an alias is of `import a`, and not of `from`.
    pub(super) fn is_plain(alias: Node<'a>) -> bool {
        statement_of(alias).is_some_and(|it| kind(it) == Kind::Import)
    }

    fn call(&mut self, node: Node<'a>) -> Vec<Part> {
        let unknown = "a call that is not known";
        let Some(call) = view::Call::cast(node) else { return Vec::new() };
        let arguments: Vec<Node<'a>> = call.args().collect();
        if let Some(method) = view::Attribute::cast(call.func()) {
            return match (method.attr(), arguments.as_slice()) {
                ("split", []) => self.split(method.value()),
                ("copy" | "keys", []) => self.evaluate(method.value()),
                ("values", []) => self.evaluate_values(method.value()),
                _ => vec![self.opaque(node, unknown)],
            };
        }
        let function = view::Name::cast(call.func()).map(view::Name::id).unwrap_or_default();
        let is_shadowed =
            self.scopes.names().find(function).is_some_and(|it| {
                self.scopes.lookup(ScopeId(0), it).is_some_and(|it| self.scopes.is_bound(it))
            });
        match (function, arguments.as_slice()) {
            _ if is_shadowed || !is_builtin(function) => vec![self.opaque(node, unknown)],
            ("list" | "tuple" | "set" | "frozenset", []) => Vec::new(),
            ("list" | "tuple" | "set" | "frozenset" | "sorted" | "reversed", [list]) => self.evaluate(*list),
            ("dir" | "globals" | "locals" | "vars", []) => {
                self.bound_names(node).into_iter().map(|it| it.0).collect()
            }
            _ => vec![self.opaque(node, unknown)],
        }
    }

    /// `"a b c".split()`.
    fn split(&self, text: Node<'a>) -> Vec<Part> {
        match view::Constant::cast(text).map(view::Constant::value) {
            Some(Constant::Str(names)) => {
                names.split_whitespace().map(|it| self.part(text, What::Name(it.into()))).collect()
            }
            _ => vec![self.opaque(text, "a text that is not known")],
        }
    }

    fn either(&mut self, node: Node<'a>) -> Vec<Part> {
        let Some(it) = view::IfExp::cast(node) else { return Vec::new() };
        match truth(it.test(), self.environment) {
            Some(true) => self.evaluate(it.body()),
            Some(false) => self.evaluate(it.orelse()),
            None => {
                let was_conditional = std::mem::replace(&mut self.is_conditional, true);
                let outer = self.conditions.take();
                let mut parts = self.evaluate(it.body());
                parts.extend(self.evaluate(it.orelse()));
                self.is_conditional = was_conditional;
                self.conditions = outer;
                parts
            }
        }
    }

    /// The module's names that are bound before this place.
    pub(super) fn bound_names(&self, node: Node<'a>) -> Vec<(Part, Option<DefinitionId>)> {
        let places = order(self.tree);
        let Some(here) = places.get(&node.id()) else {
            return vec![(self.opaque(node, "a scope of its own"), None)];
        };
        let mut out = Vec::new();
        for (id, definition) in self.chains.definitions().filter(|it| it.1.is_live) {
            // Other scopes' bindings of globals may come at any time.
            let is_before = places.get(&definition.node).is_some_and(|it| it < here);
            if definition.scope != ScopeId(0) || !is_before {
                continue;
            }
            match definition.name {
                None => out.push((self.opaque(node, "names of a star import"), Some(id))),
                Some(name) => {
                    let is_conditional = self.is_conditional
                        || definition.variable.is_some_and(|it| self.chains.may_end_unbound(it));
                    let what = What::Name(self.scopes.text(name).into());
                    let part = self.part(node, what);
                    // What may be unbound for reasons of its own is not decided by where this stands.
                    let conditions =
                        if self.is_conditional == is_conditional { part.conditions } else { Vec::new() };
                    out.push((Part { is_conditional, conditions, ..part }, Some(id)));
                }
            }
        }
        out
    }
}

/// The place of every node of the module's own code in the order of the text.
fn order(tree: &Tree) -> FxHashMap<NodeId, u32> {
    let (mut out, mut stack) = (FxHashMap::default(), vec![tree.root()]);
    while let Some(node) = stack.pop() {
        out.insert(node.id(), index(out.len()));
        if !node.is_def() || node == tree.root() {
            let first = stack.len();
            stack.extend(node.children());
            stack[first..].reverse();
        }
    }
    out
}
