//! The C3 linearization itself.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// The linearization of a class with these linearized bases, itself first; none if there is no consistent order.
///
/// Cost: linear in the length of all the lists together, times the number of bases.
pub fn linearize<T: Clone + Eq + Hash>(class: T, bases: &[Vec<T>]) -> Option<Vec<T>> {
    let direct: Vec<T> = bases.iter().filter_map(|it| it.first().cloned()).collect();
    let mut lists: Vec<&[T]> = bases.iter().map(Vec::as_slice).collect();
    lists.push(&direct);
    // How often each class stands in some list after its first place: as long as it does, it has to wait.
    let mut waiting: FxHashMap<&T, usize> = FxHashMap::default();
    for it in lists.iter().flat_map(|it| it.iter().skip(1)) {
        *waiting.entry(it).or_default() += 1;
    }
    let mut out = vec![class];
    loop {
        lists.retain(|it| !it.is_empty());
        if lists.is_empty() {
            return Some(out);
        }
        let next =
            lists.iter().find_map(|it| it.first().filter(|it| waiting.get(it).is_none_or(|it| *it == 0)))?;
        for list in &mut lists {
            if list.first() == Some(next) {
                *list = &list[1..];
                if let Some(count) = list.first().and_then(|it| waiting.get_mut(it)) {
                    *count -= 1;
                }
            }
        }
        out.push(next.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::linearize;

    fn order(bases: &[&str]) -> Option<String> {
        let bases: Vec<Vec<char>> = bases.iter().map(|it| it.chars().collect()).collect();
        linearize('X', &bases).map(|it| it.into_iter().collect())
    }

    #[test]
    fn diamonds_and_conflicts() {
        assert_eq!(order(&["AO"]).as_deref(), Some("XAO"));
        assert_eq!(order(&["BAO", "CAO"]).as_deref(), Some("XBCAO"));
        // class X(A, B) with B(A): A would have to stand before and after B.
        assert_eq!(order(&["AO", "BAO"]), None);
        assert_eq!(order(&["AO", "AO"]), None);
        assert_eq!(order(&[]).as_deref(), Some("X"));
    }
}
