//! Changes within headers and simple statements: in their place where that can be, else the whole is written anew.

use astkit_ast::python::{self, Kind, Role, kind};
use astkit_ast::tree::{Node, Tree};
use astkit_ast::{Span, unparse_node};

use super::statements::{is_block, is_clause};
use super::{Piece, PrintError, Printer};
use crate::applied::Writer;
use crate::code::{Code, Scalar};
use crate::edits::This;

impl<'a> Printer<'a> {
    /// What changes in a simple statement, or in the header of a compound one or of a clause.
    pub(super) fn header(&mut self, node: Node<'a>, out: &mut Vec<Piece>) {
        let mut pieces = Vec::new();
        if self.splices(node, &mut pieces) {
            return out.append(&mut pieces);
        }
        let span = if is_clause(kind(node)) { self.lowered.span(node) } else { self.span(node) };
        let first = node.children().find(|it| is_block(node, it.role()) || is_clause(kind(*it)));
        let Some(first) = first else {
            let text = self.simple(node);
            return out.push(Piece { span, text });
        };
        let start =
            if is_clause(kind(first)) { self.lowered.span(first).start } else { self.span(first).start };
        let colon = self.lines.find_before(start, span.start, ":");
        let indent = self.lines.indentation(span.start);
        match (self.header_text(node, indent), colon) {
            (Some(text), Some(colon)) => out.push(Piece { span: Span::new(span.start, colon.start), text }),
            _ => self.fail(),
        }
    }

    fn fail(&mut self) {
        self.failure.get_or_insert(PrintError::Overlap);
    }

    /// Whether what changes in a header can be written in its place.
    pub(super) fn can_splice(&self, node: Node<'a>) -> bool {
        node.children().filter(|it| !is_block(node, it.role())).all(|it| !self.is_touched(it))
    }

    /// Writes what changes in a header in its place; false if that can't be.
    fn splices(&mut self, node: Node<'a>, out: &mut Vec<Piece>) -> bool {
        if let Some(This::Scalars(scalars)) = self.edits.of(node.id()).map(|it| &it.this)
            && !self.rename(node, scalars, out)
        {
            return false;
        }
        node.children()
            .filter(|it| !is_block(node, it.role()) && !is_clause(kind(*it)))
            .all(|it| self.splice(it, node, out))
    }

