//! A finding, a verdict, a gap in one line each: the sentences that the short formats share.
use std::fmt::Write as _;

use interdict_model::{Agreed, Effect, Finding, Gap, Outcome, Verdict};

use crate::inert::brief;
use crate::view::{View, Weight, product_name, strongest_proof};
use crate::words;

/// The widest a value may be in a short format.
pub(crate) const WIDE: usize = 200;

/// Entries in a report for a CI server, at most: it keeps each in its database, and shows them on one page.
pub(crate) const ENTRIES: usize = 5_000;

/// What a report for a CI server says of those that it leaves out.
pub(crate) fn left(number: usize, one: &str) -> Option<String> {
    let number = number.checked_sub(ENTRIES).filter(|left| *left > 0)?;
    Some(format!("{} left out here, where {ENTRIES} stand at most; the JSON report has all", words::count(number, one)))
}

/// How loudly a finding is to be reported by formats that know three levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Worth knowing.
    Note,
    /// A person must look.
    Warning,
    /// A regime that binds the profile prohibits it.
    Error,
}

/// The level for a gate: what an earlier report knew is a note.
pub(crate) fn gate_level(view: &View<'_>, finding: &Finding) -> Level {
    if view.is_known(finding) { Level::Note } else { level(view, finding) }
}

/// The level of a finding; one without a verdict still needs a person where something of the entity may be inside.
pub(crate) fn level(view: &View<'_>, finding: &Finding) -> Level {
    match view.effect(finding) {
        Some(Effect::Prohibited) => Level::Error,
        Some(Effect::Review) => Level::Warning,
        _ => Level::Note,
    }
}

/// `PROHIBITED for us-vendor, as of 2024-10-01`.
pub(crate) fn outcome(view: &View<'_>) -> String {
    let report = view.report;
    let whom = if report.profile.is_given() {
        format!("for {}", brief(&report.profile.name, 80))
    } else {
        "no profile given".to_owned()
    };
    format!("{} {whom}, as of {}", report.outcome.name().to_uppercase(), report.as_of)
}

/// What was counted, for a reader who sees one line.
pub(crate) fn counts(view: &View<'_>) -> String {
    let report = view.report;
    let context = view.findings(Weight::Context).count();
    let waived = view.findings(Weight::Waived).count();
    let mut parts = vec![words::count(view.findings(Weight::Finding).count(), "finding")];
    if context > 0 {
        parts.push(format!("{} or connector{}", words::count(context, "mention"), if context == 1 { "" } else { "s" }));
    }
    if waived > 0 {
        parts.push(format!("{waived} set aside by waiver"));
    }
    parts.push(words::count(report.coverage.material_gaps, "material gap"));
    let mut text = format!(
        "{}; {} examined of {}",
        parts.join(", "),
        words::thousands(report.coverage.examined),
        words::count(report.coverage.artifacts, "artifact"),
    );
    if !report.coverage.complete {
        text.push_str("; the run did not come to its end");
    }
    if let Some(comparison) = &report.comparison {
        let when = crate::formats::moment(comparison.as_of);
        let _ = write!(text, "; against the report of {when}: {}", crate::compared::numbers(view));
    }
    if report.outcome == Outcome::Clear {
        text = format!("{} {text}", words::outcome(report.outcome));
    }
    text
}

/// New, or known and how, where an earlier report was given.
pub(crate) fn state(view: &View<'_>, finding: &Finding) -> Option<String> {
    let change = view.change(finding)?;
    Some(if change.counts { change.state.to_string() } else { format!("known, {}", change.state) })
}

/// What, where, how sure, declared or not.
pub(crate) fn finding(finding: &Finding) -> String {
    format!(
        "{} in {}: {} ({}, {}); {}",
        brief(&finding.title, WIDE),
        brief(&product_name(&finding.product), WIDE),
        words::relation(finding.relation),
        finding.relation,
        finding.certainty,
        words::witness(finding).to_lowercase(),
    )
}

