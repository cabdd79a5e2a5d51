use astkit_ast::{Node, Span, TokenKind, tokens};
use insta::assert_snapshot;

use super::{lowered, lowered_for, messages, render, render_diagnostics};
use astkit_ast::PythonVersion;

/// Texts that the parser or CPython refuses.
const BROKEN: [&str; 26] = [
    "f(a b)",
    "x = = 2",
    "a.\nb = 1",
    "x $ y",
    "def f(x y):\n    return 1\n",
    "def f():\n  def g(:\n    pass\n  h\n",
    "if x\n  y\nelif z w:\n  v\n",
    "  x\ny",
    "x\n  y\nz",
    "class A:\nx = 1",
    "'abc",
    "f'{a",
    "(",
    ")",
    "try:\n  pass\nx",
    "@\n",
    "import\nfrom . import",
    "match x:\n  case [a b]: pass",
    "x = '\\N{no such name}'",
    "for x in y: pass ) z",
    "else: x",
    "async x",
    "print 'x'",
    "lambda x=1, y: z",
    "x\n12._3",
    "1.__class__",
];

#[test]
fn a_damaged_statement_is_an_error_around_what_was_recovered() {
    assert_snapshot!(render("a\nf(b c)\nd"), @r#"
    body Expr "a"
      value Name Name("a") "a"
    body Error Constant(Digest(117497616966888755082557515407257034750)) "f(b c)"
      recovered Expr "f(b c)"
        value Call "f(b c)"
          func Name Name("f") "f"
          args Name Name("b") "b"
          args Name Name("c") "c"
    body Expr "d"
      value Name Name("d") "d"
    6..7 error syntax-error: expected `,`, found name
    "#);
}

#[test]
fn damage_in_a_header_is_damage_of_the_whole_statement() {
    assert_snapshot!(render("def f(a b):\n  c\n  if d: e"), @r#"
    body Error Constant(Digest(54586381008622464970496345049760339815)) "def f(a b):\n  c\n  if d: e"
      recovered FunctionDef Name("f") "def f(a b):\n  c\n  if d: e"
        args arguments "a b"
          args arg Name("a") "a"
          args arg Name("b") "b"
        body Expr "c"
          value Name Name("c") "c"
        body If "if d: e"
          test Name Name("d") "d"
          body Expr "e"
            value Name Name("e") "e"
    8..9 error syntax-error: expected `,`, found name
    "#);
}

#[test]
fn damage_in_a_block_stays_there() {
    assert_snapshot!(render("def f():\n  a.\n  def g(): b\n"), @r#"
    body FunctionDef Name("f") "def f():\n  a.\n  def g(): b"
      args arguments ""
      body Error Constant(Digest(76631060332102435346766561769056928082)) "a."
        recovered Expr "a."
          value Error Constant(Digest(76631060332102435346766561769056928082)) "a."
            recovered Name Name("a") "a"
      body FunctionDef Name("g") "def g(): b"
        args arguments ""
        body Expr "b"
          value Name Name("b") "b"
    13..14 error syntax-error: expected an identifier
    "#);
}

#[test]
fn text_outside_of_all_statements_is_an_error() {
    assert_snapshot!(render("a\n) $ # b\nc"), @r#"
    body Expr "a"
      value Name Name("a") "a"
    body Error Constant(Digest(35947981928521100490111385703165090769)) ") $"
    body Expr "c"
      value Name Name("c") "c"
    2..3 error syntax-error: expected a statement
    4..5 error syntax-error: got unexpected token $
    9..10 error syntax-error: expected a statement
    "#);
}

#[test]
fn every_broken_text_has_an_error_node() {
    for text in BROKEN {
        let lowered = lowered(text);
        assert!(lowered.is_partial(), "{text}");
        assert!(has_error(lowered.tree.root()), "{text}: {}", render(text));
    }
}

fn has_error(node: Node<'_>) -> bool {
    node.kind_name() == "Error" || node.children().any(has_error)
}

#[test]
fn statements_errors_and_trivia_cover_the_text() {
    for text in BROKEN {
        let lowered = lowered(text);
        let statements: Vec<Span> = lowered
            .tree
            .root()
            .children()
            .map(|it| if it.is_def() { lowered.spans.def(it) } else { lowered.span(it) })
            .collect();
        for token in tokens(text).filter(|it| !is_trivia(it.kind) && text[it.span.range()] != *";") {
            let is_in = |at| statements.iter().any(|it| it.start <= at && at < it.end);
            let covered = (token.span.start..token.span.end).all(is_in);
            assert!(covered, "{text:?}: {:?} in {statements:?}", &text[token.span.range()]);
        }
    }
}

fn is_trivia(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Comment | TokenKind::Newline | TokenKind::NonLogicalNewline | TokenKind::LineContinuation
    )
}

#[test]
fn a_broken_text_never_equals_a_whole_one() {
    for (broken, whole) in [
        ("f(a b)", "f(a, b)"),
        ("f((x)=y)", "f(x=y)"),
        ("  x", "x"),
        ("((x) := y)", "(x := y)"),
        ("lazy import a", "import a"),
    ] {
        assert_ne!(lowered(broken).tree, lowered(whole).tree, "{broken}");
    }
}

#[test]
fn what_the_parser_takes_and_cpython_does_not() {
    let cases = [
        ("match x:\n case _.y: z", "`_` is no name in a pattern"),
        ("match x:\n case (y)(): z", "a name in a pattern cannot be parenthesized"),
        ("match x:\n case 1 + (2j): z", "a number in a pattern has neither parentheses nor other operators"),
        ("match x:\n case [y z]: w", "patterns must be separated by commas"),
        ("match x:\n case [(*y)]: z", "a star pattern cannot be parenthesized"),
        ("match x:\n case 1as y: z", "a number cannot run into a name"),
        ("((x) := y)", "the target of `:=` cannot be parenthesized"),
        ("with (yield, x): pass", "a `yield` within a tuple must be parenthesized"),
        ("yield @ x", "a `yield` within an expression must be parenthesized"),
        ("(yield x for y in z)", "a `yield` within a generator must be parenthesized"),
        ("x = *(y) and z", "an operation after `*` must be parenthesized"),
        (
            "if x:\n\tif y:\n        z",
            "tabs and spaces are mixed so that the indentation depends on the width of tabs",
        ),
        ("(x).y: z", "an annotated target cannot begin with parentheses"),
        ("try: x\nelse: y\nfinally: z", "`else` needs an `except` before it"),
    ];
    for (text, message) in cases {
        assert_eq!(messages(text), [message], "{text}");
    }
    for text in [
        "(x()).y: z",
        "with ((yield), x): pass",
        "match x:\n case (-1 + 2j), [*y]: z",
        "0x1for x in y",
        "f(*(x) and y)[*(x) and y, z]",
        "if x:\n\ty\nelse:\n  if z:\n  \tw",
    ] {
        assert!(!messages(text).iter().any(|it| cases.iter().any(|case| case.1 == it)), "{text}");
    }
}

#[test]
fn versions_are_a_matter_of_warnings() {
    let old = lowered_for("match x:\n  case 1: pass\n", PythonVersion { major: 3, minor: 9 });
    assert!(!old.is_partial());
    assert_snapshot!(render_diagnostics(&old), @"0..5 warning version-too-old: cannot use `match` statement on Python 3.9 (syntax was added in Python 3.10)");
}

#[test]
fn python_2_is_another_language() {
    let lowered = lowered_for("def f(x: int): pass", PythonVersion { major: 2, minor: 7 });
    assert_snapshot!(render_diagnostics(&lowered), @"0..0 warning unsupported-dialect: python-ast reads Python 3 only, whatever version is asked for");
}

#[test]
fn garbage_is_told_in_short() {
    let lowered = lowered(&"$ ".repeat(10_000));
    assert_eq!(lowered.diagnostics.len(), 201);
}
