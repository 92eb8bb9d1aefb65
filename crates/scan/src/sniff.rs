//! What an artifact seems to be when no observer claims it: enough to weigh what was not read.

/// Formats that hold pictures, sounds, fonts, tables: nothing in them runs, and the needles went over them.
const INERT: &[(&str, usize, &[u8])] = &[
    ("png", 0, b"\x89PNG\r\n\x1a\n"),
    ("jpeg", 0, b"\xff\xd8\xff"),
    ("gif", 0, b"GIF8"),
    ("webp", 8, b"WEBP"),
    ("icon", 0, b"\0\0\x01\0"),
    ("bitmap", 0, b"BM"),
    ("tiff", 0, b"II*\0"),
    ("tiff", 0, b"MM\0*"),
    ("true-type", 0, b"\0\x01\0\0\0"),
    ("open-type", 0, b"OTTO"),
    ("woff", 0, b"wOFF"),
    ("woff", 0, b"wOF2"),
    ("ogg", 0, b"OggS"),
    ("wave", 8, b"WAVE"),
    ("mp3", 0, b"ID3"),
    ("mp4", 4, b"ftyp"),
    ("message-catalogue", 0, b"\xde\x12\x04\x95"),
    ("message-catalogue", 0, b"\x95\x04\x12\xde"),
    ("terminfo", 0, b"\x1a\x01"),
    ("terminfo", 0, b"\x1e\x02"),
    ("icc-profile", 36, b"acsp"),
    ("time-zone", 0, b"TZif"),
    ("sqlite", 0, b"SQLite format 3\0"),
    ("gobject-typelib", 0, b"GOBJ\nMETADATA\r\n\x1a"),
    ("berkeley-db", 12, b"\x61\x15\x06\0"),
    ("pcap", 0, b"\xd4\xc3\xb2\xa1"),
];

/// Code that is run by something else; the needles went over it, its structure did not.
const CODE: &[(&str, usize, &[u8])] =
    &[("llvm-bitcode", 0, b"BC\xc0\xde"), ("web-assembly", 0, b"\0asm"), ("lua-bytecode", 0, b"\x1bLua")];

/// A name for what these bytes seem to be.
pub(crate) fn sniff(bytes: &[u8], name: &str) -> &'static str {
    let table = INERT.iter().chain(CODE);
    if let Some((id, _, _)) =
        table.into_iter().find(|(_, at, magic)| bytes.get(*at..).is_some_and(|b| b.starts_with(magic)))
    {
        return id;
    }
    if bytes.is_empty() {
        return "empty";
    }
    if is_python_cache(bytes, name) {
        return "python-bytecode";
    }
    if is_text(bytes) {
        return "text";
    }
    if is_dense(bytes) { "unknown-compressed" } else { "unknown" }
}

/// Whether nobody read this, and it calls itself a bill of materials: JSON with comments or something before it, one that stands
/// as a text inside of another document, XML whose outermost element is another, RDF in other forms. Some readers take it.
pub(crate) fn is_odd_document(bytes: &[u8], name: &str) -> bool {
    // `<?xm` in EBCDIC.
    if bytes.starts_with(b"\x4c\x6f\xa7\x94") {
        return true;
    }
    let mut head: Vec<u8> = bytes.iter().take(HEAD * 4).copied().filter(|byte| *byte != 0).collect();
    // What little of the marks of wide encodings is left.
    let start = head.iter().position(u8::is_ascii_graphic).unwrap_or_default();
    head.drain(..start);
    let (name, head) = (name.to_ascii_lowercase(), head.to_ascii_lowercase());
    let ends = |end: &str| name.ends_with(end);
    let holds = |what: &str| head.windows(what.len()).any(|window| window == what.as_bytes());
    // A list of documents; a link of Markdown begins with a bracket too.
    let is_list = |rest: &[u8]| rest.trim_ascii_start().starts_with(b"{");
    let is_object = head.starts_with(b"{") || head.strip_prefix(b"[").is_some_and(is_list);
    if is_object || ends(".json") {
        let is_named = holds("bomformat") || holds("spdxversion");
        let is_json = || serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
        // A schema has the key, and says no format.
        let says = || says(&head, "bomformat", "cyclonedx") || says(&head, "spdxversion", "spdx-");
        let is_rdf = || holds("spdx.org/rdf/terms") && holds("spdxref-") && holds("\"@id\"");
        return is_named && (says() || !is_json()) || is_rdf();
    }
    if head.starts_with(b"<") || ends(".xml") {
        return holds("cyclonedx.org/schema/bom/") && (holds("<components") || holds(":components>"));
    }
    (ends(".ttl") || ends(".nt") || head.starts_with(b"@prefix")) && holds("spdx.org/rdf/terms") && holds("spdxref-")
}

