//! Instance attributes: what the methods of each class set on their first parameter.
//!
//! One record per place that sets one: `self.x = ...`, `self.x += ...`, `self.x: int`, `for self.x in ...`. What is set from
//! outside, through `setattr` or `__dict__`, or by a base class is not told here.

use astkit_ast::python::{ExprContext, Role as Field, view};
use astkit_ast::{NodeId, Tree};

use crate::def_use::DefUse;
use crate::scopes::{ScopeId, ScopeKind, Scopes};

/// A place that sets an instance attribute.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InstanceAttribute {
    /// The class.
    pub class: ScopeId,
    /// The method.
    pub method: ScopeId,
    /// The name, as it is written.
    pub name: Box<str>,
    /// The `Attribute`.
    pub node: NodeId,
}

/// The instance attributes of all classes, in the order of the methods' scopes and then of the text.
pub fn instance_attributes(tree: &Tree, scopes: &Scopes, chains: &DefUse) -> Vec<InstanceAttribute> {
    let mut out = Vec::new();
    for (method, scope) in scopes.scopes() {
        let is_function = matches!(scope.kind, ScopeKind::Function | ScopeKind::AsyncFunction);
        let class = scope.parent.filter(|it| scopes.scope(*it).kind == ScopeKind::Class);
        let (true, Some(class)) = (is_function, class) else { continue };
        let function = tree.node(scope.node);
        let mut decorators = function.field(Field::DecoratorList.into()).filter_map(view::Name::cast);
        if decorators.any(|it| matches!(it.id(), "staticmethod" | "classmethod")) {
            continue;
        }
        let arguments = function.required(Field::Args.into());
        let mut parameters =
            [Field::Posonlyargs, Field::Args].into_iter().flat_map(|it| arguments.field(it.into()));
        let first = parameters.next().and_then(|it| scopes.occurrence_of(it.id()));
        let Some(first) = first.and_then(|it| chains.definition_at(it)) else { continue };
        let start = out.len();
        for use_ in chains.users(first) {
            // In preorder, what an attribute is taken of follows it at once.
            let mut id = chains.use_(*use_).node;
            let Some(before) = id.index.checked_sub(1) else { continue };
            id.index = before;
            let Some(it) = view::Attribute::cast(tree.node(id)) else { continue };
            if it.ctx() == ExprContext::Store && it.value().id() == chains.use_(*use_).node {
                out.push(InstanceAttribute { class, method, name: it.attr().into(), node: id });
            }
        }
        out[start..].sort_by_key(|it| it.node);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::instance_attributes;
    use crate::scopes::{Options, scopes};
    use crate::testing::lowered;

    #[test]
    fn what_methods_set() {
        let text = "\
class C:
    z = 0
    def __init__(self, x):
        self.x = x
        self.y: int
        self.x.inner = 1
        for self.i in x: self.n += 1
        self[0] = 1
    def m(this): this.w, x = 1, 2
    @staticmethod
    def s(a): a.no = 1
def f(self): self.no = 1
";
        let (_, lowered) = lowered(text);
        let scopes = scopes(&lowered.tree, &Options::default());
        let chains = crate::def_use(&lowered.tree, &scopes);
        let found = instance_attributes(&lowered.tree, &scopes, &chains);
        let names: Vec<&str> = found.iter().map(|it| &*it.name).collect();
        assert_eq!(names, ["x", "y", "i", "n", "w"]);
    }
}
