//! Every fixture of a document format, line by line.
use std::path::Path;

use interdict_model::Needles;
use interdict_sbom::OBSERVERS;

#[test]
fn fixtures_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sbom");
    let ids: Vec<&str> = OBSERVERS.iter().map(|observer| observer.id).collect();
    interdict_testkit::golden(&folder, &ids, &|id, name, bytes| {
        let observer = OBSERVERS.iter().find(|observer| observer.id == id);
        observer
            .map_or_else(String::new, |observer| interdict_testkit::lines(observer, name, bytes, &Needles::default()))
    });
}
