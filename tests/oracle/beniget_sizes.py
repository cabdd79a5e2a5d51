"""How many definitions beniget finds for each use: run by a Python that has beniget, with files and folders.

Prints a line a file: `{"path", "uses": [[line, column, definitions]...]}`. Names without definition are left out, and
so are files that beniget can't follow.
"""
import ast
import json
import os
import sys

import beniget


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(it for it in folders if it not in ("site-packages", "test", "tests", "lib2to3"))
            yield from (os.path.join(folder, it) for it in sorted(names) if it.endswith(".py"))


def sizes(path):
    with open(path, "rb") as file:
        tree = ast.parse(file.read())
    chains = beniget.DefUseChains()
    # It warns about unbound names on standard output.
    stdout, sys.stdout = sys.stdout, open(os.devnull, "w")
    try:
        chains.visit(tree)
    finally:
        sys.stdout = stdout
    uses = beniget.UseDefChains(chains).chains
    for node, definitions in uses.items():
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            real = [it for it in definitions if hasattr(it.node, "lineno") and it.node is not node]
            if real:
                yield node.lineno, node.col_offset, len(real)


sys.setrecursionlimit(5000)
for path in files(sys.argv[1:]):
    try:
        uses = sorted(sizes(path))
    except Exception as error:
        print(f"{path}: {type(error).__name__}: {error}", file=sys.stderr)
        continue
    print(json.dumps({"path": path, "uses": uses}))
