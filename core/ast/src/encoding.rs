//! Decoding of a Python file's bytes: byte-order mark, PEP 263 cookie, codecs.
//!
//! Which codec is used and what is refused follows CPython's tokenizer (`Parser/tokenizer/helpers.c`). Code pages
//! are decoded by tables taken from CPython, East Asian codecs by `encoding_rs` (the WHATWG's, which differ from
//! CPython's in rare characters). Left out: codecs that are not a superset of ASCII, and `utf_7`,
//! `unicode_escape` and the like, which are reported as unknown.

use std::borrow::Cow;

use encoding_rs::{Decoder, DecoderResult, Encoding};

use crate::line_index::offset_u32;
use crate::{Diagnostic, Span};

mod charmaps;
mod cookie;
mod encode;

pub(crate) use encode::encode;

/// The name of the usual codec.
pub(crate) const UTF_8: &str = "utf-8";
const LATIN_1: &str = "latin-1";
const ASCII: &str = "ascii";
const BOM: &[u8] = b"\xef\xbb\xbf";

/// How many findings of one kind are told one by one.
const TOLD: usize = 16;

/// A text, the name of the codec that gave it, and what was wrong.
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) encoding: &'static str,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Decodes a whole file.
pub(crate) fn decode(bytes: &[u8]) -> Decoded<'_> {
    let has_bom = bytes.starts_with(BOM);
    let Some(cookie) = cookie::find(if has_bom { &bytes[BOM.len()..] } else { bytes }) else {
        return decode_with(Codec::Utf8, bytes);
    };
    let name = &bytes[if has_bom { BOM.len() } else { 0 }..][cookie];
    let name = str::from_utf8(name).expect("a cookie is ASCII");
    let name = cookie::normal_name(name);
    if has_bom {
        let mut decoded = decode_with(Codec::Utf8, bytes);
        if name != UTF_8 {
            let message = format!("a byte-order mark says UTF-8, but the cookie says `{name}`");
            decoded.report_cookie("encoding-conflict", message);
        }
        return decoded;
    }
    if let Some(codec) = Codec::named(&name) {
        return decode_with(codec, bytes);
    }
    let fallback = if str::from_utf8(bytes).is_ok() { Codec::Utf8 } else { Codec::Latin1 };
    let mut decoded = decode_with(fallback, bytes);
    let message = format!("unknown encoding `{name}`; the file is read as {}", decoded.encoding);
    decoded.report_cookie("unknown-encoding", message);
    decoded
}

impl Decoded<'_> {
    /// Reports a problem with the cookie, which is found again in the text since its offset may have moved.
    fn report_cookie(&mut self, code: &'static str, message: String) {
        let text = self.text.as_bytes();
        let bom = if text.starts_with(BOM) { BOM.len() } else { 0 };
        let place = cookie::find(&text[bom..]).unwrap_or(0..0);
        let place = span(place.start + bom, place.end + bom);
        self.diagnostics.push(Diagnostic::error("source", code, place, message));
    }
}

/// A way to decode bytes.
#[derive(Clone, Copy)]
enum Codec {
    Utf8,
    Ascii,
    Latin1,
    /// A code page over ASCII: its name and upper half.
    CodePage(&'static str, &'static str),
    /// An East Asian codec under CPython's name.
    MultiByte(&'static str, &'static Encoding),
}

impl Codec {
    /// Finds a codec by a name, as CPython's `codecs.lookup` does.
    fn named(name: &str) -> Option<Self> {
        let normal = normalize(name);
        let find = |table: &'static [(&str, &str)], key: &str| {
            table.binary_search_by_key(&key, |entry| entry.0).ok().map(|index| table[index])
        };
        let alias = find(charmaps::ALIASES, &normal)
            .or_else(|| find(charmaps::ALIASES, &normal.replace('.', "_")))
            .map_or(&*normal, |(_, module)| module);
        match alias {
            "utf_8" | "utf_8_sig" => Some(Self::Utf8),
            "ascii" => Some(Self::Ascii),
            "latin_1" | "iso8859_1" => Some(Self::Latin1),
            module => find(charmaps::CHARMAPS, module)
                .map(|(name, half)| Self::CodePage(name, half))
                .or_else(|| Self::multi_byte(module)),
        }
    }

    fn multi_byte(module: &str) -> Option<Self> {
        Some(match module {
            "big5" => Self::MultiByte("big5", encoding_rs::BIG5),
            "big5hkscs" => Self::MultiByte("big5hkscs", encoding_rs::BIG5),
            "cp950" => Self::MultiByte("cp950", encoding_rs::BIG5),
            "cp932" => Self::MultiByte("cp932", encoding_rs::SHIFT_JIS),
            "shift_jis" => Self::MultiByte("shift_jis", encoding_rs::SHIFT_JIS),
            "cp949" => Self::MultiByte("cp949", encoding_rs::EUC_KR),
            "euc_kr" => Self::MultiByte("euc_kr", encoding_rs::EUC_KR),
            "euc_jp" => Self::MultiByte("euc_jp", encoding_rs::EUC_JP),
            "iso2022_jp" => Self::MultiByte("iso2022_jp", encoding_rs::ISO_2022_JP),
            "gb18030" => Self::MultiByte("gb18030", encoding_rs::GB18030),
            "gb2312" => Self::MultiByte("gb2312", encoding_rs::GBK),
            "gbk" => Self::MultiByte("gbk", encoding_rs::GBK),
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Utf8 => UTF_8,
            Self::Ascii => ASCII,
            Self::Latin1 => LATIN_1,
            Self::CodePage(name, _) | Self::MultiByte(name, _) => name,
        }
    }
}

