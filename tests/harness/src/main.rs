//! The conformance run: frontends against CPython over many files.
//!
//! `cargo xtask conformance` builds it with optimizations and passes its arguments on. Without `--files` the list comes
//! from `tests/corpus/list_files.py`: the standard libraries of this machine and the packages that `fetch.py` unpacked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use astkit::{Options, PythonVersion};
use astkit_harness::conformance::{self, CorpusFile, Report};
use astkit_harness::recovery::{Share, recovery};
use astkit_harness::{Candidate, MutationKind, OraclePython, candidates, registry, tests_folder};

const USAGE: &str = "\
cargo xtask conformance [OPTION...]
    --frontend NAME    only this frontend, repeatable (default: all, and auto)
    --files LIST       the files: KEY<tab>PATH or PATH, one a line (default: tests/corpus/list_files.py)
    --sample N         only N files of the default list
    --seed TEXT        which sample
    --only PART        only `stdlib` or `packages` of the default list
    --python EXE       the oracle (default: $ASTKIT_ORACLE, or the first CPython 3.13 or later that is found)
    --jobs N           how many workers (default: one per processor)
    --broken N         instead: damage each file N times and count the definitions that survive
    --verbose          also print what CPython rejects and a frontend takes
Exit code: 0 every difference is on the allow-list, 1 some are not, 2 bad use or no oracle.";

/// Files that the tree-sitter grammar can't parse, with their reasons.
const ALLOWED: &str = "corpus/tree-sitter-allowed.txt";

#[derive(Default)]
struct Arguments {
    frontends: Vec<String>,
    files: Option<PathBuf>,
    list: Vec<String>,
    python: Option<PathBuf>,
    jobs: Option<usize>,
    broken: Option<usize>,
    verbose: bool,
}

