//! Everything a report knows about one finding, and what would raise or clear it.
mod advice;
mod print;

use interdict_model::{Entity, Finding, FindingId, Gap, Report, Verdict, Waiver};
use serde::Serialize;

use crate::view::{View, gaps};

/// One finding with all that bears on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// What was found, and the wider entities it belongs to, nearest first.
    pub entities: Vec<&'a Entity>,
    /// What the witness means.
    pub witness_means: &'static str,
    /// What each provision says of it, strongest first.
    pub verdicts: Vec<&'a Verdict>,
    /// By what it was set aside, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<&'a Waiver>,
    /// What was not examined in the same input.
    pub gaps: Vec<&'a Gap>,
    /// What would make it surer or graver.
    pub would_raise: Vec<String>,
    /// What would clear it.
    pub would_clear: Vec<String>,
    #[serde(skip)]
    report: &'a Report,
}

/// No finding, or more than one, goes by that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct NoSuchFinding {
    /// What was asked for.
    pub asked: String,
    /// Whether several findings begin so.
    pub ambiguous: bool,
    /// The findings that come nearest, nearest first; at most eight.
    pub near: Vec<FindingId>,
}

impl NoSuchFinding {
    fn message(&self) -> String {
        let asked = crate::inert::brief(&self.asked, 80);
        let near: Vec<String> = self.near.iter().map(|id| format!("`{}`", crate::inert::brief(&id.0, 80))).collect();
        match (self.ambiguous, near.is_empty()) {
            (true, _) => format!("several findings begin with `{asked}`\nhint: one of {}", near.join(", ")),
            (false, true) => format!("the report has no finding `{asked}`: it has none at all"),
            (false, false) => format!("the report has no finding `{asked}`\nhint: nearest are {}", near.join(", ")),
        }
    }
}

/// Everything about the finding of this id, of an id that begins so, or of this fingerprint.
pub fn explain<'a>(report: &'a Report, asked: &str) -> Result<Explanation<'a>, NoSuchFinding> {
    let finding = find(report, asked.trim())?;
    let view = View::of(report);
    let input = finding.on.artifact().split("!/").next().unwrap_or_default();
    let (material, minor, _) = gaps(report);
    let mut nearby: Vec<&Gap> =
        material.into_iter().chain(minor).filter(|gap| gap.on.artifact().split("!/").next() == Some(input)).collect();
    nearby.sort_by_key(|gap| !gap.material);
    let mut explanation = Explanation {
        finding,
        entities: lineage(report, finding),
        witness_means: crate::words::witness_means(finding),
        verdicts: view.verdicts(finding).to_vec(),
        waiver: view.waiver(finding),
        gaps: nearby,
        would_raise: Vec::new(),
        would_clear: Vec::new(),
        report,
    };
    explanation.would_raise = advice::raise(&explanation);
    explanation.would_clear = advice::clear(&explanation);
    Ok(explanation)
}

fn find<'a>(report: &'a Report, asked: &str) -> Result<&'a Finding, NoSuchFinding> {
    let same = |finding: &&Finding| finding.id.0.eq_ignore_ascii_case(asked) || finding.fingerprint.0 == asked;
    if let Some(finding) = report.findings.iter().find(same) {
        return Ok(finding);
    }
    let begins = |id: &str| id.get(..asked.len()).is_some_and(|head| head.eq_ignore_ascii_case(asked));
    let bare = |finding: &&Finding| {
        begins(&finding.id.0)
            || finding.id.0.strip_prefix("F-").is_some_and(begins)
            || finding.fingerprint.0.starts_with(asked)
    };
    let hits: Vec<&Finding> = report.findings.iter().filter(|finding| !asked.is_empty() && bare(finding)).collect();
    match hits.as_slice() {
        [one] => Ok(one),
        [] => Err(NoSuchFinding { asked: asked.to_owned(), ambiguous: false, near: nearest(report, asked) }),
        many => Err(NoSuchFinding {
            asked: asked.to_owned(),
            ambiguous: true,
            near: many.iter().take(8).map(|finding| finding.id.clone()).collect(),
        }),
    }
}

/// Ids by how many places they differ in.
fn nearest(report: &Report, asked: &str) -> Vec<FindingId> {
    let asked = asked.to_ascii_lowercase();
    let asked = asked.strip_prefix("f-").unwrap_or(&asked);
    let distance = |id: &FindingId| {
        let id = id.0.to_ascii_lowercase();
        let id = id.strip_prefix("f-").unwrap_or(&id);
        let same = id.bytes().zip(asked.bytes()).filter(|(a, b)| a == b).count();
        id.len().max(asked.len()) - same
    };
    let mut ids: Vec<(usize, &FindingId)> =
        report.findings.iter().map(|finding| (distance(&finding.id), &finding.id)).collect();
    ids.sort();
    ids.dedup();
    ids.into_iter().take(8).map(|(_, id)| id.clone()).collect()
}

/// The entity and what it is part of; a circle of entities ends where it closes.
fn lineage<'a>(report: &'a Report, finding: &Finding) -> Vec<&'a Entity> {
    let mut line: Vec<&Entity> = Vec::new();
    let mut next = Some(&finding.entity);
    while let Some(id) = next {
        let Some(entity) = report.legend.entities.iter().find(|entity| entity.id == *id) else { break };
        if line.iter().any(|known| known.id == entity.id) {
            break;
        }
        line.push(entity);
        next = entity.part_of.as_ref();
    }
    line
}
