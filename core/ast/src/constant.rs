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
}
