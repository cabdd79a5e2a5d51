def f(pairs, items):
    a = {key: value for key, value in zip(pairs, items)}, [it for it in items], {it for it in items}
    b = {v: k for k, v in pairs}, [it for it in items if it], [it for it, in [items[:1]]], [it for it in items for it in [1]]
    return a, b
# ==== same ====
def f(pairs, items):
    a = dict(zip(pairs, items)), list(items), set(items)
    b = {v: k for k, v in pairs}, [it for it in items if it], [it for it, in [items[:1]]], [it for it in items for it in [1]]
    return a, b
# ==== seen ====
print(f([(1, 2), (3, 4)], [0, 5]), f([], [7]))
