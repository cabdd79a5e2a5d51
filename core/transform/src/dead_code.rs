//! `dead-code`: takes out statements that can never run in an environment.
//!
//! Promise: in that environment code runs the same but for line numbers. Branches of decided conditions are put in the
//! place of their `if`; a condition that has parts which are not decided is still evaluated. The compiler looks at dead
//! code, too: a dead statement stays if it is what makes a function a generator, a name local, or a name `global` or
//! `nonlocal`, and something else depends on that. A string never becomes a docstring.

use astkit_analysis::scopes::{Role as Does, ScopeId, ScopeKind, Scopes, SymbolId};
use astkit_analysis::truth::truth;
use astkit_analysis::{Environment, unreachable};
use astkit_ast::python::{Boolop, Kind, Role, kind, view};
use astkit_ast::tree::{Node, NodeId, Tree};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::code::Code;
use crate::docstrings::is_text;
use crate::edits::Edits;

/// Takes out dead code.
pub fn remove_dead_code(tree: &Tree, scopes: &Scopes, environment: &Environment) -> Edits {
    let dead: Vec<NodeId> = unreachable(tree, environment).into_iter().map(|it| it.node).collect();
    let needed = needed(tree, scopes, &dead);
    let dead: FxHashSet<NodeId> = dead.into_iter().filter(|it| !needed.contains(it)).collect();
    let mut removal = Removal { environment, dead, needed, edits: Edits::new() };
    let mut stack = vec![tree.root()];
    while let Some(node) = stack.pop() {
        removal.visit(node);
        let is_alive = |it: &Node<'_>| !removal.dead.contains(&it.id());
        stack.extend(node.children().filter(is_alive));
    }
    removal.edits
}

struct Removal<'e> {
    environment: &'e Environment,
    /// Dead statements that go.
    dead: FxHashSet<NodeId>,
    /// Dead statements that stay.
    needed: FxHashSet<NodeId>,
    edits: Edits,
}

impl Removal<'_> {
    fn visit(&mut self, node: Node<'_>) {
        for role in [Role::Body, Role::Orelse, Role::Finalbody] {
            if matches!(kind(node), Kind::Lambda | Kind::IfExp) {
                continue;
            }
            let mut before_code = role == Role::Body && may_document(node);
            let statements: Vec<Node<'_>> = node.field(role.into()).collect();
            for (at, statement) in statements.iter().enumerate() {
                let next = statements.get(at + 1).copied();
                let became = self.statement(*statement);
                let first = match &became {
                    None => Some(*statement),
                    Some(nodes) => nodes.first().copied(),
                };
                if let Some(nodes) = became {
                    let documents = before_code && first.or(next).is_some_and(is_text);
                    if documents {
                        let kept = nodes.iter().map(|it| Code::kept(*it));
                        self.edits
                            .replace_all(*statement, std::iter::once(Code::pass()).chain(kept).collect());
                        before_code = false;
                    } else if nodes.is_empty() {
                        self.edits.delete(*statement);
                    } else {
                        self.edits.replace_all(*statement, nodes.into_iter().map(Code::kept).collect());
                    }
                }
                before_code &= first.is_none();
            }
        }
    }

    /// What a statement becomes; none if it stays.
    fn statement<'a>(&self, node: Node<'a>) -> Option<Vec<Node<'a>>> {
        if self.dead.contains(&node.id()) {
            return Some(Vec::new());
        }
        if !matches!(kind(node), Kind::If | Kind::While) {
            return None;
        }
        let test = node.required(Role::Test.into());
        let outcome = truth(test, self.environment)?;
        let dead = match (kind(node), outcome) {
            (Kind::While, true) => return None,
            (_, true) => Role::Orelse,
            (_, false) => Role::Body,
        };
        let stays = node.field(dead.into()).any(|it| self.needed.contains(&it.id()));
        if stays || !self.is_decided(test) {
            return None;
        }
        let alive = if dead == Role::Body { Role::Orelse } else { Role::Body };
        Some(node.field(alive.into()).filter(|it| !self.dead.contains(&it.id())).collect())
    }

    /// Whether evaluating a decided condition does nothing: every part that is evaluated is decided.
    fn is_decided(&self, test: Node<'_>) -> bool {
        let mut stack = vec![test];
        while let Some(node) = stack.pop() {
            if let Some(it) = view::BoolOp::cast(node) {
                let decides = it.op() == Boolop::Or;
                for value in it.values() {
                    let Some(outcome) = truth(value, self.environment) else { return false };
                    stack.push(value);
                    if outcome == decides {
                        break;
                    }
                }
            } else if let Some(it) = view::UnaryOp::cast(node) {
                stack.push(it.operand());
            } else if truth(node, self.environment).is_none() {
                return false;
            }
        }
        true
    }
}

