//! The outermost object of a BOM: its lists, its metadata, and what it says of itself.
use std::borrow::Cow;

use interdict_model::{FactKind, Part, Sink};

use super::{field, tree};
use crate::cyclonedx::tree::Site;
use crate::cyclonedx::whole::{NO_INSTANT, SIGNED, Whole, is_instant};
use crate::cyclonedx::{NESTING, VERSIONS};
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::ledger::Ledger;
use crate::reading::Reading;

/// What is known of a document as a whole; it may be read in several pieces.
#[derive(Debug, Default)]
pub(crate) struct Bom {
    pub(super) whole: Whole,
    named: bool,
}

impl Bom {
    /// Reads one object; what was read before a fault is told too.
    pub(super) fn read(&mut self, reading: &mut Reading<'_, '_, '_>) -> Read<()> {
        let mut whole = Draft::default();
        let read = keys(reading, self, &mut whole);
        reading.pointer.clear();
        whole.tell_facts(Part::WHOLE, "", reading.sink);
        self.whole.credit(&whole);
        read
    }

    /// Says what is known once everything is read.
    pub(crate) fn tell(self, sink: &mut Sink<'_>, ledger: &mut Ledger, complete: bool) {
        if complete && !self.named {
            ledger.repair(sink, "/bomFormat", "", "missing, or not `CycloneDX`", "`CycloneDX`");
        }
        let newest = "the newest known version, 1.7";
        match self.whole.version.as_deref() {
            Some(version) if VERSIONS.contains(&version) => {}
            Some(other) => {
                let wrong = format!("`{other}` is no version that is known here");
                ledger.repair(sink, "/specVersion", "", &wrong, newest);
            }
            None if complete => ledger.repair(sink, "/specVersion", "", "missing", newest),
            None => {}
        }
        self.whole.tell(sink);
    }
}

fn keys<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom, whole: &mut Draft<'a>) -> Read<()> {
    /// Keys of one object that are remembered to tell those that stand twice.
    const REMEMBERED: usize = 64;
    let mut seen: Vec<String> = Vec::new();
    reading.object(&Path::Field(""), |reading, key| {
        if seen.iter().any(|known| known == key) {
            reading.twice(key);
        } else if seen.len() < REMEMBERED {
            seen.push(key.to_owned());
        }
        member(reading, bom, whole, key)
    })
}

fn member<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom, whole: &mut Draft<'a>, key: &str) -> Read<()> {
    match key {
        "bomFormat" | "specFormat" => {
            let word = reading.word(&Path::Field("/bomFormat"))?;
            bom.named |= word.is_some_and(|word| word == "CycloneDX");
        }
        "specVersion" | "spec_version" => {
            if let Some(version) = reading.word(&Path::Field("/specVersion"))? {
                bom.whole.version.get_or_insert_with(|| version.into_owned());
            }
        }
        "metadata" => metadata(reading, bom, whole)?,
        "components" => tree::list(reading, bom, "/components", Site::Counted)?,
        "services" => tree::list(reading, bom, "/services", Site::Service)?,
        "dependencies" => dependencies(reading, bom)?,
        "vulnerabilities" => reading.list(&Path::Field("/vulnerabilities"), |reading, _| {
            bom.whole.counts.vulnerabilities += 1;
            reading.json.skip()
        })?,
        "compositions" => compositions(reading, bom)?,
        "signature" => {
            bom.whole.note(SIGNED);
            reading.json.skip()?;
        }
        "externalReferences" | "external_references" => field::references(reading, whole, "/externalReferences")?,
        "properties" => field::properties(reading, whole, "/properties")?,
        "formulation" => reading.list(&Path::Field("/formulation"), |reading, index| {
            let step = format!("/formulation/{index}");
            reading.within(&step, |reading| parts(reading, bom, Site::Formulation))
        })?,
        "declarations" => reading.objects(&Path::Field("/declarations"), |reading, key| match key {
            "targets" => reading.within("/declarations/targets", |reading| parts(reading, bom, Site::Aside)),
            _ => reading.json.skip(),
        })?,
        _ => reading.json.skip()?,
    }
    Ok(())
}

