def f(a, b):
    return not a in b, not a is b, not a not in b, not a is not b
# ==== same ====
def f(a, b):
    return a not in b, a is not b, a in b, a is b
# ==== seen ====
class Odd:
    def __contains__(self, item):
        print("asked for", item)
        return 7
    def __eq__(self, other):
        print("compared")
        return False
odd = Odd()
print(f(1, odd), f(odd, [odd]), f(1, [odd, 1]), f(None, ()))
