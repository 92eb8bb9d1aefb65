//! A component while its document is read: fields in any order, told in one go once all are known.
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use interdict_model::{At, Declared, FactKind, Part, Scope, Sieve, Sink, Weight};

use crate::cyclonedx::words::ALGORITHMS;

/// Where in its component a value stood, spelled out only for facts that somebody wants.
#[derive(Clone, Debug)]
pub(crate) enum Path {
    /// `/supplier/name`
    Field(&'static str),
    /// `/supplier`, `/name`
    Two(&'static str, &'static str),
    /// `/supplier`, `/url`, 0
    Nested(&'static str, &'static str, usize),
    /// `/hashes`, 2, `/content`
    Item(&'static str, usize, &'static str),
    /// Anything deeper, spelled out.
    Deep(Box<str>),
    /// The number of a line, for documents that have no other places.
    Line(u32),
}

impl Path {
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Field(field) => out.push_str(field),
            Self::Two(outer, field) => {
                out.push_str(outer);
                out.push_str(field);
            }
            Self::Nested(outer, list, index) => {
                out.push_str(outer);
                out.push_str(list);
                out.push('/');
                number(*index, out);
            }
            Self::Item(list, index, field) => {
                out.push_str(list);
                out.push('/');
                number(*index, out);
                out.push_str(field);
            }
            Self::Deep(path) => out.push_str(path),
            Self::Line(line) => number(usize::try_from(*line).unwrap_or_default(), out),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        f.write_str(&out)
    }
}

/// The digits of a number; this is faster than formatting it, and places are told by the million.
pub(crate) fn number(number: usize, out: &mut String) {
    const PAIRS: &str = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
                         5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
    let pair = |n: usize| {
        let at = n * 2;
        PAIRS.get(at..at + 2).unwrap_or_default()
    };
    if number >= 10_000 {
        self::number(number / 10_000, out);
    }
    let low = number % 10_000;
    if number >= 1_000 {
        out.push_str(pair(low / 100));
        out.push_str(pair(low % 100));
    } else if number >= 100 {
        out.push_str(pair(low / 100).get(1..).unwrap_or_default());
        out.push_str(pair(low % 100));
    } else {
        out.push_str(pair(low).get(usize::from(number < 10)..).unwrap_or_default());
    }
}

/// Which facts somebody asks for: all of them, where that is not known.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    kinds: u128,
    /// Of these, what tells the values of components that matter to nobody.
    sieve: Option<Arc<Sieve>>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { kinds: u128::MAX, sieve: None }
    }
}

impl Wanted {
    /// What this sink's receiver asks for.
    pub(crate) fn of(sink: &Sink<'_>) -> Self {
        let wanted = FactKind::ALL.iter().filter(|kind| sink.wants(**kind));
        Self { kinds: wanted.fold(0, |set, kind| set | Self::bit(*kind)), sieve: sink.sieve() }
    }

    /// The same kinds, whatever their values: of what is no component.
    pub(crate) fn of_whole(&self) -> Self {
        Self { kinds: self.kinds, sieve: None }
    }

    const fn bit(kind: FactKind) -> u128 {
        1 << kind as u32
    }

    #[inline]
    fn has(&self, kind: FactKind) -> bool {
        self.kinds & Self::bit(kind) != 0
    }

    #[inline]
    fn weight(&self, kind: FactKind, raw: &str) -> Weight {
        self.sieve.as_ref().map_or(Weight::Alone, |sieve| sieve.weight(kind, raw))
    }

    #[inline]
    fn may_link(&self, url: &str) -> bool {
        self.sieve.as_ref().is_none_or(|sieve| sieve.may_link(url))
    }
}

/// A fact whose component is not complete yet.
#[derive(Clone, Debug)]
pub(crate) struct Stated<'a> {
    pub(crate) kind: FactKind,
    pub(crate) value: Cow<'a, str>,
    pub(crate) path: Path,
}

/// How strongly a field says who supplies a component, weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    #[default]
    Nobody,
    Author,
    Publisher,
    Maker,
    Supplier,
}

/// A component, package, file or service as far as it was read.
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft<'a> {
    pub(crate) reference: Cow<'a, str>,
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) group: Option<Cow<'a, str>>,
    pub(crate) version: Option<Cow<'a, str>>,
    pub(crate) purl: Option<Cow<'a, str>>,
    pub(crate) scope: Scope,
    pub(crate) is_subject: bool,
    /// The name is a path.
    pub(crate) is_file: bool,
    /// A licence is stated, be it as unknown.
    pub(crate) licensed: bool,
    identified: bool,
    pub(crate) facts: Vec<Stated<'a>>,
    digests: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    supplier: Option<Cow<'a, str>>,
    strength: Strength,
    /// What nobody asks for is not kept.
    pub(crate) wanted: Wanted,
    /// One of the facts counts without the others.
    counts: bool,
}

