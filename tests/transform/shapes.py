"""Dataclasses of many shapes, each with calls that show what it does: `CASES` maps a name to expressions."""

import abc
import dataclasses
import functools
import math
import typing
from dataclasses import KW_ONLY, InitVar, dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

T = TypeVar("T")
NAN = float("nan")
LOG = []


@dataclass
class Empty:
    pass


@dataclass
class Plain:
    x: int
    y: str = "a"


@dataclass()
class Documented:
    """Its own words."""

    x: int


@dataclass(repr=False)
class NoRepr:
    x: int


@dataclass(eq=False)
class NoEq:
    x: int


@dataclass(init=False)
class NoInit:
    x: int = 3


@dataclass(order=True)
class Ordered:
    x: int
    y: int = field(default=0, compare=False)
    z: str = "z"


@dataclass(unsafe_hash=True)
class Hashed:
    x: int
    y: list = field(default_factory=list, hash=False)
    z: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Frozen:
    x: int
    y: tuple = ()


@dataclass(frozen=True)
class FrozenChild(Frozen):
    z: dict = field(default_factory=dict)


@dataclass(slots=True)
class Slotted:
    x: int
    y: int = 4


@dataclass(slots=True)
class SlottedChild(Slotted):
    z: list = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FrozenSlotted:
    x: int = 1
    y: str = "b"


@dataclass(frozen=True, slots=True, order=True)
class FrozenSlottedOrdered:
    x: int
    y: float = math.pi


@dataclass(kw_only=True)
class KeywordOnly:
    x: int
    y: int = 2


@dataclass
class SomeKeywordOnly:
    x: int
    _: KW_ONLY
    y: int = 5
    z: int


@dataclass
class FieldKeywordOnly:
    x: int = field(kw_only=True)
    y: int = 1
    z: int = field(default=2, kw_only=True)


@dataclass(kw_only=True)
class NotAllKeywordOnly:
    x: int = field(kw_only=False)
    y: int = 1


@dataclass
class WithInitVar:
    x: int
    scale: InitVar[int] = 2
    total: int = field(init=False)

    def __post_init__(self, scale):
        self.total = self.x * scale


@dataclass
class InitVarChild(WithInitVar):
    more: InitVar[str] = "m"

    def __post_init__(self, scale, more):
        super().__post_init__(scale)
        self.said = more


@dataclass
class PostInit:
    x: int

    def __post_init__(self):
        LOG.append(self.x)


@dataclass
class PostInitInherited(PostInit):
    y: int = 0


def make():
    LOG.append("made")
    return len(LOG)


@dataclass
class Factories:
    a: list = field(default_factory=list)
    b: dict = field(default_factory=lambda: {"k": []})
    c: int = field(default_factory=make)
    d: set = field(default_factory=set, init=False)


@dataclass
class WithClassVar:
    count: ClassVar[int] = 7
    other: typing.ClassVar = "o"
    x: int = 1


@dataclass
class Base:
    a: int
    b: int = 1


@dataclass
class Child(Base):
    c: int = 2


@dataclass
class Overriding(Base):
    c: str = "c"
    a: int = 10


@dataclass
class Redeclaring(Base):
    a: float
    b: float


class Between(Base):
    def hello(self):
        return "hello"


@dataclass
class BelowBetween(Between):
    d: int = 9


@dataclass
class Left(Base):
    left: int = 3


@dataclass
class Right(Base):
    right: int = 4
    b: int = 44


@dataclass
class Diamond(Left, Right):
    bottom: int = 5


@dataclass(order=True)
class OwnMethods:
    x: int

    def __repr__(self):
        return "own"

    def __eq__(self, other):
        return NotImplemented


@dataclass
class OwnInit:
    x: int
    y: int = 1

    def __init__(self, x):
        self.x = x * 2


@dataclass(frozen=True)
class OwnHash:
    x: int

    def __hash__(self):
        return 42


@dataclass
class EqAndHash:
    x: int

    def __hash__(self):
        return 43


@dataclass(match_args=False)
class NoMatchArgs:
    x: int


@dataclass
class OwnMatchArgs:
    x: int
    y: int = 0
    __match_args__ = ("y",)


@dataclass
class Box(Generic[T]):
    content: T
    items: list[T] = field(default_factory=list)


@dataclass
class Abstract(abc.ABC):
    x: int

    @abc.abstractmethod
    def run(self):
        ...


