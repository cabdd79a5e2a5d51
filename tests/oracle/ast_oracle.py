#!/usr/bin/env python3
"""The oracle of the conformance tests: what this interpreter's own `ast` says, as canonical JSON.

    ast_oracle.py FILE...        one line a file: {"path":P,"tree":NODE} or {"path":P,"error":{...}}
    ast_oracle.py -              the same, file names from standard input
    ast_oracle.py --check -      the same without trees: {"path":P,"ok":true} for what the parser accepts
    ast_oracle.py --serve        requests on standard input, answers on standard output (below)

NODE is `{"_type":CLASS, FIELD:..., "pos":[line,col,end_line,end_col]}`: the fields of the class in `_fields` order
without `type_ignores`; contexts and operators by class name; `pos` last, where the class has positions. The value of a
Constant or MatchSingleton, and an Interpolation's `str`, is tagged by type so that nothing is lost: `int` in decimal
text, `float` as the 16 hex digits of its bits, `complex` as two of those, `bytes` in hex, `str`, or `wtf8` in hex where
the text has lone surrogates. No spaces, ASCII only.

Served requests and answers are a 4-byte big-endian length and that many bytes: source bytes in, `{"tree":NODE}` or
`{"error":{...}}` out; end of input ends the server.

Runs on every Python from 3.8. The walk keeps its own stack: a tree that the parser could build can also be printed.
"""

import ast
import struct
import sys
import warnings
from json.encoder import encode_basestring_ascii as quote

SCALARS = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
TAGGED = {("Constant", "value"), ("MatchSingleton", "value"), ("Interpolation", "str")}
FAILURES = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)


def float_bits(number):
    return '"%s"' % struct.pack(">d", number).hex()


def constant(value):
    """The tagged form of a constant's value."""
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return '{"wtf8":"%s"}' % value.encode("utf-8", "surrogatepass").hex()
        return '{"str":%s}' % quote(value)
    if value is None:
        return '{"none":null}'
    if value is Ellipsis:
        return '{"ellipsis":null}'
    if isinstance(value, bool):
        return '{"bool":%s}' % ("true" if value else "false")
    if isinstance(value, int):
        return '{"int":"%d"}' % value
    if isinstance(value, float):
        return '{"float":%s}' % float_bits(value)
    if isinstance(value, complex):
        return '{"complex":[%s,%s]}' % (float_bits(value.real), float_bits(value.imag))
    if isinstance(value, bytes):
        return '{"bytes":"%s"}' % value.hex()
    raise TypeError("no canonical form for a constant of type %s" % type(value).__name__)


def plain(value):
    """A field that is no node: null, text or a number."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return quote(value)
    return "%d" % value


class Plan:
    """How nodes of one class are printed; made once per class."""

    __slots__ = ("fields", "head", "located")

    def __init__(self, kind):
        name = kind.__name__
        self.head = '{"_type":"%s"' % name
        self.fields = [
            (field, ',"%s":' % field, (name, field) in TAGGED) for field in kind._fields if field != "type_ignores"
        ]
        self.located = "lineno" in kind._attributes


def pieces(node, plans):
    """One node as text interleaved with the child nodes still to be printed."""
    plan = plans.get(type(node))
    if plan is None:
        plan = plans[type(node)] = Plan(type(node))
    out, text = [], plan.head
    for field, label, tagged in plan.fields:
        value = getattr(node, field, None)
        text += label
        if tagged:
            text += constant(value)
        elif isinstance(value, SCALARS):
            text += '"%s"' % type(value).__name__
        elif isinstance(value, ast.AST):
            out += (text, value)
            text = ""
        elif isinstance(value, list):
            text += "["
            for index, item in enumerate(value):
                if index:
                    text += ","
                if isinstance(item, SCALARS):
                    text += '"%s"' % type(item).__name__
                elif isinstance(item, ast.AST):
                    out += (text, item)
                    text = ""
                else:
                    text += plain(item)
            text += "]"
        else:
            text += plain(value)
    if plan.located:
        text += ',"pos":[%d,%d,%d,%d]' % (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
    out.append(text + "}")
    return out


def canonical(tree, plans={}):  # noqa: B006 (the plans are shared on purpose)
    """The canonical JSON of a tree."""
    done, todo = [], [tree]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            done.append(item)
        else:
            parts = pieces(item, plans)
            parts.reverse()
            todo += parts
    return "".join(done)


def answer(source, check=False):
    """`"tree":NODE` or `"error":{...}` for the bytes of a file."""
    try:
        tree = compile(source, "<source>", "exec", ast.PyCF_ONLY_AST, True)
    except FAILURES as error:
        line = getattr(error, "lineno", None)
        return '"error":{"type":%s,"msg":%s,"lineno":%s}' % (
            quote(type(error).__name__),
            quote(str(getattr(error, "msg", error)).encode("utf-8", "replace").decode("utf-8")),
            plain(line),
        )
    return '"ok":true' if check else '"tree":%s' % canonical(tree)


def serve():
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        head = requests.read(4)
        if len(head) < 4:
            return
        source = requests.read(struct.unpack(">I", head)[0])
        line = ("{%s}" % answer(source)).encode("ascii")
        answers.write(struct.pack(">I", len(line)) + line)
        answers.flush()


def main(arguments):
    warnings.simplefilter("ignore")
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    if arguments == ["--serve"]:
        return serve()
    check = "--check" in arguments
    paths = [argument for argument in arguments if argument != "--check"]
    if not paths:
        sys.exit(__doc__.split("\n\n")[1])
    for path in (line.rstrip("\n") for line in sys.stdin) if paths == ["-"] else paths:
        try:
            with open(path, "rb") as file:
                said = answer(file.read(), check)
        except OSError as error:
            said = '"error":{"type":"OSError","msg":%s,"lineno":null}' % quote(str(error))
        sys.stdout.write('{"path":%s,%s}\n' % (quote(path), said))


if __name__ == "__main__":
    main(sys.argv[1:])
