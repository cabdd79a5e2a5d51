//! Every snippet of `tests/snippets`, through every frontend of this build, against CPython.
//!
//! Without CPython 3.13 or later the frontends are still compared with each other: python-ast then stands in for the
//! oracle. What 3.13 can't answer has its tree recorded.

use std::collections::HashMap;
use std::fmt::Write;

use astkit::{Options, PythonVersion, SourceText};
use astkit_harness::{
    Answer, Candidate, Expectation, Oracle, OraclePython, Outcome, Snippet, candidates, lower_and_judge,
    recorded_trees, registry, snippets,
};

/// How many failures are shown in full.
const SHOWN: usize = 400;

#[test]
fn every_frontend_gives_the_tree_of_cpython() {
    let mut oracle = Reference::find();
    let recorded = recorded_trees().unwrap();
    let (mut failures, mut compared) = (Vec::new(), 0);
    let python = OraclePython::find().ok();
    let candidates = candidates(registry(python.as_ref()).unwrap());
    for snippet in snippets().unwrap().iter().filter(|it| !it.expects(&Expectation::Dialect2)) {
        let answer = oracle.answer(snippet, &recorded);
        for candidate in &candidates {
            compared += 1;
            let (outcome, _) =
                lower_and_judge(candidate, &snippet.source, &Options::default(), &answer).unwrap();
            if let Some(why) = failure(snippet, candidate, &answer, &outcome) {
                failures.push(format!("{} {}: {why}: {}", snippet.place, candidate.name(), text(snippet)));
            }
        }
    }
    report(&failures, compared);
}

#[test]
fn python_2_is_read_by_tree_sitter() {
    let candidates = candidates(registry(None).unwrap());
    let Some(tree_sitter) = candidates.iter().find(|it| it.name() == "tree-sitter") else {
        return;
    };
    let options = Options { python: PythonVersion { major: 2, minor: 7 } };
    let (mut failures, mut compared) = (Vec::new(), 0);
    for snippet in snippets().unwrap().iter().filter(|it| it.expects(&Expectation::Dialect2)) {
        compared += 1;
        // There is no oracle of this dialect: an empty tree makes every tree differ, and errors show.
        let answer = Answer::Tree(String::new());
        let (outcome, _) = lower_and_judge(tree_sitter, &snippet.source, &options, &answer).unwrap();
        let accepted = matches!(outcome, Outcome::Different(_));
        if !accepted && snippet.gap("tree-sitter").is_none() {
            failures.push(format!("{}: {}: {}", snippet.place, outcome.detail(), text(snippet)));
        }
    }
    report(&failures, compared);
}

/// Where the right tree comes from.
struct Reference {
    oracle: Option<(Oracle, u8)>,
}

impl Reference {
    #[expect(clippy::print_stderr, reason = "a test that does less than it could must say so")]
    fn find() -> Self {
        let oracle = OraclePython::find().and_then(|it| Ok((Oracle::start(&it)?, it.version.1)));
        if let Err(error) = &oracle {
            eprintln!("not compared with CPython, only frontends with each other: {error}");
        }
        Self { oracle: oracle.ok() }
    }

    fn answer(&mut self, snippet: &Snippet, recorded: &HashMap<Vec<u8>, String>) -> Answer {
        if let Some(tree) = recorded.get(&snippet.source) {
            return Answer::Tree(tree.clone());
        }
        match &mut self.oracle {
            Some((oracle, minor)) if snippet.accepted_by(*minor) == Some(true) => {
                oracle.ask(&snippet.source).expect("a living oracle")
            }
            _ => stand_in(snippet),
        }
    }
}

/// What python-ast says, for snippets that no oracle on this machine can answer.
fn stand_in(snippet: &Snippet) -> Answer {
    let rejected =
        || Answer::Rejected { kind: "SyntaxError".to_owned(), message: "the snippet is invalid".to_owned() };
    if snippet.expects(&Expectation::Invalid) {
        return rejected();
    }
    let frontends = registry(None).expect("nothing from outside is needed");
    let source = SourceText::decode(&snippet.source);
    match frontends.lower("python-ast", "snippet.py", &source, &Options::default()) {
        Ok(lowered) if !lowered.is_partial() => {
            Answer::Tree(astkit::ast::dump::json(&lowered, &source, true))
        }
        Ok(_) => rejected(),
        Err(_) => Answer::GaveUp,
    }
}

/// What is wrong with an outcome, or nothing.
fn failure(snippet: &Snippet, candidate: &Candidate, answer: &Answer, outcome: &Outcome) -> Option<String> {
    let (word, detail) = (outcome.as_str(), outcome.detail());
    if matches!(outcome, Outcome::Malformed(_) | Outcome::Panicked(_)) {
        return Some(format!("{word}: {detail}"));
    }
    // A running CPython has an opinion of its own about what other versions accept.
    let own_opinion = candidate.name() == "cpython" && !snippet.expectations.is_empty();
    if own_opinion || snippet.expects(&Expectation::Varies) {
        return None;
    }
    let wrong = match outcome {
        Outcome::Equal | Outcome::NotJudged => None,
        Outcome::BothReject if snippet.expects(&Expectation::Invalid) => None,
        Outcome::BothReject => Some("rejected by python-ast, which stands in for CPython".to_owned()),
        Outcome::OracleRejects(_) => {
            let Answer::Rejected { message, .. } = answer else { return None };
            Some(format!("accepted, but {message}"))
        }
        Outcome::Different(_)
        | Outcome::FrontendRejects(_)
        | Outcome::Malformed(_)
        | Outcome::Panicked(_) => Some(format!("{word}: {detail}")),
    };
    match snippet.gap(candidate.name()) {
        // A wrong tree is never excused; and a gap that closes must not stay on the books.
        Some(_) if matches!(outcome, Outcome::Different(_)) => wrong,
        Some(_) if wrong.is_none() => Some("judged right: its parser's gap is closed".to_owned()),
        Some(_) => None,
        None if candidate.name() == "auto" && snippet.gap("python-ast").is_some() => None,
        None => wrong,
    }
}

fn text(snippet: &Snippet) -> String {
    format!("{:?}", String::from_utf8_lossy(&snippet.source))
}

fn report(failures: &[String], compared: usize) {
    let mut out = String::new();
    for it in failures.iter().take(SHOWN) {
        let _: std::fmt::Result = writeln!(out, "{it}");
    }
    assert!(failures.is_empty(), "{} of {compared} comparisons failed:\n{out}", failures.len());
}
