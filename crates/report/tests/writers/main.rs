//! Every writer over every sample report, held against what stands in `fixtures/report/<writer>/<case>/`.
#![expect(
    clippy::disallowed_methods,
    reason = "tests read fixtures, and rewrite them where INTERDICT_BLESS=1 asks for it"
)]
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on stops")]
mod amended;
mod carried;
mod explained;
mod formats;
mod inertness;
mod junit;
mod kept;
mod retold;
mod sample;
mod schemas;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use interdict_model::Report;
use interdict_report::{Look, WRITERS, Writer};
use sample::CASES;

/// A file or folder of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

pub(crate) fn written(writer: &Writer, report: &Report, look: &Look) -> String {
    let mut out = Vec::new();
    (writer.write)(report, look, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What a fixture holds; `INTERDICT_BLESS=1` writes what came out into it.
pub(crate) fn hold(path: &Path, got: &str) {
    if std::env::var_os("INTERDICT_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, got).unwrap();
    }
    let want = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if got != want {
        let line = got.lines().zip(want.lines()).position(|(got, want)| got != want);
        let line = line.unwrap_or_else(|| got.lines().count().min(want.lines().count()));
        let [got, want] = [got, &want].map(|text| text.lines().nth(line).unwrap_or("(end)").to_owned());
        panic!("{}:{}\n  got  {got}\n  want {want}\nINTERDICT_BLESS=1 rewrites", path.display(), line + 1);
    }
}

/// The input of a case is the report as the `json` writer writes it; it is read back before it is written again.
pub(crate) fn input(case: &str, build: fn() -> Report) -> Report {
    let json = WRITERS.iter().find(|writer| writer.id == "json").unwrap();
    let path = repository(&format!("fixtures/report/json/{case}/expected.txt"));
    hold(&path, &written(json, &build(), &Look::default()));
    let report: Report = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(report, build(), "{case} reads back");
    report
}

#[test]
fn golden() {
    for (case, build) in CASES {
        let report = input(case, *build);
        for writer in WRITERS {
            let path = repository(&format!("fixtures/report/{}/{case}/expected.txt", writer.id));
            let got = written(writer, &report, &Look { width: 80, color: false, verbose: 0 });
            assert_eq!(got, written(writer, &report, &Look { width: 80, color: false, verbose: 0 }), "the same twice");
            hold(&path, &got);
        }
    }
}

#[test]
fn one_file_one_line_one_folder() {
    let ids: BTreeSet<String> = WRITERS.iter().map(|writer| writer.id.to_owned()).collect();
    assert_eq!(ids.len(), WRITERS.len(), "no id twice");
    let listed = |path: &str, ext: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(repository(path)).unwrap().map(|entry| entry.unwrap().path());
        let named = entries.filter(|path| path.extension().and_then(|e| e.to_str()).unwrap_or_default() == ext);
        named.map(|path| path.file_stem().unwrap().to_str().unwrap().replace('_', "-")).collect()
    };
    assert_eq!(listed("crates/report/src/formats", "rs"), ids);
    assert_eq!(listed("fixtures/report", ""), ids);
    for id in &ids {
        let cases: BTreeSet<String> = CASES.iter().map(|(case, _)| (*case).to_owned()).collect();
        assert_eq!(listed(&format!("fixtures/report/{id}"), ""), cases, "cases of {id}");
    }
}
