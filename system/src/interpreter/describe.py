"""Prints what the engine has to know of a Python, as one line of JSON. Run with -E -s -S."""
import sys

# The current folder, which the interpreter puts first, may hold modules of a user's.
sys.path[:] = [path for path in sys.path if path]

import json
import os
import site  # Under -S importing it runs nothing.


def venv():
    """The virtual environment that the interpreter stands in, and whether it sees the system's packages."""
    folder = os.path.dirname(os.path.abspath(sys.executable))
    for candidate in (folder, os.path.dirname(folder)):
        config = os.path.join(candidate, "pyvenv.cfg")
        if os.path.isfile(config):
            with open(config) as lines:
                for line in lines:
                    key, _, value = line.partition("=")
                    if key.strip().lower() == "include-system-site-packages":
                        return candidate, value.strip().lower() == "true"
            return candidate, True
    return None, True


def site_packages():
    """The folders that `site` would add, in its order."""
    out = []
    prefix, with_system = venv()
    if prefix:
        out += site.getsitepackages([prefix])
    if with_system:
        if not os.environ.get("PYTHONNOUSERSITE"):
            out.append(site.getusersitepackages())
        base = [getattr(sys, "base_prefix", sys.prefix), getattr(sys, "base_exec_prefix", sys.exec_prefix)]
        if sys.version_info[0] == 2:
            saved, site.PREFIXES = site.PREFIXES, base
            out += site.getsitepackages()
            site.PREFIXES = saved
        else:
            out += site.getsitepackages(base)
    return out


def frozen():
    """Names of the frozen modules that the frozen importer finds, and whether each is a package."""
    try:
        import _imp
    except ImportError:
        return []
    names = getattr(_imp, "_frozen_module_names", lambda: [
        "_frozen_importlib", "_frozen_importlib_external", "zipimport", "__hello__", "__phello__", "__phello__.spam",
    ])()
    return [[name, bool(_imp.is_frozen_package(name))] for name in names if _imp.is_frozen(name)]


def extension_suffixes():
    try:
        from importlib.machinery import EXTENSION_SUFFIXES
        return EXTENSION_SUFFIXES
    except ImportError:
        import imp
        return [suffix for suffix, _, kind in imp.get_suffixes() if kind == imp.C_EXTENSION]


print(json.dumps({
    "version": list(sys.version_info[:2]),
    "platform": sys.platform,
    "stdlib": sys.path,
    "site_packages": site_packages(),
    "builtin": list(sys.builtin_module_names),
    "frozen": frozen(),
    "extension_suffixes": list(extension_suffixes()),
}))
