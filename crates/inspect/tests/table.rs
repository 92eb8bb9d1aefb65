//! Every format against every way of coming: whole, under another name, cut at twenty places, with lengths too large, with
//! its parts laid over one another. What is said of the whole is what stands after a rename; what a cut or a lie takes
//! away is never taken in silence; and every answer comes soon.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test watches the clock")]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use interdict_inspect::OBSERVERS;
use interdict_model::{Head, Needles, Observer};
use interdict_testkit::build;

/// Cuts of every file.
const CUTS: usize = 20;
/// Wide, for slow machines: no file here is longer than a few thousand bytes.
const LONGEST: Duration = Duration::from_secs(2);

/// A format, a whole file of it, the same with its names stripped, and a fact that must survive stripping.
struct Row {
    id: &'static str,
    whole: &'static str,
    stripped: &'static str,
    survives: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        id: "elf",
        whole: "kind = \"elf\"\nneeded = [\"libvendor8.so\"]\nsoname = \"libx.so\"\ndynamic = { defined = [\"x_open\"], undefined = [\"vendor_scan\"] }\nstatic-symbols = { defined = [\"x_open\"] }\ncomment = [\"GCC\"]",
        stripped: "kind = \"elf\"\nneeded = [\"libvendor8.so\"]\ndynamic = { defined = [\"x_open\"], undefined = [\"vendor_scan\"] }\nsection-headers = false",
        survives: "fact undefined-symbol \"vendor_scan\"",
    },
    Row {
        id: "elf",
        whole: "kind = \"elf\"\nbits = 32\nendian = \"big\"\nmachine = 8\nneeded = [\"libvendor8.so\"]\ndynamic = { defined = [\"x_open\"], undefined = [\"vendor_scan\"] }",
        stripped: "kind = \"elf\"\nbits = 32\nendian = \"big\"\nmachine = 8\nneeded = [\"libvendor8.so\"]\ndynamic = { undefined = [\"vendor_scan\"] }\nsection-headers = false",
        survives: "fact needed-library \"libvendor8.so\"",
    },
    Row {
        id: "pe",
        whole: "kind = \"pe\"\ndll = true\nimports = [{ dll = \"vendor8.dll\", functions = [\"vendor_scan\"] }]\nexports = { module = \"x.dll\", names = [\"x_open\"] }\ndebug-path = 'c:\\b\\x.pdb'\n[[version]]\nlanguage = 0x409\nnumber = \"1.0.0.0\"\nstrings = [{ table = \"040904b0\", values = { CompanyName = \"Example\" } }]",
        stripped: "kind = \"pe\"\ndll = true\ntimestamp = 7\nimports = [{ dll = \"vendor8.dll\", functions = [\"vendor_scan\"] }]\noverlay = [\"behind it\"]",
        survives: "fact import \"vendor_scan\"",
    },
    Row {
        id: "mach-o",
        whole: "kind = \"macho\"\nlibraries = [\"@rpath/Vendor.dylib\"]\nrpaths = [\"/x\"]\ndefined = [\"_x_open\"]\nundefined = [\"_vendor_scan\"]\nsignature = { identifier = \"com.example.x\", team = \"AB12CD34EF\" }",
        stripped: "kind = \"macho\"\nlibraries = [\"@rpath/Vendor.dylib\"]",
        survives: "fact needed-library \"vendor.dylib\"",
    },
    Row {
        id: "dex",
        whole: "kind = \"dex\"\ndefines = [\"com/example/Main\"]\nreferences = [\"com/vendor/Api\"]\nstrings = [\"text\"]",
        stripped: "kind = \"dex\"\nreferences = [\"com/vendor/Api\"]\ndefines = [\"a/a\"]",
        survives: "fact referenced-class \"com/vendor/Api\"",
    },
    Row {
        id: "java-class",
        whole: "kind = \"class\"\ndefines = \"com/example/Main\"\ncalls = [\"com/vendor/Api.open()V\"]\nsource = \"Main.java\"",
        stripped: "kind = \"class\"\ndefines = \"a/a\"\ncalls = [\"com/vendor/Api.open()V\"]",
        survives: "fact referenced-class \"com/vendor/Api\"",
    },
    Row {
        id: "mach-o",
        whole: "kind = \"bytes\"\nparts = [{ hex = \"ca fe ba be 00 00 00 01 01 00 00 07 00 00 00 03 00 00 00 40 00 00 02 91 00 00 00 04\" }, { zeros = 36 }, { recipe = { kind = \"macho\", libraries = [\"@rpath/Vendor.dylib\"], rpaths = [\"/x\"], defined = [\"_x_open\"], undefined = [\"_vendor_scan\"], signature = { identifier = \"com.example.x\", team = \"AB12CD34EF\" } } }]",
        stripped: "kind = \"bytes\"\nparts = [{ hex = \"ca fe ba be 00 00 00 01 01 00 00 07 00 00 00 03 00 00 00 40 00 00 01 b2 00 00 00 04\" }, { zeros = 36 }, { recipe = { kind = \"macho\", libraries = [\"@rpath/Vendor.dylib\"] } }]",
        survives: "fact needed-library \"vendor.dylib\"",
    },
    Row {
        id: "wasm",
        whole: include_str!("../../../fixtures/inspect/wasm/good-linked/recipe.toml"),
        stripped: include_str!("../../../fixtures/inspect/wasm/good-stripped/recipe.toml"),
        survives: "fact undefined-symbol \"vendor_scan\"",
    },
    Row {
        id: "coff",
        whole: include_str!("../../../fixtures/inspect/coff/good-import-library-thunk/recipe.toml"),
        stripped: include_str!("../../../fixtures/inspect/coff/good-import-32/recipe.toml"),
        survives: "fact import \"vendor_open\"",
    },
    Row {
        id: "dotnet",
        whole: include_str!("../../../fixtures/inspect/dotnet/good-library/recipe.toml"),
        stripped: include_str!("../../../fixtures/inspect/dotnet/good-library/recipe.toml"),
        survives: "fact needed-library",
    },
    Row {
        id: "android-xml",
        whole: include_str!("../../../fixtures/inspect/android-xml/good-manifest/recipe.toml"),
        stripped: include_str!("../../../fixtures/inspect/android-xml/good-manifest/recipe.toml"),
        survives: "fact package-name",
    },
    Row {
        id: "pkcs7",
        whole: "kind = \"pkcs7\"\ndigest = \"00\"\nprogram-name = \"Example\"\ncertificates = [{ recipe = { kind = \"certificate\", subject = { CN = \"Vendor\", O = \"Vendor\" } } }]",
        stripped: "kind = \"pkcs7\"\ndigest = \"00\"\ncertificates = [{ recipe = { kind = \"certificate\", subject = { CN = \"Vendor\" } } }]",
        survives: "fact signer-subject \"vendor\"",
    },
    Row {
        id: "certificate",
        whole: "kind = \"certificate\"\nsubject = { CN = \"Vendor\", O = \"Vendor\" }\nkey = \"gost\"",
        stripped: "kind = \"certificate\"\nsubject = { CN = \"Vendor\" }\nserial = \"81\"",
        survives: "fact certificate-subject \"vendor\"",
    },
    Row {
        id: "apk-signature",
        whole: "kind = \"zip\"\nmembers = [{ path = \"a\", parts = [\"x\"] }]\nsigning = [{ scheme = 2, signers = [[{ recipe = { kind = \"certificate\", subject = { CN = \"Vendor\" } } }]] }]",
        stripped: "kind = \"zip\"\nmembers = []\nprefix = [{ hex = \"504b0304\" }]\nsigning = [{ scheme = 3, signers = [[{ recipe = { kind = \"certificate\", subject = { CN = \"Vendor\" } } }]] }]",
        survives: "fact signer-subject \"vendor\"",
    },
];