impl<'a> Draft<'a> {
    /// One that keeps only what somebody asks for.
    pub(crate) fn wanting(wanted: Wanted) -> Self {
        Self { wanted, ..Self::default() }
    }

    #[inline]
    pub(crate) fn state(&mut self, kind: FactKind, value: Cow<'a, str>, path: Path) {
        self.identified |= matches!(kind, FactKind::Purl | FactKind::Cpe | FactKind::Swid);
        if self.wanted.has(kind) && !is_blank(&value) {
            let weight = self.wanted.weight(kind, &value);
            if weight > Weight::Nothing {
                self.counts |= weight == Weight::Alone;
                self.facts.push(Stated { kind, value, path });
            }
        }
    }

    /// The name; the first one is what the component is called, every one is a fact.
    pub(crate) fn called(&mut self, name: Cow<'a, str>, path: Path) {
        self.name.get_or_insert_with(|| name.clone());
        self.state(FactKind::Name, name, path);
    }

    pub(crate) fn versioned(&mut self, version: Cow<'a, str>, path: Path) {
        self.version.get_or_insert_with(|| version.clone());
        self.state(FactKind::Version, version, path);
    }

    /// A package URL, with the hosts that its qualifiers name.
    pub(crate) fn located(&mut self, purl: Cow<'a, str>, path: Path) {
        self.purl.get_or_insert_with(|| purl.clone());
        let qualifiers = memchr::memchr(b'?', purl.as_bytes()).and_then(|at| purl.get(at..)).unwrap_or_default();
        let found = if qualifiers.is_empty() { None } else { Some(qualifiers.match_indices("_url=")) };
        for (at, _) in found.into_iter().flatten() {
            let rest = qualifiers.get(at + 5..).unwrap_or_default();
            let url = rest.split(['&', '#']).next().unwrap_or_default();
            let url = url.replace("%3A", ":").replace("%3a", ":").replace("%2F", "/").replace("%2f", "/");
            self.linked(Cow::Owned(url), &path);
        }
        self.state(FactKind::Purl, purl, path);
    }

    /// Somebody who answers for the component; the strongest one is told as its supplier.
    pub(crate) fn by(&mut self, kind: FactKind, who: Cow<'a, str>, path: Path) {
        let strength = match kind {
            FactKind::Supplier => Strength::Supplier,
            FactKind::Manufacturer => Strength::Maker,
            FactKind::Publisher => Strength::Publisher,
            FactKind::Author => Strength::Author,
            _ => Strength::Nobody,
        };
        if strength > self.strength && !is_blank(&who) {
            self.strength = strength;
            self.supplier = Some(who.clone());
        }
        self.state(kind, who, path);
    }

    /// A URL and its host; what is no URL is no fact.
    #[inline]
    pub(crate) fn linked(&mut self, url: Cow<'a, str>, path: &Path) {
        if !self.wanted.may_link(&url) {
            return;
        }
        let host = match &url {
            Cow::Borrowed(url) => host(url).map(Cow::Borrowed),
            Cow::Owned(url) => host(url).map(|host| Cow::Owned(host.to_owned())),
        };
        if let Some(host) = host {
            self.state(FactKind::Host, host, path.clone());
            self.state(FactKind::Url, url, path.clone());
        }
    }

    pub(crate) fn hashed(&mut self, algorithm: &str, hex: Cow<'a, str>, path: Path) {
        let Some((name, kind)) = algorithm_of(algorithm) else { return };
        if let Some(kind) = kind {
            self.state(kind, hex.clone(), path);
        }
        self.digests.push((name, hex));
    }

    /// Collects what is stated beside the component: whoever is named there is not its supplier.
    pub(crate) fn aside<T>(&mut self, collect: impl FnOnce(&mut Self) -> T) -> T {
        let mut aside = Self { wanted: self.wanted.clone(), ..Self::default() };
        let collected = collect(&mut aside);
        self.counts |= aside.counts;
        self.facts.append(&mut aside.facts);
        collected
    }

    /// A digest of something that the component refers to, and not its own.
    pub(crate) fn hash_of_other(&mut self, algorithm: &str, hex: Cow<'a, str>, path: impl FnOnce() -> Path) {
        if let Some((_, Some(kind))) = algorithm_of(algorithm) {
            self.state(kind, hex, path());
        }
    }

    /// A file's path, and its name.
    pub(crate) fn placed(&mut self, path: Cow<'a, str>, at: &Path) {
        let name = match &path {
            Cow::Borrowed(path) => Cow::Borrowed(file_name(path)),
            Cow::Owned(path) => Cow::Owned(file_name(path).to_owned()),
        };
        self.state(FactKind::FileName, name, at.clone());
        self.state(FactKind::OwnedPath, path, at.clone());
    }

