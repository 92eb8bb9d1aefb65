//! Makes regimes of TOML: parses, checks every word, and lets every case be judged.
mod clause;
mod word;

use std::collections::BTreeSet;
use std::ops::Range;

use clause::{exemption, provision};
use word::intervals;
pub(crate) use word::{filled, identifier, instant, words};

use crate::error::{Error, Faults};
use crate::regime::{Listed, NoneFound, Regime, Regimes, Reporting, Status};
use crate::source::{File, Header, ReportingSource};
use crate::trial;

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

/// Takes in one file of law.
pub(crate) fn compile_file(file: File, into: &mut Regimes, seen: &mut BTreeSet<String>, faults: &mut Faults<'_>) {
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

fn reporting(source: ReportingSource, faults: &mut Faults<'_>) -> Option<Reporting> {
    filled(&source.under, "under", faults);
    filled(&source.citation, "citation", faults);
    let in_force = intervals(std::slice::from_ref(&source.in_force), faults).into_iter().next()?;
    let (under, citation) = (source.under.into_inner(), source.citation.into_inner());
    Some(Reporting { under, in_force, first: source.first, then: source.then, citation })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A law about other makers, with every part that a file can have.
    const NDAA: &str = r#"[regime]
id = "us-ndaa-5949"
title = "NDAA for FY2023, section 5949"
jurisdiction = "us"
authority = "US Congress"
nature = "procurement-prohibition"
citation = "Pub. L. 117-263, s. 5949"
text = "secondary"
made-by = ["smic", "cxmt", "ymtc"]
profile = "us-federal-agency"
sources = ["a test"]

[[exemption]]
id = "tools"
entities = ["smic/tools"]
quote = ""
citation = "s. 5949"
text = "inference"
because = "{entity} is a tool."

[[provision]]
id = "procure"
title = "Procurement"
binds = ["federal-agency"]
acts = ["procure"]
effect = "prohibited"
in-force = [["2027-12-23T00:00:00-05:00"]]
citation = "s. 5949(a)"
text = "secondary"
because = "From 2027-12-23 section 5949 bars {entity}."

[[provision.covers]]
not-entities = ["smic/old"]

[[case]]
name = "not yet"
as-of = "2026-11-22T12:00:00Z"
roles = ["federal-agency"]
acts = ["procure"]
class = "non-security"
relation = "is"
expect = "future"

[[case]]
name = "then"
as-of = "2027-12-23T05:00:00Z"
roles = ["federal-agency"]
acts = ["procure"]
class = "non-security"
relation = "is"
expect = "prohibited"

[[case]]
name = "an entity let be"
as-of = "2027-12-23T05:00:00Z"
roles = ["federal-agency"]
acts = ["procure"]
class = "non-security"
entity = "smic/tools"
relation = "is"
expect = "exempt"

[[case]]
name = "an entity left out"
as-of = "2027-12-23T05:00:00Z"
roles = ["federal-agency"]
acts = ["procure"]
class = "non-security"
entity = "smic/old"
relation = "is"
expect = "not-covered"
"#;

    fn faults(from: &str, to: &str) -> Vec<String> {
        assert!(NDAA.contains(from), "{from}");
        let text = NDAA.replacen(from, to, 1);
        let errors = Regimes::compile(&[("law.toml", &text)]).expect_err(to);
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_law_about_others_compiles() {
        let regimes = Regimes::compile(&[("law.toml", NDAA)]).unwrap();
        assert_eq!(regimes.all().len(), 1);
    }

    #[test]
    fn every_fault_has_its_place() {
        for (from, to, expected) in [
            (
                "\"federal-agency\"]\nacts = [\"procure\"]\neffect",
                "\"federal-agencies\"]\nacts = [\"procure\"]\neffect",
                "law.toml:24:10: `federal-agencies` is no known role\nhint: the nearest is `federal-agency`",
            ),
            (
                "acts = [\"procure\"]\neffect",
                "acts = [\"procur\"]\neffect",
                "law.toml:25:9: `procur` is no known act\nhint: the nearest is `procure`",
            ),
            (
                "2027-12-23T00:00:00-05:00",
                "2027-12-23",
                "law.toml:27:14: `2027-12-23` is no instant with clock time and offset, `2024-09-29T00:00:00-04:00`",
            ),
            (
                "\"2027-12-23T00:00:00-05:00\"",
                "\"2027-12-23T00:00:00-05:00\", \"2027-01-01T00:00:00-05:00\"",
                "law.toml:27:13: an interval ends after it begins",
            ),
            ("citation = \"Pub. L. 117-263, s. 5949\"", "citation = \" \"", "law.toml:7:12: `citation` is empty"),
            (
                "bars {entity}.",
                "bars {product}.",
                "law.toml:30:11: `{product}` is no slot of a sentence\nhint: the only one is `{entity}`",
            ),
            (
                "expect = \"future\"",
                "expect = \"prohibited\"",
                "law.toml:42:10: case `not yet`: expected `prohibited`, came out `future`: Not in force on 2026-11-22; \
                 begins 2027-12-23T05:00:00Z: From 2027-12-23 section 5949 bars a product of class `non-security`.",
            ),
            ("id = \"procure\"", "id = \"tools\"", "law.toml:22:6: `tools` is used twice in this regime"),
            (
                "not-entities = [\"smic/old\"]",
                "relations = [\"is\", \"mentions\"]",
                "law.toml:32:1: no regime speaks of what only `mentions`",
            ),
            (
                "not-entities = [\"smic/old\"]",
                "relations = [\"is\", \"connects\"]",
                "law.toml:26:10: `connects` alone is never prohibited: give it a limb of its own",
            ),
            (
                "nature = \"procurement-prohibition\"",
                "nature = \"guidance\"",
                "law.toml:26:10: a warning, guidance or resolution is never more than `advisory`",
            ),
            (
                "effect = \"prohibited\"",
                "effect = \"exempt\"",
                "law.toml:26:10: an exemption is an `[[exemption]]`, and what is to come follows from the dates",
            ),
        ] {
            let found = faults(from, to);
            assert!(found.iter().any(|fault| fault == expected), "{expected}\n{found:#?}");
        }
    }

    #[test]
    fn unknown_keys_and_words_are_refused() {
        for (from, to) in [
            ("title = ", "titel = "),
            ("nature = \"procurement-prohibition\"", "nature = \"ban\""),
            ("class = \"non-security\"", "class = \"software\""),
            ("sources = [\"a test\"]", "sources = []"),
            ("made-by = [\"smic\", \"cxmt\", \"ymtc\"]", "made-by = []"),
            ("binds = [\"federal-agency\"]", "binds = []"),
            ("in-force = [[\"2027-12-23T00:00:00-05:00\"]]", "in-force = []"),
            ("roles = [\"federal-agency\"]", "roles = [\"it-pa\"]"),
            ("[regime]", "[regime"),
        ] {
            assert!(faults(from, to)[0].starts_with("law.toml:"), "{to}");
        }
        let twice = Regimes::compile(&[("a.toml", NDAA), ("b.toml", NDAA)]).unwrap_err();
        assert_eq!(twice[0].to_string(), "b.toml:2:6: a regime `us-ndaa-5949` exists already");
        assert!(Regimes::compile(&[("c.toml", "[[case]]")]).is_err());
        assert!(Regimes::compile(&[]).unwrap().all().is_empty());
    }

    #[test]
    fn others_override() {
        let title = NDAA.replace("for FY2023", "as amended");
        let (first, second) = (Regimes::compile(&[("a", NDAA)]).unwrap(), Regimes::compile(&[("b", &title)]).unwrap());
        let both = first.with(second);
        assert_eq!(both.all().len(), 1);
        assert!(both.all()[0].title.contains("as amended"));
    }
}
