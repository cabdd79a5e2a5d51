#!/usr/bin/env python3
"""Fetches the pinned packages of the test corpus from PyPI and unpacks their Python files.

    fetch.py [--smoke | --only NAME ...] [--list] [--pin] [--python EXE]

Reads `packages.txt` beside this file: one `NAME==VERSION KIND SHA256 [smoke]` a line. Every archive comes through
`pip download` (no dependencies, nothing is installed), is checked against its sha256, and has its `.py`, `.pyi` and
`.pyw` files unpacked into `$ASTKIT_CORPUS/packages/NAME-VERSION` (default `target/corpus` in the repository). What is
already there with the right sum is left alone, so an interrupted run can be repeated.

Wheels are asked for one fixed platform (x86-64 Linux, CPython 3.13): the sums stay the same on every machine, and the
files are only read, never run. For a source distribution pip runs the package's build backend to learn its metadata.

`--pin` downloads lines whose SHA256 is `?` and prints them with their sum, to be pasted into `packages.txt`.
Exit code: 0 everything is in place, 1 some package failed (each is named), 2 bad use.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path, PurePosixPath

HERE = Path(__file__).resolve().parent
SUFFIXES = (".py", ".pyi", ".pyw")
# Wheels carry any of these tags; pip does not derive the older ones from the newest.
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")


class FetchError(Exception):
    """A package could not be put in place; the text says why and what to do."""


class Package:
    """One line of `packages.txt`."""

    def __init__(self, line, number):
        fields = line.split()
        if len(fields) not in (3, 4) or "==" not in fields[0] or fields[1] not in ("wheel", "sdist"):
            raise FetchError(f"packages.txt:{number}: expected `NAME==VERSION wheel|sdist SHA256 [smoke]`: {line!r}")
        self.name, self.version = fields[0].split("==", 1)
        self.kind, self.sha256 = fields[1], fields[2]
        self.smoke = fields[3:] == ["smoke"]

    @property
    def folder(self):
        return f"{self.name}-{self.version}"

    def __str__(self):
        return f"{self.name}=={self.version} {self.kind} {self.sha256}" + (" smoke" if self.smoke else "")


def corpus_folder():
    """Where the corpus lives: `$ASTKIT_CORPUS`, else `target/corpus` of this repository."""
    return Path(os.environ.get("ASTKIT_CORPUS") or HERE.parent.parent / "target" / "corpus")


def read_packages(path=HERE / "packages.txt"):
    packages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.partition("#")[0].strip()
        if line:
            packages.append(Package(line, number))
    return packages


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def download(package, into, python):
    """Has pip put the package's archive into `into`; returns its path."""
    command = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
    command += ["--dest", str(into), f"{package.name}=={package.version}"]
    if package.kind == "wheel":
        command += ["--only-binary", ":all:", "--implementation", "cp", "--python-version", "3.13.11"]
        for platform in PLATFORMS:
            command += ["--platform", platform]
    else:
        command += ["--no-binary", package.name, "--ignore-requires-python"]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if ended.returncode != 0:
        tail = "\n    ".join(ended.stdout.strip().splitlines()[-6:])
        raise FetchError(f"pip download ended with {ended.returncode}:\n    {tail}")
    archives = [path for path in into.iterdir() if path.is_file()]
    if len(archives) != 1:
        raise FetchError(f"pip download left {len(archives)} files instead of one")
    return archives[0]


def wanted(name):
    """The archive member's path below the package's folder, or None if it is not Python or would leave the folder."""
    path = PurePosixPath(name)
    if not name.endswith(SUFFIXES) or path.is_absolute() or ".." in path.parts:
        return None
    return path


def unpack(archive, into):
    """Writes the archive's Python files below `into`; returns how many."""
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as file:
            members = [(m.filename, m) for m in file.infolist() if not m.is_dir()]
            return write_members(members, file.open, into)
    with tarfile.open(archive) as file:
        return write_members([(m.name, m) for m in file if m.isfile()], file.extractfile, into)


def write_members(members, opener, into):
    count = 0
    for name, member in members:
        path = wanted(name)
        if path is None:
            continue
        target = into.joinpath(*path.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with opener(member) as source, open(target, "wb") as out:
            shutil.copyfileobj(source, out)
        count += 1
    return count


def fetch(package, corpus, python, pin):
    """Puts one package in place; returns what was done, for the progress line."""
    final = corpus / "packages" / package.folder
    stamp = final / ".sha256"
    if stamp.is_file() and stamp.read_text().strip() == package.sha256:
        return "in place"
    (corpus / "packages").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=str(corpus)) as scratch:
        archives, tree = Path(scratch, "archive"), Path(scratch, "tree")
        archives.mkdir()
        tree.mkdir()
        archive = download(package, archives, python)
        found = sha256_of(archive)
        if package.sha256 == "?" and pin:
            package.sha256 = found
        if found != package.sha256:
            raise FetchError(f"{archive.name} has sha256 {found}, packages.txt says {package.sha256}")
        count = unpack(archive, tree)
        (tree / ".sha256").write_text(found + "\n")
        # The stamp is complete before the folder gets its name, so a killed run leaves no half package behind.
        if final.exists():
            shutil.rmtree(final)
        tree.rename(final)
    return f"{count} files"


def select(packages, args):
    if args.only:
        chosen = [p for p in packages if p.name in args.only or p.folder in args.only]
        missing = set(args.only) - {p.name for p in chosen} - {p.folder for p in chosen}
        if missing:
            raise FetchError(f"not in packages.txt: {', '.join(sorted(missing))}")
        return chosen
    return [p for p in packages if p.smoke or not args.smoke]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="only the few small packages marked `smoke`")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this package (NAME or NAME-VERSION)")
    parser.add_argument("--list", action="store_true", help="print the chosen lines and whether each is in place")
    parser.add_argument("--pin", action="store_true", help="accept `?` as sum and print the completed lines")
    parser.add_argument("--python", default=sys.executable, help="the interpreter whose pip is used")
    args = parser.parse_args()
    corpus = corpus_folder()
    try:
        packages = select(read_packages(), args)
    except (FetchError, OSError) as error:
        print(f"fetch.py: {error}", file=sys.stderr)
        return 2
    if args.list:
        for package in packages:
            state = "present" if (corpus / "packages" / package.folder / ".sha256").is_file() else "absent"
            print(f"{state:8} {package}")
        return 0
    failed = 0
    for index, package in enumerate(packages, 1):
        started = time.time()
        try:
            state = fetch(package, corpus, args.python, args.pin)
        except (FetchError, OSError, tarfile.TarError, zipfile.BadZipFile) as error:
            failed += 1
            state = f"FAILED: {error}"
        elapsed = time.time() - started
        print(f"[{index}/{len(packages)}] {package.folder}: {state} ({elapsed:.1f} s)", file=sys.stderr, flush=True)
        if args.pin:
            print(package, flush=True)
    if failed:
        print(f"fetch.py: {failed} of {len(packages)} packages failed; run again to retry only those", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
