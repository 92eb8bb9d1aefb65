//! What an image is called: `registry/name:tag@digest`, as a package URL.
use interdict_model::{At, FactKind, Sink};

pub(super) fn tell(reference: &str, at: At<'_>, sink: &mut Sink<'_>) {
    if let Some(purl) = purl(reference) {
        sink.fact(FactKind::Purl, &purl, at);
    }
}

fn purl(reference: &str) -> Option<String> {
    let (name, digest) = reference.split_once('@').map_or((reference, None), |(name, digest)| (name, Some(digest)));
    // A colon behind the last slash parts the tag, one before it the port.
    let slash = name.rfind('/').map_or(0, |at| at + 1);
    let colon = name.get(slash..)?.find(':').map(|at| slash + at);
    let (path, tag) = colon.and_then(|at| name.split_at_checked(at)).map_or((name, ""), |(path, tag)| (path, tag));
    let tag = tag.trim_start_matches(':');
    let (registry, path) = match path.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), rest),
        _ => (None, path),
    };
    let is_sane = !path.is_empty() && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b));
    if !is_sane {
        return None;
    }
    let version = if tag.is_empty() { digest.map(|digest| digest.replace(':', "%3A")) } else { Some(tag.to_owned()) };
    let version = version.map(|version| format!("@{version}")).unwrap_or_default();
    let registry = registry.filter(|registry| *registry != "docker.io");
    let registry = registry.map(|registry| format!("?repository_url={registry}")).unwrap_or_default();
    let path = path.strip_prefix("library/").unwrap_or(path);
    Some(format!("pkg:docker/{path}{version}{registry}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_package_urls() {
        for (reference, want) in [
            ("example/app:1.0", Some("pkg:docker/example/app@1.0")),
            ("docker.io/library/alpine:3", Some("pkg:docker/alpine@3")),
            ("registry.example.com:5000/a/b/c", Some("pkg:docker/a/b/c?repository_url=registry.example.com:5000")),
            ("a@sha256:00ff", Some("pkg:docker/a@sha256%3A00ff")),
            ("<none>:<none>", None),
            ("", None),
        ] {
            assert_eq!(purl(reference).as_deref(), want, "{reference}");
        }
    }
}
