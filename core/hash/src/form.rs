//! Forms: what is hashed of a definition, apart from what it refers to.
//!
//! A definition's *shape* is the hash of its normal form with a hole wherever it refers to something outside of
//! functions; the *slots* say, in order, what is referred to. `semantic` fills the holes with names, `deep` with the
//! hashes of what the names mean. Shapes and slots are functions of one file; only filling needs others.
//!
//! # Encoding
//!
//! The shape is BLAKE3 over `astkit:shape:SCHEME`, a zero byte, and the [encoding](crate::encoding) of the
//! definition's normal form, where
//!
//! - the definition's own name is left out;
//! - a name that no function around binds, read, is a slot, with the attributes that are read of it;
//! - a definition within it that uses no numbered variable of it is a node of kind `Definition` with the field
//!   `name` and, in the field `body`, a slot; a lambda is a slot alone; others are nodes;
//! - `global` and `nonlocal` are left out, as each variable is encoded as what it is;
//! - where the text has errors, it ends with the text, as at `ast`.
//!
//! # Pins
//!
//! A comment `# astkit: depends(TARGET, ...)` in a definition, or directly above it, adds slots to it that have no hole:
//! what is named counts at `deep` as if the definition referred to it. No other comment, and no other level, does that.

mod module;
mod pins;

use std::cell::{Cell, RefCell};
use std::hash::BuildHasher;

use astkit_ast::python::{ExprContext, Kind, Role, kind, view};
use astkit_ast::tree::Node;
use astkit_ast::{DefKind, Definition, Lowered, SourceText, Tree};
use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::encoding::{Encoder, Shape, Treatment};
use crate::normal::{Mark, NormalForm, NormalOptions, Root};
use crate::{Hash, damaged};

use module::Module;

/// What a definition refers to, at one place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Slot {
    /// A definition within it: its number among the file's.
    Child(u32),
    /// A name, and the attributes that are read of it.
    Name {
        /// What the name stands for: its number among the file's roots.
        root: u32,
        /// The attributes: their number among the file's paths.
        path: u32,
    },
    /// An attribute of `self`, `cls` or `super()`; it has no hole.
    Member {
        /// The class around: its number among the file's definitions.
        class: u32,
        /// The attribute: the number of a path of its own.
        path: u32,
        /// Whether the class itself is passed over.
        is_super: bool,
    },
    /// The definition around, whose variables it uses; it has no hole.
    Around(u32),
    /// What a [pin](self#pins) names; it has no hole.
    Pin {
        /// Its number among the file's roots.
        root: u32,
        /// The attributes: their number among the file's paths.
        path: u32,
    },
    /// A text that is pinned: the number of a path of its own; it has no hole.
    Text(u32),
}

/// A definition's shape and slots.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Form {
    /// The hash of its normal form, with holes.
    pub shape: Hash,
    /// What it refers to, in order.
    pub slots: Vec<Slot>,
    /// Of each slot, the node where it stands, by [`Node::index`] in the file's tree.
    pub places: Vec<u32>,
    /// The definition's or statement's own node, likewise.
    pub origin: u32,
}

/// The forms of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FileForms {
    /// What names stand for.
    pub roots: Vec<Root>,
    /// Attributes that are read of names, one after the other.
    pub paths: Vec<Path>,
    /// The definitions, in the order of [`astkit_ast::definitions`].
    pub definitions: Vec<Form>,
    /// Statements of the module that bind or change variables.
    pub statements: Vec<Form>,
    /// What the module's names mean, sorted by name.
    pub names: Vec<(Box<str>, Binding)>,
    /// Modules of which `*` is imported: number of dots, and name.
    pub stars: Vec<(u32, Box<str>)>,
    /// Per class, its number, bases and members.
    pub classes: Vec<Class>,
}

/// Attributes, one after the other.
pub type Path = Box<[Box<str>]>;

/// What a name of a module means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Binding {
    /// A definition: its number.
    Definition(u32),
    /// What one import binds.
    Import(Root),
    /// A variable: the numbers of the statements that bind or change it.
    Variable(Vec<u32>),
}

/// A class of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Class {
    /// Its number among the definitions.
    pub definition: u32,
    /// Its bases, as far as they are names with attributes: roots and attributes.
    pub bases: Vec<(u32, Path)>,
    /// Its definitions by name, sorted; the last of each name.
    pub members: Vec<(Box<str>, u32)>,
}

impl FileForms {
    /// What a name of the module means.
    pub fn name(&self, name: &str) -> Option<&Binding> {
        let at = self.names.binary_search_by(|it| (*it.0).cmp(name)).ok()?;
        Some(&self.names[at].1)
    }

