"""Checks hashes of level `ast` against CPython's `ast.dump`: equal for equal dumps, and for those alone.

Reads lines of `astkit hash --format json-lines` from standard input, prints what is wrong and, at last, how many
definitions were compared. Positions and the `kind` of strings do not count.
"""
import ast
import hashlib
import json
import sys

WORDS = {ast.FunctionDef: "function", ast.AsyncFunctionDef: "async_function", ast.ClassDef: "class"}


def key(record):
    """By what a definition is found in both trees: positions at the end are the same, decorated or not."""
    span, name = record["span"], record["qualname"].rsplit(".", 1)[-1].split("#")[0]
    end = (span["end_line"], span["end_col"])
    if record["kind"] == "module":
        return ("module",)
    if record["kind"] == "lambda":
        return ("lambda", span["line"], span["col"], *end)
    return (record["kind"], name, *end)


def definitions(path):
    with open(path, "rb") as file:
        tree = ast.parse(file.read())
    found = {("module",): [tree]}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.kind = None
        elif isinstance(node, ast.Lambda):
            place = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
            found.setdefault(("lambda", *place), []).append(node)
        elif type(node) in WORDS:
            at = (WORDS[type(node)], node.name, node.end_lineno, node.end_col_offset)
            found.setdefault(at, []).append(node)
    return found


def main():
    dump_of, hash_of, compared = {}, {}, 0
    path, nodes = None, {}
    for line in sys.stdin:
        record = json.loads(line)
        if record["type"] != "definition" or record["partial"]:
            continue
        if record["path"] != path:
            path = record["path"]
            try:
                nodes = definitions(path)
            except (SyntaxError, ValueError, RecursionError):
                nodes = {}
        same = nodes.get(key(record), [])
        if nodes and not same:
            print("not in CPython's tree:", path, record["qualname"])
        if len(same) != 1:
            continue
        text = ast.dump(same[0]).encode("utf-8", "surrogatepass")
        dump, value = hashlib.sha256(text).hexdigest(), record["hash"]
        if dump_of.setdefault(value, dump) != dump:
            print("equal hash, other dump:", path, record["qualname"])
        if hash_of.setdefault(dump, value) != value:
            print("equal dump, other hash:", path, record["qualname"])
        compared += 1
    print(compared)


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    main()
