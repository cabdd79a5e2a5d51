//! One value, read as whatever type it is wanted as.

use std::str::FromStr;

use serde::de::value::SeqDeserializer;
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};

use super::ParameterError;

/// The text of a parameter.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) key: &'a str,
    pub(super) text: &'a str,
}

impl<'de> IntoDeserializer<'de, ParameterError> for Text<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Text<'_> {
    fn wrong(self, wanted: &str) -> ParameterError {
        ParameterError::custom(format_args!("{wanted}, not `{}`", self.text)).of(self.key)
    }

    fn parse<T: FromStr>(self, wanted: &str) -> Result<T, ParameterError> {
        self.text.parse().map_err(|_| self.wrong(wanted))
    }

    /// The text itself, without quotes if it has any.
    fn unquoted(self) -> String {
        let quoted = self.text.starts_with('"').then(|| serde_json::from_str(self.text).ok()).flatten();
        quoted.unwrap_or_else(|| self.text.to_owned())
    }

    fn json<T>(
        self,
        wanted: &str,
        read: impl FnOnce(serde_json::Value) -> Result<T, serde_json::Error>,
    ) -> Result<T, ParameterError> {
        let value = serde_json::from_str(self.text).map_err(|_| self.wrong(wanted))?;
        read(value).map_err(|error| ParameterError::custom(error).of(self.key))
    }

    fn named<T>(self, result: Result<T, ParameterError>) -> Result<T, ParameterError> {
        result.map_err(|it| it.of(self.key))
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
            let number: $type = self.parse("a number")?;
            self.named(visitor.$visit(number))
        }
    )*};
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = ParameterError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        match serde_json::from_str::<serde_json::Value>(self.text) {
            Ok(it) => it.deserialize_any(visitor).map_err(|error| ParameterError::custom(error).of(self.key)),
            Err(_) => self.deserialize_string(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        let value = self.parse("`true` or `false`")?;
        self.named(visitor.visit_bool(value))
    }

    numbers! {
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_i128 visit_i128 i128;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
        deserialize_u128 visit_u128 u128;
        deserialize_f32 visit_f32 f32;
        deserialize_f64 visit_f64 f64;
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        self.named(visitor.visit_string(self.unquoted()))
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        self.named(visitor.visit_byte_buf(self.unquoted().into_bytes()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ParameterError> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ParameterError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        if self.text.trim_start().starts_with('[') {
            return self.json("a list", |it| it.deserialize_seq(visitor));
        }
        let parts = self.text.split(',').filter(|it| !it.is_empty());
        let parts = parts.map(|text| Text { key: self.key, text: text.trim() });
        visitor.visit_seq(SeqDeserializer::new(parts))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ParameterError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, ParameterError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        self.json("a JSON object", |it| it.deserialize_map(visitor))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ParameterError> {
        self.json("a JSON object", |it| it.deserialize_struct(name, fields, visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ParameterError> {
        if self.text.trim_start().starts_with('{') {
            return self.json("a JSON object", |it| it.deserialize_enum(name, variants, visitor));
        }
        self.named(visitor.visit_enum(self.unquoted().into_deserializer()))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        visitor.visit_unit()
    }
}
