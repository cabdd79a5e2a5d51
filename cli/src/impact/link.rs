//! From a project's definitions to the two graphs of who needs what.

use std::collections::HashMap;

use astkit_analysis::accesses::{Accesses, Receiver};
use astkit_engine::Cancelled;
use astkit_engine::graph::Graph;
use astkit_engine::modules::ModuleName;
use astkit_engine::summary::{Binder, ItemKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::classes::{Classes, Place, is_called_by_others, unaliased};
use super::{World, WorldFile, pytest, registered};

/// Edges of both graphs, node by node.
pub(super) struct Edges {
    narrow: Vec<Vec<u32>>,
    wide: Vec<Vec<u32>>,
}

impl Edges {
    /// An edge of both graphs.
    pub(super) fn both(&mut self, from: u32, to: u32) {
        self.narrow(from, to);
        self.wide(from, to);
    }

    /// An edge of the wide graph.
    pub(super) fn wide(&mut self, from: u32, to: u32) {
        if from != to {
            self.wide[from as usize].push(to);
        }
    }

    fn narrow(&mut self, from: u32, to: u32) {
        if from != to {
            self.narrow[from as usize].push(to);
        }
    }

    /// A node of its own.
    fn node(&mut self) -> u32 {
        self.narrow.push(Vec::new());
        self.wide.push(Vec::new());
        u32::try_from(self.narrow.len() - 1).unwrap_or(u32::MAX)
    }

    fn finish(mut self) -> (Graph, Graph) {
        for list in self.narrow.iter_mut().chain(&mut self.wide) {
            list.sort_unstable();
            list.dedup();
        }
        (Graph::new(self.narrow), Graph::new(self.wide))
    }
}

/// Nodes that stand for attributes of a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Hub<'w> {
    /// Of any value.
    Any(&'w str),
    /// Of an instance of a class or of one derived from it.
    Family(Place, &'w str),
    /// Whose names begin so.
    Beginning(&'w str),
}

struct Linker<'w> {
    world: &'w World,
    classes: Classes<'w>,
    edges: Edges,
    hubs: FxHashMap<Hub<'w>, u32>,
    modules: HashMap<String, u32>,
}

/// Makes both graphs: narrow and wide.
pub(super) fn link(world: &World) -> Result<(Graph, Graph), Cancelled> {
    let count = world.graph.graph().len() as usize + world.files.len();
    let mut modules = HashMap::new();
    for (file, at) in world.files.iter().zip(0..) {
        if let Some(name) = world.snapshot.module_name(file.id)? {
            modules.insert(name.to_string(), at);
        }
    }
    let mut linker = Linker {
        world,
        classes: Classes::of(world),
        edges: Edges { narrow: vec![Vec::new(); count], wide: vec![Vec::new(); count] },
        hubs: FxHashMap::default(),
        modules,
    };
    let asked = linker.asked();
    for (file, at) in world.files.iter().zip(0..) {
        linker.names(file, at, &asked);
        linker.imports(file, at)?;
        linker.accesses(file, at);
    }
    pytest::add(world, &linker.classes, &mut linker.edges);
    registered::add(world, &linker.classes, &mut linker.edges);
    Ok(linker.edges.finish())
}

impl<'w> Linker<'w> {
    /// All attribute names that anybody asks for.
    fn asked(&self) -> FxHashSet<&'w str> {
        let mut out = FxHashSet::default();
        for file in &self.world.files {
            let of_variables = file.accesses.variables.iter().map(|it| &it.1);
            let of_definitions = file.accesses.definitions.iter().map(|it| &it.accesses);
            for it in of_variables.chain(of_definitions) {
                out.extend(it.attributes.iter().map(|it| &*it.0));
                out.extend(it.texts.iter().map(|it| it.rsplit(['.', ':']).next().unwrap_or(it)));
            }
        }
        out
    }

    /// What names lead to, as the engine knows.
    fn names(&mut self, file: &'w WorldFile, at: u32, asked: &FxHashSet<&str>) {
        let len = self.world.graph.graph().len();
        for (item, number) in file.items.iter().zip(0..) {
            let node = file.first + number;
            self.edges.both(node, self.world.import_node(at));
            for target in self.world.graph.graph().targets(node).iter().filter(|it| **it < len) {
                self.edges.wide(node, *target);
                let member = target.checked_sub(file.first).filter(|it| {
                    item.kind == ItemKind::Class
                        && file.items.get(*it as usize).is_some_and(|it| it.parent == Some(number))
                });
                if member.is_none_or(|it| self.is_implicit(file, (at, number), it, asked)) {
                    self.edges.narrow(node, *target);
                }
            }
        }
    }

    /// Whether a member of a class may be called by whoever has an instance, without anybody naming it.
    fn is_implicit(&self, file: &WorldFile, class: Place, member: u32, asked: &FxHashSet<&str>) -> bool {
        let item = &file.items[member as usize];
        if !matches!(item.kind, ItemKind::Function | ItemKind::AsyncFunction) {
            return true;
        }
        let name = item.name.as_str();
        let is_collected = pytest::is_test_file(file) || self.classes.is_test_case(class);
        if is_collected && self.world.is_test(file.first + member) {
            return false;
        }
        let is_used_by_body = file.accessor(class.1).is_some_and(|it| it.body_names.contains(name));
        let is_decorated = registered::is_kept(self.world, file, member);
        is_called_by_others(name)
            || is_used_by_body
            || is_decorated
            || !asked.contains(name)
            || self.classes.has_foreign_base(class)
    }

    /// Importing a file imports others, and runs what stands in it.
    fn imports(&mut self, file: &WorldFile, at: u32) -> Result<(), Cancelled> {
        let world = self.world;
        let Ok(summary) = world.snapshot.summary(file.id)? else { return Ok(()) };
        let own = world.import_node(at);
        for (module, import) in world.snapshot.imports(file.id)?.iter().zip(summary.interface.imports()) {
            let Some(module) = module else { continue };
            let submodule = import.name.and_then(|it| module.join(it));
            for name in module.prefixes().chain(submodule) {
                self.import(own, &name);
            }
        }
        let done = &file.accesses.at_import;
        let names: FxHashSet<&str> = done.names.iter().map(|it| unaliased(file, it)).collect();
        let len = world.graph.graph().len();
        for target in world.graph.graph().targets(file.first).iter().filter(|it| **it < len) {
            if world.item(*target).is_some_and(|it| names.contains(it.1.name.as_str())) {
                self.edges.both(own, *target);
            }
        }
        self.attributes(own, file, None, &file.accesses.at_import.accesses);
        Ok(())
    }

    fn import(&mut self, from: u32, module: &ModuleName) {
        if let Some(file) = self.modules.get(module.as_str()) {
            self.edges.both(from, self.world.import_node(*file));
        }
    }

    /// What code asks for without names that can be followed.
    fn accesses(&mut self, file: &'w WorldFile, _at: u32) {
        let world = self.world;
        for (item, number) in file.items.iter().zip(0..) {
            if let Some(it) = file.accessor(number) {
                let class = class_around(file, number).and_then(|it| Some((world.file_at(&file.path)?, it)));
                self.attributes(file.first + number, file, class, &it.accesses);
            } else if item.kind == ItemKind::Variable {
                let all = &file.accesses.variables;
                if let Ok(at) = all.binary_search_by(|it| (*it.0).cmp(item.name.as_str())) {
                    self.attributes(file.first + number, file, None, &all[at].1);
                }
            }
        }
    }

    fn attributes(&mut self, node: u32, file: &WorldFile, class: Option<Place>, accesses: &Accesses) {
        // Special methods are reached from their classes, whoever calls them.
        let is_special = |it: &str| it.starts_with("__") && it.ends_with("__");
        for (name, receiver) in accesses.attributes.iter().filter(|it| !is_special(&it.0)) {
            let classes = match (receiver, class) {
                (Receiver::Own, Some(class)) => self.known(vec![class], name),
                (Receiver::Made(made), _) => {
                    self.classes.made(file, made).and_then(|it| self.known(it, name))
                }
                _ => None,
            };
            match classes {
                Some(list) => list.into_iter().for_each(|it| self.hub(node, it)),
                None => self.any(node, name),
            }
        }
        for text in &accesses.texts {
            self.any(node, text.rsplit(['.', ':']).next().unwrap_or(text));
            self.spelled(node, text);
        }
        for beginning in &accesses.computed {
            let known = self.classes.member_names().find(|it| it.starts_with(&**beginning));
            // The text outlives this: it is the beginning of a name that is there.
            if let Some(name) = known {
                self.hub(node, Hub::Beginning(&name[..beginning.len()]));
            }
        }
    }

    /// Attributes of instances of known classes; none if these may have others.
    fn known(&mut self, classes: Vec<Place>, name: &str) -> Option<Vec<Hub<'w>>> {
        let name = self.classes.members(name).first().map(|it| self.name(*it));
        let Some(name) = name else { return Some(Vec::new()) };
        for class in &classes {
            if ["__getattr__", "__getattribute__"]
                .iter()
                .any(|it| !self.classes.in_family(*class, it).is_empty())
            {
                return None;
            }
        }
        Some(classes.into_iter().map(|it| Hub::Family(it, name)).collect())
    }

    fn name(&self, place: Place) -> &'w str {
        &self.world.files[place.0 as usize].items[place.1 as usize].name
    }

    fn any(&mut self, node: u32, name: &str) {
        if let Some(first) = self.classes.members(name).first() {
            let name = self.name(*first);
            self.hub(node, Hub::Any(name));
        }
    }

    /// An edge to the node of some attributes, which is made with its own edges when it is first needed.
    fn hub(&mut self, from: u32, hub: Hub<'w>) {
        let node = if let Some(node) = self.hubs.get(&hub) {
            *node
        } else {
            let node = self.edges.node();
            self.hubs.insert(hub, node);
            let members = match hub {
                Hub::Any(name) => self.classes.members(name).to_vec(),
                Hub::Family(class, name) => self.classes.in_family(class, name),
                Hub::Beginning(beginning) => {
                    let names = self.classes.member_names().filter(|it| it.starts_with(beginning));
                    names.flat_map(|it| self.classes.members(it).to_vec()).collect()
                }
            };
            for (file, item) in members {
                self.edges.narrow(node, self.world.files[file as usize].first + item);
            }
            node
        };
        self.edges.narrow(from, node);
    }

    /// A text that is the full name of a module or of something in one.
    fn spelled(&mut self, node: u32, text: &str) {
        let parts: Vec<&str> = text.split(['.', ':']).collect();
        let found = (1..=parts.len())
            .rev()
            .find_map(|it| Some((*self.modules.get(&parts[..it].join("."))?, &parts[it..])));
        let Some((at, rest)) = found.filter(|_| parts.len() > 1) else { return };
        let file = &self.world.files[at as usize];
        self.edges.both(node, self.world.import_node(at));
        let Some((first, rest)) = rest.split_first() else { return };
        let Ok(Ok(summary)) = self.world.snapshot.summary(file.id) else { return };
        for binder in summary.interface.binders(first) {
            let (Binder::Definition(mut item) | Binder::Variable(mut item)) = binder else { continue };
            for name in rest {
                item = summary.interface.member(item, name).unwrap_or(item);
            }
            self.edges.both(node, file.first + item);
        }
    }
}

/// The class that a definition's `self` is of.
fn class_around(file: &WorldFile, item: u32) -> Option<u32> {
    let mut at = Some(item);
    while let Some(it) = at {
        let known = file.items.get(it as usize)?;
        if known.kind == ItemKind::Class && it != item {
            return Some(it);
        }
        at = known.parent;
    }
    None
}
