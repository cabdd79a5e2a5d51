"""Edits that change behavior: one of a function's text, each of which has to change its hashes.

A mutant replaces one node of one function by text. Those that Python compiles to the same code (a constant that is
folded, a statement that is never reached) are none, and are left out; so are those that the documentation says are
equal: the order of neighboring imports, hints, docstrings.
"""

import ast
import collections
import pathlib
import random
import sys
import tempfile
import types

OPERATORS = {"+": "-", "-": "+", "*": "+", "/": "*", "//": "/", "%": "*", "**": "*", "&": "|", "|": "&", "<<": ">>"}
SYMBOLS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.BitAnd: "&", ast.BitOr: "|", ast.LShift: "<<", ast.RShift: ">>",
}  # fmt: skip
COMPARISONS = {
    ast.Eq: "!=", ast.NotEq: "==", ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Is: "is not",
    ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip


class Text:
    """A file's text with places as `ast` gives them."""

    def __init__(self, text):
        self.data = text.encode()
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def span(self, node):
        start = self.starts[node.lineno - 1] + node.col_offset
        return start, self.starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node):
        start, end = self.span(node)
        return self.data[start:end].decode()

    def replaced(self, *edits):
        data = self.data
        for (start, end), new in sorted(edits, reverse=True):
            data = data[:start] + new.encode() + data[end:]
        return data.decode()


def simple(statement):
    kinds = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.Raise, ast.Assert, ast.Delete)
    return isinstance(statement, kinds) and not is_docstring(statement)


def is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def own_nodes(function):
    """The nodes of a function that have behavior: no hints, no docstrings."""
    stack, out = [*function.body, *function.args.defaults, *(it for it in function.args.kw_defaults if it)], []
    while stack:
        node = stack.pop()
        if is_docstring(node):
            continue
        out.append(node)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "type_params"):
                continue
            if isinstance(node, ast.JoinedStr):
                continue
            values = value if isinstance(value, list) else [value]
            stack.extend(it for it in values if isinstance(it, ast.AST))
    return out


def bodies(function):
    out = [function.body]
    for node in ast.walk(function):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt) and body is not function.body:
                out.append(body)
    return out


def edits(text, function):
    """All mutants of a function: kind and text."""
    for node in own_nodes(function):
        if not hasattr(node, "lineno"):
            continue
        span = text.span(node)
        if isinstance(node, ast.BinOp) and type(node.op) in SYMBOLS:
            new = OPERATORS[SYMBOLS[type(node.op)]] if SYMBOLS[type(node.op)] in OPERATORS else "-"
            yield "operator", (span, f"(({text.of(node.left)}) {new} ({text.of(node.right)}))")
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = text.of(node.left), text.of(node.comparators[0])
            yield "comparison", (span, f"(({left}) {COMPARISONS[type(node.ops[0])]} ({right}))")
        elif isinstance(node, ast.BoolOp):
            other = "or" if isinstance(node.op, ast.And) else "and"
            yield "operator", (span, "(" + f" {other} ".join(f"({text.of(it)})" for it in node.values) + ")")
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, bool):
                yield "constant", (span, repr(not node.value))
            elif isinstance(node.value, (int, float)):
                yield "constant", (span, repr(node.value + 1))
            elif isinstance(node.value, str):
                yield "constant", (span, repr(node.value + "x"))
            elif node.value is None:
                yield "constant", (span, "0")
        elif isinstance(node, ast.Call):
            if len(node.args) > 1 and not any(isinstance(it, ast.Starred) for it in node.args[:2]):
                first, second = node.args[:2]
                if ast.dump(first) != ast.dump(second):
                    yield "arguments", [(text.span(first), text.of(second)), (text.span(second), text.of(first))]
            if isinstance(node.func, ast.Name):
                yield "callee", (text.span(node.func), node.func.id + "_other")
            for keyword in node.keywords:
                if keyword.arg:
                    start, end = text.span(keyword)
                    yield "keyword", ((start, start + len(keyword.arg.encode())), keyword.arg + "_")
        elif isinstance(node, ast.Attribute):
            start = text.span(node)[1] - len(node.attr.encode())
            yield "attribute", ((start, span[1]), node.attr + "_")
        elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
            yield "condition", (text.span(node.test), f"(not ({text.of(node.test)}))")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            locals_ = sorted({it.arg for it in ast.walk(function.args) if isinstance(it, ast.arg)} - {node.id})
            if locals_:
                yield "variable", (span, random.choice(locals_))
    for default in [*function.args.defaults, *(it for it in function.args.kw_defaults if it)]:
        yield "default", (text.span(default), "object()")
    for body in bodies(function):
        for one, two in zip(body, body[1:]):
            if simple(one) and simple(two) and ast.dump(one) != ast.dump(two):
                yield "order", [(text.span(one), text.of(two)), (text.span(two), text.of(one))]
        for statement in body:
            if simple(statement):
                yield "deletion", (text.span(statement), "pass")
        last = body[-1]
        if simple(last) and last.col_offset > function.body[0].col_offset and len(body) > 1:
            start, end = text.span(last)
            line = text.starts[last.lineno - 1]
            if not text.data[line:start].strip():
                outer = outer_block(function, body)
                # A `return` where the function ends anyway returns there from within and from behind an `if`.
                is_end = isinstance(outer, ast.If) and outer is function.body[-1]
                is_needless = is_end and isinstance(last, ast.Return) and last.value is None
                if outer is not None and not is_needless:
                    yield "indentation", ((line, start), " " * outer.col_offset)


