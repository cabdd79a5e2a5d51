//! What a module's names mean: definitions, imports, and variables with the statements that bind or change them.

use std::collections::BTreeMap;

use astkit_ast::DefKind;
use astkit_ast::python::{ExprContext, Kind, Role, kind, view};
use astkit_ast::tree::Node;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::normal::{Mark, NormalForm, Root};

use super::{Binding, Class, Form, FormEncoder};

/// What a module's names mean.
pub(super) struct Module {
    pub(super) statements: Vec<Form>,
    pub(super) names: Vec<(Box<str>, Binding)>,
    pub(super) stars: Vec<(u32, Box<str>)>,
}

/// What a module's statements do with a name.
#[derive(Default)]
struct Uses<'a> {
    /// Statements that bind or change it.
    statements: SmallVec<[usize; 2]>,
    /// How often it is bound.
    bindings: u32,
    /// What a statement of its own binds it to: a definition or an import.
    sole: Option<Sole<'a>>,
}

#[derive(Clone, Copy)]
enum Sole<'a> {
    Definition(Node<'a>),
    Import { import: Node<'a>, alias: Node<'a> },
}

/// Finds out what a module's names mean. Cost: linear.
pub(super) fn module(normal: &NormalForm, forms: &FormEncoder<'_>) -> Module {
    let statements: Vec<Node<'_>> = normal.tree.root().children().take(normal.statements).collect();
    let mut collector =
        Collector { normal, at: 0, uses: BTreeMap::new(), stars: Vec::new(), open: Vec::new() };
    for (at, statement) in statements.iter().enumerate() {
        collector.at = at;
        collector.statement(*statement);
    }
    let Collector { uses, stars, .. } = collector;
    let mut numbers: FxHashMap<usize, u32> = FxHashMap::default();
    let (mut encoded, mut bytes) = (Vec::new(), Vec::new());
    let mut names = Vec::new();
    for (name, it) in uses {
        let sole = it.sole.filter(|_| it.bindings == 1);
        let binding = match sole {
            Some(Sole::Definition(node)) => {
                forms.numbers.get(&node.index()).map(|it| Binding::Definition(*it))
            }
            Some(Sole::Import { import, alias }) => imported(import, alias).map(Binding::Import),
            None => None,
        };
        let binding = binding.unwrap_or_else(|| {
            let mut list = Vec::new();
            for at in it.statements {
                let number = *numbers.entry(at).or_insert_with(|| {
                    encoded.push(forms.statement(statements[at], &mut bytes));
                    u32::try_from(encoded.len() - 1).unwrap_or(u32::MAX)
                });
                list.push(number);
            }
            Binding::Variable(list)
        });
        names.push((name.into(), binding));
    }
    Module { statements: encoded, names, stars }
}

struct Collector<'a> {
    normal: &'a NormalForm,
    /// The statement at hand.
    at: usize,
    uses: BTreeMap<&'a str, Uses<'a>>,
    stars: Vec<(u32, Box<str>)>,
    /// Nodes of the statement that are still to be looked at.
    open: Vec<Node<'a>>,
}

impl<'a> Collector<'a> {
    fn statement(&mut self, statement: Node<'a>) {
        if is_definition(statement) {
            self.bind(name_of(statement), Some(Sole::Definition(statement)));
            return;
        }
        if matches!(kind(statement), Kind::Import | Kind::ImportFrom) {
            for alias in statement.children() {
                self.alias(statement, alias, true);
            }
            return;
        }
        if let Some(it) = view::Expr::cast(statement)
            && let Some(call) = view::Call::cast(it.value())
            && kind(call.func()) == Kind::Attribute
        {
            self.change(call.func());
        }
        self.within(statement);
    }

    /// Everything that is evaluated in the module's own scope.
    fn within(&mut self, statement: Node<'a>) {
        self.open.push(statement);
        while let Some(node) = self.open.pop() {
            #[expect(clippy::wildcard_enum_match_arm, reason = "other nodes bind nothing")]
            match kind(node) {
                Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef => {
                    self.bind(name_of(node), None);
                    continue;
                }
                Kind::Lambda => continue,
                Kind::Import | Kind::ImportFrom => {
                    for alias in node.children() {
                        self.alias(node, alias, false);
                    }
                }
                Kind::Name => {
                    let name = view::Name::cast(node).filter(|it| it.ctx() != ExprContext::Load);
                    self.bind(name.map_or("", view::Name::id), None);
                }
                Kind::ExceptHandler | Kind::MatchAs | Kind::MatchStar | Kind::MatchMapping => {
                    self.bind(name_of(node), None);
                }
                Kind::Attribute | Kind::Subscript if node.flag() != ExprContext::Load as u8 => {
                    self.change(node);
                }
                _ => {}
            }
            self.open.extend(node.children());
        }
    }