/// An object with lists of components and services that are no part of what the document describes.
fn parts(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom, site: Site) -> Read<()> {
    reading.object(&Path::Field(""), |reading, key| match key {
        "components" => tree::list(reading, bom, "/components", site),
        _ => reading.json.skip(),
    })
}

fn metadata<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom, whole: &mut Draft<'a>) -> Read<()> {
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
        "component" => tree::subject(reading, bom, "/metadata/component"),
        "supplier" => field::party(reading, whole, FactKind::Supplier, &"/metadata/supplier"),
        "manufacture" => field::party(reading, whole, FactKind::Manufacturer, &"/metadata/manufacture"),
        "manufacturer" => field::party(reading, whole, FactKind::Manufacturer, &"/metadata/manufacturer"),
        "authors" => field::parties(reading, whole, FactKind::Author, "/metadata/authors"),
        "tools" => tools(reading, whole),
        "properties" => field::properties(reading, whole, "/metadata/properties"),
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
    if reading.json.kind()? != Kind::Object {
        return field::party(reading, whole, FactKind::Author, &at);
    }
    reading.object(&Path::Field(""), |reading, key| match key {
        "components" | "services" => field::parties(reading, whole, FactKind::Author, &format!("{at}/{key}")),
        _ => field::party_field(reading, whole, FactKind::Author, &at, key),
    })
}

/// Who needs whom: references in JSON, objects with lists of their own in protobuf, however deep.
fn dependencies(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom) -> Read<()> {
    reading.list(&Path::Field("/dependencies"), |reading, index| {
        bom.whole.counts.relationships += 1;
        dependency(reading, index)
    })
}

/// What one thing needs; `inside` says that its list of objects was stepped into.
#[derive(Default)]
struct Needs<'a> {
    from: Option<Cow<'a, str>>,
    to: Vec<Cow<'a, str>>,
    inside: bool,
}

fn dependency(reading: &mut Reading<'_, '_, '_>, index: usize) -> Read<()> {
    let path = |key: &str| Path::Deep(format!("/dependencies/{index}/{key}").into());
    let mut stack = Vec::new();
    enter(reading, &mut stack, &Path::Item("/dependencies", index, ""))?;
    while let Some(top) = stack.last_mut() {
        if top.inside {
            if !reading.json.item()? {
                top.inside = false;
            } else if reading.json.kind()? == Kind::Object {
                enter(reading, &mut stack, &path("dependencies"))?;
            } else {
                top.to.extend(reading.word(&path("dependencies"))?);
            }
            continue;
        }
        match reading.json.key()?.as_deref() {
            Some("ref") => top.from = reading.word(&path("ref"))?,
            Some("dependencies") if reading.json.kind()? == Kind::Array => {
                reading.json.open()?;
                top.inside = true;
            }
            Some(key @ ("dependsOn" | "provides" | "dependencies")) => {
                let path = path(key);
                reading.list(&path, |reading, _| {
                    top.to.extend(target(reading, &path)?);
                    Ok(())
                })?;
            }
            Some(_) => reading.json.skip()?,
            None => {
                let Some(Needs { from: Some(from), to, .. }) = stack.pop() else { continue };
                for to in &to {
                    reading.sink.depends(&from, to);
                }
                if let Some(outer) = stack.last_mut() {
                    outer.to.push(from);
                }
            }
        }
    }
    Ok(())
}

fn enter<'a>(reading: &mut Reading<'a, '_, '_>, stack: &mut Vec<Needs<'a>>, path: &Path) -> Read<()> {
    match reading.json.kind()? {
        Kind::Object if stack.len() >= NESTING => {
            reading.ledger.too_deep("/dependencies");
            reading.json.skip()
        }
        Kind::Object => {
            reading.json.open()?;
            stack.push(Needs::default());
            Ok(())
        }
        kind => reading.not(kind, "an object", path),
    }
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

fn compositions(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom) -> Read<()> {
    reading.list(&Path::Field("/compositions"), |reading, index| {
        reading.object(&Path::Item("/compositions", index, ""), |reading, key| {
            match key {
                "aggregate" => {
                    let word = reading.word(&Path::Item("/compositions", index, "/aggregate"))?;
                    if let Some(word) = word {
                        bom.whole.aggregate(&word);
                    }
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })
    })
}
