//! One artifact: what it is, what its observers say, what lies inside it.
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use interdict_model::{
    At, Digest, FactKind, Gap, GapReason, Head, Input, Locator, Malformed, Observer, Part, Quality, Receiver as _,
    Sink, Source, Unpacker, Unseen, examined,
};
use interdict_rules::Pack;

use crate::held::Store;
use crate::imprint::spoken_of;
use crate::limits::{DEPTH, Limits};
use crate::opening::{Budget, Opening};
use crate::record::{Record, gap};
use crate::sniff::{is_plain, sniff};
use crate::strict;
use crate::watch::{Left, Watch, Watched};
use crate::yielded::{Known, Yielded};

/// What every artifact of a run is examined with.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Clone, Copy)]
pub(crate) struct Means<'a> {
    pub(crate) pack: &'a Pack,
    pub(crate) watch: Watch<'a>,
    pub(crate) store: &'a Store,
    pub(crate) all_evidence: bool,
    pub(crate) strict: bool,
    /// Whether a large artifact may have a second thread.
    pub(crate) in_pairs: bool,
    /// Whether the ways by which components got in are left out.
    pub(crate) without_ways: bool,
}

/// One artifact, before it is looked at.
pub(crate) struct Subject<'a> {
    pub(crate) locator: &'a Locator,
    /// Below its target or container, as `/opt/x`; empty for a target that is a file.
    pub(crate) owned_path: &'a str,
    pub(crate) bytes: &'a [u8],
    /// Names of its members by what holds it; see `Member::renames`.
    pub(crate) renames: &'a [(Vec<u8>, Vec<u8>)],
    pub(crate) is_target: bool,
}

/// Observers that look at anything: what only they accept was not recognised.
const ANY: [&str; 2] = ["content", "text"];

/// From this size on a second thread is worth its while.
const LARGE: usize = 1 << 20;

/// Observers of what stands beside a container's members: what the whole is, its unpacker says.
const BESIDE: [&str; 2] = ["apk-signature", "rpm-header"];

