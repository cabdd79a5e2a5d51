//! Decorators and bases that are known to look at neither docstrings nor hints, each with the reason.
//!
//! The lists are part of the scheme: another list is another scheme number. What is not listed is taken to look.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// What a decorator looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Looks {
    /// At docstrings.
    pub at_docstring: bool,
    /// At hints.
    pub at_hints: bool,
}

impl Looks {
    /// At neither.
    pub const NOWHERE: Self = Self { at_docstring: false, at_hints: false };
    /// At both.
    pub const EVERYWHERE: Self = Self { at_docstring: true, at_hints: true };
    const AT_DOCSTRING: Self = Self { at_docstring: true, at_hints: false };
    const AT_HINTS: Self = Self { at_docstring: false, at_hints: true };
}

/// Decorators by full name; `*` at the end stands for anything.
const DECORATORS: &[(&str, Looks)] = &[
    // Descriptors: they hand the function on as it is.
    ("staticmethod", Looks::NOWHERE),
    ("classmethod", Looks::NOWHERE),
    ("property", Looks::NOWHERE),
    ("functools.cached_property", Looks::NOWHERE),
    ("enum.property", Looks::NOWHERE),
    ("enum.member", Looks::NOWHERE),
    ("enum.nonmember", Looks::NOWHERE),
    ("types.DynamicClassAttribute", Looks::NOWHERE),
    // Marks: they set an attribute, or do nothing at all.
    ("abc.abstractmethod", Looks::NOWHERE),
    ("abc.abstractproperty", Looks::NOWHERE),
    ("abc.abstractclassmethod", Looks::NOWHERE),
    ("abc.abstractstaticmethod", Looks::NOWHERE),
    ("typing.overload", Looks::NOWHERE),
    ("typing.final", Looks::NOWHERE),
    ("typing.override", Looks::NOWHERE),
    ("typing.no_type_check", Looks::NOWHERE),
    ("typing.runtime_checkable", Looks::NOWHERE),
    ("typing_extensions.overload", Looks::NOWHERE),
    ("typing_extensions.final", Looks::NOWHERE),
    ("typing_extensions.override", Looks::NOWHERE),
    ("typing_extensions.deprecated", Looks::NOWHERE),
    ("typing_extensions.runtime_checkable", Looks::NOWHERE),
    ("warnings.deprecated", Looks::NOWHERE),
    ("types.coroutine", Looks::NOWHERE),
    ("homeassistant.core.callback", Looks::NOWHERE),
    // Wrappers: they copy `__doc__` and `__annotations__` for whoever asks, and ask nothing themselves.
    ("functools.wraps", Looks::NOWHERE),
    ("functools.cache", Looks::NOWHERE),
    ("functools.lru_cache", Looks::NOWHERE),
    ("functools.singledispatch", Looks::NOWHERE),
    ("contextlib.contextmanager", Looks::NOWHERE),
    ("contextlib.asynccontextmanager", Looks::NOWHERE),
    // Register or look at the class, not at its words.
    ("functools.total_ordering", Looks::NOWHERE),
    ("enum.unique", Looks::NOWHERE),
    ("atexit.register", Looks::NOWHERE),
    // Tests: names and markers count. `pytest --fixtures` prints docstrings of fixtures.
    ("unittest.skip", Looks::NOWHERE),
    ("unittest.skipIf", Looks::NOWHERE),
    ("unittest.skipUnless", Looks::NOWHERE),
    ("unittest.expectedFailure", Looks::AT_DOCSTRING),
    ("unittest.mock.patch", Looks::NOWHERE),
    ("unittest.mock.patch.*", Looks::NOWHERE),
    ("pytest.mark.*", Looks::NOWHERE),
    ("pytest.fixture", Looks::AT_DOCSTRING),
    // The fields are the hints.
    ("dataclasses.dataclass", Looks::AT_HINTS),
];

