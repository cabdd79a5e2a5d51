#!/usr/bin/env python3
"""CPU time and memory of `astkit diff` and of other programs on real pairs of files, sampled by the size of their change.

Fifty modified Python files of the repositories' histories, of each band of changed lines: 1-3, 4-10, 11-30, 31-100, 101-400,
more. Every pair is compared by a process of its own, three times; the median of its CPU time (user and system) counts.

usage: diff.py ASTKIT [--pairs N] [--difftastic EXE] [--sem EXE] [--runs N] REPOSITORY...
A repository is a clone, bare or not. Histories are read from the newest commit before 2026, so that later ones change nothing.
"""

import argparse
import os
import random
import statistics
import subprocess
import tempfile
from pathlib import Path

BANDS = [3, 10, 30, 100, 400, 10**9]
NAMES = ["1-3", "4-10", "11-30", "31-100", "101-400", "401+"]
END = "2026-01-01"


def git(repository, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout


def candidates(repository):
    """Modified files: (changed lines, commit, path)."""
    log = git(
        repository, "log", "--no-merges", f"--before={END}", "--diff-filter=M", "--no-renames", "--numstat", "-z", "--format=%x01%H", "--", "*.py"
    ).decode("utf-8", "replace")
    for entry in log.split("\x01")[1:]:
        commit, _, rest = entry.partition("\0")
        for line in rest.strip("\n\0").split("\0"):
            fields = line.strip("\n").split("\t")
            if len(fields) == 3 and fields[0].isdigit():
                yield max(int(fields[0]), int(fields[1])), commit[:40], fields[2]


def sample(repositories, wanted, folder):
    """The pairs, written below a folder, by band."""
    rng = random.Random(5)
    found = [(size, it, commit, path) for it in repositories for size, commit, path in sorted(candidates(it)) if size]
    rng.shuffle(found)
    bands = [[] for _ in BANDS]
    for size, repository, commit, path in found:
        band = bands[next(at for at, most in enumerate(BANDS) if size <= most)]
        if len(band) >= wanted // len(BANDS):
            continue
        number = sum(map(len, bands))
        pair = []
        for side, revision in (("old", f"{commit}^"), ("new", commit)):
            target = Path(folder, f"{number:03}", side, Path(path).name)
            target.parent.mkdir(parents=True)
            target.write_bytes(git(repository, "cat-file", "blob", f"{revision}:{path}"))
            pair.append(str(target))
        band.append(pair)
    return bands


def once(command):
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return 1000 * (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024


ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith(("ASTKIT_", "DFT_", "SEM_"))}


def measure(command, runs):
    found = [once(command) for _ in range(runs)]
    return statistics.median(it[0] for it in found), max(it[1] for it in found)


def share(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    parser.add_argument("astkit")
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--difftastic")
    parser.add_argument("--sem")
    parser.add_argument("repositories", nargs="+")
    options = parser.parse_args()
    astkit = str(Path(options.astkit).resolve())
    programs = {
        "astkit diff": lambda a, b: [astkit, "diff", "--isolated", "-q", a, b],
        "astkit diff --script, json": lambda a, b: [astkit, "diff", "--isolated", "-q", "--format", "json", "--script", a, b],
        "astkit --version": lambda a, b: [astkit, "--version"],
        "git diff --histogram": lambda a, b: ["git", "diff", "--no-index", "--histogram", a, b],
    }
    if options.difftastic:
        programs["difftastic"] = lambda a, b: [options.difftastic, a, b]
    if options.sem:
        programs["sem diff"] = lambda a, b: [options.sem, "diff", a, b]
    with tempfile.TemporaryDirectory() as folder:
        bands = sample(options.repositories, options.pairs, folder)
        pairs = [it for band in bands for it in band]
        print(f"{len(pairs)} pairs; CPU in ms, memory in MB\n")
        print("| program | median | p95 | max | sum | RSS max | median by band of changed lines: " + ", ".join(NAMES) + " |")
        print("|---|---|---|---|---|---|---|")
        for name, command in programs.items():
            found = [[measure(command(*pair), options.runs) for pair in band] for band in bands]
            times = [it[0] for band in found for it in band]
            by_band = ", ".join(f"{statistics.median(it[0] for it in band):.1f}" if band else "-" for band in found)
            memory = max(it[1] for band in found for it in band)
            cells = [statistics.median(times), share(times, 0.95), max(times)]
            print(f"| {name} | " + " | ".join(f"{it:.1f}" for it in cells) + f" | {sum(times):.0f} | {memory:.0f} | {by_band} |", flush=True)


main()
