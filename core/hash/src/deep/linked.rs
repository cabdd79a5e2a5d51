//! A project whose names have been followed, kept up to date edit by edit.
//!
//! Nodes keep their numbers while what they stand for is there under its name, wherever in its file. An edit is taken
//! in two steps. [`Linked::link`] changes nothing, so it may be given up at any time: it compares what the changed
//! files offer with what they offered before, finds the files that had looked at something of the difference, and
//! follows the names of these and of the changed files. [`Linked::commit`] takes that over, and hashes anew what leads
//! to a node that is not as it was. The result is that of following all names of all files, whatever came before.
//!
//! Lists only grow, and what is out of use is left behind until it is a quarter of all; so what was added since a
//! moment can be written down by itself (see [`packed`](super::packed)), and of what was written only what an edit
//! leads to is read again (see [`column`](super::column)).

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Hash;
use crate::components::{Filled, SlotGraph};
use crate::form::{Binding, FileForms};
use crate::normal::NormalOptions;

use super::column::{Base, Column};
use super::facts::{Fact, Offers, OldNodes, changed, offers, short};
use super::fill::{Filler, Linking};
use super::index::Index;
use super::modules::ModuleTable;
use super::places::{FileNodes, FileParts, NONE, Part, Places, count};
use super::{Forms, ModuleTarget, Modules, domain};

/// What is asked for while names are followed.
pub trait Project: Modules + Forms {}

impl<P: Modules + Forms> Project for P {}

/// What is not as it was.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Files that are new, or have other forms.
    pub changed: Vec<u32>,
    /// Files that are not there any more.
    pub gone: Vec<u32>,
    /// Modules that are found elsewhere now: group and name.
    pub modules: Vec<(u32, Box<str>)>,
    /// Files whose dependencies are wanted.
    pub wanted: Vec<u32>,
}

/// A file whose names were followed.
#[derive(Debug)]
pub(super) struct NewFile {
    pub(super) file: u32,
    pub(super) nodes: FileNodes,
    pub(super) offers: Option<Offers>,
    pub(super) linking: Linking,
}

/// What [`Linked::link`] found.
#[derive(Debug, Default)]
pub struct Update {
    pub(super) files: Vec<NewFile>,
    pub(super) gone: Vec<u32>,
    pub(super) modules: Vec<((u32, Box<str>), ModuleTarget)>,
    /// How many nodes there will be.
    pub(super) nodes: u32,
    /// Free nodes that are left.
    pub(super) free: Vec<u32>,
}

/// The resolved definitions of a project.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    pub(super) domain: String,
    pub(super) files: Column<FileParts>,
    pub(super) file_nodes: Column<u32>,
    pub(super) asked: Column<u32>,
    pub(super) offers: Column<(u64, u64)>,
    /// Per node.
    pub(super) own: Column<Hash>,
    pub(super) hashes: Column<Hash>,
    pub(super) slots: Column<Part>,
    /// The file of each node.
    pub(super) homes: Column<u32>,
    /// What fills slots: a node or none, and the number of a text.
    pub(super) filled: Column<(u32, u32)>,
    pub(super) texts: Column<Hash>,
    /// The texts that were not read from elsewhere.
    pub(super) text_numbers: FxHashMap<Hash, u32>,
    pub(super) free: Vec<u32>,
    pub(super) modules: ModuleTable,
    /// How much of the lists is in use.
    pub(super) used: Used,
    /// Made when all was linked, if edits are to follow.
    pub(super) index: Option<Index>,
    /// What was read; none where all is new.
    pub(super) base: Option<Arc<Base>>,
}

/// How much of the lists that only grow is in use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Used {
    pub(super) asked: u32,
    pub(super) offers: u32,
    pub(super) filled: u32,
}

impl SlotGraph for Linked {
    fn own(&self, node: u32) -> Hash {
        self.own.get(node)
    }

    fn hash(&self, node: u32) -> Hash {
        self.hashes.get(node)
    }

    fn slot_count(&self, node: u32) -> usize {
        self.slots.get(node).len as usize
    }

    fn slot(&self, node: u32, at: usize) -> Option<Filled> {
        let part = self.slots.get(node);
        let at = u32::try_from(at).ok().filter(|it| *it < part.len)?;
        let (node, text) = self.filled.get(part.start.checked_add(at)?);
        Some(Filled { node: (node != NONE).then_some(node), text: self.texts.get(text) })
    }
}

