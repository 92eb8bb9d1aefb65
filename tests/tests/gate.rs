//! What a pipeline relies on: the exit status, the same bytes at any thread count, and gaps that are never clear.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fs;
use std::io::Write as _;
use std::path::Path;

use interdict_tests::{FORMATS, goal, interdict, report, status};

const DECLARES: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"type":"application",
"bom-ref":"root","name":"mail-gateway","version":"4.2"}},"components":[{"type":"library","bom-ref":"filter",
"name":"content-filter","version":"1.0"},{"type":"library","bom-ref":"sdk","name":"Kaspersky Anti-Virus SDK",
"version":"8.9","supplier":{"name":"AO Kaspersky Lab"}}],"dependencies":[{"ref":"root","dependsOn":["filter"]},
{"ref":"filter","dependsOn":["sdk"]}]}"#;
const CLEAN: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"zlib",
"version":"1.3","purl":"pkg:generic/zlib@1.3","supplier":{"name":"zlib project"}}]}"#;

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// Finding, gap, error and flag, in all combinations.
fn combined(at: &Path) -> usize {
    let mut combinations = 0;
    for index in 0..40 {
        let (flagged, gap, gone, flag) = (index & 1 == 1, index & 2 == 2, index & 4 == 4, index >> 3);
        let mut arguments = vec!["scan", "clean.json"];
        arguments.extend(
            [(flagged, "declares.json"), (gap, "cut.json"), (gone, "gone.json")]
                .iter()
                .filter(|one| one.0)
                .map(|one| one.1),
        );
        let (flags, closes): (&[&str], bool) = match flag {
            0 => (&["--threads", "1"], false),
            1 => (&["--accept-gaps", "cut.*"], true),
            2 => (&["--allow-incomplete"], true),
            3 => (&["--profile", "us-vendor"], false),
            _ => (&["--isolation", "none"], false),
        };
        arguments.extend(flags);
        let want = match (flagged, gone, gap && !closes) {
            (true, ..) => 1,
            (_, true, _) => 4,
            (_, _, true) => 3,
            _ => 0,
        };
        assert_eq!(status(at, &arguments), want, "{arguments:?}");
        combinations += 1;
    }
    combinations
}

#[test]
fn exit_statuses_are_disjoint() {
    let cut = &DECLARES.as_bytes()[..120];
    let files = folder(&[
        ("declares.json", DECLARES.as_bytes()),
        ("clean.json", CLEAN.as_bytes()),
        ("cut.json", cut),
        ("empty.json", b""),
        ("list.json", b"[]"),
        ("login.html", b"<!doctype html><title>Sign in</title>"),
        ("pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
        ("bad-pack.toml", b"[[rule]]\nid = 1\n"),
    ]);
    fs::create_dir(files.path().join("nothing")).unwrap();
    let at = files.path();
    for (arguments, want) in [
        (vec!["scan", "clean.json"], 0),
        (vec!["scan", "declares.json"], 1),
        (vec!["scan", "declares.json", "--profile", "us-vendor"], 1),
        (vec!["scan", "declares.json", "clean.json", "gone.json"], 1),
        (vec!["scan"], 2),
        (vec!["scan", "clean.json", "--profile", "nobody"], 2),
        (vec!["scan", "clean.json", "--as-of", "soon"], 2),
        (vec!["scan", "clean.json", "-o", "papyrus"], 2),
        (vec!["scan", "clean.json", "--threads", "0"], 2),
        (vec!["scan", "clean.json", "-o", "json=clean.json"], 2),
        (vec!["nonsense"], 2),
        (vec!["scan", "cut.json"], 3),
        (vec!["scan", "empty.json"], 3),
        (vec!["scan", "list.json"], 3),
        (vec!["scan", "login.html"], 3),
        (vec!["scan", "pointer"], 3),
        (vec!["scan", "nothing"], 3),
        (vec!["scan", "clean.json", "cut.json"], 3),
        (vec!["scan", "clean.json", "cut.json", "--accept-gaps", "cut.*"], 0),
        (vec!["scan", "gone.json"], 4),
        (vec!["scan", "clean.json", "gone.json"], 4),
        (vec!["scan", "clean.json", "--pack", "bad-pack.toml"], 5),
        (vec!["scan", "clean.json", "--pack", "gone.toml"], 5),
        (vec!["--help"], 0),
        (vec!["--version"], 0),
        (vec!["catalog", "list"], 0),
        (vec!["regimes"], 0),
    ] {
        assert_eq!(status(at, &arguments), want, "{arguments:?}");
    }
    let combinations = 27 + combined(at);
    goal("G1", &format!("{combinations} combinations of finding, gap, flag and error, each with its status"), true);
}

#[test]
fn a_full_disk_is_no_answer() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let files = folder(&[("clean.json", CLEAN.as_bytes()), ("old.json", b"{}")]);
    assert_eq!(status(files.path(), &["scan", "clean.json", "-o", "json=/dev/full"]), 74);
    assert_eq!(status(files.path(), &["scan", "clean.json", "-o", "json=gone/new.json"]), 74);
    // An old report is not taken for a new one.
    assert_eq!(status(files.path(), &["scan", "gone.json", "--profile", "us-vendor", "-o", "json=old.json"]), 4);
    assert!(fs::read_to_string(files.path().join("old.json")).unwrap().contains("interdict.report/1"));
}

