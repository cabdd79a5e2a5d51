//! Where the code will run is recorded like everything else.

use std::collections::BTreeMap;

use astkit_ast::PythonVersion;
use astkit_engine::passes::analyses::{Facts, Unreachable};
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
