//! What the law says, as a time line with the judged instant marked, and as a table that says the same.
use std::cmp::Reverse;
use std::collections::BTreeMap;

use interdict_model::{Effect, Instant, Verdict};

use super::{Html, MOST};
use crate::inert::brief;
use crate::markup::escaped;
use crate::view::View;
use crate::words;

const WIDTH: i64 = 960;
const LEFT: i64 = 300;
const RIGHT: i64 = 940;
const ROW: i64 = 26;
const TOP: i64 = 34;

/// One provision as the report has it: what it says and from when.
type Provision<'a> = (&'a str, &'a str, Effect, Option<Instant>);

/// The provisions that the verdicts of a report speak of, what prohibits first: each with its first verdict, and how many there are.
pub(super) struct Provisions<'a>(Vec<Said<'a>>);

/// A provision, its first verdict, and how many there are.
type Said<'a> = (Provision<'a>, (&'a Verdict, usize));

impl<'a> Provisions<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let mut provisions: BTreeMap<Provision<'a>, (&'a Verdict, usize)> = BTreeMap::new();
        for verdict in &view.report.verdicts {
            provisions.entry(key(verdict)).or_insert((verdict, 0)).1 += 1;
        }
        let mut provisions: Vec<_> = provisions.into_iter().collect();
        provisions.sort_by_key(|((_, _, effect, _), _)| Reverse(*effect));
        Self(provisions)
    }

    /// Where the law's own section says what this verdict says, where it does so word for word.
    pub(super) fn anchor(&self, verdict: &Verdict) -> Option<usize> {
        let (at, (_, (first, _))) =
            self.0.iter().take(MOST).enumerate().find(|(_, (known, _))| *known == key(verdict))?;
        (first.because == verdict.because).then_some(at)
    }
}

fn key(verdict: &Verdict) -> Provision<'_> {
    (&verdict.regime.0, &verdict.provision, verdict.effect, verdict.since)
}

pub(super) fn write(view: &View<'_>, provisions: &Provisions<'_>, page: &mut Html) {
    page.section("law", "The law");
    let provisions = &provisions.0;
    if provisions.is_empty() {
        page.raw("<p>No regime had a finding to judge.</p>\n</section>\n");
        return;
    }
    line(view, provisions, page);
    page.raw("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Provisions\"><table class=\"stack\">\n<caption>What each provision says of the findings</caption>\n");
    page.raw("<thead><tr><th scope=\"col\">Regime</th><th scope=\"col\">Provision</th><th scope=\"col\">Says</th><th scope=\"col\">Since</th><th scope=\"col\">Of</th><th scope=\"col\">Text</th></tr></thead>\n<tbody>\n");
    for (at, ((regime, provision, effect, since), (verdict, number))) in provisions.iter().take(MOST).enumerate() {
        page.put(format_args!("<tr id=\"law-{at}\"><th scope=\"row\">"))
            .text(view.regime_title(&verdict.regime))
            .raw("<br>")
            .element("code", "", regime);
        if let Some(note) = view.report.legend.regimes.get(*regime) {
            page.element("p", "quiet", &format!("{}, {}", note.jurisdiction, note.authority));
        }
        page.raw("</th>").element("td", "short", provision);
        page.put(format_args!("<td class=\"short\"><span class=\"effect {effect}\">{effect}</span></td>"));
        page.element("td", "short", &since.map(Instant::date).unwrap_or_default());
        page.element("td", "short", &words::count(*number, "finding"));
        page.raw("<td>")
            .prose(&verdict.because)
            .raw(" ")
            .element("cite", "", &verdict.citation)
            .element("p", "quiet", words::text_of_law(verdict.text))
            .raw("</td></tr>\n");
    }
    page.raw("</tbody>\n</table></div>\n").more(provisions.len(), "provision").raw("</section>\n");
}

