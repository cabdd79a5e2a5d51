//! Values of constants, and what Python computes with them.
//!
//! A [`Value`] is what an expression without side effects can be known to be: a number, a text, a container of such.
//! Operations are exact or give nothing: what would raise an error, what is larger than the [`Limits`], and what two
//! Pythons may see differently has no result. `nan` is no value, so values that are written alike are equal.

mod arithmetic;
mod compare;
mod items;
mod sequences;

use astkit_ast::Constant;
use num_bigint::{BigInt, Sign};

pub use arithmetic::{binary, unary};
pub use compare::{contains, equal, is_subset, ordered};
pub use items::{Slice, item, members, sliced};

pub(crate) use arithmetic::{int_of, to_float, truncated};
pub(crate) use items::place_of;

/// A value, as Python has it.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(BigInt),
    /// A float.
    Float(f64),
    /// A complex number: its real and its imaginary part.
    Complex(f64, f64),
    /// A text without lone surrogates.
    Str(Box<str>),
    /// Bytes.
    Bytes(Box<[u8]>),
    /// A constant that nothing is computed with: a text with lone surrogates, a text that is no code.
    Opaque(Constant),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A list.
    List(Vec<Value>),
    /// A set: its members once each, in the order of the text.
    Set(Vec<Value>),
    /// A frozen set, likewise.
    FrozenSet(Vec<Value>),
    /// A dict: its keys once each, in order, each with its last value.
    Dict(Vec<(Value, Value)>),
}

/// The sizes up to which operations have a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bits of the integers that `*`, `**` and `<<` make, as CPython estimates them.
    pub int_bits: u64,
    /// The length of repeated texts and bytes.
    pub text: usize,
    /// The length of repeated tuples and lists.
    pub items: usize,
    /// The same, with what is in their elements.
    pub all_items: usize,
}

impl Limits {
    /// Those of CPython's compiler. Source: `Python/ast_opt.c` (from 3.14 on `Python/flowgraph.c`).
    pub const COMPILER: Self = Self { int_bits: 128, text: 4096, items: 256, all_items: 1024 };
}

impl Value {
    /// The value of a constant.
    pub fn of(constant: &Constant) -> Self {
        match constant {
            Constant::None => Self::None,
            Constant::Bool(it) => Self::Bool(*it),
            Constant::Ellipsis => Self::Ellipsis,
            Constant::Int(it) => Self::Int((*it).into()),
            Constant::BigInt(digits) => BigInt::parse_bytes(digits.as_bytes(), 16)
                .map_or_else(|| Self::Opaque(constant.clone()), Self::Int),
            Constant::Float(bits) => Self::Float(f64::from_bits(*bits)),
            Constant::Imaginary(bits) => Self::Complex(0.0, f64::from_bits(*bits)),
            Constant::Str(text) => Self::Str(text.clone()),
            Constant::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Constant::Wtf8(_) | Constant::Digest(_) => Self::Opaque(constant.clone()),
        }
    }

