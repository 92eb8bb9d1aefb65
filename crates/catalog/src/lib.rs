//! The built-in data: entities, rules, regimes and profiles, compiled and self-tested when the crate is built.
mod knowledge;
mod veil;

use std::sync::LazyLock;

use interdict_model::Profile;
use interdict_policy::{Profiles, Regimes};
use interdict_rules::Pack;

pub use knowledge::{Further, Knowledge, further};

/// The built-in pack.
pub fn pack() -> &'static Pack {
    static PACK: LazyLock<Pack> = LazyLock::new(|| {
        let contents = veil::veiled(include_bytes!(concat!(env!("OUT_DIR"), "/pack.bin")));
        Pack::from_contents(postcard::from_bytes(&contents).unwrap_or_default())
    });
    &PACK
}

/// The built-in law.
pub fn regimes() -> &'static Regimes {
    static REGIMES: LazyLock<Regimes> = LazyLock::new(|| {
        let contents = veil::veiled(include_bytes!(concat!(env!("OUT_DIR"), "/regimes.bin")));
        postcard::from_bytes(&contents).unwrap_or_default()
    });
    &REGIMES
}

/// For whom a report may judge, by name.
pub fn profiles() -> &'static [Profile] {
    known_profiles().all()
}

/// The same, as the compiler of packs wants them.
pub(crate) fn known_profiles() -> &'static Profiles {
    static PROFILES: LazyLock<Profiles> = LazyLock::new(|| {
        let contents = veil::veiled(include_bytes!(concat!(env!("OUT_DIR"), "/profiles.bin")));
        postcard::from_bytes(&contents).unwrap_or_default()
    });
    &PROFILES
}

#[cfg(test)]
mod tests {
    /// Every further pack is there, off by default, with law of its own on makers that it defines.
    #[test]
    fn further_packs_are_whole() {
        let names: Vec<_> = super::further().iter().map(|pack| pack.name.as_str()).collect();
        assert_eq!(
            names,
            ["bytedance", "fascsa-acronis", "fcc-covered-list", "ndaa-5949", "ndaa-889", "positive-technologies"]
        );
        for further in super::further() {
            let known = further.knowledge();
            assert!(!known.regimes.all().is_empty() && !known.pack.contents().rules.is_empty(), "{}", further.name);
            let with = super::Knowledge::built_in().with(known);
            for regime in with.regimes.all() {
                let is_known = |id: &interdict_model::OrganisationId| {
                    with.pack.contents().organisations.iter().any(|known| known.id == *id)
                };
                assert!(regime.made_by.iter().all(is_known), "{}", regime.id);
                assert!(with.profiles.get(&regime.profile).is_some(), "{}", regime.id);
            }
            let again = super::Knowledge::compile("again.toml", &further.text, &super::Knowledge::built_in());
            assert_eq!(again.unwrap().pack.ids(), further.knowledge().pack.ids());
        }
    }

    #[test]
    fn nothing_in_the_built_in_pack_is_dead() {
        let none = interdict_rules::Pack::default();
        assert_eq!(interdict_rules::lint(super::pack(), &none), Vec::<String>::new());
    }

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

    /// One short needle too many would make every scan slower by a fifth, and nothing would say so.
    #[test]
    fn needles_are_sampled() {
        assert!(super::pack().needles().are_sampled());
    }

    #[test]
    fn what_was_stored_is_there() {
        assert!(super::pack().contents().rules.len() >= 80);
        assert!(super::regimes().all().len() >= 4);
        assert!(super::profiles().iter().any(|profile| profile.name == "us-vendor"));
        assert!(super::pack().contents().entities.iter().all(|entity| super::pack().entity(&entity.id).is_some()));
    }
}
