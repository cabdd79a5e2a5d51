# A text with a bit of everything that scripts have to carry over.
"""Module docstring
with two lines."""

import os
from sys import (
    argv,
    path,  # trailing
)

LIMIT = 10


# About the decorator.
@decorator(1, key=[2, 3])
def first(a, b=1, *args, c: int = 2, **kwargs) -> str:
    """Docstring.

        Indented text.
    """
    if a:
        for it in b:
            while it:
                print(f"{it!r:>{a}} and {b}", end="")
                it -= 1
            else:
                break
    elif b:
        # Nothing to do.
        pass
    else:
        raise ValueError("a" "b")

    try:
        with open(a) as f, lock:
            return f.read()
    except (OSError, KeyError) as error:
        log(error)
    finally:
        close()


class Base(object, metaclass=Meta):
    x: int = 1
    y = [
        1, 2, 3,
        4, 5, 6,
    ]

    def method(self, other):
        # First.
        self.x = other.x
        self.y = other.y

        def inner(k):
            return k + self.x

        return inner(other) if other else None

    async def later(self):
        async with self.lock:
            await self.done()
        return [it async for it in self]

    @property
    def name(self):
        return self._name

    # A comment at the end of the class.


def second(value):
    match value:
        case {"a": [x, y]}:
            return x + y
        case Point(x=0):
            return lambda z: z * 2
        case _:
            text = """
several
    lines
"""
            return text


if __name__ == "__main__":
    first(*argv)
    second(path); Base().method(None)
