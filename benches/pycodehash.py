#!/usr/bin/env python3
"""What a hash of a function costs with astkit and with pycodehash 0.7, on the same functions in the same run.

    cargo build --release && python3 benches/pycodehash.py [--functions N] [--rounds N] [--astkit EXE] [--python PYTHON]

The functions are those at the top of some pure modules of the standard library of PYTHON (3.11: pycodehash 0.7 works with
nothing later), which pycodehash can import; N of them for it, as it takes its time, and all definitions of these
modules for astkit, at level `deep`, with one thread and without anything remembered. pycodehash is installed in a folder
of its own, in the user's cache folder (--folder). Times are CPU time, user and system, child processes included, as
both start some or are one; what starting Python and importing the modules costs is left out, what starting astkit
costs is not. Accuracy on edits and mutants of the same modules: `tests/hash/measure.py pycodehash`.
"""

import argparse
import ast
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

MODULES = "colorsys getopt fnmatch textwrap shlex string difflib gettext calendar bisect heapq copy reprlib".split()
REQUIREMENT = "pycodehash==0.7.0"
ROOT = pathlib.Path(__file__).resolve().parent.parent

THEIRS = """
import importlib, json, resource, sys, time

def cpu():
    used = [resource.getrusage(it) for it in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(it.ru_utime + it.ru_stime for it in used)

sys.path.insert(0, sys.argv[1])
from pycodehash import FunctionHasher
hashers, out = {}, []
for line in sys.stdin:
    module, name = line.split()
    function = getattr(importlib.import_module(f"copied_{module}.mod"), name)
    started = cpu()
    try:
        hashers.setdefault(module, FunctionHasher()).hash_func(function)
        failed = ""
    except BaseException as error:
        failed = f"{type(error).__name__}: {error}"
    out.append([cpu() - started, failed])
json.dump(out, sys.stdout)
"""


def environment(folder, python):
    """A Python that has pycodehash, made if it is not there."""
    found = folder / "pycodehash" / "bin" / "python"
    if not found.exists():
        subprocess.run([python, "-m", "venv", folder / "pycodehash"], check=True)
        subprocess.run([found, "-m", "pip", "install", "-q", REQUIREMENT], check=True)
    return found


def ours(astkit, folder):
    """CPU seconds of one run, and how many definitions it hashed."""
    command = [astkit, "hash", "-q", "-j", "1", "--no-cache", "--level", "deep", folder]
    before = os.times()
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    after = os.times()
    took = after.children_user - before.children_user + after.children_system - before.children_system
    return took, len(run.stdout.splitlines())


def main():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--astkit", default=ROOT / "target" / "release" / "astkit")
    parser.add_argument("--python", default="python3.11")
    parser.add_argument("--folder", type=pathlib.Path, default=cache / "astkit-bench")
    options = parser.parse_args()
    python = environment(options.folder, options.python)
    script = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    library = pathlib.Path(subprocess.run([python, "-c", script], capture_output=True, text=True, check=True).stdout.strip())
    with tempfile.TemporaryDirectory() as work:
        functions = []
        for module in MODULES:
            # A package each, as it copies the whole package of a function.
            package = pathlib.Path(work) / f"copied_{module}"
            package.mkdir()
            (package / "__init__.py").write_text("")
            shutil.copy(library / f"{module}.py", package / "mod.py")
            top = ast.parse((package / "mod.py").read_bytes()).body
            functions += [f"{module} {it.name}" for it in top if isinstance(it, ast.FunctionDef)]
        random.Random(1).shuffle(functions)
        asked = functions[: options.functions]
        # It calls ruff by name.
        path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
        run = subprocess.run(
            [python, "-c", THEIRS, work],
            input="\n".join(asked),
            capture_output=True,
            text=True,
            cwd=work,
            env={**os.environ, "PATH": path},
        )
        if run.returncode:
            sys.exit(run.stderr)
        theirs = json.loads(run.stdout)
        done = [seconds for seconds, failed in theirs if not failed]
        rounds = [ours(str(options.astkit), work) for _ in range(options.rounds)]
    each = statistics.median(seconds for seconds, _ in rounds) / rounds[0][1]
    their_each = sum(done) / max(1, len(done))
    for reason in sorted({failed for _, failed in theirs if failed}):
        print(f"failed: {reason[:100]}")
    print(f"pycodehash 0.7: {len(done)} functions, {their_each * 1e3:.1f} ms each ({len(theirs) - len(done)} failed)")
    print(f"astkit:         {rounds[0][1]} definitions, {each * 1e6:.1f} µs each")
    print(f"ratio:          {their_each / each:,.0f}")


if __name__ == "__main__":
    main()
