//! Values of PDF: read with a stack of our own, so that no nesting is too deep (ISO 32000-1 §7.3).

/// As much of a value as attachments need.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Name(Vec<u8>),
    Text(Vec<u8>),
    Number(i64),
    /// To the object of this number; generations are not told apart.
    Reference(u32),
    List(Vec<Value>),
    Dictionary(Dictionary),
    /// Fractions, truth values, nothing.
    Other,
}

/// Keys and values in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dictionary(Vec<(Vec<u8>, Value)>);

impl Dictionary {
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().map(|(_, value)| value)
    }

    pub(super) fn number(&self, key: &str) -> Option<i64> {
        match self.get(key) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn is(&self, key: &str, name: &str) -> bool {
        matches!(self.get(key), Some(Value::Name(held)) if held == name.as_bytes())
    }
}

/// No honest value has as many parts or is as deep.
const PARTS: usize = 1 << 20;
const DEEPEST: usize = 256;

/// A value that is read, where it ends, and whether a limit of ours cut it.
pub(super) struct Parsed {
    pub(super) value: Value,
    pub(super) end: usize,
    pub(super) is_cut: bool,
}

enum Token {
    Value(Value),
    Keyword(usize, usize),
    Open(bool),
    Close,
}

struct Frame {
    is_dictionary: bool,
    items: Vec<Value>,
}

impl Frame {
    fn close(self) -> Value {
        if !self.is_dictionary {
            return Value::List(self.items);
        }
        let (mut pairs, mut items) = (Vec::new(), self.items.into_iter());
        while let Some(key) = items.next() {
            if let Value::Name(key) = key
                && let Some(value) = items.next()
            {
                pairs.push((key, value));
            }
        }
        Value::Dictionary(Dictionary(pairs))
    }

    /// `12 0 R`: the two numbers before the letter are one reference.
    fn refer(&mut self) {
        if let [.., Value::Number(number), Value::Number(_)] = self.items.as_slice() {
            let number = u32::try_from(*number).unwrap_or(u32::MAX);
            self.items.truncate(self.items.len() - 2);
            self.items.push(Value::Reference(number));
        }
    }
}

/// The value that begins at a place; of one that breaks off, what was there.
pub(super) fn parse(bytes: &[u8], at: usize) -> Parsed {
    let (mut open, mut at, mut parts, mut is_cut) = (Vec::<Frame>::new(), at, 0, false);
    while let Some((token, end)) = token(bytes, at) {
        parts += 1;
        let value = match token {
            Token::Value(value) => value,
            Token::Keyword(from, to) => match (bytes.get(from..to), open.last_mut()) {
                (Some(b"R"), Some(frame)) => {
                    frame.refer();
                    at = end;
                    continue;
                }
                (Some(b"true" | b"false" | b"null"), _) => Value::Other,
                // A word of the file's own structure: the value before it broke off.
                _ => break,
            },
            Token::Open(is_dictionary) if open.len() < DEEPEST => {
                open.push(Frame { is_dictionary, items: Vec::new() });
                at = end;
                continue;
            }
            Token::Open(_) => {
                is_cut = true;
                break;
            }
            Token::Close => match open.pop() {
                Some(frame) => frame.close(),
                None => break,
            },
        };
        at = end;
        match open.last_mut() {
            None => return Parsed { value, end, is_cut },
            Some(_) if parts > PARTS => {
                is_cut = true;
                break;
            }
            Some(frame) => frame.items.push(value),
        }
    }
    let mut value = Value::Other;
    while let Some(mut frame) = open.pop() {
        if value != Value::Other {
            frame.items.push(value);
        }
        value = frame.close();
    }
    Parsed { value, end: at, is_cut }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// Past white space and comments.
pub(super) fn skip(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        if *byte == b'%' {
            let rest = bytes.get(at..).unwrap_or_default();
            at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        } else if is_space(*byte) {
            at += 1;
        } else {
            break;
        }
    }
    at
}

