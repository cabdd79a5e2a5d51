def f(x):
    if not x:
        print("false")
    else:
        print("true")
    if x:
        pass
    else:
        print("empty")
# ==== same ====
def f(x):
    if x:
        print("true")
    else:
        print("false")
    if not x:
        print("empty")
# ==== seen ====
class Odd:
    def __init__(self, answers):
        self.answers = iter(answers)
    def __bool__(self):
        answer = next(self.answers)
        print("asked", answer)
        return answer
class Wrong:
    def __bool__(self):
        print("asked")
        raise RuntimeError("no answer")
f(Odd([True, True]))
f(Odd([False, False]))
f([])
try:
    f(Wrong())
except RuntimeError as error:
    print(error)
