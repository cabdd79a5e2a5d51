//! Trees of all the interpreters that are found: equal for equal text, with the places that CPython gives.

use std::fmt::Write as _;
use std::path::PathBuf;

use astkit_ast::{Constant, Lowered, Options, SourceText, dump, lower};
use astkit_cpython::CPythonFrontend;

/// A frontend per interpreter that can be found, oldest first.
fn frontends() -> Vec<CPythonFrontend> {
    let mut candidates: Vec<PathBuf> = (8..=14).map(|minor| format!("python3.{minor}").into()).collect();
    let pyenv = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let pyenv = pyenv.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")));
    if let Some(versions) = pyenv.and_then(|it| it.join("versions").read_dir().ok()) {
        candidates.extend(versions.filter_map(|it| Some(it.ok()?.path().join("bin/python"))));
    }
    let mut out: Vec<_> = candidates.iter().filter_map(|it| CPythonFrontend::new(Some(it)).ok()).collect();
    out.sort_by_key(CPythonFrontend::python_version);
    out.dedup_by_key(|it| it.python_version());
    if out.is_empty() {
        skipped();
    }
    out
}

#[expect(clippy::print_stderr, reason = "a test that shows nothing must say so")]
fn skipped() {
    eprintln!("skipped: no Python interpreter of version 3.8 or newer");
}

/// The newest interpreter, if its places are exact.
fn newest() -> Option<CPythonFrontend> {
    let newest = frontends().pop().filter(|it| it.python_version() >= (3, 13, 0));
    if newest.is_none() {
        skipped();
    }
    newest
}

fn parse(frontend: &CPythonFrontend, source: &SourceText) -> Lowered {
    lower(frontend, source, &Options::default()).expect("the interpreter works")
}

#[test]
fn all_versions_give_equal_trees() {
    let texts = [
        "x[1], x[a:b], x[a:b, c], x[:], x[:, 1:2:3], x[()], x[a,]\n",
        "with (a, b): pass\nwith (a, b) as c: pass\nwith (a, *b): pass\nwith ((a, b)): pass\nwith (a,): pass\n",
        "with (x := f(), y): pass\nwith ((x := f()), y): pass\nwith (a, b), c: pass\nwith (a): pass\n",
        "async def f():\n    async with (a, b): pass\n",
        "f'', f'{x}', f'{x:>{w}}', f'a{x!r:{w}.{p}}b', f'{x = }', 'a' f'b{x}c' 'd', f'{x:}'\n",
        "f'''{\n  x\n}{[y\n for y in z]}'''\n",
        "import a.b as c, d\nfrom .. import e as f, g\nfrom . import *\n",
        "def f(a, b=1, /, c=2, *d, e, g=3, **h) -> i: pass\n@j\nasync def k(*, l): pass\nlambda: 0\n",
        "f(a, *b, c=1, *d, **e)\nclass A(B, *C, metaclass=D, **E): pass\n",
        "{**a, 1: 2, **b}, u'x' 'y', 'x' u'y', b'\\xff', 0x1_0000_0000_0000_0000, 1e400, 2j, None, ...\n",
        "'\\ud83d\\ude00', '\\udc80'\n",
        "for x in *a, b: pass\nelse: pass\nprint >>sys.stderr, x\n",
    ];
    let frontends = frontends();
    let Some((newest, older)) = frontends.split_last() else { return };
    for text in texts {
        let source = SourceText::from_text(text);
        let reference = parse(newest, &source);
        for frontend in older {
            let tree = parse(frontend, &source);
            // What an old grammar does not have is refused, never read differently.
            let old_grammar = tree.is_partial() && frontend.python_version() < (3, 9, 0);
            if tree.tree != reference.tree && !old_grammar {
                let version = frontend.python_version();
                let [tree, reference] = [&tree, &reference].map(|it| dump::text(it, &source, false));
                assert_eq!(tree, reference, "Python {version:?} differs: {text}");
            }
        }
    }
}

