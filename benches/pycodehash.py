#!/usr/bin/env python3
"""What a hash of a function costs with astkit and with pycodehash 0.7, on the same packages in the same run.

    cargo build --release && python3 benches/pycodehash.py [--functions N] [--rounds N] [--astkit EXE] [--python PYTHON]

The functions are those at the top of the modules of some packages from PyPI, in the versions below: pycodehash is asked for
one after the other, in random order, until it has hashed N of them; what it fails on is counted by reason. astkit
hashes all definitions of a package, at level `deep`, with one thread and without anything remembered. Both are installed
in a folder of their own, in the user's cache folder (--folder). pycodehash 0.7 works with no later Python than 3.11. Times
are CPU time, user and system, child processes included, as both start some or are one; what starting Python and importing
the modules costs is left out, what starting astkit costs is not. A ratio is that of one
function to the mean definition; what a whole package costs pycodehash is in that of the function it asked for first, so the
ratio of all functions together is printed, too. Accuracy on edits and mutants: `tests/hash/measure.py pycodehash`.
"""

import argparse
import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys

PACKAGES = {
    "humanize": "humanize==4.11.0",
    "natsort": "natsort==8.4.0",
    "toolz": "toolz==1.0.0",
    "wcwidth": "wcwidth==0.2.13",
    "webcolors": "webcolors==24.11.1",
}
REQUIREMENT = "pycodehash==0.7.0"
ROOT = pathlib.Path(__file__).resolve().parent.parent

THEIRS = """
import importlib, inspect, json, pkgutil, random, resource, sys

def cpu():
    used = [resource.getrusage(it) for it in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(it.ru_utime + it.ru_stime for it in used)

def functions(package):
    found = importlib.import_module(package)
    for it in [found, *pkgutil.walk_packages(found.__path__, package + ".")]:
        try:
            module = it if it is found else importlib.import_module(it.name)
        except Exception:
            continue
        for name, value in vars(module).items():
            if inspect.isfunction(value) and (value.__module__, value.__name__) == (module.__name__, name):
                yield package, value

folder, wanted, packages = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
sys.path.insert(0, folder)
from pycodehash import FunctionHasher
asked = [it for package in packages for it in functions(package)]
random.Random(1).shuffle(asked)
hashers, done = {}, 0
for package, function in asked:
    started = cpu()
    try:
        hashers.setdefault(package, FunctionHasher()).hash_func(function)
        failed = ""
    except BaseException as error:
        failed = f"{type(error).__name__}: {error}".splitlines()[0]
    print(json.dumps([cpu() - started, failed]), flush=True)
    done += not failed
    if done == wanted:
        break
"""


def environment(folder, python):
    """A Python that has pycodehash, and a folder with the packages, made if they are not there."""
    found = folder / "pycodehash" / "bin" / "python"
    if not found.exists():
        subprocess.run([python, "-m", "venv", folder / "pycodehash"], check=True)
        subprocess.run([found, "-m", "pip", "install", "-q", REQUIREMENT], check=True)
    packages = folder / "pycodehash-packages"
    if not packages.exists():
        target = ["--no-deps", "--target", packages, *PACKAGES.values()]
        subprocess.run([found, "-m", "pip", "install", "-q", *target], check=True)
    return found, packages


def ours(astkit, folders):
    """CPU seconds of one run, and how many definitions it hashed."""
    command = [astkit, "hash", "-q", "-j", "1", "--no-cache", "--isolated", "--level", "deep", *folders]
    before = os.times()
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    after = os.times()
    took = after.children_user - before.children_user + after.children_system - before.children_system
    return took, len(run.stdout.splitlines())


def main():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--astkit", type=pathlib.Path, default=ROOT / "target" / "release" / "astkit")
    parser.add_argument("--python", default="python3.11")
    parser.add_argument("--folder", type=pathlib.Path, default=cache / "astkit-bench")
    options = parser.parse_args()
    python, packages = environment(options.folder, options.python)
    # It calls ruff by name.
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    command = [python, "-c", THEIRS, packages, str(options.functions), *PACKAGES]
    run = subprocess.run(command, capture_output=True, text=True, cwd=packages, env={**os.environ, "PATH": path})
    if run.returncode:
        sys.exit(run.stderr)
    theirs = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("[")]
    done = [seconds for seconds, failed in theirs if not failed]
    folders = [str(packages / package) for package in PACKAGES]
    rounds = [ours(str(options.astkit.resolve()), folders) for _ in range(options.rounds)]
    count = rounds[0][1]
    each = statistics.median(seconds for seconds, _ in rounds) / count
    failed = collections.Counter(reason for _, reason in theirs if reason)
    for reason, times in failed.most_common():
        print(f"failed {times:3}:    {reason[:100]}")
    shown = [seconds * 1e3 for seconds in done]
    print(f"pycodehash 0.7: {len(done)} of {len(theirs)} functions, {sum(shown) / len(shown):,.1f} ms each, ", end="")
    print(f"median {statistics.median(shown):,.1f} ({min(shown):,.1f} to {max(shown):,.1f})")
    print(f"astkit:         {count} definitions, {each * 1e6:.1f} µs each")
    ratios = [seconds / each for seconds in done]
    print(f"ratio:          {sum(ratios) / len(ratios):,.0f} for all, ", end="")
    print(f"median {statistics.median(ratios):,.0f} ({min(ratios):,.0f} to {max(ratios):,.0f})")


if __name__ == "__main__":
    main()
