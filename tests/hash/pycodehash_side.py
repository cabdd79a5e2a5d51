"""Hashes functions with pycodehash: reads lines of `FOLDER PACKAGE QUALNAME`, prints a hash and seconds for each.

Runs under a Python that has pycodehash, and its ruff on the path. Each package is hashed by one hasher.
"""

import importlib
import sys
import time


def main():
    hashers = {}
    for line in sys.stdin:
        folder, package, qualname = line.split()
        if folder not in sys.path:
            sys.path.insert(0, folder)
        started = time.perf_counter()
        try:
            from pycodehash import FunctionHasher

            function = importlib.import_module(f"{package}.mod")
            for name in qualname.split("."):
                function = getattr(function, name)
            hasher = hashers.setdefault(package, FunctionHasher())
            answer = hasher.hash_func(function)
        except BaseException as error:  # Its failures are answers too.
            answer = f"failed:{type(error).__name__}"
        print(answer, time.perf_counter() - started, flush=True)


main()
