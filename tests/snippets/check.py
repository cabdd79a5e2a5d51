#!/usr/bin/env python3
"""Checks the snippets against CPython: every expectation, the escapes, and that no snippet occurs twice.

    check.py [--print FILE:LINE] [--count] [--record]

Format of `*.txt` here: a blank line or one that starts with `##` is skipped; every other line is one snippet, then
optionally ` ## ` and its expectation. In the snippet `\\n \\t \\r \\f \\xHH \\\\` stand for one byte each; all else is UTF-8 text.
The source ends in a newline of its own unless the snippet ends with `\\z`. Expectations, joined by `; `:

    (none)                    CPython 3.13 accepts it, and every frontend gives CPython's tree
    invalid                   CPython rejects it in every version; so must every frontend
    since 3.14                the same from that version on; 3.13 rejects it
    until 3.13                the same up to that version; later ones reject it
    as 3.14 REASON            3.13.0 gives a wrong tree (a bug of CPython, mended since): 3.14's is the right one
    dialect 2                 Python 2 code: 2.7 accepts it, and it is lowered with dialect 2
    varies REASON             versions of CPython differ, a frontend may do as any of them
    tree-sitter-cannot REASON the tree-sitter frontend judges otherwise, because its grammar has a gap
    python-ast-cannot REASON  the python-ast frontend judges otherwise, because its parser has a gap

Run it with CPython 3.13 (and with 3.14 or later to check the newer ones). 2.7 is used where pyenv has it.
`--record`, under 3.14, writes `python-3.14.jsonl`: the trees of the snippets of `since 3.14` and `as 3.14`, so that
they can be compared on machines without that version. A line is `{"snippet":TEXT,"tree":NODE}`.
"""

import argparse
import ast
import json
import re
import subprocess
import sys
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
ESCAPES = {"n": b"\n", "t": b"\t", "r": b"\r", "f": b"\f", "\\": b"\\"}
PYTHON2 = Path.home() / ".pyenv/versions/2.7.18/bin/python"
ASK_PYTHON2 = """
import ast, struct, sys
while True:
    head = sys.stdin.read(4)
    if len(head) < 4: break
    try:
        compile(sys.stdin.read(struct.unpack('>I', head)[0]), 's', 'exec', ast.PyCF_ONLY_AST)
        sys.stdout.write('1')
    except (SyntaxError, TypeError, ValueError, MemoryError):
        sys.stdout.write('0')
"""


def decode(text):
    """The snippet's source bytes."""
    out, final_newline = [], True
    for part in re.split(r"(\\x..|\\.|\\$)", text):
        if not part.startswith("\\"):
            out.append(part.encode())
        elif part == "\\z":
            final_newline = False
        elif len(part) == 4:
            out.append(bytes([int(part[2:], 16)]))
        else:
            out.append(ESCAPES[part[1:]])
    return b"".join(out) + (b"\n" if final_newline else b"")


def snippets():
    """Yields (place, source, expectations)."""
    for path in sorted(HERE.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line or line.startswith("##"):
                continue
            text, found, expected = line.rpartition(" ## ")
            place = f"{path.name}:{number}"
            try:
                yield place, decode(text if found else line), expected.split("; ") if found else []
            except (KeyError, ValueError):
                yield place, None, []


def verdict(source):
    try:
        compile(source, "<snippet>", "exec", ast.PyCF_ONLY_AST)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        return f"{type(error).__name__}: {error}"
    return None


def accepted_by_python2(sources):
    asked = b"".join(len(source).to_bytes(4, "big") + source for source in sources)
    return subprocess.run([str(PYTHON2), "-c", ASK_PYTHON2], input=asked, stdout=subprocess.PIPE, check=True).stdout


def record(path):
    """Writes this Python's trees of the snippets that 3.13 cannot answer for."""
    sys.path[:0] = [str(HERE), str(HERE.parent / "oracle")]
    import ast_oracle

    lines = []
    for _, source, expected in snippets():
        if any(e == "since 3.14" or e.startswith("as 3.14") for e in expected):
            said = ast_oracle.answer(source)
            lines.append('{"snippet":%s,%s}\n' % (json.dumps(source.decode("utf-8")), said))
    path.write_text("".join(lines), encoding="ascii")
    print(f"{path.name}: {len(lines)} trees")


def problem(error, expected):
    """Why CPython's verdict is not what the snippet expects, or None."""
    until = [tuple(map(int, e.split()[1].split("."))) for e in expected if e.startswith("until ")]
    since = [tuple(map(int, e.split()[1].split("."))) for e in expected if e.startswith("since ")]
    if "dialect 2" in expected or any(e.startswith("varies ") for e in expected):
        return None
    if "invalid" in expected:
        return None if error else "expected invalid, but it is accepted"
    if since and sys.version_info[:2] < since[0]:
        return None if error else f"expected only from {since[0]} on, but it is accepted"
    if until and sys.version_info[:2] > until[0]:
        return None if error else f"expected only until {until[0]}, but it is accepted"
    return error


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--print", metavar="FILE:LINE", help="print one snippet's source")
    parser.add_argument("--count", action="store_true", help="print how many snippets each file has")
    parser.add_argument("--record", action="store_true", help="write the trees of 3.14 (run it under 3.14)")
    args = parser.parse_args()
    if sys.version_info < (3, 13):
        sys.exit("check.py: needs CPython 3.13 or later, whose grammar the expectations are about")
    warnings.simplefilter("ignore")
    if args.record:
        if sys.version_info[:2] != (3, 14):
            sys.exit("check.py: --record needs CPython 3.14")
        record(HERE / "python-3.14.jsonl")
        return 0
    bad, seen, counts, python2 = 0, {}, {}, []
    for place, source, expected in snippets():
        name = place.partition(":")[0]
        counts[name] = counts.get(name, 0) + 1
        if args.print == place and source is not None:
            sys.stdout.buffer.write(source)
            return 0
        dialect = "dialect 2" in expected
        unknown = [e for e in expected if not re.match(r"(invalid|dialect 2|since 3\.1\d|until 3\.1\d|as 3\.14 .+|varies .+|(tree-sitter|python-ast)-cannot .+)$", e)]
        if source is None:
            said = "an escape that is none of \\n \\t \\r \\f \\xHH \\\\ \\z"
        elif unknown:
            said = f"unknown expectation {unknown[0]!r}"
        elif (source, dialect) in seen:
            said = f"the same as {seen[source, dialect]}"
        else:
            said = problem(verdict(source), expected)
        if dialect and source is not None:
            python2.append((place, source))
        seen[source, dialect] = place
        if said:
            bad += 1
            print(f"{place}: {said}: {source!r}")
    if python2 and PYTHON2.exists():
        for (place, source), said in zip(python2, accepted_by_python2([source for _, source in python2])):
            if said != ord("1"):
                bad += 1
                print(f"{place}: 2.7 rejects it: {source!r}")
    if args.count:
        for name, count in counts.items():
            print(f"{count:6} {name}")
    print(f"{sum(counts.values())} snippets, {bad} wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
