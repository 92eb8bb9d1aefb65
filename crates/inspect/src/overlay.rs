//! What stands right behind a program: its first line, where it is text.
use interdict_model::{FactKind, Sink};

use crate::read::{clamped, span, text};

/// Longest line told.
const LONGEST: usize = 256;
const SHORTEST: usize = 4;

/// States the first line behind `end`; an end of line may stand before it.
pub(crate) fn observe(bytes: &[u8], end: usize, sink: &mut Sink<'_>) {
    if end == 0 || !sink.wants(FactKind::Overlay) {
        return;
    }
    let behind = clamped(bytes, end, LONGEST);
    let skip = behind.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let line = behind.get(skip..).unwrap_or_default();
    let len = line.iter().take_while(|byte| byte.is_ascii_graphic() || **byte == b' ').count();
    if len >= SHORTEST {
        sink.fact(FactKind::Overlay, &text(clamped(line, 0, len)), span(end + skip, len));
    }
}
