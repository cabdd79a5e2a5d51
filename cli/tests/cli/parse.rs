//! `astkit parse`.

use crate::support::Scratch;

#[test]
fn a_tree_in_every_format() {
    let scratch = Scratch::new(&[("a.py", "x = 1\n")]);
    let tree = scratch.run(&["parse", "a.py", "--no-positions"]);
    let expected = "Module(\n  body=[\n    Assign(\n      targets=[\n        Name(id='x', ctx=Store())],\n      value=Constant(value=1))])\n";
    assert_eq!((tree.code, tree.out.as_str(), tree.err.as_str()), (Some(0), expected, ""));
    let json = scratch.run(&["parse", "a.py", "--json"]);
    let expected = concat!(
        r#"{"schema":1,"path":"a.py","frontend":"python-ast","tree":{"_type":"Module","body":[{"_type":"Assign","#,
        r#""targets":[{"_type":"Name","id":"x","ctx":"Store","pos":[1,0,1,1]}],"value":{"_type":"Constant","#,
        r#""value":{"int":"1"},"kind":null,"pos":[1,4,1,5]},"type_comment":null,"pos":[1,0,1,5]}]},"#,
        r#""diagnostics":[],"partial":false}"#,
        "\n"
    );
    assert_eq!(json.out, expected);
    let source = scratch.run(&["parse", "a.py", "--format", "source"]);
    assert_eq!(source.out, "x = 1\n");
    let dot = scratch.run(&["parse", "a.py", "--format", "dot"]);
    assert!(dot.out.starts_with("digraph"), "{}", dot.out);
}

#[test]
fn a_definition_of_a_file_or_module() {
    let scratch =
        Scratch::new(&[("src/p/__init__.py", ""), ("src/p/m.py", "class C:\n    def f(self): pass\n")]);
    for target in ["src/p/m.py::C.f", "p.m:C.f"] {
        let run = scratch.run(&["parse", target, "--json"]);
        assert_eq!(run.records()[0]["tree"]["name"], "f", "{}", run.err);
        assert_eq!(run.records()[0]["path"], "src/p/m.py");
    }
    let run = scratch.run(&["parse", "src/p/m.py::C.g"]);
    assert_eq!(run.code, Some(2));
    assert_eq!(run.err, "error: no definition `C.g` in `src/p/m.py`\n  = help: is it `C.f`?\n");
    let run = scratch.run(&["parse", "p.none:x"]);
    assert!(run.code == Some(2) && run.err.contains("no module `p.none`"), "{}", run.err);
}

#[test]
fn folders_are_walked_in_order_and_obey_ignore_files() {
    let scratch = Scratch::new(&[
        ("b.py", ""),
        ("a/z.pyi", ""),
        ("a/y.txt", ""),
        (".hidden.py", ""),
        ("venv/pyvenv.cfg", ""),
        ("venv/x.py", ""),
        ("out/x.py", ""),
        (".gitignore", "out/\n"),
        ("generated.py", ""),
    ]);
    let run = scratch.run(&["parse", ".", "--show-files", "--exclude", "generated.py"]);
    assert_eq!(run.out, "a/z.pyi\nb.py\n");
    let run = scratch.run(&["parse", ".", "--show-files", "--no-ignore"]);
    assert_eq!(run.out, ".hidden.py\na/z.pyi\nb.py\ngenerated.py\nout/x.py\nvenv/x.py\n");
    let run = scratch.run(&["parse", "out/x.py", ".hidden.py", "--show-files"]);
    assert_eq!(run.out, "out/x.py\n.hidden.py\n");
}

#[test]
fn standard_input_has_a_name() {
    let scratch = Scratch::new(&[]);
    let run = scratch.run_with_input(&["parse", "-", "--json", "--stdin-filename", "s.py"], b"pass\n");
    assert_eq!(run.records()[0]["path"], "s.py");
}

#[test]
fn output_files_are_written_whole() {
    let scratch = Scratch::new(&[("a.py", "x\n"), ("out.txt", "old")]);
    let run = scratch.run(&["parse", "a.py", "-o", "out.txt"]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""));
    assert!(scratch.read("out.txt").starts_with("Module("));
    let run = scratch.run(&["parse", "a.py", "-o", "no/folder.txt"]);
    assert!(run.code == Some(2) && run.err.contains("could not write `no/folder.txt`"), "{}", run.err);
    let left: Vec<_> =
        std::fs::read_dir(scratch.path()).unwrap().flatten().map(|it| it.file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}
