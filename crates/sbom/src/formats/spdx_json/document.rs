//! The outermost object of an SPDX document: its lists, and what it says of itself.
use std::borrow::Cow;

use interdict_model::{Counts, Document, FactKind, GapReason, Part, Unseen};

use super::outline::Outline;
use super::{element, note};
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::reading::Reading;
use crate::spdx::{CREATORS, Element, Property, actor, edge, left_open, made_by, state, unknown_version};

/// Reads a whole document; what was read before a fault is told too.
pub(super) fn read(reading: &mut Reading<'_, '_, '_>, outline: &Outline) -> Read<()> {
    let mut spdx = Spdx {
        outline,
        counts: Counts::default(),
        version: None,
        created: None,
        creators: Vec::new(),
        has_namespace: false,
        elsewhere: 0,
        open_ends: 0,
        whole: Draft::default(),
    };
    let read = match outline.wrapper {
        None => keys(reading, &mut spdx),
        Some(wrapper) => {
            reading.repair(&Path::Field(""), &format!("the document stands under `{wrapper}`"), "the document itself");
            reading.object(&Path::Field(""), |reading, key| match key {
                key if key == wrapper => reading.within(&format!("/{wrapper}"), |reading| keys(reading, &mut spdx)),
                _ => reading.json.skip(),
            })
        }
    };
    reading.pointer.clear();
    spdx.tell(reading, read.is_ok());
    read
}

/// What is known of the document as a whole.
pub(super) struct Spdx<'a, 'o> {
    pub(super) outline: &'o Outline,
    pub(super) counts: Counts,
    version: Option<Cow<'a, str>>,
    created: Option<String>,
    has_namespace: bool,
    creators: Vec<String>,
    elsewhere: u64,
    open_ends: u64,
    whole: Draft<'a>,
}

impl Spdx<'_, '_> {
    fn tell(self, reading: &mut Reading<'_, '_, '_>, complete: bool) {
        let version = self.version.as_deref();
        if let Some((wrong, assumed)) = unknown_version(version).filter(|_| complete || version.is_some()) {
            reading.repair(&Path::Field("/spdxVersion"), &wrong, assumed);
        }
        self.whole.tell_facts(Part::WHOLE, "", reading.sink);
        if self.elsewhere > 0 {
            let detail = format!("the document refers to {} others that are not read with it", self.elsewhere);
            reading
                .sink
                .gap(Unseen::new(GapReason::Missing, detail).needing("the documents in `externalDocumentRefs`"));
        }
        let states = made_by(&self.creators, self.has_namespace);
        reading.sink.document(Document {
            of_build: false,
            version: self.version.map(Cow::into_owned),
            counts: self.counts,
            created: self.created,
            creators: self.creators,
            notes: left_open(self.open_ends).into_iter().collect(),
            states,
        });
    }
}

fn keys<'a>(reading: &mut Reading<'a, '_, '_>, spdx: &mut Spdx<'a, '_>) -> Read<()> {
    reading.object(&Path::Field(""), |reading, key| member(reading, spdx, key))
}

fn member<'a>(reading: &mut Reading<'a, '_, '_>, spdx: &mut Spdx<'a, '_>, key: &str) -> Read<()> {
    match key {
        // Writers of 2.1 had another name for it.
        "spdxVersion" | "specVersion" => {
            if let Some(version) = reading.word(&Path::Field("/spdxVersion"))? {
                spdx.version.get_or_insert(version);
            }
            Ok(())
        }
        "creationInfo" => creation(reading, spdx),
        "documentNamespace" => {
            spdx.has_namespace |= reading.word(&Path::Field("/documentNamespace"))?.is_some();
            Ok(())
        }
        "annotations" => note::annotations(reading, &mut spdx.whole),
        "comment" => {
            if let Some(text) = reading.word(&Path::Field("/comment"))? {
                state(&mut spdx.whole, Property::Prose, text, Path::Field("/comment"));
            }
            Ok(())
        }
        key if key.eq_ignore_ascii_case("packages") => element::list(reading, spdx, "/packages", Element::Package),
        "files" => element::list(reading, spdx, "/files", Element::File),
        "snippets" => element::list(reading, spdx, "/snippets", Element::Snippet),
        "documentDescribes" => element::described(reading, spdx),
        "relationships" => relationships(reading, spdx),
        "externalDocumentRefs" => reading.list(&Path::Field("/externalDocumentRefs"), |reading, _| {
            spdx.elsewhere += 1;
            reading.json.skip()
        }),
        _ => reading.json.skip(),
    }
}

fn creation<'a>(reading: &mut Reading<'a, '_, '_>, spdx: &mut Spdx<'a, '_>) -> Read<()> {
    reading.object(&Path::Field("/creationInfo"), |reading, key| match key {
        "created" => {
            if let Some(created) = reading.word(&Path::Field("/creationInfo/created"))? {
                spdx.created.get_or_insert(created.into_owned());
            }
            Ok(())
        }
        "creators" => reading.list(&Path::Field("/creationInfo/creators"), |reading, index| {
            let path = Path::Item("/creationInfo/creators", index, "");
            if let Some(creator) = reading.word(&path)? {
                if spdx.creators.len() < CREATORS {
                    spdx.creators.push(creator.clone().into_owned());
                }
                actor(&mut spdx.whole, FactKind::Author, creator, &path);
            }
            Ok(())
        }),
        "comment" => {
            if let Some(text) = reading.word(&Path::Field("/creationInfo/comment"))? {
                state(&mut spdx.whole, Property::Prose, text, Path::Field("/creationInfo/comment"));
            }
            Ok(())
        }
        _ => reading.json.skip(),
    })
}

fn relationships<'a>(reading: &mut Reading<'a, '_, '_>, spdx: &mut Spdx<'a, '_>) -> Read<()> {
    reading.list(&Path::Field("/relationships"), |reading, index| {
        spdx.counts.relationships += 1;
        let (mut from, mut word, mut to) = (None, None, None);
        if reading.json.kind()? != Kind::Object {
            let kind = reading.json.kind()?;
            return reading.not(kind, "a relationship", &Path::Item("/relationships", index, ""));
        }
        reading.object(&Path::Field(""), |reading, key| {
            match key {
                "spdxElementId" => from = reading.word(&Path::Item("/relationships", index, "/spdxElementId"))?,
                "relationshipType" => word = reading.word(&Path::Item("/relationships", index, "/relationshipType"))?,
                "relatedSpdxElement" => {
                    to = reading.word(&Path::Item("/relationships", index, "/relatedSpdxElement"))?;
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })?;
        if let (Some(from), Some(word), Some(to)) = (&from, &word, &to) {
            spdx.open_ends += u64::from(edge(reading.sink, from, word, to));
        } else {
            reading.repair(
                &Path::Item("/relationships", index, ""),
                "a relationship without both ends and a type",
                "nothing",
            );
        }
        Ok(())
    })
}
