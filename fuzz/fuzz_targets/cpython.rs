//! Any bytes through the frontend `cpython`: the worker must survive them all.

#![no_main]

use std::sync::LazyLock;

use astkit_cpython::CPythonFrontend;
use astkit_harness::properties::lower_any;
use libfuzzer_sys::fuzz_target;

static CPYTHON: LazyLock<CPythonFrontend> =
    LazyLock::new(|| CPythonFrontend::new(None).expect("a Python in the path"));

fuzz_target!(|bytes: &[u8]| {
    if let Err(why) = lower_any(&*CPYTHON, bytes) {
        panic!("{why}");
    }
});
