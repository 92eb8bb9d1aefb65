//! What lies in itself, and small inputs that would give more than anybody can look at: told, and not gone on with.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test makes files, and may fail"
)]
use std::fs;
use std::io::Read as _;

use flate2::Compression;
use flate2::read::GzEncoder;
use interdict_tests::report;
use serde_json::Value;

fn scanned(name: &str, bytes: &[u8], flags: &[&str]) -> (Value, i32) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    report(folder.path(), &[&[name, "--as-of", "2026-01-01"], flags].concat())
}

/// A stored block of DEFLATE without its content: five bytes that say `length`.
fn print(length: usize) -> Vec<u8> {
    let length = u16::try_from(length).unwrap();
    [&[0][..], &length.to_le_bytes(), &(!length).to_le_bytes()].concat()
}

/// Bits from the lowest up; codes have their highest first.
#[derive(Default)]
struct Bits(u64, u32);

impl Bits {
    fn number(&mut self, value: u32, width: u32) {
        self.0 |= u64::from(value) << self.1;
        self.1 += width;
    }

    fn code(&mut self, value: u32, width: u32) {
        self.number(value.reverse_bits() >> (32 - width), width);
    }

    /// So many of the last `distance` bytes once more.
    fn matched(&mut self, length: u32, distance: u32) {
        let extra = if (11..258).contains(&length) { (length - 3).ilog2() - 2 } else { 0 };
        // A symbol stands for several lengths where it has extra bits.
        match (length, 1 + 4 * extra + ((length - 3) >> extra)) {
            (258, _) => self.code(0b1100_0101, 8),
            (_, symbol @ ..24) => self.code(symbol, 7),
            (_, symbol) => self.code(0b1100_0000 + symbol - 24, 8),
        }
        self.number((length - 3) & ((1 << extra) - 1), extra);
        let (before, extra) = (distance - 1, (distance - 1).ilog2() - 1);
        self.code(2 * extra + (before >> extra), 5);
        self.number(before & ((1 << extra) - 1), extra);
    }
}

/// Five bytes of DEFLATE that repeat the last `length` bytes: by two matches, or by one and a block with nothing in it. Where a bit
/// is left, the next block begins with it.
fn repeat(length: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.number(0b010, 3);
    if length <= 20 {
        bits.matched(length / 2, length);
        bits.matched(length - length / 2, length);
    } else {
        bits.matched(length, length);
        bits.code(0, 7);
        bits.number(0b010, 3);
    }
    bits.code(0, 7);
    assert!((38..=40).contains(&bits.1), "{length}: {} bits", bits.1);
    bits.0.to_le_bytes()[..5].to_vec()
}

/// What gives itself: a head, a tail, and between them instructions that print and repeat.
fn giving_itself(head: Vec<u8>, tail: Vec<u8>) -> Vec<u8> {
    let (p, s) = (head.len() + 5, tail.len() + 5);
    let (one, four, nothing) = (print(5), print(20), print(0));
    let (begin, again) = (repeat(u32::try_from(p).unwrap()), repeat(20));
    let pair = [again.clone(), four.clone()].concat();
    let end = [repeat(u32::try_from(s).unwrap()), tail].concat();
    let lead = [head, print(p)].concat();
    let last = [again.clone(), nothing.clone(), nothing, print(s)].concat();
    let middle = [begin.clone(), one.clone(), one.clone(), four.clone()].concat();
    [lead.clone(), lead, begin.clone(), one.clone(), begin, one.clone(), one, four.clone(), middle]
        .into_iter()
        .chain([again.clone(), four, pair.clone(), pair, again, print(20), last.clone(), last, end.clone(), end])
        .collect::<Vec<_>>()
        .concat()
}

/// The block that ends a stream, with nothing in it.
const END: &[u8] = b"\x01\0\0\xff\xff";

/// A gzip whose content is itself, but for what its sum is said to be.
fn gzip(sum: u32, size: u32) -> Vec<u8> {
    let tail = [END, &sum.to_le_bytes(), &size.to_le_bytes()].concat();
    giving_itself(b"\x1f\x8b\x08\x08\0\0\0\0\0\xffq.gz\0".to_vec(), tail)
}