/// Whether a string at the beginning of a node's body would be a docstring, and is none yet.
fn may_document(node: Node<'_>) -> bool {
    let has_docstrings =
        matches!(kind(node), Kind::Module | Kind::ClassDef | Kind::FunctionDef | Kind::AsyncFunctionDef);
    has_docstrings && !node.field(Role::Body.into()).next().is_some_and(is_text)
}

/// What a scope's code does with a variable, in dead code and in other code.
#[derive(Default)]
struct Uses {
    /// The first dead statement of its own scope that binds or declares it.
    dead: Option<NodeId>,
    /// Whether other code of its scope binds or declares it.
    is_bound: bool,
    /// Whether other code of the file mentions it.
    is_used: bool,
}

/// Dead statements that other code depends on.
fn needed(tree: &Tree, scopes: &Scopes, dead: &[NodeId]) -> FxHashSet<NodeId> {
    // Of each node in dead code, the outermost dead statement.
    let mut around: FxHashMap<NodeId, NodeId> = FxHashMap::default();
    for statement in dead {
        let mut stack = vec![tree.node(*statement)];
        while let Some(node) = stack.pop() {
            around.insert(node.id(), *statement);
            stack.extend(node.children());
        }
    }
    let mut out = generators(tree, scopes, &around);
    // By the scope that mentions a name and the name: what a declaration or binding there decides.
    let mut names: FxHashMap<(ScopeId, SymbolId), Uses> = FxHashMap::default();
    for it in scopes.occurrences() {
        let Some(symbol) = it.symbol.filter(|_| scopes.scope(it.scope).kind != ScopeKind::Module) else {
            continue;
        };
        let uses = names.entry((it.scope, symbol)).or_default();
        let decides = it.role != Does::Load;
        match around.get(&it.node) {
            Some(statement) if decides => {
                uses.dead.get_or_insert(*statement);
            }
            Some(_) => {}
            None => {
                uses.is_bound |= decides;
                uses.is_used = true;
            }
        }
    }
    // Inner scopes use variables of outer ones.
    let mut used: FxHashSet<SymbolId> = FxHashSet::default();
    for it in scopes.occurrences().iter().filter(|it| !around.contains_key(&it.node)) {
        used.extend(it.variable);
    }
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_unstable_by_key(|it| it.0);
    for ((_, symbol), uses) in names {
        let is_used = uses.is_used || used.contains(&symbol);
        if let Some(statement) = uses.dead.filter(|_| is_used && !is_settled(scopes, symbol, &uses)) {
            out.insert(statement);
        }
    }
    out
}

/// Whether code that is not dead makes a name what it is in its scope.
fn is_settled(scopes: &Scopes, symbol: SymbolId, uses: &Uses) -> bool {
    let flags = scopes.symbol(symbol).flags;
    let is_declared = flags.has(astkit_analysis::scopes::Flags::GLOBAL)
        || flags.has(astkit_analysis::scopes::Flags::NONLOCAL);
    // With a declaration somewhere, another binding would make another variable.
    uses.is_bound && !is_declared
}

/// The first dead statement of each generator that has no other `yield`.
fn generators(tree: &Tree, scopes: &Scopes, around: &FxHashMap<NodeId, NodeId>) -> FxHashSet<NodeId> {
    let mut dead: FxHashMap<ScopeId, NodeId> = FxHashMap::default();
    let mut alive: FxHashSet<ScopeId> = FxHashSet::default();
    let mut stack: Vec<(Node<'_>, ScopeId)> = vec![(tree.root(), ScopeId(0))];
    while let Some((node, outer)) = stack.pop() {
        let scope = scopes.scope_of(node.id()).unwrap_or(outer);
        if matches!(kind(node), Kind::Yield | Kind::YieldFrom) {
            match around.get(&node.id()) {
                Some(statement) => {
                    let first = dead.entry(scope).or_insert(*statement);
                    *first = (*first).min(*statement);
                }
                None => {
                    alive.insert(scope);
                }
            }
        }
        stack.extend(node.children().map(|it| (it, scope)));
    }
    dead.into_iter().filter(|it| !alive.contains(&it.0)).map(|it| it.1).collect()
}
