//! What writers ask of a report: its findings by product and weight, each with what the law says of it.
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use interdict_model::{
    Anomaly, Certainty, Change, Effect, Entity, EntityId, FactKind, Finding, FindingId, Gap, Locator, Match,
    Observation, Place, Product, RegimeId, Relation, Report, Shown, Technique, Verdict, Waiver, Witness,
};

/// The kind of anomaly of a place in a layer of an image that a later layer deletes or replaces.
const LOWER_LAYER: &str = "lower-layer-only";

/// What is said of the places it was found at: that only a lower layer of an image holds them.
pub(crate) fn lower_layers<'a>(report: &'a Report, finding: &Finding) -> Vec<&'a Anomaly> {
    let all = report.anomalies.iter().filter(|anomaly| anomaly.kind == LOWER_LAYER);
    let places = || finding.matches.iter().map(|one| &one.on).chain([&finding.on]);
    let is_end = |rest: &str| rest.is_empty() || rest.starts_with(['!', '#', '/']);
    let holds = |around: &Locator| places().any(|on| on.as_str().strip_prefix(around.as_str()).is_some_and(is_end));
    all.filter(|anomaly| holds(&anomaly.on)).collect()
}

/// A report with its cross-references resolved once.
pub(crate) struct View<'a> {
    pub(crate) report: &'a Report,
    entities: BTreeMap<&'a EntityId, &'a Entity>,
    verdicts: HashMap<&'a FindingId, Vec<&'a Verdict>>,
    waivers: HashMap<&'a FindingId, &'a Waiver>,
    changes: HashMap<&'a FindingId, &'a Change>,
}

/// A finding that is reported one by one, and those that are only context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Something of the entity may be in the product, or a regime asks a person to look.
    Finding,
    /// A name or a connector.
    Context,
    /// Set aside by a waiver.
    Waived,
}

impl<'a> View<'a> {
    pub(crate) fn of(report: &'a Report) -> Self {
        let mut verdicts: HashMap<_, Vec<_>> = HashMap::with_capacity(report.findings.len());
        // They stand by finding: each is looked up once.
        for of_one in report.verdicts.chunk_by(|a, b| a.finding == b.finding) {
            let Some(first) = of_one.first() else { continue };
            let list: &mut Vec<&Verdict> = verdicts.entry(&first.finding).or_default();
            list.extend(of_one);
            list.sort_by_key(|verdict| (Reverse(verdict.effect), *verdict));
        }
        Self {
            report,
            entities: report.legend.entities.iter().map(|entity| (&entity.id, entity)).collect(),
            verdicts,
            waivers: report.waived.iter().map(|waived| (&waived.finding, &waived.waiver)).collect(),
            changes: report
                .comparison
                .iter()
                .flat_map(|comparison| &comparison.changes)
                .map(|change| (&change.finding, change))
                .collect(),
        }
    }

    pub(crate) fn entity(&self, finding: &Finding) -> Option<&'a Entity> {
        self.entities.get(&finding.entity).copied()
    }

    /// Whether it is somebody else's, and recognised only so that nobody takes it for what is meant.
    pub(crate) fn is_false_friend(&self, finding: &Finding) -> bool {
        self.entity(finding).is_some_and(|entity| entity.false_friend)
    }

    /// What each provision says of it, strongest first.
    pub(crate) fn verdicts(&self, finding: &Finding) -> &[&'a Verdict] {
        self.verdicts.get(&finding.id).map_or(&[], Vec::as_slice)
    }

    /// See the function of this name.
    pub(crate) fn lower_layers(&self, finding: &Finding) -> Vec<&'a Anomaly> {
        lower_layers(self.report, finding)
    }

    pub(crate) fn waiver(&self, finding: &Finding) -> Option<&'a Waiver> {
        self.waivers.get(&finding.id).copied()
    }

    /// What it is against an earlier report, where one was given.
    pub(crate) fn change(&self, finding: &Finding) -> Option<&'a Change> {
        self.changes.get(&finding.id).copied()
    }

    /// Known before, and no reason for a gate to fail.
    pub(crate) fn is_known(&self, finding: &Finding) -> bool {
        self.change(finding).is_some_and(|change| !change.counts)
    }

    pub(crate) fn effect(&self, finding: &Finding) -> Option<Effect> {
        self.verdicts(finding).first().map(|verdict| verdict.effect)
    }

    pub(crate) fn regime_title<'b>(&self, regime: &'b RegimeId) -> &'b str
    where
        'a: 'b,
    {
        self.report.legend.regimes.get(regime.as_str()).map_or(regime.as_str(), |note| note.title.as_str())
    }

    pub(crate) fn weight(&self, finding: &Finding) -> Weight {
        if self.waiver(finding).is_some() {
            Weight::Waived
        } else if finding.relation < Relation::Connects || self.effect(finding) >= Some(Effect::Review) {
            Weight::Finding
        } else {
            Weight::Context
        }
    }

    /// The findings of this weight, as the report has them.
    pub(crate) fn findings(&self, weight: Weight) -> impl Iterator<Item = &'a Finding> {
        self.report.findings.iter().filter(move |finding| self.weight(finding) == weight)
    }

    /// Findings by product, the worst product first; in each, the undeclared first.
    pub(crate) fn products(&self) -> Vec<(&'a Product, Vec<&'a Finding>)> {
        let mut groups: BTreeMap<&Product, Vec<&Finding>> = BTreeMap::new();
        for finding in self.findings(Weight::Finding) {
            groups.entry(&finding.product).or_default().push(finding);
        }
        let mut products: Vec<_> = groups.into_iter().collect();
        for (_, findings) in &mut products {
            findings.sort_by_cached_key(|finding| self.rank(finding));
        }
        products.sort_by_cached_key(|(_, findings)| {
            let worst = findings.iter().filter_map(|finding| self.effect(finding)).max();
            (Reverse(worst), findings.first().map(|finding| self.rank(finding)))
        });
        products
    }

    fn rank(&self, finding: &'a Finding) -> impl Ord + use<'a> {
        (
            finding.witness != Witness::ObservedOnly,
            Reverse(self.effect(finding)),
            finding.relation,
            Reverse(finding.certainty),
            &finding.on,
            &finding.id,
        )
    }
}

