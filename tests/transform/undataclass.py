"""Dataclasses and what `astkit transform undataclass` makes of them: no difference that can be observed.

    tests/transform/undataclass.py [--astkit EXE] PYTHON...

Runs every case of `shapes.py` before and after, in each interpreter, and compares what happened: values, errors with
their messages, signatures, docstrings, hints, fields, match arguments, slots, hashes, copies and pickles.
"""

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent

RECORD = r"""
import copy, dataclasses, inspect, json, pickle, re, sys
import shapes
from shapes import *

def pickled(it):
    return pickle.loads(pickle.dumps(it))

def copied(it):
    return copy.copy(it), copy.deepcopy(it)

def raised(error):
    try:
        raise error
    except Exception as it:
        return type(it).__name__, it

def recursive(node):
    node.next = node
    return repr(node)

def shown(value):
    return re.sub(r'0x[0-9a-f]+', '0x', repr(value))

def outcome(text):
    try:
        return shown(eval(text))
    except Exception as error:
        return f'{type(error).__name__}: {error}'

out = {}
for name, cases in shapes.CASES.items():
    cls = eval(name.split('#')[0])
    record = out[name] = {case: outcome(case) for case in cases}
    record['signature'] = str(inspect.signature(cls))
    record['doc'] = cls.__doc__
    record['annotations'] = shown(cls.__annotations__)
    record['init annotations'] = shown(getattr(cls.__init__, '__annotations__', None))
    record['init'] = cls.__init__.__qualname__
    record['fields'] = [
        shown({key: getattr(it, key) for key in it.__slots__ if not key.startswith('_') and key != 'default_factory'})
        for it in dataclasses.fields(cls)
    ]
    record['params'] = shown(cls.__dataclass_params__)
    record['is dataclass'] = dataclasses.is_dataclass(cls)
    record['match'] = getattr(cls, '__match_args__', None)
    record['slots'] = cls.__dict__.get('__slots__') if sys.version_info >= (3, 11) else None
    if sys.version_info >= (3, 11) or '__slots__' not in vars(cls):
        # Python 3.10 leaves parts of the class without slots in the one with slots.
        record['own'] = sorted(it for it in vars(cls) if it not in ('__static_attributes__', '__firstlineno__'))
    record['hash'] = (cls.__hash__ is None, cls.__hash__ is object.__hash__)
    record['qualname'] = (cls.__qualname__, cls.__module__)
    try:
        instance = cls(*[1] * len(cls.__match_args__))
        record['asdict'] = shown(dataclasses.asdict(instance))
        record['replaced'] = shown(dataclasses.replace(instance))
        record['copied'] = shown(copied(instance))
        record['same'] = shown(instance == copy.copy(instance))
        if sys.version_info >= (3, 13):
            record['copy.replace'] = shown(copy.replace(instance))
    except Exception as error:
        record['instance'] = f'{type(error).__name__}: {error}'
print(json.dumps(out))
"""


def record(python, folder):
    done = subprocess.run([python, "-c", RECORD], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{python} in {folder}: {done.stderr}")
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--astkit", default="target/debug/astkit")
    parser.add_argument("--keep", type=Path, help="where to write what was made")
    parser.add_argument("pythons", nargs="+", metavar="PYTHON")
    arguments = parser.parse_args()
    differences = 0
    for python in arguments.pythons:
        version = subprocess.run(
            [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True
        ).stdout.strip()
        plain = (HERE / "shapes.py").read_text()
        deferred = plain.replace("import abc\n", "from __future__ import annotations\n\nimport abc\n", 1)
        for options, text in itertools.product(("", f"<python-version={version}>"), (plain, deferred)):
            hints = " with deferred hints" if text is deferred else ""
            with tempfile.TemporaryDirectory() as old, tempfile.TemporaryDirectory() as new:
                Path(old, "shapes.py").write_text(text)
                done = subprocess.run(
                    [arguments.astkit, "transform", "undataclass" + options, Path(old, "shapes.py")],
                    capture_output=True,
                    text=True,
                )
                if done.returncode or done.stderr:
                    sys.exit(f"astkit: {done.stderr}")
                if "\n@dataclass" in done.stdout:
                    sys.exit("dataclasses are left")
                Path(new, "shapes.py").write_text(done.stdout)
                if arguments.keep:
                    arguments.keep.write_text(done.stdout)
                before, after = record(python, old), record(python, new)
            count = 0
            for name in before:
                if name.endswith("#version") and not options:
                    continue
                for key in before[name]:
                    if before[name][key] != after[name].get(key):
                        count += 1
                        print(f"{version}{options}{hints} {name}: {key}\n  - {before[name][key]}\n  + {after[name].get(key)}")
            print(f"{version}{options}{hints}: {len(before)} shapes, {count} differences")
            differences += count
    sys.exit(bool(differences))


main()
