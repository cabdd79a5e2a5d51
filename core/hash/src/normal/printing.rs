//! The normal form as source text.

use std::sync::{Arc, OnceLock};

use astkit_analysis::NameId;
use astkit_analysis::meanings::Meanings;
use astkit_analysis::scopes::{Scopes, SymbolId};
use astkit_ast::UnparseError;
use astkit_ast::tree::{NONE, Node};

use super::{Mark, NormalForm, Root};

/// How names are written that the normal form knows by what they mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Names {
    /// By what they mean: `numpy.array`, whatever the import calls it; the definition itself is `_`.
    Meaning,
    /// As the program has to call them: the text can run in the original's place.
    Program,
}

/// What variables are called in a program that can run; found out when it is asked for.
#[derive(Debug)]
pub(super) struct Program {
    scopes: Arc<Scopes>,
    meanings: Meanings,
    /// Per symbol its number, or [`NONE`].
    numbers: Vec<u32>,
    prefix: OnceLock<String>,
}

impl Program {
    pub(super) fn new(scopes: Arc<Scopes>, meanings: Meanings, numbers: Vec<u32>) -> Self {
        Self { scopes, meanings, numbers, prefix: OnceLock::new() }
    }

    /// What a symbol is called.
    fn name(&self, symbol: u32) -> String {
        let Some(number) = self.numbers.get(symbol as usize) else { return String::new() };
        let symbol = self.scopes.symbol(SymbolId(symbol));
        if *number == NONE {
            return self.scopes.text(symbol.name).to_owned();
        }
        local_name(self.prefix(), self.meanings.depth(symbol.scope), *number)
    }

    /// A beginning of names that no name of the file has, before a digit.
    fn prefix(&self) -> &str {
        self.prefix.get_or_init(|| {
            let mut prefix = String::from("v");
            let names = self.scopes.names();
            let count = u32::try_from(names.len()).unwrap_or(0);
            let texts: Vec<&str> = (0..count).map(|it| names.text(NameId(it))).collect();
            let is_taken = |prefix: &str| {
                let rest = |it: &&str| {
                    it.strip_prefix(prefix).is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()))
                };
                texts.iter().any(rest)
            };
            while is_taken(&prefix) {
                prefix.push('_');
            }
            prefix
        })
    }
}

impl NormalForm {
    /// The text of a node of the tree.
    ///
    /// # Errors
    /// Text that could not be understood.
    pub fn to_source(&self, node: Node<'_>, names: Names) -> Result<String, UnparseError> {
        let text = if node.index() == self.tree.root().index() {
            let mut out = String::new();
            for statement in node.children().take(self.statements) {
                out += &astkit_ast::unparse_node(statement, None)?;
                if !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            out
        } else {
            astkit_ast::unparse_node(node, None)?
        };
        Ok(self.unmarked(&text, names))
    }

    /// A text with marked names written out.
    pub(crate) fn unmarked(&self, text: &str, names: Names) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(Mark::START) {
            let (before, marked) = rest.split_at(start);
            out.push_str(before);
            let end = marked.find(Mark::END).map(|it| it + Mark::END.len_utf8());
            let Some((mark, end)) = end.and_then(|end| Some((Mark::read(&marked[..end])?, end))) else {
                out.push(Mark::START);
                rest = &marked[Mark::START.len_utf8()..];
                continue;
            };
            out.push_str(&self.name_of(mark, names));
            rest = &marked[end..];
        }
        out.push_str(rest);
        out
    }

    fn name_of(&self, mark: Mark, names: Names) -> String {
        let shown = |symbol: u32| self.program.name(symbol);
        match mark {
            Mark::Local { depth, number } => local_name(self.program.prefix(), depth, number),
            Mark::Root { symbol: Some(symbol), .. } if names == Names::Program => shown(symbol),
            Mark::Root { root, .. } => self.roots.get(root as usize).map_or_else(String::new, root_name),
            Mark::Enclosing { symbol, .. } if names == Names::Program => shown(symbol),
            Mark::Enclosing { levels, .. } => "_".repeat(levels as usize + 1),
        }
    }
}

fn root_name(root: &Root) -> String {
    match root {
        Root::Global(name) => name.to_string(),
        Root::Module { module } => module.to_string(),
        Root::From { level, module, name } => {
            let dots = ".".repeat(*level as usize);
            let dot = if module.is_empty() { "" } else { "." };
            format!("{dots}{module}{dot}{name}")
        }
    }
}

/// The name of a numbered variable in a program.
fn local_name(prefix: &str, depth: u32, number: u32) -> String {
    if depth == 0 { format!("{prefix}{number}") } else { format!("{prefix}{depth}_{number}") }
}
