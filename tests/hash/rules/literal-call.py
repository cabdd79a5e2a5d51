def f(x):
    made = [dict(), dict(a=x, b=[x]), list(), tuple(), list((x, 1)), tuple([x, 2]), list([]), set([x, x])]
    kept = [dict([(x, 1)]), set(), dict(made[1]), list(made[5]), dict(made[1], c=1), int("7"), str(x), bool(x)]
    return made, kept, str("text"), bytes(b"text"), int(7), float(1.5), bool(True), str(), int(), float(), bool(), bytes()
# ==== same ====
def f(x):
    made = [{}, {"a": x, "b": [x]}, [], (), [x, 1], (x, 2), [], {x, x}]
    kept = [dict([(x, 1)]), set(), dict(made[1]), list(made[5]), dict(made[1], c=1), int("7"), str(x), bool(x)]
    return made, kept, "text", b"text", 7, 1.5, True, "", 0, 0.0, False, b""
# ==== seen ====
print(f(1), f("a"), [type(it) for it in f(0)[0]])
