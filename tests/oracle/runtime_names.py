"""What modules of the standard library really export, and the orders of their classes: they are imported.

Prints first `{"modules": [...]}`, the names of modules without text, then a line a module: `{"module", "path", "package",
"all": [names] | null, "stars": [[line, target, names]...], "mro": {qualname: [full names]}, "values": {name: [type, text]},
"others": [names]}`. Classes are those of `class` statements that can be reached by their qualified names, values those of
global names that are made of constants (`repr`, with the members of sets sorted), others all that are not. Modules that
can't be imported here have `"error"`.
"""
import ast
import contextlib
import importlib
import importlib.machinery
import importlib.util
import io
import json
import os
import sys
import warnings

ROOT = os.path.dirname(os.__file__)
# They do things when they are imported; `tkinter.tix` changes the bases of other modules' classes.
LEFT_OUT = {"tkinter.tix", "antigravity", "this", "__main__", "idlelib.idle", "turtledemo.bytedesign"}
FOLDERS = ("site-packages", "__pycache__", "test", "tests", "idle_test", "lib2to3", "config-3.11-x86_64-linux-gnu")


def files():
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(it for it in folders if it not in FOLDERS)
        for name in sorted(names):
            if name.endswith(".py"):
                path = os.path.join(folder, name)
                parts = os.path.relpath(path, ROOT)[:-3].split(os.sep)
                package = parts[-1] == "__init__"
                module = ".".join(parts[:-1] if package else parts)
                if all(map(str.isidentifier, module.split("."))) and parts[-1] != "__main__":
                    yield path, module, package


def textless():
    yield from sys.builtin_module_names
    for folder in (ROOT, os.path.join(ROOT, "lib-dynload")):
        for name in os.listdir(folder):
            for suffix in importlib.machinery.EXTENSION_SUFFIXES:
                if name.endswith(suffix):
                    yield name[: -len(suffix)]
                    break


sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from values import written  # noqa: E402

del sys.path[0]


# Modules that call themselves something else, by what they say they are called.
ALIASES = {}


def full(it):
    return f"{ALIASES.get(it.__module__, it.__module__)}.{it.__qualname__}"


def classes(tree, module, name):
    for node in tree.body:
        found = getattr(module, node.name, None) if isinstance(node, ast.ClassDef) else None
        if isinstance(found, type) and full(found) == f"{name}.{node.name}":
            yield node.name, [full(it) for it in found.__mro__]


# Names that every module has.
GIVEN = {"__annotations__", "__builtins__", "__cached__", "__doc__", "__file__", "__loader__", "__name__", "__package__", "__path__", "__spec__"}
ATOMS = (type(None), type(...), bool, int, float, complex, str, bytes)


def is_constant(value):
    """Whether a value is made of constants alone, of which there are not too many."""
    open, seen = [value], 0
    while open:
        it = open.pop()
        seen += 1
        if type(it) is dict:
            open += [*it, *it.values()]
        elif type(it) in (tuple, list, set, frozenset):
            open += it
        elif type(it) not in ATOMS or seen > 5000:
            return False
    return True


def answer(path, name):
    module = importlib.import_module(name)
    values = {key: [type(it).__name__, written(it)] for key, it in vars(module).items()
              if key not in GIVEN and is_constant(it)}
    with open(path, "rb") as file:
        tree = ast.parse(file.read())
    stars = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            target = importlib.util.resolve_name("." * node.level + (node.module or ""), module.__package__)
            there = vars(importlib.import_module(target))
            names = there.get("__all__") or [it for it in there if not it.startswith("_")]
            stars.append([node.lineno, target, sorted(set(names))])
    exported = getattr(module, "__all__", None)
    return {
        "all": exported and list(exported), "stars": stars, "mro": dict(classes(tree, module, name)),
        "values": values, "others": [key for key in vars(module) if key not in values and key not in GIVEN],
    }


warnings.simplefilter("ignore")
for name in ("_collections_abc", "_pydecimal"):
    ALIASES[importlib.import_module(name).__name__] = name
print(json.dumps({"modules": sorted(set(textless()))}))
for path, name, package in files():
    out = {"module": name, "path": path, "package": package}
    if name not in LEFT_OUT:
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                out |= answer(path, name)
        except (Exception, SystemExit) as error:
            out["error"] = repr(error)
    print(json.dumps(out))
