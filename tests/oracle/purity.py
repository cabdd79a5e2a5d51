"""Checks the labels of `tests/fixtures/purity/cases.py` by running the functions.

Impure shows by a result that differs from one call to the next, by arguments, globals or class attributes that change,
or by output. Functions that only read what others change are impure by what happens between two calls.
"""
import contextlib
import copy
import importlib.util
import io
import os
import sys

path = os.path.join(os.path.dirname(__file__), "..", "fixtures", "purity", "cases.py")
spec = importlib.util.spec_from_file_location("cases", path)
cases = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cases)


def shown(it):
    if isinstance(it, cases.Point):
        return "Point", sorted((key, shown(value)) for key, value in vars(it).items())
    if hasattr(it, "__next__") and not hasattr(it, "write"):
        return "iterator", repr(it.__reduce__())
    if isinstance(it, (list, tuple)):
        return [shown(part) for part in it]
    return repr(it) if not callable(it) else "callable"


def state(arguments):
    names = ("COUNTER", "TABLE", "ITEMS", "STREAM")
    handlers = len(cases.logging.getLogger("case").handlers)
    return [shown(getattr(cases, it)) for it in names], cases.Point.total, dict(os.environ), shown(arguments), handlers


def run(function, arguments):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            result = shown(function(*arguments))
        except Exception as error:
            result = repr(error)
    return result, out.getvalue()


wrong = 0
functions = [(name, it) for name, it in vars(cases).items() if name.startswith(("pure_", "impure_"))]
for name, function in functions:
    arguments = cases.ARGUMENTS.get(name, ())
    # The caller's own output is its own.
    arguments = tuple(sys.stdout if it is sys.stdout else it for it in arguments)
    before = state(arguments)
    if "write" in name:
        arguments = (io.StringIO(),)
        run(function, arguments)
        is_impure = arguments[0].getvalue() != ""
    else:
        first = run(function, arguments)
        after = state(arguments)
        cases.COUNTER += 1
        cases.ITEMS.append(0)
        os.environ["ASTKIT_CASE"] = str(cases.COUNTER)
        second = run(function, arguments)
        is_impure = before != after or first != second or first[1] != ""
    if is_impure != name.startswith("impure_"):
        wrong += 1
        print(name, "is", "impure" if is_impure else "pure")
print(len(functions), "functions,", wrong, "labels wrong")
sys.exit(wrong > 0)
