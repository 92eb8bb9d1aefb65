//! The minimum elements of an SBOM, as two authorities list them, and what a document has of each.
use interdict_model::{Element, Input, Instant, Quality, SbomQuality};

const NTIA: &str = "NTIA, The Minimum Elements For a Software Bill of Materials, 12 July 2021, Data Fields";
const CISA: &str = "CISA, NSA, FBI and others, 2026 Minimum Elements for an SBOM, version 2.1, 29 July 2026, Data Fields (read in a secondary source)";

/// Not asked of a format whose reader does not look at licences.
const LICENSE: &str = "Component License";

/// How an element is counted: on so many of so many.
type Counted = fn(&Quality, &Input) -> (u64, u64);

/// What each standard asks of every component, and of the document once.
const ELEMENTS: &[(&str, &str, &str, Counted)] = &[
    ("ntia-2021", "Supplier Name", NTIA, |q, _| (q.supplied, q.components)),
    ("ntia-2021", "Component Name", NTIA, |q, _| (q.named, q.components)),
    ("ntia-2021", "Version of the Component", NTIA, |q, _| (q.versioned, q.components)),
    ("ntia-2021", "Other Unique Identifiers", NTIA, |q, _| (q.identified, q.components)),
    ("ntia-2021", "Dependency Relationship", NTIA, related),
    ("ntia-2021", "Author of SBOM Data", NTIA, |q, _| once(q.states.author || q.states.tool)),
    ("ntia-2021", "Timestamp", NTIA, |_, input| once(input.created.is_some())),
    ("cisa-2026", "SBOM Author", CISA, |q, _| once(q.states.author)),
    ("cisa-2026", "SBOM Author Signature", CISA, |q, _| once(q.states.signature)),
    ("cisa-2026", "SBOM Data Format Name", CISA, |_, input| once(input.format.is_some())),
    ("cisa-2026", "SBOM Data Format Version", CISA, |_, input| once(input.version.is_some())),
    ("cisa-2026", "SBOM Generation Context", CISA, |q, _| once(q.states.context)),
    ("cisa-2026", "SBOM Timestamp", CISA, |_, input| once(input.created.is_some())),
    ("cisa-2026", "SBOM Tool Name", CISA, |q, _| once(q.states.tool)),
    ("cisa-2026", "SBOM Tool Version", CISA, |q, _| once(q.states.tool_version)),
    ("cisa-2026", "SBOM Version", CISA, |q, _| once(q.states.revision)),
    ("cisa-2026", "Component Producer", CISA, |q, _| (q.supplied, q.components)),
    ("cisa-2026", "Component Name", CISA, |q, _| (q.named, q.components)),
    ("cisa-2026", "Component Version", CISA, |q, _| (q.versioned, q.components)),
    ("cisa-2026", "Component Identifiers", CISA, |q, _| (q.identified, q.components)),
    ("cisa-2026", "Component Hash Value and Algorithm", CISA, |q, _| (q.hashed, q.components)),
    ("cisa-2026", LICENSE, CISA, |q, _| (q.licensed, q.components)),
    ("cisa-2026", "Component Dependency Relationship", CISA, related),
];

fn once(is_there: bool) -> (u64, u64) {
    (u64::from(is_there), 1)
}

fn related(quality: &Quality, input: &Input) -> (u64, u64) {
    let none = input.counts.unwrap_or_default().relationships == 0;
    (quality.related.unwrap_or(if none { 0 } else { quality.components }), quality.components)
}

/// A document held against the minimum elements; `None` for what is no document.
pub fn sbom_quality(input: &Input, as_of: Instant) -> Option<SbomQuality> {
    let quality = input.quality?;
    let is_read = |name: &str| quality.states.licences_read || name != LICENSE;
    let asked = ELEMENTS.iter().filter(|(_, name, ..)| is_read(name));
    let elements = asked.map(|(standard, name, source, counted)| {
        let (met, of) = counted(&quality, input);
        Element { standard: (*standard).into(), name: (*name).into(), met, of, source: (*source).into() }
    });
    let age_days = input.created.as_deref().and_then(|made| made.parse::<Instant>().ok()).map(|made| {
        const DAY: i64 = 86_400;
        (as_of.unix() - made.unix()).div_euclid(DAY)
    });
    let (document, elements) = (input.locator.clone(), elements.collect());
    Some(SbomQuality { document, age_days, remarks: remarks(&quality, input, age_days), elements })
}

