use std::collections::BTreeSet;

use tree_sitter::Language;

use super::kind::{Kind, KindTable, NAMED};

/// Hidden rules and supertypes never become nodes.
#[test]
fn every_kind_of_the_grammar_is_known() {
    let language = Language::new(tree_sitter_python::LANGUAGE);
    let mut unknown = BTreeSet::new();
    for id in 0..u16::try_from(language.node_kind_count()).unwrap() {
        if language.node_kind_is_visible(id)
            && !language.node_kind_is_supertype(id)
            && KindTable::python().get(id) == Kind::Unknown
        {
            unknown.insert(language.node_kind_for_id(id).unwrap());
        }
    }
    assert_eq!(unknown, BTreeSet::new());
}

/// `tuple_expression` is in later revisions of the grammar.
#[test]
fn every_known_kind_is_in_the_grammar() {
    let language = Language::new(tree_sitter_python::LANGUAGE);
    let gone: Vec<_> = NAMED.iter().filter(|it| language.id_for_node_kind(it, true) == 0).copied().collect();
    assert_eq!(gone, ["tuple_expression"]);
}