def outer_block(function, body):
    for node in ast.walk(function):
        if getattr(node, "body", None) is body and not getattr(node, "orelse", None):
            if isinstance(node, (ast.If, ast.For, ast.While, ast.With)):
                return node
    return None


def code(text, function):
    """What Python makes of a function, lines and places apart."""
    tree = compile(text, "m", "exec", dont_inherit=True, optimize=0)
    found = []
    stack = [tree]
    while stack:
        it = stack.pop()
        found.append(it)
        stack.extend(const for const in it.co_consts if isinstance(const, types.CodeType))
    return [shape(it) for it in found]


def shape(it):
    consts = tuple((type(c).__name__, "code" if isinstance(c, types.CodeType) else repr(c)) for c in it.co_consts)
    return (it.co_name, it.co_code, consts, it.co_names, it.co_varnames, it.co_freevars, it.co_cellvars, it.co_flags)


def functions(tree, around=""):
    """Functions with their qualified names, those of a name that is there twice left out."""
    out = collections.defaultdict(list)

    def visit(node, prefix):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                out[prefix + child.name].append(child)
                visit(child, prefix + child.name + ".<locals>.")
            elif isinstance(child, ast.ClassDef):
                visit(child, prefix + child.name + ".")
            else:
                visit(child, prefix)

    visit(tree, around)
    return {name: found[0] for name, found in out.items() if len(found) == 1}


def mutants(options, sample, hashes):
    files = sample(options.corpus, options.files, options.seed)
    per_kind, missed = collections.Counter(), collections.Counter()
    cases = []
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "base").mkdir()
        (work / "mutants").mkdir()
        for number, path in enumerate(files):
            source = path.read_text(encoding="utf-8")
            (work / "base" / f"m{number}.py").write_text(source, encoding="utf-8", newline="")
            text = Text(source)
            found = [(name, *it) for name, f in functions(ast.parse(source)).items() for it in edits(text, f)]
            random.shuffle(found)
            by_kind = collections.Counter()
            for name, kind, edit in found:
                if by_kind[kind] >= 4:
                    continue
                mutated = text.replaced(*(edit if isinstance(edit, list) else [edit]))
                try:
                    if code(mutated, name) == code(source, name):
                        continue
                except (SyntaxError, ValueError):
                    continue
                by_kind[kind] += 1
                case = f"c{len(cases)}.py"
                (work / "mutants" / case).write_text(mutated, encoding="utf-8", newline="")
                cases.append((case, f"m{number}.py", name, kind, path))
        levels = options.levels.split(",")
        before = {it: hashes(options.astkit, work / "base", it) for it in levels}
        after = {it: hashes(options.astkit, work / "mutants", it) for it in levels}
        for case, base, name, kind, path in cases:
            if (base, name) not in before[levels[0]]:
                # In a definition of a name that is there twice: astkit calls it otherwise.
                continue
            per_kind[kind] += 1
            for level in levels:
                if before[level].get((base, name)) == after[level].get((case, name)):
                    missed[kind, level] += 1
                    if options.verbose:
                        print(f"  missed by {level}: {kind} in {path}::{name}")
                        if options.keep:
                            pathlib.Path(options.keep).mkdir(parents=True, exist_ok=True)
                            target = pathlib.Path(options.keep) / f"{kind}-{case}"
                            target.write_bytes((work / "mutants" / case).read_bytes())
                            target.with_suffix(".orig").write_bytes((work / "base" / base).read_bytes())
    print(f"{'kind':14} {'cases':>7} " + " ".join(f"{'missed by ' + it:>18}" for it in levels))
    for kind in sorted(per_kind):
        print(f"{kind:14} {per_kind[kind]:7} " + " ".join(f"{missed[kind, it]:18}" for it in levels))
    sums = [sum(count for (_, level), count in missed.items() if level == it) for it in levels]
    print(f"{'all':14} {sum(per_kind.values()):7} " + " ".join(f"{it:18}" for it in sums))
    return 1 if any(sums) else 0
