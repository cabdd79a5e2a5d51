"""What CPython's own symbol tables say: scopes, symbols, and the owner of every occurrence of a name.

Reads paths from standard input, one a line; prints one JSON object a path: the shapes `scopes` and `references` of
`astkit analyze`, or {"path", "error"} for a file that this Python does not compile. Made for CPython 3.11.

The tables come from `symtable`; occurrences from a walk over `ast` that enters scopes in the compiler's order.
"""
import ast
import json
import sys
import symtable
import warnings

RESOLUTION = {1: "local", 2: "global_explicit", 3: "global_implicit", 4: "free", 5: "cell"}
PREDICATES = [
    "referenced", "imported", "parameter", "global", "nonlocal", "declared_global", "local", "annotated", "free",
    "assigned", "namespace",
]
BOUND = 2 | 4 | 128


def resolution(flags):
    return RESOLUTION[(flags >> 11) & 15]


class Table:
    def __init__(self, table, parent, tables):
        self.table, self.parent, self.id = table, parent, len(tables)
        tables.append(self)
        self.flags = table._table.symbols
        self.children = [Table(it, self, tables) for it in table.get_children()]
        self.unseen = list(self.children)

    def shape(self):
        symbols = {}
        for symbol in self.table.get_symbols():
            flags = [it for it in PREDICATES if getattr(symbol, "is_" + it)()]
            symbols[symbol.get_name()] = {"scope": resolution(self.flags[symbol.get_name()]), "flags": flags}
        return {
            "id": self.id,
            "parent": self.parent.id if self.parent else None,
            "name": self.table.get_name(),
            "type": self.table.get_type(),
            "line": self.table.get_lineno(),
            "symbols": symbols,
        }


def mangle(private, name):
    if private is None or not name.startswith("__") or name.endswith("__") or not private.strip("_"):
        return name
    return "_" + private.lstrip("_") + name


