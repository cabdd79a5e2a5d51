use crate::python::{Cmpop, ExprContext, Role, StringKind, Unaryop, build, schema};
use crate::{Constant, FrontendId, Lowered, SourceText, Span, TreeBuilder, dump, finish};

fn finished(b: TreeBuilder<'_>) -> Lowered {
    finish(b, FrontendId { name: "hand".into(), version: "1".into() })
}

fn name(b: &mut TreeBuilder<'_>, id: &str, at: u32, role: Role) {
    let mark = b.mark();
    let end = at + u32::try_from(id.len()).unwrap();
    let id = b.name(id);
    build::name(b, mark, Span::new(at, end), id, ExprContext::Load);
    b.role(role);
}

/// `lambda *, a, b=1: {**a, u'é': b} < b` and `global x, y`, by hand.
fn sample(source: &SourceText) -> Lowered {
    let mut b = TreeBuilder::new(schema(), source);
    let module = b.mark();
    let arguments = b.mark();
    for (id, at) in [("a", 10), ("b", 13)] {
        let id = b.name(id);
        let mark = b.mark();
        build::arg(&mut b, mark, Span::new(at, at + 1), id);
        b.role(Role::Kwonlyargs);
    }
    constant(&mut b, Constant::Int(1), None, Span::new(15, 16));
    b.role(Role::KwDefaults);
    build::arguments(&mut b, arguments, Span::empty(0));
    b.role(Role::Args);
    let dict = b.mark();
    name(&mut b, "a", 21, Role::Values);
    constant(&mut b, Constant::Str("é".into()), Some(StringKind::U), Span::new(24, 29));
    b.role(Role::Keys);
    name(&mut b, "b", 31, Role::Values);
    build::dict(&mut b, dict, Span::new(18, 33));
    b.role(Role::Left);
    name(&mut b, "b", 36, Role::Comparators);
    build::compare(&mut b, dict, Span::new(18, 37), &[Cmpop::Lt]);
    b.role(Role::Body);
    build::lambda(&mut b, arguments, Span::new(0, 37));
    b.role(Role::Value);
    build::expr(&mut b, arguments, Span::new(0, 37));
    b.role(Role::Body);
    let names = [b.name("x"), b.name("y")];
    let mark = b.mark();
    build::global(&mut b, mark, Span::new(38, 49), &names);
    b.role(Role::Body);
    let mark = b.mark();
    constant(&mut b, Constant::None, None, Span::new(50, 54));
    b.role(Role::Recovered);
    b.error(mark, Span::new(50, 56));
    b.role(Role::Body);
    build::module(&mut b, module, Span::new(0, 56));
    finished(b)
}

fn constant(b: &mut TreeBuilder<'_>, value: Constant, kind: Option<StringKind>, span: Span) {
    let mark = b.mark();
    let value = b.constant(value);
    build::constant(b, mark, span, value, kind);
}

const TEXT: &str = "lambda *, a, b=1: {**a, u'é': b} < b\nglobal x, y\nNone }";

