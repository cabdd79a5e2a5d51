def b(x=1):
    return a(x) + 1

async def c():
    return b()

def a(x):
    return x

class C:
    def n(self): return 1
    def m(self): return self.n()

@staticmethod
def later(): return a(5)
# ==== same ====
def a(x):
    return x

def b(x=1):
    return a(x) + 1

async def c():
    return b()

class C:
    def m(self): return self.n()
    def n(self): return 1

@staticmethod
def later(): return a(5)
# ==== seen ====
def result(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
print(a(1), b(), result(c()), C().m(), C().n(), later.__func__())
