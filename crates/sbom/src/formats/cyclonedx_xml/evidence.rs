//! What a component was recognised by: identities claimed, places where it was seen, notices found in it.
use interdict_model::FactKind;

use super::document::Reading;
use crate::cyclonedx::identity;
use crate::draft::{Draft, Path};
use crate::xml::Read;

pub(super) fn read<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let mut claims = 0;
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "identity" => {
                claimed(reading, draft, claims)?;
                claims += 1;
            }
            "occurrences" => occurrences(reading, draft)?,
            "copyright" => notices(reading, draft)?,
            _ => reading.xml.skip()?,
        }
    }
    Ok(())
}

fn claimed<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, index: usize) -> Read<()> {
    let (mut of, mut claim) = (None, None);
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "field" => of = Some(reading.word()?),
            "concludedValue" => claim = Some(reading.word()?),
            _ => reading.xml.skip()?,
        }
    }
    if let (Some(kind), Some(claim)) = (of.as_deref().and_then(identity), claim) {
        draft.state(kind, claim, Path::Item("/evidence/identity", index, "/concludedValue"));
    }
    Ok(())
}

fn occurrences<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let mut index = 0;
    while reading.xml.child()?.is_some() {
        while let Some(tag) = reading.xml.child()? {
            if tag.name == "location" {
                let path = Path::Item("/evidence/occurrences", index, "/location");
                draft.state(FactKind::OwnedPath, reading.word()?, path);
            } else {
                reading.xml.skip()?;
            }
        }
        index += 1;
    }
    Ok(())
}

fn notices<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let mut index = 0;
    while reading.xml.child()?.is_some() {
        draft.state(FactKind::Copyright, reading.word()?, Path::Item("/evidence/copyright", index, "/text"));
        index += 1;
    }
    Ok(())
}
