//! What nests to the left without end in ordinary code: written by loops.
//!
//! `a + b + c` is `BinOp(BinOp(a, b), c)`, and generated files have chains of tens of thousands; so it is for
//! `a.b().c[0].d()`.

use super::precedence::{Level, level_of, level_of_operator};
use super::{Unparser, child, many, name, opt};
use crate::constant::Constant;
use crate::python::{Kind, Operator, Role, kind};
use crate::tree::Node;

impl<'a> Unparser<'a> {
    /// Writes a `BinOp` and those at the left end of it.
    pub(super) fn binary(&mut self, node: Node<'a>) {
        let mut chain = vec![(node, false)];
        let mut at = node;
        let leftmost = loop {
            let left = child(at, Role::Left);
            if kind(left) != Kind::BinOp {
                break left;
            }
            let wrapped = level_of(left) < left_level(at);
            if wrapped {
                self.push("(");
            }
            chain.push((left, wrapped));
            at = left;
        };
        self.expr(leftmost, left_level(at));
        for (node, wrapped) in chain.into_iter().rev() {
            let operator = Operator::from_flag(node.flag());
            self.push(" ");
            self.push(symbol(operator));
            self.push(" ");
            self.expr(child(node, Role::Right), right_level(operator));
            if wrapped {
                self.push(")");
            }
        }
    }

    /// Writes an `Attribute`, `Call` or `Subscript` and those at the left end of it.
    pub(super) fn postfix(&mut self, node: Node<'a>) {
        let mut chain = vec![node];
        let mut at = node;
        let leftmost = loop {
            let value = child(at, if kind(at) == Kind::Call { Role::Func } else { Role::Value });
            if !matches!(kind(value), Kind::Attribute | Kind::Call | Kind::Subscript) {
                break value;
            }
            chain.push(value);
            at = value;
        };
        if kind(at) == Kind::Attribute && is_integer(leftmost) {
            // The point would belong to the number.
            self.bracketed("(", ")", |it| it.expr(leftmost, Level::Atom));
        } else {
            self.expr(leftmost, Level::Atom);
        }
        for node in chain.into_iter().rev() {
            match kind(node) {
                Kind::Attribute => {
                    self.push(".");
                    self.name(name(node));
                }
                Kind::Call => self.call_arguments(node),
                _ => self.bracketed("[", "]", |it| it.subscript(child(node, Role::Slice))),
            }
        }
    }

    fn call_arguments(&mut self, node: Node<'a>) {
        let mut arguments = node.children().filter(|it| it.role() != Role::Func.into());
        if let (Some(only), None) = (arguments.next(), arguments.next())
            && kind(only) == Kind::GeneratorExp
            && only.role() == Role::Args.into()
        {
            // The parentheses of the call are enough.
            return self.expr(only, Level::Atom);
        }
        let arguments = node.children().filter(|it| it.role() != Role::Func.into());
        self.bracketed("(", ")", |it| it.argument_list(arguments));
    }

    /// Writes arguments and keywords in the order of the text.
    pub(super) fn argument_list(&mut self, arguments: impl Iterator<Item = Node<'a>>) {
        self.list(arguments, |it, argument| match kind(argument) {
            Kind::Keyword => it.keyword(argument),
            Kind::Starred => {
                it.push("*");
                it.expr(child(argument, Role::Value), Level::Test);
            }
            _ => it.named(argument),
        });
    }

    pub(super) fn keyword(&mut self, node: Node<'a>) {
        match node.name_of(node.aux()) {
            Some(name) => {
                self.name(name);
                self.push("=");
            }
            None => self.push("**"),
        }
        self.expr(child(node, Role::Value), Level::Test);
    }

    /// What is between the brackets of a subscript.
    fn subscript(&mut self, slice: Node<'a>) {
        if kind(slice) != Kind::Tuple || opt(slice, Role::Elts).is_none() {
            return self.expr(slice, Level::Test);
        }
        let mut elements = many(slice, Role::Elts);
        self.list(elements.clone(), |it, element| it.expr(element, Level::Test));
        // `x[*a]` is a tuple as it stands.
        if let (Some(only), None) = (elements.next(), elements.next())
            && kind(only) != Kind::Starred
        {
            self.push(",");
        }
    }
}

fn is_integer(node: Node<'_>) -> bool {
    kind(node) == Kind::Constant
        && matches!(node.constant_of(node.aux()), Constant::Int(_) | Constant::BigInt(_))
}

fn left_level(node: Node<'_>) -> Level {
    match Operator::from_flag(node.flag()) {
        Some(Operator::Pow) => Level::Await,
        operator => level_of_operator(operator),
    }
}

fn right_level(operator: Option<Operator>) -> Level {
    // `x ** -y` and `x ** y ** z` need no parentheses: the right side of a power is a factor.
    if operator == Some(Operator::Pow) { Level::Factor } else { level_of_operator(operator).next() }
}

/// An operator as it is written.
pub(super) fn symbol(operator: Option<Operator>) -> &'static str {
    match operator {
        Some(Operator::Add) | None => "+",
        Some(Operator::Sub) => "-",
        Some(Operator::Mult) => "*",
        Some(Operator::MatMult) => "@",
        Some(Operator::Div) => "/",
        Some(Operator::Mod) => "%",
        Some(Operator::Pow) => "**",
        Some(Operator::LShift) => "<<",
        Some(Operator::RShift) => ">>",
        Some(Operator::BitOr) => "|",
        Some(Operator::BitXor) => "^",
        Some(Operator::BitAnd) => "&",
        Some(Operator::FloorDiv) => "//",
    }
}
