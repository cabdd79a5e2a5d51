//! Any bytes through the frontend `tree-sitter`.

#![no_main]

use astkit_harness::properties::lower_any;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(why) = lower_any(&astkit_tree_sitter::TreeSitterPython, bytes) {
        panic!("{why}");
    }
});
