//! The definitions of a file and their names, as `__qualname__` has them.

use std::fmt::Write;

use astkit_schema::Category;
use rustc_hash::FxHashMap;

use crate::constant::Constant;
use crate::python::{self, Kind, Role, view};
use crate::tree::{DefId, KindId, LINK, Node, Tree};

/// What a definition is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum DefKind {
    /// The module-level code of a file.
    Module,
    /// A class.
    Class,
    /// A function defined by `def`.
    Function,
    /// A function defined by `async def`.
    AsyncFunction,
    /// A lambda.
    Lambda,
}

impl DefKind {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            DefKind::Module => "module",
            DefKind::Class => "class",
            DefKind::Function => "function",
            DefKind::AsyncFunction => "async_function",
            DefKind::Lambda => "lambda",
        }
    }
}

/// A definition of a file.
#[derive(Clone, Debug)]
pub struct Definition<'a> {
    /// Its node.
    pub node: Node<'a>,
    /// What it is.
    pub kind: DefKind,
    /// Its own name: `<module>` for module-level code, `<lambda>` for a lambda.
    pub name: &'a str,
    /// Python's `__qualname__`; `#2`, `#3`, ... follow later definitions of an equal name in the same place.
    pub qualname: String,
    /// Index of the enclosing definition in the list; none for the module.
    pub parent: Option<usize>,
}

/// The name of every lambda.
const LAMBDA: &str = "<lambda>";
/// Lambdas within lambdas beyond this depth are part of the one around them: their names would grow without bound.
const DEEPEST_LAMBDA: usize = 16;

/// All definitions of a file in source order, lambdas included, the module first.
///
/// As in Python, what stands in decorators, parameters, bases and annotations of a definition belongs to the one
/// around it. In other languages, definitions are the kinds of category `Def`. Inserting a definition renames nobody
/// but later twins of the same name in the same place.
pub fn definitions(tree: &Tree) -> Vec<Definition<'_>> {
    let mut out: Vec<Definition<'_>> = Vec::new();
    let mut names = Names::default();
    let is_python = python::is_python(tree);
    let marks = if is_python { Marks::of(tree) } else { None };
    if marks.as_ref().is_some_and(|it| !it.has_lambdas) {
        // Nothing but what has an arena of its own is a definition, in the order of the arenas.
        for def in (0..tree.def_count()).map(DefId) {
            let node = tree.def(def);
            let parent = tree.parent_def(def).map(|it| it.0 as usize);
            if let Some((kind, name)) = definition_of(node) {
                let qualname = names.qualname(&out, parent, name);
                out.push(Definition { node, kind, name, qualname, parent });
            }
        }
        return out;
    }
    let mut stack = vec![(tree.root(), None)];
    while let Some((node, parent)) = stack.pop() {
        let mut inner = parent;
        if let Some((kind, name)) = definition_of(node).filter(|it| !is_too_deep(&out, parent, it.0)) {
            inner = Some(out.len());
            let qualname = names.qualname(&out, parent, name);
            out.push(Definition { node, kind, name, qualname, parent });
        }
        let first = stack.len();
        let is_body = |it: Node<'_>| it.role() == Role::Body.into() || !is_python;
        let of_child = |it: Node<'_>| if is_body(it) { inner } else { parent };
        let children = node.children().filter(|it| marks.as_ref().is_none_or(|marks| marks.are_in(*it)));
        stack.extend(children.map(|it| (it, if inner == parent { parent } else { of_child(it) })));
        stack[first..].reverse();
    }
    out
}

/// Where the definitions of a text without errors are: with errors, they may stand anywhere.
struct Marks {
    /// Places of lambdas, and of links to other definitions.
    places: Vec<u32>,
    has_lambdas: bool,
}

impl Marks {
    fn of(tree: &Tree) -> Option<Self> {
        let [lambda, error, missing] =
            [Kind::Lambda, Kind::Error, Kind::Missing].map(|it| KindId::from(it).0);
        let mut out = Self { places: Vec::new(), has_lambdas: false };
        // All but the last node, which stands in for what is not there.
        for (at, node) in (0..tree.node_count()).zip(&tree.nodes) {
            if node.kind == error || node.kind == missing {
                return None;
            }
            if node.kind == lambda || node.kind & LINK != 0 {
                out.has_lambdas |= node.kind == lambda;
                out.places.push(at);
            }
        }
        Some(out)
    }

