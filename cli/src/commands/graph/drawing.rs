//! Pictures: one file that needs nothing else, light or dark as the reader's system is.

use std::hash::{BuildHasher, BuildHasherDefault};

use rustc_hash::FxHasher;

use super::data::is_cyclic;
use super::layers::{Layout, SMALL, layout};
use super::model::Model;
use crate::render::Append;

const HEIGHT: f64 = 26.0;
const STEP: f64 = 78.0;
const MARGIN: f64 = 24.0;
const LEGEND: f64 = 30.0;

/// The part of all names that says nothing: the package around everything.
fn common(model: &Model) -> String {
    let mut names = model.nodes.iter().map(|it| it.id.as_str());
    let Some(first) = names.next() else { return String::new() };
    let end = |it: &str| it.rfind('.').map_or(0, |at| at + 1);
    let mut prefix = &first[..end(first)];
    for name in names {
        while !name.starts_with(prefix) || name.len() == prefix.len() {
            let shorter = prefix.trim_end_matches('.');
            prefix = &prefix[..end(shorter)];
        }
    }
    prefix.to_owned()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A color's angle for a package.
fn hue(package: &str) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(package) % 360
}

pub(super) fn svg(model: &Model) -> String {
    let prefix = common(model);
    let labels: Vec<String> = model.nodes.iter().map(|it| it.id[prefix.len()..].to_owned()).collect();
    let layout = layout(model, &labels);
    let cycle_of = model.cycle_of();
    let width = layout.spots.iter().map(|it| it.x + it.width / 2.0).fold(260.0, f64::max) + 2.0 * MARGIN;
    let height = y_of(&layout, layout.layers.len()) + LEGEND;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"graph{size}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\">\n<title>{}</title>\n<style>\n{}</style>\n",
        escape(&title(model)),
        include_str!("graph.css"),
        size = if model.nodes.len() > SMALL { " large" } else { "" },
    );
    for (way, ((from, to), link)) in layout.ways.iter().zip(&model.links) {
        let is_weak = matches!(link.kind, "lazy" | "typing");
        let class = match (is_weak, is_cyclic(&cycle_of, *from, *to)) {
            (true, _) => " weak",
            (false, true) => " cyclic",
            (false, false) => "",
        };
        let (path, head) = if from == to { own_loop(&layout, *from) } else { curve(&layout, way) };
        out.append(format_args!(
            "<path class=\"link{class}\" data-from=\"{from}\" data-to=\"{to}\" d=\"{path}\"/>\
             <path class=\"head{class}\" data-from=\"{from}\" data-to=\"{to}\" d=\"{head}\"/>\n"
        ));
    }
    for (at, node) in model.nodes.iter().enumerate() {
        let spot = &layout.spots[at];
        let class = if cycle_of[at].is_some() { " cyclic" } else { "" };
        let (x, y) = (spot.x + MARGIN, y_of(&layout, spot.layer));
        out.append(format_args!(
            "<g class=\"node{class}\" data-node=\"{at}\" data-name=\"{}\" style=\"--hue: {}\">\
             <title>{} ({} {})</title><rect x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{HEIGHT}\" rx=\"5\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\">{}</text></g>\n",
            escape(&node.id),
            hue(&node.package),
            escape(&node.id),
            node.kind,
            escape(&node.target),
            x - spot.width / 2.0,
            spot.width,
            y + 17.0,
            escape(&labels[at]),
        ));
    }
    let legend = legend(model, &prefix);
    out.append(format_args!(
        "<text class=\"legend\" x=\"{MARGIN}\" y=\"{:.0}\">{}</text>\n</svg>\n",
        height - 12.0,
        escape(&legend)
    ));
    out
}

fn title(model: &Model) -> String {
    format!(
        "{}: {} nodes, {} links, {} cycles",
        model.name,
        model.nodes.len(),
        model.links.len(),
        model.cycles.len()
    )
}

fn legend(model: &Model, prefix: &str) -> String {
    let mut parts = vec![title(model)];
    if !prefix.is_empty() {
        parts.push(format!("all in {}", prefix.trim_end_matches('.')));
    }
    if model.links.values().any(|it| matches!(it.kind, "lazy" | "typing")) {
        parts.push("dashed: within functions, or for type checkers only".to_owned());
    }
    if !model.cycles.is_empty() {
        parts.push("thick and red: cycles".to_owned());
    }
    parts.join(" · ")
}

fn y_of(layout: &Layout, layer: usize) -> f64 {
    debug_assert!(layer <= layout.layers.len());
    MARGIN + f64::from(u32::try_from(layer).unwrap_or(0)) * STEP
}

/// A smooth way from the lower edge of one node to the upper edge of another (or up, where the layers want it), and the
/// arrow's head.
fn curve(layout: &Layout, way: &[usize]) -> (String, String) {
    let (first, last) = (way[0], way[way.len() - 1]);
    let is_down = layout.spots[first].layer <= layout.spots[last].layer;
    let edge = |it: usize, is_lower: bool| {
        y_of(layout, layout.spots[it].layer) + if is_lower { HEIGHT } else { 0.0 }
    };
    let mut points: Vec<(f64, f64)> = vec![(layout.spots[first].x + MARGIN, edge(first, is_down))];
    for it in &way[1..way.len() - 1] {
        let (x, y) = (layout.spots[*it].x + MARGIN, y_of(layout, layout.spots[*it].layer));
        let (enter, leave) = if is_down { (y, y + HEIGHT) } else { (y + HEIGHT, y) };
        points.extend([(x, enter), (x, leave)]);
    }
    let tip = (layout.spots[last].x + MARGIN, edge(last, !is_down));
    let before = if is_down { -7.0 } else { 7.0 };
    points.push((tip.0, tip.1 + before));
    let mut path = format!("M{:.1} {:.1}", points[0].0, points[0].1);
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let middle = f64::midpoint(y0, y1);
        path.append(format_args!("C{x0:.1} {middle:.1} {x1:.1} {middle:.1} {x1:.1} {y1:.1}"));
    }
    let (x, y) = tip;
    (path, format!("M{x:.1} {y:.1}l-4 {before}h8z"))
}

/// A link from a node to itself.
fn own_loop(layout: &Layout, node: usize) -> (String, String) {
    let spot = &layout.spots[node];
    let (x, y) = (spot.x + spot.width / 2.0 + MARGIN, y_of(layout, spot.layer));
    let path = format!("M{x:.1} {:.1}c16 -10 16 20 6 13", y + 6.0);
    (path, format!("M{x:.1} {:.1}l7 -4v8z", y + 19.0))
}

pub(super) fn html(model: &Model) -> String {
    let mut notes = String::new();
    for it in &model.notes {
        notes.append(format_args!("<p>{}</p>\n", escape(it)));
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{}</style>\n\
         </head>\n<body>\n<header>\n<h1>{title}</h1>\n<input type=\"search\" placeholder=\"find by name\" \
         aria-label=\"find by name\">\n<p>wheel: zoom · drag: move · click: what is linked</p>\n{notes}</header>\n<main>\n{}</main>\n\
         <script>\n{}</script>\n</body>\n</html>\n",
        include_str!("page.css"),
        svg(model),
        include_str!("page.js"),
        title = escape(&title(model)),
    )
}
