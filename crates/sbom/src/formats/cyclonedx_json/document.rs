//! The outermost object of a BOM: its lists, its metadata, and what it says of itself.
use std::borrow::Cow;

use interdict_model::{Counts, Document, FactKind, GapReason, Part, Unseen};

use super::field;
use super::tree::{self, Site};
use crate::cyclonedx::{VERSIONS, is_incomplete};
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::reading::Reading;

/// Reads a whole BOM; what was read before a fault is told too.
pub(super) fn read(reading: &mut Reading<'_, '_, '_>) -> Read<()> {
    let mut bom = Bom::default();
    let read = keys(reading, &mut bom);
    reading.pointer.clear();
    bom.tell(reading, read.is_ok());
    read
}

/// What is known of the document as a whole.
#[derive(Default)]
pub(super) struct Bom<'a> {
    pub(super) counts: Counts,
    version: Option<Cow<'a, str>>,
    named: bool,
    whole: Draft<'a>,
    incomplete: Vec<String>,
}

impl Bom<'_> {
    fn tell(mut self, reading: &mut Reading<'_, '_, '_>, complete: bool) {
        if complete && !self.named {
            reading.repair(&Path::Field("/bomFormat"), "missing, or not `CycloneDX`", "`CycloneDX`");
        }
        match self.version.as_deref() {
            Some(version) if VERSIONS.contains(&version) => {}
            Some(other) => {
                let wrong = format!("`{other}` is no version that is known here");
                reading.repair(&Path::Field("/specVersion"), &wrong, "the newest known version, 1.7");
            }
            None if complete => {
                reading.repair(&Path::Field("/specVersion"), "missing", "the newest known version, 1.7");
            }
            None => {}
        }
        self.whole.tell_facts(Part::WHOLE, "", reading.sink);
        self.incomplete.sort();
        self.incomplete.dedup();
        if !self.incomplete.is_empty() {
            let detail =
                format!("the author of the document says that it is not complete: {}", self.incomplete.join(", "));
            reading.sink.gap(Unseen::new(GapReason::Missing, detail).needing("the parts its `compositions` leave out"));
        }
        reading.sink.document(Document {
            version: self.version.map(Cow::into_owned),
            counts: self.counts,
            ..Document::default()
        });
    }
}

fn keys<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>) -> Read<()> {
    /// Keys of one object that are remembered to tell those that stand twice.
    const REMEMBERED: usize = 64;
    let mut seen: Vec<String> = Vec::new();
    reading.object(&Path::Field(""), |reading, key| {
        if seen.iter().any(|known| known == key) {
            reading.twice(key);
        } else if seen.len() < REMEMBERED {
            seen.push(key.to_owned());
        }
        member(reading, bom, key)
    })
}

fn member<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>, key: &str) -> Read<()> {
    match key {
        "bomFormat" | "specFormat" => {
            let word = reading.word(&Path::Field("/bomFormat"))?;
            bom.named |= word.is_some_and(|word| word == "CycloneDX");
        }
        "specVersion" => {
            if let Some(version) = reading.word(&Path::Field("/specVersion"))? {
                bom.version.get_or_insert(version);
            }
        }
        "metadata" => metadata(reading, bom)?,
        "components" => tree::list(reading, bom, "/components", Site::Counted)?,
        "services" => tree::list(reading, bom, "/services", Site::Service)?,
        "dependencies" => dependencies(reading, bom)?,
        "vulnerabilities" => reading.list(&Path::Field("/vulnerabilities"), |reading, _| {
            bom.counts.vulnerabilities += 1;
            reading.json.skip()
        })?,
        "compositions" => compositions(reading, bom)?,
        "externalReferences" => field::references(reading, &mut bom.whole, "/externalReferences")?,
        "properties" => field::properties(reading, &mut bom.whole, "/properties")?,
        "formulation" => reading.list(&Path::Field("/formulation"), |reading, index| {
            let step = format!("/formulation/{index}");
            reading.within(&step, |reading| parts(reading, bom, Site::Formulation))
        })?,
        "declarations" => reading.object(&Path::Field("/declarations"), |reading, key| match key {
            "targets" => reading.within("/declarations/targets", |reading| parts(reading, bom, Site::Aside)),
            _ => reading.json.skip(),
        })?,
        _ => reading.json.skip()?,
    }
    Ok(())
}

