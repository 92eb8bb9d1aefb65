//! Zips that two honest readers read differently: each lie of a header, in each place an archive can have.
use flate2::{Compression, Crc, write::DeflateEncoder};
use std::io::Write as _;

/// A member as its two headers have it.
#[derive(Clone)]
struct Member {
    name: [Vec<u8>; 2],
    method: [u16; 2],
    flags: [u16; 2],
    crc: [u32; 2],
    packed: [u32; 2],
    size: [u32; 2],
    extra: [Vec<u8>; 2],
    data: Vec<u8>,
    is_listed: bool,
    /// Where the directory says it stands, counted from where it does.
    shift: i64,
    disk: u16,
    version: u16,
    descriptor: bool,
}

const LOCAL: usize = 0;
const CENTRAL: usize = 1;

impl Member {
    fn new(name: &str, content: &[u8], is_packed: bool) -> Self {
        let data = if is_packed { deflated(content) } else { content.to_vec() };
        let mut crc = Crc::new();
        crc.update(content);
        let both = |length: usize| [u32::try_from(length).unwrap_or(u32::MAX); 2];
        Self {
            name: [name.into(), name.into()],
            method: [if is_packed { 8 } else { 0 }; 2],
            flags: [0; 2],
            crc: [crc.sum(); 2],
            packed: both(data.len()),
            size: both(content.len()),
            extra: [Vec::new(), Vec::new()],
            data,
            is_listed: true,
            shift: 0,
            disk: 0,
            version: 20,
            descriptor: false,
        }
    }

