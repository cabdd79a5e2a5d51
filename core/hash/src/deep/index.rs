//! Who looks at what: what an edit leads to is found in here, without a look at all the rest.
//!
//! Two tables the other way round, made of a whole project at once: per node the nodes whose slots it fills, and per
//! question the files that asked it. What comes with later edits is kept beside them; what is not so any more stays in,
//! because a node that is hashed for nothing, like a file that is linked for nothing, is work and never a wrong answer.

use rustc_hash::{FxHashMap, FxHashSet};

use super::column::Column;
use super::linked::Linked;
use super::places::{NONE, Part, count};

/// Questions are found by their upper bits, then searched.
const BITS: u32 = 12;

#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Per node, where its users begin; at last where they end.
    pub(super) user_starts: Column<u32>,
    /// Sorted for each node.
    pub(super) users: Column<u32>,
    added: FxHashMap<u32, FxHashSet<u32>>,
    /// By the upper bits of a question, where the askers begin.
    pub(super) asker_starts: Column<u32>,
    /// Questions and files, sorted.
    pub(super) askers: Column<(u32, u32)>,
    /// Files that were linked since, or are gone: what they ask now stands with them.
    relinked: FxHashSet<u32>,
}

impl Index {
    /// Of all that there is.
    pub(super) fn of(linked: &Linked) -> Self {
        let (user_starts, users) = users(linked);
        let mut askers = Vec::new();
        for file in 0..linked.files.len() {
            askers.extend(linked.asked.part(linked.files.get(file).asked).iter().map(|it| (*it, file)));
        }
        askers.sort_unstable();
        let start = |bucket: u32| count(askers.partition_point(|it| it.0 >> (32 - BITS) < bucket));
        let asker_starts: Vec<u32> = (0..=1 << BITS).map(start).collect();
        Self {
            user_starts: user_starts.into(),
            users: users.into(),
            asker_starts: asker_starts.into(),
            askers: askers.into(),
            ..Self::default()
        }
    }

    /// Says that a file was linked, or is gone.
    pub(super) fn relink(&mut self, file: u32) {
        self.relinked.insert(file);
    }

    /// Says that a node fills a slot of another.
    pub(super) fn add_user(&mut self, node: u32, user: u32) {
        if self.known_users(node).binary_search(&user).is_err() {
            self.added.entry(node).or_default().insert(user);
        }
    }

    fn known_users(&self, node: u32) -> std::borrow::Cow<'_, [u32]> {
        if node.checked_add(1).is_none_or(|it| it >= self.user_starts.len()) {
            return std::borrow::Cow::Borrowed(&[]);
        }
        let start = self.user_starts.get(node);
        self.users.part(Part { start, len: self.user_starts.get(node + 1).saturating_sub(start) })
    }

    /// All nodes that lead to some of these, and these; sorted. There are `count` nodes.
    pub(super) fn reaching(&self, nodes: &[u32], count: u32) -> Vec<u32> {
        let mut out: FxHashSet<u32> = nodes.iter().copied().collect();
        let mut open = nodes.to_vec();
        while let Some(node) = open.pop() {
            let known = self.known_users(node);
            let added = self.added.get(&node).into_iter().flatten();
            open.extend(known.iter().chain(added).copied().filter(|it| *it < count && out.insert(*it)));
        }
        let mut out: Vec<u32> = out.into_iter().collect();
        out.sort_unstable();
        out
    }

    /// The files that asked some of these questions, sorted.
    pub(super) fn askers(&self, linked: &Linked, questions: &FxHashSet<u32>) -> Vec<u32> {
        let mut sorted: Vec<u32> = questions.iter().copied().collect();
        sorted.sort_unstable();
        let mut out = FxHashSet::default();
        for question in sorted {
            let bucket = question >> (32 - BITS);
            let start = self.asker_starts.get(bucket);
            let len = self.asker_starts.get(bucket + 1).saturating_sub(start);
            let askers = self.askers.part(Part { start, len });
            let first = askers.partition_point(|it| it.0 < question);
            let askers = askers[first..].iter().take_while(|it| it.0 == question);
            out.extend(askers.map(|it| it.1).filter(|it| !self.relinked.contains(it)));
        }
        let asks = |file: &&u32| {
            let asked = linked.files.get(**file).asked;
            linked.asked.part(asked).iter().any(|it| questions.contains(it))
        };
        if !questions.is_empty() {
            out.extend(self.relinked.iter().filter(asks));
        }
        let mut out: Vec<u32> = out.into_iter().collect();
        out.sort_unstable();
        out
    }
}

/// Per node, the nodes whose slots it fills.
fn users(linked: &Linked) -> (Vec<u32>, Vec<u32>) {
    let nodes = linked.own.len();
    let each = |found: &mut dyn FnMut(u32, u32)| {
        // A node stands in many slots of another.
        let mut last = vec![NONE; nodes as usize];
        for user in 0..nodes {
            for (node, _) in &*linked.filled.part(linked.slots.get(user)) {
                if *node < nodes && std::mem::replace(&mut last[*node as usize], user) != user {
                    found(*node, user);
                }
            }
        }
    };
    let mut starts = vec![0; nodes as usize + 1];
    each(&mut |node, _| starts[node as usize + 1] += 1);
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut users = vec![0; starts.last().map_or(0, |it| *it as usize)];
    each(&mut |node, user| {
        let place = &mut next[node as usize];
        users[*place as usize] = user;
        *place += 1;
    });
    (starts, users)
}
