use std::collections::HashMap;

use crate::builder::{Mark, TreeBuilder};
use crate::frontend::{FrontendId, finish};
use crate::python::{ExprContext, Role, build, schema};
use crate::{Constant, DefId, SourceText, Span, Tree};

fn tree(fill: impl Fn(&mut TreeBuilder<'_>)) -> Tree {
    let source = SourceText::from_text("");
    let mut b = TreeBuilder::new(schema(), &source);
    let mark = b.mark();
    fill(&mut b);
    build::module(&mut b, mark, Span::new(0, 0));
    finish(b, FrontendId { name: "hand".into(), version: "1".into() }).tree
}

fn name(b: &mut TreeBuilder<'_>, id: &str, ctx: ExprContext, role: Role) {
    let (mark, id) = (b.mark(), b.name(id));
    build::name(b, mark, Span::empty(0), id, ctx);
    b.role(role);
}

fn constant(b: &mut TreeBuilder<'_>, value: Constant) {
    let (mark, value) = (b.mark(), b.constant(value));
    build::constant(b, mark, Span::empty(0), value, None);
    b.role(Role::Elts);
}

fn function(b: &mut TreeBuilder<'_>, id: &str, body: impl Fn(&mut TreeBuilder<'_>)) {
    let mark = b.mark();
    body(b);
    let id = b.name(id);
    build::function_def(b, mark, Span::empty(0), id);
    b.role(Role::Body);
}

fn pass(b: &mut TreeBuilder<'_>) {
    let mark: Mark = b.mark();
    build::pass(b, mark, Span::empty(0));
    b.role(Role::Body);
}

#[test]
fn ids_do_not_count() {
    let first = tree(|b| {
        b.name("unused");
        b.constant(Constant::Int(7));
        name(b, "x", ExprContext::Load, Role::Body);
        constant(b, Constant::Int(1));
    });
    let second = tree(|b| {
        name(b, "x", ExprContext::Load, Role::Body);
        constant(b, Constant::Int(1));
    });
    assert_eq!(first.hash(), second.hash());
}

#[test]
fn every_difference_counts() {
    use ExprContext::{Load, Store};
    let values =
        [Constant::None, Constant::Int(0), Constant::Int(1), Constant::Float(0), Constant::Str("".into())];
    let mut trees = vec![
        tree(|_| {}),
        tree(|b| name(b, "x", Load, Role::Body)),
        tree(|b| name(b, "y", Load, Role::Body)),
        tree(|b| name(b, "x", Store, Role::Body)),
        tree(|b| name(b, "x", Load, Role::Elts)),
        tree(|b| ["x", "y"].into_iter().for_each(|it| name(b, it, Load, Role::Elts))),
        tree(|b| ["y", "x"].into_iter().for_each(|it| name(b, it, Load, Role::Elts))),
        tree(|b| ["x", "x"].into_iter().for_each(|it| name(b, it, Load, Role::Elts))),
        tree(pass),
        tree(|b| function(b, "x", |_| {})),
        tree(|b| function(b, "x", pass)),
    ];
    trees.extend(values.iter().map(|value| tree(|b| constant(b, value.clone()))));
    let mut seen = HashMap::new();
    for (at, tree) in trees.iter().enumerate() {
        assert_eq!(seen.insert(tree.hash(), at), None, "{at}");
    }
}

#[test]
fn nested_bodies_do_not_count_in_own_hashes() {
    let outer = |inner: &str, body: fn(&mut TreeBuilder<'_>)| {
        tree(|b| {
            function(b, "outer", |b| {
                pass(b);
                function(b, inner, body);
            });
        })
    };
    let (before, body, renamed) = (outer("f", pass), outer("f", |_| {}), outer("g", pass));
    assert_ne!(before.hash(), body.hash());
    for def in [0, 1].map(DefId) {
        assert_eq!(before.own_hash(def), body.own_hash(def));
    }
    assert_ne!(before.own_hash(DefId(1)), renamed.own_hash(DefId(1)));
    assert_ne!(before.own_hash(DefId(2)), body.own_hash(DefId(2)));
    assert_eq!(before.statement_hashes(), body.statement_hashes());
    assert_eq!(before.statement_hashes(), renamed.statement_hashes(), "only the name of `outer` counts");
}
