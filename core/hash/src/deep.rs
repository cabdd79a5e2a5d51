//! Levels `semantic` and `deep`: forms whose slots are filled with names, or with what the names mean.
//!
//! Names are followed through definitions, imports, star imports, submodules, classes and their bases; what is found
//! in the given files counts by its own hash, anything else by its name, and what should be there and is not is
//! listed. The graph then goes to [`graph_hashes`], which knows nothing of names.
//!
//! # Encoding
//!
//! The graph's nodes are definitions, with the shapes of their [forms](crate::form); variables, with the hash of
//! nothing in the domain `astkit:variable`, whose slots are the statements that bind or change them; those
//! statements; and modules as values, with the hash of nothing in the domain `astkit:module`, whose slots are the
//! module's code, each imported name followed by what it means, and the modules whose names star imports bring. The text of a slot is BLAKE3 over a domain, a zero byte, and texts as in the
//! [encoding](crate::encoding):
//!
//! | slot | domain | texts |
//! |---|---|---|
//! | a name, at `semantic` or if it is not followed | `astkit:name` | what it is: `global` and the name; `module` and the module; `from`, the dots, the module and the name. Then the attributes |
//! | a name of a module outside | `astkit:outside` | what is said of the distribution; the full name; the attributes |
//! | a name that is followed | `astkit:found` | the attributes that were not followed |
//! | a definition within, around, or a member | `astkit:inner` | nothing |

mod resolve;

use rustc_hash::FxHashMap;

use crate::Hash;
use crate::components::{Filled, GraphNode, graph_hashes};
use crate::form::{Binding, FileForms, Form, Slot};
use crate::normal::{NormalOptions, Root};

use resolve::{Found, Resolver};

/// Where a module is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ModuleTarget {
    /// It is one of the given files: its number.
    File(u32),
    /// It is outside; what counts of it: a distribution and its version, or nothing.
    Outside(Box<str>),
    /// It is not there.
    Missing,
}

/// Finds modules for imports.
pub trait Modules {
    /// What counts of built-in names besides their names: a version of Python, or nothing.
    fn python(&self) -> &str;

    /// The full name of a module that is imported in a file; none if the dots lead out of its package.
    fn full_name(&self, file: u32, level: u32, module: &str) -> Option<String>;

    /// Files of a group find the same modules under the same names.
    fn group(&self, file: u32) -> u32;

    /// Where a module is that is imported in a file of a group.
    fn find(&self, group: u32, name: &str) -> ModuleTarget;
}

/// All modules are outside.
#[derive(Clone, Copy, Debug)]
pub struct NoModules;

impl Modules for NoModules {
    fn python(&self) -> &'static str {
        ""
    }

    fn full_name(&self, _file: u32, level: u32, module: &str) -> Option<String> {
        Some(format!("{}{module}", ".".repeat(level as usize)))
    }

    fn group(&self, _file: u32) -> u32 {
        0
    }

    fn find(&self, _group: u32, _name: &str) -> ModuleTarget {
        ModuleTarget::Outside("".into())
    }
}

/// A definition or variable of a file.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Target {
    /// A definition: file and number.
    Definition(u32, u32),
    /// A variable: file and name.
    Variable(u32, Box<str>),
    /// A statement that binds or changes variables: file and number.
    Statement(u32, u32),
}

impl Target {
    /// The file.
    pub fn file(&self) -> u32 {
        match self {
            Self::Definition(file, _) | Self::Variable(file, _) | Self::Statement(file, _) => *file,
        }
    }
}

/// What a slot of a file's forms is called in reports; none for what has no name.
pub fn slot_name(forms: &FileForms, slot: &Slot) -> String {
    let path = |it: u32| forms.paths[it as usize].join(".");
    match slot {
        Slot::Child(child) => format!("<definition {child}>"),
        Slot::Around(_) => "<around>".to_owned(),
        Slot::Member { path: it, is_super: false, .. } => format!("self.{}", path(*it)),
        Slot::Member { path: it, is_super: true, .. } => format!("super().{}", path(*it)),
        Slot::Name { root, path: it } => {
            let root = root_name(&forms.roots[*root as usize]);
            if forms.paths[*it as usize].is_empty() { root } else { format!("{root}.{}", path(*it)) }
        }
    }
}

/// Why something was not followed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// Nothing binds the name, and it is not built in.
    Undefined,
    /// It may come of a star import of a module outside.
    OpaqueStar,
    /// The module is not there.
    MissingModule,
    /// The module has no such name.
    MissingName,
}