    fn bind(&mut self, name: &'a str, sole: Option<Sole<'a>>) {
        if name.is_empty() || Mark::read(name).is_some() {
            return;
        }
        let uses = self.uses.entry(name).or_default();
        let is_same = matches!((uses.sole, sole), (Some(one), Some(two)) if is_same_import(one, two));
        uses.bindings += u32::from(!is_same);
        uses.sole = sole;
        if uses.statements.last() != Some(&self.at) {
            uses.statements.push(self.at);
        }
    }

    /// Something of a global name's value is changed.
    fn change(&mut self, target: Node<'a>) {
        let mut node = target;
        while let Some(value) = view::Attribute::cast(node)
            .map(view::Attribute::value)
            .or_else(|| view::Subscript::cast(node).map(view::Subscript::value))
        {
            node = value;
        }
        let Some(Mark::Root { root, .. }) = view::Name::cast(node).and_then(|it| Mark::read(it.id())) else {
            return;
        };
        if let Some(Root::Global(name)) = self.normal.roots.get(root as usize) {
            let uses = self.uses.entry(name).or_default();
            if uses.statements.last() != Some(&self.at) {
                uses.statements.push(self.at);
            }
        }
    }

    fn alias(&mut self, import: Node<'a>, alias: Node<'a>, is_sole: bool) {
        let Some(it) = view::Alias::cast(alias) else { return };
        if it.name() == "*" {
            if let Some(from) = view::ImportFrom::cast(import) {
                self.stars.push((from.level(), from.module().unwrap_or_default().into()));
            }
            return;
        }
        let name = it.asname().or_else(|| it.name().split('.').next()).unwrap_or_default();
        self.bind(name, is_sole.then_some(Sole::Import { import, alias }));
    }
}

/// Whether two imports bind a name to the same: `import a` and `import a.b` do, and an import that is there twice.
fn is_same_import(one: Sole<'_>, two: Sole<'_>) -> bool {
    let root = |it: Sole<'_>| match it {
        Sole::Import { import, alias } => imported(import, alias),
        Sole::Definition(_) => None,
    };
    root(one).is_some() && root(one) == root(two)
}

fn is_definition(node: Node<'_>) -> bool {
    matches!(kind(node), Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef)
}

fn name_of(node: Node<'_>) -> &str {
    node.name_of(node.aux()).unwrap_or_default()
}

/// What an import binds its name to.
pub(super) fn imported(import: Node<'_>, alias: Node<'_>) -> Option<Root> {
    crate::normal::imported(view::ImportFrom::cast(import), alias)
}

/// The classes of a file, in the order of definitions.
pub(super) fn classes(normal: &NormalForm, forms: &FormEncoder<'_>) -> Vec<Class> {
    let mut out: Vec<Class> = Vec::new();
    let mut places: FxHashMap<usize, usize> = FxHashMap::default();
    for (at, definition) in forms.definitions.iter().enumerate() {
        let number = u32::try_from(at).unwrap_or(u32::MAX);
        if let Some(class) = definition.parent.and_then(|it| places.get(&it)) {
            out[*class].members.push((definition.name.into(), number));
        }
        if definition.kind == DefKind::Class {
            let bases = forms.nodes[at].map(|it| bases(normal, it)).unwrap_or_default();
            places.insert(at, out.len());
            out.push(Class { definition: number, bases, members: Vec::new() });
        }
    }
    for class in &mut out {
        class.members.sort();
        class.members.reverse();
        class.members.dedup_by(|left, right| left.0 == right.0);
        class.members.reverse();
    }
    out
}

fn bases(normal: &NormalForm, class: Node<'_>) -> Vec<(u32, Box<[Box<str>]>)> {
    let mut out = Vec::new();
    for base in class.field(Role::Bases.into()) {
        let (mut node, mut path) = (base, Vec::new());
        if let Some(it) = view::Subscript::cast(node) {
            node = it.value();
        }
        while let Some(it) = view::Attribute::cast(node) {
            path.push(Box::from(it.attr()));
            node = it.value();
        }
        path.reverse();
        let root = view::Name::cast(node).and_then(|it| Mark::read(it.id()));
        if let Some(Mark::Root { root, .. }) = root
            && (root as usize) < normal.roots.len()
        {
            out.push((root, path.into()));
        }
    }
    out
}
