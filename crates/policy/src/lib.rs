//! What a regime is, and what it says about findings on a date.
mod ask;
mod compare;
mod compile;
mod elements;
mod error;
mod glob;
mod judge;
mod material;
mod matrix;
mod outcome;
mod pack;
mod profile;
mod reach;
mod regime;
mod sentence;
mod source;
mod timeline;
mod trial;
mod vocabulary;
mod waiver;

pub use compare::compare;
pub use elements::sbom_quality;
pub use error::Error;
pub use glob::Glob;
pub use judge::{Judged, Question, judge};
pub use material::{is_material, weigh};
pub use matrix::{Cell, MatrixRow, Situation, matrix};
pub use outcome::Doubt;
pub use pack::compile_pack;
pub use profile::{Profiles, check, merge};
pub use regime::{
    Exemption, Interval, Limb, Listed, Nature, NoneFound, Party, Provision, Reach, Reading, Regime, Regimes, Reporting,
    Standing, Status,
};
pub use timeline::{Change, Row, Stand, State, changes, stand, timeline};
pub use vocabulary::{acts, roles};
pub use waiver::{Waiving, faults as waiver_faults, waive};
