//! The head and foot of the page, and the policy under which a browser opens it.
use interdict_model::{Digest, Report};

use super::Html;
use crate::said;
use crate::view::View;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

pub(super) fn open(view: &View<'_>, page: &mut Html) {
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    // Only this style and this script, by their digests; nothing else may load, run or be sent.
    page.put(format_args!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
         script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n",
        base64(&Digest::of(STYLE.as_bytes())),
        base64(&Digest::of(SCRIPT.as_bytes())),
    ));
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.raw("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.element("title", "", &format!("interdict: {}", said::outcome(view)));
    page.put(format_args!("\n<style>{STYLE}</style>\n</head>\n<body>\n"));
    page.raw("<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n");
}

pub(super) fn close(report: &Report, page: &mut Html) {
    page.raw("<footer>\n");
    let text = format!(
        "Made by {} {} from a report of schema {}. It is evidence, not legal advice.",
        report.tool.name, report.tool.version, report.schema
    );
    page.element("p", "", &text);
    page.put(format_args!("\n</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"));
}

/// The digest as content security policies write it (RFC 4648 §4).
fn base64(digest: &Digest) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u32> = digest.hex().chars().filter_map(|digit| digit.to_digit(16)).collect();
    let mut out = String::with_capacity(44);
    // Three hexadecimal digits are two letters; the last single digit is one and a padded rest.
    for group in bits.chunks(3) {
        let value = group.iter().fold(0, |value, digit| value << 4 | digit) << (4 * (3 - group.len()));
        for part in [value >> 6, value & 63].into_iter().take(group.len().min(2)) {
            out.extend(LETTERS.get(part as usize).map(|letter| char::from(*letter)));
        }
    }
    while !out.len().is_multiple_of(4) {
        out.push('=');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_as_policies_write_them() {
        assert_eq!(base64(&Digest::of(b"")), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(base64(&Digest::of(b"alert(1)")), "bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=");
    }

    #[test]
    fn style_and_script_cannot_end_early() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--"), "{text}");
            assert!(!text.contains("http") && !text.contains("url(") && !text.contains("@import"), "{text}");
        }
    }
}
