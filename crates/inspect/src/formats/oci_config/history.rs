//! Commands that built an image: the addresses in them, and the packages that a package manager was asked for.
use interdict_model::{At, FactKind, Sink};

/// Programs that install packages of a distribution, and the word with which they do.
const INSTALLERS: &[(&str, &str)] = &[
    ("apt-get", "install"),
    ("apt", "install"),
    ("aptitude", "install"),
    ("yum", "install"),
    ("dnf", "install"),
    ("microdnf", "install"),
    ("zypper", "install"),
    ("zypper", "in"),
    ("apk", "add"),
];

pub(super) fn tell(command: &str, at: At<'_>, sink: &mut Sink<'_>) {
    addresses(command, at, sink);
    for part in command.split(['&', ';', '|', '\n']) {
        let mut words = part.split_whitespace().skip_while(|word| INSTALLERS.iter().all(|(name, _)| name != word));
        let Some(installer) = words.next() else { continue };
        let is_install = |word: &&str| INSTALLERS.contains(&(installer, word));
        for name in words.skip_while(|word| !is_install(word)).skip(1) {
            let end = name.find(['=', '<', '>', '~', ':']).unwrap_or(name.len());
            let name = name.get(..end).unwrap_or_default();
            if name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+._-".contains(&b)) && !name.starts_with('-') {
                sink.fact(FactKind::PackageName, name, at);
            }
        }
    }
}

/// Every `https://…` in the text.
pub(super) fn addresses(text: &str, at: At<'_>, sink: &mut Sink<'_>) {
    for scheme in ["https://", "http://", "ftp://"] {
        for (start, _) in text.match_indices(scheme) {
            let rest = text.get(start..).unwrap_or_default();
            let end = rest.find(|c: char| c.is_whitespace() || "\"'`<>()[]{}\\;|,".contains(c)).unwrap_or(rest.len());
            sink.fact(FactKind::Url, rest.get(..end).unwrap_or_default(), at);
        }
    }
}
