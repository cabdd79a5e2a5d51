import io
def f(items, /, *rest, key=None, **named):
    total = 0
    for item in items:
        total += item
        with io.StringIO("line") as handle, memoryview(b"ab") as view:
            size = len(view) + (len(handle.readline()) > 0)
    try:
        [][0]
    except IndexError as error:
        message = str(error)
    squares = [value * value for value in items if (last := value)]
    import json as codec
    def inner(n):
        nonlocal total
        total += n
        return total
    match rest:
        case [first, *others]:
            pass
        case _:
            first, others = None, []
    for dir in ["a", "b"]:
        "A text that nobody is given: @dir"
        size += len(dir)
    pairs = sorted(((b, a) for a, b in named.items()), key=lambda pair: pair[0])
    return total, size, message, squares, last, codec.dumps(1), inner(3), total, first, others, key, pairs
# ==== same ====
import io
def f(i, /, *r, key=None, **n):
    t = 0
    for it in i:
        t += it
        with io.StringIO("line") as h, memoryview(b"ab") as v:
            s = len(v) + (len(h.readline()) > 0)
    try:
        [][0]
    except IndexError as e:
        m = str(e)
    q = [x * x for x in i if (z := x)]
    import json
    def go(n):
        nonlocal t
        t += n
        return t
    match r:
        case [a, *o]:
            pass
        case _:
            a, o = None, []
    for d in ["a", "b"]:
        "A text that nobody is given: @dir"
        s += len(d)
    p = sorted(((y, x) for x, y in n.items()), key=lambda it: it[0])
    return t, s, m, q, z, json.dumps(1), go(3), t, a, o, key, p
# ==== seen ====
print(f([1, 2, 3]), f([1], 4, 5, 6, key=7, b=1, a=2))
