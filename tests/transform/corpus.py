"""Transformations over the files of a corpus: the result compiles, and a second time nothing changes.

    tests/transform/corpus.py [--astkit EXE] [--corpus DIR] [--every N] [PIPELINE...]

Takes every N-th file of the corpus (`tests/corpus/fetch.py` makes one; `accepted.txt` lists its files). That the result
parses to the tree that was meant is checked by `astkit transform` itself, file by file.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FACTS = "python-version=3.12,platform=linux,os-name=posix"
PIPELINES = [
    "strip-docstrings",
    "strip-hints",
    "rename-locals",
    "fold-constants",
    f"dead-code<{FACTS}>",
    "undataclass",
    f"strip-docstrings,strip-hints,undataclass,repeat<8>(fold-constants,dead-code<{FACTS}>),rename-locals",
]


def transformed(astkit, pipeline, files):
    command = [str(astkit), "transform", "--json", "--no-cache", "-q", pipeline, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    return [json.loads(it) for it in done.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--astkit", default=ROOT / "target" / "debug" / "astkit")
    parser.add_argument("--corpus", type=Path, default=os.environ.get("ASTKIT_CORPUS", ROOT / "target" / "corpus"))
    parser.add_argument("--every", type=int, default=190)
    parser.add_argument("pipelines", nargs="*")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    files = Path(arguments.corpus, "accepted.txt").read_text().splitlines()[:: arguments.every]
    files = [Path(arguments.corpus, it) for it in files]
    failed = 0
    for pipeline in arguments.pipelines or PIPELINES:
        changed, wrong = 0, []
        with tempfile.TemporaryDirectory() as folder:
            written = []
            for record in transformed(arguments.astkit, pipeline, files):
                if "result" not in record:
                    wrong.append((record["path"], record["message"]))
                elif record["result"]["changed"]:
                    changed += 1
                    text = record["result"]["source"]
                    try:
                        compile(text.encode(errors="replace") if "coding" not in text[:200] else text, record["path"], "exec", dont_inherit=True)
                    except (SyntaxError, ValueError) as error:
                        wrong.append((record["path"], error))
                    written.append(Path(folder, f"{changed}.py"))
                    written[-1].write_text(text)
            for record in transformed(arguments.astkit, pipeline, written) if written else []:
                if "result" not in record or record["result"]["changed"]:
                    before = written.index(Path(record["path"]))
                    wrong.append((record["path"], f"changes twice ({before})"))
        print(f"{pipeline}: {changed} of {len(files)} files changed, {len(wrong)} wrong", flush=True)
        for it in wrong[:10]:
            print("  ", *it)
        failed += len(wrong)
    sys.exit(bool(failed))


main()
