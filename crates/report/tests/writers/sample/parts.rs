//! The pieces sample reports are built of.
use std::collections::BTreeMap;

use interdict_model::{
    Act, Anomaly, Certainty, CertaintyOfText, Counts, Coverage, Digest, Effect, Entity, Excerpt, Fact, FactKind,
    Finding, FindingId, Fingerprint, Gap, GapReason, Input, Instant, Legend, Locator, Match, Observation, Outcome,
    PackId, Place, Product, ProductClass, Profile, Reconciled, RegimeNote, Relation, Repair, Report, Role, SCHEMA,
    Scope, Shown, Step, Tool, Verdict, Via, Waived, Waiver, Witness,
};

pub(crate) fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn locator(text: &str) -> Locator {
    serde_json::from_value(text.into()).unwrap()
}

pub(crate) fn us_vendor() -> Profile {
    Profile {
        name: "us-vendor".into(),
        title: "A vendor that sells in the United States".into(),
        roles: vec![Role("vendor".into())],
        acts: vec![Act("integrate".into()), Act("resell".into())],
        jurisdictions: vec![],
    }
}

pub(crate) fn base(outcome: Outcome, profile: Profile) -> Report {
    Report {
        schema: SCHEMA.into(),
        tool: Tool { name: "interdict".into(), version: "0.1.0".into() },
        packs: vec![PackId {
            id: "interdict/kaspersky".into(),
            version: "2026.11".into(),
            digest: Digest::of(b"pack"),
        }],
        law: vec![],
        as_of: instant("2024-10-01"),
        profile,
        outcome,
        inputs: vec![],
        findings: vec![],
        verdicts: vec![],
        waived: vec![],
        waivers: vec![],
        comparison: None,
        sbom_quality: vec![],
        reconciliation: vec![],
        coverage: Coverage { complete: true, isolation: "full".into(), ..Coverage::default() },
        gaps: vec![],
        repairs: vec![],
        anomalies: vec![],
        legend: legend(),
        observations: vec![],
    }
}

fn legend() -> Legend {
    let regime = |id: &str, title: &str, jurisdiction: &str, authority: &str, citation: &str| {
        let (title, jurisdiction) = (title.to_owned(), jurisdiction.to_owned());
        (id.to_owned(), RegimeNote { title, jurisdiction, authority: authority.into(), citation: citation.into() })
    };
    Legend {
        entities: vec![
            entity("kaspersky", "Kaspersky product", None),
            entity("kaspersky/av-sdk", "Kaspersky Anti-Virus SDK", Some("kaspersky")),
            entity("kaspersky/mobile-sdk", "Kaspersky Mobile Security SDK", Some("kaspersky")),
            entity("kaspersky/scan-engine", "Kaspersky Scan Engine", Some("kaspersky")),
            Entity {
                class: ProductClass::ThreatIntelligence,
                ..entity("kaspersky/ti-client", "Kaspersky Threat Intelligence client", Some("kaspersky"))
            },
        ],
        regimes: BTreeMap::from([
            regime(
                "us-bis-icts-kaspersky",
                "BIS Final Determination on Kaspersky",
                "us",
                "Bureau of Industry and Security",
                "89 FR 52434",
            ),
            regime("us-far-52-204-23", "FAR 52.204-23", "us", "FAR Council", "48 CFR 52.204-23"),
            regime("us-ndaa-5949", "NDAA 2023, section 5949", "us", "Congress", "Pub. L. 117-263"),
            regime("de-bsi-warning-2022", "BSI warning on Kaspersky", "de", "BSI", "BSIG § 7"),
        ]),
        notes: vec![],
    }
}

pub(crate) fn entity(id: &str, title: &str, part_of: Option<&str>) -> Entity {
    Entity {
        id: id.into(),
        title: title.into(),
        class: ProductClass::AntiVirus,
        code_class: None,
        part_of: part_of.map(Into::into),
        made_by: "kaspersky".into(),
        false_friend: false,
        source: "sample".into(),
    }
}

pub(crate) fn input(path: &str, format: &str, components: u64) -> Input {
    let is_document = format.ends_with("json");
    Input {
        version: is_document.then(|| "1.6".into()),
        digest: is_document.then(|| Digest::of(path.as_bytes())),
        counts: is_document.then(|| Counts { components, relationships: components, ..Counts::default() }),
        ..Input::new(locator(path), format)
    }
}

pub(crate) fn finding(id: &str, print: &str, (entity, title): (&str, &str), on: &str) -> Finding {
    Finding {
        id: FindingId(id.into()),
        fingerprint: Fingerprint(print.repeat(16)),
        entity: entity.into(),
        title: title.into(),
        relation: Relation::Mentions,
        certainty: Certainty::Possible,
        on: locator(on),
        digest: Some(Digest::of(on.as_bytes())),
        product: Product {
            name: "AcmeGate".into(),
            version: Some("4.2".into()),
            supplier: Some("Acme Networks".into()),
            known_from: "delivery/acmegate.cdx.json".into(),
            is_makers_own: false,
        },
        path: path(&[("AcmeGate", "delivery"), (on.rsplit('/').next().unwrap(), on)]),
        introducers: Vec::new(),
        introducers_untold: 0,
        witness: Witness::NotCompared,
        agreement: None,
        scope: Scope::Required,
        matches: vec![],
    }
}

