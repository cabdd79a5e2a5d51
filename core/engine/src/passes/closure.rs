//! Functions as passes.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use astkit_ast::Tree;
use astkit_transform::Edits;

use super::analysis::{Analysis, Reach};
use super::context::Cx;
use super::error::PassError;
use super::target::Target;
use super::transformation::{Editable, Transformation};

type Function<T, O> = dyn Fn(&Cx<'_>, T) -> Result<O, PassError> + Send + Sync;

/// A function as a pass. See [`from_fn`].
pub struct FromFn<T, O> {
    name: &'static str,
    version: u32,
    reach: Reach,
    function: Arc<Function<T, O>>,
    types: PhantomData<fn(T) -> O>,
}

/// Makes a pass of a function. Its identity is name and version: two functions that differ need different ones.
///
/// It may look at its own module; see [`FromFn::inter`].
pub fn from_fn<T: Target, O>(
    name: &'static str,
    version: u32,
    function: impl Fn(&Cx<'_>, T) -> Result<O, PassError> + Send + Sync + 'static,
) -> FromFn<T, O> {
    FromFn { name, version, reach: Reach::Intra, function: Arc::new(function), types: PhantomData }
}

impl<T, O> FromFn<T, O> {
    /// The same, with all modules in reach.
    pub fn inter(mut self) -> Self {
        self.reach = Reach::Inter;
        self
    }
}

impl<T, O> Clone for FromFn<T, O> {
    fn clone(&self) -> Self {
        let Self { name, version, reach, function, types: _ } = self;
        Self { name, version: *version, reach: *reach, function: Arc::clone(function), types: PhantomData }
    }
}

impl<T, O> PartialEq for FromFn<T, O> {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.version, self.reach) == (other.name, other.version, other.reach)
    }
}

impl<T, O> Eq for FromFn<T, O> {}

impl<T, O> Hash for FromFn<T, O> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.name, self.version, self.reach).hash(state);
    }
}

impl<T, O> fmt::Debug for FromFn<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

impl<T: Target, O: PartialEq + fmt::Debug + Send + Sync + 'static> Analysis for FromFn<T, O> {
    type On = T;
    type Output = O;
    const NAME: &'static str = "function";

    fn name(&self) -> &'static str {
        self.name
    }

    fn reach(&self) -> Reach {
        self.reach
    }

    fn run(&self, cx: &Cx<'_>, on: T) -> Result<O, PassError> {
        (self.function)(cx, on)
    }
}

type EditFunction<T> = dyn Fn(&Cx<'_>, T, &Tree) -> Result<Edits, PassError> + Send + Sync;

/// A function as a transformation. See [`edits_fn`].
pub struct EditsFn<T> {
    name: &'static str,
    version: u32,
    reach: Reach,
    function: Arc<EditFunction<T>>,
    types: PhantomData<fn(T)>,
}

/// Makes a transformation of a function. Its identity is name and version: two functions that differ need different
/// ones.
///
/// It may look at its own module; see [`EditsFn::inter`].
pub fn edits_fn<T: Editable>(
    name: &'static str,
    version: u32,
    function: impl Fn(&Cx<'_>, T, &Tree) -> Result<Edits, PassError> + Send + Sync + 'static,
) -> EditsFn<T> {
    EditsFn { name, version, reach: Reach::Intra, function: Arc::new(function), types: PhantomData }
}

impl<T> EditsFn<T> {
    /// The same, with all modules in reach.
    pub fn inter(mut self) -> Self {
        self.reach = Reach::Inter;
        self
    }
}

impl<T> Clone for EditsFn<T> {
    fn clone(&self) -> Self {
        let Self { name, version, reach, function, types: _ } = self;
        Self { name, version: *version, reach: *reach, function: Arc::clone(function), types: PhantomData }
    }
}

impl<T> PartialEq for EditsFn<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.version, self.reach) == (other.name, other.version, other.reach)
    }
}

impl<T> Eq for EditsFn<T> {}

impl<T> Hash for EditsFn<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.name, self.version, self.reach).hash(state);
    }
}

impl<T> fmt::Debug for EditsFn<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

impl<T: Editable> Transformation for EditsFn<T> {
    type On = T;
    const NAME: &'static str = "function";

    fn name(&self) -> &'static str {
        self.name
    }

    fn reach(&self) -> Reach {
        self.reach
    }

    fn run(&self, cx: &Cx<'_>, on: T, tree: &Tree) -> Result<Edits, PassError> {
        (self.function)(cx, on, tree)
    }
}
