use astkit_ast::{Options, SourceText, lower};

use super::fold_constants;

fn folded(text: &str) -> String {
    let source = SourceText::from_text(text);
    let lowered = lower(&astkit_python_ast::PythonAst, &source, &Options::default()).expect("in process");
    fold_constants(&lowered.tree).print(&source, &lowered).expect("prints")
}

#[test]
fn folds_what_the_compiler_folds() {
    for (before, after) in [
        ("x = 60 * 60 * 24\n", "x = 86400\n"),
        ("x = f(2 ** 10, -3 // 2, -3 % 2)\n", "x = f(1024, -2, 1)\n"),
        ("x = 1 / 4 + 2\n", "x = 2.25\n"),
        ("x = 'a' * 3 + 'b'\n", "x = 'aaab'\n"),
        ("x = (1, 2) + (3,)\n", "x = (1, 2, 3)\n"),
        ("x = 'abc'[-1], b'abc'[0]\n", "x = 'c', 97\n"),
        ("x = not None, ~5, +True, -True\n", "x = True, -6, 1, -1\n"),
        ("x = (1 + 2).real\n", "x = (3).real\n"),
        ("x = 1 << 100\n", "x = 1267650600228229401496703205376\n"),
        ("x = f'{1+2}' + g(1+2)\n", "x = f'{3}' + g(3)\n"),
        ("x = True & False\n", "x = False\n"),
        ("x = 10**20 / 3, 1 / 2**64\n", "x = 3.333333333333333e+19, 5.421010862427522e-20\n"),
        ("x = 2j * 2 + 1\n", "x = 1.0 + 4j\n"),
        ("x = 1 + 2j, '' * -1\n", "x = 1 + 2j, ''\n"),
    ] {
        assert_eq!(folded(before), after);
    }
}

#[test]
fn leaves_what_is_too_large_or_wrong() {
    for text in [
        "x = 1 / 0\n",
        "x = 'a' * 4097\n",
        "x = 2 ** 1000\n",
        "x = 1 << 200\n",
        "x = 0 << -1\n",
        "x = -1\n",
        "x = 'a' + 1\n",
        "x = (0,) * 257\n",
        "'a' + 'b'\n",
        "x: 'a' + 'b'\n",
        "x = 'a' % 1\n",
        "x = (1, 2)[2]\n",
        "x = 10.0 ** 400\n",
        "match x:\n    case 1 + 2j: pass\n",
        "x = t'{1 + 2}'\n",
    ] {
        assert_eq!(folded(text), text);
    }
}
