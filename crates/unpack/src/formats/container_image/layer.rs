//! The names in a layer, decoded as far as it takes to have them.
use std::io::{self, Read};

use flate2::bufread::MultiGzDecoder;

use crate::formats::tar::Listing;
use crate::formats::{bzip2, gzip, xz, zstd};
use crate::frames::{Frames, inner_name};

/// What a layer has in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// Its entries, in their order.
    pub entries: Vec<Entry>,
    /// Names of the artifacts between the layer and its files.
    pub steps: Vec<Vec<u8>>,
}

/// One entry of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As the archive has it.
    pub name: Vec<u8>,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Whether it is a file, not a link or a device.
    pub is_file: bool,
}

/// Names that are kept of one image, in bytes.
pub(super) const NAMES: usize = 256 << 20;
/// How far a layer is decoded to find the names in it.
const FREE: u64 = 256 << 20;
const RATIO: u64 = 100;

/// The entries of a layer of this name.
///
/// # Errors
/// Where it breaks off, or is too large to be gone through for this.
pub fn layer(bytes: &[u8], name: &str) -> io::Result<Layer> {
    let most = FREE.max((bytes.len() as u64).saturating_mul(RATIO));
    let (content, inner) = decoded(bytes, name);
    let mut listing: Listing<Box<dyn Read + '_>> = Listing::new(Box::new(content.take(most)));
    let (mut entries, mut held) = (Vec::new(), 0);
    while let Some(entry) = listing.next()? {
        held += entry.name.len() + size_of::<Entry>();
        if held > NAMES {
            return Err(io::Error::other("too many names"));
        }
        let is_folder = entry.is_folder();
        entries.push(Entry { is_folder, is_file: entry.has_content() && !is_folder, name: entry.name });
    }
    if listing.read() >= most {
        return Err(io::Error::other(format!("it was decoded for {most} bytes and no further")));
    }
    Ok(Layer { entries, steps: inner.map(String::into_bytes).into_iter().collect() })
}

/// The archive in a layer, and what the unpacker of its compression calls it.
fn decoded<'a>(bytes: &'a [u8], name: &str) -> (Box<dyn Read + 'a>, Option<String>) {
    let framed = |open, endings| -> (Box<dyn Read + 'a>, Option<String>) {
        (Box::new(Frames::new(bytes, open)), Some(inner_name(name, endings)))
    };
    match bytes {
        [0x1f, 0x8b, ..] => (Box::new(MultiGzDecoder::new(bytes)), Some(gzip::content_name(bytes, name))),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => framed(zstd::open, zstd::ENDINGS),
        [0xfd, b'7', b'z', b'X', ..] => framed(xz::open, xz::ENDINGS),
        [b'B', b'Z', b'h', ..] => framed(bzip2::open, bzip2::ENDINGS),
        _ => (Box::new(bytes), None),
    }
}
