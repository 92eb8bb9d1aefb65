//! What a run recognises with and judges by: the built-in packs, those that are off by default, and a user's own, each held
//! against its dates, its signature and the versions seen before.
#![expect(clippy::disallowed_methods, reason = "the roof reads packs (invariant 2)")]
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use interdict_model::{Instant, Profile, Report};
use interdict_scan::catalog::{self, Further, Knowledge, further};
use interdict_scan::policy::Regimes;
use interdict_scan::rules::{Meta, Pack};

use crate::args::Packs;
use crate::signed::{self, Key};
use crate::status::{Fault, Status};
use crate::{outputs, whom};

/// No pack is larger; what is, is not read.
const LARGEST: u64 = 16 << 20;

/// What a run recognises with and judges by; where nothing is asked for, the built-in packs as they lie in the program.
pub(crate) struct InForce(Option<Knowledge>);

impl InForce {
    pub(crate) fn pack(&self) -> &Pack {
        self.0.as_ref().map_or_else(|| catalog::pack(), |own| &own.pack)
    }

    pub(crate) fn regimes(&self) -> &Regimes {
        self.0.as_ref().map_or_else(|| catalog::regimes(), |own| &own.regimes)
    }

    pub(crate) fn profiles(&self) -> &[Profile] {
        self.0.as_ref().map_or(catalog::profiles(), |own| own.profiles.all())
    }
}

/// The packs that are asked for, joined to the built-in ones.
///
/// # Errors
/// With status 5, where a pack is not what it should be; with status 2, where no pack has such a name.
pub(crate) fn load(args: &Packs) -> Result<InForce, Fault> {
    if args.with.is_empty() && args.packs.is_empty() {
        return Ok(InForce(None));
    }
    let keys: Vec<Key> = args.require_signed.iter().map(|key| signed::key(key)).collect::<Result<_, _>>()?;
    let mut known = Knowledge::built_in();
    for name in &args.with {
        known = known.with(off_by_default(name)?.knowledge());
    }
    let mut seen = Seen::read(args.pack_state.as_deref())?;
    for file in &args.packs {
        known = known.clone_with(own(file, &keys, &known, &mut seen)?);
    }
    seen.write()?;
    Ok(InForce(Some(known)))
}

/// Refuses packs that are older than those an earlier report was made with: a baseline remembers them without being asked.
///
/// # Errors
/// With status 5, where one is.
pub(crate) fn not_older(known: &InForce, earlier: Option<&Report>) -> Result<(), Fault> {
    for before in earlier.iter().flat_map(|report| report.packs.iter().chain(&report.law)) {
        let packs = known.pack().ids().into_iter().chain(known.regimes().packs().iter().cloned());
        if let Some(now) = packs.filter(|pack| pack.id == before.id).max_by_key(|pack| version(&pack.version))
            && version(&now.version) < version(&before.version)
        {
            let what = format!(
                "the pack `{}` is version {}; the baseline was made with {}",
                now.id, now.version, before.version
            );
            return Err(
                Fault::new(Status::Pack, what).hint("an older pack may have been put in the place of a newer one")
            );
        }
    }
    Ok(())
}

/// The built-in pack of this name that is off by default.
pub(crate) fn off_by_default(name: &str) -> Result<&'static Further, Fault> {
    further().iter().find(|pack| pack.name == name).ok_or_else(|| {
        let known: Vec<&str> = further().iter().map(|pack| pack.name.as_str()).collect();
        Fault::new(Status::Usage, format!("no pack that is off by default is called `{name}`"))
            .hint(format!("known: {}", known.join(", ")))
    })
}

/// A pack's bytes as text, no more of them than a pack may have.
pub(crate) fn text(file: &Path) -> Result<String, Fault> {
    let fault =
        |what: String| Fault::new(Status::Pack, format!("could not read the pack `{}`: {what}", file.display()));
    let opened = std::fs::File::open(file).map_err(|error| fault(error.to_string()))?;
    let mut text = String::new();
    opened.take(LARGEST + 1).read_to_string(&mut text).map_err(|error| fault(error.to_string()))?;
    if text.len() as u64 > LARGEST {
        return Err(fault(format!("it has more than {LARGEST} bytes")));
    }
    Ok(text)
}

