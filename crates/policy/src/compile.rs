//! Makes regimes of TOML: parses, checks every word, and lets every case be judged.
use std::collections::BTreeSet;
use std::ops::Range;

use interdict_model::{Act, Effect, Instant, Relation, Role, Scope};
use toml::Spanned;

use crate::error::{Error, Faults};
use crate::regime::{
    Exemption, Interval, Limb, Listed, NoneFound, Provision, Reach, Regime, Regimes, Reporting, Status,
};
use crate::source::{ExemptionSource, File, Header, LimbSource, ProvisionSource, ReportingSource};
use crate::{sentence, trial, vocabulary};

impl Regimes {
    /// Compiles files, each its name for messages and its text.
    pub fn compile(sources: &[(&str, &str)]) -> Result<Self, Vec<Error>> {
        let mut found = Vec::new();
        let mut regimes = Self::default();
        let mut seen = BTreeSet::new();
        for (name, text) in sources {
            let mut faults = Faults::of(name, text);
            match toml::from_str::<File>(text) {
                Ok(file) => compile_file(file, &mut regimes, &mut seen, &mut faults),
                Err(error) => faults.toml(&error),
            }
            found.append(&mut faults.found);
        }
        regimes.regimes.sort_by(|a, b| a.id.cmp(&b.id));
        regimes.none_found.sort();
        found.sort();
        if found.is_empty() { Ok(regimes) } else { Err(found) }
    }
}

fn compile_file(file: File, into: &mut Regimes, seen: &mut BTreeSet<String>, faults: &mut Faults<'_>) {
    for place in file.none_found {
        filled(&place.jurisdiction, "jurisdiction", faults);
        filled(&place.note, "note", faults);
        into.none_found.push(NoneFound {
            jurisdiction: place.jurisdiction.into_inner(),
            note: place.note.into_inner(),
            text: place.text,
        });
    }
    let Some(header) = file.regime else {
        if !file.provision.is_empty() || !file.case.is_empty() {
            faults.at(0..0, "provisions or cases without a `[regime]`");
        }
        return;
    };
    let span = header.span();
    let header = header.into_inner();
    check_header(&header, span, faults);
    if !seen.insert(header.id.as_ref().clone()) {
        faults.at(header.id.span(), format!("a regime `{}` exists already", header.id.as_ref()));
    }
    if file.provision.is_empty() {
        faults.at(header.id.span(), "a regime has at least one `[[provision]]`");
    }
    let advice = header.nature.is_advice();
    let mut ids = BTreeSet::new();
    let exemptions = file.exemption.into_iter().map(|source| exemption(source, &mut ids, faults)).collect();
    let defaults = file.covers;
    let provisions: Vec<_> =
        file.provision.into_iter().map(|source| provision(source, &defaults, advice, &mut ids, faults)).collect();
    if header.status == Status::Proposed && provisions.iter().any(|provision| !provision.in_force.is_empty()) {
        faults.at(header.id.span(), "a proposed regime has no provision in force");
    }
    let regime = Regime {
        listed: file.listed.into_iter().map(Listed::from).collect(),
        reporting: file.reporting.into_iter().filter_map(|source| reporting(source, faults)).collect(),
        exemptions,
        provisions,
        ..Regime::from(header)
    };
    trial::run(&regime, &file.case, faults);
    into.regimes.push(regime);
}

fn check_header(header: &Header, span: Range<usize>, faults: &mut Faults<'_>) {
    identifier(&header.id, faults);
    for (value, key) in [
        (&header.title, "title"),
        (&header.jurisdiction, "jurisdiction"),
        (&header.authority, "authority"),
        (&header.citation, "citation"),
        (&header.profile, "profile"),
    ] {
        filled(value, key, faults);
    }
    if header.sources.is_empty() {
        faults.at(span.clone(), "a regime names at least one source: `sources`");
    }
    if header.made_by.is_empty() {
        faults.at(span, "a regime names whose products it speaks of: `made-by`");
    }
}

fn provision(
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

fn exemption(source: ExemptionSource, ids: &mut BTreeSet<String>, faults: &mut Faults<'_>) -> Exemption {
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

fn reporting(source: ReportingSource, faults: &mut Faults<'_>) -> Option<Reporting> {
    filled(&source.under, "under", faults);
    filled(&source.citation, "citation", faults);
    let in_force = intervals(std::slice::from_ref(&source.in_force), faults).into_iter().next()?;
    let (under, citation) = (source.under.into_inner(), source.citation.into_inner());
    Some(Reporting { under, in_force, first: source.first, then: source.then, citation })
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

fn intervals(source: &[Spanned<Vec<Spanned<String>>>], faults: &mut Faults<'_>) -> Vec<Interval> {
    let mut intervals: Vec<Interval> = Vec::new();
    for pair in source {
        let ends: Vec<_> = pair.as_ref().iter().map(|end| instant(end, faults)).collect();
        let (from, until) = match ends.as_slice() {
            [Some(from)] => (*from, None),
            [Some(from), Some(until)] => (*from, Some(*until)),
            [None] | [None, _] | [_, None] => continue,
            _ => {
                faults.at(pair.span(), "an interval is `[from]` or `[from, until]`");
                continue;
            }
        };
        if until.is_some_and(|until| until <= from) {
            faults.at(pair.span(), "an interval ends after it begins");
        }
        if intervals.last().is_some_and(|last| last.until.is_none_or(|end| end > from)) {
            faults.at(pair.span(), "intervals stand in order and do not overlap");
        }
        intervals.push(Interval { from, until });
    }
    intervals
}

/// An instant of law states its clock time and offset; a bare date would leave both to the reader.
pub(crate) fn instant(text: &Spanned<String>, faults: &mut Faults<'_>) -> Option<Instant> {
    let parsed = text.as_ref().contains('T').then(|| text.as_ref().parse().ok()).flatten();
    if parsed.is_none() {
        let message =
            format!("`{}` is no instant with clock time and offset, `2024-09-29T00:00:00-04:00`", text.as_ref());
        faults.at(text.span(), message);
    }
    parsed
}

pub(crate) fn words(
    kind: &str,
    vocabulary: &[(&str, &str)],
    source: &[Spanned<String>],
    faults: &mut Faults<'_>,
) -> Vec<String> {
    for word in source {
        if let Some(message) = vocabulary::unknown(kind, vocabulary, word.as_ref()) {
            faults.at(word.span(), message);
        }
    }
    source.iter().map(|word| word.as_ref().clone()).collect()
}

pub(crate) fn filled(value: &Spanned<String>, key: &str, faults: &mut Faults<'_>) {
    if value.as_ref().trim().is_empty() {
        faults.at(value.span(), format!("`{key}` is empty"));
    }
}

pub(crate) fn identifier(id: &Spanned<String>, faults: &mut Faults<'_>) {
    let text = id.as_ref();
    let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if text.is_empty() || !text.bytes().all(kebab) || text.starts_with('-') || text.ends_with('-') {
        faults.at(id.span(), format!("`{text}` is no kebab-case id"));
    }
}

fn unique(id: &Spanned<String>, ids: &mut BTreeSet<String>, faults: &mut Faults<'_>) {
    if !ids.insert(id.as_ref().clone()) {
        faults.at(id.span(), format!("`{}` is used twice in this regime", id.as_ref()));
    }
}

fn template(text: &Spanned<String>, faults: &mut Faults<'_>) {
    filled(text, "because", faults);
    if let Some(unknown) = sentence::unknown_slot(text.as_ref()) {
        faults.at(text.span(), format!("`{unknown}` is no slot of a sentence\nhint: the only one is `{{entity}}`"));
    }
}
