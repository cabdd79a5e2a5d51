count = 0
global unused

def f():
    global count
    count += 1
    global total
    total = count
    def g():
        nonlocal_ = total
        return nonlocal_
    return g()

def h():
    x = 0
    def up():
        nonlocal x
        nonlocal x
        x += 1
        return x
    return up() + up()
# ==== same ====
count = 0

def f():
    global total, count
    count += 1
    total = count
    def g():
        global total
        nonlocal_ = total
        return nonlocal_
    return g()

def h():
    x = 0
    def up():
        nonlocal x
        x += 1
        return x
    return up() + up()
# ==== seen ====
print(f(), f(), count, total, h())