    /// The class that is a definition.
    pub fn class(&self, definition: u32) -> Option<&Class> {
        let at = self.classes.binary_search_by_key(&definition, |it| it.definition).ok()?;
        Some(&self.classes[at])
    }
}

/// The forms of a Python file; none for other languages.
pub fn file_forms(
    source: &SourceText,
    lowered: &Lowered,
    definitions: &[Definition<'_>],
    options: NormalOptions,
) -> Option<FileForms> {
    let normal = NormalForm::of(&lowered.tree, options)?;
    let damaged = damaged(lowered, definitions);
    let encoder = FormEncoder::new(&normal, definitions);
    let mut forms: Vec<Form> = Vec::with_capacity(definitions.len());
    let mut bytes = Vec::new();
    for (at, definition) in definitions.iter().enumerate().rev() {
        let text = damaged.get(at).is_some_and(|it| *it);
        let text = text.then(|| source.slice(lowered.spans.def(definition.node)));
        forms.push(encoder.definition(at, text, &mut bytes));
    }
    forms.reverse();
    let Module { statements, names, stars } = module::module(&normal, &encoder);
    let classes = module::classes(&normal, &encoder);
    let paths = encoder.paths.into_inner().named(&normal.tree);
    let roots = normal.roots;
    let mut forms = FileForms { definitions: forms, paths, statements, names, stars, classes, roots };
    pins::add(&mut forms, source, lowered, definitions);
    Some(forms)
}

/// What shapes are hashed behind: their domain, with the scheme's number.
const DOMAIN: &str = "astkit:shape:1\0";
const _: () = assert!(crate::SCHEME == 1, "the domain has the scheme's number");

/// Encodes the definitions of one normal form.
struct FormEncoder<'a> {
    normal: &'a NormalForm,
    definitions: &'a [Definition<'a>],
    /// Per definition its node.
    nodes: Vec<Option<Node<'a>>>,
    /// Definitions by the index of their node.
    numbers: FxHashMap<u32, u32>,
    /// Per definition: how many functions, lambdas and comprehensions are around it.
    depths: Vec<u32>,
    /// Per definition: whether it uses variables of a function around it.
    is_open: Vec<Cell<bool>>,
    /// Statements that are not the module's own.
    foreign: FxHashSet<u32>,
    /// Per node, the original node it was made of.
    origins: &'a [u32],
    paths: RefCell<Paths>,
    /// The slots of the definition at hand, each with the node where it stands.
    slots: RefCell<Vec<(Slot, u32)>>,
    /// The words of the chain that is being followed.
    chain: RefCell<Vec<u32>>,
}

/// The paths of a file: each a list of words of names, one after the other.
#[derive(Default)]
struct Paths {
    words: Vec<u32>,
    ends: Vec<u32>,
    numbers: HashTable<u32>,
}

impl Paths {
    /// The number of a path.
    fn number(&mut self, path: &[u32]) -> u32 {
        let hash = FxBuildHasher.hash_one(path);
        let (words, ends) = (&self.words, &self.ends);
        if let Some(known) = self.numbers.find(hash, |it| words_of(words, ends, *it) == path) {
            return *known;
        }
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.words.extend(path);
        self.ends.push(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
        let (words, ends) = (&self.words, &self.ends);
        let rehash = |it: &u32| FxBuildHasher.hash_one(words_of(words, ends, *it));
        self.numbers.insert_unique(hash, number, rehash);
        number
    }

    /// All paths, as names of a tree.
    fn named(&self, tree: &Tree) -> Vec<Path> {
        let name = |it: &u32| Box::from(tree.root().name_of(*it).unwrap_or_default());
        let count = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        (0..count).map(|it| words_of(&self.words, &self.ends, it).iter().map(name).collect()).collect()
    }
}

fn words_of<'w>(words: &'w [u32], ends: &[u32], number: u32) -> &'w [u32] {
    let at = number as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] };
    &words[start as usize..ends[at] as usize]
}

