//! Passes: analyses and transformations of one's own, kept up to date like everything else in here.
//!
//! An [`Analysis`] is a value whose fields are its parameters. Asking for its result on a target (a project, a module,
//! a definition, a node) runs it once; what it reads while it runs is recorded, and it runs again when that has
//! changed, and for no other reason. So nobody declares dependencies, says what is complete, or clears a cache.
//! A [`Transformation`] gives edits of one tree. Applying it makes another [`View`] of a module and changes nothing;
//! what it [preserves](Preserve) is asked of it and of the analysis.
//!
//! - [`Cx`]: all that a pass can see; [`Reach`]: whether that is its own module or all.
//! - [`Pipeline`]: transformations in a row, with a text form.
//! - [`register!`](crate::register), [`registered`]: passes by name, with parameters from text.
//! - [`analyses`], [`transformations`]: those of this project.
//! - [`PassEvent`]: what happens, for whoever listens.
//!
//! Source of the idea: the proposal of `twisted.python.code`, a pass manager after LLVM's for Python's trees; the
//! bookkeeping that it describes is salsa's here.

pub mod analyses;
mod analysis;
mod closure;
mod closures;
mod context;
mod definitions;
mod erased;
mod error;
mod events;
mod parameters;
mod pipeline;
mod registry;
mod run;
mod target;
mod transformation;
pub mod transformations;
mod trees;
mod views;
mod workspace;

pub use analysis::{Analysis, Codec, Preserve, Reach};
pub use closure::{EditsFn, FromFn, edits_fn, from_fn};
pub use context::{Conditions, Cx, Env};
pub use erased::{AnyAnalysis, AnyTransformation};
pub use error::PassError;
pub use events::{ListenerId, Outcome, PassEvent, RunTime, RunTimes};
pub use parameters::{Parameter, ParameterError};
pub use pipeline::{Pipeline, PipelineError};
pub use registry::{NamedAnalysis, PassKind, Registration, Report, Reported, Reporting, registered};
pub use target::{CodeNode, Def, On, Project, Target, TargetKind, View};
pub use transformation::{Editable, Transformation};
pub use trees::{DefTree, Source};

#[doc(hidden)]
pub use inventory;

pub(crate) use context::Situation;
pub(crate) use events::{Clock, Listeners};
pub(crate) use target::Tables;
