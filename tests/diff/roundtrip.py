#!/usr/bin/env python3
"""Applies the scripts that `astkit diff` prints for two folders or files, reading nothing but its JSON, in both directions.

usage: roundtrip.py ASTKIT OLD NEW [OLD NEW]...
"""

import json
import subprocess
import sys
from collections import Counter


def collect(edits, holes):
    """The places whose text is no longer there, the outer before the inner."""
    for it in edits:
        if it.get("old") and it["old"]["start"] < it["old"]["end"]:
            holes.append((it["old"]["start"], -it["old"]["end"]))
        collect(it.get("ops", []), holes)


def reindented(text, before, after):
    first, *lines = text.split(b"\n")
    out = [first]
    for at, line in enumerate(lines):
        rest = line[len(before) :]
        blank = rest.startswith(b"\r") or (not rest and at < len(lines) - 1)
        out.append(after + rest if line.startswith(before) and not blank else line)
    return b"\n".join(out)


def anchor(edit):
    return edit["at"] if edit["op"] in ("insert", "move") else edit["old"]["start"]


def render(old, start, end, moved, edits, holes):
    out = []

    def copy(at, end):
        own = moved
        for first, last in holes:
            last = -last
            if first < at or first >= end:
                continue
            if own and (first, last) == (start, render_end):
                own = False
                continue
            if moved and first <= start and last >= render_end and (first, last) != (start, render_end):
                continue
            out.append(old[at:first])
            at = last
        if at < end:
            out.append(old[at:end])
        return max(at, end)

    at, render_end = start, end
    for it in sorted((it for it in edits if it.get("new")), key=lambda it: (anchor(it), it["new"]["start"])):
        at = copy(at, anchor(it))
        if it["op"] in ("insert", "update"):
            out.append(it["text"].encode())
        elif it["op"] == "move":
            place = it["old"]
            out.append(render(old, place["start"], place["end"], True, it.get("ops", []), holes))
        elif it["op"] == "reindent":
            place = it["old"]
            out.append(reindented(old[place["start"] : place["end"]], it["from"].encode(), it["to"].encode()))
    copy(at, end)
    return b"".join(out)


def apply(old, edits):
    if len(edits) == 1 and edits[0]["op"] == "replace":
        it = edits[0]
        text = it["text"].encode() if "text" in it else bytes.fromhex(it["hex"])
        return old[: it["old"]["start"]] + text + old[it["old"]["end"] :]
    holes = []
    collect(edits, holes)
    return render(old, 0, len(old), False, edits, sorted(holes))


def read(path):
    if path is None:
        return b""
    with open(path, "rb") as file:
        return file.read()


def check(astkit, old, new):
    run = subprocess.run(
        [astkit, "diff", "--isolated", "--no-ignore", "--script", "--json", "-q", old, new], capture_output=True, check=True
    )
    files, edits, counts = [], {}, Counter()
    for line in run.stdout.splitlines():
        record = json.loads(line)
        if record["type"] == "file":
            files.append(record)
        elif record["type"] == "definition":
            key = ("new", record["new"]["path"]) if record["new"] else ("old", record["old"]["path"])
            edits.setdefault(key, []).extend(record["script"])
    for it in files:
        if it["status"] == "unchanged" or it.get("script") is None:
            continue
        script = it["script"] + edits.get(("new", it["new"]), []) + edits.get(("old", it["old"]), [])
        right = apply(read(it["old"]), script) == read(it["new"])
        counts["right" if right else "wrong"] += 1
        counts.update(it["approx"])
        if not right:
            print("wrong:", it["old"], it["new"])
    return counts


def main():
    astkit, folders, counts = sys.argv[1], sys.argv[2:], Counter()
    for old, new in zip(folders[::2], folders[1::2]):
        counts += check(astkit, old, new) + check(astkit, new, old)
    print(dict(counts))
    sys.exit(bool(counts["wrong"]))


if __name__ == "__main__":
    main()
