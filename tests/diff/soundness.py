#!/usr/bin/env python3
"""Compares the verdicts of `astkit diff` with CPython's own trees, over generated edits of real files.

Each round changes every base file once, in one folder, and asks astkit about both folders. A verdict is unsound if it is
weaker than the trees: `formatting` or `comments` alone for unequal trees, `docstring` for trees that differ without
docstrings, `hints` for trees that differ without annotations. It is incomplete if equal trees are said to be more than
that. A dedent of one statement must be `body`.

usage: soundness.py ASTKIT ROUNDS FILE...
"""

import ast
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import tokenize
from collections import Counter
from pathlib import Path

CODE = {"body", "signature", "decorators", "added", "removed", "renamed", "moved", "copied"}


def without_docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            if ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:]
    return tree


class WithoutHints(ast.NodeTransformer):
    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_FunctionDef(self, node):
        node.returns = None
        return self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_AnnAssign(self, node):
        self.generic_visit(node)
        if node.value is None:
            return node  # `x: T` makes a local variable: no mere hint
        return ast.Assign([node.target], node.value)


def truth(old, new):
    """The weakest set of parts that is not a lie."""
    dump = lambda text, *steps: ast.dump(apply(ast.parse(text), steps))
    if dump(old) == dump(new):
        return set()
    if dump(old, without_docstrings) == dump(new, without_docstrings):
        return {"docstring"}
    hints = WithoutHints().visit
    bare = lambda text: ast.dump(WithoutBare().visit(hints(ast.parse(text))))
    if bare(old) == bare(new):
        return {"hints"}
    if ast.dump(WithoutBare().visit(hints(without_docstrings(ast.parse(old))))) == ast.dump(
        WithoutBare().visit(hints(without_docstrings(ast.parse(new))))
    ):
        return {"hints", "docstring"}
    return CODE


class WithoutBare(ast.NodeTransformer):
    """`x: int` against `x: str`: a bare annotation keeps its name only."""

    def visit_AnnAssign(self, node):
        node.annotation = ast.Constant(None)
        return node


def apply(tree, steps):
    for step in steps:
        tree = step(tree)
    return tree


def lines_of(text):
    return text.splitlines(keepends=True)


def dedent(text, rng):
    """Moves the last statement of a block out of it."""
    found = []
    for node in ast.walk(ast.parse(text)):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(node, (ast.If, ast.For, ast.While, ast.With)) and isinstance(block, list) and len(block) > 1:
                last = block[-1]
                end = getattr(node, "end_lineno", 0)
                if last.end_lineno == end and last.lineno > block[-2].end_lineno:
                    found.append((last.lineno, last.end_lineno, node.col_offset))
    if not found:
        return None
    first, last, column = rng.choice(found)
    lines = lines_of(text)
    shift = len(lines[first - 1]) - len(lines[first - 1].lstrip()) - column
    for at in range(first - 1, last):
        if lines[at][:shift].strip():
            return None
        lines[at] = lines[at][shift:]
    return "".join(lines)


def tokens(text):
    return list(tokenize.generate_tokens(io.StringIO(text).readline))


def token_edit(text, rng):
    names = [it for it in tokens(text) if it.type in (tokenize.NAME, tokenize.NUMBER, tokenize.STRING)]
    if not names:
        return None
    it = rng.choice(names)
    lines = lines_of(text)
    (row, start), (end_row, end) = it.start, it.end
    if row != end_row:
        return None
    line = lines[row - 1]
    new = {tokenize.NAME: it.string + "_", tokenize.NUMBER: "1" + it.string}.get(it.type, "'x' " + it.string)
    lines[row - 1] = line[:start] + new + line[end:]
    return "".join(lines)


def string_edit(text, rng):
    strings = [it for it in tokens(text) if it.type == tokenize.STRING]
    if not strings:
        return None
    it = rng.choice(strings)
    lines = lines_of(text)
    row, start = it.start
    prefix = len(it.string) - len(it.string.lstrip("rRbBuUfF"))
    choice = rng.randrange(3)
    line = lines[row - 1]
    at = start + prefix
    if choice == 0:
        quotes = 3 if it.string[prefix : prefix + 3] in ('"""', "'''") else 1
        lines[row - 1] = line[: at + quotes] + " " + line[at + quotes :]
    elif choice == 1 and it.start[0] == it.end[0] and not prefix:
        lines[row - 1] = line[:start] + "u" + line[start:]
    else:
        lines[row - 1] = line[:start] + "(" + line[start:]
        end_row, end = it.end
        end += 1 if end_row == row else 0
        lines[end_row - 1] = lines[end_row - 1][:end] + ")" + lines[end_row - 1][end:]
    return "".join(lines)


