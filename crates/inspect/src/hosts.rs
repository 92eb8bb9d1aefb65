//! Host names in programs: what stands before `.com` and its kind, as bytes or as UTF-16.
use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use interdict_model::{FactKind, GapReason, Sink, Unseen};

use crate::read::{clamped, span};

/// Endings looked for, in one pass: those that programs call most.
const ENDINGS: &[&str] = &[".com", ".net", ".org", ".ru"];
/// Longest name there is, and the longest part of one.
const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;
/// Names told of one file.
const MOST: usize = 65_536;

static NARROW: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| search(false));
static BOTH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| search(true));

/// States every host name in these ranges once; in UTF-16 too where programs of the kind hold such text.
pub(crate) fn observe(bytes: &[u8], ranges: &[(usize, usize)], has_wide: bool, sink: &mut Sink<'_>) {
    if !sink.wants(FactKind::Host) {
        return;
    }
    let Some(search) = (if has_wide { &*BOTH } else { &*NARROW }) else { return };
    let mut told = BTreeSet::new();
    for (start, len) in ranges {
        for found in search.find_iter(clamped(bytes, *start, *len)) {
            let step = if found.pattern().as_usize() < ENDINGS.len() { 1 } else { 2 };
            let Some((at, host)) = host(bytes, start + found.start(), start + found.end(), step) else { continue };
            if told.len() >= MOST {
                sink.gap(Unseen::new(GapReason::OverLimit, format!("more than {MOST} host names")));
                return;
            }
            if !told.contains(&host) {
                sink.fact(FactKind::Host, &host, span(at, host.len() * step));
                told.insert(host);
            }
        }
    }
}

/// The search for all endings as bytes, and behind these as UTF-16 where that is asked for.
fn search(has_wide: bool) -> Option<AhoCorasick> {
    let narrow = ENDINGS.iter().map(|ending| ending.as_bytes().to_vec());
    let wide = ENDINGS.iter().map(|ending| ending.bytes().flat_map(|byte| [byte, 0]).collect());
    let endings: Vec<Vec<u8>> = narrow.chain(wide).take(ENDINGS.len() * if has_wide { 2 } else { 1 }).collect();
    // Nothing here can be too large to be built.
    AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(endings).ok()
}

/// The name around an ending at `at`: its start, and itself in lower case. Units are `step` bytes long.
fn host(bytes: &[u8], at: usize, end: usize, step: usize) -> Option<(usize, String)> {
    let unit = |at: usize| bytes.get(at).copied().filter(|_| step == 1 || bytes.get(at + 1) == Some(&0));
    // `.community` is no `.com`, and `.com.example` goes on.
    let goes_on = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if unit(end).is_some_and(goes_on) || (unit(end) == Some(b'.') && unit(end + step).is_some_and(goes_on)) {
        return None;
    }
    let mut start = at;
    while let Some(before) = start.checked_sub(step).filter(|_| at - start <= LONGEST * step) {
        if !unit(before).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')) {
            break;
        }
        start = before;
    }
    let name: String =
        (start..end).step_by(step).filter_map(|at| bytes.get(at)).map(|b| char::from(b.to_ascii_lowercase())).collect();
    let trimmed = name.trim_start_matches(['.', '-']);
    let is_name = trimmed.contains('.')
        && trimmed.len() <= LONGEST
        && trimmed.split('.').all(|label| (1..=LONGEST_LABEL).contains(&label.len()));
    is_name.then(|| (start + (name.len() - trimmed.len()) * step, trimmed.to_owned()))
}

#[cfg(test)]
mod tests {
    use memchr::memmem;

    use super::*;

    #[test]
    fn names_are_whole() {
        let text = b"https://dnl-01.Geo.Example.com/x a.com.evil.example .com -x.com foo.community u@mail.example.com, ..b.com";
        let found: Vec<_> = memmem::find_iter(text, b".com").filter_map(|at| host(text, at, at + 4, 1)).collect();
        let names: Vec<&str> = found.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["dnl-01.geo.example.com", "x.com", "mail.example.com", "b.com"]);
        let wide: Vec<u8> = "http://a.example.com/".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let at = memmem::find(&wide, b".\0c\0o\0m\0").unwrap();
        assert_eq!(host(&wide, at, at + 8, 2), Some((14, "a.example.com".to_owned())));
    }
}