impl Reason {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Undefined => "undefined-name",
            Self::OpaqueStar => "opaque-star-import",
            Self::MissingModule => "missing-module",
            Self::MissingName => "missing-name",
        }
    }
}

/// Something that was not followed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unresolved {
    /// The name as it counts.
    pub name: String,
    /// Why.
    pub reason: Reason,
    /// The node where it stands, by [`Node::index`](astkit_ast::Node::index).
    pub place: u32,
}

/// What is known of a definition at level `deep`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Dependencies {
    /// What it refers to, each once, in order.
    pub targets: Vec<Target>,
    /// What could not be followed, each once, in order.
    pub unresolved: Vec<Unresolved>,
}

/// The level `deep` of some files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deep {
    /// Per file, per definition.
    pub hashes: Vec<Vec<Hash>>,
    /// Per file, per definition.
    pub dependencies: Vec<Vec<Dependencies>>,
    nodes: Vec<GraphNode>,
    all: Vec<Hash>,
    numbering: Numbering,
}

impl Deep {
    /// What fills the slots of a definition, in the order of its form's: one hash each.
    pub fn filled(&self, file: u32, definition: u32) -> Vec<Hash> {
        filled(&self.nodes[self.numbering.definition(file, definition) as usize], &self.all)
    }

    /// What fills the slots of something, in the order of its form's; none for what is a name alone.
    ///
    /// The slots of a variable are its statements.
    pub fn targets(&self, of: &Target) -> Vec<Option<Target>> {
        let Some(node) = self.numbering.target(of) else { return Vec::new() };
        let slots = self.nodes[node as usize].slots.iter();
        slots.map(|it| it.node.map(|it| self.numbering.inverse(it))).collect()
    }

    /// The hash of a definition, variable or statement.
    pub fn of(&self, target: &Target) -> Option<Hash> {
        self.numbering.target(target).map(|it| self.all[it as usize])
    }
}

/// The domain of a level.
fn domain(level: &str, options: NormalOptions) -> String {
    let options = options.to_string();
    let dash = if options.is_empty() { "" } else { " " };
    format!("astkit:{level}:{}{dash}{options}", crate::SCHEME)
}

/// The hashes of a file's definitions at `semantic`.
pub fn semantic_hashes(forms: &FileForms, options: NormalOptions) -> Vec<Hash> {
    let inner = inner_text();
    let mut texts: FxHashMap<(u32, u32), Hash> = FxHashMap::default();
    let mut node = |form: &Form| {
        let mut fill = |slot: &Slot| match slot {
            Slot::Child(child) => Some(Filled { node: Some(*child), text: inner }),
            Slot::Name { root, path } => {
                let text = texts
                    .entry((*root, *path))
                    .or_insert_with(|| name_text(&forms.roots[*root as usize], &forms.paths[*path as usize]));
                Some(Filled { node: None, text: *text })
            }
            Slot::Member { .. } | Slot::Around(_) => None,
        };
        GraphNode { own: form.shape, slots: form.slots.iter().filter_map(&mut fill).collect() }
    };
    let nodes: Vec<GraphNode> = forms.definitions.iter().map(&mut node).collect();
    graph_hashes(&domain("semantic", options), &nodes)
}

/// What fills the slots of a definition at `semantic`, in the order of its form's.
pub fn semantic_slots(forms: &FileForms, definition: usize, hashes: &[Hash]) -> Vec<Option<Hash>> {
    let fill = |slot: &Slot| match slot {
        Slot::Child(child) => hashes.get(*child as usize).copied(),
        Slot::Name { root, path } => {
            Some(name_text(&forms.roots[*root as usize], &forms.paths[*path as usize]))
        }
        Slot::Member { .. } | Slot::Around(_) => None,
    };
    forms.definitions[definition].slots.iter().map(fill).collect()
}

