//! Comprehensions over `globals().items()`: which names pass conditions on them and on their values.

use astkit_ast::python::{Boolop, Cmpop, Kind, Role as Field, Unaryop, kind, view};
use astkit_ast::{Constant, Node};

use super::statements::Follower;
use super::{Condition, OtherModule, Part, What};
use crate::def_use::Definition;
use crate::imports::statement_of;
use crate::mro::assigned_value;
use crate::scopes::Role;

/// What a condition says of a name.
enum Verdict {
    Known(bool),
    /// Another module decides it.
    Open(Condition),
    Unknown,
}

impl<'a> Follower<'a> {
    /// `X.values()`, where `X` is a dict of names.
    pub(super) fn evaluate_values(&mut self, dict: Node<'a>) -> Vec<Part> {
        let unknown = "a call that is not known";
        let value = self.use_of(dict).and_then(|it| match self.chains.reaching(it) {
            [only] => assigned_value(self.tree.node(self.chains.definition(*only).node)),
            _ => None,
        });
        let Some(value) = value.filter(|it| kind(*it) == Kind::DictComp) else {
            return vec![self.opaque(dict, unknown)];
        };
        let mut generators = value.field(Field::Generators.into());
        let (Some(generator), None) = (generators.next(), generators.next()) else {
            return vec![self.opaque(dict, unknown)];
        };
        self.items(generator, value, Field::Value).unwrap_or_else(|| vec![self.opaque(dict, unknown)])
    }

    /// The names of `for name, value in globals().items() if ...`, when `name` is what the comprehension gives; none if
    /// it is something else.
    pub(super) fn items(&mut self, generator: Node<'a>, node: Node<'a>, given: Field) -> Option<Vec<Part>> {
        let iter = view::Call::cast(generator.required(Field::Iter.into()))?;
        let method = view::Attribute::cast(iter.func()).filter(|it| it.attr() == "items")?;
        let globals = view::Call::cast(method.value())?;
        let function = view::Name::cast(globals.func())?.id();
        if !matches!(function, "globals" | "vars" | "locals") || globals.args().next().is_some() {
            return None;
        }
        let target = view::Tuple::cast(generator.required(Field::Target.into()))?;
        let mut names = target.elts().filter_map(view::Name::cast);
        let (name, value, None) = (names.next()?.id(), names.next()?.id(), names.next()) else { return None };
        if view::Name::cast(node.child(given.into())?)?.id() != name {
            return None;
        }
        let mut conditions = Vec::new();
        let mut stack: Vec<Node<'a>> = generator.field(Field::Ifs.into()).collect();
        while let Some(condition) = stack.pop() {
            match view::BoolOp::cast(condition).filter(|it| it.op() == Boolop::And) {
                Some(both) => stack.extend(both.values()),
                None => conditions.push(condition),
            }
        }
        let mut out = Vec::new();
        for (part, definition) in self.bound_names(method.value()) {
            let definition = definition.map(|it| self.chains.definition(it));
            match (&part.what, definition) {
                (What::Name(own), Some(definition)) => {
                    let own = own.clone();
                    let verdicts =
                        conditions.iter().map(|it| self.verdict(*it, (name, &own), (value, definition)));
                    out.extend(passed(part, verdicts.collect::<Vec<_>>()));
                }
                (_, Some(definition)) => out.push(self.starred(part, definition, &conditions, (name, value))),
                (_, None) => out.push(part),
            }
        }
        Some(out)
    }

    /// What one condition says of one name and what it is bound to.
    fn verdict(
        &self,
        condition: Node<'a>,
        (variable, name): (&str, &str),
        value: (&str, &Definition),
    ) -> Verdict {
        if let Some(passes) = self.passes(condition, variable, name) {
            return Verdict::Known(passes);
        }
        if let Some(not) = view::UnaryOp::cast(condition).filter(|it| it.op() == Unaryop::Not) {
            return match self.value_verdict(not.operand(), value) {
                Verdict::Known(it) => Verdict::Known(!it),
                Verdict::Open(Condition::IsModule { module, wanted }) => {
                    Verdict::Open(Condition::IsModule { module, wanted: !wanted })
                }
                Verdict::Open(_) | Verdict::Unknown => Verdict::Unknown,
            };
        }
        self.value_verdict(condition, value)
    }

    fn value_verdict(&self, condition: Node<'a>, (variable, definition): (&str, &Definition)) -> Verdict {
        match asked_type(condition, variable) {
            Some(("int", exact)) => match self.is_integer(definition) {
                Some(Constant::Bool(_)) => Verdict::Known(!exact),
                Some(Constant::Int(_) | Constant::BigInt(_)) => Verdict::Known(true),
                Some(_) => Verdict::Known(false),
                None if definition.role == Some(Role::Store) => Verdict::Unknown,
                None => Verdict::Known(false),
            },
            Some(("ModuleType", _)) => self.is_module(definition),
            _ => Verdict::Unknown,
        }
    }

