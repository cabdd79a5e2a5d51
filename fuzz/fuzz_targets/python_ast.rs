//! Any bytes through the frontend `python-ast`.

#![no_main]

use astkit_harness::properties::lower_any;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(why) = lower_any(&astkit_python_ast::PythonAst, bytes) {
        panic!("{why}");
    }
});
