# Names of a module are seen by others.
import json as j
import os.path as p
from collections import OrderedDict as O

def f():
    return j.dumps(1), p.join("a", "b"), O
# ==== same ====
# Names of a module are seen by others.
import json
import os.path as path
from collections import OrderedDict

def f():
    return json.dumps(1), path.join("a", "b"), OrderedDict
# ==== seen ====
print(f())
