//! The header that Microsoft's linker hides between the DOS stub and the program: the tools that had a hand in it.
use interdict_model::{FactKind, Sink};
use memchr::memmem;

use crate::pe_image::Image;
use crate::read::{clamped, index, le32, span};

/// The mark at its end; the one at its beginning, and everything between, is masked.
const END: &[u8] = b"Rich";
const BEGINNING: u32 = 0x536e_6144;
/// Where the DOS header ends.
const STUB: usize = 0x40;
/// Tools told of one file.
const MOST_TOOLS: usize = 256;

/// States every tool by its number and build.
pub(super) fn observe(image: &Image<'_>, sink: &mut Sink<'_>) {
    let bytes = image.bytes;
    let header = le32(bytes, 0x3c).map_or(0, index);
    let stub = clamped(bytes, STUB, header.saturating_sub(STUB));
    let Some(end) = memmem::rfind(stub, END).map(|at| STUB + at) else { return };
    let Some(mask) = le32(bytes, end + 4) else { return };
    let words = |at: usize| le32(bytes, at).map(|word| word ^ mask);
    let start = (STUB..end).step_by(4).find(|at| words(*at) == Some(BEGINNING));
    let Some(start) = start else { return };
    // Three masked zeros follow the mark.
    for at in (start + 16..end).step_by(8).take(MOST_TOOLS) {
        if let (Some(tool), Some(count)) = (words(at), words(at + 4)) {
            let told = format!("rich {:#x}.{} x{count}", tool >> 16, tool & 0xffff);
            sink.fact(FactKind::Toolchain, &told, span(at, 8));
        }
    }
}
