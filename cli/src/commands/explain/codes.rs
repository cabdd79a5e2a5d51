//! Every code of a diagnostic: a summary, and a text.

/// Code, summary, text; sorted by code.
pub(super) const CODES: &[(&str, &str, &str)] = &[
    (
        "argument-order",
        "arguments of a call stand in an order that Python refuses",
        "Positional arguments come before keywords, and an iterable may not follow `**`.",
    ),
    (
        "encoding-conflict",
        "a file begins with UTF-8's byte-order mark and declares another encoding",
        "Python refuses such a file. It is read as UTF-8. Remove the mark or correct the declaration\n\
         (`# -*- coding: ... -*-` in the first two lines).",
    ),
    (
        "inconsistent-tabs",
        "indentation mixes tabs and spaces in a way that depends on the width of a tab",
        "Python refuses such a text. Indent with spaces only.",
    ),
    (
        "interpreter-crash",
        "the interpreter behind `--frontend cpython` ended while it parsed a text",
        "The text is one `Error` in the tree. Texts that are nested very deeply make some versions of Python crash.\n\
         Try a newer interpreter (`--python`) or another frontend.",
    ),
    (
        "invalid-assert",
        "the condition of an `assert` is no expression",
        "The statement is an `Error` in the tree.",
    ),
    (
        "invalid-assignment",
        "an assignment has a form that Python refuses",
        "Annotated and augmented assignments have one simple target.",
    ),
    (
        "invalid-character",
        "a character has no place in Python",
        "Such as an invisible space that came along with copied text. Delete it.",
    ),
    (
        "invalid-encoding",
        "some bytes are not valid in the declared encoding",
        "The bytes are replaced by U+FFFD and the rest is read. Python refuses the file. Correct the declaration\n\
         in the first two lines, or the bytes.",
    ),
    (
        "invalid-name",
        "a name has characters that no name may have",
        "Letters, digits and underscores make a name, and no digit begins one.",
    ),
    ("invalid-number", "a number is written in a way that Python refuses", "Such as `1_`, `08`, or `0xg`."),
    (
        "invalid-parameter",
        "a parameter has a form that Python refuses",
        "The definition's parameters are an `Error` in the tree.",
    ),
    (
        "invalid-pattern",
        "a `case` has a pattern that Python refuses",
        "The statement is an `Error` in the tree.",
    ),
    (
        "invalid-string",
        "a string has a prefix or an escape that Python refuses",
        "Such as `bb\"\"`, or a `\\x` without two hexadecimal digits.",
    ),
    (
        "invalid-target",
        "something is assigned to, deleted or bound that can't be",
        "Names, attributes, subscripts, and lists and tuples of them can.",
    ),
    (
        "invalid-try",
        "a `try` has clauses that Python refuses",
        "It needs an `except` or a `finally`; a bare `except` comes last.",
    ),
    (
        "invalid-type-parameter",
        "a type parameter has a form that Python refuses",
        "The definition is an `Error` in the tree.",
    ),
    (
        "invalid-utf8",
        "some bytes are not valid UTF-8",
        "The bytes are replaced by U+FFFD and the rest is read. Python refuses the file. If the file is in another\n\
         encoding, declare it in one of the first two lines: `# -*- coding: latin-1 -*-`.",
    ),
    (
        "line-break",
        "a line ends in the middle of a statement",
        "Lines go on within brackets and after a backslash only.",
    ),
    ("missing-block", "a statement that needs a block has none", "Write at least `pass`, indented."),
    ("missing-expression", "an expression is missing", "The statement is an `Error` in the tree."),
    (
        "missing-indent",
        "a block is not indented",
        "The lines of a block stand deeper than the statement that they belong to.",
    ),
    (
        "nesting-too-deep",
        "a text may nest more deeply than is safe to read",
        "The whole text is one `Error` in the tree. CPython stops much earlier.",
    ),
    (
        "no-root",
        "a frontend built no tree for a file",
        "A bug of the frontend: whatever it built stands under one root. Please report it.",
    ),
    (
        "nul-byte",
        "a text contains a NUL byte",
        "Python refuses such a file. The byte is read as a character that has no meaning.",
    ),
    (
        "parameter-order",
        "parameters stand in an order that Python refuses",
        "Parameters without default come before those with one; `/`, `*` and `**` come once each, in this order.",
    ),
    (
        "python2-syntax",
        "some syntax is Python 2",
        "Read the text with `--python-version 2.7`, or write it as Python 3.",
    ),
    (
        "python2-text",
        "something of Python 2 has no place in the tree",
        "It is kept as text, in an `Error` node. Nothing is wrong with the file.",
    ),
    ("reserved-word", "a reserved word is used as a name", "Choose another name."),
    (
        "star-expression",
        "a starred expression stands where none may",
        "`*x` may stand in calls, displays, subscripts, and as an element of a tuple.",
    ),
    (
        "syntax-error",
        "some text is not Python",
        "The message says what is wrong. The result is partial: damaged statements are `Error` nodes in the tree,\n\
         hashes cover their text, and a changed definition with such a node is `body` in a diff. Definitions\n\
         outside of the damage are as in a whole file. With `--strict` the exit code is 1.",
    ),
    (
        "time-limit",
        "a parser took too long for a text",
        "The text is one `Error` in the tree. Another frontend may be able to read it.",
    ),
    (
        "too-deep",
        "a text is nested too deeply for a parser",
        "CPython stops at 200 nested brackets, 100 indentations and some thousand nested operators. What is nested\n\
         more deeply is an `Error` in the tree.",
    ),
    (
        "too-large",
        "a file is too large to be read",
        "Positions are 32 bits wide. Nothing of the file is read.",
    ),
    (
        "too-much-work",
        "parsing a text takes more work than its length allows",
        "The text is one `Error` in the tree: it is probably no text of that language.",
    ),
    (
        "unexpected-dedent",
        "a line is indented like no block around it",
        "Its indentation has to be that of an enclosing block.",
    ),
    (
        "unexpected-indent",
        "a line is indented deeper than the one before it for no reason",
        "Only the block of a statement is deeper.",
    ),
    (
        "unexpected-indentation",
        "a definition's indentation does not belong to any block",
        "Python refuses the text. The definition is kept in the tree.",
    ),
    (
        "unexpected-syntax",
        "a piece of text makes no sense in its place",
        "The statement is an `Error` in the tree.",
    ),
    (
        "unknown-encoding",
        "a file declares an encoding that is not known",
        "The file is read as UTF-8 if it is that, as Latin-1 otherwise. Correct the declaration in one of the first\n\
         two lines.",
    ),
    (
        "unknown-syntax",
        "some syntax is newer than the tree's kinds",
        "The nearest older form is kept in the tree. A newer astkit may know more.",
    ),
    (
        "unreadable",
        "an input could not be read",
        "The message says why. The other inputs are served; the exit code is 2.",
    ),
    (
        "unsupported-dialect",
        "a frontend was asked for a Python that it does not read",
        "The text is read as Python 3. Ask for Python 2 with `--frontend tree-sitter` or `auto`.",
    ),
    (
        "version-too-old",
        "some syntax needs a newer Python than the one asked for",
        "The syntax is kept in the tree. Say for which Python the text is written with `--python-version`.",
    ),
];
