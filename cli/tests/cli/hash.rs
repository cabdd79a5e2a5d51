//! `astkit hash`.

use crate::support::Scratch;

const TEXT: &str = "import os\n\n\n@a\ndef f(x):\n    return lambda: x\n\n\nclass C:\n    def f(self): pass\n    def f(self): return 1\n";

#[test]
fn every_definition_once() {
    let scratch = Scratch::new(&[("a.py", TEXT)]);
    let run = scratch.run(&["hash", "a.py"]);
    let names: Vec<_> = run.out.lines().map(|it| it.split_once("  ").unwrap().1).collect();
    let all = ["<module>", "f", "f.<locals>.<lambda>", "C", "C.f", "C.f#2"].map(|it| format!("a.py::{it}"));
    assert_eq!(names, all);
    let json = scratch.run(&["hash", "a.py::f", "--json"]).records();
    assert_eq!(json.len(), 1);
    assert_eq!(json[0]["qualname"], "f");
    assert_eq!(json[0]["module"], "a");
    assert_eq!(json[0]["kind"], "function");
    assert_eq!(json[0]["level"], "deep");
    assert_eq!(json[0]["depends_on"], serde_json::json!([]));
    assert_eq!(json[0]["unresolved"][0]["reason"], "undefined-name");
    assert_eq!(json[0]["partial"], false);
    assert_eq!((&json[0]["span"]["line"], &json[0]["span"]["col"]), (&4.into(), &0.into()));
    assert_eq!(run.out.lines().nth(1).unwrap(), format!("{}  a.py::f", json[0]["hash"].as_str().unwrap()));
}

#[test]
fn names_are_those_of_python() {
    let text = "\
@d(lambda: 0)
def f(a=lambda: 1):
    global g, C
    def g():
        def h(): pass
    class C:
        def m(self): return lambda: 2
    return [lambda: x for x in a]
class D(lambda: 3):
    def g(self, b=lambda: 4): pass
def g(): pass
";
    let scratch = Scratch::new(&[("a.py", text)]);
    let run = scratch.run(&["hash", "a.py"]);
    let names: Vec<_> = run.out.lines().map(|it| it.split_once("::").unwrap().1).collect();
    let expected = [
        "<module>",
        "f",
        "<lambda>",
        "<lambda>#2",
        "g",
        "g.<locals>.h",
        "C",
        "C.m",
        "C.m.<locals>.<lambda>",
        "f.<locals>.<lambda>",
        "D",
        "<lambda>#3",
        "D.g",
        "D.<lambda>",
        "g#2",
    ];
    assert_eq!(names, expected);
}

