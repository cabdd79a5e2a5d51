#!/usr/bin/env python3
"""Lists the Python files of the test corpus, each content once, in an order that does not depend on the machine.

    list_files.py [--sample N] [--seed S] [--only stdlib|packages] [--package NAME] [--keys] [--count]

Sources: the standard library of every interpreter found (pyenv's versions, `/usr/lib/python3*`, `/usr/local/lib/python3*`
and the running one; third-party folders left out) and what `fetch.py` unpacked. A file's *key* is `python3.13/ast.py`
or `NAME-VERSION/path`; the list is sorted by key, and of several files with equal bytes only the first key stays.

Default output is one absolute path a line; `--keys` puts the key and a tab before it.
`--sample N` keeps the N files whose content hashes smallest together with the seed: another N with the same seed is a
superset or subset, and a file that comes or goes does not reshuffle the rest.
"""

import argparse
import hashlib
import os
import re
import sys
from pathlib import Path

from fetch import SUFFIXES, corpus_folder

SKIPPED_FOLDERS = {"site-packages", "dist-packages", "__pycache__", ".git"}


def standard_libraries():
    """Yields (label, folder); of several builds of one version only the first."""
    candidates = [Path(os.__file__).parent]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    candidates += pyenv.glob("*/lib/python[23].*")
    for root in ("/usr/lib", "/usr/local/lib"):
        candidates += Path(root).glob("python[23].*")
    best = {}
    for folder in candidates:
        # Beside real libraries lie folders of that name that hold only third-party packages.
        if re.match(r"python\d+\.\d+t?$", folder.name) and (folder / "os.py").is_file():
            # A pyenv build carries its tests, a distribution's often does not: prefer the fuller one.
            rank = (not (folder / "test").is_dir(), str(folder.resolve()))
            if folder.name not in best or rank < best[folder.name][0]:
                best[folder.name] = (rank, folder)
    for label in sorted(best):
        yield label, best[label][1]


def packages(only=None):
    """Yields (label, folder) of the unpacked packages."""
    root = corpus_folder() / "packages"
    for folder in sorted(root.iterdir()) if root.is_dir() else []:
        name = folder.name.rpartition("-")[0]
        if (folder / ".sha256").is_file() and (not only or only in (name, folder.name)):
            yield folder.name, folder


def python_files(label, folder):
    """Yields (key, path) of the folder's Python files."""
    for parent, folders, names in os.walk(str(folder)):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        for name in names:
            path = Path(parent, name)
            if name.endswith(SUFFIXES) and path.is_file():
                yield f"{label}/{path.relative_to(folder).as_posix()}", path


def corpus_files(only=None, package=None):
    """Returns [(key, path, sha256 of the content)], sorted by key, each content once."""
    found = []
    if only != "packages" and not package:
        for label, folder in standard_libraries():
            found += python_files(label, folder)
    if only != "stdlib":
        for label, folder in packages(package):
            found += python_files(label, folder)
    seen, files = set(), []
    for key, path in sorted(found):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest not in seen:
            seen.add(digest)
            files.append((key, path, digest))
    return files


def sample(files, count, seed):
    """The `count` files that rank first by hash of seed and content, in the order of `files`."""

    def rank(entry):
        return hashlib.sha256(f"{seed}:{entry[2]}".encode()).digest()

    chosen = set(map(rank, sorted(files, key=rank)[:count]))
    return [entry for entry in files if rank(entry) in chosen]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, metavar="N", help="only N files, chosen by --seed")
    parser.add_argument("--seed", default="0", help="which sample (any text)")
    parser.add_argument("--only", choices=("stdlib", "packages"), help="only this part")
    parser.add_argument("--package", metavar="NAME", help="only this package (NAME or NAME-VERSION)")
    parser.add_argument("--keys", action="store_true", help="print KEY<tab>PATH")
    parser.add_argument("--count", action="store_true", help="print how many files and bytes per source instead")
    args = parser.parse_args()
    files = corpus_files(args.only, args.package)
    if args.sample is not None:
        files = sample(files, args.sample, args.seed)
    if args.count:
        totals = {}
        for key, path, _ in files:
            count, size = totals.get(key.partition("/")[0], (0, 0))
            totals[key.partition("/")[0]] = (count + 1, size + path.stat().st_size)
        totals["total"] = (sum(c for c, _ in totals.values()), sum(s for _, s in totals.values()))
        for label, (count, size) in totals.items():
            print(f"{count:7} {size:12} {label}")
        return 0
    for key, path, _ in files:
        print(f"{key}\t{path}" if args.keys else path)
    return 0 if files else 1


if __name__ == "__main__":
    sys.exit(main())
