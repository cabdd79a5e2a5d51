//! Blocks of the normal form: which statements stay, and in which order.

use astkit_ast::python::{Kind, Role, Unaryop, build, kind, view};
use astkit_ast::tree::{Node, RoleId};
use astkit_ast::{Constant, Span};

use super::{Normalizer, Rule, write_number};

/// A statement that stays.
#[derive(Clone, Copy)]
pub(super) enum Statement<'a> {
    /// As it is, with what is below it normalized.
    Whole(Node<'a>),
    /// An `if` whose `else` comes behind it, because its body always leaves.
    If(Node<'a>),
    /// One name of an import.
    Alias { import: Node<'a>, alias: Node<'a> },
}

/// Where a block stands.
#[derive(Clone, Copy)]
struct Place {
    /// Whether the function ends where the block does.
    is_tail: bool,
    /// Whether functions beside each other may be put in order.
    sorts_functions: bool,
    /// Whether a block without statements is written as `pass`.
    is_required: bool,
}

impl<'a> Normalizer<'a> {
    /// A definition's body.
    pub(super) fn statements(
        &mut self,
        body: &[Node<'a>],
        role: Role,
        is_function: bool,
        sorts_functions: bool,
        is_required: bool,
    ) {
        let place = Place { is_tail: is_function, sorts_functions, is_required };
        let kept = self.kept(body.iter().copied());
        self.write(kept, role.into(), place);
    }

    /// A block within a statement.
    pub(super) fn block(&mut self, body: &[Node<'a>], role: RoleId, is_required: bool) {
        let kept = self.kept(body.iter().copied());
        self.write(kept, role, Place { is_tail: false, sorts_functions: false, is_required });
    }

    /// The statements of a block that stay.
    fn kept(&mut self, body: impl Iterator<Item = Node<'a>>) -> Vec<Statement<'a>> {
        let rules = self.options.rules;
        // Lists that were used before: blocks are many, and most are short.
        let mut out = self.spare_statements.pop().unwrap_or_default();
        let mut rest = self.spare_nodes.pop().unwrap_or_default();
        rest.extend(body);
        rest.reverse();
        while let Some(statement) = rest.pop() {
            if self.is_dropped(statement) {
                continue;
            }
            if rules.has(Rule::ConstantCondition)
                && let Some(taken) = self.taken(statement)
            {
                let first = rest.len();
                rest.extend(statement.field(taken.into()));
                rest[first..].reverse();
                continue;
            }
            if self.aggressive.is_some()
                && let Some(inner) = self.joined_branches(statement, &mut out)
            {
                rest.push(inner);
                continue;
            }
            if rules.has(Rule::ElseAfterLeaving)
                && let Some(it) = view::If::cast(statement)
                && it.orelse().next().is_some()
                && self.block_leaves(it.body())
            {
                out.push(Statement::If(statement));
                let first = rest.len();
                rest.extend(it.orelse());
                rest[first..].reverse();
                continue;
            }
            self.keep(statement, &mut out);
            if rules.has(Rule::Unreachable) && self.leaves(statement) {
                break;
            }
        }
        rest.clear();
        self.spare_nodes.push(rest);
        out
    }

    fn keep(&self, statement: Node<'a>, out: &mut Vec<Statement<'a>>) {
        let is_split = self.options.rules.has(Rule::ImportOrder)
            && matches!(kind(statement), Kind::Import | Kind::ImportFrom)
            && !is_special_import(statement);
        if !is_split {
            return out.push(Statement::Whole(statement));
        }
        out.extend(statement.children().map(|alias| Statement::Alias { import: statement, alias }));
    }

    fn is_dropped(&mut self, statement: Node<'a>) -> bool {
        let rules = self.options.rules;
        if rules.has(Rule::UnusedVariable) && self.is_unused(statement) {
            return true;
        }
        if let Some(it) = view::AnnAssign::cast(statement) {
            let is_bare = it.value().is_none() && !self.around.keeps_variable_hints;
            return is_bare && is_simple_target(it.target());
        }
        #[expect(clippy::wildcard_enum_match_arm, reason = "other statements stay")]
        match kind(statement) {
            Kind::Pass => rules.has(Rule::Pass),
            // What they say is said by what names mean; they are written anew where a program needs them.
            Kind::Global | Kind::Nonlocal => true,
            Kind::Expr => {
                let value = view::Expr::cast(statement).map(view::Expr::value);
                rules.has(Rule::ConstantStatement) && value.is_some_and(|it| self.is_constant(it))
            }
            _ => false,
        }
    }

    fn is_constant(&mut self, node: Node<'a>) -> bool {
        let is_text = |it: Node<'a>| kind(it) == Kind::Constant;
        kind(node) == Kind::Constant
            || (kind(node) == Kind::JoinedStr && node.children().all(is_text))
            || (self.options.rules.has(Rule::Folding) && self.folder.fold(node).is_some())
    }

    /// The branch that an `if` or `while` with a constant for a condition always takes, if that is known to be one.
    fn taken(&mut self, statement: Node<'a>) -> Option<Role> {
        if let Some(it) = view::If::cast(statement) {
            let is_true = self.folder.fold(it.test())?.is_true();
            return Some(if is_true { Role::Body } else { Role::Orelse });
        }
        let test = view::While::cast(statement)?.test();
        (!self.folder.fold(test)?.is_true()).then_some(Role::Orelse)
    }

    /// Whether nothing behind a statement is ever reached.
    fn leaves(&mut self, statement: Node<'a>) -> bool {
        if matches!(kind(statement), Kind::Return | Kind::Raise | Kind::Continue | Kind::Break) {
            return true;
        }
        let Some(it) = view::If::cast(statement) else { return false };
        if let Some(known) = self.leaving.get(&statement.index()) {
            return *known;
        }
        let leaves = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || {
            self.block_leaves(it.body()) && self.block_leaves(it.orelse())
        });
        self.leaving.insert(statement.index(), leaves);
        leaves
    }

    pub(super) fn block_leaves(&mut self, block: impl Iterator<Item = Node<'a>>) -> bool {
        block.into_iter().any(|it| self.leaves(it))
    }

    fn write(&mut self, mut kept: Vec<Statement<'a>>, role: RoleId, place: Place) {
        if place.is_tail && self.options.rules.has(Rule::Return) {
            while kept.pop_if(|it| matches!(it, Statement::Whole(it) if returns_nothing(*it))).is_some() {}
        }
        if kept.is_empty() && place.is_required {
            self.pass(role);
        }
        let mut at = 0;
        while at < kept.len() {
            let end = self.put_in_order(&mut kept, at, place);
            for nth in at..end {
                let is_tail = place.is_tail && nth + 1 == kept.len();
                self.write_statement(kept[nth], is_tail);
                self.builder.role(role);
            }
            at = end;
        }
        kept.clear();
        self.spare_statements.push(kept);
    }

    fn pass(&mut self, role: RoleId) {
        let start = self.builder.mark();
        let origin = self.open.last().and_then(|it| super::node_at(self.tree, *it));
        self.closed(origin.unwrap_or_else(|| self.tree.root()));
        build::pass(&mut self.builder, start, Span::default());
        self.builder.role(role);
    }

    /// Puts the statements from `at` on in order as far as order is none of theirs; returns where that ends.
    fn put_in_order(&self, kept: &mut Vec<Statement<'a>>, at: usize, place: Place) -> usize {
        let rules = self.options.rules;
        let run = |kept: &[Statement<'a>], is_it: &dyn Fn(&Statement<'a>) -> bool| {
            at + kept[at..].iter().take_while(|it| is_it(it)).count()
        };
        if rules.has(Rule::ImportOrder) {
            let end = run(kept, &|it| matches!(it, Statement::Alias { .. }));
            if end > at {
                return sort_imports(kept, at, end);
            }
        }
        if place.sorts_functions && rules.has(Rule::FunctionOrder) {
            let end = run(kept, &|it| matches!(it, Statement::Whole(it) if is_movable(*it)));
            if end > at + 1 {
                let names = &mut kept[at..end];
                let name = |it: &Statement<'a>| match it {
                    Statement::Whole(it) => it.name_of(it.aux()).unwrap_or_default(),
                    Statement::If(_) | Statement::Alias { .. } => "",
                };
                let mut sorted: Vec<&str> = names.iter().map(name).collect();
                sorted.sort_unstable();
                sorted.dedup();
                if sorted.len() == names.len() {
                    names.sort_by_key(name);
                }
                return end;
            }
        }
        at + 1
    }

    fn write_statement(&mut self, statement: Statement<'a>, is_tail: bool) {
        match statement {
            Statement::Whole(node) if kind(node) == Kind::If => {
                stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.if_statement(node, true, is_tail));
            }
            Statement::If(node) => {
                stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.if_statement(node, false, is_tail));
            }
            Statement::Whole(node) => self.statement(node),
            Statement::Alias { import, alias } => self.imported_name(import, alias),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "other statements are copied")]
    fn statement(&mut self, node: Node<'a>) {
        match kind(node) {
            Kind::AnnAssign => self.ann_assign(node),
            Kind::Return if returns_nothing(node) && self.options.rules.has(Rule::Return) => {
                let start = self.builder.mark();
                self.closed(node);
                build::return_(&mut self.builder, start, Span::default());
            }
            Kind::While => self.while_statement(node),
            Kind::Delete => self.delete(node),
            Kind::Try | Kind::TryStar => self.try_statement(node),
            _ => self.expression_or_definition(node),
        }
    }

    /// A variable's value; with its hint, where that is kept.
    fn ann_assign(&mut self, node: Node<'a>) {
        let Some(it) = view::AnnAssign::cast(node) else { return };
        let Some(value) = it.value().filter(|_| !self.around.keeps_variable_hints) else {
            return self.copy(node);
        };
        let start = self.builder.mark();
        self.expression_or_definition(it.target());
        self.builder.role(Role::Targets);
        self.expression_or_definition(value);
        self.builder.role(Role::Value);
        self.closed(node);
        build::assign(&mut self.builder, start, Span::default());
    }

    fn if_statement(&mut self, node: Node<'a>, has_else: bool, is_tail: bool) {
        let Some(it) = view::If::cast(node) else { return };
        let start = self.builder.mark();
        let mut body = self.kept(it.body());
        let mut orelse = if has_else { self.kept(it.orelse()) } else { Vec::new() };
        let (mut test, mut negated) = (it.test(), false);
        let mut tests = self.asked_before(node);
        if self.options.rules.has(Rule::SwappedBranches) && !orelse.is_empty() {
            if tests.is_empty()
                && let Some(inner) = not(test)
            {
                std::mem::swap(&mut body, &mut orelse);
                test = inner;
            }
            if body.is_empty() {
                std::mem::swap(&mut body, &mut orelse);
                negated = true;
            }
        }
        if !tests.is_empty() {
            tests.push(test);
            self.any_of(&tests, negated, node);
        } else if negated {
            self.negation(test);
        } else {
            self.expression_or_definition(test);
        }
        self.builder.role(Role::Test);
        let place = Place { is_tail, sorts_functions: false, is_required: true };
        self.write(body, Role::Body.into(), place);
        self.write(orelse, Role::Orelse.into(), Place { is_required: false, ..place });
        self.closed(node);
        build::if_(&mut self.builder, start, Span::default());
    }

    /// A loop; one that is for ever has `True` for a condition.
    fn while_statement(&mut self, node: Node<'a>) {
        let Some(it) = view::While::cast(node) else { return };
        let is_endless = self.options.rules.has(Rule::ConstantCondition)
            && self.folder.fold(it.test()).is_some_and(|it| it.is_true());
        if !is_endless {
            return self.copy(node);
        }
        let start = self.builder.mark();
        let always = self.builder.constant(Constant::Bool(true));
        self.closed(it.test());
        build::constant(&mut self.builder, start, Span::default(), always, None);
        self.builder.role(Role::Test);
        self.block(&it.body().collect::<Vec<_>>(), Role::Body.into(), true);
        self.closed(node);
        build::while_(&mut self.builder, start, Span::default());
    }

    /// A `del`; targets in parentheses are deleted one after the other, as others are.
    fn delete(&mut self, node: Node<'a>) {
        let mut targets = Vec::new();
        let mut rest: Vec<Node<'a>> = node.children().collect();
        rest.reverse();
        while let Some(target) = rest.pop() {
            if matches!(kind(target), Kind::Tuple | Kind::List) {
                let first = rest.len();
                rest.extend(target.children());
                rest[first..].reverse();
            } else {
                targets.push(target);
            }
        }
        if targets.is_empty() {
            return self.copy(node);
        }
        let start = self.builder.mark();
        for target in targets {
            self.expression_or_definition(target);
            self.builder.role(Role::Targets);
        }
        self.close(start, node);
    }

    /// A `try`; without handlers it keeps a `finally` that does nothing.
    fn try_statement(&mut self, node: Node<'a>) {
        let start = self.builder.mark();
        let mut children = node.children().peekable();
        let has_handlers = node.child(Role::Handlers.into()).is_some();
        while let Some(child) = children.next() {
            let role = child.role();
            if role == Role::Handlers.into() {
                self.expression_or_definition(child);
                self.builder.role(role);
                continue;
            }
            let mut block = vec![child];
            while let Some(next) = children.next_if(|it| it.role() == role) {
                block.push(next);
            }
            let is_finally = role == Role::Finalbody.into();
            self.block(&block, role, role == Role::Body.into() || (is_finally && !has_handlers));
        }
        self.close(start, node);
    }

    /// An import of one name.
    fn imported_name(&mut self, import: Node<'a>, alias: Node<'a>) {
        let start = self.builder.mark();
        self.write_alias(alias);
        self.builder.role(Role::Names);
        self.close(start, import);
    }
}

