#!/usr/bin/env python3
"""Generates refactorings of real files, and counts how many `astkit diff` understands.

Each case is one refactoring of one file (two for a move between files), alone in its folders, so that the whole truth is
known: which definition became which, and that nothing else was renamed, moved or copied. Kinds: rename, move (to the end
of the file), reorder (neighbors change places), reparent (a function becomes a static method), file (into another file),
copy; each also with an edit of the definition's body.

usage: refactorings.py ASTKIT CASES FILE...
"""

import ast
import json
import random
import subprocess
import sys
import tempfile
import textwrap
from collections import Counter
from pathlib import Path

KINDS = ["rename", "move", "reorder", "reparent", "file", "copy"]


def start(node):
    return min([node.lineno] + [it.lineno for it in node.decorator_list]) - 1


def candidates(tree):
    """Functions with a body of some size, and the class that they are in."""
    seen = Counter()
    found = []
    for parent in [tree, *[it for it in tree.body if isinstance(it, ast.ClassDef)]]:
        for node in parent.body:
            if isinstance(node, ast.FunctionDef):
                seen[node.name, parent] += 1
                if node.end_lineno - node.lineno >= 4 and len(node.body) > 1:
                    found.append((node, parent))
    bodies = Counter(ast.dump(ast.Module(it[0].body, [])) for it in found)
    unique = lambda it: bodies[ast.dump(ast.Module(it[0].body, []))] == 1 and seen[it[0].name, it[1]] == 1
    return [it for it in found if unique(it)]


def qualname(node, parent, name=None):
    name = name or node.name
    return f"{parent.name}.{name}" if isinstance(parent, ast.ClassDef) else name


def edited(lines, node, rng):
    """The definition's lines with one more statement, or with one less."""
    first, last = node.body[-1], node.body[-1]
    at = last.lineno - 1 - start(node)
    indentation = " " * first.col_offset
    choice = rng.randrange(2)
    if choice == 0 or len(node.body) < 4 or node.body[1].lineno <= node.body[0].end_lineno:
        return lines[:at] + [f"{indentation}log_event('step', {rng.randrange(100)})\n"] + lines[at:]
    gone = node.body[1]
    return lines[: gone.lineno - 1 - start(node)] + lines[gone.end_lineno - start(node) :]


def renamed(lines, node, name):
    at = node.lineno - 1 - start(node)
    return lines[:at] + [lines[at].replace(node.name, name, 1)] + lines[at + 1 :]


def case(kind, edit, text, rng):
    """The new text, the text of a second file, and the truth: old name, new name, expected parts."""
    tree = ast.parse(text)
    found = candidates(tree)
    lines = text.splitlines(keepends=True)
    if not found or not lines[-1].endswith("\n"):
        return None
    node, parent = rng.choice(found)
    begin, end = start(node), node.end_lineno
    body = lines[begin:end]
    if not body[0].lstrip().startswith(("def", "@")):
        return None
    change = (lambda it: edited(it, node, rng)) if edit else (lambda it: it)
    old = qualname(node, parent)
    top = parent is tree
    if kind == "rename":
        name = node.name + "_renamed" if rng.randrange(2) else "other_" + node.name.strip("_")
        new = lines[:begin] + renamed(change(body), node, name) + lines[end:]
        return "".join(new), None, (old, qualname(node, parent, name), "renamed")
    if kind == "move":
        last = tree.body[-1]
        # Past a single neighbor, the other one may as well have moved.
        passed = [it for it in tree.body if hasattr(it, "decorator_list") and it.lineno > end]
        if not top or len(passed) < 2 or isinstance(last, ast.If):
            return None
        new = lines[:begin] + lines[end:] + ["\n\n"] + change(body)
        return "".join(new), None, (old, old, "moved")
    if kind == "reorder":
        after = [it for it, p in found if p is parent and start(it) > end]
        if not after:
            return None
        other = min(after, key=start)
        between = lines[end : start(other)]
        if any(it.strip() for it in between):
            return None
        swapped = lines[start(other) : other.end_lineno] + between + change(body)
        return "".join(lines[:begin] + swapped + lines[other.end_lineno :]), None, (old, None, "moved")
    if kind == "reparent":
        classes = [it for it in tree.body if isinstance(it, ast.ClassDef) and it.body[-1].col_offset == 4]
        classes = [it for it in classes if it.end_lineno > it.lineno and all(getattr(b, "name", None) != node.name for b in it.body)]
        if not top or not classes or node.decorator_list:
            return None
        to = rng.choice(classes)
        moved = ["\n", *textwrap.indent("".join(change(body)), "    ").splitlines(keepends=True)]
        at = to.end_lineno
        new = lines[:begin] + lines[end:at] + moved + lines[at:] if at > end else lines[:at] + moved + lines[at:begin] + lines[end:]
        return "".join(new), None, (old, f"{to.name}.{node.name}", "moved")
    if kind == "file":
        if not top:
            return None
        other = "import os\n\n\ndef unrelated(path):\n    return os.path.join(path, 'x')\n"
        return "".join(lines[:begin] + lines[end:]), (other, other + "\n\n" + "".join(change(body))), (old, old, "moved")
    name = node.name + "_copy"
    new = lines[:end] + ["\n"] + renamed(change(body), node, name) + lines[end:]
    return "".join(new), None, (old, qualname(node, parent, name), "copied")


