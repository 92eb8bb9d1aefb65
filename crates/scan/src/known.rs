//! What is new against an earlier report, and what the gate makes of that alone.
use interdict_model::{FindingId, Report};
use interdict_policy::{Question, compare, judge};

use crate::judging::Law;

/// Holds a judged report against an earlier one. What was known is judged and shown like everything else; the gate's own
/// outcome leaves it out, as it does what is waived, and keeps every doubt about the coverage.
pub fn hold_against(report: &mut Report, law: &Law<'_>, earlier: &Report) {
    let mut comparison = compare(earlier, report);
    let known = comparison.changes.iter().filter(|change| !change.counts).map(|change| &change.finding);
    let waived = report.waived.iter().map(|waived| &waived.finding);
    let left_out: Vec<FindingId> = known.chain(waived).cloned().collect();
    let judged = judge(&Question {
        findings: &report.findings,
        entities: &report.legend.entities,
        regimes: law.regimes,
        profile: law.profile,
        as_of: law.as_of,
        strict: false,
        waived: &left_out,
        gaps: &report.gaps,
        complete: report.coverage.complete,
        recognised: report.coverage.recognised,
        allow_incomplete: law.allow_incomplete,
    });
    comparison.outcome = Some(judged.outcome);
    report.comparison = Some(comparison);
}
