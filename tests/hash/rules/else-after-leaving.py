def f(x):
    if x < 0:
        return "negative"
    elif x == 0:
        return "zero"
    else:
        y = x * 2
    for i in range(y):
        if i == 3:
            break
        elif i == 1:
            continue
        else:
            print(i)
    if y > 6:
        raise ValueError(y)
    else:
        return y
# ==== same ====
def f(x):
    if x < 0:
        return "negative"
    if x == 0:
        return "zero"
    y = x * 2
    for i in range(y):
        if i == 3:
            break
        if i == 1:
            continue
        print(i)
    if y > 6:
        raise ValueError(y)
    return y
# ==== seen ====
for x in range(-1, 6):
    try:
        print(f(x))
    except ValueError as error:
        print(repr(error))
