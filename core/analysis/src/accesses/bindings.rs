//! Which local names have one value that is known by its looks.
//!
//! A name counts as known only if one place in its scope binds it, and nothing else may: so it does not matter in
//! which order code runs.

use astkit_ast::python::{ExprContext, Kind, Role as Field, kind, view};
use astkit_ast::{DefId, Node, Tree};
use rustc_hash::FxHashMap;

use super::{Receiver, last_part};

/// The bindings of each definition's names.
pub(super) struct Bindings<'a> {
    tree: &'a Tree,
    /// Per arena: its names.
    names: Vec<FxHashMap<&'a str, Bound<'a>>>,
}

/// What binds a name.
#[derive(Clone, Copy, Default)]
struct Bound<'a> {
    /// How many places do.
    count: u32,
    /// The name of which a call is assigned to it, in one of them.
    made: Option<&'a str>,
    /// Whether it is the first parameter of a method.
    is_own: bool,
}

/// More places than one, wherever they are.
const MANY: u32 = 2;

impl<'a> Bindings<'a> {
    pub(super) fn of(tree: &'a Tree) -> Self {
        let mut out = Self { tree, names: vec![FxHashMap::default(); tree.def_count() as usize] };
        let mut stack = vec![tree.root()];
        while let Some(node) = stack.pop() {
            out.node(node);
            stack.extend(node.children());
        }
        out
    }

    /// What is known of the value of an expression.
    pub(super) fn receiver(&self, node: Node<'_>) -> Receiver {
        if let Some(name) = view::Name::cast(node) {
            return self.variable(node.id().def, name.id());
        }
        let Some(name) = made(node) else { return Receiver::Unknown };
        if name != "super" {
            return Receiver::Made(name.into());
        }
        // Outside of methods it has an argument that says where it looks.
        let is_bare = view::Call::cast(node).is_some_and(|it| it.args().next().is_none());
        if is_bare { Receiver::Own } else { Receiver::Unknown }
    }

    fn variable(&self, from: DefId, name: &str) -> Receiver {
        let mut scope = Some(from);
        while let Some(at) = scope {
            // Names of classes are not seen from within their methods.
            let is_seen = at == from || kind(self.tree.def(at)) != Kind::ClassDef;
            if let Some(bound) = self.names[at.0 as usize].get(name).filter(|_| is_seen) {
                return match (bound.count, bound.is_own, bound.made) {
                    (1, true, _) => Receiver::Own,
                    (1, false, Some(made)) => Receiver::Made(made.into()),
                    _ => Receiver::Unknown,
                };
            }
            scope = self.tree.parent_def(at);
        }
        Receiver::Unknown
    }

    fn bound(&mut self, def: DefId, name: &'a str) -> &mut Bound<'a> {
        self.names[def.0 as usize].entry(name).or_default()
    }

    fn bind(&mut self, node: Node<'a>, name: Option<&'a str>) {
        if let Some(name) = name {
            self.bound(node.id().def, name).count += 1;
        }
    }

    fn node(&mut self, node: Node<'a>) {
        match kind(node) {
            Kind::Name => {
                let name = view::Name::cast(node).filter(|it| it.ctx() != ExprContext::Load);
                self.bind(node, name.map(view::Name::id));
            }
            Kind::Assign => self.assigned(node, Field::Targets),
            Kind::AnnAssign | Kind::NamedExpr => self.assigned(node, Field::Target),
            Kind::Arg => self.bind(node, view::Arg::cast(node).map(view::Arg::arg)),
            Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef => {
                self.defined(node);
                self.first_parameter(node);
            }
            Kind::Alias => {
                let Some(it) = view::Alias::cast(node) else { return };
                let first = it.name().split('.').next();
                self.bind(node, it.asname().or(first));
            }
            Kind::ExceptHandler => {
                self.bind(node, view::ExceptHandler::cast(node).and_then(view::ExceptHandler::name));
            }
            Kind::MatchAs => self.bind(node, view::MatchAs::cast(node).and_then(view::MatchAs::name)),
            Kind::MatchStar => self.bind(node, view::MatchStar::cast(node).and_then(view::MatchStar::name)),
            Kind::MatchMapping => {
                self.bind(node, view::MatchMapping::cast(node).and_then(view::MatchMapping::rest));
            }
            Kind::Global => {
                view::Global::cast(node)
                    .into_iter()
                    .flat_map(view::Global::names)
                    .for_each(|it| self.declared(node, it));
            }
            Kind::Nonlocal => {
                let names = view::Nonlocal::cast(node).into_iter().flat_map(view::Nonlocal::names);
                names.for_each(|it| self.declared(node, it));
            }
            _ => {}
        }
    }

    /// The name of a definition, in what is around it.
    fn defined(&mut self, node: Node<'a>) {
        let name = view::ClassDef::cast(node).map(view::ClassDef::name);
        let name = name.or_else(|| view::FunctionDef::cast(node).map(view::FunctionDef::name));
        let name = name.or_else(|| view::AsyncFunctionDef::cast(node).map(view::AsyncFunctionDef::name));
        if let (Some(name), Some(outer)) = (name, self.tree.parent_def(node.id().def)) {
            self.bound(outer, name).count += 1;
        }
    }

    /// A name that a function may bind elsewhere: nothing is known of it in any scope around.
    fn declared(&mut self, node: Node<'a>, name: &'a str) {
        let mut def = Some(node.id().def);
        while let Some(at) = def {
            self.bound(at, name).count += MANY;
            def = self.tree.parent_def(at);
        }
    }

    /// `name = Name(...)`. The name is counted as a node of its own.
    fn assigned(&mut self, node: Node<'a>, field: Field) {
        let mut targets = node.field(field.into());
        let (Some(target), None) = (targets.next(), targets.next()) else { return };
        if let Some(name) = view::Name::cast(target) {
            self.bound(node.id().def, name.id()).made = node.child(Field::Value.into()).and_then(made);
        }
    }

    /// The first parameter of a method, which is no static method. It is counted as a node of its own.
    fn first_parameter(&mut self, node: Node<'a>) {
        let outer = self.tree.parent_def(node.id().def);
        let is_method = outer.is_some_and(|it| kind(self.tree.def(it)) == Kind::ClassDef);
        let is_static = |it: Node<'_>| last_part(it) == Some("staticmethod");
        if !is_method
            || kind(node) == Kind::ClassDef
            || node.field(Field::DecoratorList.into()).any(is_static)
        {
            return;
        }
        let first = node.child(Field::Args.into()).and_then(|it| it.children().find_map(view::Arg::cast));
        if let Some(first) = first {
            self.bound(node.id().def, first.arg()).is_own = true;
        }
    }
}

/// The name that is called, of `Name(...)` and `module.Name(...)`.
fn made(node: Node<'_>) -> Option<&str> {
    last_part(view::Call::cast(node)?.func())
}
