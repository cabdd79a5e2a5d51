//! Languages other than Python, each behind a feature: a grammar, and which of its kinds are definitions.

#![cfg(any(feature = "javascript", feature = "json"))]

use astkit_ast::schema::Category;

use crate::automatic::{Automatic, SchemaFromGrammarError};

/// JavaScript, with JSX.
///
/// # Errors
/// [`SchemaFromGrammarError`] if the grammar is not of the form that is expected of grammars.
#[cfg(feature = "javascript")]
pub fn javascript() -> Result<Automatic, SchemaFromGrammarError> {
    const CATEGORIES: &[(&str, Category)] = &[
        ("function_declaration", Category::Def),
        ("generator_function_declaration", Category::Def),
        ("class_declaration", Category::Def),
        ("method_definition", Category::Def),
        ("statement_block", Category::Block),
        ("class_body", Category::Block),
        ("call_expression", Category::Call),
        ("new_expression", Category::Call),
        ("identifier", Category::Name),
        ("string", Category::Literal),
        ("number", Category::Literal),
        ("template_string", Category::Literal),
        ("import_statement", Category::Import),
        ("if_statement", Category::Branch),
        ("switch_statement", Category::Branch),
        ("ternary_expression", Category::Branch),
        ("for_statement", Category::Loop),
        ("for_in_statement", Category::Loop),
        ("while_statement", Category::Loop),
        ("do_statement", Category::Loop),
        ("assignment_expression", Category::Assign),
        ("variable_declarator", Category::Assign),
    ];
    Automatic::new(
        "javascript",
        "0.25.0",
        tree_sitter_javascript::LANGUAGE.into(),
        tree_sitter_javascript::NODE_TYPES,
        &["js", "mjs", "cjs", "jsx"],
        CATEGORIES,
    )
}

/// JSON.
///
/// # Errors
/// [`SchemaFromGrammarError`] if the grammar is not of the form that is expected of grammars.
#[cfg(feature = "json")]
pub fn json() -> Result<Automatic, SchemaFromGrammarError> {
    const CATEGORIES: &[(&str, Category)] = &[
        ("string", Category::Literal),
        ("number", Category::Literal),
        ("array", Category::Literal),
        ("object", Category::Literal),
    ];
    Automatic::new(
        "json",
        "0.24.8",
        tree_sitter_json::LANGUAGE.into(),
        tree_sitter_json::NODE_TYPES,
        &["json"],
        CATEGORIES,
    )
}