fn observer(id: &str) -> &'static Observer {
    OBSERVERS.iter().find(|observer| observer.id == id).unwrap()
}

/// What an observer says, in time.
fn said(observer: &Observer, name: &str, bytes: &[u8]) -> String {
    let start = Instant::now();
    let said = interdict_testkit::lines(observer, name, bytes, &Needles::default());
    assert!(start.elapsed() < LONGEST, "{} took {:?}", observer.id, start.elapsed());
    said
}

fn facts(said: &str) -> BTreeSet<&str> {
    // What stands behind a program has no length that says how much is missing.
    let is_told =
        |line: &&str| (line.starts_with("fact") && !line.starts_with("fact overlay")) || line.starts_with("component");
    said.lines().filter(is_told).collect()
}

/// Whether something is said to be missing: a gap, a fault, a repair, or that it is no such file any more.
fn admits(said: &str) -> bool {
    said.lines().any(|line| ["gap", "malformed", "refused", "repair"].iter().any(|word| line.starts_with(word)))
}

/// The same of any observer that reads it: what is one format inside of another may be missed by either.
fn any_admits(bytes: &[u8]) -> bool {
    let reads = |other: &&Observer| (other.accepts)(&Head { bytes, name: "x.dat" });
    OBSERVERS.iter().filter(reads).any(|other| admits(&said(other, "x.dat", bytes)))
}

#[test]
fn whole_and_stripped_and_renamed() {
    for Row { id, whole, stripped, survives } in ROWS {
        let observer = observer(id);
        for (recipe, what) in [(whole, "whole"), (stripped, "stripped")] {
            let bytes = build(recipe).unwrap();
            assert!((observer.accepts)(&Head { bytes: &bytes, name: "x.dat" }), "{id}, {what}: not recognised");
            let plain = said(observer, "x.dat", &bytes);
            assert!(plain.contains(survives), "{id}, {what}: no `{survives}` in\n{plain}");
            assert!(!admits(&plain), "{id}, {what}:\n{plain}");
            for name in ["X.DAT", "readme.txt", "", "a.b.c.exe"] {
                assert_eq!(plain, said(observer, name, &bytes), "{id}, {what}: another name, other facts");
            }
        }
    }
}

