//! What a component was recognised by: identities claimed, places where it was seen, notices found in it.
use interdict_model::FactKind;

use super::field;
use crate::cyclonedx::evidence;
use crate::cyclonedx::spot::Spot;
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::reading::Reading;

pub(super) fn read<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    reading.objects(&Path::Field("/evidence"), |reading, key| match key {
        // One object in 1.5, a list since 1.6: both are right.
        "identity" if reading.json.kind()? == Kind::Object => claimed(reading, draft, 0),
        "identity" => reading.list(&Path::Field("/evidence/identity"), |reading, index| claimed(reading, draft, index)),
        "occurrences" => occurrences(reading, draft),
        "callstack" => reading.object(&Path::Field("/evidence/callstack"), |reading, key| match key {
            "frames" => {
                reading.list(&Path::Field("/evidence/callstack/frames"), |reading, index| frame(reading, draft, index))
            }
            _ => reading.json.skip(),
        }),
        "copyright" => notices(reading, draft),
        "licenses" => field::licences(reading, draft, "/evidence/licenses"),
        _ => reading.json.skip(),
    })
}

/// An identity that somebody claims, and what the claim rests on.
fn claimed<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, index: usize) -> Read<()> {
    const AT: &str = "/evidence/identity";
    let (mut of, mut claim) = (None, None);
    reading.object(&Path::Item(AT, index, ""), |reading, key| {
        match key {
            "field" => of = reading.word(&Path::Item(AT, index, "/field"))?,
            "concludedValue" | "concluded_value" => {
                claim = reading.word(&Path::Item(AT, index, "/concludedValue"))?;
            }
            "methods" => reading.list(&Path::Item(AT, index, "/methods"), |reading, number| {
                method(reading, draft, &format!("{AT}/{index}/methods/{number}"))
            })?,
            _ => reading.json.skip()?,
        }
        Ok(())
    })?;
    if let (Some(of), Some(claim)) = (of, claim) {
        evidence::claim(draft, &of, claim, Path::Item(AT, index, "/concludedValue"));
    }
    Ok(())
}

/// How an identity was found out: by a file's name, or by a digest.
fn method<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: &str) -> Read<()> {
    let at = Spot::Deep(at);
    let (mut technique, mut value) = (None, None);
    reading.object(&at.path(""), |reading, key| {
        match key {
            "technique" => technique = reading.word(&at.path("/technique"))?,
            "value" => value = reading.json.scalar()?,
            _ => reading.json.skip()?,
        }
        Ok(())
    })?;
    if let Some(value) = value {
        evidence::method(draft, technique.as_deref(), value, &at.path("/value"));
    }
    Ok(())
}

fn occurrences<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    const AT: &str = "/evidence/occurrences";
    reading.list(&Path::Field(AT), |reading, index| {
        reading.object(&Path::Item(AT, index, ""), |reading, key| {
            let path = Path::Item(AT, index, "/location");
            match key {
                "location" => {
                    if let Some(location) = reading.word(&path)? {
                        draft.placed(location, &path);
                    }
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })
    })
}

/// One call on the way to the component: whose code called, and from which file.
fn frame<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, index: usize) -> Read<()> {
    const AT: &str = "/evidence/callstack/frames";
    reading.object(&Path::Item(AT, index, ""), |reading, key| {
        let Some(field) = evidence::frame_field(key) else { return reading.json.skip() };
        if let Some(word) = reading.word(&Path::Item(AT, index, field))? {
            evidence::frame(draft, field, word, index);
        }
        Ok(())
    })
}

fn notices<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    const AT: &str = "/evidence/copyright";
    reading.list(&Path::Field(AT), |reading, index| {
        let path = Path::Item(AT, index, "/text");
        if reading.json.kind()? != Kind::Object {
            if let Some(text) = reading.word(&Path::Item(AT, index, ""))? {
                draft.state(FactKind::Copyright, text, path);
            }
            return Ok(());
        }
        reading.object(&path, |reading, key| {
            match key {
                "text" => {
                    if let Some(text) = reading.word(&path)? {
                        draft.state(FactKind::Copyright, text, path.clone());
                    }
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })
    })
}
