//! What is said about pairs of texts.

#![expect(clippy::unwrap_used, reason = "a failure to set up is a failure of the test")]

use astkit_ast::{Options, SourceText, lower};
use astkit_diff::{Certainty, DefinitionDiff, FilePair, Side, diff_files};
use astkit_python_ast::PythonAst;

/// One line a changed definition: its names, its verdict, how it moved, how sure.
fn verdicts(before: &str, after: &str) -> String {
    let (old, new) = (SourceText::from_text(before), SourceText::from_text(after));
    let lowered = |source| lower(&PythonAst, source, &Options::default()).unwrap();
    let (old_tree, new_tree) = (lowered(&old), lowered(&new));
    let (before, after) = (Side::new(&old, &old_tree), Side::new(&new, &new_tree));
    let pairs = [FilePair { name: "a.py", before: Some(before), after: Some(after) }];
    let found = diff_files(&pairs);
    found[0].definitions.iter().map(line).collect::<Vec<_>>().join("; ")
}

fn line(it: &DefinitionDiff) -> String {
    let name = |side: &Option<astkit_diff::DefinitionSide>| side.as_ref().map(|it| it.qualname.clone());
    let name = match (name(&it.before), name(&it.after)) {
        (Some(old), Some(new)) if old != new => format!("{old} -> {new}"),
        (old, new) => new.or(old).unwrap_or_default(),
    };
    let parts: Vec<_> = it.verdict.iter().map(|it| it.as_str()).collect();
    let how = it.how.map_or(String::new(), |it| format!(" ({})", it.as_str()));
    let certainty = if it.certainty == Certainty::Exact { "" } else { " (syntax-error)" };
    format!("{name}: {}{how}{certainty}", parts.join(" "))
}

const BOTH: &str = "import os\n\n\ndef f(a, b=1):\n    \"\"\"Doc.\"\"\"\n    return a + b\n\n\nclass C:\n    x = 1\n\n    def m(self):\n        return self.x\n\n    def n(self):\n        return 2\n";

fn changed(from: &str, to: &str) -> String {
    assert!(BOTH.contains(from), "{from:?} is not in the text");
    verdicts(BOTH, &BOTH.replacen(from, to, 1))
}

#[test]
fn equal_texts_have_no_changes() {
    assert_eq!(verdicts(BOTH, BOTH), "");
    assert_eq!(verdicts("", ""), "");
}

#[test]
fn parts_of_a_function() {
    assert_eq!(changed("a + b", "a - b"), "f: body");
    assert_eq!(changed("b=1", "b=2"), "f: signature");
    assert_eq!(changed("(a, b=1)", "(a: int, b: int = 1) -> int"), "f: hints");
    assert_eq!(changed("def f", "@cache\ndef f"), "f: decorators");
    assert_eq!(changed("Doc.", "Docs."), "f: docstring");
    assert_eq!(changed("    \"\"\"Doc.\"\"\"\n", ""), "f: docstring");
    assert_eq!(changed("def f", "async def f"), "f: signature");
    assert_eq!(changed("return a + b", "return (a + b)"), "f: formatting");
    assert_eq!(changed("return a + b", "return a + b  # sum"), "f: comments");
    assert_eq!(changed("\n\n\ndef f", "\n\n\n# Adds.\ndef f"), "f: comments");
    assert_eq!(changed("(a, b=1):", "(a: int, *, b=1):"), "f: signature hints");
}

#[test]
fn parts_of_a_class() {
    assert_eq!(changed("class C:", "class C(Base):"), "C: signature");
    assert_eq!(changed("x = 1", "x = 2"), "C: body");
    assert_eq!(changed("x = 1", "x: int = 1"), "C: hints");
    assert_eq!(changed("return self.x", "return self.y"), "C.m: body");
    assert_eq!(changed("import os", "import sys"), "<module>: body");
    assert_eq!(changed("import os", "import os "), "<module>: formatting");
}

#[test]
fn added_and_removed_definitions_leave_their_parents_alone() {
    assert_eq!(changed("\n    def n(self):\n        return 2\n", ""), "C.n: removed");
    assert_eq!(changed("class C", "def g():\n    pass\n\n\nclass C"), "g: added");
    let two = changed(
        "    def n(self):\n        return 2\n",
        "    def o(self):\n        for each in self.all:\n            yield each\n\n    def p(self):\n        pass\n",
    );
    assert_eq!(two, "C.n: removed; C.o: added; C.p: added");
}

#[test]
fn renames_and_moves_of_equal_code() {
    assert_eq!(changed("def n(self)", "def other(self)"), "C.n -> C.other: renamed");
    assert_eq!(changed("class C", "class D"), "C -> D: renamed");
    let swapped = BOTH.replace(
        "    def m(self):\n        return self.x\n\n    def n(self):\n        return 2\n",
        "    def n(self):\n        return 2\n\n    def m(self):\n        return self.x\n",
    );
    assert_eq!(verdicts(BOTH, &swapped), "C.n: moved (reorder)");
}

