//! What other files can see of a file: names, and what stands behind them.

use std::fmt::Write as _;

use super::packed::{NONE, Packed, Words};

pub(super) const FLAGS: usize = 0;
pub(super) const NAMES: usize = 1;
pub(super) const ITEMS: usize = 3;
pub(super) const BINDINGS: usize = 4;
pub(super) const MEMBERS: usize = 5;
pub(super) const IMPORTS: usize = 6;
pub(super) const ALL: usize = 7;

pub(super) const EXTENDS_PATH: u32 = 1;
pub(super) const ALL_DEFINITE: u32 = 1 << 1;
pub(super) const ALL_OPAQUE: u32 = 1 << 2;

/// Set in an item's kind.
const DECLARED_GLOBAL: u32 = 1 << 7;

pub(super) const IN_FUNCTION: u32 = 1;
pub(super) const STAR: u32 = 1 << 1;

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum ItemKind {
    /// The module-level code of a file.
    Module,
    /// A class.
    Class,
    /// A function defined by `def`.
    Function,
    /// A function defined by `async def`.
    AsyncFunction,
    /// A lambda.
    Lambda,
    /// A module-level name that statements give values to.
    Variable,
}

impl ItemKind {
    pub(super) const ALL: [Self; 6] =
        [Self::Module, Self::Class, Self::Function, Self::AsyncFunction, Self::Lambda, Self::Variable];

    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            ItemKind::Module => "module",
            ItemKind::Class => "class",
            ItemKind::Function => "function",
            ItemKind::AsyncFunction => "async_function",
            ItemKind::Lambda => "lambda",
            ItemKind::Variable => "variable",
        }
    }

    /// Kind and number of twin, in a word.
    pub(super) fn pack(self, twin: u32) -> u32 {
        (twin << 8) | self as u32
    }

    /// The same of a definition that is declared `global` where it stands.
    pub(super) fn pack_global(self, twin: u32) -> u32 {
        self.pack(twin) | DECLARED_GLOBAL
    }

    pub(super) fn unpack(word: u32) -> (Self, u32, bool) {
        let kind = Self::ALL.get(word as usize & 0x7f).copied().unwrap_or(Self::Variable);
        (kind, word >> 8, word & DECLARED_GLOBAL != 0)
    }
}

/// A definition or variable that is seen from outside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InterfaceItem<'a> {
    /// What it is.
    pub kind: ItemKind,
    /// Its own name.
    pub name: &'a str,
    /// The item that it is in; none for the module.
    pub parent: Option<u32>,
    /// 1, or 2, 3, ... for later items of the same name in the same place.
    pub twin: u32,
    /// Whether it is declared `global` where it stands, and so named as if it stood in the module.
    pub is_global: bool,
}

/// What gives a module-level name its value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Binder {
    /// A definition: its item.
    Definition(u32),
    /// A variable: its item.
    Variable(u32),
    /// An import: its number.
    Import(u32),
}

/// One name of an import statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Import<'a> {
    /// The module, as written after the dots; empty for `from . import x`.
    pub module: &'a str,
    /// Number of dots.
    pub level: u32,
    /// What is imported of the module; none for `import module` and for `*`.
    pub name: Option<&'a str>,
    /// The name after `as`.
    pub alias: Option<&'a str>,
    /// Whether it is `from module import *`.
    pub is_star: bool,
    /// Whether it stands in a function or lambda.
    pub in_function: bool,
}

impl<'a> Import<'a> {
    /// The name that it binds; none for `*`.
    pub fn binds(&self) -> Option<&'a str> {
        match (self.alias, self.name) {
            (Some(alias), _) => Some(alias),
            (None, Some(name)) => Some(name),
            (None, None) if self.is_star => None,
            (None, None) => self.module.split('.').next(),
        }
    }
}

/// What a module says about its exported names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DunderAll<'a> {
    /// It has no `__all__`.
    Absent,
    /// These, in order.
    Definite(Vec<&'a str>),
    /// These, and maybe others: some statement about `__all__` can't be understood.
    Opaque(Vec<&'a str>),
}

/// What other files can see of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Interface {
    pub(super) packed: Packed,
}

impl Interface {
    /// Whether the file, as a package's `__init__`, widens its path: see [`modules`](crate::modules).
    pub fn extends_path(&self) -> bool {
        self.flags() & EXTENDS_PATH != 0
    }

    /// Number of items.
    pub fn len(&self) -> u32 {
        u32::try_from(self.items_table().len() / 3).unwrap_or(0)
    }

