//! Several modules: what is found, what is missing, and who has to know.

use std::sync::Arc;

use astkit_engine::modules::ModuleName;
use astkit_engine::passes::analyses::{Calls as CallsPass, DunderAll, Mro, Wildcards};
use astkit_engine::passes::{Analysis, On, PassError, Project, View, from_fn};
use astkit_engine::{Changes, NoProgress};

use crate::support::*;

/// Which file each of three names is found in.
fn found(scratch: &Scratch) -> Vec<Option<String>> {
    let one = |name: &'static str| {
        let found = scratch.workspace.gather(&Finds(name), scratch.view("m.py")).unwrap();
        found.as_ref().as_ref().map(|it| it.strip_prefix("/p").unwrap().display().to_string())
    };
    ["x", "y", "z.w"].map(one).to_vec()
}

#[test]
fn a_missing_module_comes_is_shadowed_and_goes() {
    let mut scratch = Scratch::new(&[("m.py", "import x\n")]);
    assert_eq!(found(&scratch), [None, None, None]);
    scratch.runs();
    scratch.write("lib/x.py", "");
    assert_eq!(found(&scratch), [Some("lib/x.py".to_owned()), None, None]);
    assert_eq!(scratch.runs(), ["test.finds m.py"]);
    // An unrelated module is nobody's business.
    scratch.write("unrelated.py", "");
    found(&scratch);
    assert_eq!(scratch.runs(), [""; 0]);
    scratch.write("x.py", "");
    assert_eq!(found(&scratch), [Some("x.py".to_owned()), None, None]);
    assert_eq!(scratch.runs(), ["test.finds m.py"]);
    scratch.remove("x.py");
    assert_eq!(found(&scratch), [Some("lib/x.py".to_owned()), None, None]);
    scratch.remove("lib/x.py");
    assert_eq!(found(&scratch), [None, None, None]);
    assert_eq!(scratch.runs().len(), 2);
}

#[test]
fn namespace_packages_may_be_split_over_roots() {
    let mut scratch = Scratch::new(&[("m.py", ""), ("z/v.py", ""), ("lib/z/w.py", "")]);
    assert_eq!(found(&scratch)[2].as_deref(), Some("lib/z/w.py"));
    scratch.write("z/__init__.py", "");
    assert_eq!(found(&scratch)[2], None, "a regular package ends the search");
    scratch.remove("z/__init__.py");
    assert_eq!(found(&scratch)[2].as_deref(), Some("lib/z/w.py"));
}

#[test]
fn a_module_with_results_can_be_removed_and_replaced() {
    let mut scratch = Scratch::new(&[("m.py", "def f(): print(1)\n"), ("n.py", "def f(): print(1)\n")]);
    let view = scratch.view("n.py");
    scratch.workspace.gather(&Prints, view).unwrap();
    scratch.workspace.gather(&DunderAll::default(), view).unwrap();
    scratch.workspace.gather(&Prints, scratch.view("m.py")).unwrap();
    scratch.remove("n.py");
    assert_eq!(scratch.workspace.gather(&Prints, view).unwrap_err(), PassError::Gone);
    assert_eq!(scratch.workspace.gather(&DunderAll::default(), view).unwrap_err(), PassError::Gone);
    scratch.runs();
    scratch.workspace.gather(&Prints, scratch.view("m.py")).unwrap();
    assert_eq!(scratch.runs(), [""; 0]);
    scratch.write("n.py", "def f(): print(1), print(2)\n");
    assert_eq!(scratch.workspace.gather(&Prints, view).unwrap()[1].1, 2);
}

#[test]
fn an_intra_pass_sees_its_own_module_only() {
    let scratch = Scratch::new(&[("m.py", "x = 1\n"), ("n.py", "y = 1\n")]);
    let (m, n) = (scratch.view("m.py"), scratch.view("n.py"));
    let out_of_reach = |found: Result<Arc<u32>, PassError>| {
        assert!(matches!(found, Err(PassError::Reach(_))), "{found:?}");
    };
    let tree = from_fn("test.tree", 1, move |cx, _: View| Ok(cx.tree(n)?.node_count()));
    let own = from_fn("test.own", 1, |cx, on: View| Ok(cx.tree(on)?.node_count()));
    let same = own.clone();
    let gather = from_fn("test.gather", 1, move |cx, _: View| cx.gather(&same, n).map(|it| *it));
    let inter = from_fn("test.inter", 1, |cx, on: View| {
        cx.gather(&Finds("n"), on)?;
        Ok(0_u32)
    });
    let resolve = from_fn("test.resolve", 1, |cx, _: View| {
        let _ = cx.resolve(&name("n"))?;
        Ok(0_u32)
    });
    let list = from_fn("test.list", 1, |cx, _: View| Ok(u32::try_from(cx.modules("")?.len()).unwrap_or(0)));
    for pass in [&tree, &gather, &inter, &resolve, &list] {
        out_of_reach(scratch.workspace.gather(pass, m));
    }
    // With the reach, all of them may; and its own module is never out of reach.
    for pass in [tree, gather, inter, resolve, list].map(astkit_engine::passes::FromFn::inter) {
        scratch.workspace.gather(&pass, m).unwrap();
    }
    scratch.workspace.gather(&own, m).unwrap();
    // A transformation that is out of its reach is an error, too.
    let found = scratch.workspace.gather(&Looks, m);
    assert!(matches!(found, Err(PassError::Reach(_))), "{found:?}");
}

/// Looks at another module, and says that it does not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Looks;

impl Analysis for Looks {
    type On = View;
    type Output = usize;
    const NAME: &'static str = "test.looks";

