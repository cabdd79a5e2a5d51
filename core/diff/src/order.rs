//! Which of some siblings kept their order.

/// For a sequence of distinct numbers: whether each belongs to one longest increasing subsequence.
///
/// The others are the fewest that have to move to sort the sequence. Cost: n log n.
/// Source: patience sorting, after Fredman 1975.
pub(crate) fn kept(sequence: &[usize]) -> Vec<bool> {
    // `tails[k]`: where the smallest last value of an increasing subsequence of length k + 1 stands.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(sequence.len());
    for (at, value) in sequence.iter().enumerate() {
        let length = tails.partition_point(|it| sequence[*it] < *value);
        before.push(length.checked_sub(1).map(|it| tails[it]));
        if length == tails.len() {
            tails.push(at);
        } else {
            tails[length] = at;
        }
    }
    let mut out = vec![false; sequence.len()];
    let mut at = tails.last().copied();
    while let Some(it) = at {
        out[it] = true;
        at = before[it];
    }
    out
}

/// For a sequence of distinct numbers with weights: whether each belongs to one heaviest increasing subsequence.
///
/// Cost: n log n. Source: the heaviest increasing subsequence after Jacobson and Vo 1992.
pub(crate) fn heaviest(sequence: &[(usize, u64)]) -> Vec<bool> {
    let mut ranks: Vec<usize> = sequence.iter().map(|it| it.0).collect();
    ranks.sort_unstable();
    // A tree of prefix maxima over the ranks: the weight of the best subsequence that ends at or before each.
    let mut best: Vec<(u64, usize)> = vec![(0, usize::MAX); ranks.len() + 1];
    let mut before: Vec<usize> = Vec::with_capacity(sequence.len());
    let mut last = (0, usize::MAX);
    for (at, (value, weight)) in sequence.iter().enumerate() {
        let rank = ranks.partition_point(|it| it < value);
        let mut found = (0, usize::MAX);
        let mut node = rank;
        while node > 0 {
            if best[node].0 > found.0 {
                found = best[node];
            }
            node &= node - 1;
        }
        before.push(found.1);
        let own = (found.0 + weight, at);
        if own.0 > last.0 {
            last = own;
        }
        node = rank + 1;
        while node < best.len() {
            if own.0 > best[node].0 {
                best[node] = own;
            }
            node += node & node.wrapping_neg();
        }
    }
    let mut out = vec![false; sequence.len()];
    let mut at = last.1;
    while let Some(it) = out.get_mut(at) {
        *it = true;
        at = before[at];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{heaviest, kept};

    #[test]
    fn the_heaviest_stay() {
        assert!(heaviest(&[]).is_empty());
        assert_eq!(heaviest(&[(1, 5), (0, 2), (2, 1)]), [true, false, true]);
        assert_eq!(heaviest(&[(1, 1), (0, 2), (2, 1)]), [false, true, true]);
        assert_eq!(heaviest(&[(2, 3), (0, 1), (1, 1)]), [true, false, false]);
    }

    #[test]
    fn the_fewest_move() {
        assert!(kept(&[]).is_empty());
        assert_eq!(kept(&[0, 1, 2]), [true; 3]);
        assert_eq!(kept(&[2, 0, 1]), [false, true, true]);
        assert_eq!(kept(&[0, 3, 1, 2, 4]), [true, false, true, true, true]);
        assert_eq!(kept(&[3, 2, 1, 0]).iter().filter(|it| **it).count(), 1);
    }
}
