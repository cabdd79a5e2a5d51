"""Makes pairs of files that differ by small edits, and checks what `astkit diff` says of them against CPython's `ast`.

    verdicts.py make FOLDER SEED COUNT FILE...     writes FOLDER/old and FOLDER/new
    verdicts.py check DOCUMENT.json                prints violations and, at last, how many pairs were checked

A verdict must not be weaker than the truth: `comments` and `formatting` alone only for equal trees, `docstring` for
trees equal without docstrings, `hints` for trees equal without annotations; for the file as a whole, and for each
definition's own code, nested definitions left out. A definition that is not named at all must be equal. And where
trees are equal, nothing stronger than `comments` and `formatting` may be said.
"""
import ast
import copy
import json
import os
import random
import re
import sys

WEAK = {"formatting", "comments"}
MILD = WEAK | {"docstring", "hints"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def edit(text, rng):
    """One small edit of one line; about half of them change what the code does."""
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    line = lines[at]
    indent = re.match(r"\s*", line).group()
    kind = rng.randrange(14)
    if kind == 0:
        lines[at] = line.removeprefix("    ")
    elif kind == 1:
        lines[at] = "    " + line
    elif kind == 2:
        lines.insert(at, f"{indent}# comment {rng.randrange(99)}")
    elif kind == 3:
        lines[at] = line + "  # comment"
    elif kind == 4:
        lines.insert(at, "")
    elif kind == 5:
        lines[at] = line.replace("'", '"')
    elif kind == 6:
        lines[at] = line.replace(" = ", "=").replace(", ", ",")
    elif kind == 7:
        del lines[at]
    elif kind == 8 and at + 1 < len(lines):
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    elif kind == 9:
        lines[at] = line.replace("True", "False").replace("0", "1").replace("==", "!=")
    elif kind == 10:
        lines[at] = re.sub(r"= (.+)$", r"= (\1)", line)
    elif kind == 11 and "def " in line:
        lines[at] = re.sub(r"\):$", ") -> int:", line)
    elif kind == 12:
        lines[at] = re.sub(r"^(\s*)(\w+) = ", r"\1\2: int = ", line)
    elif kind == 13:
        lines[at] = re.sub(r"\b(\w+)\b", r"\1x", line, count=1)
    return "\n".join(lines)


def make(folder, seed, count, paths):
    rng = random.Random(seed)
    for side in ("old", "new"):
        os.makedirs(os.path.join(folder, side), exist_ok=True)
    made = 0
    while made < count:
        with open(rng.choice(paths), "rb") as file:
            raw = file.read()
        try:
            old = raw.decode("utf-8").replace("\r\n", "\n")
            new = old
            for _ in range(rng.choice([1, 1, 1, 2, 3])):
                new = edit(new, rng)
            ast.parse(old)
            ast.parse(new)
        except (UnicodeDecodeError, SyntaxError, ValueError):
            continue
        for side, text in (("old", old), ("new", new)):
            with open(os.path.join(folder, side, f"{made}.py"), "w", encoding="utf-8", newline="") as file:
                file.write(text)
        made += 1


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
            node.annotation = ast.Constant(None)
            return node
        return ast.Assign([node.target], node.value)


class WithoutNested(ast.NodeTransformer):
    """Leaves nested definitions out, or links in their places."""

    def __init__(self, root, links):
        self.root, self.links = root, links

    def visit_definition(self, node):
        if node is self.root:
            return self.generic_visit(node)
        return ast.Expr(ast.Name("link to " + node.name, ast.Load())) if self.links else None

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_definition


def drop_docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS + (ast.Module,)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                if isinstance(first.value.value, str):
                    node.body = node.body[1:]


def equal(verdict, old, new):
    """Whether two trees are equal but for what the verdict names."""
    old, new = copy.deepcopy(old), copy.deepcopy(new)
    if "docstring" in verdict:
        drop_docstrings(old)
        drop_docstrings(new)
    if "hints" in verdict:
        old, new = WithoutHints().visit(old), WithoutHints().visit(new)
    return ast.dump(old) == ast.dump(new)


def own(node, links):
    node = copy.deepcopy(node)
    node = WithoutNested(node, links).visit(node)
    if hasattr(node, "name"):
        node.name = "_"
    return node


def definitions(tree):
    found = {"<module>": tree}

    def walk(node, prefix, counts):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, DEFINITIONS):
                name = prefix + child.name
                counts[name] = counts.get(name, 0) + 1
                if counts[name] > 1:
                    name += f"#{counts[name]}"
                found[name] = child
                inner = "." if isinstance(child, ast.ClassDef) else ".<locals>."
                walk(child, name + inner, {})
            elif not isinstance(child, ast.Lambda):
                walk(child, prefix, counts)

    walk(tree, "", {})
    return found


def parse(path):
    with open(path, "rb") as file:
        return ast.parse(file.read())


def check_file(record, changes):
    """What is wrong with what is said of one pair of files."""
    old, new = parse(record["old"]), parse(record["new"])
    verdict = set(record["verdict"])
    if verdict <= MILD and not equal(verdict, old, new):
        yield "the file", verdict
    if not verdict <= WEAK and equal(set(), old, new):
        yield "too much of the file", verdict
    olds, news = definitions(old), definitions(new)
    structural = {"added", "removed", "renamed", "moved"}
    links = not any(structural & set(it["verdict"]) for it in changes)
    named = set()
    for it in changes:
        names = [side["qualname"] for side in (it["old"], it["new"]) if side]
        named.update(names)
        verdict = set(it["verdict"])
        if len(names) == 2 and verdict <= MILD:
            if not equal(verdict, own(olds[names[0]], links), own(news[names[1]], links)):
                yield names[1], verdict
    for name in (olds.keys() | news.keys()) - named:
        if name not in olds or name not in news:
            yield name, "not named"
        elif not equal(set(), own(olds[name], links), own(news[name], links)):
            yield name, "not named"


def check(document):
    with open(document, encoding="utf-8") as file:
        document = json.load(file)
    changes = {}
    for it in document["definitions"]:
        for side in ("old", "new"):
            if it[side]:
                changes.setdefault(it[side]["path"], []).append(it)
    checked = 0
    for record in document["files"]:
        of_pair = changes.get(record["old"], []) + changes.get(record["new"], [])
        for what, verdict in check_file(record, of_pair):
            print(record["new"], what, verdict)
        checked += 1
    print(checked)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        import warnings

        warnings.simplefilter("ignore")
        make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
    else:
        check(sys.argv[2])
