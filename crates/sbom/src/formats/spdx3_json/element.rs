//! Packages, files and snippets of SPDX 3: what each of their properties states.
use std::borrow::Cow;

use interdict_model::FactKind;

use super::names::{Class, Names};
use super::outline::Outline;
use super::value::{self, Value};
use super::{agent, extension, links};
use crate::draft::{Draft, Path};
use crate::json::Read;
use crate::reading::Reading;
use crate::spdx::asserted;

/// Whom an element names, until its own fields are read.
type Parties<'a> = Vec<(FactKind, Path, Value<'a>)>;

/// Reads and tells the element whose object comes next; what was read before a fault is told too.
pub(super) fn tell<'a>(
    reading: &mut Reading<'a, '_, '_>,
    outline: &mut Outline<'a>,
    names: &Names,
    class: Class,
    id: Cow<'a, str>,
) -> Read<()> {
    let mut draft = Draft::wanting(reading.wanted.clone());
    draft.reference = id;
    draft.is_subject = outline.graph.subjects.contains(&*draft.reference);
    draft.scope = outline.graph.scope(&draft.reference);
    let (mut parties, mut inside) = (Parties::new(), Vec::new());
    let read = reading.object(&Path::Field(""), |reading, key| {
        let key = names.local(key).to_owned();
        property(reading, names, &mut draft, class, &key, &mut parties, &mut inside)
    });
    for id in outline.available.remove(&draft.reference).into_iter().flatten() {
        parties.push((FactKind::Supplier, Path::Field("/spdxId"), Value::Word(id)));
    }
    let mut said: Vec<(FactKind, Cow<'a, str>)> = Vec::new();
    for (kind, path, value) in parties {
        if let Value::Word(id) = &value {
            // The same one twice says nothing more.
            if said.iter().any(|(before, who)| *before == kind && who == id) {
                continue;
            }
            if said.len() < 64 {
                said.push((kind, id.clone()));
            }
        }
        agent::state(reading, &mut outline.agents, names, &mut draft, (kind, &path), value);
    }
    draft.complete();
    let pointer = std::mem::take(&mut reading.pointer);
    draft.tell(&pointer, reading.sink);
    reading.pointer = pointer;
    for holder in inside {
        let holder = names.whole(holder);
        reading.sink.depends(&holder, &draft.reference);
    }
    read
}

fn property<'a>(
    reading: &mut Reading<'a, '_, '_>,
    names: &Names,
    draft: &mut Draft<'a>,
    class: Class,
    key: &str,
    parties: &mut Parties<'a>,
    inside: &mut Vec<Cow<'a, str>>,
) -> Read<()> {
    match key {
        "name" => words(reading, draft, "/name", |draft, name, path| {
            if class == Class::File {
                draft.name.get_or_insert_with(|| name.clone());
                draft.placed(name, &path);
            } else {
                draft.called(name, path);
            }
        }),
        "packageVersion" => words(reading, draft, "/software_packageVersion", Draft::versioned),
        "packageUrl" => words(reading, draft, "/software_packageUrl", Draft::located),
        "downloadLocation" => {
            words(reading, draft, "/software_downloadLocation", |draft, url, path| draft.linked(url, &path))
        }
        "homePage" | "homepage" => {
            words(reading, draft, "/software_homePage", |draft, url, path| draft.linked(url, &path))
        }
        "sourceInfo" => words(reading, draft, "/software_sourceInfo", |draft, text, path| {
            for word in text.split_whitespace().filter(|word| word.contains("://")) {
                let url = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
                draft.linked(Cow::Owned(url.to_owned()), &path);
            }
        }),
        "copyrightText" => words(reading, draft, "/software_copyrightText", |draft, text, path| {
            draft.state(FactKind::Copyright, text, path);
        }),
        "attributionText" => words(reading, draft, "/software_attributionText", |draft, text, path| {
            draft.state(FactKind::Copyright, text, path);
        }),
        "suppliedBy" => party(reading, parties, FactKind::Supplier, "/suppliedBy"),
        "originatedBy" => party(reading, parties, FactKind::Manufacturer, "/originatedBy"),
        "snippetFromFile" => value::each(reading, "/software_snippetFromFile", &mut |_, _, value| {
            if let Value::Word(file) = value {
                inside.push(file);
            }
            Ok(())
        }),
        "verifiedUsing" => links::hashes(reading, names, draft),
        "externalIdentifier" | "externalIdentifiers" => links::identifiers(reading, names, draft),
        "externalRef" | "externalRefs" => links::references(reading, names, draft),
        "extension" => extension::read(reading, names, draft),
        _ => reading.json.skip(),
    }
}

/// States every value that says something.
fn words<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    at: &'static str,
    mut say: impl FnMut(&mut Draft<'a>, Cow<'a, str>, Path),
) -> Read<()> {
    value::each(reading, at, &mut |reading, path, value| {
        match value {
            Value::Word(word) => {
                if let Some(word) = asserted(word) {
                    say(draft, word, path);
                }
            }
            Value::Node(_) => reading.repair(&path, "an object where a text belongs", "nothing"),
        }
        Ok(())
    })
}

fn party<'a>(
    reading: &mut Reading<'a, '_, '_>,
    parties: &mut Parties<'a>,
    kind: FactKind,
    at: &'static str,
) -> Read<()> {
    value::each(reading, at, &mut |_, path, value| {
        parties.push((kind, path, value));
        Ok(())
    })
}

/// Reads only the extensions of the element whose object comes next.
pub(super) fn properties_of<'a>(reading: &mut Reading<'a, '_, '_>, names: &Names, draft: &mut Draft<'a>) -> Read<()> {
    reading.object(&Path::Field(""), |reading, key| match names.local(key) {
        "extension" => extension::read(reading, names, draft),
        _ => reading.json.skip(),
    })
}
