//! The effects that a function's own text has.

use astkit_ast::python::{Cmpop, ExprContext, Kind, Role as Field, kind, view};
use astkit_ast::{Node, NodeId};
use rustc_hash::FxHashMap;

use super::fresh::Origins;
use super::{Verdict, Witness, running, tables};
use crate::calls::{Callee, Code, Module, method_of};
use crate::scopes::{OccurrenceId, Role, ScopeId, ScopeKind};

/// Where an object that is given comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Given {
    /// The function has made it, and nobody else has it.
    Fresh,
    /// A parameter has brought it.
    Parameter(u32),
    /// Somebody else may have it.
    Other,
}

impl Given {
    /// One of both.
    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (Given::Fresh, it) | (it, Given::Fresh) => it,
            (it, that) if it == that => it,
            _ => Given::Other,
        }
    }
}

/// A call, with what it gives for parameters by position, the receiver first.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) node: NodeId,
    pub(super) arguments: Vec<Given>,
    /// Whether the first parameter is an object that the call makes.
    pub(super) constructs: bool,
}

impl Call {
    pub(super) fn argument(&self, parameter: u32) -> Given {
        let mut at = parameter as usize;
        if self.constructs {
            if at == 0 {
                return Given::Fresh;
            }
            at -= 1;
        }
        self.arguments.get(at).copied().unwrap_or(Given::Other)
    }
}

/// Methods that the language calls by name, and decorated ones, which attributes may call: in groups of equal names.
#[derive(Default)]
pub(super) struct Methods<'a> {
    special: FxHashMap<&'a str, u32>,
    decorated: FxHashMap<&'a str, u32>,
    pub(super) groups: Vec<Vec<Code>>,
}

impl<'a> Methods<'a> {
    pub(super) fn of(modules: &'a [Module<'_>]) -> Self {
        let mut out = Self::default();
        for (module, at) in modules.iter().zip(0..) {
            for (scope, it) in module.scopes.scopes() {
                let is_method = super::is_function(it.kind)
                    && it.parent.is_some_and(|it| module.scopes.scope(it).kind == ScopeKind::Class);
                if !is_method {
                    continue;
                }
                let (name, code) = (module.scopes.text(it.name), Code { module: at, scope });
                if module.tree.node(it.node).child(Field::DecoratorList.into()).is_some() {
                    add(&mut out.decorated, &mut out.groups, name, code);
                }
                if name.starts_with("__") && name.ends_with("__") {
                    add(&mut out.special, &mut out.groups, name, code);
                }
            }
        }
        out
    }
}

fn add<'a>(names: &mut FxHashMap<&'a str, u32>, groups: &mut Vec<Vec<Code>>, name: &'a str, code: Code) {
    let group = *names.entry(name).or_insert_with(|| {
        groups.push(Vec::new());
        crate::names::index(groups.len() - 1)
    });
    groups[group as usize].push(code);
}

/// Something that a function does.
pub(super) enum Effect {
    Witness(Witness),
    /// It changes what a parameter brings.
    Changes(u32, NodeId),
    Calls(Code, Call),
    /// By its name alone, a method of this group may be called.
    MayCall(u32, NodeId),
}

pub(super) fn own_effects(
    modules: &[Module<'_>],
    code: Code,
    callees: &FxHashMap<(Code, NodeId), Vec<&Callee>>,
    methods: &Methods<'_>,
) -> Vec<Effect> {
    let module = &modules[code.module as usize];
    let function = module.tree.node(module.scopes.scope(code.scope).node);
    let mut walk =
        Walk { origins: Origins { modules, module: *module, code, callees }, methods, out: Vec::new() };
    for child in function.field(Field::Body.into()) {
        walk.visit(child);
    }
    let kind = module.scopes.scope(code.scope).kind;
    if kind == ScopeKind::AsyncFunction {
        walk.say(Verdict::Unknown, function, "is asynchronous");
    }
    walk.out
}

pub(super) struct Walk<'a> {
    pub(super) origins: Origins<'a>,
    methods: &'a Methods<'a>,
    pub(super) out: Vec<Effect>,
}

