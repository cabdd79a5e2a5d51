use super::{Verdict, purity};
use crate::calls::{Module, calls};
use crate::scopes::{Options, scopes};
use crate::testing::lowered;

/// Functions with their verdicts and first witnesses.
fn verdicts(text: &str) -> Vec<(String, Verdict, String)> {
    let (_, lowered) = lowered(text);
    let scopes = scopes(&lowered.tree, &Options::default());
    let chains = crate::def_use(&lowered.tree, &scopes);
    let module = Module {
        root: 0,
        name: "m",
        is_package: false,
        tree: &lowered.tree,
        scopes: &scopes,
        chains: &chains,
    };
    let names = crate::qualnames(&scopes, &Options::default());
    let graph = calls(&[module]);
    let line = |it: super::Purity| {
        let why = it.witnesses.first().map(|it| it.why.clone()).unwrap_or_default();
        (names[it.code.scope.0 as usize].clone(), it.verdict, why)
    };
    purity(&[module], &graph).into_iter().map(line).collect()
}

/// The labels are checked by running the functions: `tests/oracle/purity.py`.
#[test]
fn nothing_impure_is_called_pure() {
    let all = verdicts(include_str!("../../../../tests/fixtures/purity/cases.py"));
    let impure: Vec<_> = all.iter().filter(|it| it.0.starts_with("impure_")).collect();
    let wrong: Vec<_> = impure.iter().filter(|it| it.1 == Verdict::Pure).collect();
    assert!(impure.len() >= 40 && wrong.is_empty(), "{wrong:?}");
    let pure: Vec<_> = all.iter().filter(|it| it.0.starts_with("pure_")).collect();
    let missed: Vec<_> = pure.iter().filter(|it| it.1 != Verdict::Pure).collect();
    assert!(pure.len() >= 25 && missed.len() <= 3, "{missed:#?}");
    assert!(!pure.iter().any(|it| it.1 == Verdict::Impure), "{missed:?}");
}

#[test]
fn verdicts_have_witnesses() {
    let text = "\
def f(a): a.x = 1
def g(): f(h())
def h(): return []
def k(): f([])
async def w(): pass
def p(x): return x
";
    let lines: Vec<String> = verdicts(text)
        .iter()
        .map(|it| format!("{}: {} {}", it.0, it.1.as_str(), it.2).trim().to_owned())
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    f: impure changes an argument
    g: impure calls code that changes what it is given
    h: pure
    k: pure
    w: unknown is asynchronous
    p: pure
    ");
}
