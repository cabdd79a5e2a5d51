#!/usr/bin/env python3
"""What `astkit hash` costs on a large package, beside ruff and git on the same files in the same run.

    cargo build --release && python3 benches/hash.py [--rounds N] [--level LEVEL] [--folder DIR] [--astkit EXE]

The package is the wheel of homeassistant 2026.2.3 (8,805 files, 44 MB of Python), pinned by its hash and unpacked in a
folder outside of the repository (--folder, by default astkit-bench in the user's cache folder); ruff is installed there
too. All commands take turns in every round. Times are CPU time, user and system, of all threads: the median of the
rounds. Resident memory is the largest of all rounds. Trust the ratios, not the milliseconds. Linux and macOS only.
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time
import venv
import zipfile

PACKAGE, FILES = "homeassistant==2026.2.3", 8805
SHA256 = "8167820cac4b8defe895fd2c36ac23402a445d1fe6028e8cde24caabb935282c"
RUFF = "ruff==0.16.4"
ROOT = pathlib.Path(__file__).resolve().parent.parent


def fetch(folder):
    """The package's folder and ruff, made if they are not there."""
    folder.mkdir(parents=True, exist_ok=True)
    bin_folder = folder / "venv" / "bin"
    if not (bin_folder / "ruff").exists():
        venv.create(folder / "venv", with_pip=True)
        subprocess.run([bin_folder / "pip", "install", "-q", RUFF], check=True)
    source = folder / "source"
    if not (source / "done").exists():
        options = ["--no-deps", "--ignore-requires-python", "--only-binary=:all:", "-q", "-d", folder]
        subprocess.run([bin_folder / "pip", "download", *options, PACKAGE], check=True)
        (wheel,) = folder.glob("homeassistant-*.whl")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != SHA256:
            sys.exit(f"{wheel} is not the file that was measured before")
        shutil.rmtree(source, ignore_errors=True)
        zipfile.ZipFile(wheel).extractall(source)
        (source / "done").touch()
    package = source / "homeassistant"
    count = sum(1 for _ in package.rglob("*.py"))
    if count != FILES:
        sys.exit(f"{package} has {count} files, not {FILES}: remove it")
    return package, bin_folder / "ruff"


def run(command, stdin=None):
    """CPU seconds and resident megabytes of a command."""
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(os.open(stdin, os.O_RDONLY) if stdin else null, 0)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(command[0], [os.fspath(it) for it in command])
    _, status, usage = os.wait4(pid, 0)
    # 1 is what ruff ends with when it finds something.
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"failed: {' '.join(map(str, command))}")
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale


class Bench:
    def __init__(self, package, ruff, astkit, folder, level):
        self.package, self.folder, self.edits = package, folder, 0
        self.caches = [folder / "astkit-cache", folder / "ruff-cache"]
        self.edited = package / "core.py"
        self.original = self.edited.read_bytes()
        hash_ = [astkit, "hash", "--isolated", "--level", level, package]
        cached = [*hash_, "--cache-dir", self.caches[0]]
        check = [ruff, "check", "--isolated", "--select", "F", "-q", package]
        checked = [*check, "--cache-dir", self.caches[1]]
        paths = folder / "paths"
        paths.write_text("".join(f"{it}\n" for it in sorted(package.rglob("*.py"))))
        git = shutil.which("git")
        # Name, command, what happens before it, standard input.
        self.rows = [
            ("ruff, no cache", [*check, "--no-cache"], None, None),
            ("ruff, cold", checked, self.clean, None),
            ("ruff, warm", checked, None, None),
            ("ruff, one edit", checked, self.edit, None),
            ("git hash-object", [git, "hash-object", "--stdin-paths"], None, paths),
            ("astkit hash, no cache", [*hash_, "--no-cache"], None, None),
            ("astkit hash, cold", cached, self.clean, None),
            ("astkit hash, warm", cached, None, None),
            ("astkit hash, verify", [*cached, "--verify"], None, None),
            ("astkit hash, one edit", cached, self.edit, None),
        ]

    def clean(self):
        for cache in self.caches:
            shutil.rmtree(cache, ignore_errors=True)
        self.restore()

    def edit(self):
        self.edits += 1
        self.edited.write_bytes(self.original + f"\ndef bench(): return {self.edits}\n".encode())
        # Longer than the grain of the clocks that stamp files.
        time.sleep(0.1)

    def restore(self):
        if self.edited.read_bytes() != self.original:
            self.edited.write_bytes(self.original)
            time.sleep(0.1)

    def measure(self, rounds):
        found = {name: [] for name, *_ in self.rows}
        try:
            for _ in range(rounds):
                for name, command, before, stdin in self.rows:
                    if before:
                        before()
                    if name.endswith("warm"):
                        # What the cold run could not trust yet.
                        time.sleep(0.1)
                        run(command, stdin)
                    found[name].append(run(command, stdin))
        finally:
            self.edited.write_bytes(self.original)
        return {
            name: (statistics.median(it[0] for it in runs) * 1e3, max(it[1] for it in runs))
            for name, runs in found.items()
        }


def report(found, level):
    cpu = {name: it[0] for name, it in found.items()}
    ours = "astkit hash"
    goals = [
        (f"{ours}, no cache", "ruff, no cache", 2.5, 350),
        (f"{ours}, cold", "ruff, no cache", 2.5, 350),
        (f"{ours}, warm", "ruff, warm", 2.0, 60),
        (f"{ours}, verify", "git hash-object", 2.0, None),
    ]
    print(f"`astkit hash --level {level}`: {PACKAGE}, {FILES} files\n")
    print("| run | CPU ms | RSS MB | beside | goal |\n|---|---|---|---|---|")
    for name, (ms, rss) in found.items():
        beside, goal = "", ""
        for own, other, most, memory in goals:
            if own == name:
                beside = f"{ms / cpu[other]:.2f}x {other}"
                goal = f"{most}x" + (f", {memory} MB" if memory else "")
        if name == f"{ours}, one edit":
            beside, goal = f"+{ms - cpu[f'{ours}, warm']:.0f} ms", "+50 ms"
        print(f"| {name} | {ms:.0f} | {rss:.0f} | {beside} | {goal} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    parser.add_argument("--folder", type=pathlib.Path, default=cache / "astkit-bench")
    parser.add_argument("--astkit", type=pathlib.Path, default=ROOT / "target" / "release" / "astkit")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--level", default="deep")
    given = parser.parse_args()
    package, ruff = fetch(given.folder.absolute())
    bench = Bench(package, ruff, given.astkit.absolute(), given.folder.absolute(), given.level)
    report(bench.measure(given.rounds), given.level)


if __name__ == "__main__":
    main()
