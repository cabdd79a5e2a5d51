//! Automatic lowering, shown with JavaScript and JSON.
#![cfg(all(feature = "javascript", feature = "json"))]
#![expect(clippy::unwrap_used, reason = "a test")]

use astkit_ast::check::check;
use astkit_ast::{Lowered, Options, SourceText, definitions, dump, lower};
use astkit_tree_sitter::{Automatic, javascript, json};

fn tree(frontend: &Automatic, text: &str) -> (SourceText, Lowered) {
    let source = SourceText::from_text(text);
    let lowered = lower(frontend, &source, &Options::default()).unwrap();
    assert_eq!(check(&lowered), [], "{text}");
    (source, lowered)
}

fn hash(frontend: &Automatic, text: &str) -> u128 {
    let (_, lowered) = tree(frontend, text);
    assert!(!lowered.is_partial(), "{text}: {:?}", lowered.diagnostics);
    lowered.tree.hash()
}

fn render(frontend: &Automatic, text: &str) -> String {
    let mut out = String::new();
    dump::write_text(&mut out, tree(frontend, text).1.tree.root(), None).unwrap();
    out
}

#[test]
fn a_tree_of_json() {
    insta::assert_snapshot!(render(&json().unwrap(), "{\"a\": [1, null]}"), @r#"
    document(
      text='_',
      children=[
        object(
          text='{ _ }',
          children=[
            pair(
              text='_ : _',
              key=[
                string(
                  text='" _ "',
                  children=[
                    string_content(text='a')])],
              value=[
                array(
                  text='[ _ , _ ]',
                  children=[
                    number(text='1'),
                    null(text='null')])])])])
    "#);
}

#[test]
fn equal_hashes_mean_equal_code() {
    let javascript = javascript().unwrap();
    let differ = [
        ("a + b", "a - b"),
        ("[a,, b]", "[a, b]"),
        ("[,a, b]", "[a,, b]"),
        ("f(a)", "f(b)"),
        ("x => 1", "x => { 1 }"),
        ("let a = 1", "const a = 1"),
        ("for (;;) a", "for (;a;) ;"),
        ("`a${b}`", "`a ${b}`"),
        ("a.b", "a?.b"),
        ("async function f() {}", "function f() {}"),
        ("if (a) b; else c", "if (a) { b } else c"),
    ];
    for (a, b) in differ {
        assert_ne!(hash(&javascript, a), hash(&javascript, b), "{a} and {b}");
    }
    let equal = [
        ("a+b", "a  +\n b // c"),
        ("f( a )", "f(a)"),
        ("/* x */ class A { m() {} }", "class A {\n  m() {}\n}"),
    ];
    for (a, b) in equal {
        assert_eq!(hash(&javascript, a), hash(&javascript, b), "{a} and {b}");
    }
}

#[test]
fn definitions_are_named_as_the_grammar_names_them() {
    let text =
        "class A { m() { function inner() {} } }\nfunction f() {}\nasync function* g() {}\nfunction f() {}";
    let (_, lowered) = tree(&javascript().unwrap(), text);
    let names: Vec<_> = definitions(&lowered.tree).into_iter().map(|it| it.qualname).collect();
    assert_eq!(names, ["<module>", "A", "A.m", "A.m.<locals>.inner", "f", "g", "f#2"]);
    assert_eq!(lowered.tree.def_count(), 7);
}

#[test]
fn broken_text_is_named_and_covered() {
    for (text, place) in [("{\"a\": }", 6), ("[1, 2", 5), ("{{{", 1), ("]", 0)] {
        let (source, lowered) = tree(&json().unwrap(), text);
        assert!(lowered.is_partial(), "{text}");
        let first = &lowered.diagnostics[0];
        assert!(
            first.span.start <= place && first.span.end as usize <= source.text().len(),
            "{text}: {first:?}"
        );
    }
}

#[test]
fn deep_and_wild_texts_end_in_a_result() {
    for text in ["[".repeat(100_000), "{\"a\":".repeat(100_000), "[".repeat(50_000) + &"]".repeat(50_000)] {
        tree(&json().unwrap(), &text);
    }
    let wild: String = (0..200_000_u32)
        .map(|it| char::from(33 + (it.wrapping_mul(2_654_435_761) >> 25) as u8 % 90))
        .collect();
    tree(&javascript().unwrap(), &wild);
}
