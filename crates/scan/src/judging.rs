//! The law over a report: everything in it that depends on date, profile and regimes, made anew from what was seen.
use interdict_model::{FindingId, Instant, Profile, RegimeNote, Report, Waiver};
use interdict_policy::{Question, Regime, Regimes, judge, sbom_quality, waive};

/// What a report is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Law<'a> {
    /// The law itself.
    pub regimes: &'a Regimes,
    /// For whom.
    pub profile: &'a Profile,
    /// On which instant.
    pub as_of: Instant,
    /// Findings that their owners set aside.
    pub waivers: &'a [Waiver],
    /// Patterns of locators whose gaps are accepted, beside those accepted before.
    pub accept_gaps: &'a [String],
    /// Whether gaps may stand open.
    pub allow_incomplete: bool,
    /// Whether documents are held against the minimum elements of an SBOM.
    pub sbom_quality: bool,
}

impl Law<'_> {
    /// What it is asked of a report, these findings left out.
    pub(crate) fn question<'q>(&'q self, report: &'q Report, left_out: &'q [FindingId]) -> Question<'q> {
        Question {
            findings: &report.findings,
            entities: &report.legend.entities,
            regimes: self.regimes,
            profile: self.profile,
            as_of: self.as_of,
            strict: false,
            waived: left_out,
            gaps: &report.gaps,
            complete: report.coverage.complete,
            recognised: report.coverage.recognised,
            allow_incomplete: self.allow_incomplete,
        }
    }
}

/// Judges what a report found, whatever it was judged by before. Nothing is looked at again: the same findings and gaps under
/// the same law give the same bytes, from a scan or from a stored report.
pub fn judge_report(report: &mut Report, law: &Law<'_>) {
    report.law = law.regimes.packs().to_vec();
    report.profile = law.profile.clone();
    report.as_of = law.as_of;
    report.coverage.allowed_incomplete = law.allow_incomplete;
    weigh(report, law.accept_gaps);
    let waiving = waive(&report.findings, law.waivers, law.as_of);
    let waived = waiving.ids();
    let judged = judge(&law.question(report, &waived));
    (report.outcome, report.verdicts) = (judged.outcome, judged.verdicts);
    // Held against another report anew, where that is asked for.
    report.comparison = None;
    (report.waived, report.waivers) = (waiving.waived, waiving.notes);
    report.legend.regimes = judged.named.iter().filter_map(|id| law.regimes.get(id)).map(note).collect();
    report.legend.notes = judged.notes;
    report.legend.notes.extend(report.coverage.notes.iter().cloned());
    let qualities = report.inputs.iter().filter(|_| law.sbom_quality);
    report.sbom_quality = qualities.filter_map(|input| sbom_quality(input, law.as_of)).collect();
}

/// The material gaps first, and how many of them nobody accepted.
fn weigh(report: &mut Report, accept: &[String]) {
    interdict_policy::weigh(&mut report.gaps, accept);
    report.gaps.sort_by(|a, b| b.material.cmp(&a.material).then_with(|| a.cmp(b)));
    let open = report.gaps.iter().filter(|gap| gap.material && gap.accepted.is_none()).count();
    report.coverage.gaps = report.gaps.len() as u64;
    report.coverage.material_gaps = open as u64;
}

fn note(regime: &Regime) -> (String, RegimeNote) {
    let note = RegimeNote {
        title: regime.title.clone(),
        jurisdiction: regime.jurisdiction.clone(),
        authority: regime.authority.clone(),
        citation: regime.citation.clone(),
    };
    (regime.id.to_string(), note)
}
