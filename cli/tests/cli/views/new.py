"""A shop."""

import os
import sys


def load(path, mode="r"):
    with open(path, mode) as file:
        text = file.read()
    log("read", path)
    return text


class Cart:
    def __init__(self, owner):
        self.items = []
        self.owner = owner

    def discard(self, item):
        self.items = [it for it in self.items if it[0] != item]
        self.notify("removed", item, 0)

    def add(self, item, count=1):
        # Counts are never negative.
        if count > 0:
            self.items.append((item, count))
            self.notify("added", item, count)

    def label(self) -> str:
        return "ショッピングカート " + self.owner


def report(cart, stream):
    for item, count in cart.items:
        stream.write(f"{item}: {count}\n")
    stream.flush()


def report_errors(cart, stream):
    for item, count in cart.items:
        stream.write(f"{item}: {count}\n")
    stream.flush()


def render(cart):
    return [str(it) for it in cart.items]
