//! How streams of PDF are packed: the filters that carry files, in the order in which they are to be undone.
use std::io::{self, BufReader, Read};

use flate2::bufread::ZlibDecoder;

use super::value::{Dictionary, Value, hexadecimal, is_space};

/// One on another; no honest stream has more.
const MOST: usize = 8;

/// The stream's content; the name of a filter that is not undone here where there is one.
pub(super) fn decoder<'a>(stream: &Dictionary, raw: &'a [u8]) -> Result<Option<Box<dyn Read + 'a>>, String> {
    let filters = list(stream.get("Filter"));
    if filters.len() > MOST {
        return Err(format!("{} filters, one on another", filters.len()));
    }
    let parameters = list(stream.get("DecodeParms"));
    let mut content: Option<Box<dyn Read + 'a>> = None;
    for (index, filter) in filters.iter().enumerate() {
        let Value::Name(name) = filter else { return Err("a filter that is no name".to_owned()) };
        let predictor = match parameters.get(index) {
            Some(Value::Dictionary(parameters)) => parameters.number("Predictor").unwrap_or(1),
            _ => 1,
        };
        if predictor > 1 {
            return Err(format!("predictor {predictor}"));
        }
        let inner = content.unwrap_or_else(|| Box::new(raw));
        content = Some(match name.as_slice() {
            b"FlateDecode" | b"Fl" => Box::new(ZlibDecoder::new(BufReader::new(inner))),
            b"ASCIIHexDecode" | b"AHx" => Box::new(Hexadecimal { inner: BufReader::new(inner), has_ended: false }),
            b"ASCII85Decode" | b"A85" => Box::new(Base85::new(BufReader::new(inner))),
            b"RunLengthDecode" | b"RL" => Box::new(RunLength { inner: BufReader::new(inner), now: Run::Ended(false) }),
            b"Crypt" => inner,
            other => return Err(format!("packed by {}", other.escape_ascii())),
        });
    }
    Ok(content)
}

fn list(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Other) => &[],
        Some(Value::List(list)) => list,
        Some(one) => std::slice::from_ref(one),
    }
}

fn next(inner: &mut impl Read) -> io::Result<Option<u8>> {
    let mut byte = [0];
    Ok((inner.read(&mut byte)? == 1).then_some(byte[0]))
}

/// Pairs of digits up to `>`.
struct Hexadecimal<R> {
    inner: BufReader<R>,
    has_ended: bool,
}

impl<R: Read> Read for Hexadecimal<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        while written < buffer.len() && !self.has_ended {
            let mut pair = Vec::new();
            while pair.len() < 2 && !self.has_ended {
                match next(&mut self.inner)? {
                    None | Some(b'>') => self.has_ended = true,
                    Some(byte) if byte.is_ascii_hexdigit() => pair.push(byte),
                    Some(byte) if is_space(byte) => {}
                    Some(_) => return Err(io::Error::other("a letter that is no hexadecimal digit")),
                }
            }
            for (slot, byte) in buffer.iter_mut().skip(written).zip(hexadecimal(&pair)) {
                *slot = byte;
                written += 1;
            }
        }
        Ok(written)
    }
}

/// Five letters for four bytes, up to `~>`.
struct Base85<R> {
    inner: BufReader<R>,
    held: io::Cursor<Vec<u8>>,
    has_ended: bool,
}

impl<R: Read> Base85<R> {
    fn new(inner: BufReader<R>) -> Self {
        Self { inner, held: io::Cursor::default(), has_ended: false }
    }

    fn group(&mut self) -> io::Result<Vec<u8>> {
        let (mut value, mut count) = (0_u64, 0_usize);
        while count < 5 {
            match next(&mut self.inner)? {
                None | Some(b'~') => {
                    self.has_ended = true;
                    break;
                }
                Some(b'z') if count == 0 => return Ok(vec![0; 4]),
                Some(byte @ b'!'..=b'u') => {
                    value = value * 85 + u64::from(byte - b'!');
                    count += 1;
                }
                Some(byte) if is_space(byte) => {}
                Some(_) => return Err(io::Error::other("a letter that is none of base 85")),
            }
        }
        if count == 0 {
            return Ok(Vec::new());
        }
        let missing = 5 - count;
        let value = (0..missing).fold(value, |value, _| value * 85 + 84);
        let Ok(value) = u32::try_from(value) else {
            return Err(io::Error::other("five letters for more than four bytes"));
        };
        Ok(value.to_be_bytes().into_iter().take(4_usize.saturating_sub(missing)).collect())
    }
}

