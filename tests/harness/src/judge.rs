//! What a frontend made of a source, against what CPython says.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use astkit::Frontends;
use astkit_ast::check::check;
use astkit_ast::{Frontend, LowerError, Lowered, Options, Severity, SourceText, dump, lower};
use astkit_cpython::CPythonFrontend;

use crate::difference::{Difference, first_difference};
use crate::oracle::{Answer, OraclePython};

/// How a frontend's result compares with the oracle's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Both accept the source, and the trees are equal to the byte, positions included.
    Equal,
    /// Both accept it, and the trees differ; the frontend's side is the left one.
    Different(Difference),
    /// CPython accepts it, but the frontend found an error: its first message.
    FrontendRejects(String),
    /// CPython rejects it, and the frontend found nothing wrong: what CPython says.
    OracleRejects(String),
    /// Both found something wrong.
    BothReject,
    /// The tree breaks a rule of its schema.
    Malformed(String),
    /// The frontend panicked.
    Panicked(String),
    /// CPython gave up, so there is nothing to compare with.
    NotJudged,
}

impl Outcome {
    /// The word used in reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Different(_) => "different",
            Self::FrontendRejects(_) => "frontend-rejects",
            Self::OracleRejects(_) => "oracle-rejects",
            Self::BothReject => "both-reject",
            Self::Malformed(_) => "malformed",
            Self::Panicked(_) => "panicked",
            Self::NotJudged => "not-judged",
        }
    }

    /// Whether it breaks the promise that a frontend gives CPython's tree for whatever CPython accepts.
    pub fn is_failure(&self) -> bool {
        match self {
            Self::Different(_) | Self::FrontendRejects(_) | Self::Malformed(_) | Self::Panicked(_) => true,
            Self::Equal | Self::OracleRejects(_) | Self::BothReject | Self::NotJudged => false,
        }
    }

    /// What there is to say beyond the word.
    pub fn detail(&self) -> String {
        match self {
            Self::Different(it) => it.to_string(),
            Self::FrontendRejects(it)
            | Self::OracleRejects(it)
            | Self::Malformed(it)
            | Self::Panicked(it) => it.clone(),
            Self::Equal | Self::BothReject | Self::NotJudged => String::new(),
        }
    }
}

/// Compares a lowered file with the oracle's answer about the same bytes.
pub fn judge(lowered: &Lowered, source: &SourceText, answer: &Answer) -> Outcome {
    if let Some(violation) = check(lowered).first() {
        return Outcome::Malformed(violation.to_string());
    }
    let rejected = lowered.diagnostics.iter().find(|it| it.severity == Severity::Error);
    match (answer, rejected) {
        (Answer::GaveUp, _) => Outcome::NotJudged,
        (Answer::Rejected { .. }, Some(_)) => Outcome::BothReject,
        (Answer::Rejected { kind, message }, None) => Outcome::OracleRejects(format!("{kind}: {message}")),
        (Answer::Tree(_), Some(it)) => {
            let place = source.position(it.span.start);
            Outcome::FrontendRejects(format!("{}:{}: {}", place.line, place.col, it.message))
        }
        (Answer::Tree(theirs), None) => match first_difference(&dump::json(lowered, source, true), theirs) {
            None => Outcome::Equal,
            Some(it) => Outcome::Different(it),
        },
    }
}

/// Something that lowers, under the name that reports give it: a frontend, or a choice between several.
pub struct Candidate {
    name: String,
    lower: Box<Lower>,
}

type Lower = dyn Fn(&SourceText, &Options) -> Result<Lowered, LowerError> + Send + Sync;

impl Candidate {
    /// A frontend under its own name.
    pub fn frontend(frontend: Arc<dyn Frontend>) -> Self {
        let name = frontend.id().name.into_owned();
        Self::new(name, move |source, options| lower(&*frontend, source, options))
    }

    /// Any function that lowers.
    pub fn new(
        name: impl Into<String>,
        lower: impl Fn(&SourceText, &Options) -> Result<Lowered, LowerError> + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), lower: Box::new(lower) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Lowers a source.
    ///
    /// # Errors
    /// [`LowerError`] if the frontend can't work at all.
    pub fn lower(&self, source: &SourceText, options: &Options) -> Result<Lowered, LowerError> {
        (self.lower)(source, options)
    }
}

/// The frontends of the face; `cpython` with this interpreter if one is given, else with the one that it finds.
///
/// # Errors
/// [`LowerError`] if the interpreter can't be a frontend.
pub fn registry(python: Option<&OraclePython>) -> Result<Frontends, LowerError> {
    let mut frontends = Frontends::standard();
    if let Some(python) = python {
        frontends.add(Arc::new(CPythonFrontend::new(Some(&python.executable))?));
    }
    Ok(frontends)
}

/// The frontends of a registry that read Python, and `auto` if it has any to choose from.
pub fn candidates(frontends: Frontends) -> Vec<Candidate> {
    let frontends = Arc::new(frontends);
    let names: Vec<_> = frontends.names().into_iter().filter(|it| frontends.claims(it, "py")).collect();
    if names == ["auto"] {
        return Vec::new();
    }
    let candidate = |name: String| {
        let frontends = Arc::clone(&frontends);
        Candidate::new(name.clone(), move |source, options| {
            frontends.lower(&name, "file.py", source, options)
        })
    };
    names.into_iter().map(candidate).collect()
}

/// Lowers a file's bytes and [judges](judge) the result; a panic is an outcome, too.
///
/// # Errors
/// [`LowerError`] if the frontend can't work at all.
pub fn lower_and_judge(
    candidate: &Candidate,
    bytes: &[u8],
    options: &Options,
    answer: &Answer,
) -> Result<(Outcome, Option<Lowered>), LowerError> {
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        let source = SourceText::decode(bytes);
        let lowered = candidate.lower(&source, options)?;
        Ok((judge(&lowered, &source, answer), Some(lowered)))
    }));
    attempt.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        Ok((Outcome::Panicked(text.unwrap_or("no message").to_owned()), None))
    })
}
