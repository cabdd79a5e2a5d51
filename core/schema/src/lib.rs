//! The notation in which tree schemas are written, and schemas as data.
//!
//! A schema lists the node kinds of one language, the fields of each kind in their fixed order, and a neutral
//! category per kind. It is written in Zephyr ASDL, the notation of CPython's own `Python.asdl`, with five
//! additions that [`parse`](Schema::parse) documents. From a schema follow the dump, the schema check, the
//! structural hash, and (for Python, by code generation) typed views, constructors and the visitor.
//!
//! Source of the notation: Wang, Appel, Korn, Serra, "The Zephyr Abstract Syntax Description Language", 1997.

mod lexer;
mod parse;
mod schema;

pub use parse::SchemaError;
pub use schema::{Arity, Category, Enum, Field, FieldType, KindDef, Pairing, Schema, Storage, Sum};
