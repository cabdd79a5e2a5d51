//! The normal form: a tree that is equal for texts that behave the same.
//!
//! It is made from a file's tree and scopes alone, in one pass, and is a tree of the same schema, so that it can be
//! encoded and shown as source text. What is dropped, renumbered and put in order is said by [`Rule`]s and by
//! [`NormalOptions`]; each rule has a test that runs both sides.
//!
//! Names that nobody can see, or that stand for something else, are *marked*: they become `\u{E000}…\u{E001}`, which no
//! identifier can be. `Mark` reads them.
//!
//! - `L2.7`: the eighth variable of the function that two functions are around.
//! - `R5.3`: what the sixth of the file's [roots](Root) stands for; the number behind the dot is for printing.
//! - `U1.4`: the definition that is one level further out than the one in which this stands, and its symbol.
//!
//! Left out: what other files do. A docstring that another module reads is dropped; `--keep` is for that.

mod blocks;
mod expressions;
mod fold;
mod printing;
mod rules;
mod statements;

use astkit_analysis::meanings::{Meaning, Meanings, Survey};
use astkit_analysis::scopes::{Options as ScopeOptions, Scopes, SymbolId};
use astkit_ast::builder::{Built, Mark as Place, NameId};
use astkit_ast::python::{self, Kind, Role, build, kind, view};
use astkit_ast::tree::{NONE, Node, Tree};
use astkit_ast::{SourceText, Span, TreeBuilder};
use rustc_hash::{FxHashMap, FxHashSet};

use fold::Folder;

pub use astkit_analysis::meanings::node_at;
pub use printing::Names;
pub use rules::{Keep, NormalOptions, Rule, Rules};

/// What a name at the root of a chain of attributes stands for, outside all functions.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Root {
    /// A name of the module, of a star import, or a built-in one.
    Global(Box<str>),
    /// A module, by `import`.
    Module {
        /// Its name.
        module: Box<str>,
    },
    /// A name of a module, by `from ... import`.
    From {
        /// Number of dots.
        level: u32,
        /// The module; empty after nothing but dots.
        module: Box<str>,
        /// What is imported of it.
        name: Box<str>,
    },
}

/// The normal form of a file.
#[derive(Debug)]
pub struct NormalForm {
    /// The tree. Statements behind the file's own are definitions that no code reaches.
    pub tree: Tree,
    /// What names stand for.
    pub roots: Vec<Root>,
    /// How many statements of the file are its own.
    pub statements: usize,
    /// Per definition and lambda of the original tree, by [`Node::index`]: the node of its own, likewise.
    pub(crate) nodes: FxHashMap<u32, u32>,
    /// Of each node, in postorder: the [`Node::index`] of the original node it was made of.
    origins: Vec<u32>,
    /// Imported names of the original tree, in functions and classes, that are not all that binds their variable: no
    /// use of the variable says what was imported.
    pub(crate) loose_imports: FxHashSet<u32>,
    /// Definitions of the original tree that use variables of functions around them.
    pub(crate) capturing: FxHashSet<u32>,
    /// Per symbol, its name in a program.
    shown: Vec<Box<str>>,
    /// What the names of numbered variables begin with in a program.
    prefix: String,
}

/// A marked name, read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Mark {
    /// A numbered variable.
    Local { depth: u32, number: u32 },
    /// What a root stands for; the symbol that is bound to it, if any.
    Root { root: u32, symbol: Option<u32> },
    /// The definition so many levels further out, and its symbol.
    Enclosing { levels: u32, symbol: u32 },
}

impl Mark {
    pub(crate) const START: char = '\u{E000}';
    pub(crate) const END: char = '\u{E001}';

    /// Reads a name.
    pub(crate) fn read(name: &str) -> Option<Self> {
        let inner = name.strip_prefix(Self::START)?.strip_suffix(Self::END)?;
        let (kind, numbers) = inner.split_at_checked(1)?;
        let (first, second) = numbers.split_once('.').unwrap_or((numbers, ""));
        let first: u32 = first.parse().ok()?;
        match kind {
            "L" => Some(Self::Local { depth: first, number: second.parse().ok()? }),
            "R" => Some(Self::Root { root: first, symbol: second.parse().ok() }),
            "U" => Some(Self::Enclosing { levels: first, symbol: second.parse().ok()? }),
            _ => None,
        }
    }

