def f(x, names, **more):
    print("{}: {!r:>8}, {:{width}.2f}|{{{name}}}".format(x, names[0], len(names), name=more["name"], width=6))
    print("{0} {0!s} {1}".format(x, x.real), "nothing {{}}".format(), "".format(), "{b}{a}".format(a=x, b=names))
    return "{0.real} {1[0]} {2}".format(x, names, len(names)), "{1} {0}".format(len(names), max(names))
# ==== same ====
def f(x, names, **more):
    print(f"{x}: {names[0]!r:>8}, {len(names):{6}.2f}|{{{more['name']}}}")
    print(f"{x} {x!s} {x.real}", "nothing {}", "", f"{names}{x}")
    return "{0.real} {1[0]} {2}".format(x, names, len(names)), "{1} {0}".format(len(names), max(names))
# ==== seen ====
print(f(7, ["a", "b"], name="n"), f(1.5, "xyz", name=None))
