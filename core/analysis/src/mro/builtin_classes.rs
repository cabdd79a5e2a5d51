//! The classes that are builtins, with their bases.

/// A builtin class's name and its bases, in order; `object` has none.
pub fn builtin_bases(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    let at = CLASSES.binary_search_by_key(&name, |it| it.0).ok()?;
    Some(CLASSES[at])
}

/// Sorted by name. As of CPython 3.13.
#[rustfmt::skip]
const CLASSES: [(&str, &[&str]); 95] = [
    ("ArithmeticError", &["Exception"]),
    ("AssertionError", &["Exception"]),
    ("AttributeError", &["Exception"]),
    ("BaseException", &["object"]),
    ("BaseExceptionGroup", &["BaseException"]),
    ("BlockingIOError", &["OSError"]),
    ("BrokenPipeError", &["ConnectionError"]),
    ("BufferError", &["Exception"]),
    ("BytesWarning", &["Warning"]),
    ("ChildProcessError", &["OSError"]),
    ("ConnectionAbortedError", &["ConnectionError"]),
    ("ConnectionError", &["OSError"]),
    ("ConnectionRefusedError", &["ConnectionError"]),
    ("ConnectionResetError", &["ConnectionError"]),
    ("DeprecationWarning", &["Warning"]),
    ("EOFError", &["Exception"]),
    ("EncodingWarning", &["Warning"]),
    ("Exception", &["BaseException"]),
    ("ExceptionGroup", &["BaseExceptionGroup", "Exception"]),
    ("FileExistsError", &["OSError"]),
    ("FileNotFoundError", &["OSError"]),
    ("FloatingPointError", &["ArithmeticError"]),
    ("FutureWarning", &["Warning"]),
    ("GeneratorExit", &["BaseException"]),
    ("ImportError", &["Exception"]),
    ("ImportWarning", &["Warning"]),
    ("IndentationError", &["SyntaxError"]),
    ("IndexError", &["LookupError"]),
    ("InterruptedError", &["OSError"]),
    ("IsADirectoryError", &["OSError"]),
    ("KeyError", &["LookupError"]),
    ("KeyboardInterrupt", &["BaseException"]),
    ("LookupError", &["Exception"]),
    ("MemoryError", &["Exception"]),
    ("ModuleNotFoundError", &["ImportError"]),
    ("NameError", &["Exception"]),
    ("NotADirectoryError", &["OSError"]),
    ("NotImplementedError", &["RuntimeError"]),
    ("OSError", &["Exception"]),
    ("OverflowError", &["ArithmeticError"]),
    ("PendingDeprecationWarning", &["Warning"]),
    ("PermissionError", &["OSError"]),
    ("ProcessLookupError", &["OSError"]),
    ("PythonFinalizationError", &["RuntimeError"]),
    ("RecursionError", &["RuntimeError"]),
    ("ReferenceError", &["Exception"]),
    ("ResourceWarning", &["Warning"]),
    ("RuntimeError", &["Exception"]),
    ("RuntimeWarning", &["Warning"]),
    ("StopAsyncIteration", &["Exception"]),
    ("StopIteration", &["Exception"]),
    ("SyntaxError", &["Exception"]),
    ("SyntaxWarning", &["Warning"]),
    ("SystemError", &["Exception"]),
    ("SystemExit", &["BaseException"]),
    ("TabError", &["IndentationError"]),
    ("TimeoutError", &["OSError"]),
    ("TypeError", &["Exception"]),
    ("UnboundLocalError", &["NameError"]),
    ("UnicodeDecodeError", &["UnicodeError"]),
    ("UnicodeEncodeError", &["UnicodeError"]),
    ("UnicodeError", &["ValueError"]),
    ("UnicodeTranslateError", &["UnicodeError"]),
    ("UnicodeWarning", &["Warning"]),
    ("UserWarning", &["Warning"]),
    ("ValueError", &["Exception"]),
    ("Warning", &["Exception"]),
    ("ZeroDivisionError", &["ArithmeticError"]),
    ("_IncompleteInputError", &["SyntaxError"]),
    ("bool", &["int"]),
    ("bytearray", &["object"]),
    ("bytes", &["object"]),
    ("classmethod", &["object"]),
    ("complex", &["object"]),
    ("dict", &["object"]),
    ("enumerate", &["object"]),
    ("filter", &["object"]),
    ("float", &["object"]),
    ("frozenset", &["object"]),
    ("int", &["object"]),
    ("list", &["object"]),
    ("map", &["object"]),
    ("memoryview", &["object"]),
    ("object", &[]),
    ("property", &["object"]),
    ("range", &["object"]),
    ("reversed", &["object"]),
    ("set", &["object"]),
    ("slice", &["object"]),
    ("staticmethod", &["object"]),
    ("str", &["object"]),
    ("super", &["object"]),
    ("tuple", &["object"]),
    ("type", &["object"]),
    ("zip", &["object"]),
];

#[cfg(test)]
mod tests {
    use super::{CLASSES, builtin_bases};

    #[test]
    fn the_table_is_sorted_and_closed() {
        assert!(CLASSES.is_sorted_by_key(|it| it.0));
        for (name, bases) in CLASSES {
            assert!(bases.iter().all(|it| builtin_bases(it).is_some()), "{name}");
        }
    }
}
