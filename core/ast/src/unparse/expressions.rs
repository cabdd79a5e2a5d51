//! Expressions.

use super::precedence::{Level, level_of, level_of_boolop};
use super::{Unparser, child, many, name, opt};
use crate::python::{Boolop, Cmpop, Kind, Role, Unaryop, kind, view};
use crate::tree::Node;

impl<'a> Unparser<'a> {
    /// Writes an expression where the grammar asks for one of at least this level.
    pub(super) fn expr(&mut self, node: Node<'a>, least: Level) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || {
            let colon = self.no_colon && kind(node) == Kind::Lambda;
            if level_of(node) < least || colon {
                self.bracketed("(", ")", |it| it.bare(node));
            } else {
                self.bare(node);
            }
        });
    }

    /// Writes an expression where `x := y` may stand without parentheses, but not `yield x` or `x, y`.
    pub(super) fn named(&mut self, node: Node<'a>) {
        let least = if kind(node) == Kind::NamedExpr { Level::Named } else { Level::Test };
        self.expr(node, least);
    }

    fn bare(&mut self, node: Node<'a>) {
        match kind(node) {
            Kind::BoolOp => self.bool_op(node),
            Kind::NamedExpr => {
                self.expr(child(node, Role::Target), Level::Atom);
                self.push(" := ");
                self.expr(child(node, Role::Value), Level::Test);
            }
            Kind::BinOp => self.binary(node),
            Kind::UnaryOp => self.unary(node),
            Kind::Lambda => self.lambda(node),
            Kind::IfExp => {
                self.expr(child(node, Role::Body), Level::Or);
                self.push(" if ");
                self.expr(child(node, Role::Test), Level::Or);
                self.push(" else ");
                self.expr(child(node, Role::Orelse), Level::Test);
            }
            Kind::Dict => self.bracketed("{", "}", |it| it.dict(node)),
            Kind::Set => self.set(node),
            Kind::List => self.bracketed("[", "]", |it| it.elements(node)),
            Kind::Tuple => self.tuple(node),
            Kind::ListComp => self.bracketed("[", "]", |it| it.comprehensions(node)),
            Kind::SetComp | Kind::DictComp => self.bracketed("{", "}", |it| it.comprehensions(node)),
            Kind::GeneratorExp => self.bracketed("(", ")", |it| it.comprehensions(node)),
            Kind::Await => {
                self.push("await ");
                self.expr(child(node, Role::Value), Level::Atom);
            }
            Kind::Yield => {
                self.push("yield");
                self.tail(" ", opt(node, Role::Value), Level::Tuple);
            }
            Kind::YieldFrom => {
                self.push("yield from ");
                self.expr(child(node, Role::Value), Level::Test);
            }
            Kind::Compare => self.compare(node),
            Kind::Call | Kind::Attribute | Kind::Subscript => self.postfix(node),
            Kind::JoinedStr | Kind::TemplateStr => self.joined_str(node),
            // A field outside a string: only when it is asked for on its own.
            Kind::FormattedValue | Kind::Interpolation => self.field(node),
            Kind::Constant => self.constant(node),
            Kind::Starred => {
                self.push("*");
                self.expr(child(node, Role::Value), Level::BitOr);
            }
            Kind::Name => self.name(name(node)),
            Kind::Slice => self.slice(node),
            Kind::Repr => self.bracketed("`", "`", |it| it.expr(child(node, Role::Value), Level::Test)),
            _ => self.broken(node),
        }
    }

    /// Writes an optional expression after a separator.
    pub(super) fn tail(&mut self, separator: &str, node: Option<Node<'a>>, least: Level) {
        if let Some(node) = node {
            self.push(separator);
            self.expr(node, least);
        }
    }

    fn bool_op(&mut self, node: Node<'a>) {
        let op = Boolop::from_flag(node.flag());
        let word = if op == Some(Boolop::And) { " and " } else { " or " };
        // An operand with the same operator is one in parentheses: `a or (b or c)`.
        let least = level_of_boolop(op).next();
        for (at, value) in many(node, Role::Values).enumerate() {
            if at > 0 {
                self.push(word);
            }
            self.expr(value, least);
        }
    }

    fn unary(&mut self, node: Node<'a>) {
        let (sign, least) = match Unaryop::from_flag(node.flag()) {
            Some(Unaryop::Not) => ("not ", Level::Not),
            Some(Unaryop::Invert) => ("~", Level::Factor),
            Some(Unaryop::UAdd) => ("+", Level::Factor),
            Some(Unaryop::USub) | None => ("-", Level::Factor),
        };
        self.push(sign);
        self.expr(child(node, Role::Operand), least);
    }

    fn lambda(&mut self, node: Node<'a>) {
        let arguments = child(node, Role::Args);
        self.push("lambda");
        if arguments.children().next().is_some() {
            self.push(" ");
            self.arguments(arguments);
        }
        self.push(": ");
        self.expr(child(node, Role::Body), Level::Test);
    }

    /// Keys come before their values; a value without a key is a mapping to be unpacked.
    fn dict(&mut self, node: Node<'a>) {
        let (mut first, mut has_key) = (true, false);
        for part in node.children() {
            if !has_key && !std::mem::take(&mut first) {
                self.push(", ");
            }
            if part.role() == Role::Keys.into() {
                self.expr(part, Level::Test);
                has_key = true;
            } else if std::mem::take(&mut has_key) {
                self.push(": ");
                self.expr(part, Level::Test);
            } else {
                self.push("**");
                self.expr(part, Level::BitOr);
            }
        }
    }

    fn set(&mut self, node: Node<'a>) {
        if opt(node, Role::Elts).is_none() {
            // No literal is an empty set, but a transformation may make one.
            return self.push("{*()}");
        }
        self.bracketed("{", "}", |it| it.elements(node));
    }

    fn elements(&mut self, node: Node<'a>) {
        self.list(many(node, Role::Elts), Self::named);
    }

    /// The elements of a tuple, without parentheses unless it is empty.
    fn tuple(&mut self, node: Node<'a>) {
        let mut elements = many(node, Role::Elts);
        self.list(elements.clone(), |it, element| it.expr(element, Level::Test));
        match (elements.next(), elements.next()) {
            (None, _) => self.push("()"),
            (Some(_), None) => self.push(","),
            (Some(_), Some(_)) => {}
        }
    }

    fn comprehensions(&mut self, node: Node<'a>) {
        if kind(node) == Kind::DictComp {
            let value = child(node, Role::Value);
            if kind(value) == Kind::Missing {
                // `{**d for d in x}`, which is for Python 3.15.
                self.push("**");
                self.expr(child(node, Role::Key), Level::BitOr);
            } else {
                self.expr(child(node, Role::Key), Level::Test);
                self.push(": ");
                self.expr(value, Level::Test);
            }
        } else {
            self.named(child(node, Role::Elt));
        }
        for generator in many(node, Role::Generators) {
            self.push(" ");
            self.comprehension(generator);
        }
    }

    pub(super) fn comprehension(&mut self, node: Node<'a>) {
        if kind(node) != Kind::Comprehension {
            return self.broken(node);
        }
        self.push(if node.tiny() == 0 { "for " } else { "async for " });
        self.expr(child(node, Role::Target), Level::Tuple);
        self.push(" in ");
        self.expr(child(node, Role::Iter), Level::Or);
        for condition in many(node, Role::Ifs) {
            self.push(" if ");
            self.expr(condition, Level::Or);
        }
    }

    fn compare(&mut self, node: Node<'a>) {
        self.expr(child(node, Role::Left), Level::BitOr);
        let Some(compare) = view::Compare::cast(node) else { return };
        for (op, right) in compare.ops().zip(compare.comparators()) {
            self.push(comparison(op));
            self.expr(right, Level::BitOr);
        }
    }

    fn slice(&mut self, node: Node<'a>) {
        self.tail("", opt(node, Role::Lower), Level::Test);
        self.push(":");
        self.tail("", opt(node, Role::Upper), Level::Test);
        self.tail(":", opt(node, Role::Step), Level::Test);
    }
}

fn comparison(op: Cmpop) -> &'static str {
    match op {
        Cmpop::Eq => " == ",
        Cmpop::NotEq => " != ",
        Cmpop::Lt => " < ",
        Cmpop::LtE => " <= ",
        Cmpop::Gt => " > ",
        Cmpop::GtE => " >= ",
        Cmpop::Is => " is ",
        Cmpop::IsNot => " is not ",
        Cmpop::In => " in ",
        Cmpop::NotIn => " not in ",
    }
}
