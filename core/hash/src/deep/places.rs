//! Where a file's nodes are among a project's.

use rustc_hash::FxHashMap;

use super::linked::Linked;
use super::{Forms, Target};

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// A part of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Part {
    pub(super) start: u32,
    pub(super) len: u32,
}

pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// What is kept of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct FileParts {
    /// Its nodes: definitions, statements, names, and the module as a value. No nodes: there is no such file.
    pub(super) nodes: Part,
    pub(super) definitions: u32,
    pub(super) statements: u32,
    /// What its names depend on.
    pub(super) asked: Part,
    pub(super) offers: Part,
}

impl FileParts {
    /// Itself, or nothing if it can't be.
    pub(super) fn sound(self) -> Self {
        let named = self.definitions.checked_add(self.statements);
        if named.is_some_and(|it| it < self.nodes.len) { self } else { Self::default() }
    }
}

/// The nodes of a file.
#[derive(Clone, Debug)]
pub(super) struct FileNodes {
    pub(super) nodes: Vec<u32>,
    pub(super) definitions: u32,
    pub(super) statements: u32,
}

impl FileNodes {
    pub(super) fn definition(&self, number: u32) -> u32 {
        self.nodes[number as usize]
    }

    /// The node of the name at a place; none if it is no variable.
    pub(super) fn name(&self, at: usize) -> u32 {
        self.nodes[(self.definitions + self.statements) as usize + at]
    }
}

/// Where nodes are, changed files included.
pub(super) struct Places<'p> {
    pub(super) linked: &'p Linked,
    pub(super) files: &'p dyn Forms,
    pub(super) new: FxHashMap<u32, FileNodes>,
}

impl Places<'_> {
    fn node(&self, file: u32, at: impl Fn(u32, u32, usize) -> usize) -> u32 {
        if let Some(it) = self.new.get(&file) {
            let at = at(it.definitions, it.statements, it.nodes.len());
            return it.nodes.get(at).copied().unwrap_or(NONE);
        }
        let it = self.linked.files.get(file);
        let len = it.nodes.len as usize;
        let at = at(it.definitions, it.statements, len);
        if at < len { self.linked.node(file, count(at)) } else { NONE }
    }

    pub(super) fn definition(&self, file: u32, number: u32) -> u32 {
        self.node(file, |_, _, _| number as usize)
    }

    pub(super) fn statement(&self, file: u32, number: u32) -> u32 {
        self.node(file, |definitions, _, _| (definitions + number) as usize)
    }

    pub(super) fn module(&self, file: u32) -> u32 {
        self.node(file, |_, _, len| len.wrapping_sub(1))
    }

    pub(super) fn target(&self, target: &Target) -> Option<u32> {
        let node = match target {
            Target::Definition(file, number) => self.definition(*file, *number),
            Target::Statement(file, number) => self.statement(*file, *number),
            Target::Variable(file, name) => {
                let names = &self.files.of(*file).names;
                let place = names.binary_search_by(|it| (*it.0).cmp(name)).ok()?;
                self.node(*file, |definitions, statements, _| (definitions + statements) as usize + place)
            }
        };
        (node != NONE).then_some(node)
    }
}
