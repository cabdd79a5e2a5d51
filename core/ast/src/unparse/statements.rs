//! Statements: sequences of them, and those on one line.

use super::chains::symbol;
use super::precedence::Level;
use super::{Unparser, child, many, name, opt};
use crate::constant::Constant;
use crate::python::{Kind, Operator, Role, kind, view};
use crate::tree::{Fields, Node};

impl<'a> Unparser<'a> {
    /// Writes statements, each on lines of its own; definitions have blank lines around them.
    pub(super) fn statements(&mut self, statements: Fields<'a>, may_document: bool) {
        let mut was_def = None;
        for statement in statements {
            let is_def = is_definition(statement);
            if was_def.is_some_and(|it| it || is_def) {
                self.push(if self.indent == 0 { "\n\n" } else { "\n" });
            }
            let documents = was_def.is_none() && may_document && self.docstring(statement);
            if !documents {
                self.statement(statement);
            }
            was_def = Some(is_def);
        }
    }

    /// Writes the statements of a block, one level deeper.
    pub(super) fn block(&mut self, statements: Fields<'a>, may_document: bool) {
        self.push(":\n");
        self.indent += 1;
        if statements.clone().next().is_none() {
            self.line();
            self.push("pass\n");
        }
        self.statements(statements, may_document);
        self.indent -= 1;
    }

    /// Writes a statement that is a string, if it is the first of a body.
    fn docstring(&mut self, statement: Node<'a>) -> bool {
        let value = child(statement, Role::Value);
        if kind(statement) != Kind::Expr || kind(value) != Kind::Constant {
            return false;
        }
        match value.constant_of(value.aux()) {
            Constant::Str(text) if !text.is_empty() => {
                self.line();
                self.long_text(value, text);
                self.push("\n");
                true
            }
            _ => false,
        }
    }

    pub(super) fn statement(&mut self, node: Node<'a>) {
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match kind(node) {
            Kind::FunctionDef | Kind::AsyncFunctionDef => self.function(node),
            Kind::ClassDef => self.class(node),
            Kind::For | Kind::AsyncFor => self.for_(node),
            Kind::While => self.while_(node),
            Kind::If => self.if_(node),
            Kind::With | Kind::AsyncWith => self.with(node),
            Kind::Match => self.match_(node),
            Kind::Try | Kind::TryStar => self.try_(node),
            _ => {
                self.line();
                self.simple(node);
                self.push("\n");
            }
        });
    }

    fn simple(&mut self, node: Node<'a>) {
        match kind(node) {
            Kind::Return => {
                self.push("return");
                self.tail(" ", opt(node, Role::Value), Level::Tuple);
            }
            Kind::Delete => {
                self.push("del ");
                self.list(many(node, Role::Targets), |it, target| it.expr(target, Level::Test));
            }
            Kind::Assign => {
                for target in many(node, Role::Targets) {
                    self.expr(target, Level::Tuple);
                    self.push(" = ");
                }
                self.expr(child(node, Role::Value), Level::Yield);
            }
            Kind::TypeAlias => {
                self.push("type ");
                self.expr(child(node, Role::Name), Level::Atom);
                self.type_params(node);
                self.push(" = ");
                self.expr(child(node, Role::Value), Level::Test);
            }
            Kind::AugAssign => {
                self.expr(child(node, Role::Target), Level::Atom);
                self.push(" ");
                self.push(symbol(Operator::from_flag(node.flag())));
                self.push("= ");
                self.expr(child(node, Role::Value), Level::Yield);
            }
            Kind::AnnAssign => self.ann_assign(node),
            Kind::Raise => {
                self.push("raise");
                self.tail(" ", opt(node, Role::Exc), Level::Test);
                self.tail(" from ", opt(node, Role::Cause), Level::Test);
            }
            Kind::Assert => {
                self.push("assert ");
                self.expr(child(node, Role::Test), Level::Test);
                self.tail(", ", opt(node, Role::Msg), Level::Test);
            }
            Kind::Import => {
                self.push("import ");
                self.list(many(node, Role::Names), Self::alias);
            }
            Kind::ImportFrom => self.import_from(node),
            Kind::Global => self.names("global ", node),
            Kind::Nonlocal => self.names("nonlocal ", node),
            Kind::Expr => self.expr(child(node, Role::Value), Level::Yield),
            Kind::Pass => self.push("pass"),
            Kind::Break => self.push("break"),
            Kind::Continue => self.push("continue"),
            Kind::Print => self.print(node),
            Kind::Exec => {
                self.push("exec ");
                self.expr(child(node, Role::Body), Level::BitOr);
                self.tail(" in ", opt(node, Role::Globals), Level::Test);
                self.tail(", ", opt(node, Role::Locals), Level::Test);
            }
            Kind::Raise2 => {
                self.push("raise");
                self.tail(" ", opt(node, Role::Type), Level::Test);
                self.tail(", ", opt(node, Role::Inst), Level::Test);
                self.tail(", ", opt(node, Role::Tback), Level::Test);
            }
            _ => self.broken(node),
        }
    }

    fn ann_assign(&mut self, node: Node<'a>) {
        let target = child(node, Role::Target);
        if kind(target) == Kind::Name && node.tiny() == 0 {
            self.bracketed("(", ")", |it| it.expr(target, Level::Atom));
        } else {
            self.expr(target, Level::Atom);
        }
        self.push(": ");
        self.expr(child(node, Role::Annotation), Level::Test);
        self.tail(" = ", opt(node, Role::Value), Level::Yield);
    }

    fn import_from(&mut self, node: Node<'a>) {
        let Some(import) = view::ImportFrom::cast(node) else { return };
        self.push("from ");
        for _ in 0..import.level() {
            self.push(".");
        }
        self.name(import.module().unwrap_or_default());
        self.push(" import ");
        self.list(import.names(), Self::alias);
    }

    pub(super) fn alias(&mut self, node: Node<'a>) {
        let Some(alias) = view::Alias::cast(node) else { return self.broken(node) };
        self.name(alias.name());
        if let Some(asname) = alias.asname() {
            self.push(" as ");
            self.name(asname);
        }
    }

    fn names(&mut self, word: &str, node: Node<'a>) {
        self.push(word);
        for (at, name) in node.names_of(node.record_list(0)).enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.name(name);
        }
    }

    fn print(&mut self, node: Node<'a>) {
        self.push("print");
        let mut separator = " ";
        if let Some(dest) = opt(node, Role::Dest) {
            self.push(" >> ");
            self.expr(dest, Level::Test);
            separator = ", ";
        }
        for value in many(node, Role::Values) {
            self.push(separator);
            self.expr(value, Level::Test);
            separator = ", ";
        }
        if node.tiny() == 0 {
            self.push(",");
        }
    }

    /// Writes a name after a word, as in `except E as name`.
    pub(super) fn as_name(&mut self, node: Node<'a>) {
        let name = name(node);
        if !name.is_empty() {
            self.push(" as ");
            self.name(name);
        }
    }
}

fn is_definition(node: Node<'_>) -> bool {
    matches!(kind(node), Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef)
}
