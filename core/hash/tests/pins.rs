//! Pins: comments that make a definition depend on what no reading of code can see.

#![expect(clippy::unwrap_used, reason = "a failure to set up is a failure of the test")]

use astkit_ast::{Options, SourceText, definitions, lower};
use astkit_hash::Hash;
use astkit_hash::deep::{ModuleTarget, Modules, Reason, deep_hashes, semantic_hashes};
use astkit_hash::form::{FileForms, file_forms};
use astkit_hash::normal::NormalOptions;
use astkit_python_ast::PythonAst;

/// Files are modules of these names.
struct Names<'n>(&'n [&'n str]);

impl Modules for Names<'_> {
    fn python(&self) -> &'static str {
        ""
    }

    fn full_name(&self, file: u32, level: u32, module: &str) -> Option<String> {
        if level == 0 {
            return Some(module.to_owned());
        }
        let package = self.0[file as usize].rsplit_once('.')?.0;
        Some(if module.is_empty() { package.to_owned() } else { format!("{package}.{module}") })
    }

    fn group(&self, _file: u32) -> u32 {
        0
    }

    fn find(&self, _group: u32, name: &str) -> ModuleTarget {
        match (0..).zip(self.0).find(|it| *it.1 == name) {
            Some((file, _)) => ModuleTarget::File(file),
            None if name.starts_with("os") => ModuleTarget::Outside("".into()),
            None => ModuleTarget::Missing,
        }
    }
}

fn forms(text: &str) -> (FileForms, Vec<String>) {
    let source = SourceText::from_text(text);
    let lowered = lower(&PythonAst, &source, &Options::default()).unwrap();
    let all = definitions(&lowered.tree);
    let forms = file_forms(&source, &lowered, &all, NormalOptions::default()).unwrap();
    (forms, all.iter().map(|it| it.qualname.clone()).collect())
}

/// The hash of a definition of the file, and what it depends on by hand and is not there.
fn deep(text: &str, other: &str, name: &str) -> (Hash, Vec<String>) {
    let all = [forms(text), forms(other)];
    let files: Vec<&FileForms> = all.iter().map(|it| &it.0).collect();
    let deep = deep_hashes(&files, &Names(&["p.main", "p.other"]), NormalOptions::default());
    let at = all[0].1.iter().position(|it| it == name).unwrap();
    let missing = deep.dependencies[0][at].unresolved.iter();
    let missing = missing.filter(|it| it.reason == Reason::MissingPin).map(|it| it.name.clone());
    (deep.hashes[0][at], missing.collect())
}

/// Whether a definition's hash follows a change of `p.other`.
fn follows(text: &str, name: &str) -> bool {
    let hash = |rate: &str| {
        let other = format!("class Tax:\n    def rate(self): return {rate}\nRATES = [{rate}]\n");
        let (hash, missing) = deep(text, &other, name);
        assert!(missing.is_empty(), "{text}: {missing:?}");
        hash
    };
    hash("0.19") != hash("0.2")
}

#[test]
fn a_pin_is_followed_in_every_form() {
    for target in [
        "p.other:Tax.rate",
        "p.other:Tax",
        ".other:Tax.rate",
        "p.other:RATES",
        "p.other:*",
        ".other:*",
        "other.py::Tax.rate",
        "./other.py::RATES",
        "other.py",
        "other.py::<module>",
        "mine",
    ] {
        let text = format!(
            "from p.other import RATES as mine\ndef f():\n    # astkit: depends({target})\n    return 1\n"
        );
        assert!(follows(&text, "f"), "{target}");
    }
    assert!(!follows("def f():\n    # astkit: depends(os.path:join, len, \"v1\")\n    return 1\n", "f"));
}

#[test]
fn a_pin_belongs_to_what_it_stands_in_or_above() {
    let pin = "# astkit: depends(p.other:Tax)";
    let cases = [
        (format!("{pin}\ndef f(): pass\n"), "f"),
        (format!("{pin}\n\n# More.\n@deco\n@(other)\ndef f(): pass\n"), "f"),
        (format!("def f():  {pin}\n    pass\ndef g(): pass\n"), "f"),
        (format!("def f(): pass  {pin}\ndef g(): pass\n"), "f"),
        (format!("def f():\n    pass\n    {pin}\n\ndef g(): pass\n"), "f"),
        (format!("def f(\n    x,  {pin}\n): pass\n"), "f"),
        (format!("class C:\n    {pin}\n    def m(self): pass\n    def n(self): pass\n"), "C.m"),
        (format!("class C:\n    x = 1  {pin}\n    def m(self): pass\n"), "C"),
        (format!("class C:\n    def m(self):\n        pass\n    {pin}\n\ndef f(): pass\n"), "C"),
        (format!("x = 1\n{pin}\ny = 2\ndef f(): pass\n"), "<module>"),
        (format!("def f():\n\tif x:\n\t\t{pin}\n\t\tpass\n\tdef g(): pass\n"), "f"),
    ];
    for (text, owner) in cases {
        let (_, names) = forms(&text);
        for name in names {
            // A definition counts for those that it is in.
            let is_around = owner == name || owner.starts_with(&format!("{name}.")) || name == "<module>";
            assert_eq!(follows(&text, &name), is_around, "{name} in {text}");
        }
    }
}

#[test]
fn a_pin_counts_at_deep_alone_whatever_its_place_and_order() {
    let plain = "def f():\n    return 1\n";
    let one = "# astkit: depends(p.other:Tax, \"v1\")\ndef f():\n    return 1\n";
    let two = "def f():\n    # astkit: depends( 'v1' )\n    return 1  # astkit: depends(p.other:Tax, p.other:Tax)\n";
    let other = "class Tax: pass\n";
    let semantic = |text: &str| semantic_hashes(&forms(text).0, NormalOptions::default());
    assert_eq!(semantic(plain), semantic(one));
    assert_eq!(deep(one, other, "f"), deep(two, other, "f"));
    assert_ne!(deep(plain, other, "f"), deep(one, other, "f"));
    assert_ne!(deep(&one.replace("v1", "v2"), other, "f"), deep(one, other, "f"));
    assert_eq!(
        deep("# A comment.\ndef f():\n    return 1  # another\n", other, "f"),
        deep(plain, other, "f")
    );
    // A text that looks like a pin is none.
    let text = "def f():\n    return '# astkit: depends(p.other:Tax)'\n";
    assert!(!follows(text, "f"));
}

#[test]
fn what_is_not_there_is_reported() {
    let other = "class Tax:\n    def rate(self): pass\n";
    for (target, missing) in [
        ("p.other:Tux", "p.other.Tux"),
        ("p.other:Tax.rat", "p.other.Tax.rat"),
        (".nothing:x", ".nothing.x"),
        ("a/b.py::f", ".a.b.f"),
        ("a/b::f", "a/b::f"),
        ("nobody", "nobody"),
        ("", "(,)"),
    ] {
        let target = if target.is_empty() { "," } else { target };
        let text = format!("# astkit: depends({target})\ndef f(): pass\n");
        assert_eq!(deep(&text, other, "f").1, [missing], "{target}");
    }
    let found = "# astkit: depends(p.other:Tax.rate, os:sep, len)\ndef f(): pass\n";
    assert!(deep(found, other, "f").1.is_empty());
}

#[test]
fn a_pin_may_close_a_circle() {
    let text = "# astkit: depends(g)\ndef f(): return 1\n# astkit: depends(f)\ndef g(): return 2\n";
    let (one, two) = (deep(text, "", "f").0, deep(&text.replace('2', "3"), "", "f").0);
    assert_ne!(one, two);
}