/// A pack of the user's own: its signature first, then what it says, then what it is.
fn own(file: &Path, keys: &[Key], base: &Knowledge, seen: &mut Seen) -> Result<Knowledge, Fault> {
    let text = text(file)?;
    let name = file.display().to_string();
    let signature = if keys.is_empty() { None } else { Some(signed::held(file, &text, keys)?) };
    let known = Knowledge::compile(&name, &text, base)
        .map_err(|errors| Fault::new(Status::Pack, format!("the pack is invalid\n{}", errors.join("\n"))))?;
    let packs = known.pack.contents().packs.iter();
    for (meta, _) in packs {
        timely(&name, meta)?;
        if let Some(signature) = &signature {
            signature.is_of(&name, meta)?;
        }
    }
    for (meta, _) in &known.pack.contents().packs {
        seen.advance(&name, meta)?;
    }
    Ok(known)
}

/// Whether a pack may be used today, by this version.
pub(crate) fn timely(name: &str, meta: &Meta) -> Result<(), Fault> {
    let today = whom::as_of(None)?.date();
    let refused = |what: String| Err(Fault::new(Status::Pack, format!("the pack `{name}` {what}")));
    // What is no date would never be over.
    for (key, day) in [("issued", &meta.issued), ("expires", &meta.expires)] {
        if !day.is_empty() && (day.len() != 10 || day.parse::<Instant>().is_err()) {
            return refused(format!("has `{key} = {day:?}`, which is no date such as 2026-12-31"));
        }
    }
    if !meta.expires.is_empty() && meta.expires < today {
        return refused(format!("expired on {}", meta.expires));
    }
    if !meta.minimum_tool.is_empty() && version(&meta.minimum_tool) > version(env!("CARGO_PKG_VERSION")) {
        return refused(format!(
            "needs interdict {} or later; this is {}",
            meta.minimum_tool,
            env!("CARGO_PKG_VERSION")
        ));
    }
    Ok(())
}

/// The numbers of a version, to be compared.
fn version(text: &str) -> Vec<u64> {
    let number = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
    text.split('.').map(number).collect()
}

/// The highest version of each pack that is known of: an older one is not taken for news. Without a file to remember them in,
/// these are the versions that the program carries and those given before in the same call.
#[derive(Debug)]
struct Seen {
    file: Option<PathBuf>,
    /// As the file has them.
    versions: BTreeMap<String, String>,
    /// What the program carries, and what was given in this call.
    here: BTreeMap<String, String>,
}

impl Seen {
    fn read(file: Option<&Path>) -> Result<Self, Fault> {
        let built_in = catalog::pack().contents().packs.iter().map(|(meta, _)| meta);
        let carried = further().iter().flat_map(Further::metas).chain(built_in);
        let here = carried.map(|meta| (meta.id.clone(), meta.version.clone())).collect();
        let Some(file) = file else { return Ok(Self { file: None, versions: BTreeMap::new(), here }) };
        let versions = match std::fs::read(file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                let what = format!("`{}` does not hold the versions of packs: {error}", file.display());
                Fault::new(Status::Pack, what).hint("remove it only if you know why it is broken")
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => {
                return Err(Fault::new(Status::Pack, format!("could not read `{}`: {error}", file.display())));
            }
        };
        Ok(Self { file: Some(file.to_owned()), versions, here })
    }

    fn advance(&mut self, name: &str, meta: &Meta) -> Result<(), Fault> {
        for (known, whence) in [(&self.here, "is built in or given beside it"), (&self.versions, "was used before")] {
            if let Some(before) = known.get(&meta.id).filter(|before| version(&meta.version) < version(before)) {
                let what = format!("the pack `{name}` is version {} of `{}`; {before} {whence}", meta.version, meta.id);
                let fault = Fault::new(Status::Pack, what);
                return Err(fault.hint("an older pack may have been put in the place of a newer one"));
            }
        }
        for known in [&mut self.versions, &mut self.here] {
            known.insert(meta.id.clone(), meta.version.clone());
        }
        Ok(())
    }

    fn write(&self) -> Result<(), Fault> {
        let Some(file) = &self.file else { return Ok(()) };
        let text = serde_json::to_string_pretty(&self.versions).unwrap_or_default();
        outputs::replace(file, format!("{text}\n").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_compared_by_number() {
        for (older, newer) in [("2026.9.0", "2026.11.0"), ("1.2", "1.2.1"), ("", "0.1"), ("1.9-rc1", "1.10")] {
            assert!(version(older) < version(newer), "{older} {newer}");
        }
    }
}
