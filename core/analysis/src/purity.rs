//! Purity: whether calling a function can change anything that its caller sees, or depend on more than its arguments.
//!
//! A function is *impure* if it assigns to variables of others, changes objects that it did not make, talks to the
//! world, or calls what does; *pure* if nothing of that can happen; *unknown* where the text does not tell: calls of
//! parameters, iteration over a parameter (which may be an iterator), methods of objects of unknown type, state of
//! other modules. Each verdict but the first comes with witnesses, each a node and the reason.
//!
//! Taken for granted: operators, attributes and subscripts of objects of classes that are not given change nothing.
//!
//! How: each function's own effects are read off its tree, calls join them with those of the functions called, until
//! nothing changes. A change of a parameter is no effect for a caller that gives a fresh object for it.
//! Source of the idea: Sălcianu and Rinard 2005, "Purity and side effect analysis for Java programs", much reduced.

mod called;
mod effects;
mod fresh;
mod tables;

use astkit_ast::NodeId;
use rustc_hash::FxHashMap;

use crate::calls::{CallGraph, Callee, Code, Module};
use crate::scopes::{ScopeId, ScopeKind};
use effects::{Call, Effect, Methods, own_effects};

/// What calling a function may do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// Nothing that its caller could see, and its result depends on its arguments alone.
    Pure,
    /// It can't be told.
    Unknown,
    /// Something.
    Impure,
}

impl Verdict {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Pure => "pure",
            Verdict::Unknown => "unknown",
            Verdict::Impure => "impure",
        }
    }
}

/// Why a function is not pure.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Witness {
    /// How bad it is.
    pub verdict: Verdict,
    /// The node, in the function's own module.
    pub node: NodeId,
    /// What is there.
    pub why: String,
}

/// What is known of a function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Purity {
    /// The function.
    pub code: Code,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, the worst first; empty for a pure function.
    pub witnesses: Vec<Witness>,
}

