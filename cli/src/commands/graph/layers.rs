//! Where nodes stand in a picture: in layers, so that links lead down, with few crossings.
//!
//! Source: Sugiyama, Tagawa and Toda 1981; layers of bounded width after Coffman and Graham 1972; orders by barycenters.

use super::model::Model;

/// A place in the picture: a node, or a bend of a link that passes through a layer.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) layer: usize,
    pub(super) width: f64,
    /// Its middle.
    pub(super) x: f64,
}

/// Where everything stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    pub(super) spots: Vec<Spot>,
    /// Per layer its spots, from left to right.
    pub(super) layers: Vec<Vec<usize>>,
    /// Per link of the model, in order, its spots from the start to the end.
    pub(super) ways: Vec<Vec<usize>>,
}

/// How often layers are ordered anew, and spots are moved.
const SWEEPS: usize = 12;
/// Up to so many nodes, links bend around nodes, and nodes stand below each other; in larger pictures, which are looked
/// at piece by piece, that would tear them apart.
pub(super) const SMALL: usize = 60;
/// Space between spots.
const GAP: f64 = 18.0;
/// How far layers of large pictures stand apart sideways.
const STAGGER: [f64; 3] = [-70.0, 0.0, 70.0];
/// Width of a bend.
const BEND: f64 = 6.0;

/// Width of a node with this label.
pub(super) fn width_of(label: &str) -> f64 {
    let count = u16::try_from(label.chars().count()).unwrap_or(u16::MAX);
    f64::from(count) * 7.3 + 18.0
}

/// Lays a graph out.
pub(super) fn layout(model: &Model, labels: &[String]) -> Layout {
    let links: Vec<(usize, usize)> = model.links.keys().copied().collect();
    let down = acyclic(model.nodes.len(), &links);
    let layer_of = layers(model.nodes.len(), &down);
    let mut out = Layout::default();
    let count = layer_of.iter().max().map_or(0, |it| it + 1);
    out.layers = vec![Vec::new(); count];
    for (node, layer) in layer_of.iter().enumerate() {
        out.layers[*layer].push(node);
        out.spots.push(Spot { layer: *layer, width: width_of(&labels[node]), x: 0.0 });
    }
    let is_small = labels.len() <= SMALL;
    for (from, to) in &links {
        out.way(*from, *to, is_small);
    }
    order(&mut out);
    place(&mut out, if is_small { SWEEPS } else { 0 });
    out
}

impl Layout {
    /// The spots of a link, with a bend in each layer between its ends.
    fn way(&mut self, from: usize, to: usize, bends: bool) {
        let (start, end) = (self.spots[from].layer, self.spots[to].layer);
        let mut way = vec![from];
        if !bends {
            self.ways.push(vec![from, to]);
            return;
        }
        let between: Vec<usize> = if start < end {
            (start + 1..end).collect()
        } else {
            (end + 1..start.max(end + 1)).rev().collect()
        };
        for layer in between {
            let spot = self.spots.len();
            self.spots.push(Spot { layer, width: BEND, x: 0.0 });
            self.layers[layer].push(spot);
            way.push(spot);
        }
        way.push(to);
        self.ways.push(way);
    }

    /// Per spot, its neighbors in the layers above and below.
    fn neighbors(&self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let (mut above, mut below) = (vec![Vec::new(); self.spots.len()], vec![Vec::new(); self.spots.len()]);
        for way in &self.ways {
            for pair in way.windows(2) {
                let (mut high, mut low) = (pair[0], pair[1]);
                if self.spots[high].layer > self.spots[low].layer {
                    (high, low) = (low, high);
                }
                if self.spots[high].layer < self.spots[low].layer {
                    below[high].push(low);
                    above[low].push(high);
                }
            }
        }
        (above, below)
    }
}

/// The links without those that lead back in a walk from node to node, which are turned round.
fn acyclic(count: usize, links: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut targets = vec![Vec::new(); count];
    let mut incoming = vec![0_usize; count];
    for (from, to) in links.iter().filter(|it| it.0 != it.1) {
        targets[*from].push(*to);
        incoming[*to] += 1;
    }
    let mut out = vec![Vec::new(); count];
    // 0 not seen, 1 open, 2 done.
    let mut state = vec![0_u8; count];
    let mut starts: Vec<usize> = (0..count).collect();
    starts.sort_by_key(|it| (incoming[*it], *it));
    for start in starts {
        if state[start] != 0 {
            continue;
        }
        state[start] = 1;
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let Some(to) = targets[node].get(*next).copied() else {
                state[node] = 2;
                path.pop();
                continue;
            };
            *next += 1;
            if state[to] == 1 {
                out[to].push(node);
            } else {
                out[node].push(to);
                if state[to] == 0 {
                    state[to] = 1;
                    path.push((to, 0));
                }
            }
        }
    }
    out
}

