use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Found, exported, lookup, star_names, wildcards};
use crate::interface::{Interface, interface};
use crate::mro::mro;
use crate::scopes::{Options, scopes};
use crate::testing::lowered;
use crate::truth::Environment;

type Modules = BTreeMap<String, Arc<Interface>>;

fn project(files: &[(&str, &str)]) -> Modules {
    let module = |(name, text): &(&str, &str)| {
        let (_, lowered) = lowered(text);
        let options = Options::default();
        let scopes = scopes(&lowered.tree, &options);
        let chains = crate::def_use(&lowered.tree, &scopes);
        let is_package = files.iter().any(|it| it.0.starts_with(&format!("{name}.")));
        let made = interface(&lowered.tree, &scopes, &chains, is_package, &options, &Environment::default());
        ((*name).to_owned(), Arc::new(made))
    };
    files.iter().map(module).collect()
}

fn order(project: &Modules, module: &str) -> Vec<String> {
    let line = |it: crate::mro::ClassOrder| match it.order {
        Ok(order) => order.join(" "),
        Err(why) => format!("{}: {why}", it.qualname),
    };
    mro(project, module, &project[module]).into_iter().map(line).collect()
}

#[test]
fn names_are_followed_through_imports() {
    let modules = project(&[
        ("a", "from b import *\nfrom c import D as E\nimport p.q\nF = p.q.G\n"),
        ("b", "class C: pass\n_hidden = 1\n"),
        ("c", "try:\n  from _fast import D\nexcept ImportError:\n  from slow import D\n"),
        ("slow", "class D: pass\n"),
        ("p", ""),
        ("p.q", "class G:\n  class H: pass\n"),
    ]);
    assert_eq!(lookup(&modules, "a", "C"), Ok(Found::Class("b".into(), 0)));
    assert_eq!(lookup(&modules, "a", "E"), Ok(Found::Class("slow".into(), 0)));
    assert_eq!(lookup(&modules, "a", "F"), Ok(Found::Class("p.q".into(), 0)));
    assert_eq!(lookup(&modules, "p", "q"), Ok(Found::Module("p.q".into())));
    assert!(lookup(&modules, "a", "_hidden").is_err());
}

#[test]
fn cycles_of_imports_end() {
    let modules =
        project(&[("a", "from b import X\nfrom b import *\n"), ("b", "from a import X\nfrom a import *\n")]);
    assert!(lookup(&modules, "a", "X").is_err());
    assert!(lookup(&modules, "a", "Y").is_err());
    assert!(star_names(&modules, "a").names.contains_key("X"));
}

#[test]
fn orders_of_classes() {
    let modules = project(&[
        (
            "m",
            "from n import Base\nclass A(Base): pass\nclass B(Base, dict): pass\nclass C(A, B): pass\nclass D(B, A, Base): pass\nclass E(Base, A): pass\nclass F(f()): pass\nclass G(type(dict)): pass\nclass H(type(Base)): pass\n",
        ),
        ("n", "import io\nclass Base: pass\n"),
    ]);
    insta::assert_snapshot!(order(&modules, "m").join("\n"), @"
    m.A n.Base builtins.object
    m.B n.Base builtins.dict builtins.object
    m.C m.A m.B n.Base builtins.dict builtins.object
    m.D m.B m.A n.Base builtins.dict builtins.object
    E: the bases have no consistent order
    F: an expression that is computed
    m.G builtins.type builtins.object
    H: the type of a class that is no compiled one
    ");
}

#[test]
fn all_is_followed_over_modules() {
    let modules = project(&[
        (
            "p",
            "from .a import *\nfrom . import b\n__all__ = a.__all__ + b.__all__ + ['x']\nif x: __all__.append('y')\n",
        ),
        ("p.a", "__all__ = ['f', 'g']\n__all__.remove('g')\n"),
        ("p.b", "__all__ = [x for x in dir() if not x.startswith('_')]\n__all__ += h()\n"),
    ]);
    let found = exported(&modules, "p", &modules["p"]).unwrap();
    insta::assert_snapshot!(format!("{:?} {:?} {:?}", found.definite, found.conditional, found.opaque.len()), @r#"["f", "x"] ["y"] 1"#);
}

#[test]
fn star_imports_bind_public_names() {
    let modules = project(&[
        ("m", "from a import *\nfrom b import *\nfrom nowhere import *\n"),
        ("a", "x = 1\n_y = 2\nimport z\nif x: w = 1\ndel q\nfrom b import *\n"),
        ("b", "__all__ = ['_p', 'q']\n"),
    ]);
    let all = wildcards(&modules, "m", &modules["m"]);
    let lines: Vec<String> =
        all.iter().map(|it| format!("{:?} {:?}", it.names.names, it.names.opaque)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"q": false, "w": true, "x": false, "z": false} []
    {"_p": false, "q": false} []
    {} ["`nowhere` is not known"]
    "#);
}
