//! Values of expressions, names and imports followed, with what is known of where the code will run.
//!
//! An expression has a value if every evaluation that raises no error gives it: constants, containers, operators,
//! conditions, subscripts, f-strings, some builtins and methods of constants, and names. A name has the value of the
//! definitions that reach it, if they agree; one that is imported has the value that the global variable has when
//! its module has run. What is given as known counts before what the code says, and conditions that it decides make
//! branches dead: their definitions reach nothing.
//!
//! Anything else is [`Unknown`], with the reason and the place. Sizes and steps are bounded, so every answer comes soon.
//!
//! What can be changed in place (a list, a dict, a set) has a value only if nothing that the module does with the name
//! changes it or hands it on. Not seen, as by [`def_use`](crate::def_use()): what other modules do to a module's variables
//! and containers, `exec`, and imports that find a module half done.
//!
//! Source of the idea: `ast.literal_eval`, taken further as abstract interpreters' constant propagation does.

mod builtin_calls;
mod expressions;
mod formats;
mod methods;
mod module;
mod names;
mod uses;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use astkit_ast::python::{Boolop, Kind, Role as Field, Unaryop, kind, view};
use astkit_ast::{Node, NodeId, Tree};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::constants::{Limits, Value};
use crate::def_use::{DefUse, DefinitionId, def_use_where};
use crate::scopes::{Scopes, SymbolId};
use crate::truth::Environment;

pub use module::{ModuleValues, module_values};

/// Values larger than this are not followed: characters, bytes and elements, those of elements included. A guess.
const LARGEST: usize = 10_000;

/// The sizes up to which operations are done.
const LIMITS: Limits = Limits { int_bits: 4096, text: LARGEST, items: LARGEST, all_items: LARGEST };

/// How many definitions are followed from one name to the next. A guess.
const DEEPEST: u32 = 500;

/// How often conditions are looked at again because others were decided. A guess.
const ROUNDS: usize = 4;

/// A module that names lead into.
#[derive(Clone)]
pub struct Module<'a> {
    /// Its dotted name.
    pub name: Box<str>,
    /// Whether it is a package (`__init__.py`).
    pub is_package: bool,
    /// Its tree.
    pub tree: &'a Tree,
    /// Its scopes.
    pub scopes: Arc<Scopes>,
    /// Its chains.
    pub chains: Arc<DefUse>,
}

/// The modules that can be looked at.
pub trait Program<'a> {
    /// The module of this absolute name, if its text is there.
    fn module(&self, name: &str) -> Option<Module<'a>>;

    /// Whether a module of this absolute name could be imported, with text or without.
    fn is_module(&self, name: &str) -> bool;
}

/// What is known beforehand.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Known {
    values: BTreeMap<String, Value>,
    environment: Environment,
}

impl Known {
    /// What an environment says, and values by qualified name (`sys.maxsize`, `package.module.VARIABLE`) or, for
    /// builtins, by name (`__debug__`). These count before the environment.
    pub fn new(environment: Environment, values: BTreeMap<String, Value>) -> Self {
        let mut all = BTreeMap::new();
        let text = |it: &Option<String>| it.as_deref().map(|it| Value::Str(it.into()));
        let truth = |it: Option<bool>| it.map(Value::Bool);
        let part = |it: Option<u8>| it.map(|it| Value::Int(it.into()));
        for (name, value) in [
            ("sys.platform", text(&environment.platform)),
            ("os.name", text(&environment.os_name)),
            ("sys.implementation.name", text(&environment.implementation)),
            ("typing.TYPE_CHECKING", truth(environment.type_checking)),
            ("__debug__", truth(environment.debug)),
            ("sys.version_info.major", part(environment.python.map(|it| it.0))),
            ("sys.version_info.minor", part(environment.python.map(|it| it.1))),
        ] {
            all.extend(value.map(|it| (name.to_owned(), it)));
        }
        all.extend(values);
        Self { values: all, environment }
    }
}

/// Why an expression has no value that is known.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Unknown {
    /// The reason.
    pub why: Cow<'static, str>,
    /// The module in which the reason stands.
    pub module: Box<str>,
    /// Its place there.
    pub node: NodeId,
}

/// A value, or why there is none.
pub type Evaluated<T = Value> = Result<T, Unknown>;

/// What a name or an attribute stands for.
enum Thing {
    Value(Value),
    /// A module, by name.
    Module(String),
    /// Something of a module without text, by its qualified name.
    Named(String),
}

/// A module that is open.
struct State<'a> {
    module: Module<'a>,
    /// The live definitions of global variables, once they are asked for.
    globals: Option<FxHashMap<SymbolId, Vec<DefinitionId>>>,
}

/// Evaluates expressions, and remembers what came of it.
pub struct Evaluator<'a, 'p> {
    program: &'p dyn Program<'a>,
    known: &'p Known,
    modules: Vec<State<'a>>,
    by_name: FxHashMap<Box<str>, Option<usize>>,
    memo: FxHashMap<(usize, NodeId), Evaluated>,
    /// Expressions and definitions on the way.
    open: FxHashSet<(usize, NodeId)>,
    depth: u32,
}

