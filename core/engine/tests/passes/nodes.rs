//! Definitions and nodes: paths that stay, parents, scopes.

use astkit_ast::python::{Kind, kind};
use astkit_engine::passes::transformations::FoldConstants;
use astkit_engine::passes::{CodeNode, Cx, Def, PassError, View, from_fn};

use crate::support::*;

/// The kinds around the first node of a kind, the innermost first.
fn around(cx: &Cx<'_>, def: Def, of: Kind) -> Result<Vec<&'static str>, PassError> {
    let code = cx.code(def)?;
    let (index, _) = code.nodes().find(|it| kind(it.1) == of).ok_or(PassError::Gone)?;
    let parents = cx.parents(CodeNode { def, index })?;
    parents
        .into_iter()
        .map(|it| Ok(cx.code(it.def)?.node(it.index).ok_or(PassError::Gone)?.kind_name()))
        .collect()
}

#[test]
fn the_parents_of_a_node_go_up_to_the_module() {
    let text = "class C:\n    if x:\n        def f(self):\n            return [1]\ny = 2 + 3\n";
    let scratch = Scratch::new(&[("m.py", text)]);
    let lists = from_fn("test.lists", 1, |cx, def: Def| around(cx, def, Kind::List));
    let found = scratch.workspace.gather(&lists, scratch.def("m.py", "C.f")).unwrap();
    assert_eq!(*found, ["Return", "FunctionDef", "If", "ClassDef", "Module"]);
}

#[test]
fn a_replaced_node_has_parents() {
    let scratch = Scratch::new(&[("m.py", "y = 2 + 3\n")]);
    let snapshot = scratch.workspace.snapshot();
    let (updated, view) = snapshot.apply(&FoldConstants, scratch.view("m.py")).unwrap();
    assert!(updated);
    let module = snapshot.definitions(view).unwrap()[0];
    let constants = from_fn("test.constants", 1, |cx, def: Def| around(cx, def, Kind::Constant));
    assert_eq!(*snapshot.gather(&constants, module).unwrap(), ["Assign", "Module"]);
    assert_eq!(snapshot.source(view).unwrap().text.text(), "y = 5\n");
}

#[test]
fn the_enclosing_scope_is_the_innermost_around_a_node() {
    let text = "def f(a):\n    g = lambda: [x for x in (1, 2)]\n    return {a}\n";
    let scratch = Scratch::new(&[("m.py", text)]);
    let scope = |of: Kind| {
        from_fn("test.scope", of as u32 + 1, move |cx: &Cx<'_>, def: Def| {
            let code = cx.code(def)?;
            let (index, _) = code.nodes().find(|it| kind(it.1) == of).ok_or(PassError::Gone)?;
            let scope = cx.enclosing_scope(CodeNode { def, index })?.ok_or(PassError::Gone)?;
            Ok(cx.code(scope.def)?.node(scope.index).map_or("", |it| it.kind_name()))
        })
    };
    let f = scratch.def("m.py", "f");
    let ask = |of: Kind| *scratch.workspace.gather(&scope(of), f).unwrap();
    assert_eq!(ask(Kind::Tuple), "ListComp");
    assert_eq!(ask(Kind::ListComp), "Lambda");
    assert_eq!(ask(Kind::Set), "FunctionDef");
    assert_eq!(ask(Kind::FunctionDef), "Module");
}

