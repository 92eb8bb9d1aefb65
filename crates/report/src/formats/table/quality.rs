//! What documents leave unsaid, held against the minimum elements of an SBOM.
use std::io;

use interdict_model::{Element, Report};

use crate::page::{Page, Text, Tone};

const COLUMN: usize = 12;

pub(super) fn write(report: &Report, page: &mut Page<'_>) -> io::Result<()> {
    for one in &report.sbom_quality {
        page.blank()?;
        page.text(0, &Text::new().say(Tone::Strong, "SBOM quality").plain("  ").plain(one.document.as_str()))?;
        for standard in standards(&one.elements) {
            let of: Vec<&Element> = one.elements.iter().filter(|element| element.standard == standard).collect();
            let whole = of.iter().filter(|element| element.met >= element.of).count();
            page.labelled(2, standard, COLUMN, &Text::new().plain(format!("{whole} of {} elements met", of.len())))?;
            for element in of.iter().filter(|element| element.met < element.of) {
                let share = if element.of == 1 {
                    "missing".to_owned()
                } else {
                    format!("on {} of {}", element.met, element.of)
                };
                page.labelled(2, "", COLUMN, &Text::new().plain(&element.name).plain(": ").plain(share))?;
            }
            if let Some(element) = of.first() {
                page.labelled(2, "", COLUMN, &Text::new().quiet("source: ").quiet(&element.source))?;
            }
        }
        for (at, remark) in one.remarks.iter().enumerate() {
            page.labelled(2, if at == 0 { "so" } else { "" }, COLUMN, &Text::new().plain(remark))?;
        }
    }
    Ok(())
}

fn standards(elements: &[Element]) -> Vec<&str> {
    let mut names: Vec<&str> = elements.iter().map(|element| element.standard.as_str()).collect();
    names.dedup();
    names
}
