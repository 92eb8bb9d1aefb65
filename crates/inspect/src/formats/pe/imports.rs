//! The libraries and functions a PE file asks for, at load and on first use.
use interdict_model::{FactKind, GapReason, Sink, Unseen};

use crate::pe_image::{Directory, Image};
use crate::read::{Budget, le32, le64, span, text, until_zero};

/// Libraries read of one table.
const MOST_LIBRARIES: usize = 65_536;
/// Functions read of one file.
const MOST_FUNCTIONS: usize = 1 << 20;
/// Longest names read.
const LONGEST_NAME: usize = 16 * 1024;

/// What a program needs that looks up everything else itself.
const LOOKS_UP: &[&[u8]] = &[b"GetProcAddress", b"LdrGetProcedureAddress"];
/// What it may ask the kernel's library for beside that.
const LOADS: &[&[u8]] = &[
    b"GetProcAddress",
    b"LdrGetProcedureAddress",
    b"LoadLibraryA",
    b"LoadLibraryW",
    b"LoadLibraryExA",
    b"LoadLibraryExW",
    b"GetModuleHandleA",
    b"GetModuleHandleW",
    b"GetModuleFileNameA",
    b"GetModuleFileNameW",
    b"VirtualAlloc",
    b"VirtualProtect",
    b"VirtualFree",
    b"VirtualQuery",
    b"ExitProcess",
];
/// Libraries of the kernel; of any other, a program that unpacks itself asks for one function, so that it is loaded.
const KERNEL: &[&[u8]] = &[b"kernel32.dll", b"kernelbase.dll", b"ntdll.dll"];

/// What a walk over both tables has left to spend, and what it could not read.
struct Walk {
    names: Budget,
    functions: Budget,
    lost: usize,
    is_over: bool,
    looks_up: bool,
    /// Functions that such a program has no use for.
    others: usize,
}

/// States libraries and functions; tells whether these are all that a program needs to put itself together as it starts.
pub(super) fn observe(image: &Image<'_>, sink: &mut Sink<'_>) -> bool {
    let mut walk = Walk {
        names: Budget::for_file(image.bytes.len()),
        functions: Budget::of(MOST_FUNCTIONS),
        lost: 0,
        is_over: false,
        looks_up: false,
        others: 0,
    };
    if let Some((address, _)) = image.directory(Directory::Import) {
        let table = |at| {
            let (lookup, name, bound) =
                (le32(image.bytes, at)?, le32(image.bytes, at + 12)?, le32(image.bytes, at + 16)?);
            (name != 0 && bound != 0).then_some((name, if lookup == 0 { bound } else { lookup }))
        };
        libraries(image, address, 20, &table, &mut walk, sink);
    }
    if let Some((address, _)) = image.directory(Directory::DelayImport) {
        let table = |at| {
            let (attributes, name, lookup) =
                (le32(image.bytes, at)?, le32(image.bytes, at + 4)?, le32(image.bytes, at + 16)?);
            // Before Visual C++ 7 these were addresses in memory, not relative to the image.
            let relative = |address: u32| match attributes & 1 {
                1 => Some(address),
                _ => u64::from(address).checked_sub(image.base).and_then(|a| u32::try_from(a).ok()),
            };
            (name != 0).then_some((relative(name)?, relative(lookup).unwrap_or(0)))
        };
        libraries(image, address, 32, &table, &mut walk, sink);
    }
    if walk.lost > 0 {
        let detail = format!("{} names of imported libraries and functions lie outside the file", walk.lost);
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
    if walk.is_over {
        sink.gap(Unseen::new(GapReason::OverLimit, "the import tables name more than the file can hold"));
    }
    walk.looks_up && walk.others == 0
}

/// Walks a table of libraries; `entry` reads the addresses of a library's name and of its functions.
fn libraries(
    image: &Image<'_>,
    address: u32,
    size: usize,
    entry: &dyn Fn(usize) -> Option<(u32, u32)>,
    walk: &mut Walk,
    sink: &mut Sink<'_>,
) {
    let Some(start) = image.offset_of(address) else {
        walk.lost += usize::from(!image.is_zeros(address));
        return;
    };
    for number in 0..MOST_LIBRARIES {
        let Some((name, functions)) = entry(start.saturating_add(number * size)) else { return };
        state(image, name, 0, FactKind::NeededLibrary, walk, sink);
        if sink.wants(FactKind::Import) && functions != 0 {
            state_functions(image, name, functions, walk, sink);
        }
        if walk.is_over {
            return;
        }
    }
    walk.is_over = true;
}

fn state_functions(image: &Image<'_>, library: u32, address: u32, walk: &mut Walk, sink: &mut Sink<'_>) {
    let Some(start) = image.offset_of(address) else {
        walk.lost += usize::from(!image.is_zeros(address));
        return;
    };
    let size = if image.is_wide { 8 } else { 4 };
    let named = |address: u32| until_zero(image.bytes, image.offset_of(address)?, LONGEST_NAME);
    let is_kernel = named(library).is_some_and(|name| KERNEL.iter().any(|kernel| name.eq_ignore_ascii_case(kernel)));
    let mut at = start;
    loop {
        let thunk = if image.is_wide { le64(image.bytes, at) } else { le32(image.bytes, at).map(u64::from) };
        let Some(thunk) = thunk.filter(|thunk| *thunk != 0) else { return };
        if !walk.functions.spend(1) {
            walk.is_over = true;
            return;
        }
        let by_ordinal = thunk >> (size * 8 - 1) & 1 == 1;
        // Most programs show with their first function that they are no such program.
        if walk.others == 0 {
            let hint = u32::try_from(thunk).ok().filter(|_| !by_ordinal);
            let function = hint.and_then(|hint| named(hint.checked_add(2)?)).unwrap_or_default();
            walk.looks_up |= LOOKS_UP.contains(&function);
            walk.others += usize::from(if is_kernel { !LOADS.contains(&function) } else { at > start });
        }
        if by_ordinal {
            // `library.dll#7`
            let library = image.offset_of(library).and_then(|at| until_zero(image.bytes, at, LONGEST_NAME));
            if let Some(library) = library.filter(|library| walk.names.spend(library.len())) {
                let told = format!("{}#{}", text(library), thunk & 0xffff);
                sink.fact(FactKind::Import, &told, span(at, size));
            }
        } else {
            match u32::try_from(thunk) {
                // Two bytes of hint stand before the name.
                Ok(address) => state(image, address, 2, FactKind::Import, walk, sink),
                Err(_) => walk.lost += 1,
            }
        }
        at += size;
        if walk.is_over {
            return;
        }
    }
}

fn state(image: &Image<'_>, address: u32, skip: usize, kind: FactKind, walk: &mut Walk, sink: &mut Sink<'_>) {
    let at = image.offset_of(address).map(|at| at + skip);
    let name = at.and_then(|at| until_zero(image.bytes, at, LONGEST_NAME));
    let (Some(at), Some(name)) = (at, name) else {
        walk.lost += 1;
        return;
    };
    if walk.names.spend(name.len()) {
        sink.fact(kind, &text(name), span(at, name.len()));
    } else {
        walk.is_over = true;
    }
}
