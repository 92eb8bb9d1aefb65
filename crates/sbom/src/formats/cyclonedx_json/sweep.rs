//! Parts of a BOM that are searched rather than read: whoever is named in them, at any depth, and where it links to.
//!
//! Workflows, declarations, definitions, annotations, patents, model cards and the governance of data differ from
//! version to version, and what matters in all of them is the same few words.
use std::borrow::Cow;

use interdict_model::FactKind;

use super::field;
use super::party;
use crate::cyclonedx::NESTING;
use crate::cyclonedx::spot::Spot;
use crate::draft::{Draft, number};
use crate::json::{Kind, Read};
use crate::reading::Reading;

/// What was stepped into.
struct Step<'a> {
    /// The key of the value that was stepped into from here last.
    key: Cow<'a, str>,
    /// How many items were stepped into, where it is a list.
    index: Option<usize>,
    /// What whoever is named here is.
    kind: FactKind,
}

/// What a key says of its value.
enum Meaning {
    Party,
    Owner,
    Urls,
    References,
    Properties,
    Past,
    /// Looked into, and what is named inside is of this kind.
    Under(FactKind),
    Nothing,
}

fn meaning(key: &str) -> Meaning {
    match key {
        "organization" | "organizations" | "individual" | "individuals" | "contact" | "author" | "committer"
        | "reviewer" | "component" | "service" | "asserter" | "patentAssignee" | "patent_assignee" => Meaning::Party,
        "owner" => Meaning::Owner,
        "url" | "source" | "destination" | "references" => Meaning::Urls,
        "externalReferences" | "externalReference" | "external_references" => Meaning::References,
        "properties" => Meaning::Properties,
        // They answer for what they give or keep.
        "licensor" | "owners" | "custodians" | "stewards" => Meaning::Under(FactKind::Supplier),
        // Whoever takes a licence, prose, and what is never read.
        "licensee" | "purchaser" | "text" | "attachment" | "signature" | "quantitativeAnalysis" | "graphics" => {
            Meaning::Past
        }
        _ => Meaning::Nothing,
    }
}

/// Searches one value; `at` is where it stands.
pub(super) fn read<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: &str) -> Read<()> {
    let mut stack: Vec<Step<'a>> = Vec::new();
    enter(reading, &mut stack, FactKind::Author, at)?;
    while let Some(top) = stack.last_mut() {
        let kind = top.kind;
        if let Some(index) = &mut top.index {
            if reading.json.item()? {
                *index += 1;
                enter(reading, &mut stack, kind, at)?;
            } else {
                stack.pop();
            }
            continue;
        }
        let Some(key) = reading.json.key()? else {
            stack.pop();
            continue;
        };
        let meaning = meaning(&key);
        top.key = key;
        match meaning {
            Meaning::Nothing => enter(reading, &mut stack, kind, at)?,
            Meaning::Under(kind) => enter(reading, &mut stack, kind, at)?,
            Meaning::Past => reading.json.skip()?,
            meaning => {
                let here = place(at, &stack);
                draft.aside(|draft| found(reading, draft, kind, &meaning, &here))?;
            }
        }
    }
    Ok(())
}

fn found<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    meaning: &Meaning,
    here: &str,
) -> Read<()> {
    let spot = Spot::Deep(here);
    match (meaning, reading.json.kind()?) {
        (Meaning::References, _) => field::references(reading, draft, spot),
        (Meaning::Properties, _) => field::properties(reading, draft, spot),
        (Meaning::Party, Kind::Array) => reading.list(&spot.path(""), |reading, index| {
            party::read(reading, draft, kind, Spot::Deep(&format!("{here}/{index}")))
        }),
        (Meaning::Party | Meaning::Owner, Kind::Object) => party::read(reading, draft, kind, spot),
        // A text in place of a party may be a reference, and says nothing; an owner is named.
        (Meaning::Owner, Kind::Text) => {
            let owner = reading.json.text()?;
            draft.state(kind, owner, spot.path(""));
            Ok(())
        }
        (Meaning::Urls, Kind::Text) => {
            let url = reading.json.text()?;
            draft.linked(url, &spot.path(""));
            Ok(())
        }
        (Meaning::Urls, Kind::Array) => {
            let mut index = 0;
            reading.json.open()?;
            while reading.json.item()? {
                if let Some(url) = reading.json.scalar()? {
                    draft.linked(url, &spot.item("", index));
                }
                index += 1;
            }
            Ok(())
        }
        // An issue's source, an event's source: an object with a URL of its own.
        (Meaning::Urls, Kind::Object) => reading.object(&spot.path(""), |reading, key| match key {
            "url" => party::field(reading, draft, kind, spot, "url"),
            "externalReference" => {
                field::references(reading, draft, Spot::Deep(&spot.path("/externalReference").to_string()))
            }
            _ => reading.json.skip(),
        }),
        _ => reading.json.skip(),
    }
}

/// Steps into an object or list; everything else is passed over.
fn enter<'a>(reading: &mut Reading<'a, '_, '_>, stack: &mut Vec<Step<'a>>, kind: FactKind, at: &str) -> Read<()> {
    let index = match reading.json.kind()? {
        Kind::Object => None,
        Kind::Array => Some(0),
        _ => return reading.json.skip(),
    };
    if stack.len() >= NESTING {
        reading.ledger.too_deep(at);
        return reading.json.skip();
    }
    reading.json.open()?;
    stack.push(Step { key: Cow::Borrowed(""), index, kind });
    Ok(())
}

/// Where the value that comes next stands.
fn place(at: &str, stack: &[Step<'_>]) -> String {
    let mut here = at.to_owned();
    for step in stack {
        here.push('/');
        match step.index {
            Some(items) => number(items.saturating_sub(1), &mut here),
            None => here.push_str(&step.key.replace('~', "~0").replace('/', "~1")),
        }
    }
    here
}
