//! Containers that stand in several places of one file: looked into once, and what was found told at every place.
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use interdict_model::{Digest, FactKind, GapReason, Head, canonical};

use crate::examine::{Means, Subject, name_of};
use crate::opening::Budget;
use crate::yielded::Yielded;

/// Smaller ones are looked into as fast as they are known again; of larger ones the digest costs too much.
const SMALLEST: usize = 256;
const LARGEST: usize = 64 << 20;
/// What was told of earlier ones is kept up to so many bytes, each up to its part.
const KEPT: usize = 32 << 20;
const PART: usize = 1 << 20;

/// The bytes, the name, and how deep it lies.
type Key = (Digest, String, usize);

/// What was found in the containers of one file.
#[derive(Debug, Default)]
pub(crate) struct Repeats(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    told: BTreeMap<Key, Told>,
    bytes: usize,
    #[cfg(test)]
    again: usize,
}

/// What one gave.
#[derive(Clone, Debug)]
struct Told {
    /// Its place, as it stands in the text.
    place: String,
    text: String,
    bytes: u64,
    members: u64,
}

impl Repeats {
    #[cfg(test)]
    pub(crate) fn again(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).again
    }

    fn find(&self, key: &Key) -> Option<Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).told.get(key).cloned()
    }

    fn keep(&self, key: Key, told: Told) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = kept.bytes + told.text.len() + told.place.len();
        if told.text.len() <= PART && bytes <= KEPT {
            kept.bytes = bytes;
            kept.told.insert(key, told);
        }
    }
}

impl Means<'_> {
    /// Looks at a member; at a container that was looked at before under this name, no second time.
    pub(crate) fn examine_member(&self, subject: &Subject<'_>, budget: &mut Budget, out: &mut Yielded) {
        let Some(key) = self.repeats.filter(|_| self.may_repeat(subject)).map(|_| key(subject)) else {
            return self.examine(subject, budget, out);
        };
        let told = self.repeats.and_then(|repeats| repeats.find(&key));
        if let Some(given) = told.as_ref().and_then(|told| told.at(subject, budget)) {
            #[cfg(test)]
            if let Some(repeats) = self.repeats {
                repeats.0.lock().unwrap_or_else(PoisonError::into_inner).again += 1;
            }
            *out = std::mem::take(out).and(given);
            return;
        }
        let before = *budget;
        let is_found = out.is_found || !out.matches.is_empty() || !out.in_containers.is_empty();
        let mut given = Yielded { is_found, ..Yielded::default() };
        self.examine(subject, budget, &mut given);
        let (bytes, members) = (before.bytes - budget.bytes, before.members - budget.members);
        if let Some(repeats) = self.repeats.filter(|_| told.is_none() && self.watch.goes_on().is_ok())
            && let Some(told) = Told::of(subject, &given, bytes, members)
        {
            repeats.keep(key, told);
        }
        *out = std::mem::take(out).and(given);
    }

    /// Whether what it gives hangs on nothing but its bytes, its name and its depth.
    fn may_repeat(&self, subject: &Subject<'_>) -> bool {
        let mut is_asked = false;
        let path = canonical(FactKind::OwnedPath, subject.owned_path);
        self.pack.lines_met(FactKind::OwnedPath, &path, &mut |_| is_asked = true);
        !is_asked
            && !self.all_evidence
            && subject.renames.is_empty()
            && (SMALLEST..=LARGEST).contains(&subject.bytes.len())
            && is_container(&Head { bytes: subject.bytes, name: "" })
    }
}

/// By its first bytes alone.
fn is_container(head: &Head<'_>) -> bool {
    head.starts_with(b"PK\x03\x04")
        || head.starts_with(b"\x1f\x8b")
        || head.has_at(257, b"ustar")
        || interdict_unpack::recognised(head).is_some()
}

fn key(subject: &Subject<'_>) -> Key {
    (Digest::of(subject.bytes), name_of(subject.locator), subject.locator.depth())
}

/// A text as it stands in JSON, without its quotes.
fn written(text: &str) -> Option<String> {
    let quoted = serde_json::to_string(text).ok()?;
    Some(quoted.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

impl Told {
    /// Nothing where another place might have given something else: a limit was met, or its place is spoken of in a sentence.
    fn of(subject: &Subject<'_>, given: &Yielded, bytes: u64, members: u64) -> Option<Self> {
        let hangs_on_more = |reason: GapReason| {
            matches!(reason, GapReason::OverLimit | GapReason::TimedOut | GapReason::Crashed | GapReason::Changed)
        };
        if given.gaps.iter().any(|gap| hangs_on_more(gap.reason))
            || given.anomalies.iter().any(|anomaly| anomaly.kind == "lies-in-itself")
        {
            return None;
        }
        let place = written(subject.locator.as_str())?;
        let text = serde_json::to_string(given).ok()?;
        let is_place = |at: usize| {
            let (before, behind) =
                (text.get(..at).unwrap_or_default(), text.get(at + place.len()..).unwrap_or_default());
            before.ends_with('"')
                && !before.ends_with("\\\"")
                && ["\"", "!/", "#"].iter().any(|sign| behind.starts_with(sign))
        };
        let is_plain = text.match_indices(&place).all(|(at, _)| is_place(at));
        is_plain.then_some(Self { place, text, bytes, members })
    }

    /// The same at another place, where there is as much left for it.
    fn at(&self, subject: &Subject<'_>, budget: &mut Budget) -> Option<Yielded> {
        let bytes = budget.bytes.checked_sub(self.bytes).filter(|left| *left > 0)?;
        let members = budget.members.checked_sub(self.members)?;
        let (old, new) = (format!("\"{}", self.place), format!("\"{}", written(subject.locator.as_str())?));
        let given = serde_json::from_str(&self.text.replace(&old, &new)).ok()?;
        (budget.bytes, budget.members) = (bytes, members);
        Some(given)
    }
}

#[cfg(test)]
mod tests;
