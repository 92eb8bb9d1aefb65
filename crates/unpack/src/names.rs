//! Names and links that a careless unpacker would follow, or a careless reader misread: told, never followed.
use std::borrow::Cow;

use interdict_model::Members;

/// Tells what is odd about a member's name.
pub(crate) fn odd(members: &mut dyn Members, name: &[u8]) {
    members.entry(name);
    let climbs = name.split(|byte| matches!(byte, b'/' | b'\\')).any(|part| part == b"..");
    let has_drive = name.first().is_some_and(u8::is_ascii_alphabetic) && name.get(1) == Some(&b':');
    if climbs || name.starts_with(b"/") || name.starts_with(b"\\") || has_drive {
        members.anomaly(Some(name), "path-traversal", "an absolute path, or one that climbs out".to_owned());
    }
    match std::str::from_utf8(name) {
        Ok(text) if text.chars().any(is_disguise) => {
            members.anomaly(Some(name), "disguised-name", "characters that turn or hide others when shown".to_owned());
        }
        Ok(text) if text.chars().any(char::is_control) => {
            members.anomaly(Some(name), "control-in-name", "control characters in the name".to_owned());
        }
        _ => {}
    }
}

/// Names of Windows part their folders by backslashes. In the old code pages of East Asia that byte may be half a letter:
/// what is no UTF-8 is left as it is.
pub(crate) fn slashed(name: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    if name.contains(&b'\\') && std::str::from_utf8(&name).is_ok() {
        let mut parted: Vec<u8> = name.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
        parted.dedup_by(|later, earlier| *later == b'/' && *earlier == b'/');
        parted.into()
    } else {
        name
    }
}

/// A path without empty and dot parts.
pub(crate) fn plain(path: &[u8]) -> Vec<u8> {
    let parts: Vec<&[u8]> = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".").collect();
    parts.join(&b'/')
}

/// Marks of direction, and what has no width (Unicode UAX 9, UTR 36).
fn is_disguise(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Tells of a link that leaves its container. In the image of a system, absolute links begin at its own root.
pub(crate) fn link(members: &mut dyn Members, name: &[u8], to: &[u8], is_system: bool) {
    let is_absolute = to.starts_with(b"/") && !is_system;
    if is_absolute || climbs_out(name, to) {
        members.anomaly(Some(name), "link-out", format!("a link to `{}`", to.escape_ascii()));
    }
}

/// Whether a relative link, followed from its folder, passes above the root.
fn climbs_out(name: &[u8], to: &[u8]) -> bool {
    if to.starts_with(b"/") {
        return false;
    }
    let parts = |path: &[u8]| path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".").count();
    let mut depth = parts(name).saturating_sub(1);
    for part in to.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".") {
        if part == b".." {
            let Some(above) = depth.checked_sub(1) else { return true };
            depth = above;
        } else {
            depth += 1;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_stay_are_not_odd() {
        for (name, to, out) in [
            ("./usr/lib/a.so", "../share/a.so", false),
            ("usr/lib/a.so", "../../../etc/passwd", true),
            ("a", "..", true),
            ("a/b", "./../c", false),
            ("a/b", "/etc/passwd", false),
        ] {
            assert_eq!(climbs_out(name.as_bytes(), to.as_bytes()), out, "{name} -> {to}");
        }
    }
}
