#!/usr/bin/env python3
"""Prices the edit scripts of `astkit diff` beside those of matching in the way of GumTree, over the files of two folders.

The baseline is the published algorithm in its simple variant (Falleri et al. 2014; Falleri and Martinez 2024), on CPython's
trees: equal subtrees from the top down, containers from the bottom up, recovery by common subsequences of children; then the
fewest inserts, deletes, updates and moves after Chawathe et al. 1996. Both scripts have the same price: 1 an edit, and 0.1 a
token that comes or goes. Edits that the baseline does not see cost nothing: of white space, of comments, other quotes, a
parenthesis or a comma by itself. An indentation costs 1.

usage: baseline.py ASTKIT OLD NEW [OLD NEW]... [-v]
"""

import ast
import json
import math
import re
import subprocess
import sys
from bisect import bisect_left
from collections import defaultdict

TOKEN = re.compile(r'''[A-Za-z]{0,2}(?:"""(?:.|\n)*?"""|\'\'\'(?:.|\n)*?\'\'\'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\w+|#[^\n]*|[^\s\w]''')
sys.setrecursionlimit(100_000)


def tokens(text):
    return sum(not it.startswith("#") for it in TOKEN.findall(text))


class Node:
    __slots__ = ("kind", "label", "children", "parent", "hash", "height", "size", "span", "match", "order")

    def __init__(self, kind, label, span):
        self.kind, self.label, self.span = kind, label, span
        self.children, self.parent, self.match = [], None, None


def build(text):
    """CPython's tree with labels; in preorder."""
    starts = [0]
    for line in text.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    order = []

    def visit(node, parent):
        labels, children = [], []
        for name, value in ast.iter_fields(node):
            for it in value if isinstance(value, list) else [value]:
                if isinstance(it, ast.expr_context) or it is None:
                    continue
                if isinstance(it, (ast.operator, ast.unaryop, ast.boolop, ast.cmpop)):
                    labels.append(type(it).__name__)
                elif isinstance(it, ast.AST):
                    children.append(it)
                else:
                    labels.append((name, repr(it)))
        span = None
        if hasattr(node, "lineno"):
            span = (starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset)
        it = Node(type(node).__name__, tuple(labels), span)
        it.parent, it.order = parent, len(order)
        order.append(it)
        it.children = [visit(child, it) for child in children]
        it.height = 1 + max((c.height for c in it.children), default=0)
        it.size = 1 + sum(c.size for c in it.children)
        it.hash = hash((it.kind, it.label, tuple(c.hash for c in it.children)))
        return it

    return visit(ast.parse(text), None), order


def descendants(order, node):
    return order[node.order + 1 : node.order + node.size]


def pair(a, b):
    a.match, b.match = b, a


def pair_all(a, b, old, new):
    for x, y in zip(old[a.order : a.order + a.size], new[b.order : b.order + b.size]):
        pair(x, y)


def top_down(old, new):
    by_hash = defaultdict(lambda: ([], []))
    for side, nodes in enumerate((old, new)):
        for it in nodes:
            if it.height > 1:
                by_hash[it.hash][side].append(it)
    common = [it for it in by_hash.values() if it[0] and it[1]]
    common.sort(key=lambda it: (-it[0][0].height, it[0][0].order))
    ambiguous = []
    for olds, news in common:
        if len(olds) == len(news) == 1:
            if olds[0].match is None and news[0].match is None:
                pair_all(olds[0], news[0], old, new)
        else:
            ambiguous.append((olds, news))
    for olds, news in ambiguous:
        pairs = []
        for a in olds[:40]:
            for b in news[:40]:
                same = a.parent and b.parent and a.parent.match is b.parent
                alike = a.parent and b.parent and a.parent.hash == b.parent.hash
                pairs.append((not same, not alike, abs(a.order - b.order), a.order, b.order, a, b))
        for *_, a, b in sorted(pairs, key=lambda it: it[:5]):
            if a.match is None and b.match is None:
                pair_all(a, b, old, new)


def similarity(a, b, old):
    common = sum(1 for it in descendants(old, a) if it.match and b.order < it.match.order < b.order + b.size)
    return 2 * common / max(1, a.size + b.size - 2)


def bottom_up(old, new):
    for a in reversed(old):
        if a.match is not None or not a.children:
            continue
        candidates = {}
        for it in descendants(old, a)[:2000]:
            up = it.match.parent if it.match else None
            for _ in range(40):
                if up is None:
                    break
                if up.kind == a.kind and up.match is None:
                    candidates[up.order] = up
                up = up.parent
        best = max(candidates.values(), key=lambda it: (similarity(a, it, old), -it.order), default=None)
        if a.parent is None:
            best = new[0]
        if best is not None and best.match is None:
            if a.parent is None or similarity(a, best, old) >= 1 / (1 + math.log(a.size + best.size)):
                recover(a, best, old, new)
                pair(a, best)


def common_subsequence(a, b, same):
    if len(a) * len(b) > 250_000:
        return [(x, y) for x, y in zip(a, b) if same(x, y)]
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            table[i][j] = table[i + 1][j + 1] + 1 if same(a[i], b[j]) else max(table[i + 1][j], table[i][j + 1])
    out, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if same(a[i], b[j]):
            out.append((a[i], b[j]))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return out


