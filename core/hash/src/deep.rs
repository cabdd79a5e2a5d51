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
//! | a pin that is followed | `astkit:pin` | nothing |
//! | another pin | `astkit:pin` | what it is: `text` and the text; `outside`, what is said of the distribution or of Python, and the full name; `missing` and what is named |

mod column;
mod commit;
mod facts;
mod fill;
mod index;
mod linked;
mod modules;
mod packed;
mod places;
mod resolve;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::Hash;
use crate::components::{Filled, GraphNode, SlotGraph, graph_hashes};
use crate::form::{Binding, FileForms, Form, Slot};
use crate::normal::{NormalOptions, Root};

pub use column::Source;
pub use commit::Committed;
pub use linked::{Changes, Linked, Project, Update};

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

/// Forms of files by number.
pub trait Forms {
    /// The forms of a file.
    fn of(&self, file: u32) -> &FileForms;
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
    Variable(u32, Arc<str>),
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
        Slot::Text(text) => format!("pin \"{}\"", path(*text)),
        Slot::Pin { root, path } => {
            format!("pin {}", slot_name(forms, &Slot::Name { root: *root, path: *path }))
        }
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
    /// It is pinned by a comment, and is not there.
    MissingPin,
}

impl Reason {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Undefined => "undefined-name",
            Self::OpaqueStar => "opaque-star-import",
            Self::MissingModule => "missing-module",
            Self::MissingName => "missing-name",
            Self::MissingPin => "missing-pin",
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
#[derive(Clone, Debug)]
pub struct Deep {
    /// Per file, per definition.
    pub hashes: Vec<Vec<Hash>>,
    /// Per file, per definition.
    pub dependencies: Vec<Vec<Dependencies>>,
    linked: Linked,
    /// Per file, the names of its variables.
    variables: Vec<Vec<Arc<str>>>,
    /// Per node, where it is.
    places: Vec<(u32, u32)>,
}

impl Deep {
    /// What fills the slots of a definition, in the order of its form's: one hash each.
    pub fn filled(&self, file: u32, definition: u32) -> Vec<Hash> {
        self.linked.filled(file, definition)
    }

    /// What fills the slots of something, in the order of its form's; none for what is a name alone.
    ///
    /// The slots of a variable are its statements.
    pub fn targets(&self, of: &Target) -> Vec<Option<Target>> {
        let Some(node) = self.node(of) else { return Vec::new() };
        let target = |node: u32| {
            let (file, at) = self.places[node as usize];
            self.target(file, at)
        };
        SlotGraph::slots(&self.linked, node).map(|it| it.node.map(target)).collect()
    }

    /// The hash of a definition, variable or statement.
    pub fn of(&self, target: &Target) -> Option<Hash> {
        self.node(target).map(|it| self.linked.hash(it))
    }

    fn node(&self, target: &Target) -> Option<u32> {
        let (definitions, statements) = self.linked.counts(target.file());
        Some(match target {
            Target::Definition(file, number) => self.linked.node(*file, *number),
            Target::Statement(file, number) => self.linked.node(*file, definitions + number),
            Target::Variable(file, name) => {
                let at = self.variables[*file as usize].binary_search(name).ok()?;
                self.linked.variable(*file, definitions + statements, at)?
            }
        })
    }

    /// What is the n-th node of a file.
    fn target(&self, file: u32, at: u32) -> Target {
        let (definitions, statements) = self.linked.counts(file);
        if at < definitions {
            return Target::Definition(file, at);
        }
        if at < definitions + statements {
            return Target::Statement(file, at - definitions);
        }
        match self.variables[file as usize].get((at - definitions - statements) as usize) {
            Some(name) => Target::Variable(file, Arc::clone(name)),
            None => Target::Definition(file, 0),
        }
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
            Slot::Member { .. } | Slot::Around(_) | Slot::Pin { .. } | Slot::Text(_) => None,
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
        Slot::Member { .. } | Slot::Around(_) | Slot::Pin { .. } | Slot::Text(_) => None,
    };
    forms.definitions[definition].slots.iter().map(fill).collect()
}

/// The hashes of all definitions of some files at `deep`. Cost: linear, up to the length of import chains.
pub fn deep_hashes(files: &[&FileForms], modules: &dyn Modules, options: NormalOptions) -> Deep {
    let project = Given { files, modules };
    let mut linked = Linked::new(options);
    let all = Changes { changed: (0..places::count(files.len())).collect(), ..Changes::default() };
    let update = linked.link(&project, &all, false);
    let dependencies = linked.commit(update).dependencies.into_iter().map(|it| it.1).collect();
    let hashes = (0..linked.len()).map(|it| linked.hashes(it)).collect();
    let variables = files.iter().map(|it| variables(it)).collect();
    Deep { hashes, dependencies, places: linked.places(), linked, variables }
}

/// Files and modules that are given as they are.
struct Given<'g> {
    files: &'g [&'g FileForms],
    modules: &'g dyn Modules,
}

impl Forms for Given<'_> {
    fn of(&self, file: u32) -> &FileForms {
        self.files[file as usize]
    }
}

impl Modules for Given<'_> {
    fn python(&self) -> &str {
        self.modules.python()
    }

    fn full_name(&self, file: u32, level: u32, module: &str) -> Option<String> {
        self.modules.full_name(file, level, module)
    }

    fn group(&self, file: u32) -> u32 {
        self.modules.group(file)
    }

    fn find(&self, group: u32, name: &str) -> ModuleTarget {
        self.modules.find(group, name)
    }
}

/// The variables of a file, in the order of their names.
fn variables(forms: &FileForms) -> Vec<Arc<str>> {
    let names = forms.names.iter().filter(|it| matches!(it.1, Binding::Variable(_)));
    names.map(|it| Arc::from(&*it.0)).collect()
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
    let mut bytes = Vec::with_capacity(128);
    bytes.extend_from_slice(domain.as_bytes());
    bytes.push(0);
    for text in texts {
        bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    Hash::of_all(&bytes)
}
