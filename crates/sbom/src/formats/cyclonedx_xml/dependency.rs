//! Who needs whom: entries with entries in them, in the specification since 1.2 and in an extension before.
use std::borrow::Cow;

use super::document::{Bom, Reading};
use crate::draft::Path;
use crate::xml::Read;

/// The document's own list, or the one of the extension in its place.
pub(super) fn list<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>) -> Read<()> {
    let counted = walk(reading, None)?;
    bom.whole.counts.relationships += counted;
    Ok(())
}

/// The list of the extension inside of a component: what that one needs.
pub(super) fn of_component<'a>(reading: &mut Reading<'a, '_, '_>, reference: Cow<'a, str>) -> Read<()> {
    walk(reading, Some(reference)).map(|_| ())
}

/// Reads entries in entries with a stack of its own; returns how many are outermost.
fn walk<'a>(reading: &mut Reading<'a, '_, '_>, owner: Option<Cow<'a, str>>) -> Read<u64> {
    let mut counted = 0;
    let mut from: Vec<Option<Cow<'a, str>>> = vec![owner];
    while !from.is_empty() {
        let Some(tag) = reading.xml.child()? else {
            from.pop();
            continue;
        };
        if !matches!(tag.name, "dependency" | "provides") {
            reading.xml.skip()?;
            continue;
        }
        counted += u64::from(from.len() == 1);
        let to = reading.attribute("ref");
        match (from.last(), &to) {
            (Some(Some(from)), Some(to)) => reading.sink.depends(from, to),
            (_, Some(to)) if reading.wanted.may_name(to) => reading.sink.refers(to),
            (_, Some(_)) => {}
            (_, None) => {
                let index = counted.saturating_sub(1);
                let path = Path::Deep(format!("/dependencies/{index}").into());
                reading.repair_at(tag.at, &path, "a dependency without `ref`", "nothing");
            }
        }
        from.push(to);
    }
    Ok(counted)
}
