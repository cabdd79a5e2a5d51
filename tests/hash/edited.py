#!/usr/bin/env python3
"""Edits real packages at random, and compares what `astkit hash` says from its cache with what it says without.

    cargo build --release && python3 tests/hash/edited.py PACKAGE... [--edits N] [--seed N] [--astkit EXE]

A package is a folder with Python files. It is copied into a scratch folder and edited there: bodies, names, definitions
and classes that come and go, imports of all kinds, `__all__`, cycles of imports, broken text, files and folders that
are made, removed, moved, copied and taken back. After each edit the same question is asked twice, with a cache that has
seen all edits before and with `--no-cache`; output, messages and exit code have to be equal to the byte. The question
changes too: targets, format, what counts of others' code, roots, locks. Now and then a file of the cache is cut, flipped or
removed, which may cost time and nothing else. The edits are the same in every run.
"""

import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
QUESTIONS = [
    ["{top}"],
    ["{top}"],
    ["{top}"],
    ["{top}", "--json"],
    ["{top}", "--json", "--deps", "source", "--python", "site"],
    ["{top}", "--deps", "name", "--python", "site"],
    ["{top}", "--python", "site"],
    ["{top}", "--root", ".", "--root", "other"],
    ["{top}", "other"],
    ["other", "--summary"],
    ["{top}", "--tree"],
    ["{top}", "--verify", "--strict"],
    ["{top}", "--write", "lock"],
]