    /// Whether a node is a definition or has some in it.
    fn are_in(&self, node: Node<'_>) -> bool {
        let range = node.range();
        let at = self.places.partition_point(|it| *it < range.start);
        node.is_def() || self.places.get(at).is_some_and(|it| *it < range.end)
    }
}

fn is_too_deep(before: &[Definition<'_>], parent: Option<usize>, kind: DefKind) -> bool {
    let mut around = parent;
    for _ in 0..DEEPEST_LAMBDA {
        match around.map(|at| &before[at]) {
            Some(it) if it.kind == DefKind::Lambda => around = it.parent,
            _ => return false,
        }
    }
    kind == DefKind::Lambda
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the schema's category `Def` and lambdas; a test compares"
)]
fn definition_of(node: Node<'_>) -> Option<(DefKind, &str)> {
    if !python::is_python(node.tree()) {
        return foreign_definition(node);
    }
    let kind = match python::kind(node) {
        Kind::Module => return Some((DefKind::Module, "<module>")),
        Kind::Lambda => return Some((DefKind::Lambda, LAMBDA)),
        Kind::ClassDef => DefKind::Class,
        Kind::FunctionDef => DefKind::Function,
        Kind::AsyncFunctionDef => DefKind::AsyncFunction,
        _ => return None,
    };
    Some((kind, node.name_of(node.aux()).unwrap_or_default()))
}

/// A definition of another language: a kind of category `Def`, named by its child in the field `name`.
fn foreign_definition(node: Node<'_>) -> Option<(DefKind, &str)> {
    if node.kind() == KindId(0) {
        return Some((DefKind::Module, "<module>"));
    }
    if node.kind_def().category != Category::Def {
        return None;
    }
    let kind = if node.kind_name().contains("class") { DefKind::Class } else { DefKind::Function };
    let name = node.children().find(|it| it.role_name() == "name").map(|it| it.constant_of(it.aux()));
    let name = if let Some(Constant::Str(name)) = name { name } else { "" };
    Some((kind, name))
}

/// What names depend on besides the enclosing definition's name.
#[derive(Default)]
struct Names<'a> {
    /// How many definitions of a name there are so far, by the definition that they are in.
    twins: FxHashMap<(usize, &'a str), u32>,
    /// The names that a definition declares `global`.
    globals: FxHashMap<usize, Vec<&'a str>>,
}

impl<'a> Names<'a> {
    fn qualname(&mut self, before: &[Definition<'a>], parent: Option<usize>, name: &'a str) -> String {
        let Some(at) = parent else { return name.to_owned() };
        // A function that is declared `global` where it is defined is named as if it stood in the module.
        let at = if self.is_global(before, at, name) { 0 } else { at };
        let twin = self.twins.entry((at, name)).or_insert(0);
        *twin += 1;
        let parent = &before[at];
        let mut out = match parent.kind {
            DefKind::Module => name.to_owned(),
            DefKind::Class => format!("{}.{name}", parent.qualname),
            DefKind::Function | DefKind::AsyncFunction | DefKind::Lambda => {
                format!("{}.<locals>.{name}", parent.qualname)
            }
        };
        if *twin > 1 {
            // A string takes everything, so there is no error.
            let _: std::fmt::Result = write!(out, "#{twin}");
        }
        out
    }

    fn is_global(&mut self, before: &[Definition<'a>], parent: usize, name: &str) -> bool {
        let definition = &before[parent];
        if parent == 0 || definition.kind == DefKind::Lambda || name == LAMBDA {
            return false;
        }
        self.globals.entry(parent).or_insert_with(|| declared_global(definition.node)).contains(&name)
    }
}

/// The names that a definition's own statements declare `global`.
fn declared_global(definition: Node<'_>) -> Vec<&str> {
    let mut out = Vec::new();
    let mut stack: Vec<Node<'_>> = definition.children().collect();
    while let Some(node) = stack.pop() {
        if let Some(declared) = view::Global::cast(node) {
            out.extend(declared.names());
        } else if definition_of(node).is_none() {
            stack.extend(node.children());
        }
    }
    out
}

/// The id under which a definition's own arena is found; lambdas have none.
pub fn def_id(definition: &Definition<'_>) -> Option<DefId> {
    definition.node.is_def().then(|| definition.node.id().def)
}
