//! The built-in data, and findings to judge.
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use interdict_model::{
    Certainty, Entity, EntityId, Finding, FindingId, Fingerprint, Instant, Locator, OrganisationId, Product,
    ProductClass, Profile, Relation, Scope, Verdict, Witness,
};
use interdict_policy::{Error, Judged, Profiles, Question, Regimes, judge};

#[expect(clippy::disallowed_methods, reason = "tests read the catalog's data")]
fn folder(name: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalog/data").join(name);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

type Compile<T> = fn(&[(&str, &str)]) -> Result<T, Vec<Error>>;

fn compiled<T>(name: &str, compile: Compile<T>) -> T {
    let files = folder(name);
    let sources: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    compile(&sources).unwrap_or_else(|errors| {
        let shown: Vec<_> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", shown.join("\n"))
    })
}

pub(crate) fn regimes() -> &'static Regimes {
    static REGIMES: LazyLock<Regimes> = LazyLock::new(|| compiled("regimes", Regimes::compile));
    &REGIMES
}

pub(crate) fn profiles() -> &'static Profiles {
    static PROFILES: LazyLock<Profiles> = LazyLock::new(|| compiled("profiles", Profiles::compile));
    &PROFILES
}

pub(crate) fn profile(name: &str) -> Profile {
    profiles().get(name).unwrap_or_else(|| panic!("no profile {name}")).clone()
}

pub(crate) fn nobody() -> Profile {
    Profile::default()
}

pub(crate) const NOW: &str = "2026-11-22T12:00:00Z";

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// One entity a class, and a look-alike.
pub(crate) fn entities() -> Vec<Entity> {
    let entity = |id: &str, title: &str, class, made_by: &str| Entity {
        id: EntityId::from(id),
        title: title.to_owned(),
        class,
        code_class: None,
        part_of: None,
        made_by: OrganisationId::from(made_by),
        false_friend: made_by != "kaspersky",
        source: "test".to_owned(),
    };
    let maker_only = Entity {
        code_class: Some(ProductClass::OtherCybersecurity),
        ..entity("kaspersky", "Kaspersky product", ProductClass::Undetermined, "kaspersky")
    };
    vec![
        maker_only,
        entity("kaspersky/av-sdk", "Kaspersky Anti-Virus SDK", ProductClass::AntiVirus, "kaspersky"),
        entity("kaspersky/endpoint", "Kaspersky Endpoint Security", ProductClass::Endpoint, "kaspersky"),
        entity("kaspersky/gateway", "Kaspersky Web Traffic Security", ProductClass::OtherCybersecurity, "kaspersky"),
        entity("kaspersky/kaspresso", "Kaspresso", ProductClass::NonSecurity, "kaspersky"),
        entity("kaspersky/opentip", "Kaspersky OpenTIP", ProductClass::ThreatIntelligence, "kaspersky"),
        entity("kaspersky/training", "Kaspersky Security Training", ProductClass::Training, "kaspersky"),
        entity("kaspersky/consulting", "Kaspersky SOC Consulting", ProductClass::Consulting, "kaspersky"),
        entity("infowatch/traffic-monitor", "InfoWatch Traffic Monitor", ProductClass::OtherCybersecurity, "infowatch"),
    ]
}

pub(crate) fn finding(entity: &str, relation: Relation) -> Finding {
    Finding {
        id: FindingId(format!("F-{entity}-{relation}").into()),
        fingerprint: Fingerprint("f".to_owned()),
        entity: EntityId::from(entity),
        title: entity.into(),
        relation,
        certainty: Certainty::Confirmed,
        on: Locator::input(b"product"),
        digest: None,
        product: Product { name: "Acme Gateway".to_owned(), known_from: "test".to_owned(), ..Product::default() },
        path: Vec::new(),
        introducers: Vec::new(),
        introducers_untold: 0,
        witness: Witness::NotCompared,
        agreement: None,
        scope: Scope::Required,
        matches: Vec::new(),
    }
}

/// A question that leaves nothing open.
pub(crate) fn question<'a>(
    findings: &'a [Finding],
    entities: &'a [Entity],
    profile: &'a Profile,
    as_of: &str,
) -> Question<'a> {
    Question {
        findings,
        entities,
        regimes: regimes(),
        profile,
        as_of: at(as_of),
        strict: false,
        waived: &[],
        gaps: &[],
        complete: true,
        recognised: 1,
        allow_incomplete: false,
    }
}

pub(crate) fn judged(findings: &[Finding], profile: &Profile, as_of: &str) -> Judged {
    judge(&question(findings, &entities(), profile, as_of))
}

/// What one regime says, as `provision effect` lines.
pub(crate) fn lines(verdicts: &[Verdict], regime: &str) -> Vec<String> {
    let mut lines: Vec<_> = verdicts
        .iter()
        .filter(|verdict| verdict.regime.as_str() == regime)
        .map(|verdict| format!("{} {}", verdict.provision, verdict.effect))
        .collect();
    lines.sort();
    lines
}