class Project:
    def __init__(self, package, seed):
        self.random = random.Random(seed)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="astkit-edits-"))
        self.work, self.cache = self.folder / "work", self.folder / "cache"
        self.work.mkdir()
        self.top = package.name
        wanted = lambda folder, names: [
            it for it in names if not (pathlib.Path(folder, it).is_dir() or it.endswith((".py", ".pyi")))
        ]
        shutil.copytree(package, self.work / self.top, ignore=wanted)
        self.write(self.work / "other/extra.py", f"import {self.top}\nfrom helper import twice\ndef use(): return twice({self.top})\n")
        self.write(self.work / "other/helper.py", "def twice(x): return x * 2\n")
        site = self.work / "site/lib/python3.12/site-packages"
        self.write(site / "dist/__init__.py", "from .inner import value\n")
        self.write(site / "dist/inner.py", "def value(): return 1\n")
        self.write(site / "dist-1.0.dist-info/RECORD", "dist/__init__.py,,\n")
        self.site = site
        self.first = {it: it.read_bytes() for it in self.files()}

    def write(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def files(self):
        return sorted((self.work / self.top).rglob("*.py")) + sorted((self.work / "other").rglob("*.py"))

    def module(self, path):
        for root in (self.work, self.work / "other"):
            if path.is_relative_to(root):
                parts = path.relative_to(root).with_suffix("").parts
                name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        return name

    def edit(self):
        pick = self.random.choice
        files = self.files()
        path, other = pick(files), pick(files)
        text = path.read_text(errors="replace")
        names = re.findall(r"^(?:def|class) (\w+)", text, re.M) or ["f"]
        others = re.findall(r"^(?:def|class) (\w+)", other.read_text(errors="replace"), re.M) or ["g"]
        name, more, module = pick(names), pick(others), self.module(other)
        number = self.random.randrange(1000)
        add = lambda line: path.write_text(text.rstrip("\n") + "\n" + line + "\n")
        kind = self.random.randrange(24)
        if kind == 0:
            add(f"def new_{number}(x): return {name}(x, {number})")
        elif kind == 1:
            path.write_text(re.sub(r"\breturn\b", f"return {number} or", text, count=1))
        elif kind == 2:
            path.write_text(re.sub(rf"\b{name}\b", f"{name}_{number % 7}", text))
        elif kind == 3:
            add(f"from {module} import {more}\ndef uses_{number}(): return {more}({number})")
        elif kind == 4:
            add(f"from {module} import *\ndef star_{number}(): return {more}")
        elif kind == 5:
            add(f"import {module}\ndef attr_{number}(): return {module}.{more}.run({number})")
        elif kind == 6:
            add(f"__all__ = ['{name}', '{more}']")
        elif kind == 7:
            path.write_text(f"def first_{number}(): return {number}\n" + text)
        elif kind == 8:
            lines = text.splitlines(keepends=True)
            at = self.random.randrange(len(lines) + 1)
            path.write_text("".join(lines[:at] + lines[at + 5 :]))
        elif kind == 9:
            add(f"class C_{number}({name}):\n    def run(self): return super().run() + self.{more}")
        elif kind == 10:
            add(f"{name} = {number}\n{name} += 1")
        elif kind == 11 and len(files) > 10:
            path.unlink()
        elif kind == 12:
            self.write(path.parent / f"made_{number % 20}.py", f"from {module} import {more}\ndef made(): return {more}({number})\n")
        elif kind == 13:
            path.replace(path.with_name(f"moved_{number % 20}.py"))
        elif kind == 14:
            self.write(path.parent / f"sub_{number % 5}" / "__init__.py", f"from .. import *\nfrom . import part\nVALUE = {number}\n")
            self.write(path.parent / f"sub_{number % 5}" / "part.py", f"from . import VALUE\ndef part(): return VALUE + {number}\n")
        elif kind == 15 and len(files) > 10:
            init = path.parent / "__init__.py"
            init.unlink() if init.exists() else self.write(init, "")
        elif kind == 16:
            add(f"def broken_{number}(:\n    pass")
        elif kind == 17:
            for it, content in self.random.sample(sorted(self.first.items()), min(4, len(self.first))):
                it.parent.mkdir(parents=True, exist_ok=True)
                it.write_bytes(content)
        elif kind == 18:
            self.write(self.site / "dist/inner.py", f"def value(): return {number}\n")
            add("import dist\ndef outside(): return dist.value()")
        elif kind == 19:
            for old in self.site.glob("dist-*"):
                old.rename(self.site / f"dist-{number}.0.dist-info")
        elif kind == 20:
            add(f"# a comment {number}")
        elif kind == 21:
            path.touch()
        elif kind == 22:
            self.write(path.with_name(f"copy_{number % 20}.py"), text)
        else:
            add(f"from . import {more} as again_{number}\nfrom .missing_{number % 3} import thing\nthing({number})")
        return kind

    def harm(self):
        """Damages a note or segment of the cache; the name says what was done."""
        files = sorted(it for it in self.cache.rglob("*") if it.suffix in (".note", ".pack", ".index"))
        if not files or self.random.random() < 0.85:
            return "nothing"
        path, kind = self.random.choice(files), self.random.choice(["flip", "cut", "remove"])
        if kind == "remove":
            path.unlink()
            return f"{kind} {path.name}"
        content = bytearray(path.read_bytes())
        at = self.random.randrange(len(content))
        content[at] ^= 1 << self.random.randrange(8)
        path.write_bytes(content[:at] if kind == "cut" else content)
        return f"{kind} {path.name} at {at}"

    def ask(self, astkit, question, more):
        question = [it.format(top=self.top) for it in question]
        command = [astkit, "hash", "--isolated", "--level", "deep", *question, *more]
        run = subprocess.run(command, cwd=self.work, capture_output=True, timeout=120)
        lock = self.work / "lock"
        written = lock.read_bytes() if lock.exists() else b""
        lock.unlink(missing_ok=True)
        # Who has harmed the cache may be told.
        said = [it for it in run.stderr.splitlines() if b"were damaged and are made anew" not in it]
        return run.returncode, run.stdout, b"\n".join(said), written

    def compare(self, astkit, question):
        one = self.ask(astkit, question, ["--cache-dir", self.cache])
        two = self.ask(astkit, question, ["--no-cache"])
        return [one, two] if one != two else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("packages", type=pathlib.Path, nargs="+")
    parser.add_argument("--edits", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--astkit", type=pathlib.Path, default=ROOT / "target" / "release" / "astkit")
    given = parser.parse_args()
    end = time.monotonic() + given.seconds
    for package in given.packages:
        project = Project(package.absolute(), given.seed)
        done = 0
        for _ in range(given.edits):
            if time.monotonic() > end:
                break
            kinds = [project.edit() for _ in range(project.random.choice([1, 1, 1, 2, 5]))]
            if project.random.random() < 0.5:
                time.sleep(0.06)
            harm = project.harm()
            question = project.random.choice(QUESTIONS)
            different = project.compare(given.astkit.absolute(), question)
            if different:
                for name, it in zip(("cached", "fresh"), different):
                    for part, text in zip(("out", "err", "lock"), it[1:]):
                        (project.folder / f"{name}.{part}").write_bytes(text)
                sys.exit(f"{package.name}, edit {done}, kinds {kinds}, harm {harm}, {question}: see {project.folder}")
            done += 1
        print(f"{package.name}: {done} edits, all equal")
        shutil.rmtree(project.folder)


if __name__ == "__main__":
    main()
