//! What calls in a function's text do.

use astkit_ast::python::{Kind, kind, view};
use astkit_ast::{Node, NodeId};

use super::effects::{Call, Effect, Given, Walk, root};
use super::{Verdict, tables};
use crate::calls::{Callee, Code};
use crate::scopes::{Role, ScopeKind};

impl<'a> Walk<'a> {
    pub(super) fn call(&mut self, node: Node<'a>) {
        let Some(it) = view::Call::cast(node) else { return };
        let origins = self.origins;
        let callees = origins.callees.get(&(origins.code, node.id())).map(Vec::as_slice).unwrap_or_default();
        // The callee's own name is no read of state.
        let receiver = view::Attribute::cast(it.func()).map(view::Attribute::value);
        match receiver {
            Some(receiver) if self.external(it.func()).is_none() => self.visit(receiver),
            Some(_) => {}
            None if kind(it.func()) != Kind::Name || callees.is_empty() => self.visit(it.func()),
            None => {}
        }
        for argument in it.args().chain(it.keywords()) {
            self.visit(argument);
        }
        if callees.is_empty() {
            return self.unresolved(node, it);
        }
        if self.is_given(it.func()) {
            self.say(Verdict::Unknown, node, "calls what an argument brings");
        }
        for callee in callees {
            match callee {
                Callee::Code(code) => {
                    let call = self.given(it, *code);
                    self.out.push(Effect::Calls(*code, call));
                }
                Callee::External(name) => match tables::external(name) {
                    Verdict::Pure => {}
                    verdict => self.say(verdict, node, &format!("calls {name}")),
                },
                Callee::Builtin(name) => self.builtin(node, it, name, receiver),
            }
        }
    }

    /// Whether a callee comes from a parameter, but for methods of the first parameter of a method.
    fn is_given(&self, callee: Node<'a>) -> bool {
        let Some(base) = root(callee) else { return false };
        let module = &self.origins.module;
        let use_ = module.scopes.occurrence_of(base.id()).and_then(|it| module.chains.use_at(it));
        let reaching = use_.map(|it| module.chains.reaching(module.chains.use_(it))).unwrap_or_default();
        let is_parameter = |it: NodeId| {
            let scope = module.scopes.scope(self.origins.code.scope);
            let is_method = scope.parent.is_some_and(|it| module.scopes.scope(it).kind == ScopeKind::Class);
            let is_self = is_method && self.origins.parameter(it) == Given::Parameter(0);
            !(self.is_annotated(base) || is_self && base != callee)
        };
        let mut definitions = reaching.iter().map(|it| module.chains.definition(*it));
        definitions.any(|it| it.role == Some(Role::Param) && is_parameter(it.node))
    }

    fn unresolved(&mut self, node: Node<'a>, call: view::Call<'a>) {
        let method = view::Attribute::cast(call.func());
        match method {
            Some(it) if tables::is_mutating(it.attr()) => match self.origins.of(it.value()) {
                Given::Fresh => {}
                _ => self.changes(node, it.value()),
            },
            // A method of a type that the parameter's annotation tells.
            Some(it) if self.is_annotated(it.value()) => {}
            _ => self.say(Verdict::Unknown, node, "calls something that is not known"),
        }
    }

    fn builtin(&mut self, node: Node<'a>, call: view::Call<'a>, name: &str, receiver: Option<Node<'a>>) {
        let (verdict, consumes) = tables::builtin(name);
        if verdict != Verdict::Pure {
            self.say(verdict, node, &format!("calls {name}"));
        }
        if consumes {
            let skip = usize::from(matches!(name, "map" | "filter"));
            for argument in call.args().skip(skip) {
                self.consumes(argument);
            }
        }
        if matches!(name, "map" | "filter" | "sorted" | "min" | "max" | "getattr" | "hasattr") {
            self.callbacks(node, call, name);
        }
        let method = name.rsplit_once('.').map_or("", |it| it.1);
        if let Some(receiver) = receiver.filter(|_| tables::is_mutating(method)) {
            self.changes(node, receiver);
        }
    }

    /// Functions that a builtin calls: only names of functions of these modules are followed, by their own calls.
    fn callbacks(&mut self, node: Node<'a>, call: view::Call<'a>, name: &str) {
        let function = match name {
            "map" | "filter" => call.args().next(),
            "getattr" | "hasattr" => return self.say(Verdict::Unknown, node, "reads an attribute by name"),
            _ => call
                .keywords()
                .filter_map(view::Keyword::cast)
                .find(|it| it.arg() == Some("key"))
                .map(view::Keyword::value),
        };
        let is_known = |it: Node<'a>| {
            let own = self.origins.callees.get(&(self.origins.code, node.id()));
            let is_code = own.is_some_and(|it| it.iter().any(|it| matches!(it, Callee::Code(_))));
            is_code || view::Constant::cast(it).is_some() || self.is_builtin_pure(it)
        };
        if function.is_some_and(|it| !is_known(it)) {
            self.say(Verdict::Unknown, node, "calls back something that is not known");
        }
    }

    fn is_builtin_pure(&self, node: Node<'a>) -> bool {
        let Some(name) = view::Name::cast(node) else { return false };
        let module = &self.origins.module;
        let use_ = module.scopes.occurrence_of(node.id()).and_then(|it| module.chains.use_at(it));
        let is_builtin = use_.is_some_and(|it| {
            let it = module.chains.use_(it);
            it.is_builtin && module.chains.reaching(it).is_empty()
        });
        is_builtin && tables::builtin(name.id()) == (Verdict::Pure, false)
    }

    /// What a call gives for the parameters of a function.
    fn given(&self, call: view::Call<'a>, code: Code) -> Call {
        let origins = self.origins;
        let mut arguments: Vec<Given> = Vec::new();
        let receiver = view::Attribute::cast(call.func()).map(view::Attribute::value);
        let is_method = origins.is_method(code);
        let constructs = is_method && origins.name_of(code) == "__init__" && receiver.is_none();
        // `C.method(x)` gives `x` for what it is called on, and a method by another name its own: not told apart.
        let is_unclear = is_method
            && !constructs
            && receiver.is_none_or(|it| kind(it) != Kind::Call && origins.is_namespace(it));
        let is_starred = call.args().any(|it| kind(it) == Kind::Starred);
        if !is_starred && !is_unclear && call.keywords().next().is_none() {
            arguments = call.args().map(|it| origins.of(it)).collect();
            if let Some(receiver) = receiver.filter(|_| is_method) {
                arguments.insert(0, origins.of(receiver));
            }
        }
        Call { node: call.node().id(), arguments, constructs }
    }
}
