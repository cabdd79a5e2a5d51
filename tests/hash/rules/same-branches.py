def f(x, y):
    if x == 1:
        print("same")
    elif y == 1 or y == 2:
        print("same")
    elif not x:
        print("other")
    if x > 5:
        return "large"
    if y > 5:
        return "large"
    elif x < 0:
        return "large"
    else:
        print("small")
    if not x:
        pass
    elif print("asked"):
        pass
    else:
        print("else")
    for i in range(3):
        if i == x:
            break
        else:
            if i == y:
                break
            print(i)
# ==== same ====
def f(x, y):
    if x == 1 or y == 1 or y == 2:
        print("same")
    elif not x:
        print("other")
    if x > 5 or y > 5 or x < 0:
        return "large"
    print("small")
    if not x or print("asked"):
        pass
    else:
        print("else")
    for i in range(3):
        if i == x or i == y:
            break
        print(i)
# ==== seen ====
for x in (-1, 0, 1, 2, 6):
    for y in (0, 1, 2, 3, 7):
        print(x, y, f(x, y))
