//! One artifact, file, source or distribution: what each of its fields states.
use interdict_model::FactKind;

use super::metadata::read as read_metadata;
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::reading::Reading;

/// Reads and tells one package.
pub(super) fn package(reading: &mut Reading<'_, '_, '_>) -> Read<()> {
    let mut draft = Draft::default();
    let read = reading.object(&Path::Field(""), |reading, key| {
        match key {
            "id" => draft.reference = reading.word(&Path::Field("/id"))?.unwrap_or_default(),
            "name" => {
                if let Some(name) = reading.word(&Path::Field("/name"))? {
                    draft.called(name, Path::Field("/name"));
                }
            }
            "version" => {
                if let Some(version) = reading.word(&Path::Field("/version"))?.filter(|word| !word.is_empty()) {
                    draft.versioned(version, Path::Field("/version"));
                }
            }
            "purl" => {
                if let Some(purl) = reading.word(&Path::Field("/purl"))?.filter(|word| !word.is_empty()) {
                    draft.located(purl, Path::Field("/purl"));
                }
            }
            "cpes" => list(reading, "/cpes", &mut |reading, index| {
                // Since schema 16 an object that says who made it up.
                if let Some(cpe) = inner(reading, "/cpes", index, "cpe")? {
                    draft.state(FactKind::Cpe, cpe, Path::Item("/cpes", index, ""));
                }
                Ok(())
            })?,
            "locations" => list(reading, "/locations", &mut |reading, index| {
                if let Some(path) = inner(reading, "/locations", index, "path")? {
                    draft.placed(path, &Path::Item("/locations", index, "/path"));
                }
                Ok(())
            })?,
            "metadata" => read_metadata(reading, &mut draft, "/metadata")?,
            _ => reading.json.skip()?,
        }
        Ok(())
    });
    tell(reading, &draft);
    read
}

/// Reads and tells one file that was met on the way.
pub(super) fn file(reading: &mut Reading<'_, '_, '_>) -> Read<()> {
    let mut draft = Draft::default();
    let read = reading.object(&Path::Field(""), |reading, key| {
        match key {
            "id" => draft.reference = reading.word(&Path::Field("/id"))?.unwrap_or_default(),
            "location" => {
                if let Some(path) = inner(reading, "/location", 0, "path")? {
                    draft.name.get_or_insert_with(|| path.clone());
                    draft.placed(path, &Path::Field("/location/path"));
                }
            }
            "digests" => list(reading, "/digests", &mut |reading, index| digest(reading, &mut draft, index))?,
            _ => reading.json.skip()?,
        }
        Ok(())
    });
    tell(reading, &draft);
    read
}

/// What was looked at: an image, a folder, a file.
pub(super) fn source(reading: &mut Reading<'_, '_, '_>) -> Read<()> {
    let mut draft = Draft::default();
    draft.is_subject = true;
    let mut given = None;
    let read = match reading.json.kind()? {
        Kind::Null => return reading.json.skip(),
        _ => reading.object(&Path::Field(""), |reading, key| {
            match key {
                "id" => draft.reference = reading.word(&Path::Field("/id"))?.unwrap_or_default(),
                "name" => {
                    if let Some(name) = reading.word(&Path::Field("/name"))?.filter(|word| !word.is_empty()) {
                        draft.called(name, Path::Field("/name"));
                    }
                }
                "version" => {
                    if let Some(version) = reading.word(&Path::Field("/version"))?.filter(|word| !word.is_empty()) {
                        draft.versioned(version, Path::Field("/version"));
                    }
                }
                "supplier" => {
                    if let Some(who) = reading.word(&Path::Field("/supplier"))? {
                        draft.by(FactKind::Supplier, who, Path::Field("/supplier"));
                    }
                }
                "target" | "metadata" => {
                    let at = if key == "target" { "/target" } else { "/metadata" };
                    let here = reading.json.offset_of_value()?;
                    let word = ["userInput", "path"].into_iter().find_map(|key| reading.json.again(here).says(key));
                    given = given.take().or(word);
                    if reading.json.kind()? == Kind::Text {
                        given = reading.json.text().map(|word| Some(word.into_owned()))?;
                    } else {
                        read_metadata(reading, &mut draft, at)?;
                    }
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        }),
    };
    if let (None, Some(given)) = (&draft.name, given) {
        draft.called(given.into(), Path::Field("/target"));
    }
    tell(reading, &draft);
    read
}

/// The distribution that was found: a component that is not counted.
pub(super) fn distribution(reading: &mut Reading<'_, '_, '_>) -> Read<()> {
    let mut draft = Draft::default();
    let read = match reading.json.kind()? {
        Kind::Null => return reading.json.skip(),
        _ => reading.object(&Path::Field(""), |reading, key| {
            match key {
                "name" | "prettyName" | "id" => {
                    let path = Path::Deep(format!("/{key}").into());
                    if let Some(name) = reading.word(&path)?.filter(|word| !word.is_empty()) {
                        draft.called(name, path);
                    }
                }
                "version" | "versionID" => {
                    let path = Path::Deep(format!("/{key}").into());
                    if let Some(version) = reading.word(&path)?.filter(|word| !word.is_empty()) {
                        draft.versioned(version, path);
                    }
                }
                _ => match reading.json.kind()? {
                    Kind::Text => {
                        let path = Path::Deep(format!("/{key}").into());
                        let word = reading.json.text()?;
                        draft.linked(word, &path);
                    }
                    _ => reading.json.skip()?,
                },
            }
            Ok(())
        }),
    };
    if draft.name.is_some() {
        tell(reading, &draft);
    }
    read
}

fn digest<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, index: usize) -> Read<()> {
    let (mut algorithm, mut value) = (None, None);
    reading.object(&Path::Item("/digests", index, ""), |reading, key| {
        match key {
            "algorithm" => algorithm = reading.word(&Path::Item("/digests", index, "/algorithm"))?,
            "value" => value = reading.word(&Path::Item("/digests", index, "/value"))?,
            _ => reading.json.skip()?,
        }
        Ok(())
    })?;
    if let (Some(algorithm), Some(value)) = (algorithm, value) {
        draft.hashed(&algorithm, value, Path::Item("/digests", index, "/value"));
    }
    Ok(())
}

/// A list that may be missing altogether.
fn list<'a, 's, 't>(
    reading: &mut Reading<'a, 's, 't>,
    at: &'static str,
    each: &mut dyn FnMut(&mut Reading<'a, 's, 't>, usize) -> Read<()>,
) -> Read<()> {
    match reading.json.kind()? {
        Kind::Null => reading.json.skip(),
        _ => reading.list(&Path::Field(at), |reading, index| each(reading, index)),
    }
}

/// A text, or what an object in its place has under this key.
fn inner<'a>(
    reading: &mut Reading<'a, '_, '_>,
    list: &'static str,
    index: usize,
    wanted: &str,
) -> Read<Option<std::borrow::Cow<'a, str>>> {
    let path = Path::Item(list, index, "");
    if reading.json.kind()? != Kind::Object {
        return reading.word(&path);
    }
    let mut found = None;
    reading.object(&path, |reading, key| {
        match key {
            key if key == wanted => found = reading.word(&path)?,
            _ => reading.json.skip()?,
        }
        Ok(())
    })?;
    Ok(found)
}

fn tell(reading: &mut Reading<'_, '_, '_>, draft: &Draft<'_>) {
    draft.tell(&reading.pointer, reading.sink);
}
