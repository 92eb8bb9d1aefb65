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

#[cfg(any(feature = "strict-cyclonedx", feature = "strict-spdx"))]
use std::panic::{UnwindSafe, catch_unwind};

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
    if let Some((against, complaints)) = schema::check(format, bytes) {
        strictness.against = Some(against);
        strictness.complaints = complaints;
    }
    let Some(mut lint) = lint(format, bytes) else { return strictness };
    lint.truncate(COMPLAINTS);
    // Where no schema can be asked, the second reader's word stands in for it, save for what it is known to refuse wrongly.
    if let Some(reader) = stands_in(format) {
        strictness.against = Some(reader);
        let (sound, other): (Vec<_>, Vec<_>) = lint.into_iter().partition(|line| !is_too_strict(line));
        strictness.complaints.extend(sound.into_iter().map(|wrong| Complaint { pointer: String::new(), wrong }));
        lint = other;
    }
    strictness.lint = lint;
    strictness
}

/// Formats without an official schema that can be asked here.
fn stands_in(format: &str) -> Option<&'static str> {
    match format {
        "cyclonedx-xml" => Some("cyclonedx-bom, a strict reader of CycloneDX"),
        "spdx-tag-value" => Some("spdx-rs, a strict reader of SPDX 2.2 and 2.3"),
        _ => None,
    }
}

/// What cyclonedx-bom refuses and the official schemas accept: line ends in names, package URLs that are none, elements of
/// extensions.
fn is_too_strict(line: &str) -> bool {
    let is_foreign = || {
        line.split_once("unexpected XML element when reading {").is_some_and(|(_, name)| {
            !name.contains("cyclonedx.org/schema/bom/")
                || name.find("/schema/ext/").is_some_and(|ext| name.find("/schema/bom/").is_none_or(|bom| ext < bom))
        })
    };
    line.contains("NormalizedString contains invalid characters")
        || line.contains("Purl does not conform")
        || is_foreign()
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
fn guarded(read: impl FnOnce() -> Vec<String> + UnwindSafe) -> Vec<String> {
    catch_unwind(read).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        vec![format!("the strict reader gave up: {}", text.unwrap_or("for a reason it did not say"))]
    })
}

#[cfg(all(test, feature = "strict-cyclonedx", feature = "strict-schema", feature = "strict-spdx"))]
mod tests;
