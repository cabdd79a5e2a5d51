//! Text of statements that are new or stand elsewhere: generated code around blocks that keep their text.
//!
//! Generated code is written as a tree with *holes*, statements that are a marked number, and unparsed; then the lines
//! of holes are replaced by what they stand for.

use astkit_ast::python::{ExprContext, Kind, Role, kind};
use astkit_ast::tree::{NONE, Node, NodeId, Tree};
use astkit_ast::{tokens, unparse_node};

use super::lines::line_starts;
use super::statements::{is_block, is_clause};
use super::{PrintError, Printer};
use crate::applied::Writer;
use crate::code::{Code, New};
use crate::edits::This;

/// The longest line that an import is written on.
const WIDTH: usize = 88;

/// A statement to be written.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// One of the old tree, with what changes within it.
    Kept(NodeId),
    /// A new one, and the nodes that stand for themselves within it.
    New(New, Vec<NodeId>),
}

impl Item {
    pub(super) fn kept(&self) -> Option<NodeId> {
        if let Item::Kept(id) = self { Some(*id) } else { None }
    }
}

impl<'a> Printer<'a> {
    /// What stands in the place of a statement.
    pub(super) fn resolve(&mut self, statement: Node<'a>, out: &mut Vec<Item>) {
        let id = statement.id();
        if !self.is_changed(statement) {
            return out.push(Item::Kept(id));
        }
        let edits = self.edits;
        let Some(change) = edits.of(id) else { return };
        self.open.insert(id);
        self.resolve_all(&change.before, out);
        match &change.this {
            This::Deleted => {}
            This::Replaced(codes) => self.resolve_all(codes, out),
            This::Same | This::Scalars(_) => out.push(Item::Kept(id)),
        }
        self.resolve_all(&change.after, out);
        self.open.remove(&id);
    }

    fn resolve_all(&mut self, codes: &[Code], out: &mut Vec<Item>) {
        for code in codes {
            match code {
                Code::Kept(id) => self.resolve(self.tree.node(*id), out),
                Code::New(new) => {
                    let open = self.open.iter().copied().collect();
                    out.push(Item::New((**new).clone(), open));
                }
            }
        }
    }

    pub(super) fn items_of(&mut self, codes: &[Code]) -> Vec<Item> {
        let mut out = Vec::new();
        self.resolve_all(codes, &mut out);
        out
    }

    /// The lines of statements at an indentation, with marks.
    pub(super) fn items_text(&mut self, items: &[Item], indent: &str) -> String {
        let (mut out, mut at) = (String::new(), 0);
        while let Some(item) = items.get(at) {
            match item {
                Item::New(new, open) => {
                    out += &self.new_text(new, open, indent);
                    at += 1;
                }
                Item::Kept(first) => {
                    let mut run = vec![self.tree.node(*first)];
                    while let (Some(last), Some(Item::Kept(next))) = (run.last(), items.get(at + run.len()))
                        && self.next.get(&last.id()) == Some(next)
                    {
                        run.push(self.tree.node(*next));
                    }
                    out += &self.kept_text(&run, indent);
                    at += run.len();
                }
            }
        }
        out
    }

