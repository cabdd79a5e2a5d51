"""The classes of this interpreter's compiled modules, with their bases: `core/analysis/tables/extension_classes.txt`.

One line a class and a module that has it: `MODULE NAME CLASS BASE...`, sorted. CLASS and BASE are full names; a class that
only Python code has is no base here. Several interpreters' answers are merged by `LC_ALL=C sort -u`.
"""
import importlib
import importlib.machinery
import pkgutil
import sys
import warnings


def name(it):
    return f"{it.__module__}.{it.__qualname__}"


def modules():
    yield from sys.builtin_module_names
    suffixes = tuple(importlib.machinery.EXTENSION_SUFFIXES)
    for it in pkgutil.iter_modules():
        spec = it.module_finder.find_spec(it.name)
        if spec and spec.origin and spec.origin.endswith(suffixes):
            yield it.name


def import_quietly(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module(name)
        except Exception:
            return None


def main():
    lines = set()
    for module in sorted(set(modules())):
        found = import_quietly(module)
        if not found or module.startswith(("_test", "xx", "_xx", "_ctypes_test", "_cffi")):
            continue
        for attribute, it in vars(found).items():
            if isinstance(it, type) and attribute != "__loader__":
                stack = [(attribute, it)]
                while stack:
                    attribute, it = stack.pop()
                    lines.add(" ".join([module, attribute, name(it), *map(name, it.__bases__)]))
                    stack += [(base.__qualname__, base) for base in it.__bases__ if base.__module__ == module]
    for line in sorted(lines):
        print(line)


if __name__ == "__main__":
    main()
