"""How long after a save `astkit watch` has printed what it did, next to watchfiles in the same run.

    cargo build --release && python3 benches/watch.py FOLDER [SAVES]

FOLDER is copied first. A save is timed from just before the file is closed (or renamed) to the arrival of the line that
names it; watchfiles (installed into a scratch environment, pinned) only names the file, astkit has compared its definitions.
"""

import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv

WATCHFILES = "watchfiles==1.3.0"
ASTKIT = pathlib.Path(__file__).parent.parent / "target" / "release" / "astkit"
FOLLOW = """
import sys, watchfiles
print("ready", flush=True)
for changes in watchfiles.watch(sys.argv[1], yield_on_timeout=True, rust_timeout=200, debug=False):
    for kind, path in changes:
        print(path, flush=True)
"""


class Reader:
    """Notes when each line of a program arrives, and which files it names."""

    def __init__(self, command, names):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.seen, self.names = {}, names
        self.ready, self.changed = threading.Event(), threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            now = time.perf_counter()
            names = self.names(line)
            if names is None:
                self.ready.set()
                continue
            with self.changed:
                self.seen.update({name: now for name in names})
                self.changed.notify_all()

    def wait(self, name, since):
        with self.changed:
            self.changed.wait_for(lambda: self.seen.get(name, 0) > since, timeout=20)
            return self.seen.get(name)


def astkit_names(line):
    record = json.loads(line)
    return None if record["type"] == "ready" else [os.path.abspath(it["path"]) for it in record.get("files", [])]


def watchfiles_names(line):
    return None if line == "ready\n" else [line.strip()]


def save(path, text, how):
    if how == "in place":
        file = open(path, "w")
        file.write(text)
        file.flush()
        start = time.perf_counter()
        file.close()
    else:
        temporary = path + ".tmp"
        pathlib.Path(temporary).write_text(text)
        start = time.perf_counter()
        os.replace(temporary, path)
    return start


def edited(text, number):
    return text + f"\n\ndef added_{number}(a):\n    return a + {number}\n"


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def main():
    source = pathlib.Path(sys.argv[1])
    saves = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    scratch = pathlib.Path(tempfile.mkdtemp())
    folder = scratch / "tree"
    shutil.copytree(source, folder)
    venv.create(scratch / "venv", with_pip=True)
    python = scratch / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", WATCHFILES], check=True)
    files = sorted(str(it) for it in folder.rglob("*.py") if 500 < it.stat().st_size < 100_000)
    os.chdir(scratch)
    tools = {
        "astkit": lambda: Reader([ASTKIT, "watch", "--json", str(folder)], astkit_names),
        "watchfiles": lambda: Reader([python, "-c", FOLLOW, str(folder)], watchfiles_names),
    }
    chance = random.Random(1)
    medians = {}
    for how in ["in place", "replace"]:
        for tool, start in tools.items():
            reader = start()
            reader.ready.wait(120)
            time.sleep(1)
            times, lost = [], 0
            for number in range(saves):
                path = chance.choice(files)
                began = save(path, edited(pathlib.Path(path).read_text(), number), how)
                arrived = reader.wait(path, began)
                if arrived is None:
                    lost += 1
                else:
                    times.append(max(arrived - began, 0))
                time.sleep(chance.random() * 0.05 + 0.15)
            memory = next(
                int(line.split()[1]) // 1024
                for line in open(f"/proc/{reader.process.pid}/status")
                if line.startswith("VmRSS")
            )
            reader.process.kill()
            medians[tool, how] = statistics.median(times)
            print(
                f"{how:9} {tool:11} p50 {statistics.median(times) * 1000:7.1f} ms"
                f"  p95 {percentile(times, 0.95):7.1f} ms  max {max(times) * 1000:7.1f} ms"
                f"  lost {lost}  {memory} MB",
                flush=True,
            )
        print(f"{how:9} ratio {medians['watchfiles', how] / medians['astkit', how]:.1f}")
    shutil.rmtree(scratch)


main()
