//! Law and profiles that stand in a pack of one file, beside the rules that others read there.
use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::compile::compile_file;
use crate::error::{Error, Faults};
use crate::profile::{self, Profiles};
use crate::regime::Regimes;
use crate::source;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    law: Vec<source::File>,
    #[serde(default)]
    profile: Vec<profile::Source>,
    #[serde(default, rename = "pack")]
    _pack: Option<IgnoredAny>,
    #[serde(default, rename = "organisation")]
    _organisation: Vec<IgnoredAny>,
    #[serde(default, rename = "entity")]
    _entity: Vec<IgnoredAny>,
    #[serde(default, rename = "rule")]
    _rule: Vec<IgnoredAny>,
}

/// Compiles the `[[law]]` and `[[profile]]` tables of a pack; each law is written as a file of the built-in ones.
///
/// # Errors
/// Every fault with its file, line and column; a regime's cases that come out otherwise among them.
pub fn compile_pack(name: &str, text: &str, known: &Profiles) -> Result<(Regimes, Profiles), Vec<Error>> {
    let mut faults = Faults::of(name, text);
    let (mut regimes, mut seen, mut names) = (Regimes::default(), BTreeSet::new(), BTreeSet::new());
    let mut profiles = Vec::new();
    match toml::from_str::<File>(text) {
        Ok(file) => {
            for law in file.law {
                compile_file(law, &mut regimes, &mut seen, &mut faults);
            }
            for source in file.profile {
                profiles.push(profile::one(source, &mut names, &mut faults));
            }
        }
        Err(error) => faults.toml(&error),
    }
    let profiles = Profiles::from(profiles);
    for regime in &regimes.regimes {
        if profiles.get(&regime.profile).is_none() && known.get(&regime.profile).is_none() {
            faults.at(0..0, format!("`{}` names the profile `{}`, which is none", regime.id, regime.profile));
        }
    }
    regimes.regimes.sort_by(|a, b| a.id.cmp(&b.id));
    regimes.none_found.sort();
    faults.found.sort();
    if faults.found.is_empty() { Ok((regimes, profiles)) } else { Err(faults.found) }
}
