#!/usr/bin/env python3
"""CPU time of `astkit diff` on inputs made to be hard, and how it grows when they are twice as large.

usage: pathological.py ASTKIT [-v]
The first figures are of the sizes that other programs were measured with; each has to take at most one second. The last is the
time for twice the size over the time for the size, both without that of starting the program: at most 2.3. Where a size takes too
little to say, it is doubled until it does not.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

MOST_SECONDS, MOST_GROWTH = 1.0, 2.3
# Less than this says nothing about growth.
LEAST = 0.12


def function(name, size=8, salt=0):
    body = "".join(f"    step_{it} = {name}_{salt}(x, {it}) + {it * 7 % 13}\n" for it in range(size))
    return f"def {name}(x):\n{body}    return step_0\n\n\n"


def generated(n):
    line = lambda it, mark: f"value_{it} = call_{mark}({it}, '{mark}', x[{it}])\n"
    return "".join(line(it, "a") for it in range(n)), "".join(line(it, "b") for it in range(n))


def table(n):
    # A prime beyond any size: numbers that repeat may have moved, and would be looked for in the larger input only.
    numbers = [(it * 2654435761) % 10000019 for it in range(n)]
    changed = [it + 1 if at % 2 else it for at, it in enumerate(numbers)]
    lines = lambda all: "table = [\n" + "".join(f"    {it},\n" for it in all) + "]\n"
    return lines(numbers), lines(changed)


def one_line(n):
    numbers = [(it * 2654435761) % 100003 for it in range(n)]
    changed = [it + 1 if at % 10 == 0 else it for at, it in enumerate(numbers)]
    line = lambda all: "table = [" + ", ".join(map(str, all)) + "]\n"
    return line(numbers), line(changed)


def indented(n):
    text = "class C:\n" + "".join(f"    def m{it}(self):\n        return self.a{it} + {it}\n\n" for it in range(n // 3))
    return text, "if flag:\n" + "".join(f"    {line}" if line.strip() else line for line in text.splitlines(keepends=True))


def shuffled(n):
    names = [f"f{it}" for it in range(n)]
    other = names[:]
    random.Random(1).shuffle(other)
    return "".join(map(function, names)), "".join(map(function, other))


def turned(n):
    names = [f"f{it}" for it in range(n)]
    return "".join(map(function, names)), "".join(map(function, reversed(names)))


def unrelated(n):
    rng = random.Random(2)
    text = lambda salt: "".join(function(f"g{salt}_{it}", rng.randrange(3, 12), rng.randrange(10**6)) for it in range(n))
    return text("a"), text("b")


def long_sum(n):
    terms = [f"a{it}" for it in range(n)]
    changed = terms[: n // 2] + ["b"] + terms[n // 2 + 1 :]
    return f"x = {' + '.join(terms)}\n", f"x = {' + '.join(changed)}\n"


def equal_statements(n):
    return "f(x)\n" * n, "f(x)\n" * (n // 2) + "g(y)\n" + "f(x)\n" * (n // 2 - 3)


def large(n):
    text = "".join(function(f"h{it}", 10) for it in range(n))
    return text, text.replace("* 7", "* 8").replace(f"def h{n // 2}(x)", f"def h{n // 2}(y)", 1)


def broken(n):
    text = "".join(function(f"k{it}") for it in range(n))
    return text, text.replace(f"def k{n // 2}(x):", f"def k{n // 2}(x:", 1)


def all_names(n):
    text = "".join(function(f"k{it}") for it in range(n))
    return text, text.replace("step_", "stage_").replace("(x", "(value").replace("def k", "def other")


def sorted_dict(n):
    entries = [f'    "key_{(it * 7919) % 1000003}": call({it}, "{it}"),\n' for it in range(n)]
    whole = lambda all: "table = {\n" + "".join(all) + "}\n"
    return whole(entries), whole(sorted(entries))


def nested(n):
    deep = lambda end: "".join(f"{' ' * it}if a{it}:\n" for it in range(n)) + " " * n + end
    return deep("b()\n"), deep("c()\n")


def twins(n):
    text = lambda salt: "".join(f"def f(x):\n    return x + {(it * salt) % 1009}\n\n\n" for it in range(n))
    return text(3), text(7)


def rotated(n):
    lines = [f"do_{it % 50}(x, {it % 7})\n" for it in range(n)]
    # The lines repeat every 350: the same remainder at every size, or a larger input differs in more than its size.
    shift = n // 3 // 350 * 350 + 17
    return "".join(lines), "".join(lines[shift:] + lines[:shift])


def elif_chain(n):
    text = lambda factor: "def f(x):\n    if x < 0:\n        return 0\n" + "".join(
        f"    elif x == {it}:\n        return {it * factor}\n" for it in range(n)
    )
    return text(1), text(2)


def few_kinds(n):
    rng = random.Random(3)
    text = lambda: "".join(f"f{rng.randrange(40)}(x)\n" for _ in range(n))
    return text(), text()


def docstring(n):
    rng = random.Random(4)
    lines = lambda: "\n".join(f"    word {rng.randrange(100)} and" for _ in range(n))
    text = lambda: f'def f():\n    """{lines()}"""\n    pass\n'
    return text(), text()


FAMILIES = {
    "p01 all lines of a table changed": (generated, 10_000),
    "p02 half of a list changed": (table, 20_000),
    "p03 the same on one line, a tenth": (one_line, 20_000),
    "p04 a class indented under if": (indented, 2_000),
    "p05 functions shuffled": (shuffled, 400),
    "p06 functions reversed": (turned, 400),
    "p07 unrelated files": (unrelated, 300),
    "p08 one term of a sum changed": (long_sum, 2_000),
    "p09 equal statements": (equal_statements, 10_000),
    "p10 1.5 MB, one token": (large, 4_000),
    "p11 one syntax error": (broken, 400),
    "p12 every name changed": (all_names, 400),
    "p13 a dict sorted": (sorted_dict, 5_000),
    "p14 nested blocks": (nested, 90),
    "p15 functions of one name": (twins, 2_000),
    "p16 statements rotated": (rotated, 10_000),
    "p17 a chain of elif": (elif_chain, 800),
    "p18 statements of few kinds": (few_kinds, 4_000),
    "p19 a docstring rewritten": (docstring, 8_000),
}
# CPython's own bound on indentation.
FIXED = {"p14 nested blocks"}


def once(astkit, folder, texts):
    paths = []
    for name, text in zip(("old.py", "new.py"), texts):
        path = Path(folder, name)
        path.write_text(text)
        paths.append(str(path))
    found = []
    for _ in range(3):
        command = [astkit, "diff", "--isolated", "-q", "-j1", *paths]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"exit {process.returncode}")
        found.append((usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    return statistics.median(it[0] for it in found), max(it[1] for it in found)


def main():
    astkit, wrong = sys.argv[1], []
    with tempfile.TemporaryDirectory() as folder:
        start, _ = once(astkit, folder, ("x = 1\n", "x = 2\n"))
        print("| input | CPU s | RSS MB | twice the size |\n|---|---|---|---|")
        for name, (make, size) in FAMILIES.items():
            seconds, memory = once(astkit, folder, make(size))
            growth = None
            if name not in FIXED:
                small, at = seconds, size
                while small - start < LEAST:
                    at *= 2
                    small, _ = once(astkit, folder, make(at))
                double, _ = once(astkit, folder, make(2 * at))
                growth = (double - start) / (small - start)
            print(f"| {name} ({size}) | {seconds:.3f} | {memory:.0f} | {'-' if growth is None else f'{growth:.2f}'} |", flush=True)
            if seconds > MOST_SECONDS or (growth or 0) > MOST_GROWTH:
                wrong.append(name)
    print("too much:", ", ".join(wrong) or "none")
    sys.exit(bool(wrong))


main()