#[test]
fn copies_are_no_renames() {
    let source = "def a(x):\n    return [x, x + 1, x + 2, x + 3, x + 4, x + 5, x + 6, x + 7]\n";
    let copied = format!("{source}\n\n{}", source.replace("def a", "def b"));
    assert_eq!(verdicts(source, &copied), "a -> b: added copied");
    let before = "def a(x):\n    return [x, x + 1, x + 2, x + 3]\n";
    let after = "def b(x):\n    return [x, x + 1, x + 2, x + 3]\n\n\ndef c(x):\n    return [x, x + 1, x + 2, x + 3]\n";
    assert_eq!(verdicts(before, after), "a -> b: renamed; a -> c: added copied");
}

#[test]
fn a_dedent_is_a_change_of_the_body() {
    let before = "def f():\n    for x in y:\n        a()\n        b()\n";
    let after = "def f():\n    for x in y:\n        a()\n    b()\n";
    assert_eq!(verdicts(before, after), "f: body");
    assert_eq!(verdicts("if a:\n    b\n    c\n", "if a:\n    b\nc\n"), "<module>: body");
    let nested = "def f():\n    def g():\n        a()\n        b()\n    return g\n";
    let dedented = "def f():\n    def g():\n        a()\n    b()\n    return g\n";
    assert_eq!(verdicts(nested, dedented), "f: body; f.<locals>.g: body");
    let moved = verdicts("if a:\n    b\n    def f(): pass\n", "if a:\n    b\ndef f(): pass\n");
    assert_eq!(moved, "<module>: body; f: moved (block)");
    let with = |block: &str| format!("class C:\n    x = 1\n{block}    def f(self):\n        return self.x\n");
    let into = with("    if x:\n")
        .replace("    def f", "        def f")
        .replace("        return", "            return");
    assert_eq!(verdicts(&with(""), &into), "C: body; C.f: moved (block)");
    assert_eq!(verdicts(&into, &into.replace("if x", "if x or y")), "C: body");
    let edited = into.replace("self.x", "self.x + 1");
    assert_eq!(verdicts(&with(""), &edited), "C: body; C.f: moved body (block)");
}

#[test]
fn references_and_what_is_left_over_show_renames() {
    let before = "class C:\n    def alpha(self):\n        return self.a\n\n    def use(self):\n        return self.alpha() + self.alpha()\n\n    def beta(self):\n        return 1\n";
    let after = before
        .replace("alpha", "first")
        .replace("self.a\n", "self.other.a\n")
        .replace("beta(self)", "other(self, x)");
    let found = verdicts(before, &after);
    assert!(found.contains("C.alpha -> C.first: renamed body"), "{found}");
    let long = (0..40).map(|it| format!("    step_{it}(x, {it})\n")).collect::<Vec<_>>().concat();
    let (before, after) = (
        format!(
            "def old(x):\n{long}    y = f(g(x), h(x, 'a'))\n    z = [it for it in y if it]\n    return y, z\n"
        ),
        "def new(x):\n    y = f(g(x), h(x, 'a'))\n    z = [it for it in y if it]\n    return y, z\n",
    );
    assert_eq!(verdicts(&before, after), "old -> new: renamed body");
}

#[test]
fn text_in_strings_is_code() {
    assert_eq!(verdicts("x = 'a b'\n", "x = 'a  b'\n"), "<module>: body");
    assert_eq!(verdicts("x = 'a' 'b'\n", "x = \"ab\"\n"), "<module>: formatting");
    assert_eq!(verdicts("x = u'a'\n", "x = 'a'\n"), "<module>: body");
    assert_eq!(verdicts("x = 0x10\n", "x = 16\n"), "<module>: formatting");
    assert_eq!(verdicts("x = (1)\n", "x = (1,)\n"), "<module>: body");
    assert_eq!(verdicts("f(a, k=1, *b)\n", "f(a, *b, k=1)\n"), "<module>: formatting");
    assert_eq!(verdicts("x = 1\r\n", "x = 1\n"), "");
}

#[test]
fn hints_are_no_more_than_hints() {
    assert_eq!(verdicts("x: int = 1\n", "x = 1\n"), "<module>: hints");
    assert_eq!(verdicts("x: int\n", "x: str\n"), "<module>: hints");
    assert_eq!(verdicts("def f():\n    x: int\n    return x\n", "def f():\n    return x\n"), "f: body");
    assert_eq!(verdicts("def f[T](x): ...\n", "def f[T: int](x): ...\n"), "f: signature");
}

#[test]
fn docstrings_are_only_where_python_sees_them() {
    assert_eq!(verdicts("'''a'''\nx\n", "'''b'''\nx\n"), "<module>: docstring");
    assert_eq!(verdicts("x\n'''a'''\n", "x\n'''b'''\n"), "<module>: body");
    assert_eq!(verdicts("def f():\n    b'a'\n", "def f():\n    b'b'\n"), "f: body");
    assert_eq!(verdicts("def f():\n    'a'\n    'b'\n", "def f():\n    'b'\n"), "f: body docstring");
    assert_eq!(verdicts("def f():\n    'a'\n", "def f():\n    f'a'\n"), "f: body docstring");
}

