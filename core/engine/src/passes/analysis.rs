//! What an analysis is.

use std::any::Any;
use std::fmt::Debug;
use std::hash::Hash;

use super::context::Cx;
use super::erased::AnyTransformation;
use super::error::PassError;
use super::pipeline::Pipeline;
use super::target::Target;

/// What a pass may look at. Checked while it runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Reach {
    /// The module of its target.
    Intra,
    /// All modules.
    Inter,
}

/// Whether a result survives a transformation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Preserve {
    /// It has to be found again.
    No,
    /// It is as it was, node numbers included.
    Mapped,
    /// It is as it was.
    Same,
}

/// An analysis: a question about a target.
///
/// The value is the identity: two equal values of a type are one pass, whose results are shared. Its fields are its
/// parameters; it has no other state.
pub trait Analysis: Any + Hash + Eq + Clone + Debug + Send + Sync {
    /// What it is asked about.
    type On: Target;
    /// The result. Speaks of nodes by [`CodeNode`](super::CodeNode) or [`NodeId`](astkit_ast::NodeId), never by position:
    /// a result with positions is another one after every line that is inserted above.
    type Output: PartialEq + Debug + Send + Sync + 'static;

    /// Its name, as users write it; with a prefix, unless it belongs to this project: `acme.free-reads`.
    const NAME: &'static str;
    /// Counts changes of what it finds.
    const VERSION: u32 = 1;
    /// What it finds, in a few words.
    const ABOUT: &'static str = "";
    /// What it may look at.
    const REACH: Reach = Reach::Intra;
    /// Whether results are kept. If not, it runs within whoever asks; unless it has a [`bottom`](Self::bottom).
    const CACHE: bool = true;

    /// Its name, for values that have one of their own.
    fn name(&self) -> &'static str {
        Self::NAME
    }

    /// Its reach, for values that have one of their own.
    fn reach(&self) -> Reach {
        Self::REACH
    }

    /// Transformations that are applied to a module before it is looked at.
    fn normalize(&self) -> Pipeline {
        Pipeline::default()
    }

    /// Finds the result.
    ///
    /// # Errors
    /// [`PassError`], which is kept like any result. Errors of other passes are passed on with `?`.
    fn run(&self, cx: &Cx<'_>, on: Self::On) -> Result<Self::Output, PassError>;

    /// What is assumed of a result that depends on itself, to begin with; none if that is an error.
    fn bottom(&self) -> Option<Self::Output> {
        None
    }

    /// Makes sure that results that depend on themselves come to rest: what to take instead of `next` after `last`;
    /// none to take it.
    fn widen(&self, _last: &Self::Output, _next: &Self::Output) -> Option<Self::Output> {
        None
    }

    /// Whether its results survive a transformation; that may also be said by
    /// [`preserves`](super::Transformation::preserves).
    fn survives(&self, _transformation: &dyn AnyTransformation) -> Preserve {
        Preserve::No
    }

    /// The result with other node numbers, for [`Preserve::Mapped`]; none if it can't be told so.
    fn remap(
        &self,
        _output: &Self::Output,
        _map: &dyn Fn(astkit_ast::NodeId) -> Option<astkit_ast::NodeId>,
    ) -> Option<Self::Output> {
        None
    }

    /// How results are kept between runs; not at all, if nothing is said. See [`Codec`].
    fn codec(&self) -> Option<Codec<Self::Output>> {
        None
    }
}

/// How results are written to the store. Such a pass may not ask for positions, lists of modules, or modules that its
/// own imports do not lead to: a result is found again by what its module and its imports contain.
pub struct Codec<O> {
    /// Writes a result.
    pub encode: fn(&O) -> Vec<u8>,
    /// Reads one; none if it is damaged.
    pub decode: fn(&[u8]) -> Option<O>,
}

impl<O: serde::Serialize + serde::de::DeserializeOwned> Codec<O> {
    /// As JSON.
    pub fn json() -> Self {
        Self {
            encode: |it| serde_json::to_vec(it).unwrap_or_default(),
            decode: |it| serde_json::from_slice(it).ok(),
        }
    }
}
