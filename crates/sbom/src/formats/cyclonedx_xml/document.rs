//! The outermost element of a BOM: its lists, its metadata, and what it says of itself.
use std::borrow::Cow;

use interdict_model::{FactKind, Part};

use super::space::{Space, version};
use super::{dependency, field, party, sweep, tree};
use crate::cyclonedx::VERSIONS;
use crate::cyclonedx::spot::Spot;
use crate::cyclonedx::tree::Site;
use crate::cyclonedx::vex::Vex;
use crate::cyclonedx::whole::{NO_INSTANT, SIGNED, Whole, is_instant};
use crate::draft::{Draft, Path};
use crate::xml::{Read, Reading as Xml, Tag};

pub(super) type Reading<'a, 's, 't> = Xml<'a, 's, 't, Space>;

/// A BOM while it is read.
pub(super) struct Bom<'a> {
    pub(super) whole: Whole,
    /// Facts of the document itself.
    pub(super) said: Draft<'a>,
    /// The namespace of the outermost element.
    space: Space,
    /// Elements of another version's namespace, or of none, were told.
    mixed: bool,
}

impl Bom<'_> {
    /// Whether an element is CycloneDX's own; of which version is told where it is not the document's.
    #[inline]
    pub(super) fn owns(&mut self, reading: &mut Reading<'_, '_, '_>, tag: Tag<'_, Space>) -> bool {
        tag.space == self.space || self.owns_other(reading, tag)
    }

    #[cold]
    fn owns_other(&mut self, reading: &mut Reading<'_, '_, '_>, tag: Tag<'_, Space>) -> bool {
        if tag.space == Space::Signature {
            self.whole.note(SIGNED);
        }
        if !tag.space.is_own() {
            return false;
        }
        if !self.mixed {
            self.mixed = true;
            let wrong = match tag.space {
                Space::Nowhere => format!("`{}` stands in no namespace", cut(tag.name)),
                _ => format!("`{}` stands in the namespace `{}`", cut(tag.name), cut(reading.xml.uri())),
            };
            reading.repair_at(tag.at, &Path::Field(""), &wrong, "the document's own, here and wherever it is so");
        }
        true
    }
}

/// Reads a whole document; what was read before a fault is told too.
pub(super) fn read(reading: &mut Reading<'_, '_, '_>) -> Read<()> {
    let mut bom = Bom { whole: Whole::default(), said: Draft::default(), space: Space::Nowhere, mixed: false };
    let read = roots(reading, &mut bom);
    reading.pointer.clear();
    bom.said.tell_facts(Part::WHOLE, "", reading.sink);
    bom.whole.credit(&bom.said);
    bom.whole.notes.extend_from_slice(reading.notes());
    bom.whole.tell(reading.sink);
    read
}

fn roots<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>) -> Read<()> {
    let mut is_first = true;
    while let Some(tag) = reading.xml.child()? {
        let is_bom = tag.name == "bom" && tag.space.is_own();
        if is_bom && is_first {
            is_first = false;
            bom.space = tag.space;
            bom.whole.states.revision |=
                ["version", "serialNumber"].iter().any(|name| reading.attribute(name).is_some());
            tell_version(reading, bom, tag);
        } else {
            let assumed = if is_bom { "a further part of it" } else { "nothing" };
            let wrong = format!("an element `{}` behind the end of the document", cut(tag.name));
            reading.repair_at(tag.at, &Path::Field(""), &wrong, assumed);
        }
        if is_bom { members(reading, bom)? } else { reading.xml.skip()? }
    }
    Ok(())
}

fn tell_version(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom<'_>, tag: Tag<'_, Space>) {
    let uri = reading.xml.uri();
    let written = version(uri).to_owned();
    let at = &Path::Field("/bom");
    match tag.space {
        Space::Bom(index) if usize::from(index) < VERSIONS.len() => {}
        Space::Bom(_) if !written.is_empty() => {
            let wrong = format!("`{}` is no version that is known here", cut(&written));
            reading.repair_at(tag.at, at, &wrong, "the newest known version, 1.7");
        }
        Space::Bom(_) => {
            reading.repair_at(tag.at, at, "its namespace names no version", "the newest known version, 1.7");
        }
        _ => {
            let assumed = "CycloneDX's, of the newest known version, 1.7";
            reading.repair_at(tag.at, at, "it stands in no namespace", assumed);
        }
    }
    bom.whole.version = Some(written).filter(|written| !written.is_empty());
}

fn members<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>) -> Read<()> {
    /// Elements of a document that are remembered to tell those that stand twice.
    const REMEMBERED: usize = 64;
    let mut seen: Vec<&str> = Vec::new();
    while let Some(tag) = reading.xml.child()? {
        if tag.space == Space::Graph && tag.name == "dependencies" {
            dependency::list(reading, bom)?;
            continue;
        }
        if tag.space == Space::Vulnerability && tag.name == "vulnerabilities" {
            vulnerabilities(reading, bom)?;
            continue;
        }
        if !bom.owns(reading, tag) {
            reading.xml.skip()?;
            continue;
        }
        if seen.contains(&tag.name) {
            reading.twice(tag.at, tag.name);
        } else if seen.len() < REMEMBERED {
            seen.push(tag.name);
        }
        member(reading, bom, tag)?;
    }
    Ok(())
}

