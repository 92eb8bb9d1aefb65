//! One spelling a value: the door through which every observed value passes once.
mod cpe;
mod disguise;
mod escape;
mod purl;
mod text;

use std::borrow::Cow;

pub use self::disguise::{as_shown, disguise};
pub use self::purl::purl_fault;
pub use self::text::text;
use crate::{FactKind, Form};

/// The canonical spelling of a value of this kind.
///
/// A rule's patterns pass through the same door when a pack is compiled, so that both sides meet in one spelling.
pub fn canonical(kind: FactKind, raw: &str) -> Cow<'_, str> {
    match kind.form() {
        Form::Text => text(raw),
        Form::Exact => Cow::Borrowed(raw.trim()),
        Form::Path => path(raw),
        Form::Hex => hex(raw),
        Form::Purl => Cow::Owned(purl::canonical(raw)),
        Form::Cpe => Cow::Owned(cpe::canonical(raw)),
        Form::Url => url(raw),
    }
}

fn path(raw: &str) -> Cow<'_, str> {
    let settled = |c: char| !c.is_uppercase() && c != '\\' && !c.is_control();
    if raw.chars().all(settled) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(
        raw.chars()
            .filter(|c| !c.is_control())
            .map(|c| if c == '\\' { '/' } else { c })
            .flat_map(char::to_lowercase)
            .collect(),
    )
}

fn hex(raw: &str) -> Cow<'_, str> {
    if raw.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect())
}

/// Scheme and host in lower case, the path as it is; without white space around.
fn url(raw: &str) -> Cow<'_, str> {
    let raw = raw.trim();
    let start = raw.find("://").map_or(0, |at| at + 3);
    let end = raw.get(start..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(raw.len(), |at| start + at);
    let (head, tail) = raw.split_at(end);
    if head.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(format!("{}{tail}", head.to_ascii_lowercase()));
    }
    Cow::Borrowed(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_idempotent() {
        for (kind, raw, want) in [
            (FactKind::FileName, "KlHk.SYS", "klhk.sys"),
            (FactKind::DebugPath, r"C:\a\b\X.pdb", "c:/a/b/x.pdb"),
            (FactKind::Sha1, "AB:cd 01", "abcd01"),
            (FactKind::Url, "HTTPS://OpenTIP.Kaspersky.com/Api", "https://opentip.kaspersky.com/Api"),
            (FactKind::Host, "DNL-01.geo.kaspersky.com", "dnl-01.geo.kaspersky.com"),
            (FactKind::UndefinedSymbol, "kaveScanFile", "kaveScanFile"),
        ] {
            let once = canonical(kind, raw).into_owned();
            assert_eq!(once, want);
            assert_eq!(canonical(kind, &once), want);
        }
    }
}
