//! `--focus`: a node and what is near it.

use std::collections::{BTreeSet, VecDeque};

use super::model::Model;
use crate::definitions;
use crate::failure::Failure;

/// How many links away, without `--depth`.
pub(super) const DEPTH: usize = 2;

impl Model {
    /// The nodes of a name, and what is at most so many links away, whichever way they lead.
    ///
    /// # Errors
    /// No such node; the message has the one that is nearest.
    pub(super) fn around(mut self, name: &str, depth: usize) -> Result<Self, Failure> {
        let plain = name.strip_prefix("./").unwrap_or(name).trim_end_matches('/');
        let colons = plain.replacen(':', ".", 1);
        let is_it = |it: &super::model::Node| {
            it.id == plain || it.target == plain || (!plain.contains("::") && it.id == colons)
        };
        let mut open: VecDeque<(usize, usize)> =
            (0..self.nodes.len()).filter(|it| is_it(&self.nodes[*it])).map(|it| (it, 0)).collect();
        if open.is_empty() {
            let inside = |it: &super::model::Node| it.target.starts_with(&format!("{plain}::"));
            open.extend((0..self.nodes.len()).filter(|it| inside(&self.nodes[*it])).map(|it| (it, 0)));
        }
        if open.is_empty() {
            let names: Vec<&str> = self.nodes.iter().map(|it| it.id.as_str()).collect();
            let nearest = definitions::find_name(&names, "the graph", plain).err();
            let failure = Failure::new(format!("`{name}` is no node of the graph"));
            return Err(match nearest.and_then(|it| it.hints().first().cloned()) {
                Some(hint) if hint.starts_with("is it") => failure.hint(hint),
                _ => failure.hint("`--format json` lists the nodes"),
            });
        }
        let mut near = vec![Vec::new(); self.nodes.len()];
        for (from, to) in self.links.keys() {
            near[*from].push(*to);
            near[*to].push(*from);
        }
        let mut kept: BTreeSet<usize> = open.iter().map(|it| it.0).collect();
        while let Some((node, far)) = open.pop_front() {
            if far < depth {
                open.extend(near[node].iter().filter(|it| kept.insert(**it)).map(|it| (*it, far + 1)));
            }
        }
        let order: Vec<usize> = kept.into_iter().collect();
        let left = self.nodes.len() - order.len();
        self.take(&order);
        if left > 0 {
            self.notes.push(format!("{left} nodes are more than {depth} links away from `{name}`"));
        }
        Ok(self)
    }
}
