//! `strip-hints`: takes out annotations that nothing reads.
//!
//! Promise: code runs the same but for `__annotations__` of what was stripped, what `inspect` and `typing` tell of it, and
//! line numbers. Kept are the hints of functions whose decorators are not known to ignore them; those in classes with
//! decorators, metaclasses or bases that may look (dataclasses, named tuples, typed dictionaries, protocols, models);
//! all hints of a file that reads hints itself; and a hint without value that makes a name local. What other files do
//! is not looked at: who asks for the hints of a function from outside gets none.

use astkit_analysis::meanings::{Meanings, Survey, inert};
use astkit_analysis::scopes::{Role as Does, ScopeKind, Scopes, SymbolId};
use astkit_ast::python::{Kind, Role, kind, view};
use astkit_ast::tree::{Node, Tree};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::code::Code;
use crate::edits::Edits;

/// Takes out hints.
pub fn strip_hints(tree: &Tree, scopes: &Scopes) -> Edits {
    let survey = Survey::new(tree, scopes);
    let mut edits = Edits::new();
    if survey.reads_hints {
        return edits;
    }
    let meanings = Meanings::new(tree, scopes, &survey);
    let uses = uses(tree, scopes);
    let mut hints =
        Hints { tree, scopes, meanings, uses, inert: FxHashMap::default(), kept: FxHashMap::default() };
    // Each node with the class or function around it.
    let mut stack: Vec<(Node<'_>, Option<Node<'_>>)> = vec![(tree.root(), None)];
    while let Some((node, around)) = stack.pop() {
        let mut inner = around;
        match kind(node) {
            Kind::FunctionDef | Kind::AsyncFunctionDef => {
                hints.function(node, around, &mut edits);
                inner = Some(node);
            }
            Kind::ClassDef => inner = Some(node),
            Kind::AnnAssign => hints.variable(node, around, &mut edits),
            Kind::TemplateStr => continue,
            _ => {}
        }
        stack.extend(node.children().map(|it| (it, inner)));
    }
    edits
}

/// What is done with a variable besides hints without value.
#[derive(Clone, Copy, Default)]
struct Uses {
    is_bound: bool,
    is_used: bool,
}

/// What is done with each variable.
fn uses(tree: &Tree, scopes: &Scopes) -> FxHashMap<SymbolId, Uses> {
    let mut hints = FxHashSet::default();
    let mut stack = vec![tree.root()];
    while let Some(node) = stack.pop() {
        if let Some(it) = view::AnnAssign::cast(node).filter(|it| it.value().is_none()) {
            hints.insert(it.target().id());
        }
        stack.extend(node.children());
    }
    let mut out: FxHashMap<SymbolId, Uses> = FxHashMap::default();
    for it in scopes.occurrences().iter().filter(|it| !hints.contains(&it.node)) {
        let Some(variable) = it.variable else { continue };
        let uses = out.entry(variable).or_default();
        let is_own = scopes.symbol(variable).scope == it.scope;
        uses.is_bound |=
            is_own && it.role != Does::Load && it.role != Does::Global && it.role != Does::Nonlocal;
        uses.is_used |= !it.is_unevaluated;
    }
    out
}

struct Hints<'a> {
    tree: &'a Tree,
    scopes: &'a Scopes,
    meanings: Meanings,
    uses: FxHashMap<SymbolId, Uses>,
    /// Per class: whether nothing looks at its body's hints.
    inert: FxHashMap<u32, bool>,
    /// Per class: whether its methods' hints are kept.
    kept: FxHashMap<u32, bool>,
}

impl<'a> Hints<'a> {
    fn function(&mut self, node: Node<'a>, around: Option<Node<'a>>, edits: &mut Edits) {
        let looks = self.meanings.looks_of(self.tree, self.scopes, node);
        let class = around.filter(|it| kind(*it) == Kind::ClassDef);
        if looks.at_hints || class.is_some_and(|it| self.keeps_methods(it)) {
            return;
        }
        if let Some(returns) = node.child(Role::Returns.into()) {
            edits.delete(returns);
        }
        for arg in node.required(Role::Args.into()).children() {
            if let Some(hint) = arg.child(Role::Annotation.into()) {
                edits.delete(hint);
            }
        }
    }

    /// Whether a class's decorators may look at the hints of its methods.
    fn keeps_methods(&mut self, class: Node<'a>) -> bool {
        if let Some(known) = self.kept.get(&class.index()) {
            return *known;
        }
        let looks = self.meanings.looks_of(self.tree, self.scopes, class);
        let keeps = looks.at_hints && looks != inert::decorator("dataclasses.dataclass");
        self.kept.insert(class.index(), keeps);
        keeps
    }

    fn variable(&mut self, node: Node<'a>, around: Option<Node<'a>>, edits: &mut Edits) {
        let Some(it) = view::AnnAssign::cast(node) else { return };
        if around.is_some_and(|it| kind(it) == Kind::ClassDef && !self.is_inert(it)) {
            return;
        }
        if let Some(value) = it.value() {
            let assign = Code::assign(Code::kept(it.target()), Code::kept(value));
            return edits.replace(node, assign);
        }
        if self.is_idle(it.target()) {
            edits.delete(node);
        }
    }

    /// Whether a hint without value does nothing to its scope, and its target nothing when it runs. Cost: constant.
    fn is_idle(&self, target: Node<'a>) -> bool {
        if let Some(it) = view::Attribute::cast(target) {
            return kind(it.value()) == Kind::Name;
        }
        let Some(occurrence) = self.scopes.occurrence_of(target.id()).map(|it| self.scopes.occurrence(it))
        else {
            return false;
        };
        if self.scopes.scope(occurrence.scope).kind == ScopeKind::Module {
            return true;
        }
        // Another binding in the scope keeps the name its own; without any use it does not matter whose it is.
        let Some(variable) = occurrence.variable else { return false };
        let uses = self.uses.get(&variable).copied().unwrap_or_default();
        uses.is_bound || !uses.is_used
    }

    /// Whether nothing looks at the hints in a class's body.
    fn is_inert(&mut self, class: Node<'a>) -> bool {
        if let Some(known) = self.inert.get(&class.index()) {
            return *known;
        }
        // A class among its own bases is none that Python can make.
        self.inert.insert(class.index(), false);
        let is_inert = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.find_inert(class));
        self.inert.insert(class.index(), is_inert);
        is_inert
    }

    fn find_inert(&mut self, node: Node<'a>) -> bool {
        let Some(class) = view::ClassDef::cast(node) else { return false };
        let full_name = |it: Node<'a>| self.meanings.full_name(self.tree, self.scopes, it);
        let is_meta = |it: Node<'a>| {
            let value = view::Keyword::cast(it).map(view::Keyword::value);
            value.and_then(full_name).is_none_or(|it| it != "abc.ABCMeta")
        };
        let looks = self.meanings.looks_of(self.tree, self.scopes, node);
        if looks.at_hints || class.keywords().any(is_meta) {
            return false;
        }
        let bases: Vec<Node<'a>> = class.bases().collect();
        bases.into_iter().all(|base| {
            let base = view::Subscript::cast(base).map_or(base, view::Subscript::value);
            match self.meanings.full_name(self.tree, self.scopes, base) {
                // The members of a protocol that is checked at run time are its hints.
                Some(name) if name.ends_with(".Protocol") => false,
                Some(name) if inert::is_inert_base(&name) => true,
                _ => {
                    let class = self.meanings.class_of(self.tree, self.scopes, base);
                    class.is_some_and(|it| self.is_inert(it))
                }
            }
        })
    }
}
