//! `__all__`, as far as its statements can be read.
//!
//! Understood are assignments of lists and tuples of strings, `+=` with such, and calls of `append`, `extend` and
//! `remove`, at module level, conditions around them passed over. Anything else that gives it a value or changes it
//! makes it opaque.

use astkit_ast::DefId;
use astkit_ast::python::{ExprContext, Kind, kind, view};
use astkit_ast::tree::Node;

/// What a module says about its exported names.
pub(super) enum All<'a> {
    Absent,
    Definite(Vec<&'a str>),
    Opaque(Vec<&'a str>),
}

const NAME: &str = "__all__";

/// Reads a module's `__all__`.
pub(super) fn dunder_all(module: Node<'_>) -> All<'_> {
    let mut reader = Reader::default();
    let mut stack = vec![module];
    while let Some(node) = stack.pop() {
        if node.id().def != DefId(0) {
            continue;
        }
        if reader.statement(node) {
            continue;
        }
        if is_name(node) && view::Name::cast(node).is_some_and(|it| it.ctx() != ExprContext::Load) {
            reader.touched = true;
            reader.opaque = true;
        }
        let first = stack.len();
        stack.extend(node.children());
        stack[first..].reverse();
    }
    match (reader.touched, reader.opaque) {
        (false, _) => All::Absent,
        (true, false) => All::Definite(reader.names),
        (true, true) => All::Opaque(reader.names),
    }
}

#[derive(Default)]
struct Reader<'a> {
    names: Vec<&'a str>,
    touched: bool,
    opaque: bool,
}

impl<'a> Reader<'a> {
    /// Reads a statement about `__all__`; false if it is not one.
    fn statement(&mut self, node: Node<'a>) -> bool {
        if let Some(it) = view::Assign::cast(node) {
            let targets: Vec<_> = it.targets().collect();
            return matches!(targets[..], [target] if is_name(target)) && self.assign(it.value());
        }
        if let Some(it) = view::AnnAssign::cast(node) {
            return is_name(it.target()) && it.value().is_none_or(|it| self.assign(it));
        }
        if let Some(it) = view::AugAssign::cast(node) {
            return is_name(it.target()) && self.extend(it.value());
        }
        view::Expr::cast(node).and_then(|it| view::Call::cast(it.value())).is_some_and(|it| self.call(it))
    }

    fn assign(&mut self, value: Node<'a>) -> bool {
        self.names.clear();
        self.opaque = false;
        self.extend(value)
    }

    fn extend(&mut self, value: Node<'a>) -> bool {
        self.touched = true;
        match strings(value) {
            Some(names) => self.names.extend(names),
            None => self.opaque = true,
        }
        true
    }

    fn call(&mut self, call: view::Call<'a>) -> bool {
        let Some(method) = view::Attribute::cast(call.func()).filter(|it| is_name(it.value())) else {
            return false;
        };
        self.touched = true;
        let arguments: Vec<_> = call.args().collect();
        match (method.attr(), &arguments[..]) {
            ("extend", [list]) => return self.extend(*list),
            ("append", [name]) if string(*name).is_some() => self.names.extend(string(*name)),
            ("remove", [name]) if string(*name).is_some() => {
                let at = self.names.iter().position(|it| Some(*it) == string(*name));
                at.map(|it| self.names.remove(it));
            }
            ("sort" | "reverse", []) => {}
            _ => self.opaque = true,
        }
        true
    }
}

fn is_name(node: Node<'_>) -> bool {
    view::Name::cast(node).is_some_and(|it| it.id() == NAME)
}

fn strings(node: Node<'_>) -> Option<Vec<&str>> {
    matches!(kind(node), Kind::List | Kind::Tuple).then(|| node.children().map(string).collect())?
}

fn string(node: Node<'_>) -> Option<&str> {
    view::Constant::cast(node)?.value().as_str()
}
