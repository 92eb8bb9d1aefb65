//! The outermost object of a BOM: its lists, its metadata, and what it says of itself.
use interdict_model::{FactKind, Part, Sink};

use super::party;
use super::{dependency, field, metadata, sweep, tree, vulnerability};
use crate::cyclonedx::VERSIONS;
use crate::cyclonedx::spot::Spot;
use crate::cyclonedx::tree::Site;
use crate::cyclonedx::whole::{SIGNED, Whole};
use crate::draft::{Draft, Path};
use crate::json::Read;
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
        let base = reading.pointer.len();
        let read = keys(reading, self, &mut whole);
        reading.pointer.truncate(base);
        whole.tell_facts(Part::WHOLE, &reading.pointer, reading.sink);
        self.whole.credit(&whole);
        read
    }

    /// Something that a reader should know of the document.
    pub(crate) fn note(&mut self, note: &str) {
        self.whole.note(note);
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
    reading.object(&Path::Field(""), |reading, key| member(reading, bom, whole, key))
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
        "metadata" => metadata::read(reading, bom, whole)?,
        "components" => tree::list(reading, bom, "/components", Site::Counted)?,
        "services" => tree::list(reading, bom, "/services", Site::Service)?,
        "dependencies" => dependency::list(reading, bom)?,
        "vulnerabilities" => reading.list(&Path::Field("/vulnerabilities"), |reading, index| {
            bom.whole.counts.vulnerabilities += 1;
            vulnerability::read(reading, index)
        })?,
        "compositions" => compositions(reading, bom)?,
        "signature" => signed(reading, bom)?,
        "externalReferences" | "external_references" => {
            field::references(reading, whole, Spot::Field("/externalReferences"))?;
        }
        "properties" => field::properties(reading, whole, Spot::Field("/properties"))?,
        "formulation" => reading.list(&Path::Field("/formulation"), |reading, index| {
            let at = format!("/formulation/{index}");
            parts(reading, bom, whole, Site::Formulation, &at)
        })?,
        "declarations" => reading.objects(&Path::Field("/declarations"), |reading, key| match key {
            "targets" => parts(reading, bom, whole, Site::Aside, "/declarations/targets"),
            "signature" => signed(reading, bom),
            _ => sweep::read(reading, whole, &format!("/declarations/{key}")),
        })?,
        "version" | "serialNumber" | "serial_number" => {
            bom.whole.states.revision = true;
            reading.json.skip()?;
        }
        "definitions" => sweep::read(reading, whole, "/definitions")?,
        "annotations" => sweep::read(reading, whole, "/annotations")?,
        _ if key.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            // Some readers take a key in any case for the one that the standard names.
            let small = key.to_ascii_lowercase();
            if matches!(&*small, "components" | "services" | "metadata" | "dependencies") {
                reading.repair(&Path::Field(""), &format!("`{key}` is written in another case"), &format!("`{small}`"));
            }
            return member(reading, bom, whole, &small);
        }
        _ => reading.json.skip()?,
    }
    Ok(())
}

fn signed(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom) -> Read<()> {
    bom.whole.note(SIGNED);
    reading.json.skip()
}

/// An object with lists of components and services that are no part of what the document describes.
fn parts<'a>(
    reading: &mut Reading<'a, '_, '_>,
    bom: &mut Bom,
    whole: &mut Draft<'a>,
    site: Site,
    at: &str,
) -> Read<()> {
    reading.object(&Path::Deep(at.into()), |reading, key| match key {
        "components" => reading.within(at, |reading| tree::list(reading, bom, "/components", site)),
        "services" => reading.within(at, |reading| tree::list(reading, bom, "/services", site)),
        "organizations" => {
            let at = format!("{at}/organizations");
            reading.list(&Path::Deep(at.as_str().into()), |reading, index| {
                party::read(reading, whole, FactKind::Supplier, Spot::Deep(&format!("{at}/{index}")))
            })
        }
        _ => sweep::read(reading, whole, &format!("{at}/{key}")),
    })
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
                "assemblies" | "dependencies" | "vulnerabilities" => {
                    reading.list(&Path::Item("/compositions", index, ""), |reading, _| {
                        refer(reading, &Path::Item("/compositions", index, ""))
                    })?;
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })
    })
}

/// A reference that may say by itself what it refers to.
pub(super) fn refer(reading: &mut Reading<'_, '_, '_>, path: &Path) -> Read<()> {
    let reference = reading.word(path)?;
    if let Some(reference) = reference.filter(|reference| reading.wanted.may_name(reference)) {
        reading.sink.refers(&reference);
    }
    Ok(())
}
