//! For whom a report judges: profiles as data, and several made one.
use std::collections::BTreeSet;

use interdict_model::{Act, Profile, Role};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::compile::{filled, identifier, words};
use crate::error::{Error, Faults};
use crate::vocabulary;

/// The profiles that can be asked for by name, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profiles {
    profiles: Vec<Profile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    profile: Vec<Source>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Source {
    name: Spanned<String>,
    title: Spanned<String>,
    roles: Spanned<Vec<Spanned<String>>>,
    acts: Spanned<Vec<Spanned<String>>>,
    jurisdictions: Spanned<Vec<Spanned<String>>>,
}

impl Profiles {
    /// Compiles files, each its name for messages and its text.
    pub fn compile(sources: &[(&str, &str)]) -> Result<Self, Vec<Error>> {
        let (mut found, mut profiles, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (name, text) in sources {
            let mut faults = Faults::of(name, text);
            match toml::from_str::<File>(text) {
                Ok(file) => {
                    profiles.extend(file.profile.into_iter().map(|source| one(source, &mut names, &mut faults)));
                }
                Err(error) => faults.toml(&error),
            }
            found.append(&mut faults.found);
        }
        found.sort();
        if found.is_empty() { Ok(Self::from(profiles)) } else { Err(found) }
    }

    /// These and the others; where both have a name, the other's profile counts.
    #[must_use]
    pub fn with(mut self, others: Self) -> Self {
        self.profiles.retain(|profile| others.get(&profile.name).is_none());
        self.profiles.extend(others.profiles);
        Self::from(self.profiles)
    }

    /// Every profile, sorted by name.
    pub fn all(&self) -> &[Profile] {
        &self.profiles
    }

    /// The profile of this name.
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// What to say of a name that is none of them; `None` where it is one.
    pub fn unknown(&self, name: &str) -> Option<String> {
        let names: Vec<_> = self.profiles.iter().map(|profile| (profile.name.as_str(), "")).collect();
        vocabulary::unknown("profile", &names, name)
    }
}

impl From<Vec<Profile>> for Profiles {
    fn from(mut profiles: Vec<Profile>) -> Self {
        profiles.sort_by(|a, b| a.name.cmp(&b.name));
        Self { profiles }
    }
}

/// One profile; its name is new to `names`.
pub(crate) fn one(source: Source, names: &mut BTreeSet<String>, faults: &mut Faults<'_>) -> Profile {
    if !names.insert(source.name.as_ref().clone()) {
        faults.at(source.name.span(), format!("a profile `{}` exists already", source.name.as_ref()));
    }
    profile(source, faults)
}

fn profile(source: Source, faults: &mut Faults<'_>) -> Profile {
    identifier(&source.name, faults);
    filled(&source.title, "title", faults);
    for (list, key) in [(&source.roles, "roles"), (&source.acts, "acts"), (&source.jurisdictions, "jurisdictions")] {
        if list.as_ref().is_empty() {
            faults.at(list.span(), format!("`{key}` is empty"));
        }
    }
    let roles = words("role", vocabulary::roles(), source.roles.as_ref(), faults);
    let acts = words("act", vocabulary::acts(), source.acts.as_ref(), faults);
    let mut profile = Profile {
        name: source.name.into_inner(),
        title: source.title.into_inner(),
        roles: roles.into_iter().map(Role).collect(),
        acts: acts.into_iter().map(Act).collect(),
        jurisdictions: source.jurisdictions.into_inner().into_iter().map(Spanned::into_inner).collect(),
    };
    tidy(&mut profile);
    profile
}

/// One profile that is and does what any of these is and does; empty for none.
pub fn merge(profiles: &[Profile]) -> Profile {
    let everywhere = profiles.iter().any(|profile| profile.jurisdictions.is_empty());
    let join = |of: fn(&Profile) -> &str, with: &str| {
        let parts: Vec<_> = profiles.iter().map(of).filter(|part| !part.is_empty()).collect();
        parts.join(with)
    };
    let mut merged = Profile {
        name: join(|profile| &profile.name, "+"),
        title: join(|profile| &profile.title, "; "),
        roles: profiles.iter().flat_map(|profile| profile.roles.clone()).collect(),
        acts: profiles.iter().flat_map(|profile| profile.acts.clone()).collect(),
        jurisdictions: profiles.iter().flat_map(|profile| profile.jurisdictions.clone()).collect(),
    };
    if everywhere {
        merged.jurisdictions.clear();
    }
    tidy(&mut merged);
    merged
}

/// Roles and acts that are not of the vocabulary, each with the nearest that is.
pub fn check(profile: &Profile) -> Vec<String> {
    let roles = profile.roles.iter().filter_map(|role| vocabulary::unknown("role", vocabulary::roles(), &role.0));
    let acts = profile.acts.iter().filter_map(|act| vocabulary::unknown("act", vocabulary::acts(), &act.0));
    roles.chain(acts).collect()
}

fn tidy(profile: &mut Profile) {
    profile.roles.sort();
    profile.roles.dedup();
    profile.acts.sort();
    profile.acts.dedup();
    profile.jurisdictions.sort();
    profile.jurisdictions.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"
[[profile]]
name = "b"
title = "B"
roles = ["us-person"]
acts = ["sell", "integrate"]
jurisdictions = ["us"]

[[profile]]
name = "a"
title = "A"
roles = ["it-pa", "us-person"]
acts = ["procure"]
jurisdictions = ["it"]
"#;

    #[test]
    fn several_are_one() {
        let profiles = Profiles::compile(&[("two.toml", TWO)]).unwrap();
        let both = merge(profiles.all());
        assert_eq!((both.name.as_str(), both.title.as_str()), ("a+b", "A; B"));
        assert_eq!(both.roles, [Role("it-pa".into()), Role("us-person".into())]);
        assert_eq!(both.acts.len(), 3);
        assert_eq!(both.jurisdictions, ["it", "us"]);
        let anywhere = merge(&[both, Profile { roles: vec![Role("de-any".into())], ..Profile::default() }]);
        assert!(anywhere.jurisdictions.is_empty());
        assert!(!merge(&[]).is_given());
    }

    #[test]
    fn faults_have_a_place() {
        let text = TWO.replace("\"sell\"", "\"sel\"");
        let errors = Profiles::compile(&[("two.toml", &text), ("more.toml", TWO)]).unwrap_err();
        let shown: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert!(
            shown.contains(&"two.toml:6:9: `sel` is no known act\nhint: the nearest is `sell`".to_owned()),
            "{shown:?}"
        );
        assert!(shown.contains(&"more.toml:3:8: a profile `b` exists already".to_owned()), "{shown:?}");
        assert!(Profiles::compile(&[("x", "[[profile]]\nname = \"x\"\nrole = []\n")]).is_err());
    }
}
