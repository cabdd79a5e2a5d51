//! A definition's own code, encoded part by part: nested definitions stand in it as links, or not at all.

use astkit_ast::python::{self, Kind, Role, view};
use astkit_ast::tree::{Node, RoleId};
use astkit_ast::{Constant, Definition};
use astkit_hash::Hash;
use astkit_hash::encoding::{Encoder, Shape, Treatment};
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_128;

/// What stands for the nested definitions of a side: a token for those that have a counterpart in the same order;
/// the others are left out.
pub(crate) type Links = FxHashMap<u32, Hash>;

/// A part of a definition's own code, as it is hashed elsewhere.
pub(crate) type Code = Vec<u8>;

/// The parts of a definition's own code.
pub(crate) struct OwnCode<'a> {
    node: Node<'a>,
    nested: &'a FxHashMap<u32, usize>,
    links: &'a Links,
    docstring: Option<Node<'a>>,
}

impl<'a> OwnCode<'a> {
    /// Looks at a definition.
    pub(crate) fn new(
        definition: &Definition<'a>,
        nested: &'a FxHashMap<u32, usize>,
        links: &'a Links,
    ) -> Self {
        Self { node: definition.node, nested, links, docstring: docstring(definition.node) }
    }

    fn shape(&self, hints: bool) -> Own<'a> {
        Own { nested: self.nested, links: self.links, hints }
    }

    /// Kind, parameters without annotations, bases, keywords, type parameters.
    pub(crate) fn signature(&self) -> Code {
        signature(self.node, &self.shape(false))
    }

    pub(crate) fn decorators(&self) -> Code {
        encoded(&self.shape(true), |it| {
            it.nodes_field("decorator_list", self.node.field(Role::DecoratorList.into()));
        })
    }

    pub(crate) fn docstring(&self) -> Option<Code> {
        self.docstring.map(|it| encoded(&self.shape(true), |encoder| encoder.node(it)))
    }

    /// The body without docstring, with annotations or without.
    pub(crate) fn body(&self, hints: bool) -> Code {
        let body = self.node.field(Role::Body.into()).filter(|it| Some(*it) != self.docstring);
        encoded(&self.shape(hints), |it| it.nodes_field("body", body))
    }

    /// Whether annotations of the result, or of parameters that both sides have, differ.
    pub(crate) fn hints_differ(&self, other: &Self) -> bool {
        let (ours, theirs) = (hints(self.node, &self.shape(true)), hints(other.node, &other.shape(true)));
        ours.iter().any(|(name, hint)| theirs.iter().any(|it| it.0 == *name && it.1 != *hint))
    }
}

/// A hash of a definition as a whole without its name: to find it under another one.
pub(crate) fn nameless(definition: &Definition<'_>) -> u128 {
    let (nested, links) = (FxHashMap::default(), Links::default());
    let shape = Own { nested: &nested, links: &links, hints: true };
    let node = definition.node;
    if !python::is_python(node.tree()) {
        return xxh3_128(&foreign(definition, &nested, &links));
    }
    let code = encoded(&shape, |it| {
        it.open(node.kind_name());
        for field in ["decorator_list", "type_params", "args", "returns", "bases", "keywords", "body"] {
            let role = node.tree().schema().role(field).map(RoleId);
            it.nodes_field(field, role.into_iter().flat_map(|role| node.field(role)));
        }
        it.close();
    });
    xxh3_128(&code)
}

/// A definition's own code in a language other than Python, without its name.
pub(crate) fn foreign(definition: &Definition<'_>, nested: &FxHashMap<u32, usize>, links: &Links) -> Code {
    let node = definition.node;
    let name = node.children().find(|it| it.role_name() == "name").map(Node::index);
    encoded(&Foreign { own: Own { nested, links, hints: true }, name }, |it| it.node(node))
}

