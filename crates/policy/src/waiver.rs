//! Which findings their owners set aside on an instant, and which waivers want looking at.
use interdict_model::{Finding, FindingId, Instant, Waived, Waiver, WaiverNote, WaiverStanding};

use crate::glob::Glob;

/// A waiver that holds for so many more days at most is told of.
const SOON_DAYS: i64 = 30;

/// What waivers make of findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiving {
    /// Findings set aside, each by the waiver that holds longest; by finding.
    pub waived: Vec<Waived>,
    /// Waivers that their owners should look at, in the order they were given.
    pub notes: Vec<WaiverNote>,
}

impl Waiving {
    /// The findings that an outcome does not count.
    pub fn ids(&self) -> Vec<FindingId> {
        self.waived.iter().map(|waived| waived.finding.clone()).collect()
    }
}

/// Sets findings aside.
///
/// A waiver speaks of evidence: of findings with its fingerprint, and of no others. Where it names an entity or a place
/// too, these must agree as well; and if there the evidence has become another one, the waiver is void and says so.
pub fn waive(findings: &[Finding], waivers: &[Waiver], as_of: Instant) -> Waiving {
    let mut waiving = Waiving::default();
    for waiver in waivers {
        let days = days_left(waiver, as_of);
        let place = waiver.on.as_deref().map(Glob::from);
        let is_there = |finding: &&Finding| {
            waiver.entity.as_ref().is_none_or(|entity| *entity == finding.entity)
                && place.as_ref().is_none_or(|place| place.matches(finding.on.as_str()))
        };
        let meant = |finding: &&Finding| !waiver.fingerprint.0.is_empty() && finding.fingerprint == waiver.fingerprint;
        let ids = |found: &mut dyn Iterator<Item = &Finding>| found.map(|one| one.id.clone()).collect::<Vec<_>>();
        let met = ids(&mut findings.iter().filter(is_there).filter(meant));
        let holds = days.is_some_and(|days| days >= 0);
        let mut note = |standing, findings| {
            waiving.notes.push(WaiverNote { standing, waiver: waiver.clone(), findings });
        };
        match days {
            _ if !holds => note(WaiverStanding::Expired, met.clone()),
            _ if met.is_empty() => {
                let is_placed = waiver.entity.is_some() && waiver.on.is_some();
                let instead = ids(&mut findings.iter().filter(|_| is_placed).filter(is_there));
                let standing = if instead.is_empty() { WaiverStanding::Unused } else { WaiverStanding::Void };
                note(standing, instead);
            }
            Some(days) if days <= SOON_DAYS => note(WaiverStanding::EndsSoon, met.clone()),
            _ => {}
        }
        if holds {
            let waived = met.into_iter().map(|finding| Waived { finding, waiver: waiver.clone() });
            waiving.waived.extend(waived);
        }
    }
    waiving.waived.sort_by(|a, b| a.finding.cmp(&b.finding).then_with(|| b.waiver.until.cmp(&a.waiver.until)));
    waiving.waived.dedup_by(|later, first| later.finding == first.finding);
    waiving
}

/// What is wrong with a waiver before any finding is looked at; empty where nothing is.
pub fn faults(waiver: &Waiver) -> Vec<String> {
    let mut faults = Vec::new();
    let digits = waiver.fingerprint.0.bytes().all(|byte| byte.is_ascii_hexdigit());
    if waiver.fingerprint.0.is_empty() || !digits {
        faults.push(format!("`{}` is no fingerprint of a finding", waiver.fingerprint));
    }
    for (key, value) in [("reason", &waiver.reason), ("owner", &waiver.owner)] {
        if value.trim().is_empty() {
            faults.push(format!("`{key}` is empty"));
        }
    }
    if day(&waiver.until).is_none() {
        faults.push(format!("`{}` is no date, 2026-12-31", waiver.until));
    }
    faults
}

/// Whole days until the waiver's last one; negative afterwards, none where it states no date.
fn days_left(waiver: &Waiver, as_of: Instant) -> Option<i64> {
    Some(day(&waiver.until)? - day(&as_of.date())?)
}

fn day(date: &str) -> Option<i64> {
    const SECONDS: i64 = 86_400;
    let is_date = date.len() == 10;
    is_date.then(|| date.parse::<Instant>().ok()).flatten().map(|instant| instant.unix().div_euclid(SECONDS))
}
