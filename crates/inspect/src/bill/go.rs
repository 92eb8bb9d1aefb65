//! What the Go linker puts into a program: the version of Go, the main module, and every module it was built from.
use interdict_model::{GapReason, Scope, Sink, Unseen};
use memchr::memmem;

use super::{Ingredient, tell};
use crate::read::{be32, be64, clamped, index, le32, le64, slice, span, text, unread};

/// What the blob begins with; it stands on a multiple of sixteen.
const MAGIC: &[u8] = b"\xff Go buildinf:";
const ALIGNMENT: usize = 16;
/// Where the strings begin: behind the magic, the size of a pointer and the flags.
const INLINE: usize = 32;
const IS_BIG: u8 = 1;
const IS_INLINE: u8 = 2;
/// The module information stands between two marks of sixteen bytes.
const MARK: usize = 16;
/// Modules told of one program.
const MOST_MODULES: usize = 65_536;

/// From an address in memory to a place in the file.
type Addresses<'a> = &'a dyn Fn(u64) -> Option<usize>;

/// Where the blob stands between `start` and `end`.
pub(crate) fn find(bytes: &[u8], start: usize, len: usize) -> Option<usize> {
    let within = clamped(bytes, start, len);
    let mut found = memmem::find_iter(within, MAGIC).map(|at| start + at);
    found.find(|at| at.is_multiple_of(ALIGNMENT) || (at - start).is_multiple_of(ALIGNMENT))
}

/// Tells the modules that the blob at `at` names; a program that merely holds the magic has none.
pub(crate) fn observe(bytes: &[u8], at: usize, addresses: Addresses<'_>, sink: &mut Sink<'_>) {
    if slice(bytes, at, MAGIC.len()) != Some(MAGIC) {
        return;
    }
    let strings = strings(bytes, at, addresses);
    let Some(((_, version), modules)) = strings.filter(|((_, version), _)| is_version(version)) else {
        let detail = format!("the Go build information at offset {at:#x} cannot be read");
        sink.gap(unread(detail, at as u64, at.saturating_add(INLINE).min(bytes.len()) as u64));
        return;
    };
    let (start, modules) = unmarked(modules);
    let mut teller = Teller { sink, start, is_rooted: false, pending: None, count: 0 };
    let number = version.split(|byte| *byte == b' ').next().unwrap_or_default();
    teller.lines(modules);
    teller.standard_library(&text(number), at);
}

/// The version, and the module information, each with its place.
type Strings<'a> = ((usize, &'a [u8]), (usize, &'a [u8]));

fn strings<'a>(bytes: &'a [u8], at: usize, addresses: Addresses<'_>) -> Option<Strings<'a>> {
    let (size, flags) = (*bytes.get(at + 14)?, *bytes.get(at + 15)?);
    if flags & IS_INLINE != 0 {
        let version = counted(bytes, at + INLINE)?;
        let modules = counted(bytes, version.0.checked_add(version.1.len())?)?;
        return Some((version, modules));
    }
    // Until Go 1.17: two pointers to string headers, each a pointer and a length.
    let is_big = flags & IS_BIG != 0;
    let word = |at: usize| match (size, is_big) {
        (4, false) => le32(bytes, at).map(u64::from),
        (4, true) => be32(bytes, at).map(u64::from),
        (8, false) => le64(bytes, at),
        (8, true) => be64(bytes, at),
        _ => None,
    };
    let string = |pointer: usize| {
        let header = addresses(word(pointer)?)?;
        let len = index(word(header.checked_add(usize::from(size))?)?);
        let start = if len == 0 { 0 } else { addresses(word(header)?)? };
        Some((start, slice(bytes, start, len)?))
    };
    let modules = string(at + 16 + usize::from(size)).unwrap_or((0, &[]));
    Some((string(at + 16)?, modules))
}

/// A string behind its length, seven bits a byte.
fn counted(bytes: &[u8], at: usize) -> Option<(usize, &[u8])> {
    let (mut len, mut at) = (0_u64, at);
    for shift in (0..63).step_by(7) {
        let byte = *bytes.get(at)?;
        at += 1;
        len |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((at, slice(bytes, at, index(len))?));
        }
    }
    None
}

fn is_version(version: &[u8]) -> bool {
    version.starts_with(b"go") || version.starts_with(b"devel")
}

