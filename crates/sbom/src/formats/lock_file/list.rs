//! What a file of a package manager comes down to: packages, and what needs what.
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Counts, Document, FactKind, GapReason, Scope, Sink, Unseen};

use crate::draft::{Draft, Path, encoded};
use crate::ledger::Ledger;

/// A package that a file names.
#[derive(Clone, Debug, Default)]
pub(super) struct Package {
    /// The type of its package URL; without one it has none.
    pub(super) kind: &'static str,
    /// With its namespace, parted by `/`.
    pub(super) name: String,
    /// Empty where it is not known, or a range.
    pub(super) version: String,
    pub(super) scope: Scope,
    /// Where it is taken from.
    pub(super) from: String,
    /// Its place: a JSON pointer, or `line 3`.
    pub(super) at: String,
}

/// Everything that a file says.
#[derive(Debug, Default)]
pub(super) struct List {
    /// What the file belongs to.
    pub(super) subject: Option<Package>,
    pub(super) packages: Vec<Package>,
    /// What needs what, as references of packages.
    pub(super) edges: Vec<(String, String)>,
    /// The same where only the name of what is needed is said.
    pub(super) asks: Vec<(String, String)>,
    /// What the file says of its own version.
    pub(super) version: Option<String>,
    pub(super) gaps: Vec<Unseen>,
    /// Whether a part of the file is left out, for its length or depth.
    pub(super) is_cut: bool,
    /// Keys that stand twice in their object.
    pub(super) twice: Vec<String>,
    pub(super) ledger: Ledger,
}

impl Package {
    pub(super) fn new(kind: &'static str, name: &str, version: &str, at: impl Into<String>) -> Self {
        let (name, version) = (name.trim().trim_matches('/').to_owned(), version.trim().to_owned());
        Self { kind, name, version, at: at.into(), ..Self::default() }
    }

    #[must_use]
    pub(super) fn scoped(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    #[must_use]
    pub(super) fn from(self, from: &str) -> Self {
        Self { from: from.to_owned(), ..self }
    }

    /// By what edges name it.
    pub(super) fn reference(&self) -> String {
        if self.version.is_empty() { self.name.clone() } else { format!("{}@{}", self.name, self.version) }
    }

    fn purl(&self) -> Option<String> {
        if self.kind.is_empty() {
            return None;
        }
        let segments: Vec<String> = self.name.split('/').filter(|part| !part.is_empty()).map(encoded).collect();
        let name = segments.join("/");
        let version = if self.version.is_empty() { String::new() } else { format!("@{}", encoded(&self.version)) };
        (!name.is_empty()).then(|| format!("pkg:{}/{name}{version}", self.kind))
    }

    fn draft(&self) -> Draft<'_> {
        const HERE: Path = Path::Field("");
        let mut draft = Draft::default();
        draft.reference = Cow::Owned(self.reference());
        draft.scope = self.scope;
        let (group, name) = self.name.rsplit_once('/').unwrap_or(("", &self.name));
        draft.called(Cow::Borrowed(name), HERE);
        if !group.is_empty() {
            draft.state(FactKind::Name, Cow::Borrowed(&self.name), HERE);
        }
        if let Some(purl) = self.purl() {
            draft.located(Cow::Owned(purl), HERE);
        }
        if !self.version.is_empty() {
            draft.versioned(Cow::Borrowed(&self.version), HERE);
        }
        if !self.from.is_empty() {
            draft.linked(Cow::Borrowed(&self.from), &HERE);
        }
        draft
    }
}

impl List {
    pub(super) fn push(&mut self, package: Package) {
        if !package.name.is_empty() {
            self.packages.push(package);
        }
    }

    /// Whether a file holds more values than are kept; the first time that is a gap.
    pub(super) fn is_too_long(&mut self, met: usize) -> bool {
        const VALUES: usize = 2_000_000;
        if met > VALUES {
            self.is_cut = true;
            let detail = format!("of this list the first {VALUES} values were read");
            self.gaps.push(Unseen::new(GapReason::OverLimit, detail).needing("a shorter list"));
        }
        met > VALUES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// A package by itself, and what it needs by name.
    pub(super) fn push_with<'n>(&mut self, package: Package, needs: impl Iterator<Item = &'n str>) {
        let from = package.reference();
        self.asks.extend(needs.map(|name| (from.clone(), name.to_owned())));
        self.push(package);
    }

    /// Finds what was asked for by name; what nothing else brings in, the subject needs.
    fn tie(&mut self) {
        let known: BTreeMap<&str, String> =
            self.packages.iter().rev().map(|package| (package.name.as_str(), package.reference())).collect();
        let found = self.asks.iter().filter_map(|(from, name)| Some((from.clone(), known.get(name.as_str())?.clone())));
        self.edges.extend(found.filter(|(from, to)| from != to));
        let Some(subject) = self.subject.as_ref().map(Package::reference) else { return };
        let needed: BTreeSet<&str> = self.edges.iter().map(|(_, to)| to.as_str()).collect();
        let free: BTreeSet<_> = self.packages.iter().map(Package::reference).collect();
        let free: Vec<_> = free.into_iter().filter(|one| !needed.contains(&**one) && *one != subject).collect();
        self.edges.extend(free.into_iter().map(|one| (subject.clone(), one)));
    }

    pub(super) fn tell(mut self, sink: &mut Sink<'_>) {
        let mut counts = Counts::default();
        self.tie();
        if let Some(subject) = &self.subject {
            let mut draft = subject.draft();
            draft.is_subject = true;
            draft.tell(&subject.at, sink);
        }
        for package in &self.packages {
            counts.components += 1;
            package.draft().tell(&package.at, sink);
        }
        for (from, to) in &self.edges {
            counts.relationships += 1;
            sink.depends(from, to);
        }
        for key in &self.twice {
            self.ledger.twice(sink, "", &format!("/{}", step(key)));
        }
        for gap in self.gaps {
            sink.gap(gap);
        }
        self.ledger.settle(sink, crate::leaves::DEPTH);
        sink.document(Document { version: self.version, counts, of_build: true, ..Document::default() });
    }
}

/// A step of a JSON pointer.
pub(super) fn step(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A version, where this is one and no range: what other signs than a version's stand in it, it is not told.
pub(super) fn exact(version: &str) -> &str {
    let version = version.trim().trim_start_matches("==").trim_start_matches('=').trim();
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_' | '!' | ':' | '~');
    let is_one = version.starts_with(|c: char| c.is_ascii_alphanumeric()) && !version.ends_with('+');
    if is_one && version.chars().all(is_sign) { version } else { "" }
}
