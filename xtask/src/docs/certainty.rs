//! How certain a finding is: what a rule claims by itself, and what several make together.
use interdict_model::{Certainty, FactKind, Relation, Technique};
use interdict_rules::{CERTAINTY_TABLE, weight};

use super::{columns, heading, row};

const TECHNIQUES: &[(Technique, &str)] = &[
    (Technique::Attestation, "a signature or certificate"),
    (Technique::HashComparison, "a digest that was known beforehand"),
    (Technique::BinaryAnalysis, "machine code, byte code, their tables and resources, bytes"),
    (Technique::ManifestAnalysis, "what a document or package metadata declare"),
    (Technique::SourceCodeAnalysis, "source code or scripts"),
    (Technique::Filename, "a file's name or path"),
    (Technique::Other, "anything else"),
];

pub(super) fn page() -> String {
    let mut page = vec![heading(
        "Certainty",
        "Each rule says how sure it is by itself. Matches of one entity on one thing, by techniques of which neither uses the other's, corroborate \
         each other as this table says; the best that any two make is the finding's. Nothing ever lowers a certainty, and two matches by \
         one technique make no more than the better of them. `interdict explain` says which further witness would raise a finding. \
         Laws prohibit on evidence that is `probable` or better, and ask for a review on less; but code that lies in a product and that the SBOM \
         describing the product leaves out counts in full, and the verdict says so: leaving a component out of an SBOM never makes one milder.",
    )];
    page.push(columns(&["one match", "another, by an independent technique", "together"]));
    for (a, b, together) in CERTAINTY_TABLE {
        page.push(row(&[a.name(), b.name(), together.name()]));
    }
    page.push("\n## What each word asks for\n".to_owned());
    page.push(columns(&["certainty", "means", "rules of the built-in pack"]));
    let rules = &interdict_catalog::pack().contents().rules;
    for certainty in Certainty::ALL {
        let means = match certainty {
            Certainty::Possible => "needs another witness: a name alone, what is known from memory, a known integrator",
            Certainty::Probable => "more likely than not",
            Certainty::Confirmed => "proven by a fact that nothing else shows",
        };
        let count = rules.iter().filter(|rule| rule.certainty == *certainty && weight(rule.relation) > 0).count();
        page.push(row(&[certainty.name(), means, &count.to_string()]));
    }
    page.push(
        "\n## Techniques\n\nFacts of each kind are known by one technique; a match has those of its facts.\n"
            .to_owned(),
    );
    page.push(columns(&["technique", "rests on", "kinds of facts"]));
    for (technique, rests_on) in TECHNIQUES {
        let kinds = FactKind::ALL.iter().filter(|kind| kind.technique() == *technique);
        let kinds: Vec<String> = kinds.map(|kind| format!("`{}`", kind.name())).collect();
        let name = serde_json::to_value(technique).ok().and_then(|name| Some(name.as_str()?.to_owned()));
        page.push(row(&[&name.unwrap_or_default(), rests_on, &kinds.join(", ")]));
    }
    page.push(
        "\n## What corroborates what\n\nOnly matches of one weight corroborate: a mention never makes a link surer.\n"
            .to_owned(),
    );
    page.push(columns(&["weight", "relations"]));
    for (heavy, says) in [(2, "flags"), (1, "only connects"), (0, "only mentions")] {
        let relations = Relation::ALL.iter().filter(|relation| weight(**relation) == heavy);
        let names: Vec<String> = relations.map(|relation| format!("`{relation}`")).collect();
        page.push(row(&[says, &names.join(", ")]));
    }
    page.concat()
}
