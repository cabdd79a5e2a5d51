//! Comprehensions over names: which of them pass a condition.

use astkit_ast::python::{Boolop, Cmpop, Kind, Role as Field, Unaryop, kind, view};
use astkit_ast::{Constant, Node};

use super::statements::Follower;
use super::{Part, What};

impl<'a> Follower<'a> {
    /// `[x for x in LIST if ...]`.
    pub(super) fn comprehension(&mut self, node: Node<'a>) -> Vec<Part> {
        let unknown = "a comprehension that is not known";
        let mut generators = node.field(Field::Generators.into());
        let (Some(generator), None) = (generators.next(), generators.next()) else {
            return vec![self.opaque(node, unknown)];
        };
        if let Some(parts) = self.items(generator, node, Field::Elt) {
            return parts;
        }
        let element = node.child(Field::Elt.into()).and_then(view::Name::cast);
        let target = view::Name::cast(generator.required(Field::Target.into()));
        match (element, target) {
            (Some(element), Some(target)) if element.id() == target.id() => {
                let parts = self.evaluate(generator.required(Field::Iter.into()));
                let conditions: Vec<_> = generator.field(Field::Ifs.into()).collect();
                self.filtered(parts, target.id(), &conditions, node)
            }
            _ => vec![self.opaque(node, unknown)],
        }
    }

    /// The parts that pass all conditions on the name `variable`.
    pub(super) fn filtered(
        &self,
        parts: Vec<Part>,
        variable: &str,
        conditions: &[Node<'a>],
        node: Node<'a>,
    ) -> Vec<Part> {
        let mut out = Vec::new();
        for mut part in parts {
            let What::Name(name) = &part.what else {
                out.push(if conditions.is_empty() {
                    part
                } else {
                    self.opaque(node, "a filter of unknown names")
                });
                continue;
            };
            let mut passes = Some(true);
            for condition in conditions {
                passes = match (passes, self.passes(*condition, variable, name)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), outcome) => outcome,
                    (None, _) => None,
                };
            }
            match passes {
                Some(true) => out.push(part),
                Some(false) => {}
                None => {
                    part.is_conditional = true;
                    part.conditions.clear();
                    out.push(part);
                }
            }
        }
        out
    }

    /// Whether a name passes a condition on it; none if that is not known.
    pub(super) fn passes(&self, condition: Node<'a>, variable: &str, name: &str) -> Option<bool> {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.passes_one(condition, variable, name))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "no other kind is a test of names that is known")]
    fn passes_one(&self, condition: Node<'a>, variable: &str, name: &str) -> Option<bool> {
        match kind(condition) {
            Kind::UnaryOp => {
                let it = view::UnaryOp::cast(condition).filter(|it| it.op() == Unaryop::Not)?;
                self.passes(it.operand(), variable, name).map(|it| !it)
            }
            Kind::BoolOp => {
                let it = view::BoolOp::cast(condition)?;
                let decides = it.op() == Boolop::Or;
                let mut outcomes = it.values().map(|it| self.passes(it, variable, name));
                let mut all_known = true;
                let decided = outcomes.any(|it| {
                    all_known &= it.is_some();
                    it == Some(decides)
                });
                if decided { Some(decides) } else { all_known.then_some(!decides) }
            }
            Kind::Call => {
                let call = view::Call::cast(condition)?;
                let method = view::Attribute::cast(call.func()).filter(|it| is_name(it.value(), variable))?;
                match (method.attr(), call.args().next()) {
                    ("startswith", Some(it)) => Some(texts(it)?.iter().any(|it| name.starts_with(it))),
                    ("endswith", Some(it)) => Some(texts(it)?.iter().any(|it| name.ends_with(it))),
                    ("isupper", None) => {
                        let cased = name.chars().any(char::is_uppercase);
                        Some(cased && !name.chars().any(char::is_lowercase))
                    }
                    _ => None,
                }
            }
            Kind::Compare => self.compares(view::Compare::cast(condition)?, variable, name),
            _ => None,
        }
    }

    fn compares(&self, node: view::Compare<'a>, variable: &str, name: &str) -> Option<bool> {
        let (op, right) = (node.ops().next()?, node.comparators().next()?);
        let left = node.left();
        let first_letter = |it: Node<'_>| {
            let it = view::Subscript::cast(it)?;
            let is = |it: Node<'_>, number: u64| {
                view::Constant::cast(it)
                    .is_some_and(|it| matches!(it.value(), Constant::Int(it) if *it == number))
            };
            let slice = view::Slice::cast(it.slice());
            let one = slice.is_some_and(|it| {
                it.lower().is_none_or(|it| is(it, 0))
                    && it.step().is_none()
                    && it.upper().is_some_and(|it| is(it, 1))
            });
            ((one || is(it.slice(), 0)) && is_name(it.value(), variable))
                .then(|| name.get(..1).unwrap_or(name))
        };
        let value = if is_name(left, variable) { Some(name) } else { first_letter(left) }?;
        let known = match op {
            Cmpop::In | Cmpop::NotIn if kind(right) == Kind::Name => {
                let list = self.lists.get(view::Name::cast(right)?.id())?;
                list.iter().any(|it| matches!(&it.what, What::Name(it) if **it == *value))
            }
            _ => texts(right)?.contains(&value),
        };
        match op {
            Cmpop::Eq | Cmpop::In => Some(known),
            Cmpop::NotEq | Cmpop::NotIn => Some(!known),
            Cmpop::Lt | Cmpop::LtE | Cmpop::Gt | Cmpop::GtE | Cmpop::Is | Cmpop::IsNot => None,
        }
    }
}

fn is_name(node: Node<'_>, name: &str) -> bool {
    view::Name::cast(node).is_some_and(|it| it.id() == name)
}

/// A text, or the texts of a tuple, list or set.
fn texts(node: Node<'_>) -> Option<Vec<&str>> {
    let text = |it: Node<'_>| match view::Constant::cast(it).map(view::Constant::value) {
        Some(Constant::Str(_)) => Some(()),
        _ => None,
    };
    let all: Vec<Node<'_>> = match kind(node) {
        Kind::Constant => vec![node],
        Kind::Tuple | Kind::List | Kind::Set => node.children().collect(),
        _ => return None,
    };
    all.iter().map(|it| text(*it)).collect::<Option<Vec<()>>>()?;
    Some(all.into_iter().filter_map(constant_text).collect())
}

fn constant_text(node: Node<'_>) -> Option<&str> {
    view::Constant::cast(node)?.value().as_str()
}
