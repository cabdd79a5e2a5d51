//! What both in-process frontends find whole has one tree; and unparsing it gives an equal one.

#![no_main]

use astkit_harness::properties::{agree, lower_any, round_trip};
use astkit_python_ast::PythonAst;
use astkit_tree_sitter::TreeSitterPython;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (source, first) = lower_any(&PythonAst, bytes).expect("python-ast");
    let (_, second) = lower_any(&TreeSitterPython, bytes).expect("tree-sitter");
    if let Err(why) = agree((&source, &first), &second) {
        panic!("{why}");
    }
    if let Err(why) = round_trip(&PythonAst, &source, &first) {
        panic!("{why}");
    }
});
