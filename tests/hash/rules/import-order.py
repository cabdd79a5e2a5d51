from __future__ import division, annotations
import sys, os
from collections import OrderedDict, abc
import os.path
import collections as c, json

def f():
    from json import loads, dumps
    import math, cmath
    return dumps(loads("[1]")), math.pi, cmath.tau
# ==== same ====
from __future__ import annotations
from __future__ import division

import collections as c
import json
import os
import os.path
import sys
from collections import abc
from collections import OrderedDict

def f():
    import cmath
    import math
    from json import dumps, loads
    return dumps(loads("[1]")), math.pi, cmath.tau
# ==== seen ====
print(sys.__name__, os.path.__name__, OrderedDict, abc.Sized, c.__name__, json.__name__, f())
