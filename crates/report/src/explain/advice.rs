//! What would raise or clear a finding, from what the report knows of it.
use std::collections::BTreeSet;

use interdict_model::{Certainty, Effect, GapReason, Relation, Technique, Witness};

use super::Explanation;
use crate::settles::settles;
use crate::view::is_unsettled;
use crate::words;

/// What would make it surer or graver.
pub(super) fn raise(about: &Explanation<'_>) -> Vec<String> {
    let finding = about.finding;
    let mut advice = Vec::new();
    let known: BTreeSet<Technique> = finding.matches.iter().flat_map(|one| one.techniques.iter().copied()).collect();
    if is_unsettled(finding) {
        let have: Vec<&str> = known.iter().map(|technique| words::technique(*technique)).collect();
        for open in settles(finding) {
            advice.push(format!("It rests on {}. What would confirm it: {}.", open.fact(), open.confirms));
        }
        advice.push(format!(
            "Evidence of another kind on the same thing: so far it rests on {} alone.",
            if have.is_empty() { "nothing that names its technique".to_owned() } else { have.join(" and ") }
        ));
        if !known.contains(&Technique::Attestation)
            && !known.contains(&Technique::HashComparison)
            && !words::only_declared(finding)
        {
            advice.push("A signature or a digest that its maker vouches for.".to_owned());
        }
    }
    if finding.relation == Relation::Links {
        advice.push(
            "The library that it calls: what is called is not inside this file, and may lie beside it.".to_owned(),
        );
    }
    match finding.witness {
        Witness::NotCompared if words::only_declared(finding) => {
            advice.push("The product's files, to see whether what is declared is there.".to_owned());
        }
        Witness::NotCompared => {
            advice.push("The product's SBOM: what it does not declare ranks above what it does.".to_owned());
        }
        Witness::DeclaredOnly => {
            advice.push("The part of the product that holds it: the files looked at so far do not show it.".to_owned());
        }
        Witness::ObservedOnly | Witness::DeclaredAndObserved => {}
    }
    let hiding = about.gaps.iter().filter(|gap| gap.material && gap.reason != GapReason::Malformed).count();
    if hiding > 0 && (is_unsettled(finding) || finding.witness == Witness::DeclaredOnly) {
        advice.push(format!("Closing {} in the same input, which could hold more of it.", words::count(hiding, "gap")));
    }
    if !about.report.profile.is_given() {
        advice.push("A profile (`--profile`): without one, nothing is judged for anybody.".to_owned());
    }
    let later: BTreeSet<&str> = about
        .verdicts
        .iter()
        .filter(|verdict| verdict.effect == Effect::Future)
        .map(|verdict| verdict.regime.as_str())
        .collect();
    for regime in later {
        advice.push(format!("A later date (`--as-of`): `{regime}` does not apply on this one."));
    }
    advice
}

/// What would clear it.
pub(super) fn clear(about: &Explanation<'_>) -> Vec<String> {
    let finding = about.finding;
    let mut advice = Vec::new();
    if words::only_declared(finding) {
        advice.push(
            "A product built without the component, and a document made from that build. Taking the entry out of the document clears nothing.".to_owned(),
        );
    } else {
        advice.push(
            "A build of the product without it: none of the facts above may stand in what is delivered.".to_owned(),
        );
        advice.push("Renaming the file, moving it or leaving it out of the SBOM clears nothing.".to_owned());
    }
    for open in settles(finding) {
        advice.push(format!("It rests on {}. What would show that it is none: {}.", open.fact(), open.clears));
    }
    if finding.certainty == Certainty::Possible {
        advice.push(
            "Showing that the facts above are something else's: report it, so that the rule learns the look-alike."
                .to_owned(),
        );
    }
    if about.verdicts.iter().any(|verdict| verdict.effect == Effect::Review) && about.report.profile.is_given() {
        advice.push(
            "An answer to what the verdicts marked review leave open; it cannot be seen in the files.".to_owned(),
        );
    }
    if about.waiver.is_none() {
        advice.push(format!(
            "Or set it aside, visibly and until a day: a waiver for fingerprint `{}`, with owner and reason.",
            finding.fingerprint
        ));
    }
    advice
}
