#!/usr/bin/env python3
"""Counts how many renames and moves of definitions `astkit diff` finds in real commits.

Two kinds of labels, none of them made by astkit:

* `--oracle`: the validated refactorings of the Python commits that RefactoringMiner is tested with
  (src/test/resources/oracle/python-dataset/data.json in https://github.com/tsantalis/RefactoringMiner): renamed, moved,
  pulled up and pushed down methods, renamed and moved classes.
* else what commit messages say: "rename X to Y", "X renamed to Y", "move X to Y", if the names bear it out: the commit takes
  the only definition of X away and brings the only one of Y (of X, for a move, in another place of another file or class).

Recall: labels of which a record says the same. Precision: of the renames and moves that are said in commits with labels,
those that are labelled or that stand the test of names: whoever is said to be gone is gone, whoever is said to be new is.

usage: commits.py ASTKIT [--oracle DATA.json] [--fetch FOLDER] [-v] REPOSITORY...
REPOSITORY is a clone (bare or not). With `--fetch` repositories are URLs and cloned below FOLDER first. Histories are read
from the newest commit before 2026, so that later ones change nothing.
"""

import argparse
import json
import re
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

NAME = r"[`'\"]*([A-Za-z_][\w.]*\w)(?:\(\))?[`'\"]*"
RENAME = re.compile(rf"\brenam(?:e|es|ed|ing)\s+(?:the\s+)?(?:(?:function|method|class|fixture)\s+)?{NAME}(?:\s+(?:function|method|class|fixture))?\s+(?:to|->|=>|as|into)\s+{NAME}", re.I)
RENAMED = re.compile(rf"{NAME}\s+(?:(?:is|was|has been)\s+)?renamed\s+(?:to|as|into)\s+{NAME}", re.I)
ARROW = re.compile(rf"\brenam\w*:?\s+{NAME}\s*(?:->|=>)\s*{NAME}", re.I)
MOVE = re.compile(rf"\bmov(?:e|es|ed|ing)\s+(?:the\s+)?(?:(?:function|method|class|fixture)\s+)?{NAME}(?:\s+(?:function|method|class|fixture))?\s+(?:from\s+{NAME}\s+)?(?:in|on|out)?to\s", re.I)
DEFINITION = re.compile(r"^([ \t]*)(?:async\s+)?(?:def|class)\s+(\w+)", re.M)
END = "2026-01-01"


def git(repository, *arguments):
    run = subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True)
    return run.stdout.decode("utf-8", "replace")


class Commit:
    """The definitions that stand in the changed files of a commit, by their plain names, without any parser of ours."""

    def __init__(self, repository, sha):
        self.sides = [defaultdict(list), defaultdict(list)]
        changed = git(repository, "diff", "--raw", "-z", "--no-renames", "--no-abbrev", f"{sha}^", sha, "--", "*.py").split("\0")
        for meta, path in zip(changed[::2], changed[1::2]):
            _, _, old, new, _ = meta.split(" ")
            for side, blob in enumerate((old, new)):
                if set(blob) != {"0"}:
                    for indentation, name in DEFINITION.findall(git(repository, "cat-file", "blob", blob)):
                        self.sides[side][name].append((path, len(indentation)))

    def bears_out(self, old, new):
        """Whether there is one definition less of `old`, and one more of `new`, among the only ones."""
        if old == new:
            before, after = self.sides[0][old], self.sides[1][old]
            return len(before) == len(after) == 1 and before != after
        gone = len(self.sides[0][old]) == 1 and not self.sides[1][old]
        return gone and len(self.sides[1][new]) == 1 and not self.sides[0][new]


def from_messages(repository):
    """Commits with what their messages say: (sha, old name, new name, kind)."""
    log = git(repository, "log", "--no-merges", f"--before={END}", "-i", "-E", "--grep=renam|mov(e|es|ed|ing) ", "--format=%H%x01%B%x02")
    for entry in log.split("\x02"):
        if "\x01" not in entry:
            continue
        sha, message = entry.strip().split("\x01")
        found = set()
        for pattern in (RENAME, RENAMED, ARROW):
            for old, new in pattern.findall(message):
                found.add((old.split(".")[-1], new.split(".")[-1], "rename"))
        for name, _ in MOVE.findall(message):
            found.add((name.split(".")[-1], name.split(".")[-1], "move"))
        found = {it for it in found if it[0] != it[1] or it[2] == "move"}
        if found and len(git(repository, "rev-list", "--parents", "-1", sha).split()) == 2:
            yield sha, sorted(found)


METHOD = r"(?:public|protected|private|package)?\s*(?:\w+ )*?(\w+)\(.*?\)(?: : \S+)?"
SHAPES = {
    "Rename Method": rf"Rename Method {METHOD} renamed to {METHOD} (?:in|from) class (\S+)",
    "Move Method": rf"Move Method {METHOD} from class (\S+) to {METHOD} from class (\S+)",
    "Move And Rename Method": rf"Move And Rename Method {METHOD} from class (\S+) to {METHOD} from class (\S+)",
    "Pull Up Method": rf"Pull Up Method {METHOD} from class (\S+) to {METHOD} from class (\S+)",
    "Push Down Method": rf"Push Down Method {METHOD} from class (\S+) to {METHOD} from class (\S+)",
    "Rename Class": r"Rename Class (\S+) renamed to (\S+)",
    "Move Class": r"Move Class (\S+) moved to (\S+)",
    "Move And Rename Class": r"Move And Rename Class (\S+) moved and renamed to (\S+)",
}