/// The hashes of all definitions of some files at `deep`. Cost: linear, up to the length of import chains.
pub fn deep_hashes(files: &[&FileForms], modules: &dyn Modules, options: NormalOptions) -> Deep {
    let numbering = Numbering::new(files);
    let resolver = Resolver::new(files, modules);
    let mut filler = Filler { files, numbering: &numbering, resolver, known: FxHashMap::default() };
    let mut nodes = Vec::new();
    let mut dependencies = Vec::with_capacity(files.len());
    for (at, file) in (0..).zip(files) {
        filler.known.clear();
        let mut of_file = Vec::with_capacity(file.definitions.len());
        for form in &file.definitions {
            let mut found = Dependencies::default();
            nodes.push(filler.node(at, form, &mut found));
            of_file.push(found);
        }
        dependencies.push(of_file);
        for form in &file.statements {
            nodes.push(filler.node(at, form, &mut Dependencies::default()));
        }
        for (_, binding) in &file.names {
            if let Binding::Variable(statements) = binding {
                let fill = |it: &u32| Filled { node: Some(numbering.statement(at, *it)), text: inner_text() };
                let own = Hash::of("astkit:variable", &[]);
                nodes.push(GraphNode { own, slots: statements.iter().map(fill).collect() });
            }
        }
        nodes.push(filler.module(at));
    }
    let all = graph_hashes(&domain("deep", options), &nodes);
    let of_file = |(at, file): (u32, &&FileForms)| {
        let start = numbering.definition(at, 0) as usize;
        all[start..start + file.definitions.len()].to_vec()
    };
    let hashes = (0..).zip(files).map(of_file).collect();
    Deep { hashes, dependencies, nodes, all, numbering }
}

/// What fills the slots of a node: one hash each.
fn filled(node: &GraphNode, hashes: &[Hash]) -> Vec<Hash> {
    let hash = |it: &Filled| match it.node {
        Some(node) => {
            let mut bytes = hashes[node as usize].as_bytes().to_vec();
            bytes.extend(it.text.as_bytes());
            Hash::of("astkit:filled", &bytes)
        }
        None => it.text,
    };
    node.slots.iter().map(hash).collect()
}

/// The numbers of the graph's nodes.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Numbering {
    /// Per file: its first definition, statement and variable.
    starts: Vec<[u32; 3]>,
    /// Per file, the module as a value.
    modules: Vec<u32>,
    variables: Vec<Vec<(Box<str>, u32)>>,
}

impl Numbering {
    fn new(files: &[&FileForms]) -> Self {
        let count = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        let (mut starts, mut modules, mut variables) = (Vec::new(), Vec::new(), Vec::new());
        let mut next = 0;
        for file in files {
            let statements = next + count(file.definitions.len());
            let first = statements + count(file.statements.len());
            let names = file.names.iter().filter(|it| matches!(it.1, Binding::Variable(_)));
            let list: Vec<_> = names.map(|it| it.0.clone()).zip(first..).collect();
            starts.push([next, statements, first]);
            modules.push(first + count(list.len()));
            next = first + count(list.len()) + 1;
            variables.push(list);
        }
        Self { starts, modules, variables }
    }

    fn definition(&self, file: u32, number: u32) -> u32 {
        self.starts[file as usize][0] + number
    }

    fn module(&self, file: u32) -> u32 {
        self.modules[file as usize]
    }

    fn statement(&self, file: u32, number: u32) -> u32 {
        self.starts[file as usize][1] + number
    }

    fn target(&self, target: &Target) -> Option<u32> {
        match target {
            Target::Definition(file, number) => Some(self.definition(*file, *number)),
            Target::Statement(file, number) => Some(self.statement(*file, *number)),
            Target::Variable(file, name) => {
                let list = &self.variables[*file as usize];
                let at = list.binary_search_by(|it| it.0.cmp(name)).ok()?;
                Some(list[at].1)
            }
        }
    }
}

impl Numbering {
    /// What a node is.
    fn inverse(&self, node: u32) -> Target {
        let at = self.starts.partition_point(|it| it[0] <= node).saturating_sub(1);
        let file = u32::try_from(at).unwrap_or(u32::MAX);
        let [definitions, statements, variables] = self.starts[at];
        if node < statements {
            Target::Definition(file, node - definitions)
        } else if node < variables {
            Target::Statement(file, node - statements)
        } else {
            match self.variables[at].get((node - variables) as usize) {
                Some((name, _)) => Target::Variable(file, name.clone()),
                None => Target::Definition(file, 0),
            }
        }
    }
}

struct Filler<'f> {
    files: &'f [&'f FileForms],
    numbering: &'f Numbering,
    resolver: Resolver<'f>,
    /// Slots of the file that were filled before: most names are used more than once.
    known: FxHashMap<&'f Slot, Known>,
}

/// What fills a slot, and what is known of it.
#[derive(Clone)]
struct Known {
    filled: Filled,
    target: Option<Target>,
    unresolved: Option<(String, Reason)>,
}

impl From<Filled> for Known {
    fn from(filled: Filled) -> Self {
        Self { filled, target: None, unresolved: None }
    }
}

