def f(items, other):
    for index, item in enumerate(items):
        print(items[index], [items[index] for _ in range(2)])
    else:
        print("done")
    for at, it in enumerate(other):
        print(at, other[at], other[at].real)
    return [get() for get in g([4, 5])]
def g(numbers):
    out = []
    changed = list(numbers)
    for n, number in enumerate(numbers):
        out.append(lambda: numbers[n] + number)
    for i, c in enumerate(changed):
        changed[i] = 0
        print(changed[i], c)
    return out
# ==== same ====
def f(items, other):
    for item in items:
        print(item, [item for _ in range(2)])
    else:
        print("done")
    for at, it in enumerate(other):
        print(at, it, it.real)
    return [get() for get in g([4, 5])]
def g(numbers):
    out = []
    changed = list(numbers)
    for number in numbers:
        out.append(lambda: number + number)
    for i, c in enumerate(changed):
        changed[i] = 0
        print(changed[i], c)
    return out
# ==== seen ====
print(f(["a", "b"], [1, 2]), f("", (3,)))
