//! Every container in every container (goal F4): what lies two deep is found.
use interdict_tests::canary::files;
use interdict_tests::{BOXES, PerFile, Wrapper, goal, needle, put, report};

fn boxes() -> Vec<(&'static str, &'static str, Wrapper)> {
    files::WRAPPERS.iter().chain(BOXES).copied().collect()
}

#[test]
fn every_container_in_every_container() {
    let (boxes, canary) = (boxes(), needle());
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    let mut add = |name: String, bytes: &[u8]| {
        put(folder.path(), &name, bytes);
        names.push(name);
    };
    for (outer, outer_file, wrap_outer) in &boxes {
        add(format!("one/{outer}/{outer_file}"), &wrap_outer("libscan.so", &canary));
        for (inner, inner_file, wrap_inner) in &boxes {
            let bytes = wrap_outer(inner_file, &wrap_inner("libscan.so", &canary));
            add(format!("two/{outer}/{inner}/{outer_file}"), &bytes);
        }
    }
    let (report, status) = report(folder.path(), &["one", "two", "--as-of", "2026-01-01"]);
    let seen = PerFile::of(&report);
    let (found, others): (Vec<_>, Vec<_>) = names.iter().partition(|name| seen.is_flagged(name));
    let (told, clear): (Vec<_>, Vec<_>) = others.into_iter().partition(|name| seen.gaps.contains(*name));
    for name in &clear {
        println!("  clear: {name}");
    }
    for name in &told {
        println!("  a gap and not found: {name}");
    }
    let figure = format!(
        "{0} × {0} boxes: {1} of {2} found, {3} not found and told of, {4} clear",
        boxes.len(),
        found.len(),
        names.len(),
        told.len(),
        clear.len()
    );
    let is_met = boxes.len() >= 20 && told.is_empty() && clear.is_empty() && status == 1;
    goal("F4", &figure, is_met);
}
