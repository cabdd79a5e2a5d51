use super::*;
use crate::Constant;

/// The value of one piece, or where and why there is none.
fn render(token: &str) -> String {
    render_in(token, Dialect::Python3)
}

fn render_in(token: &str, dialect: Dialect) -> String {
    let value = || {
        let prefix = StringPrefix::parse(token, dialect)?;
        if prefix.kind == StringKind::Bytes {
            let mut bytes = Vec::new();
            prefix.decode_bytes(token, &mut bytes)?;
            return Ok(Constant::Bytes(bytes.into()));
        }
        let mut buffer = TextBuffer::new();
        prefix.decode_text(token, &mut buffer)?;
        Ok(buffer.finish())
    };
    value().map_or_else(
        |error: LiteralError| format!("{}: {}", error.offset, error.message),
        |value| value.repr(),
    )
}

fn render_format(text: &str, raw: bool, part: FormatPart) -> String {
    let mut buffer = TextBuffer::new();
    match decode_format_text(text, raw, part, &mut buffer) {
        Ok(()) => buffer.finish().repr(),
        Err(error) => format!("{}: {} (so far {})", error.offset, error.message, buffer.finish().repr()),
    }
}

#[test]
fn escapes() {
    assert_eq!(render(r#"'plain "text"'"#), r#"'plain "text"'"#);
    assert_eq!(render(r"'\a\b\f\n\r\t\v\\\'\8\q'"), r#""\x07\x08\x0c\n\r\t\x0b\\'\\8\\q""#);
    assert_eq!(render(r"'\0\12\1234\777\400'"), r"'\x00\nS4ǿĀ'");
    assert_eq!(render(r"b'\0\12\1234\777\400\u1234\N{x}'"), r"b'\x00\nS4\xff\x00\\u1234\\N{x}'");
    assert_eq!(render(r"'\x41\u00e9\U0001F600'"), "'Aé😀'");
    assert_eq!(render(r"'\é'"), r"'\\é'");
    assert_eq!(render("'''a\\\nb\\\r\nc\r\nd'''"), r"'abc\nd'");
    assert_eq!(render("r'''a\\\r\nb\\n'''"), r"'a\\\nb\\n'");
    assert_eq!(render("b'''a\r\nb\\\r\n'''"), r"b'a\nb'");
}

#[test]
fn surrogates_stay_apart() {
    assert_eq!(render(r"'\ud83d\ude00'"), r"'\ud83d\ude00'");
    assert_eq!(render(r"'é\udc80z'"), r"'é\udc80z'");
}

#[test]
fn bad_escapes_are_placed() {
    assert_eq!(render(r"u'ab\x4'"), r"4: `\x` needs two hexadecimal digits");
    assert_eq!(render(r"'\u12'"), r"1: `\u` needs four hexadecimal digits");
    assert_eq!(render(r"'\U00110000'"), "1: there is no character beyond U+10FFFF");
    assert_eq!(render(r"'\N{nobody}'"), "1: there is no character of this name");
    assert_eq!(render(r"'\N{}'"), r"1: `\N` needs a character's name in braces");
    assert_eq!(render("b'aé'"), "3: bytes can only contain ASCII characters");
    assert_eq!(render("'ab"), "0: this string is not closed");
    assert_eq!(render(r"'ab\'"), "0: this string is not closed");
    assert_eq!(render("'''a''"), "0: this string is not closed");
    assert_eq!(render("'"), "0: this string is not closed");
    assert_eq!(render("x"), "1: a string begins with quotes");
}

#[test]
fn a_bad_escape_stays_as_written() {
    let mut buffer = TextBuffer::new();
    let token = r"'a\xz\n'";
    let prefix = StringPrefix::parse(token, Dialect::Python3).unwrap();
    assert!(prefix.decode_text(token, &mut buffer).is_err());
    assert_eq!(buffer.finish().repr(), r"'a\\xz\n'");
}

#[test]
fn characters_by_name() {
    for (name, char) in [
        ("latin small letter a", Some('a')),
        ("LATIN SMALL  LETTER A", None),
        ("LATIN_SMALL_LETTER_A", None),
        (" LATIN SMALL LETTER A", None),
        ("LATIN SMALL LETTER A ", None),
        ("LINE FEED", Some('\n')),
        ("LINEFEED", None),
        ("bell", Some('\u{1f514}')),
        ("VS256", Some('\u{e01ef}')),
        ("LATIN CAPITAL LETTER GHA", Some('\u{1a2}')),
        ("KEYCAP DIGIT ONE", None),
        ("CJK UNIFIED IDEOGRAPH-04E00", Some('\u{4e00}')),
        ("CJK UNIFIED IDEOGRAPH-4e00", None),
        ("cjk unified ideograph-4E00", None),
        ("HANGUL SYLLABLE GA", Some('\u{ac00}')),
        ("hangul syllable ga", None),
        ("HANGUL JUNGSEONG O-E", Some('\u{1180}')),
        ("HANGUL JUNGSEONG OE", Some('\u{116c}')),
        ("TIBETAN MARK TSA -PHRU", Some('\u{f39}')),
        ("TIBETAN MARK TSA PHRU", None),
        ("-", None),
        ("é", None),
    ] {
        assert_eq!(names::character(name), char, "{name}");
    }
}

#[test]
fn prefixes() {
    let legal = ["", "r", "U", "u", "b", "Rb", "bR", "f", "fR", "rF", "t", "Rt", "tr"];
    for prefix in legal {
        assert!(StringPrefix::parse(&format!("{prefix}''"), Dialect::Python3).is_ok(), "{prefix}");
    }
    for prefix in ["bb", "fu", "uf", "ur", "ru", "bu", "bf", "ft", "rr", "x", "brr"] {
        let error = StringPrefix::parse(&format!("{prefix}''"), Dialect::Python3).unwrap_err();
        assert_eq!(error.message, format!("`{prefix}` is no string prefix"));
    }
    assert!(has_unicode_kind("u''"));
    assert!(!has_unicode_kind("U''"));
    let prefix = StringPrefix::parse("rb'''x'''", Dialect::Python3).unwrap();
    assert_eq!((prefix.body_start(), prefix.quote, prefix.body("rb'''x'''").unwrap()), (5, b'\'', 5..6));
}

#[test]
fn python_2_strings() {
    assert_eq!(render_in(r"ur'\u00e9\x\\u'", Dialect::Python2), r"'é\\x\\\\u'");
    assert_eq!(render_in(r"'\u12\x41\N'", Dialect::Python2), r"'\\u12A\\N'");
    assert_eq!(render_in(r"u'\u00e9'", Dialect::Python2), "'é'");
}

#[test]
fn texts_of_format_strings() {
    let literal = |text| render_format(text, false, FormatPart::Literal);
    assert_eq!(literal("a{{b}}c"), "'a{b}c'");
    assert_eq!(literal(r"{{\N{BULLET}}}\x7b{{"), "'{•}{{'");
    assert_eq!(literal(r"\{{x\}}\\{{"), r"'\\{x\\}\\{'");
    assert_eq!(literal(r"{{\N{DASH}}}"), r"2: there is no character of this name (so far '{\\N{DASH}}')");
    assert_eq!(literal("a\\\r\nb\r\n"), r"'ab\n'");
    assert_eq!(render_format(r"\N{{x}}\n", true, FormatPart::Literal), r"'\\N{x}\\n'");
    assert_eq!(render_format(r"\N{BULLET}>\n", false, FormatPart::Specification), r"'•>\n'");
    assert_eq!(render_format(r"\n", true, FormatPart::Specification), r"'\\n'");
}

#[test]
fn debug_texts_have_no_comments() {
    let render = |source: &str| {
        let mut buffer = TextBuffer::new();
        debug_text(source, &mut buffer);
        buffer.finish().repr()
    };
    assert_eq!(render(" x  =  "), "' x  =  '");
    assert_eq!(render("\n# c\nx # d\r\n="), r"'\n\nx \n='");
    assert_eq!(render("f(x, # it's\n'#') # d\n = "), r#""f(x, \n'#') \n = ""#);
    assert_eq!(render("'''\n#''' + f'{a # b\n}#'="), r#""'''\n#''' + f'{a \n}#'=""#);
}

const PIECES: &str = "([rRbBuUfFtT]{0,3}['\"]{0,3})?[\\\\\r\n'\"{}#uUxN0-7a-fé😀LATIN -]{0,20}";

proptest::proptest! {
    #[test]
    fn nothing_panics(text in PIECES, raw: bool) {
        for dialect in [Dialect::Python3, Dialect::Python2] {
            if let Ok(prefix) = StringPrefix::parse(&text, dialect) {
                drop(prefix.decode_text(&text, &mut TextBuffer::new()));
                drop(prefix.decode_bytes(&text, &mut Vec::new()));
            }
            drop(crate::decode_number(&text, dialect));
        }
        for part in [FormatPart::Literal, FormatPart::Specification] {
            drop(decode_format_text(&text, raw, part, &mut TextBuffer::new()));
        }
        debug_text(&text, &mut TextBuffer::new());
    }
}