/// The same of a zip. Its comment makes the tail as long as one match can be.
fn zip(sum: u32, size: u32) -> Vec<u8> {
    const NAME: &[u8] = b"q.zip";
    let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    let comment = 258 - 10 - (46 + NAME.len()) - 22;
    let (head, behind) = (30 + NAME.len(), 46 + NAME.len() + 22 + comment);
    let packed = u32::try_from((size as usize).saturating_sub(head + behind)).unwrap();
    // Method, time and date; sum and sizes; the name's length, and nothing more.
    let said =
        [&[8, 0, 0, 0, 0x21, 0x5c][..], &sum.to_le_bytes(), &packed.to_le_bytes(), &size.to_le_bytes(), &[5, 0, 0, 0]]
            .concat();
    let local = [b"PK\x03\x04\x14\0\0\0", said.as_slice(), NAME].concat();
    let entry = [b"PK\x01\x02\x14\0\x14\0\0\0", said.as_slice(), &[0; 14], NAME].concat();
    let at = number((size as usize).saturating_sub(behind));
    let end =
        [b"PK\x05\x06\0\0\0\0\x01\0\x01\0", number(entry.len()).as_slice(), &at, &[u8::try_from(comment).unwrap(), 0]]
            .concat();
    giving_itself(local, [END, &entry, &end, &vec![b' '; comment]].concat())
}

fn sum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// The sum is affine in the sum that is stated: where both agree is the solution of 32 equations.
fn quine(with_sum: fn(u32, u32) -> Vec<u8>) -> Vec<u8> {
    let size = u32::try_from(with_sum(0, 0).len()).unwrap();
    let told = |stated: u32| sum(&with_sum(stated, size));
    let base = told(0);
    let columns: Vec<u32> = (0..32).map(|bit| told(1 << bit) ^ base ^ 1 << bit).collect();
    let mut rows: Vec<u64> = (0..32)
        .map(|row| {
            let known = u64::from(base >> row & 1) << 32;
            columns.iter().enumerate().fold(known, |all, (column, sum)| all | u64::from(sum >> row & 1) << column)
        })
        .collect();
    for column in 0..32 {
        let pivot = (column..32).find(|row| rows[*row] >> column & 1 == 1).unwrap();
        rows.swap(column, pivot);
        for row in (0..32).filter(|row| *row != column) {
            if rows[row] >> column & 1 == 1 {
                rows[row] ^= rows[column];
            }
        }
    }
    let stated = rows.iter().enumerate().fold(0, |all, (bit, row)| all | u32::try_from(row >> 32).unwrap() << bit);
    with_sum(stated, size)
}

#[test]
fn a_quine_is_opened_once() {
    let quine = quine(gzip);
    let mut content = Vec::new();
    flate2::read::GzDecoder::new(quine.as_slice()).read_to_end(&mut content).unwrap();
    assert!(content == quine, "no quine");
    let (report, status) = scanned("q.gz", &quine, &[]);
    assert_eq!(report["coverage"]["artifacts"], 2, "{report:#}");
    let odd: Vec<&Value> = report["anomalies"].as_array().unwrap().iter().collect();
    assert_eq!((odd.len(), &odd[0]["kind"], &odd[0]["on"]), (1, &"lies-in-itself".into(), &"q.gz!/q.gz".into()));
    assert_eq!((report["gaps"].as_array().unwrap().len(), status), (0, 0), "{report:#}");
}

#[test]
fn a_zip_that_holds_itself_is_opened_once() {
    let quine = quine(zip);
    let mut content = Vec::new();
    flate2::read::DeflateDecoder::new(&quine[35..]).read_to_end(&mut content).unwrap();
    assert!(content == quine, "no quine");
    for (name, bytes, around) in [("q.zip", quine.clone(), ""), ("q.gz", packed(quine.as_slice()), "q.gz!/")] {
        let (report, status) = scanned(name, &bytes, &[]);
        let odd = report["anomalies"].as_array().unwrap();
        let inner = if around.is_empty() { "q.zip!/q.zip".to_owned() } else { format!("{around}q!/q.zip") };
        assert_eq!((odd.len(), &odd[0]["kind"], &odd[0]["on"]), (1, &"lies-in-itself".into(), &inner.into()));
        assert_eq!((report["gaps"].as_array().unwrap().len(), status), (0, 0), "{report:#}");
    }
}

fn packed(content: impl std::io::Read) -> Vec<u8> {
    let mut packed = Vec::new();
    GzEncoder::new(content, Compression::best()).read_to_end(&mut packed).unwrap();
    packed
}

#[test]
fn what_a_small_input_costs_goes_by_its_size() {
    let zeros = packed(std::io::repeat(0).take(128 << 20));
    let twice = packed(zeros.as_slice());
    let (report, status) = scanned("twice.gz", &twice, &["--max-depth", "8"]);
    let gaps = report["gaps"].as_array().unwrap().iter().filter_map(|gap| gap["needs"].as_str());
    assert!(gaps.collect::<Vec<_>>().contains(&"raise --max-ratio"), "{report:#}");
    assert_eq!(status, 3);
    let looked_at = report["coverage"]["bytes"].as_u64().unwrap();
    assert!((80 << 20..81 << 20).contains(&looked_at), "{} bytes gave {looked_at}", twice.len());
}
