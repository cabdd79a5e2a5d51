use super::*;

/// A line a token: kind, depth, column, text.
fn render(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for token in tokens(text) {
        let marks = match (token.starts_line, token.unterminated) {
            (true, false) => " first",
            (false, true) => " unterminated",
            (true, true) => " first unterminated",
            (false, false) => "",
        };
        let Token { kind, span, depth, column, .. } = token;
        writeln!(out, "{kind:?} {depth} {column} {:?}{marks}", &text[span.range()]).unwrap();
    }
    out
}

/// Kinds by one letter and texts, on one line.
fn brief(text: &str) -> String {
    let letter = |token: &Token| match token.kind {
        TokenKind::Name => "n",
        TokenKind::Number => "i",
        TokenKind::String if token.unterminated => "S",
        TokenKind::String => "s",
        TokenKind::FStringStart => "<",
        TokenKind::FStringMiddle => "m",
        TokenKind::FStringEnd if token.unterminated => "X",
        TokenKind::FStringEnd => ">",
        TokenKind::Op => "o",
        TokenKind::Comment => "c",
        TokenKind::Newline => "N",
        TokenKind::NonLogicalNewline => "l",
        TokenKind::LineContinuation => "k",
        TokenKind::Error => "E",
    };
    let all: Vec<String> = tokens(text)
        .map(|token| {
            format!(
                "{}{}",
                letter(&token),
                text[token.span.range()].replace('\r', "\\r").replace('\n', "\\n")
            )
        })
        .collect();
    all.join(" ")
}