    /// The constant that a variable is assigned.
    fn is_integer(&self, definition: &Definition) -> Option<&'a Constant> {
        let value = assigned_value(self.tree.node(definition.node))?;
        view::Constant::cast(value).map(view::Constant::value)
    }

    /// Whether a name stands for a module.
    fn is_module(&self, definition: &Definition) -> Verdict {
        let node = self.tree.node(definition.node);
        match definition.role {
            Some(Role::Import) => {
                let alias = view::Alias::cast(node);
                match alias.and_then(|it| Self::imported(it, true)) {
                    Some((0, _)) if alias.is_some_and(|it| Self::is_plain(it.node())) => Verdict::Known(true),
                    Some((level, name)) => {
                        let module = OtherModule { level, name: name.into() };
                        Verdict::Open(Condition::IsModule { module, wanted: true })
                    }
                    None => Verdict::Unknown,
                }
            }
            Some(Role::Store) => {
                let Some(value) = assigned_value(node) else { return Verdict::Unknown };
                if let Some(attribute) = view::Attribute::cast(value)
                    && let Some(OtherModule { level, name }) = self.module(attribute.value())
                {
                    let module = OtherModule { level, name: format!("{name}.{}", attribute.attr()).into() };
                    return Verdict::Open(Condition::IsModule { module, wanted: true });
                }
                let makes_value = match kind(value) {
                    // A builtin is no module.
                    Kind::Name => self
                        .use_of(value)
                        .is_some_and(|it| it.is_builtin && self.chains.reaching(it).is_empty()),
                    Kind::Call => view::Call::cast(value).is_some_and(|it| {
                        view::Name::cast(it.func())
                            .is_some_and(|it| matches!(it.id(), "float" | "int" | "str" | "len"))
                    }),
                    Kind::Attribute | Kind::Subscript | Kind::IfExp | Kind::BoolOp | Kind::Await => false,
                    _ => true,
                };
                if makes_value { Verdict::Known(false) } else { Verdict::Unknown }
            }
            Some(Role::Def | Role::Class) => Verdict::Known(false),
            _ => Verdict::Unknown,
        }
    }

    /// The names of a star import, when the conditions are such that can be asked of them later.
    fn starred(
        &self,
        part: Part,
        definition: &Definition,
        conditions: &[Node<'a>],
        (name, value): (&str, &str),
    ) -> Part {
        let alias = self.tree.node(definition.node);
        let from = statement_of(alias).and_then(view::ImportFrom::cast);
        let Some(from) = from else { return part };
        let (mut without, mut is_public, mut is_known) = (Vec::new(), false, true);
        for condition in conditions {
            let not = view::UnaryOp::cast(*condition).filter(|it| it.op() == Unaryop::Not);
            let is_no_module =
                not.is_some_and(|it| asked_type(it.operand(), value).is_some_and(|it| it.0 == "ModuleType"));
            let refuses = |text: &str| self.passes(*condition, name, text) == Some(false);
            if is_no_module {
                continue;
            }
            if refuses("_a") && !refuses("a") && view::Compare::cast(*condition).is_none() {
                is_public = true;
            } else if let Some(names) = left_out(*condition, name) {
                without.extend(names);
            } else {
                is_known = false;
            }
        }
        if !is_known || !is_public {
            return part;
        }
        let module = OtherModule { level: from.level(), name: from.module().unwrap_or_default().into() };
        Part { what: What::Star { module, without }, ..part }
    }
}

/// The part, if it passes.
fn passed(mut part: Part, verdicts: Vec<Verdict>) -> Option<Part> {
    let (mut open, mut is_unknown) = (Vec::new(), false);
    for verdict in verdicts {
        match verdict {
            Verdict::Known(false) => return None,
            Verdict::Known(true) => {}
            Verdict::Open(condition) => open.push(condition),
            Verdict::Unknown => is_unknown = true,
        }
    }
    let was_open = part.is_conditional && part.conditions.is_empty();
    if is_unknown || (was_open && !open.is_empty()) {
        part.is_conditional = true;
        part.conditions.clear();
    } else if !open.is_empty() {
        part.is_conditional = true;
        part.conditions.extend(open);
    }
    Some(part)
}

/// The last name of the type that `isinstance(x, T)` or `type(x) is T` asks for, and whether it is exactly that type.
fn asked_type<'a>(condition: Node<'a>, variable: &str) -> Option<(&'a str, bool)> {
    let is_variable = |it: Node<'_>| view::Name::cast(it).is_some_and(|it| it.id() == variable);
    let name = |it: Node<'a>| match view::Attribute::cast(it) {
        Some(it) => Some(it.attr()),
        None => view::Name::cast(it).map(view::Name::id),
    };
    if let Some(call) = view::Call::cast(condition) {
        let is_it = view::Name::cast(call.func()).is_some_and(|it| it.id() == "isinstance");
        let argument = call.args().next().filter(|it| is_it && is_variable(*it));
        return argument.and_then(|_| Some((name(call.args().nth(1)?)?, false)));
    }
    let compare = view::Compare::cast(condition)?;
    let call = view::Call::cast(compare.left())?;
    let is_type = view::Name::cast(call.func())?.id() == "type" && is_variable(call.args().next()?);
    let is_same = matches!(compare.ops().next()?, Cmpop::Is | Cmpop::Eq) && compare.ops().nth(1).is_none();
    (is_type && is_same).then(|| Some((name(compare.comparators().next()?)?, true)))?
}

/// The names of `name not in {...}`.
fn left_out(condition: Node<'_>, variable: &str) -> Option<Vec<Box<str>>> {
    let it = view::Compare::cast(condition)?;
    let is_variable = view::Name::cast(it.left())?.id() == variable;
    let (Cmpop::NotIn, None) = (it.ops().next()?, it.ops().nth(1)) else { return None };
    let set = it.comparators().next().filter(|_| is_variable)?;
    let text = |it: Node<'_>| match view::Constant::cast(it).map(view::Constant::value) {
        Some(Constant::Str(name)) => Some(name.clone()),
        _ => None,
    };
    matches!(kind(set), Kind::Set | Kind::Tuple | Kind::List)
        .then(|| set.children().map(text).collect::<Option<_>>())?
}
