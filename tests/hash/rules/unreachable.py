def f(x):
    if x:
        raise ValueError(x)
        print("never")
    return x
    x = 1
    print("never")

def g(x):
    print("called")
    return x
    yield x

def h():
    while True:
        break
        print("never")
    return local
    local = 1
# ==== same ====
def f(x):
    if x:
        raise ValueError(x)
    return x

def g(x):
    print("called")
    return x
    yield x
    print("never")

def h():
    while True:
        break
    return local
    local = 2
# ==== seen ====
local = "global"
for call in (lambda: f(0), lambda: f(1), lambda: list(g(1)), h):
    try:
        print(call())
    except (ValueError, UnboundLocalError) as error:
        print(type(error))
