//! Two packages of one name: every file means the one that it belongs to.

use crate::support::Scratch;

fn twins() -> Scratch {
    let mut files = Vec::new();
    for (root, base, value) in [("a", "Base", "1"), ("b", "Other", "2")] {
        let text = format!("class {base}: pass\nVALUE = {value}\ndef helper(): return {value}\n");
        files.push((format!("{root}/pkg/__init__.py"), String::new()));
        files.push((format!("{root}/pkg/core.py"), text));
        files.push((
            format!("{root}/pkg/use.py"),
            format!(
                "from pkg.core import {base}, VALUE, helper\nimport pkg.core\nclass C({base}): pass\ndef f(): return helper()\n"
            ),
        ));
        files.push((
            format!("{root}/tests/test_it.py"),
            "from pkg.use import f\ndef test_f(): f()\n".to_owned(),
        ));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    Scratch::new(&files)
}

#[test]
fn analyses_follow_imports_into_their_own_package() {
    let scratch = twins();
    for roots in [&[][..], &["--root", "a", "--root", "b"]] {
        let records =
            |pass: &str| scratch.run(&[&["analyze", pass, "a/pkg", "b/pkg"], roots].concat()).records();
        let of = |records: Vec<serde_json::Value>, path: &str, pointer: &str| {
            records.iter().find(|it| it["path"] == path).unwrap().pointer(pointer).unwrap().to_string()
        };
        for (root, base, value) in [("a", "Base", "1"), ("b", "Other", "2")] {
            let path = format!("{root}/pkg/use.py");
            let order = of(records("mro"), &path, "/result/classes/0/mro");
            assert_eq!(order, format!(r#"["pkg.use.C","pkg.core.{base}","builtins.object"]"#), "{roots:?}");
            assert_eq!(of(records("values"), &path, "/result/globals/VALUE/repr"), format!("\"{value}\""));
            let callees = of(records("calls"), &path, "/result/edges");
            assert!(callees.contains("pkg.core.helper"), "{callees}");
            let found = of(records("imports"), &path, "/result/imports/0/resolved/path");
            assert_eq!(found, format!("\"{root}/pkg/core.py\""), "{roots:?}");
        }
    }
}

#[test]
fn graphs_tell_them_apart() {
    let scratch = twins();
    for kind in ["imports", "calls"] {
        let run = scratch.run(&["graph", kind, "a/pkg", "b/pkg", "--format", "json"]);
        let graph: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let links = graph["edges"].as_array().unwrap();
        for link in links {
            let root = |end: &str| {
                let nodes = graph["nodes"].as_array().unwrap();
                let all: Vec<_> = nodes.iter().filter(|it| it["id"] == link[end]).collect();
                assert_eq!(all.len(), 1, "{link}");
                all[0]["target"].as_str().unwrap()[..2].to_owned()
            };
            assert_eq!(root("from"), root("to"), "{link}");
        }
        assert!(links.len() >= 2, "{}", run.out);
    }
}

#[test]
fn changes_reach_their_own_package() {
    let scratch = twins();
    for (roots, root, other) in
        [(&[][..], "a", "b"), (&[], "b", "a"), (&["--root", "a", "--root", "b"], "b", "a")]
    {
        let run = scratch.run(&[&["impact", &format!("{root}/pkg/core.py::helper")], roots].concat());
        assert!(run.out.contains(&format!("{root}/pkg/use.py::f")), "{roots:?}: {}", run.out);
        assert!(!run.out.contains(&format!("{other}/pkg")), "{roots:?}: {}", run.out);
    }
}
