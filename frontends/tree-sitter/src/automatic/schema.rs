//! A schema from a grammar's `node-types.json`.

use astkit_ast::schema::{Arity, Category, Field, FieldType, KindDef, Schema, Storage, Sum};
use serde_json::Value;

use super::CHILDREN;

/// Why a grammar's node types give no schema.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaFromGrammarError {
    /// The text is no JSON.
    #[error("the grammar's node types are no JSON")]
    Json(#[from] serde_json::Error),
    /// There is no node type that is marked as the root.
    #[error("no node type of the grammar is marked as root")]
    NoRoot,
    /// More fields than roles can be numbered.
    #[error("the grammar has more than 254 fields")]
    TooManyFields,
}

/// Reads the named, concrete node types; the root comes first, `Error` and `Missing` last.
pub(super) fn from_grammar(
    name: &str,
    node_types: &str,
    categories: &[(&str, Category)],
) -> Result<Schema, SchemaFromGrammarError> {
    let types: Vec<Value> = serde_json::from_str(node_types)?;
    let is_concrete = |it: &&Value| it["named"] == true && it.get("subtypes").is_none();
    let (mut roots, mut others): (Vec<&Value>, Vec<&Value>) =
        types.iter().filter(is_concrete).partition(|it| it["root"] == true);
    roots.truncate(1);
    if roots.is_empty() {
        return Err(SchemaFromGrammarError::NoRoot);
    }
    // Some grammars list a kind once more, without fields.
    others.dedup_by(|a, b| a["type"] == b["type"]);
    let mut schema = Schema {
        name: name.to_owned(),
        sums: vec![Sum { name: "node".to_owned(), product: false }],
        roles: vec![String::new()],
        ..Schema::default()
    };
    for it in roots.iter().chain(&others) {
        let kind = kind(it, categories, &mut schema)?;
        schema.kinds.push(kind);
    }
    for (name, children) in [("Error", Some("recovered")), ("Missing", None)] {
        let mut fields = vec![text_field()];
        if let Some(role) = children {
            fields.push(child_field(role, &mut schema)?);
        }
        schema.kinds.push(plain_kind(name, Category::Other, fields));
    }
    Ok(schema)
}

fn kind(
    it: &Value,
    categories: &[(&str, Category)],
    schema: &mut Schema,
) -> Result<KindDef, SchemaFromGrammarError> {
    let name = it["type"].as_str().unwrap_or_default();
    let mut fields = vec![text_field()];
    for field in it["fields"].as_object().into_iter().flatten() {
        fields.push(child_field(field.0, schema)?);
    }
    fields.push(child_field(CHILDREN, schema)?);
    let category = categories.iter().find(|it| it.0 == name).map_or(Category::Other, |it| it.1);
    Ok(plain_kind(name, category, fields))
}

fn plain_kind(name: &str, category: Category, fields: Vec<Field>) -> KindDef {
    KindDef { name: name.to_owned(), sum: 0, category, located: true, fields, record_len: 0 }
}

/// The leaf's text, or the pattern of the tokens between children.
fn text_field() -> Field {
    Field {
        name: "text".to_owned(),
        ty: FieldType::Constant,
        arity: Arity::Opt,
        storage: Storage::Aux,
        pairing: None,
    }
}

fn child_field(name: &str, schema: &mut Schema) -> Result<Field, SchemaFromGrammarError> {
    let role = schema.roles.iter().position(|it| it == name).unwrap_or_else(|| {
        schema.roles.push(name.to_owned());
        schema.roles.len() - 1
    });
    let role = u8::try_from(role).map_err(|_| SchemaFromGrammarError::TooManyFields)?;
    Ok(Field {
        name: name.to_owned(),
        ty: FieldType::AnyNode,
        arity: Arity::Many,
        storage: Storage::Child(role),
        pairing: None,
    })
}