    fn splice(&mut self, node: Node<'a>, parent: Node<'a>, out: &mut Vec<Piece>) -> bool {
        if !self.is_touched(node) {
            return true;
        }
        stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || {
            let edits = self.edits;
            let change = edits.of(node.id()).filter(|_| !self.open.contains(&node.id()));
            let Some(change) = change else { return self.splice_within(node, out) };
            if !change.before.is_empty() || !change.after.is_empty() {
                return false;
            }
            match &change.this {
                This::Same => self.splice_within(node, out),
                This::Deleted => self.without(node, parent, out),
                This::Replaced(codes) => match &codes[..] {
                    [code] => {
                        self.open.insert(node.id());
                        let done = self.replaced(node, parent, code, out);
                        self.open.remove(&node.id());
                        done
                    }
                    _ => false,
                },
                This::Scalars(scalars) => self.rename(node, scalars, out) && self.splice_within(node, out),
            }
        })
    }

    fn splice_within(&mut self, node: Node<'a>, out: &mut Vec<Piece>) -> bool {
        if !matches!(kind(node), Kind::JoinedStr | Kind::TemplateStr) {
            return node.children().all(|it| self.splice(it, node, out));
        }
        let mut pieces = Vec::new();
        let span = self.lowered.span(node);
        let in_place = !has_debug_fields(self.lines.slice(span.start, span.end))
            && kind(node) == Kind::JoinedStr
            && node.children().all(|it| self.splice(it, node, &mut pieces))
            && pieces.iter().all(|it| is_harmless(&it.text));
        if in_place {
            out.append(&mut pieces);
            return true;
        }
        let text = self.expression_text(|it| {
            it.kept(node);
        });
        out.push(Piece { span, text });
        true
    }

    /// Takes away an optional part of a definition.
    fn without(&mut self, node: Node<'a>, parent: Node<'a>, out: &mut Vec<Piece>) -> bool {
        let is = |role: Role| node.role() == role.into();
        if is(Role::Annotation) && kind(parent) == Kind::Arg {
            let Some(name) = self.tables.names(parent).first().copied() else { return false };
            out.push(Piece {
                span: Span::new(name.span.end, self.lowered.span(parent).end),
                text: String::new(),
            });
            return true;
        }
        if is(Role::Returns) {
            let span = self.span(parent);
            let Some(body) = parent.child(Role::Body.into()) else { return false };
            let colon = self.lines.find_before(self.span(body).start, span.start, ":");
            let arrow = self.lines.find_before(self.lowered.span(node).start, span.start, "->");
            let (Some(colon), Some(arrow)) = (colon, arrow) else { return false };
            let Some((before, _)) = self.lines.before(arrow.start) else { return false };
            out.push(Piece { span: Span::new(before.end, colon.start), text: String::new() });
            return true;
        }
        if is(Role::DecoratorList) {
            let span = self.lowered.span(node);
            let Some(at) = self.lines.find_before(span.start, self.lines.begin(span.start), "@") else {
                return false;
            };
            if !self.lines.starts_line(at.start) {
                return false;
            }
            let (begin, end) = (self.lines.begin(at.start), self.lines.end(span.end).1);
            out.push(Piece { span: Span::new(begin, end), text: String::new() });
            return true;
        }
        false
    }

    /// Writes other names in the place of a node's.
    fn rename(&mut self, node: Node<'a>, scalars: &[Scalar], out: &mut Vec<Piece>) -> bool {
        let old = Scalar::of(node);
        if old == scalars {
            return true;
        }
        let places = self.tables.names(node);
        let names: Vec<&str> = match scalars {
            [Scalar::Name(Some(name))] => vec![name],
            [Scalar::Names(names)] => names.iter().map(|it| &**it).collect(),
            [Scalar::Name(Some(name)), Scalar::Name(asname)] if kind(node) == Kind::Alias => {
                let text = asname.as_ref().map_or_else(|| name.to_string(), |it| format!("{name} as {it}"));
                out.push(Piece { span: self.lowered.span(node), text });
                return true;
            }
            _ => return false,
        };
        if kind(node) == Kind::MatchClass || places.len() != names.len() {
            return false;
        }
        for (place, name) in places.iter().zip(names) {
            if self.lines.slice(place.span.start, place.span.end) != name {
                out.push(Piece { span: place.span, text: name.to_owned() });
            }
        }
        true
    }

    /// Writes an expression in the place of another.
    fn replaced(&mut self, node: Node<'a>, parent: Node<'a>, code: &Code, out: &mut Vec<Piece>) -> bool {
        let schema = python::schema();
        let is_expr = |kind: Kind| {
            schema.kinds.get(kind as usize).is_some_and(|it| schema.sums[usize::from(it.sum)].name == "expr")
        };
        let new_kind = match code {
            Code::New(new) => new.kind,
            Code::Kept(id) => kind(self.tree.node(*id)),
        };
        let span = self.lowered.span(node);
        let shares_brackets = kind(node) == Kind::GeneratorExp && kind(parent) == Kind::Call;
        if !is_expr(kind(node)) || !is_expr(new_kind) || shares_brackets {
            return false;
        }
        if matches!(kind(parent), Kind::JoinedStr | Kind::TemplateStr) {
            return false;
        }
        let mut text = self.expression_text(|it| {
            it.code(code, Role::Value.into());
        });
        let is_enclosed = self.lines.before(span.start).is_some_and(|it| it.1 == "(")
            && self.lines.behind(span.end).is_some_and(|it| it.1 == ")");
        if !(is_atom(new_kind, parent) || is_free(new_kind, node, parent) || is_enclosed) {
            text = format!("({text})");
        }
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        if self.lines.slice(0, span.start).ends_with(is_word) && text.starts_with(is_word_or_quote) {
            text.insert(0, ' ');
        }
        if self.lines.text[span.end as usize..].starts_with(is_word) && text.ends_with(is_word) {
            text.push(' ');
        }
        out.push(Piece { span, text });
        true
    }

    /// The text of an expression.
    fn expression_text(&mut self, write: impl FnOnce(&mut Writer<'a>)) -> String {
        let mut writer = Writer::new(self.tree, self.edits);
        writer.open.clone_from(&self.open);
        write(&mut writer);
        writer.builder.role(Role::Value);
        writer.close_all(Kind::Expr);
        writer.builder.role(Role::Body);
        writer.close_all(Kind::Module);
        let tree: Tree = writer.finish().0;
        let value = tree.root().children().next().and_then(|it| it.children().next());
        match value.map(|it| unparse_node(it, None)) {
            Some(Ok(text)) => text,
            Some(Err(error)) => {
                self.failure.get_or_insert(PrintError::Unparse(error));
                String::new()
            }
            None => {
                self.fail();
                String::new()
            }
        }
    }
}

fn is_word_or_quote(it: char) -> bool {
    it.is_alphanumeric() || matches!(it, '_' | '"' | '\'')
}

/// Whether a format string may have fields that show their own text.
fn has_debug_fields(text: &str) -> bool {
    text.match_indices('=').any(|(at, _)| {
        let rest = text[at + 1..].trim_start();
        rest.starts_with(['}', '!', ':'])
    })
}

/// Whether a text may stand in a field of a format string of any Python.
fn is_harmless(text: &str) -> bool {
    !text.contains(['"', '\'', '\\', '#', '{', '}', '!', ':', '\n', '=']) && !text.trim().is_empty()
}

/// Whether an expression needs no parentheses anywhere in its parent.
fn is_atom(new: Kind, parent: Node<'_>) -> bool {
    match new {
        // `1.real` is no attribute.
        Kind::Constant => kind(parent) != Kind::Attribute,
        Kind::Name
        | Kind::Attribute
        | Kind::Call
        | Kind::Subscript
        | Kind::List
        | Kind::Dict
        | Kind::Set
        | Kind::ListComp
        | Kind::SetComp
        | Kind::DictComp
        | Kind::GeneratorExp
        | Kind::JoinedStr => true,
        _ => false,
    }
}

/// Whether the place takes any operation without parentheses.
fn is_free(new: Kind, node: Node<'_>, parent: Node<'_>) -> bool {
    let is_operation = matches!(
        new,
        Kind::BinOp | Kind::UnaryOp | Kind::BoolOp | Kind::Compare | Kind::IfExp | Kind::Lambda
    );
    let is_argument = kind(parent) == Kind::Call && node.role() != Role::Func.into();
    let is_value = node.role() == Role::Value.into()
        && matches!(
            kind(parent),
            Kind::Assign | Kind::AnnAssign | Kind::AugAssign | Kind::Return | Kind::Expr | Kind::Keyword
        );
    let is_test = node.role() == Role::Test.into() && matches!(kind(parent), Kind::If | Kind::While);
    let in_display =
        matches!(kind(parent), Kind::List | Kind::Set | Kind::Tuple | Kind::Dict | Kind::Arguments)
            && new != Kind::Lambda;
    is_operation && (is_argument || is_value || is_test || in_display)
}
