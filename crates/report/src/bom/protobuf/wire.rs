//! The fields of a protobuf message, one after the other.

/// What a field holds, before it is known what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Varint(u64),
    Four([u8; 4]),
    Eight([u8; 8]),
    Bytes(&'a [u8]),
}

/// The fields of one message.
#[derive(Debug)]
pub(super) struct Wire<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Wire<'a> {
    /// The number and the value; nothing more after a fault.
    type Item = Result<(u32, Value<'a>), &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let read = self.field();
        if read.is_err() {
            self.0 = &[];
        }
        Some(read)
    }
}

impl<'a> Wire<'a> {
    fn field(&mut self) -> Result<(u32, Value<'a>), &'static str> {
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).ok().filter(|number| (1..1 << 29).contains(number));
        let number = number.ok_or("a number that no field can have")?;
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Eight(self.fixed()?),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| CUT)?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Four(self.fixed()?),
            _ => return Err("a wire type that the format does not use"),
        };
        Ok((number, value))
    }

    pub(super) fn varint(&mut self) -> Result<u64, &'static str> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.fixed::<1>()?[0];
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err("a number of more than ten bytes")
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], &'static str> {
        self.take(N)?.try_into().map_err(|_| CUT)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], &'static str> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(CUT)?;
        self.0 = rest;
        Ok(taken)
    }
}

const CUT: &str = "a field that does not come to its end";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_in_their_order_until_a_fault() {
        let bytes = b"\x0a\x031.6\x10\x96\x01\x19........\x25....\x32\x00";
        let got: Result<Vec<_>, _> = Wire(bytes).collect();
        let want = vec![
            (1, Value::Bytes(b"1.6")),
            (2, Value::Varint(150)),
            (3, Value::Eight(*b"........")),
            (4, Value::Four(*b"....")),
            (6, Value::Bytes(b"")),
        ];
        assert_eq!(got, Ok(want));
        for bytes in [
            b"\x0a\x05ab".as_slice(),
            b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
            b"\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
            b"\x0b\x0c",
            b"\x02\x00",
            b"\x08",
            b"\x09abc",
        ] {
            let got: Vec<_> = Wire(bytes).collect();
            assert!(got.len() == 1 && got[0].is_err(), "{bytes:x?}");
        }
    }
}
