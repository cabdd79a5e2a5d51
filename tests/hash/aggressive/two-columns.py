# Names of a module are seen by others.
def mapped(table, first, second, **others):
    if not isinstance(first, str) or not isinstance(second, str):
        raise TypeError(f"columns are texts: {first} is {type(first)}, {second} is {type(second)}")
    taken = "id"
    if taken in (first, second):
        raise ValueError(f"`{taken}` is taken")
    columns = [first, second]
    for column in columns:
        print(f"values of {column}", sorted(set(table[column])))
    return dict(zip(table[first], table[second]))
# ==== same ====
# Names of a module are seen by others.
import json
def column_mapping(table: dict, first: str, second: str, **others) -> dict:
    """Maps one column to another.

    The way in which the pair in pycodehash's README differ.
    """
    unused = None
    if not isinstance(first, str) or not isinstance(second, str):
        raise TypeError(
            "columns are texts: {one} is {one_type}, {two} is {two_type}".format(
                one=first, one_type=type(first), two=second, two_type=type(second)
            )
        )
    else:
        taken = str("id")
        if first == taken:
            raise ValueError("`{}` is taken".format(taken))
        elif second == taken:
            raise ValueError("`{}` is taken".format(taken))
        columns = [first, second]
        for index, column in enumerate(columns):
            print(f"values of {columns[index]}", sorted(set(table[columns[index]])))
        return {key: value for key, value in zip(table[first], table[second])}
# ==== seen ====
look = globals().get("mapped") or column_mapping
table = {"a": [1, 2], "b": [3, 4], "id": [5, 6]}
for first, second in [("a", "b"), ("b", "a"), ("a", "id"), ("id", "b"), (1, "b")]:
    try:
        print(look(table, first, second, more=1))
    except (TypeError, ValueError) as error:
        print(repr(error))
