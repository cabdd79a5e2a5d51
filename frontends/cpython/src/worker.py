"""The part of astkit's `cpython` frontend that runs inside a Python interpreter (3.8 or newer).

Started as `python -I -S -c <this text>`; speaks over standard input and output. A message is its length (4 bytes,
little-endian) and its bytes. The first request is the schema, as text; the answer tells the interpreter's version.
Each later request is the UTF-8 text of a file; the answer is `T` and the marshalled list of the tree's nodes in
postorder, or `E` and the marshalled description of an error.

A node is a tuple: kind + 256 * role, line, column, end line, end column, number of children, then its scalars in the
order of the schema. Children come in source order. For each class of `ast` that the schema knows, a writer is
generated; differences between versions of Python are evened out here.
"""
import _ast
import _thread
import marshal
import os
import sys
import warnings

NEWEST_BIG_STACK = 512 << 20


class Schema:
    """What the frontend says about kinds, roles and enumerations."""

    def __init__(self, text):
        self.kinds = {}  # class name: (id, [(field name, what, argument)])
        self.enums = {}  # enumeration: {value: number}
        for line in text.splitlines():
            word, name, rest = (line + "  ").split(" ", 2)
            rest = rest.split()
            if word == "kind":
                fields = []
                self.kinds[name] = (int(rest[0]), fields)
            elif word == "field":
                fields.append((name, rest[0], rest[1] if len(rest) > 1 else None))
            elif word == "enum":
                self.enums[name] = {value: at + 1 for at, value in enumerate(rest)}


# Fields in the order of the source text, where it differs from the schema's: a tuple of two is merged by position.
ORDER = {
    "FunctionDef": ["decorator_list", "type_params", "args", "returns", "body"],
    "AsyncFunctionDef": ["decorator_list", "type_params", "args", "returns", "body"],
    "ClassDef": ["decorator_list", "type_params", ("bases", "keywords"), "body"],
    "Call": ["func", ("args", "keywords")],
    "IfExp": ["body", "test", "orelse"],
}

CHILD = """\
    f = n.{0}
    W[f.__class__](f, {1})
"""
OPTIONAL = """\
    f = {2}
    if f is not None:
        W[f.__class__](f, {1})
        c += 1
"""
MANY = """\
    l = {2}
    for f in l:
        W[f.__class__](f, {1})
    c += len(l)
"""
MERGED = """\
    l = n.{0}
    m = n.{2}
    if l and m and before(m[0], l[-1]):
        for f, r in merged(l, {1}, m, {3}):
            W[f.__class__](f, r)
    else:
        for f in l:
            W[f.__class__](f, {1})
        for f in m:
            W[f.__class__](f, {3})
    c += len(l) + len(m)
"""
DICT = """\
    for k, f in zip(n.{0}, n.{2}):
        if k is not None:
            W[k.__class__](k, {1})
            c += 1
        W[f.__class__](f, {3})
    c += len(n.{2})
"""
PARAMETERS = """\
    d = n.defaults
    i = len(d) - len(n.posonlyargs) - len(n.args)
    for l, r in ((n.posonlyargs, {posonlyargs}), (n.args, {args})):
        for f in l:
            W[f.__class__](f, r)
            if i >= 0:
                f = d[i]
                W[f.__class__](f, {defaults})
            i += 1
    c += len(d) + len(n.posonlyargs) + len(n.args)
    f = n.vararg
    if f is not None:
        W[f.__class__](f, {vararg})
        c += 1
    for f, v in zip(n.kwonlyargs, n.kw_defaults):
        W[f.__class__](f, {kwonlyargs})
        if v is not None:
            W[v.__class__](v, {kw_defaults})
            c += 1
    c += len(n.kwonlyargs)
    f = n.kwarg
    if f is not None:
        W[f.__class__](f, {kwarg})
        c += 1
"""
LOCATED = "n.lineno, n.col_offset, n.end_lineno, n.end_col_offset"


def before(a, b):
    return (a.lineno, a.col_offset) < (b.lineno, b.col_offset)


def merged(a, role_a, b, role_b):
    both = [(x, role_a) for x in a] + [(x, role_b) for x in b]
    both.sort(key=lambda it: (it[0].lineno, it[0].col_offset))
    return both


def scalar(field, what, argument):
    """The expression for a scalar's value; none for a field that is not transmitted."""
    if what in ("identifier", "identifiers", "constant", "int"):
        return "n." + field
    if what == "enum":
        return "E_%s[n.%s.__class__.__name__]" % (argument, field)
    if what == "enums":
        return "[E_%s[o.__class__.__name__] for o in n.%s]" % (argument, field)
    if what == "string":
        return "E_%s.get(n.%s, 0)" % (argument, field)
    return None


