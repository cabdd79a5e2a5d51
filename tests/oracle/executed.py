"""Definition-use pairs of standard-library modules, as executed by their own tests.

`executed.py MODULE...` rewrites each module (see `trace`), puts it in the place of the real one, runs `test.test_MODULE`,
and prints `{"path", "pairs": [[line, column, line, column]...]}`. Tests that fail because of the rewriting do no harm.
"""
import importlib.util
import io
import json
import subprocess
import sys
import types
import unittest

from trace import rewritten, tracer


def executed(name):
    spec = importlib.util.find_spec(name)
    with open(spec.origin, encoding="utf-8") as file:
        source = file.read()
    pairs, note = tracer()
    module = types.ModuleType(name)
    module.__spec__, module.__file__, module.__note__ = spec, spec.origin, note
    if spec.submodule_search_locations:
        module.__path__ = spec.submodule_search_locations
    module.__package__ = spec.parent
    code = rewritten(source, spec.origin)
    sys.modules[name] = module
    exec(code, module.__dict__)
    try:
        suite = unittest.defaultTestLoader.loadTestsFromName(f"test.test_{name.replace('.', '_')}")
        result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
        ran = f"{result.testsRun} tests, {len(result.errors) + len(result.failures)} failed"
    except (Exception, SystemExit) as error:
        ran = repr(error)
    print(name, len(pairs), ran, file=sys.stderr)
    return {"path": spec.origin, "pairs": sorted([*before, *after] for before, after in pairs)}


if __name__ == "__main__":
    if len(sys.argv) == 2:
        stdout, sys.stdout = sys.stdout, io.StringIO()
        try:
            answer = executed(sys.argv[1])
        finally:
            sys.stdout = stdout
        print(json.dumps(answer), flush=True)
    else:
        # Each in a process of its own: a test must not meet the rewritten modules of another.
        for name in sys.argv[1:]:
            try:
                subprocess.run([sys.executable, __file__, name], timeout=120)
            except subprocess.TimeoutExpired:
                print(name, "takes too long", file=sys.stderr)
