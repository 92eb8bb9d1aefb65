//! Package URLs in canonical form (purl specification, ECMA-427), as far as a broken one allows.
use std::borrow::Cow;
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
    // What is odd may be written in a way that is read otherwise again: then it is no package URL to anybody.
    let settled = |text: &str| written(text).filter(|once| written(once).as_ref() == Some(once));
    settled(&guarded).unwrap_or_else(|| {
        let lower = guarded.to_lowercase();
        settled(&lower).unwrap_or(lower)
    })
}

fn written(text: &str) -> Option<String> {
    // The library holds distributions of CPAN to rules that the specification gave up.
    if let Some(rest) = without_type(text, "cpan") {
        return written(&format!("pkg:generic/{rest}")).map(|purl| purl.replacen("generic", "cpan", 1));
    }
    let purl = PackageUrl::from_str(text).ok()?.to_string();
    if !["pkg:brew/", "pkg:git/"].iter().any(|folded| purl.starts_with(folded)) {
        return Some(purl);
    }
    // Their names are in lower case, which the library does not know.
    let end = purl.find(['@', '?', '#']).unwrap_or(purl.len());
    let (path, rest) = purl.split_at(end);
    Some(path.to_lowercase() + rest)
}

fn without_type<'a>(text: &'a str, kind: &str) -> Option<&'a str> {
    let (scheme, rest) = text.split_at_checked(4)?;
    let (of, rest) = rest.trim_start_matches('/').split_once('/')?;
    (scheme.eq_ignore_ascii_case("pkg:") && of.eq_ignore_ascii_case(kind)).then_some(rest)
}

/// What makes a text no package URL; `None` where it is one, or only spelled as no canonical one is.
pub fn purl_fault(raw: &str) -> Option<&'static str> {
    let raw = raw.trim();
    let Some(rest) = raw.split_at_checked(4).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("pkg:")) else {
        return Some("it does not begin with `pkg:`");
    };
    let rest = rest.1.trim_start_matches('/');
    let (rest, _) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
    let Some((kind, path)) = rest.split_once('/') else { return Some("it has no name") };
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-');
    if !kind.starts_with(|c: char| c.is_ascii_alphabetic()) || !kind.chars().all(is_word) {
        return Some("its type is no word");
    }
    // A scope of npm whose `@` is not encoded is no version.
    let (path, version) = match path.rsplit_once('@') {
        Some((path, version)) if !version.contains('/') => (path, version),
        _ => (path.trim_end_matches('/'), ""),
    };
    let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
    if name.is_empty() {
        return Some("it has no name");
    }
    let keys = || qualifiers.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, _)| key);
    let is_key = |key: &str| key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'));
    if !keys().all(is_key) {
        return Some("the key of a qualifier is no word in lower case");
    }
    let is_lower = !kind.bytes().any(|byte| byte.is_ascii_uppercase());
    let kind = if is_lower { Cow::Borrowed(kind) } else { Cow::Owned(kind.to_ascii_lowercase()) };
    of_type(&kind, namespace.trim_matches('/'), name, version, &|| keys().any(|key| key == "uuid"))
}

/// What single types ask for beside that, where the specification tests it.
fn of_type(
    kind: &str,
    namespace: &str,
    name: &str,
    version: &str,
    has_uuid: &dyn Fn() -> bool,
) -> Option<&'static str> {
    match kind {
        "swift" | "vscode-extension" if namespace.is_empty() => Some("its type asks for a namespace"),
        "vcpkg" | "otp" if !namespace.is_empty() => Some("its type has no namespaces"),
        "julia" if !has_uuid() => Some("its type asks for a `uuid`"),
        "cpan" if name.contains("::") => Some("it names a module, and its type distributions"),
        "chrome-extension" => {
            let is_id = name.len() == 32 && name.bytes().all(|byte| matches!(byte, b'a'..=b'p'));
            let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let is_version =
                version.is_empty() || (version.split('.').count() <= 4 && version.split('.').all(is_number));
            (!is_id || !is_version).then_some("its type knows no such name or version")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{canonical, purl_fault};

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
            ("pkg:cpan/DateTime@1.55?author=DROLSKY", "pkg:cpan/DateTime@1.55?author=DROLSKY"),
            ("pkg:brew/Homebrew/Core/SQLite@3.43.2", "pkg:brew/homebrew/core/sqlite@3.43.2"),
            ("pkg:git/GitHub/Package-url/purl-Spec@244FD", "pkg:git/github/package-url/purl-spec@244FD"),
            ("not a purl", "not a purl"),
        ] {
            assert_eq!(canonical(raw), want);
            assert_eq!(canonical(&canonical(raw)), want);
        }
    }

    /// The specification's own tests, and what generators write.
    #[test]
    fn faults_are_told_from_spellings() {
        for sound in [
            "pkg:npm/%40kaspersky/hexa-ui@1.0.0",
            "pkg:npm/@kaspersky/hexa-ui@1.0.0",
            "pkg:npm/@kaspersky/hexa-ui",
            "PKG://Maven/com.kaspersky/x@1?classifier=a&type=jar#/src/",
            "pkg:golang/stdlib",
            "pkg:deb/libc6@2.36",
            "pkg:oci/debian@sha256%3A244fd?repository_url=docker.io/library/debian&tag=latest",
            "pkg:docker/smartentry/debian@dc437cc87d10?checksum=sha256:ad9503c3",
            "pkg:generic/x@1?download_url=https://a/b?c=d",
            "pkg:npm/foo/",
            "pkg:cpan/URI-PackageURL@2",
            "pkg:chrome-extension/dncgedbnidfkppmdgfgidcepclnokpkb@6.0.2.3611",
            "pkg:swift/github.com/Alamofire/Alamofire@5.4.3",
            "pkg:julia/Dates@1.9?uuid=ade2ca70-3891-5945-98fb-dc099432e06a",
        ] {
            assert_eq!(purl_fault(sound), None, "{sound}");
        }
        for (broken, word) in [
            ("EnterpriseLibrary.Common@6.0.1304", "begin"),
            ("pkg%3Amaven/org.apache.commons/io", "begin"),
            ("пкг:npm/a", "begin"),
            ("pkg:EnterpriseLibrary.Common@6.0.1304", "name"),
            ("pkg:/", "name"),
            ("pkg:golang/@?type=module", "name"),
            ("pkg:maven/@1.3.4", "name"),
            ("pkg:swift/github.com/Alamofire/@5.4.3", "name"),
            ("pkg:n&g?inx/nginx@0.8.9", "name"),
            ("pkg:3nginx/nginx@0.8.9", "word"),
            ("pkg:nginx:a/nginx@0.8.9", "word"),
            ("pkg:npm/myartifact@1.0.0?in%20production=true", "key"),
            ("pkg:rpm/fedora/curl@7.50.3?Arch=i386", "key"),
            ("pkg:swift/Alamofire@5.4.3", "asks"),
            ("pkg:vcpkg/boost/asio@1.84.0", "namespaces"),
            ("pkg:julia/Dates", "uuid"),
            ("pkg:cpan/GDT/URI::PackageURL", "module"),
            ("pkg:chrome-extension/dogs", "knows"),
            ("pkg:chrome-extension/dlpngalgnefjeiefhmpklpfiohadpglk@1.2.3-beta", "knows"),
        ] {
            assert!(purl_fault(broken).is_some_and(|why| why.contains(word)), "{broken}: {:?}", purl_fault(broken));
        }
    }
}