def judge(records, truth, kind, edit):
    """What is wrong, in words; none if the case is right."""
    old, new, part = truth
    said = [it for it in records if set(it["verdict"]) & {"renamed", "moved", "copied", "removed", "added"}]
    name = lambda it, side: it[side] and it[side]["qualname"]
    if kind == "reorder":
        moved = [it for it in said if "moved" in it["verdict"]]
        return None if len(said) == len(moved) == 1 else f"{len(said)} records"
    if kind == "copy":
        wrong = [it for it in said if set(it["verdict"]) & {"renamed", "moved", "removed"}]
        fresh = [it for it in said if name(it, "new") == new and "added" in it["verdict"]]
        if wrong:
            return f"called {wrong[0]['verdict']}"
        return None if len(fresh) == 1 else "not added"
    right = [it for it in said if name(it, "old") == old and name(it, "new") == new and part in it["verdict"]]
    if len(right) != 1:
        return f"not {part}: {[(name(it, 'old'), name(it, 'new'), it['verdict']) for it in said][:4]}"
    within = lambda it: inside(name(it, "new"), new) or inside(name(it, "old"), old)
    others = [it for it in said if it is not right[0] and not within(it)]
    if others:
        return f"also {[(name(it, 'old'), name(it, 'new'), it['verdict']) for it in others][:3]}"
    extra = set(right[0]["verdict"]) & {"body", "signature"}
    return None if bool(extra) == edit or edit else f"says {sorted(extra)}"


def inside(name, outer):
    return bool(name) and name.startswith(outer + ".")


def main():
    astkit, wanted, files = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    rng = random.Random(11)
    right, total, shown = Counter(), Counter(), 0
    texts = []
    for name in files:
        try:
            text = Path(name).read_text(encoding="utf-8")
            if candidates(ast.parse(text)):
                texts.append((name, text))
        except (SyntaxError, UnicodeDecodeError, ValueError):
            continue
    attempts = 0
    while sum(total.values()) < wanted and attempts < wanted * 10:
        attempts += 1
        kind, edit = KINDS[attempts % len(KINDS)], attempts // len(KINDS) % 2 == 1
        name, text = rng.choice(texts)
        try:
            made = case(kind, edit, text, rng)
            if made is None or made[0] == text:
                continue
            ast.parse(made[0])
        except (SyntaxError, ValueError):
            continue
        with tempfile.TemporaryDirectory() as folder:
            old, new = Path(folder, "old"), Path(folder, "new")
            old.mkdir(), new.mkdir()
            (old / "a.py").write_text(text)
            (new / "a.py").write_text(made[0])
            if made[1]:
                (old / "b.py").write_text(made[1][0])
                (new / "b.py").write_text(made[1][1])
            run = subprocess.run([astkit, "diff", "--isolated", "--json", "-q", old, new], capture_output=True, check=True)
            records = [json.loads(it) for it in run.stdout.splitlines()]
            records = [it for it in records if it["type"] == "definition"]
        wrong = judge(records, made[2], kind, edit)
        label = f"{kind}{'+edit' if edit else ''}"
        total[label] += 1
        right[label] += wrong is None
        if wrong and shown < 40:
            shown += 1
            print(label, name, made[2][:2], wrong)
    for label in sorted(total):
        print(f"{label:15} {right[label]:5} of {total[label]}")


main()
