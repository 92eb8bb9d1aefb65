//! The ports: what reads one kind of artifact, and what it speaks to.
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::{FactKind, GapReason, Needles, Place, Scope, Sieve, Technique};

/// Something that reads one kind of artifact and states facts. It never judges.
#[derive(Clone, Copy, Debug)]
pub struct Observer {
    /// Its file's name = its fixture folder's name = the format's name.
    pub id: &'static str,
    /// Raised when its facts change.
    pub revision: u32,
    /// For the table of formats.
    pub title: &'static str,
    /// What it does not see, a sentence each, for the table of formats.
    pub limitations: &'static [&'static str],
    /// How it knows.
    pub technique: Technique,
    /// From the first bytes and the name; cheap; content decides, a name only helps.
    pub accepts: fn(&Head<'_>) -> bool,
    /// States what it sees. What it said before failing stands.
    pub observe: fn(&Source<'_>, &mut Sink<'_>) -> Result<(), Malformed>,
}

/// Something that opens one kind of container and offers the artifacts inside.
#[derive(Clone, Copy, Debug)]
pub struct Unpacker {
    /// Its file's name = its fixture folder's name = the format's name.
    pub id: &'static str,
    /// Raised when its members change.
    pub revision: u32,
    /// For the table of formats.
    pub title: &'static str,
    /// What it does not open, a sentence each.
    pub limitations: &'static [&'static str],
    /// As for observers.
    pub accepts: fn(&Head<'_>) -> bool,
    /// Offers every member. What it offered before failing stands.
    pub unpack: fn(&Source<'_>, &mut dyn Members) -> Result<(), Malformed>,
}

/// What a recogniser may look at: the bytes and the name.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// All bytes; recognisers look at the first few thousand, or search cheaply.
    pub bytes: &'a [u8],
    /// The artifact's own name, without folders.
    pub name: &'a str,
}

impl<'a> Head<'a> {
    /// The text without byte-order mark and leading white space, where it is UTF-8 from the start.
    pub fn text(&self) -> &'a [u8] {
        self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.bytes).trim_ascii_start()
    }

    /// Whether the bytes begin with this.
    pub fn starts_with(&self, magic: &[u8]) -> bool {
        self.bytes.starts_with(magic)
    }

    /// Whether these bytes stand at this offset.
    pub fn has_at(&self, offset: usize, magic: &[u8]) -> bool {
        self.bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic))
    }
}

/// What an observer or unpacker reads.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// All bytes of the artifact.
    pub bytes: &'a [u8],
    /// The artifact's own name, without folders.
    pub name: &'a str,
    /// What the content observer looks for.
    pub needles: &'a Needles,
}

impl<'a> Source<'a> {
    /// The same, as a recogniser sees it.
    pub fn head(&self) -> Head<'a> {
        Head { bytes: self.bytes, name: self.name }
    }
}

/// Why an observer stopped: becomes a gap, with what was expected where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The artifact is of another format after all; nothing is recorded.
    #[error("not of this format")]
    NotThis,
    /// It is of this format, and broken.
    #[error("{detail}")]
    Broken {
        /// The place in words: `line 3, column 7`, `offset 0x40`.
        at: String,
        /// What stood there and what was expected.
        detail: String,
    },
}

impl Malformed {
    /// Broken at this place.
    pub fn at(at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Broken { at: at.into(), detail: detail.into() }
    }
}

/// Which thing of an artifact a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part(pub u32);

impl Part {
    /// The artifact itself.
    pub const WHOLE: Self = Self(u32::MAX);
}

/// A place not yet spelled out, so that a fact nobody asked for costs nothing.
#[derive(Clone, Copy, Debug)]
pub enum At<'a> {
    /// See [`Place::Whole`].
    Whole,
    /// See [`Place::Bytes`].
    Bytes(u64, u64),
    /// A JSON pointer in two halves, `/components/3` and `/supplier/name`.
    Pointer(&'a str, &'a str),
}

impl From<At<'_>> for Place {
    fn from(at: At<'_>) -> Self {
        match at {
            At::Whole => Self::Whole,
            At::Bytes(start, end) => Self::Bytes { start, end },
            At::Pointer(base, field) => Self::Pointer(format!("{base}{field}")),
        }
    }
}

