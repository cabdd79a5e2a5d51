def f(x, log):
    pass
    if x:
        log.append(x)
        pass
    else:
        pass
    for i in range(2):
        log.append(i)
    else:
        pass
    try:
        log.append(1 / x)
    except ZeroDivisionError:
        log.append("zero")
    finally:
        pass
# ==== same ====
def f(x, log):
    if x:
        log.append(x)
    for i in range(2):
        log.append(i)
    try:
        log.append(1 / x)
    except ZeroDivisionError:
        log.append("zero")
# ==== seen ====
for x in (0, 1, 2):
    log = []
    print(f(x, log), log)
