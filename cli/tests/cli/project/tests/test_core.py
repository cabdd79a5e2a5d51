import pkg
from pkg import core, compute
from pkg.shapes import Circle
import pytest

def test_compute():
    assert compute(1) == 4

def test_unused():
    assert core.unused() == 10

def test_area(square):
    assert core.area_of(square) == 4

def test_perimeter(square):
    assert square.perimeter() == 8

def test_registry():
    assert core.use_registry("one") == 1

class TestCircle:
    def setup_method(self):
        self.c = Circle(1)
    def test_area(self):
        assert self.c.area() == 3
    def test_describe(self):
        assert self.c.describe() == "base: 3"
    def test_nothing(self):
        assert True

@pytest.mark.parametrize("n", [1, 2])
def test_param(n):
    assert core.helper(n) == n + 1
