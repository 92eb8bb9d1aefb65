//! Locators as URI references, for formats that know places only as URIs.
use std::fmt::Write as _;

use interdict_model::{Digest, Locator};

/// Each step of the chain of custody as a relative URI reference: the input, then each member in its container.
pub(crate) fn steps(locator: &Locator) -> Vec<String> {
    locator.steps().iter().map(|name| reference(name)).collect()
}

/// A name in bytes as a relative reference (RFC 3986 §4.2); every byte that is not plain is percent-encoded.
pub(crate) fn reference(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len());
    let first = name.split(|byte| *byte == b'/').next().unwrap_or_default();
    if first.contains(&b':') || name.starts_with(b"//") {
        // Without it the first part would read as a scheme, or as a host.
        out.push_str("./");
    }
    for byte in name {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'/'
            | b'!'
            | b'$'
            | b'&'
            | b'('
            | b')'
            | b'*'
            | b'+'
            | b','
            | b';'
            | b'='
            | b':'
            | b'@' => out.push(char::from(*byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// The locator as a URN: one that says nothing about where the file can be fetched.
pub(crate) fn urn(kind: &str, name: &str) -> String {
    format!("urn:interdict:{kind}:{}", reference(name.as_bytes()).trim_start_matches("./"))
}

/// A UUID of these bytes (RFC 9562 §5.8), so that the same content has the same name.
pub(crate) fn uuid(of: &[u8]) -> String {
    let digest = Digest::of(of);
    let part = |range: std::ops::Range<usize>| digest.hex().get(range).unwrap_or_default().to_owned();
    format!("{}-{}-8{}-a{}-{}", part(0..8), part(8..12), part(12..15), part(15..18), part(18..30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_plain_and_relative() {
        for (name, want) in [
            (&b"lib/libav.so"[..], "lib/libav.so"),
            (b"a b#c?d%\x1b\xff", "a%20b%23c%3Fd%25%1B%FF"),
            (b"C:\\x", "./C:%5Cx"),
            (b"//host/x", ".///host/x"),
            (b"javascript:alert(1)", "./javascript:alert(1)"),
        ] {
            assert_eq!(reference(name), want);
        }
        let locator = Locator::input(b"app.apk").member(b"lib/a#b.so");
        assert_eq!(steps(&locator), ["app.apk", "lib/a%23b.so"]);
    }
}