impl<'a> FormEncoder<'a> {
    fn new(normal: &'a NormalForm, definitions: &'a [Definition<'a>]) -> Self {
        let written: Vec<_> = definitions.iter().map(|it| normal.written(it.node)).collect();
        let nodes: Vec<_> = definitions.iter().map(|it| normal.definition(it.node)).collect();
        let numbers = (0..).zip(&nodes).filter_map(|(at, it)| it.map(|it| (it.index(), at))).collect();
        let body = normal.tree.root().children();
        Self {
            normal,
            definitions,
            numbers,
            depths: written.iter().map(|it| it.map_or(0, |it| it.depth)).collect(),
            is_open: vec![Cell::new(false); nodes.len()],
            nodes,
            origins: normal.origins(),
            paths: RefCell::default(),
            slots: RefCell::default(),
            chain: RefCell::default(),
            foreign: body.skip(normal.statements).map(Node::index).collect(),
        }
    }

    fn definition(&self, at: usize, damaged: Option<&str>, bytes: &mut Vec<u8>) -> Form {
        let Some(node) = self.nodes[at] else {
            let origin = self.definitions[at].node.index();
            return Form {
                shape: Hash::of("astkit:shape:none", &[]),
                slots: Vec::new(),
                places: Vec::new(),
                origin,
            };
        };
        let mut form = self.form(Some(at), false, bytes, |encoder| {
            if at == 0 {
                let body = node.children().filter(|it| !self.foreign.contains(&it.index()));
                encoder.open("Module");
                encoder.nodes_field("body", body);
                encoder.close();
            } else {
                encoder.nameless(node);
            }
            if let Some(text) = damaged {
                encoder.meaningless(text);
            }
        });
        form.origin = self.definitions[at].node.index();
        let captures = self.normal.capturing.contains(&self.definitions[at].node.index());
        if (self.is_open[at].get() || captures)
            && let Some(parent) = self.definitions[at].parent
        {
            form.slots.push(Slot::Around(u32::try_from(parent).unwrap_or(0)));
            form.places.push(self.definitions[at].node.index());
        }
        form
    }

    /// The form of a statement of the module.
    fn statement(&self, statement: Node<'_>, bytes: &mut Vec<u8>) -> Form {
        let write = |encoder: &mut Encoder<'_>| encoder.nodes_field("body", std::iter::once(statement));
        let origin = self.origins.get(statement.index() as usize).copied().unwrap_or(0);
        Form { origin, ..self.form(Some(0), true, bytes, write) }
    }

    /// A form of whatever `write` writes, within a definition.
    fn form(
        &self,
        within: Option<usize>,
        follows_imports: bool,
        bytes: &mut Vec<u8>,
        write: impl FnOnce(&mut Encoder<'_>),
    ) -> Form {
        bytes.clear();
        bytes.extend_from_slice(DOMAIN.as_bytes());
        let shape = Holes {
            forms: self,
            within,
            depth: within.map_or(0, |it| i64::from(self.depths[it])),
            receiver: within.and_then(|it| self.receiver(it)),
            follows_imports,
            followed: Cell::new((0, 0)),
        };
        write(&mut Encoder::new(&shape, bytes));
        let mut found = self.slots.borrow_mut();
        let slots = found.iter().map(|it| it.0).collect();
        let places = found.drain(..).map(|it| it.1).collect();
        Form { shape: Hash::of_all(bytes), slots, places, origin: 0 }
    }

    /// The class whose `self` or `cls` a definition uses, and what that is called.
    fn receiver(&self, at: usize) -> Option<(u32, &'a str)> {
        let mut next = at;
        loop {
            let parent = self.definitions[next].parent?;
            if self.definitions[parent].kind != DefKind::Class {
                next = parent;
                continue;
            }
            let class = u32::try_from(parent).ok()?;
            let arguments = self.nodes[next]?.child(Role::Args.into())?;
            let first = arguments.children().find_map(view::Arg::cast);
            return Some((class, first.map_or("", view::Arg::arg)));
        }
    }
}

/// The shape with holes.
struct Holes<'f, 'a> {
    forms: &'f FormEncoder<'a>,
    /// The definition.
    within: Option<usize>,
    /// Its depth.
    depth: i64,
    receiver: Option<(u32, &'a str)>,
    /// Whether imports are followed: in statements that bind variables.
    follows_imports: bool,
    /// The nodes of the last chain that began otherwise: its parts need not be followed again.
    followed: Cell<(u32, u32)>,
}

impl Holes<'_, '_> {
    /// The number of a path.
    fn path(&self, path: &[u32]) -> u32 {
        self.forms.paths.borrow_mut().number(path)
    }

    fn push(&self, slot: Slot, node: Node<'_>) {
        let place = self.forms.origins.get(node.index() as usize).copied().unwrap_or(0);
        self.forms.slots.borrow_mut().push((slot, place));
    }

    /// What the names of an import stand for: slots without holes.
    fn imports(&self, import: Node<'_>) {
        for alias in import.children() {
            let Some(origin) = self.forms.origins.get(alias.index() as usize) else { continue };
            let normal = self.forms.normal;
            if !self.follows_imports && !normal.loose_imports.contains(origin) {
                continue;
            }
            if let Some(root) = normal.imports.get(origin) {
                let path = self.path(&[]);
                self.push(Slot::Name { root: *root, path }, alias);
            }
        }
    }

    /// Writes a chain of attributes that begins with a slot; false if it begins otherwise.
    fn chain(&self, node: Node<'_>, encoder: &mut Encoder<'_>) -> bool {
        let mut path = self.forms.chain.borrow_mut();
        path.clear();
        let Some(root) = self.begin_of_chain(node, &mut path) else { return false };
        if kind(root) == Kind::Name {
            if let Some(Mark::Root { root, .. }) = self.forms.normal.mark(root.aux()) {
                encoder.slot();
                let path = self.path(&path);
                self.push(Slot::Name { root, path }, node);
                return true;
            }
            if let ([_], Some((class, receiver))) = (&**path, self.receiver)
                && root.name_of(root.aux()) == Some(receiver)
            {
                let path = self.path(&path);
                self.push(Slot::Member { class, path, is_super: false }, node);
            }
        } else if let ([_], Some((class, _))) = (&**path, self.receiver)
            && self.is_super(root)
        {
            let path = self.path(&path);
            self.push(Slot::Member { class, path, is_super: true }, node);
        }
        false
    }

    /// What a chain of attributes that are read begins with, and the names of the attributes; none where the chain
    /// around was followed already.
    fn begin_of_chain<'n>(&self, node: Node<'n>, path: &mut Vec<u32>) -> Option<Node<'n>> {
        let (first, last) = self.followed.get();
        let is_followed = (first..last).contains(&node.index());
        let mut root = node;
        while let Some(it) = view::Attribute::cast(root) {
            if it.ctx() != ExprContext::Load || (is_followed && kind(it.value()) == Kind::Attribute) {
                return None;
            }
            path.push(root.aux());
            root = it.value();
        }
        path.reverse();
        if !is_followed {
            self.followed.set((node.index(), root.index()));
        }
        Some(root)
    }

    fn is_super(&self, node: Node<'_>) -> bool {
        let func = view::Call::cast(node).map(view::Call::func).filter(|it| kind(*it) == Kind::Name);
        let mark = func.and_then(|it| self.forms.normal.mark(it.aux()));
        let Some(Mark::Root { root, .. }) = mark else { return false };
        matches!(self.forms.normal.roots.get(root as usize), Some(Root::Global(it)) if &**it == "super")
    }

    /// Writes a definition within as a slot; false if it has to be written out.
    fn inner(&self, node: Node<'_>, number: u32, encoder: &mut Encoder<'_>) -> bool {
        let forms = self.forms;
        if forms.is_open[number as usize].get() {
            return false;
        }
        if kind(node) == Kind::Lambda {
            encoder.slot();
        } else {
            encoder.open("Definition");
            encoder.identifier_field("name", node, node.aux());
            encoder.slot();
            encoder.close();
        }
        self.push(Slot::Child(number), node);
        true
    }
}

impl Shape for Holes<'_, '_> {
    fn keeps_string_kind(&self) -> bool {
        false
    }

