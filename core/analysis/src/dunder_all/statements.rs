//! The statements of a module that change `__all__` or a list that flows into it.

use astkit_ast::python::{Kind, Operator, Role as Field, kind, view};
use astkit_ast::{Constant, Node, Tree};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Condition, DunderAll, OtherModule, Part, What};
use crate::def_use::DefUse;
use crate::scopes::Scopes;
use crate::truth::{Environment, truth};

/// A truth value that a name is given, and what decides whether that runs, if it is known.
pub(super) type Flag = (bool, Option<Vec<Condition>>);

/// The state of following a module's statements.
pub(super) struct Follower<'a> {
    pub(super) tree: &'a Tree,
    pub(super) scopes: &'a Scopes,
    pub(super) chains: &'a DefUse,
    pub(super) environment: &'a Environment,
    /// The lists that matter, by name.
    pub(super) lists: FxHashMap<&'a str, Vec<Part>>,
    /// Whether what is looked at may not run.
    pub(super) is_conditional: bool,
    /// What decides that; none if there is more to it.
    pub(super) conditions: Option<Vec<Condition>>,
    /// Names that are given truth values, with what decides which.
    pub(super) flags: FxHashMap<&'a str, Vec<Flag>>,
}

pub(super) fn follow<'a>(
    tree: &'a Tree,
    scopes: &'a Scopes,
    chains: &'a DefUse,
    environment: &'a Environment,
) -> Option<DunderAll> {
    let relevant = relevant(tree)?;
    let lists = FxHashMap::default();
    let mut follower = Follower {
        tree,
        scopes,
        chains,
        environment,
        lists,
        is_conditional: false,
        conditions: Some(Vec::new()),
        flags: FxHashMap::default(),
    };
    follower.block(tree.root(), Field::Body, &relevant);
    follower.lists.remove("__all__").map(|parts| DunderAll { parts })
}

/// The statements of a module that run with it, branches included; no bodies of definitions.
pub(super) fn module_statements(tree: &Tree) -> impl Iterator<Item = Node<'_>> {
    let mut stack: Vec<Node<'_>> = tree.root().children().collect();
    stack.reverse();
    std::iter::from_fn(move || {
        let node = stack.pop()?;
        let first = stack.len();
        let roles = [Field::Body, Field::Orelse, Field::Handlers, Field::Finalbody, Field::Cases];
        if !node.is_def() {
            stack.extend(node.children().filter(|it| roles.iter().any(|role| it.role() == (*role).into())));
            stack[first..].reverse();
        }
        Some(node)
    })
}

/// The names of the lists that `__all__` is made of, itself included; none if the module has no `__all__`.
fn relevant(tree: &Tree) -> Option<FxHashSet<&str>> {
    // Which names each name is made of.
    let mut sources: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for statement in module_statements(tree) {
        let Some(name) = changed(statement) else { continue };
        let found = sources.entry(name).or_default();
        let mut stack: Vec<Node<'_>> = statement.children().collect();
        while let Some(node) = stack.pop() {
            found.extend(view::Name::cast(node).map(view::Name::id));
            if !node.is_def() {
                stack.extend(node.children());
            }
        }
    }
    if !sources.contains_key("__all__") {
        return None;
    }
    let (mut out, mut stack) = (FxHashSet::default(), vec!["__all__"]);
    while let Some(name) = stack.pop() {
        if out.insert(name) {
            stack.extend(sources.get(name).into_iter().flatten().filter(|it| sources.contains_key(**it)));
        }
    }
    Some(out)
}

/// The name that a statement gives a list, or whose list it changes.
pub(super) fn changed<'a>(statement: Node<'a>) -> Option<&'a str> {
    let name = |it: Node<'a>| view::Name::cast(it).map(view::Name::id);
    match kind(statement) {
        Kind::Assign => name(view::Assign::cast(statement)?.targets().next()?),
        Kind::AnnAssign => name(view::AnnAssign::cast(statement)?.target()),
        Kind::AugAssign => name(view::AugAssign::cast(statement)?.target()),
        Kind::Expr => name(method_call(statement)?.0.value()),
        Kind::ImportFrom => {
            let aliases = view::ImportFrom::cast(statement)?.names().filter_map(view::Alias::cast);
            let mut names =
                aliases.filter(|it| it.name() == "__all__").map(|it| it.asname().unwrap_or("__all__"));
            names.next()
        }
        Kind::For => {
            let mut found = statement.field(Field::Body.into()).filter_map(changed);
            found.next()
        }
        _ => None,
    }
}