/// The layer of each node: below all that lead to it, with a bounded number of nodes in each.
fn layers(count: usize, down: &[Vec<usize>]) -> Vec<usize> {
    let mut incoming = vec![0_usize; count];
    for to in down.iter().flatten() {
        incoming[*to] += 1;
    }
    let is_alone = |it: usize, incoming: &[usize]| incoming[it] == 0 && down[it].is_empty();
    let alone: Vec<usize> = (0..count).filter(|it| is_alone(*it, &incoming)).collect();
    let most = (count * 4 / 3).isqrt().max(4) + 1;
    let mut layer = vec![0; count];
    let mut sizes: Vec<usize> = Vec::new();
    let mut put = |node: usize, from: usize, layer: &mut [usize]| {
        let mut at = from;
        while sizes.get(at).is_some_and(|it| *it >= most) {
            at += 1;
        }
        sizes.resize(sizes.len().max(at + 1), 0);
        sizes[at] += 1;
        layer[node] = at;
    };
    let mut ready: std::collections::VecDeque<usize> =
        (0..count).filter(|it| incoming[*it] == 0 && !down[*it].is_empty()).collect();
    let mut least = vec![0; count];
    let mut last = 0;
    while let Some(node) = ready.pop_front() {
        put(node, least[node], &mut layer);
        last = last.max(layer[node] + 1);
        for to in &down[node] {
            least[*to] = least[*to].max(layer[node] + 1);
            incoming[*to] -= 1;
            if incoming[*to] == 0 {
                ready.push_back(*to);
            }
        }
    }
    // What has no links stands below all others.
    for node in alone {
        put(node, last, &mut layer);
    }
    layer
}

/// Orders layers by the means of their neighbors' places, down and up again.
fn order(layout: &mut Layout) {
    let (above, below) = layout.neighbors();
    let mut place = vec![0.0; layout.spots.len()];
    let number = |place: &mut [f64], layer: &[usize]| {
        for (at, spot) in layer.iter().enumerate() {
            place[*spot] = f64::from(u32::try_from(at).unwrap_or(0));
        }
    };
    layout.layers.iter().for_each(|it| number(&mut place, it));
    let count = layout.layers.len();
    for sweep in 0..SWEEPS {
        let near = if sweep % 2 == 0 { &above } else { &below };
        for at in 0..count {
            let at = if sweep % 2 == 0 { at } else { count - 1 - at };
            let mut keyed: Vec<(f64, usize)> = layout.layers[at]
                .iter()
                .map(|it| (mean(&near[*it], &place).unwrap_or(place[*it]), *it))
                .collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            layout.layers[at] = keyed.into_iter().map(|it| it.1).collect();
            number(&mut place, &layout.layers[at]);
        }
    }
}

fn mean(of: &[usize], values: &[f64]) -> Option<f64> {
    let count = u32::try_from(of.len()).ok().filter(|it| *it > 0)?;
    Some(of.iter().map(|it| values[*it]).sum::<f64>() / f64::from(count))
}

/// Moves spots to the means of their neighbors, as far as those beside them let them.
fn place(layout: &mut Layout, sweeps: usize) {
    let (above, below) = layout.neighbors();
    let mut x = vec![0.0; layout.spots.len()];
    for layer in &layout.layers {
        let total: f64 = layer.iter().map(|it| layout.spots[*it].width + GAP).sum();
        // One below the other, long links would run through nodes.
        let turn = if sweeps == 0 {
            STAGGER[layout.spots[layer.first().copied().unwrap_or(0)].layer % 3]
        } else {
            0.0
        };
        let mut at = turn - total / 2.0;
        for spot in layer {
            x[*spot] = at + layout.spots[*spot].width / 2.0;
            at += layout.spots[*spot].width + GAP;
        }
    }
    for sweep in 0..sweeps {
        let near = if sweep % 2 == 0 { &above } else { &below };
        for layer in &layout.layers {
            let wanted: Vec<f64> = layer.iter().map(|it| mean(&near[*it], &x).unwrap_or(x[*it])).collect();
            let apart = |a: usize, b: usize| {
                f64::midpoint(layout.spots[layer[a]].width, layout.spots[layer[b]].width) + GAP
            };
            let (mut left, mut right) = (wanted.clone(), wanted);
            for it in 1..layer.len() {
                left[it] = left[it].max(left[it - 1] + apart(it - 1, it));
            }
            for it in (1..layer.len()).rev() {
                right[it - 1] = right[it - 1].min(right[it] - apart(it - 1, it));
            }
            for (at, spot) in layer.iter().enumerate() {
                x[*spot] = f64::midpoint(left[at], right[at]);
            }
        }
    }
    let least = layout.spots.iter().zip(&x).map(|(it, x)| x - it.width / 2.0).fold(f64::INFINITY, f64::min);
    for (spot, x) in layout.spots.iter_mut().zip(x) {
        spot.x = x - least;
    }
}
