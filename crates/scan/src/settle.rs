//! From what was seen to a report: container rules, findings, witnesses, gaps weighed, the law asked, all sorted.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{
    Anomaly, Coverage, Entity, EntityId, Finding, GapReason, Input, Legend, Locator, Match, Outcome, Reconciled,
    Report, SCHEMA, Tool, Unseen,
};
use interdict_rules::{Met, Pack, Setting, Shipment, Ties, fold, reconcile};

use crate::agreement::{Sides, agree, are_alike};
use crate::attribution::Attribution;
use crate::described::key;
use crate::examine::gap_on;
use crate::imprint::Imprint;
use crate::isolation::Isolation;
use crate::judging::{Law, judge_report};
use crate::known::hold_against;
use crate::request::Request;
use crate::shipments::{lies_in, shipments};
use crate::supplied::supplied;
use crate::yielded::Yielded;

/// A kind of anomaly: the place is in a layer of an image, and a later layer deletes or replaces it.
const LOWER_LAYER: &str = "lower-layer-only";

pub(crate) fn settle(
    request: &Request<'_>,
    mut yielded: Yielded,
    targets: &[Locator],
    directories: &[Locator],
    files: &BTreeSet<Locator>,
    given: &[Locator],
    (interrupted, isolation): (bool, Isolation),
) -> Report {
    let pack = request.pack;
    yielded.matches.extend(in_containers(pack, &yielded.in_containers));
    let shipments = shipments(targets, files, &yielded.describing(given), given);
    let imprints = yielded.imprints.iter().map(|(place, all)| (place.clone(), Imprint::joined(all))).collect();
    let attribution = Attribution::new(pack, &shipments, &yielded.documents, targets, &imprints);
    let mut findings = {
        let setting = |on: &Locator| setting(on, &yielded, &attribution);
        fold(yielded.matches.clone(), pack, &setting)
    };
    attribution.tell_own(&mut findings, pack);
    let (registers, known, said) = (&yielded.registers, &yielded.known, &yielded.imprints);
    let sides = Sides { registers, known, said, imprints: &imprints };
    let reconciliation = compared(&mut findings, &shipments, &sides, pack);
    lower_layers(&mut yielded, &findings);
    unrecognised_targets(&mut yielded, targets, files);
    supplied(&mut yielded.gaps, &yielded.cabinets);
    yielded.notes.sort();
    let mut report = Report {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: "interdict".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        packs: pack.ids(),
        law: Vec::new(),
        as_of: request.as_of,
        profile: request.profile.clone(),
        outcome: Outcome::Inconclusive,
        legend: Legend { entities: named(pack, &findings), ..Legend::default() },
        coverage: Coverage {
            isolation: isolation.name().to_owned(),
            ..coverage(&mut yielded, !interrupted, request.allow_incomplete)
        },
        inputs: yielded.inputs,
        findings,
        verdicts: Vec::new(),
        waived: Vec::new(),
        waivers: Vec::new(),
        comparison: None,
        sbom_quality: Vec::new(),
        reconciliation,
        gaps: yielded.gaps,
        repairs: yielded.repairs,
        anomalies: yielded.anomalies,
        observations: yielded.observations,
    };
    report.inputs.extend(directories.iter().map(folder));
    sort(&mut report);
    let law = Law {
        regimes: request.regimes,
        profile: &request.profile,
        as_of: request.as_of,
        waivers: &request.waivers,
        accept_gaps: &request.accept_gaps,
        allow_incomplete: request.allow_incomplete,
        sbom_quality: request.sbom_quality,
    };
    judge_report(&mut report, &law);
    if let Some(earlier) = request.baseline {
        hold_against(&mut report, &law, earlier);
    }
    report
}

/// Holds what documents declare against what lies there, by what things are and then thing by thing.
fn compared(findings: &mut [Finding], shipments: &[Shipment], sides: &Sides<'_>, pack: &Pack) -> Vec<Reconciled> {
    let alike = |shipment: &Shipment, file: &Finding, component: &Finding| {
        are_alike(file, component, &shipment.product, sides, pack)
    };
    let mut reconciliation = reconcile(findings, shipments, pack, Ties { key: &key, alike: &alike });
    agree(findings, &mut reconciliation, sides, pack);
    reconciliation
}

fn folder(locator: &Locator) -> Input {
    Input::new(locator.clone(), "directory")
}

/// Of what only lower layers of an image hold, that is told in which something was found.
fn lower_layers(yielded: &mut Yielded, findings: &[Finding]) {
    let hidden = std::mem::take(&mut yielded.hidden);
    let matches = findings.iter().flat_map(|finding| &finding.matches);
    let places = matches.flat_map(|one| one.proof.iter().map(|seen| &seen.on).chain([&one.on]));
    let mut told = BTreeSet::new();
    for place in places {
        let text = place.artifact();
        let ends = text.match_indices("!/").map(|(at, _)| at).chain([text.len()]);
        for around in ends.map(|end| Locator::parsed(text.get(..end).unwrap_or(text))) {
            if let Some(detail) = hidden.get(&around) {
                told.insert(Anomaly { on: around, kind: LOWER_LAYER.to_owned(), detail: detail.clone() });
            }
        }
    }
    yielded.anomalies.extend(told);
}

