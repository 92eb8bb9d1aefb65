//! Whether a JSON document is a CycloneDX BOM itself, whatever the order of its keys.
use crate::json::{Json, Kind, Read};

/// Looks at the keys of the outermost object only, and no further than it must.
pub(super) fn is_bom(mut json: Json<'_>) -> bool {
    let mut met = Met::default();
    // A list is judged by its first item.
    if json.kind() == Ok(Kind::Array) && json.open().is_ok() && json.item() != Ok(true) {
        return false;
    }
    // A document that breaks before it has said what it is, is judged by what stood before the break.
    skim(&mut json, &mut met).unwrap_or(false) || (met.version && met.content)
}

/// What of a BOM the outermost object has.
#[derive(Default)]
struct Met {
    version: bool,
    content: bool,
}

fn skim(json: &mut Json<'_>, met: &mut Met) -> Read<bool> {
    if json.kind()? != Kind::Object {
        return Ok(false);
    }
    json.open()?;
    while let Some(key) = json.key()? {
        match &*key {
            "bomFormat" | "specFormat" => {
                met.version = true;
                let word = json.scalar()?;
                if word.is_some_and(|word| word.trim().eq_ignore_ascii_case("CycloneDX")) {
                    return Ok(true);
                }
                continue;
            }
            "$schema" => {
                let word = json.scalar()?;
                if word.is_some_and(|word| word.contains("cyclonedx.org/schema/bom")) {
                    return Ok(true);
                }
                continue;
            }
            "specVersion" | "spec_version" => met.version = true,
            "components" | "metadata" | "dependencies" | "services" => met.content = true,
            _ => {}
        }
        if met.version && met.content {
            return Ok(true);
        }
        json.pass()?;
    }
    Ok(false)
}
