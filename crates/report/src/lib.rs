//! Writers: one module per output format; what a report says is decided elsewhere, how it looks is decided here.
mod bom;
pub mod compared;
mod explain;
mod formats;
mod inert;
mod inert_json;
mod left;
mod markup;
mod page;
mod said;
mod schema;
mod settles;
mod uri;
mod view;
mod words;

pub use bom::{Ask, MOST, Original, original};
pub use explain::{Explanation, NoSuchFinding, explain};
pub use formats::{Bill, Look, WRITERS, Writer, writer};
pub use inert::inert;
pub use schema::schema;