#[test]
fn nothing_is_lost_in_silence_where_a_file_is_cut() {
    for Row { id, whole, .. } in ROWS {
        let observer = observer(id);
        let bytes = build(whole).unwrap();
        let before = said(observer, "x.dat", &bytes);
        for cut in 0..CUTS {
            let after = said(observer, "x.dat", &bytes[..bytes.len() * cut / CUTS]);
            let lost = facts(&before).difference(&facts(&after)).count();
            let is_told = admits(&after) || any_admits(&bytes[..bytes.len() * cut / CUTS]);
            assert!(lost == 0 || is_told, "{id} cut at {cut}/{CUTS} loses {lost} facts in silence:\n{after}");
        }
    }
}

/// Every field of two, four and eight bytes in the first part of a file set to what no file holds.
#[test]
fn lengths_that_lie_end_soon() {
    for Row { id, whole, .. } in ROWS {
        let observer = observer(id);
        let bytes = build(whole).unwrap();
        for at in 0..bytes.len().min(1024) {
            for lie in [&[0xff; 2][..], &[0xff; 4], &[0xff, 0xff, 0xff, 0x7f], &[0xff; 8], &[0, 0, 0, 0x80]] {
                let mut copy = bytes.clone();
                for (to, from) in copy.iter_mut().skip(at).zip(lie) {
                    *to = *from;
                }
                said(observer, "x.dat", &copy);
            }
        }
    }
}

/// The beginning of a file, and its end, laid over its middle: tables that stand in one another.
#[test]
fn parts_laid_over_one_another_end_soon() {
    for Row { id, whole, .. } in ROWS {
        let observer = observer(id);
        let bytes = build(whole).unwrap();
        let half = bytes.len() / 2;
        for (from, to) in [(0, half), (half, 0), (0, bytes.len() / 4), (bytes.len() / 4, half), (64, 96), (0, 64)] {
            for len in [16, 64, bytes.len() / 4] {
                let mut copy = bytes.clone();
                let part: Vec<u8> = bytes.iter().skip(from).take(len).copied().collect();
                for (to, from) in copy.iter_mut().skip(to).zip(&part) {
                    *to = *from;
                }
                said(observer, "x.dat", &copy);
            }
        }
    }
}

/// Formats whose files say how long they and their parts are: what is cut off shows. Of text, the end is where it ends.
const MEASURED: &[&str] = &[
    "android-xml",
    "apk-signature",
    "certificate",
    "coff",
    "dex",
    "dotnet",
    "elf",
    "java-class",
    "mach-o",
    "msi",
    "pe",
    "pkcs7",
    "rpm-database",
    "rpm-header",
    "wasm",
];
/// No fixture is longer than this but a few, whose copies are made in larger steps.
const SMALL: usize = 4096;

/// Every fixture of every format.
fn fixtures() -> Vec<(&'static Observer, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/inspect");
    let all = OBSERVERS.iter().flat_map(|observer| {
        let inputs = interdict_testkit::inputs(&folder.join(observer.id));
        inputs.into_iter().map(move |bytes| (observer, bytes))
    });
    all.collect()
}

#[test]
fn every_format_ends_soon_however_it_is_cut_lied_to_or_laid_over_itself() {
    let fixtures = fixtures();
    for observer in OBSERVERS {
        assert!(fixtures.iter().any(|(of, _)| of.id == observer.id), "{}: no fixture", observer.id);
    }
    for (observer, bytes) in fixtures {
        let whole = said(observer, "x.dat", &bytes);
        let is_accepted = (observer.accepts)(&Head { bytes: &bytes, name: "x.dat" });
        for cut in 0..CUTS {
            let part = &bytes[..bytes.len() * cut / CUTS];
            let after = said(observer, "x.dat", part);
            let lost = facts(&whole).difference(&facts(&after)).count();
            if lost > 0 && is_accepted && MEASURED.contains(&observer.id) && !admits(&whole) && !admits(&after) {
                assert!(
                    any_admits(part),
                    "{} cut at {cut}/{CUTS} loses {lost} facts in silence:\n{after}",
                    observer.id
                );
            }
        }
        let step = bytes.len() / SMALL + 1;
        for at in (0..bytes.len().min(SMALL)).step_by(4 * step) {
            for lie in [&[0xff; 4][..], &[0xff, 0xff, 0xff, 0x7f], &[0, 0, 0, 0x80]] {
                let mut copy = bytes.clone();
                copy.iter_mut().skip(at).zip(lie).for_each(|(to, from)| *to = *from);
                said(observer, "x.dat", &copy);
            }
        }
        for (from, to) in [(0, bytes.len() / 2), (bytes.len() / 2, 0), (bytes.len() / 4, 16)] {
            let mut copy = bytes.clone();
            let part: Vec<u8> = bytes.iter().skip(from).take(bytes.len() / 4).copied().collect();
            copy.iter_mut().skip(to).zip(&part).for_each(|(to, from)| *to = *from);
            said(observer, "x.dat", &copy);
        }
    }
}
