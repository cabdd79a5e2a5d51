//! Transformations: what they preserve, and what they leave alone.

use astkit_ast::python::{Kind, kind, view};
use astkit_ast::{Constant, Tree};
use astkit_engine::passes::transformations::{DeadCode, FoldConstants, StripDocstrings};
use astkit_engine::passes::{
    Analysis, AnyAnalysis, AnyTransformation, Cx, Def, PassError, Pipeline, Preserve, Transformation, View,
    edits_fn,
};
use astkit_transform::{Code, Edits};

use crate::support::*;

/// Makes `1` of `True`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TruesIntoOnes {
    pub(crate) preserves: Preserves,
}

/// What it says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Preserves {
    Nothing,
    /// Counts of classes that are multiplied by something positive.
    PositiveCounts,
    Everything,
    /// The only one that is multiplied by 3.
    Tripled,
}

impl Transformation for TruesIntoOnes {
    type On = View;
    const NAME: &'static str = "test.ones";

    fn run(&self, _: &Cx<'_>, _: View, tree: &Tree) -> Result<Edits, PassError> {
        Ok(ones(tree))
    }

    fn preserves(&self, analysis: &dyn AnyAnalysis) -> Preserve {
        let is_preserved = match self.preserves {
            Preserves::Nothing => false,
            Preserves::PositiveCounts => {
                analysis.get::<Count>().is_some_and(|it| it.of == Kind::ClassDef && it.times > 0)
            }
            Preserves::Everything => true,
            Preserves::Tripled => analysis.get::<Count>().is_some_and(|it| it.times == 3),
        };
        if is_preserved { Preserve::Same } else { Preserve::No }
    }
}

fn ones(tree: &Tree) -> Edits {
    let (mut edits, mut stack) = (Edits::new(), vec![tree.root()]);
    while let Some(node) = stack.pop() {
        if view::Constant::cast(node).is_some_and(|it| *it.value() == Constant::Bool(true)) {
            edits.replace(node, Code::constant(Constant::Int(1)));
        }
        stack.extend(node.children());
    }
    edits
}

pub(crate) const MODULE: &str = "v = True\nn = 1\nclass A: ...\nclass B: ...\n";

const fn classes(times: i64) -> Count {
    Count { of: Kind::ClassDef, times }
}

const CONSTANTS: Count = Count { of: Kind::Constant, times: 1 };

#[test]
fn what_is_preserved_is_not_found_again() {
    let scratch = Scratch::new(&[("m.py", MODULE)]);
    let (snapshot, source) = (scratch.workspace.snapshot(), scratch.view("m.py"));
    // Eight results: seven parameterisations and another pass.
    let times = [1, 2, 3, 4, 5, -4, -5];
    let ask = |view: View| {
        for times in times {
            assert_eq!(*snapshot.gather(&classes(times), view).unwrap(), 2 * times);
        }
        *snapshot.gather(&CONSTANTS, view).unwrap()
    };
    assert_eq!(ask(source), 4);
    assert_eq!(scratch.runs().len(), 8);
    let runs = |preserves| {
        let (updated, view) = snapshot.apply(&TruesIntoOnes { preserves }, source).unwrap();
        assert!(updated);
        scratch.runs();
        ask(view);
        scratch.runs().len()
    };
    assert_eq!(runs(Preserves::PositiveCounts), 3);
    assert_eq!(runs(Preserves::Everything), 0);
    assert_eq!(runs(Preserves::Tripled), 7);
    assert_eq!(runs(Preserves::Nothing), 8);
    // The source's results are still there.
    ask(source);
    assert_eq!(scratch.runs(), [""; 0]);
}

#[test]
fn a_transformation_that_changes_nothing_is_no_update() {
    let mut scratch = Scratch::new(&[("m.py", MODULE)]);
    let ones = TruesIntoOnes { preserves: Preserves::Nothing };
    let source = scratch.view("m.py");
    let snapshot = scratch.workspace.snapshot();
    let (updated, once) = snapshot.apply(&ones, source).unwrap();
    assert!(updated);
    snapshot.gather(&CONSTANTS, once).unwrap();
    scratch.runs();
    let (updated, twice) = snapshot.apply(&ones, once).unwrap();
    assert!(!updated && once == twice);
    snapshot.gather(&CONSTANTS, twice).unwrap();
    assert_eq!(scratch.runs(), ["test.ones m.py"]);
    drop(snapshot);
    scratch.write("m.py", &format!("# comment\n{MODULE}"));
    scratch.workspace.gather(&CONSTANTS, twice).unwrap();
    assert_eq!(scratch.runs(), [""; 0]);
    scratch.write("m.py", &format!("{MODULE}x = True\n"));
    assert_eq!(*scratch.workspace.gather(&CONSTANTS, twice).unwrap(), 5);
}