/// Same input, same bytes out: whatever threads handed in is put in order here.
fn sort(report: &mut Report) {
    report.inputs.sort_by(|a, b| a.locator.cmp(&b.locator).then_with(|| a.format.cmp(&b.format)));
    report.gaps.sort();
    report.gaps.dedup();
    report.repairs.sort();
    report.anomalies.sort();
    report.observations.sort();
}

/// Rules over a whole folder or container: the folder a thing lies in, and the archive around it.
fn in_containers(pack: &Pack, met: &[Met]) -> Vec<Match> {
    let mut groups: BTreeMap<Locator, Vec<&Met>> = BTreeMap::new();
    for one in met {
        let place = one.seen.on.artifact();
        let folder = place.rsplit_once('/').map_or(place, |(folder, _)| folder.strip_suffix('!').unwrap_or(folder));
        let archive = place.rsplit_once("!/").map(|(archive, _)| archive);
        for container in [Some(folder), archive].into_iter().flatten().collect::<BTreeSet<_>>() {
            groups.entry(Locator::parsed(container)).or_default().push(one);
        }
    }
    let all = groups.iter().flat_map(|(container, met)| pack.conclude_within(container, met));
    let all: Vec<Match> = all.collect();
    // The archive around a folder proves nothing that the folder does not: the narrowest place stands.
    let narrower = |one: &Match| {
        all.iter().any(|o| o.rule == one.rule && o.on != one.on && o.proof == one.proof && lies_in(&o.on, &one.on))
    };
    all.iter().filter(|one| !narrower(one)).cloned().collect()
}

fn setting(on: &Locator, yielded: &Yielded, attribution: &Attribution<'_>) -> Setting {
    let (product, place) = attribution.product(on);
    let known = yielded.known.get(on).cloned().unwrap_or_default();
    let is_component = on.fragment().is_some();
    let identity = match &known.digest {
        Some(digest) if !is_component => digest.to_string(),
        _ => known.identity,
    };
    let path = if is_component { known.way.path } else { attribution.path(on, &product, place) };
    let (introducers, introducers_untold) = (known.way.introducers, known.way.untold);
    Setting { identity, digest: known.digest, product, path, introducers, introducers_untold, scope: known.scope }
}

/// A target in which nothing was recognised was not understood, whatever the needles say.
fn unrecognised_targets(yielded: &mut Yielded, targets: &[Locator], files: &BTreeSet<Locator>) {
    if yielded.recognised == 0 {
        for target in targets {
            let detail = "nothing in it was recognised as an SBOM, an executable or a container";
            let unseen = Unseen::new(GapReason::Unsupported, detail).needing("an SBOM, or the product itself");
            let seems = if files.contains(target) { "target-file" } else { "target" };
            yielded.gaps.push(gap_on(target, "scan", Some(seems), unseen));
        }
    }
    for input in &yielded.inputs {
        if input.counts.is_some_and(|counts| counts.components + counts.services + counts.files == 0) {
            let unseen = Unseen::new(GapReason::Missing, "the document declares no component, service or file")
                .needing("the SBOM that lists what the product is made of");
            let seems = input.format.as_ref().map(ToString::to_string);
            yielded.gaps.push(gap_on(&input.locator, "scan", seems.as_deref(), unseen));
        }
    }
}

/// The entities that findings name, and what they are part of.
fn named(pack: &Pack, findings: &[Finding]) -> Vec<Entity> {
    let mut ids: BTreeSet<EntityId> = BTreeSet::new();
    let named = findings.iter().flat_map(|f| f.matches.iter().map(|one| &one.entity).chain([&f.entity]));
    let mut open: Vec<EntityId> = named.cloned().collect();
    while let Some(id) = open.pop() {
        if let Some(entity) = pack.entity(&id)
            && ids.insert(id)
        {
            open.extend(entity.part_of.clone());
        }
    }
    ids.iter().filter_map(|id| pack.entity(id).cloned()).collect()
}

fn coverage(yielded: &mut Yielded, complete: bool, allowed_incomplete: bool) -> Coverage {
    Coverage {
        artifacts: yielded.artifacts,
        files: yielded.files,
        bytes: yielded.bytes,
        examined: yielded.examined,
        components: yielded.components,
        formats: std::mem::take(&mut yielded.formats),
        complete,
        recognised: yielded.recognised,
        allowed_incomplete,
        notes: std::mem::take(&mut yielded.notes),
        ..Coverage::default()
    }
}
