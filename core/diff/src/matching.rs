//! Which definition of the old files is which of the new ones.
//!
//! The whole change set is matched at once, from what is sure to what is likely:
//!
//! 1. The same name in the same place, with equal code or nearly so. Twins of one name are matched by equal code, then
//!    in order.
//! 2. Equal code but for the name, found once on each side: a rename, a move, or both.
//! 3. The same name in the same place, with code that is still similar.
//! 4. The same name elsewhere, with similar code.
//! 5. Another name, with code that is similar enough to say so.
//! 6. What is left over in one parent, if all that referred to the old name refers to the new one, or if there is nothing
//!    else.
//! 7. The same name in the same place, whatever the code.
//!
//! Where definitions of other names were matched, what is in them is matched by name once more. What is new at the end
//! and like something old is a copy. Nothing depends on the order of the files.

use std::collections::BTreeMap;

use astkit_ast::tree::Node;
use astkit_ast::{DefKind, Definition};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::references::References;
use crate::side::Side;
use crate::sketch::Index;
use crate::twins::{MOST_TWINS, same_names};
use crate::{Evidence, FilePair, own};

/// Definitions with fewer nodes say too little to be known again under another name in another place.
const SMALLEST: usize = 12;
/// Two definitions of one name that are as similar are the same, whatever else there is.
const SURE: f32 = 0.8;
/// A definition of the same name that is as similar is not given up for one of equal code elsewhere.
const HELD: f32 = 0.6;
/// The least similarity of definitions of the same name.
const SAME_NAME: f32 = 0.35;
/// Names such as `__init__` say less.
const SAME_SPECIAL_NAME: f32 = 0.5;
/// The least similarity of definitions of other names in the same parent.
const SAME_PARENT: f32 = 0.5;
/// The least similarity of any two definitions.
const ANYWHERE: f32 = 0.6;
/// The least similarity of definitions that have little in them.
const SMALL: f32 = 0.8;
/// The least similarity where all references went from one name to the other.
const REFERRED: f32 = 0.2;
/// The least share of the smaller one that the larger one has, for what is left over alone in its parent.
const CONTAINED: f32 = 0.75;
/// Parents with more pairs of what is left over are not looked at again.
const MOST_LEFT_OVER: usize = 256;
/// How often what is in definitions that were found is looked at.
const MOST_ROUNDS: usize = 4;
/// What has fewer features has little in it.
const FEW: usize = 18;
/// The least similarity of a copy and its source.
const COPY: f32 = 0.8;
/// Copies with fewer features are no more than alike.
const SMALLEST_COPY: usize = 24;

/// A definition of a change set: the file's number, and its own on its side.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DefinitionRef {
    /// The number of the pair of files.
    pub file: usize,
    /// The definition's number on its [`Side`].
    pub number: usize,
}

/// A counterpart, and by what it was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counterpart {
    pub(crate) of: DefinitionRef,
    pub(crate) evidence: Evidence,
    /// None where nobody had to ask.
    pub(crate) similarity: Option<f32>,
}

/// Old and new definitions of one name.
type Twins = (Vec<DefinitionRef>, Vec<DefinitionRef>);

/// A matching: pairs of definitions.
pub(crate) struct Matching {
    /// For every old definition of every file, its new one.
    pub(crate) to_after: Vec<Vec<Option<DefinitionRef>>>,
    /// For every new definition of every file, its old one.
    pub(crate) to_before: Vec<Vec<Option<Counterpart>>>,
    /// For every new definition without an old one, the old one that it is a copy of.
    pub(crate) copies: Vec<Vec<Option<Counterpart>>>,
}

/// Matches the definitions of a change set.
pub(crate) fn matching(pairs: &[FilePair<'_>]) -> Matching {
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by_key(|it| pairs[*it].name);
    let count = |side: Option<&Side<'_>>| side.map_or(0, |it| it.definitions.len());
    let olds = || pairs.iter().map(|it| count(it.before.as_ref()));
    let news = || pairs.iter().map(|it| count(it.after.as_ref()));
    let mut work = Work {
        pairs,
        order,
        named: olds().map(|it| vec![None; it]).collect(),
        matching: Matching {
            to_after: olds().map(|it| vec![None; it]).collect(),
            to_before: news().map(|it| vec![None; it]).collect(),
            copies: news().map(|it| vec![None; it]).collect(),
        },
    };
    work.run();
    work.matching
}

struct Work<'p, 'a> {
    pairs: &'p [FilePair<'a>],
    /// The files in the order of their names.
    order: Vec<usize>,
    /// For every old definition, the new one of the same name in the same place.
    named: Vec<Vec<Option<usize>>>,
    matching: Matching,
}