/// What changes what a reader may conclude, worst first.
fn remarks(quality: &Quality, input: &Input, age_days: Option<i64>) -> Vec<String> {
    const OLD: i64 = 365;
    let mut remarks = Vec::new();
    let all = quality.components;
    if all == 0 {
        return vec!["It declares no component: nothing follows from what it does not name.".to_owned()];
    }
    let percent = |met: u64| (all - met.min(all)) * 100 / all;
    for (met, what, so) in [
        (quality.supplied, "supplier", "a vendor can be recognised there by name and identifier only"),
        (quality.identified, "identifier", "it can be recognised there by its name only"),
        (quality.versioned, "version", "version ranges cannot be told there"),
        (quality.hashed, "digest", "it cannot be held against the files there"),
    ] {
        if percent(met) > 0 {
            remarks.push(format!("No {what} on {} % of {all} components: {so}.", percent(met)));
        }
    }
    if input.counts.unwrap_or_default().relationships == 0 {
        remarks.push("No dependency graph: it does not say how a component got in.".to_owned());
    }
    match age_days {
        None => remarks.push("It does not say when it was made.".to_owned()),
        Some(days) if days < 0 => remarks.push(format!("It was made {} days after the instant judged for.", -days)),
        Some(days) if days > OLD => remarks.push(format!("It is {days} days old.")),
        Some(_) => {}
    }
    if !quality.states.completeness {
        remarks.push("It does not say whether it is complete.".to_owned());
    }
    remarks
}

#[cfg(test)]
mod tests {
    use interdict_model::{Counts, Locator, States};

    use super::*;

    fn input(quality: Quality, relationships: u64) -> Input {
        Input {
            counts: Some(Counts { components: quality.components, relationships, ..Counts::default() }),
            created: Some("2024-01-01T00:00:00Z".to_owned()),
            version: Some("1.6".to_owned()),
            quality: Some(quality),
            ..Input::new(Locator::input(b"bom.json"), "cyclonedx-json")
        }
    }

    #[test]
    fn seven_elements_of_2021_and_seventeen_fields_of_2026() {
        let states = States { licences_read: true, ..States::default() };
        let quality = Quality { components: 4, named: 4, versioned: 3, supplied: 1, states, ..Quality::default() };
        let as_of = "2026-01-01".parse().unwrap();
        let told = sbom_quality(&input(quality, 0), as_of).unwrap();
        let of = |standard: &str| told.elements.iter().filter(|one| one.standard == standard).count();
        // The value and the algorithm of a digest are two fields that stand or fall together.
        assert_eq!((of("ntia-2021"), of("cisa-2026")), (7, 16));
        let met = |name: &str| told.elements.iter().find(|one| one.name == name).map(|one| (one.met, one.of));
        assert_eq!(met("Supplier Name"), Some((1, 4)));
        assert_eq!(met("Dependency Relationship"), Some((0, 4)));
        assert_eq!(met("Timestamp"), Some((1, 1)));
        assert_eq!(met("SBOM Author"), Some((0, 1)));
        assert_eq!(told.age_days, Some(731));
        assert!(
            told.remarks.iter().any(|remark| remark.starts_with("No supplier on 75 % of 4 components")),
            "{told:?}"
        );
        assert!(told.remarks.iter().any(|remark| remark.starts_with("No dependency graph")));
    }

    #[test]
    fn a_tool_is_no_author_for_the_newer_standard() {
        let states = States { tool: true, ..States::default() };
        let told =
            sbom_quality(&input(Quality { states, ..Quality::default() }, 1), "2024-01-02".parse().unwrap()).unwrap();
        let met = |name: &str| told.elements.iter().find(|one| one.name == name).map(|one| one.met);
        assert_eq!(
            (met("Author of SBOM Data"), met("SBOM Author"), met("SBOM Tool Name")),
            (Some(1), Some(0), Some(1))
        );
        assert_eq!(told.remarks.len(), 1);
    }
}