    /// Whether there is no item; there always is the module.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An item.
    pub fn item(&self, item: u32) -> Option<InterfaceItem<'_>> {
        let [kind, name, parent] = self.items_table().row(item as usize)?;
        let (kind, twin, is_global) = ItemKind::unpack(kind);
        let parent = (parent != NONE).then_some(parent);
        Some(InterfaceItem { kind, name: self.name(name), parent, twin, is_global })
    }

    /// All items.
    pub fn items(&self) -> impl Iterator<Item = InterfaceItem<'_>> {
        (0..self.len()).filter_map(|it| self.item(it))
    }

    /// Everything that binds a module-level name, in source order; variables after definitions and imports.
    pub fn binders(&self, name: &str) -> impl Iterator<Item = Binder> + '_ {
        let table = self.packed.words(BINDINGS);
        let name = self.packed.find_text(NAMES, name);
        let rows = name.into_iter().flat_map(move |name| {
            let start = table.lower_bound::<4, 1>([name]);
            (start..).map_while(move |it| table.row::<4>(it)).take_while(move |it| it[0] == name)
        });
        rows.map(|[_, _, kind, index]| match kind {
            0 => Binder::Definition(index),
            1 => Binder::Import(index),
            _ => Binder::Variable(index),
        })
    }

    /// All module-level names that something binds, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let mut last = NONE;
        let names = self.packed.words(BINDINGS).rows::<4>().map(|it| it[0]);
        names.filter(move |it| std::mem::replace(&mut last, *it) != *it).map(|it| self.name(it))
    }

    /// The last definition of that name directly in a class (or, for item 0, in the module).
    pub fn member(&self, class: u32, name: &str) -> Option<u32> {
        let name = self.packed.find_text(NAMES, name)?;
        let table = self.packed.words(MEMBERS);
        let end = table.lower_bound::<3, 2>([class, name + 1]);
        let [parent, own, item] = table.row(end.checked_sub(1)?)?;
        ((parent, own) == (class, name)).then_some(item)
    }

    /// Number of imported names.
    pub fn import_count(&self) -> u32 {
        u32::try_from(self.packed.words(IMPORTS).len() / 4).unwrap_or(0)
    }

    /// An import.
    pub fn import(&self, import: u32) -> Option<Import<'_>> {
        let [flags, module, name, alias] = self.packed.words(IMPORTS).row(import as usize)?;
        let text = |it: u32| (it != NONE).then(|| self.name(it));
        Some(Import {
            module: self.name(module),
            level: flags >> 8,
            name: text(name),
            alias: text(alias),
            is_star: flags & STAR != 0,
            in_function: flags & IN_FUNCTION != 0,
        })
    }

    /// All imports, in source order.
    pub fn imports(&self) -> impl Iterator<Item = Import<'_>> {
        (0..self.import_count()).filter_map(|it| self.import(it))
    }

    /// The numbers of `from module import *` at module level, in source order.
    pub fn star_imports(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.import_count()).filter(|it| self.import(*it).is_some_and(|it| it.is_star && !it.in_function))
    }

    /// What it says about its exported names.
    pub fn dunder_all(&self) -> DunderAll<'_> {
        let names = || self.packed.words(ALL).rows::<1>().map(|[it]| self.name(it)).collect();
        match self.flags() & (ALL_DEFINITE | ALL_OPAQUE) {
            0 => DunderAll::Absent,
            ALL_DEFINITE => DunderAll::Definite(names()),
            _ => DunderAll::Opaque(names()),
        }
    }

    /// Python's `__qualname__` of an item, with `#2`, `#3`, ... for later twins.
    pub fn qualname(&self, item: u32) -> String {
        let mut parts = Vec::new();
        let mut next = Some(item);
        while let Some(it) = next.and_then(|it| self.item(it)) {
            parts.push(it);
            // An item follows the one that it is in, so this ends.
            let parent = if it.is_global { it.parent.and(Some(0)) } else { it.parent };
            next = parent.filter(|parent| Some(*parent) < next);
        }
        let mut out = String::new();
        for (at, part) in parts.iter().rev().enumerate() {
            // Of the module, only its own qualname says the name.
            if at == 0 && parts.len() > 1 {
                continue;
            }
            let dot = if at > 1 { "." } else { "" };
            let _ = write!(out, "{dot}{}", part.name);
            if part.twin > 1 {
                let _ = write!(out, "#{}", part.twin);
            }
        }
        out
    }

    fn items_table(&self) -> Words<'_> {
        self.packed.words(ITEMS)
    }

    fn flags(&self) -> u32 {
        self.packed.words(FLAGS).get(0).unwrap_or(0)
    }

    fn name(&self, name: u32) -> &str {
        self.packed.text(NAMES, name)
    }
}
