//! `__all__`: which names a module says it exports, as far as its own text tells.
//!
//! The module's statements are followed in order, with the lists that flow into `__all__`: literals, `+`, `+=`,
//! `append`, `extend`, `insert`, `remove`, names of other lists, `split` of a text, comprehensions over names, `dir()`
//! and `globals()`. What stands in a branch is conditional, unless the [`Environment`] decides it. What comes from
//! another module, or from an expression beyond this, is an open part with its place and reason; whoever knows the
//! other module can fill it in with [`DunderAll::names`].

mod conditions;
mod evaluate;
mod filter;
mod items;
mod statements;

use std::fmt::Write;

use astkit_ast::{NodeId, Tree};

use crate::def_use::DefUse;
use crate::scopes::Scopes;
use crate::truth::Environment;

/// Something that `__all__` is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// What it is.
    pub what: What,
    /// Whether it may not be there.
    pub is_conditional: bool,
    /// What decides whether it is, if that is known to be all.
    pub conditions: Vec<Condition>,
    /// The node that says so.
    pub node: NodeId,
}

/// Something that other modules decide.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Condition {
    /// The statements of a `try` run to their end, or (not `wanted`) do not: all these are there.
    Runs {
        /// What they ask for.
        asked: Vec<Asked>,
        /// Which outcome it is.
        wanted: bool,
    },
    /// Something is a module, or (not `wanted`) is not.
    IsModule {
        /// Its name.
        module: OtherModule,
        /// Which outcome it is.
        wanted: bool,
    },
    /// A module has a name, or (not `wanted`) lacks it.
    Has {
        /// The module.
        module: OtherModule,
        /// The name.
        name: Box<str>,
        /// Which outcome it is.
        wanted: bool,
    },
}

/// What a statement needs to run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Asked {
    /// A module.
    pub module: OtherModule,
    /// A name in it.
    pub name: Option<Box<str>>,
}

/// What a part is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A name.
    Name(Box<str>),
    /// A name that is taken out, if it is there.
    Remove(Box<str>),
    /// The `__all__` of another module.
    Other(OtherModule),
    /// The public names that a star import of a module brings, modules left out.
    Star {
        /// The module.
        module: OtherModule,
        /// Names that are left out.
        without: Vec<Box<str>>,
    },
    /// Something that can't be told, and why.
    Opaque(&'static str),
}

/// A module that this one names.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OtherModule {
    /// The number of leading dots of the import that gave it.
    pub level: u32,
    /// The dotted name after the dots; of `from m import n`, which may be a module, `m.n`.
    pub name: Box<str>,
}

/// A module's `__all__`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DunderAll {
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// The names that `__all__` comes to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exported {
    /// Names that are there, once each, in order.
    pub definite: Vec<Box<str>>,
    /// Names that may be there.
    pub conditional: Vec<Box<str>>,
    /// Parts that could not be told.
    pub opaque: Vec<(NodeId, String)>,
}

impl Exported {
    /// The names, if they are known to be all and always.
    pub fn exact(&self) -> Option<&[Box<str>]> {
        (self.conditional.is_empty() && self.opaque.is_empty()).then_some(&self.definite)
    }
}

impl DunderAll {
    /// The same, with conditions decided as far as `holds` tells.
    #[must_use]
    pub fn decided(&self, mut holds: impl FnMut(&Condition) -> Option<bool>) -> Self {
        let mut parts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let mut outcome = (!part.conditions.is_empty()).then_some(true);
            for condition in &part.conditions {
                outcome = match (outcome, holds(condition)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                };
            }
            match (part.is_conditional, outcome) {
                (true, Some(false)) => {}
                (true, Some(true)) => parts.push(Part { is_conditional: false, ..part.clone() }),
                _ => parts.push(part.clone()),
            }
        }
        Self { parts }
    }

    /// The names that it comes to. `other` tells the `__all__` of another module, and `star` what a star import of it
    /// brings, if they know.
    pub fn names(
        &self,
        mut other: impl FnMut(&OtherModule) -> Option<Exported>,
        mut star: impl FnMut(&OtherModule) -> Option<Exported>,
    ) -> Exported {
        let mut out = Exported::default();
        for part in &self.parts {
            match &part.what {
                What::Name(name) => out.add(name, part.is_conditional),
                What::Remove(name) => out.remove(name, part.is_conditional),
                What::Opaque(why) => out.opaque.push((part.node, (*why).to_owned())),
                What::Star { module, without } => match star(module) {
                    Some(mut theirs) => {
                        let is_wanted =
                            |it: &str| !it.starts_with('_') && !without.iter().any(|name| **name == *it);
                        theirs.definite.retain(|it| is_wanted(it));
                        theirs.conditional.retain(|it| is_wanted(it));
                        out.include(theirs, part);
                    }
                    None => out.opaque.push((part.node, "names of a star import".to_owned())),
                },
                What::Other(module) => match other(module) {
                    Some(theirs) => out.include(theirs, part),
                    None => out.opaque.push((part.node, unknown_module(module))),
                },
            }
        }
        out
    }
}

fn unknown_module(module: &OtherModule) -> String {
    let mut out = String::from("`__all__` of ");
    out.extend(std::iter::repeat_n('.', module.level as usize));
    let _ = write!(out, "{} is not known", module.name);
    out
}

impl Exported {
    fn add(&mut self, name: &str, is_conditional: bool) {
        let is_known = self.definite.iter().any(|it| **it == *name);
        let place = self.conditional.iter().position(|it| **it == *name);
        match (is_conditional, place) {
            _ if is_known => {}
            (true, None) => self.conditional.push(name.into()),
            (true, Some(_)) => {}
            (false, place) => {
                if let Some(at) = place {
                    self.conditional.remove(at);
                }
                self.definite.push(name.into());
            }
        }
    }

    fn remove(&mut self, name: &str, is_conditional: bool) {
        let was_definite = self.definite.iter().any(|it| **it == *name);
        self.definite.retain(|it| **it != *name);
        if is_conditional && was_definite {
            self.conditional.push(name.into());
        } else if !is_conditional {
            self.conditional.retain(|it| **it != *name);
        }
    }

    fn include(&mut self, theirs: Exported, part: &Part) {
        for name in &theirs.definite {
            self.add(name, part.is_conditional);
        }
        for name in &theirs.conditional {
            self.add(name, true);
        }
        self.opaque.extend(theirs.opaque.into_iter().map(|(_, why)| (part.node, why)));
    }
}

/// The `__all__` of a module; none if it has none.
pub fn dunder_all(
    tree: &Tree,
    scopes: &Scopes,
    chains: &DefUse,
    environment: &Environment,
) -> Option<DunderAll> {
    statements::follow(tree, scopes, chains, environment)
}
