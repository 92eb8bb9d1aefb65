//! What artifacts say of what they are and who made them: packages, installers, images, programs; and which place each says it of.
use std::borrow::Cow;

use interdict_model::{FactKind, Locator, Part};
use serde::{Deserialize, Serialize};

/// What one artifact says of itself, or of what it lies in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Imprint {
    by: Cow<'static, str>,
    pub(crate) name: Said,
    pub(crate) version: Said,
    pub(crate) supplier: Said,
    pub(crate) purl: Option<String>,
    /// The name under which a package manager knows it.
    pub(crate) package: Option<String>,
    /// Of a list of files that a package put in place: each path, as a number.
    pub(crate) owned: Vec<u64>,
    /// Of a database of installed packages: each with its list.
    pub(crate) installed: Vec<Installed>,
}

/// A package in a database of installed ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Installed {
    part: u32,
    pub(crate) package: String,
    pub(crate) owned: Vec<u64>,
}

/// A value, and how well its kind says what it is taken for: 0 is best.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said(Option<(u8, String)>);

impl Said {
    pub(crate) fn text(&self) -> Option<&str> {
        self.0.as_ref().map(|(_, text)| text.as_str())
    }

    fn take(&mut self, rank: u8, text: &str) {
        if self.0.as_ref().is_none_or(|(known, _)| rank < *known) {
            self.0 = Some((rank, text.to_owned()));
        }
    }
}

/// How well a signer says who made a thing: worse than anything that it says itself.
const SIGNED: u8 = 4;
/// Longer ones are no names.
const LONGEST: usize = 300;
/// Paths kept of one list of files.
const OWNED: usize = 1 << 20;
/// What tells the public that it signed another's driver, and made nothing of it.
const COUNTERSIGNERS: &[&str] = &["Microsoft Windows Hardware Compatibility Publisher", "Microsoft Corporation"];
/// Observers of databases of installed packages, which tell each package's name before its files.
const DATABASES: &[&str] = &["apk-pkginfo", "rpm-database"];
/// Observers that say what a thing is called on the disk, or which words stand in it.
const OUTSIDE: &[&str] = &["path", "content", "text"];

/// Whether facts of this kind are taken down, whatever rules ask for.
pub(crate) fn asks(kind: FactKind) -> bool {
    use FactKind as Kind;
    matches!(
        kind,
        Kind::ProductName
            | Kind::Name
            | Kind::PackageName
            | Kind::BundleId
            | Kind::Version
            | Kind::CompanyName
            | Kind::Supplier
            | Kind::Manufacturer
            | Kind::Publisher
            | Kind::Author
            | Kind::SignerSubject
            | Kind::Purl
            | Kind::OwnedPath
    )
}

impl Imprint {
    /// Takes down what an observer says of the artifact itself.
    pub(crate) fn hear(&mut self, by: &'static str, kind: FactKind, raw: &str) {
        use FactKind as Kind;
        let text = raw.trim();
        if OUTSIDE.contains(&by) || text.is_empty() || text.len() > LONGEST {
            return;
        }
        match kind {
            // An author of a build is a login name.
            Kind::Author if by == "java-manifest" => return,
            Kind::OwnedPath if matches!(by, "deb-control" | "python-metadata") => {
                if self.owned.len() < OWNED {
                    self.owned.push(path_number(text));
                }
            }
            Kind::ProductName => self.name.take(0, text),
            Kind::Name => self.name.take(1, text),
            Kind::PackageName | Kind::BundleId => {
                self.name.take(2, text);
                self.package.get_or_insert_with(|| text.to_owned());
            }
            Kind::Version => self.version.take(0, text),
            Kind::CompanyName | Kind::Supplier => self.supplier.take(0, text),
            Kind::Manufacturer => self.supplier.take(1, text),
            Kind::Publisher => self.supplier.take(2, text),
            Kind::Author => self.supplier.take(3, text),
            Kind::SignerSubject if !COUNTERSIGNERS.contains(&text) => self.supplier.take(SIGNED, text),
            Kind::Purl => {
                self.purl.get_or_insert_with(|| text.to_owned());
            }
            _ => return,
        }
        self.by = Cow::Borrowed(by);
    }