impl<'a> Walk<'a> {
    pub(super) fn say(&mut self, verdict: Verdict, node: Node<'_>, why: &str) {
        self.out.push(Effect::Witness(Witness { verdict, node: node.id(), why: why.to_owned() }));
    }

    pub(super) fn visit(&mut self, node: Node<'a>) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.effects(node));
    }

    fn children(&mut self, node: Node<'a>) {
        for child in node.children() {
            self.visit(child);
        }
    }

    fn effects(&mut self, node: Node<'a>) {
        match kind(node) {
            // Making a function does nothing but evaluate its decorators and defaults.
            Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::Lambda => return self.definition(node),
            Kind::Name => self.name(node),
            Kind::Attribute => self.attribute(node),
            Kind::Subscript => self.subscript(node),
            Kind::AugAssign => self.aug_assign(node),
            Kind::Call => return self.call(node),
            Kind::For | Kind::Comprehension => {
                let iter = node.required(Field::Iter.into());
                self.consumes(iter);
            }
            Kind::AsyncFor | Kind::AsyncWith | Kind::Await => self.say(Verdict::Unknown, node, "waits"),
            Kind::With => self.say(Verdict::Unknown, node, "enters a context"),
            Kind::Import | Kind::ImportFrom => self.say(Verdict::Unknown, node, "imports"),
            Kind::YieldFrom => self.say(Verdict::Unknown, node, "iterates over something"),
            Kind::Yield if node.children().next().is_some() => {}
            Kind::Starred => {
                if let Some(it) = view::Starred::cast(node).filter(|it| it.ctx() == ExprContext::Load) {
                    self.consumes(it.value());
                }
            }
            Kind::Assign => {
                let Some(it) = view::Assign::cast(node) else { return };
                if it.targets().any(|it| matches!(kind(it), Kind::Tuple | Kind::List)) {
                    self.consumes(it.value());
                }
            }
            Kind::Compare => self.membership(node),
            Kind::ExceptHandler => self.bound(node),
            Kind::ClassDef => self.say(Verdict::Unknown, node, "makes a class"),
            Kind::Error | Kind::Missing => self.say(Verdict::Unknown, node, "is broken"),
            _ => {}
        }
        self.protocols(node);
        self.possible(node);
        self.children(node);
    }

    /// Methods that the language calls here: of operators, properties, items, iteration.
    fn protocols(&mut self, node: Node<'a>) {
        let callees = self.origins.callees.get(&(self.origins.code, node.id()));
        for callee in callees.into_iter().flatten() {
            match callee {
                Callee::Code(code) => {
                    let call = Call { node: node.id(), arguments: Vec::new(), constructs: false };
                    self.out.push(Effect::Calls(*code, call));
                }
                Callee::External(_) | Callee::Builtin(_) => {
                    self.say(Verdict::Unknown, node, "calls something by a protocol");
                }
            }
        }
    }

    /// Methods that may be called here, by their names alone: what operands and receivers are is not known.
    fn possible(&mut self, node: Node<'a>) {
        let mut groups: Vec<u32> = Vec::new();
        let mut special = |name: &str| groups.extend(self.methods.special.get(name));
        match kind(node) {
            Kind::Attribute => {
                let name = view::Attribute::cast(node).map(view::Attribute::attr).unwrap_or_default();
                groups.extend(self.methods.decorated.get(name));
            }
            Kind::Subscript => special("__getitem__"),
            Kind::BinOp => {
                if let Some(it) = view::BinOp::cast(node) {
                    let name = method_of(it.op());
                    special(&format!("__{name}__"));
                    special(&format!("__r{name}__"));
                }
            }
            Kind::AugAssign => {
                if let Some(it) = view::AugAssign::cast(node) {
                    let name = method_of(it.op());
                    special(&format!("__i{name}__"));
                    special(&format!("__{name}__"));
                }
            }
            Kind::Compare => {
                let names = ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__"];
                names.into_iter().for_each(special);
            }
            _ => {}
        }
        self.out.extend(groups.into_iter().map(|it| Effect::MayCall(it, node.id())));
    }

