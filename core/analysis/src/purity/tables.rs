//! What builtins, builtin types' methods and well-known modules do.

use super::Verdict;

/// Builtin functions that iterate over their arguments.
const CONSUMING: [&str; 21] = [
    "all",
    "any",
    "bytearray",
    "bytes",
    "dict",
    "enumerate",
    "filter",
    "frozenset",
    "iter",
    "list",
    "map",
    "max",
    "min",
    "reversed",
    "set",
    "sorted",
    "sum",
    "tuple",
    "zip",
    "dict.fromkeys",
    "str.join",
];

const PURE: [&str; 38] = [
    "abs",
    "ascii",
    "bin",
    "bool",
    "callable",
    "chr",
    "complex",
    "divmod",
    "float",
    "format",
    "getattr",
    "hasattr",
    "hex",
    "int",
    "isinstance",
    "issubclass",
    "len",
    "object",
    "oct",
    "ord",
    "pow",
    "property",
    "range",
    "repr",
    "round",
    "slice",
    "staticmethod",
    "classmethod",
    "str",
    "super",
    "type",
    "int.from_bytes",
    "object.__init__",
    "object.__new__",
    "int.__new__",
    "str.__new__",
    "tuple.__new__",
    "float.fromhex",
];

const IMPURE: [&str; 13] = [
    "__import__",
    "breakpoint",
    "compile",
    "delattr",
    "eval",
    "exec",
    "exit",
    "id",
    "input",
    "next",
    "open",
    "print",
    "setattr",
];

/// What a builtin does; true if it iterates over its arguments.
pub(super) fn builtin(name: &str) -> (Verdict, bool) {
    if CONSUMING.contains(&name) {
        return (Verdict::Pure, true);
    }
    if PURE.contains(&name) || is_exception(name) {
        return (Verdict::Pure, false);
    }
    if IMPURE.contains(&name) {
        return (Verdict::Impure, false);
    }
    match name.split_once('.') {
        Some((ty, method)) => method_of(ty, method),
        None => (Verdict::Unknown, false),
    }
}

fn is_exception(name: &str) -> bool {
    let is_class = crate::mro::canonical_class("builtins", name).is_some();
    is_class && name.starts_with(|it: char| it.is_ascii_uppercase())
}

/// What a method of a builtin type does to anything but its receiver.
fn method_of(ty: &str, method: &str) -> (Verdict, bool) {
    match ty {
        "str" | "bytes" => (Verdict::Pure, method == "join"),
        "int" | "float" | "complex" | "tuple" | "frozenset" | "range" | "bool" => (Verdict::Pure, false),
        "list" | "dict" | "set" | "bytearray" => {
            (Verdict::Pure, matches!(method, "extend" | "update" | "union" | "intersection" | "difference"))
        }
        _ => (Verdict::Unknown, false),
    }
}

/// Whether a method of a builtin type, or one that is called like it, changes its receiver.
pub(super) fn is_mutating(method: &str) -> bool {
    matches!(
        method,
        "append"
            | "appendleft"
            | "extend"
            | "extendleft"
            | "insert"
            | "remove"
            | "pop"
            | "popleft"
            | "popitem"
            | "clear"
            | "sort"
            | "reverse"
            | "add"
            | "discard"
            | "update"
            | "setdefault"
            | "write"
            | "writelines"
            | "__setitem__"
            | "__delitem__"
            | "__setattr__"
            | "intersection_update"
            | "difference_update"
            | "symmetric_difference_update"
    )
}

const PURE_MODULES: [&str; 9] =
    ["math", "cmath", "textwrap", "string", "keyword", "fractions", "html", "colorsys", "posixpath"];

const PURE_NAMES: [&str; 22] = [
    "collections.Counter",
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.deque",
    "collections.namedtuple",
    "dataclasses.dataclass",
    "functools.partial",
    "functools.wraps",
    "itertools.count",
    "itertools.repeat",
    "operator.add",
    "operator.attrgetter",
    "operator.eq",
    "operator.itemgetter",
    "operator.mul",
    "operator.sub",
    "re.compile",
    "re.escape",
    "typing.cast",
    "unicodedata.normalize",
    "os.fspath",
    "datetime.timedelta",
];

const IMPURE_MODULES: [&str; 17] = [
    "logging",
    "os",
    "random",
    "secrets",
    "shutil",
    "signal",
    "socket",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "warnings",
    "webbrowser",
    "getpass",
    "gc",
    "multiprocessing",
];

const IMPURE_NAMES: [&str; 7] = [
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "uuid.uuid1",
    "uuid.uuid4",
    "builtins.print",
];

/// What something of another module does when it is called.
pub(super) fn external(name: &str) -> Verdict {
    if PURE_NAMES.contains(&name) {
        return Verdict::Pure;
    }
    if IMPURE_NAMES.contains(&name) {
        return Verdict::Impure;
    }
    let path = ["os.path.abspath", "os.path.exists", "os.path.isfile", "os.path.isdir", "os.path.getmtime"];
    if name.starts_with("os.path.") {
        let pure = ["basename", "dirname", "join", "normpath", "split", "splitext", "isabs", "commonprefix"];
        let last = name.rsplit('.').next().unwrap_or_default();
        return if path.contains(&name) || !pure.contains(&last) { Verdict::Impure } else { Verdict::Pure };
    }
    let top = name.split('.').next().unwrap_or_default();
    if PURE_MODULES.contains(&top) {
        Verdict::Pure
    } else if IMPURE_MODULES.contains(&top) {
        Verdict::Impure
    } else {
        Verdict::Unknown
    }
}

/// Whether a value of another module is the same at every time.
pub(super) fn is_constant(name: &str) -> bool {
    let top = name.split('.').next().unwrap_or_default();
    PURE_MODULES.contains(&top) || name.starts_with("os.path.")
}