    /// Takes down what a database says of one of the packages that are installed.
    pub(crate) fn hear_of_part(&mut self, by: &'static str, Part(part): Part, kind: FactKind, raw: &str) {
        if !DATABASES.contains(&by) || raw.is_empty() || raw.len() > LONGEST {
            return;
        }
        match (kind, self.installed.last_mut().filter(|last| last.part == part)) {
            (FactKind::PackageName, None) => {
                self.installed.push(Installed { part, package: raw.to_owned(), owned: Vec::new() });
                self.by = Cow::Borrowed(by);
            }
            (FactKind::OwnedPath, Some(last)) if last.owned.len() < OWNED => last.owned.push(path_number(raw)),
            _ => {}
        }
    }

    /// Whether a signature alone says who made it.
    pub(crate) fn is_signed(&self) -> bool {
        self.supplier.0.as_ref().is_some_and(|(rank, _)| *rank == SIGNED)
    }

    /// Whether it says anything that somebody could ask for.
    pub(crate) fn is_telling(&self) -> bool {
        self.name.0.is_some() || self.supplier.0.is_some() || !self.owned.is_empty() || !self.installed.is_empty()
    }

    /// Whether it names one of the parts that were put together in an archive or folder, and not the whole.
    fn is_of_a_part(&self) -> bool {
        matches!(&*self.by, "java-manifest" | "python-metadata") && self.purl.is_some()
    }

    fn join(&mut self, other: &Self) {
        for (own, theirs) in
            [(&mut self.name, &other.name), (&mut self.version, &other.version), (&mut self.supplier, &other.supplier)]
        {
            if let Some((rank, text)) = &theirs.0 {
                own.take(*rank, text);
            }
        }
        self.purl = self.purl.take().or_else(|| other.purl.clone());
        self.package = self.package.take().or_else(|| other.package.clone());
    }

    /// What several say of one place, in an order that does not change.
    pub(crate) fn joined(all: &[(Locator, Self)]) -> Self {
        let parts = all.iter().filter(|(_, one)| one.is_of_a_part()).count();
        let of_whole = all.iter().filter(|(_, one)| parts < 2 || !one.is_of_a_part());
        let mut sorted: Vec<_> = of_whole.collect();
        sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut whole = Self::default();
        for (_, one) in sorted {
            whole.join(one);
        }
        whole
    }
}

/// The place that an artifact speaks of, by who read it: a manifest speaks of the folder or container it lies in.
pub(crate) fn spoken_of(artifact: &Locator, imprint: &Imprint) -> Option<Locator> {
    let text = artifact.artifact();
    let place = match imprint.by.as_ref() {
        "deb-control" if !imprint.owned.is_empty() => above(text, "/var/lib/dpkg/info/")?,
        "deb-control" => outside_of(text, "control.tar")?,
        "rpm-database" => above(text, "/var/lib/rpm/").or_else(|| above(text, "/usr/lib/sysimage/rpm/"))?,
        "apk-pkginfo" if !imprint.installed.is_empty() => {
            above(text, "/usr/lib/apk/db/").or_else(|| above(text, "/lib/apk/db/"))?
        }
        "java-manifest" => above(text, "META-INF/")?,
        "python-metadata" => {
            let folder = parent(text)?;
            if folder.ends_with("-info") { parent(folder)? } else { folder }
        }
        "plist" => above(text, "Contents/").or_else(|| parent(text))?,
        "android-xml" if !text.ends_with("/AndroidManifest.xml") => return None,
        "package-manifest" | "package-json" | "apk-pkginfo" | "android-xml" => parent(text)?,
        "oci-config" => above(text, "blobs/").or_else(|| parent(text))?,
        _ => text,
    };
    Some(Locator::parsed(place))
}

/// The folder or container that a place lies in.
pub(crate) fn parent(place: &str) -> Option<&str> {
    let (head, _) = place.rsplit_once('/')?;
    Some(head.strip_suffix('!').unwrap_or(head))
}

/// What lies around the last folder of this name.
fn above<'a>(place: &'a str, folder: &str) -> Option<&'a str> {
    let folder = folder.trim_start_matches('/');
    let at =
        place.rmatch_indices(folder).map(|(at, _)| at).find(|at| place.get(..*at).is_some_and(|p| p.ends_with('/')))?;
    let head = place.get(..at)?.strip_suffix('/')?;
    Some(head.strip_suffix('!').unwrap_or(head))
}

