//! Linearizations over modules.

use astkit_ast::NodeId;
use rustc_hash::FxHashMap;

use super::{extension_bases, linearize};
use crate::interface::Interface;
use crate::project::{Found, Project, resolve};

/// A class's linearization, or why there is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassOrder {
    /// The class's node.
    pub node: NodeId,
    /// Its qualified name.
    pub qualname: Box<str>,
    /// Per base its full name, or why it is not known.
    pub bases: Vec<Result<String, String>>,
    /// The full names (`module.qualname`) in order, itself first.
    pub order: Result<Vec<String>, String>,
}

/// The linearizations of a module's classes, in the order of their scopes.
pub fn mro(project: &dyn Project, module: &str, interface: &Interface) -> Vec<ClassOrder> {
    let mut orders = Orders { project, known: FxHashMap::default() };
    let order = |(at, class): (u32, &crate::interface::ClassFacts)| {
        let bases = class.bases.iter().map(|(_, meanings)| {
            let found = resolve(project, module, meanings)?;
            full_name(project, &found).ok_or_else(|| "no class".to_owned())
        });
        ClassOrder {
            node: class.node,
            qualname: class.qualname.clone(),
            bases: bases.collect(),
            order: orders
                .order(&Found::Class(module.into(), at))
                .map(|it| it.iter().map(|it| full_name(project, it).unwrap_or_default()).collect()),
        }
    };
    (0..).zip(&interface.classes).filter(|it| it.1.is_written).map(order).collect()
}

fn full_name(project: &dyn Project, class: &Found) -> Option<String> {
    match class {
        Found::Class(module, class) => {
            let interface = project.interface(module)?;
            let qualname = &interface.classes.get(*class as usize)?.qualname;
            Some(format!("{}.{qualname}", crate::project::own_name(module)))
        }
        Found::Extension(name) => Some((*name).to_owned()),
        Found::Foreign(module, name) => Some(format!("{module}.{name}")),
        Found::Module(_) | Found::Function(..) => None,
    }
}

struct Orders<'a> {
    project: &'a dyn Project,
    /// None while a class's bases are looked at.
    known: FxHashMap<Found, Option<Result<Vec<Found>, String>>>,
}

impl Orders<'_> {
    fn order(&mut self, class: &Found) -> Result<Vec<Found>, String> {
        if let Some(known) = self.known.get(class) {
            return known.clone().unwrap_or_else(|| Err("a class is its own base".to_owned()));
        }
        self.known.insert(class.clone(), None);
        let order = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.order_of(class));
        self.known.insert(class.clone(), Some(order.clone()));
        order
    }

    fn order_of(&mut self, class: &Found) -> Result<Vec<Found>, String> {
        let mut orders = Vec::new();
        for base in self.bases(class)? {
            // `typing.NamedTuple` is a function that stands for `tuple`.
            let stands_for = if let Found::Function(..) = base { self.bases(&base)? } else { vec![base] };
            for base in stands_for {
                orders.push(self.order(&base)?);
            }
        }
        if orders.is_empty() && *class != OBJECT {
            orders.push(vec![OBJECT]);
        }
        linearize(class.clone(), &orders).ok_or_else(|| "the bases have no consistent order".to_owned())
    }

    fn bases(&self, class: &Found) -> Result<Vec<Found>, String> {
        match class {
            Found::Class(module, at) => {
                let interface = self.project.interface(module);
                let facts = interface.as_ref().and_then(|it| it.classes.get(*at as usize));
                let mut out = Vec::new();
                for (_, meanings) in facts.into_iter().flat_map(|it| &it.bases) {
                    out.push(resolve(self.project, module, meanings)?);
                }
                Ok(out)
            }
            Found::Extension(name) => {
                let bases = extension_bases(name).unwrap_or_default();
                Ok(bases.iter().map(|it| Found::Extension(it)).collect())
            }
            Found::Foreign(module, name) => Err(format!("the bases of `{module}.{name}` are not known")),
            Found::Module(name) => Err(format!("the base `{name}` is a module")),
            Found::Function(module, scope) => {
                // Functions that stand for a base in a class statement.
                let interface = self.project.interface(module).filter(|_| **module == *"typing");
                let is = |name: &str| {
                    let global = interface.as_ref().and_then(|it| it.globals.get(name));
                    global
                        .is_some_and(|it| it.meanings.contains(&crate::interface::Meaning::Function(*scope)))
                };
                match (is("NamedTuple"), is("TypedDict")) {
                    (true, _) => Ok(vec![Found::Extension("builtins.tuple")]),
                    (_, true) => Ok(vec![Found::Extension("builtins.dict")]),
                    _ => Err("a base is a function".to_owned()),
                }
            }
        }
    }
}

const OBJECT: Found = Found::Extension("builtins.object");
