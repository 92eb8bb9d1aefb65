//! C++ type names that Microsoft's compilers leave in the data: `.?AVScanner@eka@@`.
use interdict_model::Sink;
use memchr::memmem;

use crate::mangled;
use crate::pe_image::Image;
use crate::read::{Budget, clamped, until_zero};

/// Longest type name read: templates make long ones.
const LONGEST_NAME: usize = 16 * 1024;

/// States every type name before the overlay.
pub(super) fn observe(image: &Image<'_>, sink: &mut Sink<'_>) {
    let bytes = clamped(image.bytes, 0, image.end_of_sections());
    let mut budget = Budget::for_file(bytes.len());
    for at in memmem::find_iter(bytes, b".?A") {
        let Some(name) = until_zero(bytes, at, LONGEST_NAME) else { continue };
        // V class, U struct, T union, W enum.
        let is_type = matches!(name.get(3), Some(b'V' | b'U' | b'T' | b'W'));
        if is_type && name.ends_with(b"@@") && name.iter().all(u8::is_ascii_graphic) && budget.spend(name.len()) {
            mangled::state_type(name, at, sink);
        }
    }
}
