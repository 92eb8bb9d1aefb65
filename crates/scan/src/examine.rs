//! One artifact: what it is, what its observers say, what lies inside it.
mod conclude;
mod rest;
mod said;

use std::thread;

use interdict_model::{
    Anomaly, At, Digest, FactKind, Gap, Head, Locator, Observer, Part, Receiver, Sink, Source, Unpacker, Unseen,
    examined,
};
use interdict_rules::Pack;
use interdict_unpack::LEFT;

use self::conclude::{seems, unrecognised};
use self::rest::Rest;
pub(crate) use self::said::guarded;
use self::said::{Said, said};
use crate::held::Store;
use crate::limits::{DEPTH, Limits};
use crate::opening::{Budget, Opening};
#[cfg(debug_assertions)]
use crate::planted;
use crate::record::{Record, gap};
use crate::repeats::Repeats;
use crate::sniff::is_text;
use crate::strict;
use crate::tape::{Hearer, apart};
use crate::trace::{Cells, Trace};
use crate::watch::{Watch, Watched};
use crate::yielded::Yielded;

/// What every artifact of a run is examined with.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Clone, Copy)]
pub(crate) struct Means<'a> {
    pub(crate) pack: &'a Pack,
    pub(crate) watch: Watch<'a>,
    pub(crate) store: &'a Store,
    /// What was found in containers of this file, where it is told again.
    pub(crate) repeats: Option<&'a Repeats>,
    pub(crate) all_evidence: bool,
    pub(crate) strict: bool,
    /// Whether a large artifact may have a second thread.
    pub(crate) in_pairs: bool,
    /// Whether the ways by which components got in are left out.
    pub(crate) without_ways: bool,
    /// Whether there are files to hold against documents.
    pub(crate) is_compared: bool,
}

/// One artifact, before it is looked at.
pub(crate) struct Subject<'a> {
    pub(crate) locator: &'a Locator,
    /// Below its target or container, as `/opt/x`; empty for a target that is a file.
    pub(crate) owned_path: &'a str,
    pub(crate) bytes: &'a [u8],
    /// Names of its members by what holds it; see `Member::renames`.
    pub(crate) renames: &'a [(Vec<u8>, Vec<u8>)],
    /// What it lies in.
    pub(crate) around: Option<&'a Subject<'a>>,
    pub(crate) is_target: bool,
}

impl Subject<'_> {
    /// Something that it lies in, however deep, and that is the same to the byte.
    fn lies_in_itself(&self) -> Option<&Subject<'_>> {
        let mut around = std::iter::successors(self.around, |subject| subject.around);
        around.find(|subject| !self.bytes.is_empty() && subject.bytes == self.bytes)
    }
}

pub(crate) fn observers() -> impl Iterator<Item = &'static Observer> {
    let all = interdict_sbom::OBSERVERS.iter().chain(interdict_inspect::OBSERVERS);
    #[cfg(debug_assertions)]
    let all = all.chain([&planted::OBSERVER]);
    all
}

pub(crate) fn unpackers() -> impl Iterator<Item = &'static Unpacker> {
    let all = interdict_unpack::UNPACKERS.iter();
    #[cfg(debug_assertions)]
    let all = all.chain([&planted::UNPACKER]);
    all
}

/// Readers that are all of our own making, down to the last byte: what only they read need not leave this process.
const OURS: [&str; 13] = [
    "content",
    "cpe-list",
    "cyclonedx-json",
    "cyclonedx-textproto",
    "cyclonedx-xml",
    "purl-list",
    "spdx-json",
    "spdx-rdf",
    "spdx-tag-value",
    "spdx-xml",
    "spdx3-json",
    "syft-json",
    "text",
];

/// Observers that look at anything: what only they accept was not recognised.
pub(crate) const ANY: [&str; 2] = ["content", "text"];

/// From this size on a second thread is worth its while.
const LARGE: usize = 1 << 20;

/// Observers of what stands beside a container's members: what the whole is, its unpacker says.
const BESIDE: [&str; 3] = ["apk-signature", "crx", "rpm-header"];

