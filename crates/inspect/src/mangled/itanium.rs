//! The Itanium ABI, which GCC and Clang mangle by, and Rust in its older way.
use super::Scope;

/// What stands before the name in symbols that are no functions: tables of virtual functions, type information, guards.
const SPECIAL: &[&[u8]] = &[b"TV", b"TI", b"TS", b"TT", b"TW", b"TH", b"GV", b"GR"];
/// `(anonymous namespace)`.
const ANONYMOUS: &[u8] = b"_GLOBAL__N_1";

/// Where a mangled function or variable lies; nothing for plain names and for what lies in none.
pub(super) fn scope(name: &[u8]) -> Option<Scope<'_>> {
    let after = name.strip_prefix(b"_Z")?;
    let after = SPECIAL.iter().find_map(|special| after.strip_prefix(*special)).unwrap_or(after);
    let nested = unqualified(after.strip_prefix(b"N")?);
    let mut parts = Vec::new();
    let mut rest = nested;
    // The end of the part before the last: all but the name itself.
    let mut before_last = nested.len();
    while let Some((part, next)) = part(rest) {
        before_last = rest.len();
        parts.push(part);
        rest = next;
    }
    // A hash is no part of a path; the name before it is.
    let is_hash = |part: &&[u8]| part.len() == 17 && part.starts_with(b"h");
    if parts.last().is_some_and(is_hash) && rest.starts_with(b"E") {
        parts.pop();
        before_last += parts.last().map_or(0, |last| last.len() + digits(last.len()));
        before_last = before_last.min(nested.len());
    }
    // Constructors, destructors and operators have no name of their own.
    let has_own_name = !matches!(rest.first(), Some(b'C' | b'D')) && !is_operator(rest);
    let until = if has_own_name { before_last } else { rest.len() };
    if has_own_name {
        parts.pop();
    }
    let raw = nested.get(..nested.len().checked_sub(until)?)?;
    let parts: Vec<String> = parts.iter().map(|part| readable(part)).collect();
    let start = name.len() - nested.len();
    (!parts.is_empty()).then_some(Scope { raw, start, parts })
}

/// Whether a text is the name of a type in a name space, whole.
pub(super) fn is_type(name: &[u8]) -> bool {
    let is_plain = name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$'));
    is_plain && name.ends_with(b"E") && type_parts(name).is_some_and(|parts| parts.len() > 1)
}

/// A type's name from the outside in, without the arguments of templates.
pub(super) fn type_parts(name: &[u8]) -> Option<Vec<String>> {
    let nested = name.strip_prefix(b"N");
    let mut rest = nested.unwrap_or(name);
    let mut parts = Vec::new();
    while let Some((part, next)) = part(rest) {
        parts.push(readable(part));
        rest = next;
    }
    let is_whole = if nested.is_some() { rest.starts_with(b"E") } else { rest.is_empty() } || rest.starts_with(b"I");
    (is_whole && !parts.is_empty()).then_some(parts)
}

/// Without what says that a function is constant, volatile, or wants a certain kind of object.
fn unqualified(name: &[u8]) -> &[u8] {
    let count = name.iter().take_while(|byte| matches!(byte, b'r' | b'V' | b'K' | b'R' | b'O')).count();
    name.get(count..).unwrap_or_default()
}

/// A name behind its length, and what follows.
fn part(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let count = rest.iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
    let number = rest.get(..count).filter(|number| !number.is_empty() && !number.starts_with(b"0"))?;
    let len = number.iter().fold(0_usize, |len, digit| len * 10 + usize::from(digit - b'0'));
    let (part, next) = rest.get(count..)?.split_at_checked(len)?;
    Some((part, next))
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// Operators are two letters, the first one small.
fn is_operator(rest: &[u8]) -> bool {
    matches!(rest.first_chunk(), Some([first, second]) if first.is_ascii_lowercase() && second.is_ascii_alphabetic())
}

fn readable(part: &[u8]) -> String {
    if part.starts_with(ANONYMOUS) { "(anonymous namespace)".to_owned() } else { crate::read::text(part).into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes() {
        for (name, want) in [
            (&b"_ZN3eka6Object7ReleaseEv"[..], Some("eka::Object")),
            (b"_ZNK3eka4Base3getEv", Some("eka::Base")),
            (b"_ZN3eka6ObjectC1Ev", Some("eka::Object")),
            (b"_ZN3eka6ObjectD0Ev", Some("eka::Object")),
            (b"_ZN3eka6ObjectaSERKS0_", Some("eka::Object")),
            (b"_ZN3eka6VectorIiE4pushEi", Some("eka")),
            (b"_ZTVN3eka6ObjectE", Some("eka")),
            (b"_ZN3eka12_GLOBAL__N_14testEv", Some("eka::(anonymous namespace)")),
            (b"_ZN4core3fmt9Formatter9write_str17h0123456789abcdefE", Some("core::fmt::Formatter")),
            (b"_ZNSt6vectorIiE4pushEi", None),
            (b"_Z4mainiPPc", None),
            (b"_ZN9999xE", None),
            (b"_ZN", None),
            (b"main", None),
        ] {
            let found = scope(name);
            assert_eq!(found.as_ref().map(|scope| scope.parts.join("::")).as_deref(), want, "{name:?}");
            if let Some(scope) = found {
                assert_eq!(&name[scope.start..scope.start + scope.raw.len()], scope.raw);
                let first = scope.parts[0].as_bytes();
                assert!(scope.raw.windows(first.len()).any(|window| window == first), "{name:?}");
            }
        }
    }

    #[test]
    fn types() {
        for (name, want) in [
            (&b"N3eka6ObjectE"[..], Some("eka::Object")),
            (b"N3eka6VectorIiEE", Some("eka::Vector")),
            (b"6Global", Some("Global")),
            (b"N2xE", None),
            (b"N", None),
        ] {
            assert_eq!(type_parts(name).map(|parts| parts.join("::")).as_deref(), want, "{name:?}");
        }
        assert!(is_type(b"N3eka6ObjectE") && !is_type(b"N3eka6Object") && !is_type(b"N1 2 E"));
    }
}
