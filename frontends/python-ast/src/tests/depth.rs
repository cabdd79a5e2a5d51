use super::{lowered, messages, render};
use crate::depth::LIMIT;

fn nested(open: &str, middle: &str, close: &str, times: usize) -> String {
    format!("{}{middle}{}\n", open.repeat(times), close.repeat(times))
}

#[test]
fn deep_trees_neither_overflow_nor_are_refused() {
    let times = 20_000;
    let cases = [
        ("(", ")"),
        ("[", "]"),
        ("f(", ")"),
        ("-", ""),
        ("not ", ""),
        ("x**", ""),
        ("a if b else ", ""),
        ("lambda: ", ""),
    ];
    for (open, close) in cases {
        assert!(!lowered(&nested(open, "x", close, times)).is_partial(), "{open}");
    }
    for chain in [".a", ".a()", "[0]", " + x", " < x", " and x"] {
        assert!(!lowered(&nested("", "x", chain, 100_000)).is_partial(), "{chain}");
    }
    assert!(!lowered(&format!("if a: pass\n{}", "elif b: pass\n".repeat(times))).is_partial());
}

#[test]
fn what_is_too_deep_is_one_error() {
    let text = nested("(", "x", ")", LIMIT as usize + 1);
    let tree = lowered(&text);
    assert_eq!(tree.tree.node_count(), 2);
    assert_eq!(tree.diagnostics.len(), 1);
    assert_eq!(tree.diagnostics[0].code, "nesting-too-deep");
    assert_eq!(tree.diagnostics[0].span.start, LIMIT + 1);
}

#[test]
fn many_siblings_are_not_deep() {
    for part in ["-x, ", "(-x), ", "[not x, (-x)],\n"] {
        let list = format!("[{}]\n", part.repeat(LIMIT as usize));
        assert_eq!(messages(&list), Vec::<String>::new(), "{part}");
    }
    for line in ["x = -x\n", "x = -y if not z else w\n", "f(x - y, *z)\n"] {
        assert_eq!(messages(&line.repeat(LIMIT as usize / 10)), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn format_strings_nest_as_in_cpython() {
    let strings = |times| nested("f'{", "x", "}'", times);
    assert_eq!(messages(&strings(149)), Vec::<String>::new());
    assert_eq!(messages(&strings(150)), ["too many nested f-strings or t-strings"]);
    assert_eq!(messages(&strings(5_000)), ["too many nested f-strings or t-strings"]);
    assert_eq!(messages(&nested("t'{", "x", "}'", 5_000)), ["too many nested f-strings or t-strings"]);
    assert!(render("f'{a:{b:{c}}}'").ends_with("\"c\"\n"));
    assert_eq!(
        messages("f'{a:{b:{c:{d}}}}'"),
        ["expressions of an f-string or t-string are nested too deep"]
    );
}