/// The match that says most, and in it the fact that shows it best.
pub(crate) fn strongest_proof(finding: &Finding) -> Option<(&Match, Option<&Observation>)> {
    let best =
        finding.matches.iter().min_by_key(|one| (Reverse(one.certainty), one.relation, telling(one), &one.rule))?;
    let fact = best.proof.iter().min_by_key(|seen| (is_section(seen), seen.at == Place::Whole, *seen));
    Some((best, fact))
}

/// The facts of a match, the telling ones first.
pub(crate) fn facts(one: &Match) -> impl Iterator<Item = &Observation> {
    let (sections, telling): (Vec<_>, Vec<_>) = one.proof.iter().partition(|seen| is_section(seen));
    telling.into_iter().chain(sections)
}

/// That it is a program, or that a section has a name, is the least of reasons.
fn is_section(seen: &Observation) -> bool {
    matches!(seen.fact.kind, FactKind::Program | FactKind::Section)
}

/// The line of a document at which something that shows the finding stands, and the text there; none inside a container, whose
/// lines nobody sees.
pub(crate) fn line(finding: &Finding) -> Option<(u64, &str)> {
    if finding.on.depth() > 0 {
        return None;
    }
    let best = strongest_proof(finding).and_then(|(_, fact)| fact).map(|fact| &fact.at);
    let here = || finding.matches.iter().filter(|one| one.on == finding.on).flat_map(|one| &one.excerpts);
    let excerpt = here().find(|excerpt| Some(&excerpt.at) == best).or_else(|| here().next())?;
    let Shown::Text(text) = &excerpt.shown else { return None };
    let before = text.get(..text.floor_char_boundary(usize::try_from(excerpt.marked.0).ok()?))?;
    let passed = before.matches('\n').count();
    Some((excerpt.from.saturating_add(passed as u64), text.split('\n').nth(passed)?))
}

/// How much a match's best fact tells a reader by itself: a signature before a symbol before a name.
fn telling(one: &Match) -> u8 {
    let rank = |seen: &Observation| match (seen.fact.kind, seen.fact.kind.technique()) {
        (_, Technique::Attestation | Technique::HashComparison) => 0,
        (FactKind::Content | FactKind::Host | FactKind::Section | FactKind::Program, _) => 3,
        (_, Technique::BinaryAnalysis | Technique::SourceCodeAnalysis) => 1,
        (_, Technique::ManifestAnalysis) => 2,
        (_, Technique::Filename) => 4,
        (_, Technique::Other) => 5,
    };
    one.proof.iter().map(rank).min().unwrap_or(u8::MAX)
}

/// Gaps that decide the outcome, gaps that do not, gaps that somebody accepted.
pub(crate) fn gaps(report: &Report) -> (Vec<&Gap>, Vec<&Gap>, Vec<&Gap>) {
    let (accepted, open): (Vec<_>, Vec<_>) = report.gaps.iter().partition(|gap| gap.accepted.is_some());
    let (material, minor) = open.into_iter().partition(|gap| gap.material);
    (material, minor, accepted)
}

/// The name of a product with what is known of it.
pub(crate) fn product_name(product: &Product) -> String {
    let mut name = if product.name.is_empty() { "(unnamed product)".to_owned() } else { product.name.clone() };
    if let Some(version) = product.version.as_deref().filter(|version| !version.is_empty()) {
        name.push(' ');
        name.push_str(version);
    }
    name
}

/// Whether the finding needs another witness.
pub(crate) fn is_unsettled(finding: &Finding) -> bool {
    finding.certainty < Certainty::Confirmed
}