fn token(bytes: &[u8], at: usize) -> Option<(Token, usize)> {
    let at = skip(bytes, at);
    let rest = bytes.get(at..)?;
    let regular = |from: usize| {
        let held = rest.get(from..).unwrap_or_default();
        from + held.iter().position(|byte| !is_regular(*byte)).unwrap_or(held.len())
    };
    Some(match rest {
        [b'<', b'<', ..] => (Token::Open(true), at + 2),
        [b'>', b'>', ..] => (Token::Close, at + 2),
        [b'[', ..] => (Token::Open(false), at + 1),
        [b']', ..] => (Token::Close, at + 1),
        [b'(', ..] => {
            let (text, length) = literal(rest)?;
            (Token::Value(Value::Text(text)), at + length)
        }
        [b'<', inside @ ..] => {
            let length = memchr::memchr(b'>', inside)?;
            (Token::Value(Value::Text(hexadecimal(inside.get(..length)?))), at + length + 2)
        }
        [b'/', ..] => {
            let end = regular(1);
            (Token::Value(Value::Name(unescaped(rest.get(1..end)?))), at + end)
        }
        [first, ..] if is_regular(*first) => {
            let end = regular(0);
            let word = std::str::from_utf8(rest.get(..end)?).ok();
            match word {
                Some(word) if first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.') => {
                    (Token::Value(word.parse().map_or(Value::Other, Value::Number)), at + end)
                }
                _ => (Token::Keyword(at, at + end), at + end),
            }
        }
        [..] => return None,
    })
}

/// `(text)`, with round brackets in pairs and escapes; and how long it is written.
fn literal(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut text, mut depth, mut at) = (Vec::new(), 0_usize, 0);
    loop {
        let byte = *rest.get(at)?;
        at += 1;
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'\\' => {
                let escaped = *rest.get(at)?;
                at += 1;
                match escaped {
                    b'n' => text.push(b'\n'),
                    b'r' => text.push(b'\r'),
                    b't' => text.push(b'\t'),
                    b'b' => text.push(8),
                    b'f' => text.push(12),
                    b'0'..=b'7' => {
                        let digits = rest.get(at - 1..)?.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
                        let count = digits.clone().count();
                        let value = digits.fold(0_u32, |value, digit| value * 8 + u32::from(digit - b'0'));
                        text.push(value.to_le_bytes()[0]);
                        at += count - 1;
                    }
                    b'\r' => at += usize::from(rest.get(at) == Some(&b'\n')),
                    b'\n' => {}
                    other => text.push(other),
                }
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            return Some((text.split_off(1), at));
        }
        text.push(byte);
    }
}

/// Pairs of digits; a last one alone is followed by a zero.
pub(super) fn hexadecimal(text: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = text.iter().filter_map(digit).collect();
    digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |value, digit| value << 4 | digit) << (8 - 4 * pair.len()))
        .collect()
}

/// `#20` in a name is a space.
fn unescaped(raw: &[u8]) -> Vec<u8> {
    let (mut name, mut at) = (Vec::new(), 0);
    while let Some(byte) = raw.get(at) {
        let code = raw.get(at + 1..at + 3).filter(|two| *byte == b'#' && two.iter().all(u8::is_ascii_hexdigit));
        name.extend(code.map_or_else(|| vec![*byte], hexadecimal));
        at += if code.is_some() { 3 } else { 1 };
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_they_are_written() {
        let text = b"<</Type/File#73pec/F(a\\(b\\051 \\\nc(d)\\7)/UF<FEFF0041>/EF<</F 12 0 R>>/N[1 -2 .5 true]>>rest";
        let parsed = parse(text, 0);
        let Value::Dictionary(dictionary) = &parsed.value else { panic!("{:?}", parsed.value) };
        assert!(!parsed.is_cut && dictionary.is("Type", "Filespec"));
        assert_eq!(dictionary.get("F"), Some(&Value::Text(b"a(b) c(d)\x07".to_vec())));
        assert_eq!(dictionary.get("UF"), Some(&Value::Text(b"\xfe\xff\0A".to_vec())));
        let streams = Value::Dictionary(Dictionary(vec![(b"F".to_vec(), Value::Reference(12))]));
        assert_eq!(dictionary.get("EF"), Some(&streams));
        let numbers = vec![Value::Number(1), Value::Number(-2), Value::Other, Value::Other];
        assert_eq!(dictionary.get("N"), Some(&Value::List(numbers)));
        assert_eq!(&text[parsed.end..], b"rest");
    }

    #[test]
    fn what_breaks_off_is_kept_and_nothing_is_too_deep() {
        let parsed = parse(b"<</A 1/B[2 3 0 R endobj", 0);
        let Value::Dictionary(dictionary) = &parsed.value else { panic!("{:?}", parsed.value) };
        assert_eq!(dictionary.number("A"), Some(1));
        assert!(!parsed.is_cut);
        assert!(parse(&b"[".repeat(100_000), 0).is_cut);
        assert!(parse(&b"<</A".repeat(100_000), 0).is_cut);
        for broken in [b"(a\\".as_slice(), b"<41", b")", b"", b"%"] {
            assert_eq!(parse(broken, 0).value, Value::Other, "{broken:?}");
        }
    }
}