def recover(a, b, old, new):
    free = lambda: ([it for it in a.children if it.match is None], [it for it in b.children if it.match is None])
    for x, y in common_subsequence(*free(), lambda x, y: x.hash == y.hash):
        if x.match is None and y.match is None and all(it.match is None for it in descendants(old, x)):
            if all(it.match is None for it in descendants(new, y)):
                pair_all(x, y, old, new)
    shape = lambda it: (it.kind, tuple(map(shape, it.children)))
    for x, y in common_subsequence(*free(), lambda x, y: x.size == y.size and x.kind == y.kind and shape(x) == shape(y)):
        if all(it.match is None for it in [x, *descendants(old, x)]) and all(it.match is None for it in [y, *descendants(new, y)]):
            pair_all(x, y, old, new)
    kinds = defaultdict(lambda: ([], []))
    for side, children in enumerate(free()):
        for it in children:
            kinds[it.kind][side].append(it)
    for olds, news in kinds.values():
        if len(olds) == len(news) == 1:
            pair(olds[0], news[0])
            recover(olds[0], news[0], old, new)


def increasing(values):
    """How many of some numbers are in a longest increasing subsequence."""
    tails = []
    for it in values:
        at = bisect_left(tails, it)
        tails[at : at + 1] = [it]
    return len(tails)


def price_of_baseline(before, after):
    (_, old), (_, new) = build(before), build(after)
    top_down(old, new)
    bottom_up(old, new)
    cost = 0.0
    for nodes, text in ((old, before.encode()), (new, after.encode())):
        at = 0
        while at < len(nodes):
            it = nodes[at]
            if it.match is not None:
                at += 1
                continue
            subtree = nodes[at : at + it.size]
            if all(x.match is None for x in subtree):
                span = it.span
                cost += 1 + 0.1 * (tokens(text[span[0] : span[1]].decode()) if span else it.size)
                at += it.size
            else:
                cost += 1.1
                at += 1
    for it in new:
        if it.match is not None:
            cost += it.label != it.match.label
            if it.parent is not None and it.parent.match is not it.match.parent:
                cost += 1
    for it in new:
        if it.match is not None:
            stay = [x.match.order for x in it.children if x.match is not None and x.match.parent is it.match]
            cost += len(stay) - increasing(stay)
    return cost


def unseen(before, after):
    """Whether CPython's tree does not tell two texts apart."""
    before, after = (it.replace("\\\n", "\n").replace("\\\r\n", "\n").strip().removeprefix(",").removesuffix(",").strip() for it in (before, after))
    if before == after or {before, after} <= {"", "(", ")"}:
        return True
    try:
        return repr(ast.literal_eval(before)) == repr(ast.literal_eval(after))
    except (SyntaxError, ValueError, TypeError, MemoryError):
        return False


def price_of_script(edits, old):
    cost = 0.0
    for it in edits:
        if it["op"] in ("insert", "delete", "update"):
            place = it.get("old", {"start": 0, "end": 0})
            if unseen(old[place["start"] : place["end"]].decode(), it.get("text", "")):
                continue
        gone = tokens(old[it["old"]["start"] : it["old"]["end"]].decode()) if it["op"] in ("delete", "update") else 0
        come = tokens(it["text"]) if it.get("text") else 0
        if it["op"] == "move":
            cost += 1 + price_of_script(it.get("ops", []), old)
        elif it["op"] == "reindent":
            cost += 1
        elif it["op"] == "update" and gone == come == 1:
            cost += 1
        elif it["op"] == "update" and gone and come:
            cost += 2 + 0.1 * (gone + come)
        elif gone or come:
            cost += 1 + 0.1 * (gone + come)
    return cost


def scripts_of(astkit, old, new):
    """The modified files of two folders (or two files), and the edits of each."""
    run = subprocess.run(
        [astkit, "diff", "--isolated", "--no-ignore", "--script", "--json", "-q", old, new], capture_output=True, check=True
    )
    scripts, files = defaultdict(list), []
    for line in run.stdout.splitlines():
        record = json.loads(line)
        if record["type"] == "file" and record["old"] and record["new"] and record["status"] == "modified":
            files.append((record["old"], record["new"]))
            scripts[record["new"]] += record["script"]
        elif record["type"] == "definition":
            scripts[record["new"]["path"] if record["new"] else ("gone", record["old"]["path"])] += record["script"]
    return [(before, after, scripts[after] + scripts["gone", before]) for before, after in files]


def main():
    astkit, folders = sys.argv[1], sys.argv[2:]
    verbose = "-v" in folders
    folders = [it for it in folders if it != "-v"]
    ours, theirs, found = 0.0, 0.0, []
    for old, new in zip(folders[::2], folders[1::2]):
        for before, after, edits in scripts_of(astkit, old, new):
            texts = []
            for path in (before, after):
                with open(path, "rb") as file:
                    texts.append(file.read())
            try:
                baseline = price_of_baseline(texts[0].decode(), texts[1].decode())
            except (SyntaxError, UnicodeDecodeError):
                continue
            # Where the trees are equal, all edits are of the kind that costs nothing.
            price = price_of_script(edits, texts[0]) if baseline else 0.0
            ours, theirs = ours + price, theirs + baseline
            found.append((price - baseline, price, baseline, before, after))
    longer = [it for it in found if it[0] > 0.01]
    if verbose:
        for _, price, baseline, before, after in sorted(longer, reverse=True)[:20]:
            print(f"{price:.1f} {baseline:.1f} {before} {after}")
    share = 100 * len(longer) / max(1, len(found))
    print(f"{len(found)} files: astkit {ours:.0f}, baseline {theirs:.0f}, ratio {ours / max(theirs, 1):.2f}; longer on {len(longer)} ({share:.1f} %)")


main()
