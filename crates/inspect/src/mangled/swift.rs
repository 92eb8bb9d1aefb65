//! Swift: the module that a symbol lies in, and the type where one follows.
use super::Scope;
use crate::read::text;

/// What mangled names begin with, newest first.
const PREFIXES: &[&[u8]] = &[b"$s", b"_$s", b"$S", b"_$S", b"_T0"];

/// Where a mangled function or variable lies.
pub(super) fn scope(name: &[u8]) -> Option<Scope<'_>> {
    let after = PREFIXES.iter().find_map(|prefix| name.strip_prefix(*prefix))?;
    let (module, mut rest) = part(after)?;
    let mut parts = vec![text(module).into_owned()];
    if let Some((own, next)) = part(rest)
        && matches!(next.first(), Some(b'C' | b'V' | b'O' | b'P'))
    {
        parts.push(text(own).into_owned());
        rest = next;
    }
    let raw = after.get(..after.len() - rest.len())?;
    Some(Scope { raw, start: name.len() - after.len(), parts })
}

/// A name behind its length; a zero before it says that words are left out, and then it is no name to tell.
fn part(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let count = rest.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let number = rest.get(..count).filter(|number| !number.is_empty() && !number.starts_with(b"0"))?;
    let len = number.iter().fold(0_usize, |len, digit| len * 10 + usize::from(digit - b'0'));
    rest.get(count..)?.split_at_checked(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_types() {
        for (name, want) in [
            (&b"$s6Engine7ScannerC4scanyyF"[..], Some("Engine::Scanner")),
            (b"_$s6Engine4openyyF", Some("Engine")),
            (b"$sSS6appendyySSF", None),
            (b"$s", None),
            (b"$s99x", None),
        ] {
            let found = scope(name);
            assert_eq!(found.as_ref().map(|scope| scope.parts.join("::")).as_deref(), want, "{name:?}");
            if let Some(scope) = found {
                assert_eq!(&name[scope.start..scope.start + scope.raw.len()], scope.raw);
            }
        }
    }
}