fn member<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>, tag: Tag<'a, Space>) -> Read<()> {
    match tag.name {
        "metadata" => metadata(reading, bom),
        "components" => tree::list(reading, bom, "/components", Site::Counted),
        "services" => tree::list(reading, bom, "/services", Site::Service),
        "dependencies" => dependency::list(reading, bom),
        "vulnerabilities" => vulnerabilities(reading, bom),
        "compositions" => compositions(reading, bom),
        "externalReferences" => field::references(reading, &mut bom.said, Spot::Field("/externalReferences")),
        "properties" => field::properties(reading, &mut bom.said, Spot::Field("/properties")),
        "formulation" => formulation(reading, bom),
        "declarations" => {
            while let Some(tag) = reading.xml.child()? {
                match tag.name {
                    "targets" if bom.owns(reading, tag) => parts(reading, bom, "/declarations/targets", Site::Aside)?,
                    name if name == "signature" || !bom.owns(reading, tag) => signed(reading, bom, tag)?,
                    name => sweep::read(reading, &mut bom.said, &format_args!("/declarations/{name}"))?,
                }
            }
            Ok(())
        }
        "definitions" | "annotations" => sweep::read(reading, &mut bom.said, &format_args!("/{}", tag.name)),
        "component" | "service" => tree::stray(reading, bom, tag),
        _ => signed(reading, bom, tag),
    }
}

/// Passes over an element, and notes one that is a signature.
fn signed<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>, tag: Tag<'a, Space>) -> Read<()> {
    if tag.name == "signature" || tag.space == Space::Signature {
        bom.whole.note(SIGNED);
    }
    reading.xml.skip()
}

/// An element with lists of components that are no part of what the document describes.
fn parts<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>, at: &str, site: Site) -> Read<()> {
    let base = reading.pointer.len();
    reading.pointer.push_str(at);
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            _ if !bom.owns(reading, tag) => reading.xml.skip()?,
            "components" => tree::list(reading, bom, "/components", site)?,
            "services" => tree::list(reading, bom, "/services", site)?,
            "organizations" => party::list(reading, &mut bom.said, FactKind::Supplier, &format!("{at}/organizations"))?,
            name => sweep::read(reading, &mut bom.said, &format_args!("{at}/{name}"))?,
        }
    }
    reading.pointer.truncate(base);
    Ok(())
}

fn formulation<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>) -> Read<()> {
    let mut index = 0;
    while let Some(tag) = reading.xml.child()? {
        if bom.owns(reading, tag) {
            parts(reading, bom, &format!("/formulation/{index}"), Site::Formulation)?;
            index += 1;
        } else {
            reading.xml.skip()?;
        }
    }
    Ok(())
}

/// Every entry of a list of vulnerabilities, of the specification or of the extension.
pub(super) fn vulnerabilities<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>) -> Read<()> {
    while let Some(tag) = reading.xml.child()? {
        if tag.name == "vulnerability" {
            bom.whole.counts.vulnerabilities += 1;
            vulnerability(reading)?;
        } else {
            reading.xml.skip()?;
        }
    }
    Ok(())
}

/// What is stated of one, and of which components.
fn vulnerability(reading: &mut Reading<'_, '_, '_>) -> Read<()> {
    let mut vex = Vex::default();
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "id" => vex.id = reading.word()?.into_owned(),
            "analysis" => {
                while let Some(tag) = reading.xml.child()? {
                    match tag.name {
                        "state" => vex.state = reading.word()?.into_owned(),
                        "justification" => vex.justification = reading.word()?.into_owned(),
                        _ => reading.xml.skip()?,
                    }
                }
            }
            "affects" => {
                while reading.xml.child()?.is_some() {
                    while let Some(tag) = reading.xml.child()? {
                        if tag.name != "ref" {
                            reading.xml.skip()?;
                            continue;
                        }
                        let of = reading.word()?;
                        if reading.wanted.may_name(&of) {
                            reading.sink.refers(&of);
                        }
                        vex.affects(of.into_owned());
                    }
                }
            }
            _ => reading.xml.skip()?,
        }
    }
    vex.tell(reading.sink);
    Ok(())
}

fn compositions<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>) -> Read<()> {
    while let Some(tag) = reading.xml.child()? {
        if !bom.owns(reading, tag) {
            reading.xml.skip()?;
            continue;
        }
        while let Some(tag) = reading.xml.child()? {
            if tag.name == "aggregate" {
                let word = reading.word()?;
                bom.whole.aggregate(&word);
            } else {
                signed(reading, bom, tag)?;
            }
        }
    }
    Ok(())
}

fn metadata<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>) -> Read<()> {
    while let Some(tag) = reading.xml.child()? {
        if !bom.owns(reading, tag) {
            reading.xml.skip()?;
            continue;
        }
        let said = &mut bom.said;
        match tag.name {
            "timestamp" => {
                let word = reading.word()?;
                if !is_instant(&word) {
                    let path = Path::Field("/metadata/timestamp");
                    reading.repair_at(tag.at, &path, NO_INSTANT, "the text as it is written");
                }
                bom.whole.created = Some(word.into_owned()).filter(|word| !word.is_empty());
            }
            "lifecycles" => {
                bom.whole.states.context = true;
                reading.xml.skip()?;
            }
            "component" => tree::subject(reading, bom, tag)?,
            "supplier" => party::read(reading, said, FactKind::Supplier, &"/metadata/supplier")?,
            "manufacture" | "manufacturer" => {
                let at = format!("/metadata/{}", tag.name);
                party::read(reading, said, FactKind::Manufacturer, &at)?;
            }
            "authors" => party::list(reading, said, FactKind::Author, "/metadata/authors")?,
            "tools" => party::tools(reading, said)?,
            "licenses" => field::licenses(reading, said, "/metadata/licenses")?,
            "properties" => field::properties(reading, said, Spot::Field("/metadata/properties"))?,
            _ => reading.xml.skip()?,
        }
    }
    Ok(())
}

/// The head of a word that a hostile document may make as long as it likes.
pub(super) fn cut(word: &str) -> Cow<'_, str> {
    const SHOWN: usize = 60;
    match word.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", word.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(word),
    }
}