def writer_source(name, kind, fields, located, present):
    """The source of the function that writes a node of one class."""
    if name == "arguments":
        # Without parameters, there is nothing that tells the place: the parent sets it.
        located = "getattr(n, 'place', (0, 0, 0, 0))"
        located = "*" + located
    roles = {field: str(int(role) * 256) for field, what, role in fields if what in ("node", "opt", "many", "holes")}
    whats = {field: what for field, what, _ in fields}
    lines = []
    const = 0
    order = ORDER.get(name) or [field for field in roles]
    if name == "arguments":
        lines.append(PARAMETERS.format(**roles))
    elif name in ("Dict", "MatchMapping"):
        a, b = ("keys", "values") if name == "Dict" else ("keys", "patterns")
        lines.append(DICT.format(a, roles[a], b, roles[b]))
    else:
        for field in order:
            if isinstance(field, tuple):
                a, b = field
                lines.append(MERGED.format(a, roles[a], b, roles[b]))
            elif whats[field] == "node":
                lines.append(CHILD.format(field, roles[field]))
                const += 1
            elif field in present:
                template = OPTIONAL if whats[field] == "opt" else MANY
                lines.append(template.format(field, roles[field], "n." + field))
    scalars = [s for s in (scalar(*field) for field in fields) if s]
    head = "def w_%s(n, role):\n    c = %d\n" % (name, const)
    if name in ("FunctionDef", "AsyncFunctionDef", "Lambda"):
        head += "    place(n)\n"
    tail = "    ap((%d + role, %s, c%s))\n" % (kind, located or "0, 0, 0, 0", "".join(", " + s for s in scalars))
    return head + "".join(lines) + tail


def place(n):
    """Gives empty parameter lists a place: where the text of the parameters would be at the earliest."""
    params = getattr(n, "type_params", None)
    if params:
        line, col = params[-1].end_lineno, params[-1].end_col_offset
    else:
        line, col = n.lineno, n.col_offset
    n.args.place = (line, col, line, col)


def children(n):
    for field in n._fields:
        value = getattr(n, field, None)
        if isinstance(value, _ast.AST):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, _ast.AST):
                    yield item


def set_place(n, line, col, end_line, end_col):
    n.lineno, n.col_offset, n.end_lineno, n.end_col_offset = line, col, end_line, end_col


def same_place(n, other):
    set_place(n, other.lineno, other.col_offset, other.end_lineno, other.end_col_offset)


class Python38:
    """Evens out what is particular to the trees of old versions, before they are written."""

    def __init__(self, text):
        self.lines = text.encode("utf-8").split(b"\n")

    def joined_str(self, n):
        # Up to 3.11 the parts of an f-string have its whole place or, on 3.8, even a wrong one.
        stack = list(n.values)
        first, last = (n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)
        while stack:
            d = stack.pop()
            if "lineno" in d._attributes:
                start = (getattr(d, "lineno", 0), getattr(d, "col_offset", 0))
                end = (getattr(d, "end_lineno", 0), getattr(d, "end_col_offset", 0))
                if not first <= start <= end <= last:
                    same_place(d, n)
            stack.extend(children(d))

    def aliases(self, n):
        # No places of names before 3.10: the end of the statement is in order, at least.
        for a in n.names:
            set_place(a, n.end_lineno, n.end_col_offset, n.end_lineno, n.end_col_offset)

    def keywords(self, n):
        for k in n.keywords:
            same_place(k, k.value)

    def subscript(self, n):
        # 3.8 wraps what is in brackets, and slices have no place.
        n.slice = self.unwrapped(n.slice, n)

    def unwrapped(self, s, n):
        name = s.__class__.__name__
        if name == "Index":
            return s.value
        if name == "ExtSlice":
            t = _ast.Tuple([self.unwrapped(d, n) for d in s.dims], _ast.Load())
            set_place(t, t.elts[0].lineno, t.elts[0].col_offset, t.elts[-1].end_lineno, t.elts[-1].end_col_offset)
            return t
        if name == "Slice" and not hasattr(s, "lineno"):
            parts = [p for p in (s.lower, s.upper, s.step) if p is not None]
            if parts:
                set_place(s, parts[0].lineno, parts[0].col_offset, parts[-1].end_lineno, parts[-1].end_col_offset)
            else:
                v = n.value
                set_place(s, v.end_lineno, v.end_col_offset, v.end_lineno, v.end_col_offset)
        return s

    def with_items(self, n):
        # `with (a, b):` has two items, but 3.8 says that it has one, a tuple.
        item = n.items[0]
        t = item.context_expr
        if len(n.items) != 1 or item.optional_vars is not None or t.__class__ is not _ast.Tuple or not t.elts:
            return
        keyword = b"async" if n.__class__ is _ast.AsyncWith else b"with"
        after = self.lines[n.lineno - 1][n.col_offset :]
        if keyword == b"async":
            after = after[5:].lstrip(b" \t\f")
        after = after[4:].lstrip(b" \t\f")
        if not after.startswith(b"(") or n.lineno != t.lineno:
            return
        if len(self.lines[n.lineno - 1]) - len(after) != t.col_offset:
            return
        for at, e in enumerate(t.elts):
            if e.__class__ in (_ast.Starred, _ast.Yield, _ast.YieldFrom):
                return
            if e.__class__ is _ast.NamedExpr and not self.in_parentheses(e, t if at == 0 else None):
                return
        n.items = [_ast.withitem(e, None) for e in t.elts]

    def in_parentheses(self, e, parent):
        line = self.lines[e.lineno - 1][: e.col_offset].rstrip(b" \t\f")
        if not line.endswith(b"("):
            return False
        return parent is None or (e.lineno, len(line) - 1) != (parent.lineno, parent.col_offset)


