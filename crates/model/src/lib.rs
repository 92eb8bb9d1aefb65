//! The vocabulary of interdict: plain data and the ports; no I/O, no clock, no policy.
mod artifact;
mod canonical;
mod comparison;
mod database;
mod entity;
mod fact;
mod few;
mod finding;
mod instant;
mod locator;
mod marks;
mod needles;
mod observation;
mod observer;
mod quality;
mod report;
mod shared;
mod sieve;
mod verdict;
mod waiver;

pub use artifact::{Artifact, Component, Digest, FormatId, Hasher, Scope, hex};
pub use canonical::{as_shown, canonical, disguise, purl_fault, text as canonical_text};
pub use comparison::{Change, Comparison, Gone, State};
pub use database::{Cell, Database, spelled};
pub use entity::{Certainty, Entity, EntityId, Organisation, OrganisationId, ProductClass, RegimeId, Relation, RuleId};
pub use fact::{Fact, FactKind, Form, Technique};
pub use finding::{
    Agreed, Agreement, Alike, Finding, FindingId, Fingerprint, Likeness, Match, Product, Step, Via, Witness,
};
pub use instant::{Instant, NotAnInstant};
pub use locator::Locator;
pub use marks::{Mark, examined};
pub use needles::{Case, Encoding, Hit, Needle, Needles};
pub use observation::{Anomaly, Excerpt, Gap, GapReason, Observation, ObserverId, Place, Repair, Shown};
pub use observer::{
    Again, At, Declared, Document, Head, Malformed, Member, Members, Observer, Part, Receiver, Sink, Source, Unpacker,
    Unseen,
};
pub use quality::{Element, Quality, SbomQuality, States};
pub use report::{Counts, Coverage, Input, Legend, PackId, Reconciled, RegimeNote, Report, SCHEMA, Tool, Waived};
pub use shared::Shared;
pub use sieve::{Gate, Sieve, Weight};
pub use verdict::{Act, CertaintyOfText, Effect, Outcome, Profile, Role, Verdict};
pub use waiver::{Waiver, WaiverNote, WaiverStanding};
