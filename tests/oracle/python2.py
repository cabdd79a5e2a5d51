#!/usr/bin/env python3
"""Compares astkit's trees of Python 2 with the `ast` of a Python 2.7, file by file.

    python2.py ASTKIT PYTHON27 FILE...    prints what differs, then the counts; exit code 1 if anything does

Files that 2.7 does not parse are left out. Its `ast` has other kinds for the same things, so both trees are first
brought into one form: `TryExcept` in `TryFinally` is one `Try`, `Num` and `Str` are constants, `Index` and `ExtSlice`
go, nested `With`s of one statement are items, `-1` is a constant, `None` and `True` are names no longer. What can't be
told apart in 2.7's trees is made equal: `x[a:b:]` and `x[a:b:None]`, the order of `*a` and keywords. Texts are compared
as text: what bytes a string has depends on the file's encoding.

The file runs itself under Python 2.7 to print 2.7's trees.
"""

from __future__ import print_function

import ast
import json
import struct
import subprocess
import sys


def plain(node):
    """2.7's own tree, as lists and objects."""
    if isinstance(node, ast.AST):
        fields = {name: plain(value) for name, value in ast.iter_fields(node)}
        at = [getattr(node, "lineno", None), getattr(node, "col_offset", None)]
        return dict(fields, _type=type(node).__name__, _at=at)
    if isinstance(node, list):
        return [plain(it) for it in node]
    if node is None or isinstance(node, (bool, bytes, str)) or type(node).__name__ == "unicode":
        # Bytes become text in the file's encoding, or the nearest thing to it.
        return node.decode("utf-8", "replace") if isinstance(node, bytes) else node
    return {"number": repr(node).rstrip("L")}


def serve():
    """Answers a path on each line with its tree, or `null`."""
    for line in iter(sys.stdin.readline, ""):
        with open(line.rstrip("\n"), "rb") as file:
            source = file.read()
        try:
            tree = plain(ast.parse(source.replace(b"\r\n", b"\n")))
        except (SyntaxError, TypeError, ValueError):
            tree = None
        print(json.dumps(tree))
        sys.stdout.flush()


def number(text):
    """A number's text in one form for both."""
    if text.endswith("j"):
        return "%rj" % float(text[:-1])
    return repr(float(text)) if any(it in text for it in ".ein") else text


def constant(value):
    return {"_type": "Constant", "value": value}


WORDS = {"None": constant(None), "True": constant(True), "False": constant(False)}


def theirs(node):
    """2.7's tree in the common form."""
    if isinstance(node, list):
        return [theirs(it) for it in node]
    if not isinstance(node, dict):
        return node
    if "number" in node:
        return number(node["number"])
    kind, at = node["_type"], node.get("_at")
    inner = {name: value for name, value in node.items() if name not in ("_type", "_at")}
    if kind == "TryFinally":
        body = node["body"]
        if len(body) == 1 and body[0]["_type"] == "TryExcept" and body[0]["_at"] == at:
            inner = dict(body[0], finalbody=node["finalbody"])
            del inner["_type"], inner["_at"]
        kind = "Try"
    inner = {name: theirs(value) for name, value in inner.items()}
    if kind in ("Num", "Str"):
        return constant(inner.get("n", inner.get("s")))
    if kind == "Index":
        return inner["value"]
    if kind == "ExtSlice":
        return {"_type": "Tuple", "elts": inner["dims"], "ctx": "Load"}
    if kind == "Ellipsis":
        return constant("...")
    if kind == "Name" and inner["id"] in WORDS:
        return WORDS[inner["id"]]
    if kind == "Call":
        args, kwargs = inner.pop("starargs"), inner.pop("kwargs")
        if args:
            inner["args"].append({"_type": "Starred", "value": args, "ctx": "Load"})
        if kwargs:
            inner["keywords"].append({"_type": "keyword", "value": kwargs})
    if kind == "With":
        item = {"_type": "withitem", "context_expr": inner["context_expr"], "optional_vars": inner["optional_vars"]}
        inner = {"items": [item], "body": inner["body"]}
    for name in {"ctx", "op"} & set(inner):
        inner[name] = inner[name]["_type"]
    if kind == "Compare":
        inner["ops"] = [it["_type"] for it in inner["ops"]]
    kind = {"TryExcept": "Try", "Raise": "Raise2"}.get(kind, kind)
    if kind == "Module" and "docstring" in inner:
        del inner["docstring"]
    return tidy(dict(inner, _type=kind))


