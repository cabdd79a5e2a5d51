"""Does `astkit impact` name every test that runs a function?

    executed.py ASTKIT FOLDER [--most N] [-- PYTEST ARGUMENTS...]

Runs the tests of a project with this Python's pytest, notes per test which functions of the project it really runs
(fixtures and imports included), and asks `astkit impact PATH::NAME --tests` for each function that runs, at most N of
them, spread evenly. Prints the tests that ran a function and were not named, and how many tests were named for each that ran.
"""
import json
import os
import subprocess
import sys
import threading

PLUGIN = '''
import json, os, sys, threading
ROOT = os.getcwd() + os.sep
RAN = {}
CURRENT = None

def profile(frame, event, argument):
    if event == "call" and CURRENT is not None:
        code = frame.f_code
        if code.co_filename.startswith(ROOT):
            CURRENT.add((code.co_filename[len(ROOT):], code.co_qualname))

import pytest

@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    global CURRENT
    CURRENT = RAN.setdefault(item.nodeid.split("[")[0], set())
    sys.setprofile(profile)
    threading.setprofile(profile)
    yield
    sys.setprofile(None)
    threading.setprofile(None)
    CURRENT = None

def pytest_sessionfinish():
    with open(os.environ["ASTKIT_RAN"], "w") as out:
        json.dump({test: sorted(ran) for test, ran in RAN.items()}, out)
'''


def main():
    arguments = sys.argv[1:]
    pytest = arguments[arguments.index("--") + 1:] if "--" in arguments else []
    arguments = arguments[:arguments.index("--")] if "--" in arguments else arguments
    most = int(arguments[arguments.index("--most") + 1]) if "--most" in arguments else 100
    astkit, folder = os.path.abspath(arguments[0]), arguments[1]
    os.chdir(folder)
    with open("_astkit_ran.py", "w", encoding="utf-8") as plugin:
        plugin.write(PLUGIN)
    environment = {**os.environ, "ASTKIT_RAN": os.path.abspath("_astkit_ran.json"), "PYTHONPATH": os.pathsep.join(
        [os.getcwd(), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "_astkit_ran", "-p", "no:cacheprovider", *pytest]
    print(subprocess.run(command, env=environment, capture_output=True, text=True).stdout.splitlines()[-1])
    os.remove("_astkit_ran.py")
    with open("_astkit_ran.json", encoding="utf-8") as file:
        ran = json.load(file)
    os.remove("_astkit_ran.json")
    by_function = {}
    for test, functions in ran.items():
        for path, name in functions:
            if path.endswith(".py") and "<" not in name.replace("<locals>", "").replace("<lambda>", "<"):
                by_function.setdefault((path, name), set()).add(test)
    functions = sorted(by_function)
    functions = functions[::max(1, len(functions) // most)]
    missing = named = really = skipped = 0
    for path, name in functions:
        run = subprocess.run([astkit, "impact", f"{path}::{name}", "--tests", "-q"], capture_output=True, text=True)
        if run.returncode:
            skipped += 1
            continue
        told = set(run.stdout.split("\n")) - {""}
        lost = by_function[path, name] - told
        named, really, missing = named + len(told), really + len(by_function[path, name]), missing + len(lost)
        if lost:
            print(f"{path}::{name}: {len(lost)} of {len(by_function[path, name])} not named, as {sorted(lost)[0]}")
    print(f"{len(ran)} tests, {len(functions)} functions ({skipped} unknown to astkit): {really} pairs really run, "
          f"{missing} not named, {named} named")


main()
