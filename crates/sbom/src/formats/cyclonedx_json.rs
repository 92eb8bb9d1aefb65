//! CycloneDX JSON of any version: components wherever they nest, read in one pass and told one at a time.
mod dependency;
mod document;
mod evidence;
mod field;
mod identity;
mod metadata;
mod party;
mod sweep;
mod tree;
mod vulnerability;

use interdict_model::{Head, Malformed, Mark, Observer, Sink, Source, Technique};

use crate::cyclonedx::NESTING;
use crate::draft::Path;
use crate::encoding::{self, Look};
use crate::json::{Json, Kind, Read};
use crate::ledger::Ledger;
use crate::protobuf::Piece;
use crate::reading::Reading;

pub(super) use document::Bom;

pub(crate) const ENTRY: Observer = Observer {
    id: "cyclonedx-json",
    revision: 1,
    title: "CycloneDX JSON 1.2–1.7",
    limitations: &[
        "Components nested more than 256 deep are a gap.",
        "The tools that wrote a document are told as its authors, not as components of what it describes.",
        "Prose (descriptions, comments, annotations, licence texts) is not read; of vulnerabilities only what is stated of components (VEX) is told, beside findings; nothing is judged by it.",
        "Signatures are not verified.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    const SURE: &[Mark] = &[Mark::BomFormat, Mark::SpecFormat, Mark::CycloneDxSchema];
    let look = Look::at(head);
    look.is_json_with(SURE)
        || (look.is_json_with(&[Mark::SpecVersion, Mark::SpecVersionInProto]) && look.has("\"components\""))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let decoded = encoding::decode(source.bytes);
    retold(&decoded.text, sink, |sink| {
        if let Some((wrong, assumed)) = decoded.repair {
            sink.repair("", wrong, assumed);
        }
    })
}

/// Reads a document that stands as JSON here, whatever it was; `first` is said once it is known to be a BOM.
pub(super) fn retold(text: &str, sink: &mut Sink<'_>, first: impl FnOnce(&mut Sink<'_>)) -> Result<(), Malformed> {
    let json = Json::new(text).folding();
    let is_bom = identity::is_bom(json.clone());
    let wrapped = if is_bom { Vec::new() } else { identity::wrapped(json.clone()) };
    if !is_bom && wrapped.is_empty() {
        return Err(Malformed::NotThis);
    }
    first(sink);
    let mut bom = Bom::default();
    let mut reading = Reading::new(json, sink);
    let read = if is_bom { documents(&mut reading, &mut bom) } else { within(&mut reading, &mut bom, wrapped) };
    bom.tell(reading.sink, &mut reading.ledger, read.is_ok());
    reading.end(read, NESTING)
}

/// Reads one BOM after the other: they may follow each other, line by line or not, or be items of a list.
fn documents(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom) -> Read<()> {
    if reading.json.kind()? == Kind::Array {
        reading.repair(&Path::Field(""), "a list of documents", "each of them");
        reading.json.open()?;
        let mut index = 0;
        while reading.json.item()? {
            one_of_many(reading, bom, index)?;
            index += 1;
        }
        return Ok(());
    }
    bom.read(reading)?;
    let mut index = 1;
    while !reading.json.is_done() && reading.json.kind() == Ok(Kind::Object) {
        let (json, assumed) = (&reading.json, format!("its pointers begin with `/{index}`"));
        let place = || json.place(json.offset());
        reading.ledger.repair_at(reading.sink, place, "another document follows", &assumed);
        one_of_many(reading, bom, index)?;
        index += 1;
    }
    Ok(())
}

/// Reads the documents that stand inside of another one, each at its pointer.
fn within(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom, wrapped: Vec<(String, usize)>) -> Read<()> {
    for (pointer, at) in wrapped {
        reading.json.seek(at);
        reading.pointer = pointer;
        reading.repair(&Path::Field(""), "the document stands inside of another one", "the document itself");
        bom.read(reading)?;
    }
    reading.pointer.clear();
    // Whatever stands behind the last one is another document's.
    reading.json.seek(reading.json.size());
    Ok(())
}

/// Reads one of several documents, whose pointers begin with its index; one that is no BOM is a gap.
fn one_of_many(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom, index: usize) -> Read<()> {
    reading.json.kind()?;
    reading.pointer.clear();
    reading.stand_at(0, index);
    if identity::is_bom(reading.json.again(reading.json.offset())) {
        bom.read(reading)?;
    } else {
        let start = reading.json.offset();
        reading.json.skip()?;
        let json = &reading.json;
        let what = || format!("what stands at {}, beside a CycloneDX document, is none", json.place(start));
        reading.ledger.unread(what);
    }
    reading.pointer.clear();
    Ok(())
}

/// Reads a part of a document that was written in another encoding.
pub(super) fn piece(bom: &mut Bom, piece: Piece<'_>, sink: &mut Sink<'_>, ledger: &mut Ledger) {
    let mut reading = Reading::new(Json::new(piece.json), sink);
    (reading.ledger, reading.first) = (std::mem::take(ledger), piece.first);
    // It was written as JSON just now.
    let _ = bom.read(&mut reading);
    *ledger = reading.ledger;
}

#[cfg(test)]
mod tests;
