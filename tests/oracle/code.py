"""What CPython's compiler makes of a file: the signatures of its functions, and the modules that it imports.

Reads paths from standard input, one a line; prints one JSON object a path: the shapes `signatures` (without defaults)
and `imports` of `astkit analyze`, told from code objects, or {"path", "error"}. Made for CPython 3.11. Code that the
compiler drops is not in the answer; code that it copies (`finally`) is there once.
"""
import dis
import json
import sys
import types
import warnings

COMPREHENSIONS = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}
STORES = {"STORE_NAME", "STORE_GLOBAL", "STORE_FAST", "STORE_DEREF"}


def signature(code):
    names = list(code.co_varnames)
    args = names[: code.co_argcount]
    kwonly = names[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    at = code.co_argcount + code.co_kwonlyargcount
    vararg = names[at] if code.co_flags & 4 else None
    kwarg = names[at + (vararg is not None)] if code.co_flags & 8 else None
    flags = (["async"] if code.co_flags & (0x80 | 0x200) else []) + (["generator"] if code.co_flags & (0x20 | 0x200) else [])
    return {
        "qualname": code.co_qualname,
        "line": code.co_firstlineno,
        "posonly": args[: code.co_posonlyargcount],
        "args": args[code.co_posonlyargcount :],
        "vararg": vararg,
        "kwonly": kwonly,
        "kwarg": kwarg,
        "flags": flags,
    }


def imports(code, out):
    instructions = [it for it in dis.get_instructions(code) if it.opname not in ("EXTENDED_ARG", "CACHE", "NOP")]
    for at, it in enumerate(instructions):
        if it.opname != "IMPORT_NAME":
            continue
        names, level = instructions[at - 1].argval, instructions[at - 2].argval
        bound, rest = [], instructions[at + 1 :]
        if names is None:
            # `import a.b as c` walks down to the module that it names.
            bound = [next(it.argval for it in rest if it.opname in STORES)]
        else:
            for before, after in zip(rest, rest[1:]):
                if before.opname == "POP_TOP" or before.opname == "IMPORT_STAR":
                    break
                if before.opname == "IMPORT_FROM":
                    bound.append(after.argval)
        record = {
            "line": it.positions.lineno,
            "level": level,
            "name": it.argval or None,
            "from": None if names is None else list(names),
            "as": bound,
            "scope": code.co_qualname,
        }
        if record not in out:
            out.append(record)


def answer(path):
    with open(path, "rb") as file:
        source = file.read()
    try:
        module = compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError) as error:
        return {"error": repr(error)}
    functions, imported, todo, seen = [], [], [module], set()
    while todo:
        code = todo.pop()
        imports(code, imported)
        if code.co_flags & 2 and code.co_name not in COMPREHENSIONS:
            functions.append(signature(code))
        todo += [it for it in code.co_consts if isinstance(it, types.CodeType)]
    return {"functions": functions, "imports": imported}


if __name__ == "__main__":
    sys.setrecursionlimit(5000)
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        path = line.rstrip("\n")
        print(json.dumps({"path": path, **answer(path)}))
