"""Edits that change no behavior, by other people's tools, on real files.

Each kind takes a file's text and gives another one that behaves the same. The tools are independent of astkit: black,
ruff, yapf, autopep8, isort, python-minifier and strip-hints from PyPI, and Python's own `ast` and `tokenize`.
"""

import ast
import io
import pathlib
import subprocess
import tempfile
import tokenize


def black_(text):
    import black

    return black.format_str(text, mode=black.Mode(line_length=61, string_normalization=True))


def autopep8_(text):
    import autopep8

    return autopep8.fix_code(text, options={"ignore": ["E402"], "max_line_length": 60})


def yapf_(text):
    from yapf.yapflib.yapf_api import FormatCode

    return FormatCode(text, style_config="facebook")[0]


def isort_(text):
    import isort

    return isort.code(text, profile="black", force_single_line=True)


def isort_merged(text):
    import isort

    return isort.code(text, profile="google", combine_as_imports=True, force_sort_within_sections=True)


def minifier(text):
    """Renames local variables, and does nothing else.

    Left alone are parameters (the minifier gives them second names), functions and classes whose names can be read
    off them, because they are used for more than being called, and what a class body with bases looks up: in
    its own namespace first, which a metaclass has made. Files whose code looks at frames or code objects, or calls a
    method that evaluates a text in the frame of its caller as numexpr and pandas do, are left out.
    """
    if any(isinstance(it, ast.Attribute) and it.attr in NAME_READERS for it in ast.walk(ast.parse(text))):
        raise ValueError("local names are read")
    if any(it in text for it in ("currentframe", "_getframe")):
        raise ValueError("local names are read")
    import python_minifier

    return python_minifier.minify(
        text,
        remove_annotations=False,
        remove_pass=False,
        remove_literal_statements=False,
        combine_imports=False,
        hoist_literals=False,
        rename_locals=True,
        preserve_locals=visible_names(ast.parse(text)),
        rename_globals=False,
        remove_object_base=False,
        convert_posargs_to_args=False,
        preserve_shebang=False,
        remove_asserts=False,
        remove_debug=False,
        remove_explicit_return_none=False,
        remove_builtin_exception_brackets=False,
        constant_folding=False,
    )


#: Attributes by which a program reads the names of local variables.
NAME_READERS = {"f_locals", "f_code", "tb_frame", "gi_frame", "cr_frame", "__code__", "__closure__", "evaluate"}