    /// What both headers have, from the version needed to the lengths.
    fn common(&self, side: usize) -> Vec<u8> {
        let mut out = Vec::new();
        for word in [self.version, self.flags[side], self.method[side], 0, 0x21] {
            out.extend(word.to_le_bytes());
        }
        for word in [self.crc[side], self.packed[side], self.size[side]] {
            out.extend(word.to_le_bytes());
        }
        for length in [self.name[side].len(), self.extra[side].len()] {
            out.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
        }
        out
    }
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

fn archive(members: &[Member], comment: &[u8], stated: Option<u16>) -> Vec<u8> {
    let (mut out, mut offsets) = (Vec::new(), Vec::new());
    for member in members {
        offsets.push(out.len());
        out.extend(b"PK\x03\x04");
        out.extend(member.common(LOCAL));
        for part in [&member.name[LOCAL], &member.extra[LOCAL], &member.data] {
            out.extend(part);
        }
        if member.descriptor {
            out.extend(b"PK\x07\x08");
            for word in [member.crc[CENTRAL], member.packed[CENTRAL], member.size[CENTRAL]] {
                out.extend(word.to_le_bytes());
            }
        }
    }
    let start = out.len();
    let listed = members.iter().zip(&offsets).filter(|(member, _)| member.is_listed);
    let count = listed.clone().count();
    for (member, offset) in listed {
        out.extend(b"PK\x01\x02\x14\x03");
        out.extend(member.common(CENTRAL));
        out.extend([0, 0]);
        out.extend(member.disk.to_le_bytes());
        out.extend([0, 0, 0, 0, 0xa4, 0x81]);
        let at = i64::try_from(*offset).unwrap_or_default() + member.shift;
        out.extend(u32::try_from(at).unwrap_or_default().to_le_bytes());
        out.extend(&member.name[CENTRAL]);
        out.extend(&member.extra[CENTRAL]);
    }
    let length = out.len() - start;
    out.extend(b"PK\x05\x06\0\0\0\0");
    let count = stated.unwrap_or_else(|| u16::try_from(count).unwrap_or(u16::MAX));
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    for word in [length, start] {
        out.extend(u32::try_from(word).unwrap_or(u32::MAX).to_le_bytes());
    }
    out.extend(u16::try_from(comment.len()).unwrap_or(u16::MAX).to_le_bytes());
    out.extend(comment);
    out
}

type Lie = fn(&mut Member);

/// What is not true about the member that holds the canary.
const LIES: &[(&str, Lie)] = &[
    ("none", |_| {}),
    ("unlisted", |m| m.is_listed = false),
    ("local-name", |m| m.name[LOCAL] = b"notes.txt".to_vec()),
    ("central-name", |m| m.name[CENTRAL] = b"notes.txt".to_vec()),
    ("local-method", |m| m.method[LOCAL] ^= 8),
    ("central-method", |m| m.method[CENTRAL] ^= 8),
    ("both-methods", |m| m.method = m.method.map(|method| method ^ 8)),
    ("local-method-unknown", |m| m.method[LOCAL] = 77),
    ("central-method-unknown", |m| m.method[CENTRAL] = 77),
    ("methods-unknown", |m| m.method = [77; 2]),
    ("local-locked", |m| m.flags[LOCAL] |= 1),
    ("central-locked", |m| m.flags[CENTRAL] |= 1),
    ("both-locked", |m| m.flags = [1; 2]),
    ("local-size-0", |m| m.size[LOCAL] = 0),
    ("central-size-0", |m| m.size[CENTRAL] = 0),
    ("local-packed-0", |m| m.packed[LOCAL] = 0),
    ("central-packed-0", |m| m.packed[CENTRAL] = 0),
    ("all-sizes-0", |m| (m.size, m.packed) = ([0; 2], [0; 2])),
    ("central-sizes-0", |m| (m.size[CENTRAL], m.packed[CENTRAL]) = (0, 0)),
    ("local-packed-half", |m| m.packed[LOCAL] /= 2),
    ("central-packed-half", |m| m.packed[CENTRAL] /= 2),
    ("central-sizes-half", |m| (m.size[CENTRAL], m.packed[CENTRAL]) = (m.size[CENTRAL] / 2, m.packed[CENTRAL] / 2)),
    ("central-packed-long", |m| m.packed[CENTRAL] += 40),
    ("sizes-largest", |m| (m.size, m.packed) = ([u32::MAX; 2], [u32::MAX; 2])),
    ("local-crc", |m| m.crc[LOCAL] ^= 1),
    ("central-crc", |m| m.crc[CENTRAL] ^= 1),
    ("both-crcs", |m| m.crc = m.crc.map(|crc| crc ^ 1)),
    ("offset-before", |m| m.shift = -1),
    ("offset-behind", |m| m.shift = 30),
    ("offset-nowhere", |m| m.shift = 1 << 30),
    ("a-folder", |m| m.name = [b"lib/".to_vec(), b"lib/".to_vec()]),
    ("no-name", |m| m.name = [Vec::new(), Vec::new()]),
    ("name-with-nul", |m| m.name = [b"notes.txt\0.so".to_vec(), b"notes.txt\0.so".to_vec()]),
    ("unicode-name", |m| m.extra = [b"\x75\x70\x0e\0\x01\0\0\0\0notes.txt".to_vec(), Vec::new()]),
    ("extra-cut", |m| m.extra = [b"\x01\0\xff\0".to_vec(), b"\x01\0\xff\0".to_vec()]),
    ("zip64-size-0", |m| m.extra[CENTRAL] = [&b"\x01\0\x10\0"[..], &[0; 16]].concat()),
    ("descriptor-in-central", |m| m.flags[CENTRAL] |= 8),
    ("descriptor", |m| {
        (m.flags, m.descriptor) = ([8; 2], true);
        (m.crc[LOCAL], m.packed[LOCAL], m.size[LOCAL]) = (0, 0, 0);
    }),
    ("descriptor-unlisted", |m| {
        (m.flags, m.descriptor, m.is_listed) = ([8; 2], true, false);
        (m.crc[LOCAL], m.packed[LOCAL], m.size[LOCAL]) = (0, 0, 0);
    }),
    ("descriptor-missing", |m| {
        m.flags = [8; 2];
        (m.crc[LOCAL], m.packed[LOCAL], m.size[LOCAL]) = (0, 0, 0);
    }),
    ("another-disk", |m| m.disk = 1),
    ("newer-version", |m| m.version = 255),
];

type Place = fn(&Member, &Member) -> Vec<u8>;

/// Where that member stands.
const PLACES: &[(&str, Place)] = &[
    ("only", |canary, _| archive(std::slice::from_ref(canary), b"", None)),
    ("last", |canary, clean| archive(&[clean.clone(), canary.clone()], b"", None)),
    ("before-another", |canary, clean| {
        [archive(std::slice::from_ref(canary), b"", None), archive(std::slice::from_ref(clean), b"", None)].concat()
    }),
    ("behind-another", |canary, clean| {
        [archive(std::slice::from_ref(clean), b"", None), archive(std::slice::from_ref(canary), b"", None)].concat()
    }),
    ("in-a-comment", |canary, clean| {
        archive(std::slice::from_ref(clean), &archive(std::slice::from_ref(canary), b"", None), None)
    }),
    ("counted-as-none", |canary, clean| archive(&[clean.clone(), canary.clone()], b"", Some(0))),
    ("behind-a-stub", |canary, clean| {
        [&b"#!/bin/sh\nexit 0\n"[..], &archive(&[clean.clone(), canary.clone()], b"", None)].concat()
    }),
    ("far-from-the-end", |canary, _| [archive(std::slice::from_ref(canary), b"", None), vec![b'\n'; 70_000]].concat()),
];

pub(super) fn cases(canary: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for is_packed in [true, false] {
        let clean = Member::new("readme.txt", b"Nothing to see.\n", is_packed);
        for (lie, tell) in LIES {
            let mut member = Member::new("lib/engine.so", canary, is_packed);
            tell(&mut member);
            let packed = if is_packed { "deflated" } else { "stored" };
            all.extend(PLACES.iter().map(|(place, put)| (format!("{packed}-{lie}-{place}.zip"), put(&member, &clean))));
        }
    }
    all
}
