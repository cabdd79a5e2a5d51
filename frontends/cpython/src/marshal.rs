//! Reading Python's `marshal` format, version 2: what the worker's answers are written in.
//!
//! Version 2 is written alike by all Pythons and has no references between objects, so a value is read in one pass.
//! Only the types that trees consist of are known.

use astkit_ast::Constant;

/// The bytes were not what the worker should have sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Malformed;

/// One value; of a list or tuple only its length, its items follow.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Value<'a> {
    None,
    Bool(bool),
    Ellipsis,
    Int(i32),
    /// An integer beyond 32 bits: 15-bit digits, least significant first, two bytes each.
    Long {
        negative: bool,
        digits: &'a [u8],
    },
    /// The bits of a double.
    Float(u64),
    /// The bits of both parts.
    Complex(u64, u64),
    /// UTF-8, with lone surrogates encoded as if they were characters.
    Str(&'a [u8]),
    Bytes(&'a [u8]),
    /// A list or tuple of so many items.
    Sequence(usize),
}

/// Reads values off a message.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn value(&mut self) -> Result<Value<'a>, Malformed> {
        Ok(match self.take(1)?[0] {
            b'N' => Value::None,
            b'T' => Value::Bool(true),
            b'F' => Value::Bool(false),
            b'.' => Value::Ellipsis,
            b'i' => Value::Int(self.int()?),
            b'l' => {
                let count = self.int()?;
                let digits = count.unsigned_abs() as usize;
                Value::Long { negative: count < 0, digits: self.take(digits.saturating_mul(2))? }
            }
            b'g' => Value::Float(self.double()?),
            b'y' => Value::Complex(self.double()?, self.double()?),
            b'u' | b't' => Value::Str(self.sized()?),
            b's' => Value::Bytes(self.sized()?),
            b'(' | b'[' => Value::Sequence(self.len()?),
            _ => return Err(Malformed),
        })
    }

    pub(crate) fn sequence(&mut self) -> Result<usize, Malformed> {
        if let Value::Sequence(len) = self.value()? { Ok(len) } else { Err(Malformed) }
    }

    /// A natural number of 31 bits.
    pub(crate) fn natural(&mut self) -> Result<u32, Malformed> {
        self.number()?.try_into().map_err(|_| Malformed)
    }

    pub(crate) fn number(&mut self) -> Result<i32, Malformed> {
        // Nearly everything is a number, so this does not take the way over `value`.
        if self.rest.first() == Some(&b'i') {
            self.rest = &self.rest[1..];
            return self.int();
        }
        Err(Malformed)
    }

    /// A natural number or `None`.
    pub(crate) fn optional(&mut self) -> Result<Option<u32>, Malformed> {
        match self.rest.first() {
            Some(b'N') => {
                self.rest = &self.rest[1..];
                Ok(None)
            }
            _ => self.natural().map(Some),
        }
    }

    /// Text or `None`.
    pub(crate) fn text(&mut self) -> Result<Option<&'a str>, Malformed> {
        match self.value()? {
            Value::None => Ok(None),
            Value::Str(text) => std::str::from_utf8(text).map(Some).map_err(|_| Malformed),
            Value::Bool(_)
            | Value::Ellipsis
            | Value::Int(_)
            | Value::Long { .. }
            | Value::Float(_)
            | Value::Complex(..)
            | Value::Bytes(_)
            | Value::Sequence(_) => Err(Malformed),
        }
    }

    pub(crate) fn constant(&mut self) -> Result<Constant, Malformed> {
        Ok(match self.value()? {
            Value::None => Constant::None,
            Value::Bool(it) => Constant::Bool(it),
            Value::Ellipsis => Constant::Ellipsis,
            Value::Int(it) => Constant::Int(it.try_into().map_err(|_| Malformed)?),
            Value::Long { negative: false, digits } => integer(digits),
            Value::Float(bits) => Constant::Float(bits),
            Value::Complex(0, imaginary) => Constant::Imaginary(imaginary),
            Value::Str(text) => match std::str::from_utf8(text) {
                Ok(text) => Constant::Str(text.into()),
                Err(_) => Constant::Wtf8(text.into()),
            },
            Value::Bytes(bytes) => Constant::Bytes(bytes.into()),
            // No literal has a sign, or a real part beside an imaginary one.
            Value::Long { .. } | Value::Complex(..) | Value::Sequence(_) => return Err(Malformed),
        })
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    fn int(&mut self) -> Result<i32, Malformed> {
        let bytes = self.take(4)?.try_into().map_err(|_| Malformed)?;
        Ok(i32::from_le_bytes(bytes))
    }

    fn double(&mut self) -> Result<u64, Malformed> {
        let bytes = self.take(8)?.try_into().map_err(|_| Malformed)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn len(&mut self) -> Result<usize, Malformed> {
        usize::try_from(self.int()?).map_err(|_| Malformed)
    }

    fn sized(&mut self) -> Result<&'a [u8], Malformed> {
        let len = self.len()?;
        self.take(len)
    }
}

/// The constant of an integer's 15-bit digits. Cost: linear.
fn integer(digits: &[u8]) -> Constant {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut nibbles = Vec::with_capacity(digits.len() * 2);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in digits.chunks_exact(2) {
        bits |= u32::from(u16::from_le_bytes([digit[0], digit[1]])) << count;
        count += 15;
        while count >= 4 {
            nibbles.push(HEX[(bits & 15) as usize]);
            bits >>= 4;
            count -= 4;
        }
    }
    nibbles.push(HEX[(bits & 15) as usize]);
    while nibbles.pop_if(|it| *it == b'0').is_some() {}
    let text: String = nibbles.iter().rev().map(|it| char::from(*it)).collect();
    if text.len() <= 16 {
        return Constant::Int(u64::from_str_radix(&text, 16).unwrap_or(0));
    }
    Constant::BigInt(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_joined_from_their_digits() {
        // 2**31, 2**64 - 1, 2**64 and 2**100 as `marshal.dumps(_, 2)` writes them.
        for (bytes, value) in [
            (&b"l\x03\0\0\0\0\0\0\0\x02\0"[..], Constant::Int(1 << 31)),
            (b"l\x05\0\0\0\xff\x7f\xff\x7f\xff\x7f\xff\x7f\x0f\0", Constant::Int(u64::MAX)),
            (b"l\x05\0\0\0\0\0\0\0\0\0\0\0\x10\0", Constant::BigInt("10000000000000000".into())),
            (b"l\x07\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x04", Constant::BigInt(format!("1{:025}", 0).into())),
        ] {
            assert_eq!(Reader::new(bytes).constant(), Ok(value));
        }
    }

    #[test]
    fn surrogates_stay_apart() {
        let value = Reader::new(b"u\x03\0\0\0\xed\xa0\xbd").constant();
        assert_eq!(value, Ok(Constant::Wtf8(b"\xed\xa0\xbd".as_slice().into())));
    }

    #[test]
    fn nonsense_is_refused() {
        for bytes in [&b""[..], b"i\x01", b"(\xff\xff\xff\xff", b"u\xff\0\0\0a", b"?", b"l\x01\0\0\x80"] {
            assert_eq!(Reader::new(bytes).value(), Err(Malformed), "{bytes:?}");
        }
    }
}