impl Linked {
    /// Of no files. What is hashed with other options is another project.
    pub fn new(options: NormalOptions) -> Self {
        Self { domain: domain("deep", options), ..Self::default() }
    }

    /// Number of files, those that are gone included.
    pub fn len(&self) -> u32 {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.len() == 0
    }

    /// Whether some of what was read was not as it was written: then nothing that was found is true.
    pub fn is_broken(&self) -> bool {
        self.base.as_ref().is_some_and(|it| it.is_broken())
    }

    /// The modules that are found elsewhere now, by group and name.
    pub fn moved_modules(&self, find: &dyn Fn(u32, &str) -> ModuleTarget) -> Vec<(u32, Box<str>)> {
        self.modules.moved(find)
    }

    /// Where a module was found, if it was looked for.
    pub fn module(&self, group: u32, name: &str) -> Option<ModuleTarget> {
        self.modules.get(group, name)
    }

    /// The hashes of a file's definitions.
    pub fn hashes(&self, file: u32) -> Vec<Hash> {
        let nodes = self.known_nodes(file);
        let definitions = nodes.nodes.iter().take(nodes.definitions as usize);
        definitions.map(|it| self.hashes.get(*it)).collect()
    }

    /// How many definitions and statements a file has.
    pub(super) fn counts(&self, file: u32) -> (u32, u32) {
        let it = self.files.get(file);
        (it.definitions, it.statements)
    }

    /// The node of a file's n-th variable; `names` is where its names begin.
    pub(super) fn variable(&self, file: u32, names: u32, at: usize) -> Option<u32> {
        let nodes = self.file_nodes.part(self.files.get(file).nodes);
        let names = nodes.get(names as usize..nodes.len().checked_sub(1)?)?;
        names.iter().copied().filter(|it| *it != NONE).nth(at)
    }

    /// Per node, its file and its place among the file's definitions, statements and variables.
    pub(super) fn places(&self) -> Vec<(u32, u32)> {
        let mut out = vec![(0, 0); self.own.len() as usize];
        for file in 0..self.files.len() {
            let nodes = self.known_nodes(file).nodes;
            for (at, node) in (0..).zip(nodes.iter().filter(|it| **it != NONE)) {
                out[*node as usize] = (file, at);
            }
        }
        out
    }

    pub(super) fn node(&self, file: u32, at: u32) -> u32 {
        self.file_nodes.get(self.files.get(file).nodes.start.saturating_add(at))
    }

    /// What fills the slots of a definition, in the order of its form's: one hash each.
    pub fn filled(&self, file: u32, definition: u32) -> Vec<Hash> {
        let hash = |it: Filled| match it.node {
            Some(node) => {
                let mut bytes = self.hashes.get(node).as_bytes().to_vec();
                bytes.extend(it.text.as_bytes());
                Hash::of("astkit:filled", &bytes)
            }
            None => it.text,
        };
        self.slots(self.node(file, definition)).map(hash).collect()
    }

    /// Follows the names of what changed and of what depends on it; nothing is changed yet. With `is_noted`, later
    /// edits will be told apart; else all files have to be linked at once, and never again.
    pub fn link(&self, project: &dyn Project, changes: &Changes, is_noted: bool) -> Update {
        let mut update = Update { nodes: self.own.len(), free: self.free.clone(), ..Update::default() };
        let mut places = Places { linked: self, files: project, new: FxHashMap::default() };
        let mut differences = FxHashSet::default();
        let mut new_offers = FxHashMap::default();
        let mut to_link = changes.changed.clone();
        to_link.sort_unstable();
        to_link.dedup();
        for file in &to_link {
            let forms = project.of(*file);
            let nodes = self.file_nodes(*file, forms, &mut update);
            if is_noted {
                let offers = offers(*file, forms, &nodes);
                changed(&self.offers(*file), &offers, &mut differences);
                new_offers.insert(*file, offers);
            }
            places.new.insert(*file, nodes);
        }
        for file in &changes.gone {
            changed(&self.offers(*file), &[], &mut differences);
        }
        let module = |(group, name): &(u32, Box<str>)| short(Fact::Module(*group, name).key());
        differences.extend(changes.modules.iter().map(module));
        to_link.extend(changes.wanted.iter().filter(|it| self.is_there(**it)));
        to_link.extend(self.index.iter().flat_map(|it| it.askers(self, &differences)));
        to_link.retain(|it| !changes.gone.contains(it));
        to_link.sort_unstable();
        to_link.dedup();
        let mut filler = Filler::new(project, project, &places, is_noted);
        let linked = to_link.into_iter().map(|it| (it, filler.file(it))).collect::<Vec<_>>();
        update.modules = filler.modules().collect();
        let file = |(file, linking)| {
            let nodes = match places.new.get(&file) {
                Some(nodes) => nodes.clone(),
                None => self.known_nodes(file),
            };
            NewFile { file, nodes, offers: new_offers.remove(&file), linking }
        };
        update.files = linked.into_iter().map(file).collect();
        update.gone = changes.gone.iter().copied().filter(|it| self.is_there(*it)).collect();
        update
    }

