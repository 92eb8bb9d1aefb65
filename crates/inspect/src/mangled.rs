//! Names as compilers of C++, Rust and Swift mangle them, read for the name spaces and types they lie in.
mod itanium;
mod msvc;
mod swift;

use std::collections::HashSet;

use interdict_model::{FactKind, GapReason, Sink, Unseen};
use memchr::memmem;

use crate::read::{Budget, clamped, span, text, until_zero};

/// Name spaces told of one file.
const MOST_SPACES: usize = 1 << 18;
/// Longest type name read: templates make long ones.
const LONGEST_NAME: usize = 16 * 1024;

/// Name spaces of the symbols that a file defines, each told once.
#[derive(Default)]
pub(crate) struct Spaces<'a> {
    told: HashSet<&'a [u8]>,
    is_over: bool,
}

impl<'a> Spaces<'a> {
    /// Tells in which name space a symbol lies that stands at `at`; plain names lie in none.
    pub(crate) fn symbol(&mut self, name: &'a [u8], at: usize, sink: &mut Sink<'_>) {
        if self.is_over || !sink.wants(FactKind::Namespace) {
            return;
        }
        // The part of the name that says where it lies; the same for all that lies there.
        let Some(scope) = itanium::scope(name).or_else(|| msvc::scope(name)).or_else(|| swift::scope(name)) else {
            return;
        };
        if self.told.contains(scope.raw) {
            return;
        }
        if self.told.len() >= MOST_SPACES {
            self.is_over = true;
            let detail = format!("symbols in more than {MOST_SPACES} name spaces");
            sink.gap(Unseen::new(GapReason::OverLimit, detail));
            return;
        }
        self.told.insert(scope.raw);
        sink.fact(FactKind::Namespace, &scope.parts.join("::"), span(at + scope.start, scope.raw.len()));
    }
}

/// Where a symbol lies: the bytes that say so, their place in the name, and what they say from the outside in.
struct Scope<'a> {
    raw: &'a [u8],
    start: usize,
    parts: Vec<String>,
}

/// States a type by its RTTI name as it is written, and as it is read.
pub(crate) fn state_type(raw: &[u8], at: usize, sink: &mut Sink<'_>) {
    let place = span(at, raw.len());
    sink.fact(FactKind::TypeName, &text(raw), place);
    let parts = msvc::type_parts(raw).or_else(|| itanium::type_parts(raw));
    if let Some(parts) = parts {
        sink.fact(FactKind::TypeName, &parts.join("::"), place);
    }
}

/// States the types whose names stand in these ranges as compilers of the Itanium ABI leave them, symbols or not.
pub(crate) fn observe_types(bytes: &[u8], ranges: &[(usize, usize)], sink: &mut Sink<'_>) {
    if !sink.wants(FactKind::TypeName) {
        return;
    }
    let finder = memmem::Finder::new(b"\0N");
    let mut budget = Budget::for_file(bytes.len());
    for (start, len) in ranges {
        for found in finder.find_iter(clamped(bytes, *start, *len)) {
            let at = start + found + 1;
            // Most that begins so is no such name, and shows it at once.
            if !bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
                continue;
            }
            let name = until_zero(bytes, at, LONGEST_NAME).filter(|name| itanium::is_type(name));
            if let Some(name) = name.filter(|name| budget.spend(name.len())) {
                state_type(name, at, sink);
            }
        }
    }
}
