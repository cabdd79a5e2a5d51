//! Automatic lowering: a common tree from any tree-sitter grammar, without a rebuilder.
//!
//! Named nodes become nodes of kinds with the grammar's names, the grammar's fields become roles, and extras (comments)
//! become trivia. A leaf holds its text. Any other node holds its *pattern*: its anonymous tokens in order, with `_`
//! where a child stands, so that `a + b` and `a - b`, or `[a,, b]` and `[a, b]`, have different trees. Equal hashes thus
//! mean equal code up to white space and comments. A table of categories says which kinds are definitions: the tree is cut
//! there, and diffs and hashes speak of them by name. Analyses of Python know nothing of these trees.
//!
//! Own formatting rules of a language are not known: a trailing comma that means nothing is still a difference.

mod schema;

use std::borrow::Cow;

use astkit_ast::builder::{Mark, TreeBuilder};
use astkit_ast::schema::{Category, Schema};
use astkit_ast::tree::{KindId, RoleId};
use astkit_ast::{Constant, Diagnostic, Frontend, FrontendId, LowerError, Options, SourceText, Span};
use tree_sitter::{Language, Node, Parser, Tree, TreeCursor};

use crate::work::{Tolerance, parse_bounded};

pub use schema::SchemaFromGrammarError;

/// Role of a child that stands in no field of the grammar.
const CHILDREN: &str = "children";
/// Longest pattern that is stored as it is; of longer ones (a list of a million items), the digest is.
const LONGEST_PATTERN: usize = 256;

/// A frontend over a tree-sitter grammar.
pub struct Automatic {
    id: FrontendId,
    language: Language,
    extensions: &'static [&'static str],
    schema: &'static Schema,
    /// By the grammar's kind id: the schema's kind.
    kinds: Vec<Option<u16>>,
    /// By the grammar's field id: the schema's role.
    roles: Vec<Option<u8>>,
    children: u8,
}

impl Automatic {
    /// Makes a frontend from a grammar and its `node-types.json`.
    ///
    /// `name` is also the schema's; `version` is the grammar's. `categories` names the kinds that are more than
    /// [`Category::Other`]; those of category `Def` should have a field `name`. The schema is kept for the life of the
    /// process: make one frontend per grammar.
    ///
    /// # Errors
    /// [`SchemaFromGrammarError`] if `node_types` is not what tree-sitter generates, or the grammar is too large.
    pub fn new(
        name: &'static str,
        version: &'static str,
        language: Language,
        node_types: &str,
        extensions: &'static [&'static str],
        categories: &[(&str, Category)],
    ) -> Result<Self, SchemaFromGrammarError> {
        let schema: &'static Schema =
            Box::leak(Box::new(schema::from_grammar(name, node_types, categories)?));
        let kinds = (0..language.node_kind_count()).map(|id| {
            let id = u16::try_from(id).ok().filter(|it| language.node_kind_is_named(*it))?;
            schema.kind(language.node_kind_for_id(id)?)
        });
        let roles = (0..=language.field_count())
            .map(|id| schema.role(language.field_name_for_id(u16::try_from(id).ok()?)?));
        Ok(Self {
            id: FrontendId { name: Cow::Borrowed(name), version: Cow::Owned(format!("{version}+1")) },
            extensions,
            schema,
            kinds: kinds.collect(),
            roles: roles.collect(),
            children: schema.role(CHILDREN).unwrap_or(0),
            language,
        })
    }

    fn parse(&self, text: &str) -> Option<Tree> {
        let mut parser = Parser::new();
        parser.set_language(&self.language).ok()?;
        parse_bounded(&mut parser, text, &Tolerance::of(text.len()))
    }
}

impl Frontend for Automatic {
    fn id(&self) -> FrontendId {
        self.id.clone()
    }

    fn schema(&self) -> &'static Schema {
        self.schema
    }

    fn extensions(&self) -> &[&str] {
        self.extensions
    }

    fn lower(
        &self,
        source: &SourceText,
        _options: &Options,
        builder: &mut TreeBuilder<'_>,
    ) -> Result<(), LowerError> {
        let text = source.text();
        let whole = Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX));
        let Some(tree) = self.parse(text) else {
            let message = "parsing this text takes too much work";
            builder.diagnostic(Diagnostic::error("tree-sitter", "too-much-work", whole, message));
            let mark = builder.mark();
            builder.error(mark, whole);
            builder.role(RoleId(self.children));
            builder.close(mark, KindId(0), whole, 0, u32::MAX);
            return Ok(());
        };
        let mut cursor = tree.walk();
        Lowering { frontend: self, text, whole, builder, open: Vec::new() }.run(&mut cursor);
        Ok(())
    }
}

