//! Lowering next to the parser's own work: `cargo bench -p astkit-benches --bench lower`.
//!
//! Every line is one thread's CPU time per megabyte of source, dropping the result included. Options: the folder
//! that is read, in `ASTKIT_BENCH_CORPUS`, and the number of rounds as argument (default 5).

#![expect(clippy::cast_precision_loss, reason = "no figure here has more than a few digits")]

use std::hint::black_box;

use astkit_ast::{Frontend, Lowered, Options, SourceText, lower};
use astkit_benches::{Corpus, Measure, Table};
use astkit_python_ast::PythonAst;
use astkit_tree_sitter::TreeSitterPython;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use tree_sitter::{Language, Parser};

/// Size of the file that scaling starts from.
const SCALING_BASE: usize = 256 << 10;

const RUFF: &str = "ruff: parse";
const PYTHON_AST: &str = "python-ast: parse + lower + structural hash";
const TREE_SITTER_ITSELF: &str = "tree-sitter: parse";
const TREE_SITTER: &str = "tree-sitter: parse + lower + structural hash";

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
    print!("{}", rows(rounds, &sources, bytes));
    println!("\n{}", sizes("python-ast", &PythonAst, &sources));
    for times in [1, 4, 16] {
        let source = SourceText::from_text(&one_file(&sources, SCALING_BASE * times));
        let rows = rows(rounds, &[&source], source.len() as usize);
        println!("\none file, {:.1} MB\n{rows}", f64::from(source.len()) / 1e6);
    }
}

/// What each frontend takes, next to its parser.
fn rows(rounds: usize, sources: &[&SourceText], bytes: usize) -> String {
    let python_ast = Table::measure(rounds, beside_ruff(sources)).render(bytes, RUFF);
    let tree_sitter = Table::measure(rounds, beside_tree_sitter(sources)).render(bytes, TREE_SITTER_ITSELF);
    python_ast + &tree_sitter
}

fn beside_ruff<'a>(sources: &'a [&'a SourceText]) -> Vec<Measure<'a>> {
    let itself = move || {
        for source in sources {
            black_box(parse_unchecked(source.text(), ParseOptions::from(Mode::Module)));
        }
    };
    vec![Measure::new(RUFF, itself), Measure::new(PYTHON_AST, lowering(&PythonAst, sources))]
}

fn beside_tree_sitter<'a>(sources: &'a [&'a SourceText]) -> Vec<Measure<'a>> {
    let mut parser = Parser::new();
    parser
        .set_language(&Language::new(tree_sitter_python::LANGUAGE))
        .expect("the versions of library and grammar fit");
    let itself = move || {
        for source in sources {
            black_box(parser.parse(source.text(), None));
        }
    };
    vec![
        Measure::new(TREE_SITTER_ITSELF, itself),
        Measure::new(TREE_SITTER, lowering(&TreeSitterPython, sources)),
    ]
}

fn lowering<'a>(frontend: &'a dyn Frontend, sources: &'a [&'a SourceText]) -> impl FnMut() + 'a {
    move || {
        for source in sources {
            black_box(lowered(frontend, source));
        }
    }
}

fn lowered(frontend: &dyn Frontend, source: &SourceText) -> Lowered {
    let lowered =
        lower(frontend, source, &Options::default()).expect("frontends within the process always work");
    black_box(lowered.tree.hash());
    lowered
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
