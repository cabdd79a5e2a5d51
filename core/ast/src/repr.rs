//! How Python writes constants: `repr`, to the character as CPython 3.13 does it.

use crate::Constant;
use crate::number::int_to_decimal;

mod float;
mod printable;
mod text;

pub(crate) use text::is_printable;

impl Constant {
    /// CPython's `repr` of the value, as `ast.dump` shows it.
    ///
    /// An imaginary number is written as the complex number that it is (`1j`, `infj`). A digest, which is no value
    /// of Python's, is written as `<digest ...>`. Cost: linear, but for integers beyond 64 bits.
    pub fn repr(&self) -> String {
        match self {
            Self::None => "None".to_owned(),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::Ellipsis => "Ellipsis".to_owned(),
            Self::Int(value) => value.to_string(),
            Self::BigInt(digits) => int_to_decimal(digits).unwrap_or_else(|| format!("0x{digits}")),
            Self::Float(bits) => float::repr(f64::from_bits(*bits)),
            Self::Imaginary(bits) => float::repr_imaginary(f64::from_bits(*bits)),
            Self::Str(text) => text::repr_str(text.as_bytes()),
            Self::Wtf8(text) => text::repr_str(text),
            Self::Bytes(bytes) => text::repr_bytes(bytes),
            Self::Digest(digest) => format!("<digest {:032x}>", **digest),
        }
    }

    /// An expression that has this value, as `ast.unparse` writes it: `repr`, but `...` for the ellipsis and
    /// `1e309` for what is infinite.
    pub fn to_source(&self) -> String {
        match self {
            Self::Ellipsis => "...".to_owned(),
            Self::Float(_) | Self::Imaginary(_) => self.repr().replace("inf", "1e309"),
            Self::None
            | Self::Bool(_)
            | Self::Int(_)
            | Self::BigInt(_)
            | Self::Str(_)
            | Self::Wtf8(_)
            | Self::Bytes(_)
            | Self::Digest(_) => self.repr(),
        }
    }
}

#[cfg(test)]
mod tests;
