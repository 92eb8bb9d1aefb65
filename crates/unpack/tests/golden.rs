//! Every unpacker against its fixture folder.
use interdict_testkit::{golden, members};
use interdict_unpack::UNPACKERS;

#[test]
fn fixtures() {
    let ids: Vec<&str> = UNPACKERS.iter().map(|unpacker| unpacker.id).collect();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/unpack");
    golden(&folder, &ids, &|id, name, bytes| {
        let unpacker = UNPACKERS.iter().find(|unpacker| unpacker.id == id).unwrap();
        members(unpacker, name, bytes)
    });
}