#[test]
fn the_same_bytes_at_any_thread_count() {
    let mut files = vec![("declares.json".to_owned(), DECLARES.as_bytes().to_vec())];
    for index in 0..60 {
        files.push((format!("d{index}/clean{index}.json"), CLEAN.as_bytes().to_vec()));
        files.push((format!("d{index}/cut.json"), DECLARES.as_bytes()[..50 + index * 5].to_vec()));
    }
    let borrowed: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let folder = folder(&borrowed);
    let run = |threads: &str| {
        interdict(folder.path(), &["scan", ".", "-o", "json", "--as-of", "2026-01-01", "--threads", threads]).stdout
    };
    let one = run("1");
    assert!(one.len() > 1000);
    let (mut runs, mut formats) = (1, 0);
    for threads in ["1", "2", "3", "8", "64"] {
        for _ in 0..2 {
            assert_eq!(one, run(threads), "{threads}");
            runs += 1;
        }
    }
    for format in FORMATS.into_iter().filter(|format| *format != "json") {
        let written = |threads: &str| {
            let output =
                interdict(folder.path(), &["scan", ".", "-o", format, "--as-of", "2026-01-01", "--threads", threads]);
            (output.stdout, output.status.code())
        };
        let one = written("1");
        assert_ne!(one.1, Some(2), "`{format}` is known");
        assert!(!one.0.is_empty(), "{format}");
        assert_eq!(one, written("64"), "{format}");
        (runs, formats) = (runs + 2, formats + 1);
    }
    goal(
        "D1",
        &format!("{runs} runs on 1, 2, 3, 8 and 64 threads, JSON and {formats} other formats: the same bytes"),
        formats >= 10,
    );
}

