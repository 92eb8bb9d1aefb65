//! What an element points to: hashes, identifiers, and references to other places.
use std::borrow::Cow;

use super::names::{Names, last};
use super::value::{self, Value};
use crate::draft::{Draft, Path};
use crate::json::Read;
use crate::reading::Reading;
use crate::spdx::external;

pub(super) fn hashes<'a>(reading: &mut Reading<'a, '_, '_>, names: &Names, draft: &mut Draft<'a>) -> Read<()> {
    value::each(reading, "/verifiedUsing", &mut |reading, path, value| {
        let pair = pair(reading, names, value, ["algorithm", "hashValue"])?;
        for digest in pair.values {
            draft.hashed(last(&pair.of), digest, path.clone());
        }
        Ok(())
    })
}

pub(super) fn identifiers<'a>(reading: &mut Reading<'a, '_, '_>, names: &Names, draft: &mut Draft<'a>) -> Read<()> {
    value::each(reading, "/externalIdentifier", &mut |reading, path, value| {
        let said = pair(reading, names, value.clone(), ["externalIdentifierType", "identifier"])?;
        for identifier in said.values {
            external(draft, last(&said.of), identifier, path.clone());
        }
        if matches!(value, Value::Node(_)) {
            for url in pair(reading, names, value, ["", "identifierLocator"])?.values {
                draft.linked(url, &path);
            }
        }
        Ok(())
    })
}

pub(super) fn references<'a>(reading: &mut Reading<'a, '_, '_>, names: &Names, draft: &mut Draft<'a>) -> Read<()> {
    value::each(reading, "/externalRef", &mut |reading, path, value| {
        let pair = pair(reading, names, value, ["externalRefType", "locator"])?;
        for locator in pair.values {
            external(draft, last(&pair.of), locator, path.clone());
        }
        Ok(())
    })
}

/// What kind of thing a node is, and its values.
#[derive(Default)]
struct Pair<'a> {
    of: Cow<'a, str>,
    values: Vec<Cow<'a, str>>,
}

/// Two properties of a node; a text in the node's place is a value without a kind.
fn pair<'a>(reading: &mut Reading<'a, '_, '_>, names: &Names, value: Value<'a>, wanted: [&str; 2]) -> Read<Pair<'a>> {
    let mut pair = Pair::default();
    let at = match value {
        Value::Word(word) => {
            pair.values.push(word);
            return Ok(pair);
        }
        Value::Node(at) => at,
    };
    let after = reading.json.offset();
    reading.json.seek(at);
    reading.object(&Path::Field(""), |reading, key| {
        let key = names.local(key);
        let Some(place) = wanted.iter().position(|name| *name == key) else { return reading.json.skip() };
        value::each(reading, "", &mut |_, _, value| {
            match value {
                Value::Word(word) if place == 0 => pair.of = word,
                Value::Word(word) => pair.values.push(word),
                Value::Node(_) => {}
            }
            Ok(())
        })
    })?;
    reading.json.seek(after);
    Ok(pair)
}
