//! Objective-C classes of stripped images, and the property list that a single file carries inside.
use interdict_model::{FactKind, Sink};

use super::commands::Image;
use crate::bundle;
use crate::read::{clamped, span, text};

/// Longest name read.
const LONGEST_NAME: usize = 1024;

/// States them.
pub(super) fn observe(image: &Image<'_>, sink: &mut Sink<'_>) {
    for section in &image.sections {
        let data = clamped(image.bytes, section.start, section.len);
        match section.name.as_slice() {
            b"__objc_classname" if sink.wants(FactKind::DefinedClass) => class_names(data, section.start, sink),
            b"__info_plist" | b"__launchd_plist" => {
                bundle::observe(image.bytes, section.start, section.start + data.len(), sink);
            }
            _ => {}
        }
    }
}

/// Names of the classes, protocols and categories an image brings along, each ended by a zero.
fn class_names(data: &[u8], start: usize, sink: &mut Sink<'_>) {
    let mut at = start;
    for name in data.split(|byte| *byte == 0) {
        let is_name = name.len() > 1 && name.len() <= LONGEST_NAME && !name.first().is_some_and(u8::is_ascii_digit);
        // Layouts of instance variables stand in the same section and are no text.
        if is_name && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$')) {
            sink.fact(FactKind::DefinedClass, &text(name), span(at, name.len()));
        }
        at += name.len() + 1;
    }
}