    fn definition(&mut self, node: Node<'a>) {
        self.bound(node);
        for decorator in node.field(Field::DecoratorList.into()) {
            self.visit(decorator);
            self.say(Verdict::Unknown, decorator, "applies a decorator");
        }
        if let Some(arguments) = node.child(Field::Args.into()) {
            for field in [Field::Defaults, Field::KwDefaults] {
                for default in arguments.field(field.into()) {
                    self.visit(default);
                }
            }
        }
    }

    /// A node whose name is bound: other functions' variables are not to be.
    fn bound(&mut self, node: Node<'a>) {
        let Some(id) = self.origins.module.scopes.occurrence_of(node.id()) else { return };
        if self.is_foreign(id) {
            self.say(Verdict::Impure, node, "assigns to a variable of others");
        }
    }

    fn is_foreign(&self, id: OccurrenceId) -> bool {
        let module = &self.origins.module;
        let variable = module.scopes.occurrence(id).variable;
        variable.is_none_or(|it| running(module, module.scopes.symbol(it).scope) != self.origins.code.scope)
    }

    fn name(&mut self, node: Node<'a>) {
        let module = self.origins.module;
        let Some(id) = module.scopes.occurrence_of(node.id()) else { return };
        let occurrence = module.scopes.occurrence(id);
        if occurrence.role != Role::Load {
            if self.is_foreign(id) {
                self.say(Verdict::Impure, node, "assigns to a variable of others");
            }
            return;
        }
        if !self.is_foreign(id) {
            return;
        }
        match self.state(id) {
            State::Constant => {}
            State::Changing => self.say(Verdict::Impure, node, "reads a variable that functions assign to"),
            State::Unknown => self.say(Verdict::Unknown, node, "reads a variable that may change"),
        }
    }

    /// Whether a variable of others is the same at every time.
    fn state(&self, id: OccurrenceId) -> State {
        let module = &self.origins.module;
        let Some(use_) = module.chains.use_at(id).map(|it| module.chains.use_(it)) else {
            return State::Unknown;
        };
        let mut out = State::Constant;
        let reaching = module.chains.reaching(use_);
        for it in reaching.iter().map(|it| module.chains.definition(*it)) {
            let one = match it.role {
                Some(Role::Def | Role::Class) => State::Constant,
                Some(Role::Import) if is_module(module.tree.node(it.node)) => State::Constant,
                Some(Role::Import) => State::Unknown,
                Some(Role::Store) => match crate::mro::assigned_value(module.tree.node(it.node)) {
                    Some(value) if is_immutable(value) => State::Constant,
                    _ => State::Unknown,
                },
                _ => State::Unknown,
            };
            let of_function = it.scope != ScopeId(0) && running(module, it.scope) != self.origins.code.scope;
            let is_global = it.variable.is_some_and(|it| module.scopes.symbol(it).scope == ScopeId(0));
            out = if of_function && is_global { State::Changing } else { out.worse(one) };
        }
        if reaching.len() > 1 && out == State::Constant {
            return State::Unknown;
        }
        match (reaching.is_empty(), use_.is_builtin) {
            (true, false) => State::Unknown,
            _ => out,
        }
    }

    /// What an attribute's object is changed by, or reads of another module.
    fn attribute(&mut self, node: Node<'a>) {
        let Some(it) = view::Attribute::cast(node) else { return };
        if it.ctx() != ExprContext::Load {
            return self.changes(node, it.value());
        }
        if let Some(name) = self.external(node)
            && !tables::is_constant(&name)
        {
            self.say(Verdict::Unknown, node, "reads something of another module");
        }
        if matches!(it.attr(), "__dict__" | "__globals__" | "__closure__") {
            self.say(Verdict::Unknown, node, "looks into an object");
        }
    }