#[test]
fn a_definition_keeps_its_path_when_others_come() {
    let text = "\
class C:
    @property
    def x(self): pass
    @x.setter
    def x(self, value): pass
    def y(self):
        def z(): pass
@overload
def f(): pass
def f(): pass
def f(): pass
";
    let mut scratch = Scratch::new(&[("m.py", text)]);
    let paths = from_fn("test.paths", 1, |cx, on: View| {
        let all = cx.definitions(on)?;
        Ok(all.into_iter().map(|it| cx.path(it).to_string()).collect::<Vec<_>>())
    });
    let ask = |scratch: &Scratch| (*scratch.workspace.gather(&paths, scratch.view("m.py")).unwrap()).clone();
    let expected = ["<module>", "C", "C.x", "C.x@setter", "C.y", "C.y.<locals>.z", "f@overload", "f", "f#2"];
    assert_eq!(ask(&scratch), expected);
    let setter = scratch.def("m.py", "C.x@setter");
    scratch.workspace.gather(&PRINTS, setter).unwrap();
    scratch.runs();
    scratch
        .write("m.py", &text.replace("    @x.setter", "    @x.getter\n    def x(self): pass\n    @x.setter"));
    scratch.workspace.gather(&PRINTS, setter).unwrap();
    assert_eq!(scratch.runs(), [""; 0]);
}

#[test]
fn children_and_parents_of_definitions() {
    let scratch = Scratch::new(&[(
        "m.py",
        "class C:\n    def f(self):\n        class D: pass\n    def g(self): pass\n",
    )]);
    let family = from_fn("test.family", 1, |cx, def: Def| {
        let parent = cx.parent(def)?.map(|it| cx.path(it).to_string());
        let children: Vec<_> = cx.children(def)?.into_iter().map(|it| cx.path(it).to_string()).collect();
        Ok((parent, children.join(" ")))
    });
    let ask = |name: &str| (*scratch.workspace.gather(&family, scratch.def("m.py", name)).unwrap()).clone();
    assert_eq!(ask("<module>"), (None, "C".to_owned()));
    assert_eq!(ask("C"), (Some("<module>".to_owned()), "C.f C.g".to_owned()));
    assert_eq!(ask("C.f"), (Some("C".to_owned()), "C.f.<locals>.D".to_owned()));
    // One pass on many definitions: nested ones count when they are asked to.
    let nested = Calls { of: "print", nested: true };
    assert_eq!(*scratch.workspace.gather(&nested, scratch.def("m.py", "<module>")).unwrap(), 0);
    assert_eq!(scratch.runs().iter().filter(|it| it.starts_with("test.calls")).count(), 5);
}

#[test]
fn a_node_is_a_target() {
    let mut scratch = Scratch::new(&[("m.py", "def f(): print(1)\n")]);
    let kinds = from_fn("test.kind", 1, |cx, on: CodeNode| {
        Ok(cx.code(on.def)?.node(on.index).ok_or(PassError::Gone)?.kind_name())
    });
    let node = CodeNode { def: scratch.def("m.py", "f"), index: 3 };
    assert_eq!(*scratch.workspace.gather(&kinds, node).unwrap(), "Call");
    scratch.write("m.py", "def f(): pass\n");
    assert_eq!(scratch.workspace.gather(&kinds, node).unwrap_err(), PassError::Gone);
}

#[test]
fn positions_are_joined_when_they_are_wanted() {
    let text = "# head\nclass C:\n    def f(self): pass\n    def g(self):\n        return  [1,  2]\n";
    let mut scratch = Scratch::new(&[("m.py", text)]);
    let lists = from_fn("test.texts", 1, |cx, def: Def| {
        let code = cx.code(def)?;
        let (index, _) = code.nodes().find(|it| kind(it.1) == Kind::List).ok_or(PassError::Gone)?;
        let place = cx.in_file(CodeNode { def, index })?;
        let source = cx.source(def.view())?;
        let span = source.lowered.span(source.lowered.tree.node(place));
        Ok((source.text.position(span.start).line, source.text.slice(span).to_owned()))
    });
    let g = scratch.def("m.py", "C.g");
    assert_eq!(*scratch.workspace.gather(&lists, g).unwrap(), (5, "[1,  2]".to_owned()));
    scratch.write("m.py", &text.replace("# head\n", ""));
    assert_eq!(*scratch.workspace.gather(&lists, g).unwrap(), (4, "[1,  2]".to_owned()));
    let far = from_fn("test.far", 1, |cx, def: Def| cx.in_file(CodeNode { def, index: 1_000 }));
    assert_eq!(scratch.workspace.gather(&far, g).unwrap_err(), PassError::Gone);
}