#[test]
fn a_large_document_says_the_same_on_one_thread_and_on_two() {
    let many: Vec<String> = (0..20_000)
        .map(|n| format!(r#"{{"type":"library","bom-ref":"c{n}","name":"part-{n}","version":"1.{n}"}}"#))
        .collect();
    let more = format!("\"components\": [{},", many.join(","));
    let large = DECLARES.replacen("\"components\": [", &more, 1).replacen("\"components\":[", &more, 1);
    assert!(large.len() > 1 << 20);
    let files = folder(&[("large.json", large.as_bytes())]);
    let run = |threads: &str| {
        interdict(files.path(), &["scan", "large.json", "-o", "json", "--as-of", "2026-01-01", "--threads", threads])
            .stdout
    };
    let one = run("1");
    assert!(String::from_utf8_lossy(&one).contains("av-sdk"));
    assert_eq!(one, run("2"));
}

#[test]
fn cutting_a_flagged_document_never_clears_it() {
    let folder = tempfile::tempdir().unwrap();
    for length in (0..DECLARES.len()).step_by(7) {
        fs::write(folder.path().join("cut.json"), &DECLARES.as_bytes()[..length]).unwrap();
        assert_ne!(status(folder.path(), &["scan", "cut.json"]), 0, "cut after {length} bytes");
    }
}

#[test]
fn a_declared_component_is_found_with_its_way_in() {
    let files = folder(&[("declares.json", DECLARES.as_bytes())]);
    let (report, status) = report(files.path(), &["declares.json", "--profile", "us-vendor", "--as-of", "2026-01-01"]);
    assert_eq!((status, report["outcome"].as_str()), (1, Some("prohibited")));
    let finding = &report["findings"][0];
    assert_eq!(finding["entity"], "kaspersky/av-sdk");
    assert_eq!(finding["product"]["name"], "mail-gateway");
    let path: Vec<_> = finding["path"].as_array().unwrap().iter().map(|step| step["name"].as_str().unwrap()).collect();
    assert_eq!(path, ["mail-gateway 4.2", "content-filter 1.0", "Kaspersky Anti-Virus SDK 8.9"]);
    assert_eq!(report["inputs"][0]["counts"]["components"], 2);
}

#[cfg(unix)]
/// What Git keeps beside a working tree is told, and closes no gate; a file that only lies there is looked at as any other.
#[test]
fn a_working_tree_has_its_history_beside_it() {
    let digits = "23456789abcdef0123456789abcdef01234567";
    let mut state = 1_u64;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    });
    let blob = [b"blob 9000\0".to_vec(), noise.take(9000).collect()].concat();
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(&blob).unwrap();
    let object = encoder.finish().unwrap();
    let place = format!("tree/.git/objects/01/{digits}");
    let at = folder(&[("tree/clean.json", CLEAN.as_bytes()), (&place, &object)]);
    let (said, clear) = report(at.path(), &["tree"]);
    assert_eq!(
        (clear, said["gaps"][0]["seems"].as_str(), said["gaps"][0]["material"].as_bool()),
        (0, Some("git-object"), Some(false))
    );
    // The same bytes under another name, and another thing under this one.
    let at = folder(&[("tree/clean.json", CLEAN.as_bytes()), ("tree/.git/objects/01/other", &object)]);
    assert_eq!(status(at.path(), &["scan", "tree"]), 3);
    let at = folder(&[("tree/clean.json", CLEAN.as_bytes()), (&place, DECLARES.as_bytes())]);
    assert_eq!(status(at.path(), &["scan", "tree"]), 1);
}

#[test]
fn links_that_loop_or_leave_are_said_and_not_followed() {
    let files = folder(&[("tree/clean.json", CLEAN.as_bytes()), ("outside.json", DECLARES.as_bytes())]);
    let link =
        |target: &str, name: &str| std::os::unix::fs::symlink(target, files.path().join("tree").join(name)).unwrap();
    link(".", "loop");
    link("itself", "itself");
    link("../outside.json", "leaves");
    link("clean.json", "inside");
    let (report, status) = report(files.path(), &["tree"]);
    assert_eq!(report["coverage"]["artifacts"], 1);
    let gaps: Vec<_> = report["gaps"].as_array().unwrap().iter().map(|gap| gap["on"].as_str().unwrap()).collect();
    assert_eq!(gaps, ["tree/itself", "tree/leaves"]);
    // A tree is delivered without what it leads to.
    assert!(report["gaps"].as_array().unwrap().iter().all(|gap| gap["material"] == false));
    assert!(report["findings"].as_array().unwrap().is_empty());
    assert_eq!(status, 0);
}
