//! What is new against an earlier report, and what the gate makes of that alone.
use interdict_model::{FindingId, Report};
use interdict_policy::{compare, judge};

use crate::judging::Law;

/// Holds a judged report against an earlier one. What was known is judged and shown like everything else; the gate's own
/// outcome leaves it out, as it does what is waived, and keeps every doubt about the coverage.
pub fn hold_against(report: &mut Report, law: &Law<'_>, earlier: &Report) {
    let mut comparison = compare(earlier, report);
    let known = comparison.changes.iter().filter(|change| !change.counts).map(|change| &change.finding);
    let waived = report.waived.iter().map(|waived| &waived.finding);
    let left_out: Vec<FindingId> = known.chain(waived).cloned().collect();
    let judged = judge(&law.question(report, &left_out));
    comparison.outcome = Some(judged.outcome);
    report.comparison = Some(comparison);
}