    /// Statements that stood one after the other, with their comments, at another indentation.
    fn kept_text(&mut self, run: &[Node<'a>], indent: &str) -> String {
        let own_lines = |it: &Node<'a>| {
            let span = self.span(*it);
            self.lines.starts_line(span.start) && self.lines.ends_line(span.end)
        };
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return String::new() };
        let (start, end) = (self.span(*first).start, self.span(*last).end);
        if !run.iter().all(own_lines) {
            let mut out = String::new();
            for node in run {
                let span = self.span(*node);
                let mut pieces = Vec::new();
                self.statement(*node, &mut pieces);
                let text = self.cut(span.start, span.end, pieces);
                let text = text.strip_prefix(self.mark).unwrap_or(&text);
                let text = self.indented(text, self.lines.indentation(span.start), indent);
                out.push(self.mark);
                out += indent;
                out += &text;
                out += self.newline;
            }
            return out;
        }
        let (begin, (newline, _)) = (self.leading(start), self.lines.end(end));
        let mut pieces = Vec::new();
        for node in run {
            self.statement(*node, &mut pieces);
        }
        let mut text = self.cut(begin, newline, pieces);
        text.push_str(self.newline);
        let old = self.lines.indentation(start);
        let is_elif = self.is_elif(*first);
        let text = self.indented(&text, old, indent);
        if is_elif {
            let keyword = format!("{}{indent}elif", self.mark);
            return text.replacen(&keyword, &format!("{}{indent}if", self.mark), 1);
        }
        text
    }

    fn new_text(&mut self, new: &New, open: &[NodeId], indent: &str) -> String {
        let before = self.open.clone();
        self.open.extend(open);
        let mut shell = Shell::new(self);
        shell.new_node(new, Role::Body);
        let (tree, holes) = shell.finish();
        let text = self.shell_text(&tree, &holes, indent);
        self.open = before;
        text
    }

    /// A compound statement with new clauses around its blocks.
    pub(super) fn clauses(&mut self, node: Node<'a>, indent: &str) -> String {
        let is_open = self.open.insert(node.id());
        let mut shell = Shell::new(self);
        shell.kept_node(node, Role::Body);
        let (tree, holes) = shell.finish();
        if is_open {
            self.open.remove(&node.id());
        }
        self.shell_text(&tree, &holes, indent)
    }

    /// A simple statement anew, without indentation and line end.
    pub(super) fn simple(&mut self, node: Node<'a>) -> String {
        let text = self.clauses(node, "");
        self.bare(&text, "")
    }

    /// The header of a statement or clause anew: up to the `:`, which is left out.
    pub(super) fn header_text(&mut self, node: Node<'a>, indent: &str) -> Option<String> {
        let is_open = self.open.insert(node.id());
        let mut shell = Shell::new(self);
        shell.header(node);
        let (tree, _) = shell.finish();
        if is_open {
            self.open.remove(&node.id());
        }
        let text = self.shell_text(&tree, &[], indent);
        let text = self.bare(&text, indent);
        let (unit, mark) = (self.lines.unit(), self.mark);
        let body = match kind(node) {
            Kind::Match => "case _:".to_owned(),
            _ => "pass".to_owned(),
        };
        let end = text.rfind(&format!(":{}{mark}{indent}{unit}{body}", self.newline))?;
        let text = &text[..end];
        Some(if self.is_elif(node) { format!("el{text}") } else { text.to_owned() })
    }

    fn shell_text(&mut self, tree: &Tree, holes: &[Vec<Item>], indent: &str) -> String {
        let Some(node) = tree.root().children().next() else { return String::new() };
        let text = match unparse_node(node, None) {
            Ok(text) => text,
            Err(error) => {
                self.failure.get_or_insert(PrintError::Unparse(error));
                return String::new();
            }
        };
        let tokens: Vec<_> = tokens(&text).collect();
        let starts = line_starts(&text, &tokens);
        let (mut out, mut offset) = (String::new(), 0);
        for line in text.split_inclusive('\n') {
            let is_start = starts.binary_search(&offset).is_ok();
            offset += u32::try_from(line.len()).unwrap_or(u32::MAX);
            let content = line.trim_end_matches('\n');
            if !is_start {
                out += content;
                out += self.newline;
                continue;
            }
            let code = content.trim_start_matches(' ');
            let level = (content.len() - code.len()) / 4;
            let indent = format!("{indent}{}", self.lines.unit().repeat(level));
            let hole = code.strip_prefix(self.hole).and_then(|it| it.strip_suffix(self.hole));
            if let Some(items) = hole.and_then(|it| holes.get(it.parse::<usize>().ok()?)) {
                out += &self.items_text(items, &indent);
                continue;
            }
            out.push(self.mark);
            out += &indent;
            out += &wrapped(code, &indent, self.lines.unit(), self.newline);
            out += self.newline;
        }
        out
    }
}

/// A long import on several lines.
fn wrapped(line: &str, indent: &str, unit: &str, newline: &str) -> String {
    let is_long = line.len() + indent.len() > WIDTH && line.starts_with("from ");
    let Some((from, names)) = line.split_once(" import ").filter(|_| is_long) else { return line.to_owned() };
    let mut out = format!("{from} import (");
    let mut width = WIDTH;
    for name in names.split(", ") {
        if width + name.len() + 2 > WIDTH {
            out.extend([newline, indent, unit, name, ","]);
            width = indent.len() + unit.len() + name.len() + 1;
        } else {
            out.extend([" ", name, ","]);
            width += name.len() + 2;
        }
    }
    out.extend([newline, indent, ")"]);
    out
}

/// Writes a statement whose blocks of old statements are holes.
struct Shell<'p, 'a> {
    printer: &'p mut Printer<'a>,
    writer: Writer<'a>,
    holes: Vec<Vec<Item>>,
}

impl<'p, 'a> Shell<'p, 'a> {
    fn new(printer: &'p mut Printer<'a>) -> Self {
        let mut writer = Writer::new(printer.tree, printer.edits);
        writer.open.clone_from(&printer.open);
        Self { printer, writer, holes: Vec::new() }
    }

    fn finish(mut self) -> (Tree, Vec<Vec<Item>>) {
        self.writer.close_all(Kind::Module);
        (self.writer.finish().0, self.holes)
    }