    /// The dotted name of an attribute of an imported module.
    pub(super) fn external(&self, node: Node<'a>) -> Option<String> {
        let (mut names, mut base) = (Vec::new(), node);
        while let Some(it) = view::Attribute::cast(base) {
            names.push(it.attr());
            base = it.value();
        }
        let module = &self.origins.module;
        let name = view::Name::cast(base)?;
        let use_ = module.chains.use_(module.chains.use_at(module.scopes.occurrence_of(base.id())?)?);
        let imported = module
            .chains
            .reaching(use_)
            .iter()
            .any(|it| matches!(module.chains.definition(*it).role, Some(Role::Import) | None));
        names.push(name.id());
        names.reverse();
        imported.then(|| names.join("."))
    }

    fn subscript(&mut self, node: Node<'a>) {
        if let Some(it) = view::Subscript::cast(node).filter(|it| it.ctx() != ExprContext::Load) {
            self.changes(node, it.value());
        }
    }

    /// An object is changed.
    pub(super) fn changes(&mut self, node: Node<'a>, object: Node<'a>) {
        match self.origins.of(object) {
            Given::Fresh => {}
            Given::Parameter(at) => self.out.push(Effect::Changes(at, node.id())),
            Given::Other => match root(object).map(|it| self.origins.of(it)) {
                Some(Given::Parameter(at)) => self.out.push(Effect::Changes(at, node.id())),
                _ => self.say(Verdict::Impure, node, "changes an object of others"),
            },
        }
    }

    /// `x += y` may change what `x` holds in place.
    fn aug_assign(&mut self, node: Node<'a>) {
        let Some(it) = view::AugAssign::cast(node) else { return };
        let target = it.target();
        if kind(target) != Kind::Name {
            return;
        }
        let is_plain = matches!(
            view::Constant::cast(it.value()).map(view::Constant::value),
            Some(
                astkit_ast::Constant::Int(_) | astkit_ast::Constant::Float(_) | astkit_ast::Constant::Str(_)
            )
        );
        if is_plain {
            return;
        }
        let module = &self.origins.module;
        let use_ = module.scopes.occurrence_of(target.id()).and_then(|it| module.chains.use_at(it));
        let reaching = use_.map(|it| module.chains.reaching(module.chains.use_(it))).unwrap_or_default();
        for it in reaching.iter().map(|it| module.chains.definition(*it)) {
            match (it.role, crate::mro::assigned_value(module.tree.node(it.node))) {
                (Some(Role::Param), _) if self.origins.parameter(it.node) != Given::Fresh => {
                    return self.say(Verdict::Unknown, node, "may change an argument in place");
                }
                (Some(Role::Store), Some(value)) if self.origins.of(value) == Given::Other => {
                    return self.say(Verdict::Unknown, node, "may change an object in place");
                }
                (Some(Role::Store), Some(value)) => {
                    if let Given::Parameter(_) = self.origins.of(value) {
                        return self.say(Verdict::Unknown, node, "may change an argument in place");
                    }
                }
                (Some(Role::Store), None) if !Self::is_own_target(it.node, node) => {
                    return self.say(Verdict::Unknown, node, "may change an object in place");
                }
                _ => {}
            }
        }
    }

    /// Whether a definition is made by an augmented assignment itself.
    fn is_own_target(definition: NodeId, node: Node<'a>) -> bool {
        let mut id = definition;
        let Some(before) = id.index.checked_sub(1) else { return false };
        id.index = before;
        id == node.id() || kind(node.tree().node(id)) == Kind::AugAssign
    }