#[test]
fn places_are_offsets_of_the_decoded_text() {
    let Some(frontend) = newest() else { return };
    let bom = parse(&frontend, &SourceText::from_text("\u{feff}é = y"));
    assert_eq!(bom.span(bom.tree.root().children().next().unwrap()).range(), 3..9);
    let source = SourceText::decode(b"# coding: latin-1\r\n'''\xe9\r\n''', \xe9\r\n".as_slice());
    insta::assert_snapshot!(dump::text(&parse(&frontend, &source), &source, true), @r"
    Module(
      body=[
        Expr(
          value=Tuple(
            elts=[
              Constant(
                value='é\n',
                lineno=2,
                col_offset=0,
                end_lineno=3,
                end_col_offset=3),
              Name(
                id='é',
                ctx=Load(),
                lineno=3,
                col_offset=5,
                end_lineno=3,
                end_col_offset=7)],
            ctx=Load(),
            lineno=2,
            col_offset=0,
            end_lineno=3,
            end_col_offset=7),
          lineno=2,
          col_offset=0,
          end_lineno=3,
          end_col_offset=7)])
    ");
}

#[test]
fn long_integers_arrive_whole() {
    let Some(frontend) = newest() else { return };
    let source = SourceText::from_text(&format!("0x1{:05000}", 0));
    let lowered = parse(&frontend, &source);
    let constant = lowered.tree.root().children().next().unwrap().children().next().unwrap();
    let value = constant.constant_of(constant.aux());
    assert_eq!(*value, Constant::BigInt(format!("1{:05000}", 0).into()));
}

#[test]
fn what_is_refused_becomes_one_error() {
    let Some(frontend) = newest() else { return };
    let mut out = String::new();
    for text in ["x = é +\n", "  x", "(", "x = 1\n\0", "\u{feff}é = é é", "def f():\n\tx\n        y\n", "'"]
    {
        let source = SourceText::from_text(text);
        let lowered = parse(&frontend, &source);
        let errors: Vec<_> = lowered.tree.root().children().collect();
        assert_eq!((errors.len(), errors[0].kind_name()), (1, "Error"));
        writeln!(out, "{text:?}: {:?}", lowered.span(errors[0])).unwrap();
        for it in &lowered.diagnostics {
            writeln!(out, "    {:?} {} {}: {}", it.span, it.source, it.code, it.message).unwrap();
        }
    }
    insta::assert_snapshot!(out, @r#"
    "x = é +\n": 0..8
        8..8 cpython syntax-error: invalid syntax
    "  x": 2..3
        1..1 cpython syntax-error: unexpected indent
    "(": 0..1
        0..0 cpython syntax-error: '(' was never closed
    "x = 1\n\0": 0..7
        6..6 cpython syntax-error: invalid non-printable character U+001A
        6..7 source nul-byte: a NUL byte is not allowed in Python
    "\u{feff}é = é é": 3..13
        11..13 cpython syntax-error: invalid syntax
    "def f():\n\tx\n        y\n": 0..21
        12..12 cpython syntax-error: inconsistent use of tabs and spaces in indentation
    "'": 0..1
        0..0 cpython syntax-error: unterminated string literal (detected at line 1)
    "#);
}

#[test]
fn depth_ends_in_a_diagnostic() {
    let texts = ["(".repeat(100_000), "-".repeat(100_000) + "x", "x".to_owned() + &".a".repeat(100_000)];
    for frontend in frontends() {
        for text in &texts {
            let lowered = parse(&frontend, &SourceText::from_text(text));
            assert!(lowered.is_partial(), "{:?}", frontend.python_version());
            assert_eq!(lowered.tree.root().children().count(), 1);
        }
        let chain = parse(&frontend, &SourceText::from_text(&("x".to_owned() + &" + x".repeat(900))));
        assert!(!chain.is_partial(), "{:?}: {:?}", frontend.python_version(), chain.diagnostics);
    }
}