class Names(ast.NodeVisitor):
    def __init__(self, module, top, tables):
        self.top, self.now, self.private, self.names, self.hidden = top, top, None, [], False
        self.unevaluated = []
        self.globals = {
            name
            for table in tables
            for name, flags in table.flags.items()
            if flags & BOUND and (table is top or resolution(flags).startswith("global"))
        }
        self.postponed = any(
            isinstance(it, ast.ImportFrom) and it.module == "__future__" and any(a.name == "annotations" for a in it.names)
            for it in module.body
        )
        for statement in module.body:
            self.visit(statement)

    def owner(self, name):
        table = self.now
        while name not in table.flags:
            table = table.parent
            while table and table.table.get_type() == "class":
                table = table.parent
            if table is None:
                return -1
        how = resolution(table.flags[name])
        if how.startswith("global") or table is self.top:
            return 0 if name in self.globals else -1
        if how in ("local", "cell"):
            return table.id
        while table := table.parent:
            kind = table.table.get_type()
            if kind == "class" and name == "__class__":
                return table.id
            if kind == "function" and name in table.flags and resolution(table.flags[name]) in ("local", "cell"):
                return table.id
        return -1

    def note(self, node, name, role):
        owner = self.owner(mangle(self.private, name))
        names = self.unevaluated if self.hidden else self.names
        names.append([node.lineno, node.col_offset, name, role, self.now.id, owner])

    def enter(self, name, line, visit):
        if self.hidden:
            return visit()
        before, found = self.now, None
        for at, table in enumerate(before.unseen):
            if table.table.get_name() == name and table.table.get_lineno() == line:
                found = before.unseen.pop(at)
                break
        self.now = found
        visit()
        assert not found.unseen, (name, line)
        self.now = before

    def all(self, nodes):
        for node in nodes:
            if node is not None:
                self.visit(node)

    def annotation(self, node):
        hidden, self.hidden = self.hidden, self.hidden or self.postponed
        if node is not None:
            self.visit(node)
        self.hidden = hidden

    def visit_Name(self, node):
        self.note(node, node.id, type(node.ctx).__name__.lower())

    def parameters(self, args):
        for arg in args.posonlyargs + args.args + args.kwonlyargs + [args.vararg, args.kwarg]:
            if arg:
                self.note(arg, arg.arg, "param")

    def visit_FunctionDef(self, node):
        self.note(node, node.name, "def")
        args = node.args
        self.all(args.defaults + args.kw_defaults)
        for arg in args.posonlyargs + args.args + [args.vararg, args.kwarg] + args.kwonlyargs:
            if arg:
                self.annotation(arg.annotation)
        self.annotation(node.returns)
        self.all(node.decorator_list)
        self.enter(node.name, node.lineno, lambda: (self.parameters(args), self.all(node.body)))

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.all(node.args.defaults + node.args.kw_defaults)
        self.enter("lambda", node.lineno, lambda: (self.parameters(node.args), self.visit(node.body)))

    def visit_ClassDef(self, node):
        self.note(node, node.name, "class")
        self.all(node.bases + node.keywords + node.decorator_list)
        private = self.private

        def body():
            self.private = node.name
            self.all(node.body)
            self.private = private

        self.enter(node.name, node.lineno, body)

    def comprehension(self, node, name, *elements):
        first, *rest = node.generators
        self.visit(first.iter)

        def body():
            self.visit(first.target)
            self.all(first.ifs)
            self.all(rest)
            self.all(elements)

        self.enter(name, node.lineno, body)

    def visit_comprehension(self, node):
        self.visit(node.target)
        self.visit(node.iter)
        self.all(node.ifs)

    def visit_ListComp(self, node):
        self.comprehension(node, "listcomp", node.elt)

    def visit_SetComp(self, node):
        self.comprehension(node, "setcomp", node.elt)

    def visit_GeneratorExp(self, node):
        self.comprehension(node, "genexpr", node.elt)

    def visit_DictComp(self, node):
        self.comprehension(node, "dictcomp", node.value, node.key)

    def visit_Dict(self, node):
        self.all(node.keys + node.values)

    def visit_AnnAssign(self, node):
        self.visit(node.target)
        self.annotation(node.annotation)
        if node.value:
            self.visit(node.value)

    def visit_Try(self, node):
        self.all(node.body + node.orelse + node.handlers + node.finalbody)

    visit_TryStar = visit_Try

    def visit_ExceptHandler(self, node):
        if node.type:
            self.visit(node.type)
        if node.name:
            self.note(node, node.name, "except")
        self.all(node.body)

    def visit_alias(self, node):
        if node.name != "*":
            self.note(node, (node.asname or node.name).split(".")[0], "import")

    def visit_Global(self, node):
        for name in node.names:
            self.note(node, name, "global")

    def visit_Nonlocal(self, node):
        for name in node.names:
            self.note(node, name, "nonlocal")

    def visit_MatchMapping(self, node):
        self.all(node.keys + node.patterns)
        if node.rest:
            self.note(node, node.rest, "capture")

    def visit_MatchStar(self, node):
        if node.name:
            self.note(node, node.name, "capture")

    def visit_MatchAs(self, node):
        if node.pattern:
            self.visit(node.pattern)
        if node.name:
            self.note(node, node.name, "capture")


def answer(path):
    with open(path, "rb") as file:
        source = file.read()
    tables = []
    try:
        top = Table(symtable.symtable(source, path, "exec"), None, tables)
        module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError) as error:
        return {"error": repr(error)}
    walk = Names(module, top, tables)
    shapes = [it.shape() for it in tables]
    return {"scopes": shapes, "names": sorted(walk.names), "unevaluated": sorted(walk.unevaluated)}


if __name__ == "__main__":
    sys.setrecursionlimit(5000)
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        path = line.rstrip("\n")
        print(json.dumps({"path": path, **answer(path)}))
