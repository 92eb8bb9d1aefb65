//! The namespaces of SWID tags: the standard's own, and those that stand for an algorithm of digests.

/// What every namespace of the standard begins with.
pub(super) const ADDRESS: &str = "standards.iso.org/iso/19770/-2/";

/// Where an element or attribute belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Swid,
    /// No namespace at all.
    Nowhere,
    /// The attributes in it are digests, by this algorithm.
    Digest(&'static str),
    /// XML signatures.
    Signature,
    Foreign,
}

impl Space {
    /// Whether an element is read as one of the standard's own.
    pub(super) const fn is_own(self) -> bool {
        matches!(self, Self::Swid | Self::Nowhere)
    }
}

/// The namespace of this URI.
pub(super) fn named(uri: &str) -> Space {
    const ALGORITHMS: &[&str] = &["sha256", "sha1", "md5", "sha512", "sha384", "sha224"];
    if uri.is_empty() {
        return Space::Nowhere;
    }
    if uri.contains(ADDRESS) {
        return Space::Swid;
    }
    match uri.rsplit_once('#') {
        Some((_, word)) => {
            let plain = word.replace('-', "");
            match ALGORITHMS.iter().find(|algorithm| plain.eq_ignore_ascii_case(algorithm)) {
                Some(algorithm) => Space::Digest(algorithm),
                None if uri.contains("/xmldsig#") => Space::Signature,
                None => Space::Foreign,
            }
        }
        None => Space::Foreign,
    }
}

/// The year that a namespace of the standard names.
pub(super) fn year(uri: &str) -> Option<&str> {
    let (_, behind) = uri.split_once(ADDRESS)?;
    let year = behind.split('/').next()?;
    let len = year.bytes().take_while(u8::is_ascii_digit).count();
    year.get(..len).filter(|year| !year.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_years() {
        for (uri, want, written) in [
            ("http://standards.iso.org/iso/19770/-2/2015/schema.xsd", Space::Swid, Some("2015")),
            ("http://standards.iso.org/iso/19770/-2/2015-current/schema.xsd", Space::Swid, Some("2015")),
            ("http://standards.iso.org/iso/19770/-2/2009/schema.xsd", Space::Swid, Some("2009")),
            ("http://www.w3.org/2001/04/xmlenc#sha256", Space::Digest("sha256"), None),
            ("http://www.w3.org/2000/09/xmldsig#sha1", Space::Digest("sha1"), None),
            ("http://www.w3.org/2001/04/xmldsig-more#md5", Space::Digest("md5"), None),
            ("http://www.w3.org/2000/09/xmldsig#", Space::Signature, None),
            ("http://csrc.nist.gov/ns/swid/2015-extensions/1.0", Space::Foreign, None),
            ("", Space::Nowhere, None),
        ] {
            assert_eq!((named(uri), year(uri)), (want, written), "{uri}");
        }
    }
}
