//! What stands beside an element: annotations with who made them, and the projects a file was taken from.
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::reading::Reading;
use crate::spdx::{Property, state};

/// Comments on an element, and the names of those who made them.
pub(super) fn annotations<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let place = |key: &str| match key {
        "annotator" => Some("/annotator"),
        "comment" => Some("/comment"),
        _ => None,
    };
    members(reading, draft, "/annotations", place, Property::Prose)
}

/// Where a file was taken from, in the words of SPDX 1.
pub(super) fn projects<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let place = |key: &str| match key {
        "name" => Some("/name"),
        "homePage" | "projectUri" => Some("/homePage"),
        _ => None,
    };
    members(reading, draft, "/artifactOfs", place, Property::Project)
}

fn members<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    list: &'static str,
    place: fn(&str) -> Option<&'static str>,
    property: Property,
) -> Read<()> {
    reading.list(&Path::Field(list), |reading, index| {
        let kind = reading.json.kind()?;
        if kind != Kind::Object {
            return reading.not(kind, "an object", &Path::Item(list, index, ""));
        }
        reading.object(&Path::Field(""), |reading, key| {
            let Some(field) = place(key) else { return reading.json.skip() };
            let path = Path::Item(list, index, field);
            if let Some(text) = reading.word(&path)? {
                let property = if field == "/homePage" { Property::Location } else { property };
                state(draft, property, text, path);
            }
            Ok(())
        })
    })
}
