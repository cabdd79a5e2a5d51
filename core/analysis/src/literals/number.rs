//! Numbers of literals: with a sign, and complex ones with a real part.

use astkit_ast::Constant;

/// A number.
#[derive(Clone, PartialEq, Debug)]
pub enum Number {
    /// An integer.
    Int {
        /// Whether it is below zero.
        negative: bool,
        /// Its absolute value, a [`Constant::Int`] or [`Constant::BigInt`].
        magnitude: Constant,
    },
    /// A float.
    Float(f64),
    /// A complex number: its real and its imaginary part.
    Complex(f64, f64),
}

impl Number {
    /// The number that a constant is; none for what is no number, truth values included.
    pub fn from_constant(constant: &Constant) -> Option<Self> {
        match constant {
            Constant::Int(_) | Constant::BigInt(_) => {
                Some(Number::Int { negative: false, magnitude: constant.clone() })
            }
            Constant::Float(bits) => Some(Number::Float(f64::from_bits(*bits))),
            Constant::Imaginary(bits) => Some(Number::Complex(0.0, f64::from_bits(*bits))),
            Constant::None
            | Constant::Bool(_)
            | Constant::Ellipsis
            | Constant::Str(_)
            | Constant::Wtf8(_)
            | Constant::Bytes(_)
            | Constant::Digest(_) => None,
        }
    }

    /// The number that a truth value equals.
    pub(super) fn from_truth(constant: &Constant) -> Option<Self> {
        let Constant::Bool(it) = constant else { return None };
        Some(Number::Int { negative: false, magnitude: Constant::Int(u64::from(*it)) })
    }

    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Number::Int { .. } => "int",
            Number::Float(_) => "float",
            Number::Complex(..) => "complex",
        }
    }

    pub(super) fn negated(self) -> Self {
        match self {
            Number::Int { negative, magnitude } => {
                Number::Int { negative: !negative && magnitude != Constant::Int(0), magnitude }
            }
            Number::Float(it) => Number::Float(-it),
            Number::Complex(real, imaginary) => Number::Complex(-real, -imaginary),
        }
    }

    /// The value as a float, if it is real and not too large for one.
    pub(super) fn real(&self) -> Option<f64> {
        match self {
            Number::Int { negative, magnitude } => {
                let value = magnitude_as_float(magnitude);
                value.is_finite().then_some(if *negative { -value } else { value })
            }
            Number::Float(it) => Some(*it),
            Number::Complex(..) => None,
        }
    }

    pub(super) fn repr(&self) -> String {
        let float = |it: f64| Constant::Float(it.to_bits()).repr();
        match self {
            Number::Int { negative, magnitude } => {
                format!("{}{}", if *negative { "-" } else { "" }, magnitude.repr())
            }
            Number::Float(it) => float(*it),
            Number::Complex(real, imaginary) => {
                let imaginary = Constant::Imaginary(imaginary.to_bits()).repr();
                if real.to_bits() == 0 {
                    return imaginary;
                }
                // In a complex number whole parts have no `.0`.
                let real = Constant::Imaginary(real.to_bits()).repr();
                let real = real.strip_suffix('j').unwrap_or(&real);
                let sign = if imaginary.starts_with('-') { "" } else { "+" };
                format!("({real}{sign}{imaginary})")
            }
        }
    }

    /// A text that equal numbers share: `1`, `1.0` and `1 + 0j` are one key of a dict.
    pub(super) fn key(&self) -> String {
        match self {
            Number::Int { .. } => self.repr(),
            Number::Float(it) => whole(*it).unwrap_or_else(|| self.repr()),
            Number::Complex(real, imaginary) if *imaginary == 0.0 => Number::Float(*real).key(),
            // Zeros of both signs are equal.
            Number::Complex(real, imaginary) => Number::Complex(real + 0.0, imaginary + 0.0).repr(),
        }
    }
}

/// The integer that a float equals, in decimal; floats of 64 bits and more stand for themselves.
fn whole(value: f64) -> Option<String> {
    let fits = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    // `+ 0.0` makes -0.0 the zero that it equals.
    fits.then(|| format!("{:.0}", value + 0.0))
}

/// A magnitude rounded to the nearest float, ties to even, as Python does.
fn magnitude_as_float(magnitude: &Constant) -> f64 {
    magnitude.repr().parse().unwrap_or(f64::INFINITY)
}
