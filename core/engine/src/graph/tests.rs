//! Components against a definition by reachability.

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

#[test]
fn long_paths_need_no_stack() {
    let len = 100_000;
    let path = Graph::new((0..len).map(|it| (it + 1 < len).then_some(it + 1)));
    assert_eq!(Condensation::of(&path).len(), len);
    let ring = Graph::new((0..len).map(|it| [(it + 1) % len]));
    assert_eq!(Condensation::of(&ring).len(), 1);
}
