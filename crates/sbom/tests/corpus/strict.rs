//! The strict second readers against ours, on every document of the shared corpus that they can read.
use crate::files::{Heard, manifest};
use cyclonedx_bom::prelude::{Bom, Components};
use interdict_sbom::strict;

fn nested(components: Option<&Components>) -> u64 {
    components.map_or(0, |list| list.0.iter().map(|one| 1 + nested(one.components.as_ref())).sum())
}

#[test]
fn cyclonedx_bom_counts_as_we_do() {
    let mut compared = 0;
    for row in manifest().iter().filter(|row| row.format == "cdx-json") {
        let (document, bytes) = (Heard::of("cyclonedx-json", row).document, row.bytes());
        let Ok(bom) = Bom::parse_from_json(&*bytes) else { continue };
        compared += 1;
        assert_eq!(nested(bom.components.as_ref()), document.counts.components, "{}", row.shown);
        assert!(strict("cyclonedx-json", &bytes).is_some(), "{}", row.shown);
    }
    assert!(compared == 0 || compared > 90, "{compared} documents compared");
}

#[test]
fn spdx_rs_counts_as_we_do() {
    let mut compared = 0;
    for row in manifest().iter().filter(|row| row.format == "spdx-json") {
        let (document, bytes) = (Heard::of("spdx-json", row).document, row.bytes());
        let Ok(theirs) = serde_json::from_slice::<spdx_rs::models::SPDX>(&bytes) else { continue };
        compared += 1;
        let counts = [theirs.package_information.len(), theirs.file_information.len(), theirs.relationships.len()];
        let ours = [document.counts.components, document.counts.files, document.counts.relationships];
        assert_eq!(counts.map(|count| count as u64), ours, "{}", row.shown);
        assert_eq!(strict("spdx-json", &bytes).filter(|told| !told.is_empty()), None, "{}", row.shown);
    }
    assert!(compared == 0 || compared > 20, "{compared} documents compared");
}
