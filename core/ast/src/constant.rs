//! Values of constants, with Python's exact semantics.

/// A constant's value; two are equal exactly when Python's values have the same type and the same bits.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Constant {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// `...`.
    Ellipsis,
    /// An integer below 2⁶⁴.
    Int(u64),
    /// A larger integer, as lower-case hexadecimal digits without prefix or leading zeros.
    BigInt(Box<str>),
    /// A float, as the bits of its IEEE-754 double.
    Float(u64),
    /// An imaginary number, as the bits of its imaginary part (the real part of a literal is always +0.0).
    Imaginary(u64),
    /// Text without lone surrogates.
    Str(Box<str>),
    /// Text with lone surrogates, as generalized UTF-8 (each surrogate three bytes, pairs not joined).
    Wtf8(Box<[u8]>),
    /// A bytes literal's value.
    Bytes(Box<[u8]>),
    /// The digest of a piece of text that no parser could make sense of (payload of `Error` nodes).
    Digest(Box<u128>),
}

impl Constant {
    /// The digest of a piece of text.
    pub fn digest_of(text: &str) -> Self {
        Self::Digest(Box::new(xxhash_rust::xxh3::xxh3_128(text.as_bytes())))
    }

    /// The text of a string without lone surrogates; none for anything else.
    pub fn as_str(&self) -> Option<&str> {
        if let Constant::Str(it) = self { Some(it) } else { None }
    }

    /// Bytes on the heap.
    pub fn heap_size(&self) -> usize {
        match self {
            Constant::BigInt(it) | Constant::Str(it) => it.len(),
            Constant::Wtf8(it) | Constant::Bytes(it) => it.len(),
            Constant::Digest(it) => size_of_val(&**it),
            Constant::None
            | Constant::Bool(_)
            | Constant::Ellipsis
            | Constant::Int(_)
            | Constant::Float(_)
            | Constant::Imaginary(_) => 0,
        }
    }

    /// A number for tables that are made anew in each process.
    pub(crate) fn key(&self) -> u64 {
        self.with_bytes(key)
    }

    /// Gives a number of the variant and the bytes of the value to a function: hashes are made of them.
    pub(crate) fn with_bytes<R>(&self, take: impl FnOnce(u64, &[u8]) -> R) -> R {
        match self {
            Constant::None => take(0, &[]),
            Constant::Bool(it) => take(1, &[u8::from(*it)]),
            Constant::Ellipsis => take(2, &[]),
            Constant::Int(it) => take(3, &it.to_le_bytes()),
            Constant::BigInt(it) => take(4, it.as_bytes()),
            Constant::Float(it) => take(5, &it.to_le_bytes()),
            Constant::Imaginary(it) => take(6, &it.to_le_bytes()),
            Constant::Str(it) => take(TEXT, it.as_bytes()),
            Constant::Wtf8(it) => take(8, it),
            Constant::Bytes(it) => take(9, it),
            Constant::Digest(it) => take(10, &it.to_le_bytes()),
        }
    }
}

/// The number of text without lone surrogates.
const TEXT: u64 = 7;

/// The [`key`](Constant::key) of a text.
pub(crate) fn text_key(text: &str) -> u64 {
    key(TEXT, text.as_bytes())
}

fn key(variant: u64, bytes: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(bytes).wrapping_add(variant.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
