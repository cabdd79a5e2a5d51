use super::{Receiver, accesses};
use crate::testing::lowered;

fn attributes(text: &str, qualname: &str) -> Vec<String> {
    let (_, lowered) = lowered(text);
    let found = accesses(&lowered.tree);
    let it = found.definitions.iter().find(|it| it.qualname == qualname).expect("a definition");
    let shown = it.accesses.attributes.iter().map(|(name, receiver)| match receiver {
        Receiver::Unknown => name.to_string(),
        Receiver::Own => format!("self.{name}"),
        Receiver::Made(class) => format!("{class}().{name}"),
    });
    shown.collect()
}

#[test]
fn receivers_that_are_known() {
    let text = "\
class C:
    def m(self, other):
        self.a; other.b; super().c
        def inner(): self.d
    @staticmethod
    def s(self): self.e
    def again(self):
        self = 1
        self.f
def f(p):
    x = C(); x.g
    y = C(); y = 2; y.h
    C().i; p.j
    z = mod.C(); z.k
";
    assert_eq!(attributes(text, "C.m"), ["self.a", "b", "self.c"]);
    assert_eq!(attributes(text, "C.m.<locals>.inner"), ["self.d"]);
    assert_eq!(attributes(text, "C.s"), ["e"]);
    assert_eq!(attributes(text, "C.again"), ["f"]);
    assert_eq!(attributes(text, "f"), ["C", "C().g", "h", "C().i", "j", "C().k"]);
}

#[test]
fn what_import_does() {
    let text = "\
'''doc'''
import a
x = f()
try: import b
except ImportError: b = None
REGISTRY['x'] = g
h.start(k)
if __name__ == '__main__': main()
def d(): n()
";
    let (_, lowered) = lowered(text);
    let found = accesses(&lowered.tree);
    let names: Vec<&str> = found.at_import.names.iter().map(|it| &**it).collect();
    assert_eq!(names, ["REGISTRY", "g", "h", "k", "start"]);
    assert_eq!(found.at_import.statements.len(), 2);
}

#[test]
fn names_in_texts() {
    let text =
        "def f(x, n):\n    getattr(x, 'm'); getattr(x, 'visit_' + n); patch('a.b.c'); print('no name!')\n";
    let (_, lowered) = lowered(text);
    let found = &accesses(&lowered.tree).definitions[1].accesses;
    assert_eq!(found.texts.iter().map(|it| &**it).collect::<Vec<_>>(), ["a.b.c", "m"]);
    assert_eq!(found.computed.iter().map(|it| &**it).collect::<Vec<_>>(), ["visit_"]);
}

#[test]
fn fixtures_and_decorators() {
    let text = "\
@pytest.fixture(name='it', autouse=True)
def _it(other): ...
@fixture
def plain(): ...
def register(f): LIST.append(f); return f
def timed(f):
    @wraps(f)
    def inner(): return f()
    return inner
@app.route('/')
def view(): ...
";
    let (_, lowered) = lowered(text);
    let found = accesses(&lowered.tree).definitions;
    assert_eq!(found[1].fixture, Some(("it".into(), true)));
    assert_eq!(found[1].parameters, ["other".into()]);
    assert_eq!(found[2].fixture, Some(("plain".into(), false)));
    let given: Vec<_> = found.iter().filter(|it| it.gives_away).map(|it| &*it.qualname).collect();
    assert_eq!(given, ["register"]);
    assert_eq!(found.last().expect("view").decorators, [("app.route".into(), true)]);
}
