"""What CPython's `eval` makes of random expressions of constants and of names that are bound to such.

`values.py COUNT SEED`: prints COUNT lines `{"source", "values": {name: [type, text] | null}}`; null is an error. A source is
some assignments, each of an expression of constants, of earlier names, and of calls of builtins. The text is `repr` with
the members of sets sorted.
"""
import json
import random
import sys
import warnings

sys.set_int_max_str_digits(0)
warnings.simplefilter("ignore")


def written(value):
    if isinstance(value, (tuple, list)):
        items = ", ".join(map(written, value))
        if isinstance(value, list):
            return f"[{items}]"
        return f"({items},)" if len(value) == 1 else f"({items})"
    if isinstance(value, (set, frozenset)) and value:
        items = "{" + ", ".join(sorted(map(written, value))) + "}"
        return items if isinstance(value, set) else f"frozenset({items})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)}: {written(it)}" for key, it in value.items()) + "}"
    return repr(value)


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = []

    def pick(self, *of):
        return self.random.choice(of)

    def leaf(self):
        if self.names and self.random.random() < 0.25:
            return self.pick(*self.names)
        number = self.random.randint
        return self.pick(
            str(number(-3, 12)), str(number(0, 1 << self.random.choice((8, 31, 53, 64, 90)))),
            repr(round(self.random.uniform(-20, 20), number(0, 6))), repr(self.random.uniform(-1, 1) * 10.0 ** number(-30, 30)),
            f"{number(0, 9)}j", "True", "False", "None", "...", "''", "'a'", "'bcd'", "'é€😀'", "'a b\\tc'", "b''", "b'xy\\0'",
            "()", "[]", "{}", "1e300", "0.0", "-0.0", "2**63", "' 12 '", "'-7'", "'1.5e3'",
        )

    def expr(self, depth):
        if depth <= 0 or self.random.random() < 0.12:
            return self.leaf()
        make = self.pick(
            self.binary, self.binary, self.binary, self.unary, self.compare, self.boolean, self.either, self.item, self.slice,
            self.container, self.container, self.text, self.call, self.call, self.method,
        )
        return f"({make(depth - 1)})"

    def binary(self, depth):
        op = self.pick("+", "+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^")
        return f"{self.expr(depth)} {op} {self.expr(depth)}"

    def unary(self, depth):
        return self.pick("-", "+", "~", "not ") + self.expr(depth)

    def compare(self, depth):
        op = lambda: self.pick("<", "<=", ">", ">=", "==", "!=", "in", "not in", "is", "is not")
        more = f" {op()} {self.expr(depth)}" if self.random.random() < 0.2 else ""
        return f"{self.expr(depth)} {op()} {self.expr(depth)}{more}"

    def boolean(self, depth):
        return f"{self.expr(depth)} {self.pick('and', 'or')} {self.expr(depth)}"

    def either(self, depth):
        return f"{self.expr(depth)} if {self.expr(depth)} else {self.expr(depth)}"

    def sequence(self, depth):
        return self.pick(self.leaf, lambda: f"({self.container(depth)})", lambda: f"({self.text(depth)})")()

    def item(self, depth):
        return f"{self.sequence(depth)}[{self.pick(self.expr(depth), str(self.random.randint(-3, 3)))}]"

    def slice(self, depth):
        part = lambda: self.pick("", "", str(self.random.randint(-5, 5)), self.expr(depth - 2))
        return f"{self.sequence(depth)}[{part()}:{part()}:{self.pick('', '', '-1', '2', '-2', part())}]"

    def container(self, depth):
        count = self.random.randint(0, 3)
        items = [self.expr(depth - 1) for _ in range(count)]
        if self.random.random() < 0.15:
            items.append("*" + self.sequence(depth - 1))
        kind = self.pick("tuple", "list", "set", "dict")
        if kind == "dict":
            pairs = [f"{self.leaf()}: {self.expr(depth - 1)}" for _ in range(count)]
            return "{" + ", ".join(pairs + (["**{1: 2, 'a': 3}"] if self.random.random() < 0.1 else [])) + "}"
        if kind == "set" and items:
            return "{" + ", ".join(items) + "}"
        if kind == "list":
            return "[" + ", ".join(items) + "]"
        return "(" + "".join(f"{it}, " for it in items) + ")"

    def text(self, depth):
        spec = self.pick("", "", "", ":5", ":<6", ":^7", ":*>8", ":04d", ":x", ":,", ":_b", ":.3f", ":09.2f", ":.2", ":>{3 + 4}")
        inner = self.expr(depth - 1).replace("'", '"').replace("\\", "")
        return f"f'{self.pick('', 'a', '{{')}{{{inner}{self.pick('', '', '!r', '!s', '!a')}{spec}}}'"

    def call(self, depth):
        name = self.pick(
            "abs", "all", "any", "bin", "bool", "bytes", "chr", "dict", "float", "frozenset", "hex", "int", "len", "list", "max",
            "min", "oct", "ord", "repr", "round", "set", "sorted", "str", "tuple", "divmod", "pow", "format", "isinstance",
        )
        if name in ("divmod", "pow"):
            return f"{name}({self.expr(depth)}, {self.expr(depth)})"
        if name == "format":
            return f"format({self.expr(depth)}, {self.pick(*map(repr, ('', '5', '>4', '03d', '.1f', 'X')))})"
        if name == "isinstance":
            return f"isinstance({self.expr(depth)}, {self.pick('int', '(str, float)', 'bool', 'object', 'frozenset')})"
        if name in ("max", "min") and self.random.random() < 0.5:
            return f"{name}({self.expr(depth)}, {self.expr(depth)})"
        return f"{name}({self.pick(self.expr, self.sequence)(depth)})"

    def method(self, depth):
        text = self.pick("'a b c'", "'abcabc'", "' x '", self.sequence(depth))
        other = self.pick("'a'", "'b'", "'abc'", "''", "(\"a\", 'x')", self.leaf())
        return text + self.pick(
            f".startswith({other})", f".endswith({other})", ".upper()", ".lower()", ".strip()", f".strip({other})",
            f".lstrip({other})", ".split()", f".split({other})", f".rsplit({other})", f".replace({other}, {self.leaf()})",
            f".join({self.sequence(depth)})", f".count({other})", f".index({other})", f".get({other})",
            f".get({other}, {self.leaf()})", f".removeprefix({other})", f".removesuffix({other})", ".rstrip()",
        )

    def program(self):
        self.names, lines, values, scope = [], [], {}, {}
        for nth in range(150):
            text = self.expr(4)
            # Powers and repetitions of what is large take CPython for ever.
            if len(text) > 400 or text.count("**") > 2 or text.count("<<") > 2:
                continue
            name = f"v{nth}"
            try:
                value = self.small(text, scope)
                values[name] = [type(value).__name__, written(value)]
            except OverflowError as error:
                if str(error) == "too large":
                    continue
                values[name] = None
            except SyntaxError:
                # Quotes within quotes are for later Pythons.
                continue
            except Exception:
                values[name] = None
            # Most expressions fail; some of these are enough.
            if values[name] is None and self.random.random() < 0.9:
                del values[name]
                continue
            lines.append(f"{name} = {text}")
            if values[name] is not None:
                scope[name] = value
                self.names.append(name)
        return {"source": "\n".join(lines) + "\n", "values": values}

    def small(self, text, scope):
        """Evaluates with operators that refuse what is large."""
        import ast

        class Guard(ast.NodeTransformer):
            def visit_BinOp(self, node):
                self.generic_visit(node)
                op = ast.Constant(type(node.op).__name__)
                return ast.Call(ast.Name("_operate", ast.Load()), [op, node.left, node.right], [])

            def visit_Call(self, node):
                self.generic_visit(node)
                if isinstance(node.func, ast.Name) and node.func.id == "pow":
                    return ast.Call(ast.Name("_operate", ast.Load()), [ast.Constant("Pow"), *node.args], [])
                if isinstance(node.func, ast.Name) and node.func.id == "bytes":
                    return ast.Call(ast.Name("_bytes", ast.Load()), node.args, [])
                return node

        tree = ast.fix_missing_locations(Guard().visit(ast.parse(text, mode="eval")))
        return eval(compile(tree, "", "eval"), {"_operate": operate, "_bytes": some_bytes, **scope})


OPERATORS = {
    "Add": lambda a, b: a + b, "Sub": lambda a, b: a - b, "Mult": lambda a, b: a * b, "Div": lambda a, b: a / b,
    "FloorDiv": lambda a, b: a // b, "Mod": lambda a, b: a % b, "Pow": lambda a, b: a**b, "LShift": lambda a, b: a << b,
    "RShift": lambda a, b: a >> b, "BitAnd": lambda a, b: a & b, "BitOr": lambda a, b: a | b, "BitXor": lambda a, b: a ^ b,
}


def operate(name, left, right):
    is_large = lambda it: isinstance(it, int) and it > 5000
    if name in ("Pow", "LShift") and is_large(right) or name == "Mult" and (
        is_large(left) and not isinstance(right, (int, float, complex))
        or is_large(right) and not isinstance(left, (int, float, complex))
    ):
        raise OverflowError("too large")
    return OPERATORS[name](left, right)


def some_bytes(it):
    if isinstance(it, int) and it > 5000:
        raise OverflowError("too large")
    return bytes(it)


if __name__ == "__main__":
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    for nth in range(count):
        print(json.dumps(Maker(seed * 1_000_003 + nth).program()))
