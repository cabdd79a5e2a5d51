"""Small random programs, and the definition-use pairs that running them shows.

`flow.py COUNT SEED` prints one JSON object a program: {"source", "pairs": [[line, column, line, column]...]}. Programs
draw their decisions from a random source; each is run often with different draws.
"""
import json
import random
import sys

from trace import rewritten, tracer

NAMES = ["a", "b", "c", "d"]


class Writer:
    def __init__(self, random):
        self.random, self.lines, self.defined = random, [], []

    def line(self, depth, text):
        self.lines.append("    " * depth + text)

    def name(self):
        return self.random.choice(NAMES)

    def expression(self, depth=0):
        pick = self.random.random()
        if pick < 0.35 or depth > 2:
            return self.name()
        if pick < 0.5:
            return str(self.random.randrange(9))
        if pick < 0.6:
            return f"({self.name()} := {self.expression(depth + 1)})"
        if pick < 0.7:
            return f"({self.expression(depth + 1)} {self.random.choice(['and', 'or'])} {self.expression(depth + 1)})"
        if pick < 0.76:
            return f"({self.expression(depth + 1)} if {self.condition(depth + 1)} else {self.expression(depth + 1)})"
        if pick < 0.82:
            return f"g({self.expression(depth + 1)})"
        if pick < 0.86:
            return f"[{self.expression(depth + 1)} for {self.name()} in it() if r()]"
        if pick < 0.9:
            return f"list({self.expression(3)} for {self.name()} in it())"
        if pick < 0.93:
            return f"(lambda {self.name()}=1: {self.expression(3)})()"
        if pick < 0.96:
            return f"(0 < n({self.expression(depth + 1)}) < n({self.expression(depth + 1)}))"
        return f"u({self.name()}, {self.name()})"

    def condition(self, depth=0):
        pick = self.random.random()
        if pick < 0.55:
            return "r()"
        if pick < 0.65:
            return f"not {self.condition(depth + 1)}"
        if pick < 0.9 and depth < 3:
            word = self.random.choice(["and", "or"])
            return f"({self.condition(depth + 1)} {word} ({self.name()} := r()))"
        return f"({self.name()} := r())"

    def block(self, depth, loop, function, budget):
        for _ in range(self.random.randint(1, 3)):
            self.statement(depth, loop, function, budget)

    def statement(self, depth, loop, function, budget):
        pick = self.random.random()
        if depth > budget or pick < 0.34:
            return self.simple(depth, loop, function)
        if pick < 0.48:
            self.line(depth, f"if {self.condition()}:")
            self.block(depth + 1, loop, function, budget)
            if self.random.random() < 0.5:
                self.line(depth, "else:")
                self.block(depth + 1, loop, function, budget)
        elif pick < 0.6:
            head = self.random.choice([f"for {self.name()} in it():", f"while {self.condition()}:", "while True:"])
            self.line(depth, head)
            if head == "while True:":
                self.line(depth + 1, "if r(): break")
            self.block(depth + 1, True, function, budget)
            if self.random.random() < 0.3:
                self.line(depth, "else:")
                self.block(depth + 1, loop, function, budget)
        elif pick < 0.78:
            self.attempt(depth, loop, function, budget)
        elif pick < 0.85:
            items = self.random.choice([f"m() as {self.name()}", "m()", f"m(), m() as {self.name()}"])
            self.line(depth, f"with {items}:")
            self.block(depth + 1, loop, function, budget)
        elif pick < 0.91:
            self.line(depth, f"match {self.random.choice(['[1, 2]', '3', self.name()])}:")
            for pattern in self.random.sample(["[a, *b]", "int() as c", "{'k': d}", "1 | 2"], 2):
                guard = f" if {self.condition()}" if self.random.random() < 0.5 else ""
                self.line(depth + 1, f"case {pattern}{guard}:")
                self.block(depth + 2, loop, function, budget)
            if self.random.random() < 0.5:
                self.line(depth + 1, f"case {self.random.choice(['_', 'a'])}:")
                self.block(depth + 2, loop, function, budget)
        elif pick < 0.95:
            self.line(depth, f"class {self.name()}:")
            self.block(depth + 1, False, False, budget)
        else:
            self.function(depth, function, budget)

    def attempt(self, depth, loop, function, budget):
        self.line(depth, "try:")
        self.block(depth + 1, loop, function, budget)
        shape = self.random.random()
        if shape < 0.8:
            self.line(depth, self.random.choice(["except E:", f"except E as {self.name()}:", "except Exception:"]))
            self.block(depth + 1, loop, function, budget)
            if self.random.random() < 0.3:
                self.line(depth, "else:")
                self.block(depth + 1, loop, function, budget)
        if shape > 0.5:
            self.line(depth, "finally:")
            self.block(depth + 1, loop, function, budget)

    def function(self, depth, function, budget):
        name = self.name()
        self.line(depth, f"def {name}({self.random.choice(['', self.name() + '=0'])}):")
        start = len(self.lines)
        self.block(depth + 1, False, True, budget)
        if self.random.random() < 0.6:
            # Only what is no parameter can be declared.
            declared = self.random.choice([it for it in NAMES if f"({it}=" not in self.lines[start - 1]])
            word = "nonlocal" if function and declared in self.outer else "global"
            self.lines.insert(start, "    " * (depth + 1) + f"{word} {declared}")
        self.line(depth, f"if r(): call({name})")

    outer = ()

    def simple(self, depth, loop, function):
        pick = self.random.random()
        if pick < 0.4:
            self.line(depth, f"{self.name()} = {self.expression()}")
        elif pick < 0.5:
            self.line(depth, f"u({self.name()}, {self.expression()})")
        elif pick < 0.56:
            self.line(depth, f"{self.name()} += {self.expression()}")
        elif pick < 0.6:
            self.line(depth, f"{self.name()}, {self.name()} = {self.expression()}, {self.expression()}")
        elif pick < 0.64:
            self.line(depth, f"del {self.name()}")
        elif pick < 0.72:
            self.line(depth, "g()")
        elif pick < 0.76:
            self.line(depth, "raise E")
        elif pick < 0.79:
            self.line(depth, f"import sys as {self.name()}")
        elif pick < 0.82:
            self.line(depth, f"if r(): call({self.name()})")
        elif pick < 0.86 and function:
            self.line(depth, f"return {self.expression()}")
        elif pick < 0.92 and loop:
            self.line(depth, self.random.choice(["break", "continue"]))
        elif pick < 0.94:
            self.line(depth, f"assert {self.condition()}, {self.name()}")
        else:
            self.line(depth, f"u({self.name()})")


