//! Statements: the dispatch over kinds, blocks, and simple statements.

use astkit_ast::Span;
use astkit_ast::builder::Built;
use astkit_ast::python::{ExprContext, Role, build};
use smallvec::{SmallVec, smallvec};

use super::Rebuilder;
use super::errors::is_statement;
use super::operators::operator;
use crate::check::Barred;
use crate::cst::{Kind, Node};

impl Rebuilder<'_, '_> {
    /// The statements of a block; returns where the last one ends, with its `;` as CPython has it.
    pub(super) fn rebuild_block(&mut self, node: Node, role: Role) -> u32 {
        let end = self.rebuild_block_statements(node, role);
        end.unwrap_or_else(|| {
            self.check_empty_block(node);
            let before = self.text[..self.start(node) as usize].trim_end().len();
            let before = u32::try_from(before).unwrap_or(u32::MAX);
            // A broken string before it may have the line end, too.
            let before = self.b.last().map_or(before, |it| self.b.span_of(it).end.max(before));
            self.absent(before, role);
            before
        })
    }

    /// The statements of a block or of the module, if it has any.
    pub(super) fn rebuild_block_statements(&mut self, node: Node, role: Role) -> Option<u32> {
        let mut end = None;
        let outer = self.enter_block(node);
        let mut separated = true;
        let mut children = self.children(node).peekable();
        let is_module = node == self.cst.root();
        while let Some(it) = children.next() {
            if is_module {
                self.cover(Span::new(end.unwrap_or(0), self.start(it)));
            }
            end = Some(match self.kind(it) {
                Kind::Semicolon => {
                    separated = true;
                    self.end(it)
                }
                kind if is_statement(kind) => {
                    if !separated {
                        self.check_separation(it);
                    }
                    separated = false;
                    self.rebuild_statement(it, role)
                }
                _ => {
                    let mut run: SmallVec<[Node; 4]> = smallvec![it];
                    let stray = |it: &Node| {
                        !is_statement(self.cst.kind(*it)) && self.cst.kind(*it) != Kind::Semicolon
                    };
                    while let Some(next) = children.next_if(stray) {
                        run.push(next);
                    }
                    separated = true;
                    self.rebuild_strays(&run, role)
                }
            });
        }
        if is_module {
            let text_end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            self.cover(Span::new(end.unwrap_or(0), text_end));
        }
        self.leave_block(outer);
        end
    }

    /// Rebuilds one statement. If it has faults, it stands in an `Error` node.
    pub(super) fn rebuild_statement(&mut self, node: Node, role: Role) -> u32 {
        let mark = self.b.mark();
        let outer = std::mem::take(&mut self.faults);
        self.check_statement(node);
        let end = self.grow(|it| it.rebuild_statement_kind(node));
        if self.faults > 0 {
            self.b.error(mark, Span::new(self.start(node), end));
        }
        self.faults = outer;
        self.b.role(role);
        end
    }

    fn rebuild_statement_kind(&mut self, node: Node) -> u32 {
        let mark = self.b.mark();
        match self.kind(node) {
            Kind::IfStatement => return self.rebuild_if_statement(node),
            Kind::ForStatement => return self.rebuild_for_statement(node),
            Kind::WhileStatement => return self.rebuild_while_statement(node),
            Kind::TryStatement => return self.rebuild_try_statement(node),
            Kind::WithStatement => return self.rebuild_with_statement(node),
            Kind::MatchStatement => return self.rebuild_match_statement(node),
            Kind::DecoratedDefinition => return self.rebuild_decorated_definition(node),
            Kind::FunctionDefinition => return self.rebuild_function_definition(mark, node),
            Kind::ClassDefinition => return self.rebuild_class_definition(mark, node),
            _ => {}
        }
        if self.cst.is_broken(node) || self.kind(node) == Kind::Error {
            self.rebuild_broken(node);
            return self.end(node);
        }
        match self.kind(node) {
            Kind::ExpressionStatement => self.rebuild_expression_statement(node),
            Kind::ReturnStatement => self.rebuild_return_statement(node),
            Kind::DeleteStatement => self.rebuild_delete_statement(node),
            Kind::RaiseStatement => self.rebuild_raise_statement(node),
            Kind::AssertStatement => self.rebuild_assert_statement(node),
            Kind::PassStatement => self.rebuild_plain(node, build::pass),
            Kind::BreakStatement => self.rebuild_plain(node, build::break_),
            Kind::ContinueStatement => self.rebuild_plain(node, build::continue_),
            Kind::GlobalStatement | Kind::NonlocalStatement => self.rebuild_global_statement(node),
            Kind::ImportStatement => self.rebuild_import_statement(node),
            Kind::ImportFromStatement | Kind::FutureImportStatement => {
                self.rebuild_import_from_statement(node);
            }
            Kind::PrintStatement => self.rebuild_print_statement(node),
            Kind::ExecStatement => self.rebuild_exec_statement(node),
            Kind::TypeAliasStatement => self.rebuild_type_alias_statement(node),
            _ => self.rebuild_stray_statement(node),
        }
        self.end(node)
    }

