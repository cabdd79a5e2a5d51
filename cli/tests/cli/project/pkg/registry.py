HANDLERS = {}

def register(name):
    def deco(f):
        HANDLERS[name] = f
        return f
    return deco

@register("one")
def one():
    return 1

def dispatch(name):
    return HANDLERS[name]()
