//! What a component was recognised by: identities claimed, places where it was seen, notices found in it.
use std::borrow::Cow;

use interdict_model::FactKind;

use super::document::Reading;
use super::field;
use crate::cyclonedx::evidence;
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
            "callstack" => callstack(reading, draft)?,
            "copyright" => notices(reading, draft)?,
            "licenses" => field::licenses(reading, draft, "/evidence/licenses")?,
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
            "methods" => methods(reading, draft, index)?,
            _ => reading.xml.skip()?,
        }
    }
    if let (Some(of), Some(claim)) = (of, claim) {
        evidence::claim(draft, &of, claim, Path::Item("/evidence/identity", index, "/concludedValue"));
    }
    Ok(())
}

/// How an identity was found out.
fn methods<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, index: usize) -> Read<()> {
    let mut number = 0;
    while reading.xml.child()?.is_some() {
        let (mut technique, mut value) = (None, None);
        while let Some(tag) = reading.xml.child()? {
            match tag.name {
                "technique" => technique = Some(reading.word()?),
                "value" => value = Some(reading.word()?),
                _ => reading.xml.skip()?,
            }
        }
        if let Some(value) = value {
            let path = Path::Deep(format!("/evidence/identity/{index}/methods/{number}/value").into());
            evidence::method(draft, technique.as_deref(), value, &path);
        }
        number += 1;
    }
    Ok(())
}

fn occurrences<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let mut index = 0;
    while reading.xml.child()?.is_some() {
        while let Some(tag) = reading.xml.child()? {
            if tag.name == "location" {
                let path = Path::Item("/evidence/occurrences", index, "/location");
                draft.placed(reading.word()?, &path);
            } else {
                reading.xml.skip()?;
            }
        }
        index += 1;
    }
    Ok(())
}

fn callstack<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    while let Some(tag) = reading.xml.child()? {
        if tag.name != "frames" {
            reading.xml.skip()?;
            continue;
        }
        let mut index = 0;
        while reading.xml.child()?.is_some() {
            while let Some(tag) = reading.xml.child()? {
                match evidence::frame_field(tag.name) {
                    Some(field) => {
                        let word: Cow<'a, str> = reading.word()?;
                        evidence::frame(draft, field, word, index);
                    }
                    None => reading.xml.skip()?,
                }
            }
            index += 1;
        }
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
