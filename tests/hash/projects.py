"""Made-up projects whose dependencies are known, because they were made with them.

Functions call functions and methods of other modules through all kinds of imports, variables and cycles. One function's
constant is changed; the definitions whose hash changes at `deep` must be exactly those that reach it.
"""

import collections
import pathlib
import random
import tempfile


class Project:
    """Modules with functions, classes and variables; `calls` says who depends on whom."""

    def __init__(self, modules, functions):
        self.calls = collections.defaultdict(set)
        self.members = {}
        names = [f"m{number}" for number in range(modules)]
        self.definitions = []
        for module in names:
            for number in range(functions):
                kind = random.choice(["function", "function", "function", "method", "variable"])
                self.definitions.append((module, f"{kind[0]}{number}", kind))
        self.constants = {it[:2]: random.randrange(1000) for it in self.definitions}
        self.edges = {}
        for it in self.definitions:
            targets = random.sample(self.definitions, random.choice([0, 0, 1, 1, 2]))
            if it[2] == "variable":
                # A module's variable is made where its definition stands: it can only use what is there before.
                before = [d for d in self.definitions if d[2] != "variable" and d[0] == it[0]]
                targets = random.sample(before, min(1, len(before)))
            self.edges[it[:2]] = [target for target in targets if target[:2] != it[:2] or it[2] == "function"]
        self.style = {
            (it[:2], number): random.choice(["from", "module", "alias", "facade", "star", "local"])
            for it in self.definitions
            for number in range(3)
        }

    def expression(self, user, number, target):
        """How a definition refers to another, and the import that it needs."""
        module, name, kind = target
        path = f"C{name[1:]}.{name}" if kind == "method" else name
        head = path.split(".")[0]
        call = "" if kind == "variable" else "(1)" if kind == "function" else "(None, 1)"
        if module == user[0]:
            return "", "", path + call
        match self.style[user, number]:
            case "from":
                return f"from .{module} import {head} as {module}_{head}", "", f"{module}_{path}{call}"
            case "module":
                return f"from . import {module}", "", f"{module}.{path}{call}"
            case "alias":
                return f"import pkg.{module} as other_{module}", "", f"other_{module}.{path}{call}"
            case "facade":
                return "import pkg.facade", "", f"pkg.facade.{module}_{path}{call}"
            case "star":
                return "from .starred import *", "", f"{module}_{path}{call}"
            case "local":
                return "", f"    from .{module} import {head} as own\n", f"own{path[len(head):]}{call}"

    def files(self):
        files = collections.defaultdict(lambda: ([], []))
        facade = []
        for it in self.definitions:
            module, name, kind = it
            imports, lines = files[module]
            inner, parts = "", [str(self.constants[it[:2]])]
            for number, target in enumerate(self.edges[it[:2]]):
                top, local, expression = self.expression(it[:2], number, target)
                if top and top not in imports:
                    imports.append(top)
                inner += local
                if local:
                    inner += f"    x += {expression}\n"
                else:
                    parts.append(expression)
            head = f"C{name[1:]}" if kind == "method" else name
            facade.append(f"from .{module} import {head} as {module}_{head}")
            value = " + ".join(parts)
            if kind == "function":
                lines.append(f"def {name}(x):\n{inner}    return x and {value}\n")
            elif kind == "method":
                inner = inner.replace("    ", "        ")
                lines.append(f"class {head}:\n    def {name}(self, x):\n{inner}        return x and {value}\n")
            else:
                lines.append(f"{name} = {parts[0]}" + "".join(f"\n{name} += {it}" for it in parts[1:]) + "\n")
        out = {f"{module}.py": "\n".join(imports) + "\n\n" + "\n".join(lines) for module, (imports, lines) in files.items()}
        out["facade.py"] = "\n".join(facade) + "\n"
        out["starred.py"] = "from .facade import *\n"
        out["__init__.py"] = ""
        return out

    def reaching(self, changed):
        users = collections.defaultdict(set)
        for user, targets in self.edges.items():
            for target in targets:
                users[target[:2]].add(user)
        seen, stack = set(), [changed]
        while stack:
            it = stack.pop()
            if it not in seen:
                seen.add(it)
                stack.extend(users[it])
        kinds = {it[:2]: it[2] for it in self.definitions}
        return {it for it in seen if kinds[it] != "variable"}


def projects(options, hashes):
    random.seed(options.seed)
    missed = extra = changes = pairs = 0
    for _ in range(options.rounds):
        project = Project(random.randrange(3, 9), random.randrange(3, 9))
        before = None
        for changed in [None, *random.sample([it[:2] for it in project.definitions], 6)]:
            if changed:
                project.constants[changed] += 1000
            with tempfile.TemporaryDirectory() as work:
                folder = pathlib.Path(work) / "pkg"
                folder.mkdir()
                for name, text in project.files().items():
                    (folder / name).write_text(text)
                if changed is None:
                    for name, text in project.files().items():
                        compile(text, name, "exec")
                found = hashes(options.astkit, pathlib.Path(work), "deep")
            after = {}
            for (path, qualname), hash in found.items():
                name = qualname.split(".")[-1]
                if name[0] in "fm" and not qualname.startswith("<"):
                    after[pathlib.Path(path).stem, name] = hash
            if changed:
                expected = project.reaching(changed)
                differs = {it for it in after if before[it] != after[it]}
                changes += 1
                pairs += len(expected)
                missed += len(expected - differs)
                extra += len(differs - expected)
                if options.verbose and expected != differs:
                    print(f"  {changed}: missed {sorted(expected - differs)}, too many {sorted(differs - expected)}")
                    if options.keep:
                        for name, text in project.files().items():
                            target = pathlib.Path(options.keep) / str(changes) / "pkg" / name
                            target.parent.mkdir(parents=True, exist_ok=True)
                            target.write_text(text)
            before = after
    print(f"{changes} changes of one function, which {pairs} definitions reach: {missed} missed, {extra} too many")
    return 1 if missed or extra else 0