impl<'a> Means<'a> {
    pub(crate) fn limits(&self) -> &'a Limits {
        self.watch.limits
    }

    /// Looks at one artifact and everything inside it.
    pub(crate) fn examine(&self, subject: &Subject<'_>, budget: &mut Budget, out: &mut Yielded) {
        examined(subject.bytes, || self.looked_at(subject, budget, out));
    }

    fn looked_at(&self, subject: &Subject<'_>, budget: &mut Budget, out: &mut Yielded) {
        let raw_name = subject.locator.steps().pop().unwrap_or_default();
        let raw_name = raw_name.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
        let name = String::from_utf8_lossy(raw_name).into_owned();
        let source = Source { bytes: subject.bytes, name: &name, needles: self.pack.needles() };
        let mut record = Record::new(self.pack, subject.locator, self.all_evidence, self.without_ways);
        record.fact("path", Part::WHOLE, FactKind::FileName, &name, At::Whole);
        if !subject.owned_path.is_empty() {
            record.fact("path", Part::WHOLE, FactKind::OwnedPath, subject.owned_path, At::Whole);
        }
        if self.watch.progress.stopped() {
            record.gap("scan", Left::Stopped.unseen(self.limits()));
            return self.conclude(subject, record, None, ("unknown", false), out);
        }
        let mut recognised = Vec::new();
        let digest = self.observe(subject, &source, &mut record, &mut recognised);
        if self.strict {
            let _ = guarded(|| strict::hold(&source, &recognised, &mut record));
        }
        self.open(subject, &source, budget, &mut record, &mut recognised, out);
        let seems = seems(&source, &recognised);
        unrecognised(subject, &source.head(), &recognised, seems, &mut record);
        self.conclude(subject, record, digest, (seems, !recognised.is_empty()), out);
    }

    fn open(
        &self,
        subject: &Subject<'_>,
        source: &Source<'_>,
        budget: &mut Budget,
        record: &mut Record<'_>,
        recognised: &mut Vec<&'static str>,
        out: &mut Yielded,
    ) {
        for unpacker in interdict_unpack::UNPACKERS {
            if !guarded(|| (unpacker.accepts)(&source.head())).unwrap_or(true) {
                continue;
            }
            record.seems = Some(unpacker.id);
            let depth = subject.locator.depth();
            if depth as u64 >= self.limits().depth {
                let seen = format!("it is a container, and lies in {depth} others; it was not opened");
                record.gap(unpacker.id, DEPTH.met(self.limits(), &seen));
                recognised.push(unpacker.id);
                continue;
            }
            let mut opening = Opening::new(self, unpacker, subject, budget, out);
            let said = unpacked(unpacker, source, &mut opening);
            opening.covered.leave(source.bytes, self.pack.needles(), record);
            self.heard(unpacker.id, said, record, recognised);
        }
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
        let observers = interdict_sbom::OBSERVERS.iter().chain(interdict_inspect::OBSERVERS);
        let accepts = |observer: &&Observer| guarded(|| (observer.accepts)(&source.head())).unwrap_or(true);
        let (any, own): (Vec<_>, Vec<_>) = observers.filter(accepts).partition(|observer| ANY.contains(&observer.id));
        if !self.in_pairs || own.is_empty() || source.bytes.len() < LARGE {
            for observer in own.iter().chain(&any) {
                self.told(observer, source, record, recognised);
            }
            return None;
        }
        let mut beside = Record::new(self.pack, subject.locator, self.all_evidence, self.without_ways);
        let digest = {
            let mut aside = || {
                for observer in &any {
                    self.told(observer, source, &mut beside, &mut Vec::new());
                }
                subject.is_target.then(|| Digest::of(source.bytes))
            };
            thread::scope(|scope| {
                let other = thread::Builder::new().spawn_scoped(scope, &mut aside).ok();
                for observer in &own {
                    self.told(observer, source, record, recognised);
                }
                other.map(|other| other.join().unwrap_or_default())
            })
            .unwrap_or_else(aside)
        };
        record.absorb(beside);
        digest
    }

    fn told(
        &self,
        observer: &Observer,
        source: &Source<'_>,
        record: &mut Record<'_>,
        recognised: &mut Vec<&'static str>,
    ) {
        record.seems = Some(observer.id);
        let said = self.run(observer, source, record);
        self.heard(observer.id, said, record, recognised);
    }

    fn run(&self, observer: &Observer, source: &Source<'_>, record: &mut Record<'_>) -> Said {
        let mut watched = Watched::new(self.watch, record);
        said(guarded(|| (observer.observe)(source, &mut Sink::new(observer.id, &mut watched))))
    }

    /// What became of a reader's work.
    fn heard(&self, by: &'static str, said: Said, record: &mut Record<'_>, recognised: &mut Vec<&'static str>) {
        if said != Said::NotThis && !ANY.contains(&by) {
            recognised.push(by);
        }
        match said {
            Said::All | Said::NotThis => {}
            Said::Left(left) => record.gap(by, left.unseen(self.limits())),
            Said::Gap(unseen) => record.gap(by, unseen),
        }
    }

    /// Turns what was recorded into matches, and keeps of the rest only what a report needs.
    fn conclude(
        &self,
        subject: &Subject<'_>,
        mut record: Record<'_>,
        digest: Option<Digest>,
        (seems, recognised): (&str, bool),
        out: &mut Yielded,
    ) {
        out.artifacts += 1;
        out.bytes += subject.bytes.len() as u64;
        out.recognised += u64::from(recognised);
        *out.formats.entry(seems.to_owned()).or_default() += 1;
        out.examined += u64::from(record.gaps.is_empty());
        if seems == "cab" {
            out.cabinets.insert(subject.locator.clone());
        }
        for gap in &mut record.gaps {
            gap.seems =
                Some(gap.seems.take().filter(|s| !ANY.contains(&s.as_str())).unwrap_or_else(|| seems.to_owned()));
        }
        out.gaps.append(&mut record.gaps);
        out.repairs.append(&mut record.repairs);
        out.notes.append(&mut record.notes);
        let document = record.document.take();
        let imprint = std::mem::take(&mut record.imprint);
        if document.is_none()
            && imprint.is_telling()
            && let Some(place) = spoken_of(subject.locator, &imprint)
        {
            out.imprints.entry(place).or_default().push((subject.locator.clone(), imprint));
        }
        let (met, parts, observations, graph) = record.into_met();
        let (whole, single): (Vec<_>, Vec<_>) = met.into_iter().partition(|one| self.pack.is_in_container(one.line));
        let matches = self.pack.conclude(&single);
        let wanted = !matches.is_empty() || document.is_some() || subject.is_target;
        let digest = wanted.then(|| digest.unwrap_or_else(|| Digest::of(subject.bytes)));
        if let Some((format, document)) = document {
            out.components += graph.len();
            out.documents.insert(subject.locator.clone(), graph.product(subject.locator));
            out.inputs.push(Input {
                version: document.version,
                digest: digest.clone(),
                counts: Some(document.counts),
                created: document.created,
                creators: document.creators,
                notes: document.notes,
                quality: Some(Quality { states: document.states, ..graph.quality() }),
                ..Input::new(subject.locator.clone(), format)
            });
        } else if subject.is_target {
            out.inputs.push(Input { digest: digest.clone(), ..Input::new(subject.locator.clone(), seems) });
        }
        if !matches.is_empty() {
            out.note(subject.locator, Known { digest, ..Known::default() });
            let concerned: BTreeSet<&Locator> = matches.iter().map(|one| &one.on).collect();
            let mut rank = 0;
            for part in parts {
                let locator = graph.locator(subject.locator, part);
                if concerned.contains(&locator) {
                    out.note(&locator, Known::of_component(&graph, subject.locator, part, rank));
                    rank += 1;
                }
            }
        }
        out.matches.extend(matches);
        out.in_containers.extend(whole);
        out.observations.extend(observations);
    }
}