impl<'f> Filler<'f> {
    fn node(&mut self, file: u32, form: &'f Form, found: &mut Dependencies) -> GraphNode {
        let mut slots = Vec::with_capacity(form.slots.len());
        for (slot, place) in form.slots.iter().zip(&form.places) {
            if !self.known.contains_key(slot) {
                let filled = self.fill(file, slot);
                self.known.insert(slot, filled);
            }
            let known = &self.known[slot];
            slots.push(known.filled);
            found.targets.extend(known.target.clone());
            let unresolved = known.unresolved.clone();
            found.unresolved.extend(unresolved.map(|(name, reason)| Unresolved {
                name,
                reason,
                place: *place,
            }));
        }
        let mut seen = rustc_hash::FxHashSet::default();
        found.targets.retain(|it| seen.insert(it.clone()));
        let mut seen = rustc_hash::FxHashSet::default();
        found.unresolved.retain(|it| seen.insert((it.name.clone(), it.reason)));
        GraphNode { own: form.shape, slots }
    }

    /// A module as a value: its code, and what it imports for others.
    fn module(&mut self, file: u32) -> GraphNode {
        let inner = inner_text();
        let mut slots = vec![Filled { node: Some(self.numbering.definition(file, 0)), text: inner }];
        for (name, binding) in &self.files[file as usize].names {
            if let Binding::Import(root) = binding {
                slots.push(Filled { node: None, text: texts("astkit:name", [&**name]) });
                slots.push(self.fill_name(file, root, &[]).filled);
            }
        }
        for (level, module) in &self.files[file as usize].stars {
            let found = self.resolver.star_module(file, *level, module);
            slots.push(Filled { node: found.map(|it| self.numbering.module(it)), text: inner });
        }
        GraphNode { own: Hash::of("astkit:module", &[]), slots }
    }

    fn fill(&mut self, file: u32, slot: &Slot) -> Known {
        let text = inner_text();
        match slot {
            Slot::Child(child) | Slot::Around(child) => {
                Filled { node: Some(self.numbering.definition(file, *child)), text }.into()
            }
            Slot::Member { class, path, is_super } => {
                let name = self.files[file as usize].paths[*path as usize].first();
                let member = name.and_then(|it| self.resolver.member(file, *class, it, *is_super));
                let Some(member) = member else { return Filled { node: None, text }.into() };
                let filled = Filled { node: Some(self.numbering.definition(member.0, member.1)), text };
                let target = Some(Target::Definition(member.0, member.1));
                Known { filled, target, unresolved: None }
            }
            Slot::Name { root, path } => {
                let forms = self.files[file as usize];
                self.fill_name(file, &forms.roots[*root as usize], &forms.paths[*path as usize])
            }
        }
    }

    fn fill_name(&mut self, file: u32, root: &Root, path: &[Box<str>]) -> Known {
        let outside = |texts_of: [&str; 2]| Filled { node: None, text: texts("astkit:outside", texts_of) };
        let by_name = Filled { node: None, text: name_text(root, path) };
        match self.resolver.resolve(file, root, path) {
            Found::Target { target, rest } => {
                let node = self.numbering.target(&target);
                let rest = path.get(path.len() - rest.min(path.len())..).unwrap_or_default();
                let text = texts("astkit:found", rest.iter().map(|it| &**it));
                Known { filled: Filled { node, text }, target: Some(target), unresolved: None }
            }
            Found::Module(module) => {
                let filled = Filled { node: Some(self.numbering.module(module)), text: inner_text() };
                Known { filled, target: Some(Target::Definition(module, 0)), unresolved: None }
            }
            Found::Outside { distribution, name } => outside([&distribution, &name]).into(),
            Found::BuiltIn(python) if !python.is_empty() => outside([&python, &root_name(root)]).into(),
            Found::BuiltIn(_) => by_name.into(),
            Found::Unresolved { name, reason } => {
                Known { filled: by_name, target: None, unresolved: Some((name, reason)) }
            }
        }
    }
}

fn inner_text() -> Hash {
    Hash::of("astkit:inner", &[])
}

/// The text of a name that counts by itself.
pub(crate) fn name_text(root: &Root, path: &[Box<str>]) -> Hash {
    let path = path.iter().map(|it| &**it);
    match root {
        Root::Global(name) => texts("astkit:name", ["global", name].into_iter().chain(path)),
        Root::Module { module } => texts("astkit:name", ["module", module].into_iter().chain(path)),
        Root::From { level, module, name } => {
            let dots = ".".repeat(*level as usize);
            texts("astkit:name", ["from", &dots, module, name].into_iter().chain(path))
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

fn texts<'t>(domain: &str, texts: impl IntoIterator<Item = &'t str>) -> Hash {
    let mut bytes = Vec::new();
    for text in texts {
        bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    Hash::of(domain, &bytes)
}
