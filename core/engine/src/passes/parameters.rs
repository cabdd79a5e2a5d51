//! Parameters of passes as text: a pass is made of `KEY=VALUE`s, told apart by serde.
//!
//! The fields of the pass are its parameters. One without a default is required; a key that is no field is an error,
//! whether or not the type denies unknown fields. Values are read as the field's type wants them: numbers and truth
//! values plainly, texts as they are or in quotes, lists in JSON or with commas.

mod probe;
mod value;

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::de::value::{MapDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error, IntoDeserializer, Visitor};
use serde::{Serialize, forward_to_deserialize_any};

pub(crate) use probe::parameters_of;
use value::Text;

/// Parameters as they are given.
pub(crate) type Given = BTreeMap<String, String>;

/// A parameter of a pass.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Whether it has to be given.
    pub is_required: bool,
}

/// What is wrong with parameters.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// The pass has no such parameter.
    #[error("no parameter `{name}`")]
    Unknown {
        /// The name.
        name: String,
        /// The parameters that it has.
        known: Vec<String>,
    },
    /// A required parameter is not given.
    #[error("parameter `{0}` is required")]
    Missing(String),
    /// The value is not what the parameter wants.
    #[error("`{name}`: {reason}")]
    Wrong {
        /// The parameter.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error for ParameterError {
    fn custom<T: Display>(reason: T) -> Self {
        Self::Wrong { name: String::new(), reason: reason.to_string() }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field.to_owned())
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::Unknown { name: field.to_owned(), known: expected.iter().map(|&it| it.to_owned()).collect() }
    }
}

impl ParameterError {
    fn of(self, key: &str) -> Self {
        if let Self::Wrong { name, reason } = &self
            && name.is_empty()
        {
            return Self::Wrong { name: key.to_owned(), reason: reason.clone() };
        }
        self
    }
}

/// Makes a pass.
pub(crate) fn read<T: DeserializeOwned>(given: &Given) -> Result<T, ParameterError> {
    T::deserialize(Fields { given })
}

/// The parameters of a pass that differ from their defaults, as [`read`] takes them.
pub(crate) fn print<T: Serialize + DeserializeOwned>(pass: &T) -> Given {
    let all = texts(pass);
    let required: Vec<_> = parameters_of::<T>().into_iter().filter(|it| it.is_required).collect();
    let is_required = |key: &str| required.iter().any(|it| it.name == key);
    let least: Given =
        all.iter().filter(|it| is_required(it.0)).map(|(k, v)| (k.clone(), v.clone())).collect();
    let defaults = read::<T>(&least).map(|it| texts(&it)).unwrap_or_default();
    all.into_iter().filter(|(key, value)| is_required(key) || defaults.get(key) != Some(value)).collect()
}

fn texts<T: Serialize>(pass: &T) -> Given {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(pass) else { return Given::new() };
    let fields = fields.into_iter().filter(|it| !it.1.is_null());
    fields.map(|(key, value)| (key, text(&value))).collect()
}

fn text(value: &serde_json::Value) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | '/' | '+' | ':');
    match value.as_str() {
        Some(it) if !it.is_empty() && it.chars().all(is_plain) => it.to_owned(),
        _ => value.to_string(),
    }
}

/// All parameters together.
struct Fields<'a> {
    given: &'a Given,
}

impl<'a> Fields<'a> {
    fn check(&self, known: &[&str]) -> Result<(), ParameterError> {
        match self.given.keys().find(|it| !known.contains(&it.as_str())) {
            None => Ok(()),
            Some(it) => Err(ParameterError::Unknown {
                name: it.clone(),
                known: known.iter().map(|&it| it.to_owned()).collect(),
            }),
        }
    }

    fn entries(&self) -> impl Iterator<Item = (StrDeserializer<'a, ParameterError>, Text<'a>)> {
        self.given.iter().map(|(key, text)| (key.as_str().into_deserializer(), Text { key, text }))
    }
}

impl<'de> Deserializer<'de> for Fields<'de> {
    type Error = ParameterError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        visitor.visit_map(MapDeserializer::new(self.entries()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ParameterError> {
        self.check(fields)?;
        self.deserialize_any(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ParameterError> {
        self.check(&[])?;
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ParameterError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit seq tuple
        tuple_struct map enum identifier ignored_any
    }
}