/// The verdicts on all functions of some modules, lambdas included, in the order of modules and scopes.
pub fn purity(modules: &[Module<'_>], graph: &CallGraph) -> Vec<Purity> {
    let mut callees: FxHashMap<(Code, NodeId), Vec<&Callee>> = FxHashMap::default();
    for edge in &graph.edges {
        callees.entry((edge.caller, edge.node)).or_default().push(&edge.callee);
    }
    let methods = Methods::of(modules);
    let mut functions: FxHashMap<Code, Function> = FxHashMap::default();
    let mut order = Vec::new();
    for (module, at) in modules.iter().zip(0..) {
        for (scope, it) in module.scopes.scopes() {
            if is_function(it.kind) {
                let code = Code { module: at, scope };
                functions.insert(code, Function::new(modules, code, &callees, &methods));
                order.push(code);
            }
        }
    }
    solve(&mut functions, &order);
    while suspect(&mut functions, &order, &methods.groups) {
        solve(&mut functions, &order);
    }
    order.iter().map(|code| verdict(*code, &functions)).collect()
}

fn is_function(kind: ScopeKind) -> bool {
    matches!(kind, ScopeKind::Function | ScopeKind::AsyncFunction | ScopeKind::Lambda)
}

/// A function's effects, those of its callees not yet included.
struct Function {
    witnesses: Vec<Witness>,
    /// Parameters that it changes, with the node that does.
    changed: Vec<(u32, NodeId)>,
    /// Calls of functions that are given.
    calls: Vec<(Code, Call)>,
    /// Groups of methods that it may call by their names alone.
    possible: Vec<(u32, NodeId)>,
}

impl Function {
    fn new(
        modules: &[Module<'_>],
        code: Code,
        callees: &FxHashMap<(Code, NodeId), Vec<&Callee>>,
        methods: &Methods<'_>,
    ) -> Self {
        let mut out =
            Self { witnesses: Vec::new(), changed: Vec::new(), calls: Vec::new(), possible: Vec::new() };
        for effect in own_effects(modules, code, callees, methods) {
            match effect {
                Effect::Witness(it) => out.witnesses.push(it),
                Effect::Changes(parameter, node) => out.changed.push((parameter, node)),
                Effect::Calls(code, call) => out.calls.push((code, call)),
                Effect::MayCall(group, node) => out.possible.push((group, node)),
            }
        }
        out.changed.sort_unstable();
        out.changed.dedup_by_key(|it| it.0);
        out.possible.sort_unstable();
        out.possible.dedup_by_key(|it| it.0);
        out
    }

    fn worst(&self) -> Verdict {
        let own = self.witnesses.iter().map(|it| it.verdict).max().unwrap_or(Verdict::Pure);
        if self.changed.is_empty() { own } else { Verdict::Impure }
    }
}

/// Adds the effects of callees until nothing new comes. Witnesses only grow by one per call, so this ends.
fn solve(functions: &mut FxHashMap<Code, Function>, order: &[Code]) {
    let mut callers: FxHashMap<Code, Vec<Code>> = FxHashMap::default();
    for code in order {
        for (callee, _) in &functions[code].calls {
            callers.entry(*callee).or_default().push(*code);
        }
    }
    let mut queue: Vec<Code> = order.iter().rev().copied().collect();
    while let Some(code) = queue.pop() {
        if absorb(code, functions) {
            queue.extend(callers.get(&code).into_iter().flatten().copied());
        }
    }
}

/// Whether some functions turn out to be unknown, because a method that they may call by its name is impure.
fn suspect(functions: &mut FxHashMap<Code, Function>, order: &[Code], groups: &[Vec<Code>]) -> bool {
    let is_impure = |group: &Vec<Code>| {
        group.iter().any(|it| functions.get(it).is_some_and(|it| it.worst() == Verdict::Impure))
    };
    let impure: Vec<bool> = groups.iter().map(is_impure).collect();
    let mut grows = false;
    for code in order {
        let Some(function) = functions.get_mut(code) else { continue };
        let Some((_, node)) = function.possible.iter().find(|it| impure[it.0 as usize]).copied() else {
            continue;
        };
        // Once is enough.
        function.possible.clear();
        grows |= function.worst() == Verdict::Pure;
        let why = "may call a method that is not pure".to_owned();
        function.witnesses.push(Witness { verdict: Verdict::Unknown, node, why });
    }
    grows
}

/// Whether a function's callees add something to what is known of it.
fn absorb(code: Code, functions: &mut FxHashMap<Code, Function>) -> bool {
    let mut new: Vec<Witness> = Vec::new();
    let mut changed: Vec<(u32, NodeId)> = Vec::new();
    for (callee, call) in &functions[&code].calls {
        // What is no function is a class without a constructor of its own.
        let Some(callee) = functions.get(callee) else { continue };
        let worst = callee.witnesses.iter().map(|it| it.verdict).max().unwrap_or(Verdict::Pure);
        if worst != Verdict::Pure {
            let why = format!("calls {} code", if worst == Verdict::Impure { "impure" } else { "unknown" });
            new.push(Witness { verdict: worst, node: call.node, why });
        }
        for (parameter, _) in &callee.changed {
            match call.argument(*parameter) {
                effects::Given::Fresh => {}
                effects::Given::Parameter(own) => changed.push((own, call.node)),
                effects::Given::Other => {
                    let why = "calls code that changes what it is given".to_owned();
                    new.push(Witness { verdict: Verdict::Impure, node: call.node, why });
                }
            }
        }
    }
    let Some(function) = functions.get_mut(&code) else { return false };
    let before = (function.worst(), function.changed.len());
    for it in new {
        if !function.witnesses.contains(&it) {
            function.witnesses.push(it);
        }
    }
    for it in changed {
        if !function.changed.iter().any(|known| known.0 == it.0) {
            function.changed.push(it);
        }
    }
    before != (function.worst(), function.changed.len())
}

fn verdict(code: Code, functions: &FxHashMap<Code, Function>) -> Purity {
    let function = &functions[&code];
    let mut witnesses = function.witnesses.clone();
    for (_, node) in &function.changed {
        let why = "changes an argument".to_owned();
        witnesses.push(Witness { verdict: Verdict::Impure, node: *node, why });
    }
    witnesses.sort_by(|before, after| {
        (after.verdict, before.node, &before.why).cmp(&(before.verdict, after.node, &after.why))
    });
    witnesses.dedup();
    Purity { code, verdict: function.worst(), witnesses }
}

/// The scope of the code that a scope's code runs in.
pub(crate) fn running(module: &Module<'_>, scope: ScopeId) -> ScopeId {
    let mut scope = scope;
    loop {
        let it = module.scopes.scope(scope);
        match it.parent {
            Some(parent) if !is_function(it.kind) && it.kind != ScopeKind::Module => scope = parent,
            _ => return scope,
        }
    }
}

#[cfg(test)]
mod tests;
