//! Every unpacker against its fixture folder, and against damage.
use interdict_testkit::{golden, members, mutate};
use interdict_unpack::UNPACKERS;

#[test]
fn fixtures() {
    let ids: Vec<&str> = UNPACKERS.iter().map(|unpacker| unpacker.id).collect();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/unpack");
    golden(&folder, &ids, &|id, name, bytes| {
        let unpacker = UNPACKERS.iter().find(|unpacker| unpacker.id == id).unwrap();
        let told = members(unpacker, name, bytes);
        // Damage may change what is offered; it may not bring the reader down.
        let is_bomb = told.contains(" 2097152 bytes");
        if !is_bomb {
            mutate(0x1d, bytes, 300, &mut |damaged| drop(members(unpacker, name, damaged)));
        }
        told
    });
}