impl<'p, 'a> Work<'p, 'a> {
    fn run(&mut self) {
        for file in self.order.clone() {
            if self.pairs[file].before.is_some() && self.pairs[file].after.is_some() {
                let module = DefinitionRef { file, number: 0 };
                self.pair(module, module, Evidence::SameName, Some(1.0));
                self.name_within(module, module);
            }
        }
        if self.names_say_all() {
            return;
        }
        self.settle_named(Some(SURE));
        self.by_equal_code();
        self.settle_named(Some(SAME_NAME));
        self.by_name_elsewhere();
        self.by_similarity();
        self.among_siblings();
        self.settle_named(None);
        self.find_copies();
    }

    fn before(&self, it: DefinitionRef) -> &'p Side<'a> {
        self.pairs[it.file].before.as_ref().expect("definitions are of sides that are there")
    }

    fn after(&self, it: DefinitionRef) -> &'p Side<'a> {
        self.pairs[it.file].after.as_ref().expect("definitions are of sides that are there")
    }

    fn old_definition(&self, it: DefinitionRef) -> &'p Definition<'a> {
        &self.before(it).definitions[it.number]
    }

    fn new_definition(&self, it: DefinitionRef) -> &'p Definition<'a> {
        &self.after(it).definitions[it.number]
    }

    fn similarity(&self, old: DefinitionRef, new: DefinitionRef) -> f32 {
        self.before(old).sketch(old.number).similarity(self.after(new).sketch(new.number))
    }

    fn is_free(&self, old: DefinitionRef, new: DefinitionRef) -> bool {
        self.matching.to_after[old.file][old.number].is_none()
            && self.matching.to_before[new.file][new.number].is_none()
    }

    fn pair(&mut self, old: DefinitionRef, new: DefinitionRef, evidence: Evidence, similarity: Option<f32>) {
        self.matching.to_after[old.file][old.number] = Some(new);
        let counterpart = Counterpart { of: old, evidence, similarity };
        self.matching.to_before[new.file][new.number] = Some(counterpart);
    }

    /// The old definitions that have no new one, in the order of the files' names.
    fn free_olds(&self) -> Vec<DefinitionRef> {
        let of_file = |file: usize| {
            let free = self.matching.to_after[file].iter().enumerate().filter(|it| it.1.is_none());
            free.map(move |it| DefinitionRef { file, number: it.0 })
        };
        self.order.iter().flat_map(|it| of_file(*it)).filter(|it| it.number > 0).collect()
    }

    fn free_news(&self) -> Vec<DefinitionRef> {
        let of_file = |file: usize| {
            let free = self.matching.to_before[file].iter().enumerate().filter(|it| it.1.is_none());
            free.map(move |it| DefinitionRef { file, number: it.0 })
        };
        self.order.iter().flat_map(|it| of_file(*it)).filter(|it| it.number > 0).collect()
    }

    /// Finds out who has the same name as who, below two definitions that are the same. Equal code is settled at once.
    fn name_within(&mut self, old: DefinitionRef, new: DefinitionRef) {
        let (before, after) = (self.before(old), self.after(new));
        let mut stack = vec![(old.number, new.number)];
        while let Some((old_at, new_at)) = stack.pop() {
            for (old_at, new_at) in same_names(before, after, (old_at, new_at)) {
                let (old, new) = (
                    DefinitionRef { file: old.file, number: old_at },
                    DefinitionRef { file: new.file, number: new_at },
                );
                if !self.is_free(old, new) {
                    continue;
                }
                if code_hash(self.old_definition(old).node) == code_hash(self.new_definition(new).node) {
                    self.pair(old, new, Evidence::SameName, Some(1.0));
                } else if old.file == new.file {
                    self.named[old.file][old_at] = Some(new_at);
                } else if self.similarity(old, new) >= SAME_NAME {
                    self.pair(old, new, Evidence::SameName, Some(self.similarity(old, new)));
                } else {
                    continue;
                }
                stack.push((old_at, new_at));
            }
        }
    }

