//! One container a format, around one file: laid out by hand per each format's specification, stored where the format allows it.
mod archives;
mod documents;
mod images;
mod streams;

/// A container that holds this one file.
pub type Wrapper = fn(&str, &[u8]) -> Vec<u8>;

/// What holds the file: our id of the reader that opens it, a name for it, and its maker.
pub const BOXES: &[(&str, &str, Wrapper)] = &[
    ("bzip2", "a.bz2", streams::bzip2),
    ("lz4", "a.lz4", streams::lz4),
    ("lzop", "a.lzo", streams::lzop),
    ("pbzx", "a.pbzx", streams::pbzx),
    ("xz", "a.xz", streams::xz),
    ("zisofs", "a.zisofs", streams::zisofs),
    ("zlib", "a.zlib", streams::zlib_stream),
    ("zstd", "a.zst", streams::zstd),
    ("asar", "a.asar", archives::asar),
    ("cab", "a.cab", archives::cab),
    ("lha", "a.lzh", archives::lha),
    ("rar", "a.rar", archives::rar),
    ("rpm", "a.rpm", archives::rpm),
    ("seven-zip", "a.7z", archives::seven_zip),
    ("xar", "a.xar", archives::xar),
    ("container-image", "image.tar", images::image),
    ("iso9660", "a.iso", images::iso9660),
    ("romfs", "a.romfs", images::romfs),
    ("compound", "a.msi", documents::compound),
    ("dsse", "a.dsse.json", documents::dsse),
    ("pdf", "a.pdf", documents::pdf),
];

/// Bytes put together.
#[derive(Default)]
struct Out(Vec<u8>);

impl Out {
    fn put(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.extend_from_slice(bytes.as_ref());
        self
    }

    fn byte(self, byte: u8) -> Self {
        self.put([byte])
    }

    fn le16(self, number: usize) -> Self {
        self.put(number.to_le_bytes().get(..2).unwrap_or_default())
    }

    fn le32(self, number: usize) -> Self {
        self.put(number.to_le_bytes().get(..4).unwrap_or_default())
    }

    fn le64(self, number: usize) -> Self {
        self.put((number as u64).to_le_bytes())
    }

    fn be16(self, number: usize) -> Self {
        self.put((number as u64).to_be_bytes().get(6..).unwrap_or_default())
    }

    fn be32(self, number: usize) -> Self {
        self.put((number as u64).to_be_bytes().get(4..).unwrap_or_default())
    }

    fn be64(self, number: usize) -> Self {
        self.put((number as u64).to_be_bytes())
    }

    /// Up to the next multiple of this.
    fn pad(mut self, multiple: usize) -> Self {
        self.0.resize(self.0.len().next_multiple_of(multiple), 0);
        self
    }

    fn to(mut self, length: usize) -> Self {
        self.0.resize(length, 0);
        self
    }
}

fn crc32(bytes: &[u8]) -> usize {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum() as usize
}

fn adler32(bytes: &[u8]) -> usize {
    let (mut low, mut high) = (1_usize, 0_usize);
    for byte in bytes {
        low = (low + usize::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    high << 16 | low
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// In base64, in lines of 76.
pub(crate) fn base64(bytes: &[u8], line_end: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for (index, three) in bytes.chunks(3).enumerate() {
        let number = three.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        (0..4).for_each(|at| {
            let letter = LETTERS.get(number >> (18 - 6 * at) & 63).copied().unwrap_or(b'A');
            text.push(if at > three.len() { '=' } else { char::from(letter) });
        });
        if index % 19 == 18 {
            text.push_str(line_end);
        }
    }
    text
}
