//! The analyses of this project, as passes.
//!
//! Each is a line around a plain function of [`astkit_analysis`]. Results speak of the nodes of the file's tree, so a
//! module's result stays what it is when only positions differ; what is printed joins the two.

mod facts;
mod files;
mod modules;
mod program;
mod values;

pub use facts::Facts;
pub use files::{
    Attributes, DefUse, Imports, Literals, QualifiedNames, References, Scopes, Signatures, Unreachable,
};
pub(super) use modules::Modules;
pub use modules::{DunderAll, InterfaceOf, Mro, Wildcards};
pub use program::{Calls, ModuleCalls, Program, ProgramFacts, Purity};
pub use values::Values;

use astkit_analysis::shapes::Places;

use super::registry::Reporting;

/// What shapes find places with.
fn places<'a>(with: &'a Reporting<'_>) -> Places<'a> {
    Places::new(with.text, with.lowered)
}