    fn write(self) -> String {
        let (start, end) = (Self::START, Self::END);
        match self {
            Self::Local { depth, number } => format!("{start}L{depth}.{number}{end}"),
            Self::Root { root, symbol: Some(symbol) } => format!("{start}R{root}.{symbol}{end}"),
            Self::Root { root, symbol: None } => format!("{start}R{root}{end}"),
            Self::Enclosing { levels, symbol } => format!("{start}U{levels}.{symbol}{end}"),
        }
    }
}

impl NormalForm {
    /// The normal form of a Python tree; none for other languages.
    pub fn of(tree: &Tree, options: NormalOptions) -> Option<Self> {
        python::is_python(tree).then(|| {
            let scopes = astkit_analysis::scopes(tree, &ScopeOptions::default());
            Normalizer::new(tree, &scopes, options).run()
        })
    }

    /// The node that a definition of the original tree became.
    pub fn definition(&self, original: Node<'_>) -> Option<Node<'_>> {
        let index = *self.nodes.get(&original.index())?;
        node_at(&self.tree, index)
    }

    /// Per node of the tree, by [`Node::index`]: the index of the original node it was made of.
    pub fn origins(&self) -> Vec<u32> {
        let mut out = vec![0; self.tree.node_count() as usize + 1];
        let mut origins = self.origins.iter();
        let mut stack = vec![(self.tree.root(), false)];
        while let Some((node, closing)) = stack.pop() {
            if closing {
                out[node.index() as usize] = origins.next().copied().unwrap_or(0);
                continue;
            }
            stack.push((node, true));
            let first = stack.len();
            stack.extend(node.children().map(|it| (it, false)));
            stack[first..].reverse();
        }
        out
    }
}

/// The definition in which nodes are being written.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// The class whose name private names are mangled with.
    private: Option<&'a str>,
    /// Whether hints of variables are kept in this body.
    keeps_variable_hints: bool,
    /// Whether hints of methods are kept, because of the class around.
    keeps_method_hints: bool,
}

/// Writes the normal form of one file.
struct Normalizer<'a> {
    tree: &'a Tree,
    scopes: &'a Scopes,
    options: NormalOptions,
    survey: Survey,
    meanings: Meanings,
    folder: Folder,
    builder: TreeBuilder<'a>,
    /// Per symbol its number, or `NONE`.
    numbers: Vec<u32>,
    /// Per scope: how many variables have numbers.
    counters: Vec<u32>,
    roots: Vec<Root>,
    root_ids: FxHashMap<Root, u32>,
    /// The ids of marks that were written.
    marks: FxHashMap<Mark, NameId>,
    /// Definitions and lambdas in the order in which they were begun.
    begun: Vec<u32>,
    /// The definitions and lambdas around, by index.
    open: Vec<u32>,
    around: Around<'a>,
    /// How many `yield`s the function around has so far.
    yields: u32,
    /// Variables that are read somewhere in what was written, and those that are bound in their own scope.
    used: FxHashSet<SymbolId>,
    bound: FxHashSet<SymbolId>,
    loose_imports: FxHashSet<u32>,
    capturing: FxHashSet<u32>,
    leaving: FxHashMap<u32, bool>,
    inert: FxHashMap<u32, bool>,
    origins: Vec<u32>,
}

/// The normal form has no text of its own.
static NO_TEXT: std::sync::LazyLock<SourceText> = std::sync::LazyLock::new(|| SourceText::from_text(""));