/// A node whose children are being lowered.
struct Open {
    mark: Mark,
    pattern: String,
}

struct Lowering<'a, 'b, 's> {
    frontend: &'a Automatic,
    text: &'a str,
    whole: Span,
    builder: &'b mut TreeBuilder<'s>,
    open: Vec<Open>,
}

impl Lowering<'_, '_, '_> {
    /// Walks the tree without recursion: a node is closed when the cursor leaves it.
    fn run(mut self, cursor: &mut TreeCursor<'_>) {
        loop {
            self.open.push(Open { mark: self.builder.mark(), pattern: String::new() });
            if cursor.goto_first_child() {
                if self.descend(cursor) {
                    continue;
                }
            } else {
                self.close(cursor);
            }
            loop {
                if self.open.is_empty() {
                    return;
                }
                if cursor.goto_next_sibling() {
                    if self.descend(cursor) {
                        break;
                    }
                } else if cursor.goto_parent() {
                    self.close(cursor);
                } else {
                    return;
                }
            }
        }
    }

    /// Looks at the cursor's node; true if it is to be walked, false if it is dealt with.
    fn descend(&mut self, cursor: &TreeCursor<'_>) -> bool {
        let node = cursor.node();
        if node.is_extra() && !node.is_error() {
            return false;
        }
        let is_token = !node.is_missing() && !node.is_named() && node.child_count() == 0;
        if let Some(parent) = self.open.last_mut() {
            if !parent.pattern.is_empty() {
                parent.pattern.push(' ');
            }
            parent.pattern.push_str(if is_token { &self.text[node.byte_range()] } else { "_" });
        }
        if node.is_missing() {
            self.missing(node, cursor);
        }
        !node.is_missing() && !is_token
    }

    fn missing(&mut self, node: Node<'_>, cursor: &TreeCursor<'_>) {
        let span = span(node);
        let message = format!("`{}` is missing here", node.kind());
        self.builder.diagnostic(Diagnostic::error("tree-sitter", "syntax-error", span, message));
        self.builder.missing(span.start);
        self.builder.role(self.role(cursor));
    }

    fn role(&self, cursor: &TreeCursor<'_>) -> RoleId {
        let role = cursor.field_id().and_then(|it| *self.frontend.roles.get(usize::from(it.get()))?);
        RoleId(role.unwrap_or(self.frontend.children))
    }

    /// Closes the cursor's node.
    fn close(&mut self, cursor: &TreeCursor<'_>) {
        let Some(Open { mark, pattern }) = self.open.pop() else { return };
        let node = cursor.node();
        let is_root = self.open.is_empty();
        let kind = self.frontend.kinds.get(usize::from(node.kind_id())).copied().flatten();
        if node.is_error() || kind.is_none() && node.is_named() {
            let text = self.text[node.byte_range()].lines().next().unwrap_or_default().trim();
            let message = format!("this makes no sense here: `{}`", shortened(text));
            self.builder.diagnostic(Diagnostic::error("tree-sitter", "syntax-error", span(node), message));
            self.builder.error(mark, span(node));
            self.builder.role(self.role(cursor));
            if is_root {
                self.builder.role(RoleId(self.frontend.children));
                self.builder.close(mark, KindId(0), self.whole, 0, u32::MAX);
            }
            return;
        }
        let is_leaf = node.child_count() == 0;
        let value = if is_leaf { self.text[node.byte_range()].to_owned() } else { pattern };
        let value = if !is_leaf && value.len() > LONGEST_PATTERN {
            Constant::digest_of(&value)
        } else {
            Constant::Str(value.into())
        };
        let value = self.builder.constant(value);
        let (kind, span) = if is_root { (0, self.whole) } else { (kind.unwrap_or(0), span(node)) };
        self.builder.close(mark, KindId(kind), span, 0, value.0);
        if !is_root {
            self.builder.role(self.role(cursor));
        }
    }
}

fn span(node: Node<'_>) -> Span {
    let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Span::new(offset(node.start_byte()), offset(node.end_byte()))
}

fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(40) {
        Some((at, _)) => Cow::Owned(format!("{}...", &text[..at])),
        None => Cow::Borrowed(text),
    }
}
