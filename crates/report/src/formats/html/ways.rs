//! Every way by which a component got in, as one picture that ends in it, and the same in words.
use interdict_model::{Finding, Step};

use super::Html;
use crate::inert::brief;
use crate::markup::escaped;
use crate::words;

/// Ways that are drawn; columns of the drawing.
const WAYS: usize = 24;
const COLUMNS: usize = 6;
const WIDE: usize = 140;
const GAP: usize = 24;
const LETTERS: usize = 18;
const ROW: usize = 30;
const HIGH: usize = 22;

/// A thing on the way, with those that bring it in.
struct Node<'a> {
    step: &'a Step,
    /// How many steps were left out between it and the one it brings in.
    skipped: usize,
    column: usize,
    row: usize,
    before: Vec<usize>,
}

pub(super) fn write(finding: &Finding, page: &mut Html) {
    let ways = &finding.introducers;
    let count = (ways.len() as u64).saturating_add(finding.introducers_untold);
    if count < 2 {
        return;
    }
    let mut nodes: Vec<Node<'_>> = Vec::new();
    for way in ways.iter().take(WAYS) {
        add(way, &mut nodes);
    }
    let rows = place(&mut nodes);
    if nodes.is_empty() {
        return;
    }
    draw(&nodes, rows, count, page);
    let title = format!("{} in words", words::count(count, "way"));
    page.put(format_args!("<details class=\"more\"><summary>{title}</summary>\n<ul class=\"proof\">\n"));
    for way in ways.iter().take(WAYS) {
        let names: Vec<String> = way.iter().map(|step| brief(&step.name, 120)).collect();
        page.raw("<li>").text(&names.join(" → ")).raw("</li>\n");
    }
    page.raw("</ul>\n");
    let left = count.saturating_sub(ways.len().min(WAYS) as u64);
    if left > 0 {
        page.element("p", "quiet", &format!("… and {}.", words::count(left, "more way"))).raw("\n");
    }
    page.raw("</details>\n");
}

/// From the component backwards: what several ways share at their end is drawn once.
fn add<'a>(way: &'a [Step], nodes: &mut Vec<Node<'a>>) {
    // Of a long way its ends say most.
    let first = way.len().min(COLUMNS - 2);
    let skipped = way.len().saturating_sub(COLUMNS);
    let last = way.get(first + skipped..).unwrap_or_default();
    let kept = last.iter().rev().map(|step| (step, 0));
    let kept = kept.chain(
        way.get(..first)
            .unwrap_or_default()
            .iter()
            .rev()
            .enumerate()
            .map(|(at, step)| (step, if at == 0 { skipped } else { 0 })),
    );
    let mut behind: Option<usize> = None;
    for (column, (step, skipped)) in kept.enumerate() {
        let beside = |at: &usize| {
            nodes.get(*at).is_some_and(|node| node.step.locator == step.locator && node.skipped == skipped)
        };
        let known = match behind {
            None => (!nodes.is_empty()).then_some(0).filter(beside),
            Some(at) => nodes.get(at).and_then(|node| node.before.iter().copied().find(beside)),
        };
        let at = known.unwrap_or_else(|| {
            nodes.push(Node { step, skipped, column, row: 0, before: Vec::new() });
            let new = nodes.len() - 1;
            if let Some(node) = behind.and_then(|at| nodes.get_mut(at)) {
                node.before.push(new);
            }
            new
        });
        // Ways that end elsewhere are no ways to this component.
        if behind.is_none() && at != 0 {
            nodes.truncate(at);
            return;
        }
        behind = Some(at);
    }
}

/// A row for each beginning, and each other thing in the middle of what brings it in; rows in halves.
fn place(nodes: &mut [Node<'_>]) -> usize {
    let mut rows = 0;
    let mut stack: Vec<(usize, bool)> = if nodes.is_empty() { Vec::new() } else { vec![(0, false)] };
    while let Some((at, is_done)) = stack.pop() {
        let Some(before) = nodes.get(at).map(|node| node.before.clone()) else { continue };
        let row = if before.is_empty() {
            rows += 1;
            (rows - 1) * 2
        } else if is_done {
            let row = |at: Option<&usize>| at.and_then(|at| nodes.get(*at)).map_or(0, |node| node.row);
            usize::midpoint(row(before.first()), row(before.last()))
        } else {
            stack.push((at, true));
            stack.extend(before.iter().rev().map(|at| (*at, false)));
            continue;
        };
        if let Some(node) = nodes.get_mut(at) {
            node.row = row;
        }
    }
    rows
}

fn draw(nodes: &[Node<'_>], rows: usize, count: u64, page: &mut Html) {
    let columns = nodes.iter().map(|node| node.column + 1).max().unwrap_or(1);
    let width = columns * (WIDE + GAP) - GAP + 4;
    let height = rows * ROW + 4;
    page.put(format_args!(
        "<figure class=\"ways\" tabindex=\"0\">\n<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{} by which it got in; the same stands below in words\">\n",
        words::count(count, "way")
    ));
    let x = |node: &Node<'_>| 2 + (columns - 1 - node.column) * (WIDE + GAP);
    let y = |node: &Node<'_>| 2 + node.row * ROW / 2;
    for node in nodes {
        for before in node.before.iter().filter_map(|at| nodes.get(*at)) {
            page.put(format_args!(
                "<line class=\"tick\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
                x(before) + WIDE,
                y(before) + HIGH / 2,
                x(node),
                y(node) + HIGH / 2
            ));
        }
    }
    for (at, node) in nodes.iter().enumerate() {
        let class = if at == 0 { "bar prohibited" } else { "bar" };
        let more = if node.skipped > 0 { format!(" …+{}", node.skipped) } else { String::new() };
        let room = LETTERS.saturating_sub(more.chars().count());
        let name: String = brief(&node.step.name, 60).chars().take(room).collect();
        page.put(format_args!(
            "<g><title>{}</title><rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{WIDE}\" height=\"{HIGH}\" rx=\"3\"/><text x=\"{}\" y=\"{}\">{}{more}</text></g>\n",
            escaped(node.step.locator.as_str(), 200),
            x(node),
            y(node),
            x(node) + 6,
            y(node) + 15,
            escaped(&name, 60),
        ));
    }
    page.put(format_args!(
        "</svg>\n<figcaption>{} by which it got in, each from its beginning at the left to the component at the right.</figcaption>\n</figure>\n",
        words::count(count, "way")
    ));
}
