class Base:
    def area(self):
        return 0
    def describe(self):
        return f"{self.label()}: {self.area()}"
    def label(self):
        return "base"

class Square(Base):
    def __init__(self, a):
        self.a = a
    def area(self):
        return self.a ** 2
    def perimeter(self):
        return self.a * 4

class Circle(Base):
    def __init__(self, r):
        self.r = r
    def area(self):
        return 3 * self.r ** 2
