//! Second readers, strict where ours are tolerant: what they complain of in a document.
#[cfg(feature = "strict-cyclonedx")]
mod cyclonedx;
#[cfg(feature = "strict-spdx")]
mod spdx;

#[cfg(any(feature = "strict-cyclonedx", feature = "strict-spdx"))]
use std::panic::{UnwindSafe, catch_unwind};

/// Complaints told; a document with more of them is no better known.
const COMPLAINTS: usize = 200;

/// What the strict reader of this format (an observer's id) says against a document: nothing where it is content,
/// `None` where it does not read this format or this version of it.
///
/// Its words are a lint, not the official schema's verdict: it knows CycloneDX 1.3 to 1.5 and SPDX 2.2 and 2.3 only,
/// and refuses some documents that their schemas accept.
pub fn strict(format: &str, bytes: &[u8]) -> Option<Vec<String>> {
    let mut complaints = read(format, bytes)?;
    complaints.truncate(COMPLAINTS);
    Some(complaints)
}

fn read(format: &str, bytes: &[u8]) -> Option<Vec<String>> {
    match format {
        #[cfg(feature = "strict-cyclonedx")]
        "cyclonedx-json" => cyclonedx::json(bytes),
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

#[cfg(all(test, feature = "strict-cyclonedx", feature = "strict-spdx"))]
mod tests {
    use super::*;

    #[test]
    fn content_complaints_and_versions_it_does_not_know() {
        let bom = |version: &str, rest: &str| {
            format!(r#"{{"bomFormat":"CycloneDX","specVersion":"{version}","version":1{rest}}}"#)
        };
        assert_eq!(strict("cyclonedx-json", bom("1.5", "").as_bytes()), Some(Vec::new()));
        assert_eq!(strict("cyclonedx-json", bom("1.6", "").as_bytes()), None);
        let odd = bom("1.4", r#","components":[{"type":"gizmo","name":"a"}]"#);
        let told = strict("cyclonedx-json", odd.as_bytes()).unwrap();
        assert!(told.iter().any(|line| line.starts_with("components/inner/0/")), "{told:?}");
        let broken = strict("cyclonedx-json", bom("1.5", r#","components":7"#).as_bytes()).unwrap();
        assert!(broken[0].contains("line 1"), "{broken:?}");
        assert_eq!(strict("elf", b""), None);
    }

    #[test]
    fn a_panic_is_a_complaint() {
        let text = b"SPDXVersion: SPDX-2.3\nPackageName: a\nPackageLicenseConcluded: (((\n";
        assert!(strict("spdx-tag-value", text).unwrap()[0].starts_with("the strict reader gave up"));
        let unread = b"\xef\xbb\xbfSPDXVersion: SPDX-2.3\n?\nPackageName: a\n";
        assert!(strict("spdx-tag-value", unread).unwrap()[0].contains("0 of 1 packages"));
        assert!(strict("spdx-json", br#"{"spdxVersion":"SPDX-2.3"}"#).unwrap()[0].contains("missing field"));
        assert_eq!(strict("spdx-json", br#"{"spdxVersion":"SPDX-2.1"}"#), None);
    }
}
