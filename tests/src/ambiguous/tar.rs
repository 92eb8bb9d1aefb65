//! Archives of tape that two honest readers read differently.

/// One block that speaks of what follows it.
struct Header<'h> {
    name: &'h [u8],
    kind: u8,
    size: &'h [u8],
    magic: &'h [u8],
    link: &'h [u8],
    checksum: i64,
}

fn header(Header { name, kind, size, magic, link, checksum }: &Header<'_>) -> Vec<u8> {
    let mut out = vec![0_u8; 512];
    let mut put = |at: usize, bytes: &[u8]| {
        out.iter_mut().skip(at).zip(bytes).for_each(|(to, from)| *to = *from);
    };
    put(0, &name[..name.len().min(100)]);
    put(100, b"0000644\0");
    put(124, size);
    put(156, &[*kind]);
    put(157, link);
    put(257, magic);
    put(148, b"        ");
    let sum: i64 = out.iter().map(|byte| i64::from(*byte)).sum::<i64>() + checksum;
    let text = format!("{sum:06o}\0 ");
    out.iter_mut().skip(148).zip(text.bytes()).for_each(|(to, from)| *to = from);
    out
}

fn octal(size: usize) -> Vec<u8> {
    format!("{size:011o}\0").into_bytes()
}

fn padded(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn entry(name: &[u8], kind: u8, size: &[u8], body: &[u8]) -> Vec<u8> {
    let head = Header { name, kind, size, magic: b"ustar\x0000", link: b"", checksum: 0 };
    [header(&head), padded(body.to_vec())].concat()
}

fn plain(name: &[u8], kind: u8, body: &[u8]) -> Vec<u8> {
    entry(name, kind, &octal(body.len()), body)
}

fn record(key: &str, value: &str) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + 1;
    while length.to_string().len() + rest != length {
        length += 1;
    }
    format!("{length} {key}={value}\n").into_bytes()
}

fn pax(kind: u8, records: &[(&str, &str)]) -> Vec<u8> {
    let body: Vec<u8> = records.iter().flat_map(|(key, value)| record(key, value)).collect();
    plain(b"PaxHeaders/x", kind, &body)
}

/// Each way, with the canary as a member of a packed kind, so that only who opens it finds it.
fn ways(canary: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    const NAME: &[u8] = b"engine.so.gz";
    let size = canary.len();
    let member = |kind: u8| plain(NAME, kind, canary);
    let said = |text: &str| [pax(b'x', &[("size", text)]), member(b'0')].concat();
    let odd = |magic: &[u8], checksum: i64| {
        let size = octal(size);
        let head = Header { name: NAME, kind: b'0', size: &size, magic, link: b"", checksum };
        [header(&head), padded(canary.to_vec())].concat()
    };
    let zeros = |blocks: usize| vec![0; 512 * blocks];
    let sized = |field: &[u8]| entry(NAME, b'0', field, canary);
    let base256 = [&[0x80, 0, 0, 0][..], &(size as u64).to_be_bytes()].concat();
    vec![
        ("plain", member(b'0')),
        ("pax-size-0", said("0")),
        ("pax-size-1", said("1")),
        ("pax-size-longer", said(&(size + 512).to_string())),
        ("pax-size-largest", said("18446744073709551615")),
        ("pax-size-negative", said("-1")),
        ("pax-size-twice", [pax(b'x', &[("size", "0"), ("size", &size.to_string())]), member(b'0')].concat()),
        ("pax-size-then-0", [pax(b'x', &[("size", &size.to_string()), ("size", "0")]), member(b'0')].concat()),
        ("pax-global-size", [pax(b'g', &[("size", "0")]), member(b'0')].concat()),
        ("pax-path-twice", [pax(b'x', &[("path", "a"), ("path", "b")]), member(b'0')].concat()),
        (
            "pax-path-and-gnu",
            [plain(b"././@LongLink", b'L', b"long\0"), pax(b'x', &[("path", "b")]), member(b'0')].concat(),
        ),
        ("pax-for-a-pax", [pax(b'x', &[("size", "0")]), pax(b'x', &[("path", "b")]), member(b'0')].concat()),
        ("pax-malformed", [plain(b"PaxHeaders/x", b'x', b"99999 size=0\n"), member(b'0')].concat()),
        (
            "pax-sparse",
            [
                pax(b'x', &[("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "0")]),
                member(b'0'),
            ]
            .concat(),
        ),
        ("zero-block-before", [zeros(1), member(b'0')].concat()),
        ("zero-blocks-before", [zeros(2), member(b'0')].concat()),
        ("behind-the-end", [plain(b"readme", b'0', b"text"), zeros(2), member(b'0')].concat()),
        ("far-behind-the-end", [plain(b"readme", b'0', b"text"), zeros(40), member(b'0')].concat()),
        ("noise-before", [vec![b'.'; 512], member(b'0')].concat()),
        ("off-by-one", [plain(b"readme", b'0', b"text"), vec![b'\n'], member(b'0')].concat()),
        ("kind-unknown", member(b'Z')),
        ("kind-0", member(0)),
        ("kind-folder", member(b'5')),
        ("kind-hard-link", member(b'1')),
        ("kind-link", member(b'2')),
        ("kind-device", member(b'3')),
        ("kind-pipe", member(b'6')),
        ("kind-contiguous", member(b'7')),
        ("kind-sparse", member(b'S')),
        ("kind-volume", member(b'V')),
        ("kind-continued", member(b'M')),
        ("kind-folder-list", member(b'D')),
        ("kind-long-name", member(b'L')),
        ("kind-pax", member(b'x')),
        ("kind-global", member(b'g')),
        ("size-base-256", sized(&base256)),
        ("size-negative", sized(&[0xff; 12])),
        ("size-spaces", sized(format!("{size:>11o} ").as_bytes())),
        ("size-none", sized(b"")),
        ("size-no-number", sized(b"zzzzzzzzzzz\0")),
        ("size-half", sized(&octal(size / 2))),
        ("size-largest", sized(b"77777777777\0")),
        ("checksum-wrong", odd(b"ustar\x0000", 1)),
        ("no-magic", odd(b"", 0)),
        ("gnu-magic", odd(b"ustar  \0", 0)),
        ("magic-wrong", odd(b"vstar\x0000", 0)),
        ("no-name", plain(b"", b'0', canary)),
        ("name-of-nothing", plain(b"././@LongLink", b'0', canary)),
    ]
}

pub(super) fn cases(canary: &[u8]) -> Vec<(String, Vec<u8>)> {
    let readme = plain(b"readme.txt", b'0', b"Nothing to see.\n");
    let mut all = Vec::new();
    for (way, bytes) in ways(canary) {
        let end = vec![0; 1024];
        all.push((format!("{way}-first.tar"), [&bytes, &readme, &end].map(Vec::as_slice).concat()));
        all.push((format!("{way}-last.tar"), [&readme, &bytes, &end].map(Vec::as_slice).concat()));
    }
    all
}
