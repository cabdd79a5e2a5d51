def f(x):
    if 0:
        print("never")
    elif x:
        print("x")
    if True:
        print("always")
    else:
        print("never")
    while 1:
        x += 1
        if x > 3:
            break
    while "":
        print("never")
    else:
        print("always")
    return x
# ==== same ====
def f(x):
    if x:
        print("x")
    print("always")
    while True:
        x += 1
        if x > 3:
            break
    print("always")
    return x
# ==== seen ====
print(f(0), f(1), f(7))
