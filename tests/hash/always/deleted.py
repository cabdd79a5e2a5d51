def f(table, a, b):
    del (a, b), [table["x"], (table["y"], table["z"])]
    del ()
    return table
# ==== same ====
def f(table, a, b):
    del a, b, table["x"], table["y"], table["z"]
    del ()
    return table
# ==== seen ====
class Table(dict):
    def __delitem__(self, key):
        print("deleted", key)
print(f(Table(), 1, 2))