    /// Whether all that is left over has one of the same name, and no two functions can have changed places. Then names
    /// are enough, without a look at the code; for classes in any case.
    fn names_say_all(&mut self) -> bool {
        let (olds, news) = (self.free_olds(), self.free_news());
        let named = |it: DefinitionRef| {
            let number = self.named[it.file][it.number];
            Some((it, DefinitionRef { file: it.file, number: number? })).filter(|it| self.is_free(it.0, it.1))
        };
        let pairs: Vec<_> = olds.iter().filter_map(|it| named(*it)).collect();
        if pairs.len() < olds.len() || pairs.len() < news.len() {
            return false;
        }
        let is_function = |it: DefinitionRef| !is_class(self.old_definition(it));
        let functions = pairs.iter().filter(|it| is_function(it.0)).count();
        let sure: Vec<_> = pairs.into_iter().filter(|it| functions <= 1 || !is_function(it.0)).collect();
        for (old, new) in sure {
            self.pair(old, new, Evidence::SameName, None);
        }
        functions <= 1
    }

    /// Takes those of the same name for the same that are similar enough; or all.
    fn settle_named(&mut self, least: Option<f32>) {
        for old in self.free_olds() {
            let Some(number) = self.named[old.file][old.number] else { continue };
            let new = DefinitionRef { file: old.file, number };
            if !self.is_free(old, new) {
                continue;
            }
            let similarity = least.map(|_| self.similarity(old, new));
            if similarity >= least {
                self.pair(old, new, Evidence::SameName, similarity);
            }
        }
    }

    fn by_equal_code(&mut self) {
        let (olds, news) = (self.free_olds(), self.free_news());
        let (old_sizes, new_sizes) = (
            olds.iter().map(|it| size(self.old_definition(*it).node)).collect::<Vec<_>>(),
            news.iter().map(|it| size(self.new_definition(*it).node)).collect::<Vec<_>>(),
        );
        // Equal code has the same size: most need not be hashed.
        let sizes: FxHashSet<usize> = new_sizes.iter().copied().collect();
        let candidates = |all: Vec<DefinitionRef>, own: &[usize], others: &FxHashSet<usize>| {
            let found = all.into_iter().zip(own).filter(|it| others.contains(it.1));
            found.map(|it| it.0).collect::<Vec<_>>()
        };
        let olds = candidates(olds, &old_sizes, &sizes);
        let news = candidates(news, &new_sizes, &old_sizes.iter().copied().collect());
        if olds.is_empty() || news.is_empty() {
            return;
        }
        let hashes = |all: &[DefinitionRef], of: &dyn Fn(DefinitionRef) -> &'p Definition<'a>| {
            all.iter().map(|it| own::nameless(of(*it))).collect::<Vec<u128>>()
        };
        let old_hashes = hashes(&olds, &|it| self.old_definition(it));
        let new_hashes = hashes(&news, &|it| self.new_definition(it));
        let (known, candidates) = (Found::new(&old_hashes), Found::new(&new_hashes));
        for (new, hash) in news.iter().zip(&new_hashes) {
            let Some(old) = known.single(hash).map(|it| olds[it]) else { continue };
            if candidates.single(hash).is_none() || !self.is_free(old, *new) {
                continue;
            }
            let held = self.named[old.file][old.number].filter(|number| {
                let named = DefinitionRef { file: old.file, number: *number };
                let place = news.binary_search_by_key(&(self.rank(named)), |it| self.rank(*it));
                let explained = place.is_ok_and(|it| known.single(&new_hashes[it]).is_some());
                self.is_free(old, named) && !explained && self.similarity(old, named) >= HELD
            });
            if held.is_none() && self.is_evident(old, *new) {
                self.pair_all(old, *new);
            }
        }
    }

    /// Where a definition stands in the order of the files' names.
    fn rank(&self, it: DefinitionRef) -> (&'p str, usize, usize) {
        (self.pairs[it.file].name, it.file, it.number)
    }

    /// Whether equal code is enough to take two definitions for one.
    fn is_evident(&self, old: DefinitionRef, new: DefinitionRef) -> bool {
        let names = self.old_definition(old).name == self.new_definition(new).name;
        names || self.same_parent(old, new) || has_nodes(self.new_definition(new).node, SMALLEST)
    }

    fn same_parent(&self, old: DefinitionRef, new: DefinitionRef) -> bool {
        let (Some(old_parent), Some(new_parent)) =
            (self.old_definition(old).parent, self.new_definition(new).parent)
        else {
            return false;
        };
        let counterpart = self.matching.to_before[new.file][new_parent].map(|it| it.of);
        counterpart == Some(DefinitionRef { file: old.file, number: old_parent })
    }

