"""The module."""
from typing import List, Optional

LIMIT: int = 3

class C:
    """A class."""
    size: int = 4
    name: str

    def m(self, x: int = 1, *a: str, k: "Optional[int]" = None, **b: float) -> List[int]:
        """A method."""
        y: int = x
        z: str
        self.w: int = y
        return [y] * self.size

async def g(x: int) -> int:
    """A coroutine."""
    return x
# ==== same ====
from typing import List, Optional

LIMIT = 3

class C:
    size = 4

    def m(self, x=1, *a, k=None, **b):
        y = x
        self.w = y
        return [y] * self.size

async def g(x):
    return x
# ==== seen ====
def result(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
c = C()
print(LIMIT, c.m(2), c.w, hasattr(C, "name"), result(g(1)))
