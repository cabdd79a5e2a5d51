//! Whether an expression stands for an object that the function itself has made and nobody else has.

use astkit_ast::python::{Kind, Role as Field, kind, view};
use astkit_ast::{Node, NodeId};
use rustc_hash::FxHashMap;

use super::effects::Given;
use super::{Code, running};
use crate::calls::{Callee, Module};
use crate::def_use::{Definition, DefinitionId};
use crate::mro::assigned_value;
use crate::scopes::{Role, ScopeKind};

/// What is needed to tell.
#[derive(Clone, Copy)]
pub(super) struct Origins<'a> {
    pub(super) modules: &'a [Module<'a>],
    pub(super) module: Module<'a>,
    pub(super) code: Code,
    pub(super) callees: &'a FxHashMap<(Code, NodeId), Vec<&'a Callee>>,
}

/// How many names are followed. A guess.
const STEPS: u32 = 8;

impl<'a> Origins<'a> {
    /// Where an object comes from.
    pub(super) fn of(self, node: Node<'a>) -> Given {
        self.given(node, STEPS)
    }

    fn given(self, node: Node<'a>, steps: u32) -> Given {
        let Some(steps) = steps.checked_sub(1) else { return Given::Other };
        match kind(node) {
            Kind::List
            | Kind::Tuple
            | Kind::Set
            | Kind::Dict
            | Kind::ListComp
            | Kind::SetComp
            | Kind::DictComp
            | Kind::GeneratorExp
            | Kind::Constant
            | Kind::JoinedStr
            | Kind::BinOp
            | Kind::Compare
            | Kind::Lambda
            | Kind::UnaryOp => Given::Fresh,
            Kind::Call => self.made(node),
            Kind::IfExp => {
                let Some(it) = view::IfExp::cast(node) else { return Given::Other };
                self.given(it.body(), steps).join(self.given(it.orelse(), steps))
            }
            Kind::BoolOp => {
                node.children().map(|it| self.given(it, steps)).reduce(Given::join).unwrap_or(Given::Other)
            }
            Kind::NamedExpr => {
                view::NamedExpr::cast(node).map_or(Given::Other, |it| self.given(it.value(), steps))
            }
            Kind::Name => self.named(node, steps),
            _ => Given::Other,
        }
    }

    /// Constructors of builtin types and of classes that are given make new objects.
    fn made(self, node: Node<'a>) -> Given {
        let Some(callees) = self.callees.get(&(self.code, node.id())) else { return Given::Other };
        if matches!(callees.as_slice(), [Callee::Builtin(name)] if &**name == "super") {
            return Given::Parameter(0);
        }
        let is_new = |it: &&Callee| match it {
            Callee::Builtin(name) => matches!(
                &**name,
                "list"
                    | "dict"
                    | "set"
                    | "tuple"
                    | "frozenset"
                    | "sorted"
                    | "str"
                    | "int"
                    | "float"
                    | "bytearray"
                    | "bytes"
                    | "range"
                    | "zip"
                    | "map"
                    | "filter"
                    | "enumerate"
                    | "reversed"
                    | "len"
                    | "abs"
                    | "repr"
                    | "str.split"
                    | "str.splitlines"
                    | "list.copy"
                    | "dict.copy"
                    | "set.copy"
                    | "object"
            ),
            Callee::External(name) => matches!(
                &**name,
                "collections.Counter"
                    | "collections.OrderedDict"
                    | "collections.defaultdict"
                    | "collections.deque"
                    | "copy.deepcopy"
            ),
            Callee::Code(code) => {
                self.is_class(*code) || (self.name_of(*code) == "__init__" && self.is_method(*code))
            }
        };
        if !callees.is_empty() && callees.iter().all(is_new) { Given::Fresh } else { Given::Other }
    }

    fn is_class(self, code: Code) -> bool {
        self.modules[code.module as usize].scopes.scope(code.scope).kind == ScopeKind::Class
    }

    /// Whether a function stands directly in a class, and takes what it is called on.
    pub(super) fn is_method(self, code: Code) -> bool {
        let module = &self.modules[code.module as usize];
        let scope = module.scopes.scope(code.scope);
        let decorators = module.tree.node(scope.node).field(Field::DecoratorList.into());
        let is_static = decorators.filter_map(view::Name::cast).any(|it| it.id() == "staticmethod");
        let is_class = |it| self.is_class(Code { module: code.module, scope: it });
        !is_static && scope.parent.is_some_and(is_class)
    }

    pub(super) fn name_of(self, code: Code) -> &'a str {
        let scopes = self.modules[code.module as usize].scopes;
        scopes.text(scopes.scope(code.scope).name)
    }

    /// Whether a name stands for a class or a module.
    pub(super) fn is_namespace(self, node: Node<'a>) -> bool {
        let (scopes, chains) = (self.module.scopes, self.module.chains);
        let use_ = scopes.occurrence_of(node.id()).and_then(|it| chains.use_at(it)).map(|it| chains.use_(it));
        let reaching = use_.map(|it| chains.reaching(it)).unwrap_or_default();
        let is_one = |it: &DefinitionId| {
            matches!(chains.definition(*it).role, Some(Role::Class | Role::Import) | None)
        };
        kind(node) != Kind::Name || reaching.is_empty() || reaching.iter().any(is_one)
    }

    fn named(self, node: Node<'a>, steps: u32) -> Given {
        let (scopes, chains) = (self.module.scopes, self.module.chains);
        let use_ = scopes.occurrence_of(node.id()).and_then(|it| chains.use_at(it)).map(|it| chains.use_(it));
        let Some(use_) = use_ else { return Given::Other };
        let definitions = chains.reaching(use_).iter().map(|it| chains.definition(*it));
        let each = definitions.map(|it| self.defined(node, it, steps));
        each.reduce(Given::join).unwrap_or(Given::Other)
    }

    fn defined(self, node: Node<'a>, definition: &Definition, steps: u32) -> Given {
        // Another function's variables are not this one's.
        if running(&self.module, definition.scope) != self.code.scope
            || definition.variable.is_none_or(|it| {
                running(&self.module, self.module.scopes.symbol(it).scope) != self.code.scope
            })
        {
            return Given::Other;
        }
        match definition.role {
            Some(Role::Param) => self.parameter(definition.node),
            Some(Role::Store) => match assigned_value(node.tree().node(definition.node)) {
                Some(value) => self.given(value, steps),
                // `x += 1` leaves what it was, or makes something new; a loop's target is somebody's.
                None => Given::Other,
            },
            Some(Role::Def | Role::Class) => Given::Fresh,
            _ => Given::Other,
        }
    }

    /// The place of a parameter among all that can be given by position; `*args` and `**kwargs` are fresh.
    pub(super) fn parameter(self, arg: NodeId) -> Given {
        let function = self.module.tree.node(self.module.scopes.scope(self.code.scope).node);
        let Some(arguments) = function.child(Field::Args.into()) else { return Given::Other };
        if arguments
            .field(Field::Vararg.into())
            .chain(arguments.field(Field::Kwarg.into()))
            .any(|it| it.id() == arg)
        {
            return Given::Fresh;
        }
        let fields = [Field::Posonlyargs, Field::Args, Field::Kwonlyargs];
        let mut all = fields.into_iter().flat_map(|it| arguments.field(it.into()));
        match all.position(|it| it.id() == arg) {
            Some(at) => Given::Parameter(crate::names::index(at)),
            None => Given::Other,
        }
    }
}
