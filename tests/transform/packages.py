"""Packages from PyPI still pass their own tests after `astkit transform`.

    tests/transform/packages.py [--astkit EXE] [--python EXE] [--only NAME,...] [PIPELINE...]

Fetches source packages, pinned by version, with pip; installs them with what their tests need into a virtual environment
under `target/transform`; runs their tests; then transforms a copy of their code with each pipeline and runs the tests on
that. Every test must end as it did before. Without PIPELINE: all transformations one by one, and all together. Needs
Python 3.10 or later.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
import xml.etree.ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "target" / "transform"

# Name and version, folder of the code, tests, what the tests need.
PACKAGES = {
    "more-itertools": ("10.5.0", "more_itertools", ["tests"], []),
    "toolz": ("1.0.0", ".", ["toolz", "tlz"], []),
    "pyparsing": ("3.1.4", "pyparsing", ["tests"], ["railroad-diagrams==3.0.1", "jinja2==3.1.4"]),
    "packaging": ("24.1", "src", ["tests"], ["pretend==1.0.9"]),
    "click": ("8.1.7", "src", ["tests"], []),
    "black": ("24.8.0", "src", ["tests"], ["aiohttp==3.10.5", "parameterized==0.9.0"]),
    "jinja2": ("3.1.4", "src", ["tests"], ["trio==0.26.2"]),
}

FACTS = "python-version={version},platform=linux,os-name=posix,implementation=cpython,type-checking=false"
PIPELINES = [
    "expand-wildcards",
    f"dead-code<{FACTS}>",
    "fold-constants",
    "rename-locals",
    "strip-hints",
    "strip-docstrings",
    "undataclass",
    f"expand-wildcards,undataclass,repeat<8>(fold-constants,dead-code<{FACTS}>),rename-locals",
]

# Tests that read, from another file, what a transformation says that it takes away.
EXPECTED = {"strip-docstrings": ["test_tlz"]}


def run(*command, **options):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)


def must(*command, **options):
    done = run(*command, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")
    return done


def environment(python):
    """A virtual environment with pytest."""
    home = HOME / "venv"
    if not (home / "bin" / "python").exists():
        must(python, "-m", "venv", home)
        must(home / "bin" / "python", "-m", "pip", "install", "-q", "pytest==8.3.3")
    return home / "bin" / "python"


def fetched(python, name, version, needs):
    """The unpacked source package, installed beside."""
    folder = HOME / f"{name}-{version}"
    if not folder.exists():
        must(python, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", f"{name}=={version}", "-d", HOME)
        archive = next(it for it in HOME.glob("*.tar.gz") if it.name.lower().replace("_", "-").startswith(f"{name}-{version}"))
        partial = HOME / f"{name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        with tarfile.open(archive) as it:
            it.extractall(partial, filter="data")
        must(python, "-m", "pip", "install", "-q", archive, *needs)
        next(partial.iterdir()).rename(folder)
        partial.rmdir()
    return folder


def tested(python, folder, code, tests):
    """How each test ends."""
    report = folder / "astkit-report.xml"
    report.unlink(missing_ok=True)
    paths = os.pathsep.join(str(it) for it in [folder / code if code in ("src", ".") else folder, folder])
    variables = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
    done = run(*command, cwd=folder, env=variables, timeout=570)
    if not report.exists():
        return {"tests can't be run": done.stdout[-2000:] + done.stderr[-2000:]}
    out = {}
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        bad = [it.tag for it in case if it.tag in ("failure", "error", "skipped")]
        out[f"{case.get('classname')}::{case.get('name')}"] = bad[0] if bad else "passed"
    return out


def code_files(folder, code):
    top = folder / code
    skipped = ("tests", "test", "docs", "examples", "build")
    return [it for it in sorted(top.rglob("*.py")) if not set(skipped) & set(it.relative_to(folder).parts[:-1])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--astkit", default=ROOT / "target" / "debug" / "astkit")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--only", default=",".join(PACKAGES))
    parser.add_argument("pipelines", nargs="*")
    arguments = parser.parse_args()
    HOME.mkdir(parents=True, exist_ok=True)
    python = environment(arguments.python)
    version = must(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").stdout.strip()
    failed = 0
    for name in arguments.only.split(","):
        number, code, tests, needs = PACKAGES[name]
        original = fetched(python, name, number, needs)
        before = tested(python, original, code, tests)
        passed = sum(it == "passed" for it in before.values())
        print(f"{name} {number}: {passed} of {len(before)} tests pass", flush=True)
        for pipeline in arguments.pipelines or PIPELINES:
            pipeline = pipeline.replace("{version}", version)
            short = pipeline.split("<")[0]
            changed = HOME / "changed" / name
            shutil.rmtree(changed, ignore_errors=True)
            shutil.copytree(original, changed)
            started = time.monotonic()
            roots = ["--root", changed / code if code in ("src", ".") else changed, "--python", python]
            done = run(
                arguments.astkit, "transform", "--write", "--no-cache", *roots, pipeline, *code_files(changed, code)
            )
            seconds = time.monotonic() - started
            if done.returncode:
                print(f"  {pipeline}: exit code {done.returncode}\n{done.stderr[:2000]}")
                failed += 1
                continue
            after = tested(python, changed, code, tests)
            different = {it: (before.get(it), after.get(it)) for it in {**before, **after} if before.get(it) != after.get(it)}
            words = EXPECTED.get(pipeline, [])
            known = [it for it in different if any(word in it.lower() for word in words)]
            unknown = {it: how for it, how in different.items() if it not in known}
            said = done.stderr.strip().splitlines()
            print(
                f"  {short if pipeline.count('>') < 2 else 'all'}: {said[-1] if said else ''}, {seconds:.1f} s;"
                f" {len(unknown)} tests end differently"
                + (f", {len(known)} that look at what was taken" if known else ""),
                flush=True,
            )
            for it, how in list(unknown.items())[:10]:
                print(f"    {it}: {how}")
            failed += bool(unknown)
    sys.exit(bool(failed))


main()