    /// Pairs two definitions of equal code, and what is in them, one by one.
    fn pair_all(&mut self, old: DefinitionRef, new: DefinitionRef) {
        let (before, after) = (self.before(old), self.after(new));
        let mut stack = vec![(old.number, new.number)];
        while let Some((old_at, new_at)) = stack.pop() {
            let (old, new) = (
                DefinitionRef { file: old.file, number: old_at },
                DefinitionRef { file: new.file, number: new_at },
            );
            if self.is_free(old, new) {
                self.pair(old, new, Evidence::EqualCode, Some(1.0));
            }
            let children = before.children[old_at].iter().zip(&after.children[new_at]);
            stack.extend(children.map(|(old, new)| (*old, *new)));
        }
    }

    /// Pairs two definitions of other names or places, and what has the same name in them.
    fn pair_similar(&mut self, old: DefinitionRef, new: DefinitionRef, similarity: f32) {
        self.pair(old, new, Evidence::Similar, Some(similarity));
        self.name_within(old, new);
    }

    fn by_name_elsewhere(&mut self) {
        let mut by_name: FxHashMap<(&str, bool), Twins> = FxHashMap::default();
        for it in self.free_olds() {
            by_name
                .entry((self.old_definition(it).name, is_class(self.old_definition(it))))
                .or_default()
                .0
                .push(it);
        }
        for it in self.free_news() {
            by_name
                .entry((self.new_definition(it).name, is_class(self.new_definition(it))))
                .or_default()
                .1
                .push(it);
        }
        for new in self.free_news() {
            let key = (self.new_definition(new).name, is_class(self.new_definition(new)));
            let Some((olds, news)) = by_name.remove(&key) else { continue };
            let least = if is_special(self.new_definition(new).name) { SAME_SPECIAL_NAME } else { SAME_NAME };
            if olds.len() * news.len() > MOST_TWINS {
                continue;
            }
            let mut found = Vec::new();
            for old in &olds {
                let all = news.iter().map(|new| (*old, *new, self.similarity(*old, *new)));
                found.extend(all.filter(|it| it.2 >= least));
            }
            self.take_best(found);
        }
    }

    fn by_similarity(&mut self) {
        let (olds, news) = (self.free_olds(), self.free_news());
        if olds.is_empty() || news.is_empty() {
            return;
        }
        let index = Index::new(olds.iter().map(|it| self.before(*it).sketch(it.number)).collect());
        let mut found = Vec::new();
        for new in news {
            for (old, similarity) in index.candidates(self.after(new).sketch(new.number)) {
                let old = olds[old];
                let few = self.before(old).sketch(old.number).count < FEW;
                let least = match (self.same_parent(old, new), few) {
                    (true, true) => SMALL,
                    (false, true) => continue,
                    (true, false) => SAME_PARENT,
                    (false, false) => ANYWHERE,
                };
                let alike = is_class(self.old_definition(old)) == is_class(self.new_definition(new));
                if alike && similarity >= least {
                    found.push((old, new, similarity));
                }
            }
        }
        self.take_best(found);
    }

