//! Edit scripts: the new text comes out byte for byte, in both directions, and edits are what a person would say.

#![expect(clippy::unwrap_used, reason = "a failure to set up is a failure of the test")]

use astkit_ast::{Options, SourceText, lower};
use astkit_diff::{Edit, EditScript, FilePair, Side, apply, diff_files, edit_script};
use astkit_python_ast::PythonAst;

fn script(before: &str, after: &str) -> EditScript {
    let (old, new) = (SourceText::from_text(before), SourceText::from_text(after));
    let lowered = |source| lower(&PythonAst, source, &Options::default()).unwrap();
    let (old_tree, new_tree) = (lowered(&old), lowered(&new));
    let (before, after) = (Side::new(&old, &old_tree), Side::new(&new, &new_tree));
    let pairs = [FilePair { name: "a.py", before: Some(before), after: Some(after) }];
    let found = diff_files(&pairs);
    let (Some(before), Some(after)) = (&pairs[0].before, &pairs[0].after) else { unreachable!() };
    edit_script(before, after, &found[0])
}

/// Both directions, applied; then the edits in words.
fn edits(before: &str, after: &str) -> String {
    let forward = script(before, after);
    assert_eq!(apply(before, &forward.edits).unwrap(), after, "{:#?}", forward.edits);
    let back = script(after, before);
    assert_eq!(apply(after, &back.edits).unwrap(), before, "{:#?}", back.edits);
    words(&forward.edits, before)
}

fn words(edits: &[Edit], before: &str) -> String {
    let text = |it: astkit_ast::Span| &before[it.range()];
    let one = |edit: &Edit| match edit {
        Edit::Insert { text, .. } => format!("insert {text:?}"),
        Edit::Delete { before } => format!("delete {:?}", text(*before)),
        Edit::Update { before, text: new, .. } => format!("update {:?} {new:?}", text(*before)),
        Edit::Move { before: old, edits, .. } if edits.is_empty() => format!("move {:?}", text(*old)),
        Edit::Move { before: old, edits, .. } => format!("move {:?} [{}]", text(*old), words(edits, before)),
        Edit::Reindent { from, to, .. } => format!("reindent {from:?} {to:?}"),
    };
    edits.iter().map(one).collect::<Vec<_>>().join("; ")
}

#[test]
fn small_edits() {
    assert_eq!(edits("", ""), "");
    assert_eq!(edits("x = 1\n", "x = 1\n"), "");
    assert_eq!(edits("x = 1\n", "x = 2\n"), r#"update "1" "2""#);
    assert_eq!(edits("f(a)\n", "f(a, b)\n"), r#"insert ", b""#);
    assert_eq!(edits("a\nb\nc\n", "a\nc\n"), r#"delete "\nb""#);
    assert_eq!(edits("a\nb\n", "a\nx\nb\n"), r#"insert "\nx""#);
    assert_eq!(edits("", "x = 1\n"), r#"insert "x = 1\n""#);
    assert_eq!(edits("x  = 1\n", "x = 1\n"), r#"update "  " " ""#);
    assert_eq!(edits("x = 1  # a\n", "x = 1  # b\n"), r##"update "# a" "# b""##);
}

#[test]
fn indentation_is_one_edit() {
    let before = "def f():\n    if a:\n        b()\n        c()\n    d()\n";
    let after = "def f():\n    b()\n    c()\n    d()\n";
    assert_eq!(edits(before, after), r#"delete "if a:\n        "; reindent "    " """#);
    let before = "for x in y:\n    a()\n    b()\n";
    let after = "for x in y:\n    a()\nb()\n";
    assert_eq!(edits(before, after), r#"reindent "    " """#);
}

#[test]
fn statements_and_definitions_move() {
    let before = "first(1, 2, 3, 4)\nsecond(5, 6)\nthird(7)\n";
    let after = "second(5, 6)\nfirst(1, 2, 3, 4)\nthird(7)\n";
    assert!(edits(before, after).contains("move"), "{}", edits(before, after));
    let before = "def f():\n    return 1\n\n\ndef g():\n    return 2\n\n\ndef h():\n    return 3\n";
    let after = "def h():\n    return 33\n\n\ndef f():\n    return 1\n\n\ndef g():\n    return 2\n";
    let found = edits(before, after);
    assert_eq!(found.matches("move").count(), 1, "{found}");
    assert!(found.contains(r#"update "3" "33""#), "{found}");
}

/// A small generator of pseudorandom numbers (after Steele et al. 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((it ^ (it >> 31)) % bound.max(1) as u64).unwrap()
    }
}

const TEXT: &str = include_str!("scripts/text.py");

/// Moves, drops, doubles, indents and changes lines at random: broken texts are as welcome as others.
fn mutated(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=random.below(6) {
        let (from, count) = (random.below(lines.len()), 1 + random.below(8));
        let end = (from + count).min(lines.len());
        match random.below(7) {
            0 => drop(lines.drain(from..end)),
            1 => {
                let moved: Vec<String> = lines.drain(from..end).collect();
                let to = random.below(lines.len() + 1);
                lines.splice(to..to, moved);
            }
            2 => {
                let copied = lines[from..end].to_vec();
                let to = random.below(lines.len() + 1);
                lines.splice(to..to, copied);
            }
            3 => lines[from..end].iter_mut().for_each(|it| it.insert_str(0, "    ")),
            4 => lines[from..end].iter_mut().for_each(|it| *it = it.replacen("    ", "", 1)),
            5 => {
                let words =
                    ["name", "(", ")", "# é ü", "'''", " + 1", "\\", "\r", "\u{3000}", ":", "if x:", "\t"];
                lines[from].push_str(words[random.below(words.len())]);
            }
            _ => lines[from] = lines[from].replace("self", "this").replace(", ", ","),
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
    }
    lines.join(if random.below(20) == 0 { "\r\n" } else { "\n" })
}

#[test]
fn random_edits_come_out_byte_for_byte() {
    let mut random = Random(42);
    for _ in 0..60 {
        let before = mutated(TEXT, &mut random);
        let after = mutated(&before, &mut random);
        // What decoding evens out is not the script's.
        let (before, after) = (SourceText::from_text(&before), SourceText::from_text(&after));
        edits(before.text(), after.text());
        edits(TEXT, after.text());
    }
}

/// How much work a script takes for texts of this many parts.
fn work(count: usize, text: &dyn Fn(usize, bool) -> String) -> usize {
    let whole = |new: bool| (0..count).map(|it| text(it, new)).collect::<String>();
    script(&whole(false), &whole(true)).work
}

#[test]
fn work_is_linear() {
    let texts: [&dyn Fn(usize, bool) -> String; 4] = [
        &|it, new| format!("{}_{it} = compute({it}, 'a{it}')\n", if new { "other" } else { "value" }),
        &|it, new| format!("f({})\n", if new { it * 7919 % 1000 } else { it }),
        &|it, new| if new && it == 300 { "other()\n".to_owned() } else { "run()\n".to_owned() },
        &|_, new| (if new { "stop()\nrun()\n" } else { "run()\nstop()\n" }).to_owned(),
    ];
    for text in texts {
        let (one, two) = (work(1000, text), work(2000, text));
        assert!(10 * two <= 23 * one.max(1000), "{one} {two}");
    }
}

#[test]
fn bounds_are_told_and_scripts_are_right_all_the_same() {
    let text = |new: bool| {
        (0..300).map(|it| format!("{}{it}({it})\n", if new { "b" } else { "a" })).collect::<Vec<_>>().concat()
    };
    assert_eq!(script(&text(false), &text(true)).approximations, ["statement-budget"]);
    edits(&text(false), &text(true));
}
