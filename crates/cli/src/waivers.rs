//! Waivers as files have them: `[[waiver]]` in `interdict.toml` or in a file of their own.
#![expect(clippy::disallowed_methods, reason = "the roof reads its own files (invariant 2)")]
use std::path::PathBuf;

use interdict_model::Waiver;
use interdict_scan::policy::waiver_faults;
use serde::Deserialize;
use toml::Spanned;

use crate::settings::Settings;
use crate::status::{Fault, Status};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alone {
    #[serde(default)]
    waiver: Vec<Spanned<Waiver>>,
}

/// Beside settings, which have a reader of their own.
#[derive(Deserialize)]
struct Beside {
    #[serde(default)]
    waiver: Vec<Spanned<Waiver>>,
}

/// Every waiver in force: those of the settings' file, then those of each named file.
pub(crate) fn all(settings: &Settings, files: &[PathBuf]) -> Result<Vec<Waiver>, Fault> {
    let mut waivers = settings.file().map(|file| file.waivers.clone()).unwrap_or_default();
    for file in files {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file)
            .map_err(|error| Fault::new(Status::Usage, format!("could not read the waivers `{name}`: {error}")))?;
        let alone = toml::from_str::<Alone>(&text).map(|alone| alone.waiver);
        let read = sound(&name, &text, alone);
        waivers.extend(read.map_err(|faults| {
            Fault::new(Status::Usage, format!("the waivers are wrong\n{}", faults.join("\n")))
                .hint("[[waiver]] has fingerprint, reason, owner, until; and ticket, entity, on where wanted")
        })?);
    }
    Ok(waivers)
}

/// The waivers that stand beside settings, or what is wrong with them, a line each.
pub(crate) fn beside(name: &str, text: &str) -> Result<Vec<Waiver>, Vec<String>> {
    sound(name, text, toml::from_str::<Beside>(text).map(|beside| beside.waiver))
}

type Read = Result<Vec<Spanned<Waiver>>, toml::de::Error>;

fn sound(name: &str, text: &str, read: Read) -> Result<Vec<Waiver>, Vec<String>> {
    let line = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    let read = read.map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![format!("{name}:{}: {}", line(at), error.message())]
    })?;
    let mut faults = Vec::new();
    for waiver in &read {
        let at = line(waiver.span().start);
        faults.extend(waiver_faults(waiver.get_ref()).into_iter().map(|fault| format!("{name}:{at}: {fault}")));
    }
    if faults.is_empty() { Ok(read.into_iter().map(Spanned::into_inner).collect()) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[[waiver]]\nfingerprint = \"00ff\"\nreason = \"r\"\nowner = \"o\"\nuntil = \"2026-12-31\"\n";

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert_eq!(beside("x", GOOD).unwrap().len(), 1);
        for (from, to, want) in [
            ("reason", "raeson", "x:3: unknown field `raeson`"),
            ("\"2026-12-31\"", "\"soon\"", "x:1: `soon` is no date"),
            ("owner = \"o\"\n", "", "x:1: missing field `owner`"),
            ("\"r\"", "\" \"", "x:1: `reason` is empty"),
            ("00ff", "not hex", "x:1: `not hex` is no fingerprint"),
        ] {
            let faults = beside("x", &GOOD.replace(from, to)).unwrap_err();
            assert!(faults[0].starts_with(want), "{faults:?}");
        }
        let alone = |text: &str| sound("x", text, toml::from_str::<Alone>(text).map(|alone| alone.waiver));
        assert!(alone(&format!("profile = \"a\"\n{GOOD}")).unwrap_err()[0].contains("unknown field `profile`"));
    }
}
