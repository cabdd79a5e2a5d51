//! How long the analyses take over some files, one thread, beside parsing the same files with CPython's `ast`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use astkit_analysis::calls::{Module as CallModule, calls};
use astkit_analysis::{Environment, scopes};

use crate::compare::{Module, Report};

const PARSE: &str = "
import ast, sys, time, warnings
warnings.simplefilter('ignore')
texts = [open(it, 'rb').read() for it in sys.stdin.read().split('\\n') if it]
start = time.perf_counter()
for text in texts:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        pass
print(time.perf_counter() - start)
";

/// Measures; the report's note has the figures.
pub(crate) fn run(python: &str, files: &[PathBuf]) -> Result<Report> {
    let parsing = parse(python, files)?;
    let modules: Vec<Module> = files.iter().map(|it| Module::read(it)).collect::<Result<_>>()?;
    let mut steps: Vec<(&str, Duration)> = Vec::new();
    let options = scopes::Options::default();
    let mut timed = |name: &'static str, start: Instant| steps.push((name, start.elapsed()));

    let start = Instant::now();
    let scopes: Vec<_> = modules.iter().map(|it| scopes::scopes(&it.lowered.tree, &options)).collect();
    timed("scopes", start);
    let start = Instant::now();
    let pairs = modules.iter().zip(&scopes);
    let chains: Vec<_> =
        pairs.map(|(it, scopes)| astkit_analysis::def_use(&it.lowered.tree, scopes)).collect();
    timed("def-use", start);
    let start = Instant::now();
    let mut count = 0;
    for (module, scopes) in modules.iter().zip(&scopes) {
        let tree = &module.lowered.tree;
        count += astkit_analysis::imports(tree, scopes).len();
        count += astkit_analysis::literals(tree).len();
        count += astkit_analysis::signatures(tree, scopes).len();
        count += astkit_analysis::qualnames(scopes, &options).len();
        count += astkit_analysis::unreachable(tree, &Environment::default()).len();
    }
    timed("imports, literals, signatures, names, unreachable", start);
    let start = Instant::now();
    for ((module, scopes), chains) in modules.iter().zip(&scopes).zip(&chains) {
        let tree = &module.lowered.tree;
        let made = astkit_analysis::interface(tree, scopes, chains, false, &options, &Environment::default());
        count += made.classes.len();
    }
    timed("interfaces", start);
    let start = Instant::now();
    let names: Vec<String> = files.iter().map(|it| name(it)).collect();
    let known: Vec<CallModule<'_>> = (0..modules.len())
        .map(|at| CallModule {
            root: 0,
            name: &names[at],
            is_package: files[at].ends_with("__init__.py"),
            tree: &modules[at].lowered.tree,
            scopes: &scopes[at],
            chains: &chains[at],
        })
        .collect();
    let graph = calls(&known);
    timed("calls", start);
    let start = Instant::now();
    count += astkit_analysis::purity::purity(&known, &graph).len();
    timed("purity", start);
    let all: Duration = steps.iter().map(|it| it.1).sum();
    let ratio = all.as_secs_f64() / parsing;
    let steps: Vec<String> = steps.iter().map(|it| format!("{} {} ms", it.0, it.1.as_millis())).collect();
    let note = format!(
        "\nast.parse {:.0} ms; analyses {} ms, {ratio:.2} times that: {}; {} edges, {} unresolved",
        parsing * 1000.0,
        all.as_millis(),
        steps.join(", "),
        graph.edges.len(),
        graph.unresolved.len(),
    );
    Ok(Report { files: files.len(), answers: count, note, ..Report::default() })
}

/// The dotted name of a file below `lib/pythonX.Y`, or of the file alone.
fn name(file: &Path) -> String {
    let parts: Vec<String> =
        file.with_extension("").iter().map(|it| it.to_string_lossy().into_owned()).collect();
    let start = parts.iter().position(|it| it.starts_with("python3.")).map_or(parts.len() - 1, |it| it + 1);
    let name = parts[start..].join(".");
    name.strip_suffix(".__init__").unwrap_or(&name).to_owned()
}

fn parse(python: &str, files: &[PathBuf]) -> Result<f64> {
    use std::io::Write;
    let mut child = Command::new(python)
        .args(["-I", "-S", "-c", PARSE])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .with_context(|| python.to_owned())?;
    let paths: Vec<String> = files.iter().map(|it| it.display().to_string()).collect();
    child.stdin.take().context("a pipe")?.write_all(paths.join("\n").as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("{python} failed");
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}
