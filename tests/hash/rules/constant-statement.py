def f(x):
    1
    "not a docstring"
    if x:
        ...
    None
    f"constant"
    return x
# ==== same ====
def f(x):
    if x:
        pass
    return x
# ==== seen ====
class Seen:
    def __bool__(self):
        print("asked")
        return True
print(type(f(Seen())))