def tidy_parts(n):
    """Drops empty texts from an f-string and joins adjacent ones: Python 3.12 leaves some."""
    out = []
    for v in n.values:
        if v.__class__ is _ast.Constant:
            if v.value == "":
                continue
            if out and out[-1].__class__ is _ast.Constant:
                last = out[-1]
                last.value += v.value
                last.end_lineno, last.end_col_offset = v.end_lineno, v.end_col_offset
                continue
        out.append(v)
    n.values = out


def adjusted(writer, adjust):
    """The writer, with a look at the node before."""

    def write(n, role):
        adjust(n)
        writer(n, role)

    return write


class Worker:
    def __init__(self, schema):
        self.writers = {}
        namespace = {
            "W": self.writers,
            "ap": None,
            "before": before,
            "merged": merged,
            "place": place,
        }
        for name, values in schema.enums.items():
            namespace["E_" + name] = values
        sources, classes = [], []
        for name, (kind, fields) in schema.kinds.items():
            cls = getattr(_ast, name, None)
            if cls is None:
                continue
            located = LOCATED if "lineno" in cls._attributes or name in ("alias", "keyword", "Slice") else None
            sources.append(writer_source(name, kind, fields, located, cls._fields))
            classes.append((cls, "w_" + name))
        exec(compile("".join(sources), "<writers>", "exec"), namespace)
        for cls, name in classes:
            self.writers[cls] = namespace[name]
        self.namespace = namespace
        self.plain = dict(self.writers)

    def adjust(self, text):
        """Puts this version's adjustments between the tree and its writers."""
        version = sys.version_info
        if version >= (3, 13):
            return
        w, plain = self.writers, self.plain
        w[_ast.JoinedStr] = adjusted(plain[_ast.JoinedStr], tidy_parts)
        if version >= (3, 12):
            return
        old = Python38(text)
        w[_ast.JoinedStr] = adjusted(w[_ast.JoinedStr], old.joined_str)
        if version >= (3, 10):
            return
        for cls in (_ast.Import, _ast.ImportFrom):
            w[cls] = adjusted(plain[cls], old.aliases)
        if version >= (3, 9):
            return
        for cls in (_ast.Call, _ast.ClassDef):
            w[cls] = adjusted(plain[cls], old.keywords)
        w[_ast.Subscript] = adjusted(plain[_ast.Subscript], old.subscript)
        for cls in (_ast.With, _ast.AsyncWith):
            w[cls] = adjusted(plain[cls], old.with_items)

    def answer(self, data):
        text = data.decode("utf-8")
        try:
            tree = compile(text, "<astkit>", "exec", _ast.PyCF_ONLY_AST, True)
            nodes = []
            self.namespace["ap"] = nodes.append
            self.adjust(text)
            self.writers[_ast.Module](tree, 0)
            return b"T" + marshal.dumps(nodes, 2)
        except SyntaxError as e:
            end = (getattr(e, "end_lineno", None), getattr(e, "end_offset", None))
            place = (e.lineno, e.offset) + end
            error = (type(e).__name__, str(e.msg)) + place
        except Exception as e:
            error = (type(e).__name__, str(e), None, None, None, None)
        finally:
            self.namespace["ap"] = None
        return b"E" + marshal.dumps(tuple(x if isinstance(x, str) else number(x) for x in error), 2)


def number(x):
    return x if isinstance(x, int) and 0 <= x < 1 << 31 else None


def read_message(stream):
    head = stream.read(4)
    if len(head) < 4:
        return None
    size = int.from_bytes(head, "little")
    data = stream.read(size)
    return data if len(data) == size else None


def write_message(stream, data):
    stream.write(len(data).to_bytes(4, "little"))
    stream.write(data)
    stream.flush()


def serve(source, sink):
    schema = read_message(source)
    if schema is None:
        return
    worker = Worker(Schema(schema.decode("utf-8")))
    write_message(sink, marshal.dumps(tuple(sys.version_info[:3]) + (sys.implementation.name,), 2))
    while True:
        data = read_message(source)
        if data is None:
            return
        write_message(sink, worker.answer(data))


def main():
    warnings.simplefilter("ignore")
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    import gc

    # Trees have no cycles.
    gc.disable()
    # Nothing but answers may go where answers go.
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    source = sys.stdin.buffer

    done = _thread.allocate_lock()
    done.acquire()

    def run():
        try:
            serve(source, sink)
        finally:
            done.release()

    try:
        _thread.stack_size(NEWEST_BIG_STACK)
        sys.setrecursionlimit(60000)
        _thread.start_new_thread(run, ())
    except Exception:
        # Too little address space for a big stack: deeply nested files will be refused earlier.
        sys.setrecursionlimit(3000)
        serve(source, sink)
        os._exit(0)
    done.acquire()
    os._exit(0)


main()
