//! The outermost object of a Syft document: artifacts, files, relationships, and what was looked at.
use std::borrow::Cow;

use interdict_model::{Counts, Document, FactKind, Part, States};

use super::artifact;
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::reading::Reading;

/// What is known of the document as a whole.
#[derive(Default)]
pub(super) struct Syft<'a> {
    counts: Counts,
    version: Option<Cow<'a, str>>,
    created: Option<Cow<'a, str>>,
    tool: Option<Cow<'a, str>>,
}

/// Reads a whole document; what was read before a fault is told too.
pub(super) fn read(reading: &mut Reading<'_, '_, '_>) -> Read<()> {
    let mut syft = Syft::default();
    let read = reading.object(&Path::Field(""), |reading, key| member(reading, &mut syft, key));
    reading.pointer.clear();
    syft.tell(reading, read.is_ok());
    read
}

fn member<'a>(reading: &mut Reading<'a, '_, '_>, syft: &mut Syft<'a>, key: &str) -> Read<()> {
    match key {
        "artifacts" => list(reading, "/artifacts", &mut |reading| {
            syft.counts.components += 1;
            artifact::package(reading)
        }),
        "files" => list(reading, "/files", &mut |reading| {
            syft.counts.files += 1;
            artifact::file(reading)
        }),
        "artifactRelationships" if reading.json.kind()? == Kind::Null => reading.json.skip(),
        "artifactRelationships" => reading.list(&Path::Field("/artifactRelationships"), |reading, index| {
            syft.counts.relationships += 1;
            relationship(reading, index)
        }),
        "source" => reading.within("/source", artifact::source),
        "distro" => reading.within("/distro", artifact::distribution),
        "schema" => reading.object(&Path::Field("/schema"), |reading, key| {
            match key {
                "version" => syft.version = reading.word(&Path::Field("/schema/version"))?.or(syft.version.take()),
                _ => reading.json.skip()?,
            }
            Ok(())
        }),
        "descriptor" => reading.object(&Path::Field("/descriptor"), |reading, key| {
            match key {
                "name" => syft.tool = reading.word(&Path::Field("/descriptor/name"))?,
                "timestamp" => syft.created = reading.word(&Path::Field("/descriptor/timestamp"))?,
                _ => reading.json.skip()?,
            }
            Ok(())
        }),
        _ => reading.json.skip(),
    }
}

/// Objects in a list, each with the pointer at it; a list that is missing altogether is empty.
fn list<'a, 's, 't>(
    reading: &mut Reading<'a, 's, 't>,
    field: &'static str,
    each: &mut dyn FnMut(&mut Reading<'a, 's, 't>) -> Read<()>,
) -> Read<()> {
    if reading.json.kind()? == Kind::Null {
        return reading.json.skip();
    }
    reading.pointer.push_str(field);
    let base = reading.pointer.len();
    reading.list(&Path::Field(""), |reading, index| {
        reading.stand_at(base, index);
        each(reading)?;
        reading.pointer.truncate(base);
        Ok(())
    })?;
    reading.pointer.clear();
    Ok(())
}

fn relationship(reading: &mut Reading<'_, '_, '_>, index: usize) -> Read<()> {
    let (mut parent, mut child, mut word) = (None, None, None);
    let path = |field| Path::Item("/artifactRelationships", index, field);
    reading.object(&path(""), |reading, key| {
        match key {
            "parent" => parent = reading.word(&path("/parent"))?,
            "child" => child = reading.word(&path("/child"))?,
            "type" => word = reading.word(&path("/type"))?,
            _ => reading.json.skip()?,
        }
        Ok(())
    })?;
    let (Some(parent), Some(child), Some(word)) = (parent, child, word) else {
        reading.repair(&path(""), "a relationship without both ends and a type", "nothing");
        return Ok(());
    };
    match &*word {
        "contains" | "ownership-by-file-overlap" | "depends-on" => reading.sink.depends(&parent, &child),
        "dependency-of" => reading.sink.depends(&child, &parent),
        _ => {}
    }
    Ok(())
}

impl Syft<'_> {
    fn tell(self, reading: &mut Reading<'_, '_, '_>, complete: bool) {
        if complete && self.version.is_none() {
            reading.repair(&Path::Field("/schema/version"), "missing", "the newest known version, 16");
        }
        let mut whole = Draft::default();
        if let Some(tool) = self.tool.clone() {
            whole.by(FactKind::Tool, tool, Path::Field("/descriptor/name"));
        }
        whole.tell_facts(Part::WHOLE, "", reading.sink);
        reading.sink.document(Document {
            version: self.version.map(Cow::into_owned),
            counts: self.counts,
            created: self.created.map(Cow::into_owned),
            states: States { tool: self.tool.is_some(), ..States::default() },
            creators: self.tool.map(Cow::into_owned).into_iter().collect(),
            ..Document::default()
        });
    }
}
