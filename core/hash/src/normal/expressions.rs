//! Expressions of the normal form: names, folded constants, negated comparisons; all else is copied.

use astkit_analysis::Value;
use astkit_analysis::scopes::{ScopeKind, SymbolId};
use astkit_analysis::{NameId as Name, Role as Use};
use astkit_ast::Constant;
use astkit_ast::Span;
use astkit_ast::builder::NameId;
use astkit_ast::python::{Cmpop, Kind, Role, Unaryop, build, kind, view};
use astkit_ast::tree::{NONE, Node};

use super::fold;
use super::{Mark, Normalizer, Root, Rule};
use astkit_analysis::meanings::Meaning;

impl<'a> Normalizer<'a> {
    /// Writes any node, with a stack that is large enough.
    pub(super) fn expression_or_definition(&mut self, node: Node<'a>) {
        if matches!(kind(node), Kind::Name | Kind::Constant) {
            return self.leaf(node);
        }
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.any(node));
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what has no rule is copied")]
    fn any(&mut self, node: Node<'a>) {
        if self.aggressive.is_some() && self.aggressively(node) {
            return;
        }
        match kind(node) {
            Kind::FunctionDef | Kind::AsyncFunctionDef => self.function(node),
            Kind::ClassDef => self.class(node),
            Kind::Lambda => self.lambda(node),
            Kind::Name | Kind::Constant => self.leaf(node),
            Kind::ListComp | Kind::SetComp | Kind::DictComp | Kind::GeneratorExp => {
                self.depth += 1;
                self.copy(node);
                self.depth -= 1;
            }
            Kind::Attribute => self.attribute(node),
            Kind::UnaryOp | Kind::BinOp => self.operation(node),
            Kind::JoinedStr => self.joined(node),
            Kind::Yield | Kind::YieldFrom => {
                self.yields += 1;
                self.copy(node);
            }
            Kind::Alias => self.alias(node),
            Kind::Arg
            | Kind::ExceptHandler
            | Kind::MatchAs
            | Kind::MatchStar
            | Kind::MatchMapping
            | Kind::TypeVar
            | Kind::ParamSpec
            | Kind::TypeVarTuple => self.binding(node),
            _ => self.copy(node),
        }
    }

    /// Copies a node; what is below it is normalized.
    pub(super) fn copy(&mut self, node: Node<'a>) {
        let start = self.builder.mark();
        self.children(node);
        self.close(start, node);
    }

    /// Writes all children of a node, blocks as blocks.
    pub(super) fn children(&mut self, node: Node<'a>) {
        let blocks = has_blocks(node);
        let mut children = node.children();
        while let Some(child) = children.next() {
            let role = child.role();
            if blocks && is_block_role(child) {
                let mut block = vec![child];
                let mut behind = children.clone();
                while let Some(next) = behind.next().filter(|it| it.role() == role) {
                    block.push(next);
                    children = behind.clone();
                }
                self.block(&block, role, role == Role::Body.into());
                continue;
            }
            self.expression_or_definition(child);
            self.builder.role(role);
        }
    }

    /// A node whose word is the name that it binds.
    fn binding(&mut self, node: Node<'a>) {
        let start = self.builder.mark();
        let handled = kind(node) == Kind::Arg;
        if handled {
            self.annotation_of(node);
        } else {
            self.children(node);
        }
        match node.name_of(node.aux()) {
            Some(_) => {
                let name = self.name_of_occurrence(node);
                self.close_with(start, node, name.0);
            }
            None => {
                self.close(start, node);
            }
        }
    }

    /// A name or constant.
    fn leaf(&mut self, node: Node<'a>) {
        let start = self.builder.mark();
        if kind(node) == Kind::Name {
            let id = self.used_name(node);
            self.close_with(start, node, id.0);
        } else {
            self.close(start, node);
        }
    }

    /// What a name is called where it stands.
    fn used_name(&mut self, node: Node<'a>) -> NameId {
        let Some(occurrence) = self.meanings.occurrence(node) else { return self.written_name(node.aux()) };
        let occurrence = *self.scopes.occurrence(occurrence);
        if let Some(variable) = occurrence.variable {
            self.used[variable.0 as usize] = true;
            self.capture(variable);
        }
        if occurrence.role != Use::Load {
            return self.name_of_occurrence(node);
        }
        match occurrence.variable {
            None => self.unbound(occurrence.name),
            Some(variable) => {
                let known = self.calls.root[variable.0 as usize];
                if known != NONE {
                    return NameId(known);
                }
                let name = self.variable(variable, occurrence.name);
                name.unwrap_or_else(|| self.plain_name(node, self.scopes.text(occurrence.name)))
            }
        }
    }

