"""A shop."""

import os


def load(path):
    with open(path) as file:
        text = file.read()
        log("read", path)
    return text


class Cart:
    def __init__(self, owner):
        self.owner = owner
        self.items = []

    def add(self, item, count=1):
        # Counts stay positive.
        if count > 0:
            self.items.append((item, count))
            self.notify("added", item, count)

    def remove(self, item):
        self.items = [it for it in self.items if it[0] != item]
        self.notify("removed", item, 0)

    def label(self):
        return "カート " + self.owner


def report(cart, stream):
    for item, count in cart.items:
        stream.write(f"{item}: {count}\n")
    stream.flush()


def render( cart ): return [ str(it) for it in cart.items ]
