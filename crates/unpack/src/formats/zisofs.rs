//! zisofs: a file that is kept compressed inside an ISO 9660 image, in blocks that are inflated one by one.
use std::io::{self, Read};

use flate2::bufread::ZlibDecoder;
use interdict_model::{Head, Malformed, Member, Members, Source, Unpacker};

use crate::field::{broken, range, u32_le};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "zisofs",
    revision: 1,
    title: "zisofs compressed file",
    limitations: &["version 2, for files of 4 GiB and more, is not recognised"],
    accepts,
    unpack,
};

const MAGIC: &[u8] = &[0x37, 0xe4, 0x53, 0x96, 0xc9, 0xdb, 0xd6, 0x07];

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC)
}

/// The size of the content, the words of the header, the logarithm of a block's size; then where each block begins,
/// and where the last one ends.
fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let header = range(source.bytes, 0, 16).ok_or_else(|| broken(0, "it breaks off in its header"))?;
    let (Some(size), &[words, log]) = (u32_le(header, 8), header.get(12..14).unwrap_or_default()) else {
        return Err(broken(12, "it breaks off in its header"));
    };
    if !(10..=20).contains(&log) {
        return Err(broken(13, format!("blocks of 2^{log} bytes")));
    }
    let member = Member { name: b"content", stated_size: Some(size.into()), ..Member::default() };
    let table = u64::from(words) * 4;
    let last = u64::from(size).div_ceil(1 << log).saturating_mul(4).saturating_add(table);
    let end = usize::try_from(last).ok().and_then(|last| u32_le(source.bytes, last));
    members.claims(range(source.bytes, 0, end.unwrap_or_default().into()).unwrap_or(source.bytes));
    members.leaves_rest();
    let mut blocks = Blocks {
        bytes: source.bytes,
        table: usize::from(words) * 4,
        block: 0,
        now: io::Cursor::default(),
        left: size.into(),
        log,
        fault: None,
    };
    let _ = members.streamed(&member, &mut blocks);
    Ok(())
}

struct Blocks<'a> {
    bytes: &'a [u8],
    /// Where the table of blocks is, and the next block of it.
    table: usize,
    block: usize,
    now: io::Cursor<Vec<u8>>,
    left: u64,
    log: u8,
    /// What is told once what came before it was read.
    fault: Option<io::Error>,
}

impl Blocks<'_> {
    /// The next block; one of no bytes is all zero.
    fn next(&mut self) -> io::Result<Vec<u8>> {
        let place = |index: usize| u32_le(self.bytes, self.table + index * 4).map(u64::from);
        let (Some(start), Some(end)) = (place(self.block), place(self.block + 1)) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let size = self.left.min(1 << self.log);
        let mut out = Vec::new();
        if start == end {
            out.resize(usize::try_from(size).unwrap_or_default(), 0);
        } else {
            let packed = end.checked_sub(start).and_then(|length| range(self.bytes, start, length));
            let packed = packed.ok_or_else(|| io::Error::other(format!("block {} lies outside of it", self.block)))?;
            let read = ZlibDecoder::new(packed).take(size).read_to_end(&mut out);
            let short = || io::Error::other(format!("block {} ends after {} bytes", self.block, out.len()));
            self.fault = read.err().or_else(|| (out.len() as u64 != size).then(short));
        }
        self.block += 1;
        self.left -= size;
        Ok(out)
    }
}

impl Read for Blocks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.now.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            if let Some(why) = self.fault.take() {
                return Err(why);
            }
            if self.left == 0 {
                return Ok(0);
            }
            self.now = io::Cursor::new(self.next()?);
        }
    }
}