fn unmarked((start, modules): (usize, &[u8])) -> (usize, &[u8]) {
    let inner = modules.len().checked_sub(2 * MARK).and_then(|len| slice(modules, MARK, len));
    inner.map_or((start, modules), |inner| (start + MARK, inner))
}

/// A module as a line names it.
#[derive(Clone, Copy)]
struct Module<'a> {
    path: &'a [u8],
    version: &'a [u8],
    at: usize,
    number: usize,
    is_main: bool,
}

struct Teller<'a, 'b, 's> {
    sink: &'a mut Sink<'s>,
    start: usize,
    is_rooted: bool,
    /// A module that the next line may replace.
    pending: Option<Module<'b>>,
    count: usize,
}

/// What the edges call the main module; a module's path never is this.
const MAIN: &str = "(main)";

impl<'b> Teller<'_, 'b, '_> {
    fn lines(&mut self, modules: &'b [u8]) {
        let mut at = self.start;
        for (number, line) in modules.split(|byte| *byte == b'\n').enumerate() {
            let mut words = line.split(|byte| *byte == b'\t');
            let word = words.next().unwrap_or_default();
            let (path, version) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let place = at + word.len() + 1;
            let module = Module { path, version, at: place, number, is_main: word == b"mod" };
            match word {
                b"mod" | b"dep" if !path.is_empty() => {
                    self.settle(None);
                    self.pending = Some(module);
                }
                b"=>" if !path.is_empty() => self.settle(Some(module)),
                _ => {}
            }
            at += line.len() + 1;
            if self.count >= MOST_MODULES {
                let detail = format!("more than {MOST_MODULES} modules in the Go build information");
                self.sink.gap(Unseen::new(GapReason::OverLimit, detail));
                break;
            }
        }
        self.settle(None);
    }

    /// Tells the pending module; what replaced it is what was built.
    fn settle(&mut self, replaced_by: Option<Module<'b>>) {
        let Some(module) = self.pending.take() else { return };
        self.count += 1;
        // A folder on the builder's disk has no version and no name of its own.
        let built = replaced_by.filter(|by| !is_folder(by.path)).unwrap_or(module);
        let reference = if module.is_main { MAIN.to_owned() } else { module.number.to_string() };
        let (path, version) = (text(built.path), text(built.version));
        let purl = purl(&path, &version);
        let ingredient = Ingredient {
            pointer: &format!("/line {}", module.number + 1),
            reference: &reference,
            name: &path,
            version: Some(version.as_ref()).filter(|version| !version.is_empty()),
            purl: Some(&purl),
            scope: Scope::Required,
            is_subject: module.is_main,
        };
        let part = tell(&ingredient, span(built.at, built.path.len()), self.sink);
        if built.number != module.number {
            // The code is imported by this name all the same.
            let own = text(module.path);
            let place = span(module.at, module.path.len());
            self.sink.fact_on(part, interdict_model::FactKind::Name, &own, place);
            let own = self::purl(&own, &text(module.version));
            self.sink.fact_on(part, interdict_model::FactKind::Purl, &own, place);
        }
        self.is_rooted |= module.is_main;
        if !module.is_main && self.is_rooted {
            self.sink.depends(MAIN, &reference);
        }
    }

    /// Go's own packages have the version of Go.
    fn standard_library(&mut self, version: &str, at: usize) {
        let number = version.strip_prefix("go").unwrap_or(version);
        let purl = purl("stdlib", number);
        let ingredient = Ingredient {
            pointer: "/go",
            reference: "stdlib",
            name: "stdlib",
            version: Some(number),
            purl: Some(&purl),
            scope: Scope::Required,
            is_subject: false,
        };
        tell(&ingredient, span(at, INLINE), self.sink);
        if self.is_rooted {
            self.sink.depends(MAIN, "stdlib");
        }
    }
}

fn is_folder(path: &[u8]) -> bool {
    path.contains(&b'\\') || matches!(path.first(), Some(b'.' | b'/'))
}

fn purl(path: &str, version: &str) -> String {
    // A build from a checkout has no version.
    match version {
        "" | "(devel)" => format!("pkg:golang/{path}"),
        version => format!("pkg:golang/{path}@{}", version.replace('+', "%2B")),
    }
}
