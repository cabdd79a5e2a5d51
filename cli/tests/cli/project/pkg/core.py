"""doc"""
from .shapes import Square, Circle
from . import registry

LIMIT = 10

def helper(x):
    return x + 1

def compute(x):
    return helper(x) * 2

def unused():
    return LIMIT

def area_of(shape):
    return shape.area()

def use_registry(name):
    return registry.dispatch(name)