class E(Exception):
    pass


class Stop(BaseException):
    pass


class Manager:
    def __init__(self, draw):
        self.draw = draw

    def __enter__(self):
        return 1

    def __exit__(self, kind, *rest):
        return kind is not None and issubclass(kind, Exception) and self.draw()


def run(code, draws, note):
    left = [300]

    def draw():
        left[0] -= 1
        if left[0] < 0:
            raise Stop
        return draws.random() < 0.5

    def fail(*values):
        if draw():
            raise E
        return values[0] if values else 0

    def call(function):
        left[0] -= 5
        if left[0] < 0:
            raise Stop
        return function()

    scope = {
        "__name__": "flow", "__note__": note, "E": E, "r": draw, "g": fail, "call": call, "m": lambda: Manager(draw),
        "it": lambda: range(draws.randrange(3)), "u": lambda *values: values, "n": lambda value: int(draw()),
    }
    for name in ("E", "r", "g", "call", "m", "it", "u", "n"):
        scope[f"__d_{name}__"] = None
    try:
        exec(code, scope)
    except (Exception, Stop, RecursionError):
        pass


def program(seed):
    """A program that compiles, and its source."""
    generator = random.Random(seed)
    while True:
        writer = Writer(generator)
        in_function = generator.random() < 0.6
        if in_function:
            writer.outer = NAMES
            writer.line(0, "def f(a, b=0):")
            writer.line(1, "c = d = 0" if generator.random() < 0.8 else "u(c, d)")
        for _ in range(generator.randint(2, 5)):
            writer.statement(int(in_function), False, in_function, 3)
        if in_function:
            writer.line(0, "f(1)")
        source = "\n".join(writer.lines) + "\n"
        try:
            return source, rewritten(source, "flow")
        except SyntaxError:
            continue


if __name__ == "__main__":
    count, first = int(sys.argv[1]), int(sys.argv[2])
    sys.setrecursionlimit(400)
    for seed in range(first, first + count):
        source, code = program(seed)
        pairs, note = tracer()
        for nth in range(60):
            run(code, random.Random(seed * 1000 + nth), note)
        print(json.dumps({"source": source, "pairs": sorted([*before, *after] for before, after in pairs)}))
