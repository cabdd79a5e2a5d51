//! What passes are asked about.

use std::fmt::Debug;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::error::PassError;
use super::pipeline::Pipeline;
use crate::inputs::RootId;
use crate::snapshot::FileId;

/// All files of a root together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Project(pub RootId);

/// A module as a pipeline leaves it; its source, if the pipeline is empty. Stays the same whatever happens to the file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct View {
    pub(crate) file: FileId,
    /// Number of the pipeline in [`Tables`]; 0 is the empty one.
    pub(crate) pipeline: u32,
}

/// A definition of a view, known by its path, so that it stays the same while others come and go.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Def {
    pub(crate) view: View,
    /// Number of the path in [`Tables`].
    pub(crate) path: u32,
}

/// A node of a definition's [`DefTree`](super::DefTree), counted in preorder. Means something for one state of that code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct CodeNode {
    /// The definition.
    pub def: Def,
    /// 0 for the definition itself.
    pub index: u32,
}

impl View {
    /// The source of a file.
    pub(crate) fn source(file: FileId) -> Self {
        Self { file, pipeline: 0 }
    }

    /// The file.
    pub fn file(self) -> FileId {
        self.file
    }

    /// Whether it is the source itself.
    pub fn is_source(self) -> bool {
        self.pipeline == 0
    }
}

impl Def {
    /// The view that it is in.
    pub fn view(self) -> View {
        self.view
    }
}

/// A target of any kind.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum On {
    /// All files of a root.
    Project(Project),
    /// A module.
    Module(View),
    /// A definition.
    Def(Def),
    /// A node.
    Node(CodeNode),
}

impl On {
    /// The module that it is in.
    pub fn view(self) -> Option<View> {
        match self {
            On::Project(_) => None,
            On::Module(it) => Some(it),
            On::Def(it) => Some(it.view),
            On::Node(it) => Some(it.def.view),
        }
    }

    /// The same in another view of the same file.
    pub(crate) fn with_view(self, view: View) -> Self {
        match self {
            On::Project(_) => self,
            On::Module(_) => On::Module(view),
            On::Def(it) => On::Def(Def { view, ..it }),
            On::Node(it) => On::Node(CodeNode { def: Def { view, ..it.def }, ..it }),
        }
    }
}

/// Kinds of targets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum TargetKind {
    /// [`Project`].
    Project,
    /// [`View`].
    Module,
    /// [`Def`].
    Definition,
    /// [`CodeNode`].
    Node,
}

impl TargetKind {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            TargetKind::Project => "project",
            TargetKind::Module => "module",
            TargetKind::Definition => "definition",
            TargetKind::Node => "node",
        }
    }
}

mod sealed {
    pub trait Sealed {}
}

/// What a pass can be asked about: [`Project`], [`View`], [`Def`] or [`CodeNode`].
pub trait Target: Copy + Eq + Hash + Debug + Send + Sync + Into<On> + sealed::Sealed + 'static {
    /// Which of them.
    const KIND: TargetKind;

    /// Takes it out of a target of any kind.
    ///
    /// # Errors
    /// [`PassError::WrongTarget`].
    fn of(on: On) -> Result<Self, PassError>;
}

macro_rules! target {
    ($type:ident, $variant:ident, $kind:ident) => {
        impl sealed::Sealed for $type {}

        impl From<$type> for On {
            fn from(it: $type) -> Self {
                On::$variant(it)
            }
        }

        impl Target for $type {
            const KIND: TargetKind = TargetKind::$kind;

            fn of(on: On) -> Result<Self, PassError> {
                if let On::$variant(it) = on { Ok(it) } else { Err(PassError::WrongTarget) }
            }
        }
    };
}

target!(Project, Project, Project);
target!(View, Module, Module);
target!(Def, Def, Definition);
target!(CodeNode, Node, Node);

/// Numbers for values, so that targets are small and cheap to copy. A value keeps its number as long as the workspace
/// lives; what a query reads here is therefore no state.
pub(crate) struct Numbers<T: ?Sized> {
    table: RwLock<Table<T>>,
}

struct Table<T: ?Sized> {
    numbers: FxHashMap<Arc<T>, u32>,
    values: Vec<Arc<T>>,
}

impl<T: ?Sized> Default for Numbers<T> {
    fn default() -> Self {
        Self { table: RwLock::new(Table { numbers: FxHashMap::default(), values: Vec::new() }) }
    }
}

impl<T: ?Sized + Hash + Eq> Numbers<T> {
    pub(crate) fn number(&self, value: Arc<T>) -> u32 {
        let known = self.table.read().unwrap_or_else(PoisonError::into_inner).numbers.get(&*value).copied();
        known.unwrap_or_else(|| {
            let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
            let Table { numbers, values } = &mut *table;
            *numbers.entry(value).or_insert_with_key(|value| {
                values.push(Arc::clone(value));
                u32::try_from(values.len() - 1).unwrap_or(u32::MAX)
            })
        })
    }

    pub(crate) fn value(&self, number: u32) -> Arc<T> {
        Arc::clone(&self.table.read().unwrap_or_else(PoisonError::into_inner).values[number as usize])
    }
}

/// The values behind targets' numbers.
pub(crate) struct Tables {
    pub(crate) pipelines: Numbers<Pipeline>,
    pub(crate) paths: Numbers<str>,
    /// Whether what passes say of themselves is looked into.
    pub(crate) verifies: bool,
}

impl Default for Tables {
    fn default() -> Self {
        let out = Self { pipelines: Numbers::default(), paths: Numbers::default(), verifies: false };
        out.pipelines.number(Arc::default());
        out
    }
}
