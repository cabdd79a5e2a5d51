//! Signatures: every function's parameters by kind, and what calling it makes.
//!
//! Lambdas are included, comprehensions are not. Annotations are left out: they change no call.

use astkit_ast::python::{Role, kind, view};
use astkit_ast::{Node, NodeId, Tree};

use crate::scopes::{ScopeId, ScopeKind, Scopes};

/// A function's parameters and kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// The function's scope.
    pub scope: ScopeId,
    /// The function.
    pub node: NodeId,
    /// Where its text begins for Python: the first decorator's expression, or itself.
    pub first: NodeId,
    /// Parameters that are given by position only.
    pub posonly: Vec<Parameter>,
    /// Parameters given either way.
    pub args: Vec<Parameter>,
    /// `*args`.
    pub vararg: Option<NodeId>,
    /// Parameters that are given by name only.
    pub kwonly: Vec<Parameter>,
    /// `**kwargs`.
    pub kwarg: Option<NodeId>,
    /// Whether calling it makes a coroutine (or, with `is_generator`, an asynchronous generator).
    pub is_async: bool,
    /// Whether calling it makes a generator.
    pub is_generator: bool,
}

/// A parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Its `arg`.
    pub node: NodeId,
    /// Its default value.
    pub default: Option<NodeId>,
}

impl Signature {
    /// The parameters that take one argument each.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.posonly.iter().chain(&self.args).chain(&self.kwonly)
    }
}

/// The signatures of all functions, in the order of their scopes.
pub fn signatures(tree: &Tree, scopes: &Scopes) -> Vec<Signature> {
    let is_function =
        |kind: ScopeKind| matches!(kind, ScopeKind::Function | ScopeKind::AsyncFunction | ScopeKind::Lambda);
    scopes
        .scopes()
        .filter(|(_, scope)| is_function(scope.kind))
        .map(|(id, scope)| {
            let node = tree.node(scope.node);
            let parameters = parameters(node);
            let first = node.child(Role::DecoratorList.into()).unwrap_or(node);
            Signature {
                scope: id,
                first: first.id(),
                is_async: scope.kind == ScopeKind::AsyncFunction,
                is_generator: scope.is_generator,
                ..parameters
            }
        })
        .collect()
}

fn parameters(function: Node<'_>) -> Signature {
    let arguments = function.required(Role::Args.into());
    let list = |role: Role| arguments.field(role.into()).collect::<Vec<_>>();
    let (posonly, args, kwonly) = (list(Role::Posonlyargs), list(Role::Args), list(Role::Kwonlyargs));
    let defaults = list(Role::Defaults);
    // Defaults belong to the last parameters that are given by position.
    let mut missing = (posonly.len() + args.len()).saturating_sub(defaults.len());
    let mut defaults = defaults.into_iter();
    let mut with_default = |it: &Node<'_>| {
        let default = if missing > 0 { None } else { defaults.next().map(Node::id) };
        missing = missing.saturating_sub(1);
        Parameter { node: it.id(), default }
    };
    let (posonly, args) =
        (posonly.iter().map(&mut with_default).collect(), args.iter().map(&mut with_default).collect());
    let kw_defaults = view::Arguments::cast(arguments).map(view::Arguments::kw_defaults).unwrap_or_default();
    let kwonly = kwonly.iter().zip(kw_defaults);
    Signature {
        scope: ScopeId(0),
        node: function.id(),
        first: function.id(),
        posonly,
        args,
        vararg: arguments.child(Role::Vararg.into()).map(Node::id),
        kwonly: kwonly
            .map(|(it, default)| Parameter { node: it.id(), default: default.map(Node::id) })
            .collect(),
        kwarg: arguments.child(Role::Kwarg.into()).map(Node::id),
        is_async: false,
        is_generator: false,
    }
}

/// The docstring of a definition: the text of its first statement, if that is nothing but a text.
pub fn docstring(definition: Node<'_>) -> Option<Node<'_>> {
    let first = definition.child(Role::Body.into())?;
    let value = view::Expr::cast(first)?.value();
    let constant = view::Constant::cast(value)?.value();
    let is_text = matches!(constant, astkit_ast::Constant::Str(_) | astkit_ast::Constant::Wtf8(_));
    (is_text && kind(definition) != astkit_ast::python::Kind::Lambda).then_some(value)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::signatures;
    use crate::qualnames::qualnames;
    use crate::scopes::{Options, scopes};
    use crate::shapes::{self, Places};
    use crate::testing::lowered;

    fn render(text: &str) -> String {
        let (source, lowered) = lowered(text);
        let options = Options::default();
        let scopes = scopes(&lowered.tree, &options);
        let (signatures, names) = (signatures(&lowered.tree, &scopes), qualnames(&scopes, &options));
        let shape = shapes::signatures(&signatures, &scopes, &names, Places::new(&source, &lowered));
        let lines: Vec<String> =
            shape["functions"].as_array().unwrap().iter().map(ToString::to_string).collect();
        lines.join("\n")
    }

    #[test]
    fn parameters_by_kind() {
        assert_snapshot!(render("def f(a, b=1, /, c=2, *d, e, g=3, **h): pass\n"), @r#"{"args":["c"],"defaults":["b","c","g"],"flags":[],"kwarg":"h","kwonly":["e","g"],"line":1,"posonly":["a","b"],"qualname":"f","vararg":"d"}"#);
    }

    #[test]
    fn names_of_nested_functions() {
        let text = "class C:\n  @d\n  async def m(self):\n    global g\n    def g(): yield\n    [(lambda: 0) for _ in ()]\n";
        assert_snapshot!(render(text), @r#"
        {"args":["self"],"defaults":[],"flags":["async"],"kwarg":null,"kwonly":[],"line":2,"posonly":[],"qualname":"C.m","vararg":null}
        {"args":[],"defaults":[],"flags":["generator"],"kwarg":null,"kwonly":[],"line":5,"posonly":[],"qualname":"g","vararg":null}
        {"args":[],"defaults":[],"flags":[],"kwarg":null,"kwonly":[],"line":6,"posonly":[],"qualname":"C.m.<locals>.<listcomp>.<lambda>","vararg":null}
        "#);
    }
}