/// Whether any node of a definition's own code is like that.
pub(crate) fn any_node(
    root: Node<'_>,
    nested: &FxHashMap<u32, usize>,
    is_wanted: &dyn Fn(Node<'_>) -> bool,
) -> bool {
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        if is_wanted(node) {
            return true;
        }
        stack.extend(node.children().filter(|it| !nested.contains_key(&it.index())));
    }
    false
}

/// The statement that is a definition's docstring.
pub(crate) fn docstring(definition: Node<'_>) -> Option<Node<'_>> {
    let first = definition.child(Role::Body.into())?;
    let value = view::Expr::cast(first)?.value();
    let value = view::Constant::cast(value)?.value();
    matches!(value, Constant::Str(_) | Constant::Wtf8(_)).then_some(first)
}

fn encoded(shape: &dyn Shape, write: impl FnOnce(&mut Encoder<'_>)) -> Code {
    let mut bytes = Vec::new();
    write(&mut Encoder::new(shape, &mut bytes));
    bytes
}

fn signature(node: Node<'_>, shape: &Own<'_>) -> Code {
    encoded(shape, |it| {
        it.open(node.kind_name());
        for field in ["type_params", "args", "bases", "keywords"] {
            if let Some(role) = node.tree().schema().role(field) {
                it.nodes_field(field, node.field(RoleId(role)));
            }
        }
        it.close();
    })
}

/// The annotation of every parameter (by its name) and of the result (by `return`, which no parameter is called).
fn hints(node: Node<'_>, shape: &Own<'_>) -> Vec<(String, Code)> {
    let annotation =
        |it: Option<Node<'_>>| encoded(shape, |encoder| encoder.nodes_field("annotation", it.into_iter()));
    if !matches!(python::kind(node), Kind::FunctionDef | Kind::AsyncFunctionDef) {
        return Vec::new();
    }
    let mut out = vec![("return".to_owned(), annotation(node.child(Role::Returns.into())))];
    let parameters = node.child(Role::Args.into());
    let parameters = parameters.into_iter().flat_map(Node::children).filter_map(view::Arg::cast);
    out.extend(parameters.map(|it| (it.arg().to_owned(), annotation(it.annotation()))));
    out
}

/// The shape of own code in another language.
struct Foreign<'a> {
    own: Own<'a>,
    /// The node that is the definition's name.
    name: Option<u32>,
}

impl Shape for Foreign<'_> {
    fn keeps_string_kind(&self) -> bool {
        true
    }

    fn treat(&self, node: Node<'_>, encoder: &mut Encoder<'_>) -> Treatment {
        if Some(node.index()) == self.name {
            return Treatment::Omit;
        }
        if self.own.nested.contains_key(&node.index()) {
            return self.own.treat(node, encoder);
        }
        Treatment::Encode
    }
}

/// The shape of own code.
struct Own<'a> {
    nested: &'a FxHashMap<u32, usize>,
    links: &'a Links,
    hints: bool,
}

impl Shape for Own<'_> {
    fn keeps_string_kind(&self) -> bool {
        true
    }

    fn treat(&self, node: Node<'_>, encoder: &mut Encoder<'_>) -> Treatment {
        if self.nested.contains_key(&node.index()) {
            return match self.links.get(&node.index()) {
                Some(token) => {
                    encoder.digest(*token);
                    Treatment::Done
                }
                None => Treatment::Omit,
            };
        }
        if self.hints {
            return Treatment::Encode;
        }
        if node.role() == Role::Annotation.into() || node.role() == Role::Returns.into() {
            return Treatment::Omit;
        }
        if python::kind(node) == Kind::AnnAssign
            && let Some(value) = node.child(Role::Value.into())
        {
            // Without its annotation, `x: T = v` is `x = v`.
            encoder.open("Assign");
            encoder.nodes_field("targets", node.field(Role::Target.into()));
            encoder.node_field("value", value);
            encoder.close();
            return Treatment::Done;
        }
        Treatment::Encode
    }
}