/// A statement `x.method(arguments)`.
fn method_call(statement: Node<'_>) -> Option<(view::Attribute<'_>, view::Call<'_>)> {
    let call = view::Call::cast(view::Expr::cast(statement)?.value())?;
    Some((view::Attribute::cast(call.func())?, call))
}

impl<'a> Follower<'a> {
    fn block(&mut self, parent: Node<'a>, field: Field, relevant: &FxHashSet<&'a str>) {
        for statement in parent.field(field.into()) {
            stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.statement(statement, relevant));
        }
    }

    /// A block that may not run, by these conditions, if they are known to be all.
    fn conditional_block(
        &mut self,
        parent: Node<'a>,
        field: Field,
        relevant: &FxHashSet<&'a str>,
        conditions: Option<&[Condition]>,
    ) {
        let was_conditional = std::mem::replace(&mut self.is_conditional, true);
        let outer = self.conditions.clone();
        self.conditions = match (&outer, conditions) {
            (Some(outer), Some(inner)) => Some([outer, inner].concat()),
            _ => None,
        };
        self.block(parent, field, relevant);
        self.is_conditional = was_conditional;
        self.conditions = outer;
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "other statements change no list")]
    fn statement(&mut self, node: Node<'a>, relevant: &FxHashSet<&'a str>) {
        match kind(node) {
            Kind::If => match truth(node.required(Field::Test.into()), self.environment) {
                Some(true) => self.block(node, Field::Body, relevant),
                Some(false) => self.block(node, Field::Orelse, relevant),
                None => {
                    let decided = |wanted| self.outcome(node.required(Field::Test.into()), wanted);
                    let (yes, no) = (decided(true), decided(false));
                    self.conditional_block(node, Field::Body, relevant, yes.as_deref());
                    self.conditional_block(node, Field::Orelse, relevant, no.as_deref());
                }
            },
            Kind::For if changed(node).is_some_and(|it| relevant.contains(it)) => self.for_loop(node),
            Kind::For | Kind::While => {
                self.conditional_block(node, Field::Body, relevant, None);
                self.block(node, Field::Orelse, relevant);
            }
            Kind::Try | Kind::TryStar => {
                let runs = |wanted| self.runs(node, wanted);
                let (yes, no) = (runs(true), runs(false));
                self.conditional_block(node, Field::Body, relevant, yes.as_deref());
                for handler in node.field(Field::Handlers.into()) {
                    self.conditional_block(handler, Field::Body, relevant, no.as_deref());
                }
                self.conditional_block(node, Field::Orelse, relevant, yes.as_deref());
                self.block(node, Field::Finalbody, relevant);
            }
            Kind::With => self.block(node, Field::Body, relevant),
            Kind::Match => {
                for case in node.field(Field::Cases.into()) {
                    self.conditional_block(case, Field::Body, relevant, None);
                }
            }
            Kind::Delete => {
                for target in node.children().filter_map(view::Name::cast) {
                    if !self.is_conditional {
                        self.lists.remove(target.id());
                    }
                }
            }
            _ => {
                self.flag(node);
                if changed(node).is_some_and(|it| relevant.contains(it)) {
                    self.change(node);
                }
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the kinds that `changed` knows")]
    fn change(&mut self, node: Node<'a>) {
        match kind(node) {
            Kind::Assign => {
                let Some(it) = view::Assign::cast(node) else { return };
                let parts = self.evaluate(it.value());
                for target in it.targets().filter_map(view::Name::cast) {
                    self.replace(target.id(), parts.clone());
                }
            }
            Kind::AnnAssign => {
                let Some(it) = view::AnnAssign::cast(node) else { return };
                if let (Some(target), Some(value)) = (view::Name::cast(it.target()), it.value()) {
                    let parts = self.evaluate(value);
                    self.replace(target.id(), parts);
                }
            }
            Kind::AugAssign => {
                let Some(it) = view::AugAssign::cast(node) else { return };
                let Some(target) = view::Name::cast(it.target()) else { return };
                let parts = if it.op() == Operator::Add {
                    self.evaluate(it.value())
                } else {
                    vec![self.opaque(node, "an operator other than `+=`")]
                };
                self.extend(target.id(), parts);
            }
            Kind::Expr => self.method(node),
            Kind::ImportFrom => self.reimport(node),
            _ => {}
        }
    }

    /// A list that may not run leaves what was there as a possibility.
    fn replace(&mut self, name: &'a str, parts: Vec<Part>) {
        if self.is_conditional {
            let old = self.lists.entry(name).or_default();
            for part in old.iter_mut() {
                part.is_conditional = true;
                part.conditions.clear();
            }
            old.extend(parts);
        } else {
            self.lists.insert(name, parts);
        }
    }

    fn extend(&mut self, name: &'a str, parts: Vec<Part>) {
        self.lists.entry(name).or_default().extend(parts);
    }

    fn method(&mut self, statement: Node<'a>) {
        let Some((method, call)) = method_call(statement) else { return };
        let Some(name) = view::Name::cast(method.value()).map(view::Name::id) else { return };
        let mut arguments: Vec<Node<'a>> = call.args().collect();
        let parts = match (method.attr(), arguments.as_slice()) {
            ("append" | "add", [item]) => self.item(*item),
            ("insert", [_, item]) => self.item(*item),
            ("extend" | "update", _) => arguments.drain(..).flat_map(|it| self.evaluate(it)).collect(),
            ("remove" | "discard", [item]) => vec![self.removal(*item)],
            ("sort" | "reverse" | "copy" | "index" | "count", _) => return,
            _ => vec![self.opaque(statement, "a method that may change the list")],
        };
        self.extend(name, parts);
    }

    fn removal(&self, item: Node<'a>) -> Part {
        match view::Constant::cast(item).map(view::Constant::value) {
            Some(Constant::Str(name)) => self.part(item, What::Remove(name.clone())),
            _ => self.opaque(item, "a removal that is not known"),
        }
    }

    /// `from m import __all__`.
    fn reimport(&mut self, node: Node<'a>) {
        let Some(it) = view::ImportFrom::cast(node) else { return };
        let module = OtherModule { level: it.level(), name: it.module().unwrap_or_default().into() };
        for alias in it.names().filter_map(view::Alias::cast).filter(|it| it.name() == "__all__") {
            let part = self.part(alias.node(), What::Other(module.clone()));
            self.replace(alias.asname().unwrap_or("__all__"), vec![part]);
        }
    }

    /// `for x in LIST: __all__.append(x)`, perhaps with a condition; anything else can't be told.
    fn for_loop(&mut self, node: Node<'a>) {
        let Some(name) = changed(node) else { return };
        let parts =
            self.appended(node).unwrap_or_else(|| vec![self.opaque(node, "a loop that is not known")]);
        self.extend(name, parts);
    }

    fn appended(&mut self, node: Node<'a>) -> Option<Vec<Part>> {
        let it = view::For::cast(node)?;
        let target = view::Name::cast(it.target())?.id();
        let mut body = it.body();
        let (mut statement, None) = (body.next()?, body.next()) else { return None };
        let mut conditions = Vec::new();
        if let Some(branch) = view::If::cast(statement) {
            conditions.push(branch.test());
            let mut body = branch.body();
            let (inner, None, None) = (body.next()?, body.next(), branch.orelse().next()) else {
                return None;
            };
            statement = inner;
        }
        let (method, call) = method_call(statement)?;
        let argument = view::Name::cast(call.args().next()?)?;
        if method.attr() != "append" || argument.id() != target {
            return None;
        }
        let parts = self.evaluate(it.iter());
        Some(self.filtered(parts, target, &conditions, node))
    }

    pub(super) fn part(&self, node: Node<'a>, what: What) -> Part {
        let conditions = self.conditions.clone().filter(|_| self.is_conditional).unwrap_or_default();
        Part { what, is_conditional: self.is_conditional, conditions, node: node.id() }
    }

    pub(super) fn opaque(&self, node: Node<'a>, why: &'static str) -> Part {
        self.part(node, What::Opaque(why))
    }
}
