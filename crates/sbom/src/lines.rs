//! Plain lists: one thing a line, comments and blank lines between them, further columns behind it.
use interdict_model::{Counts, Document, Malformed, Sink};

use crate::draft::Draft;
use crate::encoding;
use crate::ledger::Ledger;

/// Lines looked at before a text is taken for a list.
const FIRST: usize = 64;

/// Whether the first lines of a text are all things of a list, at least one of them of this kind.
pub(crate) fn is_list(text: &[u8], own: fn(&str) -> bool) -> bool {
    const HEAD: usize = 64 << 10;
    let head = text.get(..HEAD.min(text.len())).unwrap_or_default();
    // A document of JSON or XML may be one long line.
    if matches!(head.trim_ascii_start().first(), Some(b'{' | b'<')) {
        return false;
    }
    let end = if memchr::memchr(b'\n', head).is_some() { b'\n' } else { b'\r' };
    let lines = memchr::memchr_iter(end, head).count() + 1;
    // What the limit cuts in two is no line.
    let whole = if text.len() > HEAD && lines < FIRST { lines - 1 } else { lines };
    let mut things = 0;
    // Line by line, for most texts are no lists by their first.
    for (index, line) in head.split(|byte| *byte == end).take(FIRST.min(whole)).enumerate() {
        if index == 0 && is_heading(line) {
            continue;
        }
        if !may_be(line) {
            return false;
        }
        let line = String::from_utf8_lossy(line);
        let Some(thing) = thing(&line) else {
            if is_nothing(&line) {
                continue;
            }
            return false;
        };
        things += usize::from(own(thing));
    }
    things > 0
}

/// The first column of a line that is a package URL or a CPE name, and what follows it.
fn columns(line: &str) -> Option<(&str, &str)> {
    let thing = thing(line)?;
    let end = thing.as_ptr() as usize - line.as_ptr() as usize + thing.len();
    Some((thing, line.get(end..).unwrap_or_default()))
}

fn thing(line: &str) -> Option<&str> {
    let mut rest = line.trim_start_matches('\u{feff}').trim();
    // A list in Markdown or YAML is a list too.
    rest = rest.strip_prefix("- ").or_else(|| rest.strip_prefix("* ")).unwrap_or(rest).trim_start();
    let separators: &[char] = if rest.contains('?') { &[';', '\t', '"', ' '] } else { &[',', ';', '\t', '"', ' '] };
    rest.split(separators)
        .map(str::trim)
        .find(|field| !field.is_empty())
        .filter(|field| is_purl(field) || is_cpe(field))
}

/// `pkg:type/name…`.
pub(crate) fn is_purl(text: &str) -> bool {
    let Some(rest) = text.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("pkg:")).and(text.get(4..)) else {
        return false;
    };
    let (of, name) = rest.trim_start_matches('/').split_once('/').unwrap_or_default();
    !of.is_empty()
        && of.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_'))
        && !name.is_empty()
}

/// `cpe:2.3:a:…`, `cpe:/a:…`.
pub(crate) fn is_cpe(text: &str) -> bool {
    let lower: String = text.chars().take(9).map(|c| c.to_ascii_lowercase()).collect();
    let part = lower.strip_prefix("cpe:2.3:").or_else(|| lower.strip_prefix("cpe:/"));
    part.is_some_and(|part| part.starts_with(['a', 'o', 'h', '*', '-']))
}

/// A blank line or a comment.
fn is_nothing(line: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}').trim();
    line.is_empty() || line.starts_with('#') || line.starts_with("//") || line == "---"
}

/// The names of the columns, where the first line has them.
fn is_heading(line: &[u8]) -> bool {
    const NAMES: [&str; 6] = ["purl", "cpe", "package", "package url", "package_url", "packageurl"];
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    line.split(|byte| matches!(byte, b',' | b';' | b'\t')).any(|name| {
        let name = name.trim_ascii();
        let name = name.strip_prefix(b"\"").unwrap_or(name);
        let name = name.strip_suffix(b"\"").unwrap_or(name);
        NAMES.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
    })
}

/// Whether a line can be of a list, by its first byte: of most files the first line cannot. A space may have several bytes.
fn may_be(line: &[u8]) -> bool {
    let first = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii_start().first();
    first.is_none_or(|first| b"pPcC-*#/,;\"\xc2\xe1\xe2\xe3\xef".contains(first))
}

/// Tells every thing of this kind as a component; `draft` has the thing and what stands behind it in its line.
pub(crate) fn read(
    bytes: &[u8],
    sink: &mut Sink<'_>,
    own: fn(&str) -> bool,
    draft: for<'a> fn(&'a str, &'a str) -> Draft<'a>,
) -> Result<(), Malformed> {
    let decoded = encoding::decode(bytes);
    // Line ends of before 2001 are line ends.
    let end = if decoded.text.contains('\n') { '\n' } else { '\r' };
    let (mut ledger, mut counts) = (Ledger::default(), Counts::default());
    for (index, line) in decoded.text.split(end).enumerate() {
        let at = format!("line {}", index + 1);
        match columns(line) {
            Some((thing, rest)) if own(thing) => {
                counts.components += 1;
                draft(thing, rest).tell(&at, sink);
            }
            Some(_) => {}
            None if is_nothing(line) || (index == 0 && is_heading(line.as_bytes())) => {}
            None => {
                let shown: String = line.trim().chars().take(60).collect();
                ledger.repair(sink, &at, "", &format!("`{shown}` belongs to no list"), "nothing");
            }
        }
    }
    if counts.components == 0 {
        return Err(Malformed::NotThis);
    }
    if let Some((wrong, assumed)) = decoded.repair {
        sink.repair("", wrong, assumed);
    }
    ledger.settle(sink, 0);
    sink.document(Document { counts, ..Document::default() });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_what_only_looks_like_one() {
        for (text, want) in [
            ("pkg:npm/a@1\n", true),
            ("\u{feff}# ours\n\n- pkg:npm/%40a/b@1.0\n", true),
            ("purl,version\n\"pkg:npm/a\",1\n", true),
            ("pkg:npm/a@1\ncpe:/a:b:c\n", true),
            ("pkg:config is a tool\n", false),
            ("See pkg:npm/a@1\n", false),
            ("pkg:npm/a@1\nand more prose\n", false),
            ("cpe:/a:b:c\n", false),
            ("# only a comment\n", false),
            ("", false),
        ] {
            assert_eq!(is_list(text.as_bytes(), is_purl), want, "{text}");
        }
        assert!(is_list(b"cpe:2.3:a:x:y:*:*:*:*:*:*:*:*\n", is_cpe));
        assert_eq!(columns("pkg:npm/a@1?x=1,2\t3"), Some(("pkg:npm/a@1?x=1,2", "\t3")));
        assert_eq!(columns("\"pkg:npm/a\",\"1\""), Some(("pkg:npm/a", "\",\"1\"")));
    }
}
