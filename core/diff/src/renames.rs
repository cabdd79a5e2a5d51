//! Which removed file is which added one.
//!
//! Files are paired by how similar they are as wholes, the most similar first. Files with equal bytes are better found
//! before they are parsed.

use crate::side::Side;
use crate::sketch::Index;

/// The least similarity of a file that was renamed and edited.
const LEAST: f32 = 0.5;
/// Files with fewer features are alike by chance.
const SMALLEST: usize = 16;

/// Pairs removed files with added ones, by their places in the lists: a removed one, an added one.
///
/// Each list has the names of the files with their sides. The result is in the order of the names of the added files.
/// Cost: n log n in the texts.
pub fn renamed_files(removed: &[(&str, &Side<'_>)], added: &[(&str, &Side<'_>)]) -> Vec<(usize, usize)> {
    if removed.is_empty() || added.is_empty() {
        return Vec::new();
    }
    let mut olds: Vec<usize> = (0..removed.len()).collect();
    olds.sort_by_key(|it| removed[*it].0);
    let mut news: Vec<usize> = (0..added.len()).collect();
    news.sort_by_key(|it| added[*it].0);
    let index = Index::new(olds.iter().map(|it| removed[*it].1.sketch(0)).collect());
    let mut found = Vec::new();
    for new in news {
        let sketch = added[new].1.sketch(0);
        if sketch.count < SMALLEST {
            continue;
        }
        let alike = |old: usize| removed[old].1.is_python() == added[new].1.is_python();
        let candidates = index.candidates(sketch).into_iter().map(|it| (olds[it.0], new, it.1));
        found.extend(candidates.filter(|it| it.2 >= LEAST && alike(it.0)));
    }
    // The sort is stable: among equals, the order of the names stands.
    found.sort_by(|a, b| b.2.total_cmp(&a.2));
    let (mut taken, mut given) = (vec![false; removed.len()], vec![false; added.len()]);
    let mut out = Vec::new();
    for (old, new, _) in found {
        if !taken[old] && !given[new] {
            (taken[old], given[new]) = (true, true);
            out.push((old, new));
        }
    }
    out.sort_by_key(|it| added[it.1].0);
    out
}
