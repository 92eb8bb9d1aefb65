//! What a BOM says of itself: when and by whom it was made, with what, and of what.
use interdict_model::FactKind;

use super::document::Bom;
use super::party;
use super::{field, tree};
use crate::cyclonedx::spot::Spot;
use crate::cyclonedx::whole::{NO_INSTANT, is_instant};
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::reading::Reading;

pub(super) fn read<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom, whole: &mut Draft<'a>) -> Read<()> {
    reading.object(&Path::Field("/metadata"), |reading, key| match key {
        "timestamp" => {
            let path = Path::Field("/metadata/timestamp");
            let Some(word) = reading.word(&path)? else { return Ok(()) };
            if !is_instant(&word) {
                reading.repair(&path, NO_INSTANT, "the text as it is written");
            }
            bom.whole.created = Some(word.into_owned());
            Ok(())
        }
        "lifecycles" => {
            bom.whole.states.context = true;
            reading.json.skip()
        }
        "component" => tree::subject(reading, bom, "/metadata/component"),
        "supplier" => party::read(reading, whole, FactKind::Supplier, Spot::Field("/metadata/supplier")),
        "manufacture" => party::read(reading, whole, FactKind::Manufacturer, Spot::Field("/metadata/manufacture")),
        "manufacturer" => party::read(reading, whole, FactKind::Manufacturer, Spot::Field("/metadata/manufacturer")),
        "authors" => party::list(reading, whole, FactKind::Author, "/metadata/authors"),
        "tools" => tools(reading, whole),
        "licenses" => field::licences(reading, whole, "/metadata/licenses"),
        "properties" => field::properties(reading, whole, Spot::Field("/metadata/properties")),
        _ => reading.json.skip(),
    })
}

/// Who wrote the document: a list of tools, or since 1.5 an object with lists of components and services.
fn tools<'a>(reading: &mut Reading<'a, '_, '_>, whole: &mut Draft<'a>) -> Read<()> {
    const AT: &str = "/metadata/tools";
    match reading.json.kind()? {
        Kind::Object => tool(reading, whole, AT),
        _ => reading.list(&Path::Field(AT), |reading, index| tool(reading, whole, &format!("{AT}/{index}"))),
    }
}

/// One tool, or what holds lists of them.
fn tool<'a>(reading: &mut Reading<'a, '_, '_>, whole: &mut Draft<'a>, at: &str) -> Read<()> {
    let kind = FactKind::Tool;
    if reading.json.kind()? != Kind::Object {
        return party::read(reading, whole, kind, Spot::Deep(at));
    }
    reading.object(&Path::Field(""), |reading, key| match key {
        "components" | "services" => {
            let at = format!("{at}/{key}");
            reading.list(&Path::Deep(at.as_str().into()), |reading, index| {
                party::read(reading, whole, kind, Spot::Deep(&format!("{at}/{index}")))
            })
        }
        _ => party::field(reading, whole, kind, Spot::Deep(at), key),
    })
}