pub(crate) fn path(steps: &[(&str, &str)]) -> Vec<Step> {
    let via = |at: usize, place: &str| match at {
        0 => Via::Product,
        _ if place.contains('#') => Via::DependsOn,
        _ => Via::Contains,
    };
    let steps = steps.iter().enumerate();
    steps
        .map(|(at, (name, place))| Step { via: via(at, place), name: (*name).into(), locator: locator(place) })
        .collect()
}

pub(crate) fn observed(on: &str, kind: FactKind, value: &str, at: Place, by: &str) -> Observation {
    Observation { on: locator(on), fact: Fact { kind, value: value.into() }, at, by: by.into() }
}

pub(crate) fn bytes(start: u64, end: u64, shown: &[u8], marked: (u64, u64)) -> Excerpt {
    let digits = shown.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex = digits.map(|digit| char::from_digit(u32::from(digit), 16).unwrap()).collect();
    Excerpt { at: Place::Bytes { start, end }, from: start - marked.0, marked, shown: Shown::Bytes(hex) }
}

pub(crate) fn lines(pointer: &str, from: u64, shown: &str, marked: (u64, u64)) -> Excerpt {
    Excerpt { at: Place::Pointer(pointer.into()), from, marked, shown: Shown::Text(shown.into()) }
}

pub(crate) fn ruled(rule: &str, finding: &Finding, because: &str, proof: Vec<Observation>) -> Match {
    let mut techniques: Vec<_> = proof.iter().map(|seen| seen.fact.kind.technique()).collect();
    techniques.sort_unstable();
    techniques.dedup();
    Match {
        rule: rule.into(),
        entity: finding.entity.clone(),
        relation: finding.relation,
        on: finding.on.clone(),
        certainty: finding.certainty,
        because: because.into(),
        techniques,
        proof,
        excerpts: vec![],
    }
}

pub(crate) fn verdict(finding: &str, regime: &str, provision: &str, effect: Effect, because: &str) -> Verdict {
    Verdict {
        finding: FindingId(finding.into()),
        regime: regime.into(),
        provision: provision.into(),
        effect,
        since: (effect == Effect::Prohibited).then(|| instant("2024-09-29T04:00:00Z")),
        because: because.into(),
        citation: legend().regimes[regime].citation.as_str().into(),
        text: CertaintyOfText::Secondary,
    }
}

pub(crate) fn waived(finding: &str, print: &str, reason: &str) -> Waived {
    Waived {
        finding: FindingId(finding.into()),
        waiver: Waiver {
            fingerprint: Fingerprint(print.repeat(16)),
            reason: reason.into(),
            owner: "release@acme.example".into(),
            ticket: Some("ACME-1204".into()),
            until: "2024-12-31".into(),
            ..Waiver::default()
        },
    }
}

pub(crate) fn reconciled(product: &str, document: &str, findings: &[Finding]) -> Reconciled {
    let of = |witness| findings.iter().filter(|one| one.witness == witness).map(|one| one.id.clone()).collect();
    Reconciled {
        product: locator(product),
        documents: vec![locator(document)],
        undeclared: of(Witness::ObservedOnly),
        confirmed: of(Witness::DeclaredAndObserved),
        unseen: of(Witness::DeclaredOnly),
        under_another_name: vec![],
        in_another_version: vec![],
        for_another_product: vec![],
    }
}

pub(crate) fn gap(on: &str, reason: GapReason, detail: &str, material: bool) -> Gap {
    Gap {
        on: locator(on),
        reason,
        by: "sample".into(),
        seems: None,
        detail: detail.into(),
        ranges: vec![],
        needs: None,
        material,
        accepted: None,
    }
}

pub(crate) fn repair(input: &str, pointer: &str, wrong: &str, assumed: &str) -> Repair {
    Repair { input: locator(input), pointer: pointer.into(), wrong: wrong.into(), assumed: assumed.into() }
}

pub(crate) fn anomaly(on: &str, kind: &str, detail: &str) -> Anomaly {
    Anomaly { on: locator(on), kind: kind.into(), detail: detail.into() }
}

/// The ledger, so that it agrees with the gaps.
pub(crate) fn count(report: &mut Report, artifacts: u64, bytes: u64, examined: u64, components: u64) {
    let coverage = &mut report.coverage;
    (coverage.artifacts, coverage.bytes, coverage.examined, coverage.components) =
        (artifacts, bytes, examined, components);
    coverage.gaps = report.gaps.len() as u64;
    coverage.material_gaps = report.gaps.iter().filter(|gap| gap.material && gap.accepted.is_none()).count() as u64;
    coverage.formats = BTreeMap::from([("elf".into(), examined.saturating_sub(1)), ("cyclonedx-json".into(), 1)]);
}
