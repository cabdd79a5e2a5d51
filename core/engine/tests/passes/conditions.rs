//! Where the code will run is recorded like everything else.

use std::collections::BTreeMap;

use astkit_ast::PythonVersion;
use astkit_engine::passes::analyses::{Facts, Unreachable, Values};
use astkit_engine::passes::{Conditions, View, from_fn};

use crate::support::*;

#[test]
fn a_pass_runs_again_for_the_condition_that_it_read_and_for_no_other() {
    let mut scratch = Scratch::new(&[("m.py", "x = 1\n")]);
    let view = scratch.view("m.py");
    let python = from_fn("test.python", 1, |cx, _: View| Ok(cx.env().python().map(|it| it.minor)));
    let flag = from_fn("test.flag", 1, |cx, _: View| Ok(cx.env().flag("fast").map(str::to_owned)));
    let ask = |scratch: &Scratch| {
        let python = *scratch.workspace.gather(&python, view).unwrap();
        (python, (*scratch.workspace.gather(&flag, view).unwrap()).clone())
    };
    assert_eq!(ask(&scratch), (None, None));
    assert_eq!(scratch.runs().len(), 2);
    let mut conditions =
        Conditions { python: Some(PythonVersion { major: 3, minor: 12 }), ..Conditions::default() };
    scratch.workspace.set_conditions(conditions.clone());
    assert_eq!(ask(&scratch), (Some(12), None));
    assert_eq!(scratch.runs(), ["test.python m.py"]);
    conditions.flags = BTreeMap::from([("slow".into(), "yes".into())]);
    scratch.workspace.set_conditions(conditions.clone());
    ask(&scratch);
    assert_eq!(scratch.runs(), [""; 0], "a flag that nobody asked for");
    conditions.flags.insert("fast".into(), "no".into());
    scratch.workspace.set_conditions(conditions);
    assert_eq!(ask(&scratch), (Some(12), Some("no".to_owned())));
    assert_eq!(scratch.runs(), ["test.flag m.py"]);
}

#[test]
fn what_can_never_run_depends_on_the_platform() {
    let mut scratch = Scratch::new(&[("m.py", "import sys\nif sys.platform == 'win32':\n    x = 1\n")]);
    let view = scratch.view("m.py");
    let dead = |scratch: &Scratch, pass: &Unreachable| scratch.workspace.gather(pass, view).unwrap().len();
    let linux = Unreachable(Facts { platform: Some("linux".to_owned()), ..Facts::default() });
    assert_eq!((dead(&scratch, &Unreachable::default()), dead(&scratch, &linux)), (0, 1));
    scratch.workspace.set_conditions(Conditions { platform: Some("darwin".into()), ..Conditions::default() });
    assert_eq!((dead(&scratch, &Unreachable::default()), dead(&scratch, &linux)), (1, 1));
}

#[test]
fn values_follow_imports_and_what_is_known() {
    let text = "\
import sys
from pkg.config import LIMIT, DEBUG as debug
if sys.platform == 'win32':
    SEP = '\\\\'
else:
    SEP = '/'
PATH = SEP.join(['a', 'b']) + str(LIMIT * 2)
NAMES = ('x', 'y')[:1] if debug else ()
TOP = sys.maxsize
";
    let mut scratch = Scratch::new(&[
        ("m.py", text),
        ("pkg/__init__.py", ""),
        ("pkg/config.py", "from .base import ONE\nLIMIT = ONE + 20\nDEBUG = not __debug__\n"),
        ("pkg/base.py", "ONE = 1\n\ndef f():\n    return 1\n"),
    ]);
    let view = scratch.view("m.py");
    let ask = |scratch: &Scratch, pass: &Values, name: &str| {
        let values = scratch.workspace.gather(pass, view).unwrap();
        values.globals[name].as_ref().map_or_else(|it| format!("? {}", it.why), astkit_analysis::Value::repr)
    };
    let linux = Values { platform: Some("linux".to_owned()), ..Values::default() };
    assert_eq!(ask(&scratch, &Values::default(), "PATH"), "? a name with several values");
    assert_eq!(ask(&scratch, &linux, "PATH"), "'a/b42'");
    assert_eq!(ask(&scratch, &linux, "NAMES"), "()");
    assert_eq!(ask(&scratch, &linux, "TOP"), "? `sys.maxsize` is not known");
    let known = ["sys.maxsize=2**63 - 1", "pkg.config.DEBUG=true", "sys.platform=\"win32\""];
    let known = Values { known: known.map(str::to_owned).to_vec(), ..Values::default() };
    assert_eq!(ask(&scratch, &known, "PATH"), r"'a\\b42'");
    assert_eq!(ask(&scratch, &known, "NAMES"), "('x',)");
    assert_eq!(ask(&scratch, &known, "TOP"), "9223372036854775807");
    // An edit of a module that names lead to counts, and no other.
    scratch.runs();
    scratch.write("pkg/base.py", "ONE = 2\n\ndef f():\n    return 1\n");
    assert_eq!(ask(&scratch, &linux, "PATH"), "'a/b44'");
    assert!(scratch.runs().contains(&"values m.py".to_owned()));
    scratch.write("other.py", "ONE = 3\n");
    assert_eq!(ask(&scratch, &linux, "PATH"), "'a/b44'");
    assert_eq!(scratch.runs(), [""; 0]);
    let wrong = Values { known: vec!["sys.maxsize".to_owned()], ..Values::default() };
    let error = scratch.workspace.gather(&wrong, view).unwrap_err().to_string();
    assert_eq!(error, "`known`: `sys.maxsize` is not NAME=VALUE");
}
