//! Tags of XML where little is asked of it: attributes and the five names of letters.

/// Every tag from its name on, comments left out; a bracket inside a quoted value ends none.
pub(crate) fn tags(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let after = rest.get(memchr::memchr(b'<', rest)? + 1..)?;
            if after.starts_with(b"!--") {
                rest = after.get(memchr::memmem::find(after, b"-->")?..)?;
                continue;
            }
            let mut quote = None;
            let is_end = |byte: &u8| {
                if let Some(open) = quote {
                    quote = quote.filter(|_| open != *byte);
                    return false;
                }
                quote = Some(*byte).filter(|byte| matches!(byte, b'"' | b'\''));
                *byte == b'>'
            };
            let end = after.iter().position(is_end)?;
            rest = after.get(end..)?;
            return after.get(..end);
        }
    })
}

/// The value of an attribute, with its letters as they are meant.
pub(crate) fn attribute(tag: &[u8], name: &str) -> Option<Vec<u8>> {
    let is_name =
        |at: &usize| at.checked_sub(1).and_then(|before| tag.get(before)).is_some_and(u8::is_ascii_whitespace);
    let wanted = format!("{name}=");
    let at = memchr::memmem::find_iter(tag, &wanted).find(is_name)? + wanted.len();
    let quote = tag.get(at).filter(|quote| matches!(quote, b'"' | b'\''))?;
    let value = tag.get(at + 1..)?.split(|byte| byte == quote).next()?;
    Some(unescaped(value))
}

/// The five names of XML; other references stay as they are.
pub(crate) fn unescaped(value: &[u8]) -> Vec<u8> {
    const NAMES: [(&str, &str); 5] = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    let text = String::from_utf8_lossy(value);
    NAMES.iter().fold(text.into_owned(), |text, (name, letter)| text.replace(name, letter)).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_their_attributes() {
        let text = b"<?xml?><!-- <P Id='no'/> --><P XId='a' Id=\"b &gt; c\" If='d > e'/><Q";
        let found: Vec<&[u8]> = tags(text).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(attribute(found[1], "Id").as_deref(), Some(b"b > c".as_slice()));
        assert_eq!(attribute(found[1], "If").as_deref(), Some(b"d > e".as_slice()));
        assert_eq!(attribute(found[1], "f"), None);
    }
}
