//! Printed edits: the text means the new tree, and what was not touched keeps its text.

use astkit_ast::python::{Kind, kind};
use astkit_ast::tree::Node;
use astkit_ast::{Lowered, Options, SourceText, lower};
use astkit_python_ast::PythonAst;
use astkit_transform::{Code, Edits};

fn parse(text: &str) -> (SourceText, Lowered) {
    let source = SourceText::from_text(text);
    let lowered = lower(&PythonAst, &source, &Options::default()).expect("the frontend works");
    (source, lowered)
}

/// The text after edits; panics if it does not mean the new tree.
fn printed(text: &str, edit: impl FnOnce(&Lowered, &mut Edits)) -> String {
    let (source, lowered) = parse(text);
    assert!(!lowered.is_partial(), "{text}");
    let mut edits = Edits::new();
    edit(&lowered, &mut edits);
    let out = edits.print(&source, &lowered).expect("it prints");
    let applied = edits.apply(&lowered.tree);
    let (_, again) = parse(&out);
    assert!(!again.is_partial() && again.tree == applied.tree, "{text}\n=== became ===\n{out}");
    out
}

/// The n-th statement of a kind in the order of the text.
fn find(lowered: &Lowered, wanted: Kind, nth: usize) -> Node<'_> {
    let mut stack = vec![lowered.tree.root()];
    let mut found = Vec::new();
    while let Some(node) = stack.pop() {
        if kind(node) == wanted {
            found.push(node);
        }
        let first = stack.len();
        stack.extend(node.children());
        stack[first..].reverse();
    }
    found[nth]
}

fn call(name: &str) -> Code {
    Code::expression(Code::call(Code::name(name), []))
}

#[test]
fn no_edits_leave_every_byte() {
    for text in ["", "\u{feff}x = 1\r\ny\r\n", "if x: pass", "\tx = 1", "# only\n", "x = '''\n a'''  # c"] {
        let (source, lowered) = parse(text);
        assert_eq!(Edits::new().print(&source, &lowered).expect("prints"), text);
    }
}

#[test]
fn a_deleted_statement_takes_its_comments_along() {
    let text = "#!/bin/sh\n# head\nimport a\n\n# about b\nb = 1  # trailing\n\nc = 2\n";
    let out = printed(text, |it, edits| edits.delete(find(it, Kind::Assign, 0)));
    assert_eq!(out, "#!/bin/sh\n# head\nimport a\n\n\nc = 2\n");
    let out = printed(text, |it, edits| edits.delete(find(it, Kind::Import, 0)));
    assert!(out.starts_with("#!/bin/sh\n# head\n\n# about b\n"));
}

#[test]
fn an_empty_block_gets_pass() {
    let out = printed("if x:\n\ta()\nelse: b()\n", |it, edits| {
        edits.delete(find(it, Kind::Expr, 0));
    });
    assert_eq!(out, "if x:\n\tpass\nelse: b()\n");
    let out = printed("if x:\n\ta()\nelse: b()\n", |it, edits| edits.delete(find(it, Kind::Expr, 1)));
    assert_eq!(out, "if x:\n\ta()\n");
    let out = printed("def f(): a(); b()\nx\n", |it, edits| {
        edits.delete(find(it, Kind::Expr, 0));
        edits.delete(find(it, Kind::Expr, 1));
    });
    assert_eq!(out, "def f(): pass\nx\n");
}

#[test]
fn lines_are_shared() {
    let text = "a(); b(); c()  # all\nif x: d(); e()\n";
    let out = printed(text, |it, edits| edits.delete(find(it, Kind::Expr, 1)));
    assert_eq!(out, "a()\nc()  # all\nif x: d(); e()\n");
    let out = printed(text, |it, edits| edits.delete(find(it, Kind::Expr, 3)));
    assert_eq!(out, "a(); b(); c()  # all\nif x: e()\n");
    let out = printed(text, |it, edits| edits.insert_before(find(it, Kind::Expr, 4), call("new")));
    assert_eq!(out, "a(); b(); c()  # all\nif x:\n    d()\n    new()\n    e()\n");
}

#[test]
fn a_wrapped_statement_keeps_its_comments_and_strings() {
    let text = "def f():\r\n  # why\r\n  x = '''\r\nraw\r\n'''  # c\r\n  y\r\n";
    let out = printed(text, |it, edits| {
        edits.wrap(find(it, Kind::Assign, 0), |kept| Code::if_(Code::name("t"), [kept]));
    });
    let expected = "def f():\r\n  if t:\r\n    # why\r\n    x = '''\r\nraw\r\n'''  # c\r\n  y\r\n";
    assert_eq!(out, expected);
}

#[test]
fn an_unwrapped_block_moves_out_with_its_comments() {
    let text = "class A:\n    if t:\n        # one\n        a = 1\n\n        # two\n        b = (2,\n             3)\n    elif u:\n        c\n";
    let out = printed(text, |it, edits| {
        let branch = find(it, Kind::If, 0);
        let body = branch.field(astkit_ast::python::Role::Body.into()).map(Code::kept).collect();
        edits.replace_all(branch, body);
    });
    assert_eq!(out, "class A:\n    # one\n    a = 1\n\n    # two\n    b = (2,\n         3)\n");
    let out = printed(text, |it, edits| {
        let branch = find(it, Kind::If, 0);
        edits.replace_all(
            branch,
            branch.field(astkit_ast::python::Role::Orelse.into()).map(Code::kept).collect(),
        );
    });
    assert_eq!(out, "class A:\n    if u:\n        c\n");
}