    fn identifier(&self, _node: Node<'_>, word: u32, encoder: &mut Encoder<'_>) -> bool {
        match self.forms.normal.mark(word) {
            Some(Mark::Local { depth, number }) => {
                let depth = i64::from(depth) - self.depth;
                if depth < 0
                    && let Some(within) = self.within
                {
                    self.forms.is_open[within].set(true);
                }
                encoder.variable(depth, number);
            }
            Some(Mark::Enclosing { levels, .. }) => encoder.enclosing(levels),
            Some(Mark::Root { .. }) | None => return false,
        }
        true
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "other nodes are encoded as they are")]
    fn treat(&self, node: Node<'_>, encoder: &mut Encoder<'_>) -> Treatment {
        match kind(node) {
            Kind::Name | Kind::Attribute if self.chain(node, encoder) => Treatment::Done,
            Kind::Global | Kind::Nonlocal => Treatment::Omit,
            Kind::Import | Kind::ImportFrom => {
                self.imports(node);
                Treatment::Encode
            }
            Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef | Kind::Lambda => {
                match self.forms.numbers.get(&node.index()) {
                    Some(number) if self.inner(node, *number, encoder) => Treatment::Done,
                    _ => Treatment::Encode,
                }
            }
            _ => Treatment::Encode,
        }
    }
}