#[expect(clippy::print_stderr, reason = "a command-line program")]
fn main() -> ExitCode {
    if std::env::args().any(|it| it == "--help") {
        eprintln!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match arguments().and_then(|it| run(&it)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("conformance: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<Arguments> {
    let mut out = Arguments::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("`{word}` needs a value\n{USAGE}"));
        match word.as_str() {
            "--frontend" => out.frontends.push(value()?),
            "--files" => out.files = Some(value()?.into()),
            "--python" => out.python = Some(value()?.into()),
            "--jobs" => out.jobs = Some(value()?.parse().context("`--jobs` needs a number")?),
            "--broken" => out.broken = Some(value()?.parse().context("`--broken` needs a number")?),
            "--sample" | "--seed" | "--only" => {
                let value = value()?;
                out.list.extend([word, value]);
            }
            "--verbose" => out.verbose = true,
            _ => bail!("unknown argument `{word}`\n{USAGE}"),
        }
    }
    Ok(out)
}

/// Runs and reports; false if some file differs that may not.
fn run(arguments: &Arguments) -> Result<bool> {
    let python = match &arguments.python {
        Some(named) => OraclePython::at(named.clone())?,
        None => OraclePython::find()?,
    };
    let files = files(arguments, &python)?;
    if files.is_empty() {
        bail!("there are no files: run tests/corpus/fetch.py, or pass --files");
    }
    let candidates = chosen(&arguments.frontends, &python)?;
    let options = Options { python: PythonVersion { major: 3, minor: python.version.1 } };
    if let Some(edits) = arguments.broken {
        return damage(&files, &candidates, &options, edits);
    }
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let started = Instant::now();
    let total = files.len();
    let progress = |done: usize| show_progress(done, total, started);
    let jobs = arguments.jobs.unwrap_or(processors);
    let reports = conformance::run(&files, &candidates, &python, &options, jobs, &progress)?;
    let allowed = conformance::read_allowed(&tests_folder().join(ALLOWED))?;
    let keys: BTreeSet<&str> = files.iter().map(|it| it.key.as_str()).collect();
    let mut good = true;
    for report in &reports {
        // The other frontends have no excuse.
        let allowed = if report.frontend == "tree-sitter" { allowed.clone() } else { BTreeMap::new() };
        good &= show(report, &allowed, &keys, arguments.verbose);
    }
    Ok(good)
}

fn files(arguments: &Arguments, python: &OraclePython) -> Result<Vec<CorpusFile>> {
    if let Some(list) = &arguments.files {
        return Ok(conformance::read_list(list)?);
    }
    let script = tests_folder().join("corpus").join("list_files.py");
    let output = Command::new(&python.executable)
        .arg(&script)
        .arg("--keys")
        .args(&arguments.list)
        .output()
        .context("starting list_files.py")?;
    let list = String::from_utf8(output.stdout).context("a path that is not UTF-8")?;
    Ok(conformance::parse_list(&list))
}

/// The frontends asked for, or all; `auto` is one of them.
fn chosen(names: &[String], python: &OraclePython) -> Result<Vec<Candidate>> {
    let frontends = registry(Some(python))?;
    for name in names {
        frontends.check(name)?;
    }
    let mut out = candidates(frontends);
    out.retain(|it| names.is_empty() || names.iter().any(|name| name == it.name()));
    if out.is_empty() {
        bail!("this build has no such frontend of Python");
    }
    Ok(out)
}

/// Damages every file and prints which share of the untouched definitions is kept.
fn damage(files: &[CorpusFile], candidates: &[Candidate], options: &Options, edits: usize) -> Result<bool> {
    // The oracle has no recovery: a broken file is one error to it.
    for candidate in candidates.iter().filter(|it| it.name() != "cpython") {
        let mut kinds: BTreeMap<MutationKind, Share> = BTreeMap::new();
        for (seed, file) in (0..).zip(files) {
            let bytes = std::fs::read(&file.path).with_context(|| file.key.clone())?;
            for (kind, share) in recovery(candidate, &bytes, options, seed, edits)? {
                kinds.entry(kind).or_default().add(share);
            }
        }
        let mut total = Share::default();
        for (kind, share) in &kinds {
            total.add(*share);
            show_share(candidate.name(), kind.as_str(), share);
        }
        show_share(candidate.name(), "all", &total);
    }
    Ok(true)
}

#[expect(clippy::print_stdout, reason = "a command-line program")]
fn show_share(candidate: &str, kind: &str, share: &Share) {
    let Share { edits, wrecked, untouched, kept } = share;
    println!(
        "{candidate:12} {kind:12} {:5.1} % kept ({kept} of {untouched}), {wrecked} of {edits} files lost most",
        share.percent()
    );
}

#[expect(clippy::print_stderr, reason = "a command-line program")]
fn show_progress(done: usize, total: usize, started: Instant) {
    // A line now and then, so that a log of the run stays readable.
    if done.is_multiple_of(1_000) || done == total {
        eprintln!("{done} of {total} files, {:.0} s", started.elapsed().as_secs_f64());
    }
}

/// Prints one frontend's report; false if it has failures that are not allowed.
#[expect(clippy::print_stdout, reason = "a command-line program")]
fn show(report: &Report, allowed: &BTreeMap<String, String>, keys: &BTreeSet<&str>, verbose: bool) -> bool {
    println!("{report}");
    for (key, outcome) in &report.findings {
        let state = match (outcome.is_failure(), allowed.get(key)) {
            (false, _) if !verbose => continue,
            (false, _) => "",
            (true, None) => "",
            (true, Some(_)) => " (allowed)",
        };
        println!("    {}{state} {key}: {}", outcome.as_str(), outcome.detail());
    }
    let failing: BTreeSet<&str> =
        report.findings.iter().filter(|it| it.1.is_failure()).map(|it| it.0.as_str()).collect();
    for key in allowed.keys().filter(|it| keys.contains(it.as_str()) && !failing.contains(it.as_str())) {
        println!("    no longer needed on the allow-list: {key}");
    }
    report.failures(allowed).next().is_none()
}