@dataclass
class Concrete(Abstract):
    y: int = 0

    def run(self):
        return self.x + self.y


@dataclass
class Failure(Exception):
    code: int
    reason: str = "unknown"


@dataclass
class Node:
    value: int
    next: "Node | None" = None


@dataclass
class Private:
    __hidden: int = 3
    _half: int = 4


@dataclass
class NamedSelf:
    self: int
    other: int = 1


@dataclass
class Shadowing:
    int: int = 1
    values: typing.List = field(default_factory=list)
    field_: Any = None


@dataclass
class Flags:
    a: int = field(repr=False)
    b: int = field(compare=False)
    c: int = field(default=3, init=False)
    d: int = field(default=4, metadata={"unit": "m"})


@functools.total_ordering
@dataclass
class Decorated:
    x: int

    def __lt__(self, other):
        return self.x < other.x


def local():
    @dataclasses.dataclass(frozen=True)
    class Local:
        x: int = dataclasses.field(default=1)

    return Local


class Outer:
    @dataclass
    class Inner:
        x: int = 0


@dataclass
class OneLine: x: int = 1; y: int = 2  # both


@dataclass(slots=True)
class SlottedFactory:
    x: list = field(default_factory=list, init=False)
    y: int = field(default=8, init=False)


@dataclass(slots=True, frozen=True)
class FrozenSlottedChild(FrozenSlotted):
    z: int = 3


@dataclass(order=True, frozen=True)
class Version:
    major: int
    minor: int = 0
    label: str = field(default="", compare=False)

    @property
    def text(self):
        return f"{self.major}.{self.minor}"


