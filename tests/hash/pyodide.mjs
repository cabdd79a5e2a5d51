#!/usr/bin/env node
// CPython compiled to WebAssembly, as an interpreter for tests: for versions that no machine at hand has.
//
//     npm install --prefix target/pyodide pyodide@314
//     ASTKIT_TEST_PYTHONS=tests/hash/pyodide.mjs cargo test -p astkit --test hash_rules
//
// Takes `-I -W ignore -c CODE` and standard input, as the proofs of the rules do, and ends as Python would.

import { readFileSync, writeSync } from "node:fs";

const folder = process.env.ASTKIT_TEST_PYODIDE ?? new URL("../../target/pyodide/node_modules/pyodide/", import.meta.url).pathname;
const { loadPyodide } = await import(`${folder}/pyodide.mjs`);
const input = readFileSync(0);
const code = process.argv[process.argv.indexOf("-c") + 1];
const python = await loadPyodide();
let at = 0;
python.setStdin({
  read(buffer) {
    const part = input.subarray(at, at + buffer.length);
    buffer.set(part);
    at += part.length;
    return part.length;
  },
});
for (const [stream, set] of [[1, "setStdout"], [2, "setStderr"]]) {
  python[set]({ write: (buffer) => writeSync(stream, buffer) });
}
python.globals.set("code", code);
process.exitCode = python.runPython(`
import sys, traceback, warnings
warnings.simplefilter("ignore")
status = 0
try:
    exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
except SystemExit as exit:
    status = exit.code or 0
except BaseException:
    traceback.print_exc()
    status = 1
sys.stdout.flush()
sys.stderr.flush()
status
`);
