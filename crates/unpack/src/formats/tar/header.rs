//! One header of 512 bytes (POSIX.1-1988 ustar), and what pax and GNU put before it.
use crate::field::{digits, range};

pub(super) const BLOCK: u64 = 512;

pub(super) struct Header<'a> {
    bytes: &'a [u8],
    pub(super) size: u64,
    pub(super) kind: u8,
    pub(super) link: &'a [u8],
    pub(super) is_blank: bool,
    pub(super) sum_agrees: bool,
}

impl<'a> Header<'a> {
    pub(super) fn parse(archive: &'a [u8], at: u64) -> Option<Self> {
        let bytes = range(archive, at, BLOCK)?;
        let stated = bytes.get(148..156).and_then(|field| digits(field, 8));
        // The sum is made with its own field as spaces; old archives summed signed bytes.
        let unsigned: u64 =
            bytes.iter().enumerate().map(|(i, b)| u64::from(if (148..156).contains(&i) { b' ' } else { *b })).sum();
        let high = bytes.iter().enumerate().filter(|(i, b)| !(148..156).contains(i) && **b >= 128).count() as u64;
        let sum_agrees = stated.is_some_and(|sum| sum == unsigned || sum == unsigned.wrapping_sub(high * 256));
        Some(Self {
            bytes,
            size: bytes.get(124..136).and_then(number)?,
            kind: bytes.get(156).copied().unwrap_or_default(),
            link: text(bytes.get(157..257).unwrap_or_default()),
            is_blank: bytes.iter().all(|byte| *byte == 0),
            sum_agrees,
        })
    }

    /// Before ustar there was no magic: a sum that agrees, a name, and nothing where ustar keeps its fields.
    pub(super) fn looks_old(&self) -> bool {
        !self.is_blank && self.bytes.first().is_some_and(u8::is_ascii_graphic)
    }

    /// Links, devices, folders: what size they state is mostly left over.
    pub(super) fn is_bodiless(&self) -> bool {
        matches!(self.kind, b'1'..=b'6')
    }

    pub(super) fn is_extension(&self) -> bool {
        matches!(self.kind, b'x' | b'g' | b'X' | b'L' | b'K')
    }

    pub(super) fn name(&self) -> Vec<u8> {
        let name = text(self.bytes.get(..100).unwrap_or_default());
        let prefix = text(self.bytes.get(345..500).unwrap_or_default());
        let is_posix = self.bytes.get(257..263) == Some(b"ustar\0");
        if is_posix && !prefix.is_empty() { [prefix, b"/", name].concat() } else { name.to_vec() }
    }
}

/// Octal, or the base-256 notation of GNU for what octal cannot hold.
pub(super) fn number(field: &[u8]) -> Option<u64> {
    match field.split_first() {
        Some((first, rest)) if first & 0x80 != 0 => {
            rest.iter().try_fold(0_u64, |number, byte| number.checked_mul(256)?.checked_add(u64::from(*byte)))
        }
        _ => digits(field, 8),
    }
}

fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// What the headers before a member say of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Extended {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    /// Of a sparse member: its full size, where its pieces are, and whether that stands before the data instead.
    pub(super) real_size: Option<u64>,
    pub(super) map: Vec<u64>,
    pub(super) has_map_in_data: bool,
    /// The path is the sparse member's own, not that of its stored form.
    has_real_name: bool,
}

impl Extended {
    /// Takes it in, and says whether nothing of it was left over.
    pub(super) fn read(&mut self, header: &Header<'_>, body: &[u8]) -> bool {
        let into = match header.kind {
            b'L' => &mut self.path,
            b'K' => &mut self.link,
            _ => return self.pax(body),
        };
        let name = text(body);
        *into = Some(name.to_vec());
        body.get(name.len()..).unwrap_or_default().iter().all(|byte| *byte == 0)
    }

    /// Records of the form `length key=value\n`.
    fn pax(&mut self, mut body: &[u8]) -> bool {
        while let Some(space) = body.iter().take(20).position(|byte| *byte == b' ') {
            let length = body.get(..space).and_then(|field| digits(field, 10)).and_then(|n| usize::try_from(n).ok());
            let Some(record) = length.filter(|length| *length > space).and_then(|length| body.get(..length)) else {
                return false;
            };
            let pair = record.get(space + 1..).unwrap_or_default();
            let pair = pair.strip_suffix(b"\n").unwrap_or(pair);
            if let Some(equals) = pair.iter().position(|byte| *byte == b'=') {
                let (key, value) = (pair.get(..equals).unwrap_or_default(), pair.get(equals + 1..).unwrap_or_default());
                match key {
                    b"path" => {
                        self.path = self.path.take().filter(|_| self.has_real_name).or_else(|| Some(value.to_vec()));
                    }
                    b"linkpath" => self.link = Some(value.to_vec()),
                    b"size" => self.size = digits(value, 10),
                    b"GNU.sparse.name" => (self.path, self.has_real_name) = (Some(value.to_vec()), true),
                    b"GNU.sparse.size" | b"GNU.sparse.realsize" => self.real_size = digits(value, 10),
                    b"GNU.sparse.major" => self.has_map_in_data = value == b"1",
                    b"GNU.sparse.offset" | b"GNU.sparse.numbytes" => self.map.extend(digits(value, 10)),
                    b"GNU.sparse.map" => {
                        self.map = value.split(|byte| *byte == b',').filter_map(|text| digits(text, 10)).collect();
                    }
                    _ => {}
                }
            }
            body = body.get(record.len()..).unwrap_or_default();
        }
        body.iter().all(|byte| *byte == 0)
    }
}
