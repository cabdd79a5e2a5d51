//! Lowering next to the parser's own work: `cargo bench -p astkit-benches --bench lower`.
//!
//! Every line is one thread's CPU time per megabyte of source, dropping the result included. Options: the folder
//! that is read, in `ASTKIT_BENCH_CORPUS`, and the number of rounds as argument (default 5).

#![expect(clippy::cast_precision_loss, reason = "no figure here has more than a few digits")]

use std::hint::black_box;

use astkit_ast::{Frontend, Lowered, Options, SourceText, lower};
use astkit_benches::{Corpus, Measure, Table};
use astkit_python_ast::PythonAst;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

/// Size of the file that scaling starts from.
const SCALING_BASE: usize = 256 << 10;

const RUFF: &str = "ruff: parse";
const PYTHON_AST: &str = "python-ast: parse + lower + structural hash";

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its result")]
fn main() {
    let rounds = std::env::args().skip(1).find_map(|it| it.parse().ok()).unwrap_or(5);
    let corpus = match Corpus::read() {
        Ok(corpus) => corpus,
        Err(error) => return eprintln!("nothing to measure: {error}"),
    };
    let bytes = corpus.size();
    println!("{} files, {:.1} MB, best of {rounds} rounds\n", corpus.files.len(), bytes as f64 / 1e6);
    let sources: Vec<&SourceText> = corpus.files.iter().map(|it| &it.source).collect();
    print!("{}", Table::measure(rounds, measures(&sources)).render(bytes, RUFF));
    println!("\n{}", sizes("python-ast", &PythonAst, &sources));
    for times in [1, 4, 16] {
        let source = SourceText::from_text(&one_file(&sources, SCALING_BASE * times));
        let sources = [&source];
        let table = Table::measure(rounds, measures(&sources));
        println!(
            "\none file, {:.1} MB\n{}",
            f64::from(source.len()) / 1e6,
            table.render(source.len() as usize, RUFF)
        );
    }
}

fn measures<'a>(sources: &'a [&'a SourceText]) -> Vec<Measure<'a>> {
    vec![
        Measure::new(RUFF, move || {
            for source in sources {
                black_box(parse_unchecked(source.text(), ParseOptions::from(Mode::Module)));
            }
        }),
        Measure::new(PYTHON_AST, move || {
            for source in sources {
                black_box(lowered(&PythonAst, source));
            }
        }),
    ]
}

fn lowered(frontend: &dyn Frontend, source: &SourceText) -> Lowered {
    lower(frontend, source, &Options::default()).expect("frontends within the process always work")
}

/// What a frontend's trees take, in bytes per byte of source and per node.
fn sizes(name: &str, frontend: &dyn Frontend, sources: &[&SourceText]) -> String {
    let (mut bytes, mut heap, mut nodes) = (0, 0, 0);
    for source in sources {
        let lowered = lowered(frontend, source);
        bytes += source.text().len();
        heap += lowered.heap_size();
        nodes += lowered.tree.node_count();
    }
    let (bytes, heap, nodes) = (bytes as f64, heap as f64, f64::from(nodes));
    format!(
        "{name}: {:.2} bytes of tree and spans per byte of source, {:.1} per node, {:.1} nodes per KB\n",
        heap / bytes,
        heap / nodes,
        nodes * 1e3 / bytes
    )
}

/// A text of `size` bytes or somewhat more: whole files of the corpus, one after the other.
fn one_file(sources: &[&SourceText], size: usize) -> String {
    let mut text = String::with_capacity(size);
    for source in sources.iter().cycle().filter(|it| !it.is_empty() && !it.has_bom()) {
        text.push_str(source.text());
        if !text.ends_with('\n') {
            text.push('\n');
        }
        if text.len() >= size {
            break;
        }
    }
    text
}