fn seems(source: &Source<'_>, recognised: &[&'static str]) -> &'static str {
    let whole = recognised.iter().find(|id| !BESIDE.contains(id));
    whole
        .or(recognised.first())
        .copied()
        .or_else(|| interdict_unpack::recognised(&source.head()))
        .unwrap_or_else(|| sniff(source.bytes, source.name))
}

/// What nobody read is said so, with what it seems to be.
fn unrecognised(
    subject: &Subject<'_>,
    head: &Head<'_>,
    recognised: &[&str],
    seems: &'static str,
    record: &mut Record<'_>,
) {
    record.seems = Some(seems);
    if !recognised.is_empty() || is_plain(seems) {
        return;
    }
    let size = subject.bytes.len();
    let detail = if interdict_unpack::recognised(head).is_some() {
        format!("a container of format {seems}, {size} bytes, that nothing here opens; searched for needles as it is")
    } else {
        format!("{seems} data, {size} bytes; searched for needles only")
    };
    record.gap("scan", Unseen::new(GapReason::Unsupported, detail));
}

#[derive(Debug, PartialEq, Eq)]
enum Said {
    All,
    NotThis,
    Left(Left),
    Gap(Unseen),
}

fn unpacked(unpacker: &Unpacker, source: &Source<'_>, opening: &mut Opening<'_, '_>) -> Said {
    said(guarded(|| (unpacker.unpack)(source, opening)))
}

fn said(result: Result<Result<(), Malformed>, Option<Left>>) -> Said {
    match result {
        Ok(Ok(())) => Said::All,
        Ok(Err(Malformed::NotThis)) => Said::NotThis,
        Ok(Err(Malformed::Broken { at, detail })) => {
            Said::Gap(Unseen::new(GapReason::Malformed, format!("{at}: {detail}")).needing("an intact copy"))
        }
        Err(Some(left)) => Said::Left(left),
        Err(None) => {
            Said::Gap(Unseen::new(GapReason::Crashed, "our reader failed on it; this is a fault of interdict"))
        }
    }
}

/// A panic below costs one artifact; one that was left comes by here too.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Option<Left>> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|thrown| thrown.downcast_ref::<Left>().copied())
}

/// A gap on a place that is no artifact: a member that could not be had.
pub(crate) fn gap_on(locator: &Locator, by: &str, seems: Option<&str>, unseen: Unseen) -> Gap {
    gap(locator, by, seems, unseen)
}