/// The same, definition by definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct OnesByDefinition;

impl Transformation for OnesByDefinition {
    type On = Def;
    const NAME: &'static str = "test.ones-by-definition";

    fn run(&self, _: &Cx<'_>, _: Def, tree: &Tree) -> Result<Edits, PassError> {
        Ok(ones(tree))
    }
}

#[test]
fn a_transformation_of_definitions_looks_again_at_those_that_changed() {
    let text = "x = True  # kept\ndef f():\n    def g():\n        return True\n    return [True, g]\nclass C:\n    y = True\n";
    let mut scratch = Scratch::new(&[("m.py", text)]);
    let source = scratch.view("m.py");
    let by_module = TruesIntoOnes { preserves: Preserves::Nothing };
    let ask = |scratch: &Scratch| {
        let snapshot = scratch.workspace.snapshot();
        let (updated, view) = snapshot.apply(&OnesByDefinition, source).unwrap();
        assert!(updated);
        let (_, other) = snapshot.apply(&by_module, source).unwrap();
        assert_eq!(snapshot.tree(view).unwrap(), snapshot.tree(other).unwrap());
        snapshot.source(view).unwrap().text.text().to_owned()
    };
    assert_eq!(ask(&scratch), text.replace("True", "1"));
    let runs = |scratch: &Scratch| {
        let mut runs = scratch.runs();
        runs.retain(|it| it.starts_with("test.ones-by"));
        runs
    };
    assert_eq!(runs(&scratch).len(), 4);
    scratch.write("m.py", &text.replace("return True", "return not True"));
    ask(&scratch);
    assert_eq!(runs(&scratch), ["test.ones-by-definition m.py::f.<locals>.g"]);
}

/// Counts constants in what docstrings are gone from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Normalized;

impl Analysis for Normalized {
    type On = View;
    type Output = i64;
    const NAME: &'static str = "test.normalized";

    fn normalize(&self) -> Pipeline {
        Pipeline::of(StripDocstrings)
    }

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<i64, PassError> {
        Ok(*cx.gather(&CONSTANTS, on)?)
    }
}

#[test]
fn a_pass_may_want_transformations_first() {
    let mut scratch = Scratch::new(&[("m.py", "'text'\nx = 1\n")]);
    let source = scratch.view("m.py");
    assert_eq!(*scratch.workspace.gather(&Normalized, source).unwrap(), 1);
    assert_eq!(*scratch.workspace.gather(&CONSTANTS, source).unwrap(), 2);
    scratch.runs();
    // Another docstring changes nothing that it looks at.
    scratch.write("m.py", "'another text'\nx = 1\n");
    assert_eq!(*scratch.workspace.gather(&Normalized, source).unwrap(), 1);
    let runs = scratch.runs();
    assert!(!runs.contains(&"test.normalized m.py".to_owned()), "{runs:?}");
}

/// The node of the last statement; says how it moves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct LastStatement;

impl Analysis for LastStatement {
    type On = View;
    type Output = Option<astkit_ast::NodeId>;
    const NAME: &'static str = "test.last";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<Self::Output, PassError> {
        Ok(cx.tree(on)?.root().children().last().map(astkit_ast::Node::id))
    }

    fn survives(&self, transformation: &dyn AnyTransformation) -> Preserve {
        if transformation.name() == "strip-docstrings" { Preserve::Mapped } else { Preserve::No }
    }

    fn remap(
        &self,
        output: &Self::Output,
        map: &dyn Fn(astkit_ast::NodeId) -> Option<astkit_ast::NodeId>,
    ) -> Option<Self::Output> {
        output.map(map)
    }
}