#[test]
fn expressions_change_in_their_place() {
    let text = "x = (1 +  # one\n     a.b)\ny = f'{a.b}' 'z'; z = f'{a.b=}'\n";
    let out = printed(text, |it, edits| {
        for nth in 0..3 {
            edits.replace(find(it, Kind::Attribute, nth), Code::name("c"));
        }
    });
    assert_eq!(out, "x = (1 +  # one\n     c)\ny = f'{c}' 'z'; z = f'a.b={c!r}'\n");
}

/// A generator of numbers that every machine has.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

fn random_edits(lowered: &Lowered, random: &mut Random, edits: &mut Edits) {
    let mut nodes = Vec::new();
    let mut stack = vec![lowered.tree.root()];
    while let Some(node) = stack.pop() {
        let schema = lowered.tree.schema();
        let sum = &schema.sums[usize::from(node.kind_def().sum)].name;
        let is_first_future = kind(node) == Kind::ImportFrom && node.children().next().is_some();
        if sum == "stmt" && !is_first_future {
            nodes.push(node);
        }
        if matches!(kind(node), Kind::Nonlocal | Kind::Global) {
            nodes.retain(|it| *it != node);
        }
        stack.extend(node.children());
    }
    for _ in 0..=random.below(6) {
        if nodes.is_empty() {
            return;
        }
        let node = nodes[random.below(nodes.len())];
        match random.below(7) {
            0 => edits.delete(node),
            1 => edits.insert_before(node, call("before")),
            2 => edits.insert_after(node, Code::if_(Code::name("t"), [call("after")])),
            3 => edits.wrap(node, |kept| Code::if_(Code::name("t"), [kept])),
            4 => edits.wrap(node, |kept| Code::if_(Code::name("t"), [call("a"), kept, call("b")])),
            5 => {
                let blocks: Vec<Code> = node
                    .children()
                    .filter(|it| lowered.tree.schema().sums[usize::from(it.kind_def().sum)].name == "stmt")
                    .map(Code::kept)
                    .collect();
                edits.replace_all(node, blocks);
            }
            _ => edits.replace(node, call("new")),
        }
    }
}

/// Random edits of a text: what is printed means the new tree.
fn check_random(text: &str, seed: u64, rounds: usize) {
    let (source, lowered) = parse(text);
    if lowered.is_partial() {
        return;
    }
    let mut random = Random(seed);
    for _ in 0..rounds {
        let mut edits = Edits::new();
        random_edits(&lowered, &mut random, &mut edits);
        let applied = edits.apply(&lowered.tree);
        let out = edits.print(&source, &lowered).expect("it prints");
        let (_, again) = parse(&out);
        // Code may be moved where it is not allowed (`return` out of a function); the tree says enough.
        assert!(
            again.tree == applied.tree,
            "{text}\n=== {edits:?} became ===\n{out}\n=== {:?}",
            again.diagnostics
        );
    }
}

const TEXTS: &[&str] = &[
    "if a: b\nelif c:\n  d; e\n  # f\nelse: g; h;\ntry:\n  i\nexcept j as k: l\nelse:\n  m\nfinally:\n  n  # o\n",
    "@a\n@b(1)\nclass C(D, metaclass=M):\n\t'''doc\n\tx'''\n\tdef f(self): return 1\n\n\t# about g\n\t@p\n\tasync def g(self):\n\t\tawait x\n\t\tif y:\n\t\t\tpass\n\t\telif z: q\n\t\telif w:\n\t\t\tr\n",
    "x = 1; y = \\\n  2\nfor i in x: y; z\nelse:\n  while a:\n    b\n    continue\n  else: c\nwith a as b, c: d\nmatch x:\n  case 1 | 2: a; b\n  case [*r] if r:\n    c\n    # tail\n  case _: pass\n",
    "def f():\n    x = '''\n  raw'''; y = f'''{\na}\n'''\n    return (x,\n  y)\n\x0c\ndef g(): yield\nif 1:\n        deep\n        if 2:\n                deeper # c\n# end",
    "\u{feff}import a\r\nif a:\r\n  b # c\r\n\r\n  # d\r\n  e\r\nelse:\r\n  f",
];

#[test]
fn random_edits_print_the_new_tree() {
    for (seed, text) in (1..).zip(TEXTS) {
        check_random(text, seed, 300);
    }
}

/// Over the files of a folder, if there is one: `ASTKIT_CORPUS=... cargo test -p astkit-transform corpus`.
#[test]
#[expect(clippy::disallowed_methods, reason = "a run by hand, over files that the caller names")]
fn random_edits_of_a_corpus() {
    let Ok(folder) = std::env::var("ASTKIT_CORPUS") else { return };
    let list = std::fs::read_to_string(format!("{folder}/accepted.txt")).unwrap_or_default();
    for (seed, path) in (1..).zip(list.lines().step_by(281)) {
        let Ok(text) = std::fs::read_to_string(std::path::Path::new(&folder).join(path)) else { continue };
        check_random(&text, seed, 4);
    }
}
