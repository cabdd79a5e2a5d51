//! Components against a definition by reachability, hashes against a definition by unfolding.

use super::*;

/// A small generator of numbers: the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(limit)).unwrap()
    }
}

fn random_graph(random: &mut Random, len: u32, externals: u32, edges: u32) -> Graph {
    Graph::new((0..len).map(|_| {
        let count = random.below(edges + 1);
        (0..count).map(|_| random.below(len + externals)).collect::<Vec<_>>()
    }))
}

#[test]
fn components_reach_each_other() {
    let mut random = Random(1);
    for _ in 0..300 {
        let graph = random_graph(&mut random, 12, 2, 3);
        let reach: Vec<_> = (0..12).map(|it| graph.reachable([it])).collect();
        let found = Condensation::of(&graph);
        for one in 0..12 {
            for two in 0..12 {
                let both = reach[one as usize].contains(&two) && reach[two as usize].contains(&one);
                assert_eq!(found.component(one) == found.component(two), both);
                let reaches = reach[one as usize].contains(&two);
                assert!(!reaches || found.component(one) >= found.component(two));
            }
            assert!(found.members(found.component(one)).contains(&one));
        }
        let back = graph.reversed();
        for node in 0..12 {
            let sources =
                (0..12).flat_map(|it| graph.targets(it).iter().filter(|to| **to == node).map(move |_| it));
            assert_eq!(back.targets(node), sources.collect::<Vec<_>>());
        }
    }
}

/// The classes of nodes with equal unfoldings, found by refining with all targets until nothing changes.
fn unfoldings(graph: &Graph, own: &[u128]) -> Vec<usize> {
    let mut class: Vec<usize> = vec![0; own.len()];
    loop {
        let mut known = Vec::new();
        let mut next = Vec::new();
        for node in 0..graph.len() {
            let target =
                |it: &u32| if *it < graph.len() { (0, class[*it as usize]) } else { (1, *it as usize) };
            let targets: Vec<_> = graph.targets(node).iter().map(target).collect();
            let label = (class[node as usize], own[node as usize], targets);
            let at = known.iter().position(|it| *it == label).unwrap_or_else(|| {
                known.push(label);
                known.len() - 1
            });
            next.push(at);
        }
        if next == class {
            return class;
        }
        class = next;
    }
}

#[test]
fn hashes_are_equal_when_unfoldings_are() {
    let (mut random, mut equal, mut cycles) = (Random(2), 0, 0);
    for round in 0..600 {
        let len = 2 + random.below(9);
        let graph = random_graph(&mut random, len, 2, 1 + round % 3);
        let labels = 1 + random.below(2);
        let own: Vec<u128> = (0..len).map(|_| u128::from(random.below(labels))).collect();
        let condensation = Condensation::of(&graph);
        let hashes = dependency_hashes(&graph, &condensation, &own, &[77, 88]);
        let classes = unfoldings(&graph, &own);
        let pairs = || (0..len as usize).flat_map(|one| (0..len as usize).map(move |two| (one, two)));
        let is_endless = |node: usize| {
            let reached = graph.reachable(u32::try_from(node));
            reached.iter().any(|it| graph.reachable(graph.targets(*it).iter().copied()).contains(it))
        };
        let component = |node: usize| condensation.component(u32::try_from(node).unwrap());
        // A copy outside of the cycle that it goes into has a hash of its own.
        let is_unrolled = |&(one, two): &(usize, usize)| {
            classes[one] == classes[two] && component(one) != component(two) && is_endless(one)
        };
        let is_exact = !pairs().any(|it| is_unrolled(&it));
        for (one, two) in pairs() {
            let same = hashes[one] == hashes[two];
            assert!(!same || classes[one] == classes[two], "{one} {two} of {graph:?} {own:?}");
            if is_exact {
                assert_eq!(same, classes[one] == classes[two], "{one} {two} of {graph:?} {own:?}");
                equal += u32::from(same && one < two);
            }
        }
        cycles += len - condensation.len();
    }
    assert!(equal > 500 && cycles > 200, "{equal} {cycles}");
}

#[test]
fn two_graphs_agree() {
    // a -> b -> a, written out once and three times, and the other way round.
    let cycle = |len: u32, shift: u32| {
        let graph = Graph::new((0..len).map(|it| [(it + 1) % len]));
        let own: Vec<u128> = (0..len).map(|it| u128::from((it + shift) % 2)).collect();
        dependency_hashes(&graph, &Condensation::of(&graph), &own, &[])
    };
    let (once, thrice, turned) = (cycle(2, 0), cycle(6, 0), cycle(2, 1));
    assert_eq!(thrice, [&once[..], &once[..], &once[..]].concat());
    assert_eq!(turned, [once[1], once[0]]);
    assert_ne!(once[0], once[1]);
    // A change anywhere is seen everywhere in the cycle, and in what depends on it.
    let hashes = |own: u128| {
        let graph = Graph::new([vec![1], vec![2, 4], vec![0], vec![0, 2], vec![], vec![4]]);
        dependency_hashes(&graph, &Condensation::of(&graph), &[1, 2, own, 4, 5, 6], &[])
    };
    let (before, after) = (hashes(3), hashes(9));
    let changed: Vec<_> = (0..6).filter(|it| before[*it] != after[*it]).collect();
    assert_eq!(changed, [0, 1, 2, 3]);
}

#[test]
fn long_cycles_are_fast() {
    // Nodes that are told apart only by how far they are from the one that differs: the worst case.
    let len = 20_000;
    let graph = Graph::new((0..len).map(|it| [(it + 1) % len]));
    let mut own = vec![0; len as usize];
    own[7] = 1;
    let hashes = dependency_hashes(&graph, &Condensation::of(&graph), &own, &[]);
    let mut distinct = hashes.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), hashes.len());
    // A path as deep, for the native stack's sake.
    let path = Graph::new((0..len).map(|it| (it + 1 < len).then_some(it + 1)));
    assert_eq!(Condensation::of(&path).len(), len);
}
