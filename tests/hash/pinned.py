"""Pins under formatters: comments that are written into real files, and formatted with them.

Each file gets pins at random at the places where people write comments: above a definition, in a line of its own in a
body, behind a statement. What a pin belongs to must be the same after a formatter moved it.
"""

import ast
import pathlib
import random
import tempfile

FORMATTERS = ["black", "ruff format", "ruff quotes", "yapf", "autopep8"]


def pinned(text, chance):
    """A text with pins."""
    inside = set()  # Lines that begin within a text of several lines.
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and node.end_lineno > node.lineno:
            inside.update(range(node.lineno + 1, node.end_lineno + 1))
    above, behind = set(), set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt):
            first = min([node.lineno, *(it.lineno for it in getattr(node, "decorator_list", []))])
            above.add(first)
            behind.add(node.end_lineno)
            if getattr(node, "body", None) and isinstance(node.body[0], ast.stmt):
                behind.add(node.body[0].lineno - 1)
    lines = text.split("\n")
    for number in range(len(lines), 0, -1):
        line = lines[number - 1]
        code = line.strip()
        if not code or code.startswith("#") or line.endswith("\\") or (number > 1 and lines[number - 2].endswith("\\")):
            continue
        pin = f'# astkit: depends("pin {number}")'
        if number in behind and "#" not in line and number + 1 not in inside and random.random() < chance:
            lines[number - 1] = f"{line}  {pin}"
        indent = line[: len(line) - len(line.lstrip())]
        if number in above and number not in inside and random.random() < chance:
            lines.insert(number - 1, indent + pin)
    return "\n".join(lines)


def pins(options, sample, hashes):
    from neutral import KINDS

    random.seed(options.seed)
    print(f"{'formatter':14} {'files':>6} {'pins':>6} {'definitions':>12} {'deep changed':>13}")
    for kind in FORMATTERS:
        with tempfile.TemporaryDirectory() as work:
            before, after = pathlib.Path(work, "before"), pathlib.Path(work, "after")
            before.mkdir()
            after.mkdir()
            count, sources = 0, {}
            for number, path in enumerate(sample(options.corpus, options.files, options.seed)):
                text = pinned(path.read_text(encoding="utf-8"), 0.1)
                try:
                    new = KINDS[kind](text)
                    if ast.dump(ast.parse(new)) != ast.dump(ast.parse(text)):
                        continue
                except Exception:  # The formatter's own failure says nothing about pins.
                    continue
                (before / f"m{number}.py").write_text(text, encoding="utf-8", newline="")
                (after / f"m{number}.py").write_text(new, encoding="utf-8", newline="")
                sources[f"m{number}.py"] = path
                count += text.count("# astkit: depends(")
            one, two = hashes(options.astkit, before, "deep"), hashes(options.astkit, after, "deep")
            changed = [it for it in one if one[it] != two.get(it)]
            print(f"{kind:14} {len(sources):6} {count:6} {len(one):12} {len(changed):13}", flush=True)
            for path, qualname in changed[: options.verbose * 20]:
                print(f"  {sources[path]}::{qualname}")
            if options.keep:
                for folder in (before, after):
                    target = pathlib.Path(options.keep, kind, folder.name)
                    target.mkdir(parents=True, exist_ok=True)
                    for name in {path for path, _ in changed}:
                        (target / name).write_bytes((folder / name).read_bytes())
    return 0