/// A component as its document states it, borrowed.
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
#[derive(Clone, Copy, Debug, Default)]
pub struct Declared<'a> {
    /// Where it stands in the document.
    pub pointer: &'a str,
    /// The document's own name for it: `bom-ref`, `SPDXID`; what [`Sink::depends`] uses. Empty where it has none.
    pub reference: &'a str,
    /// As written; empty where the document has none.
    pub name: &'a str,
    /// As written.
    pub version: Option<&'a str>,
    /// As written.
    pub purl: Option<&'a str>,
    /// Who supplies it, by the strongest field that is there.
    pub supplier: Option<&'a str>,
    /// What it is needed for.
    pub scope: Scope,
    /// Digests, as `(algorithm, hex)`.
    pub digests: &'a [(&'a str, &'a str)],
    /// Whether it is what the document describes, and no component of it.
    pub is_subject: bool,
    /// Whether it is a single file.
    pub is_file: bool,
    /// Whether it has an identifier beside its name: a purl, a CPE name, a SWID tag.
    pub identified: bool,
    /// Whether its licence is stated, be it as unknown.
    pub licensed: bool,
}

/// What a document says of itself, told once it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The version of the format, as written.
    pub version: Option<String>,
    /// What it declares.
    pub counts: crate::Counts,
    /// When it was made, as written.
    pub created: Option<String>,
    /// Who or what made it, as written: persons, organisations, tools.
    pub creators: Vec<String>,
    /// What a reader should know of the document as a whole, a sentence each: `signed; the signature was not verified`.
    pub notes: Vec<String>,
    /// What of its own data it states.
    pub states: crate::States,
    /// Whether it says what a build takes in: it describes nothing that lies beside it, and what it leaves out is not undeclared.
    pub of_build: bool,
}

/// What an observer's words go to. Implemented by the pipeline, and by tests.
pub trait Receiver {
    /// Whether any rule or reader asks about this kind.
    fn wants(&self, kind: FactKind) -> bool;
    /// What tells values of components that nobody cares for, where such may be left out; without one every fact that is wanted
    /// is told.
    fn sieve(&self) -> Option<Arc<Sieve>> {
        None
    }
    /// A fact, as raw as it was read.
    fn fact(&mut self, by: &'static str, on: Part, kind: FactKind, raw: &str, at: At<'_>);
    /// A component; facts about it follow.
    fn component(&mut self, by: &'static str, declared: &Declared<'_>) -> Part;
    /// One component needs or contains another, by their references; the first is empty where something is only referred to.
    fn depends(&mut self, from: &str, to: &str);
    /// What the document states of a vulnerability of a component, by the component's reference. It says nothing of whether
    /// the component is there.
    fn stated(&mut self, _of: &str, _statement: &str) {}
    /// What the document says of itself.
    fn document(&mut self, by: &'static str, document: Document);
    /// What the reader reads is there, and nothing in it to be told. A reader that says nothing at all is not believed.
    fn seen(&mut self) {}
    /// Something that could not be seen.
    fn gap(&mut self, by: &'static str, gap: Unseen);
    /// Something that was wrong and read on.
    fn repair(&mut self, by: &'static str, pointer: String, wrong: String, assumed: String);
}

/// A gap as its observer states it: the pipeline knows where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// Why.
    pub reason: GapReason,
    /// One sentence.
    pub detail: String,
    /// The bytes concerned; empty means all.
    pub ranges: Vec<(u64, u64)>,
    /// What would close it.
    pub needs: Option<String>,
}

impl Unseen {
    /// A gap over the whole artifact.
    pub fn new(reason: GapReason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), ranges: Vec::new(), needs: None }
    }

    /// Over these bytes only.
    #[must_use]
    pub fn over(mut self, start: u64, end: u64) -> Self {
        self.ranges.push((start, end));
        self
    }

    /// What would close it.
    #[must_use]
    pub fn needing(mut self, needs: impl Into<String>) -> Self {
        self.needs = Some(needs.into());
        self
    }
}

/// What an observer speaks into.
pub struct Sink<'a> {
    to: &'a mut dyn Receiver,
    by: &'static str,
    /// Faults of values that were met.
    faults: u64,
}

/// Faults of values told one by one; what follows is told as a number.
const FAULTS: u64 = 100;

impl std::fmt::Debug for Sink<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sink").field("by", &self.by).finish_non_exhaustive()
    }
}

impl<'a> Sink<'a> {
    /// A sink for the observer of this id.
    pub fn new(by: &'static str, to: &'a mut dyn Receiver) -> Self {
        Self { to, by, faults: 0 }
    }

    /// Whether anybody asks about this kind; a costly fact need not be computed otherwise.
    pub fn wants(&self, kind: FactKind) -> bool {
        self.to.wants(kind)
    }

    /// What tells values of components that nobody cares for; see [`Receiver::sieve`].
    pub fn sieve(&self) -> Option<Arc<Sieve>> {
        self.to.sieve()
    }

    /// A fact about the artifact.
    pub fn fact(&mut self, kind: FactKind, raw: &str, at: At<'_>) {
        self.fact_on(Part::WHOLE, kind, raw, at);
    }

