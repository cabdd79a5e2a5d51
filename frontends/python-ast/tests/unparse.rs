//! Unparsed trees parse to equal trees: for trees made by chance and for the snippets that were hard.

#[path = "unparse/tree_maker.rs"]
mod tree_maker;

use astkit_ast::{
    FrontendId, Lowered, Options, SourceText, TreeBuilder, dump, finish, lower, python, unparse,
};
use astkit_python_ast::PythonAst;
use proptest::prelude::*;
use tree_maker::TreeMaker;

fn parse(source: &SourceText) -> Lowered {
    lower(&PythonAst, source, &Options::default()).expect("it needs nothing from outside")
}

/// A tree that follows from `choices`: a file of any statements, or one f-string.
fn made(choices: &[u8], fstring: bool) -> Lowered {
    let source = SourceText::from_text("");
    let mut builder = TreeBuilder::new(python::schema(), &source);
    let mut maker = TreeMaker::new(&mut builder, choices);
    if fstring {
        maker.fstring();
    } else {
        maker.module();
    }
    finish(builder, FrontendId { name: "made".into(), version: "1".into() })
}

/// Panics with both dumps if the text of `tree` parses to another one.
fn assert_round_trip(tree: &Lowered) -> String {
    let text = unparse(tree, None).expect("there are no errors in the tree");
    let source = SourceText::from_text(&text);
    let again = parse(&source);
    assert!(again.diagnostics.is_empty(), "{:?}\n{text}", again.diagnostics);
    if again.tree != tree.tree {
        let [before, after] = [tree, &again].map(|it| dump::text(it, &source, false));
        assert_eq!(before, after, "{text}");
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn made_trees_survive(choices in prop::collection::vec(any::<u8>(), 0..400)) {
        assert_round_trip(&made(&choices, false));
    }

    #[test]
    fn made_fstrings_survive(choices in prop::collection::vec(any::<u8>(), 0..100)) {
        assert_round_trip(&made(&choices, true));
    }
}

/// The text of a snippet, unparsed.
fn render(text: &str) -> String {
    let lowered = parse(&SourceText::from_text(text));
    assert!(!lowered.is_partial(), "{:?}", lowered.diagnostics);
    assert_round_trip(&lowered)
}

#[test]
fn expressions_have_few_parentheses() {
    let text = [
        "((a + b)) + c - (d - e), (a + b) * c, a ** (-b) ** c, (-a) ** b, -(a ** b), (a ** b) ** c, - - a",
        "not (a and b) or (c or d), not (not a), (a < b) < c, a < b < c, not (a in b), (not a) in b",
        "(a if b else c) if d else (e if f else g), (lambda: a) if b else (lambda: c), lambda x, *y: (x, y)",
        "(await a).b, await (a.b), (await a) ** b, await (a ** b), (yield), [(yield a)], (yield a, b)",
        "(1).real, 1.5.real, 1j.imag, (a.b)(c)[d].e, (a + b).c, (lambda: 0)(), 'a'.b, f'{a}'.b, (a, b)[0]",
        "[*a, *(b or c), (d := e)], {**a, **(b or c), d: e}, {a, *b}, (), (a,), ((),), [], {}",
        "f(a, *b or c, k=(d := e), **g or h), f((a := b)), f(a for a in b), f((a for a in b), c), f((a, b))",
        "[a for a, b in (c, d) if (e if f else g) if h], {a: (b, c) for a in (lambda: b)}, (a async for a in b)",
        "x[a], x[a, b], x[a,], x[()], x[a:b], x[::c], x[a:b, ...], x[*a], x[*a, b], x[(a, b):c], x[(a := b)]",
        "0xff, 1_000, 1e400, -1e400j, 0.1e-7, 10 ** 30, 'a' 'b', u'c' 'd', b'e' b'f', ..., None",
    ];
    insta::assert_snapshot!(text.map(render).concat(), @r"
    a + b + c - (d - e), (a + b) * c, a ** (-b) ** c, (-a) ** b, -a ** b, (a ** b) ** c, --a
    not (a and b) or (c or d), not not a, (a < b) < c, a < b < c, not a in b, (not a) in b
    (a if b else c) if d else e if f else g, (lambda: a) if b else lambda: c, lambda x, *y: (x, y)
    (await a).b, await a.b, await a ** b, await (a ** b), (yield), [(yield a)], (yield a, b)
    (1).real, 1.5.real, 1j.imag, a.b(c)[d].e, (a + b).c, (lambda: 0)(), 'a'.b, f'{a}'.b, (a, b)[0]
    [*a, *(b or c), d := e], {**a, **(b or c), d: e}, {a, *b}, (), (a,), ((),), [], {}
    f(a, *b or c, k=(d := e), **g or h), f(a := b), f(a for a in b), f((a for a in b), c), f((a, b))
    [a for a, b in (c, d) if (e if f else g) if h], {a: (b, c) for a in (lambda: b)}, (a async for a in b)
    x[a], x[a, b], x[a,], x[()], x[a:b], x[::c], x[a:b, ...], x[*a], x[*a, b], x[(a, b):c], x[(a := b)]
    255, 1000, 1e309, -1e309j, 1e-08, 10 ** 30, 'ab', u'cd', b'ef', ..., None
    ");
}

#[test]
fn statements_have_pep_8s_spacing() {
    insta::assert_snapshot!(render(include_str!("unparse/statements.txt")), @r#"
    """A docstring
    over \\ lines.
    """
    import a.b as c, d
    from . import e, f as g
    from ..h import *


    def f(a, b=1, /, c: int = 2, *d: *e, g, h=3, **i) -> j:
        """short"""


    @k
    @l.m(n)
    async def o(*, p):
        pass


    class Q:
        pass


    class R[T: int = str, *U, **V](Q, metaclass=S, **W):
        """Docstring \"\"" with quotes\"\""
        at its end."""
        x: int = 1
        (y): int
        z.a: int

        def method(self):
            return 1, *x

        def other(self):
            return (yield)


    x = y = 1, 2
    x, (y, *z) = [a, b] = c
    x += yield
    x: T = *a, b
    type A[B] = C
    if a:
        pass
    elif b := c:
        pass
    elif d:
        pass
    elif e:
        pass
    else:
        pass
    for x, y in z, a:
        break
    else:
        continue
    for x in (*a, b):
        pass


    async def g():
        async for x in y:
            await z
        async with a as b, c:
            pass
        return


    while not x:
        del a, (b, c), d[0]
    with a, b:
        pass
    with ((a, b)):
        pass
    with (a, b) as (c, d), e:
        pass
    with (yield):
        pass
    try:
        raise
    except (A, B) as e:
        raise C from e
    except D:
        raise C
    except:
        pass
    else:
        pass
    finally:
        pass
    try:
        pass
    except* A:
        pass
    assert a, (b, c)
    assert (a, b)
    global a, b
    match (a, b):
        case 1 | -2.5 | 3 - 4j | 'x' | None | a.b:
            pass
        case [a, *_, b | c as d] | e:
            pass
        case {'k': v, **rest} | {**r} | {}:
            pass
        case A(b, c=[d], e=_) as f if g := h:
            pass
        case [a as b, *c]:
            pass
    print((yield))
    "#);
}

#[test]
fn fstrings_are_for_old_pythons_if_they_can_be() {
    insta::assert_snapshot!(render(include_str!("unparse/fstrings.txt")), @r#"
    f'a{b}c', f"{a['b']}", f"{a['b']}", f'{{}}{a!r:>{b}.{c}}', f'a = {a!r}', f'{a:%H:%M}', f'{a:{b}{c!s}}'
    f"{f'{a}'}", f'''{f"{f'{a}'}"}''', f'{f"""{f'''{f"{f'{a}'}"}'''}"""}', f"it's {a}", f"\"it's\" {a['b']}"
    f'{ {a: b}[c]}', f'{(lambda: a)}', f'{a if b else (lambda: c)}', f'{(a := b)}', f'{a, b}', f'{yield}'
    f'a{b}c', u'a' f'{b}' u'c', f'', f'ab', f'\n{a:\n}{{', f'\\d{a:0}', f'{a:\x7b\x7d}'
    f"{'\n'.join(a)}", f'{a}1', f'{x:a{y:{z}}b}', f'{*a, b}', f"{f' '}", f"{' '}"
    t'a{b}c', t'{ a + b!r:>{c}}', t'a = {a!r}', t"{a['b']}", t'{a}', t'''{"}"}{'#'}''', t'{ {a}}'
    "#);
}

#[test]
fn strings_keep_their_code_points() {
    let text = r#"'\ud83d\ude00', '\udc80', 'é\xa0\u2028\U0001F600\x00\x7f\r\t', 'it\'s', '"it\'s"', '''a
b''', b'\x00\xff\'"\\'"#;
    insta::assert_snapshot!(render(text), @r#"
    '\ud83d\ude00', '\udc80', 'é\xa0\u2028😀\x00\x7f\r\t', "it's", '"it\'s"', 'a\nb', b'\x00\xff\'"\\'
    "#);
}