/// Whether a key stands with a value that begins like this, be it inside of a text.
fn says(head: &[u8], key: &str, value: &str) -> bool {
    let places = head.windows(key.len()).enumerate().filter(|(_, window)| *window == key.as_bytes());
    places.map(|(at, _)| at).any(|at| {
        let behind = head.get(at + key.len()..).unwrap_or_default();
        let skipped = behind.iter().take_while(|byte| b" \t\r\n\\\":'".contains(byte)).count();
        behind.get(skipped..).is_some_and(|behind| behind.starts_with(value.as_bytes()))
    })
}

/// Endings that nothing but archives, images of disks and programs has.
const NAMED: &str = "7z aab aar apk appimage appx arj bz2 cab cpio cramfs crx deb dex dll dmg docx dylib ear esd exe gz hfs ipa iso jar jmod \
    ko lha lz lz4 lzh lzma lzo msi msix msp msu nupkg ocx odex pptx pyd qcow2 rar rpm scr snap so squashfs sys tar taz tbz tbz2 tgz \
    tlz txz tzst udf vdi vhd vhdx vmdk vsix war whl wim xapk xlsx xpi xz zip zipx zst";

/// Whether its name says that it is an archive, an image of a disk, or a program.
pub(crate) fn is_named_as_more(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| NAMED.split_ascii_whitespace().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Whether it begins as a program for Windows, whose own header is not there: one for DOS says that no other follows.
pub(crate) fn is_program_cut(bytes: &[u8]) -> bool {
    const OTHERS: [&[u8]; 5] = [b"PE\0\0", b"NE", b"LE", b"LX", b"W3"];
    let two = |at: usize| bytes.get(at..at + 2).and_then(|two| two.try_into().ok()).map_or(0, u16::from_le_bytes);
    let at = bytes.get(60..64).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes);
    let header = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
    bytes.starts_with(b"MZ") && two(24) >= 64 && !OTHERS.iter().any(|mark| header.starts_with(mark))
}

/// Whether needles say all there is to say: no structure that could hide anything.
pub(crate) fn is_plain(seems: &str) -> bool {
    seems == "empty" || seems == "text" || INERT.iter().any(|(id, _, _)| *id == seems)
}

/// PEP 552: a magic that ends in `\r\n`, flags of 0 to 3.
fn is_python_cache(bytes: &[u8], name: &str) -> bool {
    name.to_ascii_lowercase().contains(".pyc")
        && bytes.get(2..4) == Some(b"\r\n".as_slice())
        && bytes.get(4).is_some_and(|flags| *flags <= 3)
}

/// How much of it tells whether it is text.
pub(crate) const HEAD: usize = 8192;

/// UTF-8 or UTF-16 with few control characters, as far as its beginning tells.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return true;
    }
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127);
    // Nearly every text has none; that much is seen without counting.
    let control = if head.iter().fold(false, |any, byte| any | is_control(byte)) {
        head.iter().filter(|byte| is_control(byte)).count()
    } else {
        0
    };
    let invalid = || head.utf8_chunks().map(|chunk| chunk.invalid().len()).sum::<usize>();
    !head.contains(&0)
        && control * 50 <= head.len()
        && (std::str::from_utf8(head).is_ok() || invalid() * 5 <= head.len())
}

/// Whether any part of it has the entropy of noise: compressed or encrypted.
pub(crate) fn is_dense(bytes: &[u8]) -> bool {
    const SAMPLE: usize = 16 * 1024;
    const LEAST: usize = 4096;
    bytes.chunks(SAMPLE).any(|sample| sample.len() >= LEAST && is_noise(sample))
}

fn is_noise(sample: &[u8]) -> bool {
    let mut counts = [0_u32; 256];
    for byte in sample {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    // Collision probability: 1/256 for noise, several times that for anything with structure. Integers stay exact.
    let pairs: u64 = counts.iter().map(|count| u64::from(*count) * u64::from(*count)).sum();
    let length = sample.len() as u64;
    pairs * 256 * 100 < length * length * 115
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_it_sees() {
        let mut state = 1_u64;
        let noise: Vec<u8> = (0..20_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                state.to_be_bytes()[0]
            })
            .collect();
        for (bytes, want) in [
            (b"\x89PNG\r\n\x1a\nxx".as_slice(), "png"),
            (b"#!/bin/sh\necho\n", "text"),
            (b"", "empty"),
            (b"\0\x02\x03\x04", "unknown"),
            ("Лаборатория".as_bytes(), "text"),
            (noise.as_slice(), "unknown-compressed"),
        ] {
            assert_eq!(sniff(bytes, "x"), want);
        }
    }

    #[test]
    fn documents_that_are_none() {
        for (text, want) in [
            ("// x\n{\"bomFormat\": NaN}", false),
            ("{\"bomFormat\": NaN}", true),
            ("[ {\"spdxVersion\": 1,}]", true),
            ("{\"bomFormat\": 1}", false),
            ("[![a](b)](c) the key `bomFormat` is missing", false),
        ] {
            assert_eq!(is_odd_document(text.as_bytes(), "x.md"), want, "{text}");
        }
        assert!(is_odd_document(b"// x\n{\"bomFormat\": 1}", "x.json"));
    }
}
