//! Microsoft's compilers: names from the inside out, parted by `@`, with `?` before what is more than a name.
use super::Scope;
use crate::read::text;

/// Where a decorated function or variable lies.
pub(super) fn scope(name: &[u8]) -> Option<Scope<'_>> {
    let after = name.strip_prefix(b"?")?;
    // `?name@scope@@`, or `??0scope@@` where a code stands for the name.
    let start = match after.strip_prefix(b"?") {
        Some(coded) => name.len() - coded.len() + if coded.starts_with(b"_") { 2 } else { 1 },
        None => name.len() - after.len() + memchr::memchr(b'@', after)? + 1,
    };
    let rest = name.get(start..)?;
    let raw = rest.get(..memchr::memmem::find(rest, b"@@")?)?;
    let parts = outside_in(raw);
    (!parts.is_empty()).then_some(Scope { raw, start, parts })
}

/// A type's name from the outside in: `.?AVObject@eka@@`.
pub(super) fn type_parts(name: &[u8]) -> Option<Vec<String>> {
    let inner = name.strip_prefix(b".?A")?.get(1..)?.strip_suffix(b"@@")?;
    if let Some(template) = inner.strip_prefix(b"?$") {
        let own = template.get(..memchr::memchr(b'@', template).unwrap_or(template.len()))?;
        let mut parts = outside_in(inner);
        parts.push(text(own).into_owned());
        return Some(parts);
    }
    Some(outside_in(inner)).filter(|parts| !parts.is_empty())
}

/// Names that are plain, the outermost first; of templates the outermost name space is all that can be told apart.
fn outside_in(raw: &[u8]) -> Vec<String> {
    let parts: Vec<&[u8]> = raw.split(|byte| *byte == b'@').collect();
    let is_name = |part: &&&[u8]| {
        part.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_')
            && part.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
    };
    // `?A0x…` is a name space without a name.
    let is_plain = parts.iter().all(|part| is_name(&part) || part.starts_with(b"?A0x"));
    let count = if is_plain { parts.len() } else { 1 };
    let taken = parts.iter().rev().take(count).filter(|part| is_name(part));
    taken.map(|part| text(part).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes() {
        for (name, want) in [
            (&b"?Release@Object@eka@@QEAAXXZ"[..], Some("eka::Object")),
            (b"??0Object@eka@@QEAA@XZ", Some("eka::Object")),
            (b"??_7Object@eka@@6B@", Some("eka::Object")),
            (b"?push@?$Vector@H@eka@@QEAAXH@Z", Some("eka")),
            (b"?hidden@?A0x1234@eka@@YAXXZ", Some("eka")),
            (b"?free@@YAXXZ", None),
            (b"?", None),
            (b"??", None),
            (b"??0", None),
            (b"CreateFileW", None),
        ] {
            let found = scope(name);
            assert_eq!(found.as_ref().map(|scope| scope.parts.join("::")).as_deref(), want, "{name:?}");
            if let Some(scope) = found {
                assert_eq!(&name[scope.start..scope.start + scope.raw.len()], scope.raw);
            }
        }
    }

    #[test]
    fn types() {
        for (name, want) in [
            (&b".?AVIObjectFactory@eka@@"[..], Some("eka::IObjectFactory")),
            (b".?AUPlain@@", Some("Plain")),
            (b".?AV?$Vector@H@eka@@", Some("eka::Vector")),
            (b".?AV@@", None),
            (b"N3eka6ObjectE", None),
        ] {
            assert_eq!(type_parts(name).map(|parts| parts.join("::")).as_deref(), want, "{name:?}");
        }
    }
}
