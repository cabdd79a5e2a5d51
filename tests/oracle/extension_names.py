"""The public names of this interpreter's compiled modules; several interpreters' lines make `extension_names.txt`.

With files as arguments: merges such lines of several interpreters; a name that not all of them have gets a `?`.
"""
import sys

from extension_classes import import_quietly, modules


def own():
    for name in sorted(set(modules())):
        if name.startswith(("_test", "xx", "_xx", "_ctypes_test", "_cffi")):
            continue
        module = import_quietly(name)
        if module:
            names = getattr(module, "__all__", None) or [it for it in vars(module) if not it.startswith("_")]
            print(name, *sorted(set(names)))


def merge(files):
    found = {}
    for file in files:
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                module, *names = line.split()
                found.setdefault(module, []).append(set(names))
    for module, lists in sorted(found.items()):
        everywhere = set.intersection(*lists) if len(lists) == len(files) else set()
        print(module, *(it if it in everywhere else it + "?" for it in sorted(set.union(*lists))))


merge(sys.argv[1:]) if len(sys.argv) > 1 else own()
