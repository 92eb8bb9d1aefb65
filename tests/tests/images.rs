//! Images of containers: what is shipped in a layer of a container image and deleted by a later one: found, and said to be there.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests write their inputs")]

use std::path::Path;

use interdict_model::Digest;
use interdict_tests::{gzip, interdict, report, workspace};

/// A tar archive of these members.
fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    interdict_tests::tar(members.iter().copied())
}

fn image(top: &[(&str, &[u8])]) -> Vec<u8> {
    let library = std::fs::read(workspace().join("fixtures/demo/northwind-mail-gateway/lib/libnmgscan.so.4")).unwrap();
    let base = tar(&[("opt/nmg/libnmgscan.so.4", &library), ("opt/nmg/readme", b"text\n")]);
    let manifest = br#"[{"Config":"c.json","RepoTags":["example/nmg:1"],"Layers":["a/layer.tar","b/layer.tar"]}]"#;
    tar(&[("a/layer.tar", &base), ("b/layer.tar", &tar(top)), ("c.json", b"{}"), ("manifest.json", manifest)])
}

#[test]
fn a_mark_that_something_is_gone_is_not_that_thing() {
    let home = tempfile::tempdir().unwrap();
    let [base, gone] = [("etc/readme", b"text\n".as_slice()), ("opt/kaspersky/ScanEngine/bin/.wh.kavhttpd", b"")]
        .map(|one| tar(&[one]));
    let manifest = br#"[{"Config":"c.json","RepoTags":["example/clean:1"],"Layers":["a/layer.tar","b/layer.tar"]}]"#;
    let image = tar(&[("a/layer.tar", &base), ("b/layer.tar", &gone), ("c.json", b"{}"), ("manifest.json", manifest)]);
    std::fs::write(home.path().join("image.tar"), image).unwrap();
    let (told, status) = report(home.path(), &["image.tar"]);
    let relations: Vec<_> =
        told["findings"].as_array().unwrap().iter().map(|one| one["relation"].as_str().unwrap()).collect();
    assert!(status == 0 && relations.iter().all(|relation| *relation == "mentions"), "{status} {relations:?}");
}

#[test]
fn what_a_later_layer_deletes_is_still_shipped() {
    let home = tempfile::tempdir().unwrap();
    let place = "image.tar!/a/layer.tar!/opt/nmg/libnmgscan.so.4";
    for (top, is_hidden) in [
        (("opt/nmg/.wh.libnmgscan.so.4", b"".as_slice()), true),
        (("opt/.wh.nmg", b"".as_slice()), true),
        (("opt/nmg/.wh..wh..opq", b"".as_slice()), true),
        (("opt/nmg/libnmgscan.so.4", b"another\n".as_slice()), true),
        (("opt/nmg/.wh.readme", b"".as_slice()), false),
    ] {
        std::fs::write(home.path().join("image.tar"), image(&[top])).unwrap();
        let (told, status) = report(home.path(), &["image.tar"]);
        assert_eq!(status, 1, "{top:?}");
        assert!(told["findings"].as_array().unwrap().iter().any(|finding| finding["on"] == place), "{top:?}");
        let anomalies = told["anomalies"].as_array().unwrap();
        let hidden: Vec<_> = anomalies.iter().filter(|one| one["kind"] == "lower-layer-only").collect();
        assert_eq!(hidden.iter().any(|one| one["on"] == place), is_hidden, "{top:?}: {anomalies:?}");
        assert_eq!(hidden.len(), usize::from(is_hidden), "only what was found is told");
        let shown = interdict(home.path(), &["scan", "image.tar"]);
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert_eq!(shown.contains("lower layer only"), is_hidden, "{shown}");
    }
}

/// Files by their names.
type Layer<'l> = &'l [(&'l str, &'l [u8])];

