//! What the command tells: for people, for programs, for pytest.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::arguments::ImpactArguments;
use crate::impact::since::What;
use crate::impact::{Search, Tests, World};
use crate::render::Append;
use crate::render::json::{self, SCHEMA};

/// One line of `--format json-lines`.
#[derive(Clone, Debug, Serialize)]
struct Record {
    schema: u32,
    r#type: &'static str,
    target: String,
    kind: &'static str,
    /// What happened to it, of what changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<What>,
    /// From the change to what the target depends on directly.
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<usize>,
    /// Under which names pytest runs it.
    tests: Vec<String>,
}

/// What changed, and what that reaches.
#[derive(Debug, Default)]
pub(super) struct Report {
    changed: BTreeMap<String, Record>,
    reached: BTreeMap<String, Record>,
    /// What was looked at, for the note on an empty result.
    pub(super) seen: usize,
}

impl Report {
    /// What some nodes reach.
    pub(super) fn of(world: &World, seeds: &[(u32, What)], depth: Option<usize>) -> Self {
        let mut out = Self::default();
        out.add(world, seeds, depth, |_| true);
        out
    }

    /// Adds what some nodes reach in a project, as far as it `is_there`.
    pub(super) fn add(
        &mut self,
        world: &World,
        seeds: &[(u32, What)],
        depth: Option<usize>,
        is_there: impl Fn(u32) -> bool,
    ) {
        self.seen = self.seen.max(world.files.len());
        let search = Search::new(world);
        let tests = Tests::new(world);
        let record = |node: u32, target: String| Record {
            schema: SCHEMA,
            r#type: "reached",
            target,
            kind: world.kind(node),
            what: None,
            via: None,
            distance: None,
            tests: world.test_ids(&tests, node),
        };
        for (node, what) in seeds {
            let Some(target) = world.target(*node) else { continue };
            let tests = if *what == What::Removed { Vec::new() } else { world.test_ids(&tests, *node) };
            let it = Record { r#type: "changed", what: Some(*what), tests, ..record(*node, target.clone()) };
            self.changed.entry(target).or_insert(it);
        }
        let nodes: Vec<u32> = seeds.iter().map(|it| it.0).collect();
        let found = search.reached(&nodes, depth);
        for (node, it) in found.iter().filter(|it| is_there(*it.0)) {
            let is_told = match world.item(*node) {
                Some((_, item)) => item.kind != astkit_engine::summary::ItemKind::Module,
                None => search.is_import_step(&found, *node),
            };
            let Some(target) = world.target(*node).filter(|_| is_told && it.next != *node) else { continue };
            if self.changed.contains_key(&target) {
                continue;
            }
            let via: Vec<String> =
                search.via(&found, *node).into_iter().filter_map(|it| world.target(it)).collect();
            let distance = Some(it.distance);
            let it = Record { via: Some(via), distance, ..record(*node, target.clone()) };
            let known = self.reached.entry(target).or_insert_with(|| it.clone());
            if it.distance < known.distance {
                *known = it;
            }
        }
        self.reached.retain(|target, _| !self.changed.contains_key(target));
    }

    fn all(&self) -> impl Iterator<Item = &Record> {
        self.changed.values().chain(self.reached.values())
    }

    /// The node ids of all tests that may behave differently, a line each.
    pub(super) fn test_ids(&self) -> String {
        let ids: BTreeSet<&str> = self.all().flat_map(|it| &it.tests).map(String::as_str).collect();
        ids.into_iter().flat_map(|it| [it, "\n"]).collect()
    }

    pub(super) fn json_lines(&self, tests: bool) -> String {
        self.all().filter(|it| !tests || !it.tests.is_empty()).map(json::line).collect()
    }

    /// For people: what changed, then what it reaches, with the way.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        for it in self.changed.values().filter(|it| it.what != Some(What::Asked)) {
            out.append(format_args!("{} {}\n", it.what.map_or("", What::as_str), it.target));
        }
        for it in self.reached.values() {
            let via = it.via.as_deref().unwrap_or_default();
            let way: Vec<&str> = via.iter().rev().map(String::as_str).collect();
            out.append(format_args!("{} {}  via {}\n", it.kind, it.target, way.join(" <- ")));
        }
        out
    }

    /// What is said of an empty result.
    pub(super) fn note(&self, arguments: &ImpactArguments) -> Option<String> {
        let files = self.seen;
        if arguments.since.is_some() && self.changed.is_empty() {
            return Some(format!("no definition of {files} files behaves differently since then"));
        }
        if arguments.tests && self.all().all(|it| it.tests.is_empty()) {
            let (changed, reached) = (self.changed.len(), self.reached.len());
            return Some(format!(
                "no test is reached: {changed} definitions asked about or changed, {reached} others reached, \
                 {files} files looked at (pytest's usual names: `test*` in `test_*.py` and `*_test.py`)"
            ));
        }
        (self.reached.is_empty() && !arguments.tests)
            .then(|| format!("nothing else in {files} files depends on it"))
    }
}
