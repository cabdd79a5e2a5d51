//! Trees that no parser gives: too deep, broken, transformed. What parsers give is tested with one.

use super::{UnparseError, unparse};
use crate::builder::Mark;
use crate::python::{ExprContext, Kind, Operator, Role, Unaryop, build, schema};
use crate::{Constant, FrontendId, Lowered, SourceText, Span, TreeBuilder, finish};

const DEPTH: u32 = 100_000;

/// A tree built by `make`, as deep as it likes.
fn built(source: &SourceText, make: impl FnOnce(&mut TreeBuilder<'_>)) -> Lowered {
    let mut b = TreeBuilder::new(schema(), source);
    let mark = b.mark();
    make(&mut b);
    build::module(&mut b, mark, Span::default());
    finish(b, FrontendId { name: "hand".into(), version: "1".into() })
}

fn name(b: &mut TreeBuilder<'_>, role: Role) {
    let mark = b.mark();
    let id = b.name("x");
    build::name(b, mark, Span::default(), id, ExprContext::Load);
    b.role(role);
}

fn stmt(b: &mut TreeBuilder<'_>, mark: Mark) {
    b.role(Role::Value);
    build::expr(b, mark, Span::default());
    b.role(Role::Body);
}

fn constant(b: &mut TreeBuilder<'_>, value: Constant, role: Role) {
    let mark = b.mark();
    let value = b.constant(value);
    build::constant(b, mark, Span::default(), value, None);
    b.role(role);
}

/// The text of `x` wrapped many times.
fn deep(wrap: impl Fn(&mut TreeBuilder<'_>, Mark)) -> String {
    let lowered = built(&SourceText::from_text(""), |b| {
        let mark = b.mark();
        name(b, Role::Value);
        for _ in 0..DEPTH {
            wrap(b, mark);
        }
        stmt(b, mark);
    });
    unparse(&lowered, None).unwrap()
}

#[test]
fn depth_is_no_danger() {
    let times = DEPTH as usize;
    let span = Span::default();
    let calls = deep(|b, mark| {
        b.role(Role::Func);
        build::call(b, mark, span);
    });
    assert_eq!(calls, format!("x{}\n", "()".repeat(times)));
    let sums = deep(|b, mark| {
        b.role(Role::Left);
        name(b, Role::Right);
        build::bin_op(b, mark, span, Operator::Sub);
    });
    assert_eq!(sums, format!("x{}\n", " - x".repeat(times)));
    let right = deep(|b, mark| {
        b.role(Role::Operand);
        build::unary_op(b, mark, span, Unaryop::Not);
    });
    assert_eq!(right, format!("{}x\n", "not ".repeat(times)));
    let powers = deep(|b, mark| {
        b.role(Role::Left);
        name(b, Role::Right);
        build::bin_op(b, mark, span, Operator::Pow);
    });
    assert_eq!(powers, format!("{}x{} ** x\n", "(".repeat(times - 1), " ** x)".repeat(times - 1)));
    let fields = deep(|b, mark| {
        b.role(Role::Value);
        build::formatted_value(b, mark, span, -1);
        b.role(Role::Values);
        build::joined_str(b, mark, span);
    });
    assert_eq!(fields.matches('{').count(), times);
}

#[test]
fn long_elif_chains_are_flat() {
    let span = Span::default();
    let lowered = built(&SourceText::from_text(""), |b| {
        let marks: Vec<_> = (0..DEPTH)
            .map(|_| {
                let mark = b.mark();
                name(b, Role::Test);
                let inner = b.mark();
                build::pass(b, inner, span);
                b.role(Role::Body);
                mark
            })
            .collect();
        for mark in marks.into_iter().rev() {
            build::if_(b, mark, span);
            b.role(Role::Orelse);
        }
        b.role(Role::Body);
    });
    let text = unparse(&lowered, None).unwrap();
    assert_eq!(text, format!("if x:\n    pass\n{}", "elif x:\n    pass\n".repeat(DEPTH as usize - 1)));
}

#[test]
fn errors_stand_as_their_text() {
    let source = SourceText::from_text("x = = y\n");
    let lowered = built(&source, |b| {
        let mark = b.mark();
        b.error(mark, Span::new(0, 7));
        b.role(Role::Body);
        let mark = b.mark();
        name(b, Role::Targets);
        b.missing(7);
        b.role(Role::Value);
        build::assign(b, mark, Span::empty(7));
        b.role(Role::Body);
    });
    assert_eq!(unparse(&lowered, Some(&source)).unwrap(), "x = = y\nx = \n");
    assert_eq!(unparse(&lowered, None), Err(UnparseError::NeedsSource));
}

#[test]
fn transformed_trees_are_still_python() {
    let span = Span::default();
    let lowered = built(&SourceText::from_text(""), |b| {
        let mark = b.mark();
        name(b, Role::Test);
        build::while_(b, mark, span);
        b.role(Role::Body);
        let mark = b.mark();
        constant(b, Constant::Float((-1.5_f64).to_bits()), Role::Left);
        let set = b.mark();
        build::set(b, set, span);
        b.role(Role::Right);
        build::bin_op(b, mark, span, Operator::Pow);
        stmt(b, mark);
        let mark = b.mark();
        constant(b, Constant::BigInt("f".repeat(4000).into()), Role::Value);
        let attr = b.name("real");
        build::attribute(b, mark, span, attr, ExprContext::Load);
        stmt(b, mark);
    });
    let text = unparse(&lowered, None).unwrap();
    let long = format!("(0x{}).real", "f".repeat(4000));
    assert_eq!(text, format!("while x:\n    pass\n(-1.5) ** {{*()}}\n{long}\n"));
}

#[test]
fn only_trees_of_python_have_a_text() {
    let toy =
        Box::leak(Box::new(crate::schema::Schema::parse("module Toy { mod = Module(int x) }").unwrap()));
    let source = SourceText::from_text("");
    let mut b = TreeBuilder::new(toy, &source);
    let mark = b.mark();
    b.close(mark, crate::KindId(0), Span::default(), 0, 1);
    let lowered = finish(b, FrontendId { name: "toy".into(), version: "1".into() });
    assert_eq!(unparse(&lowered, None), Err(UnparseError::NotPython));
    // Kinds are told apart by their schema, not by their number.
    assert_eq!(Kind::from_id(lowered.tree.root().kind()), Some(Kind::Module));
}
