//! What decides whether a branch runs: imports that succeed, names that modules have, and flags that tell of these.

use astkit_ast::python::{Boolop, Kind, Role as Field, Unaryop, kind, view};
use astkit_ast::{Constant, Node};

use super::statements::Follower;
use super::{Asked, Condition, OtherModule};

impl<'a> Follower<'a> {
    /// What decides whether the body of a `try` runs to its end, or does not; none if there is more to it than imports
    /// and names of modules.
    pub(super) fn runs(&self, node: Node<'a>, wanted: bool) -> Option<Vec<Condition>> {
        let mut asked = Vec::new();
        for statement in node.field(Field::Body.into()) {
            self.needs(statement, &mut asked)?;
        }
        let catches = node.field(Field::Handlers.into()).any(catches_absence);
        (!asked.is_empty() && catches).then(|| vec![Condition::Runs { asked, wanted }])
    }

    /// Adds what a statement needs to run; none if it may fail for other reasons.
    fn needs(&self, statement: Node<'a>, out: &mut Vec<Asked>) -> Option<()> {
        match kind(statement) {
            Kind::Import => {
                for alias in statement.children().filter_map(view::Alias::cast) {
                    out.push(Asked {
                        module: OtherModule { level: 0, name: alias.name().into() },
                        name: None,
                    });
                }
            }
            Kind::ImportFrom => {
                let it = view::ImportFrom::cast(statement)?;
                let module = OtherModule { level: it.level(), name: it.module().unwrap_or_default().into() };
                for alias in it.names().filter_map(view::Alias::cast) {
                    let name = (alias.name() != "*").then(|| alias.name().into());
                    out.push(Asked { module: module.clone(), name });
                }
            }
            Kind::Assign => {
                let value = view::Assign::cast(statement)?.value();
                if let Some(it) = view::Attribute::cast(value) {
                    let module = self.module(it.value())?;
                    out.push(Asked { module, name: Some(it.attr().into()) });
                } else {
                    view::Constant::cast(value)?;
                }
            }
            // Changes of lists.
            Kind::Expr | Kind::AugAssign if super::statements::changed(statement).is_some() => {}
            Kind::Pass => {}
            _ => return None,
        }
        Some(())
    }

    /// What decides that a test comes out so; none if there is more to it.
    pub(super) fn outcome(&self, test: Node<'a>, wanted: bool) -> Option<Vec<Condition>> {
        match kind(test) {
            Kind::UnaryOp => {
                let it = view::UnaryOp::cast(test).filter(|it| it.op() == Unaryop::Not)?;
                self.outcome(it.operand(), !wanted)
            }
            Kind::BoolOp => {
                let it = view::BoolOp::cast(test)?;
                let all = (it.op() == Boolop::And) == wanted;
                let parts = it.values().map(|it| self.outcome(it, wanted));
                if all { parts.collect::<Option<Vec<_>>>().map(|it| it.concat()) } else { None }
            }
            Kind::Call => {
                let call = view::Call::cast(test)?;
                let function = view::Name::cast(call.func()).filter(|it| it.id() == "hasattr");
                let (_, module, name) = (function?, call.args().next()?, call.args().nth(1)?);
                let Constant::Str(name) = view::Constant::cast(name)?.value() else { return None };
                let module = self.module(module)?;
                Some(vec![Condition::Has { module, name: name.clone(), wanted }])
            }
            Kind::Name => {
                let known = self.flags.get(view::Name::cast(test)?.id())?;
                let mut found = known.iter().filter(|it| it.0 == wanted);
                let (Some((_, conditions)), None) = (found.next(), found.next()) else { return None };
                conditions.clone().filter(|it| !it.is_empty())
            }
            _ => None,
        }
    }

    /// `NAME = True`, with what decides whether that runs. Anything else that binds the name makes it unknown.
    pub(super) fn flag(&mut self, node: Node<'a>) {
        let Some(it) = view::Assign::cast(node) else { return };
        let value = match view::Constant::cast(it.value()).map(view::Constant::value) {
            Some(Constant::Bool(value)) => Some(*value),
            Some(Constant::None) => Some(false),
            _ => None,
        };
        for name in it.targets().filter_map(view::Name::cast) {
            let conditions = self.conditions.clone().filter(|_| value.is_some());
            let known = self.flags.entry(name.id()).or_default();
            match value {
                Some(value) => known.push((value, conditions)),
                None => known.extend([(true, None), (false, None)]),
            }
        }
    }
}

/// Whether a handler is for what is not there.
fn catches_absence(handler: Node<'_>) -> bool {
    let Some(ty) = handler.child(Field::Type.into()) else { return true };
    let names =
        ["ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException", "NameError"];
    let is_one = |it: Node<'_>| view::Name::cast(it).is_some_and(|it| names.contains(&it.id()));
    is_one(ty) || ty.children().any(is_one)
}
