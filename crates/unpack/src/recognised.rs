//! Containers and packed forms that are known by their magic, whether or not anything here opens them.
use interdict_model::Head;

const MAGICS: &[(&str, usize, &[u8])] = &[
    ("7z", 0, b"7z\xbc\xaf\x27\x1c"),
    ("rar", 0, b"Rar!\x1a\x07"),
    ("bzip2", 0, b"BZh"),
    ("xz", 0, b"\xfd7zXZ\0"),
    ("zstd", 0, b"\x28\xb5\x2f\xfd"),
    ("lz4", 0, b"\x04\x22\x4d\x18"),
    ("lzip", 0, b"LZIP"),
    ("lzop", 0, b"\x89LZO\0\r\n\x1a\n"),
    ("compress", 0, b"\x1f\x9d"),
    ("cab", 0, b"MSCF\0\0\0\0"),
    ("install-shield-cab", 0, b"ISc("),
    ("compound-file", 0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("rpm", 0, b"\xed\xab\xee\xdb"),
    ("xar", 0, b"xar!"),
    ("squashfs", 0, b"hsqs"),
    ("squashfs", 0, b"sqsh"),
    ("cramfs", 0, b"\x45\x3d\xcd\x28"),
    ("romfs", 0, b"-rom1fs-"),
    ("jffs2", 0, b"\x85\x19\x03\x20"),
    ("jffs2", 0, b"\x19\x85\x20\x03"),
    ("ubi", 0, b"UBI#"),
    ("ubifs", 0, b"\x31\x18\x10\x06"),
    ("u-boot-image", 0, b"\x27\x05\x19\x56"),
    ("trx", 0, b"HDR0"),
    ("android-sparse", 0, b"\x3a\xff\x26\xed"),
    ("android-boot", 0, b"ANDROID!"),
    ("erofs", 1024, b"\xe2\xe1\xf5\xe0"),
    ("device-tree", 0, b"\xd0\x0d\xfe\xed"),
    ("android-payload", 0, b"CrAU"),
    ("android-vendor-boot", 0, b"VNDRBOOT"),
    ("lrzip", 0, b"LRZI"),
    ("rzip", 0, b"RZIP"),
    ("zpaq", 0, b"zPQ"),
    ("zpaq", 0, b"7kSt"),
    ("zpaq", 13, b"zPQ"),
    ("par2", 0, b"PAR2\0PKT"),
    ("nufile", 0, b"N\xf5F\xe9l\xe5"),
    ("xdelta", 0, b"\xd6\xc3\xc4"),
    ("bsdiff", 0, b"BSDIFF40"),
    ("chm", 0, b"ITSF"),
    ("szdd", 0, b"SZDD\x88\xf0\x27\x33"),
    ("szdd", 0, b"KWAJ\x88\xf0\x27\xd1"),
    ("parallels", 0, b"WithoutFreeSpace"),
    ("parallels", 0, b"WithouFreSpacExt"),
    ("qed", 0, b"QED\0"),
    ("bochs", 0, b"Bochs Virtual HD Image\0"),
    ("cloop", 0, b"#!/bin/sh\n#V2.0 Format\n"),
    ("sun-label", 508, b"\xda\xbe"),
    ("sgi-label", 0, b"\x0b\xe5\xa9\x41"),
    ("lvm", 512, b"LABELONE"),
    ("lvm", 0, b"LABELONE"),
    ("linux-raid", 4096, b"\xfc\x4e\x2b\xa9"),
    ("linux-raid", 0, b"\xfc\x4e\x2b\xa9"),
    ("hfs", 1024, b"BD"),
    ("reiserfs", 0x1_0034, b"ReIsEr"),
    ("jfs", 0x8000, b"JFS1"),
    ("nilfs", 1030, b"\x34\x34"),
    ("zfs", 0x2_0000, b"\x0c\xb1\xba\0"),
    ("bitlocker", 3, b"-FVE-FS-"),
    ("bcachefs", 4120, b"\xc6\x85\x73\xf6\x4e\x1a\x45\xca"),
    ("vmfs", 0x10_0000, b"\x0d\xd0\x01\xc0"),
    ("refs", 3, b"ReFS\0"),
    ("iso-9660", 32769, b"CD001"),
    ("ext", 1080, b"\x53\xef"),
    ("qcow2", 0, b"QFI\xfb"),
    ("vmdk", 0, b"KDMV"),
    ("vmdk", 0, b"COWD"),
    ("vdi", 64, b"\x7f\x10\xda\xbe"),
    ("vhdx", 0, b"vhdxfile"),
    ("vhd", 0, b"conectix"),
    ("wim", 0, b"MSWIM\0\0\0"),
    ("wim", 0, b"WLPWM\0\0\0"),
    ("ntfs", 3, b"NTFS    "),
    ("exfat", 3, b"EXFAT   "),
    ("apfs", 32, b"NXSB"),
    ("xfs", 0, b"XFSB"),
    ("btrfs", 0x1_0040, b"_BHRfS_M"),
    ("f2fs", 1024, b"\x10\x20\xf5\xf2"),
    ("inno-slice", 0, b"idska32\x1a"),
    ("gpt", 512, b"EFI PART"),
    ("lha", 2, b"-lh"),
    ("lha", 2, b"-lz"),
    ("ace", 7, b"**ACE**"),
    ("zoo", 20, b"\xdc\xa7\xc4\xfd"),
    ("stuffit", 0, b"StuffIt (c)"),
    ("stuffit", 0, b"StuffIt!"),
    ("stuffit", 10, b"rLau"),
    ("arj", 0, b"\x60\xea"),
    ("pdf", 0, b"%PDF-"),
    ("chrome-extension", 0, b"Cr24"),
    ("flatpak", 0, b"flatpak\0"),
    ("pgp", 0, b"-----BEGIN PGP MESSAGE-----"),
    ("openssl-encrypted", 0, b"Salted__"),
    ("age", 0, b"age-encryption.org/v1"),
    ("luks", 0, b"LUKS\xba\xbe"),
];

/// What kind of container this is; none of the formats that an unpacker is registered for is missing here by need.
pub fn recognised(head: &Head<'_>) -> Option<&'static str> {
    let known = MAGICS.iter().filter(|(_, at, magic)| head.has_at(*at, magic)).map(|(id, _, _)| *id);
    let by_magic = known.into_iter().find(|id| fits(id, head.bytes));
    by_magic.or_else(|| is_dmg(head).then_some("dmg")).or_else(|| crate::git::part(head))
}

/// Whether what follows a magic of two bytes fits it: noise begins so too.
fn fits(id: &str, bytes: &[u8]) -> bool {
    let number = |at: usize, length: usize| {
        let digits = bytes.get(at..at + length).unwrap_or(&[0xff; 4]);
        digits.iter().rev().fold(0_u64, |number, digit| number << 8 | u64::from(*digit))
    };
    let number_be = |at: usize, length: usize| {
        let digits = bytes.get(at..at + length).unwrap_or(&[0xff; 4]);
        digits.iter().fold(0_u64, |number, digit| number << 8 | u64::from(*digit))
    };
    match id {
        // The sizes of the main header and of the part that every version has; the kind of file, which is 2 there.
        "arj" => (30..=2600).contains(&number(2, 2)) && (30..=60).contains(&number(4, 1)) && number(10, 1) == 2,
        // Blocks of 1 to 64 KiB, in a revision that is known.
        "ext" => number(1048, 4) <= 6 && number(1100, 4) <= 1,
        // Where the catalogue's and the extents' files are: a volume of that mark has blocks of 512 bytes and multiples.
        "hfs" => [0, 512].contains(&(number_be(1044, 4) % 512)) && number_be(1044, 4) > 0 && number_be(1042, 2) > 0,
        "sun-label" => bytes.get(..512).is_some_and(|label| {
            label.as_chunks().0.iter().fold(0, |sum, word: &[u8; 2]| sum ^ u16::from_be_bytes(*word)) == 0
        }),
        // One that holds images: a description of hardware alone holds nothing.
        "device-tree" => {
            [b"\0images\0".as_slice(), b"\0data"].iter().all(|name| memchr::memmem::find(bytes, name).is_some())
        }
        "nilfs" => number(1024, 4) == 2,
        // Codes of 9 to 16 bits, and bits that no version uses.
        "compress" => (9..=16).contains(&(number(2, 1) & 0x1f)) && number(2, 1) & 0x60 == 0,
        _ => true,
    }
}

/// A UDIF image ends with its `koly` block of 512 bytes.
fn is_dmg(head: &Head<'_>) -> bool {
    head.bytes.len().checked_sub(512).is_some_and(|at| head.has_at(at, b"koly\0\0\0\x04"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Option<&'static str> {
        recognised(&Head { name: "x", bytes })
    }

    #[test]
    fn two_bytes_alone_are_no_container() {
        let mut arj = b"\x60\xea\x2b\x00\x22\x0b\x01\x0b\x10\x00\x02\x00".to_vec();
        arj.resize(64, 0);
        assert_eq!(told(&arj), Some("arj"));
        assert_eq!(told(b"\x60\xea\x91\x5c\xd0\x17\x44\xe1\x2c\x81\x9f\x33\x10"), None);
        let mut ext = vec![0xa5; 2048];
        ext[1080..1082].copy_from_slice(b"\x53\xef");
        assert_eq!(told(&ext), None);
        ext[1048..1052].fill(0);
        ext[1100..1104].copy_from_slice(&1_u32.to_le_bytes());
        assert_eq!(told(&ext), Some("ext"));
        assert_eq!(told(b"\x1f\x9d\xff\x00"), None);
        assert_eq!(told(b"\x1f\x9d\x90\x41"), Some("compress"));
    }
}
