//! From matches to findings: one per entity and place, with every reason, its certainty, its way in.
mod certainty;
mod family;
mod witness;

use std::collections::BTreeMap;

use interdict_model::{
    Digest, EntityId, FactKind, Finding, FindingId, Fingerprint, Locator, Match, Product, Relation, Scope, Step,
    Witness,
};

pub use self::certainty::{TABLE as CERTAINTY_TABLE, combined, weight};
pub use self::witness::{Shipment, Ties, declares, reconcile, related};
use crate::Pack;

/// What the pipeline knows of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// What the content is, wherever it lies: a component's purl or name and version; of an artifact, its digest.
    pub identity: String,
    /// Of the artifact.
    pub digest: Option<Digest>,
    /// The product it belongs to.
    pub product: Product,
    /// From the product to the place.
    pub path: Vec<Step>,
    /// See [`Finding::introducers`].
    pub introducers: Vec<Vec<Step>>,
    /// See [`Finding::introducers_untold`].
    pub introducers_untold: u64,
    /// What it is needed for.
    pub scope: Scope,
}

/// Folds matches into findings; the strongest first, then by place.
///
/// Matches of a wider entity join the finding of a narrower one on the same thing, so that one SDK is not reported
/// twice; they never join where that would make a security product pass for something milder.
pub fn fold(matches: Vec<Match>, pack: &Pack, setting: &dyn Fn(&Locator) -> Setting) -> Vec<Finding> {
    let mut places: BTreeMap<Locator, BTreeMap<EntityId, Vec<Match>>> = BTreeMap::new();
    for one in matches {
        places.entry(one.on.clone()).or_default().entry(one.entity.clone()).or_default().push(one);
    }
    let mut findings = Vec::new();
    for (on, by_entity) in places {
        let setting = setting(&on);
        for (entity, matches) in family::joined(by_entity, pack) {
            findings.push(finding(&on, entity, matches, &setting, pack));
        }
    }
    findings.sort_by(order);
    findings
}

fn finding(on: &Locator, entity: EntityId, mut matches: Vec<Match>, setting: &Setting, pack: &Pack) -> Finding {
    matches.sort();
    matches.dedup();
    let (relation, certainty) = combined(&matches);
    let identity = if setting.identity.is_empty() { proven_values(&matches) } else { setting.identity.clone() };
    let fingerprint = Digest::of(format!("interdict/1\n{entity}\n{identity}").as_bytes());
    let id = Digest::of(format!("{fingerprint}\n{on}").as_bytes());
    let short = |digest: &Digest, length: usize| digest.hex().get(..length).unwrap_or_default().to_owned();
    Finding {
        id: FindingId(format!("F-{}", short(&id, 12)).into()),
        fingerprint: Fingerprint(short(&fingerprint, 32)),
        title: pack.entity(&entity).map_or_else(|| entity.0.clone(), |known| known.title.as_str().into()),
        entity,
        relation,
        certainty,
        on: on.clone(),
        digest: setting.digest.clone(),
        product: setting.product.clone(),
        path: setting.path.clone(),
        introducers: setting.introducers.clone(),
        introducers_untold: setting.introducers_untold,
        witness: Witness::NotCompared,
        agreement: None,
        scope: if is_of_a_tool(&matches) { Scope::Build } else { setting.scope },
        matches,
    }
}

/// Everything that flags says only with which tool the document was written: that tool is at work on the product, and not in it.
pub(crate) fn is_of_a_tool(matches: &[Match]) -> bool {
    let mut flagging = matches.iter().filter(|one| weight(one.relation) == 2).peekable();
    flagging.peek().is_some()
        && flagging.all(|one| !one.proof.is_empty() && one.proof.iter().all(|seen| seen.fact.kind == FactKind::Tool))
}

/// The identity of a place without content of its own: a folder is what was proven in it.
fn proven_values(matches: &[Match]) -> String {
    let mut values: Vec<_> = matches.iter().flat_map(|one| &one.proof).map(|seen| seen.fact.value.as_str()).collect();
    values.sort_unstable();
    values.dedup();
    values.join("\n")
}

/// Strongest first: what flags, undeclared before declared, certain before possible; then by place.
fn order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    let rank = |finding: &Finding| {
        let weak = matches!(finding.relation, Relation::Connects | Relation::Mentions);
        (weak, finding.witness, std::cmp::Reverse(finding.certainty), finding.relation)
    };
    rank(a).cmp(&rank(b)).then_with(|| a.on.cmp(&b.on)).then_with(|| a.entity.cmp(&b.entity))
}
