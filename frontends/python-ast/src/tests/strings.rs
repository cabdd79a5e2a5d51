use insta::assert_snapshot;

use super::render;

#[test]
fn values_are_those_of_cpython() {
    let text = "'\\ud800', '''a\r\nb\\\r\nc''', U'd', u'e' 'f', b'\\777' b'\\n', '\\N{bullet}'";
    assert_snapshot!(render(text), @r#"
    body Expr "'\\ud800', '''a\r\nb\\\r\nc''', U'd', u'e' 'f', b'\\777' b'\\n', '\\N{bullet}'"
      value Tuple "'\\ud800', '''a\r\nb\\\r\nc''', U'd', u'e' 'f', b'\\777' b'\\n', '\\N{bullet}'"
        elts Constant Constant(Wtf8([237, 160, 128])) "'\\ud800'"
        elts Constant Constant(Str("a\nbc")) "'''a\r\nb\\\r\nc'''"
        elts Constant Constant(Str("d")) "U'd'"
        elts Constant Constant(Str("ef")) Text("u") "u'e' 'f'"
        elts Constant Constant(Bytes([255, 10])) "b'\\777' b'\\n'"
        elts Constant Constant(Str("•")) "'\\N{bullet}'"
    "#);
}

#[test]
fn numbers_of_any_size() {
    assert_snapshot!(render("0x1_0000_0000_0000_0000, 18446744073709551615, 1e400, 2j"), @r#"
    body Expr "0x1_0000_0000_0000_0000, 18446744073709551615, 1e400, 2j"
      value Tuple "0x1_0000_0000_0000_0000, 18446744073709551615, 1e400, 2j"
        elts Constant Constant(BigInt("10000000000000000")) "0x1_0000_0000_0000_0000"
        elts Constant Constant(Int(18446744073709551615)) "18446744073709551615"
        elts Constant Constant(Float(9218868437227405312)) "1e400"
        elts Constant Constant(Imaginary(4611686018427387904)) "2j"
    "#);
}

#[test]
fn texts_that_follow_each_other_are_one_constant() {
    assert_snapshot!(render("u'a' f'b{{' \"\" rf'\\{c}' '' f'' '' f'\\\n{d}e'"), @r#"
    body Expr "u'a' f'b{{' \"\" rf'\\{c}' '' f'' '' f'\\\n{d}e'"
      value JoinedStr "u'a' f'b{{' \"\" rf'\\{c}' '' f'' '' f'\\\n{d}e'"
        values Constant Constant(Str("ab{\\")) Text("u") "u'a' f'b{{' \"\" rf'\\"
        values FormattedValue Int(-1) "{c}"
          value Name Name("c") "c"
        values FormattedValue Int(-1) "{d}"
          value Name Name("d") "d"
        values Constant Constant(Str("e")) "e"
    "#);
}

#[test]
fn the_text_of_an_equals_field_joins_the_text_before() {
    assert_snapshot!(render("f'''a{ # b\n c = # d\n !s:{e=}}'''"), @r#"
    body Expr "f'''a{ # b\n c = # d\n !s:{e=}}'''"
      value JoinedStr "f'''a{ # b\n c = # d\n !s:{e=}}'''"
        values Constant Constant(Str("a \n c = \n ")) "a{ # b\n c = # d\n "
        values FormattedValue Int(115) "{ # b\n c = # d\n !s:{e=}}"
          value Name Name("c") "c"
          format_spec JoinedStr ":{e=}"
            values Constant Constant(Str("e=")) "e="
            values FormattedValue Int(114) "{e=}"
              value Name Name("e") "e"
    "#);
}

#[test]
fn a_specification_begins_at_its_colon() {
    assert_snapshot!(render("f'{a:}{b!r:>{c}}'"), @r#"
    body Expr "f'{a:}{b!r:>{c}}'"
      value JoinedStr "f'{a:}{b!r:>{c}}'"
        values FormattedValue Int(-1) "{a:}"
          value Name Name("a") "a"
          format_spec JoinedStr ":"
        values FormattedValue Int(114) "{b!r:>{c}}"
          value Name Name("b") "b"
          format_spec JoinedStr ":>{c}"
            values Constant Constant(Str(">")) ">"
            values FormattedValue Int(-1) "{c}"
              value Name Name("c") "c"
    "#);
}

#[test]
fn a_template_keeps_the_source_of_its_fields() {
    assert_snapshot!(render("t'{ (a) !r}{b = :{c}}' t'd'"), @r#"
    body Expr "t'{ (a) !r}{b = :{c}}' t'd'"
      value TemplateStr "t'{ (a) !r}{b = :{c}}' t'd'"
        values Interpolation Constant(Str(" (a)")) Int(114) "{ (a) !r}"
          value Name Name("a") "a"
        values Constant Constant(Str("b = ")) "b = "
        values Interpolation Constant(Str("b")) Int(-1) "{b = :{c}}"
          value Name Name("b") "b"
          format_spec JoinedStr ":{c}"
            values FormattedValue Int(-1) "{c}"
              value Name Name("c") "c"
        values Constant Constant(Str("d")) "d"
    "#);
}