/// Bars that begin where a provision does; the table above says the same in words.
fn line(view: &View<'_>, provisions: &[Said<'_>], page: &mut Html) {
    let dated: Vec<_> = provisions
        .iter()
        .filter_map(|((_, provision, effect, since), (verdict, _))| Some((*provision, *effect, (*since)?, *verdict)))
        .take(30)
        .collect();
    let Some(first) = dated.iter().map(|(_, _, since, _)| since.unix()).min() else { return };
    let last = dated.iter().map(|(_, _, since, _)| since.unix()).max().unwrap_or(first);
    let now = view.report.as_of.unix();
    let (from, until) = (first.min(now), last.max(now));
    // A twelfth of the span, and a month at least, on either side.
    let margin = (until.saturating_sub(from) / 12).max(30 * 86_400);
    let scale = Scale { from: from.saturating_sub(margin), until: until.saturating_add(margin) };
    let rows = i64::try_from(dated.len()).unwrap_or(30);
    let height = TOP + rows * ROW + 30;
    page.put(format_args!("<figure tabindex=\"0\">\n<svg class=\"timeline\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"timeline-title\">\n"));
    page.raw("<title id=\"timeline-title\">Time line of the provisions, with the judged date</title>\n");
    years(&scale, height, page);
    let mut y = TOP;
    for (provision, effect, since, verdict) in dated {
        let x = scale.x(since.unix());
        page.put(format_args!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            LEFT - 12,
            y + 14,
            escaped(&brief(&format!("{} {provision}", verdict.regime), 42), 60)
        ));
        page.put(format_args!(
            "<rect class=\"bar {effect}\" x=\"{x}\" y=\"{}\" width=\"{}\" height=\"14\" rx=\"2\"/>",
            y + 3,
            (RIGHT - x).max(2)
        ));
        page.put(format_args!(
            "<text class=\"on-bar\" x=\"{}\" y=\"{}\">{effect} since {}</text>\n",
            (x + 6).min(RIGHT - 190),
            y + 14,
            since.date()
        ));
        y += ROW;
    }
    let x = scale.x(now);
    page.put(format_args!("<line class=\"now\" x1=\"{x}\" x2=\"{x}\" y1=\"18\" y2=\"{}\"/>", height - 26));
    page.put(format_args!(
        "<text class=\"now\" x=\"{x}\" y=\"13\" text-anchor=\"middle\">as of {}</text>\n",
        view.report.as_of.date()
    ));
    page.put(format_args!(
        "</svg>\n<figcaption>A bar begins when its provision does. The upright line is the date that was judged for, {}.</figcaption>\n</figure>\n",
        view.report.as_of.date()
    ));
}

struct Scale {
    from: i64,
    until: i64,
}

impl Scale {
    fn x(&self, at: i64) -> i64 {
        let span = i128::from(self.until.saturating_sub(self.from).max(1));
        let along = i128::from(at.saturating_sub(self.from)) * i128::from(RIGHT - LEFT) / span;
        LEFT + i64::try_from(along).unwrap_or(0).clamp(0, RIGHT - LEFT)
    }
}

/// A tick at the first day of each year, thinned so that labels do not touch.
fn years(scale: &Scale, height: i64, page: &mut Html) {
    let year = |at: i64| Instant::from_unix(at).and_then(|at| at.date().split('-').next()?.parse::<i64>().ok());
    let (Some(first), Some(last)) = (year(scale.from), year(scale.until)) else { return };
    let step = ((last - first) / 12).max(1);
    for at in (0..=14).map(|number| first + number * step).filter(|at| *at <= last) {
        let Ok(start) = format!("{at:04}-01-01T00:00:00Z").parse::<Instant>() else { continue };
        if start.unix() < scale.from {
            continue;
        }
        let x = scale.x(start.unix());
        page.put(format_args!("<line class=\"tick\" x1=\"{x}\" x2=\"{x}\" y1=\"{}\" y2=\"{}\"/><text class=\"tick\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{at}</text>\n", TOP - 6, height - 26, height - 10));
    }
}
