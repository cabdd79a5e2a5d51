//! What a transformation is.

use std::any::{Any, TypeId};
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use astkit_ast::{DefId, NodeId, Tree};
use astkit_transform::{Edits, Left};

use super::analysis::{Preserve, Reach};
use super::context::Cx;
use super::erased::{AnyAnalysis, AnyTransformation};
use super::error::PassError;
use super::target::{Def, On, Target, TargetKind, View};

/// A transformation: edits of one tree. Its value is its identity, and its fields are its parameters, as an
/// [`Analysis`](super::Analysis)' are.
pub trait Transformation: Any + Hash + Eq + Clone + Debug + Send + Sync {
    /// What it edits: a whole module ([`View`]), or single definitions ([`Def`]). A transformation of definitions is
    /// applied to all of a module, and looks again only at those that are others.
    type On: Editable;

    /// Its name, as users write it.
    const NAME: &'static str;
    /// Counts changes of what it does.
    const VERSION: u32 = 1;
    /// What it does, in a few words.
    const ABOUT: &'static str = "";
    /// What it may look at.
    const REACH: Reach = Reach::Intra;

    /// Its name, for values that have one of their own.
    fn name(&self) -> &'static str {
        Self::NAME
    }

    /// Its reach, for values that have one of their own.
    fn reach(&self) -> Reach {
        Self::REACH
    }

    /// Finds the edits of `tree`, the target's; none if there is nothing to do.
    ///
    /// # Errors
    /// [`PassError`].
    fn run(&self, cx: &Cx<'_>, on: Self::On, tree: &Tree) -> Result<Edits, PassError>;

    /// What it has to leave as it is, and why: for people, who ask for it apart from the edits.
    ///
    /// # Errors
    /// [`PassError`].
    fn left(&self, _cx: &Cx<'_>, _on: Self::On, _tree: &Tree) -> Result<Vec<Left>, PassError> {
        Ok(Vec::new())
    }

    /// Whether results of an analysis survive it; that may also be said by [`survives`](super::Analysis::survives).
    /// [Verify mode](crate::WorkspaceBuilder::verify_passes) finds out whether it is true.
    fn preserves(&self, _analysis: &dyn AnyAnalysis) -> Preserve {
        Preserve::No
    }
}

/// What a transformation can be applied to.
pub trait Editable: Target {}

impl Editable for View {}
impl Editable for Def {}

/// What the engine asks of a transformation.
pub(crate) trait ErasedTransformation: AnyTransformation {
    fn run(&self, cx: &Cx<'_>, on: On, tree: &Tree) -> Result<Edits, PassError>;
    fn left(&self, cx: &Cx<'_>, on: On, tree: &Tree) -> Result<Vec<Left>, PassError>;
    fn preserves(&self, analysis: &dyn AnyAnalysis) -> Preserve;
    fn target(&self) -> TargetKind;
    fn reach(&self) -> Reach;
    fn equals(&self, other: &dyn ErasedTransformation) -> bool;
    fn feed(&self, hasher: &mut dyn Hasher);
    fn any(&self) -> &dyn AnyTransformation;
    /// The definition that it is kept to, if it is.
    fn only_in(&self) -> Option<&str> {
        None
    }
    /// The transformation itself, if this one is kept to a definition.
    fn kept(&self) -> Option<&AnyT> {
        None
    }
}

/// A transformation and its type, so that the same methods can be told apart from analyses'.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Typed<T>(T);

impl<T: Transformation> AnyTransformation for Typed<T> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn version(&self) -> u32 {
        T::VERSION
    }

    fn as_any(&self) -> &dyn Any {
        &self.0
    }
}

impl<T: Transformation> ErasedTransformation for Typed<T> {
    fn run(&self, cx: &Cx<'_>, on: On, tree: &Tree) -> Result<Edits, PassError> {
        self.0.run(cx, T::On::of(on)?, tree)
    }

    fn left(&self, cx: &Cx<'_>, on: On, tree: &Tree) -> Result<Vec<Left>, PassError> {
        self.0.left(cx, T::On::of(on)?, tree)
    }

    fn preserves(&self, analysis: &dyn AnyAnalysis) -> Preserve {
        self.0.preserves(analysis)
    }

    fn target(&self) -> TargetKind {
        T::On::KIND
    }

    fn reach(&self) -> Reach {
        self.0.reach()
    }

    fn equals(&self, other: &dyn ErasedTransformation) -> bool {
        other.only_in().is_none() && other.as_any().downcast_ref::<T>().is_some_and(|it| *it == self.0)
    }

    fn feed(&self, mut hasher: &mut dyn Hasher) {
        TypeId::of::<T>().hash(&mut hasher);
        self.0.hash(&mut hasher);
    }

