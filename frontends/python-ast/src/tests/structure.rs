use insta::assert_snapshot;

use super::render;

#[test]
fn definitions_begin_at_their_keyword() {
    assert_snapshot!(render("@(a)  # why\n\nasync def f(): pass\n"), @r#"
    body AsyncFunctionDef Name("f") "async def f(): pass"
      decorator_list Name Name("a") "a"
      args arguments ""
      body Pass "pass"
    "#);
}

#[test]
fn a_compound_statement_ends_with_the_semicolon_of_its_last() {
    assert_snapshot!(render("class A:\n  if a: b; c \\\n ; # d\n"), @r#"
    body ClassDef Name("A") "class A:\n  if a: b; c \\\n ;"
      body If "if a: b; c \\\n ;"
        test Name Name("a") "a"
        body Expr "b"
          value Name Name("b") "b"
        body Expr "c"
          value Name Name("c") "c"
    "#);
}

#[test]
fn elif_is_nested_and_all_end_together() {
    assert_snapshot!(render("if a: b\nelif c: d\nelse: e;\n"), @r#"
    body If "if a: b\nelif c: d\nelse: e;"
      test Name Name("a") "a"
      body Expr "b"
        value Name Name("b") "b"
      orelse If "elif c: d\nelse: e;"
        test Name Name("c") "c"
        body Expr "d"
          value Name Name("d") "d"
        orelse Expr "e"
          value Name Name("e") "e"
    "#);
}

#[test]
fn a_generator_takes_the_parentheses_of_its_call() {
    assert_snapshot!(render("f (a for b in c)((a for b in c))"), @r#"
    body Expr "f (a for b in c)((a for b in c))"
      value Call "f (a for b in c)((a for b in c))"
        func Call "f (a for b in c)"
          func Name Name("f") "f"
          args GeneratorExp "(a for b in c)"
            elt Name Name("a") "a"
            generators comprehension Int(0) "b in c"
              target Name Name("b") Enum("Store") "b"
              iter Name Name("c") "c"
        args GeneratorExp "(a for b in c)"
          elt Name Name("a") "a"
          generators comprehension Int(0) "b in c"
            target Name Name("b") Enum("Store") "b"
            iter Name Name("c") "c"
    "#);
}

#[test]
fn left_spines_are_as_deep_as_they_are_long() {
    assert_snapshot!(render("(a.b)(c)[d] + e < f"), @r#"
    body Expr "(a.b)(c)[d] + e < f"
      value Compare List([Enum("Lt")]) "(a.b)(c)[d] + e < f"
        left BinOp Enum("Add") "(a.b)(c)[d] + e"
          left Subscript "(a.b)(c)[d]"
            value Call "(a.b)(c)"
              func Attribute Name("b") "a.b"
                value Name Name("a") "a"
              args Name Name("c") "c"
            slice Name Name("d") "d"
          right Name Name("e") "e"
        comparators Name Name("f") "f"
    "#);
}

#[test]
fn parameters_and_defaults_are_in_the_order_of_the_text() {
    assert_snapshot!(render("def f(a, /, b: (c)=d, *e, g=h, i, **j): pass"), @r#"
    body FunctionDef Name("f") "def f(a, /, b: (c)=d, *e, g=h, i, **j): pass"
      args arguments "a, /, b: (c)=d, *e, g=h, i, **j"
        posonlyargs arg Name("a") "a"
        args arg Name("b") "b: (c)"
          annotation Name Name("c") "c"
        defaults Name Name("d") "d"
        vararg arg Name("e") "e"
        kwonlyargs arg Name("g") "g"
        kw_defaults Name Name("h") "h"
        kwonlyargs arg Name("i") "i"
        kwarg arg Name("j") "j"
      body Pass "pass"
    "#);
}

#[test]
fn a_lambda_always_has_arguments() {
    assert_snapshot!(render("lambda: a"), @r#"
    body Expr "lambda: a"
      value Lambda "lambda: a"
        args arguments ""
        body Name Name("a") "a"
    "#);
}

#[test]
fn an_error_of_the_parser_is_no_error() {
    assert_snapshot!(render("if a: raise \\\n ;\nx; match = 1; raise;"), @r#"
    body If "if a: raise \\\n ;"
      test Name Name("a") "a"
      body Raise "raise"
    body Expr "x"
      value Name Name("x") "x"
    body Assign "match = 1"
      targets Name Name("match") Enum("Store") "match"
      value Constant Constant(Int(1)) "1"
    body Raise "raise"
    "#);
}

#[test]
fn format_strings_may_be_in_patterns() {
    assert_snapshot!(render("match a:\n  case [b, f'{c}'] | {f'': d}: pass"), @r#"
    body Match "match a:\n  case [b, f'{c}'] | {f'': d}: pass"
      subject Name Name("a") "a"
      cases match_case "[b, f'{c}'] | {f'': d}: pass"
        pattern MatchOr "[b, f'{c}'] | {f'': d}"
          patterns MatchSequence "[b, f'{c}']"
            patterns MatchAs Name("b") "b"
            patterns MatchValue "f'{c}'"
              value JoinedStr "f'{c}'"
                values FormattedValue Int(-1) "{c}"
                  value Name Name("c") "c"
          patterns MatchMapping "{f'': d}"
            keys JoinedStr "f''"
            patterns MatchAs Name("d") "d"
        body Pass "pass"
    "#);
}

#[test]
fn newer_syntax_is_kept() {
    assert_snapshot!(render("lazy import a\n{**b for b in c}\n"), @r#"
    body Error Constant(Digest(159821539071963973683945509571808036440)) "lazy import a"
      recovered Import "lazy import a"
        names alias Name("a") "a"
    body Error Constant(Digest(39063903108290373662441695352669699539)) "{**b for b in c}"
      recovered Expr "{**b for b in c}"
        value DictComp "{**b for b in c}"
          key Name Name("b") "b"
          value Missing ""
          generators comprehension Int(0) "b in c"
            target Name Name("b") Enum("Store") "b"
            iter Name Name("c") "c"
    0..4 warning version-too-old: cannot use `lazy` import statement on Python 3.14 (syntax was added in Python 3.15)
    0..13 warning unknown-syntax: lazy imports have no tree yet
    14..30 warning unknown-syntax: dictionary unpacking in a comprehension has no tree yet
    15..18 warning version-too-old: cannot use dictionary unpacking in a dict comprehension on Python 3.14 (syntax was added in Python 3.15)
    "#);
}
