//! Apple's platforms: Podfile.lock, Package.resolved of Swift, Cartfile.resolved.
use super::list::{List, Package, exact};
use super::tree::Tree;

/// `Podfile.lock`: `Name/Part (1.0)`, alone or with what it needs.
pub(super) fn pods(tree: &Tree, list: &mut List) {
    for (index, one) in tree.each("PODS") {
        let (text, needs) = match one.members().first() {
            Some((key, needs)) => (key.as_str(), needs.items()),
            None => (one.text(), [].as_slice()),
        };
        let (name, version) = text.split_once(" (").unwrap_or((text, ""));
        // A part of a pod is the pod.
        let (name, part) = name.split_once('/').unwrap_or((name, ""));
        let package = Package::new("cocoapods", name, exact(version.trim_end_matches(')')), format!("/PODS/{index}"));
        let needs = needs.iter().filter_map(|need| need.text().split([' ', '/']).next());
        if part.is_empty() || list.packages.last().is_none_or(|last| last.name != package.name) {
            list.push_with(package, needs);
        } else {
            let from = package.reference();
            list.asks.extend(needs.map(|need| (from.clone(), need.to_owned())));
        }
    }
}

/// `Package.resolved` of every version.
pub(super) fn swift(tree: &Tree, list: &mut List) {
    for (holder, at) in [(tree, "/pins"), (tree.at("object"), "/object/pins")] {
        for (index, pin) in holder.each("pins") {
            let url = [pin.word("location"), pin.word("repositoryURL")].into_iter().find(|url| !url.is_empty());
            let url = url.unwrap_or_default();
            let name = [repository(url), pin.word("identity"), pin.word("package")];
            let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
            let state = pin.at("state");
            let version = [state.word("version"), state.word("revision")].into_iter().find(|text| !text.is_empty());
            let package = Package::new("swift", name, version.unwrap_or_default(), format!("{at}/{index}"));
            list.push(package.from(url));
        }
    }
}

/// `github "owner/name" "1.0"`, `git "https://…" "1.0"`, `binary "https://…" "1.0"`.
pub(super) fn carthage(text: &str, list: &mut List) {
    for (index, line) in text.lines().enumerate() {
        let parts: Vec<&str> = line.trim().split('"').collect();
        let at = format!("line {}", index + 1);
        let (Some(kind), Some(from)) = (parts.first(), parts.get(1)) else { continue };
        let version = parts.get(3).copied().unwrap_or_default();
        match kind.trim() {
            "github" if !from.contains("://") => list.push(Package::new("github", from, version, at)),
            "github" | "git" | "binary" => list.push(Package::new("swift", repository(from), version, at).from(from)),
            _ => {}
        }
    }
}

/// `https://github.com/owner/name.git` as `github.com/owner/name`.
fn repository(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.trim_end_matches('/').trim_end_matches(".git")
}
