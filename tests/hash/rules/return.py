def f(x):
    if x > 2:
        return None
    if x > 1:
        print("more")
        return
    else:
        print("less")
        return None

def g(x):
    for i in x:
        yield i
    return None
# ==== same ====
def f(x):
    if x > 2:
        return
    if x > 1:
        print("more")
        return
    else:
        print("less")

def g(x):
    for i in x:
        yield i
# ==== seen ====
for x in range(4):
    print(f(x), list(g(range(x))))
