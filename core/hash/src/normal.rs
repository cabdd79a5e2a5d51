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

mod aggressive;
mod blocks;
mod expressions;
mod fold;
mod printing;
mod rules;
mod statements;

use std::hash::BuildHasher;
use std::sync::Arc;

use astkit_analysis::meanings::{Meaning, Meanings, Survey};
use astkit_analysis::scopes::{Options as ScopeOptions, Scopes, SymbolId};
use astkit_ast::builder::{Built, Mark as Place, NameId};
use astkit_ast::python::{self, Kind, Role, build, kind, view};
use astkit_ast::tree::{NONE, Node, Tree};
use astkit_ast::{Span, TreeBuilder};
use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use aggressive::Aggressive;
use blocks::Statement;
use fold::Folder;

pub use astkit_analysis::meanings::node_at;
use printing::Program;

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
    /// Definitions and lambdas, in the order of their original nodes.
    definitions: Vec<Written>,
    /// Of each node, by [`Node::index`]: that of the original node it was made of.
    origins: Vec<u32>,
    /// The marks among the names, from the first name on that the original tree does not have.
    marks: Vec<Option<Mark>>,
    first_mark: u32,
    /// Of imported names of the original tree, by [`Node::index`]: the root that each brings.
    pub(crate) imports: FxHashMap<u32, u32>,
    /// Imported names of the original tree, in functions and classes, that are not all that binds their variable: no
    /// use of the variable says what was imported.
    pub(crate) loose_imports: FxHashSet<u32>,
    /// Definitions of the original tree that use variables of functions around them.
    pub(crate) capturing: FxHashSet<u32>,
    /// What names are called in a program.
    program: Program,
}

/// A definition or lambda that was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    /// The original node, by [`Node::index`].
    original: u32,
    /// Its node, likewise.
    node: u32,
    /// How many functions, lambdas and comprehensions are around it.
    pub(crate) depth: u32,
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

    fn write(self, out: &mut String) {
        out.push(Self::START);
        match self {
            Self::Local { depth, number } => write_numbers(out, 'L', depth, Some(number)),
            Self::Root { root, symbol } => write_numbers(out, 'R', root, symbol),
            Self::Enclosing { levels, symbol } => write_numbers(out, 'U', levels, Some(symbol)),
        }
        out.push(Self::END);
    }
}

fn write_numbers(out: &mut String, kind: char, first: u32, second: Option<u32>) {
    out.push(kind);
    write_number(out, first);
    if let Some(second) = second {
        out.push('.');
        write_number(out, second);
    }
}

/// Writes a number: marks are so many that formatting would show.
fn write_number(out: &mut String, number: u32) {
    if number >= 10 {
        write_number(out, number / 10);
    }
    out.extend(char::from_digit(number % 10, 10));
}

impl NormalForm {
    /// The normal form of a Python tree; none for other languages.
    pub fn of(tree: &Tree, options: NormalOptions) -> Option<Self> {
        python::is_python(tree).then(|| {
            let scopes = Arc::new(astkit_analysis::scopes(tree, &ScopeOptions::default()));
            Normalizer::new(tree, &scopes, options).run(Arc::clone(&scopes))
        })
    }