#[test]
fn an_analysis_may_say_how_its_result_survives() {
    let scratch = Scratch::new(&[("m.py", "'text'\nx = 1\ny = 2\n")]);
    let snapshot = scratch.workspace.snapshot();
    let source = scratch.view("m.py");
    let before = snapshot.gather(&LastStatement, source).unwrap().unwrap();
    let (_, after) = snapshot.apply(&StripDocstrings, source).unwrap();
    scratch.runs();
    let found = snapshot.gather(&LastStatement, after).unwrap().unwrap();
    assert_eq!(scratch.runs(), [""; 0]);
    assert_eq!(kind(snapshot.tree(after).unwrap().node(found)), Kind::Assign);
    assert_eq!(found.index + 2, before.index);
}

#[test]
fn a_pipeline_repeats_until_nothing_changes() {
    let text = "if 1 + 1 == 2:\n    x = 1\nelse:\n    y = 2\n";
    let scratch = Scratch::new(&[("m.py", text)]);
    let snapshot = scratch.workspace.snapshot();
    let pipeline = Pipeline::default().then_repeat(8, Pipeline::of(FoldConstants).then(DeadCode::default()));
    let view = snapshot.through(scratch.view("m.py"), &pipeline).unwrap();
    let printed = snapshot.source(view).unwrap();
    assert!(!printed.text.text().contains("1 + 1"), "{}", printed.text.text());
    // One more round changes nothing, so it is the same view.
    assert_eq!(snapshot.through(view, &pipeline).unwrap(), view);
    assert_eq!(snapshot.tree(view).unwrap(), &printed.lowered.tree);
}

#[test]
fn untouched_statements_keep_their_text_through_a_pipeline() {
    let text = "'doc'\nx = ( 1 )   # one\ny = 2+3 # five\n";
    let scratch = Scratch::new(&[("m.py", text)]);
    let snapshot = scratch.workspace.snapshot();
    let pipeline = Pipeline::of(StripDocstrings).then(FoldConstants);
    let view = snapshot.through(scratch.view("m.py"), &pipeline).unwrap();
    let printed = snapshot.source(view).unwrap();
    assert!(printed.text.text().contains("x = ( 1 )   # one\n"), "{}", printed.text.text());
    assert!(printed.text.text().contains("y = 5"), "{}", printed.text.text());
}

#[test]
fn a_transformation_that_asks_for_its_own_result_is_an_error() {
    /// Looks at what it makes.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    struct LooksAtItself;
    impl Transformation for LooksAtItself {
        type On = View;
        const NAME: &'static str = "test.looks-at-itself";
        fn run(&self, cx: &Cx<'_>, on: View, _: &Tree) -> Result<Edits, PassError> {
            cx.gather(&CONSTANTS, cx.through(on, &Pipeline::of(Self)))?;
            Ok(Edits::new())
        }
    }
    let scratch = Scratch::new(&[("m.py", "x = 1\n")]);
    let found = scratch.workspace.apply_transformation(&LooksAtItself, scratch.view("m.py"));
    assert_eq!(found.unwrap_err(), PassError::Cycle);
    assert_eq!(*scratch.workspace.gather(&CONSTANTS, scratch.view("m.py")).unwrap(), 1);
}

#[test]
fn a_function_is_a_transformation() {
    let scratch = Scratch::new(&[("m.py", MODULE)]);
    let by_function = edits_fn("test.ones-by-function", 1, |_, _: View, tree| Ok(ones(tree)));
    let snapshot = scratch.workspace.snapshot();
    let (updated, view) = snapshot.apply(&by_function, scratch.view("m.py")).unwrap();
    assert!(updated && snapshot.source(view).unwrap().text.text().starts_with("v = 1\n"));
    let (_, same) = snapshot.apply(&by_function.clone(), scratch.view("m.py")).unwrap();
    assert_eq!(view, same);
    assert_eq!(snapshot.pipeline(view).to_string(), "test.ones-by-function");
    // It changes its own module only: others are out of its reach.
    let n = scratch.view("m.py");
    let far = edits_fn("test.far", 1, move |cx, _: View, _| {
        let _ = cx.resolve(&name("n"))?;
        cx.tree(n)?;
        Ok(Edits::new())
    });
    assert!(matches!(snapshot.apply(&far, scratch.view("m.py")), Err(PassError::Reach(_))));
    assert_eq!(snapshot.apply(&far.inter(), scratch.view("m.py")).unwrap(), (false, scratch.view("m.py")));
}
