#!/usr/bin/env python3
"""Measures `astkit hash` on real packages: what must not change a hash, and what must.

    tests/hash/measure.py neutral  --astkit target/release/astkit --corpus DIR [--files N] [--kinds A,B]
    tests/hash/measure.py mutants  --astkit ... --corpus DIR [--files N]
    tests/hash/measure.py pins     --astkit ... --corpus DIR [--files N]
    tests/hash/measure.py projects --astkit ... [--rounds N]
    tests/hash/measure.py pycodehash --astkit ... --python PYTHON_WITH_PYCODEHASH --stdlib FOLDER [--files N]

Needs Python 3.12 with the tools of tests/hash/requirements.txt. Prints a table; `-v` prints each failure.
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))


def hashes(astkit, folder, level, *more):
    """The hash of every definition of a folder, by path and qualified name."""
    command = [astkit, "hash", "--level", level, "--json", "-q", "--no-ignore", "--isolated", *RULES, *more, "."]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"{command} in {folder}: {run.stderr}")
    out = {}
    for line in run.stdout.splitlines():
        record = json.loads(line)
        if record["type"] == "definition":
            out[record["path"], record["qualname"]] = record["hash"]
    return out


#: How the rules are switched in all runs.
RULES = []


def sample(corpus, count, seed, largest=60_000):
    """Some files of the corpus, each package with its share; tests of parsers with odd syntax are left out."""
    random.seed(seed)
    packages = sorted(it for it in pathlib.Path(corpus).iterdir() if it.is_dir())
    out = []
    while len(out) < count:
        package = random.choice(packages)
        files = FILES.setdefault(package, sorted(package.rglob("*.py")))
        if not files:
            continue
        path = random.choice(files)
        if 400 < path.stat().st_size < largest and path not in out and "lib2to3" not in str(path):
            try:
                text = path.read_text(encoding="utf-8")
                compile(text, str(path), "exec", dont_inherit=True)
            except (SyntaxError, UnicodeDecodeError, ValueError):
                continue
            out.append(path)
    return out


FILES = {}


def neutral(options):
    from neutral import KINDS

    kinds = options.kinds.split(",") if options.kinds else list(KINDS)
    files = sample(options.corpus, options.files, options.seed)
    total = collections.Counter()
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        for kind in ["base", *kinds]:
            (work / kind).mkdir()
        texts = {}
        for number, path in enumerate(files):
            texts[f"m{number}.py"] = path.read_text(encoding="utf-8")
        sources = {f"m{number}.py": path for number, path in enumerate(files)}
        for name, text in texts.items():
            (work / "base" / name).write_text(text, encoding="utf-8", newline="")
        levels = options.levels.split(",")
        before = {level: hashes(options.astkit, work / "base", level) for level in ["exact", *levels]}
        print(f"{'kind':14} {'files':>6} {'cases':>7} " + " ".join(f"{it + ' changed':>18}" for it in levels))
        for kind in kinds:
            edited = 0
            for name, text in texts.items():
                try:
                    new = KINDS[kind](text)
                    compile(new, name, "exec", dont_inherit=True)
                except Exception as error:  # The tool's own failure says nothing about hashes.
                    if options.verbose:
                        print(f"  {kind} fails on {sources[name]}: {type(error).__name__}", file=sys.stderr)
                    continue
                if new != text:
                    (work / kind / name).write_text(new, encoding="utf-8", newline="")
                    edited += 1
            after = {level: hashes(options.astkit, work / kind, level) for level in ["exact", *levels]}
            cases = [it for it, hash in after["exact"].items() if before["exact"].get(it) != hash]
            cases = [it for it in cases if it in before["exact"]]
            changed = {level: [it for it in cases if before[level][it] != after[level][it]] for level in levels}
            total["cases"] += len(cases)
            for level in levels:
                total[level] += len(changed[level])
                if options.verbose:
                    for path, qualname in changed[level][: options.verbose * 20]:
                        print(f"  {kind} {level}: {sources[path]}::{qualname}")
            counts = " ".join(f"{len(changed[it]):18}" for it in levels)
            print(f"{kind:14} {edited:6} {len(cases):7} {counts}", flush=True)
            if options.keep:
                target = pathlib.Path(options.keep)
                for name in texts:
                    for which in ["base", kind]:
                        if (work / which / name).exists():
                            (target / which).mkdir(parents=True, exist_ok=True)
                            (target / which / name).write_bytes((work / which / name).read_bytes())
        print(f"{'all':14} {'':6} {total['cases']:7} " + " ".join(f"{total[it]:18}" for it in levels))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["neutral", "mutants", "pins", "projects", "pycodehash"])
    parser.add_argument("--astkit", default="target/release/astkit")
    parser.add_argument("--corpus", default="target/corpus")
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds")
    parser.add_argument("--levels", default="semantic,deep")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--python", default="python3", help="an interpreter with pycodehash, its ruff on the path")
    parser.add_argument("--stdlib", help="the standard library that this interpreter imports")
    parser.add_argument("--rules", help="rules of the normal form, as `astkit hash --rules` takes them")
    parser.add_argument("--keep", help="a folder for the edited files")
    parser.add_argument("-v", "--verbose", action="count", default=0)
    options = parser.parse_args()
    RULES.extend(["--rules", options.rules] if options.rules else [])
    options.astkit = str(pathlib.Path(options.astkit).resolve())
    if options.what == "neutral":
        return neutral(options)
    if options.what == "mutants":
        from mutants import mutants

        return mutants(options, sample, hashes)
    if options.what == "pins":
        from pinned import pins

        return pins(options, sample, hashes)
    if options.what == "pycodehash":
        from against_pycodehash import against_pycodehash

        return against_pycodehash(options, hashes)
    from projects import projects

    return projects(options, hashes)


if __name__ == "__main__":
    sys.exit(main())