impl<'a, 'p> Evaluator<'a, 'p> {
    /// Nothing is evaluated yet.
    pub fn new(program: &'p dyn Program<'a>, known: &'p Known) -> Self {
        Self {
            program,
            known,
            modules: Vec::new(),
            by_name: FxHashMap::default(),
            memo: FxHashMap::default(),
            open: FxHashSet::default(),
            depth: 0,
        }
    }

    /// The value of an expression of a module.
    ///
    /// # Errors
    /// Why it has none.
    pub fn value_in(&mut self, module: &str, node: NodeId) -> Evaluated {
        let nowhere = || Unknown { why: "a module without text".into(), module: module.into(), node };
        let at = self.module(module).ok_or_else(nowhere)?;
        let node = self.modules[at].module.tree.node(node);
        self.value(at, node)
    }

    /// The value of a module's global variable when the module has run; none if it has no variable of this name.
    ///
    /// # Errors
    /// Why it has none.
    pub fn global_in(&mut self, module: &str, name: &str) -> Evaluated<Option<Value>> {
        let Some(at) = self.module(module) else { return Ok(None) };
        let root = self.modules[at].module.tree.root();
        match self.global(at, name)? {
            None => Ok(None),
            Some(it) => self.value_of(at, root, it).map(Some),
        }
    }

    /// Opens a module: conditions that are decided leave out what they leave out.
    fn module(&mut self, name: &str) -> Option<usize> {
        if let Some(known) = self.by_name.get(name) {
            return *known;
        }
        let module = self.program.module(name);
        let at = module.map(|module| {
            self.modules.push(State { module, globals: None });
            self.modules.len() - 1
        });
        self.by_name.insert(name.into(), at);
        if let Some(at) = at {
            self.decide(at);
        }
        at
    }

    fn decide(&mut self, at: usize) {
        let tree = self.modules[at].module.tree;
        let mut open = conditions(tree);
        let mut decided = FxHashMap::default();
        for _ in 0..ROUNDS {
            let before = decided.len();
            open.retain(|test| match self.truth(at, *test) {
                Ok(it) => {
                    decided.insert(test.id(), it);
                    false
                }
                Err(_) => true,
            });
            if decided.len() == before {
                return;
            }
            let scopes = Arc::clone(&self.modules[at].module.scopes);
            self.modules[at].module.chains =
                Arc::new(def_use_where(tree, &scopes, &|it| decided.get(&it).copied()));
            self.modules[at].globals = None;
            // What was not known may be now.
            self.memo.retain(|_, it| it.is_ok());
        }
    }

    fn unknown(&self, at: usize, node: Node<'_>, why: impl Into<Cow<'static, str>>) -> Unknown {
        Unknown { why: why.into(), module: self.modules[at].module.name.clone(), node: node.id() }
    }

    /// The value of an expression. Cost: each once.
    fn value(&mut self, at: usize, node: Node<'a>) -> Evaluated {
        let key = (at, node.id());
        if let Some(known) = self.memo.get(&key) {
            return known.clone();
        }
        if !self.open.insert(key) {
            return Err(self.unknown(at, node, "a value that depends on itself"));
        }
        let found = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.expression(at, node));
        self.open.remove(&key);
        let found = found.and_then(|it| {
            if it.size() > LARGEST {
                Err(self.unknown(at, node, "a value that is too large"))
            } else {
                Ok(it)
            }
        });
        self.memo.insert(key, found.clone());
        found
    }

    /// Whether a condition counts as true, if it raises no error; for that not all of it has to be known.
    fn truth(&mut self, at: usize, node: Node<'a>) -> Evaluated<bool> {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.truth_of(at, node))
    }

    fn truth_of(&mut self, at: usize, node: Node<'a>) -> Evaluated<bool> {
        if let Some(it) = view::UnaryOp::cast(node).filter(|it| it.op() == Unaryop::Not) {
            return self.truth(at, it.operand()).map(|it| !it);
        }
        let Some(it) = view::BoolOp::cast(node) else {
            return self.value(at, node).map(|it| it.is_true());
        };
        let decides = it.op() == Boolop::Or;
        let mut unknown = None;
        for value in it.values() {
            match self.truth(at, value) {
                Ok(it) if it == decides => return Ok(decides),
                Ok(_) => {}
                Err(why) => {
                    unknown.get_or_insert(why);
                }
            }
        }
        unknown.map_or(Ok(!decides), Err)
    }
}

/// The conditions that branches hang on, and the operands that they are made of.
fn conditions(tree: &Tree) -> Vec<Node<'_>> {
    let (mut out, mut stack, mut open) = (Vec::new(), vec![tree.root()], Vec::new());
    while let Some(node) = stack.pop() {
        if matches!(kind(node), Kind::If | Kind::While | Kind::IfExp) {
            open.extend(node.child(Field::Test.into()));
        }
        while let Some(test) = open.pop() {
            out.push(test);
            let is_not = view::UnaryOp::cast(test).is_some_and(|it| it.op() == Unaryop::Not);
            if is_not || kind(test) == Kind::BoolOp {
                open.extend(test.children());
            }
        }
        stack.extend(node.children());
    }
    out
}

#[cfg(test)]
mod tests;
