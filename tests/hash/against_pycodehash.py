"""The same cases for astkit and pycodehash: edits that must not change a function's hash, and edits that must.

Cases are functions of the standard library's pure modules, which pycodehash can import. Where it breaks down on one of
the two sides, that is counted apart.
"""

import ast
import collections
import pathlib
import random
import subprocess
import tempfile
import time

MODULES = "colorsys getopt fnmatch textwrap shlex string difflib gettext calendar".split()
NEUTRAL = ["black", "ruff quotes", "yapf", "autopep8", "unparse", "comments", "docstrings", "hints", "minifier"]


def is_sample_equal(options, hashes):
    """Whether the first two functions of pycodehash's README, as it is installed, are equal under all rules."""
    script = "import importlib.metadata as it; print(it.metadata('pycodehash').get_payload())"
    run = subprocess.run([options.python, "-c", script], capture_output=True, text=True, check=True)
    samples = [it.split("```")[0] for it in run.stdout.split("```python\n")[1:3]]
    with tempfile.TemporaryDirectory() as work:
        for number, text in enumerate(samples):
            (pathlib.Path(work) / f"sample{number}.py").write_text(text, encoding="utf-8")
        found = hashes(options.astkit, work, "semantic", "--rules", "+aggressive")
    functions = [hash for (_, name), hash in sorted(found.items()) if name != "<module>"]
    return len(functions) == 2 and functions[0] == functions[1]


def against_pycodehash(options, hashes):
    from mutants import Text, code, edits, functions
    from neutral import KINDS

    random.seed(options.seed)
    folder = pathlib.Path(options.stdlib)
    cases = []
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)

        def package(text):
            name = f"package{len(list(work.iterdir()))}"
            (work / name).mkdir()
            (work / name / "__init__.py").write_text("")
            (work / name / "mod.py").write_text(text, encoding="utf-8")
            return name

        for module in MODULES[: options.files]:
            source = (folder / f"{module}.py").read_text(encoding="utf-8")
            base = package(source)
            top = [it for it in functions(ast.parse(source)) if "." not in it]
            for kind in NEUTRAL:
                try:
                    edited = package(KINDS[kind](source))
                except ValueError:
                    continue
                cases += [(base, edited, name, kind, True) for name in random.sample(top, min(2, len(top)))]
            found = [(name, *it) for name, f in functions(ast.parse(source)).items() if name in top for it in edits(Text(source), f)]
            random.shuffle(found)
            seen = collections.Counter()
            for name, kind, edit in found:
                mutated = Text(source).replaced(*(edit if isinstance(edit, list) else [edit]))
                try:
                    if seen[kind] >= 2 or code(mutated, name) == code(source, name):
                        continue
                except (SyntaxError, ValueError):
                    continue
                seen[kind] += 1
                cases.append((base, package(mutated), name, kind, False))
        wanted = sorted({(it[side], it[2]) for it in cases for side in (0, 1)})
        started = time.perf_counter()
        found = hashes(options.astkit, work, "deep")
        ours_took = time.perf_counter() - started
        ours = {(path.split("/")[0], name): hash for (path, name), hash in found.items() if path.endswith("mod.py")}
        side = pathlib.Path(__file__).parent / "pycodehash_side.py"
        lines = "".join(f"{work} {package} {name}\n" for package, name in wanted)
        run = subprocess.run([options.python, str(side)], input=lines, capture_output=True, text=True)
        theirs, theirs_took = {}, 0
        for key, line in zip(wanted, run.stdout.splitlines()):
            answer, seconds = line.split()
            theirs[key] = answer
            theirs_took += float(seconds)
    table = collections.defaultdict(lambda: [0, 0, 0, 0])
    for base, edited, name, kind, same in cases:
        row = table[("same " if same else "other ") + kind]
        row[0] += 1
        row[1] += (ours[base, name] == ours[edited, name]) == same
        one, two = theirs.get((base, name), "failed"), theirs.get((edited, name), "failed")
        failed = "failed" in one + two
        row[2] += not failed and (one == two) == same
        row[3] += failed
    print(f"sample pair of its README: {'equal' if is_sample_equal(options, hashes) else 'different'}")
    print(f"{'kind':20} {'cases':>6} {'astkit right':>13} {'pycodehash right':>17} {'fails':>6}")
    for kind, row in sorted(table.items()):
        print(f"{kind:20} {row[0]:6} {row[1]:13} {row[2]:17} {row[3]:6}")
    print(f"astkit: {len(ours)} definitions in {ours_took:.2f} s, {ours_took / len(ours) * 1e6:.0f} µs each")
    print(f"pycodehash: {len(theirs)} functions in {theirs_took:.1f} s, {theirs_took / max(1, len(theirs)) * 1e6:.0f} µs each")
    return 0