#[test]
fn lines_columns_and_depths() {
    insta::assert_snapshot!(render("\u{feff}def f(a,\r\n  b): # c\r\n\x0c  x = 1 \\\n y\n\n# d"), @r##"
    Name 0 0 "def" first
    Name 0 4 "f"
    Op 0 5 "("
    Name 1 6 "a"
    Op 1 7 ","
    NonLogicalNewline 1 8 "\r\n"
    Name 1 2 "b"
    Op 0 3 ")"
    Op 0 4 ":"
    Comment 0 6 "# c"
    Newline 0 9 "\r\n"
    Name 0 2 "x" first
    Op 0 4 "="
    Number 0 6 "1"
    LineContinuation 0 8 "\\\n"
    Name 0 1 "y"
    Newline 0 2 "\n"
    NonLogicalNewline 0 0 "\n"
    Comment 0 0 "# d"
    "##);
}

#[test]
fn numbers_and_names() {
    insta::assert_snapshot!(brief("1if 0x1for 1_0.5e-3j 1..x .5 1.e 0b2 10L 1lambda é名 x² 1...y 0xg 1_x"), @"i1 nif i0x1f nor i1_0.5e-3j i1. o. nx i.5 i1. ne i0 nb2 i10L i1 nlambda né名 nx E² i1. o. o. ny i0 nxg i1 n_x N");
}

#[test]
fn operators() {
    insta::assert_snapshot!(brief("a**=b//c<>d!=e->f:=g...h@i! $ `x`;~?"), @"na o**= nb o// nc o<> nd o!= ne o-> nf o:= ng o... nh o@ ni o! E$ o` nx o` o; o~ E? N");
}

#[test]
fn plain_strings() {
    insta::assert_snapshot!(brief(r#"'a' "b\"" rb'\'' '' """x"y\"""" bb'' ur'x' '''a"#), @r#"s'a' s"b\"" srb'\'' s'' s"""x"y\"""" nbb s'' sur'x' S'''a N"#);
    insta::assert_snapshot!(brief("'a\\\nb' 'c\r\nx\n"), @r"s'a\\nb' S'c N\r\n nx N\n");
}

#[test]
fn format_strings() {
    insta::assert_snapshot!(brief(r#"f"a{{b}}{x!r:>{w}.{p}}c""#), @r#"<f" ma{{b}} o{ nx o! nr o: m> o{ nw o} m. o{ np o} o} mc >" N"#);
    insta::assert_snapshot!(brief(r"f'{f'{f'{1}'}'}' rt'\{x}\N{y}' f'\N{DASH}{x:\N{DASH}}\{{'"), @r"<f' o{ <f' o{ <f' o{ i1 o} >' o} >' o} >' <rt' m\ o{ nx o} m\N o{ ny o} >' <f' m\N{DASH} o{ nx o: m\N{DASH} o} m\{{ >' N");
    insta::assert_snapshot!(brief("f'{x:=1}{(x:=1)}{x!=y}{lambda x: {1: 2}[x]:3}{d[1:2]:{a:b}}'"), @"<f' o{ nx o: m=1 o} o{ o( nx o:= i1 o) o} o{ nx o!= ny o} o{ nlambda nx o: m  o{ i1 o: m 2 o} m[x]:3 o} o{ nd o[ i1 o: i2 o] o: o{ na o: mb o} o} >' N");
    insta::assert_snapshot!(brief("f'''{\n# c\nx:\n}'''"), @r"<f''' o{ l\n c# c l\n nx o: m\n o} >''' N");
}

#[test]
fn broken_text() {
    insta::assert_snapshot!(brief("f'{x'\ny = 1\n"), @r"<f' o{ nx S' X N\n ny o= i1 N\n");
    insta::assert_snapshot!(brief("f'{f\"a{b\nz"), @r#"<f' o{ <f" ma o{ nb l\n nz X X N"#);
    insta::assert_snapshot!(brief("f'''{f'{x"), @"<f''' o{ <f' o{ nx X X N");
    insta::assert_snapshot!(brief("f'a{x:b\ny"), @r"<f' ma o{ nx o: mb X N\n ny N");
    insta::assert_snapshot!(brief("f'{a[}b' )"), @"<f' o{ na o[ o} mb >' o) N");
    insta::assert_snapshot!(brief("f'{x:' 1"), @"<f' o{ nx o: >' i1 N");
    insta::assert_snapshot!(brief("\\ \\"), @r"E\ E\ N");
    insta::assert_snapshot!(render("([) ] ("), @r#"
    Op 0 0 "(" first
    Op 1 1 "["
    Op 0 2 ")"
    Op 0 4 "]"
    Op 0 6 "("
    "#);
}

#[test]
fn comments_stop_before_the_line_end() {
    let text = "# a\r\nx = '# b' # c\n#";
    let all: Vec<&str> = comments(text).into_iter().map(|span| &text[span.range()]).collect();
    assert_eq!(all, ["# a", "# c", "#"]);
}

#[test]
fn deep_nesting_takes_linear_time() {
    let count = 200_000;
    let text = ["f'{".repeat(count), "(]".repeat(count), "f'{x:{".repeat(count)].concat();
    assert!(tokens(&text).count() > count * 5);
    assert_eq!(tokens(&"([".repeat(count)).last().map(|token| token.depth), Some(399_999));
}

const PIECES: &str = "([\\\\\r\n '\"{}()fFrRbN:=!#.0-9_xéℵ😀\u{c}\u{feff}]|f'|f\"|\"\"\"|'''|\\\\N\\{){0,60}";

proptest::proptest! {
    #[test]
    fn tokens_cover_any_text(text in PIECES) {
        let is_space = |text: &str| text.chars().all(|char| matches!(char, ' ' | '\t' | '\u{c}' | '\r'));
        let mut end = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let mut open = 0_u32;
        for token in tokens(&text) {
            assert!(is_space(&text[end..token.span.start as usize]));
            end = token.span.end as usize;
            if token.kind == TokenKind::FStringStart {
                open += 1;
            } else if token.kind == TokenKind::FStringEnd {
                open -= 1;
            } else {
                assert!(!token.span.is_empty() || token.kind == TokenKind::Newline);
            }
        }
        assert!(is_space(&text[end..]));
        assert_eq!(open, 0);
    }
}
