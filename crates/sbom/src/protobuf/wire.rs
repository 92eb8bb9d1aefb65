//! The protobuf wire format: fields by number, one after the other, without knowing what they mean.

/// One field as it stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) number: u32,
    pub(crate) value: Value,
    /// Where the entry begins, and where the next one does.
    pub(crate) at: usize,
    pub(crate) next: usize,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Varint(u64),
    /// A text, bytes, a message or packed numbers: from here up to there.
    Bytes(usize, usize),
    /// Bytes from here on that claim to go on behind the end of their message.
    Cut(usize),
    /// Four or eight bytes, or a group: never used by the schemas read here.
    Other,
}

/// Why an entry cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) expected: &'static str,
}

/// A message's bytes, inside the whole document's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wire<'a> {
    pub(crate) bytes: &'a [u8],
}

impl<'a> Wire<'a> {
    /// The entry at `at` of a message that ends at `end`; `None` at its end.
    pub(crate) fn entry(self, at: usize, end: usize) -> Option<Result<Entry, Fault>> {
        (at < end).then(|| self.read(at, end))
    }

    pub(crate) fn slice(self, start: usize, end: usize) -> &'a [u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }

    fn read(self, at: usize, end: usize) -> Result<Entry, Fault> {
        let (number, kind, from) = self.tag(at, end)?;
        let (value, next) = match kind {
            0 => self.varint(from, end).map(|(value, next)| (Value::Varint(value), next))?,
            2 => {
                let (length, start) = self.varint(from, end)?;
                let stop = usize::try_from(length).ok().and_then(|length| start.checked_add(length));
                match stop.filter(|stop| *stop <= end) {
                    Some(stop) => (Value::Bytes(start, stop), stop),
                    None => (Value::Cut(start), end),
                }
            }
            1 => (Value::Other, fixed(from, 8, end)?),
            5 => (Value::Other, fixed(from, 4, end)?),
            3 => (Value::Other, self.group(from, end)?),
            _ => return Err(Fault { at, expected: "a field of a known wire type" }),
        };
        Ok(Entry { number, value, at, next })
    }

    /// Field number, wire type, and where the value begins.
    fn tag(self, at: usize, end: usize) -> Result<(u32, u8, usize), Fault> {
        let (tag, from) = self.varint(at, end)?;
        let number = u32::try_from(tag >> 3).ok().filter(|number| (1..1 << 29).contains(number));
        let number = number.ok_or(Fault { at, expected: "a field number" })?;
        Ok((number, u8::try_from(tag & 7).unwrap_or(7), from))
    }

    fn varint(self, at: usize, end: usize) -> Result<(u64, usize), Fault> {
        let mut value = 0;
        for (index, byte) in self.slice(at, end).iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f).checked_shl(u32::try_from(index * 7).unwrap_or(64)).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok((value, at + index + 1));
            }
        }
        Err(Fault { at, expected: "a number of at most ten bytes" })
    }

    /// Where a group ends that began before `at`; groups in groups are counted, not entered.
    fn group(self, at: usize, end: usize) -> Result<usize, Fault> {
        let (start, mut at, mut open) = (at, at, 1_usize);
        while at < end {
            let (_, kind, from) = self.tag(at, end)?;
            at = match kind {
                3 | 4 => from,
                _ => self.flat(kind, from, end)?,
            };
            match kind {
                3 => open += 1,
                4 if open == 1 => return Ok(at),
                4 => open -= 1,
                _ => {}
            }
        }
        Err(Fault { at: start, expected: "a group that ends inside its message" })
    }

    /// Where a value that is no group ends.
    fn flat(self, kind: u8, from: usize, end: usize) -> Result<usize, Fault> {
        match kind {
            0 => self.varint(from, end).map(|(_, next)| next),
            1 => fixed(from, 8, end),
            5 => fixed(from, 4, end),
            2 => {
                let (length, start) = self.varint(from, end)?;
                fixed(start, usize::try_from(length).unwrap_or(usize::MAX), end)
            }
            _ => Err(Fault { at: from, expected: "a field of a known wire type" }),
        }
    }
}

/// Where so many bytes end.
fn fixed(at: usize, size: usize, end: usize) -> Result<usize, Fault> {
    let stop = at.checked_add(size).filter(|stop| *stop <= end);
    stop.ok_or(Fault { at, expected: "a field that ends inside its message" })
}

/// Writes a number as protobuf does.
pub(crate) fn push_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(u8::try_from(value & 0x7f).unwrap_or(0) | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or(0));
}

/// Writes a field's number and wire type.
pub(crate) fn push_tag(out: &mut Vec<u8>, number: u32, kind: u8) {
    push_varint(out, u64::from(number) << 3 | u64::from(kind));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wire_type_has_an_end() {
        let bytes = b"\x0a\x031.6\x10\x96\x01\x19........\x25....\x2b\x33\x34\x08\x01\x2c\x32\x00";
        let wire = Wire { bytes };
        let (mut at, mut met) = (0, Vec::new());
        while let Some(entry) = wire.entry(at, bytes.len()) {
            let entry = entry.unwrap();
            met.push((entry.number, entry.value));
            at = entry.next;
        }
        let text = |start, end| Value::Bytes(start, end);
        let want = [
            (1, text(2, 5)),
            (2, Value::Varint(150)),
            (3, Value::Other),
            (4, Value::Other),
            (5, Value::Other),
            (6, text(bytes.len(), bytes.len())),
        ];
        assert_eq!(met, want);
    }

    #[test]
    fn what_does_not_end_is_a_fault() {
        for bytes in [
            b"\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01".as_slice(),
            b"\x0f",
            b"\x02\x00",
            b"\x0b\x0b",
            b"\x09abc",
        ] {
            assert!(Wire { bytes }.entry(0, bytes.len()).unwrap().is_err(), "{bytes:x?}");
        }
        for bytes in [b"\x0a\x05ab".as_slice(), b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"] {
            let entry = Wire { bytes }.entry(0, bytes.len()).unwrap().unwrap();
            assert!(matches!(entry.value, Value::Cut(_)) && entry.next == bytes.len(), "{bytes:x?}");
        }
        let mut out = Vec::new();
        push_tag(&mut out, 35, 2);
        push_varint(&mut out, 300);
        assert_eq!(out, [0x9a, 0x02, 0xac, 0x02]);
    }
}
