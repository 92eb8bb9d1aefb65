//! Symbols, and the classes that symbols name.
use interdict_model::{FactKind, GapReason, Sink, Unseen};

use super::commands::Image;
use crate::mangled::{self, Spaces};
use crate::read::{Budget, clamped, index, span, text, until_zero};

/// Longest name read.
const LONGEST_NAME: usize = 64 * 1024;
/// Bits of a symbol's type: a debugger's entry; the kind; undefined.
const STAB: u8 = 0xe0;
const KIND: u8 = 0x0e;
const UNDEFINED: u8 = 0;
const PREBOUND: u8 = 0xc;
/// What compilers put before the name of a class.
const CLASSES: &[&[u8]] = &[b"OBJC_CLASS_$_", b"OBJC_METACLASS_$_", b"objc_class_name_", b".objc_class_name_"];

/// States every named symbol, without the underscore that the C compiler puts before it.
pub(super) fn observe(image: &Image<'_>, sink: &mut Sink<'_>) {
    let Some([symbols, count, strings, strings_len]) = image.symbols else { return };
    let kinds = [
        FactKind::DefinedSymbol,
        FactKind::UndefinedSymbol,
        FactKind::TypeName,
        FactKind::DefinedClass,
        FactKind::ReferencedClass,
        FactKind::Namespace,
    ];
    if !kinds.iter().any(|kind| sink.wants(*kind)) {
        return;
    }
    let size = if image.is_wide { 16 } else { 12 };
    let (start, names_at) = (image.place(symbols), image.place(strings));
    let room = image.end.saturating_sub(start) / size;
    let names = clamped(image.bytes, names_at, index(strings_len).min(image.end.saturating_sub(names_at)));
    let mut budget = Budget::for_file(image.end.saturating_sub(image.start));
    let mut spaces = Spaces::default();
    let mut lost = index(count).saturating_sub(room);
    for number in 0..index(count).min(room) {
        let at = start + number * size;
        let (Some(name), Some(kind)) = (image.u32(at).map(index), image.bytes.get(at + 4).copied()) else { break };
        if name == 0 || kind & STAB != 0 {
            continue;
        }
        let Some(text) = until_zero(names, name, LONGEST_NAME) else {
            lost += 1;
            continue;
        };
        if !budget.spend(text.len()) {
            sink.gap(Unseen::new(
                GapReason::OverLimit,
                "the symbol table names more bytes than the file has, many times over",
            ));
            return;
        }
        // An undefined symbol with a value is a common one, and defined here.
        let value = image.u32(at + 8).unwrap_or(0);
        let is_undefined = matches!(kind & KIND, UNDEFINED | PREBOUND) && value == 0;
        state(text, names_at + name, is_undefined, &mut spaces, sink);
    }
    if lost > 0 {
        let detail = format!("{lost} of {count} symbols or their names lie outside the image");
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
}

fn state<'a>(raw: &'a [u8], raw_at: usize, is_undefined: bool, spaces: &mut Spaces<'a>, sink: &mut Sink<'_>) {
    let name = raw.strip_prefix(b"_").unwrap_or(raw);
    let at = raw_at + (raw.len() - name.len());
    let symbol = if is_undefined { FactKind::UndefinedSymbol } else { FactKind::DefinedSymbol };
    sink.fact(symbol, &text(name), span(at, name.len()));
    if let Some(class) = CLASSES.iter().find_map(|prefix| name.strip_prefix(*prefix)) {
        let kind = if is_undefined { FactKind::ReferencedClass } else { FactKind::DefinedClass };
        sink.fact(kind, &text(class), span(raw_at + (raw.len() - class.len()), class.len()));
    }
    let type_name = name.strip_prefix(b"_ZTI").or_else(|| name.strip_prefix(b"_ZTS")).filter(|_| !is_undefined);
    if let Some(type_name) = type_name {
        mangled::state_type(type_name, at + 4, sink);
    }
    if !is_undefined {
        spaces.symbol(name, at, sink);
    }
}
