use super::*;

fn render(text: &str, dialect: Dialect) -> String {
    match decode_number(text, dialect) {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("{}: {}", error.offset, error.message),
    }
}

#[test]
fn numbers_of_python_3() {
    let cases = [
        "0",
        "00",
        "0_0",
        "1_000",
        "18446744073709551615",
        "18446744073709551616",
        "0xFF",
        "0x_fF",
        "0o17",
        "0b_1_0",
        "0XffffFFFFffffFFFF0",
        "0x00000000000000000000001",
        "1_",
        "1__0",
        "08",
        "0777",
        "10L",
        "0x",
        "0x_",
        "0xg",
        "0b2",
        "0o8",
        "0_7",
        "1a",
        "",
    ];
    let all: Vec<String> =
        cases.iter().map(|case| format!("{case} -> {}", render(case, Dialect::Python3))).collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
    0 -> Int(0)
    00 -> Int(0)
    0_0 -> Int(0)
    1_000 -> Int(1000)
    18446744073709551615 -> Int(18446744073709551615)
    18446744073709551616 -> BigInt("10000000000000000")
    0xFF -> Int(255)
    0x_fF -> Int(255)
    0o17 -> Int(15)
    0b_1_0 -> Int(2)
    0XffffFFFFffffFFFF0 -> BigInt("ffffffffffffffff0")
    0x00000000000000000000001 -> Int(1)
    1_ -> 1: an underscore in a number stands between two digits
    1__0 -> 1: an underscore in a number stands between two digits
    08 -> 0: a decimal integer does not begin with a zero; octal ones begin with `0o`
    0777 -> 0: a decimal integer does not begin with a zero; octal ones begin with `0o`
    10L -> 2: this does not belong to a number
    0x -> 2: a number needs a digit
    0x_ -> 3: a number needs a digit
    0xg -> 2: this is no hexadecimal digit
    0b2 -> 2: this is no binary digit
    0o8 -> 2: this is no octal digit
    0_7 -> 0: a decimal integer does not begin with a zero; octal ones begin with `0o`
    1a -> 1: this does not belong to a number
     -> 0: a number needs a digit
    "#);
}

#[test]
fn floats_and_imaginary_numbers() {
    for (text, value) in [
        ("1_0.2_5e-1_0", 10.25e-10),
        ("1e400", f64::INFINITY),
        ("0777.5", 777.5),
        ("0777e1", 7770.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e-400", 0.0),
    ] {
        let bits = f64::to_bits(value);
        assert_eq!(decode_number(text, Dialect::Python3), Ok(Constant::Float(bits)), "{text}");
        let imaginary = decode_number(&format!("{text}j"), Dialect::Python3);
        assert_eq!(imaginary, Ok(Constant::Imaginary(bits)), "{text}j");
    }
    assert_eq!(decode_number("08J", Dialect::Python3), Ok(Constant::Imaginary(8_f64.to_bits())));
    for bad in [".", "e1", "1e", "1e+", "1._5", "1_.5", "1e_5", "1.5L", ".j", "1jj"] {
        assert!(decode_number(bad, Dialect::Python3).is_err(), "{bad}");
    }
}

#[test]
fn numbers_of_python_2() {
    let cases = [
        "0777",
        "10L",
        "0xFFl",
        "0777L",
        "0L",
        "08",
        "0o17",
        "1_0",
        "0777.5",
        "99999999999999999999L",
        "1.5L",
        "1jL",
    ];
    let all: Vec<String> =
        cases.iter().map(|case| format!("{case} -> {}", render(case, Dialect::Python2))).collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
    0777 -> Int(511)
    10L -> Int(10)
    0xFFl -> Int(255)
    0777L -> Int(511)
    0L -> Int(0)
    08 -> 1: this is no octal digit
    0o17 -> Int(15)
    1_0 -> 1: this does not belong to a number
    0777.5 -> Float(4650050178143748096)
    99999999999999999999L -> BigInt("56bc75e2d630fffff")
    1.5L -> 3: this does not belong to a number
    1jL -> 1: this does not belong to a number
    "#);
}

#[test]
fn long_integers_survive_the_way_to_decimal() {
    for length in [1, 19, 20, 21, 1023, 1024, 1025, 2048, 5000, 10_001] {
        let digits: String = "123456789".chars().cycle().take(length).collect();
        assert_eq!(decode_number(&digits, Dialect::Python3).unwrap().repr(), digits);
    }
    assert_eq!(int_to_decimal(""), None);
    assert_eq!(int_to_decimal("xyz"), None);
}
