//! Package URLs in canonical form (purl specification, ECMA-427), as far as a broken one allows.
use std::str::FromStr as _;

use packageurl::PackageUrl;

/// The canonical form; where the text is no purl, the text itself in lower case, so that a rule can still see it.
pub(super) fn canonical(raw: &str) -> String {
    let raw = raw.trim();
    // A download_url qualifier with a query of its own, unencoded, would be split at its `?`: encode all but the first.
    let guarded = match raw.split_once('?') {
        Some((head, query)) if query.contains('?') => format!("{head}?{}", query.replace('?', "%3F")),
        _ => raw.to_owned(),
    };
    let written = |text: &str| PackageUrl::from_str(text).ok().map(|purl| purl.to_string());
    // What is odd may be written in a way that is read otherwise again: then it is no package URL to anybody.
    let settled = |text: &str| written(text).filter(|once| written(once).as_ref() == Some(once));
    settled(&guarded).unwrap_or_else(|| {
        let lower = guarded.to_lowercase();
        settled(&lower).unwrap_or(lower)
    })
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn spellings_meet() {
        for (raw, want) in [
            ("pkg:npm/%40kaspersky/hexa-ui@1.0.0", "pkg:npm/%40kaspersky/hexa-ui@1.0.0"),
            ("pkg:npm/@kaspersky/hexa-ui@1.0.0", "pkg:npm/%40kaspersky/hexa-ui@1.0.0"),
            (
                "PKG:Maven/com.kaspersky.android-components/kaspresso@1.5",
                "pkg:maven/com.kaspersky.android-components/kaspresso@1.5",
            ),
            ("pkg:pypi/OpenTIP@1.2", "pkg:pypi/opentip@1.2"),
            ("not a purl", "not a purl"),
        ] {
            assert_eq!(canonical(raw), want);
            assert_eq!(canonical(&canonical(raw)), want);
        }
    }
}
