from . import core


def later():
    from . import shapes
    return shapes, core, again


import pkg.again as again
