//! Setup information of Windows' drivers (INF): who provides and who makes what is installed.
use std::collections::BTreeMap;

use interdict_model::{FactKind, Sink};

use super::lines::Lines;
use crate::read::text;

/// Lines looked at, and makers told of one file.
const MOST_LINES: usize = 65_536;
const MOST_MAKERS: usize = 256;
/// How far the beginning is looked at for the sign that it is such a file.
const LOOK: usize = 16 * 1024;

/// A text and where it stands.
type Placed<'a> = (usize, &'a [u8]);

/// States the makers; a name between percent signs stands for what `[Strings]` says.
pub(super) fn observe(lines: &Lines<'_>, sink: &mut Sink<'_>) {
    let bytes = lines.bytes();
    let head = bytes.get(..LOOK.min(bytes.len())).unwrap_or_default().to_ascii_lowercase();
    let holds = |word: &[u8]| memchr::memmem::find(&head, word).is_some();
    if !holds(b"[version]") || !(holds(b"$windows nt$") || holds(b"$chicago$") || holds(b"$windows 95$")) {
        return;
    }
    let mut strings: BTreeMap<Vec<u8>, Placed<'_>> = BTreeMap::new();
    let mut makers: Vec<Placed<'_>> = Vec::new();
    let mut section = Vec::new();
    let mut at = 0;
    for line in bytes.split(|byte| *byte == b'\n').take(MOST_LINES) {
        let start = at;
        at += line.len() + 1;
        let trimmed = line.trim_ascii();
        if let Some(name) = trimmed.strip_prefix(b"[").and_then(|rest| rest.split(|byte| *byte == b']').next()) {
            section = name.to_ascii_lowercase();
            continue;
        }
        let Some(equals) = memchr::memchr(b'=', line).filter(|_| !trimmed.starts_with(b";")) else { continue };
        let (key, value) = line.split_at(equals);
        let key = key.trim_ascii();
        let value = placed(start + equals + 1, value.get(1..).unwrap_or_default());
        if section.starts_with(b"strings") {
            strings.entry(key.to_ascii_lowercase()).or_insert(value);
        } else if makers.len() < MOST_MAKERS {
            if section == b"version" && key.eq_ignore_ascii_case(b"provider") {
                makers.push(value);
            } else if section == b"manufacturer" {
                makers.push(placed(start, line.get(..equals).unwrap_or_default()));
            }
        }
    }
    let mut told = Vec::new();
    for (at, maker) in makers {
        let token = maker.strip_prefix(b"%").and_then(|rest| rest.strip_suffix(b"%"));
        let (at, name) = match token {
            Some(token) => match strings.get(&token.to_ascii_lowercase()) {
                Some(found) => *found,
                None => continue,
            },
            None => (at, maker),
        };
        if !told.contains(&name) {
            sink.fact(FactKind::Manufacturer, &text(name), lines.place(at, name.len()));
            told.push(name);
        }
    }
}

/// A value without white space, quotes and what is remarked behind it.
fn placed(start: usize, value: &[u8]) -> Placed<'_> {
    let lead = value.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let rest = value.get(lead..).unwrap_or_default();
    if let Some(quoted) = rest.strip_prefix(b"\"") {
        let end = memchr::memchr(b'"', quoted).unwrap_or(quoted.len());
        return (start + lead + 1, quoted.get(..end).unwrap_or_default());
    }
    let end = memchr::memchr(b';', rest).unwrap_or(rest.len());
    (start + lead, rest.get(..end).unwrap_or_default().trim_ascii_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_without_what_surrounds_them() {
        for (value, place, text) in [
            (&b" %Maker% ; a remark"[..], 1, &b"%Maker%"[..]),
            (b"\"Example; Lab\"  ", 1, b"Example; Lab"),
            (b"\"open", 1, b"open"),
            (b"  ", 2, b""),
        ] {
            assert_eq!(placed(0, value), (place, text));
        }
    }
}