/// Puts imports in order, if none binds a name that another binds to something else.
fn sort_imports(kept: &mut Vec<Statement<'_>>, at: usize, end: usize) -> usize {
    if end - at < 2 {
        return end;
    }
    let mut run: Vec<(String, Statement<'_>)> =
        kept[at..end].iter().map(|it| (import_key(it), *it)).collect();
    let mut names: Vec<(&str, &str)> = run.iter().map(|(key, it)| (bound_name(it), &**key)).collect();
    names.sort_unstable();
    names.dedup();
    let is_clear = names.windows(2).all(|it| {
        let is_plain = |key: &str| key.starts_with("0 ") && !key.contains(" as ");
        it[0].0 != it[1].0 || (is_plain(it[0].1) && is_plain(it[1].1))
    });
    if !is_clear {
        return end;
    }
    run.sort_by(|left, right| left.0.cmp(&right.0));
    run.dedup_by(|left, right| left.0 == right.0);
    let sorted = at + run.len();
    kept.splice(at..end, run.into_iter().map(|it| it.1));
    sorted
}

/// What an import is sorted by.
fn import_key(it: &Statement<'_>) -> String {
    let Statement::Alias { import, alias } = it else { return String::new() };
    let Some(alias) = view::Alias::cast(*alias) else { return String::new() };
    let mut key = String::with_capacity(64);
    match view::ImportFrom::cast(*import) {
        // Before all others, as Python wants it.
        Some(from) if from.level() == 0 && from.module() == Some("__future__") => {
            key.extend([" ", alias.name()]);
            return key;
        }
        Some(from) => {
            key.push_str("1 ");
            write_number(&mut key, from.level());
            key.extend([" ", from.module().unwrap_or_default(), " ", alias.name()]);
        }
        None => key.extend(["0 ", alias.name()]),
    }
    if let Some(asname) = alias.asname().filter(|it| *it != alias.name()) {
        key.extend([" as ", asname]);
    }
    key
}

fn bound_name<'a>(it: &Statement<'a>) -> &'a str {
    let Statement::Alias { alias, .. } = it else { return "" };
    let Some(alias) = view::Alias::cast(*alias) else { return "" };
    let name = alias.asname().unwrap_or_else(|| alias.name());
    name.split('.').next().unwrap_or_default()
}

