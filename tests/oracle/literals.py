"""What CPython's `ast.literal_eval` makes of every outermost expression that it accepts.

Reads paths from standard input, one a line; prints one JSON object a path: the shape `literals` of `astkit analyze`,
or {"path", "error"}. Positions within f-strings are right from CPython 3.12 on. The members of a set are written in
the order of the text.
"""
import ast
import json
import sys
import warnings


def written(node, value):
    if isinstance(value, (tuple, list)):
        items = [written(*it) for it in zip(node.elts, value)]
        if isinstance(value, list):
            return "[" + ", ".join(items) + "]"
        return "(" + ", ".join(items) + (",)" if len(items) == 1 else ")")
    if isinstance(value, set) and value:
        seen, items = set(), []
        for it in node.elts:
            member = ast.literal_eval(it)
            if member not in seen:
                seen.add(member)
                items.append(written(it, member))
        return "{" + ", ".join(items) + "}"
    if isinstance(value, dict) and value:
        keys, values = {}, {}
        for key, it in zip(node.keys, node.values):
            member = ast.literal_eval(key)
            keys.setdefault(member, written(key, member))
            values[member] = written(it, ast.literal_eval(it))
        return "{" + ", ".join(f"{keys[it]}: {values[it]}" for it in keys) + "}"
    return repr(value)


def literals(node, offset, out):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            try:
                value = ast.literal_eval(child)
            except (ValueError, TypeError, OverflowError):
                pass
            else:
                start, end = offset(child.lineno, child.col_offset), offset(child.end_lineno, child.end_col_offset)
                span = {"start": start, "end": end, "line": child.lineno, "col": child.col_offset}
                span |= {"end_line": child.end_lineno, "end_col": child.end_col_offset}
                out.append({"span": span, "type": type(value).__name__, "repr": written(child, value)})
                continue
        literals(child, offset, out)


def answer(path):
    with open(path, "rb") as file:
        source = file.read()
    try:
        tree = ast.parse(source)
        text = source.decode().replace("\r\n", "\n")
    except (SyntaxError, ValueError, RecursionError) as error:
        return {"error": repr(error)}
    if "\r" in text or source.startswith(b"\xef\xbb\xbf"):
        return {"error": "line ends or a mark that move offsets"}
    starts, at = [0], 0
    for line in source.split(b"\n"):
        at += len(line) + 1
        starts.append(at)
    out = []
    literals(tree, lambda line, col: starts[line - 1] + col, out)
    return {"literals": sorted(out, key=lambda it: (it["span"]["start"], it["span"]["end"]))}


if __name__ == "__main__":
    sys.setrecursionlimit(5000)
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        path = line.rstrip("\n")
        print(json.dumps({"path": path, **answer(path)}))
