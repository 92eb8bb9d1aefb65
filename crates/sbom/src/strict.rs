//! Strict reading: the official schema's verdict on a document, and what strict second readers say of it beside that.
#[cfg(feature = "strict-cyclonedx")]
mod cyclonedx;
#[cfg(feature = "strict-schema")]
mod schema;
#[cfg(feature = "strict-spdx")]
mod spdx;
#[cfg(feature = "strict-schema")]
mod spdx2;
#[cfg(feature = "strict-schema")]
mod spdx3;
#[cfg(feature = "strict-schema")]
mod words;
#[cfg(feature = "strict-schema")]
mod xsd;

#[cfg(any(feature = "strict-cyclonedx", feature = "strict-spdx", feature = "strict-schema"))]
use std::{any::Any, thread};

/// Complaints told of one document; one with more of them is no better known.
const COMPLAINTS: usize = 50;

/// What strict readers say of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strictness {
    /// The official schema it was held against; `None` where none is here for the format and the version it declares.
    pub against: Option<&'static str>,
    /// What the schema finds wrong.
    pub complaints: Vec<Complaint>,
    /// What strict second readers complain of: no verdict, for they refuse some documents that the schema accepts.
    pub lint: Vec<String>,
}

/// One thing that an official schema finds wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// A JSON pointer, or a line where the text itself cannot be read.
    pub pointer: String,
    /// What is wrong there.
    pub wrong: String,
}

/// Holds a document of this format (an observer's id) against the official schema of the version that it declares.
pub fn strict(format: &str, bytes: &[u8]) -> Strictness {
    let mut strictness = Strictness::default();
    #[cfg(feature = "strict-schema")]
    let checked = if format == "cyclonedx-xml" { xsd::check(bytes) } else { schema::check(format, bytes) };
    #[cfg(feature = "strict-schema")]
    if let Some((against, complaints)) = checked {
        strictness.against = Some(against);
        strictness.complaints = complaints;
    }
    let Some(mut lint) = lint(format, bytes) else { return strictness };
    lint.truncate(COMPLAINTS);
    // There is no schema for tag-value: the second reader's word stands in for it.
    if format == "spdx-tag-value" {
        strictness.against = Some("spdx-rs, a strict reader of SPDX 2.2 and 2.3");
        let complaints = lint.drain(..).map(|wrong| Complaint { pointer: String::new(), wrong });
        strictness.complaints.extend(complaints);
    }
    strictness.lint = lint;
    strictness
}

/// What second readers say; `None` where none reads this format and version.
fn lint(format: &str, bytes: &[u8]) -> Option<Vec<String>> {
    match format {
        #[cfg(feature = "strict-cyclonedx")]
        "cyclonedx-json" => cyclonedx::json(bytes),
        #[cfg(feature = "strict-cyclonedx")]
        "cyclonedx-xml" => cyclonedx::xml(bytes),
        #[cfg(feature = "strict-spdx")]
        "spdx-json" => spdx::json(bytes),
        #[cfg(feature = "strict-spdx")]
        "spdx-tag-value" => Some(spdx::tag_value(bytes)),
        _ => {
            let _ = bytes;
            None
        }
    }
}

/// Runs a reader that may panic on what it does not know; a panic is a complaint.
#[cfg(any(feature = "strict-cyclonedx", feature = "strict-spdx"))]
fn guarded(read: impl FnOnce() -> Vec<String> + Send) -> Vec<String> {
    caught(read).unwrap_or_else(|gave_up| vec![gave_up])
}

/// Runs it on a thread of its own: other people's readers go as deep as a document, by calling themselves.
#[cfg(any(feature = "strict-cyclonedx", feature = "strict-spdx", feature = "strict-schema"))]
fn caught<T: Send>(read: impl FnOnce() -> T + Send) -> Result<T, String> {
    const STACK: usize = 16 << 20;
    let said = |panic: &(dyn Any + Send)| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        text.unwrap_or("for a reason it did not say").to_owned()
    };
    let told = thread::scope(|scope| match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read) {
        Ok(reader) => reader.join().map_err(|panic| said(&*panic)),
        Err(why) => Err(why.to_string()),
    });
    told.map_err(|why| format!("the strict reader gave up: {why}"))
}

#[cfg(all(test, feature = "strict-cyclonedx", feature = "strict-schema", feature = "strict-spdx"))]
mod tests;