    /// Something is iterated over; an iterator would be used up.
    pub(super) fn consumes(&mut self, node: Node<'a>) {
        let is_known = match kind(node) {
            Kind::Name => self.origins.of(node) == Given::Fresh || self.is_constant_name(node),
            Kind::Attribute | Kind::Subscript => false,
            Kind::Call => {
                // What a call makes is used up by nobody else, if it is new.
                self.origins.of(node) == Given::Fresh || self.is_view(node)
            }
            _ => self.origins.of(node) == Given::Fresh,
        };
        if !is_known && !self.is_annotated(node) {
            self.say(Verdict::Unknown, node, "may use up an iterator");
        }
    }

    fn is_constant_name(&self, node: Node<'a>) -> bool {
        let id = self.origins.module.scopes.occurrence_of(node.id());
        id.is_some_and(|it| self.is_foreign(it) && self.state(it) == State::Constant)
    }

    /// `x.items()` and the like of something whose type is known.
    fn is_view(&self, node: Node<'a>) -> bool {
        let callees = self.origins.callees.get(&(self.origins.code, node.id()));
        let is_view = |it: &&Callee| match it {
            Callee::Builtin(name) => matches!(
                &**name,
                "dict.items"
                    | "dict.keys"
                    | "dict.values"
                    | "dict.get"
                    | "str.split"
                    | "str.splitlines"
                    | "range"
            ),
            _ => false,
        };
        callees.is_some_and(|it| !it.is_empty() && it.iter().all(is_view))
    }

    /// Whether it is a parameter that says it is of a builtin type that is no iterator.
    pub(super) fn is_annotated(&self, node: Node<'a>) -> bool {
        let module = &self.origins.module;
        let use_ = module.scopes.occurrence_of(node.id()).and_then(|it| module.chains.use_at(it));
        let Some([only]) = use_.map(|it| module.chains.reaching(module.chains.use_(it))) else {
            return false;
        };
        let definition = module.chains.definition(*only);
        let annotation = module.tree.node(definition.node).child(Field::Annotation.into());
        let mut annotation = annotation.filter(|_| definition.role == Some(Role::Param));
        if let Some(it) = annotation.and_then(view::Subscript::cast) {
            annotation = Some(it.value());
        }
        let name = annotation.and_then(view::Name::cast).map(view::Name::id).unwrap_or_default();
        matches!(
            name,
            "str" | "bytes" | "list" | "tuple" | "dict" | "set" | "frozenset" | "int" | "float" | "range"
        )
    }

    /// `x in y` may iterate over `y`.
    fn membership(&mut self, node: Node<'a>) {
        let Some(it) = view::Compare::cast(node) else { return };
        for (op, right) in it.ops().zip(it.comparators()) {
            if matches!(op, Cmpop::In | Cmpop::NotIn) {
                self.consumes(right);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Constant,
    Unknown,
    Changing,
}

impl State {
    fn worse(self, other: Self) -> Self {
        if self == State::Constant { other } else { self }
    }
}

/// Whether an alias binds a module, or something of one whose values never change.
fn is_module(alias: Node<'_>) -> bool {
    let mut id = alias.id();
    while let Some(before) = id.index.checked_sub(1) {
        id.index = before;
        let node = alias.tree().node(id);
        match kind(node) {
            Kind::Import => return true,
            Kind::ImportFrom => {
                let module = view::ImportFrom::cast(node).and_then(view::ImportFrom::module);
                return module.is_some_and(tables::is_constant);
            }
            _ => {}
        }
    }
    false
}

/// The name that attributes and items are taken of.
pub(super) fn root(node: Node<'_>) -> Option<Node<'_>> {
    let mut node = node;
    loop {
        node = match kind(node) {
            Kind::Name => return Some(node),
            Kind::Attribute => view::Attribute::cast(node)?.value(),
            Kind::Subscript => view::Subscript::cast(node)?.value(),
            _ => return None,
        };
    }
}

/// Whether an expression is a constant, or a tuple of such.
fn is_immutable(node: Node<'_>) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        match kind(node) {
            Kind::Constant => {}
            Kind::Tuple | Kind::UnaryOp | Kind::BinOp => stack.extend(node.children()),
            _ => return false,
        }
    }
    true
}
