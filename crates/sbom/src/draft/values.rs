//! What stands inside a value: the host of a URL, the name at the end of a path, the algorithm of a digest.
use std::borrow::Cow;

use interdict_model::FactKind;

use crate::cyclonedx::words::ALGORITHMS;

/// The host of a URL, without user and port; `None` where the text is no URL.
#[inline]
pub(crate) fn host(url: &str) -> Option<&str> {
    const LONGEST: usize = 32;
    // Most values that are asked are no URLs: the first characters decide.
    let head = url.as_bytes().get(..LONGEST).unwrap_or(url.as_bytes());
    let colon = memchr::memchr(b':', head)?;
    if url.as_bytes().get(colon + 1..colon + 3) == Some(b"//") { host_of(url.trim(), colon) } else { None }
}

/// The host of what has `://` in its first characters.
fn host_of(url: &str, within: usize) -> Option<&str> {
    let scheme = memchr::memchr(b':', url.as_bytes()).filter(|scheme| (1..=within).contains(scheme))?;
    let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let rest = url.get(scheme + 3..)?;
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\')).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let host = match memchr::memrchr(b'@', authority.as_bytes()) {
        Some(at) => authority.get(at + 1..)?,
        None => authority,
    };
    let host = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next()?,
        None => memchr::memchr(b':', host.as_bytes()).and_then(|port| host.get(..port)).unwrap_or(host),
    };
    let is_host = |host: &str| !host.is_empty() && !host.contains(char::is_whitespace);
    (url.as_bytes().iter().take(scheme).all(is_scheme) && is_host(host)).then_some(host)
}

/// The last segment of a path, whichever way its slashes lean.
pub(crate) fn file_name(path: &str) -> &str {
    path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default()
}

/// One spelling of an algorithm's name, `sha256`, and the kind of fact its digests are; `None` for an empty name.
pub(super) fn algorithm_of(name: &str) -> Option<(Cow<'static, str>, Option<FactKind>)> {
    Some(match name {
        "SHA-256" | "SHA256" | "sha256" => (Cow::Borrowed("sha256"), Some(FactKind::Sha256)),
        "SHA-1" | "SHA1" | "sha1" => (Cow::Borrowed("sha1"), Some(FactKind::Sha1)),
        "MD5" | "md5" => (Cow::Borrowed("md5"), Some(FactKind::Md5)),
        "SHA-512" | "SHA512" | "sha512" => (Cow::Borrowed("sha512"), None),
        "" => return None,
        other => {
            let other = &*ALGORITHMS.said(other);
            let plain: String = other.rsplit('_').next().unwrap_or(other).to_ascii_lowercase();
            let plain = plain.replacen("sha-", "sha", 1);
            let kind = match plain.as_str() {
                "sha256" => Some(FactKind::Sha256),
                "sha1" => Some(FactKind::Sha1),
                "md5" => Some(FactKind::Md5),
                _ => None,
            };
            (Cow::Owned(plain), kind)
        }
    })
}

/// What is wrong with a package URL that is none, in words; nothing where there is only white space.
pub(crate) fn broken_purl(purl: &str) -> Option<String> {
    const SHOWN: usize = 80;
    let why = interdict_model::purl_fault(purl).filter(|_| !purl.trim().is_empty())?;
    let shown: String = purl.trim().chars().take(SHOWN).collect();
    Some(format!("`{shown}` is no package URL: {why}"))
}

/// A part of a package URL, or a URL in a qualifier of one: percent-encoded but for what may stand there.
pub(crate) fn encoded(url: &str) -> String {
    let mut out = String::new();
    for character in url.chars() {
        match character {
            c if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '~' | '/' | ':') => out.push(c),
            c => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    out.push('%');
                    out.push_str(&interdict_model::hex(&[byte]).to_ascii_uppercase());
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_stand_between_scheme_and_path() {
        for (url, want) in [
            ("https://opentip.kaspersky.com/api?x#y", Some("opentip.kaspersky.com")),
            ("git+https://user:pw@github.com:443/a/b.git@v1", Some("github.com")),
            ("ftp://h", Some("h")),
            ("http://[::1]:80/", Some("::1")),
            ("https:///path", None),
            ("see https://a.b", None),
            ("github.com/a/b", None),
            ("urn:cdx:1", None),
            ("", None),
        ] {
            assert_eq!(host(url), want, "{url}");
        }
    }

    #[test]
    fn algorithms_have_one_name() {
        for (name, want) in [
            ("SHA-256", "sha256"),
            ("checksumAlgorithm_sha1", "sha1"),
            ("SHA3-256", "sha3-256"),
            ("Md5", "md5"),
            ("HASH_ALG_SHA_3_512", "sha3-512"),
        ] {
            assert_eq!(algorithm_of(name).unwrap().0, want);
        }
        assert_eq!(algorithm_of("checksumAlgorithm_sha256").unwrap().1, Some(FactKind::Sha256));
    }
}
