//! One part: its fields, what they say of its name and packing, its body.

/// The fields before a body, unfolded.
pub(super) struct Fields {
    all: Vec<(String, String)>,
}

/// Fields longer than this together are no fields.
const LONGEST: usize = 256 * 1024;
/// Parts of one body.
const MOST: usize = 100_000;

impl Fields {
    /// The fields, and what follows the empty line behind them.
    pub(super) fn split(bytes: &[u8]) -> (Self, &[u8]) {
        let (mut all, mut rest): (Vec<(String, String)>, &[u8]) = (Vec::new(), bytes);
        loop {
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (line, after) = rest.split_at(length);
            let text = String::from_utf8_lossy(line);
            let text = text.trim_end_matches(['\r', '\n']);
            if text.is_empty() || bytes.len() - rest.len() > LONGEST {
                return (Self { all }, after);
            }
            if text.starts_with([' ', '\t']) {
                if let Some((_, value)) = all.last_mut() {
                    value.push_str(text);
                }
            } else if let Some((name, value)) = text.split_once(':') {
                all.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            } else {
                return (Self { all }, rest);
            }
            rest = after;
        }
    }

    fn get(&self, name: &str) -> &str {
        self.all.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    fn kind(&self) -> String {
        self.get("content-type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    pub(super) fn is_many(&self) -> bool {
        self.kind().starts_with("multipart/")
    }

    pub(super) fn boundary(&self) -> String {
        parameter(self.get("content-type"), "boundary").unwrap_or_default()
    }

    /// As the sender names it: what it is stored as, else what it is.
    pub(super) fn name(&self) -> Option<String> {
        let stored = parameter(self.get("content-disposition"), "filename");
        stored.or_else(|| parameter(self.get("content-type"), "name")).filter(|name| !name.is_empty())
    }

    /// Of a part without a name.
    pub(super) fn ending(&self) -> &'static str {
        match self.kind().as_str() {
            "message/rfc822" => ".eml",
            "text/html" => ".html",
            "" | "text/plain" => ".txt",
            _ => "",
        }
    }

    fn packing(&self) -> String {
        self.get("content-transfer-encoding").trim().to_ascii_lowercase()
    }
}

/// A parameter of a field: plain, quoted, in a character set (RFC 2231), or an encoded word (RFC 2047).
fn parameter(field: &str, wanted: &str) -> Option<String> {
    let lower = field.to_ascii_lowercase();
    for (at, _) in lower.match_indices(wanted) {
        let is_start = lower.get(..at).is_some_and(|before| before.ends_with([';', ' ', '\t']));
        let rest = field.get(at + wanted.len()..)?;
        let (rest, is_extended) = match rest.strip_prefix('*').map(|rest| rest.trim_start_matches("0*")) {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let Some(value) = rest.trim_start().strip_prefix('=').filter(|_| is_start).map(str::trim_start) else {
            continue;
        };
        let value = match value.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap_or_default(),
            None => value.split([';', ' ', '\t']).next().unwrap_or_default(),
        };
        let value = if is_extended { percent(value.rsplit('\'').next().unwrap_or(value)) } else { value.to_owned() };
        return Some(word(&value).unwrap_or(value));
    }
    None
}

fn percent(value: &str) -> String {
    let mut out = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// `=?utf-8?B?…?=`.
fn word(value: &str) -> Option<String> {
    let mut parts = value.strip_prefix("=?")?.split('?');
    let (_set, packing, text) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = match packing {
        "B" | "b" => base64(text.as_bytes()),
        _ => quoted(text.replace('_', " ").as_bytes()),
    };
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What lies between the lines of a boundary, and whether a last line closes it.
pub(super) fn parts<'b>(body: &'b [u8], boundary: &str) -> (Vec<&'b [u8]>, bool) {
    let mark = format!("--{boundary}");
    let is_line = |at: usize| {
        let after = body.get(at + mark.len()).copied().unwrap_or(b'\n');
        (at == 0 || body.get(at - 1) == Some(&b'\n')) && matches!(after, b'\r' | b'\n' | b' ' | b'\t' | b'-')
    };
    let marks: Vec<usize> =
        memchr::memmem::find_iter(body, mark.as_bytes()).filter(|at| is_line(*at)).take(MOST).collect();
    let ends = marks.iter().skip(1).copied().chain([body.len()]);
    let (mut parts, mut is_closed) = (Vec::new(), false);
    for (start, end) in marks.iter().zip(ends) {
        let part = body.get(start + mark.len()..end).unwrap_or_default();
        if part.starts_with(b"--") {
            is_closed = true;
        } else if let Some(part) = memchr::memchr(b'\n', part).and_then(|line| part.get(line + 1..)) {
            parts.push(part);
        }
    }
    (parts, is_closed)
}

/// The body as it was before it was packed for the way; nothing where it was not.
pub(super) fn decoded(fields: &Fields, body: &[u8]) -> Option<Vec<u8>> {
    match fields.packing().as_str() {
        "base64" => Some(base64(body)),
        "quoted-printable" => Some(quoted(body)),
        _ => None,
    }
}

/// What is no digit is passed over.
fn base64(text: &[u8]) -> Vec<u8> {
    let (mut out, mut held, mut bits) = (Vec::with_capacity(text.len() / 4 * 3), 0_u32, 0);
    for byte in text {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (held, bits) = (0, 0);
                continue;
            }
            _ => continue,
        };
        held = held << 6 | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.extend((held >> bits).to_le_bytes().first());
            held &= (1 << bits) - 1;
        }
    }
    out
}

fn quoted(text: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            out.push(*first);
            continue;
        }
        let two = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        if let Some(byte) = two.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            out.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else if let Some(next) = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")) {
            rest = next;
        } else {
            out.push(b'=');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_all_their_forms() {
        for (field, want) in [
            ("attachment; filename=\"a b.zip\"", "a b.zip"),
            ("attachment; filename=a.zip; size=3", "a.zip"),
            ("attachment; filename*=UTF-8''%D0%96.zip", "Ж.zip"),
            ("attachment; filename=\"=?utf-8?B?0JYuemlw?=\"", "Ж.zip"),
        ] {
            assert_eq!(parameter(field, "filename").as_deref(), Some(want), "{field}");
        }
        assert_eq!(parameter("text/plain; xname=b", "name"), None);
    }

    #[test]
    fn bodies_come_out_as_they_went_in() {
        assert_eq!(base64(b"aGVs\r\nbG8="), b"hello");
        assert_eq!(quoted(b"a=3Db=\r\nc=zz"), b"a=bc=zz");
        assert_eq!(parts(b"x\r\n--b\r\n1\r\n--b\r\n2\r\n--b--\r\n", "b"), (vec![b"1\r\n".as_slice(), b"2\r\n"], true));
        assert_eq!(parts(b"--b\n1\n--bc\n", "b"), (vec![b"1\n--bc\n".as_slice()], false));
    }
}