impl<R: Read> Read for Base85<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.held.read(buffer)?;
            if read > 0 || self.has_ended || buffer.is_empty() {
                return Ok(read);
            }
            self.held = io::Cursor::new(self.group()?);
        }
    }
}

enum Run {
    Bytes(usize),
    Same(usize, u8),
    /// Whether it was the last.
    Ended(bool),
}

/// A length, then as many bytes, or one to be repeated; 128 ends them.
struct RunLength<R> {
    inner: BufReader<R>,
    now: Run,
}

impl<R: Read> Read for RunLength<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match &mut self.now {
                _ if buffer.is_empty() => return Ok(0),
                Run::Ended(true) => return Ok(0),
                Run::Bytes(0) | Run::Same(0, _) | Run::Ended(false) => {
                    self.now = match next(&mut self.inner)? {
                        None | Some(128) => Run::Ended(true),
                        Some(length @ ..128) => Run::Bytes(usize::from(length) + 1),
                        Some(length) => match next(&mut self.inner)? {
                            Some(byte) => Run::Same(257 - usize::from(length), byte),
                            None => return Err(io::ErrorKind::UnexpectedEof.into()),
                        },
                    };
                }
                Run::Same(left, byte) => {
                    let length = buffer.len().min(*left);
                    buffer.get_mut(..length).unwrap_or_default().fill(*byte);
                    *left -= length;
                    return Ok(length);
                }
                Run::Bytes(left) => {
                    let length = buffer.len().min(*left);
                    let read = self.inner.read(buffer.get_mut(..length).unwrap_or_default())?;
                    if read == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    *left -= read;
                    return Ok(read);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::parse;
    use super::*;

    #[test]
    fn filters_one_on_another() {
        for (dictionary, raw, want) in [
            ("<</Filter/ASCIIHexDecode>>", b"48 65 6C6c 6F>rest".as_slice(), Some("Hello")),
            ("<</Filter[/A85]>>", b"87cURD]i,\"Ebo80~>", Some("Hello World!")),
            ("<</Filter/ASCII85Decode>>", b"87cUR\nDZ~>", Some("Hello")),
            ("<</Filter[/AHx/RL]>>", b"01 48 65 FF 6C 00 6F 80", Some("Hello")),
            ("<<>>", b"", None),
        ] {
            let Value::Dictionary(dictionary) = parse(dictionary.as_bytes(), 0).value else { panic!("{dictionary}") };
            let content = decoder(&dictionary, raw).unwrap();
            let read = content.map(|mut content| {
                let mut text = String::new();
                content.read_to_string(&mut text).unwrap();
                text
            });
            assert_eq!(read.as_deref(), want, "{dictionary:?}");
        }
    }

    #[test]
    fn faults_are_told() {
        for (dictionary, raw) in [
            ("<</Filter/AHx>>", b"4x".as_slice()),
            ("<</Filter/A85>>", b"uuuuu"),
            ("<</Filter/A85>>", b"v"),
            ("<</Filter/RL>>", b"\x05a"),
            ("<</Filter/RL>>", b"\xff"),
        ] {
            let Value::Dictionary(dictionary) = parse(dictionary.as_bytes(), 0).value else { panic!("{dictionary}") };
            let mut content = decoder(&dictionary, raw).unwrap().unwrap();
            assert!(content.read_to_end(&mut Vec::new()).is_err(), "{dictionary:?}");
        }
        let Value::Dictionary(unknown) = parse(b"<</Filter[/JBIG2Decode]>>", 0).value else { panic!() };
        assert_eq!(decoder(&unknown, b"").err().as_deref(), Some("packed by JBIG2Decode"));
    }
}
