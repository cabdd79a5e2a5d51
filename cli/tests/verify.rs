//! `astkit transform --verify`, in a program with a transformation that lies: it says that all results survive it.

use std::process::{Command, ExitCode, Stdio};

use astkit::ast::Constant;
use astkit::ast::python::view;
use astkit::passes::{AnyAnalysis, Cx, PassError, Preserve, Transformation, View};
use astkit_ast::Tree;
use astkit_transform::{Code, Edits};
use serde::{Deserialize, Serialize};

const AS_PROGRAM: &str = "TEST_RUNS_AS_PROGRAM";

/// Makes `1` of `True`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
struct Liar;

impl Transformation for Liar {
    type On = View;
    const NAME: &'static str = "test.liar";

    fn run(&self, _: &Cx<'_>, _: View, tree: &Tree) -> Result<Edits, PassError> {
        let (mut edits, mut stack) = (Edits::new(), vec![tree.root()]);
        while let Some(node) = stack.pop() {
            if view::Constant::cast(node).is_some_and(|it| *it.value() == Constant::Bool(true)) {
                edits.replace(node, Code::constant(Constant::Int(1)));
            }
            stack.extend(node.children());
        }
        Ok(edits)
    }

    fn preserves(&self, _: &dyn AnyAnalysis) -> Preserve {
        Preserve::Same
    }
}

astkit::register!(transformation Liar);

fn main() -> ExitCode {
    if std::env::var_os(AS_PROGRAM).is_some() {
        return astkit_cli::main();
    }
    for (flags, code, says) in [
        (&["transform", "test.liar", "-"][..], 0, ""),
        (
            &["transform", "test.liar", "-", "--verify"],
            1,
            "results of `literals` are said to survive `test.liar`, and do not",
        ),
        (&["transform", "fold-constants,dead-code,strip-hints", "-", "--verify"], 0, ""),
    ] {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(flags)
            .args(["--no-cache", "--isolated"])
            .env(AS_PROGRAM, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut input = child.stdin.take().expect("a pipe");
        std::io::Write::write_all(&mut input, b"x = True\n").expect("is read");
        drop(input);
        let done = child.wait_with_output().expect("ends");
        let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        let expected = if flags.contains(&"test.liar") { "x = 1\n" } else { "x = True\n" };
        assert_eq!((done.status.code(), &*out), (Some(code), expected), "{flags:?}: {err}");
        assert!(err.contains(says) && (says.is_empty() == err.is_empty()), "{flags:?}: {err}");
    }
    ExitCode::SUCCESS
}