    fn new_node(&mut self, new: &New, role: Role) {
        let mark = self.writer.builder.mark();
        let has_blocks = crate::applied::has_blocks(new.kind);
        let mut at = 0;
        while let Some((child_role, code)) = new.children.get(at) {
            let is_block = matches!(child_role, Role::Body | Role::Orelse | Role::Finalbody);
            match code {
                Code::New(inner) if is_clause(inner.kind) => {
                    self.new_node(inner, *child_role);
                    at += 1;
                }
                _ if has_blocks && is_block => {
                    let of_role = |it: &&(Role, Code)| it.0 == *child_role;
                    let codes: Vec<Code> =
                        new.children[at..].iter().take_while(of_role).map(|it| it.1.clone()).collect();
                    let items = self.printer.items_of(&codes);
                    self.block(&items, *child_role);
                    at += codes.len();
                }
                _ => {
                    self.writer.code(code, (*child_role).into());
                    at += 1;
                }
            }
        }
        let aux = self.writer.scalars(new.kind, &new.scalars);
        self.writer.close(mark, new.kind, new.flag, aux, None);
        self.writer.builder.role(role);
    }

    /// The statements of a block: runs of old ones are holes.
    fn block(&mut self, items: &[Item], role: Role) {
        if let [Item::Kept(only)] = items {
            let node = self.printer.tree.node(*only);
            if role == Role::Orelse && self.printer.is_elif(node) {
                return self.kept_node(node, role);
            }
        }
        for part in items.chunk_by(|a, b| a.kept().is_some() && b.kept().is_some()) {
            match part {
                [Item::New(new, open)] => self.opened(new, open, role),
                items => self.hole(items.to_vec(), role),
            }
        }
    }

    /// A new node within which some nodes stand for themselves.
    fn opened(&mut self, new: &New, open: &[NodeId], role: Role) {
        let before = (self.printer.open.clone(), self.writer.open.clone());
        self.printer.open.extend(open);
        self.writer.open.extend(open);
        self.new_node(new, role);
        (self.printer.open, self.writer.open) = before;
    }

    fn hole(&mut self, items: Vec<Item>, role: Role) {
        let (start, hole) = (self.writer.builder.mark(), self.printer.hole);
        let name = format!("{hole}{}{hole}", self.holes.len());
        self.holes.push(items);
        let name = self.writer.builder.normalized_name(&name);
        self.writer.close(start, Kind::Name, ExprContext::Load as u8, name.0, None);
        self.writer.builder.role(Role::Value);
        self.writer.close(start, Kind::Expr, 0, NONE, None);
        self.writer.builder.role(role);
    }

    fn kept_node(&mut self, node: Node<'a>, role: Role) {
        let mark = self.writer.builder.mark();
        let (mut last, mut handlers) = (None, 0);
        for child in node.children() {
            let child_role = child.role();
            if is_clause(kind(child)) {
                let change = self.printer.edits.of(child.id());
                if change.is_some_and(|it| it.this == This::Deleted) {
                    continue;
                }
                handlers += 1;
                let role = if kind(child) == Kind::MatchCase { Role::Cases } else { Role::Handlers };
                self.kept_node(child, role);
            } else if is_block(node, child_role) {
                if last != Some(child_role) {
                    self.kept_block(node, child_role, handlers);
                }
            } else {
                self.writer.kept(child);
            }
            last = Some(child_role);
        }
        self.close(mark, node, role);
    }

    fn kept_block(&mut self, node: Node<'a>, role: astkit_ast::tree::RoleId, handlers: usize) {
        let mut items = Vec::new();
        for statement in node.field(role) {
            self.printer.resolve(statement, &mut items);
        }
        let Some(role) =
            [Role::Body, Role::Orelse, Role::Finalbody].into_iter().find(|it| role == (*it).into())
        else {
            return;
        };
        self.block(&items, role);
        if items.is_empty() && (role == Role::Body || role == Role::Finalbody && handlers == 0) {
            self.pass(role);
        }
    }

    fn pass(&mut self, role: Role) {
        let mark = self.writer.builder.mark();
        self.writer.close(mark, Kind::Pass, 0, NONE, None);
        self.writer.builder.role(role);
    }

    /// A statement or clause with nothing but `pass` below its header.
    fn header(&mut self, node: Node<'a>) {
        let mark = self.writer.builder.mark();
        for child in node.children() {
            if !is_block(node, child.role()) && !is_clause(kind(child)) {
                self.writer.kept(child);
            }
        }
        if kind(node) == Kind::Match {
            let case = self.writer.builder.mark();
            self.writer.close(case, Kind::MatchAs, 0, NONE, None);
            self.writer.builder.role(Role::Pattern);
            self.pass(Role::Body);
            self.writer.close(case, Kind::MatchCase, 0, NONE, None);
            self.writer.builder.role(Role::Cases);
        } else {
            self.pass(Role::Body);
        }
        self.close(mark, node, Role::Body);
    }

    fn close(&mut self, mark: astkit_ast::builder::Mark, node: Node<'a>, role: Role) {
        let scalars = match self.printer.edits.of(node.id()).map(|it| &it.this) {
            Some(This::Scalars(scalars)) => Some(scalars),
            _ => None,
        };
        let aux = match scalars {
            Some(scalars) => self.writer.scalars(kind(node), scalars),
            None => self.writer.builder.copy_payload(node),
        };
        self.writer.close(mark, kind(node), node.flag(), aux, Some(node.id()));
        self.writer.builder.role(role);
    }
}
