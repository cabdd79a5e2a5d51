//! No crash, abort or hang on any input: every frontend ends in a tree that keeps the rules, and says what is wrong.

use std::fmt::Write;
use std::sync::Arc;
use std::thread;

use astkit::{Frontend, Frontends, Severity, SourceText};
use astkit_harness::properties::{agree, lower_any};
use astkit_harness::{SplitMix, mutations, snippets};

/// A stack that is no bigger than what threads usually get: depth must not depend on luck.
const STACK: usize = 2 << 20;

/// The frontends of Python that parse in this process; the worker of `cpython` has tests of its own.
fn frontends() -> Vec<Arc<dyn Frontend>> {
    let all = Frontends::standard();
    let in_process = |it: &&Arc<dyn Frontend>| it.extensions().contains(&"py") && it.id().name != "cpython";
    all.all().iter().filter(in_process).cloned().collect()
}

/// Runs every frontend over the bytes, in a thread of its own.
fn survive(what: &str, bytes: &[u8]) {
    for frontend in frontends() {
        let run = || {
            lower_any(&*frontend, bytes).map(|(_, lowered)| {
                let first = lowered.diagnostics.iter().find(|it| it.severity == Severity::Error);
                first.map(|it| it.message.clone())
            })
        };
        let result = thread::scope(|scope| {
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).expect("a thread").join()
        });
        match result {
            Ok(Ok(_)) => {}
            Ok(Err(why)) => panic!("{} of {what}: {why}", frontend.id().name),
            Err(panic) => panic!("{} of {what} panicked: {panic:?}", frontend.id().name),
        }
    }
}

/// Deep nestings: `open` many times, then a middle, then `close` as often.
const DEEP: &[(&str, &str, &str)] = &[
    ("(", "x", ")"),
    ("[", "", "]"),
    ("{1:", "x", "}"),
    ("f(", "", ")"),
    ("x[", "0", "]"),
    ("-", "x", ""),
    ("not ", "x", ""),
    ("~", "x", ""),
    ("await ", "x", ""),
    ("lambda: ", "x", ""),
    ("lambda x=", "0", ": x"),
    ("x if ", "y", " else z"),
    ("x if y else ", "z", ""),
    ("x", "", ".a"),
    ("x", "", "()"),
    ("x", "", "[0]"),
    ("x", "", " + x"),
    ("x", "", " and x"),
    ("x", "", " < x"),
    ("x ** ", "x", ""),
    ("(yield ", "x", ")"),
    ("(x := ", "x", ")"),
    ("[x for x in ", "y", "]"),
    ("x = ", "y", ""),
    ("*", "x", ""),
    ("@", "x", "\ndef f(): pass"),
    ("x: ", "int", ""),
    ("if x: pass\nel", "if x: pass", ""),
    ("f\"{", "x", "}\""),
    ("f'{x:{", "x", "}}'"),
];

#[test]
fn deep_nesting_ends_in_a_result() {
    for (open, middle, close) in DEEP {
        for depth in [90, 20_000] {
            let text = format!("{}{middle}{}\n", open.repeat(depth), close.repeat(depth));
            survive(&format!("{depth} times `{open}`"), text.as_bytes());
        }
    }
}

#[test]
fn deep_blocks_and_patterns_end_in_a_result() {
    for depth in [99, 600, 1_000] {
        let mut blocks = String::new();
        for at in 0..depth {
            writeln!(blocks, "{}if x:", " ".repeat(at)).unwrap();
        }
        writeln!(blocks, "{}y = 'string'", " ".repeat(depth)).unwrap();
        survive(&format!("{depth} blocks"), blocks.as_bytes());
        let pattern = format!("match x:\n  case {}_{}: pass\n", "[".repeat(depth), "]".repeat(depth));
        survive(&format!("{depth} patterns"), pattern.as_bytes());
        let chain = format!("if x: pass\n{}else: pass\n", "elif x: pass\n".repeat(depth * 20));
        survive(&format!("{} elifs", depth * 20), chain.as_bytes());
    }
}

