//! What an agent's own object states of it: its name, its mail, its addresses.
use std::borrow::Cow;

use interdict_model::FactKind;

use super::names::Names;
use super::value::{self, Value};
use crate::draft::{Draft, Path};
use crate::json::Read;
use crate::reading::Reading;
use crate::spdx::asserted;

/// States the agent whose object comes next, at the place that refers to it.
pub(super) fn read<'a>(
    reading: &mut Reading<'a, '_, '_>,
    names: &Names,
    draft: &mut Draft<'a>,
    kind: FactKind,
    path: &Path,
) -> Read<()> {
    reading.object(path, |reading, key| match names.local(key) {
        "name" => value::each(reading, "", &mut |_, _, value| {
            if let Value::Word(name) = value
                && let Some(name) = asserted(name)
            {
                draft.by(kind, name, path.clone());
            }
            Ok(())
        }),
        "externalIdentifier" | "externalIdentifiers" | "externalRef" | "externalRefs" => {
            value::each(reading, "", &mut |reading, _, value| match value {
                Value::Node(at) => address(reading, names, draft, kind, path, at),
                Value::Word(word) => {
                    draft.linked(word, path);
                    Ok(())
                }
            })
        }
        _ => reading.json.skip(),
    })
}

/// An identifier or a reference of an agent: a mail is said like its name, a URL is a URL.
fn address<'a>(
    reading: &mut Reading<'a, '_, '_>,
    names: &Names,
    draft: &mut Draft<'a>,
    kind: FactKind,
    path: &Path,
    at: usize,
) -> Read<()> {
    let after = reading.json.offset();
    reading.json.seek(at);
    let mut said: Vec<Cow<'a, str>> = Vec::new();
    reading.object(path, |reading, key| match names.local(key) {
        "identifier" | "identifierLocator" | "locator" => value::each(reading, "", &mut |_, _, value| {
            if let Value::Word(word) = value {
                said.push(word);
            }
            Ok(())
        }),
        _ => reading.json.skip(),
    })?;
    for word in said {
        let bare = word.strip_prefix("mailto:").unwrap_or(&word);
        if bare.contains('@') && !bare.contains(['/', ' ']) {
            let bare = Cow::Owned(bare.to_owned());
            draft.state(kind, bare, path.clone());
        } else {
            draft.linked(word, path);
        }
    }
    reading.json.seek(after);
    Ok(())
}
