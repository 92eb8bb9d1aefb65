//! Images of containers: what is shipped in a layer of a container image and deleted by a later one: found, and said to be there.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests write their inputs"
)]

use interdict_tests::{interdict, report, workspace};

/// A tar archive of these members.
fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, bytes) in members {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        header[148..156].copy_from_slice(b"        ");
        header[156] = b'0';
        header[257..263].copy_from_slice(b"ustar\0");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend(header);
        archive.extend(*bytes);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

fn image(top: &[(&str, &[u8])]) -> Vec<u8> {
    let library = std::fs::read(workspace().join("fixtures/demo/northwind-mail-gateway/lib/libnmgscan.so.4")).unwrap();
    let base = tar(&[("opt/nmg/libnmgscan.so.4", &library), ("opt/nmg/readme", b"text\n")]);
    let manifest = br#"[{"Config":"c.json","RepoTags":["example/nmg:1"],"Layers":["a/layer.tar","b/layer.tar"]}]"#;
    tar(&[("a/layer.tar", &base), ("b/layer.tar", &tar(top)), ("c.json", b"{}"), ("manifest.json", manifest)])
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
