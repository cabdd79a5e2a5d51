#!/usr/bin/env python3
"""What CPython's import system finds under a name, without importing anything.

    modules_oracle.py stdlib                  every import of the standard library's own files
    modules_oracle.py tree SEED FOLDER        makes a tree of split packages below FOLDER; every name that could be in it

Prints JSON lines. First `{"path": sys.path}`; then answers `{"name", "kind", "path", "folders"}`, where `kind` is
`source`, `bytecode`, `extension`, `builtin`, `frozen`, `namespace` or `missing`; and, for `stdlib`, what relative
names mean: `{"importer", "is_package", "level", "module", "absolute"}`.

The finders are asked one after the other, as `sys.meta_path` of a fresh interpreter has them; finders that installed
packages add are left out.
"""

import ast
import importlib.util
import itertools
import json
import os
import random
import sys
import types
import warnings
from importlib import machinery

LOADERS = {
    "SourceFileLoader": "source",
    "SourcelessFileLoader": "bytecode",
    "ExtensionFileLoader": "extension",
}


def one_step(name, path):
    for finder in (machinery.BuiltinImporter, machinery.FrozenImporter, machinery.PathFinder):
        spec = finder.find_spec(name, path)
        if spec is not None:
            return spec
    return None


def kind_of(spec):
    if spec.loader is machinery.BuiltinImporter:
        return "builtin"
    if spec.loader is machinery.FrozenImporter:
        return "frozen"
    return LOADERS.get(type(spec.loader).__name__, "namespace")


def folders_of(spec):
    folders = spec.submodule_search_locations
    if folders is None:
        return None
    return list(getattr(folders, "_path", folders))


def find(name):
    imported = dict(sys.modules)
    try:
        return find_stepwise(name)
    finally:
        sys.modules.clear()
        sys.modules.update(imported)


def find_stepwise(name):
    path, spec, prefix = None, None, ""
    for part in name.split("."):
        if prefix:
            if path is None:
                return {"name": name, "kind": "missing"}
            # A namespace package asks its parent, which would have been imported by now.
            sys.modules[prefix] = types.ModuleType(prefix)
            sys.modules[prefix].__path__ = path
        prefix = prefix + "." + part if prefix else part
        spec = one_step(prefix, path)
        if spec is None:
            return {"name": name, "kind": "missing"}
        path = folders_of(spec)
    kind = kind_of(spec)
    origin = spec.origin if kind in ("source", "bytecode", "extension") else None
    return {"name": name, "kind": kind, "path": origin, "folders": path}


def say(answer):
    print(json.dumps(answer))


def stdlib_files():
    root = os.path.dirname(os.__file__)
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(it for it in folders if it not in ("site-packages", "__pycache__", "lib2to3"))
        for file in sorted(files):
            if file.endswith(".py"):
                path = os.path.join(folder, file)
                parts = os.path.relpath(path, root)[:-3].split(os.sep)
                is_package = parts[-1] == "__init__"
                yield path, ".".join(parts[:-1] if is_package else parts), is_package


def imports_of(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield 0, alias.name, None
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.level, node.module or "", alias.name


def absolute(importer, is_package, level, module):
    package = importer if is_package else importer.rpartition(".")[0]
    try:
        return importlib.util.resolve_name("." * level + module, package)
    except (ImportError, ValueError):
        return None


def stdlib():
    names, relative = set(), set()
    for path, importer, is_package in stdlib_files():
        with open(path, "rb") as file:
            try:
                tree = ast.parse(file.read())
            except (SyntaxError, ValueError):
                continue
        for level, module, member in imports_of(tree):
            name = module
            if level:
                name = absolute(importer, is_package, level, module)
                relative.add((importer, is_package, level, module, name))
            if name:
                names.add(name)
                if member not in (None, "*"):
                    names.add(name + "." + member)
    for name in sorted(names):
        say(find(name))
    for importer, is_package, level, module, name in sorted(relative, key=repr):
        say({
            "importer": importer, "is_package": is_package, "level": level, "module": module, "absolute": name,
        })


NAMES = ["a", "b", "c", "os", "sys", "json"]
FILES = [".py", ".pyi", ".pyc", ".so", ".txt"]


def make(rng, folder, depth):
    os.makedirs(folder, exist_ok=True)
    for name in NAMES:
        if rng.random() < 0.35:
            open(os.path.join(folder, name + rng.choice(FILES)), "w").close()
        if depth and rng.random() < 0.55:
            make(rng, os.path.join(folder, name), depth - 1)
    if rng.random() < 0.3:
        open(os.path.join(folder, "__init__" + rng.choice(FILES)), "w").close()
    odd = os.path.join(folder, rng.choice(NAMES) + ".py")
    if rng.random() < 0.1 and not os.path.exists(odd):
        os.makedirs(odd)


def tree(seed, folder):
    rng = random.Random(seed)
    roots = [os.path.join(folder, it) for it in ("one", "two", "three")]
    for root in roots:
        make(rng, root, 2)
    sys.path[:0] = roots
    for depth in (1, 2, 3):
        for parts in itertools.product(NAMES, repeat=depth):
            say(find(".".join(parts)))


def main():
    warnings.simplefilter("ignore")
    # The script's own folder.
    del sys.path[0]
    say({"path": sys.path})
    if sys.argv[1] == "stdlib":
        stdlib()
    else:
        tree(int(sys.argv[2]), sys.argv[3])


if __name__ == "__main__":
    main()
