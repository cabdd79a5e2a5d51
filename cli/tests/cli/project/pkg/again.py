from typing import TYPE_CHECKING

import pkg.cycle

if TYPE_CHECKING:
    from . import registry


def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    return n != 0 and even(n - 1)