    /// Notes which definitions around use a variable of a function that is around them.
    pub(super) fn capture(&mut self, variable: SymbolId) {
        let owner = self.scopes.scope(self.scopes.symbol(variable).scope);
        let is_function =
            matches!(owner.kind, ScopeKind::Function | ScopeKind::AsyncFunction | ScopeKind::Lambda);
        // What an import brings is known without the function around.
        if !is_function || matches!(self.meanings.of(variable), Meaning::Import(_)) {
            return;
        }
        let owner = self.tree.node(owner.node).index();
        if self.open.last() != Some(&owner) && self.open.contains(&owner) {
            self.capturing.extend(self.open.iter().rev().take_while(|it| **it != owner));
        }
    }

    /// What a variable is called where it is read; none if by its name.
    fn variable(&mut self, variable: SymbolId, name: Name) -> Option<NameId> {
        let owner = self.scopes.symbol(variable).scope;
        let symbol = Some(variable.0);
        match self.meanings.of(variable) {
            Meaning::Import(alias) => {
                if owner.0 != 0 {
                    self.local(variable);
                }
                let mark = Mark::Root { root: self.alias_root(alias)?, symbol };
                Some(self.known_root(variable, mark))
            }
            Meaning::Numbered => Some(self.local_name(variable)),
            Meaning::Definition(node) => {
                let level = self.open.iter().rev().position(|it| *it == node);
                if let Some(levels) = level.and_then(|it| u32::try_from(it).ok()) {
                    return Some(self.marked(Mark::Enclosing { levels, symbol: variable.0 }));
                }
                let mark = Mark::Root { root: self.global_root(name), symbol };
                Some(self.marked(mark))
            }
            Meaning::Named if owner.0 == 0 => {
                let mark = Mark::Root { root: self.global_root(name), symbol };
                Some(self.known_root(variable, mark))
            }
            Meaning::Named => None,
        }
    }

    /// The name of a root that a variable stands for wherever it is read.
    fn known_root(&mut self, variable: SymbolId, mark: Mark) -> NameId {
        let name = self.marked(mark);
        self.calls.root[variable.0 as usize] = name.0;
        name
    }

    /// The name of what no code of the module binds.
    pub(super) fn unbound(&mut self, name: Name) -> NameId {
        let known = self.calls.global[name.0 as usize];
        if known != NONE {
            return NameId(known);
        }
        let root = self.global_root(name);
        let id = self.marked(Mark::Root { root, symbol: None });
        self.calls.global[name.0 as usize] = id.0;
        id
    }

    /// The root that is a name of the module, or a built-in one.
    fn global_root(&mut self, name: Name) -> u32 {
        let known = self.calls.global_root[name.0 as usize];
        if known != NONE {
            return known;
        }
        let root = u32::try_from(self.roots.len()).unwrap_or(NONE);
        self.roots.push(Root::Global(self.scopes.text(name).into()));
        self.calls.global_root[name.0 as usize] = root;
        root
    }

    /// The root that an imported name brings.
    fn alias_root(&mut self, alias: u32) -> Option<u32> {
        if let Some(known) = self.imports.get(&alias) {
            return Some(*known);
        }
        let root = self.import_root(alias)?;
        let id = self.root(root);
        self.imports.insert(alias, id);
        Some(id)
    }

    /// What an import binds a name to.
    fn import_root(&self, alias: u32) -> Option<Root> {
        let alias = super::node_at(self.tree, alias)?;
        super::imported(self.import_of(alias), alias)
    }

    fn attribute(&mut self, node: Node<'a>) {
        let Some(it) = view::Attribute::cast(node) else { return };
        let start = self.builder.mark();
        self.expression_or_definition(it.value());
        self.builder.role(Role::Value);
        let name = self.private_name(node, it.attr());
        self.close_with(start, node, name.0);
    }

    /// The name that is a node's word, as the class around makes it.
    fn private_name(&mut self, node: Node<'a>, name: &str) -> NameId {
        if !name.starts_with("__") {
            return self.written_name(node.aux());
        }
        let class = self.around.private.map(|it| it.trim_start_matches('_')).unwrap_or_default();
        if class.is_empty() || !name.starts_with("__") || name.ends_with("__") {
            return self.written_name(node.aux());
        }
        self.builder.normalized_name(&format!("_{class}{name}"))
    }

    fn operation(&mut self, node: Node<'a>) {
        if self.options.rules.has(Rule::Folding)
            && let Some(value) = self.folder.fold(node)
        {
            return self.constant(&value, node);
        }
        if let Some(it) = view::UnaryOp::cast(node)
            && it.op() == Unaryop::Not
            && self.options.rules.has(Rule::Negation)
            && let Some((compare, op)) = negated(it.operand())
        {
            return self.comparison(compare, op);
        }
        self.copy(node);
    }

    fn comparison(&mut self, node: Node<'a>, op: Cmpop) {
        let start = self.builder.mark();
        self.children(node);
        self.closed(node);
        build::compare(&mut self.builder, start, Span::default(), &[op]);
    }

