//! Small files by topic, as CPython's own `ast.dump` prints their trees.
//!
//! A snapshot of each stands in `snapshots/parse`; where there is a CPython of 3.13 or later, it has to print the same
//! text. Files whose name begins with `py314_` are for that version.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use astkit::ast::{dump, unparse};
use astkit::{Lowered, Options, PythonVersion, SourceText};
use astkit_harness::properties::round_trip;
use astkit_harness::{OraclePython, registry, snippets, tests_folder};
use astkit_python_ast::PythonAst;

/// Prints, for each file named, its dump without and with positions, each between lines of its own.
const DUMP: &str = r#"
import ast, sys, warnings
warnings.simplefilter("ignore")
sys.stdout.reconfigure(encoding="utf-8", newline="\n")
for path in sys.argv[1:]:
    with open(path, "rb") as f:
        tree = ast.parse(f.read())
    tree.type_ignores = []
    for attributes in (False, True):
        print("=====")
        print(ast.dump(tree, include_attributes=attributes, indent=2))
print("=====")
"#;

fn fixtures() -> Vec<PathBuf> {
    let folder = tests_folder().join("fixtures/parse");
    let entries = folder.read_dir().expect("the fixtures are a part of the repository");
    let mut out: Vec<_> = entries.map(|it| it.expect("it can be read").path()).collect();
    out.retain(|it| it.extension() == Some(OsStr::new("py")));
    out.sort();
    assert!(out.len() > 40, "where are the fixtures?");
    out
}

fn read(path: &Path) -> SourceText {
    SourceText::decode(&std::fs::read(path).expect("it can be read"))
}

fn lower(source: &SourceText) -> Lowered {
    let lowered = astkit::ast::lower(&PythonAst, source, &Options::default());
    lowered.expect("an in-process parser")
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(OsStr::to_str).expect("names are ASCII")
}

#[test]
fn trees_are_as_they_were() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(tests_folder().join("../snapshots/parse"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for path in fixtures() {
        let name = stem(&path);
        settings.set_input_file(Path::new("tests/fixtures/parse").join(format!("{name}.py")));
        let source = read(&path);
        let lowered = lower(&source);
        assert_eq!(lowered.diagnostics, [], "{name}");
        settings.bind(|| insta::assert_snapshot!(name, dump::text(&lowered, &source, false)));
    }
}

#[test]
fn trees_are_as_cpython_prints_them() {
    let Some(python) = oracle() else { return };
    let mut fixtures = fixtures();
    fixtures.retain(|it| python.version >= (3, 14) || !stem(it).starts_with("py314_"));
    let run = Command::new(&python.executable).args(["-I", "-c", DUMP]).args(&fixtures).output();
    let run = run.expect("the interpreter was asked for its version before");
    let said = String::from_utf8(run.stdout).expect("it writes UTF-8");
    let mut said = said.split("=====\n").skip(1);
    for path in fixtures {
        let source = read(&path);
        let lowered = lower(&source);
        for positions in [false, true] {
            let expected = said.next().unwrap_or_default();
            let text = dump::text(&lowered, &source, positions) + "\n";
            assert_eq!(text, expected, "{}", stem(&path));
        }
    }
}

#[test]
fn trees_survive_unparsing() {
    let snippets = snippets().expect("the snippets are a part of the repository");
    let sources = fixtures().iter().map(|it| read(it)).collect::<Vec<_>>().into_iter();
    let mut failed = Vec::new();
    for source in sources.chain(snippets.iter().map(|it| SourceText::decode(&it.source))) {
        // What is broken says nothing here.
        if let Err(why) = round_trip(&PythonAst, &source, &lower(&source)) {
            failed.push(why);
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn python_2_is_written_in_its_own_syntax() {
    let text = "\
print
print a, (b, c),
print >>f, 'x' % y
exec a in b, c
exec 'd'
raise E, v, tb
try: pass
except (A, B), e: raise A, 'text'
x = `a, b`, 0777, 10L, ur'\\u00e9', u'\\xe9', '\\xe9', 'é€', a <> b
def f(a, b=1, *c, **d): return [x for x in 1, 2]
";
    let frontends = registry(None).expect("they need nothing from outside");
    let options = Options { python: PythonVersion { major: 2, minor: 7 } };
    let lower = |source| frontends.lower("tree-sitter", "file.py", source, &options).expect("in the process");
    let source = SourceText::from_text(text);
    let lowered = lower(&source);
    assert_eq!(lowered.diagnostics, []);
    let again = SourceText::from_text(&unparse(&lowered, Some(&source)).expect("the source is at hand"));
    assert!(lower(&again).tree == lowered.tree);
    insta::assert_snapshot!(again.text(), @r"
    print
    print a, (b, c),
    print >> f, 'x' % y
    exec a in b, c
    exec 'd'
    raise E, v, tb
    try:
        pass
    except (A, B) as e:
        raise A, 'text'
    x = `(a, b)`, 511, 10, u'é', u'é', '\xe9', 'é€', a != b


    def f(a, b=1, *c, **d):
        return [x for x in (1, 2)]
    ");
}

#[expect(clippy::print_stderr, reason = "a test that shows nothing must say so")]
fn oracle() -> Option<OraclePython> {
    let python = OraclePython::find();
    if let Err(error) = &python {
        eprintln!("skipped: {error}");
    }
    python.ok()
}
