//! `undataclass`: dataclasses become classes with explicit methods.
//!
//! Promise: instances are made, shown, compared, ordered, hashed, frozen, pickled and matched as before, errors included;
//! signatures, docstrings, `__slots__` and what `dataclasses.fields`, `replace` and `asdict` need stay. Methods are those
//! that CPython 3.10 to 3.13 generate; where these differ, what the given version does is written, else what 3.12 does.
//!
//! A class stays a dataclass, and is told with the reason, if it can't be seen what it has: unknown bases, dataclasses
//! of other modules among them, flags
//! that are no literals, fields in branches, and whatever makes the decorator itself fail.
//!
//! The new methods are written as text and parsed by whoever calls: this crate has no parser.
//!
//! Source: `Lib/dataclasses.py`, whose behavior is described, not copied.

mod fields;
mod methods;
mod read;

use astkit_analysis::meanings::{Meanings, Survey};
use astkit_analysis::scopes::Scopes;
use astkit_ast::python::{Kind, Role, kind, view};
use astkit_ast::tree::{Node, Tree};

use crate::Left;
use crate::code::{Code, Scalar};
use crate::docstrings::is_text;
use crate::edits::Edits;
use read::Reader;

/// What [`undataclass`] needs to know of its surroundings.
pub struct Surroundings<'a> {
    /// The Python that the code is for, if it is known.
    pub python: Option<(u8, u8)>,
    /// Parses a module.
    pub parse: &'a dyn Fn(&str) -> Option<Tree>,
    /// The tree of a module of this name; a relative name begins with its dots. None if it is not known.
    pub module: &'a dyn Fn(&str) -> Option<&'a Tree>,
}

/// Makes classes of dataclasses.
pub fn undataclass(tree: &Tree, scopes: &Scopes, around: &Surroundings<'_>) -> (Edits, Vec<Left>) {
    let survey = Survey::new(tree, scopes);
    let meanings = Meanings::new(tree, scopes, &survey);
    let mut reader = Reader::new(tree, scopes, &meanings, around, 0);
    let (mut edits, mut left) = (Edits::new(), Vec::new());
    let modules = Modules::new(scopes);
    let mut stack = vec![tree.root()];
    let mut uses = (false, false);
    while let Some(node) = stack.pop() {
        let first = stack.len();
        stack.extend(node.children());
        stack[first..].reverse();
        let Some(decorator) = reader.dataclass_decorator(node) else { continue };
        let written = reader.class(node).and_then(|it| {
            let text = methods::write(&it, &modules, around.python);
            let tree = (around.parse)(&text).ok_or("its methods can't be written")?;
            Ok((it, tree))
        });
        let (class, methods) = match written {
            Ok(it) => it,
            Err(why) => {
                left.push(Left { node: node.id(), why });
                continue;
            }
        };
        edits.delete(decorator);
        for field in class.own_fields() {
            field.strip(tree, &mut edits);
        }
        let Some(last) = node.field(Role::Body.into()).last() else { continue };
        let body = methods.root().children().next();
        for statement in body.into_iter().flat_map(|it| it.field(Role::Body.into())) {
            edits.insert_after(last, Code::copy(statement));
        }
        uses = (true, uses.1 || class.writes_repr());
    }
    if uses.0 {
        import(tree, &modules, uses.1, &mut edits);
    }
    (edits, left)
}

/// The names under which the new code finds modules.
struct Modules {
    dataclasses: String,
    reprlib: String,
}

impl Modules {
    fn new(scopes: &Scopes) -> Self {
        let unused = |name: &str| {
            let mut name = format!("_{name}");
            while scopes.names().find(&name).is_some() {
                name.push('_');
            }
            name
        };
        Self { dataclasses: unused("dataclasses"), reprlib: unused("reprlib") }
    }
}

/// Imports modules behind the docstring and what has to come first.
fn import(tree: &Tree, modules: &Modules, uses_reprlib: bool, edits: &mut Edits) {
    let is_head = |(at, it): &(usize, Node<'_>)| {
        let future = view::ImportFrom::cast(*it).and_then(view::ImportFrom::module);
        *at == 0 && is_text(*it) || future == Some("__future__")
    };
    let Some((_, first)) = tree.root().children().enumerate().find(|it| !is_head(it)) else { return };
    let mut import = |module: &str, name: &str| {
        let alias = Code::with(Kind::Alias, 0, vec![Scalar::name(module), Scalar::name(name)], []);
        edits.insert_before(first, Code::new(Kind::Import, [(Role::Names, alias)]));
    };
    import("dataclasses", &modules.dataclasses);
    if uses_reprlib {
        import("reprlib", &modules.reprlib);
    }
}

/// Whether a node is a class.
fn is_class(node: Node<'_>) -> bool {
    kind(node) == Kind::ClassDef
}