/// The key of a codec's name, after CPython's `encodings.normalize_encoding`: lower case, and runs of what is
/// neither a letter, a digit nor a dot become one underscore.
fn normalize(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut gap = false;
    for char in name.chars() {
        if char.is_ascii_alphanumeric() || char == '.' {
            if gap && !key.is_empty() {
                key.push('_');
            }
            key.push(char.to_ascii_lowercase());
            gap = false;
        } else {
            gap = true;
        }
    }
    key
}

fn decode_with(codec: Codec, bytes: &[u8]) -> Decoded<'_> {
    let mut output = Output::new(codec);
    let text = match codec {
        Codec::Utf8 => utf_8(bytes, &mut output),
        Codec::Ascii if bytes.is_ascii() => utf_8(bytes, &mut output),
        Codec::Ascii => one_byte(bytes, &mut output, |_| None),
        Codec::Latin1 if bytes.is_ascii() => utf_8(bytes, &mut output),
        Codec::Latin1 => one_byte(bytes, &mut output, |byte| Some(char::from(byte))),
        Codec::CodePage(_, half) => {
            let half: Vec<char> = half.chars().collect();
            let decode = |byte| half.get(usize::from(byte & 0x7f)).copied();
            one_byte(bytes, &mut output, |byte| {
                decode(byte).filter(|&char| char != char::REPLACEMENT_CHARACTER)
            })
        }
        Codec::MultiByte(_, encoding) => {
            multi_byte(bytes, &mut output, encoding.new_decoder_without_bom_handling());
            Cow::Owned(std::mem::take(&mut output.text))
        }
    };
    let mut diagnostics = Vec::new();
    output.errors.finish(&mut diagnostics);
    Decoded { text, encoding: codec.name(), diagnostics }
}

/// The text so far and the runs of bytes that could not be decoded.
struct Output {
    codec: Codec,
    text: String,
    errors: Capped,
    /// The last run's place in the text and in the file, still growing.
    run: Option<(std::ops::Range<usize>, usize, u8)>,
}

impl Output {
    fn new(codec: Codec) -> Self {
        let code = if matches!(codec, Codec::Utf8) { "invalid-utf8" } else { "invalid-encoding" };
        Self { codec, text: String::new(), errors: Capped::new(code), run: None }
    }

    /// Puts U+FFFD for something that begins with `byte` at `offset` of the file.
    fn replace(&mut self, byte: u8, offset: usize) {
        let start = self.text.len();
        self.text.push(char::REPLACEMENT_CHARACTER);
        match &mut self.run {
            Some((place, ..)) if place.end == start => place.end = self.text.len(),
            _ => {
                self.end_run();
                self.run = Some((start..self.text.len(), offset, byte));
            }
        }
    }

    fn end_run(&mut self) {
        if let Some((place, offset, byte)) = self.run.take() {
            let name = self.codec.name();
            self.errors.push(span(place.start, place.end), || {
                format!("byte 0x{byte:02x} at offset {offset} of the file is not {name}").into()
            });
        }
    }

    fn finish(&mut self) -> String {
        self.end_run();
        std::mem::take(&mut self.text)
    }
}

fn utf_8<'a>(bytes: &'a [u8], output: &mut Output) -> Cow<'a, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut offset = 0;
    for chunk in bytes.utf8_chunks() {
        output.text.push_str(chunk.valid());
        offset += chunk.valid().len();
        if let Some(&byte) = chunk.invalid().first() {
            output.replace(byte, offset);
            offset += chunk.invalid().len();
        }
    }
    Cow::Owned(output.finish())
}

fn one_byte(bytes: &[u8], output: &mut Output, upper: impl Fn(u8) -> Option<char>) -> Cow<'static, str> {
    output.text.reserve(bytes.len() + bytes.len() / 8);
    for (offset, &byte) in bytes.iter().enumerate() {
        if byte.is_ascii() {
            output.text.push(char::from(byte));
        } else if let Some(char) = upper(byte) {
            output.text.push(char);
        } else {
            output.replace(byte, offset);
        }
    }
    Cow::Owned(output.finish())
}

fn multi_byte(bytes: &[u8], output: &mut Output, mut decoder: Decoder) {
    let mut read = 0;
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len() - read);
        output.text.reserve(room.unwrap_or(0));
        let rest = &bytes[read..];
        let (result, used) = decoder.decode_to_string_without_replacement(rest, &mut output.text, true);
        read += used;
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                let start = read.saturating_sub(usize::from(length) + usize::from(after));
                output.replace(bytes.get(start).copied().unwrap_or(0), start);
            }
        }
    }
    output.end_run();
}

/// Error diagnostics of one kind, of which only the first few are kept, with a count of the others.
pub(crate) struct Capped {
    code: &'static str,
    kept: Vec<Diagnostic>,
    more: usize,
    last: Span,
}

impl Capped {
    pub(crate) fn new(code: &'static str) -> Self {
        Self { code, kept: Vec::new(), more: 0, last: Span::default() }
    }

    pub(crate) fn push(&mut self, span: Span, message: impl FnOnce() -> Cow<'static, str>) {
        if self.kept.len() < TOLD {
            self.kept.push(Diagnostic::error("source", self.code, span, message()));
        } else {
            self.more += 1;
            self.last = span;
        }
    }

    pub(crate) fn finish(self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.extend(self.kept);
        if self.more > 0 {
            let message = format!("and {} more places like this, the last one here", self.more);
            diagnostics.push(Diagnostic::error("source", self.code, self.last, message));
        }
    }
}

/// The span of a range of `usize`, cut off where 32 bits end (such a text is refused later).
pub(crate) fn span(start: usize, end: usize) -> Span {
    Span::new(offset_u32(start), offset_u32(end))
}