    /// A fact about a component; empty values are no facts.
    pub fn fact_on(&mut self, on: Part, kind: FactKind, raw: &str, at: At<'_>) {
        if !raw.is_empty() && self.to.wants(kind) {
            self.to.fact(self.by, on, kind, raw, at);
        }
    }

    /// A component.
    pub fn component(&mut self, declared: &Declared<'_>) -> Part {
        self.to.component(self.by, declared)
    }

    /// One component needs or contains another.
    pub fn depends(&mut self, from: &str, to: &str) {
        self.to.depends(from, to);
    }

    /// Something is referred to, by nothing that needs it; said where the reference may tell what is meant.
    pub fn refers(&mut self, to: &str) {
        self.to.depends("", to);
    }

    /// What the document states of a vulnerability of a component: `CVE-2026-1: not_affected (code_not_present)`.
    pub fn stated(&mut self, of: &str, statement: &str) {
        self.to.stated(of, statement);
    }

    /// What the document says of itself; said at the end, also of what was read before a fault.
    pub fn document(&mut self, document: Document) {
        if self.faults > FAULTS {
            self.repair("", format!("{} more values were broken", self.faults - FAULTS), "as the values before");
            self.faults = 0;
        }
        self.to.document(self.by, document);
    }

    /// What it reads is there, and nothing in it to be told.
    pub fn seen(&mut self) {
        self.to.seen();
    }

    /// Something that could not be seen.
    pub fn gap(&mut self, gap: Unseen) {
        self.to.gap(self.by, gap);
    }

    /// A value that was broken, at a place that is spelled out only where it is told: a document may have very many of them.
    pub fn fault(&mut self, place: impl FnOnce() -> String, wrong: &str, assumed: &str) {
        self.faults += 1;
        if self.faults <= FAULTS {
            self.repair(place(), wrong, assumed);
        }
    }

    /// Something that was wrong and read on.
    pub fn repair(&mut self, pointer: impl Into<String>, wrong: impl Into<String>, assumed: impl Into<String>) {
        self.to.repair(self.by, pointer.into(), wrong.into(), assumed.into());
    }
}

/// What is known of a member before its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its name as bytes, exactly as the container has it.
    pub name: &'a [u8],
    /// The size the container states; not to be trusted.
    pub stated_size: Option<u64>,
    /// Set where it is a link: to what.
    pub link: Option<&'a [u8]>,
    /// What the container calls the members of this member: by the name they have there, sorted.
    pub renames: &'a [(Vec<u8>, Vec<u8>)],
}

/// What a decoder makes, which can make it again from its beginning.
pub trait Again: Read {
    /// Begins again.
    fn again(&mut self);
}

/// The one way out of a container: every byte is counted, and refused past the budget.
pub trait Members {
    /// A member whose bytes are a slice of the container's.
    fn stored(&mut self, member: &Member<'_>, bytes: &[u8]) -> ControlFlow<()>;
    /// A member whose bytes are made by a decoder. An error while reading becomes a gap on the member.
    fn streamed(&mut self, member: &Member<'_>, bytes: &mut dyn Read) -> ControlFlow<()>;
    /// The same, where the decoder can begin again: an archive in it may be gone through while it is decoded.
    fn decoded(&mut self, member: &Member<'_>, bytes: &mut dyn Again) -> ControlFlow<()> {
        self.streamed(member, bytes)
    }
    /// A member that is gone through where it lies: what `go` offers is inside of it.
    fn inside(
        &mut self,
        member: &Member<'_>,
        go: &mut dyn FnMut(&mut dyn Members) -> ControlFlow<()>,
    ) -> ControlFlow<()>;
    /// A member that is there and cannot be read.
    fn unseen(&mut self, member: &Member<'_>, gap: Unseen);
    /// Something about the container itself that could not be seen.
    fn gap(&mut self, gap: Unseen);
    /// Something odd about the container or, with a name, a member.
    fn anomaly(&mut self, member: Option<&[u8]>, kind: &'static str, detail: String);
    /// Something is there that has no bytes: a folder, a link, the end of an archive of nothing. A reader that says nothing at
    /// all is not believed.
    fn entry(&mut self, _name: &[u8]) {}
    /// A slice of the container's bytes that is a part, as it is, of a member which lies there in pieces.
    fn covers(&mut self, _piece: &[u8]) {}
    /// A slice of the container's bytes that its reader read: what a member was decoded from, or what says where members are.
    fn claims(&mut self, _piece: &[u8]) {}
    /// All was claimed that the reader knows of: what is left, and was offered to nobody, is searched for files and weighed.
    fn leaves_rest(&mut self) {}
    /// Whether anybody asks which members are shipped in vain.
    fn asks_hidden(&self) -> bool {
        false
    }
    /// A member, or the member of a member at the end of these names, that is shipped and not in the system that runs.
    fn hidden(&mut self, _path: &[&[u8]], _detail: String) {}
}
