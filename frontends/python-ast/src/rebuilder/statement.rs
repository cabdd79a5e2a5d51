//! Statements.

use astkit_ast::Span;
use astkit_ast::builder::Mark;
use astkit_ast::python::{Role, build};
use ruff_python_ast::{
    Alias, ElifElseClause, ExceptHandler, MatchCase, Stmt, StmtAnnAssign, StmtFor, StmtIf, StmtImport,
    StmtImportFrom, StmtMatch, StmtTry, StmtWhile, StmtWith, WithItem,
};
use ruff_text_size::Ranged;
use smallvec::SmallVec;

use super::expression::operator;
use super::{Rebuilder, is_compound};
use crate::place::{offset, span_of};

impl<'t> Rebuilder<'_, '_, 't> {
    /// Rebuilds a statement; returns where it ends.
    pub(super) fn rebuild_stmt(&mut self, stmt: &'t Stmt, role: Role, is_damaged: bool) -> u32 {
        let outer = std::mem::replace(&mut self.is_damaged, is_damaged);
        let mark = self.b.mark();
        let mut end = if is_compound(stmt) {
            self.deeper(|it| it.rebuild_compound(stmt, mark))
        } else {
            self.rebuild_simple(stmt, mark);
            stmt.end().to_u32()
        };
        if self.damage.is_any() {
            let whole = Span::new(stmt.start().to_u32(), end.max(stmt.end().to_u32()));
            self.is_damaged |= self.damage.take_before(whole.end.saturating_add(1));
            if self.is_damaged {
                end = whole.end;
            }
        }
        if self.is_damaged {
            self.b.error(mark, Span::new(stmt.start().to_u32(), end));
        }
        self.b.role(role);
        self.is_damaged = outer;
        end
    }

