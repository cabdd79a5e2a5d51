//! Blocks of statements: whole lines, lines with several statements, suites on the line of their header.

use astkit_ast::Span;
use astkit_ast::python::{Kind, Role, kind, view};
use astkit_ast::tree::{Node, NodeId, RoleId};

use super::generated::Item;
use super::{Piece, Printer};
use crate::code::{Code, is_statement};
use crate::edits::This;

/// Statements of one block on one logical line.
struct Group<'a> {
    statements: Vec<Node<'a>>,
    /// Whether the first is also the first of its line: not behind the `:` of a header.
    starts_line: bool,
}

impl<'a> Printer<'a> {
    /// The text of a statement: from the `@` of its first decorator.
    pub(super) fn span(&self, statement: Node<'a>) -> Span {
        match kind(statement) {
            Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef => {
                self.tables.definition_span(statement)
            }
            _ => self.lowered.span(statement),
        }
    }

    /// Whether a statement is an `elif`.
    pub(super) fn is_elif(&self, statement: Node<'a>) -> bool {
        kind(statement) == Kind::If
            && statement.role() == Role::Orelse.into()
            && self.lines.text[self.lowered.span(statement).start as usize..].starts_with("elif")
    }

    /// Whether something happens to a statement as a whole.
    pub(super) fn is_changed(&self, statement: Node<'a>) -> bool {
        let change = self.edits.of(statement.id()).filter(|_| !self.open.contains(&statement.id()));
        change.is_some_and(|it| {
            !it.before.is_empty()
                || !it.after.is_empty()
                || matches!(it.this, This::Deleted | This::Replaced(_))
        })
    }

    /// Whether a block has no statements any more.
    pub(super) fn is_emptied(&self, parent: Node<'a>, role: RoleId) -> bool {
        parent.field(role).next().is_some()
            && parent.field(role).all(|it| self.leaves_nothing(it.id(), &mut Vec::new()))
    }