/// Bases that ignore the hints in the bodies of their subclasses.
const BASES: &[&str] = &[
    "object",
    "type",
    "abc.ABC",
    "typing.Generic",
    "typing.Protocol",
    "typing_extensions.Protocol",
    "enum.Enum",
    "enum.IntEnum",
    "enum.StrEnum",
    "enum.Flag",
    "enum.IntFlag",
    "threading.Thread",
    "unittest.TestCase",
    "unittest.IsolatedAsyncioTestCase",
    "ast.NodeVisitor",
    "ast.NodeTransformer",
    "logging.Handler",
    "logging.Formatter",
    "logging.Filter",
    "logging.LoggerAdapter",
    "json.JSONEncoder",
    "json.JSONDecoder",
    "argparse.Action",
    "collections.OrderedDict",
    "collections.UserDict",
    "collections.UserList",
    "collections.abc.*",
    "contextlib.ContextDecorator",
    "bool",
    "bytes",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "property",
    "set",
    "str",
    "tuple",
];

/// What a decorator looks at, given its full name.
pub fn decorator(name: &str) -> Looks {
    static EXACT: LazyLock<FxHashMap<&str, Looks>> = LazyLock::new(|| DECORATORS.iter().copied().collect());
    if let Some(known) = EXACT.get(name) {
        return *known;
    }
    let known = DECORATORS.iter().find(|it| starts(it.0, name));
    known.map_or(Looks::EVERYWHERE, |it| it.1)
}

/// Whether a base is known to ignore the hints in class bodies, given its full name.
pub fn is_inert_base(name: &str) -> bool {
    static EXACT: LazyLock<FxHashSet<&str>> = LazyLock::new(|| BASES.iter().copied().collect());
    EXACT.contains(name) || BASES.iter().any(|it| starts(it, name)) || is_built_in_exception(name)
}

/// Built-in exceptions are told by their names, of which Python has kept the pattern.
fn is_built_in_exception(name: &str) -> bool {
    let ends = ["Error", "Exception", "Warning", "Interrupt", "Exit", "Iteration", "ExceptionGroup"];
    !name.contains('.') && ends.iter().any(|it| name.ends_with(it))
}

/// Whether a pattern with `*` at its end has a name.
fn starts(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').is_some_and(|it| name.starts_with(it))
}

/// Names that make local names visible to the program when they are read.
pub(super) const FRAME_NAMES: &[&str] = &[
    "locals",
    "vars",
    "dir",
    "eval",
    "exec",
    "execfile",
    "compile",
    "globals",
    "_getframe",
    "currentframe",
    "getouterframes",
    "getinnerframes",
    "getargvalues",
    "getclosurevars",
    "getgeneratorlocals",
    "getcoroutinelocals",
];

/// Attributes that do, of whatever value: frames and code objects, and methods that evaluate text in their caller's
/// frame.
pub(super) const FRAME_ATTRIBUTES: &[&str] = &[
    "_getframe",
    "_getframemodulename",
    "currentframe",
    "getouterframes",
    "getinnerframes",
    "getargvalues",
    "getclosurevars",
    "getgeneratorlocals",
    "getcoroutinelocals",
    "f_locals",
    "f_back",
    "f_code",
    "tb_frame",
    "gi_frame",
    "cr_frame",
    "ag_frame",
    "co_varnames",
    "co_freevars",
    "co_cellvars",
    "co_names",
    "__code__",
    "__closure__",
    "evaluate",
    "runctx",
    "settrace",
    "setprofile",
];

/// Methods that read `@name` in their text from their caller's frame, as those of pandas' tables do.
pub(super) const QUERY_ATTRIBUTES: &[&str] = &["eval", "query"];

/// Names and attributes by which a program reads docstrings.
pub(super) const DOCSTRING_READERS: &[&str] = &["getdoc", "getcomments", "doctest", "pydoc"];

/// Names and attributes by which a program reads hints.
pub(super) const HINT_READERS: &[&str] = &[
    "__annotations__",
    "__annotate__",
    "get_type_hints",
    "get_annotations",
    "getfullargspec",
    "signature",
    "Signature",
    "annotationlib",
];

/// Calls that pass their function nothing by keyword.
pub(super) const POSITIONAL_CALLERS: &[&str] =
    &["sorted", "min", "max", "map", "filter", "sort", "reduce", "groupby", "takewhile", "dropwhile"];
