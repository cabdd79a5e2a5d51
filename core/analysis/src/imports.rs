//! Import statements: what they ask for, and which names they bind.
//!
//! One record per module that is asked for, as the compiler makes one `IMPORT_NAME` each: `import a, b` gives two,
//! `from m import x, y` one. Which files they mean is not told here.

use astkit_ast::python::{Kind, kind, view};
use astkit_ast::{Node, NodeId, Tree};

use crate::scopes::{ScopeId, ScopeKind, Scopes};

/// A module that some code asks for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Import {
    /// The statement.
    pub node: NodeId,
    /// The scope that its names are bound in.
    pub scope: ScopeId,
    /// The number of leading dots.
    pub level: u32,
    /// The dotted name after the dots, if any.
    pub name: Option<Box<str>>,
    /// For `from`: the names asked for, `*` included.
    pub from: Option<Vec<Box<str>>>,
    /// The names bound, in order; none for `*`.
    pub bound: Vec<Box<str>>,
    /// The aliases, in order: one for `import`, one per name for `from`.
    pub aliases: Vec<NodeId>,
}

/// The import statement that an alias, or a node in one, stands in: the nearest one before it in its arena.
pub(crate) fn statement_of(alias: Node<'_>) -> Option<Node<'_>> {
    let mut id = alias.id();
    loop {
        id.index = id.index.checked_sub(1)?;
        let node = alias.tree().node(id);
        if matches!(kind(node), Kind::Import | Kind::ImportFrom) {
            return Some(node);
        }
    }
}

impl Import {
    /// Whether it is `from m import *`.
    pub fn is_star(&self) -> bool {
        self.from.as_ref().is_some_and(|it| it.iter().any(|it| &**it == "*"))
    }

    /// The absolute name of the module asked for, seen from the module of this name.
    ///
    /// None if there are more dots than packages.
    pub fn absolute_name(&self, module: &str, is_package: bool) -> Option<String> {
        let name = self.name.as_deref().unwrap_or_default();
        if self.level == 0 {
            return Some(name.to_owned());
        }
        let mut base = module;
        for _ in 0..self.level - u32::from(is_package) {
            base = base.rsplit_once('.').map_or("", |it| it.0);
            if base.is_empty() {
                return None;
            }
        }
        Some(if name.is_empty() { base.to_owned() } else { format!("{base}.{name}") })
    }
}

/// All imports of a module, in the order of the scopes and then of the text.
pub fn imports(tree: &Tree, scopes: &Scopes) -> Vec<Import> {
    let mut out = Vec::new();
    let mut stack = vec![(tree.root(), ScopeId(0))];
    while let Some((node, scope)) = stack.pop() {
        match kind(node) {
            Kind::Import => out.extend(node.children().filter_map(|it| plain(scopes, node, it, scope))),
            Kind::ImportFrom => out.extend(from(scopes, node, scope)),
            _ if is_expression(node) => {}
            _ => {
                let first = stack.len();
                // Decorators and the like belong to the scope around, but no import stands in them.
                let scope = scopes.scope_of(node.id()).unwrap_or(scope);
                stack.extend(node.children().map(|it| (it, scope)));
                stack[first..].reverse();
            }
        }
    }
    out
}

fn is_expression(node: Node<'_>) -> bool {
    let sums = &node.tree().schema().sums;
    sums.get(usize::from(node.kind_def().sum)).is_some_and(|it| it.name == "expr")
}

/// A name as the code of a scope has it: private names are mangled in classes, those of modules too.
fn mangled(scopes: &Scopes, scope: ScopeId, name: &str) -> Box<str> {
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return name.into();
    }
    let mut around = Some(scope);
    while let Some(it) = around.map(|it| scopes.scope(it)) {
        let class = scopes.text(it.name).trim_start_matches('_');
        if it.kind == ScopeKind::Class && !class.is_empty() {
            return format!("_{class}{name}").into();
        }
        around = it.parent;
    }
    name.into()
}

fn plain(scopes: &Scopes, statement: Node<'_>, alias: Node<'_>, scope: ScopeId) -> Option<Import> {
    let it = view::Alias::cast(alias)?;
    let bound = it.asname().or_else(|| it.name().split('.').next()).unwrap_or_default();
    Some(Import {
        node: statement.id(),
        scope,
        level: 0,
        name: Some(mangled(scopes, scope, it.name())),
        from: None,
        bound: vec![mangled(scopes, scope, bound)],
        aliases: vec![alias.id()],
    })
}

fn from(scopes: &Scopes, node: Node<'_>, scope: ScopeId) -> Option<Import> {
    let statement = view::ImportFrom::cast(node)?;
    let aliases: Vec<_> = statement.names().filter_map(view::Alias::cast).collect();
    let bound =
        aliases.iter().filter(|it| it.name() != "*").map(|it| it.asname().unwrap_or_else(|| it.name()));
    Some(Import {
        node: node.id(),
        scope,
        level: statement.level(),
        name: statement.module().map(|it| mangled(scopes, scope, it)),
        from: Some(aliases.iter().map(|it| it.name().into()).collect()),
        bound: bound.map(|it| mangled(scopes, scope, it)).collect(),
        aliases: aliases.iter().map(|it| it.node().id()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::imports;
    use crate::scopes::{Options, scopes};
    use crate::testing::lowered;

    fn render(text: &str) -> String {
        let (_, lowered) = lowered(text);
        let scopes = scopes(&lowered.tree, &Options::default());
        let line = |it: &super::Import| {
            let absolute = it.absolute_name("p.q.m", false);
            format!(
                "{}: {} {:?} {:?} -> {:?} = {absolute:?}\n",
                it.scope.0, it.level, it.name, it.from, it.bound
            )
        };
        imports(&lowered.tree, &scopes).iter().map(line).collect()
    }

    #[test]
    fn one_record_per_module() {
        assert_snapshot!(render("import a.b, c.d as e\nfrom m import x, y as z\nfrom n import *\n"), @r#"
        0: 0 Some("a.b") None -> ["a"] = Some("a.b")
        0: 0 Some("c.d") None -> ["e"] = Some("c.d")
        0: 0 Some("m") Some(["x", "y"]) -> ["x", "z"] = Some("m")
        0: 0 Some("n") Some(["*"]) -> [] = Some("n")
        "#);
    }

    #[test]
    fn relative_names_are_resolved() {
        let text = "from . import a\nfrom .b import c\nfrom ..d import e\nfrom .... import f\n";
        assert_snapshot!(render(text), @r#"
        0: 1 None Some(["a"]) -> ["a"] = Some("p.q")
        0: 1 Some("b") Some(["c"]) -> ["c"] = Some("p.q.b")
        0: 2 Some("d") Some(["e"]) -> ["e"] = Some("p.d")
        0: 4 None Some(["f"]) -> ["f"] = None
        "#);
    }

    #[test]
    fn scopes_are_those_of_the_statements() {
        assert_snapshot!(render("class C:\n  import a\n  def f(self):\n    if x:\n      import b\n"), @r#"
        1: 0 Some("a") None -> ["a"] = Some("a")
        2: 0 Some("b") None -> ["b"] = Some("b")
        "#);
    }
}