    /// States what follows from several fields together, once all are read.
    pub(crate) fn complete(&mut self) {
        if let (Some(group), Some(name)) = (&self.group, &self.name)
            && !group.is_empty()
        {
            self.state(FactKind::Name, Cow::Owned(format!("{group}/{name}")), Path::Field("/group"));
        }
        if let (true, Some(name)) = (self.is_file, self.name.clone()) {
            self.placed(name, &Path::Field("/name"));
        }
    }

    /// Takes over the facts of a thing that this one comes from; `between` leads from here to there.
    pub(crate) fn adopt(&mut self, other: &Self, between: &str) {
        self.counts |= other.counts;
        for stated in &other.facts {
            let mut path = between.to_owned();
            stated.path.write(&mut path);
            self.facts.push(Stated { path: Path::Deep(path.into()), ..stated.clone() });
        }
    }

    /// Says the component and everything that was stated of it.
    pub(crate) fn tell(&self, pointer: &str, sink: &mut Sink<'_>) -> Part {
        let part = self.declare(pointer, sink);
        self.tell_facts(part, pointer, sink);
        part
    }

    /// Says the component alone.
    pub(crate) fn declare(&self, pointer: &str, sink: &mut Sink<'_>) -> Part {
        const FEW: usize = 8;
        let mut few = [("", ""); FEW];
        let many: Vec<(&str, &str)>;
        let digests = if let Some(few) = few.get_mut(..self.digests.len()) {
            for (slot, (name, hex)) in few.iter_mut().zip(&self.digests) {
                *slot = (name, hex);
            }
            &*few
        } else {
            many = self.digests.iter().map(|(name, hex)| (&**name, &**hex)).collect();
            &*many
        };
        sink.component(&Declared {
            pointer,
            reference: &self.reference,
            name: self.name.as_deref().unwrap_or_default(),
            version: self.version.as_deref(),
            purl: self.purl.as_deref(),
            supplier: self.supplier.as_deref(),
            scope: self.scope,
            digests,
            is_subject: self.is_subject,
            is_file: self.is_file,
            identified: self.identified,
            licensed: self.licensed,
        })
    }

    /// Forgets everything but the room it took and what is wanted, for the next component.
    pub(crate) fn clear(&mut self) {
        let (mut facts, mut digests) = (std::mem::take(&mut self.facts), std::mem::take(&mut self.digests));
        facts.clear();
        digests.clear();
        *self = Self { facts, digests, wanted: std::mem::take(&mut self.wanted), ..Self::default() };
    }

    /// Says only the facts, about something already told.
    pub(crate) fn tell_facts(&self, part: Part, pointer: &str, sink: &mut Sink<'_>) {
        // What counts only beside others is nothing without them.
        if !self.counts {
            return;
        }
        let mut field = String::new();
        for stated in &self.facts {
            field.clear();
            stated.path.write(&mut field);
            sink.fact_on(part, stated.kind, &stated.value, At::Pointer(pointer, &field));
        }
    }
}

/// Whether a text is white space only; the first character decides for nearly all of them.
fn is_blank(text: &str) -> bool {
    !text.as_bytes().first().is_some_and(u8::is_ascii_graphic) && text.trim_start().is_empty()
}

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
fn algorithm_of(name: &str) -> Option<(Cow<'static, str>, Option<FactKind>)> {
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
    fn numbers_are_written_as_they_are() {
        for n in [0, 7, 10, 99, 100, 999, 1_000, 9_999, 10_000, 10_007, 100_000, 1_234_567, 90_000_001, usize::MAX] {
            let mut out = String::new();
            number(n, &mut out);
            assert_eq!(out, n.to_string());
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

    #[test]
    fn the_strongest_word_names_the_supplier() {
        let mut draft = Draft::default();
        for (kind, who) in [
            (FactKind::Author, "a"),
            (FactKind::Supplier, "s"),
            (FactKind::Publisher, "p"),
            (FactKind::Supplier, "second"),
            (FactKind::Manufacturer, " "),
        ] {
            draft.by(kind, who.into(), Path::Field("/x"));
        }
        assert_eq!(draft.supplier.as_deref(), Some("s"));
        assert_eq!(draft.facts.len(), 4);
    }

    #[test]
    fn qualifiers_of_a_package_url_name_hosts() {
        let mut draft = Draft::default();
        draft.located(
            "pkg:generic/x@1?download_url=https%3A%2F%2Fkaspersky.com%2Fx&arch=a".into(),
            Path::Field("/purl"),
        );
        let hosts: Vec<_> = draft.facts.iter().filter(|f| f.kind == FactKind::Host).map(|f| &*f.value).collect();
        assert_eq!(hosts, ["kaspersky.com"]);
    }
}
