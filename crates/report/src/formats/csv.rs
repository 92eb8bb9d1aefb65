//! A row a finding, for spreadsheets: RFC 4180, and no cell that a spreadsheet would run.
use std::io;

use interdict_model::{Finding, Report};

use super::{Look, Writer};
use crate::inert::brief;
use crate::said::{self, WIDE};
use crate::view::{View, product_name};
use crate::words;

pub(super) const ENTRY: Writer =
    Writer { id: "csv", title: "a row a finding and a gap, for spreadsheets", extension: "csv", write, bill: None };

const COLUMNS: [&str; 23] = [
    "kind",
    "id",
    "fingerprint",
    "product",
    "supplier",
    "entity",
    "title",
    "relation",
    "certainty",
    "witness",
    "scope",
    "where",
    "digest",
    "proof",
    "path",
    "effect",
    "regime",
    "since",
    "because",
    "citation",
    "waived",
    "all verdicts",
    "against baseline",
];

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    row(out, &COLUMNS.map(str::to_owned))?;
    for finding in &report.findings {
        row(out, &cells(&view, finding))?;
    }
    for gap in &report.gaps {
        let kind = if gap.accepted.is_some() {
            "gap (accepted)"
        } else if gap.material {
            "gap (material)"
        } else {
            "gap"
        };
        let mut cells = [const { String::new() }; COLUMNS.len()];
        let [first, .., certainty, _, _, place, _, _, _, _, _, _, because, _, _, _, _] = &mut cells;
        kind.clone_into(first);
        gap.reason.name().clone_into(certainty);
        *place = brief(gap.on.as_str(), WIDE * 5);
        *because = said::gap(gap);
        row(out, &cells)?;
    }
    Ok(())
}

fn cells(view: &View<'_>, finding: &Finding) -> [String; COLUMNS.len()] {
    let value = |text: &str| brief(text, WIDE * 5);
    let strongest = view.verdicts(finding).first();
    let path: Vec<String> = finding.path.iter().map(|step| brief(&step.name, WIDE)).collect();
    let all: Vec<String> = view
        .verdicts(finding)
        .iter()
        .map(|verdict| format!("{} {}", verdict.effect, brief(verdict.regime.as_str(), WIDE)))
        .collect();
    [
        "finding".to_owned(),
        value(&finding.id.0),
        value(&finding.fingerprint.0),
        value(&product_name(&finding.product)),
        value(finding.product.supplier.as_deref().unwrap_or_default()),
        value(finding.entity.as_str()),
        value(&finding.title),
        finding.relation.to_string(),
        finding.certainty.to_string(),
        words::witness(finding).to_lowercase(),
        words::scope(finding.scope).unwrap_or("required").to_owned(),
        value(finding.on.as_str()),
        finding.digest.as_ref().map(ToString::to_string).unwrap_or_default(),
        said::proof(finding).unwrap_or_default(),
        path.join(" > "),
        strongest.map(|verdict| verdict.effect.to_string()).unwrap_or_default(),
        strongest.map(|verdict| value(verdict.regime.as_str())).unwrap_or_default(),
        strongest.and_then(|verdict| verdict.since).map(|since| since.to_string()).unwrap_or_default(),
        strongest.map(|verdict| value(&verdict.because)).unwrap_or_default(),
        strongest.map(|verdict| value(&verdict.citation)).unwrap_or_default(),
        view.waiver(finding).map(said::waiver).unwrap_or_default(),
        all.join("; "),
        said::state(view, finding).unwrap_or_default(),
    ]
}

fn row(out: &mut dyn io::Write, cells: &[String]) -> io::Result<()> {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        out.write_all(quoted(cell).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

/// Quoted always; a cell that would be a formula, in any width of letter, is text behind an apostrophe.
fn quoted(cell: &str) -> String {
    let runs = cell
        .trim_start()
        .starts_with(['=', '+', '-', '@', '|', '%', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\u{2212}']);
    format!("\"{}{}\"", if runs { "'" } else { "" }, cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, want) in [
            ("plain", "\"plain\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("  @SUM(1)", "\"'  @SUM(1)\""),
            ("\u{ff1d}1+1", "\"'\u{ff1d}1+1\""),
            ("say \"hi\", x", "\"say \"\"hi\"\", x\""),
        ] {
            assert_eq!(quoted(cell), want);
        }
    }
}