#[test]
fn json_has_every_field_in_the_order_of_the_schema() {
    let source = SourceText::from_text(TEXT);
    let json = dump::json(&sample(&source), &source, false);
    insta::assert_snapshot!(json.replace(",\"", ",\n\""), @r#"
    {"_type":"Module",
    "body":[{"_type":"Expr",
    "value":{"_type":"Lambda",
    "args":{"_type":"arguments",
    "posonlyargs":[],
    "args":[],
    "vararg":null,
    "kwonlyargs":[{"_type":"arg",
    "arg":"a",
    "annotation":null,
    "type_comment":null},{"_type":"arg",
    "arg":"b",
    "annotation":null,
    "type_comment":null}],
    "kw_defaults":[null,{"_type":"Constant",
    "value":{"int":"1"},
    "kind":null}],
    "kwarg":null,
    "defaults":[]},
    "body":{"_type":"Compare",
    "left":{"_type":"Dict",
    "keys":[null,{"_type":"Constant",
    "value":{"str":"\u00e9"},
    "kind":"u"}],
    "values":[{"_type":"Name",
    "id":"a",
    "ctx":"Load"},{"_type":"Name",
    "id":"b",
    "ctx":"Load"}]},
    "ops":["Lt"],
    "comparators":[{"_type":"Name",
    "id":"b",
    "ctx":"Load"}]}}},{"_type":"Global",
    "names":["x",
    "y"]},{"_type":"Error",
    "value":{"digest":"955b3778ed5019e7b6267d2fc24d4a51"},
    "recovered":[{"_type":"Constant",
    "value":{"none":null},
    "kind":null}]}]}
    "#);
}

#[test]
fn text_is_as_cpython_prints_it() {
    let source = SourceText::from_text(TEXT);
    let lowered = sample(&source);
    insta::assert_snapshot!(dump::text(&lowered, &source, false), @r"
    Module(
      body=[
        Expr(
          value=Lambda(
            args=arguments(
              kwonlyargs=[
                arg(arg='a'),
                arg(arg='b')],
              kw_defaults=[
                None,
                Constant(value=1)]),
            body=Compare(
              left=Dict(
                keys=[
                  None,
                  Constant(value='é', kind='u')],
                values=[
                  Name(id='a', ctx=Load()),
                  Name(id='b', ctx=Load())]),
              ops=[
                Lt()],
              comparators=[
                Name(id='b', ctx=Load())]))),
        Global(
          names=[
            'x',
            'y']),
        Error(
          value=<digest 955b3778ed5019e7b6267d2fc24d4a51>,
          recovered=[
            Constant(value=None)])])
    ");
    let with_positions = dump::text(&lowered, &source, true);
    insta::assert_snapshot!(&with_positions[with_positions.find("Global").unwrap()..], @r"
    Global(
          names=[
            'x',
            'y'],
          lineno=2,
          col_offset=0,
          end_lineno=2,
          end_col_offset=11),
        Error(
          value=<digest 955b3778ed5019e7b6267d2fc24d4a51>,
          recovered=[
            Constant(
              value=None,
              lineno=3,
              col_offset=0,
              end_lineno=3,
              end_col_offset=4)],
          lineno=3,
          col_offset=0,
          end_lineno=3,
          end_col_offset=6)])
    ");
}

#[test]
fn graph_has_an_edge_per_child() {
    let source = SourceText::from_text(TEXT);
    insta::assert_snapshot!(dump::dot(&sample(&source), &source, true), @r#"
    digraph tree {
      ordering=out;
      node [shape=box, fontname="monospace"];
      n0 [label="Module"];
      n1 [label="Expr\n1:0-1:37"];
      n0 -> n1 [label="body"];
      n2 [label="Lambda\n1:0-1:37"];
      n1 -> n2 [label="value"];
      n3 [label="arguments"];
      n2 -> n3 [label="args"];
      n4 [label="arg\narg: a\n1:10-1:11"];
      n3 -> n4 [label="kwonlyargs"];
      n5 [label="arg\narg: b\n1:13-1:14"];
      n3 -> n5 [label="kwonlyargs"];
      n6 [label="Constant\nvalue: 1\n1:15-1:16"];
      n3 -> n6 [label="kw_defaults"];
      n7 [label="Compare\nops: Lt\n1:18-1:37"];
      n2 -> n7 [label="body"];
      n8 [label="Dict\n1:18-1:33"];
      n7 -> n8 [label="left"];
      n9 [label="Name\nid: a\nctx: Load\n1:21-1:22"];
      n8 -> n9 [label="values"];
      n10 [label="Constant\nvalue: 'é'\nkind: u\n1:24-1:29"];
      n8 -> n10 [label="keys"];
      n11 [label="Name\nid: b\nctx: Load\n1:31-1:32"];
      n8 -> n11 [label="values"];
      n12 [label="Name\nid: b\nctx: Load\n1:36-1:37"];
      n7 -> n12 [label="comparators"];
      n13 [label="Global\nnames: x, y\n2:0-2:11"];
      n0 -> n13 [label="body"];
      n14 [label="Error\nvalue: <digest 955b3778ed5019e7b6267d2fc24d4a51…\n3:0-3:6"];
      n0 -> n14 [label="body"];
      n15 [label="Constant\nvalue: None\n3:0-3:4"];
      n14 -> n15 [label="recovered"];
    }
    "#);
}

#[test]
fn depth_is_no_danger() {
    const DEPTH: u32 = 100_000;
    let source = SourceText::from_text("x");
    let mut b = TreeBuilder::new(schema(), &source);
    let mark = b.mark();
    name(&mut b, "x", 0, Role::Operand);
    for _ in 0..DEPTH {
        build::unary_op(&mut b, mark, Span::new(0, 1), Unaryop::Not);
        b.role(Role::Operand);
    }
    b.role(Role::Value);
    build::expr(&mut b, mark, Span::new(0, 1));
    b.role(Role::Body);
    build::module(&mut b, mark, Span::new(0, 1));
    let lowered = finished(b);
    let count = |text: &str| u32::try_from(text.matches("UnaryOp").count()).unwrap();
    assert_eq!(count(&dump::json(&lowered, &source, true)), DEPTH);
    assert_eq!(count(&dump::dot(&lowered, &source, true)), DEPTH);
    let mut counter = Counter(0);
    dump::write_text(&mut counter, lowered.tree.root(), None).unwrap();
    assert_eq!(counter.0, DEPTH);
}

/// Counts the opened `UnaryOp`s instead of keeping some hundred megabytes of indentation.
struct Counter(u32);

impl std::fmt::Write for Counter {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0 += u32::from(text == "UnaryOp");
        Ok(())
    }
}