/// An object with lists of components and services that are no part of what the document describes.
fn parts<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>, site: Site) -> Read<()> {
    reading.object(&Path::Field(""), |reading, key| match key {
        "components" => tree::list(reading, bom, "/components", site),
        _ => reading.json.skip(),
    })
}

fn metadata<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>) -> Read<()> {
    reading.object(&Path::Field("/metadata"), |reading, key| {
        let whole = &mut bom.whole;
        match key {
            "component" => tree::subject(reading, bom, "/metadata/component"),
            "supplier" => field::party(reading, whole, FactKind::Supplier, &"/metadata/supplier"),
            "manufacture" => field::party(reading, whole, FactKind::Manufacturer, &"/metadata/manufacture"),
            "manufacturer" => field::party(reading, whole, FactKind::Manufacturer, &"/metadata/manufacturer"),
            "authors" => field::parties(reading, whole, FactKind::Author, "/metadata/authors"),
            "tools" => tools(reading, whole),
            "properties" => field::properties(reading, whole, "/metadata/properties"),
            _ => reading.json.skip(),
        }
    })
}

/// Who wrote the document: a list of tools, or since 1.5 an object with lists of components and services.
fn tools<'a>(reading: &mut Reading<'a, '_, '_>, whole: &mut Draft<'a>) -> Read<()> {
    match reading.json.kind()? {
        Kind::Object => reading.object(&Path::Field("/metadata/tools"), |reading, key| match key {
            "components" => field::parties(reading, whole, FactKind::Author, "/metadata/tools/components"),
            "services" => field::parties(reading, whole, FactKind::Author, "/metadata/tools/services"),
            "vendor" | "name" => field::author(reading, whole, "/metadata/tools", key),
            _ => reading.json.skip(),
        }),
        _ => field::parties(reading, whole, FactKind::Author, "/metadata/tools"),
    }
}

fn dependencies<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>) -> Read<()> {
    reading.list(&Path::Field("/dependencies"), |reading, index| {
        bom.counts.relationships += 1;
        let (mut from, mut to) = (None, Vec::new());
        reading.object(&Path::Item("/dependencies", index, ""), |reading, key| {
            match key {
                "ref" => from = reading.word(&Path::Item("/dependencies", index, "/ref"))?,
                "dependsOn" | "provides" | "dependencies" => {
                    let path = Path::Deep(format!("/dependencies/{index}/{key}").into());
                    reading.list(&path, |reading, _| {
                        to.extend(target(reading, &path)?);
                        Ok(())
                    })?;
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })?;
        for to in from.iter().flat_map(|_| &to) {
            reading.sink.depends(from.as_deref().unwrap_or_default(), to);
        }
        Ok(())
    })
}

/// A reference, or an object that holds one under `ref`.
fn target<'a>(reading: &mut Reading<'a, '_, '_>, path: &Path) -> Read<Option<Cow<'a, str>>> {
    if reading.json.kind()? != Kind::Object {
        return reading.word(path);
    }
    reading.repair(path, "an object where a reference belongs", "its `ref`");
    let mut target = None;
    reading.object(path, |reading, key| {
        match key {
            "ref" => target = reading.word(path)?,
            _ => reading.json.skip()?,
        }
        Ok(())
    })?;
    Ok(target)
}

fn compositions<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>) -> Read<()> {
    reading.list(&Path::Field("/compositions"), |reading, index| {
        reading.object(&Path::Item("/compositions", index, ""), |reading, key| {
            match key {
                "aggregate" => {
                    let word = reading.word(&Path::Item("/compositions", index, "/aggregate"))?;
                    if let Some(word) = word.filter(|word| is_incomplete(word)) {
                        bom.incomplete.push(word.chars().take(40).collect());
                        bom.incomplete.sort();
                        bom.incomplete.dedup();
                    }
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })
    })
}
