def f(x):
    legacy = None
    pair = (x, [x, 1], {"a": x})
    hinted: int = 0
    counted = 0
    counted += 1
    called = print("called")
    shown = 1
    def g():
        nonlocal inner
        inner = shown
        return inner
    inner = 2
    for loop in range(2):
        text = "unread"
    deleted = 1
    del deleted
    return g() + inner
# ==== same ====
def f(x):
    counted = 0
    counted += 1
    called = print("called")
    shown = 1
    def g():
        nonlocal inner
        inner = shown
        return inner
    inner = 2
    for loop in range(2):
        pass
    deleted = 1
    del deleted
    return g() + inner
# ==== seen ====
print(f(1), f("x"))
def h():
    seen = 1
    return sorted(locals())
print(h())
