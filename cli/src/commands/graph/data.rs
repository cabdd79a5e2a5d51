//! Graphs as text: Graphviz, Mermaid, JSON, and lists of cycles.

use serde::Serialize;

use super::model::Model;
use crate::render::Append;
use crate::render::json::SCHEMA;

/// The document of `--format json`.
#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    r#type: &'static str,
    graph: &'static str,
    nodes: Vec<NodeRecord<'a>>,
    edges: Vec<EdgeRecord<'a>>,
    cycles: Vec<Vec<&'a str>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct NodeRecord<'a> {
    id: &'a str,
    kind: &'static str,
    target: &'a str,
    package: &'a str,
}

#[derive(Serialize)]
struct EdgeRecord<'a> {
    from: &'a str,
    to: &'a str,
    kind: &'static str,
    count: usize,
}

pub(super) fn json(model: &Model) -> String {
    let id = |it: usize| model.nodes[it].id.as_str();
    let document = Document {
        schema: SCHEMA,
        r#type: "graph",
        graph: model.name,
        nodes: model
            .nodes
            .iter()
            .map(|it| NodeRecord { id: &it.id, kind: it.kind, target: &it.target, package: &it.package })
            .collect(),
        edges: model
            .links
            .iter()
            .map(|((from, to), it)| EdgeRecord {
                from: id(*from),
                to: id(*to),
                kind: it.kind,
                count: it.count,
            })
            .collect(),
        cycles: model.cycles.iter().map(|it| it.iter().map(|it| id(*it)).collect()).collect(),
        notes: &model.notes,
    };
    let mut out = serde_json::to_string(&document).unwrap_or_default();
    out.push('\n');
    out
}

/// Whether a link is part of a cycle.
pub(super) fn is_cyclic(cycle_of: &[Option<usize>], from: usize, to: usize) -> bool {
    cycle_of[from].is_some() && cycle_of[from] == cycle_of[to]
}

/// Links that come later, or never, are dashed; those of cycles are red and bold.
pub(super) fn dot(model: &Model) -> String {
    let cycle_of = model.cycle_of();
    let quoted = |it: &str| format!("\"{}\"", it.replace('\\', "\\\\").replace('"', "\\\""));
    let mut out = format!("digraph {} {{\n  node [shape=box, fontname=\"sans-serif\"];\n", model.name);
    for (at, node) in model.nodes.iter().enumerate() {
        let mark = if cycle_of[at].is_some() { ", color=red" } else { "" };
        out.append(format_args!("  {} [tooltip={}{mark}];\n", quoted(&node.id), quoted(&node.target)));
    }
    for ((from, to), link) in &model.links {
        let mut marks = Vec::new();
        if matches!(link.kind, "lazy" | "typing") {
            marks.push("style=dashed");
        } else if is_cyclic(&cycle_of, *from, *to) {
            marks.push("color=red, penwidth=2");
        }
        let marks = if marks.is_empty() { String::new() } else { format!(" [{}]", marks.join(", ")) };
        let (from, to) = (&model.nodes[*from].id, &model.nodes[*to].id);
        out.append(format_args!("  {} -> {}{marks};\n", quoted(from), quoted(to)));
    }
    out += "}\n";
    out
}

pub(super) fn mermaid(model: &Model) -> String {
    let cycle_of = model.cycle_of();
    let quoted = |it: &str| it.replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;");
    let mut out = String::from("flowchart TD\n");
    for (at, node) in model.nodes.iter().enumerate() {
        out.append(format_args!("  n{at}[\"{}\"]\n", quoted(&node.id)));
    }
    let mut red = Vec::new();
    for (number, ((from, to), link)) in model.links.iter().enumerate() {
        let is_weak = matches!(link.kind, "lazy" | "typing");
        let arrow = if is_weak { "-.->" } else { "-->" };
        if !is_weak && is_cyclic(&cycle_of, *from, *to) {
            red.push(number.to_string());
        }
        out.append(format_args!("  n{from} {arrow} n{to}\n"));
    }
    let members: Vec<String> = model.cycles.iter().flatten().map(|it| format!("n{it}")).collect();
    if !members.is_empty() {
        out.append(format_args!(
            "  classDef cycle stroke:#d1242f,stroke-width:2px\n  class {} cycle\n",
            members.join(",")
        ));
    }
    if !red.is_empty() {
        out.append(format_args!("  linkStyle {} stroke:#d1242f,stroke-width:2px\n", red.join(",")));
    }
    out
}

/// The cycles: a line each, with a shortest way around.
pub(super) fn cycles(model: &Model) -> String {
    let mut out = String::new();
    for cycle in &model.cycles {
        let names: Vec<&str> =
            way_around(model, cycle).into_iter().map(|it| model.nodes[it].id.as_str()).collect();
        out.append(format_args!("{}", names.join(" -> ")));
        if names.len() - 1 < cycle.len() {
            out.append(format_args!("  ({} in all:", cycle.len()));
            for it in cycle {
                out.append(format_args!(" {}", model.nodes[*it].id));
            }
            out.push(')');
        }
        out.push('\n');
    }
    out
}

/// A shortest way from the first node of a cycle back to itself.
fn way_around(model: &Model, cycle: &[usize]) -> Vec<usize> {
    let Some(first) = cycle.first().copied() else { return Vec::new() };
    let mut from: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    let mut open = std::collections::VecDeque::from([first]);
    while let Some(node) = open.pop_front() {
        let links = model.links.range((node, 0)..=(node, usize::MAX));
        for ((_, to), link) in links {
            if matches!(link.kind, "lazy" | "typing") || !cycle.contains(to) {
                continue;
            }
            if *to == first {
                let (mut out, mut at) = (vec![first, node], node);
                while at != first {
                    at = from[&at];
                    out.push(at);
                }
                out.reverse();
                if node == first {
                    out.truncate(2);
                }
                return out;
            }
            if !from.contains_key(to) {
                from.insert(*to, node);
                open.push_back(*to);
            }
        }
    }
    cycle.to_vec()
}
