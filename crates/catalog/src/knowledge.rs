//! Rules, law and profiles together: the built-in ones, further packs that are off by default, and a user's own.
use std::sync::LazyLock;

use interdict_policy::{Profiles, Regimes, compile_pack};
use interdict_rules::{Contents, Meta, Pack, SourceFile};
use serde::{Deserialize, Serialize};

/// Everything that a run recognises with and judges by.
#[derive(Debug, Default)]
pub struct Knowledge {
    /// Organisations, entities and rules.
    pub pack: Pack,
    /// The law.
    pub regimes: Regimes,
    /// For whom a report may judge.
    pub profiles: Profiles,
}

impl Knowledge {
    /// What is on by default.
    pub fn built_in() -> Self {
        let pack = Pack::from_contents(crate::pack().contents().clone());
        Self { pack, regimes: crate::regimes().clone(), profiles: crate::known_profiles().clone() }
    }

    /// Compiles a pack of one file; what it refers to may be defined in `base`.
    ///
    /// # Errors
    /// Every fault with its file, line and column.
    pub fn compile(name: &str, text: &str, base: &Self) -> Result<Self, Vec<String>> {
        let shown = |errors: Vec<String>| Err(errors);
        let rules = Pack::compile_onto(&[SourceFile { name, text }], &base.pack);
        let law = compile_pack(name, text, &base.profiles);
        let (pack, (regimes, profiles)) = match (rules, law) {
            (Ok(pack), Ok(law)) => (pack, law),
            (rules, law) => {
                let rules = rules.err().unwrap_or_default().into_iter().map(|error| error.to_string());
                let law = law.err().unwrap_or_default().into_iter().map(|error| error.to_string());
                let mut all: Vec<String> = rules.chain(law).collect();
                all.sort();
                all.dedup();
                return shown(all);
            }
        };
        let known = || pack.contents().organisations.iter().chain(&base.pack.contents().organisations);
        for regime in regimes.all() {
            if let Some(maker) = regime.made_by.iter().find(|id| !known().any(|organisation| organisation.id == **id)) {
                return shown(vec![format!("{name}: `{}` is made for `{maker}`, which is no organisation", regime.id)]);
            }
        }
        let id = pack.ids().into_iter().next().filter(|_| !regimes.all().is_empty());
        let regimes = id.map_or(regimes.clone(), |id| regimes.pinned(id));
        Ok(Self { pack, regimes, profiles })
    }

    /// This and the other, this left as it is.
    #[must_use]
    pub fn clone_with(&self, other: Self) -> Self {
        let pack = Pack::from_contents(self.pack.contents().clone());
        Self { pack, regimes: self.regimes.clone(), profiles: self.profiles.clone() }.with(other)
    }

    /// This and the other; where both define an id, the other's stands.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            pack: self.pack.joined(other.pack),
            regimes: self.regimes.with(other.regimes),
            profiles: self.profiles.with(other.profiles),
        }
    }
}

/// A pack that is here and off by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Further {
    /// By which it is asked for: `fcc-covered-list`.
    pub name: String,
    contents: Contents,
    regimes: Regimes,
    profiles: Profiles,
    /// Its source.
    pub text: String,
}

impl Further {
    /// What it holds.
    pub fn knowledge(&self) -> Knowledge {
        let pack = Pack::from_contents(self.contents.clone());
        Knowledge { pack, regimes: self.regimes.clone(), profiles: self.profiles.clone() }
    }

    /// What it says of itself.
    pub fn metas(&self) -> impl Iterator<Item = &Meta> {
        self.contents.packs.iter().map(|(meta, _)| meta)
    }

    /// What it is for.
    pub fn title(&self) -> &str {
        self.contents.packs.first().map_or("", |(meta, _)| meta.title.as_str())
    }
}

/// Every further pack, by name.
pub fn further() -> &'static [Further] {
    static FURTHER: LazyLock<Vec<Further>> = LazyLock::new(|| {
        let contents = crate::veil::veiled(include_bytes!(concat!(env!("OUT_DIR"), "/further.bin")));
        postcard::from_bytes(&contents).unwrap_or_default()
    });
    &FURTHER
}