#[test]
fn strange_bytes_end_in_a_result() {
    let cases: &[&[u8]] = &[
        b"",
        b"\n",
        b"\\",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf# coding: latin-1\nx = 1\n",
        b"x = 1\x00\ny = 2\n",
        b"\x00",
        b"def f(\xff\xfe): pass\n",
        b"# coding: klingon\nx = '\xe9'\n",
        b"# coding: latin-1\nx = '\xe9'\n",
        b"# coding: utf-7\nx = '+AOk-'\n",
        b"x = '\xed\xa0\x80'\n",
        b"\xff\xfex\x00=\x001\x00",
        b"\x0c\x0cx\n",
        b"if x:\n\ty\n        z\n",
        b"if x:\r  y\r\n  z\r",
        "x = 'a\u{2028}b'\u{200b}\n".as_bytes(),
        b"'''",
        b"f'{",
        b"f'{x:{",
        b"x = (\n",
        b"def\n",
        b"class C\n    x\n",
        b"  x\n y\n",
    ];
    for case in cases {
        survive(&format!("{:?}", String::from_utf8_lossy(case)), case);
    }
}

#[test]
fn garbage_ends_in_a_result() {
    let mut random = SplitMix::new(7);
    let bytes: Vec<u8> = (0..10_000).flat_map(|_| random.next_u64().to_le_bytes()).collect();
    survive("random bytes", &bytes);
    let pieces = [
        "(", ")", "[", "]", "{", "}", "def ", "class ", ":", "\n", "    ", "x", "'", "\"\"\"", "f'", "=",
        ",", "\\\n", "#", "1",
    ];
    let pick = |random: &mut SplitMix| pieces[random.below(pieces.len())];
    for seed in 0..8 {
        let mut random = SplitMix::new(seed);
        let text: String = (0..4_000).map(|_| pick(&mut random)).collect();
        survive(&format!("pieces, seed {seed}"), text.as_bytes());
    }
}

#[test]
fn long_literals_end_in_a_result() {
    survive("a long string", format!("x = '{}'\n", "a".repeat(4 << 20)).as_bytes());
    survive("a long list", format!("x = [{}]\n", "1, ".repeat(200_000)).as_bytes());
    survive("a long number", format!("x = {}\n", "9".repeat(100_000)).as_bytes());
    survive("a long line of strings", format!("x = {}\n", "'a' ".repeat(100_000)).as_bytes());
}

/// The valid snippets as one text per file of them, to be damaged.
fn texts() -> Vec<String> {
    let mut texts = vec![String::new()];
    for snippet in snippets().expect("the suite's own files") {
        if snippet.expectations.is_empty() {
            let text = SourceText::decode(&snippet.source).text().to_owned();
            let last = texts.last_mut().expect("one at least");
            *last += &text;
            if last.len() > 6_000 {
                texts.push(String::new());
            }
        }
    }
    texts
}

#[test]
fn damaged_files_end_in_a_result() {
    for (seed, text) in (0..).zip(texts()) {
        for mutation in mutations(&text, seed, 3) {
            survive(&format!("{mutation:?} of text {seed}"), mutation.apply(&text).as_bytes());
        }
        let mut cut = text.len() / 2;
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        survive(&format!("half of text {seed}"), &text.as_bytes()[..cut]);
    }
}

#[test]
fn frontends_agree_on_what_both_find_whole() {
    let frontends = frontends();
    for (seed, text) in (0..).zip(texts()) {
        for mutation in mutations(&text, seed + 1_000, 3) {
            let text = mutation.apply(&text);
            let (source, first) = lower_any(&*frontends[0], text.as_bytes()).unwrap();
            for other in &frontends[1..] {
                let (_, second) = lower_any(&**other, text.as_bytes()).unwrap();
                if let Err(why) = agree((&source, &first), &second) {
                    panic!("{why} after {mutation:?} of text {seed}");
                }
            }
        }
    }
}
