//! Characters that are written as references of HTML or percent-encoded, in texts where neither belongs.

/// The text with such characters read as what they are, those too that come out of others; `None` where it has none.
pub(super) fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut changed) = (text, false);
    while let Some(at) = rest.find(MARKS) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (mut mark, mut behind) = (from.chars().next()?, from.get(1..)?);
        while let Some((character, length)) = if mark == '&' { reference(behind) } else { encoded(behind) } {
            (mark, behind, changed) = (character, behind.get(length..)?, true);
            if !MARKS.contains(&mark) {
                break;
            }
        }
        out.push(mark);
        rest = behind;
    }
    changed.then(|| out + rest)
}

/// What such a character begins with.
const MARKS: [char; 2] = ['&', '%'];

/// The names that make a name look like another; all others stand as they are.
const NAMED: [(&str, char); 8] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("shy", '\u{ad}'),
    ("copy", '©'),
];

/// Letters of a reference at most, numbers with leading zeros included.
const LONGEST: usize = 12;

/// What a reference stands for, and its length behind the mark.
fn reference(behind: &str) -> Option<(char, usize)> {
    let end = behind.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = behind.get(..end)?;
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let digits = number.strip_prefix(['x', 'X']);
            let is_number = !number.starts_with('+') && digits.is_none_or(|digits| !digits.starts_with('+'));
            let code = digits.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16));
            char::from_u32(code.ok()?).filter(|_| is_number)?
        }
        None => NAMED.iter().find(|(known, _)| *known == name).map(|(_, character)| *character)?,
    };
    Some((character, end + 1))
}

/// The character that the bytes behind percent signs are in UTF-8, and their length behind the first of these.
fn encoded(behind: &str) -> Option<(char, usize)> {
    let byte = |index: usize| {
        let written = behind.get(index * 3..index * 3 + 2)?;
        let is_marked = index == 0 || behind.get(index * 3 - 1..index * 3) == Some("%");
        let is_hex = is_marked && written.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_hex.then(|| u8::from_str_radix(written, 16).ok()).flatten()
    };
    let first = byte(0)?;
    let count = match first {
        0x20..=0x7e => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let bytes: Vec<u8> = (0..count).map_while(byte).collect();
    let character = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    Some((character, count * 3 - 1))
}