    fn rebuild_plain(
        &mut self,
        node: Node,
        build: fn(&mut astkit_ast::TreeBuilder<'_>, astkit_ast::builder::Mark, Span) -> Built,
    ) {
        let mark = self.b.mark();
        build(self.b, mark, self.span(node));
    }

    fn rebuild_expression_statement(&mut self, node: Node) {
        let mark = self.b.mark();
        let Some(first) = self.cst.first(node) else { return self.rebuild_generic_error(node) };
        match self.kind(first) {
            Kind::Yield if self.is_print(first) => return self.rebuild_print(first),
            Kind::NotOperator if self.is_exec(first) => return self.rebuild_exec(node, first),
            Kind::Assignment => return self.rebuild_assignment(first),
            Kind::AugmentedAssignment => return self.rebuild_augmented_assignment(first),
            _ => {}
        }
        if self.has(node, Kind::Comma) {
            self.rebuild_statement_tuple(node);
        } else {
            self.limited(Some(first), 0, Role::Value, Barred::NAMED);
        }
        self.b.role(Role::Value);
        build::expr(self.b, mark, self.span(node));
    }

    /// `a, b` as a statement: its parts are not in a node of their own.
    fn rebuild_statement_tuple(&mut self, node: Node) {
        let mark = self.b.mark();
        for it in self.parts(node) {
            self.limited(Some(it), 0, Role::Elts, Barred::NAMED);
        }
        build::tuple(self.b, mark, self.span(node), ExprContext::Load);
    }

    fn rebuild_assignment(&mut self, node: Node) {
        if self.has(node, Kind::Colon) {
            return self.rebuild_annotated_assignment(node);
        }
        let mark = self.b.mark();
        let span = self.span(node);
        // `a = b = c` nests to the right; all but the last part are targets.
        let mut assignment = node;
        loop {
            let mut parts = self.parts(assignment);
            let (target, value) = (parts.next(), parts.next());
            match target {
                Some(target) => self.child_in(target, ExprContext::Store, Role::Targets),
                None => self.absent(self.start(assignment), Role::Targets),
            };
            match value {
                Some(value) if self.kind(value) == Kind::Assignment && !self.cst.is_broken(value) => {
                    if self.has(value, Kind::Colon) {
                        self.fault(
                            "invalid-assignment",
                            self.span(value),
                            "an annotated target can't be assigned in a chain",
                        );
                    }
                    assignment = value;
                }
                value => {
                    self.rebuild_assigned(value, self.end(node));
                    break;
                }
            }
        }
        build::assign(self.b, mark, span);
    }

    /// The right side of an assignment.
    fn rebuild_assigned(&mut self, value: Option<Node>, end: u32) {
        match value {
            Some(value) if matches!(self.kind(value), Kind::Assignment | Kind::AugmentedAssignment) => {
                self.fault("invalid-assignment", self.span(value), "an assignment can't be a value");
                let mark = self.b.mark();
                for it in self.parts(value).filter(|it| self.cst.kind(*it) != Kind::Assignment) {
                    self.rebuild_expression(it, ExprContext::Load);
                }
                self.b.error(mark, self.span(value));
                self.b.role(Role::Value);
            }
            value => {
                self.limited(value, end, Role::Value, Barred::NAMED);
            }
        }
    }

    fn rebuild_annotated_assignment(&mut self, node: Node) {
        let mark = self.b.mark();
        let mut simple = 0;
        let mut parts = self.parts(node);
        if let Some(target) = parts.next() {
            simple = i8::from(self.kind(target) == Kind::Identifier);
            self.check_annotated_target(target);
            self.child_in(target, ExprContext::Store, Role::Target);
        }
        self.limited(parts.next(), self.end(node), Role::Annotation, Barred::NOT_EXPRESSION);
        if let Some(value) = parts.next() {
            self.rebuild_assigned(Some(value), self.end(node));
        }
        build::ann_assign(self.b, mark, self.span(node), simple);
    }

    fn rebuild_augmented_assignment(&mut self, node: Node) {
        let mark = self.b.mark();
        let op = self.children(node).find_map(|it| operator(self.kind(it)));
        let mut parts = self.parts(node);
        let (target, value) = (parts.next(), parts.next());
        if let Some(target) = target {
            self.check_augmented_target(target);
            self.child_in(target, ExprContext::Store, Role::Target);
        }
        self.rebuild_assigned(value, self.end(node));
        match op {
            Some(op) => build::aug_assign(self.b, mark, self.span(node), op),
            None => self.b.error(mark, self.span(node)),
        };
    }

    fn rebuild_return_statement(&mut self, node: Node) {
        let mark = self.b.mark();
        if let Some(value) = self.parts(node).next() {
            self.limited(Some(value), 0, Role::Value, Barred::NAMED);
        }
        build::return_(self.b, mark, self.span(node));
    }

    fn rebuild_delete_statement(&mut self, node: Node) {
        let mark = self.b.mark();
        match self.parts(node).next() {
            Some(list) if self.kind(list) == Kind::ExpressionList && !self.cst.is_broken(list) => {
                for it in self.parts(list) {
                    self.rebuild_deleted(it);
                }
            }
            Some(target) => self.rebuild_deleted(target),
            None => {
                self.absent(self.end(node), Role::Targets);
            }
        }
        build::delete(self.b, mark, self.span(node));
    }

    fn rebuild_deleted(&mut self, target: Node) {
        self.child_in(target, ExprContext::Del, Role::Targets);
    }

    fn rebuild_raise_statement(&mut self, node: Node) {
        let mark = self.b.mark();
        let from = self.cst.child(node, Kind::FromToken);
        let mut exception = None;
        for it in self.parts(node) {
            if from.is_some_and(|from| from < it) {
                self.limited(Some(it), 0, Role::Cause, Barred::NOT_EXPRESSION);
            } else {
                exception = Some(it);
                if self.kind(it) == Kind::ExpressionList && self.rebuild_raise_python2(it) {
                    build::raise2(self.b, mark, self.span(node));
                    return;
                }
                self.limited(Some(it), 0, Role::Exc, Barred::NOT_EXPRESSION);
            }
        }
        if let (Some(from), None) = (from, exception) {
            self.fault(
                "missing-expression",
                self.span(from),
                "`raise from` needs an exception before `from`",
            );
        }
        build::raise(self.b, mark, self.span(node));
    }

    fn rebuild_assert_statement(&mut self, node: Node) {
        let mark = self.b.mark();
        let mut parts = self.parts(node);
        self.limited(parts.next(), self.end(node), Role::Test, Barred::NOT_EXPRESSION);
        let message_mark = self.b.mark();
        if let Some(message) = parts.next() {
            self.limited(Some(message), 0, Role::Msg, Barred::NOT_EXPRESSION);
            let mut excess = parts.peekable();
            if excess.peek().is_some() {
                let span = Span::new(self.start(message), self.end(node));
                self.fault("invalid-assert", span, "`assert` takes a test and a message");
                for it in excess {
                    self.rebuild_expression(it, ExprContext::Load);
                }
                self.b.error(message_mark, span);
                self.b.role(Role::Msg);
            }
        }
        build::assert(self.b, mark, self.span(node));
    }

    fn rebuild_global_statement(&mut self, node: Node) {
        let mark = self.b.mark();
        let mut names = Vec::new();
        for it in self.parts(node) {
            let text = self.text_of(it);
            self.check_name(it, text, ExprContext::Store);
            names.push(self.b.name(text));
        }
        if self.kind(node) == Kind::GlobalStatement {
            build::global(self.b, mark, self.span(node), &names);
        } else {
            build::nonlocal(self.b, mark, self.span(node), &names);
        }
    }
}
