//! Whether a JSON document is a CycloneDX BOM itself, whatever the order of its keys.
use crate::draft::number;
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

/// Documents that stand in the values of another one, each with its pointer and its place. What an attestation is about is
/// opened by whoever knows attestations.
pub(super) fn wrapped(mut json: Json<'_>) -> Vec<(String, usize)> {
    const MOST: usize = 64;
    const DEPTH: usize = 4;
    let mut found = Vec::new();
    // What was stepped into: where the pointer ends, and which item of a list comes next.
    let mut open: Vec<(usize, Option<usize>)> = Vec::new();
    let mut pointer = String::new();
    let _ = (|| -> Read<()> {
        loop {
            let kind = json.kind()?;
            if kind == Kind::Object && !open.is_empty() && is_bom(json.clone()) {
                found.push((pointer.clone(), json.offset()));
                json.pass()?;
            } else if matches!(kind, Kind::Object | Kind::Array) && open.len() < DEPTH {
                json.open()?;
                open.push((pointer.len(), (kind == Kind::Array).then_some(0)));
            } else {
                json.pass()?;
            }
            loop {
                let Some((base, index)) = open.last_mut() else { return Ok(()) };
                pointer.truncate(*base);
                if found.len() >= MOST {
                    return Ok(());
                }
                if let Some(index) = index {
                    if json.item()? {
                        pointer.push('/');
                        number(*index, &mut pointer);
                        *index += 1;
                        break;
                    }
                } else if let Some(key) = json.key()? {
                    if matches!(&*key, "predicate" | "predicateType") {
                        json.pass()?;
                        continue;
                    }
                    pointer.push('/');
                    pointer.extend(key.chars().take(80).flat_map(|c| match c {
                        '~' => vec!['~', '0'],
                        '/' => vec!['~', '1'],
                        other => vec![other],
                    }));
                    break;
                }
                open.pop();
            }
        }
    })();
    found
}
