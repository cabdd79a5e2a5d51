"""Really executed definition-use pairs: code is rewritten so that every variable has a shadow that knows its definition.

A binding of `x` also binds `__d_x__`, with the same scoping, to the place of the binding; a read of `x` notes the
pair of that place and its own. Places are (line, column) of the node that has the name, as `astkit analyze def-use` has
them. Not followed: bindings by `import *`, `exec`, other modules; a target of a failing unpacking keeps its old shadow.
"""
import ast


def shadow(name):
    return f"__d_{name}__"


def place(node):
    return ast.Tuple([ast.Constant(node.lineno), ast.Constant(node.col_offset)], ast.Load())


def load(name):
    return ast.Name(name, ast.Load())


def targets(node):
    """The names that a target binds."""
    return [it for it in ast.walk(node) if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store)]


class Rewrite(ast.NodeTransformer):
    def __init__(self):
        self.names = set()

    def set(self, name, node):
        self.names.add(name)
        return ast.Assign([ast.Name(shadow(name), ast.Store())], place(node))

    def set_expression(self, name, node):
        self.names.add(name)
        return ast.NamedExpr(ast.Name(shadow(name), ast.Store()), place(node))

    def sets(self, target):
        return [self.set(it.id, it) for it in targets(target)]

    def body(self, statements):
        out = []
        for it in statements:
            it = self.visit(it)
            out += it if isinstance(it, list) else [it]
        return out

    def note(self, node, name):
        self.names.add(name)
        return ast.Call(load("__note__"), [place(node), load(name), load(shadow(name))], [])

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load) and not (node.id.startswith("__") and node.id.endswith("__")):
            return self.note(node, node.id)
        return node

    def function(self, node):
        args = node.args
        node.decorator_list = [self.visit(it) for it in node.decorator_list]
        self.defaults(args)
        params = args.posonlyargs + args.args + [args.vararg] + args.kwonlyargs + [args.kwarg]
        bound = [self.set(it.arg, it) for it in params if it]
        body = self.body(node.body)
        doc = ast.get_docstring(node, clean=False) is not None
        declared = [it for it in body if isinstance(it, (ast.Global, ast.Nonlocal))]
        rest = [it for it in body[doc:] if not isinstance(it, (ast.Global, ast.Nonlocal))]
        node.body = body[:doc] + declared + bound + rest
        return [node, self.set(node.name, node)]

    visit_FunctionDef = visit_AsyncFunctionDef = function

    def defaults(self, args):
        args.defaults = [self.visit(it) for it in args.defaults]
        args.kw_defaults = [it and self.visit(it) for it in args.kw_defaults]

    def visit_Lambda(self, node):
        self.defaults(node.args)
        args = node.args
        params = args.posonlyargs + args.args + [args.vararg] + args.kwonlyargs + [args.kwarg]
        bound = [self.set_expression(it.arg, it) for it in params if it]
        node.body = ast.Subscript(ast.Tuple(bound + [self.visit(node.body)], ast.Load()), ast.Constant(-1), ast.Load())
        return node

    def visit_ClassDef(self, node):
        node.decorator_list = [self.visit(it) for it in node.decorator_list]
        node.bases = [self.visit(it) for it in node.bases]
        node.keywords = [self.visit(it) for it in node.keywords]
        node.body = self.body(node.body)
        return [node, self.set(node.name, node)]

    def visit_Assign(self, node):
        bound = [it for target in node.targets for it in self.sets(target)]
        return [self.generic_visit(node)] + bound

    def visit_AnnAssign(self, node):
        node.target = self.visit(node.target)
        if node.value is None:
            return node
        node.value = self.visit(node.value)
        return [node] + self.sets(node.target)

    def visit_AugAssign(self, node):
        before = []
        if isinstance(node.target, ast.Name):
            before = [ast.Expr(self.note(node.target, node.target.id))]
        bound = self.sets(node.target)
        return before + [self.generic_visit(node)] + bound

    def visit_NamedExpr(self, node):
        bound = self.set_expression(node.target.id, node.target)
        node.value = self.visit(node.value)
        return ast.Subscript(ast.Tuple([node, bound], ast.Load()), ast.Constant(0), ast.Load())

    def visit_For(self, node):
        bound = self.sets(node.target)
        node.iter, node.target = self.visit(node.iter), self.visit(node.target)
        node.body, node.orelse = bound + self.body(node.body), self.body(node.orelse)
        return node

    visit_AsyncFor = visit_For

    def visit_With(self, node):
        bound = [it for item in node.items if item.optional_vars for it in self.sets(item.optional_vars)]
        node.items = [self.generic_visit(it) for it in node.items]
        node.body = bound + self.body(node.body)
        return node

    visit_AsyncWith = visit_With

    def visit_ExceptHandler(self, node):
        if node.type:
            node.type = self.visit(node.type)
        bound = [self.set(node.name, node)] if node.name else []
        node.body = bound + self.body(node.body)
        return node

    def imported(self, node):
        names = [(it, (it.asname or it.name).split(".")[0]) for it in node.names if it.name != "*"]
        return [node] + [self.set(name, it) for it, name in names]

    visit_Import = visit_ImportFrom = imported

    def visit_match_case(self, node):
        bound = []
        for it in ast.walk(node.pattern):
            name = getattr(it, "rest", None) if isinstance(it, ast.MatchMapping) else getattr(it, "name", None)
            if isinstance(it, (ast.MatchMapping, ast.MatchAs, ast.MatchStar)) and name:
                bound.append(self.set_expression(name, it))
        guard = self.visit(node.guard) if node.guard else ast.Constant(True)
        if bound:
            ready = ast.Subscript(ast.Tuple(bound + [ast.Constant(True)], ast.Load()), ast.Constant(-1), ast.Load())
            guard = ast.BoolOp(ast.And(), [ready, guard])
        node.guard = guard if bound or node.guard else None
        node.body = self.body(node.body)
        return node

    def comprehension(self, node):
        generators = []
        for it in node.generators:
            bound = targets(it.target)
            it = self.generic_visit(it)
            conditions, it.ifs = it.ifs, []
            generators.append(it)
            for name in bound:
                self.names.add(name.id)
                once = ast.Tuple([place(name)], ast.Load())
                generators.append(ast.comprehension(ast.Name(shadow(name.id), ast.Store()), once, [], 0))
            generators[-1].ifs = conditions
        node.generators = generators
        for field in ("key", "value", "elt"):
            if hasattr(node, field):
                setattr(node, field, self.visit(getattr(node, field)))
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    def declared(self, node):
        self.names.update(node.names)
        node.names = node.names + [shadow(it) for it in node.names]
        return node

    visit_Global = visit_Nonlocal = declared


def rewritten(source, filename):
    """The code object of a module that notes its pairs with the global `__note__`."""
    tree = ast.parse(source)
    rewrite = Rewrite()
    first = 0
    if ast.get_docstring(tree, clean=False) is not None:
        first = 1
    while first < len(tree.body) and getattr(tree.body[first], "module", None) == "__future__":
        first += 1
    body = rewrite.body(tree.body[first:])
    start = [ast.Assign([ast.Name(shadow(it), ast.Store())], ast.Constant(None)) for it in sorted(rewrite.names)]
    tree.body = tree.body[:first] + start + body
    return compile(ast.fix_missing_locations(tree), filename, "exec", dont_inherit=True)


def tracer():
    """A set of pairs ((definition's line, column), (use's line, column)), and the function that fills it."""
    pairs = set()

    def note(use, value, definition):
        if definition is not None:
            pairs.add((definition, use))
        return value

    return pairs, note
