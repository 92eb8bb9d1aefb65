//! Artifacts by format as areas, largest first, with the same figures as text.
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Html;
use crate::inert::brief;
use crate::markup::escaped;
use crate::words;

const WIDTH: u64 = 960;
const HEIGHT: u64 = 240;
/// More areas than these cannot be told apart.
const MOST: usize = 24;

#[derive(Clone, Copy)]
struct Area {
    x: u64,
    y: u64,
    width: u64,
    height: u64,
}

pub(super) fn write(formats: &BTreeMap<String, u64>, page: &mut Html) {
    let mut parts: Vec<(&str, u64)> =
        formats.iter().filter(|(_, number)| **number > 0).map(|(name, number)| (name.as_str(), *number)).collect();
    parts.sort_by_key(|(name, number)| (Reverse(*number), *name));
    let rest = parts.split_off(parts.len().min(MOST));
    if !rest.is_empty() {
        parts.push(("all others", rest.iter().fold(0, |sum: u64, (_, number)| sum.saturating_add(*number))));
    }
    if parts.is_empty() {
        return;
    }
    page.put(format_args!("<figure tabindex=\"0\">\n<svg class=\"treemap\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"treemap-title\">\n<title id=\"treemap-title\">Artifacts by format</title>\n"));
    let whole = Area { x: 0, y: 0, width: WIDTH, height: HEIGHT };
    for (shade, ((name, number), area)) in parts.iter().zip(divide(&parts, whole)).enumerate() {
        let class = if *name == "unknown" { "unknown".to_owned() } else { format!("shade-{}", shade % 6) };
        page.put(format_args!(
            "<g><title>{}: {}</title><rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            escaped(name, 60),
            words::count(*number, "artifact"),
            area.x,
            area.y,
            area.width,
            area.height
        ));
        let letters = usize::try_from(area.width / 9).unwrap_or(0);
        if letters >= 4 && area.height >= 20 {
            let label = brief(&format!("{name} {}", words::thousands(*number)), 60);
            let fits: String = label.chars().take(letters).collect();
            page.put(format_args!("<text x=\"{}\" y=\"{}\">{}</text>", area.x + 6, area.y + 16, escaped(&fits, 60)));
        }
        page.raw("</g>\n");
    }
    page.raw("</svg>\n<figcaption>Artifacts by format: ");
    let figures: Vec<String> =
        parts.iter().map(|(name, number)| format!("{} {}", brief(name, 60), words::thousands(*number))).collect();
    page.text(&figures.join(", ")).raw(".</figcaption>\n</figure>\n");
}

/// Areas in proportion: the list is halved by weight, the area across its longer side, until one is left.
fn divide(parts: &[(&str, u64)], whole: Area) -> Vec<Area> {
    let mut areas = vec![whole; parts.len()];
    let mut open = vec![(0, parts.len(), whole)];
    while let Some((from, until, area)) = open.pop() {
        if until - from <= 1 {
            if let Some(place) = areas.get_mut(from) {
                *place = area;
            }
            continue;
        }
        let weigh = |from: usize, until: usize| {
            parts.get(from..until).unwrap_or_default().iter().map(|(_, number)| u128::from(*number)).sum::<u128>()
        };
        let total = weigh(from, until).max(1);
        let mut cut = from + 1;
        while cut + 1 < until && weigh(from, cut) * 2 < total {
            cut += 1;
        }
        let share = |side: u64| u64::try_from(u128::from(side) * weigh(from, cut) / total).unwrap_or(side);
        let (first, second) = if area.width >= area.height {
            let left = share(area.width);
            (Area { width: left, ..area }, Area { x: area.x + left, width: area.width - left, ..area })
        } else {
            let top = share(area.height);
            (Area { height: top, ..area }, Area { y: area.y + top, height: area.height - top, ..area })
        };
        open.push((from, cut, first));
        open.push((cut, until, second));
    }
    areas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_fill_the_map_and_do_not_overlap() {
        for weights in [vec![1], vec![5, 3, 2], vec![u64::MAX, 1, 1], (1..=25).rev().collect()] {
            let parts: Vec<(&str, u64)> = weights.iter().map(|weight| ("x", *weight)).collect();
            let areas = divide(&parts, Area { x: 0, y: 0, width: WIDTH, height: HEIGHT });
            assert_eq!(areas.iter().map(|area| area.width * area.height).sum::<u64>(), WIDTH * HEIGHT, "{weights:?}");
        }
    }
}
