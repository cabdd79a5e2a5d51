use super::*;

fn render(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let source = SourceText::decode(bytes);
    let mut out = format!("{:?} {}", source.text(), source.encoding());
    for diagnostic in source.diagnostics() {
        write!(out, "\n{} {:?}: {}", diagnostic.code, diagnostic.span, diagnostic.message).unwrap();
    }
    out
}

#[test]
fn plain_text_is_kept() {
    insta::assert_snapshot!(render(b"x = 1\r\ny\x0c\n"), @r#""x = 1\r\ny\u{c}\n" utf-8"#);
}

#[test]
fn lone_carriage_returns_become_newlines() {
    insta::assert_snapshot!(render(b"a\rb\r\r\nc\r"), @r#""a\nb\n\r\nc\n" utf-8"#);
}

#[test]
fn nul_is_an_error() {
    insta::assert_snapshot!(render(b"a\0\0b\0"), @r#"
    "a\u{1a}\u{1a}b\u{1a}" utf-8
    nul-byte 1..3: a NUL byte is not allowed in Python
    nul-byte 4..5: a NUL byte is not allowed in Python
    "#);
}

#[test]
fn cookies_choose_the_codec() {
    insta::assert_snapshot!(render(b"# -*- coding: latin-1 -*-\n\xe9"), @r##""# -*- coding: latin-1 -*-\né" latin-1"##);
    insta::assert_snapshot!(render(b"\x0c\n # vim: fileencoding=CP1252 :\n\x80"), @r##""\u{c}\n # vim: fileencoding=CP1252 :\n€" cp1252"##);
    insta::assert_snapshot!(render(b"#coding:koi8-r\r\n\xc1"), @r##""#coding:koi8-r\r\nа" koi8_r"##);
    insta::assert_snapshot!(render(b"#coding=sjis\n\x82\xa0"), @r##""#coding=sjis\nあ" shift_jis"##);
    insta::assert_snapshot!(render(b"#coding: iso-8859-15\n\xa4"), @r##""#coding: iso-8859-15\n€" iso8859_15"##);
}

#[test]
fn a_cookie_after_code_means_nothing() {
    insta::assert_snapshot!(render(b"x\n#coding: cp1252\n\xc3\xa9"), @r##""x\n#coding: cp1252\né" utf-8"##);
    insta::assert_snapshot!(render(b"\n\n#coding: cp1252\n"), @r##""\n\n#coding: cp1252\n" utf-8"##);
    insta::assert_snapshot!(render(b"#coding: \n"), @r##""#coding: \n" utf-8"##);
}

#[test]
fn bad_bytes_are_named() {
    insta::assert_snapshot!(render(b"a\xff\xfeb\xc3"), @r#"
    "a��b�" utf-8
    invalid-utf8 1..7: byte 0xff at offset 1 of the file is not utf-8
    invalid-utf8 8..11: byte 0xc3 at offset 4 of the file is not utf-8
    "#);
    insta::assert_snapshot!(render(b"#coding: cp1252\n\x81"), @r##"
    "#coding: cp1252\n�" cp1252
    invalid-encoding 16..19: byte 0x81 at offset 16 of the file is not cp1252
    "##);
    insta::assert_snapshot!(render(b"#coding: us_ascii\n\x81"), @r##"
    "#coding: us_ascii\n�" ascii
    invalid-encoding 18..21: byte 0x81 at offset 18 of the file is not ascii
    "##);
    insta::assert_snapshot!(render(b"#coding: gbk\n\xff\x81\xff"), @r##"
    "#coding: gbk\n��" gbk
    invalid-encoding 13..19: byte 0xff at offset 13 of the file is not gbk
    "##);
    let many = SourceText::decode(&b"\xff ".repeat(1000));
    assert_eq!(many.diagnostics().len(), 17);
    assert_eq!(many.diagnostics()[16].message, "and 984 more places like this, the last one here");
}

#[test]
fn bad_cookies_are_named() {
    insta::assert_snapshot!(render("é\n".as_bytes()), @r#""é\n" utf-8"#);
    insta::assert_snapshot!(render("# \u{e9} coding: klingon\n".as_bytes()), @r##"
    "# é coding: klingon\n" utf-8
    unknown-encoding 13..20: unknown encoding `klingon`; the file is read as utf-8
    "##);
    insta::assert_snapshot!(render(b"# \xe9 coding: klingon\n"), @r##"
    "# é coding: klingon\n" latin-1
    unknown-encoding 13..20: unknown encoding `klingon`; the file is read as latin-1
    "##);
    insta::assert_snapshot!(render(b"\xef\xbb\xbf#coding: latin-1"), @r##"
    "\u{feff}#coding: latin-1" utf-8
    encoding-conflict 12..19: a byte-order mark says UTF-8, but the cookie says `latin-1`
    "##);
    insta::assert_snapshot!(render(b"\xef\xbb\xbf#coding: UTF_8-x"), @r##""\u{feff}#coding: UTF_8-x" utf-8"##);
}

#[test]
fn positions_count_bytes_and_columns_count_characters() {
    let source = SourceText::from_text("\u{feff}é = 1\r\n\n\tx");
    let at = |offset| (source.position(offset).line, source.position(offset).col, source.char_column(offset));
    assert_eq!(at(0), (1, 0, 1));
    assert_eq!(at(3), (1, 0, 1));
    assert_eq!(at(5), (1, 2, 2));
    assert_eq!(at(11), (2, 0, 1));
    assert_eq!(at(13), (3, 1, 2));
    assert_eq!(at(14), (3, 2, 3));
    assert_eq!(source.line_count(), 3);
    assert_eq!(source.offset(1, 2), 5);
    assert_eq!(source.offset(1, 1), 3);
    assert_eq!(source.offset(3, 99), 14);
    assert_eq!(source.offset(9, 0), 14);
    assert_eq!(source.slice(source.line_span(1)), "é = 1");
    assert_eq!(source.slice(source.line_span(2)), "");
    assert_eq!(source.slice(source.line_span(3)), "\tx");
    assert_eq!(source.line_span(4), Span::empty(14));
}

#[test]
fn an_empty_text_has_one_line() {
    let source = SourceText::decode(b"");
    assert_eq!(source.line_count(), 1);
    assert_eq!(source.position(0), Position { line: 1, col: 0 });
    assert_eq!(source.line_span(1), Span::empty(0));
    assert_eq!(source.line_span(0), Span::empty(0));
}

#[test]
fn every_newline_begins_a_line() {
    let mut text = String::new();
    for length in 0..200 {
        text += &"\u{8a}x".repeat(length % 7);
        text += &"\n".repeat(length % 3);
    }
    let source = SourceText::from_text(&text);
    let starts: Vec<usize> = (1..=source.line_count()).map(|line| source.offset(line, 0) as usize).collect();
    let expected = text.match_indices('\n').map(|(at, _)| at + 1);
    assert_eq!(starts, std::iter::once(0).chain(expected).collect::<Vec<_>>());
}

const COOKIE: &str = "(\u{feff})?#coding: (gbk|big5|sjis|euc-jp|iso2022_jp|cp1252|ascii|x|utf8)\n";

proptest::proptest! {
    #[test]
    fn any_bytes_become_a_text(
        cookie in proptest::option::of(COOKIE),
        bytes: Vec<u8>,
        line: u32,
        offset in 0_u32..400,
    ) {
        let mut all = cookie.unwrap_or_default().into_bytes();
        all.extend(bytes);
        let source = SourceText::decode(&all);
        assert!(!source.text().contains('\0') && !source.text().replace("\r\n", "").contains('\r'));
        let changed = str::from_utf8(&all).is_err();
        assert!(source.encoding() != "utf-8" || !changed || source.is_partial());
        let position = source.position(offset);
        let back = source.offset(position.line, position.col);
        let is_place = source.text().is_char_boundary(offset as usize) && (!source.has_bom() || offset > 2);
        assert!(back == offset || !is_place);
        source.slice(source.line_span(line));
        source.char_column(offset);
    }
}
