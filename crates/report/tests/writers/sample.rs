//! Reports that no scan made: one for each outcome a writer must show, and one made of hostile names.
mod hostile;
pub(crate) mod parts;

use interdict_model::{
    Certainty, Change, Comparison, Effect, EntityId, FactKind, Fingerprint, GapReason, Gone, Locator, Outcome, Place,
    Profile, Relation, Report, Scope, State, Witness,
};

pub(crate) use hostile::hostile;
use parts::{
    anomaly, base, entity, finding, gap, input, observed, reconciled, repair, ruled, us_vendor, verdict, waived,
};

/// A name and what makes the report.
pub(crate) type Case = (&'static str, fn() -> Report);

/// The cases every writer is held to.
pub(crate) const CASES: &[Case] = &[
    ("full", full),
    ("no-profile", no_profile),
    ("baseline", baseline),
    ("clear", clear),
    ("inconclusive", inconclusive),
    ("hostile", hostile),
];

const LIBRARY: &str = "delivery/acmegate-4.2.tar.gz!/acmegate/lib/libacmescan.so";

/// Findings of every witness, verdicts of every effect, gaps, repairs, a waiver.
pub(crate) fn full() -> Report {
    let mut report = base(Outcome::Prohibited, us_vendor());
    report.inputs = vec![input("delivery", "directory", 0), input("delivery/acmegate.cdx.json", "cyclonedx-json", 214)];
    report.findings = vec![undeclared(), declared_and_seen(), declared_only(), connector(), mention(), set_aside()];
    report.verdicts = verdicts();
    report.waived = vec![waived("F-6f0000000006", "6666", "Ships only in the test bench; removed with 4.3.")];
    report.reconciliation = vec![reconciled("delivery", "delivery/acmegate.cdx.json", &report.findings)];
    report.gaps = gaps();
    report.repairs = vec![
        repair("delivery/acmegate.cdx.json", "/components/17/purl", "not a package URL: no type", "kept as a name"),
        repair("delivery/acmegate.cdx.json", "/components/40/bom-ref", "used twice", "the first one is meant"),
    ];
    report.anomalies = vec![anomaly(
        "delivery/acmegate-4.2.tar.gz",
        "duplicate-name",
        "`acmegate/etc/gate.conf` stands twice; both were read.",
    )];
    report.legend.notes = vec!["1 gap was accepted by `--accept-gaps '**/*.pdf'`.".to_owned()];
    parts::count(&mut report, 1_204, 536_870_912, 1_203, 214);
    report
}

fn undeclared() -> interdict_model::Finding {
    let mut one = finding("F-a10000000001", "1111", ("kaspersky/av-sdk", "Kaspersky Anti-Virus SDK"), LIBRARY);
    (one.relation, one.certainty, one.witness) = (Relation::Embeds, Certainty::Confirmed, Witness::ObservedOnly);
    one.path = parts::path(&[
        ("AcmeGate", "delivery"),
        ("acmegate-4.2.tar.gz", "delivery/acmegate-4.2.tar.gz"),
        ("libacmescan.so", LIBRARY),
    ]);
    one.matches = vec![
        ruled(
            "kaspersky/av-sdk/unix-api-defined",
            &one,
            "The file defines the SDK's own entry points.",
            vec![
                observed(
                    LIBRARY,
                    FactKind::DefinedSymbol,
                    "kaveInitializeEx",
                    Place::Bytes { start: 0x1_2f40, end: 0x1_2f58 },
                    "elf",
                ),
                observed(
                    LIBRARY,
                    FactKind::DefinedSymbol,
                    "kaveScanFile",
                    Place::Bytes { start: 0x1_2f58, end: 0x1_2f70 },
                    "elf",
                ),
            ],
        ),
        ruled(
            "kaspersky/av-sdk/messages",
            &one,
            "The SDK's own messages stand in its read-only data.",
            vec![observed(
                LIBRARY,
                FactKind::Content,
                "kave-license-message",
                Place::Bytes { start: 0x4_0110, end: 0x4_0133 },
                "content",
            )],
        ),
    ];
    one.matches[0].excerpts =
        vec![parts::bytes(0x1_2f40, 0x1_2f58, b"ive\0kaveInitializeEx\0kaveScanFile\0<&\x1b", (4, 20))];
    one
}

fn declared_and_seen() -> interdict_model::Finding {
    let on = "delivery/acmegate.cdx.json#pkg:generic/kaspersky-ti-client@2.1";
    let mut one =
        finding("F-b20000000002", "2222", ("kaspersky/ti-client", "Kaspersky Threat Intelligence client"), on);
    (one.relation, one.certainty, one.witness) = (Relation::Is, Certainty::Probable, Witness::DeclaredAndObserved);
    one.matches = vec![ruled(
        "kaspersky/ti-client/purl",
        &one,
        "The package URL is the client's own.",
        vec![observed(
            on,
            FactKind::Purl,
            "pkg:generic/kaspersky-ti-client@2.1",
            Place::Pointer("/components/3/purl".into()),
            "cyclonedx-json",
        )],
    )];
    let lines =
        "\t\t\"name\": \"kaspersky-ti-client\",\r\n\t\t\"purl\": \"pkg:generic/kaspersky-ti-client@2.1\"\r\n\t},";
    let way = |names: &[&str]| {
        let steps: Vec<_> = names.iter().map(|name| (*name, format!("delivery/acmegate.cdx.json#{name}"))).collect();
        parts::path(&steps.iter().map(|(name, place)| (*name, place.as_str())).collect::<Vec<_>>())
    };
    one.introducers = vec![
        way(&["AcmeGate", "web", "threat-feed", "ti-client"]),
        way(&["AcmeGate", "api", "threat-feed", "ti-client"]),
        way(&["AcmeGate", "a", "b", "c", "d", "e", "f", "g", "ti-client"]),
    ];
    one.introducers_untold = 2;
    one.matches[0].excerpts = vec![parts::lines("/components/3/purl", 41, lines, (44, 81))];
    one
}

fn declared_only() -> interdict_model::Finding {
    let on = "delivery/acmegate.cdx.json#libkav";
    let mut one = finding("F-c30000000003", "3333", ("kaspersky", "Kaspersky product"), on);
    (one.relation, one.certainty, one.witness) = (Relation::Declares, Certainty::Possible, Witness::DeclaredOnly);
    one.scope = Scope::Optional;
    one.matches = vec![ruled(
        "kaspersky/supplier",
        &one,
        "The document names the maker as the supplier.",
        vec![observed(
            on,
            FactKind::Supplier,
            "ao kaspersky lab",
            Place::Pointer("/components/9/supplier/name".into()),
            "cyclonedx-json",
        )],
    )];
    one
}

fn connector() -> interdict_model::Finding {
    let on = "delivery/acmegate-4.2.tar.gz!/acmegate/etc/rspamd/antivirus.conf";
    let mut one = finding("F-d40000000004", "4444", ("kaspersky/scan-engine", "Kaspersky Scan Engine"), on);
    (one.relation, one.certainty, one.witness) = (Relation::Connects, Certainty::Probable, Witness::NotCompared);
    one.matches = vec![ruled(
        "kaspersky/scan-engine/rspamd",
        &one,
        "The mail filter's configuration can hand mail to the engine.",
        vec![observed(
            on,
            FactKind::Content,
            "rspamd-type-kaspersky-se",
            Place::Bytes { start: 812, end: 833 },
            "content",
        )],
    )];
    one
}

fn mention() -> interdict_model::Finding {
    let on = "delivery/acmegate-4.2.tar.gz!/acmegate/share/vendors.txt";
    let mut one = finding("F-e50000000005", "5555", ("kaspersky", "Kaspersky product"), on);
    (one.relation, one.certainty, one.witness) = (Relation::Mentions, Certainty::Possible, Witness::NotCompared);
    one.matches = vec![ruled(
        "kaspersky/name",
        &one,
        "The name stands in a list with other vendors.",
        vec![
            observed(on, FactKind::Content, "kaspersky", Place::Bytes { start: 210, end: 219 }, "content"),
            observed(on, FactKind::OtherVendors, "14", Place::Whole, "content"),
        ],
    )];
    one
}

fn set_aside() -> interdict_model::Finding {
    let on = "delivery/bench/av-test.jar!/com/kavsdk/Probe.class";
    let mut one = finding("F-6f0000000006", "6666", ("kaspersky/mobile-sdk", "Kaspersky Mobile Security SDK"), on);
    (one.relation, one.certainty, one.witness) = (Relation::Links, Certainty::Confirmed, Witness::ObservedOnly);
    one.scope = Scope::Test;
    one.matches = vec![ruled(
        "kaspersky/mobile-sdk/classes",
        &one,
        "The class refers to the SDK's own namespace.",
        vec![observed(on, FactKind::ReferencedClass, "com/kavsdk/KavSdk", Place::Whole, "class")],
    )];
    one
}

fn verdicts() -> Vec<interdict_model::Verdict> {
    let bis = "us-bis-icts-kaspersky";
    vec![
        verdict(
            "F-a10000000001",
            bis,
            "integrate",
            Effect::Prohibited,
            "Integrating Kaspersky cybersecurity software into a product for sale in the United States has been prohibited since 29 September 2024 (Final Determination, 89 FR 52434).",
        ),
        verdict(
            "F-a10000000001",
            "us-far-52-204-23",
            "provide",
            Effect::NotCovered,
            "The clause binds federal contractors; the profile has no such role.",
        ),
        verdict(
            "F-a10000000001",
            "de-bsi-warning-2022",
            "warning",
            Effect::Advisory,
            "The BSI's warning of 15 March 2022 recommends replacing it; it is a warning, not a prohibition.",
        ),
        verdict(
            "F-b20000000002",
            bis,
            "exempt-ti",
            Effect::Exempt,
            "Threat intelligence products and services are outside the determination.",
        ),
        verdict("F-b20000000002", "us-ndaa-5949", "future", Effect::Future, "The section takes effect on a later day."),
        verdict(
            "F-c30000000003",
            bis,
            "integrate",
            Effect::Review,
            "Whether the declared component is cybersecurity software cannot be seen from the document.",
        ),
        verdict(
            "F-6f0000000006",
            bis,
            "integrate",
            Effect::Prohibited,
            "Integrating Kaspersky cybersecurity software into a product for sale in the United States has been prohibited since 29 September 2024 (Final Determination, 89 FR 52434).",
        ),
    ]
}

fn gaps() -> Vec<interdict_model::Gap> {
    let mut encrypted =
        gap("delivery/extras.zip!/engine.bin", GapReason::Encrypted, "The member is encrypted with AES-256.", true);
    encrypted.needs = Some("the password of `delivery/extras.zip`".into());
    let mut cut = gap(
        "delivery/acmegate-4.2.tar.gz!/acmegate/bin/updater",
        GapReason::Malformed,
        "The section table lies past the end at 0x5f000.",
        true,
    );
    cut.ranges = vec![(0x5_f000, 0x6_0000)];
    let mut accepted = gap("delivery/manual.pdf", GapReason::Unsupported, "Nothing here reads PDF.", true);
    accepted.accepted = Some("**/*.pdf".into());
    vec![
        cut,
        gap(
            "delivery/acmegate-4.2.tar.gz!/acmegate/share/logo.png",
            GapReason::Malformed,
            "A chunk is cut short.",
            false,
        ),
        encrypted,
        accepted,
    ]
}

/// The same findings, judged for nobody.
pub(crate) fn no_profile() -> Report {
    let mut report = full();
    report.outcome = Outcome::Review;
    report.profile = Profile::default();
    for verdict in &mut report.verdicts {
        if verdict.effect == Effect::Prohibited {
            verdict.effect = Effect::Review;
            verdict.because = format!("Would be prohibited for a vendor: {}", verdict.because).into();
        }
    }
    report.legend.notes = vec!["No profile was given: nothing is judged for anybody.".to_owned()];
    report
}

/// The first report, held against an earlier one.
pub(crate) fn baseline() -> Report {
    let mut report = full();
    let states = [State::New, State::Unchanged, State::Moved, State::Unchanged, State::New, State::Unchanged];
    let changes = report.findings.iter().zip(states).map(|(finding, state)| Change {
        finding: finding.id.clone(),
        state,
        counts: state == State::New,
        was: (state == State::Moved).then(|| Locator::parsed("delivery/before.cdx.json#libkav")),
    });
    report.comparison = Some(Comparison {
        as_of: report.as_of,
        packs: report.packs.clone(),
        outcome: Some(Outcome::Prohibited),
        changes: changes.collect(),
        gone: vec![Gone {
            on: Locator::parsed("delivery/lib/libkave8.so"),
            fingerprint: Fingerprint("7777".repeat(8)),
            entity: EntityId::from("kaspersky/av-sdk"),
            title: "Kaspersky Anti-Virus SDK".to_owned(),
            relation: Relation::Is,
            product: "AcmeGate".to_owned(),
            since: report.as_of,
        }],
    });
    report
}

/// Nothing found, everything read.
pub(crate) fn clear() -> Report {
    let mut report = base(Outcome::Clear, us_vendor());
    report.inputs = vec![input("clean.spdx.json", "spdx-json", 12)];
    parts::count(&mut report, 1, 20_480, 1, 12);
    report
}

/// Nothing found, one thing locked.
pub(crate) fn inconclusive() -> Report {
    let mut report = clear();
    report.outcome = Outcome::Inconclusive;
    let mut locked = gap("drop.7z", GapReason::Encrypted, "The headers are encrypted.", true);
    locked.needs = Some("the password of `drop.7z`".into());
    report.gaps = vec![locked];
    report.legend.entities = vec![entity("kaspersky", "Kaspersky product", None)];
    report.inputs.push(interdict_model::Input { counts: None, version: None, ..input("drop.7z", "7z", 0) });
    report.coverage.complete = false;
    parts::count(&mut report, 2, 1_048_576, 1, 12);
    report
}
