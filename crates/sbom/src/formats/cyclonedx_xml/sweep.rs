//! Parts of a BOM that are searched rather than read: whoever is named in them, at any depth, and where it links to.
use std::fmt::Display;

use interdict_model::FactKind;

use super::document::Reading;
use super::{field, party};
use crate::cyclonedx::spot::Spot;
use crate::draft::{Draft, Path};
use crate::xml::Read;

/// Searches the element that was stepped into, to its end; `at` is where it stands.
pub(super) fn read<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: &dyn Display) -> Read<()> {
    let mut here = at.to_string();
    // The length of the place before each element that was stepped into, and what is named inside.
    let mut stack: Vec<(usize, FactKind)> = Vec::new();
    let mut kind = FactKind::Author;
    loop {
        let Some(tag) = reading.xml.child_or_text()? else {
            let Some((length, outer)) = stack.pop() else { return Ok(()) };
            here.truncate(length);
            kind = outer;
            continue;
        };
        let base = here.len();
        here.push('/');
        here.push_str(tag.name);
        match tag.name {
            // Whoever takes a licence, prose, and what is never read.
            "licensee" | "purchaser" | "text" | "attachment" | "signature" | "quantitativeAnalysis" | "graphics" => {
                reading.xml.skip()?;
            }
            "organization" | "individual" | "contact" | "author" | "committer" | "reviewer" | "component"
            | "service" | "asserter" | "patentAssignee" | "owner" | "url" | "source" | "destination"
            | "externalReferences" | "externalReference" | "properties" => {
                if !draft.aside(|draft| found(reading, draft, kind, tag.name, &here))? {
                    stack.push((base, kind));
                    continue;
                }
            }
            name => {
                stack.push((base, kind));
                // They answer for what they give or keep.
                if matches!(name, "licensor" | "owners" | "custodians" | "stewards") {
                    kind = FactKind::Supplier;
                }
                continue;
            }
        }
        here.truncate(base);
    }
}

/// Reads an element that names somebody or something; false where it was only stepped into.
fn found<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    name: &str,
    here: &str,
) -> Read<bool> {
    let path = || Path::Deep(here.into());
    match name {
        "externalReferences" => field::references(reading, draft, Spot::Deep(here))?,
        "externalReference" => field::reference(reading, draft, Spot::Deep(here))?,
        "properties" => field::properties(reading, draft, Spot::Deep(here))?,
        "url" => {
            let url = reading.word()?;
            draft.linked(url, &path());
        }
        "source" | "destination" => match reading.bare()? {
            Some(url) => draft.linked(url, &path()),
            None => return Ok(false),
        },
        "owner" => match reading.bare()? {
            Some(owner) => draft.state(kind, owner, path()),
            None => party::read(reading, draft, kind, &here)?,
        },
        _ => match reading.bare()? {
            // A text in place of a party may be a reference, and says nothing.
            Some(_) => {}
            None => party::read(reading, draft, kind, &here)?,
        },
    }
    Ok(true)
}