    /// The name of its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::None => "NoneType",
            Self::Ellipsis => "ellipsis",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Complex(..) => "complex",
            Self::Str(_) | Self::Opaque(Constant::Wtf8(_)) => "str",
            Self::Bytes(_) => "bytes",
            Self::Opaque(_) => "object",
            Self::Tuple(_) => "tuple",
            Self::List(_) => "list",
            Self::Set(_) => "set",
            Self::FrozenSet(_) => "frozenset",
            Self::Dict(_) => "dict",
        }
    }

    /// Whether it counts as true.
    pub fn is_true(&self) -> bool {
        match self {
            Self::None => false,
            Self::Ellipsis | Self::Opaque(_) => true,
            Self::Bool(it) => *it,
            Self::Int(it) => it.sign() != Sign::NoSign,
            Self::Float(it) => *it != 0.0,
            Self::Complex(re, im) => *re != 0.0 || *im != 0.0,
            Self::Str(it) => !it.is_empty(),
            Self::Bytes(it) => !it.is_empty(),
            Self::Tuple(it) | Self::List(it) | Self::Set(it) | Self::FrozenSet(it) => !it.is_empty(),
            Self::Dict(it) => !it.is_empty(),
        }
    }

    /// Whether nothing in it can be changed in place: then it can be a key of a dict and a member of a set.
    pub fn can_be_key(&self) -> bool {
        let mut open = vec![self];
        while let Some(it) = open.pop() {
            match it {
                Self::List(_) | Self::Set(_) | Self::Dict(_) => return false,
                Self::Tuple(items) => open.extend(items),
                _ => {}
            }
        }
        true
    }

    /// How much there is of it: characters, bytes and elements, those of elements included.
    pub fn size(&self) -> usize {
        let (mut out, mut open) = (0, vec![self]);
        while let Some(it) = open.pop() {
            out += match it {
                Self::Int(it) => usize::try_from(it.bits() / 8).unwrap_or(usize::MAX),
                Self::Str(it) => it.len(),
                Self::Bytes(it) => it.len(),
                _ => 1,
            };
            match it {
                Self::Tuple(it) | Self::List(it) | Self::Set(it) | Self::FrozenSet(it) => open.extend(it),
                Self::Dict(it) => open.extend(it.iter().flat_map(|it| [&it.0, &it.1])),
                _ => {}
            }
        }
        out
    }

    /// A set of these; none if one of them can't be in a set.
    pub fn set_of(items: Vec<Value>) -> Option<Self> {
        compare::once_each(items).map(Self::Set)
    }

    /// A dict of these; none if one of the keys can't be a key.
    pub fn dict_of(items: Vec<(Value, Value)>) -> Option<Self> {
        compare::last_each(items).map(Self::Dict)
    }

    /// Python's `repr`; the members of a set in the order of the text.
    pub fn repr(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match self {
            Self::None => out.push_str("None"),
            Self::Ellipsis => out.push_str("Ellipsis"),
            Self::Bool(it) => out.push_str(if *it { "True" } else { "False" }),
            Self::Int(it) => out.push_str(&it.to_string()),
            Self::Float(it) => out.push_str(&Constant::Float(it.to_bits()).repr()),
            Self::Complex(re, im) => out.push_str(&complex_repr(*re, *im)),
            Self::Str(it) => out.push_str(&Constant::Str(it.clone()).repr()),
            Self::Bytes(it) => out.push_str(&Constant::Bytes(it.clone()).repr()),
            Self::Opaque(it) => out.push_str(&it.repr()),
            Self::Tuple(items) => {
                write_items(out, "(", items, if items.len() == 1 { ",)" } else { ")" });
            }
            Self::List(items) => write_items(out, "[", items, "]"),
            Self::Set(items) if items.is_empty() => out.push_str("set()"),
            Self::Set(items) => write_items(out, "{", items, "}"),
            Self::FrozenSet(items) if items.is_empty() => out.push_str("frozenset()"),
            Self::FrozenSet(items) => write_items(out, "frozenset({", items, "})"),
            Self::Dict(items) => {
                out.push('{');
                for (nth, (key, value)) in items.iter().enumerate() {
                    out.push_str(if nth > 0 { ", " } else { "" });
                    key.write(out);
                    out.push_str(": ");
                    value.write(out);
                }
                out.push('}');
            }
        });
    }
}

fn write_items(out: &mut String, open: &str, items: &[Value], close: &str) {
    out.push_str(open);
    for (nth, item) in items.iter().enumerate() {
        out.push_str(if nth > 0 { ", " } else { "" });
        item.write(out);
    }
    out.push_str(close);
}

fn complex_repr(re: f64, im: f64) -> String {
    let imaginary = Constant::Imaginary(im.to_bits()).repr();
    if re.to_bits() == 0 {
        return imaginary;
    }
    // In a complex number whole parts have no `.0`.
    let real = Constant::Imaginary(re.to_bits()).repr();
    let real = real.strip_suffix('j').unwrap_or(&real);
    let sign = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({real}{sign}{imaginary})")
}
