//! Every scalar below a value, with the keys that lead to it: for metadata whose shape differs from writer to writer.
use std::borrow::Cow;
use std::fmt::Write as _;

use crate::json::{Kind, Read};
use crate::reading::Reading;

/// Lists and objects inside one another; deeper ones are a gap.
pub(crate) const DEPTH: usize = 64;

/// One scalar.
pub(crate) struct Leaf<'a, 'l> {
    /// The nearest key; empty at the top.
    pub(crate) key: &'l str,
    /// The keys that lead to it, lists left out: `files`, `digest`.
    pub(crate) above: &'l [Cow<'a, str>],
    /// Where it stands, from the value down.
    pub(crate) at: &'l str,
    pub(crate) value: Cow<'a, str>,
}

struct Frame {
    is_object: bool,
    base: usize,
    index: usize,
    keys: usize,
}

/// Says every text, number and truth value below the value that comes next. In a list of `{"key": …, "value": …}` the key
/// is the one that stands there.
pub(crate) fn leaves<'a>(
    reading: &mut Reading<'a, '_, '_>,
    at: &str,
    say: &mut dyn FnMut(&mut Reading<'a, '_, '_>, Leaf<'a, '_>),
) -> Read<()> {
    const LONGEST: usize = 128;
    let mut pointer = at.to_owned();
    let mut keys: Vec<Cow<'a, str>> = Vec::new();
    let mut frames: Vec<Frame> = Vec::new();
    let mut pair: Option<Cow<'a, str>> = None;
    loop {
        match reading.json.kind()? {
            kind @ (Kind::Object | Kind::Array) if frames.len() < DEPTH => {
                reading.json.open()?;
                pair = None;
                frames.push(Frame { is_object: kind == Kind::Object, base: pointer.len(), index: 0, keys: keys.len() });
            }
            Kind::Object | Kind::Array => {
                reading.ledger.too_deep(&pointer);
                reading.json.skip()?;
            }
            _ => {
                if let Some(value) = reading.json.scalar()? {
                    let key = keys.last().map(|key| &**key).unwrap_or_default();
                    if key == "key" {
                        pair = Some(value.clone());
                    }
                    let named = pair.as_deref().filter(|_| key == "value").unwrap_or(key);
                    let above = keys.get(..keys.len().saturating_sub(1)).unwrap_or_default();
                    say(reading, Leaf { key: named, above, at: &pointer, value });
                }
            }
        }
        loop {
            let Some(frame) = frames.last_mut() else { return Ok(()) };
            pointer.truncate(frame.base);
            keys.truncate(frame.keys);
            if frame.is_object {
                if let Some(key) = reading.json.key()? {
                    pointer.push('/');
                    for character in key.chars().take(LONGEST) {
                        match character {
                            '~' => pointer.push_str("~0"),
                            '/' => pointer.push_str("~1"),
                            other => pointer.push(other),
                        }
                    }
                    keys.push(key);
                    break;
                }
            } else if reading.json.item()? {
                // Writing to a `String` cannot fail.
                let _ = write!(pointer, "/{}", frame.index);
                frame.index += 1;
                break;
            }
            frames.pop();
        }
    }
}
