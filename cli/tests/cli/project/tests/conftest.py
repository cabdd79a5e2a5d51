import pytest
from pkg.shapes import Square

@pytest.fixture
def square():
    return Square(2)
