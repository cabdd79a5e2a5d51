use insta::assert_snapshot;

use super::literals;
use crate::shapes::{self, Places};
use crate::testing::lowered;

fn render(text: &str) -> String {
    let (source, lowered) = lowered(text);
    let shape = shapes::literals(&literals(&lowered.tree), Places::new(&source, &lowered));
    let line = |it: &serde_json::Value| {
        let (ty, repr) = (it["type"].as_str().unwrap(), it["repr"].as_str().unwrap());
        format!("{}:{} {ty} {repr}\n", it["span"]["line"], it["span"]["col"])
    };
    shape["literals"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn outermost_literals_only() {
    assert_snapshot!(render("f([1, 'a', (2.0,)], x=[y, [3]])\n"), @r"
    1:2 list [1, 'a', (2.0,)]
    1:26 list [3]
    ");
}

#[test]
fn signs_and_complex_numbers() {
    assert_snapshot!(render("-1; +2.5; 1 + 2j; -1.5 - 2j; -0.0; 1 + 1; - -3; ~4; -2j; -True\n"), @r"
    1:0 int -1
    1:4 float 2.5
    1:10 complex (1+2j)
    1:18 complex (-1.5-2j)
    1:29 float -0.0
    1:35 int 1
    1:39 int 1
    1:44 int -3
    1:49 int 4
    1:52 complex (-0-2j)
    1:58 bool True
    ");
}

#[test]
fn keys_are_compared_as_python_does() {
    assert_snapshot!(render("{1: 'a', True: 'b', 1.0: 'c', '1': 'd'}; {0, False, 0.0, (1, 2), (1.0, 2)}\n"), @r"
    1:0 dict {1: 'c', '1': 'd'}
    1:41 set {0, (1, 2)}
    ");
}

#[test]
fn what_cannot_be_built_is_no_literal() {
    assert_snapshot!(render("{[1]: 2}; {(1, []): 3}; {**{}}; set(); set([])\n"), @r"
    1:1 list [1]
    1:6 int 2
    1:11 tuple (1, [])
    1:20 int 3
    1:27 dict {}
    1:32 set set()
    1:43 list []
    ");
}

#[test]
fn texts_of_f_strings_are_constants() {
    assert_snapshot!(render("f'a{x[0]:>3}b' 'c'; b'\\x00' b'd'; ...; None\n"), @r"
    1:2 str 'a'
    1:6 int 0
    1:9 str '>3'
    1:12 str 'bc'
    1:20 bytes b'\x00d'
    1:34 ellipsis Ellipsis
    1:39 NoneType None
    ");
}
