//! A component while its document is read: fields in any order, told in one go once all are known.
mod path;
mod values;
mod wanted;

use std::borrow::Cow;

use interdict_model::{At, Declared, FactKind, Part, Scope, Sink, Weight};

pub(crate) use self::path::{Path, number};
use self::values::algorithm_of;
pub(crate) use self::values::{broken_purl, encoded, file_name, host};
pub(crate) use self::wanted::Wanted;

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
    /// Package URLs that are none, in words.
    faults: Vec<(Path, String)>,
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

    /// A package URL, with the hosts that its qualifiers name; one that is none is a fact all the same, and told when the
    /// component is.
    pub(crate) fn located(&mut self, purl: Cow<'a, str>, path: Path) {
        if let Some(wrong) = broken_purl(&purl) {
            self.faults.push((path.clone(), wrong));
        }
        self.located_as_is(purl, path);
    }

    /// The same where somebody else looked whether it is one.
    pub(crate) fn located_as_is(&mut self, purl: Cow<'a, str>, path: Path) {
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

    /// A reference that is a package URL says what is referred to, where the component itself says nothing or something else.
    pub(crate) fn referred_to(&mut self) {
        if !self.reference.starts_with("pkg:") {
            return;
        }
        let own = self.purl.as_deref().and_then(|own| own.split(['?', '#']).next());
        let rest = own.and_then(|own| self.reference.strip_prefix(own));
        if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#'])) {
            self.state(FactKind::Purl, self.reference.clone(), Path::Field("/bom-ref"));
        }
    }

    /// Takes over the facts of a thing that this one comes from; `between` leads from here to there.
    pub(crate) fn adopt(&mut self, other: &Self, between: &str) {
        self.counts |= other.counts;
        let deeper = |(path, wrong): &(Path, String)| (Path::Deep(format!("{between}{path}").into()), wrong.clone());
        self.faults.extend(other.faults.iter().map(deeper));
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

    /// Says the component alone, and what was wrong with its identifiers.
    pub(crate) fn declare(&self, pointer: &str, sink: &mut Sink<'_>) -> Part {
        const FEW: usize = 8;
        for (path, wrong) in &self.faults {
            let place = || match path {
                Path::Line(line) => format!("line {line}"),
                path => format!("{pointer}{path}"),
            };
            sink.fault(place, wrong, "the text as it is written");
        }
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
        self.faults.clear();
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

#[cfg(test)]
mod tests {
    use super::*;

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
