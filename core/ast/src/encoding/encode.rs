//! From text to the bytes of a file, in the codec that it was read with.

use super::{ASCII, Codec, LATIN_1, UTF_8, decode_with};

/// The bytes of a text; none if the codec lacks a character, or would read something else.
pub(crate) fn encode(text: &str, codec: &str) -> Option<Vec<u8>> {
    let codec = match codec {
        UTF_8 => Codec::Utf8,
        ASCII => Codec::Ascii,
        LATIN_1 => Codec::Latin1,
        name => Codec::named(name)?,
    };
    let bytes = match codec {
        Codec::Utf8 => return Some(text.as_bytes().to_vec()),
        Codec::Ascii => text.is_ascii().then(|| text.as_bytes().to_vec())?,
        Codec::Latin1 => text.chars().map(|it| u8::try_from(it).ok()).collect::<Option<_>>()?,
        Codec::CodePage(_, half) => {
            let half: Vec<char> = half.chars().collect();
            let byte = |it: char| {
                if it.is_ascii() {
                    return u8::try_from(it).ok();
                }
                let at = half.iter().position(|known| *known == it)?;
                u8::try_from(at + 0x80).ok()
            };
            text.chars().map(byte).collect::<Option<_>>()?
        }
        Codec::MultiByte(_, encoding) => {
            let (bytes, _, has_errors) = encoding.encode(text);
            (!has_errors).then(|| bytes.into_owned())?
        }
    };
    let again = decode_with(codec, &bytes);
    (again.text == text && again.diagnostics.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn what_was_read_can_be_written() {
        assert_eq!(encode("é", "latin-1").as_deref(), Some(&b"\xe9"[..]));
        assert_eq!(encode("é€", "cp1252").as_deref(), Some(&b"\xe9\x80"[..]));
        assert_eq!(encode("日本", "euc_jp").as_deref(), Some(&b"\xc6\xfc\xcb\xdc"[..]));
        assert_eq!(encode("é", "utf-8").as_deref(), Some("é".as_bytes()));
        for codec in ["latin-1", "ascii", "cp1252", "euc_jp"] {
            assert_eq!(encode("\u{1F600}", codec), None, "{codec}");
        }
    }
}