def ours(node):
    """astkit's tree in the common form."""
    if isinstance(node, list):
        return [ours(it) for it in node]
    if not isinstance(node, dict):
        return str(node) if type(node) is int else node
    if "_type" not in node:
        ((tag, value),) = node.items()
        if tag == "float":
            return repr(struct.unpack(">d", bytes.fromhex(value))[0])
        if tag == "complex":
            return "%rj" % struct.unpack(">d", bytes.fromhex(value[1]))[0]
        if tag == "bytes":
            return bytes.fromhex(value).decode("utf-8", "replace")
        if tag == "wtf8":
            return bytes.fromhex(value).decode("utf-8", "surrogatepass")
        return "..." if tag == "ellipsis" else value
    kind = node["_type"]
    if kind == "Error" and len(node["recovered"]) == 1:
        # What has no place in the common tree: a tuple as parameter, the target of an `except`.
        return ours(node["recovered"][0])
    if kind == "ExceptHandler" and node["body"][0]["_type"] == "Error":
        node = dict(node, name=node["body"][0], body=node["body"][1:])
    inner = {name: ours(value) for name, value in node.items()}
    if kind == "arg":
        return {"_type": "Name", "id": inner["arg"], "ctx": "Param"}
    if kind == "arguments":
        for name in ("vararg", "kwarg"):
            inner[name] = inner[name] and inner[name]["id"]
        inner["args"] = [param(it) for it in inner["args"]]
    if kind == "ExceptHandler" and isinstance(inner["name"], str):
        inner["name"] = {"_type": "Name", "id": inner["name"], "ctx": "Store"}
    if kind == "Name" and inner["id"] in WORDS:
        return WORDS[inner["id"]]
    if kind == "Constant":
        inner.pop("kind")
    if kind == "Call":
        inner["keywords"].sort(key=lambda it: it.get("arg") is None)
        inner["args"].sort(key=lambda it: it["_type"] == "Starred")
    if kind == "Raise":
        inner = {"type": inner["exc"], "inst": None, "tback": None}
        kind = "Raise2"
    if kind == "With":
        body = inner["body"]
        for item in reversed(inner["items"]):
            body = [tidy({"_type": "With", "items": [item], "body": body})]
        return body[0]
    return tidy(dict(inner, _type=kind))


def param(node):
    """A tuple of names as a parameter; in brackets alone a name is one, too."""
    if node["_type"] == "Name":
        return dict(node, ctx="Param")
    if node["_type"] == "Tuple":
        return dict(node, elts=[dict(param(it), ctx="Store") for it in node["elts"]], ctx="Store")
    return node


def tidy(node):
    """What both sides need: no empty fields, `-1` as a constant, no step `None`."""
    kind = node["_type"]
    if kind == "UnaryOp" and node["op"] == "USub" and node["operand"]["_type"] == "Constant":
        value = str(node["operand"]["value"])
        return constant(value[1:] if value.startswith("-") else "-" + value)
    if kind == "Slice" and node.get("step") == WORDS["None"]:
        node["step"] = None
    if kind == "Print":
        node["nl"] = node["nl"] in (True, "1")
    zero = {name for name in ("level", "is_async") if node.get(name) == "0"}
    return {name: value for name, value in node.items() if value is not None and value != [] and name not in zero}


def difference(left, right, place="Module"):
    """The first place where two trees differ."""
    if type(left) is not type(right):
        return place, left, right
    if isinstance(left, dict):
        for name in sorted(set(left) | set(right), key=lambda it: (it != "_type", it)):
            found = difference(left.get(name), right.get(name), "%s.%s" % (place, name))
            if found:
                return found
        return None
    if isinstance(left, list):
        if len(left) != len(right):
            return place + " (number)", left, right
        pairs = enumerate(zip(left, right))
        return next(filter(None, (difference(a, b, "%s[%d]" % (place, i)) for i, (a, b) in pairs)), None)
    return None if same_text(left, right) else (place, left, right)


def same_text(left, right):
    if not isinstance(left, str) or left == right:
        return left == right
    if left.lstrip("-") in ("0", "0.0", "0.0j") and left.lstrip("-") == right.lstrip("-"):
        return True
    # Halves of characters, as two texts or as one.
    left, right = (it.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for it in (left, right))
    # Bytes that are no text, and bytes written as escapes, of which one by one astkit makes characters.
    return "\ufffd" in left or right.encode("latin-1", "replace").decode("utf-8", "replace") == left or left == right


def main(astkit, python27, paths):
    sys.setrecursionlimit(100000)
    oracle = subprocess.Popen([python27, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    equal = different = rejected = 0
    for path in paths:
        print(path, file=oracle.stdin, flush=True)
        right = json.loads(oracle.stdout.readline())
        if right is None:
            continue
        command = [astkit, "-qq", "parse", "--frontend", "tree-sitter", "--python-version", "2.7", "--json"]
        answer = subprocess.run(command + ["--no-positions", path], capture_output=True, text=True)
        left = json.loads(answer.stdout)
        errors = [it for it in left["diagnostics"] if it["severity"] == "error"]
        errors = errors or [it for it in left["diagnostics"] if it["code"] != "python2-text"]
        if errors:
            rejected += 1
            print("%s: %s: %s" % (path, errors[0]["code"], errors[0]["message"]), errors[0]["span"]["line"])
            continue
        found = difference(theirs(right), ours(left["tree"]))
        if found:
            different += 1
            print("%s: %s\n  2.7:    %.300a\n  astkit: %.300a" % ((path,) + found))
        else:
            equal += 1
    oracle.stdin.close()
    oracle.wait()
    print("%d equal, %d different, %d not parsed by astkit" % (equal, different, rejected))
    return different + rejected > 0


if __name__ == "__main__":
    if sys.version_info[0] == 2:
        serve()
    else:
        sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
