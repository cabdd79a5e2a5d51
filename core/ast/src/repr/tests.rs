use crate::{Constant, Dialect, decode_number};

fn number(text: &str) -> String {
    decode_number(text, Dialect::Python3).unwrap().repr()
}

fn text(text: &str) -> String {
    Constant::Str(text.into()).repr()
}

#[test]
fn floats_have_cpythons_layout() {
    for (source, repr) in [
        ("1.0", "1.0"),
        ("1e16", "1e+16"),
        ("123456789012345.6", "123456789012345.6"),
        ("1e15", "1000000000000000.0"),
        ("0.0001", "0.0001"),
        ("0.00001", "1e-05"),
        ("1.5e300", "1.5e+300"),
        ("5e-324", "5e-324"),
        ("1590050461271135.25", "1590050461271135.2"),
        ("2e-44", "2e-44"),
        ("9007199254740993.0", "9007199254740992.0"),
        ("5.684341886080802e-14", "5.684341886080802e-14"),
        ("120.0", "120.0"),
        ("0.0012", "0.0012"),
        ("1e400", "inf"),
        ("0.0", "0.0"),
        ("0j", "0j"),
        ("1.50j", "1.5j"),
        ("1e16j", "1e+16j"),
        ("1e400j", "infj"),
    ] {
        assert_eq!(number(source), repr);
    }
    assert_eq!(Constant::Float(f64::NAN.to_bits()).repr(), "nan");
    assert_eq!(Constant::Float((-0.0_f64).to_bits()).repr(), "-0.0");
    assert_eq!(Constant::Imaginary(f64::INFINITY.to_bits()).to_source(), "1e309j");
}

#[test]
fn text_is_quoted_and_escaped() {
    assert_eq!(text("a'b"), "\"a'b\"");
    assert_eq!(text("a'\"b"), "'a\\'\"b'");
    assert_eq!(text("\0\n\r\t\\\x7f\u{80}\u{a0}é\u{ad}"), r"'\x00\n\r\t\\\x7f\x80\xa0é\xad'");
    assert_eq!(text("\u{200b}\u{e000}\u{10ffff}😀中"), r"'\u200b\ue000\U0010ffff😀中'");
    assert_eq!(Constant::Wtf8([b'a', 0xed, 0xa0, 0xbd, b'b'].into()).repr(), r"'a\ud83db'");
    assert_eq!(Constant::Bytes(b"'\xff\n\"".as_slice().into()).repr(), r#"b'\'\xff\n"'"#);
}

#[test]
fn other_constants() {
    assert_eq!(Constant::None.repr(), "None");
    assert_eq!(Constant::Ellipsis.repr(), "Ellipsis");
    assert_eq!(Constant::Ellipsis.to_source(), "...");
    assert_eq!(number("0x1_0000_0000_0000_0000"), "18446744073709551616");
}
