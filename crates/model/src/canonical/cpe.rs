//! CPE names in the formatted-string form of version 2.3 (NIST IR 7695 §6.2), lower case, eleven parts.

const PARTS: usize = 11;

/// The canonical form `cpe:2.3:part:vendor:product:…`; where the text is no CPE, the text itself in lower case.
pub(super) fn canonical(raw: &str) -> String {
    let lower = raw.trim().to_lowercase();
    let parts: Vec<String> = if let Some(rest) = lower.strip_prefix("cpe:2.3:") {
        split_unescaped(rest)
    } else if let Some(rest) = lower.strip_prefix("cpe:/") {
        rest.split(':').map(|part| if part.is_empty() { "*".to_owned() } else { unbind(part) }).collect()
    } else {
        return lower;
    };
    let mut out = String::from("cpe:2.3");
    for index in 0..PARTS {
        out.push(':');
        out.push_str(parts.get(index).filter(|part| !part.is_empty()).map_or("*", String::as_str));
    }
    out
}

fn split_unescaped(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for character in text.chars() {
        if character == ':' && !escaped {
            parts.push(String::new());
            continue;
        }
        escaped = character == '\\' && !escaped;
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    // A last backslash quotes nothing, and would quote what is written behind it.
    if escaped && let Some(part) = parts.last_mut() {
        part.pop();
    }
    parts
}

/// A part of a 2.2 URI: percent-decoded, and quoted as version 2.3 quotes.
fn unbind(part: &str) -> String {
    let mut decoded = Vec::with_capacity(part.len());
    let mut bytes = part.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let pair = (byte == b'%').then(|| (ahead.next().and_then(digit), ahead.next().and_then(digit)));
        if let Some((Some(high), Some(low))) = pair {
            decoded.push(high << 4 | low);
            bytes = ahead;
        } else {
            decoded.push(byte);
        }
    }
    let mut out = String::with_capacity(decoded.len());
    for character in String::from_utf8_lossy(&decoded).to_lowercase().chars() {
        if !(character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '~')) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn both_versions_meet() {
        let want = "cpe:2.3:a:kaspersky:anti-virus:21.3:*:*:*:*:*:*:*";
        assert_eq!(canonical("cpe:/a:kaspersky:anti-virus:21.3"), want);
        assert_eq!(canonical("cpe:2.3:a:Kaspersky:Anti-Virus:21.3:*:*:*:*:*:*:*"), want);
        assert_eq!(canonical("cpe:2.3:a:kaspersky:anti-virus:21.3"), want);
        assert_eq!(canonical(want), want);
        assert_eq!(canonical("cpe:/a:x:y%3az"), r"cpe:2.3:a:x:y\:z:*:*:*:*:*:*:*:*");
        assert_eq!(canonical("cpe:/a:x:%4a"), "cpe:2.3:a:x:j:*:*:*:*:*:*:*:*");
        assert_eq!(canonical(r"cpe:2.3:a:x\"), "cpe:2.3:a:x:*:*:*:*:*:*:*:*:*");
        assert_eq!(canonical("nonsense"), "nonsense");
    }
}