/// What the other side has of it, and by what the two were matched; where a document was held against files.
pub(crate) fn agreement(finding: &Finding) -> Option<String> {
    let agreement = finding.agreement.as_ref()?;
    let with = agreement.with.as_ref()?;
    let by: Vec<String> = agreement
        .by
        .iter()
        .map(|one| format!("{} (`{}`)", words::alike(one.of), brief(&one.value, WIDE / 2)))
        .collect();
    let (called, place, by) = (brief(&agreement.called, WIDE), brief(with.as_str(), WIDE), by.join(", "));
    if agreement.state == Agreed::ForAnotherProduct {
        let (called, place) = (brief(&agreement.called, WIDE), brief(with.as_str(), WIDE));
        return Some(format!(
            "SBOMs of several products lie here. One of another product declares `{called}`, and nothing ties that to this file; at {place}."
        ));
    }
    let side = if finding.on.fragment().is_some() { "The files have" } else { "The SBOM has" };
    Some(match agreement.state {
        Agreed::Undeclared | Agreed::ForAnotherProduct => {
            format!(
                "The SBOM has what is around it as `{called}`, and not what is inside; common to both: {by}; at {place}."
            )
        }
        Agreed::UnderAnotherName => {
            format!("The SBOM has it as `{called}`, which does not say what it is; common to both: {by}; at {place}.")
        }
        Agreed::InAnotherVersion => {
            format!("{side} it as `{called}`, and the versions differ; common to both: {by}; at {place}.")
        }
        Agreed::DeclaredAndPresent | Agreed::DeclaredNotSeen => {
            format!("{side} it as `{called}`; common to both: {by}; at {place}.")
        }
    })
}

/// The fact that shows it best, with its place.
pub(crate) fn proof(finding: &Finding) -> Option<String> {
    let (best, fact) = strongest_proof(finding)?;
    let because = brief(&best.because, WIDE * 2);
    Some(match fact {
        None => because,
        Some(fact) => {
            let place = words::place(&fact.at).map(|place| format!(" at {}", brief(&place, WIDE))).unwrap_or_default();
            format!("{} `{}`{place}: {because}", fact.fact.kind.name(), brief(&fact.fact.value, WIDE))
        }
    })
}

/// What a provision says, with its source.
pub(crate) fn verdict(view: &View<'_>, verdict: &Verdict) -> String {
    let since = verdict.since.map(|since| format!(" since {}", since.date())).unwrap_or_default();
    format!(
        "{}{since} under {}: {} [{}]",
        verdict.effect,
        brief(view.regime_title(&verdict.regime), WIDE),
        brief(&verdict.because, WIDE * 4),
        brief(&verdict.citation, WIDE),
    )
}

/// What was not examined, why, and what would close it.
pub(crate) fn gap(gap: &Gap) -> String {
    let needs = gap.needs.as_deref().map(|needs| format!("; needs {}", brief(needs, WIDE))).unwrap_or_default();
    format!("not examined, {}: {}{needs}", words::gap(gap.reason), brief(&gap.detail, WIDE * 2))
}

/// A waiver that its owner should look at.
pub(crate) fn waiver_note(note: &interdict_model::WaiverNote) -> String {
    use interdict_model::WaiverStanding as Standing;
    let what = match note.standing {
        Standing::Expired => "sets nothing aside any more: its last day is over",
        Standing::Void => "sets nothing aside any more: the evidence is another one",
        Standing::Unused => "is met by no finding",
        Standing::EndsSoon => "ends within thirty days",
    };
    let print = note.waiver.fingerprint.0.get(..12).unwrap_or(&note.waiver.fingerprint.0);
    let (owner, until) = (brief(&note.waiver.owner, WIDE), brief(&note.waiver.until, 40));
    format!("The waiver of {} by {owner} until {until} {what}.", brief(print, 40))
}

/// Who set it aside, until when, why.
pub(crate) fn waiver(waiver: &interdict_model::Waiver) -> String {
    let ticket = waiver.ticket.as_deref().map(|ticket| format!(" ({})", brief(ticket, WIDE))).unwrap_or_default();
    format!(
        "set aside until {} by {}: {}{ticket}",
        brief(&waiver.until, 40),
        brief(&waiver.owner, WIDE),
        brief(&waiver.reason, WIDE * 2)
    )
}
