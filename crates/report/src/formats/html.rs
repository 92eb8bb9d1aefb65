//! One HTML file for reviewers, mail and audit files: nothing is loaded, everything reads with script off.
mod compared;
mod coverage;
mod excerpt;
mod finding;
mod frame;
mod law;
mod treemap;
mod unseen;
mod ways;

use std::fmt;
use std::io;

use interdict_model::Report;

use super::{Look, Writer};
use crate::markup::escaped;
use crate::said;
use crate::view::{View, Weight};
use crate::words;

pub(super) const ENTRY: Writer = Writer {
    id: "html",
    title: "one self-contained page for reviewers and audit files",
    extension: "html",
    write,
    bill: None,
};

/// Items a section shows before it counts the rest: the page is to open on any machine.
const MOST: usize = 1_000;

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let mut page = Html::default();
    frame::open(&view, &mut page);
    banner(&view, &mut page);
    page.raw("<main id=\"main\">\n");
    let provisions = law::Provisions::of(&view);
    finding::write(&view, &provisions, &mut page);
    law::write(&view, &provisions, &mut page);
    compared::write(&view, &mut page);
    unseen::write(report, &mut page);
    coverage::write(report, &mut page);
    page.raw("</main>\n");
    frame::close(report, &mut page);
    out.write_all(page.0.as_bytes())
}

/// A page that grows. What an input chose goes through [`Html::text`] alone.
#[derive(Default)]
struct Html(String);

impl Html {
    /// Markup of our own.
    fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Markup of our own with numbers or names of our own in it.
    fn put(&mut self, markup: fmt::Arguments<'_>) -> &mut Self {
        let _ = fmt::Write::write_fmt(&mut self.0, markup);
        self
    }

    /// Text, inert and escaped, fit for elements and for attributes in double quotes.
    fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&escaped(text, 1_000));
        self
    }

    /// Text in which what stands between two backticks is code.
    fn prose(&mut self, text: &str) -> &mut Self {
        let mut rest = text;
        while let Some((before, (code, after))) =
            rest.split_once('`').and_then(|(before, tail)| Some((before, tail.split_once('`')?)))
        {
            self.text(before).element("code", "", code);
            rest = after;
        }
        self.text(rest)
    }

    /// An element of this name and class around text.
    fn element(&mut self, name: &str, class: &str, text: &str) -> &mut Self {
        if class.is_empty() {
            self.put(format_args!("<{name}>"));
        } else {
            self.put(format_args!("<{name} class=\"{class}\">"));
        }
        self.text(text).put(format_args!("</{name}>"))
    }

    /// A pair of a description list.
    fn pair(&mut self, term: &str, text: &str) -> &mut Self {
        self.element("dt", "", term).element("dd", "", text).raw("\n")
    }

    /// The beginning of a section with its heading.
    fn section(&mut self, id: &str, title: &str) -> &mut Self {
        self.put(format_args!(
            "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n"
        ))
    }

    /// How many more there are, where some were left out.
    fn more(&mut self, total: usize, what: &str) -> &mut Self {
        let left = total.saturating_sub(MOST);
        if left == 0 {
            return self;
        }
        let text = format!(
            "… and {} that this page leaves out; the JSON report has all.",
            words::count(left, &format!("more {what}"))
        );
        self.element("p", "quiet", &text).raw("\n")
    }
}

fn banner(view: &View<'_>, page: &mut Html) {
    let report = view.report;
    page.put(format_args!("<header class=\"banner {}\">\n", report.outcome));
    page.element("p", "tool", &format!("{} {}", report.tool.name, report.tool.version));
    page.element("h1", "", &report.outcome.name().to_uppercase());
    let whom = if report.profile.is_given() {
        format!(
            "For {}{}",
            report.profile.name,
            if report.profile.title.is_empty() { String::new() } else { format!(" ({})", report.profile.title) }
        )
    } else {
        "No profile given: nothing is judged for anybody".to_owned()
    };
    page.put(format_args!("<p class=\"whom\">"))
        .text(&whom)
        .put(format_args!(", as of <time datetime=\"{0}\">{0}</time></p>\n", report.as_of));
    page.element("p", "", words::outcome(report.outcome));
    page.element("p", "", &format!("{}.", said::counts(view)));
    for note in report.waivers.iter().take(MOST) {
        page.element("p", "warn", &said::waiver_note(note));
    }
    page.raw("</header>\n<nav aria-label=\"Sections\">\n<ul>");
    let sections = [
        ("findings", "Findings", view.findings(Weight::Finding).count()),
        ("law", "The law", report.legend.regimes.len()),
        ("compared", "Declared and observed", report.reconciliation.len()),
        ("unseen", "Not examined", report.gaps.len()),
        ("coverage", "Coverage", report.inputs.len()),
    ];
    for (id, title, number) in sections {
        page.put(format_args!("<li><a href=\"#{id}\">{title} <span class=\"number\">{number}</span></a></li>"));
    }
    page.raw("</ul>\n</nav>\n");
}
