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

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn the_fewest_move() {
        assert!(kept(&[]).is_empty());
        assert_eq!(kept(&[0, 1, 2]), [true; 3]);
        assert_eq!(kept(&[2, 0, 1]), [false, true, true]);
        assert_eq!(kept(&[0, 3, 1, 2, 4]), [true, false, true, true, true]);
        assert_eq!(kept(&[3, 2, 1, 0]).iter().filter(|it| **it).count(), 1);
    }
}
