"""The standard library's star imports, expanded: every module has the same names with the same kinds of values.

    tests/transform/wildcards.py [--astkit EXE] PYTHON...

Copies the standard library (without tests) of each interpreter to `target/transform`, expands what can be expanded there,
and imports every module that changed from both.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "target" / "transform"
SKIPPED = ("test", "tests", "idlelib", "tkinter", "turtledemo", "lib2to3", "site-packages", "ensurepip", "__pycache__")

NAMES = """
import importlib, json, sys
out = {}
for name in json.loads(sys.argv[1]):
    try:
        module = importlib.import_module(name)
    except Exception as error:
        out[name] = f"{type(error).__name__}: {error}"
        continue
    own = {key: type(value).__name__ for key, value in vars(module).items() if key != "__builtins__"}
    out[name] = own
print(json.dumps(out))
"""


def names(python, library, modules):
    variables = {**os.environ, "PYTHONPATH": str(library), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [python, "-X", "frozen_modules=off", "-c", NAMES, json.dumps(modules)]
    done = subprocess.run(command, capture_output=True, text=True, env=variables)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--astkit", default=ROOT / "target" / "debug" / "astkit")
    parser.add_argument("pythons", nargs="+", metavar="PYTHON")
    arguments = parser.parse_args()
    failed = False
    for python in arguments.pythons:
        command = [python, "-c", "import os, sys; print(os.path.dirname(os.__file__)); print('%d.%d' % sys.version_info[:2])"]
        library, version = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        copies = []
        for kind in ("before", "after"):
            copy = HOME / f"lib{version}-{kind}"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(library, copy, ignore=lambda _, found: [it for it in found if it in SKIPPED or it.endswith(".so")])
            copies.append(copy)
        before, after = copies
        star = re.compile(rb"^\s*from .* import \*", re.M)
        files = [it for it in sorted(after.rglob("*.py")) if star.search(it.read_bytes())]
        statements = sum(len(star.findall(it.read_bytes())) for it in files)
        command = [arguments.astkit, "transform", "expand-wildcards", "--write", "--no-cache", "--root", after, "--python", python]
        done = subprocess.run([*map(str, command), *map(str, files)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        left = sum(len(star.findall(it.read_bytes())) for it in files)
        modules = []
        for it in files:
            parts = it.relative_to(after).with_suffix("").parts
            modules.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        old, new = names(python, before, modules), names(python, after, modules)
        different = [it for it in modules if old[it] != new[it]]
        print(f"{version}: {len(files)} modules, {statements - left} of {statements} star imports expanded, {len(different)} differ")
        for it in done.stderr.splitlines():
            if it.startswith("warning"):
                print("  " + it.replace(str(after) + "/", ""))
        for it in different:
            print(f"  {it}: {set(map(str, old[it])) ^ set(map(str, new[it])) if isinstance(new[it], dict) else new[it]}")
        failed |= bool(different)
    sys.exit(failed)


main()
