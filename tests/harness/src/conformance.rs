//! Conformance runs: many files, some frontends, one oracle.
//!
//! Workers take file after file; each has its own CPython, which parses a file once, and then every frontend lowers it.
//! A file is known by its *key*, the package-relative name that `tests/corpus/list_files.py --keys` gives it; allow-lists
//! name files by key. The report is in the order of the files, whatever the number of workers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{fmt, io};

use astkit_ast::{LowerError, Options};

use crate::judge::{Candidate, Outcome, lower_and_judge};
use crate::oracle::{Answer, Oracle, OracleError, OraclePython};

/// One file of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CorpusFile {
    /// Its name on every machine.
    pub key: String,
    /// Where it is on this one.
    pub path: PathBuf,
}

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// A list or a file can't be read.
    #[error("`{0}` can't be read")]
    Unreadable(PathBuf, #[source] io::Error),
    /// No interpreter, or it broke down.
    #[error(transparent)]
    Oracle(#[from] OracleError),
    /// A frontend can't work.
    #[error(transparent)]
    Frontend(#[from] LowerError),
}

/// What one frontend made of all files.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The frontend's name.
    pub frontend: String,
    /// How many files had each outcome.
    pub counts: BTreeMap<&'static str, usize>,
    /// What is not equal and not rejected by both, in the order of the files.
    pub findings: Vec<(String, Outcome)>,
    /// How often each named repair was needed: sites and files.
    pub repairs: BTreeMap<&'static str, (u64, u64)>,
}

impl Report {
    /// The files that break the promise and are not on the allow-list.
    pub fn failures<'a>(
        &'a self,
        allowed: &'a BTreeMap<String, String>,
    ) -> impl Iterator<Item = &'a (String, Outcome)> {
        self.findings.iter().filter(|(key, it)| it.is_failure() && !allowed.contains_key(key))
    }

    fn add(&mut self, key: &str, outcome: Outcome, repairs: &[(&'static str, u32)]) {
        *self.counts.entry(outcome.as_str()).or_default() += 1;
        for (name, sites) in repairs {
            let entry = self.repairs.entry(name).or_default();
            *entry = (entry.0 + u64::from(*sites), entry.1 + 1);
        }
        if outcome.is_failure() || matches!(outcome, Outcome::OracleRejects(_)) {
            self.findings.push((key.to_owned(), outcome));
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: usize = self.counts.values().sum();
        write!(f, "{}: {total} files", self.frontend)?;
        for (outcome, count) in &self.counts {
            write!(f, ", {count} {outcome}")?;
        }
        for (name, (sites, files)) in &self.repairs {
            write!(f, "\n    repair {name}: {sites} sites in {files} files")?;
        }
        Ok(())
    }
}

/// Reads a file with a [list](parse_list) of files.
///
/// # Errors
/// [`RunError::Unreadable`] if the list can't be read.
pub fn read_list(path: &Path) -> Result<Vec<CorpusFile>, RunError> {
    let text = std::fs::read_to_string(path).map_err(|it| RunError::Unreadable(path.to_owned(), it))?;
    Ok(parse_list(&text))
}

/// The files of a list: `KEY<tab>PATH`, or a path alone, one a line.
pub fn parse_list(list: &str) -> Vec<CorpusFile> {
    let file = |line: &str| {
        let (key, path) = line.split_once('\t').unwrap_or((line, line));
        CorpusFile { key: key.to_owned(), path: PathBuf::from(path) }
    };
    list.lines().filter(|it| !it.is_empty()).map(file).collect()
}

/// Reads an allow-list: `KEY<tab>REASON`, one a line; `#` begins a comment line.
///
/// # Errors
/// [`RunError::Unreadable`] if the list can't be read.
pub fn read_allowed(path: &Path) -> Result<BTreeMap<String, String>, RunError> {
    let text = std::fs::read_to_string(path).map_err(|it| RunError::Unreadable(path.to_owned(), it))?;
    let entries = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
    let entry = |line: &str| {
        let (key, reason) = line.split_once('\t').unwrap_or((line, ""));
        (key.to_owned(), reason.to_owned())
    };
    Ok(entries.map(entry).collect())
}

/// Runs the candidates over the files with `workers` threads; `progress` hears how many files are done.
///
/// # Errors
/// [`RunError`] if a file can't be read, the oracle breaks down twice over one file, or a frontend can't work.
pub fn run(
    files: &[CorpusFile],
    candidates: &[Candidate],
    python: &OraclePython,
    options: &Options,
    workers: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Report>, RunError> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Verdicts)>> = Mutex::new(Vec::with_capacity(files.len()));
    let failure: Mutex<Option<RunError>> = Mutex::new(None);
    let work = || -> Result<(), RunError> {
        let mut oracle = Oracle::start(python)?;
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(index) else { return Ok(()) };
            let verdicts = verdicts(file, candidates, options, &mut oracle, python)?;
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            results.push((index, verdicts));
            progress(results.len());
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..workers.max(1) {
            scope.spawn(|| {
                if let Err(error) = work() {
                    // The others find no more work and end.
                    next.store(files.len(), Ordering::Relaxed);
                    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                }
            });
        }
    });
    if let Some(error) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    Ok(collect(files, candidates, results))
}

/// Per frontend, the outcome and the repairs that were needed.
type Verdicts = Vec<(Outcome, Vec<(&'static str, u32)>)>;

fn verdicts(
    file: &CorpusFile,
    candidates: &[Candidate],
    options: &Options,
    oracle: &mut Oracle,
    python: &OraclePython,
) -> Result<Verdicts, RunError> {
    let bytes = std::fs::read(&file.path).map_err(|it| RunError::Unreadable(file.path.clone(), it))?;
    let answer = if let Ok(answer) = oracle.ask(&bytes) {
        answer
    } else {
        // One file must not end the run: CPython crashes on some that are nested too deeply.
        *oracle = Oracle::start(python)?;
        Answer::GaveUp
    };
    let mut out = Verdicts::with_capacity(candidates.len());
    for candidate in candidates {
        let (outcome, lowered) = lower_and_judge(candidate, &bytes, options, &answer)?;
        out.push((outcome, lowered.map(|it| it.repairs).unwrap_or_default()));
    }
    Ok(out)
}

fn collect(files: &[CorpusFile], candidates: &[Candidate], results: Vec<(usize, Verdicts)>) -> Vec<Report> {
    let report = |it: &Candidate| Report { frontend: it.name().to_owned(), ..Report::default() };
    let mut reports: Vec<_> = candidates.iter().map(report).collect();
    for (index, verdicts) in results {
        for (report, (outcome, repairs)) in reports.iter_mut().zip(verdicts) {
            report.add(&files[index].key, outcome, &repairs);
        }
    }
    reports
}