    /// The node that a definition of the original tree became.
    pub fn definition(&self, original: Node<'_>) -> Option<Node<'_>> {
        node_at(&self.tree, self.written(original)?.node)
    }

    /// What became of a definition of the original tree.
    pub(crate) fn written(&self, original: Node<'_>) -> Option<Written> {
        let at = self.definitions.binary_search_by_key(&original.index(), |it| it.original).ok()?;
        Some(self.definitions[at])
    }

    /// Per node of the tree, by [`Node::index`]: the index of the original node it was made of.
    pub fn origins(&self) -> &[u32] {
        &self.origins
    }

    /// What a name of the tree, given by its word, is the mark of.
    pub(crate) fn mark(&self, word: u32) -> Option<Mark> {
        let at = word.checked_sub(self.first_mark)?;
        *self.marks.get(at as usize)?
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
    /// The numbers of roots that imports bring.
    root_ids: HashTable<u32>,
    imports: FxHashMap<u32, u32>,
    /// The ids of marks that were written.
    marks: FxHashMap<Mark, NameId>,
    marked: Vec<(Mark, NameId)>,
    first_mark: u32,
    /// The text of the mark that is being written.
    text: String,
    /// What each variable, and each name without one, is called where it is read, once that is known for good.
    calls: Calls,
    /// Definitions and lambdas that were begun, by index.
    begun: Vec<u32>,
    /// Those that were written; the node is the number of its building.
    written: Vec<Written>,
    /// The definitions and lambdas around, by index.
    open: Vec<u32>,
    /// How many functions, lambdas and comprehensions are around.
    depth: u32,
    around: Around<'a>,
    /// How many `yield`s the function around has so far.
    yields: u32,
    /// Per variable: whether it is read somewhere in what was written, and whether it is bound in its own scope.
    used: Vec<bool>,
    bound: Vec<bool>,
    loose_imports: FxHashSet<u32>,
    capturing: FxHashSet<u32>,
    leaving: FxHashMap<u32, bool>,
    inert: FxHashMap<u32, bool>,
    origins: Vec<u32>,
    /// What rules know that hold for ordinary values; none if none of them is used.
    aggressive: Option<Box<Aggressive<'a>>>,
    /// Lists of blocks that were written.
    spare_nodes: Vec<Vec<Node<'a>>>,
    spare_statements: Vec<Vec<Statement<'a>>>,
}

/// Ids of names that were marked before, or [`NONE`].
struct Calls {
    /// Per symbol, as a numbered variable.
    local: Vec<u32>,
    /// Per symbol, as what an import or the module brings.
    root: Vec<u32>,
    /// Per name that is no variable.
    global: Vec<u32>,
    /// Per name, the root.
    global_root: Vec<u32>,
}

impl<'a> Normalizer<'a> {
    fn new(tree: &'a Tree, scopes: &'a Scopes, options: NormalOptions) -> Self {
        let survey = Survey::new(tree, scopes);
        let meanings = Meanings::new(tree, scopes, &survey);
        let builder = TreeBuilder::made_of(tree);
        let (symbols, names) = (scopes.symbol_count(), scopes.names().len());
        let calls = Calls {
            local: vec![NONE; symbols],
            root: vec![NONE; symbols],
            global: vec![NONE; names],
            global_root: vec![NONE; names],
        };
        Self {
            tree,
            scopes,
            options,
            survey,
            meanings,
            folder: Folder::default(),
            first_mark: builder.name_count(),
            builder,
            numbers: vec![NONE; symbols],
            counters: vec![0; scopes.scopes().count()],
            roots: Vec::new(),
            root_ids: HashTable::new(),
            imports: FxHashMap::default(),
            marks: FxHashMap::default(),
            marked: Vec::new(),
            text: String::new(),
            calls,
            begun: Vec::new(),
            written: Vec::new(),
            open: Vec::new(),
            depth: 0,
            around: Around { private: None, keeps_variable_hints: false, keeps_method_hints: false },
            yields: 0,
            used: vec![false; symbols],
            bound: vec![false; symbols],
            loose_imports: FxHashSet::default(),
            capturing: FxHashSet::default(),
            leaving: FxHashMap::default(),
            inert: FxHashMap::default(),
            origins: Vec::with_capacity(tree.node_count() as usize),
            aggressive: Aggressive::new(tree, scopes, options.rules),
            spare_nodes: Vec::new(),
            spare_statements: Vec::new(),
        }
    }

    fn run(mut self, scopes: Arc<Scopes>) -> NormalForm {
        let module = self.tree.root();
        let start = self.builder.mark();
        self.begun.push(module.index());
        self.open.push(module.index());
        self.around.keeps_variable_hints = self.keeps_hints(false);
        let statements = self.module_body(module);
        self.unreached_definitions();
        let built = build::module(&mut self.builder, start, Span::default());
        self.origins.push(module.index());
        self.wrote(module, built, 0);
        let mut marks = vec![None; (self.builder.name_count() - self.first_mark) as usize];
        for (mark, name) in &self.marked {
            marks[(name.0 - self.first_mark) as usize] = Some(*mark);
        }
        let (tree, places) = self.builder.finish_made_of();
        let mut origins = vec![0; places.len() + 1];
        for (place, origin) in places.iter().zip(&self.origins) {
            origins[*place as usize] = *origin;
        }
        let mut definitions = self.written;
        for it in &mut definitions {
            it.node = places[it.node as usize];
        }
        definitions.sort_unstable_by_key(|it| it.original);
        NormalForm {
            tree,
            roots: self.roots,
            statements,
            definitions,
            origins,
            marks,
            first_mark: self.first_mark,
            imports: self.imports,
            loose_imports: self.loose_imports,
            capturing: self.capturing,
            program: Program::new(scopes, self.meanings, self.numbers),
        }
    }

    /// Notes that a definition or lambda was written.
    fn wrote(&mut self, original: Node<'_>, node: Built, depth: u32) {
        self.written.push(Written { original: original.index(), node: node.number(), depth });
    }

    /// Definitions and lambdas that were dropped with the code around them: they are targets all the same.
    fn unreached_definitions(&mut self) {
        let all = self.tree.stored_nodes().filter(|it| is_definition(*it)).count();
        if all == self.begun.len() {
            return;
        }
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
        self.depth = 0;
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
        self.builder.close_unplaced(start, node.kind(), node.flag(), aux)
    }

    /// The id of what a node's occurrence is called; the node's word is the name as it is written.
    fn name_of_occurrence(&mut self, node: Node<'a>) -> NameId {
        let Some(occurrence) = self.meanings.occurrence(node) else { return self.written_name(node.aux()) };
        let occurrence = *self.scopes.occurrence(occurrence);
        if let Some(variable) = occurrence.variable.filter(|_| occurrence.role.is_binding()) {
            self.bound[variable.0 as usize] = true;
        }
        match occurrence.variable {
            Some(variable) if self.is_numbered(variable) => self.local_name(variable),
            _ => self.plain_name(node, self.scopes.text(occurrence.name)),
        }
    }

    /// The id of a name at a node whose word is the name as it is written.
    fn plain_name(&mut self, node: Node<'a>, name: &str) -> NameId {
        if node.name_of(node.aux()) == Some(name) {
            return NameId(node.aux());
        }
        self.builder.normalized_name(name)
    }

    /// The id of a name as it is written; where the text has none, it is empty.
    fn written_name(&mut self, word: u32) -> NameId {
        if word == NONE { self.builder.normalized_name("") } else { NameId(word) }
    }

    /// The id of a mark.
    fn marked(&mut self, mark: Mark) -> NameId {
        if let Some(known) = self.marks.get(&mark) {
            return *known;
        }
        self.text.clear();
        mark.write(&mut self.text);
        let id = self.builder.new_name(&self.text);
        self.marks.insert(mark, id);
        self.marked.push((mark, id));
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

    /// The name of a numbered variable.
    fn local_name(&mut self, variable: SymbolId) -> NameId {
        let known = self.calls.local[variable.0 as usize];
        if known != NONE {
            return NameId(known);
        }
        let mark = self.local(variable);
        let name = self.marked(mark);
        self.calls.local[variable.0 as usize] = name.0;
        name
    }

    /// The number of a root that an import brings.
    fn root(&mut self, root: Root) -> u32 {
        let hash = FxBuildHasher.hash_one(&root);
        let roots = &self.roots;
        if let Some(id) = self.root_ids.find(hash, |it| roots[*it as usize] == root) {
            return *id;
        }
        let id = u32::try_from(self.roots.len()).unwrap_or(NONE);
        self.roots.push(root);
        let roots = &self.roots;
        self.root_ids.insert_unique(hash, id, |it| FxBuildHasher.hash_one(&roots[*it as usize]));
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