    fn any(&self) -> &dyn AnyTransformation {
        self
    }
}

/// A transformation that is kept to one definition, and what is in it.
#[derive(Debug)]
struct Within {
    by: AnyT,
    /// The definition's path.
    path: Arc<str>,
}

impl Within {
    /// The node that says whether others are in the definition; none if it is gone.
    fn place(&self, cx: &Cx<'_>, view: View) -> Result<Option<DefId>, PassError> {
        let all = cx.definitions(view)?;
        let place = all.iter().position(|it| cx.path(*it) == self.path);
        Ok(place.and_then(|it| u32::try_from(it).ok()).map(DefId))
    }
}

/// Whether a node belongs to a definition, or one in it; of the module's own code nothing else is part.
fn is_in(tree: &Tree, node: NodeId, place: DefId) -> bool {
    let mut at = Some(node.def);
    while let Some(def) = at {
        if def == place {
            return place != DefId(0) || node.def == place;
        }
        at = tree.parent_def(def);
    }
    false
}

impl AnyTransformation for Within {
    fn name(&self) -> &'static str {
        self.by.name()
    }

    fn version(&self) -> u32 {
        self.by.0.version()
    }

    fn as_any(&self) -> &dyn Any {
        self.by.0.as_any()
    }
}

impl ErasedTransformation for Within {
    fn run(&self, cx: &Cx<'_>, on: On, tree: &Tree) -> Result<Edits, PassError> {
        let view = on.view().ok_or(PassError::WrongTarget)?;
        let Some(place) = self.place(cx, view)? else { return Ok(Edits::new()) };
        match on {
            On::Def(def) => {
                let all = cx.definitions(view)?;
                let own = all.iter().position(|it| *it == def).and_then(|it| u32::try_from(it).ok());
                let node = own.map(|def| NodeId { def: DefId(def), index: 0 });
                let runs = node.is_some_and(|it| cx.tree(view).is_ok_and(|tree| is_in(tree, it, place)));
                if runs { self.by.0.run(cx, on, tree) } else { Ok(Edits::new()) }
            }
            On::Module(_) | On::Project(_) | On::Node(_) => {
                let is_statement = |node: NodeId| {
                    let own = node.def == DefId(0);
                    own || node.index == 0 && tree.parent_def(node.def) == Some(DefId(0))
                };
                Ok(self.by.0.run(cx, on, tree)?.within(&|node| is_in(tree, node, place), &is_statement))
            }
        }
    }

    fn left(&self, cx: &Cx<'_>, on: On, tree: &Tree) -> Result<Vec<Left>, PassError> {
        let view = on.view().ok_or(PassError::WrongTarget)?;
        let Some(place) = self.place(cx, view)? else { return Ok(Vec::new()) };
        let mut out = self.by.0.left(cx, on, tree)?;
        out.retain(|it| is_in(tree, it.node, place));
        Ok(out)
    }

    fn preserves(&self, analysis: &dyn AnyAnalysis) -> Preserve {
        self.by.0.preserves(analysis)
    }

    fn target(&self) -> TargetKind {
        self.by.0.target()
    }

    fn reach(&self) -> Reach {
        self.by.0.reach()
    }

    fn equals(&self, other: &dyn ErasedTransformation) -> bool {
        other.only_in() == Some(&*self.path) && other.kept().is_some_and(|it| *it == self.by)
    }

    fn feed(&self, mut hasher: &mut dyn Hasher) {
        self.by.0.feed(hasher);
        self.path.hash(&mut hasher);
    }

    fn any(&self) -> &dyn AnyTransformation {
        self
    }

    fn only_in(&self) -> Option<&str> {
        Some(&self.path)
    }

    fn kept(&self) -> Option<&AnyT> {
        Some(&self.by)
    }
}

/// A transformation of any type. Equal if type and parameters are.
#[derive(Clone, Debug)]
pub(crate) struct AnyT(pub(crate) Arc<dyn ErasedTransformation>);

impl AnyT {
    pub(crate) fn new<T: Transformation>(transformation: T) -> Self {
        Self(Arc::new(Typed(transformation)))
    }

    pub(crate) fn name(&self) -> &'static str {
        self.0.name()
    }

    /// The same, kept to the definition of a path.
    pub(crate) fn within(&self, path: &Arc<str>) -> Self {
        Self(Arc::new(Within { by: self.clone(), path: Arc::clone(path) }))
    }
}

impl PartialEq for AnyT {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.equals(&*other.0)
    }
}

impl Eq for AnyT {}

impl Hash for AnyT {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.feed(state);
    }
}
