//! What an edit costs.

use crate::support::*;

const MODULE: &str = "\
def f():
    print(1)
    print(2)
def g():
    print(3)
class C:
    def h(self):
        print(4)
";

fn prints(scratch: &Scratch) -> Vec<usize> {
    let found = scratch.workspace.gather(&Prints, scratch.view("m.py")).unwrap();
    found.iter().map(|it| it.1).collect()
}

#[test]
fn a_comment_or_a_blank_line_runs_nothing() {
    let mut scratch = Scratch::new(&[("m.py", MODULE)]);
    assert_eq!(prints(&scratch), [0, 2, 1, 0, 1]);
    assert_eq!(scratch.runs().len(), 6);
    scratch.write("m.py", &format!("\n# comment\n\n{MODULE}"));
    assert_eq!(prints(&scratch), [0, 2, 1, 0, 1]);
    assert_eq!(scratch.runs(), [""; 0]);
}

#[test]
fn an_edit_of_one_body_runs_for_it_and_for_whom_it_concerns() {
    let mut scratch = Scratch::new(&[("m.py", MODULE)]);
    prints(&scratch);
    scratch.runs();
    scratch.write("m.py", &MODULE.replace("print(1)", "print(1), print(0)"));
    assert_eq!(prints(&scratch), [0, 3, 1, 0, 1]);
    assert_eq!(scratch.runs(), ["test.calls m.py::f", "test.prints m.py"]);
    // An equal result concerns nobody.
    scratch.write("m.py", &MODULE.replace("print(1)", "print(1), print(9)"));
    prints(&scratch);
    assert_eq!(scratch.runs(), ["test.calls m.py::f"]);
    // A method is none of its class's business.
    scratch.write("m.py", &MODULE.replace("print(4)", "print(5)").replace("print(1)", "print(1), print(9)"));
    prints(&scratch);
    assert_eq!(scratch.runs(), ["test.calls m.py::C.h"]);
}