/// An OCI layout of these platforms, each of a base with the library and of a layer above it, in files by their paths.
fn layout(tops: &[(&str, Layer<'_>)]) -> Vec<(String, Vec<u8>)> {
    let library = std::fs::read(workspace().join("fixtures/demo/northwind-mail-gateway/lib/libnmgscan.so.4")).unwrap();
    let base = gzip(&tar(&[("opt/nmg/libnmgscan.so.4", &library), ("opt/nmg/readme", b"text\n")]));
    let mut files = vec![("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec())];
    let mut blob = |bytes: Vec<u8>, rest: &str| {
        let digest = Digest::of(&bytes);
        let descriptor = format!(r#"{{"digest":"{digest}","size":{}{rest}}}"#, bytes.len());
        files.push((format!("blobs/sha256/{}", digest.hex()), bytes));
        descriptor
    };
    let manifests: Vec<String> = tops
        .iter()
        .map(|(platform, top)| {
            let config = blob(format!(r#"{{"architecture":"{platform}","rootfs":{{}}}}"#).into_bytes(), "");
            let layers = [blob(base.clone(), ""), blob(gzip(&tar(top)), "")].join(",");
            let manifest = format!(r#"{{"schemaVersion":2,"config":{config},"layers":[{layers}]}}"#);
            blob(manifest.into_bytes(), &format!(r#","platform":{{"os":"linux","architecture":"{platform}"}}"#))
        })
        .collect();
    let index = format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, manifests.join(","));
    files.push(("index.json".to_owned(), index.into_bytes()));
    files
}

fn write(folder: &Path, files: &[(String, Vec<u8>)]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// What is said of places that begin so, without that beginning: the same of a folder as of an archive.
fn said(told: &serde_json::Value, of: &str) -> Vec<String> {
    let one = |list: &str, kind: &str| -> Vec<String> {
        let all = told[list].as_array().unwrap().iter().filter(|one| one["on"].as_str().unwrap().starts_with(of));
        let line = |one: &serde_json::Value| {
            let on = one["on"].as_str().unwrap().strip_prefix(of).unwrap().trim_start_matches(['!', '/']);
            format!("{on} {} {}", one[kind].as_str().unwrap(), one["detail"].as_str().unwrap_or_default())
        };
        all.map(line).map(|line| line.replace("archive", "folder")).collect()
    };
    [one("findings", "entity"), one("anomalies", "kind"), one("gaps", "reason")].concat()
}

#[test]
fn a_layout_in_a_folder_is_read_as_one_in_an_archive() {
    let home = tempfile::tempdir().unwrap();
    let gone: Layer<'_> = &[("opt/nmg/.wh.libnmgscan.so.4", b"")];
    let kept: Layer<'_> = &[("etc/motd", b"hello\n")];
    let whole = layout(&[("amd64", gone)]);
    let two = layout(&[("amd64", gone), ("arm64", kept)]);
    let without: Vec<_> = whole.iter().filter(|(_, bytes)| *bytes != gzip(&tar(gone))).cloned().collect();
    let mut differing = whole.clone();
    differing.iter_mut().find(|(_, bytes)| bytes.starts_with(br#"{"architecture"#)).unwrap().1 = b"{ }".to_vec();
    let beside = [whole.clone(), vec![("blobs/sha256/00".to_owned(), b"text\n".to_vec())]].concat();
    for (case, files, kind) in [
        ("whole", whole, "lower-layer-only deleted by layer 2 of 2"),
        ("two", two, "kaspersky"),
        ("without", without, "missing layer 2 of 2"),
        ("differing", differing, "digest-differs"),
        ("beside", beside, "unreferenced-blob"),
    ] {
        let folder = format!("{case}/deep/in/it");
        write(&home.path().join(&folder), &files);
        let members: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        std::fs::write(home.path().join(format!("{case}.tar")), tar(&members)).unwrap();
        let (of_archive, status) = report(home.path(), &[&format!("{case}.tar")]);
        let archive = said(&of_archive, &format!("{case}.tar"));
        assert!(archive.iter().any(|line| line.contains(kind)), "{case}: {archive:#?}");
        assert_eq!(
            archive.iter().any(|line| line.contains("lower-layer-only")),
            matches!(case, "whole" | "differing" | "beside")
        );
        // The folder itself, and one that it lies in.
        for (target, of) in [(folder.as_str(), folder.as_str()), (case, folder.as_str())] {
            let (told, its) = report(home.path(), &[target]);
            assert_eq!((said(&told, of), its), (archive.clone(), status), "{target}");
            let with = |threads| report(home.path(), &[target, "--as-of", "2026-01-01", "--threads", threads]).0;
            assert!(with("1") == with("4"), "{target}");
        }
    }
}

#[cfg(unix)]
#[test]
fn an_unpacked_archive_of_docker_is_an_image_too() {
    let home = tempfile::tempdir().unwrap();
    let place = "image/a/layer.tar!/opt/nmg/libnmgscan.so.4";
    let library = std::fs::read(workspace().join("fixtures/demo/northwind-mail-gateway/lib/libnmgscan.so.4")).unwrap();
    let base = tar(&[("opt/nmg/libnmgscan.so.4", &library)]);
    let manifest =
        br#"[{"Config":"c.json","RepoTags":["example/nmg:1"],"Layers":["x/layer.tar","b/layer.tar","no/layer.tar"]}]"#;
    let files = [
        ("a/layer.tar", base),
        ("b/layer.tar", tar(&[("opt/nmg/.wh.libnmgscan.so.4", b"")])),
        ("c.json", b"{}".to_vec()),
        ("manifest.json", manifest.to_vec()),
    ];
    write(&home.path().join("image"), &files.map(|(name, bytes)| (name.to_owned(), bytes)));
    std::fs::create_dir(home.path().join("image/x")).unwrap();
    std::os::unix::fs::symlink("../a/layer.tar", home.path().join("image/x/layer.tar")).unwrap();
    let (told, status) = report(home.path(), &["image"]);
    assert_eq!(status, 1);
    let said = said(&told, "");
    assert!(
        said.iter().any(|line| line.starts_with(&format!("{place} lower-layer-only deleted by layer 2 of 3"))),
        "{said:#?}"
    );
    assert!(
        said.iter().any(|line| line.starts_with("image/no/layer.tar missing layer 3 of 3 of `example/nmg:1`")),
        "{said:#?}"
    );
}
