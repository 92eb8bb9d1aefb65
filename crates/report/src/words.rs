//! What the report's words mean, said to a person.
use interdict_model::{
    Agreed, Alike, Certainty, CertaintyOfText, Effect, Finding, GapReason, Outcome, Place, Product, Relation, Scope,
    Technique, Via, Witness,
};

/// The relation as the end of a sentence that begins with the product.
pub(crate) const fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Is => "it is the component itself",
        Relation::Embeds => "its code or data is inside",
        Relation::Links => "its code is called, and may lie elsewhere",
        Relation::Declares => "a document says it is there",
        Relation::Connects => "can talk to it; none of its code is inside",
        Relation::Mentions => "only its name stands there",
    }
}

/// How sure, for somebody who does not know the vocabulary.
pub(crate) const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Confirmed => "proven by a fact that nothing else shows",
        Certainty::Probable => "more likely than not",
        Certainty::Possible => "needs another witness",
    }
}

/// The witness as a label.
pub(crate) fn witness(finding: &Finding) -> &'static str {
    let state = finding.agreement.as_ref().map(|agreement| agreement.state);
    match (finding.witness, state) {
        (Witness::ObservedOnly, Some(Agreed::UnderAnotherName)) => "UNDECLARED, UNDER ANOTHER NAME",
        (Witness::ObservedOnly, Some(Agreed::ForAnotherProduct)) => "UNDECLARED, DECLARED FOR ANOTHER PRODUCT",
        (Witness::ObservedOnly, _) => "UNDECLARED",
        (Witness::DeclaredAndObserved, Some(Agreed::InAnotherVersion)) => "DECLARED IN ANOTHER VERSION",
        (Witness::DeclaredAndObserved, _) => "DECLARED AND SEEN",
        (Witness::DeclaredOnly, _) => "DECLARED, NOT SEEN",
        (Witness::NotCompared, _) if only_declared(finding) => "DECLARED",
        (Witness::NotCompared, _) => "SEEN",
    }
}

/// What a declared component and a file have in common.
pub(crate) const fn alike(of: Alike) -> &'static str {
    match of {
        Alike::Digest => "the digest",
        Alike::Purl => "the package URL",
        Alike::NameAndVersion => "name and version",
        Alike::Name => "the name",
        Alike::FileName => "the file name",
        Alike::Owner => "the package around it",
        Alike::Entity => "what they are",
    }
}

/// What the witness means, as a sentence.
pub(crate) fn witness_means(finding: &Finding) -> &'static str {
    match finding.witness {
        Witness::ObservedOnly => "It is in the product, and the product's SBOM does not say so.",
        Witness::DeclaredAndObserved => "It is in the product, and the product's SBOM says so.",
        Witness::DeclaredOnly => "The SBOM says so; the files that were looked at do not show it.",
        Witness::NotCompared if only_declared(finding) => "A document says so; there were no files to hold it against.",
        Witness::NotCompared => "The files show it; there was no SBOM to hold them against.",
    }
}

/// Said of a product that the maker of what was found ships itself.
pub(crate) fn makers_own(product: &Product) -> Option<&'static str> {
    product.is_makers_own.then_some("The vendor's own product, looked at by itself: nobody else integrates it.")
}

/// Whether every reason for the finding was read in a document.
pub(crate) fn only_declared(finding: &Finding) -> bool {
    finding.on.fragment().is_some()
        || (!finding.matches.is_empty()
            && finding.matches.iter().all(|one| {
                !one.techniques.is_empty() && one.techniques.iter().all(|how| *how == Technique::ManifestAnalysis)
            }))
}

/// The outcome as a sentence.
pub(crate) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Clear => "Nothing was found, and nothing that could matter was left unexamined.",
        Outcome::Advisory => "Only warnings and notes: nothing that a regime asked here prohibits.",
        Outcome::Inconclusive => "Nothing was found, but something that could matter was not examined.",
        Outcome::Review => "A person must look at this.",
        Outcome::Prohibited => "A regime that binds this profile prohibits it.",
    }
}

/// The effect as a sentence.
pub(crate) const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::NotCovered => "The regime does not speak of it.",
        Effect::Exempt => "The regime names it and lets it be.",
        Effect::Future => "Not in force on this date: from a later day, or proposed.",
        Effect::Advisory => "A warning, not a prohibition.",
        Effect::Review => "Depends on something that cannot be seen here.",
        Effect::Prohibited => "Covered by the text.",
    }
}