impl<'a> Means<'a> {
    pub(crate) fn limits(&self) -> &'a Limits {
        self.watch.limits
    }

    /// Looks at one artifact and everything inside it.
    pub(crate) fn examine(&self, subject: &Subject<'_>, budget: &mut Budget, out: &mut Yielded) {
        examined(subject.bytes, || self.looked_at(subject, budget, out));
    }

    pub(crate) fn looked_at(&self, subject: &Subject<'_>, budget: &mut Budget, out: &mut Yielded) {
        let _outside = self.watch.trace.enter();
        let name = name_of(subject.locator);
        let source = Source { bytes: subject.bytes, name: &name, needles: self.pack.needles() };
        let mut record = self.begun(subject, &name);
        if let Err(left) = self.watch.goes_on() {
            record.gap("scan", left.unseen(self.limits()));
            return self.conclude(subject, record, None, ("unknown", false), out);
        }
        let mut recognised = Vec::new();
        let digest = self.observe(subject, &source, &mut record, &mut recognised);
        if self.strict {
            match self.watch.trace.step() {
                Ok(()) => drop(guarded(|| strict::hold(&source, &recognised, &mut record))),
                Err(left) => record.gap("scan", left.unseen(self.limits())),
            }
        }
        let rest = self.open(subject, &source, budget, &mut record, &mut recognised, out);
        if let Err(left) = self.watch.trace.step() {
            record.gap("scan", left.unseen(self.limits()));
            out.artifacts += 1;
            return out.gaps.append(&mut record.gaps);
        }
        let seems = seems(&source, &recognised);
        unrecognised(subject, &source.head(), &recognised, seems, &rest, &mut record);
        self.conclude(subject, record, digest, (seems, !recognised.is_empty()), out);
    }

    /// What its place alone says.
    pub(crate) fn begun<'r>(&self, subject: &Subject<'r>, name: &str) -> Record<'r>
    where
        'a: 'r,
    {
        let mut record = Record::new(self.pack, subject.locator, self.all_evidence, self.without_ways);
        if self.is_compared || subject.locator.depth() > 0 {
            record.graph.compare();
        }
        // A layer's mark that something is gone is not that thing.
        if name.starts_with(".wh.") && subject.bytes.is_empty() {
            return record;
        }
        record.fact("path", Part::WHOLE, FactKind::FileName, name, At::Whole);
        if !subject.owned_path.is_empty() {
            record.fact("path", Part::WHOLE, FactKind::OwnedPath, subject.owned_path, At::Whole);
        }
        record
    }

    /// Whether nothing but readers of our own would look at this.
    pub(crate) fn is_ours(&self, bytes: &[u8], name: &str) -> bool {
        let head = Head { bytes, name };
        let mut observers = observers().filter(|observer| guarded(|| (observer.accepts)(&head)).unwrap_or(true));
        let mut unpackers = unpackers();
        !self.strict
            && is_text(bytes)
            && observers.all(|observer| OURS.contains(&observer.id))
            && !unpackers.any(|unpacker| guarded(|| (unpacker.accepts)(&head)).unwrap_or(true))
    }

    fn open(
        &self,
        subject: &Subject<'_>,
        source: &Source<'_>,
        budget: &mut Budget,
        record: &mut Record<'_>,
        recognised: &mut Vec<&'static str>,
        out: &mut Yielded,
    ) -> Rest {
        let (mut is_taken, mut rest) = (false, Rest::default());
        for unpacker in unpackers() {
            if self.accepted(unpacker.id, unpacker.accepts, source, record) {
                is_taken = true;
                self.open_by(unpacker, (subject, source), budget, (record, &mut rest), recognised, out);
            }
        }
        // Taken for something by its first bytes, and nothing of it: searched as if nobody had taken it.
        if is_taken && recognised.is_empty() && self.accepted(LEFT.id, LEFT.accepts, source, record) {
            self.open_by(&LEFT, (subject, source), budget, (record, &mut rest), recognised, out);
        }
        self.search_rest(&mut rest, (subject, source), budget, record, out);
        rest
    }

    fn open_by(
        &self,
        unpacker: &Unpacker,
        (subject, source): (&Subject<'_>, &Source<'_>),
        budget: &mut Budget,
        (record, rest): (&mut Record<'_>, &mut Rest),
        recognised: &mut Vec<&'static str>,
        out: &mut Yielded,
    ) {
        record.seems = Some(unpacker.id);
        if let Some(same) = subject.lies_in_itself() {
            let (on, kind) = (subject.locator.clone(), "lies-in-itself".to_owned());
            let detail = format!("the same bytes as `{}`, which it lies in: not opened again", same.locator);
            out.anomalies.push(Anomaly { on, kind, detail });
            recognised.push(unpacker.id);
            return;
        }
        let depth = subject.locator.depth();
        if depth as u64 >= self.limits().depth {
            let seen = format!("it is a container, and lies in {depth} others; it was not opened");
            record.gap(unpacker.id, DEPTH.met(self.limits(), &seen));
            recognised.push(unpacker.id);
            return;
        }
        if let Err(left) = self.watch.trace.step() {
            return self.heard(unpacker.id, Said::Left(left), record, recognised);
        }
        let mut opening = Opening::new(self, unpacker, subject, budget, out);
        let said = unpacked(unpacker, source, &mut opening);
        let said = if opening.is_silent { said.unless_silent() } else { said };
        rest.note(unpacker.id, source.bytes, &opening);
        opening.covered.leave(source.bytes, self.pack.needles(), record);
        self.heard(unpacker.id, said, record, recognised);
    }

    /// Every observer that accepts the artifact; what each says before it fails stands. While somebody reads a large one, those
    /// that look at anything work beside, and a target's digest is made there.
    fn observe(
        &self,
        subject: &Subject<'_>,
        source: &Source<'_>,
        record: &mut Record<'_>,
        recognised: &mut Vec<&'static str>,
    ) -> Option<Digest> {
        let mut accepts = |observer: &&Observer| self.accepted(observer.id, observer.accepts, source, record);
        let observers: Vec<&Observer> = observers().filter(|observer| accepts(observer)).collect();
        let (any, own): (Vec<_>, Vec<_>) = observers.into_iter().partition(|observer| ANY.contains(&observer.id));
        if !self.in_pairs || own.is_empty() || source.bytes.len() < LARGE {
            for observer in own.iter().chain(&any) {
                self.told(observer, source, record, recognised);
            }
            return None;
        }
        let mut beside = Record::new(self.pack, subject.locator, self.all_evidence, self.without_ways);
        let digest = {
            // Two threads are not followed at once: where one dies, the next run has but one.
            let cells = Cells::default();
            let trace = Trace::new(&cells, &[]);
            let means = Means { watch: Watch { trace: &trace, ..self.watch }, ..*self };
            self.watch.trace.pair(true);
            let mut aside = || {
                for observer in &any {
                    means.told(observer, source, &mut beside, &mut Vec::new());
                }
                subject.is_target.then(|| Digest::of(source.bytes))
            };
            thread::scope(|scope| {
                let other = thread::Builder::new().spawn_scoped(scope, &mut aside).ok();
                let read = &mut |hearer: &mut dyn Hearer| {
                    let mut recognised = Vec::new();
                    for observer in &own {
                        self.told(observer, source, hearer, &mut recognised);
                    }
                    recognised
                };
                match guarded(|| apart(record, read)) {
                    Ok(own) => recognised.extend(own),
                    Err(_) => self.heard("scan", said(Err(None)), record, recognised),
                }
                // As many steps as there are without a second thread.
                for _ in &any {
                    let _ = self.watch.trace.step();
                }
                other.map(|other| other.join().unwrap_or_default())
            })
            .unwrap_or_else(aside)
        };
        self.watch.trace.pair(false);
        record.absorb(beside);
        digest
    }

    /// Whether a reader takes the artifact for one of its own; one that fails in looking is asked to read.
    fn accepted(
        &self,
        by: &'static str,
        accepts: fn(&Head<'_>) -> bool,
        source: &Source<'_>,
        record: &mut Record<'_>,
    ) -> bool {
        match self.watch.trace.step() {
            Ok(()) => guarded(|| accepts(&source.head())).unwrap_or(true),
            Err(left) => {
                record.gap(by, left.unseen(self.limits()));
                false
            }
        }
    }

    fn told(&self, observer: &Observer, source: &Source<'_>, to: &mut dyn Hearer, recognised: &mut Vec<&'static str>) {
        to.turns_to(observer.id);
        let said = match self.watch.trace.step() {
            Ok(()) => self.run(observer, source, to),
            Err(left) => Said::Left(left),
        };
        self.heard(observer.id, said, to, recognised);
    }

    fn run(&self, observer: &Observer, source: &Source<'_>, to: &mut dyn Receiver) -> Said {
        let mut watched = Watched::new(self.watch, to);
        let speak = || match observer.id {
            #[cfg(debug_assertions)]
            id if planted::is_mute(id) => Ok(()),
            id => (observer.observe)(source, &mut Sink::new(id, &mut watched)),
        };
        let said = said(guarded(speak));
        if watched.is_silent() && !ANY.contains(&observer.id) { said.unless_silent() } else { said }
    }

    /// What became of a reader's work.
    fn heard(&self, by: &'static str, said: Said, to: &mut dyn Receiver, recognised: &mut Vec<&'static str>) {
        if said != Said::NotThis && !ANY.contains(&by) {
            recognised.push(by);
        }
        match said {
            Said::All | Said::NotThis => {}
            Said::Left(left) => to.gap(by, left.unseen(self.limits())),
            Said::Gap(unseen) => to.gap(by, unseen),
        }
    }
}

/// An artifact's own name, without folders.
pub(crate) fn name_of(locator: &Locator) -> String {
    let name = locator.steps().pop().unwrap_or_default();
    let name = name.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
    String::from_utf8_lossy(name).into_owned()
}

fn unpacked(unpacker: &Unpacker, source: &Source<'_>, opening: &mut Opening<'_, '_>) -> Said {
    let open = || {
        let told = match unpacker.id {
            #[cfg(debug_assertions)]
            id if planted::is_mute(id) => Ok(()),
            _ => (unpacker.unpack)(source, opening),
        };
        opening.finish();
        told
    };
    said(guarded(open))
}

/// A gap on a place that is no artifact: a member that could not be had.
pub(crate) fn gap_on(locator: &Locator, by: &str, seems: Option<&str>, unseen: Unseen) -> Gap {
    gap(locator, by, seems, unseen)
}
