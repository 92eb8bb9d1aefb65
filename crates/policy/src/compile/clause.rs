//! Makes provisions and exemptions of their source, and refuses what no data may say.
use std::collections::BTreeSet;
use std::ops::Range;

use interdict_model::{Act, Effect, Relation, Role, Scope};
use toml::Spanned;

use super::word::{filled, identifier, instant, intervals, template, unique, words};
use crate::error::Faults;
use crate::regime::{Exemption, Limb, Provision, Reach};
use crate::source::{ExemptionSource, LimbSource, ProvisionSource};
use crate::vocabulary;

pub(crate) fn provision(
    source: ProvisionSource,
    defaults: &[Spanned<LimbSource>],
    advice: bool,
    ids: &mut BTreeSet<String>,
    faults: &mut Faults<'_>,
) -> Provision {
    identifier(&source.id, faults);
    unique(&source.id, ids, faults);
    filled(&source.title, "title", faults);
    filled(&source.citation, "citation", faults);
    template(&source.because, faults);
    if source.binds.is_empty() {
        faults.at(source.id.span(), "a provision says whom it binds or addresses: `binds`");
    }
    let in_force = intervals(&source.in_force, faults);
    let proposed = source.proposed.as_ref().and_then(|text| instant(text, faults));
    if in_force.is_empty() == proposed.is_none() {
        faults.at(source.id.span(), "a provision has either `in-force` or `proposed`");
    }
    let limbs = if source.covers.is_empty() { defaults } else { &source.covers };
    if limbs.is_empty() {
        faults.at(source.id.span(), "a provision says what it covers: `[[provision.covers]]`, or `[[covers]]` for all");
    }
    let effect = *source.effect.as_ref();
    let covers = limbs.iter().map(|limb| limb_of(limb, effect, source.effect.span(), advice, faults)).collect();
    Provision {
        id: source.id.into_inner(),
        title: source.title.into_inner(),
        binds: words("role", vocabulary::roles(), &source.binds, faults).into_iter().map(Role).collect(),
        acts: words("act", vocabulary::acts(), &source.acts, faults).into_iter().map(Act).collect(),
        covers,
        in_force,
        proposed,
        at_least: source.at_least,
        citation: source.citation.into_inner(),
        text: source.text,
        because: source.because.into_inner(),
        confirm: source.confirm,
    }
}

fn limb_of(
    source: &Spanned<LimbSource>,
    default: Effect,
    default_at: Range<usize>,
    advice: bool,
    faults: &mut Faults<'_>,
) -> Limb {
    let (at, limb) = (source.span(), source.as_ref());
    let effect = limb.effect.unwrap_or(default);
    let strict = limb.strict;
    let blame = if limb.effect.is_some() || strict.is_some() { at.clone() } else { default_at };
    let reach = Reach {
        classes: limb.classes.clone(),
        relations: relations(limb.relations.clone(), &at, faults),
        scopes: scopes(limb.scopes.clone()),
        entities: limb.entities.clone(),
        not_entities: limb.not_entities.clone(),
        standing: limb.standing,
        beside_engine: limb.beside_engine,
    };
    let strongest = strict.map_or(effect, |strict| strict.max(effect));
    if matches!(effect, Effect::Exempt | Effect::Future) || matches!(strict, Some(Effect::Exempt | Effect::Future)) {
        faults.at(blame.clone(), "an exemption is an `[[exemption]]`, and what is to come follows from the dates");
    }
    if advice && strongest > Effect::Advisory {
        faults.at(blame.clone(), "a warning, guidance or resolution is never more than `advisory`");
    }
    if strongest == Effect::Prohibited && reach.relations.contains(&Relation::Connects) {
        faults.at(blame, "`connects` alone is never prohibited: give it a limb of its own");
    }
    if let Some(because) = &limb.because {
        template(because, faults);
    }
    let because = limb.because.as_ref().map(|because| because.as_ref().clone());
    Limb { reach, effect, strict, reading: limb.reading, because, text: limb.text }
}

pub(crate) fn exemption(source: ExemptionSource, ids: &mut BTreeSet<String>, faults: &mut Faults<'_>) -> Exemption {
    identifier(&source.id, faults);
    unique(&source.id, ids, faults);
    filled(&source.citation, "citation", faults);
    template(&source.because, faults);
    let all = vec![Relation::Is, Relation::Embeds, Relation::Links, Relation::Declares, Relation::Connects];
    Exemption {
        reach: Reach {
            classes: source.classes,
            relations: relations(Some(source.relations.unwrap_or(all)), &source.id.span(), faults),
            scopes: source.scopes.unwrap_or_else(every_scope),
            entities: source.entities,
            not_entities: source.not_entities,
            standing: source.standing,
            beside_engine: None,
        },
        id: source.id.into_inner(),
        quote: source.quote,
        citation: source.citation.into_inner(),
        text: source.text,
        because: source.because.into_inner(),
    }
}

fn relations(stated: Option<Vec<Relation>>, at: &Range<usize>, faults: &mut Faults<'_>) -> Vec<Relation> {
    let relations = stated.unwrap_or_else(|| vec![Relation::Is, Relation::Embeds, Relation::Links, Relation::Declares]);
    if relations.contains(&Relation::Mentions) {
        faults.at(at.clone(), "no regime speaks of what only `mentions`");
    }
    if relations.is_empty() {
        faults.at(at.clone(), "`relations` is empty, so this reaches nothing");
    }
    relations
}

/// What is delivered, where nothing is said.
fn scopes(stated: Option<Vec<Scope>>) -> Vec<Scope> {
    stated.unwrap_or_else(|| vec![Scope::Required, Scope::Optional])
}

fn every_scope() -> Vec<Scope> {
    vec![Scope::Required, Scope::Optional, Scope::Excluded, Scope::Dev, Scope::Test, Scope::Build]
}