impl<'a> Normalizer<'a> {
    fn new(tree: &'a Tree, scopes: &'a Scopes, options: NormalOptions) -> Self {
        let survey = Survey::new(tree, scopes);
        let meanings = Meanings::new(tree, scopes, &survey);
        Self {
            tree,
            scopes,
            options,
            survey,
            meanings,
            folder: Folder::default(),
            builder: TreeBuilder::new(python::schema(), &NO_TEXT),
            numbers: vec![NONE; scopes.symbol_count()],
            counters: vec![0; scopes.scopes().count()],
            roots: Vec::new(),
            root_ids: FxHashMap::default(),
            marks: FxHashMap::default(),
            begun: Vec::new(),
            open: Vec::new(),
            around: Around { private: None, keeps_variable_hints: false, keeps_method_hints: false },
            yields: 0,
            used: FxHashSet::default(),
            bound: FxHashSet::default(),
            loose_imports: FxHashSet::default(),
            capturing: FxHashSet::default(),
            leaving: FxHashMap::default(),
            inert: FxHashMap::default(),
            origins: Vec::new(),
        }
    }

    fn run(mut self) -> NormalForm {
        let module = self.tree.root();
        let start = self.builder.mark();
        self.begun.push(module.index());
        self.open.push(module.index());
        self.around.keeps_variable_hints = self.keeps_hints(false);
        let statements = self.module_body(module);
        self.unreached_definitions();
        build::module(&mut self.builder, start, Span::default());
        self.origins.push(module.index());
        let prefix = self.prefix();
        let shown = self.shown_names(&prefix);
        let (tree, _, _) = self.builder.finish();
        let nodes = pair(&self.begun, &tree);
        NormalForm {
            tree,
            roots: self.roots,
            statements,
            nodes,
            origins: self.origins,
            loose_imports: self.loose_imports,
            capturing: self.capturing,
            shown,
            prefix,
        }
    }

