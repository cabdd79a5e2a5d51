//! Who is reached by a change of the targets, as in `astkit impact`: each needs what its links lead to.

use std::collections::BTreeMap;

use astkit_engine::summary::ItemKind;

use super::imports::package_of;
use super::model::{Model, Node};
use crate::commands::impact;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::impact::{Search, World};
use crate::session::Session;
use crate::targets::Input;

/// The targets and what they reach as nodes.
///
/// # Errors
/// No such definition.
pub(super) fn model(session: &Session, inputs: &[Input]) -> Result<(Model, ExitStatus), Failure> {
    let (world, seeds, status) = impact::asked(session, inputs)?;
    let nodes: Vec<u32> = seeds.iter().map(|it| it.0).collect();
    let search = Search::new(&world);
    let found = search.reached(&nodes, None);
    let mut out = Model::new("impact");
    let mut places: BTreeMap<u32, usize> = BTreeMap::new();
    for node in found.keys() {
        let is_told = match world.item(*node) {
            Some((_, item)) => item.kind != ItemKind::Module,
            None => search.is_import_step(&found, *node),
        };
        if let Some(it) = is_told.then(|| shown(session, &world, *node)).flatten() {
            places.insert(*node, out.nodes.len());
            out.nodes.push(it);
        }
    }
    for (from, place) in &places {
        // What stands between definitions is passed over.
        let (mut seen, mut open) = (std::collections::HashSet::new(), vec![*from]);
        while let Some(at) = open.pop() {
            for next in world.needs(at).iter().filter(|it| found.contains_key(it)) {
                match places.get(next) {
                    Some(to) if to != place => out.link(*place, *to, "need", 1),
                    Some(_) => {}
                    None if world.item(*next).is_none() && seen.insert(*next) => open.push(*next),
                    None => {}
                }
            }
        }
    }
    world.save();
    out.sort();
    Ok((out, status))
}

fn shown(session: &Session, world: &World, node: u32) -> Option<Node> {
    let target = world.target(node)?;
    let (path, qualname) = target.rsplit_once("::")?;
    let file = world.item(node).map(|it| it.0).or_else(|| world.imported(node))?;
    let module = session.roots.module(std::path::Path::new(path)).unwrap_or_else(|| path.to_owned());
    let is_package = file.path.file_stem().is_some_and(|it| it == "__init__");
    let id = if qualname == "<module>" { module.clone() } else { format!("{module}.{qualname}") };
    Some(Node { id, kind: world.kind(node), package: package_of(&module, is_package), target })
}