CASES = {
    "Empty": ["Empty()", "Empty() == Empty()", "Empty(1)"],
    "Plain": ["Plain(1)", "Plain(1, 'b')", "Plain(y=1, x=2)", "Plain()", "Plain(1, 2, 3)", "Plain(1) < Plain(2)"],
    "Documented": ["Documented(1)"],
    "NoRepr": ["repr(NoRepr(1)).startswith('<')", "NoRepr(1) == NoRepr(1)"],
    "NoEq": ["NoEq(1) == NoEq(1)", "isinstance(hash(NoEq(1)), int)"],
    "NoInit": ["NoInit()", "NoInit(1)", "NoInit().x"],
    "Ordered": [
        "Ordered(1) < Ordered(2)", "Ordered(1, 5) <= Ordered(1, 3)", "Ordered(1) > 1", "Ordered(1, 1) == Ordered(1, 2)",
        "sorted([Ordered(3), Ordered(1), Ordered(2)])", "Ordered(2) >= Ordered(2)",
    ],
    "Hashed": ["hash(Hashed(1)) == hash(Hashed(1, [2]))", "hash(Hashed(1))", "{Hashed(1): 1}"],
    "Frozen": [
        "Frozen(1)", "setattr(Frozen(1), 'x', 2)", "delattr(Frozen(1), 'x')", "setattr(Frozen(1), 'new', 2)",
        "hash(Frozen(1)) == hash(Frozen(1))", "delattr(Frozen(1), 'nothing')",
    ],
    "FrozenChild": ["FrozenChild(1)", "setattr(FrozenChild(1), 'z', 2)", "FrozenChild(1) == Frozen(1)", "hash(FrozenChild(1))"],
    "Slotted": ["Slotted(1)", "setattr(Slotted(1), 'new', 1)", "Slotted.__slots__", "hasattr(Slotted(1), '__dict__')", "Slotted.y.__class__.__name__"],
    "SlottedChild": ["SlottedChild(1)", "SlottedChild(1, 2, [3])", "setattr(SlottedChild(1), 'new', 1)"],
    "FrozenSlotted": [
        "FrozenSlotted()", "setattr(FrozenSlotted(), 'x', 1)", "setattr(FrozenSlotted(), 'new', 1)",
        "delattr(FrozenSlotted(), 'new')", "pickled(FrozenSlotted(2))", "copied(FrozenSlotted(2))",
    ],
    "FrozenSlottedOrdered": ["FrozenSlottedOrdered(1) < FrozenSlottedOrdered(2)", "hash(FrozenSlottedOrdered(1))"],
    "KeywordOnly": ["KeywordOnly(x=1)", "KeywordOnly(1)", "KeywordOnly()"],
    "SomeKeywordOnly": ["SomeKeywordOnly(1, z=2)", "SomeKeywordOnly(1, 2, 3)", "SomeKeywordOnly.__annotations__"],
    "FieldKeywordOnly": ["FieldKeywordOnly(x=1)", "FieldKeywordOnly(5, x=1, z=3)"],
    "NotAllKeywordOnly": ["NotAllKeywordOnly(1)", "NotAllKeywordOnly(1, 2)"],
    "WithInitVar": ["WithInitVar(2)", "WithInitVar(2, 5)", "WithInitVar(2).scale", "dataclasses.replace(WithInitVar(2), x=3, scale=1)"],
    "InitVarChild": ["InitVarChild(1, 2, 'x')", "InitVarChild(1).said"],
    "PostInit": ["PostInit(1)", "LOG[-1]"],
    "PostInitInherited": ["PostInitInherited(6)", "LOG[-1]"],
    "Factories": ["Factories().a is Factories().a", "Factories(b=1, c=2)", "Factories(c=0).d", "Factories.a", "Factories().c > 0"],
    "WithClassVar": ["WithClassVar()", "WithClassVar.count", "WithClassVar(2, 3)"],
    "Base": ["Base(1)"],
    "Child": ["Child(1)", "Child(1, 2, 3)", "Child(1) == Base(1)"],
    "Overriding": ["Overriding()", "Overriding(1, 2, 3)"],
    "Redeclaring": ["Redeclaring(1)", "Redeclaring(1, 2)"],
    "Between": ["Between(1).hello()", "Between(1)"],
    "BelowBetween": ["BelowBetween(1)", "BelowBetween(1).hello()"],
    "Diamond": ["Diamond(1)", "Diamond(1, 2, 3, 4, 5)", "[it.name for it in Diamond.__mro__[0].__dataclass_fields__.values()]"],
    "OwnMethods": ["OwnMethods(1)", "OwnMethods(1) == OwnMethods(1)", "OwnMethods(1) < OwnMethods(2)", "hash(OwnMethods(1))"],
    "OwnInit": ["OwnInit(2)", "OwnInit(2, 3)", "OwnInit(2).y"],
    "OwnHash": ["hash(OwnHash(1))", "OwnHash(1) == OwnHash(1)"],
    "EqAndHash": ["hash(EqAndHash(1))"],
    "NoMatchArgs": ["hasattr(NoMatchArgs, '__match_args__')"],
    "OwnMatchArgs": ["OwnMatchArgs.__match_args__"],
    "Box": ["Box(1)", "Box[int](2)", "Box[int]"],
    "Abstract": ["Abstract(1)"],
    "Concrete": ["Concrete(1).run()", "Concrete(1)"],
    "Failure": ["Failure(1)", "str(Failure(1))", "Failure(1).args", "raised(Failure(2, 'r'))"],
    "Node": ["recursive(Node(1))", "Node(1, Node(2))", "Node(1) == Node(1)"],
    "Private": ["Private()", "Private(_Private__hidden=5)", "vars(Private())"],
    "NamedSelf": ["NamedSelf(1)", "NamedSelf(self=2)"],
    "Shadowing": ["Shadowing()", "Shadowing(2, 3)"],
    "Flags": ["Flags(1, 2)", "Flags(1, 2) == Flags(1, 3)", "Flags(1, 2).c", "dataclasses.fields(Flags)[3].metadata['unit']"],
    "Decorated": ["Decorated(1) < Decorated(2)", "Decorated(1) >= Decorated(2)"],
    "local()": ["local()()", "setattr(local()(), 'x', 1)"],
    "Outer.Inner": ["Outer.Inner()", "Outer.Inner(3)"],
    "OneLine": ["OneLine()"],
    "SlottedFactory": ["SlottedFactory()", "SlottedFactory(1)", "SlottedFactory().y"],
    "FrozenSlottedChild": ["FrozenSlottedChild()", "FrozenSlottedChild.__slots__ if sys.version_info >= (3, 11) else 0", "setattr(FrozenSlottedChild(), 'q', 1)"],
    "Version": ["Version(1) < Version(2)", "Version(1).text", "{Version(1), Version(1, 0, 'x')}"],
    # What is said only of a known version: Python 3.13 compares field by field.
    "Plain#version": ["Plain(NAN) == Plain(NAN)"],
}
