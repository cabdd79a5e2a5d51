use std::fmt::Write;

use crate::check::check;
use crate::frontend::{FrontendId, finish};
use crate::python::{ExprContext, Kind, Role, build, kind, schema, view};
use crate::tree::Node;
use crate::{DefId, Lowered, SourceText, Span, TreeBuilder, definitions};

/// Builds `class A:\n  @d\n  def f(x): x\nx` by hand.
fn sample(source: &SourceText) -> Lowered {
    let mut b = TreeBuilder::new(schema(), source);
    let module = b.mark();
    let class = b.mark();
    let def = b.mark();
    name(&mut b, "d", 14, Role::DecoratorList);
    let arguments = b.mark();
    let x = b.name("x");
    build::arg(&mut b, arguments, Span::new(24, 25), x);
    b.role(Role::Args);
    build::arguments(&mut b, arguments, Span::new(24, 25));
    b.role(Role::Args);
    let stmt = b.mark();
    name(&mut b, "x", 28, Role::Value);
    build::expr(&mut b, stmt, Span::new(28, 29));
    b.role(Role::Body);
    let f = b.name("f");
    build::function_def(&mut b, def, Span::new(18, 29), f);
    b.role(Role::Body);
    let a = b.name("A");
    build::class_def(&mut b, class, Span::new(0, 29), a);
    b.role(Role::Body);
    let stmt = b.mark();
    name(&mut b, "x", 30, Role::Value);
    build::expr(&mut b, stmt, Span::new(30, 31));
    b.role(Role::Body);
    build::module(&mut b, module, Span::new(0, 31));
    finish(b, FrontendId { name: "hand".into(), version: "1".into() })
}

fn name(b: &mut TreeBuilder<'_>, id: &str, at: u32, role: Role) {
    let mark = b.mark();
    let end = at + u32::try_from(id.len()).unwrap();
    let id = b.name(id);
    build::name(b, mark, Span::new(at, end), id, ExprContext::Load);
    b.role(role);
}

fn render(lowered: &Lowered, node: Node<'_>, depth: usize, out: &mut String) {
    let role = node.role_name();
    writeln!(out, "{}{role} {} {:?}", "  ".repeat(depth), node.kind_name(), lowered.span(node)).unwrap();
    for child in node.children() {
        render(lowered, child, depth + 1, out);
    }
}

const TEXT: &str = "class A:\n    @d\n  def f(x): x\nx";

#[test]
fn arenas_are_seen_as_one_tree() {
    let lowered = sample(&SourceText::from_text(TEXT));
    let mut out = String::new();
    render(&lowered, lowered.tree.root(), 0, &mut out);
    insta::assert_snapshot!(out, @r"
     Module 0..31
      body ClassDef 0..29
        body FunctionDef 18..29
          decorator_list Name 14..15
          args arguments 24..25
            args arg 24..25
          body Expr 28..29
            value Name 28..29
      body Expr 30..31
        value Name 30..31
    ");
    assert_eq!(check(&lowered), []);
    assert_eq!(lowered.tree.def_count(), 3);
    assert_eq!(lowered.spans.offset(DefId(2)), 14);
    assert_eq!(lowered.tree.def(DefId(2)).role_name(), "body");
}

#[test]
fn views_read_scalars_and_children() {
    let lowered = sample(&SourceText::from_text(TEXT));
    let class = view::ClassDef::cast(lowered.tree.def(DefId(1))).unwrap();
    assert_eq!(class.name(), "A");
    let def = view::FunctionDef::cast(class.body().next().unwrap()).unwrap();
    assert_eq!((def.name(), def.decorator_list().count(), def.returns()), ("f", 1, None));
    assert_eq!(kind(view::Arguments::cast(def.args()).unwrap().args().next().unwrap()), Kind::Arg);
}

#[test]
fn absent_required_children_are_missing() {
    let source = SourceText::from_text("");
    let mut b = TreeBuilder::new(schema(), &source);
    let mark = b.mark();
    build::expr(&mut b, mark, Span::new(0, 0));
    b.role(Role::Body);
    build::module(&mut b, mark, Span::new(0, 0));
    let lowered = finish(b, FrontendId { name: "hand".into(), version: "1".into() });
    let expr = view::Expr::cast(lowered.tree.root().children().next().unwrap()).unwrap();
    assert_eq!(kind(expr.value()), Kind::Missing);
    assert_eq!(check(&lowered).len(), 1);
}

#[test]
fn grafts_are_equal_to_the_original() {
    let source = SourceText::from_text(TEXT);
    let lowered = sample(&source);
    let mut b = TreeBuilder::new(schema(), &source);
    b.graft(&lowered, lowered.tree.root(), 0);
    let copy = finish(b, lowered.frontend.clone());
    assert_eq!(copy.tree, lowered.tree);
    assert_eq!(copy.spans, lowered.spans);
}

#[test]
fn names_of_definitions_are_qualified() {
    let lowered = sample(&SourceText::from_text(TEXT));
    let names: Vec<_> = definitions(&lowered.tree).into_iter().map(|it| it.qualname).collect();
    assert_eq!(names, ["<module>", "A", "A.f"]);
}

/// `n` functions in a row, each with one nested function.
#[test]
fn neighbors_and_nested_definitions_keep_their_places() {
    let source = SourceText::from_text(&"x".repeat(100));
    let mut b = TreeBuilder::new(schema(), &source);
    let module = b.mark();
    for at in 0..4 {
        let outer = b.mark();
        name(&mut b, "d", at * 20, Role::DecoratorList);
        for depth in [2, 1] {
            let inner = if depth == 2 { b.mark() } else { outer };
            let arguments = b.mark();
            build::arguments(&mut b, arguments, Span::empty(at * 20 + depth));
            b.role(Role::Args);
            let id = b.name(if depth == 2 { "inner" } else { "outer" });
            build::function_def(&mut b, inner, Span::new(at * 20 + 3 - depth, at * 20 + 10), id);
            b.role(Role::Body);
        }
    }
    build::module(&mut b, module, Span::new(0, 100));
    let lowered = finish(b, FrontendId { name: "hand".into(), version: "1".into() });
    let names: Vec<_> = definitions(&lowered.tree).into_iter().map(|it| it.qualname).collect();
    let inner = |outer: &str| format!("{outer}.<locals>.inner");
    let mut expected = vec!["<module>".to_owned()];
    for outer in ["outer", "outer#2", "outer#3", "outer#4"] {
        expected.extend([outer.to_owned(), inner(outer)]);
    }
    assert_eq!(names, expected);
    for (at, def) in (0..).zip((1..9).step_by(2)) {
        let node = lowered.tree.def(DefId(def));
        assert_eq!(lowered.span(node), Span::new(at * 20 + 2, at * 20 + 10));
        assert_eq!(lowered.spans.offset(DefId(def)), at * 20);
        assert_eq!(lowered.tree.parent_def(DefId(def + 1)), Some(DefId(def)));
        assert_eq!(lowered.tree.node(node.id()).role_name(), "body");
        assert_eq!(lowered.tree.def_hash(DefId(def)), lowered.tree.def_hash(DefId(1)));
    }
}
