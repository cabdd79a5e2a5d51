//! The shortest edit script of two sequences: from the front, as far as a number of edits goes.
//!
//! Source: the greedy algorithm of Myers 1986.

/// The way to the furthest place that was reached.
pub(crate) struct Path {
    /// The equal elements on the way.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// How much of both sequences the way covers.
    pub(crate) end: (usize, usize),
    /// How many elements were compared to find it.
    pub(crate) steps: usize,
}

/// For every number of deletions among so many edits, how far in the first sequence they can get.
type Row = Vec<Option<usize>>;

/// Follows the shortest edit script of two sequences until it ends or has more than so many edits or steps.
pub(crate) fn shortest(a: &[u64], b: &[u64], most_edits: usize, most_steps: usize) -> Path {
    let mut rows: Vec<Row> = Vec::new();
    let mut steps = 0;
    loop {
        let edits = rows.len();
        let reach = |deletions: usize| {
            let from = step(&rows, deletions, (a.len(), b.len()))?.0;
            let pairs = a[from..].iter().zip(&b[second(from, edits, deletions)..]);
            let run = pairs.take_while(|it| it.0 == it.1).count();
            steps += run + 1;
            Some(from + run)
        };
        let row: Row = (0..=edits).map(reach).collect();
        let places = (0..=edits).filter_map(|it| Some((row[it]?, second(row[it]?, edits, it), it)));
        let (i, j, deletions) = places.max_by_key(|it| it.0 + it.1).unwrap_or_default();
        rows.push(row);
        if (i, j) == (a.len(), b.len()) || edits == most_edits || steps > most_steps {
            return Path { pairs: way(rows, deletions, (a.len(), b.len())), end: (i, j), steps };
        }
    }
}

/// The place in the second sequence that belongs to one in the first.
fn second(first: usize, edits: usize, deletions: usize) -> usize {
    first + edits - 2 * deletions
}

/// Where one more edit leads, after those of all rows, and whether it is a deletion.
fn step(rows: &[Row], deletions: usize, (len_a, len_b): (usize, usize)) -> Option<(usize, bool)> {
    let Some(last) = rows.last() else { return Some((0, false)) };
    let edits = rows.len() - 1;
    let deleted = deletions.checked_sub(1).and_then(|it| last[it]).filter(|it| *it < len_a).map(|it| it + 1);
    let inserted = last.get(deletions).copied().flatten();
    let inserted = inserted.filter(|it| second(*it, edits, deletions) < len_b);
    deleted.map(|it| (it, true)).max(inserted.map(|it| (it, false)))
}

/// The equal elements on the way to the place with so many deletions in the last row.
fn way(mut rows: Vec<Row>, mut deletions: usize, lengths: (usize, usize)) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    while let Some(row) = rows.pop() {
        let Some((from, is_deletion)) = step(&rows, deletions, lengths) else { break };
        let to = row[deletions].unwrap_or(from);
        out.extend((from..to).rev().map(|it| (it, second(it, rows.len(), deletions))));
        deletions -= usize::from(is_deletion);
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(a: &str, b: &str, most_edits: usize) -> (String, (usize, usize)) {
        let codes = |text: &str| text.bytes().map(u64::from).collect::<Vec<_>>();
        let path = shortest(&codes(a), &codes(b), most_edits, usize::MAX);
        assert!(path.pairs.windows(2).all(|it| it[0].0 < it[1].0 && it[0].1 < it[1].1));
        assert!(path.pairs.iter().all(|it| a.as_bytes()[it.0] == b.as_bytes()[it.1]));
        (path.pairs.iter().map(|it| char::from(a.as_bytes()[it.0])).collect(), path.end)
    }

    #[test]
    fn as_much_as_can_be_is_kept() {
        assert_eq!(common("", "", 9), (String::new(), (0, 0)));
        assert_eq!(common("abc", "", 9), (String::new(), (3, 0)));
        assert_eq!(common("", "abc", 9), (String::new(), (0, 3)));
        assert_eq!(common("abcabba", "cbabac", 9).0.len(), 4);
        assert_eq!(common("xabcabc", "abcabcy", 9), ("abcabc".to_owned(), (7, 7)));
    }

    #[test]
    fn so_many_edits_lead_as_far_as_they_can() {
        assert_eq!(common("aaaaxyz", "aaaauvw", 2), ("aaaa".to_owned(), (6, 4)));
        assert_eq!(common("xxaaaa", "aaaa", 1), (String::new(), (1, 0)));
    }
}
