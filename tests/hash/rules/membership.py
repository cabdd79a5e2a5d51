def f(a, b, c):
    return (
        a == 1 or a == 2,
        b == a or c == a,
        a != "x" and a != b.real and a != None,
        a or b == 1 or 2 == b or c,
        a == b or b == c,
        a == 1 or b == 2,
        a == b and a == c,
        a == 1 or a == print("asked"),
    )
# ==== same ====
def f(a, b, c):
    return (
        a in (1, 2),
        a in (b, c),
        a not in ("x", b.real, None),
        a or b in (1, 2) or c,
        b in (a, c),
        a == 1 or b == 2,
        a == b and a == c,
        a == 1 or a == print("asked"),
    )
# ==== seen ====
for a in (0, 1, 2):
    for b in (0, 1, 2):
        print(f(a, b, 1), f(a, b, 2))
