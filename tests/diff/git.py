#!/usr/bin/env python3
"""`astkit diff` as git's own: a hundred commits of a real repository, each asked for in every way, none with an error.

For each commit: as external diff (git gives seven arguments, nine where a file was renamed), as difftool file by file and
with --dir-diff, and by revisions. Then `git diff --exit-code` with diff.trustExitCode, of a repository of which every file was
reformatted (0), and of the same with one dedent more (1).

usage: git.py ASTKIT REPOSITORY [COMMITS]
"""

import ast
import io
import json
import os
import subprocess
import sys
import tempfile
import tokenize
from collections import Counter
from pathlib import Path

CONFIG = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith(("ASTKIT_", "GIT_"))} | CONFIG
# So many files of a commit are shown to a program of their own.
MOST_FILES = 40


def git(folder, *arguments, check=True):
    run = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, env=ENVIRONMENT, check=False)
    if check and run.returncode:
        raise SystemExit(f"git {arguments}: {run.stderr.decode(errors='replace')}")
    return run


def commits(repository, wanted):
    """Commits with changed Python files, those with renames first, spread over the history."""
    found = []
    for options in (["--diff-filter=R", "-M"], []):
        log = git(repository, "log", "--no-merges", "--format=%H", *options, "--", "*.py").stdout.decode().split()
        log = [it for it in log if it not in found]
        count = min(wanted - len(found), wanted // 5 if options else wanted)
        found += log[:: max(1, len(log) // max(1, count))][:count]
    return found


def recorder(folder, astkit):
    """A program that notes how many arguments git gives, and hands them on."""
    path = Path(folder, "external")
    path.write_text(f'#!/bin/sh\necho "$#" >> "{folder}/counts"\nexec "{astkit}" diff --isolated "$@"\n')
    path.chmod(0o755)
    return path


def through_git(repository, astkit, wanted, folder):
    program = recorder(folder, astkit)
    wrong, done = [], Counter()

    def note(what, sha, run):
        done[what] += 1
        # That old code does not parse today is a warning.
        if run.returncode or any(it.startswith((b"error", b"fatal")) for it in run.stderr.splitlines()):
            wrong.append((what, sha, run.returncode, run.stderr.decode(errors="replace")[:300]))

    for sha in commits(repository, wanted):
        if git(repository, "rev-parse", "--verify", "--quiet", f"{sha}^", check=False).returncode:
            continue
        files = git(repository, "diff", "--name-only", f"{sha}^", sha).stdout.count(b"\n")
        pair = [f"{sha}^", sha] + (["--", "*.py"] if files > MOST_FILES else [])
        note("external", sha, git(repository, "-c", f"diff.external={program}", "diff", "--ext-diff", "-M", *pair, check=False))
        tool = ["-c", f'difftool.astkit.cmd="{astkit}" diff --isolated "$LOCAL" "$REMOTE"', "difftool", "-y", "--trust-exit-code", "--tool=astkit"]
        note("difftool", sha, git(repository, *tool, *pair, check=False))
        note("dir-diff", sha, git(repository, *tool, "--dir-diff", *pair, check=False))
        for form in ([f"{sha}^", sha], [f"{sha}^..{sha}"]):
            command = [astkit, "diff", "--isolated", "--json", *form]
            run = subprocess.run(command, cwd=repository, capture_output=True, env=ENVIRONMENT, check=False)
            note("revisions", sha, run)
            for line in run.stdout.splitlines():
                json.loads(line)
    counts = Counter(Path(folder, "counts").read_text().split())
    print(f"{done['external']} commits: {dict(done)}; external calls by number of arguments: {dict(counts)}")
    for it in wrong:
        print("wrong:", *it)
    return not wrong and done["external"] >= min(wanted, 100)


def reformatted(text):
    """The same program with twice the indentation and spaces where they mean nothing; none if it can't be done."""
    out, depth, lines = [], 0, text.splitlines(keepends=True)
    starts = {}
    for it in tokenize.generate_tokens(io.StringIO(text).readline):
        if it.type == tokenize.INDENT:
            depth += 1
        elif it.type == tokenize.DEDENT:
            depth -= 1
        elif it.type not in (tokenize.NL, tokenize.COMMENT, tokenize.NEWLINE, tokenize.ENDMARKER):
            starts.setdefault(it.start[0], (it.start[1], depth))
    logical = set()
    previous = tokenize.NEWLINE
    for it in tokenize.generate_tokens(io.StringIO(text).readline):
        if previous == tokenize.NEWLINE and it.type not in (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT):
            logical.add(it.start[0])
        if it.type not in (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT):
            previous = it.type
    for number, line in enumerate(lines, 1):
        column, level = starts.get(number, (0, 0))
        out.append(" " * (8 * level) + line[column:] if number in logical else line)
    new = "".join(out)
    same = new != text and ast.dump(ast.parse(new)) == ast.dump(ast.parse(text))
    return new if same else None


def dedented(text):
    """The last statement of some block, one level further left; none if there is no such place."""
    lines = text.splitlines(keepends=True)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.If, ast.For, ast.While, ast.With)) and len(node.body) > 1 and not getattr(node, "orelse", []):
            last = node.body[-1]
            if last.lineno == last.end_lineno and isinstance(last, (ast.Expr, ast.Assign)):
                line = lines[last.lineno - 1]
                if line[: last.col_offset].isspace():
                    lines[last.lineno - 1] = " " * node.col_offset + line.lstrip()
                    new = "".join(lines)
                    if ast.dump(ast.parse(new)) != ast.dump(ast.parse(text)):
                        return new
    return None


def exit_codes(repository, astkit, folder):
    """Exit codes for a reformatted repository, and for one dedent more."""
    work = str(Path(folder, "work"))
    git(folder, "clone", "--quiet", "--shared", str(Path(repository).resolve()), work)
    files = sorted(Path(work).rglob("*.py"))
    changed, dedent = 0, None
    for path in files:
        try:
            text = path.read_bytes().decode()
            new = reformatted(text)
        except (SyntaxError, UnicodeDecodeError, ValueError, tokenize.TokenError):
            continue
        if new is None:
            continue
        path.write_bytes(new.encode())
        changed += 1
        dedent = dedent or ((path, dedented(new)) if dedented(new) else None)
    options = ["-c", f'diff.external="{astkit}" diff --isolated --exit-code --hide formatting,comments', "-c", "diff.trustExitCode=true"]
    clean = git(work, *options, "diff", "--exit-code", check=False)
    path, text = dedent
    path.write_bytes(text.encode())
    dirty = git(work, *options, "diff", "--exit-code", check=False)
    print(f"{changed} files reformatted: git diff --exit-code is {clean.returncode}; with one dedent in {path.name}: {dirty.returncode}")
    return changed > 0 and (clean.returncode, dirty.returncode) == (0, 1)


def main():
    astkit, repository = str(Path(sys.argv[1]).resolve()), str(Path(sys.argv[2]).resolve())
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 100
    with tempfile.TemporaryDirectory() as folder:
        # A working tree of its own, so that difftool has one.
        clone = str(Path(folder, "clone"))
        git(folder, "clone", "--quiet", "--shared", repository, clone)
        right = [through_git(clone, astkit, wanted, folder), exit_codes(repository, astkit, folder)]
    sys.exit(not all(right))


main()