#[test]
fn levels_ignore_what_they_say() {
    let one = Scratch::new(&[("a.py", "def f(a):\n    return a+1  # c\n")]);
    let two = Scratch::new(&[("a.py", "def f(a):\r\n    return (a + 1)\r\n")]);
    let hash = |scratch: &Scratch, level: &str| scratch.run(&["hash", "a.py::f", "--level", level]).out;
    assert_eq!(hash(&one, "ast"), hash(&two, "ast"));
    assert_ne!(hash(&one, "exact"), hash(&two, "exact"));
    assert_eq!(hash(&one, "semantic"), hash(&two, "semantic"));
    let run = one.run(&["hash", "a.py", "--level", "deeper"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("unknown level `deeper`"), "{}", run.err);
}

#[test]
fn threads_and_frontends_make_no_difference() {
    let scratch = Scratch::new(&[("p/a.py", TEXT), ("p/b.py", "x = 1\n"), ("p/c.py", TEXT)]);
    let reference = scratch.run(&["hash", "p"]).out;
    for arguments in [["-j", "1"], ["-j", "2"], ["--frontend", "tree-sitter"]] {
        let run = scratch.run(&[&["hash", "p"], arguments.as_slice()].concat());
        assert_eq!(run.out, reference, "{arguments:?}");
    }
}

#[test]
fn files_and_folders_have_one_hash() {
    let scratch = Scratch::new(&[("p/a.py", "x\n"), ("p/q/b.py", "y\n"), ("p/q/c.py", "z\n")]);
    let summary = scratch.run(&["hash", "--summary", "p"]).out;
    assert_eq!(summary.lines().count(), 3);
    assert!(summary.lines().next().unwrap().ends_with("  p/a.py"));
    let tree = scratch.run(&["hash", "--tree", "p"]).out;
    let names: Vec<_> = tree.lines().map(|it| it.split_once("  ").unwrap().1).collect();
    assert_eq!(names, ["p", "p/q"]);
    scratch.write("p/q/b.py", b"y # c\n");
    assert_eq!(scratch.run(&["hash", "--tree", "p"]).out, tree);
    scratch.write("p/q/b.py", b"yy\n");
    let changed = scratch.run(&["hash", "--tree", "p"]).out;
    assert!(changed.lines().zip(tree.lines()).all(|(a, b)| a != b), "{changed}{tree}");
}

#[test]
fn lock_files_say_what_changed() {
    let scratch = Scratch::new(&[("a.py", "def f(): pass\ndef g(): pass\n")]);
    assert_eq!(scratch.run(&["hash", "a.py", "--write", "lock"]).code, Some(0));
    assert_eq!(scratch.run(&["hash", "--check", "lock"]).code, Some(0));
    scratch.write("a.py", b"def f(): return 1\ndef h(): pass\n");
    let run = scratch.run(&["hash", "--check", "lock"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.out, "changed a.py::<module>\nchanged a.py::f\nremoved a.py::g\nadded a.py::h\n");
    scratch.write("lock", scratch.read("lock").replace("scheme 1", "scheme 0").as_bytes());
    let run = scratch.run(&["hash", "a.py", "--check", "lock"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("astkit hash a.py --write lock"), "{}", run.err);
}

const TAX: &str = "RATES = {'de': 0.19}\n\ndef rate(country='de'):\n    return RATES[country]\n";
const CORE: &str = "from . import tax\nclass Base:\n    def cost(self): return 1\nclass Item(Base):\n    def price(self): return self.cost() * tax.rate()\ndef total(xs): return sum(x.price() for x in xs) + tax.rate('fr')\ndef lost(): return missing + tax.nope\n";

fn shop(tax: &str) -> Scratch {
    let init = "from .core import total as total\n";
    let main = "import pkg\ndef run(xs): return pkg.total(xs)\n";
    Scratch::new(&[("pkg/__init__.py", init), ("pkg/core.py", CORE), ("pkg/tax.py", tax), ("main.py", main)])
}

#[test]
fn deep_follows_names_through_files() {
    let scratch = shop(TAX);
    let records = scratch.run(&["hash", "--json", "main.py", "pkg/core.py"]).records();
    let of = |name: &str| records.iter().find(|it| it["qualname"] == name).unwrap();
    assert_eq!(of("run")["depends_on"], serde_json::json!(["pkg/core.py::total"]));
    assert_eq!(
        of("Item.price")["depends_on"],
        serde_json::json!(["pkg/core.py::Base.cost", "pkg/tax.py::rate"])
    );
    let unresolved = &of("lost")["unresolved"];
    assert_eq!(
        (&unresolved[0]["reason"], &unresolved[1]["reason"]),
        (&"undefined-name".into(), &"missing-name".into())
    );
    assert_eq!(unresolved[1]["span"]["line"], 7);
    assert_eq!(scratch.run(&["hash", "pkg/core.py::lost", "--strict"]).code, Some(1));
    // The hash is the same whatever else is asked for.
    let alone = scratch.run(&["hash", "main.py::run"]).out;
    assert!(alone.starts_with(of("run")["hash"].as_str().unwrap()), "{alone}");
}

#[test]
fn locks_tell_what_changed_and_why() {
    let scratch = shop(TAX);
    assert_eq!(scratch.run(&["hash", "main.py", "pkg", "--write", "lock"]).code, Some(0));
    assert_eq!(scratch.run(&["hash", "--check", "lock"]).code, Some(0));
    scratch.write("pkg/tax.py", TAX.replace("'de'):", "'fr'):  # new").as_bytes());
    let check = scratch.run(&["hash", "--check", "lock"]);
    assert_eq!(check.code, Some(1));
    let changed: Vec<_> = check.out.lines().filter(|it| !it.contains("<module>")).collect();
    let expected = [
        "main.py::run",
        "pkg/core.py::Item",
        "pkg/core.py::Item.price",
        "pkg/core.py::total",
        "pkg/tax.py::rate",
    ];
    assert_eq!(changed, expected.map(|it| format!("changed {it}")));
    assert!(
        scratch.run(&["hash", "--check", "lock", "-v"]).err.contains("main.py::run: `pkg.total` changed")
    );
    let why = scratch.run(&["hash", "--why", "main.py::run", "lock"]);
    assert_eq!((why.code, &*why.out), (Some(1), "main.py::run: `pkg.total` changed\n"));
}

#[test]
fn why_shows_both_sides_of_the_node_that_differs() {
    let scratch = shop(TAX);
    let files = ["pkg/__init__.py", "pkg/core.py", "pkg/tax.py", "main.py"];
    for file in files {
        let text = std::fs::read_to_string(scratch.path().join(file)).unwrap();
        scratch
            .write(&format!("new/{file}"), text.replace("RATES[country]", "RATES[country] + 1").as_bytes());
    }
    let why = scratch.run(&["hash", "--why", "main.py::run", "new/main.py::run"]);
    assert_eq!(why.code, Some(1));
    let expected = "\
`new/main.py::run` changed because `new/pkg/tax.py::rate` (2 steps away) changed:
  - pkg/tax.py:4:12: RATES[country]
  + new/pkg/tax.py:4:12: RATES[country] + 1
";
    assert_eq!(why.out, expected);
    let why = scratch.run(&["hash", "--why", "main.py::run", "new/main.py::run", "--level", "semantic"]);
    assert_eq!(why.code, Some(0), "{}", why.out);
}

#[test]
fn normal_forms_and_rules_are_printed() {
    let text = "import numpy as np\ndef f(x, *rest: int):\n    'Doc.'\n    pass\n    y = not x in rest\n    return np.array(y)\n";
    let scratch = Scratch::new(&[("a.py", text)]);
    let run = scratch.run(&["hash", "--normal-form", "a.py::f"]);
    let expected = "def f(x, *v0):\n    v1 = x not in v0\n    return numpy.array(v1)\n";
    assert_eq!(run.out, expected);
    let rules = scratch.run(&["hash", "--rules"]).out;
    let (default, aggressive) = rules.split_once("\n\n").unwrap();
    assert_eq!((default.lines().count(), aggressive.lines().count()), (11, 8), "{rules}");
    let hash = |arguments: &[&str]| scratch.run(&[&["hash", "a.py::f"], arguments].concat()).out;
    assert_ne!(hash(&[]), hash(&["--rules=-negation"]));
    assert_eq!(hash(&["--rules", "-negation"]), hash(&["--rules=-negation"]));
    assert_ne!(hash(&[]), hash(&["--rules", "+aggressive"]));
    assert_eq!(hash(&[]), hash(&["--rules", "+aggressive,-aggressive"]));
    let unknown = scratch.run(&["hash", "--rules", "a.py"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("`a.py` is no rule"), "{}", unknown.err);
    assert_ne!(hash(&[]), hash(&["--hints", "keep"]));
    assert_ne!(hash(&[]), hash(&["--keep", "docstrings"]));
    assert_eq!(scratch.run(&["hash", "a.py", "--rules=-nothing"]).code, Some(2));
}

/// A lock keeps the rules that were asked for, those that hold for ordinary values included.
#[test]
fn locks_keep_their_rules() {
    let scratch = Scratch::new(&[("a.py", "def f(x):\n    return '{}'.format(x)\n")]);
    assert_eq!(scratch.run(&["hash", "--rules", "+aggressive", "a.py", "--write", "lock"]).code, Some(0));
    scratch.write("a.py", b"def f(x):\n    return f'{x}'\n");
    let same = scratch.run(&["hash", "--check", "lock"]);
    assert_eq!((same.code, same.out.as_str()), (Some(0), ""), "{}", same.err);
    scratch.write("a.py", b"def f(x):\n    return f'{x!r}'\n");
    assert_eq!(scratch.run(&["hash", "--check", "lock"]).code, Some(1));
}

#[test]
fn what_has_no_normal_form_is_told_and_the_rest_has_one() {
    let scratch = Scratch::new(&[("a.py", "def f(x):\n    return x +\n\nclass C:\n    def m(self): pass\n")]);
    let broken = scratch.run(&["hash", "--normal-form", "a.py::f"]);
    assert_eq!((broken.code, broken.out.as_str()), (Some(2), ""));
    assert!(broken.err.contains("text of `f` can't be understood"), "{}", broken.err);
    assert_eq!(scratch.run(&["hash", "--normal-form", "a.py::C.m"]).out, "def m(self):\n    pass\n");
    assert_eq!(scratch.run(&["hash", "--normal-form", "a.py::nope"]).code, Some(2));
}

#[test]
fn a_pin_is_a_dependency_and_one_that_is_not_there_a_warning() {
    let text = "RATES = {}\n# astkit: depends(RATES, other:Tax)\ndef f(): pass\n";
    let scratch = Scratch::new(&[("a.py", text), ("other.py", "class Tax: pass\n")]);
    let run = scratch.run(&["hash", "a.py::f", "--json"]);
    let record = &run.records()[0];
    assert_eq!(record["depends_on"], serde_json::json!(["a.py::RATES", "other.py::Tax"]));
    assert_eq!(record["unresolved"], serde_json::json!([]));
    scratch.write("other.py", b"class Tux: pass\n");
    let run = scratch.run(&["hash", "a.py::f", "--json", "--strict"]);
    let record = &run.records()[0];
    assert_eq!((run.code, &record["unresolved"][0]["reason"]), (Some(1), &"missing-pin".into()));
    assert!(run.err.contains("`f` depends on `other.Tax` by hand"), "{}", run.err);
}

/// What is pinned is a part of a lock, and where `--why` goes on.
#[test]
fn pins_are_in_locks_and_reasons() {
    let text = "# astkit: depends(rates/eu.py::RATES, \"schema 4\")\ndef f(): pass\ndef g(): return f()\n";
    let scratch = Scratch::new(&[("a.py", text), ("rates/eu.py", "RATES = [1]\n")]);
    assert_eq!(scratch.run(&["hash", "a.py", "--write", "lock"]).code, Some(0));
    let lock = scratch.read("lock");
    assert!(lock.contains("pin .rates.eu.RATES"), "{lock}");
    let check = |arguments: &[&str]| scratch.run(&[&["hash", "--check", "lock", "-v"], arguments].concat());
    assert_eq!(check(&[]).code, Some(0));
    scratch.write("rates/eu.py", b"RATES = [2]\n");
    let changed = check(&[]);
    assert_eq!(changed.code, Some(1));
    assert_eq!(changed.out, "changed a.py::<module>\nchanged a.py::f\nchanged a.py::g\n");
    assert!(changed.err.contains("pin .rates.eu.RATES"), "{}", changed.err);
    assert_eq!(scratch.run(&["hash", "--why", "a.py::g", "lock"]).out, "a.py::g: `f` changed\n");
    let why = scratch.run(&["hash", "--why", "a.py::f", "lock"]);
    assert!(why.out.contains("pin .rates.eu.RATES"), "{}{}", why.out, why.err);
    scratch.write("rates/eu.py", b"RATES = [1]\n");
    let (old, new) = ("\"schema 4\"", "\"schema 5\"");
    scratch.write("b.py", text.replace(old, new).as_bytes());
    let why = scratch.run(&["hash", "--why", "a.py::f", "b.py::f"]);
    assert!(why.out.contains("schema 4") && why.out.contains("schema 5"), "{}{}", why.out, why.err);
    scratch.write("a.py", text.replace(old, new).as_bytes());
    assert_eq!(check(&[]).code, Some(1));
}

/// A check of some targets is one of these alone, by the options of the lock.
#[test]
fn a_check_of_some_targets_leaves_the_others_alone() {
    let scratch = Scratch::new(&[("p/a.py", "def f(): return 1\n"), ("p/b.py", "def g(): return 1\n")]);
    let run = |arguments: &[&str]| scratch.run(&[&["hash"], arguments].concat());
    assert_eq!(run(&["p", "--level", "semantic", "--write", "lock"]).code, Some(0));
    assert_eq!(run(&["--check", "lock", "p/a.py"]).code, Some(0));
    assert_eq!(run(&["--check", "lock", "--level", "semantic"]).code, Some(0));
    scratch.write("p/a.py", b"def h(): return 1\n");
    for target in ["p/a.py", "p", ".", "./p/"] {
        let check = run(&["--check", "lock", target]);
        let lines: Vec<&str> = check.out.lines().filter(|it| !it.ends_with("<module>")).collect();
        assert_eq!(lines, ["removed p/a.py::f", "added p/a.py::h"], "{target}: {}", check.err);
    }
    assert_eq!(run(&["--check", "lock", "p/b.py"]).out, "");
    let why = run(&["--why", "p/a.py", "lock"]).out;
    assert!(
        why.contains("p/a.py::f: not there any more\n") && why.contains("p/a.py::h: not in the lock\n"),
        "{why}"
    );
    assert_eq!(run(&["--why", "p/b.py::g", "lock"]).out, "equal: 1 definition has the hash of the lock\n");
    let nothing = run(&["--why", "p/b.py::nothing", "lock"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (Some(2), ""));
    assert_eq!(run(&["--check", "lock", "p/a.py::h"]).out, "added p/a.py::h\n");
    for other in [["--level", "deep"], ["--rules", "-pass"], ["--hints", "keep"]] {
        let check = run(&[&["--check", "lock"][..], &other].concat());
        assert_eq!(check.code, Some(2), "{other:?}");
        assert!(check.err.contains("from the lock"), "{}", check.err);
    }
}

/// What is no lock is neither written over nor taken for an old one.
#[test]
fn other_files_are_no_locks() {
    let scratch = Scratch::new(&[("a.py", "x = 1\n"), ("notes", "Notes.\n"), ("empty", "")]);
    let write = scratch.run(&["hash", "a.py", "--write", "notes"]);
    assert_eq!((write.code, scratch.read("notes").as_str()), (Some(2), "Notes.\n"), "{}", write.err);
    assert_eq!(scratch.run(&["hash", "a.py", "--level", "ast", "--write", "empty"]).code, Some(0));
    let check = scratch.run(&["hash", "--check", "notes"]);
    assert!(check.err.contains("no lock file") && !check.err.contains("renew"), "{}", check.err);
    let old = scratch.read("empty").replace("scheme 1", "scheme 0");
    scratch.write("empty", old.as_bytes());
    let check = scratch.run(&["hash", "--check", "empty"]);
    assert_eq!(check.code, Some(2));
    assert!(check.err.contains("renew it: astkit hash a.py --level ast --write empty"), "{}", check.err);
}

#[test]
fn a_definition_that_lacks_its_end_is_partial() {
    let scratch = Scratch::new(&[("a.py", "def f(x):\n    return x +\n\ndef g(): return 1\n")]);
    let records = scratch.run(&["hash", "a.py", "--json"]).records();
    let partial =
        |name: &str| records.iter().find(|it| it["qualname"] == name).map(|it| it["partial"].clone());
    assert_eq!((partial("f"), partial("g")), (Some(true.into()), Some(false.into())));
}

#[test]
fn a_python_without_packages_is_told() {
    let scratch = Scratch::new(&[("a.py", "import numpy\n")]);
    let run =
        |arguments: &[&str]| scratch.run(&[&["hash", "a.py", "--python", "nowhere"], arguments].concat());
    assert!(run(&[]).err.contains("`nowhere` has no `site-packages`"));
    assert_eq!(run(&["--level", "ast"]).err, "");
    assert_eq!(run(&["--deps", "name"]).err, "");
}