    fn run(&self, cx: &astkit_engine::passes::Cx<'_>, _: View) -> Result<usize, PassError> {
        Ok(cx.module(&name("n"))?.map_or(0, |_| 1))
    }
}

#[test]
fn modules_and_definitions_are_found_by_name_and_by_path() {
    let files = [
        ("a/__init__.py", ""),
        ("a/b.py", "class C:\n    def f(self): print(1)\n"),
        ("ab.py", ""),
        ("lib/c.py", ""),
    ];
    let scratch = Scratch::new(&files);
    let snapshot = scratch.workspace.snapshot();
    let found = |text: &str| snapshot.find(scratch.root, text).unwrap().map(|it| snapshot.describe(it));
    assert_eq!(found("a.b").as_deref(), Some("/p/a/b.py"));
    assert_eq!(found("a.b.C.f").as_deref(), Some("/p/a/b.py::C.f"));
    assert_eq!(found("c").as_deref(), Some("/p/lib/c.py"));
    assert_eq!((found("a.b.C.g"), found("nothing"), found("")), (None, None, None));
    let Some(On::Def(f)) = snapshot.find(scratch.root, "a.b.C.f").unwrap() else { panic!("no definition") };
    assert_eq!(*snapshot.gather(&PRINTS, f).unwrap(), 1);
    assert_eq!(f.view(), scratch.view("a/b.py"));
    let list = |prefix: &str| {
        let all = snapshot.modules(scratch.root, prefix).unwrap();
        all.into_iter().map(|it| snapshot.describe(it.into())).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(list("a"), "/p/a/__init__.py /p/a/b.py");
    assert_eq!(list(""), "/p/a/__init__.py /p/a/b.py /p/ab.py /p/lib/c.py");
    assert_eq!(list("a.b"), "/p/a/b.py");
}

#[test]
fn two_modules_may_have_equal_trees() {
    let scratch = Scratch::new(&[("m.py", "def f(): print(1)\n"), ("n.py", "def f(): print(1)\n")]);
    let (m, n) = (scratch.view("m.py"), scratch.view("n.py"));
    assert_ne!(m, n);
    assert_eq!(scratch.workspace.gather(&Prints, m).unwrap(), scratch.workspace.gather(&Prints, n).unwrap());
}

#[test]
fn a_list_of_modules_is_read_again_when_one_comes() {
    let mut scratch = Scratch::new(&[("m.py", ""), ("n.py", "")]);
    let count = from_fn("test.count-modules", 1, |cx, _: Project| Ok(cx.modules("")?.len())).inter();
    let ask = |scratch: &Scratch| *scratch.workspace.gather(&count, Project(scratch.root)).unwrap();
    assert_eq!(ask(&scratch), 2);
    scratch.write("o.py", "");
    assert_eq!(ask(&scratch), 3);
    scratch.remove("m.py");
    assert_eq!(ask(&scratch), 2);
    scratch.runs();
    scratch.write("n.py", "x = 1\n");
    assert_eq!(ask(&scratch), 2);
    assert_eq!(scratch.runs(), [""; 0]);
}

#[test]
fn the_project_s_own_analyses_follow_imports() {
    let files = [
        ("m.py", "from n import *\nclass C(B): pass\ndef f(): g()\n"),
        ("n.py", "__all__ = ['B', 'g']\nfrom o import B\ndef g(): pass\n"),
        ("o.py", "class A: pass\nclass B(A): pass\n"),
    ];
    let mut scratch = Scratch::new(&files);
    let m = scratch.view("m.py");
    let mro = |scratch: &Scratch| {
        let orders = scratch.workspace.gather(&Mro::default(), m).unwrap();
        orders[0].order.as_ref().map(|it| it.join(" ")).map_err(Clone::clone)
    };
    assert_eq!(mro(&scratch).unwrap(), "m.C o.B o.A builtins.object");
    let stars = scratch.workspace.gather(&Wildcards::default(), m).unwrap();
    assert_eq!(stars[0].names.names.keys().map(|it| &**it).collect::<Vec<_>>(), ["B", "g"]);
    let calls = scratch.workspace.gather(&CallsPass, m).unwrap();
    let callees: Vec<_> = calls.calls.edges.iter().map(|it| format!("{:?}", it.callee)).collect();
    assert_eq!(callees.len(), 1, "{callees:?}");
    scratch.runs();
    // A function's body concerns no class of another module.
    scratch.write("n.py", &files[1].1.replace("pass", "return 1"));
    mro(&scratch).unwrap();
    let runs = scratch.runs();
    assert!(!runs.contains(&"mro m.py".to_owned()), "{runs:?}");
    scratch.write("o.py", "class A: pass\nclass B: pass\n");
    assert_eq!(mro(&scratch).unwrap(), "m.C o.B builtins.object");
    scratch.remove("o.py");
    assert!(mro(&scratch).is_err());
}

#[test]
fn many_changes_are_one_state() {
    let mut scratch = Scratch::new(&[("m.py", "x = 1\n"), ("n.py", "x = 1\n")]);
    let before = scratch.workspace.revision();
    scratch.files.write("/p/m.py", "x = 2\n");
    scratch.files.remove("/p/n.py");
    scratch.files.write("/p/o.py", "x = 3\n");
    let mut changes = Changes::new();
    for path in ["/p/m.py", "/p/n.py", "/p/o.py"] {
        changes.path(scratch.root, path);
    }
    let applied = scratch.workspace.apply(&changes, &NoProgress);
    assert_eq!((applied.revision, applied.files.len()), (before + 1, 3));
    assert!(ModuleName::new("o").is_some());
}
