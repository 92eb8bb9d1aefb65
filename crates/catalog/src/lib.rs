//! The built-in data: entities, rules, regimes and profiles, compiled and self-tested when the crate is built.
use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::DeflateDecoder;
use interdict_model::Profile;
use interdict_policy::Regimes;
use interdict_rules::Pack;

/// The built-in pack.
pub fn pack() -> &'static Pack {
    static PACK: LazyLock<Pack> = LazyLock::new(|| {
        let contents = stored(include_bytes!(concat!(env!("OUT_DIR"), "/pack.bin")));
        Pack::from_contents(postcard::from_bytes(&contents).unwrap_or_default())
    });
    &PACK
}

/// The built-in law.
pub fn regimes() -> &'static Regimes {
    static REGIMES: LazyLock<Regimes> = LazyLock::new(|| {
        let contents = stored(include_bytes!(concat!(env!("OUT_DIR"), "/regimes.bin")));
        postcard::from_bytes(&contents).unwrap_or_default()
    });
    &REGIMES
}

/// For whom a report may judge, by name.
pub fn profiles() -> &'static [Profile] {
    static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
        let contents = stored(include_bytes!(concat!(env!("OUT_DIR"), "/profiles.bin")));
        postcard::from_bytes(&contents).unwrap_or_default()
    });
    &PROFILES
}

fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // The bytes are our own: a fault here is caught by the test below, in every build.
    let _ = DeflateDecoder::new(bytes).read_to_end(&mut out);
    out
}

#[cfg(test)]
mod tests {
    /// A version alone is a fact of every component: were one kept for each, memory would grow with the document.
    #[test]
    fn versions_wait_for_names() {
        use interdict_model::FactKind;
        assert!(super::pack().waits(FactKind::Version));
        for kind in [FactKind::Name, FactKind::Purl, FactKind::Cpe, FactKind::Supplier] {
            assert!(!super::pack().waits(kind), "{kind:?}");
            assert!(!super::pack().may_meet(kind, "zq", true), "{kind:?}");
        }
    }

    #[test]
    fn what_was_stored_is_there() {
        assert!(super::pack().contents().rules.len() >= 80);
        assert!(super::regimes().all().len() >= 4);
        assert!(super::profiles().iter().any(|profile| profile.name == "us-vendor"));
        assert!(super::pack().contents().entities.iter().all(|entity| super::pack().entity(&entity.id).is_some()));
    }
}
