#!/usr/bin/env python3
"""CPU time and memory of `astkit diff` and of `git diff` on real pairs of files, sampled by the size of their change.

Fifty pairs of files that are in both folders, of each band of changed lines: 1-3, 4-10, 11-30, 31-100, 101-400, more. Each
pair is compared by programs of their own, twice; the faster run counts.

usage: speed.py ASTKIT OLD NEW [OLD NEW]...
"""

import difflib
import os
import random
import subprocess
import sys
from pathlib import Path

BANDS = [3, 10, 30, 100, 400, 10**9]


def measure(command):
    best = None
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
        found = (1000 * (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024)
        best = min(best, found) if best else found
    return best


def changed(old, new):
    read = lambda path: path.read_text(encoding="utf-8", errors="replace").splitlines()
    matcher = difflib.SequenceMatcher(None, read(old), read(new), autojunk=True)
    return sum(max(b - a, d - c) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal")


def sample(roots):
    rng = random.Random(5)
    bands = [[] for _ in BANDS]
    pairs = []
    for old, new in zip(roots[::2], roots[1::2]):
        for path in sorted(Path(old).rglob("*.py")):
            other = Path(new, path.relative_to(old))
            if other.is_file() and path.read_bytes() != other.read_bytes():
                pairs.append((path, other))
    rng.shuffle(pairs)
    for pair in pairs:
        if all(len(it) >= 50 for it in bands):
            break
        size = changed(*pair)
        band = next(at for at, most in enumerate(BANDS) if size <= most)
        if size and len(bands[band]) < 50:
            bands[band].append(pair)
    return [it for band in bands for it in band]


def show(name, found):
    times, memory = sorted(it[0] for it in found), sorted(it[1] for it in found)
    at = lambda values, share: values[min(len(values) - 1, int(len(values) * share))]
    print(
        f"{name:24} CPU ms: median {at(times, .5):.1f}, p95 {at(times, .95):.1f}, max {times[-1]:.1f}, sum {sum(times):.0f}; "
        f"RSS MB: p95 {at(memory, .95):.0f}, max {memory[-1]:.0f}"
    )


def main():
    astkit, roots = sys.argv[1], sys.argv[2:]
    pairs = sample(roots)
    print(len(pairs), "pairs")
    ours = [astkit, "diff", "--isolated", "-q"]
    show("astkit", [measure([*ours, *map(str, it)]) for it in pairs])
    show("astkit json, scripts", [measure([*ours, "--format", "json", "--script", *map(str, it)]) for it in pairs])
    git = ["git", "diff", "--no-index", "--histogram"]
    show("git diff --histogram", [measure([*git, *map(str, it)]) for it in pairs])
    if len(os.environ.get("DIFFT", "")):
        show("difftastic", [measure([os.environ["DIFFT"], *map(str, it)]) for it in pairs])


main()