def qualname(name, owner):
    owner = owner.split(".")[-1]
    return name if owner == "__module__" else f"{owner}.{name}"


def from_oracle(path):
    """By repository: (sha, [(old qualified name, new one, kind)])."""
    out = defaultdict(list)
    for it in json.loads(Path(path).read_text()):
        labels = []
        for refactoring in it["refactorings"]:
            kind, text = refactoring["type"], refactoring["description"]
            found = re.match(SHAPES[kind], text) if kind in SHAPES and refactoring["validation"] in ("TP", "CTP") else None
            if not found:
                continue
            parts = found.groups()
            if kind == "Rename Method":
                label = (qualname(parts[0], parts[2]), qualname(parts[1], parts[2]), kind)
            elif "Class" in kind:
                label = (parts[0].split(".")[-1], parts[1].split(".")[-1], kind)
            else:
                label = (qualname(parts[0], parts[1]), qualname(parts[2], parts[3]), kind)
            # A module that moved is a file, not a definition.
            if "__module__" not in label:
                labels.append(label)
        if labels:
            out[it["repository"].split("/")[-1].removesuffix(".git")].append((it["sha1"], labels))
    return out


def said(astkit, repository, sha):
    """The renames and moves that astkit sees: (old qualified name, new one, old path, new path)."""
    command = [astkit, "diff", "--isolated", "--json", "-q", f"{sha}^", sha, "--", "*.py"]
    run = subprocess.run(command, cwd=repository, capture_output=True, check=True)
    records = [json.loads(it) for it in run.stdout.splitlines()]
    out = []
    renamed = {(it["old"], it["new"]) for it in records if it["type"] == "file" and it["status"] == "renamed"}
    for it in records:
        if it["type"] == "definition" and it["old"] and it["new"] and set(it["verdict"]) & {"renamed", "moved"}:
            out.append((it["old"]["qualname"], it["new"]["qualname"], it["old"]["path"], it["new"]["path"], it["how"]))
    return out, renamed


def plain(name):
    return re.sub(r"#\d+$", "", name).split(".")[-1]


def is_right(label, records, exact):
    old, new = label[:2]
    cut = (lambda it: re.sub(r"#\d+$", "", it.replace(".<locals>", "")).split(".")) if exact else (lambda it: [plain(it)])
    ends = lambda name, wanted: cut(name)[-len(wanted.split(".")) :] == wanted.split(".")
    return any(ends(it[0], old) and ends(it[1], new) for it in records)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    parser.add_argument("astkit")
    parser.add_argument("--oracle")
    parser.add_argument("--fetch")
    parser.add_argument("-v", action="store_true")
    parser.add_argument("repositories", nargs="+")
    options = parser.parse_args()
    astkit = str(Path(options.astkit).resolve())
    oracle = from_oracle(options.oracle) if options.oracle else None
    total, right, claims = Counter(), Counter(), Counter()
    for repository in options.repositories:
        if options.fetch:
            folder = str(Path(options.fetch, repository.rstrip("/").removesuffix(".git").split("/")[-1]))
            if not Path(folder).exists():
                subprocess.run(["git", "clone", "--quiet", "--bare", repository, folder], check=True)
            repository = folder
        name = next(it for it in reversed(Path(repository).resolve().parts) if it not in ("repo", ".git")).split("+")[-1]
        name = name.removesuffix(".git")
        commits = oracle[name] if oracle else from_messages(repository)
        counts = Counter()
        for sha, labels in commits:
            commit = Commit(repository, sha)
            if oracle:
                present = lambda it: commit.sides[0][it[0].split(".")[-1]] and commit.sides[1][it[1].split(".")[-1]]
                labels = [it for it in labels if present(it)]
            else:
                labels = [it for it in labels if commit.bears_out(it[0], it[1])]
            if not labels:
                continue
            records, renamed_files = said(astkit, repository, sha)
            for label in labels:
                # With its file a definition moves without a word of its own.
                before, after = commit.sides[0][label[0].split(".")[-1]], commit.sides[1][label[1].split(".")[-1]]
                with_file = any((a[0], b[0]) in renamed_files for a in before for b in after)
                if label[0].split(".")[-1] == label[1].split(".")[-1] and with_file:
                    continue
                total[label[2]] += 1
                found = is_right(label, records, bool(oracle))
                right[label[2]] += found
                counts["labels"], counts["right"] = counts["labels"] + 1, counts["right"] + found
                if not found and options.v:
                    print(f"missed {name} {sha[:10]} {label}")
            for old, new, old_path, new_path, how in records:
                if how == "reorder" and plain(old) == plain(new):
                    continue
                claims["said"] += 1
                labelled = any(is_right(it, [(old, new)], bool(oracle)) for it in labels)
                before, after = commit.sides[0], commit.sides[1]
                stands = plain(old) == plain(new) or (
                    len(after[plain(old)]) < len(before[plain(old)]) and len(before[plain(new)]) < len(after[plain(new)])
                )
                claims["labelled"] += labelled
                claims["borne out"] += labelled or stands
                if options.v and not (labelled or stands):
                    print(f"doubtful {name} {sha[:10]} {old} {new}")
        print(f"{name}: {counts['right']} of {counts['labels']}")
    for kind in sorted(total):
        print(f"{kind:24} {right[kind]:4} of {total[kind]}")
    count, found = sum(total.values()), sum(right.values())
    print(f"recall {found / max(count, 1):.3f} ({found} of {count})")
    share = claims["borne out"] / max(claims["said"], 1)
    print(f"precision {share:.3f}: {claims['said']} said, {claims['labelled']} labelled, {claims['borne out']} labelled or borne out by names")


main()