#[test]
fn comments_belong_to_the_innermost_definition() {
    let text = "x = 1\n\n# about f\ndef f():\n    a()\n    # in f\n\n# in the module\n\n\nclass C:  # head\n    # in C\n    def m(self):\n        pass\n        # end of m\n    # end of C\n";
    let with = |from: &str| verdicts(text, &text.replace(from, &format!("{from}!")));
    assert_eq!(with("# about f"), "f: comments");
    assert_eq!(with("# in f"), "f: comments");
    assert_eq!(with("# in the module"), "<module>: comments");
    assert_eq!(with("# head"), "C: comments");
    assert_eq!(with("# in C"), "C.m: comments");
    assert_eq!(with("# end of m"), "C.m: comments");
    assert_eq!(with("# end of C"), "C: comments");
}

#[test]
fn moved_comments_and_spaces_are_seen() {
    assert_eq!(verdicts("a  # c\nb\n", "a\nb  # c\n"), "<module>: comments");
    assert_eq!(verdicts("a  # c\nb\n", "a    # c\nb\n"), "<module>: formatting");
    assert_eq!(verdicts("a\n# c\nb\n", "a\n\n# c\nb\n"), "<module>: formatting");
    assert_eq!(verdicts("a\n\n# c\nb\n", "a\nb\n"), "<module>: comments");
    assert_eq!(verdicts("a\nb", "a\nb\n"), "<module>: formatting");
    assert_eq!(verdicts("a\n", "\n\na\n"), "<module>: formatting");
}

#[test]
fn twins_of_a_name_are_told_apart_by_their_code() {
    let before = "@overload\ndef f(x: int): ...\n@overload\ndef f(x: str): ...\ndef f(x): return x\n";
    let after = "@overload\ndef f(x: int): ...\n@overload\ndef f(x: bytes): ...\n@overload\ndef f(x: str): ...\ndef f(x): return x\n";
    assert_eq!(verdicts(before, after), "f#2: added");
    assert_eq!(verdicts(after, before), "f#2: removed");
}

#[test]
fn broken_definitions_are_never_less_than_changed() {
    let before = "def f():\n    x = (\n    return 1\n\n\ndef g():\n    return 1\n";
    let after = "def f():\n    x = (  # c\n    return 1\n\n\ndef g():\n    return  1\n";
    let found = verdicts(before, after);
    assert!(found.contains("f: body (syntax-error)"), "{found}");
    assert_eq!(verdicts(before, before), "");
}

#[test]
fn a_definition_of_another_kind_is_changed() {
    assert_eq!(verdicts("def f(): pass\n", "class f: pass\n"), "f: signature body");
    assert_eq!(verdicts("x = lambda a: a\n", "x = lambda b: b\n"), "<module>: body");
}

#[test]
fn a_new_definition_moves_no_comment() {
    let before = "def f(): 1\n\n\n# About x.\n\nx = 1\n";
    assert_eq!(verdicts(before, &format!("def e(): 0\n\n\n{before}")), "e: added");
    assert_eq!(verdicts(&format!("def e(): 0\n\n\n{before}"), before), "e: removed");
}

/// The verdicts of several files, in the order of their names, however they are given.
fn verdicts_of_set(files: &[(&str, &str, &str)]) -> Vec<String> {
    let sources: Vec<[SourceText; 2]> =
        files.iter().map(|it| [SourceText::from_text(it.1), SourceText::from_text(it.2)]).collect();
    let lowered = |source| lower(&PythonAst, source, &Options::default()).unwrap();
    let trees: Vec<_> = sources.iter().map(|it| [lowered(&it[0]), lowered(&it[1])]).collect();
    let pair = |at: usize| FilePair {
        name: files[at].0,
        before: Some(Side::new(&sources[at][0], &trees[at][0])),
        after: Some(Side::new(&sources[at][1], &trees[at][1])),
    };
    let pairs: Vec<_> = (0..files.len()).map(pair).collect();
    let found = diff_files(&pairs);
    let mut out: Vec<String> = found
        .iter()
        .zip(files)
        .flat_map(|(diff, file)| diff.definitions.iter().map(move |it| format!("{}: {}", file.0, line(it))))
        .collect();
    out.sort();
    out
}

#[test]
fn definitions_move_between_files_whatever_the_order() {
    let moved =
        "def walk(tree, visit):\n    for it in tree.children:\n        visit(it)\n        walk(it, visit)\n";
    let edited = moved.replace("visit(it)\n", "visit(it, tree)\n");
    let rest = "def rest():\n    return 1\n";
    let (both, with_edit) = (format!("{rest}\n\n{moved}"), format!("import os\n\n\n{edited}"));
    let files =
        [("a.py", both.as_str(), rest), ("b.py", "import os\n", with_edit.as_str()), ("c.py", rest, rest)];
    let expected = ["b.py: walk: moved body (file)"];
    assert_eq!(verdicts_of_set(&files), expected);
    let mut backwards = files;
    backwards.reverse();
    assert_eq!(verdicts_of_set(&backwards), expected);
}
