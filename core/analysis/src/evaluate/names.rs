//! What names stand for: definitions that reach them, imports, global variables of other modules.

use astkit_ast::python::{Kind, Operator, kind, view};
use astkit_ast::{Node, NodeId};

use super::{DEEPEST, Evaluated, Evaluator, LIMITS, State, Thing};
use crate::constants::{Value, binary, item, members};
use crate::def_use::{Definition, DefinitionId, Use};
use crate::imports::statement_of;
use crate::mro::assigned_value;
use crate::project::absolute;
use crate::scopes::{Role, ScopeId, SymbolId};

/// Of so many definitions all are looked at, and none of more. A guess.
const SEVERAL: usize = 8;

impl<'a> Evaluator<'a, '_> {
    /// What a name or an attribute stands for; of anything else its value.
    pub(super) fn thing(&mut self, at: usize, node: Node<'a>) -> Evaluated<Thing> {
        if let Some(it) = view::Attribute::cast(node) {
            let base = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.thing(at, it.value()))?;
            return match base {
                Thing::Module(module) => self.member(at, node, &module, it.attr()),
                Thing::Named(name) => Ok(self.named(format!("{name}.{}", it.attr()))),
                Thing::Value(_) => Err(self.unknown(at, node, "an attribute of a value")),
            };
        }
        if kind(node) == Kind::Name {
            return self.name(at, node);
        }
        self.value(at, node).map(Thing::Value)
    }

    /// The value of what a name or an attribute stands for.
    pub(super) fn value_of(&self, at: usize, node: Node<'_>, thing: Thing) -> Evaluated {
        match thing {
            Thing::Value(it) => Ok(it),
            Thing::Module(name) => Err(self.unknown(at, node, format!("the module `{name}`"))),
            Thing::Named(name) => Err(self.unknown(at, node, format!("`{name}` is not known"))),
        }
    }

    /// Something of a module without text.
    fn named(&self, name: String) -> Thing {
        match self.known.values.get(&name) {
            Some(it) => Thing::Value(it.clone()),
            None => Thing::Named(name),
        }
    }

    fn name(&mut self, at: usize, node: Node<'a>) -> Evaluated<Thing> {
        let module = &self.modules[at].module;
        let Some(name) = view::Name::cast(node).map(view::Name::id) else {
            return Err(self.unknown(at, node, "no name"));
        };
        let occurrence = module.scopes.occurrence_of(node.id());
        if let Some(it) = occurrence.map(|it| *module.scopes.occurrence(it))
            && self.is_global(at, it.variable)
            && let Some(known) = self.known_global(at, module.scopes.text(it.name))
        {
            return Ok(Thing::Value(known));
        }
        let Some(use_) = occurrence.and_then(|it| module.chains.use_at(it)) else {
            return Err(self.unknown(at, node, "a name that is not evaluated"));
        };
        let use_ = *module.chains.use_(use_);
        let reaching = module.chains.reaching(&use_).to_vec();
        let found = self.reached(at, node, name, &reaching)?;
        match found {
            Some(_) if use_.is_builtin => Err(self.unknown(at, node, "perhaps a builtin")),
            Some(it) => Ok(it),
            None => self.builtin(at, node, name, &use_),
        }
    }

    /// Whether a variable is the module's; so is one that nobody binds.
    fn is_global(&self, at: usize, variable: Option<SymbolId>) -> bool {
        let scopes = &self.modules[at].module.scopes;
        variable.is_none_or(|it| scopes.symbol(it).scope == ScopeId(0))
    }

    fn known_global(&self, at: usize, name: &str) -> Option<Value> {
        let module = &self.modules[at].module.name;
        self.known.values.get(&format!("{module}.{name}")).cloned()
    }

    /// A name that no definition reaches.
    fn builtin(&self, at: usize, node: Node<'_>, name: &str, use_: &Use) -> Evaluated<Thing> {
        if let Some(it) = self.known.values.get(name) {
            return Ok(Thing::Value(it.clone()));
        }
        Err(self.unknown(
            at,
            node,
            if use_.is_builtin { format!("the builtin `{name}`") } else { format!("`{name}` is not bound") },
        ))
    }

    /// The name of the builtin that an expression is; none if it is, or may be, anything else.
    pub(super) fn builtin_name(&self, at: usize, node: Node<'a>) -> Option<&'a str> {
        let name = view::Name::cast(node)?.id();
        let module = &self.modules[at].module;
        let use_ = module.chains.use_(module.chains.use_at(module.scopes.occurrence_of(node.id())?)?);
        (use_.is_builtin && module.chains.reaching(use_).is_empty()).then_some(name)
    }

    /// What some definitions agree on; none if there are none.
    fn reached(
        &mut self,
        at: usize,
        node: Node<'a>,
        name: &str,
        all: &[DefinitionId],
    ) -> Evaluated<Option<Thing>> {
        if all.len() > SEVERAL {
            return Err(self.unknown(at, node, "a name with many definitions"));
        }
        let mut out = None;
        for it in all {
            let Some(thing) = self.definition(at, *it, name)? else { continue };
            out = match (out, thing) {
                (None, it) => Some(it),
                (Some(Thing::Value(a)), Thing::Value(b)) if a.repr() == b.repr() => Some(Thing::Value(a)),
                (Some(Thing::Module(a)), Thing::Module(b)) if a == b => Some(Thing::Module(a)),
                (Some(Thing::Named(a)), Thing::Named(b)) if a == b => Some(Thing::Named(a)),
                _ => return Err(self.unknown(at, node, "a name with several values")),
            };
        }
        Ok(out)
    }

    /// What a definition gives a name; none if it is a star import that has nothing of this name.
    fn definition(&mut self, at: usize, id: DefinitionId, name: &str) -> Evaluated<Option<Thing>> {
        let definition = *self.modules[at].module.chains.definition(id);
        let node = self.modules[at].module.tree.node(definition.node);
        let key = (at, definition.node);
        if self.depth >= DEEPEST {
            return Err(self.unknown(at, node, "too many names to follow"));
        }
        // A star import stands for many names.
        let is_new = definition.role.is_none() || self.open.insert(key);
        if !is_new {
            return Err(self.unknown(at, node, "a value that depends on itself"));
        }
        self.depth += 1;
        let found =
            stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.defined(at, node, &definition, name));
        self.depth -= 1;
        if definition.role.is_some() {
            self.open.remove(&key);
        }
        if let Ok(Some(Thing::Value(value))) = &found
            && !value.can_be_key()
        {
            if definition.role == Some(Role::Store) && !has_one_name(node) {
                return Err(self.unknown(at, node, "something that may be changed under another name"));
            }
            if let Some(user) = self.changes(at, id, value) {
                let user = self.modules[at].module.tree.node(user);
                return Err(self.unknown(at, user, "something that may be changed here"));
            }
        }
        found
    }

    fn defined(
        &mut self,
        at: usize,
        node: Node<'a>,
        definition: &Definition,
        name: &str,
    ) -> Evaluated<Option<Thing>> {
        let why = match definition.role {
            None => return self.starred(at, node, name),
            Some(Role::Import) => return self.imported(at, node).map(Some),
            Some(Role::Store) => match assigned_value(node) {
                Some(value) => return self.assigned(at, value).map(Some),
                None => return self.unpacked(at, node).map(|it| Some(Thing::Value(it))),
            },
            Some(Role::Def) => "a function",
            Some(Role::Class) => "a class",
            Some(Role::Param) => "a parameter",
            Some(Role::Except) => "an exception",
            Some(Role::Capture) => "what a pattern captures",
            Some(_) => "a definition that gives no value",
        };
        Err(self.unknown(at, node, why))
    }

    /// `x = value`: modules keep being modules.
    fn assigned(&mut self, at: usize, value: Node<'a>) -> Evaluated<Thing> {
        match kind(value) {
            Kind::Name | Kind::Attribute => self.thing(at, value),
            _ => self.value(at, value).map(Thing::Value),
        }
    }

    /// `a, x = value` and `x += value`, for the `x` in it.
    fn unpacked(&mut self, at: usize, target: Node<'a>) -> Evaluated {
        let tree = target.tree();
        let parents = tree.own_parents(target.id()).unwrap_or_default();
        let parent = |nth: usize| {
            let index = *parents.get(parents.len().checked_sub(nth)?)?;
            Some(tree.node(NodeId { def: target.id().def, index }))
        };
        let unknown = "a variable that is not assigned a value";
        let Some(first) = parent(1) else { return Err(self.unknown(at, target, unknown)) };
        if let Some(it) = view::AugAssign::cast(first) {
            return self.augmented(at, target, it);
        }
        let assign = parent(2).and_then(view::Assign::cast);
        let (Some(assign), Kind::Tuple | Kind::List) = (assign, kind(first)) else {
            return Err(self.unknown(at, target, unknown));
        };
        let value = self.value(at, assign.value())?;
        let targets: Vec<Node<'a>> = first.children().collect();
        let is_plain = targets.iter().all(|it| kind(*it) != Kind::Starred);
        let place = targets.iter().position(|it| *it == target).filter(|_| is_plain);
        let items = members(&value).filter(|it| it.len() == targets.len());
        match place.zip(items).and_then(|(place, items)| items.get(place).cloned()) {
            Some(it) => Ok(it),
            None => Err(self.unknown(at, target, unknown)),
        }
    }

    fn augmented(&mut self, at: usize, target: Node<'a>, it: view::AugAssign<'a>) -> Evaluated {
        let thing = self.name(at, target)?;
        let left = self.value_of(at, target, thing)?;
        let right = self.value(at, it.value())?;
        // A list takes whatever can be iterated over.
        let right = match (&left, it.op()) {
            (Value::List(_), Operator::Add) => members(&right).map(Value::List).unwrap_or(right),
            _ => right,
        };
        let made = binary(it.op(), &left, &right, &LIMITS);
        made.ok_or_else(|| self.unknown(at, it.node(), super::expressions::why_not(it.op(), &left, &right)))
    }

    /// What an `alias` binds.
    fn imported(&mut self, at: usize, node: Node<'a>) -> Evaluated<Thing> {
        let statement = statement_of(node);
        let Some(alias) = view::Alias::cast(node) else {
            return Err(self.unknown(at, node, "an import without a name"));
        };
        let Some(from) = statement.and_then(view::ImportFrom::cast) else {
            let first = alias.name().split('.').next().unwrap_or_default();
            return Ok(Thing::Module(if alias.asname().is_some() { alias.name() } else { first }.to_owned()));
        };
        match self.asked(at, from) {
            // `from . import a` in a package binds the submodule, if there is one.
            Some(module) if module == *self.modules[at].module.name => {
                let full = format!("{module}.{}", alias.name());
                if self.program.is_module(&full) {
                    return Ok(Thing::Module(full));
                }
                Err(self.unknown(at, node, "a module that imports from itself"))
            }
            Some(module) => self.member(at, node, &module, alias.name()),
            None => Err(self.unknown(at, node, "a relative import beyond the top")),
        }
    }

    /// The module that a `from` asks for.
    fn asked(&self, at: usize, from: view::ImportFrom<'_>) -> Option<String> {
        let module = &self.modules[at].module;
        absolute(&module.name, module.is_package, from.level(), from.module().unwrap_or_default())
    }

    /// `module.name`.
    fn member(&mut self, at: usize, node: Node<'a>, module: &str, name: &str) -> Evaluated<Thing> {
        let full = format!("{module}.{name}");
        if let Some(known) = self.known.values.get(&full) {
            return Ok(Thing::Value(known.clone()));
        }
        let Some(there) = self.module(module) else {
            let is_module = self.program.is_module(&full);
            return Ok(if is_module { Thing::Module(full) } else { Thing::Named(full) });
        };
        if self.depth >= DEEPEST {
            return Err(self.unknown(at, node, "too many names to follow"));
        }
        self.depth += 1;
        let found = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.global(there, name));
        self.depth -= 1;
        match found? {
            Some(Thing::Value(it)) if !it.can_be_key() && kind(node) == Kind::Attribute => {
                Err(self.unknown(at, node, "something of another module that may be changed"))
            }
            Some(it) => Ok(it),
            None if self.program.is_module(&full) => Ok(Thing::Module(full)),
            None => Err(self.unknown(at, node, format!("`{module}` has no `{name}`"))),
        }
    }

    /// What a global variable stands for when its module has run; none if there is none of this name.
    pub(super) fn global(&mut self, at: usize, name: &str) -> Evaluated<Option<Thing>> {
        if let Some(known) = self.known_global(at, name) {
            return Ok(Some(Thing::Value(known)));
        }
        let own = self.live(at, name);
        let module = &self.modules[at].module;
        let root = module.tree.root();
        if !own.is_empty() {
            let found = self.reached(at, root, name, &own)?;
            return Ok(found);
        }
        let stars: Vec<NodeId> =
            module.chains.definitions().filter(|it| it.1.role.is_none()).map(|it| it.1.node).collect();
        for star in stars.into_iter().rev() {
            let node = self.modules[at].module.tree.node(star);
            if let Some(found) = self.starred(at, node, name)? {
                return Ok(Some(found));
            }
        }
        if name != "__getattr__" && !self.live(at, "__getattr__").is_empty() {
            return Err(self.unknown(at, root, "a module that makes its names itself"));
        }
        Ok(None)
    }

    /// The definitions of a global variable that may be there when the module has run.
    fn live(&mut self, at: usize, name: &str) -> Vec<DefinitionId> {
        let State { module, globals } = &mut self.modules[at];
        let scopes = &module.scopes;
        let Some(symbol) = scopes.names().find(name).and_then(|it| scopes.lookup(ScopeId(0), it)) else {
            return Vec::new();
        };
        let globals = globals.get_or_insert_with(|| {
            let mut out = rustc_hash::FxHashMap::<SymbolId, Vec<DefinitionId>>::default();
            for (id, it) in module.chains.definitions().filter(|it| it.1.is_live) {
                if let Some(variable) = it.variable
                    && scopes.symbol(variable).scope == ScopeId(0)
                {
                    out.entry(variable).or_default().push(id);
                }
            }
            out
        });
        globals.get(&symbol).cloned().unwrap_or_default()
    }

    /// What a star import, given by its alias, brings under a name; none if it brings nothing.
    fn starred(&mut self, at: usize, alias: Node<'a>, name: &str) -> Evaluated<Option<Thing>> {
        let unknown = "a name that a star import may bring";
        let from = statement_of(alias).and_then(view::ImportFrom::cast);
        let target = from.and_then(|it| self.asked(at, it));
        let Some(there) = target.as_deref().and_then(|it| self.module(it)).filter(|it| *it != at) else {
            return Err(self.unknown(at, alias, unknown));
        };
        if self.depth >= DEEPEST {
            return Err(self.unknown(at, alias, "too many names to follow"));
        }
        self.depth += 1;
        let found = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.exported(there, name));
        self.depth -= 1;
        found
    }

    fn exported(&mut self, at: usize, name: &str) -> Evaluated<Option<Thing>> {
        let all = match self.global(at, "__all__")? {
            None => None,
            Some(Thing::Value(it)) => Some(it),
            Some(_) => {
                return Err(self.unknown(
                    at,
                    self.modules[at].module.tree.root(),
                    "names that are not known",
                ));
            }
        };
        let is_exported = match all.as_ref().map(members) {
            None => !name.starts_with('_'),
            Some(Some(names)) => names.contains(&Value::Str(name.into())),
            Some(None) => false,
        };
        if is_exported { self.global(at, name) } else { Ok(None) }
    }

    /// What `version_info[...]` is, if it is `sys.version_info` whose first two parts are known.
    pub(super) fn version_part(&self, name: &str, index: &Value) -> Option<Value> {
        let (major, minor) = self.known.environment.python.filter(|_| name == "sys.version_info")?;
        let parts = Value::Tuple(vec![Value::Int(major.into()), Value::Int(minor.into())]);
        match index {
            Value::Int(it) if *it == 0.into() || *it == 1.into() => item(&parts, index),
            _ => None,
        }
    }
}

/// Whether what is assigned to a name is assigned to nothing else, and not given on.
fn has_one_name(target: Node<'_>) -> bool {
    let tree = target.tree();
    let parent = tree.own_parents(target.id()).and_then(|it| it.last().copied());
    let Some(parent) = parent.map(|index| tree.node(NodeId { def: target.id().def, index })) else {
        return false;
    };
    match kind(parent) {
        Kind::Assign => view::Assign::cast(parent).is_some_and(|it| it.targets().nth(1).is_none()),
        Kind::AnnAssign | Kind::AugAssign => true,
        _ => false,
    }
}