/// What lies around containers whose name begins so.
fn outside_of<'a>(place: &'a str, name: &str) -> Option<&'a str> {
    let mut at = parent(place)?;
    while at.rsplit('/').next().is_some_and(|last| last.starts_with(name)) {
        at = parent(at)?;
    }
    Some(at)
}

/// A path from the root as a number: two paths with one number are the same path.
pub(crate) fn path_number(path: &str) -> u64 {
    let path = path.trim_start_matches(['.', '/']).as_bytes();
    let step = |state: u64, byte: &u8| (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    path.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(by: &'static str, artifact: &str, owned: bool) -> Option<String> {
        let imprint = Imprint { by: by.into(), owned: if owned { vec![1] } else { Vec::new() }, ..Imprint::default() };
        spoken_of(&Locator::parsed(artifact), &imprint).map(|place| place.to_string())
    }

    #[test]
    fn places_that_are_spoken_of() {
        for (by, artifact, want) in [
            ("deb-control", "in/a.deb!/control.tar.xz!/control.tar!/control", "in/a.deb"),
            ("java-manifest", "a.war!/WEB-INF/lib/b.jar!/META-INF/MANIFEST.MF", "a.war!/WEB-INF/lib/b.jar"),
            ("java-manifest", "b.jar!/META-INF/maven/g/a/pom.properties", "b.jar"),
            ("python-metadata", "a-1.whl!/a-1.dist-info/METADATA", "a-1.whl"),
            ("python-metadata", "a-1.tar!/a-1/PKG-INFO", "a-1.tar!/a-1"),
            ("plist", "A.app/Contents/Info.plist", "A.app"),
            ("package-manifest", "a.nupkg!/a.nuspec", "a.nupkg"),
            ("package-json", "app/node_modules/x/package.json", "app/node_modules/x"),
            ("package-json", "x.tgz!/x.tar!/package/package.json", "x.tgz!/x.tar!/package"),
            ("android-xml", "a.apk!/AndroidManifest.xml", "a.apk"),
            ("oci-config", "image/blobs/sha256/ab", "image"),
            ("oci-config", "image.tar!/ab.json", "image.tar"),
            ("pe", "a.zip!/b.exe", "a.zip!/b.exe"),
            ("rpm-database", "image!/layer.tar!/var/lib/rpm/rpmdb.sqlite", "image!/layer.tar"),
            ("rpm-database", "root/usr/lib/sysimage/rpm/rpmdb.sqlite", "root"),
        ] {
            assert_eq!(place(by, artifact, false).as_deref(), Some(want), "{by} {artifact}");
        }
        assert_eq!(place("deb-control", "root/var/lib/dpkg/info/x.list", true).as_deref(), Some("root"));
        assert_eq!(place("android-xml", "a.apk!/res/layout/x.xml", false), None);
    }

    #[test]
    fn a_part_does_not_name_the_whole() {
        let part = |name: &str| {
            let mut part = Imprint::default();
            part.hear("java-manifest", FactKind::Name, name);
            part.hear("java-manifest", FactKind::Purl, &format!("pkg:maven/g/{name}@1"));
            (Locator::parsed(&format!("x.jar!/META-INF/maven/g/{name}/pom.properties")), part)
        };
        assert_eq!(Imprint::joined(&[part("a")]).name.text(), Some("a"));
        assert_eq!(Imprint::joined(&[part("a"), part("b")]).name.text(), None);
    }

    #[test]
    fn the_better_kind_stands() {
        let mut one = Imprint::default();
        one.hear("pe", FactKind::SignerSubject, "Microsoft Windows Hardware Compatibility Publisher");
        one.hear("pe", FactKind::SignerSubject, "Example Signing");
        one.hear("pe", FactKind::CompanyName, "Example");
        one.hear("pe", FactKind::SignerSubject, "Another");
        assert_eq!(one.supplier.text(), Some("Example"));
        one.hear("path", FactKind::Name, "x");
        assert_eq!(one.name.text(), None);
    }
}
