def f():
    return (
        60 * 60 * 24, -(-5), 7 // -2, -7 % 3, 2 ** 10, 1 << 4, 5 & 6 | 8 ^ 1, ~0, 1 / 4, 0.1 + 0.2, 1 - 0.5,
        "a" + "b", b"a" + b"b", not 0, not "", +True, f"ab" f"c", -0.0, -(1 - 1), 1e308 * 10, 1 // 0 if 0 else 3,
        0xFFFF_FFFF_FFFF_FFFF + 1,
    )
# ==== same ====
def f():
    return (
        86400, 5, -4, 2, 1024, 16, 13, -1, 0.25, 0.30000000000000004, 0.5,
        "ab", b"ab", True, True, 1, "abc", -0.0, 0, 1e308 * 10, 1 // 0 if 0 else 3,
        18446744073709551616,
    )
# ==== seen ====
print([(type(it), repr(it)) for it in f()])
