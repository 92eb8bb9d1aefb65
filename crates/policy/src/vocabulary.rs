//! The closed vocabularies of law: what a bound person is, and what a bound person does.

/// Every role: its id, and the words a sentence uses after "for".
const ROLES: &[(&str, &str)] = &[
    ("kaspersky-group", "the Kaspersky group, its successors and assignees"),
    ("us-person", "a US person"),
    ("in-us", "anyone acting in the United States"),
    ("ear-exporter", "anyone who exports items subject to the EAR"),
    ("federal-agency", "a US federal department or agency"),
    ("national-security-system", "the operator of a US national security system"),
    ("federal-contractor", "a US federal contractor or subcontractor"),
    ("gsa-schedule-buyer", "a buyer under GSA schedules"),
    ("fcc-fund-recipient", "a recipient of FCC-administered funds"),
    ("fcc-equipment-applicant", "an applicant for FCC equipment authorization"),
    ("us-vt-state-body", "a Vermont executive-branch agency"),
    ("us-vt-it-vendor", "an IT vendor of the State of Vermont"),
    ("us-md-state-body", "a Maryland executive-branch agency"),
    ("us-nj-state-body", "a New Jersey state body"),
    ("us-nv-state-body", "a Nevada state body"),
    ("us-tx-state-body", "a Texas state agency"),
    ("us-me-state-body", "a Maine state or local body"),
    ("us-nh-state-body", "a New Hampshire state body"),
    ("us-fl-state-body", "a Florida public employer"),
    ("de-any", "anyone in Germany"),
    ("nl-central-government", "Dutch central government"),
    ("nl-vital-sector", "the Dutch vital sector and defence contractors"),
    ("uk-national-security-body", "a UK department with national-security data"),
    ("uk-exposed-body", "the UK public sector, critical infrastructure or another exposed organisation"),
    ("ca-federal-mobile", "the operator of Canadian government-issued mobile devices"),
    ("au-noncorporate-cth", "a non-corporate Commonwealth entity"),
    ("it-pa", "an Italian public administration"),
    ("it-purchasing-body", "an Italian central purchasing body"),
    ("ro-public", "a Romanian public authority or institution"),
    ("ro-classified-network", "the operator of a Romanian network for classified information"),
    ("lt-cii", "a Lithuanian manager of critical information infrastructure or state information resources"),
    ("lt-security-buyer", "a Lithuanian buyer under security-relevant procurement"),
    ("pl-any", "anyone in Poland"),
    ("pl-contracting-authority", "a Polish contracting authority"),
    ("pl-ksc-entity", "an entity of the Polish national cybersecurity system"),
    ("ua-public", "a Ukrainian state body"),
    ("ua-critical-infrastructure", "a Ukrainian operator of critical infrastructure"),
    ("eu-institution", "an institution of the European Union"),
    ("eu-key-asset-operator", "an operator of key ICT assets in the European Union"),
    ("fr-any", "anyone in France"),
    ("cz-any", "anyone in Czechia"),
    ("dk-any", "anyone in Denmark"),
    ("lv-public", "a Latvian public body or operator"),
    ("ee-public", "an Estonian agency"),
];

/// Every act: its id, and the words a sentence uses for doing it.
const ACTS: &[(&str, &str)] = &[
    ("new-agreement", "entering a new agreement with the vendor"),
    ("sell", "selling"),
    ("resell", "reselling"),
    ("license", "licensing for resale or integration"),
    ("integrate", "integrating it into products or services"),
    ("update-signatures", "providing signature updates"),
    ("update-codebase", "providing codebase updates"),
    ("operate-ksn", "operating the Kaspersky Security Network"),
    ("use", "using"),
    ("procure", "procuring"),
    ("provide-to-government", "providing to the Government"),
    ("use-in-performance", "using in contract performance"),
    ("install-on-device", "installing on a device"),
    ("fund-with-subsidy", "buying or maintaining with federal subsidies"),
    ("authorize-equipment", "applying for equipment authorization"),
    ("export-to", "exporting to a listed entity"),
    ("pay", "paying or making funds available"),
];

/// Every role, with the words a sentence uses for it.
pub fn roles() -> &'static [(&'static str, &'static str)] {
    ROLES
}

/// Every act, with the words a sentence uses for it.
pub fn acts() -> &'static [(&'static str, &'static str)] {
    ACTS
}

/// The words for an id, or the id where it is not of the vocabulary.
pub(crate) fn phrase<'a>(vocabulary: &'a [(&'a str, &'a str)], id: &'a str) -> &'a str {
    vocabulary.iter().find(|(known, _)| *known == id).map_or(id, |(_, words)| words)
}

/// What to say of a word that is not in the vocabulary; names the nearest one.
pub(crate) fn unknown(kind: &str, vocabulary: &[(&str, &str)], word: &str) -> Option<String> {
    if vocabulary.iter().any(|(known, _)| *known == word) {
        return None;
    }
    let nearest = vocabulary.iter().min_by_key(|(known, _)| distance(known, word)).map_or("", |(known, _)| known);
    Some(format!("`{word}` is no known {kind}\nhint: the nearest is `{nearest}`"))
}

/// Edit distance; both words are short, or the first sixty-four characters count.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().take(64).enumerate() {
        let mut next = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let (Some(&skip), Some(&above), Some(&left)) = (row.get(j), row.get(j + 1), next.get(j)) else { continue };
            next.push((skip + usize::from(from != *to)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case_and_single() {
        for vocabulary in [ROLES, ACTS] {
            for (index, (id, words)) in vocabulary.iter().enumerate() {
                assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
                assert!(!words.is_empty());
                assert!(!vocabulary[..index].iter().any(|(other, _)| other == id), "{id} twice");
            }
        }
    }

    #[test]
    fn a_misspelling_is_told_its_neighbour() {
        assert_eq!(unknown("act", ACTS, "integrate"), None);
        let message = unknown("act", ACTS, "intergate").unwrap();
        assert!(message.ends_with("`integrate`"), "{message}");
    }
}
