//! Calls of built-in types that give what a literal gives, and comprehensions that give what such a call gives.

use astkit_ast::builder::NameId;
use astkit_ast::python::{ExprContext, Kind, Role, build, kind, view};
use astkit_ast::tree::Node;
use astkit_ast::{Constant, Span};

use super::super::{Mark, Normalizer, Root};

impl<'a> Normalizer<'a> {
    /// Writes a call of a built-in type as the literal that it gives; false if it gives none.
    pub(super) fn literal_call(&mut self, node: Node<'a>) -> bool {
        let Some(call) = view::Call::cast(node) else { return false };
        let Some(name) = self.built_in(call.func()) else { return false };
        let (args, keywords): (Vec<_>, Vec<_>) = (call.args().collect(), call.keywords().collect());
        match (name, args.as_slice(), keywords.is_empty()) {
            ("dict", [], _) => self.dict_of(&keywords, node),
            ("list" | "tuple", [], true) => self.display(name, None, node),
            ("list" | "tuple", [it], true) if matches!(kind(*it), Kind::List | Kind::Tuple) => {
                self.display(name, Some(*it), node)
            }
            ("set", [it], true)
                if matches!(kind(*it), Kind::List | Kind::Tuple) && it.children().next().is_some() =>
            {
                self.display(name, Some(*it), node)
            }
            (_, [], true) => empty(name).map(|it| self.literal(it, node)).is_some(),
            (_, [it], true) if is_of_type(*it, name) => {
                self.expression_or_definition(*it);
                true
            }
            _ => false,
        }
    }

    /// Writes `dict(a=1)` as `{"a": 1}`.
    fn dict_of(&mut self, keywords: &[Node<'a>], origin: Node<'a>) -> bool {
        let items: Option<Vec<_>> = keywords
            .iter()
            .map(|it| view::Keyword::cast(*it).and_then(|it| Some((it.arg()?, it.value()))))
            .collect();
        let Some(items) = items else { return false };
        let start = self.builder.mark();
        for (key, value) in items {
            self.literal(Constant::Str(key.into()), value);
            self.builder.role(Role::Keys);
            self.expression_or_definition(value);
            self.builder.role(Role::Values);
        }
        self.closed(origin);
        build::dict(&mut self.builder, start, Span::default());
        true
    }

    /// Writes a list, tuple or set with the elements of a display.
    fn display(&mut self, name: &str, of: Option<Node<'a>>, origin: Node<'a>) -> bool {
        let start = self.builder.mark();
        for element in of.into_iter().flat_map(Node::children) {
            self.expression_or_definition(element);
            self.builder.role(Role::Elts);
        }
        self.closed(origin);
        let builder = &mut self.builder;
        match name {
            "list" => build::list(builder, start, Span::default(), ExprContext::Load),
            "tuple" => build::tuple(builder, start, Span::default(), ExprContext::Load),
            _ => build::set(builder, start, Span::default()),
        };
        true
    }

    /// Writes a comprehension that copies as a call; false if it does more.
    pub(super) fn copying_comprehension(&mut self, node: Node<'a>) -> bool {
        let Some((name, items)) = copied(node).filter(|it| self.is_built_in(it.0)) else { return false };
        let start = self.builder.mark();
        let id = self.built_in_name(name);
        self.closed(node);
        build::name(&mut self.builder, start, Span::default(), id, ExprContext::Load);
        self.builder.role(Role::Func);
        self.expression_or_definition(items);
        self.builder.role(Role::Args);
        self.closed(node);
        build::call(&mut self.builder, start, Span::default());
        true
    }

    /// What a built-in name is called that the file may not have.
    fn built_in_name(&mut self, name: &str) -> NameId {
        if let Some(known) = self.scopes.names().find(name) {
            return self.unbound(known);
        }
        let root = self.root(Root::Global(name.into()));
        self.marked(Mark::Root { root, symbol: None })
    }
}

/// The type of which a comprehension makes a copy, and what it copies.
fn copied(node: Node<'_>) -> Option<(&'static str, Node<'_>)> {
    let mut generators = node.field(Role::Generators.into());
    let (generator, None) = (generators.next().and_then(view::Comprehension::cast)?, generators.next())
    else {
        return None;
    };
    if generator.ifs().next().is_some() || generator.is_async() != 0 {
        return None;
    }
    let is_same = |one: Node<'_>, two: Node<'_>| {
        let id = |it| view::Name::cast(it).map(view::Name::id);
        id(one).is_some() && id(one) == id(two)
    };
    let target = generator.target();
    let (name, is_copy) = if let Some(it) = view::DictComp::cast(node) {
        let elts: Vec<_> = view::Tuple::cast(target).map(|it| it.elts().collect()).unwrap_or_default();
        let [key, value] = elts.as_slice() else { return None };
        // In `{k: k for k, k in x}`, only the second is left.
        ("dict", is_same(it.key(), *key) && is_same(it.value(), *value) && !is_same(*key, *value))
    } else if let Some(it) = view::ListComp::cast(node) {
        ("list", is_same(it.elt(), target))
    } else {
        ("set", is_same(view::SetComp::cast(node)?.elt(), target))
    };
    is_copy.then(|| (name, generator.iter()))
}

/// What a built-in type gives without arguments.
fn empty(name: &str) -> Option<Constant> {
    Some(match name {
        "str" => Constant::Str("".into()),
        "bytes" => Constant::Bytes([].into()),
        "int" => Constant::Int(0),
        "float" => Constant::Float(0),
        "bool" => Constant::Bool(false),
        _ => return None,
    })
}

/// Whether a constant is of a built-in type.
fn is_of_type(node: Node<'_>, name: &str) -> bool {
    let Some(it) = view::Constant::cast(node) else { return false };
    matches!(
        (name, it.value()),
        ("str", Constant::Str(_))
            | ("bytes", Constant::Bytes(_))
            | ("int", Constant::Int(_) | Constant::BigInt(_))
            | ("float", Constant::Float(_))
            | ("bool", Constant::Bool(_))
    )
}
