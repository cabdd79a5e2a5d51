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

mod module;

use std::cell::{Cell, RefCell};

use astkit_ast::python::{ExprContext, Kind, Role, kind, view};
use astkit_ast::tree::Node;
use astkit_ast::{DefKind, Definition, Lowered, SourceText};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::encoding::{Encoder, Shape, Treatment};
use crate::normal::{Mark, NormalForm, NormalOptions, Root};
use crate::{Hash, SCHEME, damaged};

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
    let paths = encoder.paths.into_inner().1;
    Some(FileForms { definitions: forms, paths, statements, names, stars, classes, roots: normal.roots })
}

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
    origins: Vec<u32>,
    root_ids: FxHashMap<&'a Root, u32>,
    /// Paths by number, and numbers by path.
    paths: RefCell<(FxHashMap<Path, u32>, Vec<Path>)>,
}

impl<'a> FormEncoder<'a> {
    fn new(normal: &'a NormalForm, definitions: &'a [Definition<'a>]) -> Self {
        let nodes: Vec<_> = definitions.iter().map(|it| normal.definition(it.node)).collect();
        let numbers = (0..).zip(&nodes).filter_map(|(at, it)| it.map(|it| (it.index(), at))).collect();
        let body = normal.tree.root().children();
        Self {
            normal,
            definitions,
            numbers,
            depths: depths(&normal.tree, &nodes),
            is_open: vec![Cell::new(false); nodes.len()],
            nodes,
            origins: normal.origins(),
            paths: RefCell::default(),
            root_ids: normal.roots.iter().zip(0..).collect(),
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
        let shape = Holes {
            forms: self,
            within,
            depth: within.map_or(0, |it| i64::from(self.depths[it])),
            receiver: within.and_then(|it| self.receiver(it)),
            slots: RefCell::new(Vec::new()),
            follows_imports,
            followed: Cell::new((0, 0)),
        };
        write(&mut Encoder::new(&shape, bytes));
        let (slots, places) = shape.slots.into_inner().into_iter().unzip();
        Form { shape: Hash::of(&format!("astkit:shape:{SCHEME}"), bytes), slots, places, origin: 0 }
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

/// Per definition: how many functions, lambdas and comprehensions are around it.
fn depths(tree: &astkit_ast::Tree, nodes: &[Option<Node<'_>>]) -> Vec<u32> {
    let mut by_node = FxHashMap::default();
    let mut stack = vec![(tree.root(), 0)];
    while let Some((node, depth)) = stack.pop() {
        let is_function = matches!(
            kind(node),
            Kind::FunctionDef
                | Kind::AsyncFunctionDef
                | Kind::Lambda
                | Kind::ListComp
                | Kind::SetComp
                | Kind::DictComp
                | Kind::GeneratorExp
        );
        if is_function || kind(node) == Kind::ClassDef {
            by_node.insert(node.index(), depth);
        }
        // Decorators, defaults and the first iterable are evaluated outside.
        let inside = |it: Node<'_>| !is_function || is_evaluated_inside(node, it);
        stack.extend(node.children().map(|it| (it, depth + u32::from(is_function && inside(it)))));
    }
    let depth = |it: &Option<Node<'_>>| it.and_then(|it| by_node.get(&it.index()).copied()).unwrap_or(0);
    nodes.iter().map(depth).collect()
}

/// Whether a child of a function, lambda or comprehension is evaluated in its scope.
///
/// Of a comprehension, all but the first iterable is; a definition cannot stand there but as a lambda, which takes the
/// depth of what is around the comprehension.
fn is_evaluated_inside(node: Node<'_>, child: Node<'_>) -> bool {
    let is_function = matches!(kind(node), Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::Lambda);
    !is_function || child.role() == Role::Body.into()
}

/// The shape with holes.
struct Holes<'f, 'a> {
    forms: &'f FormEncoder<'a>,
    /// The definition.
    within: Option<usize>,
    /// Its depth.
    depth: i64,
    receiver: Option<(u32, &'a str)>,
    /// Each with the node where it stands.
    slots: RefCell<Vec<(Slot, u32)>>,
    /// Whether imports are followed: in statements that bind variables.
    follows_imports: bool,
    /// The nodes of the last chain that began otherwise: its parts need not be followed again.
    followed: Cell<(u32, u32)>,
}

impl Holes<'_, '_> {
    /// The number of a path.
    fn path(&self, path: Vec<Box<str>>) -> u32 {
        let (numbers, list) = &mut *self.forms.paths.borrow_mut();
        let next = u32::try_from(list.len()).unwrap_or(u32::MAX);
        let path: Path = path.into();
        let number = *numbers.entry(path.clone()).or_insert(next);
        if number == next {
            list.push(path);
        }
        number
    }

    fn push(&self, slot: Slot, node: Node<'_>) {
        let place = self.forms.origins.get(node.index() as usize).copied().unwrap_or(0);
        self.slots.borrow_mut().push((slot, place));
    }

    /// What the names of an import stand for: slots without holes.
    fn imports(&self, import: Node<'_>) {
        for alias in import.children() {
            let origin = self.forms.origins.get(alias.index() as usize);
            let is_loose = origin.is_some_and(|it| self.forms.normal.loose_imports.contains(it));
            if !self.follows_imports && !is_loose {
                continue;
            }
            let root = module::imported(import, alias).and_then(|it| self.forms.root_ids.get(&it).copied());
            if let Some(root) = root {
                let path = self.path(Vec::new());
                self.push(Slot::Name { root, path }, alias);
            }
        }
    }

    /// Writes a chain of attributes that begins with a slot; false if it begins otherwise.
    fn chain(&self, node: Node<'_>, encoder: &mut Encoder<'_>) -> bool {
        let (first, last) = self.followed.get();
        let is_followed = (first..last).contains(&node.index());
        let (mut root, mut path) = (node, Vec::new());
        while let Some(it) = view::Attribute::cast(root) {
            if it.ctx() != ExprContext::Load {
                return false;
            }
            if is_followed && kind(it.value()) == Kind::Attribute {
                return false;
            }
            path.push(Box::from(it.attr()));
            root = it.value();
        }
        path.reverse();
        if !is_followed {
            self.followed.set((node.index(), root.index()));
        }
        let mut path: Vec<Box<str>> = path;
        if let Some(name) = view::Name::cast(root) {
            if let Some(Mark::Root { root, .. }) = Mark::read(name.id()) {
                encoder.slot();
                let path = self.path(path);
                self.push(Slot::Name { root, path }, node);
                return true;
            }
            if let Some((class, receiver)) = self.receiver
                && name.id() == receiver
                && let (Some(name), 0) = (path.pop(), path.len())
            {
                let path = self.path(vec![name]);
                self.push(Slot::Member { class, path, is_super: false }, node);
            }
        } else if self.is_super(root)
            && let (Some((class, _)), Some(name), 0) = (self.receiver, path.pop(), path.len())
        {
            let path = self.path(vec![name]);
            self.push(Slot::Member { class, path, is_super: true }, node);
        }
        false
    }

    fn is_super(&self, node: Node<'_>) -> bool {
        let name = view::Call::cast(node).and_then(|it| view::Name::cast(it.func()));
        let Some(Mark::Root { root, .. }) = name.and_then(|it| Mark::read(it.id())) else { return false };
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
            encoder.identifier_field("name", node.name_of(node.aux()).unwrap_or_default());
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

    fn identifier(&self, name: &str, encoder: &mut Encoder<'_>) -> bool {
        match Mark::read(name) {
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
