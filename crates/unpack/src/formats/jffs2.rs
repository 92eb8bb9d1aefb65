//! JFFS2, a log of nodes in flash memory.
use std::sync::LazyLock;

use interdict_model::{GapReason, Head, Malformed, Members, Source, Unpacker, Unseen};

use crate::field::{from, range, u16_be, u16_le, u32_be, u32_le};
use crate::log_files::{Log, Method, Piece};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "jffs2",
    revision: 1,
    title: "JFFS2 file system (zlib, LZO, rtime)",
    limitations: &["deleted files are not seen", "files packed by rubin, or by LZMA as some vendors do, are gaps"],
    accepts,
    unpack,
};

const NAME: u16 = 0xe001;
const FILE: u16 = 0xe002;
/// Of a header; of what stands before a name, and before a piece of a file.
const HEADER: u64 = 12;
const BEFORE_NAME: u64 = 40;
const BEFORE_PIECE: u64 = 68;

struct Image<'a> {
    bytes: &'a [u8],
    is_big: bool,
}

impl<'a> Image<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let is_big = match bytes.get(..2)? {
            b"\x85\x19" => false,
            b"\x19\x85" => true,
            _ => return None,
        };
        let image = Self { bytes, is_big };
        image.node(0).map(|_| image)
    }

    fn short(&self, bytes: &[u8], at: usize) -> Option<u16> {
        if self.is_big { u16_be(bytes, at) } else { u16_le(bytes, at) }
    }

    fn word(&self, bytes: &[u8], at: usize) -> Option<u32> {
        if self.is_big { u32_be(bytes, at) } else { u32_le(bytes, at) }
    }

    /// The kind and length of the node here, where its header agrees with its checksum.
    fn node(&self, at: u64) -> Option<(u16, u64)> {
        let header = range(self.bytes, at, HEADER)?;
        // What is out of date may have lost a bit of its kind, which the sum was made with.
        let mut summed: [u8; 8] = header.get(..8)?.try_into().ok()?;
        let [.., third, fourth, _, _, _, _] = &mut summed;
        *(if self.is_big { third } else { fourth }) |= 0x20;
        let is_so = self.short(header, 0)? == 0x1985 && self.word(header, 8)? == sum(&summed);
        let length = u64::from(self.word(header, 4)?);
        (is_so && length >= HEADER).then_some((self.short(header, 2)?, length))
    }
}

/// The sum of zlib, without turning the bits before and after.
fn sum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        let [low, ..] = sum.to_le_bytes();
        let place = usize::from(low ^ byte);
        SUMS.get(place).copied().unwrap_or_default() ^ sum >> 8
    };
    bytes.iter().fold(0, step)
}

static SUMS: LazyLock<[u32; 256]> = LazyLock::new(|| {
    let step = |sum: u32, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
    std::array::from_fn(|byte| (0..8).fold(u32::try_from(byte).unwrap_or_default(), step))
});

fn accepts(head: &Head<'_>) -> bool {
    Image::of(head.bytes).is_some()
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let image = Image::of(bytes).ok_or(Malformed::NotThis)?;
    let (mut log, mut at, mut lost, mut cut) = (Log::default(), 0, 0_u64, None);
    let (mut damaged, mut odd, mut was_odd) = (0_u64, 0_u64, false);
    while at + HEADER <= bytes.len() as u64 {
        let Some((kind, length)) = image.node(at) else {
            let is_blank = range(bytes, at, 4).is_some_and(|word| word == [0xff; 4] || word == [0; 4]);
            odd += u64::from(!is_blank && !was_odd);
            was_odd = !is_blank;
            at += 4;
            continue;
        };
        was_odd = false;
        let whole = range(bytes, at, length);
        if whole.is_none() {
            cut = Some(at);
        }
        let node = whole.unwrap_or_else(|| from(bytes, at));
        let is_read = match kind {
            NAME => name(&image, node, &mut log),
            FILE => file(&image, node, &mut log).map(|agrees| damaged += u64::from(!agrees)),
            _ => Some(()),
        };
        lost += u64::from(is_read.is_none());
        let next = length.checked_next_multiple_of(4).and_then(|length| at.checked_add(length));
        at = next.filter(|_| whole.is_some() && is_read.is_some()).unwrap_or(at + 4);
    }
    if log.offer(members).is_break() {
        return Ok(());
    }
    if lost > 0 {
        let detail = format!("{lost} nodes do not agree with their checksums; what they say was not read");
        members.gap(Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    if odd > 0 {
        let detail = format!("{odd} stretches of the image are neither nodes nor erased memory; they were not read");
        members.gap(Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    if damaged > 0 {
        let detail =
            format!("{damaged} pieces of files do not agree with their checksums; they were looked at all the same");
        members.gap(Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    match cut {
        Some(at) => Err(Malformed::at(format!("offset {at:#x}"), "the image breaks off in a node")),
        None => Ok(()),
    }
}

fn name<'a>(image: &Image<'a>, node: &'a [u8], log: &mut Log<'a>) -> Option<()> {
    let head = range(node, 0, BEFORE_NAME).filter(|head| image.word(head, 32) == head.get(..32).map(sum))?;
    let word = |at| image.word(head, at);
    let name = range(node, BEFORE_NAME, u64::from(*head.get(28)?)).filter(|name| word(36) == Some(sum(name)))?;
    log.name(u64::from(word(12)?), name, u64::from(word(16)?), u64::from(word(20)?));
    Some(())
}

/// Tells whether what it holds agrees with its checksum.
fn file<'a>(image: &Image<'a>, node: &'a [u8], log: &mut Log<'a>) -> Option<bool> {
    let head = range(node, 0, BEFORE_PIECE).filter(|head| image.word(head, 64) == head.get(..60).map(sum))?;
    let word = |at| image.word(head, at);
    let (number, version) = (u64::from(word(12)?), u64::from(word(16)?));
    let packed = range(node, BEFORE_PIECE, u64::from(word(48)?))?;
    let method = match *head.get(56)? {
        0 => Method::None,
        1 => Method::Zero,
        2 => Method::Rtime,
        6 => Method::Zlib,
        7 => Method::Lzo,
        other => Method::Other(other.into()),
    };
    log.file(number, version, u64::from(word(28)?), word(20)?, &[]);
    let (at, size) = (u64::from(word(44)?), u64::from(word(52)?));
    if size > 0 {
        log.piece(number, Piece { version, at, size, method, packed });
    }
    Some(sum(packed) == word(60)?)
}