def looked_up_by(class_):
    """The names that the body of a class itself reads, and not a function in it."""
    if not (class_.bases or class_.keywords):
        return
    stack = list(class_.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            stack += [*node.args.defaults, *filter(None, node.args.kw_defaults)]
            stack += getattr(node, "decorator_list", [])
        else:
            stack += ast.iter_child_nodes(node)


def visible_names(tree):
    called = {id(it.func) for it in ast.walk(tree) if isinstance(it, ast.Call)}
    used = {it.id for it in ast.walk(tree) if isinstance(it, ast.Name) and id(it) not in called}
    out = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            out.add(node.name)
            out.update(looked_up_by(node))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if node.name in used or node.decorator_list:
                out.add(node.name)
            out.update(it.arg for it in node.args.args + node.args.kwonlyargs)
        elif isinstance(node, ast.Lambda):
            out.update(it.arg for it in node.args.args + node.args.kwonlyargs)
        elif isinstance(node, ast.Name) and node.id.startswith("__"):
            out.add(node.id)
        elif isinstance(node, ast.JoinedStr):
            # `f"{x=}"` shows the name.
            fields = [it for it in node.values if isinstance(it, ast.FormattedValue)]
            out.update(it.id for field in fields for it in ast.walk(field) if isinstance(it, ast.Name))
    return sorted(out)


def strip_hints_(text):
    # Decorators of a class may look at its methods, too.
    defs = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    if reads_hints(text) or not all(is_usual(it) for it in ast.walk(ast.parse(text)) if isinstance(it, defs)):
        raise ValueError("hints may be read")
    if any(
        isinstance(it, ast.AnnAssign)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
        for it in node.body
    ):
        raise ValueError("a class whose fields may be its hints")
    from strip_hints import strip_string_to_string

    return strip_string_to_string(text, to_empty=True, strip_nl=True)


USUAL = {"property", "staticmethod", "classmethod", "abstractmethod", "setter", "overload", "contextmanager"}


def is_usual(node):
    """Whether nothing is known to look at a definition's docstring or hints."""
    return {getattr(it, "id", None) or getattr(it, "attr", None) for it in node.decorator_list} <= USUAL


def reads_hints(text):
    return any(it in text for it in ("__annotations__", "get_type_hints", "get_annotations", "argspec", "ignature"))


class NoHints(ast.NodeTransformer):
    """Takes hints off parameters, results, and the variables of functions and modules."""

    def __init__(self):
        self.in_class = False

    def visit_ClassDef(self, node):
        if not is_usual(node):
            # Decorators of a class may look at its methods, too.
            return node
        before, self.in_class = self.in_class, True
        self.generic_visit(node)
        self.in_class = before
        return node

    def visit_FunctionDef(self, node):
        before, self.in_class = self.in_class, False
        if is_usual(node):
            node.returns = None
            for arg in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
                arg.annotation = None
            for arg in filter(None, [node.args.vararg, node.args.kwarg]):
                arg.annotation = None
        self.generic_visit(node)
        self.in_class = before
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_AnnAssign(self, node):
        if self.in_class or node.value is None:
            return node
        return ast.copy_location(ast.Assign([node.target], node.value), node)


def no_hints(text):
    if reads_hints(text):
        raise ValueError("hints are read")
    tree = NoHints().visit(ast.parse(text))
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def unparsed(text):
    """Python's own formatting: other quotes, parentheses, numbers and prefixes."""
    return ast.unparse(ast.parse(text)) + "\n"


def comments(text):
    """Takes all comments out, and writes others at the end of logical lines."""
    out, last = [], (1, 0)
    lines = text.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for number, token in enumerate(tokens):
        row, col = token.start
        if token.type == tokenize.COMMENT:
            if row == 1 and token.string.startswith("#!") or "coding" in token.string and row < 3:
                continue
            out.append((row, col, len(token.string), ""))
        elif token.type == tokenize.NEWLINE and token.string:
            before = tokens[number - 1]
            if before.type != tokenize.COMMENT:
                out.append((row, col, 0, f"  # note {row}"))
    for row, col, length, new in sorted(out, reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:col] + new + line[col + length :]
    return "".join(lines)


def docstrings(text):
    """Rewrites the docstrings of definitions without unusual decorators, if nothing in the file reads one."""
    if any(it in text for it in ("__doc__", "getdoc", "doctest", "pydoc", "cleandoc")):
        raise ValueError("docstrings are read")
    tree = ast.parse(text)
    lines = text.encode().splitlines(keepends=True)
    edits = []
    for node in ast.walk(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if not is_usual(node):
            continue
        first = node.body[0]
        is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        if is_docstring and isinstance(first.value.value, str):
            edits.append((first.lineno, first.col_offset, first.end_lineno, first.end_col_offset, node.name))
    for row, col, end_row, end_col, name in sorted(edits, reverse=True):
        before, after = lines[row - 1][:col], lines[end_row - 1][end_col:]
        new = f'"""Says something else about {name}."""'.encode()
        lines[row - 1 : end_row] = [before + new + after]
    return b"".join(lines).decode()


def ruff(*arguments):
    def run(text):
        command = ["ruff", *arguments, "--isolated", "--quiet", "--no-cache", "-"]
        return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout

    return run


#: The kinds, with whether all definitions of a file count (or those alone that are no modules).
KINDS = {
    "black": black_,
    "ruff format": ruff("format", "--line-length=70"),
    "ruff quotes": ruff("format", "--config=format.quote-style='single'", "--line-length=140"),
    "yapf": yapf_,
    "autopep8": autopep8_,
    "unparse": unparsed,
    "comments": comments,
    "docstrings": docstrings,
    "hints": no_hints,
    "strip-hints": strip_hints_,
    "isort": isort_,
    "isort merged": isort_merged,
    "ruff imports": ruff("check", "--select=I", "--fix", "--exit-zero"),
    "minifier": minifier,
}