    /// Whether nothing stands in a statement's place. `within`: the statements whose replacement it is in.
    fn leaves_nothing(&self, statement: NodeId, within: &mut Vec<NodeId>) -> bool {
        if self.open.contains(&statement) || within.contains(&statement) {
            return false;
        }
        let Some(change) = self.edits.of(statement) else { return false };
        within.push(statement);
        let mut nothing = |codes: &[Code]| {
            codes.iter().all(|it| match it {
                Code::Kept(id) => {
                    stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.leaves_nothing(*id, within))
                }
                Code::New(_) => false,
            })
        };
        let is_gone = match &change.this {
            This::Deleted => true,
            This::Replaced(codes) => nothing(codes),
            This::Same | This::Scalars(_) => false,
        };
        let out = is_gone && nothing(&change.before) && nothing(&change.after);
        within.pop();
        out
    }

    /// What changes in a block.
    pub(super) fn block(&mut self, parent: Node<'a>, role: RoleId, out: &mut Vec<Piece>) {
        let statements: Vec<Node<'a>> = parent.field(role).collect();
        if !statements.iter().any(|it| self.is_touched(*it)) {
            return;
        }
        let mut needs_pass = kind(parent) != Kind::Module && self.is_emptied(parent, role);
        for group in self.groups(&statements) {
            match &group.statements[..] {
                [only] if group.starts_line => self.own_line(*only, &mut needs_pass, out),
                all if all.iter().any(|it| self.is_changed(*it)) => {
                    self.shared_line(&group, &mut needs_pass, out);
                }
                all => all.iter().for_each(|it| self.statement(*it, out)),
            }
        }
    }

    fn groups(&self, statements: &[Node<'a>]) -> Vec<Group<'a>> {
        let mut out: Vec<Group<'a>> = Vec::new();
        for statement in statements {
            let starts_line = self.lines.starts_line(self.span(*statement).start);
            match out.last_mut() {
                Some(group) if !starts_line => group.statements.push(*statement),
                _ => out.push(Group { statements: vec![*statement], starts_line }),
            }
        }
        out
    }

    /// A statement with lines of its own.
    fn own_line(&mut self, statement: Node<'a>, needs_pass: &mut bool, out: &mut Vec<Piece>) {
        if !self.is_changed(statement) {
            return self.statement(statement, out);
        }
        let Some(change) = self.edits.of(statement.id()) else { return };
        let span = self.span(statement);
        let indent = self.lines.indentation(span.start);
        let (newline, next) = self.lines.end(span.end);
        let leading = self.leading(span.start);
        self.open.insert(statement.id());
        let before = self.items_of(&change.before);
        if !before.is_empty() {
            let text = self.items_text(&before, indent);
            out.push(Piece { span: Span::empty(leading), text });
        }
        match &change.this {
            This::Deleted => self.take_away(Span::new(leading, next), indent, needs_pass, out),
            This::Replaced(codes) => {
                let items = self.items_of(codes);
                if items.is_empty() {
                    self.take_away(Span::new(leading, next), indent, needs_pass, out);
                } else if let Some(hint) = self.hint_alone(statement, codes) {
                    out.push(Piece { span: hint, text: " ".to_owned() });
                    self.statement(statement, out);
                } else {
                    let kept = kept_within(codes);
                    let takes_comment = kept.iter().any(|it| {
                        let node = self.tree.node(*it);
                        let span = self.span(node);
                        is_statement(kind(node))
                            && self.lines.end(span.end) == (newline, next)
                            && self.lines.starts_line(span.start)
                    });
                    let end = if takes_comment { newline } else { span.end };
                    let text = self.items_text(&items, indent);
                    let text = self.bare(&text, indent);
                    let start = if kept.contains(&statement.id()) { leading } else { span.start };
                    // What begins a line begins with its indentation.
                    let text = if start < span.start { format!("{}{indent}{text}", self.mark) } else { text };
                    out.push(Piece { span: Span::new(start, end), text });
                }
            }
            This::Same | This::Scalars(_) => self.statement(statement, out),
        }
        let after = self.items_of(&change.after);
        if !after.is_empty() {
            let text = self.spaced(&after, indent);
            out.push(Piece { span: Span::empty(next), text });
        }
        self.open.remove(&statement.id());
    }

    /// Statements with a blank line before each new definition.
    fn spaced(&mut self, items: &[Item], indent: &str) -> String {
        let mut out = String::new();
        for item in items {
            if matches!(item, Item::New(new, _) if is_definition(new.kind)) {
                out.push_str(self.newline);
            }
            out += &self.items_text(std::slice::from_ref(item), indent);
        }
        out
    }

    /// Where the hint of an assignment stands, if that is all that new code leaves out.
    fn hint_alone(&self, statement: Node<'a>, codes: &[Code]) -> Option<Span> {
        let hinted = view::AnnAssign::cast(statement)?;
        let (target, value) = (hinted.target(), hinted.value()?);
        let [Code::New(new)] = codes else { return None };
        let is_same = new.kind == Kind::Assign
            && new.children == [(Role::Targets, Code::kept(target)), (Role::Value, Code::kept(value))];
        let end = self.lowered.span(target).end;
        let colon = self.lines.find_before(self.lowered.span(hinted.annotation()).start, end, ":")?;
        let equals = self.lines.find_before(self.lowered.span(value).start, end, "=")?;
        is_same.then(|| Span::new(colon.start, equals.start))
    }

    fn take_away(&self, span: Span, indent: &str, needs_pass: &mut bool, out: &mut Vec<Piece>) {
        let text = if std::mem::take(needs_pass) {
            format!("{}{indent}pass{}", self.mark, self.newline)
        } else {
            String::new()
        };
        out.push(Piece { span, text });
    }

    /// Where the comments begin that belong to a statement. Those at the top belong to the file.
    pub(super) fn leading(&self, start: u32) -> u32 {
        if self.lines.is_first(start) { self.lines.begin(start) } else { self.lines.leading(start) }
    }

    /// Text without its first indentation and its last line end, for a place within a line.
    pub(super) fn bare(&self, text: &str, indent: &str) -> String {
        let text = text.strip_prefix(self.mark).unwrap_or(text);
        // Comments before the code would end the line that the code is put in.
        let text = text.strip_prefix(indent).unwrap_or(text);
        text.trim_end_matches(['\n', '\r']).to_owned()
    }

    /// Several statements on a line, or a suite behind its header.
    fn shared_line(&mut self, group: &Group<'a>, needs_pass: &mut bool, out: &mut Vec<Piece>) {
        let (Some(first), Some(last)) = (group.statements.first(), group.statements.last()) else { return };
        let (start, end) = (self.span(*first).start, self.span(*last).end);
        let mut items = Vec::new();
        for statement in &group.statements {
            self.resolve(*statement, &mut items);
        }
        let indent = self.lines.indentation(start);
        if group.starts_line {
            if items.is_empty() {
                let span = Span::new(self.leading(start), self.lines.end(end).1);
                return self.take_away(span, indent, needs_pass, out);
            }
            let text = self.items_text(&items, indent);
            let text = self.bare(&text, indent);
            return out.push(Piece { span: Span::new(start, end), text });
        }
        *needs_pass = false;
        let colon = self.lines.before(start).map_or(start, |it| it.0.end);
        let text = if items.is_empty() {
            " pass".to_owned()
        } else if let Some(line) = self.joined(&items) {
            format!(" {line}")
        } else {
            let inner = format!("{indent}{}", self.lines.unit());
            let text = self.items_text(&items, &inner);
            format!("{}{}", self.newline, text.trim_end_matches(['\n', '\r']))
        };
        out.push(Piece { span: Span::new(colon, end), text });
    }

    /// Kept statements that stood on a line, on a line again.
    fn joined(&mut self, items: &[Item]) -> Option<String> {
        let mut out = Vec::new();
        for item in items {
            let node = self.tree.node(item.kept()?);
            let span = self.span(node);
            let mut pieces = Vec::new();
            self.statement(node, &mut pieces);
            out.push(self.cut(span.start, span.end, pieces));
        }
        Some(out.join("; "))
    }

    /// What changes within a statement that stays.
    pub(super) fn statement(&mut self, node: Node<'a>, out: &mut Vec<Piece>) {
        if !self.is_touched(node) {
            return;
        }
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || {
            if self.changes_clauses(node) {
                let span = self.span(node);
                let indent = self.lines.indentation(span.start);
                let text = self.clauses(node, indent);
                let text = self.bare(&text, indent);
                let text = if self.is_elif(node) { format!("el{text}") } else { text };
                return out.push(Piece { span, text });
            }
            self.header(node, out);
            let mut last = None;
            for child in node.children() {
                let role = child.role();
                if is_clause(kind(child)) {
                    self.header(child, out);
                    self.block(child, Role::Body.into(), out);
                } else if is_block(node, role) && last != Some(role) {
                    if self.is_elif(child) {
                        self.statement(child, out);
                    } else {
                        self.block(node, role, out);
                    }
                }
                last = Some(role);
            }
        });
    }

    /// Whether clauses of a compound statement come or go, so that its headers are written anew.
    fn changes_clauses(&self, node: Node<'a>) -> bool {
        let (orelse, finalbody) = (Role::Orelse.into(), Role::Finalbody.into());
        let has_blocks = node.children().any(|it| is_block(node, it.role()));
        if !has_blocks && kind(node) != Kind::Match {
            return false;
        }
        self.is_emptied(node, orelse)
            || self.is_emptied(node, finalbody)
            || node.children().any(|it| {
                let role = it.role();
                if is_clause(kind(it)) {
                    let is_star = kind(node) == Kind::TryStar && self.is_touched(it) && !self.can_splice(it);
                    return is_star
                        || self.edits.of(it.id()).is_some_and(|it| !matches!(it.this, This::Scalars(_)));
                }
                role == orelse && self.is_elif(it) && (self.is_changed(it))
            })
    }
}

fn is_definition(kind: Kind) -> bool {
    matches!(kind, Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef)
}

/// The old nodes in new code.
fn kept_within(codes: &[Code]) -> Vec<NodeId> {
    let mut out = Vec::new();
    let mut stack: Vec<&Code> = codes.iter().collect();
    while let Some(code) = stack.pop() {
        match code {
            Code::Kept(id) => out.push(*id),
            Code::New(new) => stack.extend(new.children.iter().map(|it| &it.1)),
        }
    }
    out
}

/// Whether children of a role are the statements of a block.
pub(super) fn is_block(node: Node<'_>, role: RoleId) -> bool {
    let is = |it: Role| role == it.into();
    let blocks = is(Role::Body) || is(Role::Orelse) || is(Role::Finalbody);
    blocks && !matches!(kind(node), Kind::Lambda | Kind::IfExp | Kind::Exec)
}

/// Whether nodes of a kind are clauses of a statement, with a block of their own.
pub(super) fn is_clause(kind: Kind) -> bool {
    matches!(kind, Kind::ExceptHandler | Kind::MatchCase)
}
