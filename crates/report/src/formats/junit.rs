//! JUnit's XML: a finding that a regime prohibits or a person must see fails, a material gap is an error, a waived one is skipped; up to
//! some thousand, and an error says so where there are more.
use std::io;

use interdict_model::{Finding, Report};

use super::{Look, Writer};
use crate::markup::{escape, escaped};
use crate::said::{self, Level, WIDE};
use crate::view::{View, Weight, gaps};

pub(super) const ENTRY: Writer =
    Writer { id: "junit", title: "JUnit XML, for CI servers", extension: "xml", write, bill: None };

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let (material, _, _) = gaps(report);
    let found = view.products().into_iter().flat_map(|(_, findings)| findings);
    let all: Vec<&Finding> = found.chain(view.findings(Weight::Context)).chain(view.findings(Weight::Waived)).collect();
    let left = [said::left(all.len(), "finding"), said::left(material.len(), "gap")];
    let (cases, material) = (first(&all), first(&material));
    let failures = cases.iter().filter(|finding| fails(&view, finding)).count();
    let skipped = cases.iter().filter(|finding| view.waiver(finding).is_some()).count();
    // What is left out is an error: the cases that stand are not all there are.
    let errors = material.len() + left.iter().flatten().count();
    // A suite without a case reads as one that was not run.
    let tests = cases.len() + errors + 1;
    let totals =
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"0\"");
    let name = escape(&format!("interdict: {}", said::outcome(&view)));
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"0\">"
    )?;
    writeln!(out, "  <testsuite name=\"{name}\" {totals}>")?;
    writeln!(out, "    <testcase classname=\"interdict\" name=\"ran to its end\" time=\"0\">")?;
    writeln!(out, "      <system-out>{}</system-out>", escape(&said::counts(&view)))?;
    writeln!(out, "    </testcase>")?;
    for text in left.into_iter().flatten() {
        open(out, "interdict", "came into this report as a whole")?;
        writeln!(out, "      <error type=\"left-out\" message=\"{text}\">{text}</error>")?;
        writeln!(out, "    </testcase>")?;
    }
    for finding in cases {
        case(&view, finding, out)?;
    }
    for gap in material {
        open(out, &format!("gap/{}", gap.reason.name()), gap.on.as_str())?;
        let text = escape(&said::gap(gap));
        writeln!(out, "      <error type=\"{}\" message=\"{text}\">{text}</error>", gap.reason.name())?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")?;
    writeln!(out, "</testsuites>")
}

fn first<T>(all: &[T]) -> &[T] {
    all.get(..said::ENTRIES).unwrap_or(all)
}

fn fails(view: &View<'_>, finding: &Finding) -> bool {
    view.waiver(finding).is_none() && said::gate_level(view, finding) >= Level::Warning
}

fn open(out: &mut dyn io::Write, class: &str, name: &str) -> io::Result<()> {
    writeln!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\" time=\"0\">",
        escaped(class, WIDE),
        escaped(name, WIDE * 2)
    )
}

fn case(view: &View<'_>, finding: &Finding, out: &mut dyn io::Write) -> io::Result<()> {
    open(out, finding.entity.as_str(), &format!("{} {}", finding.id, finding.on))?;
    let message = escape(&said::finding(finding));
    let mut lines = vec![said::finding(finding)];
    lines.extend(said::proof(finding));
    lines.extend(view.verdicts(finding).iter().map(|verdict| said::verdict(view, verdict)));
    let text = escape(&lines.join("\n"));
    if let Some(waiver) = view.waiver(finding) {
        writeln!(out, "      <skipped message=\"{}\"/>", escape(&said::waiver(waiver)))?;
    } else if fails(view, finding) {
        let kind = view.effect(finding).map_or("review", |effect| effect.name());
        writeln!(out, "      <failure type=\"{kind}\" message=\"{message}\">{text}</failure>")?;
    } else {
        writeln!(out, "      <system-out>{text}</system-out>")?;
    }
    writeln!(out, "    </testcase>")
}
