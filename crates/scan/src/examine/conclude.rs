//! What becomes of an artifact that was looked at: matches, what findings need to know of it, and what nobody read.
use std::collections::BTreeSet;

use interdict_model::{
    Digest, GapReason, Head, Input, Locator, Match, Part, Quality, Receiver as _, Relation, Source, Unseen,
};

use super::rest::{CARVER, Rest};
use super::{ANY, BESIDE, Means, Subject};
use crate::record::{Graph, Record};
use crate::sniff::{is_named_as_more, is_odd_document, is_plain, is_program_cut, sniff};
use crate::yielded::{Known, Yielded};
use crate::{excerpts, prints};

impl Means<'_> {
    /// Turns what was recorded into matches, and keeps of the rest only what a report needs.
    pub(crate) fn conclude(
        &self,
        subject: &Subject<'_>,
        mut record: Record<'_>,
        digest: Option<Digest>,
        (seems, recognised): (&str, bool),
        out: &mut Yielded,
    ) {
        record.tell_references();
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
        if document.is_none() {
            out.say(subject.locator, std::mem::take(&mut record.imprint));
        }
        let (met, parts, observations, graph) = record.into_met();
        let (whole, single): (Vec<_>, Vec<_>) = met.into_iter().partition(|one| self.pack.is_in_container(one.line));
        let mut matches = self.pack.conclude(&single);
        excerpts::add(&mut matches, subject.bytes);
        let wanted = !matches.is_empty() || document.is_some() || subject.is_target;
        let digest = wanted.then(|| digest.unwrap_or_else(|| Digest::of(subject.bytes)));
        let is_document = document.is_some();
        if let Some((format, document)) = document {
            out.components += graph.len();
            out.documents.insert(subject.locator.clone(), graph.product(subject.locator));
            if document.of_build {
                out.of_builds.insert(subject.locator.clone());
            }
            let quality = (!document.of_build).then(|| Quality { states: document.states, ..graph.quality() });
            out.inputs.push(Input {
                version: document.version,
                digest: digest.clone(),
                counts: Some(document.counts),
                created: document.created,
                creators: document.creators,
                notes: document.notes,
                quality,
                ..Input::new(subject.locator.clone(), format)
            });
        } else if subject.is_target {
            out.inputs.push(Input { digest: digest.clone(), ..Input::new(subject.locator.clone(), seems) });
        }
        if !matches.is_empty() {
            noted(subject, &matches, &parts, digest, &graph, out);
        }
        if is_document && (self.is_compared || subject.locator.depth() > 0) {
            out.registers.insert(subject.locator.clone(), graph.register(subject.locator));
        }
        out.matches.extend(matches);
        out.in_containers.extend(whole);
        out.observations.extend(observations);
    }
}

/// What the findings on an artifact, and on the components that it declares, need to know of them.
fn noted(
    subject: &Subject<'_>,
    matches: &[Match],
    parts: &[Part],
    digest: Option<Digest>,
    graph: &Graph,
    out: &mut Yielded,
) {
    let flags = matches.iter().any(|one| one.relation < Relation::Connects && one.on == *subject.locator);
    let prints = if flags { prints::of_bytes(subject.bytes) } else { Vec::new() };
    out.note(subject.locator, Known { digest, prints, ..Known::default() });
    let concerned: BTreeSet<&Locator> = matches.iter().map(|one| &one.on).collect();
    let mut rank = 0;
    for part in parts {
        let locator = graph.locator(subject.locator, *part);
        if concerned.contains(&locator) {
            out.notes.extend(graph.stated(subject.locator, *part));
            out.note(&locator, Known::of_component(graph, subject.locator, *part, rank));
            rank += 1;
        }
    }
}

/// What the artifact is called in the report.
pub(super) fn seems(source: &Source<'_>, recognised: &[&'static str]) -> &'static str {
    let whole = recognised.iter().find(|id| !BESIDE.contains(id));
    whole
        .or(recognised.first())
        .copied()
        .or_else(|| interdict_unpack::recognised(&source.head()))
        .unwrap_or_else(|| sniff(source.bytes, source.name))
}

/// Of an image that is no more than headers beside what was found in it by its marks, nothing is missing.
const HEADERS: usize = 4096;

/// What nobody read is said so, with what it seems to be.
pub(super) fn unrecognised(
    subject: &Subject<'_>,
    head: &Head<'_>,
    recognised: &[&str],
    seems: &'static str,
    rest: &Rest,
    record: &mut Record<'_>,
) {
    record.seems = Some(seems);
    // What stands somewhere inside says nothing of the whole.
    if recognised.iter().any(|id| *id != CARVER) {
        return;
    }
    if is_odd_document(subject.bytes, head.name) {
        record.seems = Some("document");
        let detail = "it calls itself an SBOM, and is none in a form that is read here; searched for needles only";
        record.gap("scan", Unseen::new(GapReason::Malformed, detail).needing("the document in a form of its standard"));
        return;
    }
    let container = interdict_unpack::recognised(head);
    let whole = container.filter(|_| !recognised.is_empty() && rest.left(subject.bytes) > HEADERS);
    let seems = whole.unwrap_or(seems);
    if is_plain(seems) {
        return;
    }
    let size = subject.bytes.len();
    let lacks = match seems {
        "unknown" | CARVER if is_program_cut(subject.bytes) => {
            Some("begins as a program, and its own header is not where that says")
        }
        "unknown" | CARVER if is_named_as_more(head.name) && subject.bytes.iter().any(|byte| *byte != 0) => {
            Some("is named as an archive, an image or a program, and begins as none that is known")
        }
        _ => None,
    };
    if let Some(lacks) = lacks {
        let detail = format!("it {lacks}; searched for needles only");
        record.gap("scan", Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
        return;
    }
    if seems == CARVER {
        if !is_plain(sniff(subject.bytes, head.name)) && rest.dense(subject.bytes).is_some() {
            record.seems = Some("unknown-compressed");
            let detail =
                format!("{size} bytes, of which more is compressed or encrypted than was found in them by its marks");
            record.gap("scan", Unseen::new(GapReason::Unsupported, detail));
        }
        return;
    }
    let detail = if container.is_some() {
        format!("a container of format {seems}, {size} bytes, that nothing here opens; searched for needles as it is")
    } else {
        format!("{seems} data, {size} bytes; searched for needles only")
    };
    let unseen = Unseen::new(GapReason::Unsupported, detail);
    let is_history = seems.starts_with("git-");
    record.gap(
        "scan",
        if is_history { unseen.needing("a working tree of each state that is delivered") } else { unseen },
    );
}