/// How well the wording of the law is known.
pub(crate) const fn text_of_law(text: CertaintyOfText) -> &'static str {
    match text {
        CertaintyOfText::Primary => "read in the legal text",
        CertaintyOfText::Secondary => "read in a secondary source",
        CertaintyOfText::Memory => "from memory; check before relying on it",
        CertaintyOfText::Inference => "our reading of the text",
    }
}

/// The technique in plain words.
pub(crate) const fn technique(technique: Technique) -> &'static str {
    match technique {
        Technique::SourceCodeAnalysis => "source code or scripts",
        Technique::BinaryAnalysis => "machine code and its tables",
        Technique::ManifestAnalysis => "a document or package metadata",
        Technique::HashComparison => "a known digest",
        Technique::Filename => "a file name or path",
        Technique::Attestation => "a signature or certificate",
        Technique::Other => "other means",
    }
}

/// The technique's word in reports.
pub(crate) const fn technique_name(technique: Technique) -> &'static str {
    match technique {
        Technique::SourceCodeAnalysis => "source-code-analysis",
        Technique::BinaryAnalysis => "binary-analysis",
        Technique::ManifestAnalysis => "manifest-analysis",
        Technique::HashComparison => "hash-comparison",
        Technique::Filename => "filename",
        Technique::Attestation => "attestation",
        Technique::Other => "other",
    }
}

/// The scope, where it says more than `required` does.
pub(crate) const fn scope(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::Required => None,
        Scope::Optional => Some("optional at run time"),
        Scope::Excluded => Some("stated not to be in what is delivered"),
        Scope::Dev => Some("used to develop only"),
        Scope::Test => Some("used to test only"),
        Scope::Build => Some("used to build only"),
    }
}

/// How one step of a path leads to the next.
pub(crate) const fn via(via: Via) -> &'static str {
    match via {
        Via::Product => "product",
        Via::Contains => "contains",
        Via::DependsOn => "depends on",
    }
}

/// Why something was not looked at, as a sentence.
pub(crate) const fn gap(reason: GapReason) -> &'static str {
    match reason {
        GapReason::Encrypted => "locked by a password or key",
        GapReason::Malformed => "broken, cut short, or against its own format",
        GapReason::OverLimit => "a limit was met",
        GapReason::Unsupported => "a format that is not read here",
        GapReason::Packed => "packed or obfuscated code",
        GapReason::Unreadable => "the operating system refused",
        GapReason::Ambiguous => "two honest readings differ",
        GapReason::Missing => "an external part was not supplied",
        GapReason::TimedOut => "took too long",
        GapReason::Crashed => "the parser died on it",
        GapReason::Changed => "changed while it was read",
    }
}

/// The place, where it says more than the locator does.
pub(crate) fn place(place: &Place) -> Option<String> {
    match place {
        Place::Whole => None,
        Place::Bytes { .. } => Some(format!("bytes {place}")),
        Place::Pointer(pointer) => Some(pointer.clone()),
    }
}

/// `1 gap`, `2 gaps`, `1,204 artifacts`.
pub(crate) fn count(number: impl TryInto<u64>, one: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {one}{ending}", thousands(number))
}

/// Digits in groups of three.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Bytes in the unit a person would say, one decimal below ten.
pub(crate) fn bytes(number: u64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut scale = 1_u64;
    let mut unit = "bytes";
    for next in units.into_iter().skip(1) {
        if number / scale < 1024 {
            break;
        }
        scale *= 1024;
        unit = next;
    }
    let (whole, tenth) = (number / scale, number % scale * 10 / scale);
    if scale == 1 || whole >= 10 { format!("{whole} {unit}") } else { format!("{whole}.{tenth} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (number, grouped, size) in [
            (0, "0", "0 bytes"),
            (999, "999", "999 bytes"),
            (1_536, "1,536", "1.5 KiB"),
            (1_234_567, "1,234,567", "1.1 MiB"),
            (u64::MAX, "18,446,744,073,709,551,615", "15 EiB"),
        ] {
            assert_eq!(thousands(number), grouped);
            assert_eq!(bytes(number), size);
        }
        assert_eq!(count(1_u64, "gap"), "1 gap");
        assert_eq!(count(0_usize, "gap"), "0 gaps");
    }
}