/// An import whose place matters: of `*`.
fn is_special_import(node: Node<'_>) -> bool {
    let is_star = |it: Node<'_>| view::Alias::cast(it).is_none_or(|it| it.name() == "*");
    node.children().any(is_star) || node.children().next().is_none()
}

/// Whether a function may be defined before or after its neighbors: nothing is evaluated where it is defined.
fn is_movable(node: Node<'_>) -> bool {
    if !matches!(kind(node), Kind::FunctionDef | Kind::AsyncFunctionDef) {
        return false;
    }
    let is_constant = |it: Node<'_>| kind(it) == Kind::Constant;
    let arguments = node.required(Role::Args.into());
    let mut defaults = arguments.field(Role::Defaults.into()).chain(arguments.field(Role::KwDefaults.into()));
    node.child(Role::DecoratorList.into()).is_none()
        && node.child(Role::TypeParams.into()).is_none()
        && defaults.all(is_constant)
}

fn not(node: Node<'_>) -> Option<Node<'_>> {
    let it = view::UnaryOp::cast(node)?;
    let is_comparison = super::expressions::is_negatable(it.operand());
    (it.op() == Unaryop::Not && !is_comparison).then(|| it.operand())
}

/// Whether it is `return` or `return None`.
fn returns_nothing(node: Node<'_>) -> bool {
    let Some(it) = view::Return::cast(node) else { return false };
    let is_none = |it: Node<'_>| view::Constant::cast(it).is_some_and(|it| *it.value() == Constant::None);
    it.value().is_none_or(is_none)
}

/// Whether a bare `x: T` evaluates nothing: the target is a name, or an attribute of one.
fn is_simple_target(node: Node<'_>) -> bool {
    match view::Attribute::cast(node) {
        Some(it) => kind(it.value()) == Kind::Name,
        None => kind(node) == Kind::Name,
    }
}
