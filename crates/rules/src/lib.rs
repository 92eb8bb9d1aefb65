//! What a rule is, how a pack is compiled, how it is matched, how matches fold into findings.
mod compile;
mod conclude;
mod error;
mod fold;
mod gate;
mod glob;
mod line;
mod lint;
mod literal;
mod needle;
mod pack;
mod portrait;
mod rule;
mod source;
mod trial;
mod versions;

pub use conclude::Met;
pub use error::{Error, SourceFile};
pub use fold::{CERTAINTY_TABLE, Setting, Shipment, Ties, combined, declares, fold, reconcile, related, weight};
pub use glob::glob;
pub use lint::lint;
pub use literal::Needs;
pub use pack::{Contents, LineId, Pack};
pub use portrait::Portrait;
pub use rule::{Clause, Integrator, Line, Rule, Test};
pub use source::Meta;
pub use versions::Range;