def comment_edit(text, rng):
    found = [it for it in tokens(text) if it.type == tokenize.NEWLINE]
    if not found:
        return None
    row = rng.choice(found).start[0]
    lines = lines_of(text)
    if "#" in lines[row - 1]:
        return None
    lines[row - 1] = lines[row - 1].rstrip("\n") + "  # " + rng.choice(["note", "type: ignore", "é"]) + "\n"
    return "".join(lines)


def blank_edit(text, rng):
    found = [it for it in tokens(text) if it.type == tokenize.NEWLINE]
    if not found:
        return None
    row = rng.choice(found).start[0]
    lines = lines_of(text)
    lines[row - 1] += "\n" * rng.randrange(1, 3)
    return "".join(lines)


def unparsed(text, _rng):
    return ast.unparse(ast.parse(text)) + "\n"


def hint_edit(text, rng):
    nodes = list(ast.walk(ast.parse(text)))
    lambdas = {id(it) for node in nodes if isinstance(node, ast.Lambda) for it in ast.walk(node.args)}
    arguments = [it for it in nodes if isinstance(it, ast.arg) and it.annotation is None and id(it) not in lambdas]
    if not arguments:
        return None
    it = rng.choice(arguments)
    lines = lines_of(text)
    line = lines[it.end_lineno - 1].encode()
    lines[it.end_lineno - 1] = (line[: it.end_col_offset] + b": int" + line[it.end_col_offset :]).decode()
    return "".join(lines)


def docstring_edit(text, rng):
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            found.append(node.body[0])
    if not found:
        return None
    it = rng.choice(found)
    lines = lines_of(text)
    line = lines[it.lineno - 1]
    quote = max(line.find('"""'), line.find("'''"))
    if quote < 0:
        return None
    lines[it.lineno - 1] = line[: quote + 3] + "More. " + line[quote + 3 :]
    return "".join(lines)


def swap_edit(text, rng):
    blocks = []
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            blocks += [(a, b) for a, b in zip(body, body[1:]) if a.end_lineno < b.lineno]
    if not blocks:
        return None
    first, second = rng.choice(blocks)
    start = lambda it: min([it.lineno] + [d.lineno for d in getattr(it, "decorator_list", [])]) - 1
    lines = lines_of(text)
    a, between, b = (
        lines[start(first) : first.end_lineno],
        lines[first.end_lineno : start(second)],
        lines[start(second) : second.end_lineno],
    )
    if any(not it.endswith("\n") for it in a + b):
        return None
    return "".join(lines[: start(first)] + b + between + a + lines[second.end_lineno :])


EDITS = [dedent, token_edit, string_edit, comment_edit, blank_edit, unparsed, hint_edit, docstring_edit, swap_edit, dedent]


def main():
    astkit, rounds, files = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    rng = random.Random(int(os.environ.get("SEED", "7")))
    counts, failures = Counter(), []
    texts = {}
    for name in files:
        try:
            text = Path(name).read_text(encoding="utf-8", newline="")
            ast.parse(text)
            if "\r" not in text and "coding" not in text[:200] and len(text) < 25_000:
                texts[f"m{len(texts)}.py"] = text
        except (SyntaxError, UnicodeDecodeError, ValueError, OSError):
            continue
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            old, new = Path(folder, "old"), Path(folder, "new")
            old.mkdir(), new.mkdir()
            cases = {}
            for name, text in texts.items():
                edit = rng.choice(EDITS)
                try:
                    changed = edit(text, rng)
                    if changed is None or changed == text:
                        continue
                    ast.parse(changed)
                except (SyntaxError, ValueError, tokenize.TokenError, RecursionError):
                    continue
                (old / name).write_text(text, encoding="utf-8", newline="")
                (new / name).write_text(changed, encoding="utf-8", newline="")
                cases[name] = (edit.__name__, text, changed)
            run = subprocess.run(
                [astkit, "diff", "--isolated", "--json", "-q", old, new], capture_output=True, check=True
            )
            for line in run.stdout.splitlines():
                record = json.loads(line)
                if record["type"] != "file":
                    continue
                name = Path(record["new"]).name
                edit, before, after = cases[name]
                said = set(record["verdict"])
                least = truth(before, after)
                counts["cases"] += 1
                counts[edit] += 1
                code = said - {"formatting", "comments"}
                if least == CODE and not said & CODE:
                    failures.append((number, name, edit, "unsound", sorted(said)))
                elif least and not (code & CODE) and not least <= code:
                    failures.append((number, name, edit, "unsound", sorted(said)))
                elif not least and code:
                    # The `kind` of a string is no node, but astkit says so.
                    kind = ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
                    failures.append((number, name, edit, "incomplete", sorted(said), kind))
                elif edit == "dedent" and "body" not in said:
                    failures.append((number, name, edit, "dedent", sorted(said)))
        print(f"{counts['cases']} cases, {len(failures)} failures", flush=True)
    for it in failures[:40]:
        print(*it)
    print(dict(counts), "failures:", len(failures))
    sys.exit(bool(failures))


main()