    fn constant(&mut self, value: &Value, origin: Node<'a>) {
        let Some((constant, negative)) = fold::constant(value) else { return self.copy(origin) };
        let start = self.builder.mark();
        let id = self.builder.constant(constant);
        self.closed(origin);
        build::constant(&mut self.builder, start, Span::default(), id, None);
        if negative {
            self.builder.role(Role::Operand);
            self.closed(origin);
            build::unary_op(&mut self.builder, start, Span::default(), Unaryop::USub);
        }
    }

    /// An f-string; one without fields is a string.
    fn joined(&mut self, node: Node<'a>) {
        let is_spec = node.role() == Role::FormatSpec.into();
        if is_spec || !self.options.rules.has(Rule::Folding) {
            return self.copy(node);
        }
        let mut text = String::new();
        for value in node.children() {
            match view::Constant::cast(value).map(view::Constant::value) {
                Some(Constant::Str(it)) => text.push_str(it),
                _ => return self.copy(node),
            }
        }
        self.constant(&Value::Str(text.into()), node);
    }

    /// Writes `not` the node.
    pub(super) fn negation(&mut self, node: Node<'a>) {
        if self.options.rules.has(Rule::Negation)
            && let Some((compare, op)) = negated(node)
        {
            return self.comparison(compare, op);
        }
        let start = self.builder.mark();
        self.expression_or_definition(node);
        self.builder.role(Role::Operand);
        self.closed(node);
        build::unary_op(&mut self.builder, start, Span::default(), Unaryop::Not);
    }

    /// A lambda.
    fn lambda(&mut self, node: Node<'a>) {
        let start = self.builder.mark();
        self.begun.push(node.index());
        let yields = self.yields;
        // Defaults belong to what is around; they know no `U` of the lambda, for it has no name.
        self.open.push(node.index());
        let depth = self.depth;
        for child in node.children() {
            self.depth = depth + u32::from(child.role() == Role::Body.into());
            self.expression_or_definition(child);
            self.builder.role(child.role());
        }
        self.depth = depth;
        self.open.pop();
        self.yields = yields;
        let built = self.close(start, node);
        self.wrote(node, built, depth);
    }

    /// A name bound by an import within a statement of its own.
    fn alias(&mut self, node: Node<'a>) {
        let start = self.builder.mark();
        self.write_alias(node);
        debug_assert!(self.builder.mark() > start, "an alias is a node");
    }

    /// Writes one imported name.
    pub(super) fn write_alias(&mut self, node: Node<'a>) {
        let Some(it) = view::Alias::cast(node) else { return self.copy(node) };
        let start = self.builder.mark();
        self.alias_root(node.index());
        let variable = self.meanings.occurrence(node).and_then(|at| self.scopes.occurrence(at).variable);
        if let Some(variable) = variable {
            self.bound[variable.0 as usize] = true;
        }
        let is_loose = |it: SymbolId| {
            let is_import = matches!(self.meanings.of(it), Meaning::Import(_));
            !is_import && self.scopes.symbol(it).scope.0 != 0
        };
        // A star import has no name to follow; what it brings is looked for when a name is not found.
        if it.name() != "*" && variable.is_none_or(is_loose) {
            self.loose_imports.insert(node.index());
        }
        let name = self.written_name(node.record_word(0));
        let is_dotted = it.asname().is_none() && it.name().contains('.');
        let asname = match variable.filter(|it| !is_dotted && self.is_numbered(*it)) {
            Some(variable) => Some(self.local_name(variable)),
            None => it.asname().filter(|alias| *alias != it.name()).map(|_| NameId(node.record_word(1))),
        };
        self.closed(node);
        build::alias(&mut self.builder, start, Span::default(), name, asname);
    }
}

/// Whether `not` before a node makes another comparison of it.
pub(super) fn is_negatable(node: Node<'_>) -> bool {
    negated(node).is_some()
}

/// A comparison by `in` or `is`, and the opposite operator.
fn negated(node: Node<'_>) -> Option<(Node<'_>, Cmpop)> {
    let it = view::Compare::cast(node)?;
    let mut ops = it.ops();
    let op = match (ops.next()?, ops.next()) {
        (Cmpop::In, None) => Cmpop::NotIn,
        (Cmpop::NotIn, None) => Cmpop::In,
        (Cmpop::Is, None) => Cmpop::IsNot,
        (Cmpop::IsNot, None) => Cmpop::Is,
        _ => return None,
    };
    Some((node, op))
}

/// Whether children of the roles of blocks are statements.
fn has_blocks(node: Node<'_>) -> bool {
    !matches!(kind(node), Kind::IfExp | Kind::Lambda | Kind::Exec)
}

fn is_block_role(node: Node<'_>) -> bool {
    [Role::Body, Role::Orelse, Role::Finalbody].into_iter().any(|it| node.role() == it.into())
}
