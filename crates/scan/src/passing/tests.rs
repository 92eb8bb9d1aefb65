//! Archives gone through while they are decoded are held against the same ones taken in whole.
use std::path::Path;

use interdict_model::{Locator, Member, Needle};
use interdict_testkit::{build, inputs, mutate};
use interdict_unpack::UNPACKERS;

use super::*;
use crate::held::Store;
use crate::limits::Limits;
use crate::request::Unwatched;
use crate::scratch::Scratch;
use crate::trace::{Cells, Trace};

/// A decoder that makes nothing of anything.
struct Plain<'a>(&'a [u8], &'a [u8]);

impl Read for Plain<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let few = buffer.len().min(10_007);
        self.1.read(&mut buffer[..few])
    }
}

impl Again for Plain<'_> {
    fn again(&mut self) {
        self.1 = self.0;
    }
}

/// What an archive in a stream gives, taken in whole or gone through; nothing where it cannot be gone through.
fn given(archive: &[u8], is_passed: bool, limits: &Limits) -> Option<(Yielded, u64, u64)> {
    let (cells, store) = (Cells::default(), Store::new(1 << 30, Scratch::within(None)));
    let trace = Trace::new(&cells, &[]);
    let means = Means {
        pack: interdict_catalog::pack(),
        watch: Watch { limits, progress: &Unwatched, trace: &trace },
        store: &store,
        repeats: None,
        all_evidence: false,
        strict: false,
        in_pairs: false,
        without_ways: false,
        is_compared: false,
    };
    let locator = Locator::input(b"a.tar.gz");
    let packed = [b"packed".as_slice(), archive].concat();
    let container =
        Subject { locator: &locator, owned_path: "", bytes: &packed, renames: &[], around: None, is_target: true };
    let unpacker = UNPACKERS.iter().find(|unpacker| unpacker.id == "gzip")?;
    let (mut budget, mut out) = (Budget { passes: is_passed, ..Budget::of(limits, archive.len()) }, Yielded::default());
    let member = Member { name: b"a.tar", ..Member::default() };
    let mut opening = Opening::new(&means, unpacker, &container, &mut budget, &mut out);
    if is_passed && !opening.passed(&member, &mut Plain(archive, archive)) {
        return None;
    }
    (budget, out) = (Budget { passes: is_passed, ..Budget::of(limits, archive.len()) }, Yielded::default());
    let mut opening = Opening::new(&means, unpacker, &container, &mut budget, &mut out);
    let _ = interdict_model::Members::decoded(&mut opening, &member, &mut Plain(archive, archive));
    Some((out, budget.bytes, budget.members))
}

fn told(out: &Yielded) -> serde_json::Value {
    serde_json::to_value(out).unwrap()
}

/// Says whether the archive was gone through, having seen that this gives what its unpacker gives.
fn check(archive: &[u8], limits: &Limits) -> bool {
    let (whole, bytes, members) = given(archive, false, limits).unwrap();
    let Some((out, left, rest)) = given(archive, true, limits) else { return false };
    assert_eq!(told(&out), told(&whole));
    assert_eq!((left, rest), (bytes, members));
    true
}

fn fixtures() -> Vec<Vec<u8>> {
    ["ar", "cpio", "tar"].iter().flat_map(|kind| of(kind)).collect()
}

fn of(kind: &str) -> Vec<Vec<u8>> {
    inputs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/unpack").join(kind))
}

#[test]
fn going_through_gives_what_taking_in_gives() {
    let limits = Limits::default();
    let mut passed = 0;
    for kind in ["ar", "cpio", "tar"] {
        let of_kind = of(kind).iter().filter(|archive| check(archive, &limits)).count();
        assert!(of_kind >= 2, "{kind}: {of_kind}");
        passed += of_kind;
    }
    for archive in fixtures().iter().filter(|archive| archive.len() < 40_000) {
        mutate(7, archive, 25, &mut |changed| passed += usize::from(check(changed, &limits)));
    }
    assert!(passed >= 20, "{passed}");
}

#[test]
fn limits_are_met_where_they_would_be() {
    let recipe = r#"
kind = "tar"
members = [{ path = "a", parts = [{ zeros = 5000 }] }, { path = "b", parts = [{ zeros = 70000 }] }]
"#;
    let archive = build(recipe).unwrap();
    let of = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        check(&archive, &limits)
    };
    assert!(of(|_| ()));
    assert!(!of(|limits| limits.member = 60_000));
    assert!(!of(|limits| limits.members = 2) || of(|limits| limits.members = 3));
    for bytes in (60_000..200_000).step_by(9_973) {
        let limits = Limits { total: bytes, ..Limits::default() };
        check(&archive, &limits);
    }
    for depth in 0..4 {
        check(&archive, &Limits { depth, ..Limits::default() });
    }
}

#[test]
fn the_end_is_kept_and_counted() {
    let bytes: Vec<u8> = (0..=250).cycle().take(100_000).collect();
    for few in [1, 7, 511, 512, 513, 5000] {
        let (cells, limits) = (Cells::default(), Limits::default());
        let trace = Trace::new(&cells, &[]);
        let watch = Watch { limits: &limits, progress: &Unwatched, trace: &trace };
        let mut counted = Counted { watch, bytes: bytes.as_slice(), left: 100_000, count: 0, tail: Vec::new() };
        let mut buffer = vec![0; few];
        while counted.read(&mut buffer).unwrap() > 0 {}
        assert_eq!(counted.count, 100_000);
        assert!(counted.tail.ends_with(&bytes[100_000 - TAIL..]) && counted.tail.len() <= TAIL * 9);
    }
}

#[test]
fn what_lies_between_is_searched_and_never_across() {
    let needle = Needle {
        name: "n".to_owned(),
        bytes: b"needle in between".to_vec(),
        encodings: vec![interdict_model::Encoding::Bytes],
        case: interdict_model::Case::Exact,
        word: false,
        at: None,
        then: None,
        line: false,
    };
    let needles = Needles::new(vec![needle]);
    let found = |pieces: &[(u64, &[u8])]| {
        let mut search = Search { needles: &needles, joined: Vec::new(), until: 0 };
        pieces.iter().try_for_each(|(at, bytes)| search.add(*at, bytes)).and_then(|()| search.search()).is_err()
    };
    assert!(found(&[(0, b"needle in "), (10, b"between")]));
    assert!(!found(&[(0, b"needle in "), (11, b"between")]));
    let long = vec![b'.'; SEARCHED];
    assert!(found(&[(0, &long), (SEARCHED as u64, b"needle in between")]));
    let split = [long.as_slice(), b"needle"].concat();
    assert!(found(&[(0, &split), (split.len() as u64, b" in between")]));
}
