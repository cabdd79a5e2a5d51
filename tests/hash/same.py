#!/usr/bin/env python3
"""Whether the same code has the same hashes, however it is asked for.

    tests/hash/same.py --astkit ASTKIT [--files N] [--seed N] [--pythons PATH:PATH...] FOLDER...

Takes N Python files of the folders (the same for the same seed) that are texts of Python 3.8, so that every version and
frontend can read them, and compares the hashes at `semantic` and `deep` of a plain run with those of runs

- under `--python-version` 3.8 to 3.14,
- with every frontend (`cpython` with each interpreter of --pythons, whose packages are left out by `--deps name`),
- with 1, 2 and 7 threads,
- with the files in other orders,
- cold and warm, and warm under another order.

Prints a line for each run, and the first differences; ends with 1 if there are any.
"""

import argparse
import ast
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

BY_NAME = ["--deps", "name"]
VERSIONS = [f"3.{minor}" for minor in range(8, 15)]


def is_old(path):
    """Whether a file is a text of Python 3.8."""
    try:
        ast.parse(path.read_bytes(), feature_version=(3, 8))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def copied(folders, count, seed, work):
    """A folder with some of the folders' files, each at its place."""
    found = []
    for folder in map(pathlib.Path, folders):
        found += [(folder, it) for it in sorted(folder.rglob("*.py"))]
    random.Random(seed).shuffle(found)
    files = []
    for folder, path in found:
        if len(files) >= count:
            break
        if is_old(path):
            target = work / folder.name / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
            files.append(str(target.relative_to(work)))
    return sorted(files)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--astkit", default="astkit")
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pythons", default="", help="interpreters for the frontend `cpython`, as in PATH")
    parser.add_argument("folders", nargs="+")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work).resolve()
        files = copied(options.folders, options.files, options.seed, work)
        return compared(str(pathlib.Path(options.astkit).resolve()), files, options, work)


def compared(astkit, files, options, work):
    shuffled = files[:]
    random.Random(options.seed).shuffle(shuffled)
    cold = ["--no-cache"]
    runs = [(f"--python-version {it}", files, [*cold, "--python-version", it]) for it in VERSIONS]
    runs += [(f"--frontend {it}", files, [*cold, "--frontend", it]) for it in ("python-ast", "tree-sitter")]
    for python in filter(None, options.pythons.split(os.pathsep)):
        runs.append((f"cpython {python}", files, [*cold, *BY_NAME, "--frontend", "cpython", "--python", python]))
    runs += [(f"-j {it}", files, [*cold, "-j", it]) for it in ("1", "2", "7")]
    runs += [("backwards", files[::-1], cold), ("shuffled", shuffled, cold)]
    kept = ["--cache-dir", str(work / ".kept")]
    runs += [("cold", files, kept), ("warm", files, kept), ("warm, shuffled", shuffled, kept)]
    failures = 0
    for level in ("semantic", "deep"):

        def hashes(order, arguments, level=level):
            command = [astkit, "hash", "-q", "--level", level, *arguments, *order]
            run = subprocess.run(command, cwd=work, capture_output=True, text=True)
            if run.returncode not in (0, 1):
                sys.exit(f"{command[:9]}: {run.stderr[-2000:]}")
            return dict(reversed(line.split("  ", 1)) for line in run.stdout.splitlines())

        plain, by_name = hashes(files, cold), hashes(files, [*cold, *BY_NAME])
        for name, order, arguments in runs:
            found = hashes(order, arguments)
            expected = by_name if "--deps" in arguments else plain
            different = sorted(it for it in expected.keys() | found.keys() if expected.get(it) != found.get(it))
            print(f"{level:9} {name:40} {len(found):7} definitions, {len(different)} different", flush=True)
            for it in different[:3]:
                print(f"    {it}")
            failures += bool(different)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
