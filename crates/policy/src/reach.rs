//! Whether a clause speaks of a finding at all.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Certainty, Entity, EntityId, Finding, OrganisationId, ProductClass, Relation, Scope, Witness};

use crate::regime::{Reach, Standing};

/// How deep a family of entities may nest; a circle in the data ends here.
const GENERATIONS: usize = 16;

/// What the law asks about a finding; findings alike in this get the same verdicts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subject {
    /// The entity and those it is part of, narrowest first.
    pub(crate) lineage: Vec<EntityId>,
    pub(crate) title: String,
    /// `None` where nothing says who makes it.
    pub(crate) made_by: Option<OrganisationId>,
    /// `None` where nothing says what it is; then every class is possible.
    pub(crate) class: Option<ProductClass>,
    pub(crate) relation: Relation,
    pub(crate) scope: Scope,
    pub(crate) certainty: Certainty,
    pub(crate) standing: Standing,
    pub(crate) beside_engine: bool,
    pub(crate) false_friend: bool,
    /// Its code lies in the product, and the document that describes the product leaves it out.
    pub(crate) left_out: bool,
}

impl Reach {
    pub(crate) fn holds(&self, subject: &Subject) -> bool {
        let named = |ids: &[EntityId]| subject.lineage.iter().any(|id| ids.contains(id));
        self.relations.contains(&subject.relation)
            && self.scopes.contains(&subject.scope)
            && (self.classes.is_empty() || subject.class.is_none_or(|class| self.classes.contains(&class)))
            && (self.entities.is_empty() || named(&self.entities))
            && !named(&self.not_entities)
            && self.standing.is_none_or(|standing| standing == subject.standing)
            && self.beside_engine.is_none_or(|beside| beside == subject.beside_engine)
    }
}

/// The findings of a report, as the law sees them.
pub(crate) struct Subjects<'a> {
    entities: BTreeMap<&'a EntityId, &'a Entity>,
    /// Products that hold an engine, with its maker.
    engines: BTreeSet<(&'a str, &'a OrganisationId)>,
}

impl<'a> Subjects<'a> {
    pub(crate) fn of(findings: &'a [Finding], entities: &'a [Entity]) -> Self {
        let entities: BTreeMap<_, _> = entities.iter().map(|entity| (&entity.id, entity)).collect();
        let mut engines = BTreeSet::new();
        for finding in findings {
            let Some(entity) = entities.get(&finding.entity) else { continue };
            let is_engine = matches!(entity.class, ProductClass::AntiVirus | ProductClass::Endpoint);
            if is_engine && !entity.false_friend && matches!(finding.relation, Relation::Is | Relation::Embeds) {
                engines.insert((finding.product.name.as_str(), &entity.made_by));
            }
        }
        Self { entities, engines }
    }

    pub(crate) fn subject(&self, finding: &'a Finding) -> Subject {
        let entity = self.entities.get(&finding.entity);
        let made_by = entity.map(|entity| entity.made_by.clone());
        let beside = made_by.as_ref().is_some_and(|by| self.engines.contains(&(finding.product.name.as_str(), by)));
        Subject {
            lineage: self.lineage(&finding.entity),
            title: entity.map_or_else(|| finding.title.to_string(), |entity| entity.title.clone()),
            standing: standing(finding, made_by.as_ref()),
            class: entity.map(|entity| class(entity, finding.relation)),
            relation: finding.relation,
            scope: scope(finding),
            certainty: finding.certainty,
            beside_engine: beside,
            left_out: finding.witness == Witness::ObservedOnly && is_code(finding.relation),
            false_friend: entity.is_some_and(|entity| entity.false_friend),
            made_by,
        }
    }

    fn lineage(&self, id: &EntityId) -> Vec<EntityId> {
        let mut lineage = vec![id.clone()];
        let mut next = self.entities.get(id).and_then(|entity| entity.part_of.as_ref());
        while let Some(parent) = next.filter(|parent| lineage.len() < GENERATIONS && !lineage.contains(parent)) {
            lineage.push(parent.clone());
            next = self.entities.get(parent).and_then(|entity| entity.part_of.as_ref());
        }
        lineage
    }
}

/// What its code is taken for where it is code that was seen, and not a document's word for it.
fn class(entity: &Entity, relation: Relation) -> ProductClass {
    entity.code_class.filter(|_| is_code(relation)).unwrap_or(entity.class)
}

const fn is_code(relation: Relation) -> bool {
    matches!(relation, Relation::Is | Relation::Embeds | Relation::Links)
}

/// What was seen in the delivery is in the delivery, whatever a document says it is needed for.
fn scope(finding: &Finding) -> Scope {
    match finding.witness {
        Witness::ObservedOnly | Witness::DeclaredAndObserved => Scope::Required,
        Witness::DeclaredOnly | Witness::NotCompared => finding.scope,
    }
}

/// The maker's own where product or supplier bear the maker's name.
fn standing(finding: &Finding, made_by: Option<&OrganisationId>) -> Standing {
    let supplier = finding.product.supplier.as_deref().unwrap_or(&finding.product.name).to_lowercase();
    let own = made_by.is_some_and(|by| !by.as_str().is_empty() && supplier.contains(by.as_str()));
    if own && finding.relation == Relation::Is { Standing::Own } else { Standing::Other }
}