    /// Definitions and lambdas that were dropped with the code around them: they are targets all the same.
    fn unreached_definitions(&mut self) {
        let mut begun = self.begun.clone();
        begun.sort_unstable();
        // Definitions around, each with the one around it.
        let mut around: Vec<(Node<'a>, Option<usize>)> = Vec::new();
        let mut stack: Vec<(Node<'a>, Option<usize>)> = vec![(self.tree.root(), None)];
        while let Some((node, outer)) = stack.pop() {
            let mut inner = outer;
            if is_definition(node) {
                if begun.binary_search(&node.index()).is_err() {
                    let mut path = Vec::new();
                    let mut next = outer;
                    while let Some((node, outer)) = next.map(|it| around[it]) {
                        path.push(node);
                        next = outer;
                    }
                    path.reverse();
                    self.unreached(node, &path);
                    continue;
                }
                inner = Some(around.len());
                around.push((node, outer));
            }
            let first = stack.len();
            stack.extend(node.children().map(|it| (it, inner)));
            stack[first..].reverse();
        }
    }

    fn unreached(&mut self, node: Node<'a>, around: &[Node<'a>]) {
        let before = (std::mem::take(&mut self.open), self.around);
        self.open = around.iter().map(|it| it.index()).collect();
        let class = around.iter().rev().find_map(|it| python::view::ClassDef::cast(*it));
        self.around.private = class.map(python::view::ClassDef::name);
        let start = self.builder.mark();
        self.expression_or_definition(node);
        if kind(node) == Kind::Lambda {
            self.builder.role(Role::Value);
            build::expr(&mut self.builder, start, Span::default());
            self.origins.push(node.index());
        }
        self.builder.role(Role::Body);
        (self.open, self.around) = before;
    }

    /// The names under which marked names are shown in a program that can run.
    fn shown_names(&self, prefix: &str) -> Vec<Box<str>> {
        let name = |(at, number): (u32, &u32)| {
            let symbol = self.scopes.symbol(SymbolId(at));
            if *number == NONE {
                return self.scopes.text(symbol.name).into();
            }
            printing::local_name(prefix, self.meanings.depth(symbol.scope), *number).into()
        };
        (0..).zip(&self.numbers).map(name).collect()
    }

    /// A beginning of names that no name of the file has, before a digit.
    fn prefix(&self) -> String {
        let mut prefix = String::from("v");
        let names = self.scopes.names();
        let count = u32::try_from(names.len()).unwrap_or(0);
        let texts: Vec<&str> = (0..count).map(|it| names.text(astkit_analysis::NameId(it))).collect();
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
    }

    /// Ends a node made of `origin`.
    fn closed(&mut self, origin: Node<'_>) {
        self.origins.push(origin.index());
    }

    /// Closes a node with the scalars of the original.
    fn close(&mut self, start: Place, node: Node<'a>) -> Built {
        let aux = self.builder.copy_payload(node);
        self.close_with(start, node, aux)
    }

    /// Closes a node with a word of its own.
    fn close_with(&mut self, start: Place, node: Node<'a>, aux: u32) -> Built {
        self.closed(node);
        self.builder.close(start, node.kind(), Span::default(), node.flag(), aux)
    }

    /// The id of what a node's occurrence is called.
    fn name_of_occurrence(&mut self, node: Node<'a>, written: &str) -> NameId {
        let Some(occurrence) = self.meanings.occurrence(node) else { return self.builder.name(written) };
        let occurrence = *self.scopes.occurrence(occurrence);
        let text = self.scopes.text(occurrence.name);
        if let Some(variable) = occurrence.variable.filter(|_| occurrence.role.is_binding()) {
            self.bound.insert(variable);
        }
        match occurrence.variable {
            Some(variable) if self.is_numbered(variable) => {
                let mark = self.local(variable);
                self.marked(mark)
            }
            _ => self.builder.normalized_name(text),
        }
    }

    /// The id of a mark.
    fn marked(&mut self, mark: Mark) -> NameId {
        if let Some(known) = self.marks.get(&mark) {
            return *known;
        }
        let id = self.builder.normalized_name(&mark.write());
        self.marks.insert(mark, id);
        id
    }

    /// Whether a variable is known by its number: those of functions that only an import binds are, too.
    fn is_numbered(&self, variable: SymbolId) -> bool {
        match self.meanings.of(variable) {
            Meaning::Numbered => true,
            Meaning::Import(_) => self.scopes.symbol(variable).scope.0 != 0,
            Meaning::Named | Meaning::Definition(_) => false,
        }
    }

    /// The mark of a numbered variable.
    fn local(&mut self, variable: SymbolId) -> Mark {
        let scope = self.scopes.symbol(variable).scope;
        let at = variable.0 as usize;
        if self.numbers[at] == NONE {
            let counter = &mut self.counters[scope.0 as usize];
            self.numbers[at] = *counter;
            *counter += 1;
        }
        Mark::Local { depth: self.meanings.depth(scope), number: self.numbers[at] }
    }

    /// The number of a root.
    fn root(&mut self, root: Root) -> u32 {
        if let Some(id) = self.root_ids.get(&root) {
            return *id;
        }
        let id = u32::try_from(self.roots.len()).unwrap_or(NONE);
        self.roots.push(root.clone());
        self.root_ids.insert(root, id);
        id
    }
}

fn is_definition(node: Node<'_>) -> bool {
    matches!(
        kind(node),
        Kind::Module | Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef | Kind::Lambda
    )
}

/// What an import binds a name to.
pub(crate) fn imported(from: Option<view::ImportFrom<'_>>, alias: Node<'_>) -> Option<Root> {
    let it = view::Alias::cast(alias)?;
    if let Some(from) = from {
        let module = from.module().unwrap_or_default().into();
        return Some(Root::From { level: from.level(), module, name: it.name().into() });
    }
    let module = if it.asname().is_some() { it.name() } else { it.name().split('.').next()? };
    Some(Root::Module { module: module.into() })
}

/// Pairs definitions and lambdas, in the order in which they were begun, with their nodes.
fn pair(begun: &[u32], tree: &Tree) -> FxHashMap<u32, u32> {
    let mut out = FxHashMap::default();
    let mut begun = begun.iter();
    let mut stack = vec![tree.root()];
    while let Some(node) = stack.pop() {
        if is_definition(node) {
            let Some(original) = begun.next() else { break };
            out.insert(*original, node.index());
        }
        let first = stack.len();
        stack.extend(node.children());
        stack[first..].reverse();
    }
    out
}
