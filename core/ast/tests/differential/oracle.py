"""What CPython says about literals and tokens; one answer a line, for the differential tests.

`oracle.py literals`: standard input has one expression a line (UTF-8 in hexadecimal); the answer is `error`, or
the `repr` of its value in hexadecimal.
`oracle.py formats`: the same for expressions made of f-strings; the answer lists their texts and fields.
`oracle.py names`: all names of characters, as `CODE NAME`.
`oracle.py tokens STEP`: takes every STEP-th file of the standard library; three lines each: its name, its bytes in
hexadecimal, and its tokens as `LETTER START END`.
"""

import ast
import io
import os
import sys
import tokenize
import unicodedata
import warnings


def answer(function):
    for line in sys.stdin:
        source = bytes.fromhex(line).decode()
        try:
            print(function(source).encode("utf-8", "surrogatepass").hex())
        except (SyntaxError, ValueError, MemoryError):
            print("error")


def literal(source):
    node = ast.parse(source, mode="eval").body
    if not isinstance(node, ast.Constant):
        raise ValueError(source)
    return repr(node.value)


def texts(node):
    if isinstance(node, ast.Constant):
        return [repr(node.value)] if node.value else []
    if isinstance(node, ast.FormattedValue):
        spec = texts(node.format_spec) if node.format_spec else []
        return ["{", *spec, "}"]
    if not isinstance(node, ast.JoinedStr):
        raise ValueError(node)
    return [text for value in node.values for text in texts(value)]


def format_string(source):
    return " ".join(texts(ast.parse(source, mode="eval").body))


def names():
    for code in range(sys.maxunicode + 1):
        if name := unicodedata.name(chr(code), ""):
            print(f"{code:x} {name}")


LETTERS = {
    tokenize.NAME: "n",
    tokenize.NUMBER: "i",
    tokenize.STRING: "s",
    tokenize.OP: "o",
    tokenize.COMMENT: "c",
    tokenize.NEWLINE: "N",
    tokenize.NL: "l",
}
if sys.version_info >= (3, 12):
    LETTERS |= {tokenize.FSTRING_START: "<", tokenize.FSTRING_MIDDLE: "m", tokenize.FSTRING_END: ">"}


def tokens(data):
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    text = data.decode(encoding)
    starts = [3 if data.startswith(b"\xef\xbb\xbf") else 0]
    lines = text.split("\n")
    for line in lines:
        starts.append(starts[-1] + len(line.encode()) + 1)

    def offset(position):
        line, column = position
        return starts[line - 1] + len(lines[line - 1][:column].encode()) if line <= len(lines) else starts[-1] - 1

    found = []
    for token in tokenize.tokenize(io.BytesIO(data).readline):
        letter = LETTERS.get(token.type)
        if letter is None or (letter == "l" and not token.string):
            continue
        start, end = offset(token.start), offset(token.end)
        if letter == "m" and start == end:
            continue
        # A doubled brace splits a text, and its second half belongs to no token.
        if letter == "m" and found and found[-1][0] == "m":
            found[-1][2] = end
        else:
            found.append([letter, start, end])
    return " ".join(f"{letter} {start} {end}" for letter, start, end in found)


def library(step):
    folder = os.path.dirname(os.__file__)
    files = sorted(
        os.path.join(parent, name)
        for parent, _, names in os.walk(folder)
        for name in names
        if name.endswith(".py")
    )
    for path in files[::step]:
        with open(path, "rb") as file:
            data = file.read()
        try:
            compile(data, path, "exec", ast.PyCF_ONLY_AST)
            answer = tokens(data)
        except (SyntaxError, ValueError, tokenize.TokenError):
            continue
        print(os.path.relpath(path, folder))
        print(data.hex())
        print(answer)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    match sys.argv[1:]:
        case ["literals"]:
            answer(literal)
        case ["formats"]:
            answer(format_string)
        case ["names"]:
            names()
        case ["tokens", step]:
            library(int(step))