    fn rebuild_compound(&mut self, stmt: &'t Stmt, mark: Mark) -> u32 {
        match stmt {
            Stmt::FunctionDef(it) => self.rebuild_function_def(it, mark),
            Stmt::ClassDef(it) => self.rebuild_class_def(it, mark),
            Stmt::For(it) => self.rebuild_for(it, mark),
            Stmt::While(it) => self.rebuild_while(it, mark),
            Stmt::If(it) => self.rebuild_if(it, mark),
            Stmt::With(it) => self.rebuild_with(it, mark),
            Stmt::Match(it) => self.rebuild_match(it, mark),
            Stmt::Try(it) => self.rebuild_try(it, mark),
            Stmt::Return(_)
            | Stmt::Delete(_)
            | Stmt::TypeAlias(_)
            | Stmt::Assign(_)
            | Stmt::AugAssign(_)
            | Stmt::AnnAssign(_)
            | Stmt::Raise(_)
            | Stmt::Assert(_)
            | Stmt::Import(_)
            | Stmt::ImportFrom(_)
            | Stmt::Global(_)
            | Stmt::Nonlocal(_)
            | Stmt::Expr(_)
            | Stmt::Pass(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::IpyEscapeCommand(_) => stmt.end().to_u32(),
        }
    }

    fn rebuild_simple(&mut self, stmt: &'t Stmt, mark: Mark) {
        let span = span_of(stmt);
        match stmt {
            Stmt::Expr(it) => {
                self.rebuild_expr(&it.value, Role::Value);
                build::expr(self.b, mark, span);
            }
            Stmt::Assign(it) => {
                self.exprs(&it.targets, Role::Targets);
                self.rebuild_expr(&it.value, Role::Value);
                build::assign(self.b, mark, span);
            }
            Stmt::Return(it) => {
                self.optional_expr(it.value.as_deref(), Role::Value);
                build::return_(self.b, mark, span);
            }
            Stmt::AugAssign(it) => {
                self.rebuild_expr(&it.target, Role::Target);
                self.rebuild_expr(&it.value, Role::Value);
                build::aug_assign(self.b, mark, span, operator(it.op));
            }
            Stmt::AnnAssign(it) => self.rebuild_ann_assign(it, mark),
            Stmt::TypeAlias(it) => {
                self.rebuild_expr(&it.name, Role::Name);
                self.rebuild_type_params(it.type_params.as_deref());
                self.rebuild_expr(&it.value, Role::Value);
                build::type_alias(self.b, mark, span);
            }
            Stmt::Delete(it) => {
                self.exprs(&it.targets, Role::Targets);
                build::delete(self.b, mark, span);
            }
            Stmt::Raise(it) => {
                let exc = it.exc.as_deref().filter(|exc| !self.is_bare_raise(exc));
                self.optional_expr(exc, Role::Exc);
                self.optional_expr(it.cause.as_deref(), Role::Cause);
                build::raise(self.b, mark, span);
            }
            Stmt::Assert(it) => {
                self.rebuild_expr(&it.test, Role::Test);
                self.optional_expr(it.msg.as_deref(), Role::Msg);
                build::assert(self.b, mark, span);
            }
            Stmt::Import(it) => self.rebuild_import(it, mark),
            Stmt::ImportFrom(it) => self.rebuild_import_from(it, mark),
            Stmt::Global(it) => {
                let names: SmallVec<[_; 8]> = it.names.iter().map(|it| self.identifier(it)).collect();
                build::global(self.b, mark, span, &names);
            }
            Stmt::Nonlocal(it) => {
                let names: SmallVec<[_; 8]> = it.names.iter().map(|it| self.identifier(it)).collect();
                build::nonlocal(self.b, mark, span, &names);
            }
            Stmt::Pass(_) => {
                build::pass(self.b, mark, span);
            }
            Stmt::Break(_) => {
                build::break_(self.b, mark, span);
            }
            Stmt::Continue(_) => {
                build::continue_(self.b, mark, span);
            }
            // Never made in the mode that is asked for; the compound ones are rebuilt elsewhere.
            Stmt::IpyEscapeCommand(_)
            | Stmt::FunctionDef(_)
            | Stmt::ClassDef(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::With(_)
            | Stmt::Match(_)
            | Stmt::Try(_) => self.is_damaged = true,
        }
    }

    fn rebuild_ann_assign(&mut self, it: &'t StmtAnnAssign, mark: Mark) {
        self.check_annotated_target(&it.target);
        self.rebuild_expr(&it.target, Role::Target);
        self.rebuild_expr(&it.annotation, Role::Annotation);
        self.optional_expr(it.value.as_deref(), Role::Value);
        build::ann_assign(self.b, mark, span_of(it), i8::from(it.simple));
    }

    fn rebuild_import(&mut self, it: &'t StmtImport, mark: Mark) {
        for alias in &it.names {
            self.rebuild_alias(alias);
        }
        build::import(self.b, mark, span_of(it));
        self.check_import(it.is_lazy, it);
    }

    fn rebuild_import_from(&mut self, it: &'t StmtImportFrom, mark: Mark) {
        for alias in &it.names {
            self.rebuild_alias(alias);
        }
        let module = self.optional_identifier(it.module.as_ref());
        build::import_from(self.b, mark, span_of(it), module, it.level);
        self.check_import(it.is_lazy, it);
    }

    fn rebuild_alias(&mut self, it: &'t Alias) {
        let name = self.identifier(&it.name);
        let asname = self.optional_identifier(it.asname.as_ref());
        let mark = self.b.mark();
        build::alias(self.b, mark, span_of(it), name, asname);
        self.b.role(Role::Names);
    }

    fn rebuild_for(&mut self, it: &'t StmtFor, mark: Mark) -> u32 {
        self.rebuild_expr(&it.target, Role::Target);
        self.rebuild_expr(&it.iter, Role::Iter);
        let mut end = self.block(&it.body, Role::Body, it);
        if !it.orelse.is_empty() {
            end = self.block(&it.orelse, Role::Orelse, it);
        }
        let span = Span::new(it.start().to_u32(), end);
        if it.is_async {
            build::async_for(self.b, mark, span);
        } else {
            build::for_(self.b, mark, span);
        }
        end
    }

    fn rebuild_while(&mut self, it: &'t StmtWhile, mark: Mark) -> u32 {
        self.rebuild_expr(&it.test, Role::Test);
        let mut end = self.block(&it.body, Role::Body, it);
        if !it.orelse.is_empty() {
            end = self.block(&it.orelse, Role::Orelse, it);
        }
        build::while_(self.b, mark, Span::new(it.start().to_u32(), end));
        end
    }

    /// An `elif` is an `If` that is all of the `orelse` of the one before; so the chain is closed from its end.
    fn rebuild_if(&mut self, it: &'t StmtIf, mark: Mark) -> u32 {
        self.rebuild_expr(&it.test, Role::Test);
        let mut end = self.block(&it.body, Role::Body, it);
        let mut chain: SmallVec<[(Mark, u32); 4]> = SmallVec::new();
        chain.push((mark, it.start().to_u32()));
        for clause in &it.elif_else_clauses {
            end = self.rebuild_clause(clause, &mut chain);
        }
        while let Some((mark, start)) = chain.pop() {
            build::if_(self.b, mark, Span::new(start, end));
            if !chain.is_empty() {
                self.b.role(Role::Orelse);
            }
        }
        end
    }

    fn rebuild_clause(&mut self, clause: &'t ElifElseClause, chain: &mut SmallVec<[(Mark, u32); 4]>) -> u32 {
        if let Some(test) = &clause.test {
            chain.push((self.b.mark(), clause.start().to_u32()));
            self.rebuild_expr(test, Role::Test);
            self.block(&clause.body, Role::Body, clause)
        } else {
            self.block(&clause.body, Role::Orelse, clause)
        }
    }

    fn rebuild_with(&mut self, it: &'t StmtWith, mark: Mark) -> u32 {
        for item in &it.items {
            self.rebuild_with_item(item);
        }
        let end = self.block(&it.body, Role::Body, it);
        let span = Span::new(it.start().to_u32(), end);
        if it.is_async {
            build::async_with(self.b, mark, span);
        } else {
            build::with(self.b, mark, span);
        }
        end
    }

    fn rebuild_with_item(&mut self, it: &'t WithItem) {
        let mark = self.b.mark();
        self.rebuild_expr(&it.context_expr, Role::ContextExpr);
        self.optional_expr(it.optional_vars.as_deref(), Role::OptionalVars);
        build::withitem(self.b, mark, span_of(it));
        self.b.role(Role::Items);
    }

    fn rebuild_match(&mut self, it: &'t StmtMatch, mark: Mark) -> u32 {
        self.rebuild_expr(&it.subject, Role::Subject);
        let mut end = it.end().to_u32();
        for case in &it.cases {
            end = self.rebuild_match_case(case);
        }
        build::match_(self.b, mark, Span::new(it.start().to_u32(), end));
        end
    }

    fn rebuild_match_case(&mut self, it: &'t MatchCase) -> u32 {
        let mark = self.b.mark();
        self.rebuild_pattern(&it.pattern, Role::Pattern);
        self.optional_expr(it.guard.as_deref(), Role::Guard);
        let end = self.block(&it.body, Role::Body, it);
        build::match_case(self.b, mark, span_of(it));
        self.b.role(Role::Cases);
        end
    }

    fn rebuild_try(&mut self, it: &'t StmtTry, mark: Mark) -> u32 {
        let mut end = self.block(&it.body, Role::Body, it);
        for handler in &it.handlers {
            end = self.rebuild_except_handler(handler);
        }
        if !it.orelse.is_empty() {
            end = self.block(&it.orelse, Role::Orelse, it);
        }
        if !it.finalbody.is_empty() {
            end = self.block(&it.finalbody, Role::Finalbody, it);
        }
        self.check_try(it);
        let span = Span::new(it.start().to_u32(), end);
        if it.is_star {
            build::try_star(self.b, mark, span);
        } else {
            build::try_(self.b, mark, span);
        }
        end
    }

    fn rebuild_except_handler(&mut self, it: &'t ExceptHandler) -> u32 {
        let ExceptHandler::ExceptHandler(it) = it;
        let mark = self.b.mark();
        self.optional_expr(it.type_.as_deref(), Role::Type);
        let end = self.block(&it.body, Role::Body, it);
        let name = self.optional_identifier(it.name.as_ref());
        build::except_handler(self.b, mark, Span::new(it.start().to_u32(), end), name);
        self.b.role(Role::Handlers);
        end
    }

    /// Rebuilds a block of `owner`; returns where it ends.
    ///
    /// An empty block ends with its owner, and is the owner's damage: the parser tells of it where the block should
    /// have begun, which may be the next statement.
    pub(super) fn block(&mut self, body: &'t [Stmt], role: Role, owner: &impl Ranged) -> u32 {
        if body.is_empty() {
            let end = owner.end().to_u32();
            self.is_damaged = true;
            self.damage.take_one(self.skip_trivia(end));
            return end;
        }
        self.rebuild_suite(body, role, None)
    }

    /// The first byte at or after `from` that is no white space, line continuation or comment.
    pub(super) fn skip_trivia(&self, from: u32) -> u32 {
        let bytes = self.text.as_bytes();
        let mut at = from as usize;
        loop {
            match bytes.get(at) {
                Some(b' ' | b'\t' | b'\x0c' | b'\n' | b'\r' | b'\\') => at += 1,
                Some(b'#') => at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |it| at + it),
                _ => return offset(at),
            }
        }
    }
}
