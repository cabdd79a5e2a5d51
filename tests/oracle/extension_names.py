"""The public names of this interpreter's compiled modules; several interpreters' lines make `extension_names.txt`.

With files as arguments: merges such lines of several interpreters; behind a name that not all of them have stands
`?` and the minor versions that have it.
"""
import sys

from extension_classes import import_quietly, modules


def own():
    print("version", sys.version_info.minor)
    for name in sorted(set(modules())):
        if name.startswith(("_test", "xx", "_xx", "_ctypes_test", "_cffi")) or "mypyc" in name:
            continue
        module = import_quietly(name)
        if module:
            names = getattr(module, "__all__", None) or [it for it in vars(module) if not it.startswith("_")]
            print(name, *sorted(set(names)))


def merge(files):
    found, versions = {}, []
    for file in files:
        with open(file, encoding="utf-8") as lines:
            versions.append(next(lines).split()[1])
            for line in lines:
                module, *names = line.split()
                for name in names:
                    found.setdefault(module, {}).setdefault(name, []).append(versions[-1])
    for module, names in sorted(found.items()):
        marks = (name if known == versions else f"{name}?{','.join(known)}" for name, known in sorted(names.items()))
        print(module, *marks)


merge(sys.argv[1:]) if len(sys.argv) > 1 else own()