    fn is_there(&self, file: u32) -> bool {
        file < self.files.len() && self.files.get(file).nodes.len > 0
    }

    fn offers(&self, file: u32) -> Cow<'_, [(u64, u64)]> {
        if file < self.files.len() { self.offers.part(self.files.get(file).offers) } else { Cow::default() }
    }

    pub(super) fn known_nodes(&self, file: u32) -> FileNodes {
        if file >= self.files.len() {
            return FileNodes { nodes: Vec::new(), definitions: 0, statements: 0 };
        }
        let it = self.files.get(file);
        let mut nodes = self.file_nodes.part(it.nodes).into_owned();
        let all = self.own.len();
        nodes.iter_mut().filter(|it| **it >= all).for_each(|it| *it = NONE);
        FileNodes { nodes, definitions: it.definitions, statements: it.statements }
    }

    /// Gives nodes to a file's definitions, statements and names: those that they had, as far as that can be told.
    fn file_nodes(&self, file: u32, forms: &FileForms, update: &mut Update) -> FileNodes {
        let known = self.known_nodes(file);
        let offers = self.offers(file);
        let mut old = OldNodes::new(&offers, self.own.len());
        let (definitions, statements) = (forms.definitions.len(), forms.statements.len());
        let mut nodes = vec![NONE; definitions + statements + forms.names.len() + 1];
        let mut unused = known.nodes.iter().copied().filter(|it| *it != NONE);
        let last = nodes.len() - 1;
        nodes[last] = known.nodes.last().copied().unwrap_or(NONE);
        old.is_taken(nodes[last]);
        if let (Some(first), Some(module)) = (nodes.first_mut(), known.nodes.first())
            && definitions > 0
            && known.definitions > 0
        {
            *first = *module;
            old.is_taken(*module);
        }
        for (at, (name, binding)) in forms.names.iter().enumerate() {
            let fact = Fact::Name(file, name);
            let (place, node) = match binding {
                Binding::Definition(number) => (*number as usize, old.take_definition(&fact)),
                Binding::Variable(_) => (definitions + statements + at, old.take_variable(&fact)),
                Binding::Import(_) => continue,
            };
            if let Some(node) = node
                && nodes[place] == NONE
            {
                nodes[place] = node;
            }
        }
        for class in &forms.classes {
            let node = nodes[class.definition as usize];
            if node == NONE {
                continue;
            }
            for (name, member) in &class.members {
                if nodes[*member as usize] == NONE
                    && let Some(node) = old.take_definition(&Fact::Member(node, name))
                {
                    nodes[*member as usize] = node;
                }
            }
        }
        // What has no name that others could use: by its own hash, so that what is new shifts nothing.
        let mut by_hash: FxHashMap<Hash, Vec<u32>> = FxHashMap::default();
        let nameless = known.nodes.iter().take((known.definitions + known.statements) as usize).rev();
        for node in nameless.filter(|it| !old.has_taken(**it)) {
            by_hash.entry(self.own.get(*node)).or_default().push(*node);
        }
        for (node, form) in nodes.iter_mut().zip(forms.definitions.iter().chain(&forms.statements)) {
            if *node == NONE
                && let Some(same) = by_hash.get_mut(&form.shape).and_then(Vec::pop)
            {
                *node = same;
                old.is_taken(same);
            }
        }
        let is_node = |at: usize| match at.checked_sub(definitions + statements) {
            Some(name) => forms.names.get(name).is_none_or(|it| matches!(it.1, Binding::Variable(_))),
            None => true,
        };
        for (at, node) in nodes.iter_mut().enumerate() {
            if *node == NONE && is_node(at) {
                *node = old.take_any(&mut unused).or_else(|| update.free.pop()).unwrap_or_else(|| {
                    update.nodes += 1;
                    update.nodes - 1
                });
            }
        }
        update.free.extend(std::iter::from_fn(|| old.take_any(&mut unused)));
        FileNodes { nodes, definitions: count(definitions), statements: count(statements) }
    }
}
