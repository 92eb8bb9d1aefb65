//! Images: of a container, of a disc, of a file system.
use super::Out;
use crate::archives::tar;

/// As `docker save` writes them, with one layer.
pub(super) fn image(name: &str, inside: &[u8]) -> Vec<u8> {
    let layer = tar([(format!("usr/lib/{name}").as_str(), inside)].into_iter());
    let manifest = br#"[{"Config":"config.json","RepoTags":["a:1"],"Layers":["1/layer.tar"]}]"#.as_slice();
    let config = br#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#.as_slice();
    tar([("manifest.json", manifest), ("config.json", config), ("1/layer.tar", layer.as_slice())].into_iter())
}

/// One file in the root.
pub(super) fn iso9660(name: &str, inside: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 2048;
    const ROOT: usize = 20;
    const FILE: usize = 21;
    let both16 = |out: Out, number| out.le16(number).be16(number);
    let both32 = |out: Out, number| out.le32(number).be32(number);
    let record = |at: usize, size: usize, flags: u8, name: &[u8]| {
        let length = (33 + name.len()).next_multiple_of(2);
        let out = Out::default().byte(u8::try_from(length).unwrap_or(0)).byte(0);
        let out = both32(both32(out, at), size).put([126, 1, 1, 0, 0, 0, 0, flags, 0, 0]);
        both16(out, 1).byte(u8::try_from(name.len()).unwrap_or(0)).put(name).to(length).0
    };
    let file = format!("{};1", name.to_ascii_uppercase());
    let sectors = FILE + inside.len().div_ceil(SECTOR);
    let volume = Out::default().to(16 * SECTOR).put(b"\x01CD001\x01\0").to(16 * SECTOR + 80);
    let volume = both32(volume, sectors).to(16 * SECTOR + 120);
    let volume = both32(both16(both16(both16(volume, 1), 1), SECTOR), 10).le32(18).le32(0).be32(19).be32(0);
    let volume = volume.put(record(ROOT, SECTOR, 2, &[0])).to(16 * SECTOR + 881).byte(1).to(17 * SECTOR);
    let end = volume.put(b"\xffCD001\x01").to(18 * SECTOR);
    let paths = end.put([1, 0]).le32(ROOT).put([1, 0, 0, 0]).to(19 * SECTOR);
    let paths = paths.put([1, 0]).be32(ROOT).put([0, 1, 0, 0]).to(ROOT * SECTOR);
    let root = paths.put(record(ROOT, SECTOR, 2, &[0])).put(record(ROOT, SECTOR, 2, &[1]));
    let root = root.put(record(FILE, inside.len(), 0, file.as_bytes())).to(FILE * SECTOR);
    root.put(inside).to(sectors * SECTOR).0
}

pub(super) fn romfs(name: &str, inside: &[u8]) -> Vec<u8> {
    const REGULAR: usize = 2;
    fn summed(mut bytes: Vec<u8>, over: usize) -> Vec<u8> {
        let words = bytes.get(..over.min(bytes.len())).unwrap_or_default().chunks(4);
        let sum = words
            .fold(0_u32, |sum, word| sum.wrapping_add(word.iter().fold(0, |word, byte| word << 8 | u32::from(*byte))));
        bytes.iter_mut().skip(12).zip(sum.wrapping_neg().to_be_bytes()).for_each(|(to, from)| *to = from);
        bytes
    }
    let head = Out::default().be32(REGULAR).be32(0).be32(inside.len()).be32(0).put(name).byte(0).pad(16).0;
    let length = head.len();
    let size = 32 + length + inside.len().next_multiple_of(16);
    let volume = Out::default().put("-rom1fs-").be32(size).be32(0).put("a").byte(0).pad(16);
    let all = volume.put(summed(head, length)).put(inside).pad(16).0;
    summed(all, 512)
}