    /// Pairs what is left over in one parent.
    fn among_siblings(&mut self) {
        // What is paired has children that may be left over, too.
        for _ in 0..MOST_ROUNDS {
            let groups = self.left_over();
            if groups.is_empty() {
                return;
            }
            let all = || groups.iter();
            let names = |side: fn(&Twins) -> &Vec<DefinitionRef>, name: &dyn Fn(DefinitionRef) -> &'p str| {
                all().flat_map(side).map(|it| name(*it)).collect::<Vec<_>>()
            };
            let olds = names(|it| &it.0, &|it| self.old_definition(it).name);
            let news = names(|it| &it.1, &|it| self.new_definition(it).name);
            let references = References::new(self.pairs, olds.into_iter().chain(news));
            let mut found = Vec::new();
            for (olds, news) in &groups {
                let is_only = olds.len() == 1 && news.len() == 1;
                for (old, new) in olds.iter().flat_map(|old| news.iter().map(|new| (*old, *new))) {
                    let similarity = self.similarity(old, new);
                    let follow =
                        || references.follow(self.old_definition(old).name, self.new_definition(new).name);
                    let contained = || {
                        let sketches =
                            [self.before(old).sketch(old.number), self.after(new).sketch(new.number)];
                        sketches.iter().all(|it| it.count >= FEW)
                            && sketches[0].containment(sketches[1]) >= CONTAINED
                    };
                    if (is_only && (similarity >= SAME_NAME || contained()))
                        || (similarity >= REFERRED && follow())
                    {
                        found.push((old, new, similarity));
                    }
                }
            }
            if found.is_empty() {
                return;
            }
            self.take_best(found);
        }
    }

    /// What is left over in each parent, classes and functions apart, without those that have one of the same name.
    fn left_over(&self) -> Vec<Twins> {
        let named: FxHashSet<DefinitionRef> = self
            .free_olds()
            .into_iter()
            .filter_map(|old| {
                let new = DefinitionRef { file: old.file, number: self.named[old.file][old.number]? };
                self.is_free(old, new).then_some(new)
            })
            .collect();
        let mut groups: BTreeMap<(usize, usize, bool), Twins> = BTreeMap::new();
        for new in self.free_news().into_iter().filter(|it| !named.contains(it)) {
            let Some(parent) = self.new_definition(new).parent else { continue };
            let Some(old_parent) = self.matching.to_before[new.file][parent] else { continue };
            let key = (old_parent.of.file, old_parent.of.number, is_class(self.new_definition(new)));
            groups.entry(key).or_default().1.push(new);
        }
        for old in self.free_olds() {
            let Some(parent) = self.old_definition(old).parent else { continue };
            let own = self.named[old.file][old.number].map(|number| DefinitionRef { file: old.file, number });
            if own.is_some_and(|it| self.is_free(old, it)) {
                continue;
            }
            let key = (old.file, parent, is_class(self.old_definition(old)));
            if let Some(group) = groups.get_mut(&key) {
                group.0.push(old);
            }
        }
        let groups = groups.into_values();
        groups.filter(|it| (1..=MOST_LEFT_OVER).contains(&(it.0.len() * it.1.len()))).collect()
    }

    /// Pairs the most similar first; among equals those with the same parent, then in the order of the files.
    fn take_best(&mut self, mut found: Vec<(DefinitionRef, DefinitionRef, f32)>) {
        found.sort_by(|a, b| {
            let parents = self.same_parent(b.0, b.1).cmp(&self.same_parent(a.0, a.1));
            b.2.total_cmp(&a.2)
                .then(parents)
                .then_with(|| (self.rank(a.0), self.rank(a.1)).cmp(&(self.rank(b.0), self.rank(b.1))))
        });
        for (old, new, similarity) in found {
            if self.is_free(old, new) {
                self.pair_similar(old, new, similarity);
            }
        }
    }

    fn find_copies(&mut self) {
        let news = self.free_news();
        if news.is_empty() {
            return;
        }
        let of_file =
            |file: usize| (1..self.named[file].len()).map(move |number| DefinitionRef { file, number });
        let olds: Vec<_> = self.order.iter().flat_map(|it| of_file(*it)).collect();
        let index = Index::new(olds.iter().map(|it| self.before(*it).sketch(it.number)).collect());
        for new in news {
            let sketch = self.after(new).sketch(new.number);
            if sketch.count < SMALLEST_COPY {
                continue;
            }
            let best = index.candidates(sketch).into_iter().find(|it| {
                it.1 >= COPY
                    && is_class(self.old_definition(olds[it.0])) == is_class(self.new_definition(new))
            });
            let Some((old, similarity)) = best else { continue };
            let equal =
                own::nameless(self.old_definition(olds[old])) == own::nameless(self.new_definition(new));
            let evidence = if equal { Evidence::EqualCode } else { Evidence::Similar };
            let copy = Counterpart { of: olds[old], evidence, similarity: Some(similarity) };
            self.matching.copies[new.file][new.number] = Some(copy);
        }
    }
}

fn is_class(it: &Definition<'_>) -> bool {
    it.kind == DefKind::Class
}

fn is_special(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
}

/// Where each hash is, in a list in which some are several times.
struct Found(FxHashMap<u128, Option<usize>>);

impl Found {
    fn new(hashes: &[u128]) -> Self {
        let mut out: FxHashMap<u128, Option<usize>> = FxHashMap::default();
        for (at, hash) in hashes.iter().enumerate() {
            out.entry(*hash).and_modify(|it| *it = None).or_insert(Some(at));
        }
        Self(out)
    }

    /// Where the hash is, if it is there once.
    fn single(&self, hash: &u128) -> Option<usize> {
        self.0.get(hash).copied().flatten()
    }
}

pub(crate) fn code_hash(node: Node<'_>) -> u128 {
    node.tree().def_hash(node.id().def)
}

/// How many nodes there are.
fn size(root: Node<'_>) -> usize {
    let (mut stack, mut count) = (vec![root], 0);
    while let Some(node) = stack.pop() {
        count += 1;
        stack.extend(node.children());
    }
    count
}

fn has_nodes(root: Node<'_>, wanted: usize) -> bool {
    let (mut stack, mut count) = (vec![root], 0);
    while let Some(node) = stack.pop() {
        count += 1;
        if count >= wanted {
            return true;
        }
        stack.extend(node.children());
    }
    false
}
