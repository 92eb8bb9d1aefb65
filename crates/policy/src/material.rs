//! Which gaps could hide what is looked for, and which of them the user accepted.
use interdict_model::{Gap, GapReason};

use crate::glob::Glob;

/// Formats whose readers run no code and whose faults hide none: pictures, fonts, sound, film, prose; and links and
/// devices, which hold nothing.
const INERT: &str = "aac audio avi avif bitmap bmp css csv dds device empty eot flac flv font gif heic html icc-profile icns ico \
    icon image jp2 jpeg jpg link m4a markdown message-catalogue midi mkv mov mp3 mp4 ogg open-type opus otf \
    picture png psd svg terminfo text tiff time-zone true-type ttc ttf video wav wave webm webp woff woff2";

/// What the needles went over whole although no reader knows its structure.
const UNKNOWN: &str = "unknown data python-bytecode lua-bytecode web-assembly llvm-bitcode";

/// What Git keeps beside a working tree: past states, of which none is delivered with a folder that is one. In an archive or an
/// image the store itself is delivered.
fn is_history(gap: &Gap, seems: &str) -> bool {
    const STORE: &str = "/objects/";
    seems.starts_with("git-") && gap.on.depth() == 0 && gap.on.as_str().contains(STORE)
}

/// Whether the gap could hide what is looked for.
pub fn is_material(gap: &Gap) -> bool {
    let seems = gap.seems.as_deref().unwrap_or_default();
    let inert = INERT.split(' ').any(|inert| inert == seems);
    match gap.reason {
        // Nothing is known of the content, so nothing vouches for what it seemed to be.
        GapReason::Encrypted
        | GapReason::OverLimit
        | GapReason::Unreadable
        | GapReason::Ambiguous
        | GapReason::TimedOut
        | GapReason::Crashed
        | GapReason::Changed
        | GapReason::Packed => true,
        GapReason::Malformed | GapReason::Missing => !inert,
        GapReason::Unsupported if is_history(gap, seems) => false,
        GapReason::Unsupported => !inert && !seems.is_empty() && !UNKNOWN.split(' ').any(|unknown| unknown == seems),
    }
}

/// Gaps that the user accepts: a pattern of locators, behind the word for a reason and a colon where only that reason is meant.
struct Accepted<'a> {
    text: &'a str,
    reason: Option<GapReason>,
    on: Glob,
}

impl<'a> Accepted<'a> {
    fn new(text: &'a str) -> Self {
        let named = |word: &str| GapReason::ALL.into_iter().find(|reason| reason.name() == word);
        let reason = text.split_once(':').and_then(|(word, rest)| Some((named(word)?, rest)));
        let (reason, on) = reason.map_or((None, text), |(reason, rest)| (Some(reason), rest));
        Self { text, reason, on: Glob::from(on) }
    }

    fn meets(&self, gap: &Gap) -> bool {
        self.reason.is_none_or(|reason| reason == gap.reason) && self.on.matches(gap.on.as_str())
    }
}

/// Weighs every gap, and marks those that meet a pattern which the user gave; what was accepted before stays so.
pub fn weigh(gaps: &mut [Gap], accept: &[String]) {
    let accept: Vec<Accepted<'_>> = accept.iter().map(|text| Accepted::new(text)).collect();
    for gap in gaps {
        gap.material = is_material(gap);
        if gap.accepted.is_none() {
            gap.accepted = accept.iter().find(|one| one.meets(gap)).map(|one| one.text.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use interdict_model::{Locator, ObserverId};

    use super::*;

    fn gap(reason: GapReason, seems: Option<&str>) -> Gap {
        Gap {
            on: Locator::input(b"a.zip").member(b"b"),
            reason,
            by: ObserverId::from("test"),
            seems: seems.map(str::to_owned),
            detail: String::new(),
            ranges: Vec::new(),
            needs: None,
            material: false,
            accepted: None,
        }
    }

    #[test]
    fn the_table() {
        for (reason, seems, material) in [
            (GapReason::Encrypted, Some("zip"), true),
            (GapReason::Encrypted, None, true),
            (GapReason::Malformed, Some("elf"), true),
            (GapReason::Malformed, Some("cyclonedx-json"), true),
            (GapReason::Malformed, Some("zip"), true),
            (GapReason::Malformed, None, true),
            (GapReason::Malformed, Some("png"), false),
            (GapReason::Malformed, Some("woff2"), false),
            (GapReason::Malformed, Some("text"), false),
            (GapReason::Unsupported, Some("unknown"), false),
            (GapReason::Unsupported, None, false),
            (GapReason::Unsupported, Some("unknown-compressed"), true),
            (GapReason::Unsupported, Some("stuffit"), true),
            (GapReason::Unsupported, Some("png"), false),
            (GapReason::OverLimit, Some("png"), true),
            (GapReason::Unreadable, None, true),
            (GapReason::Crashed, Some("pe"), true),
            (GapReason::TimedOut, None, true),
            (GapReason::Changed, None, true),
            (GapReason::Ambiguous, Some("zip"), true),
            (GapReason::Packed, Some("pe"), true),
            (GapReason::Missing, Some("7z"), true),
            (GapReason::Missing, None, true),
            (GapReason::Missing, Some("link"), false),
            (GapReason::Unsupported, Some("device"), false),
            (GapReason::Malformed, Some("true-type"), false),
        ] {
            assert_eq!(is_material(&gap(reason, seems)), material, "{} {seems:?}", reason.name());
        }
    }

    #[test]
    fn a_store_of_git_is_history_beside_a_working_tree_alone() {
        let folder = Locator::input(b"src");
        for (on, seems, material) in [
            (folder.below(b".git/objects/pack/pack-1.pack"), "git-pack", false),
            (folder.below(b".git/objects/pack/pack-1.pack"), "unknown-compressed", true),
            (folder.below(b"pack-1.pack"), "git-pack", true),
            (folder.below(b"x.tar").member(b".git/objects/pack/pack-1.pack"), "git-pack", true),
        ] {
            let gap = Gap { on, ..gap(GapReason::Unsupported, Some(seems)) };
            assert_eq!(is_material(&gap), material, "{}", gap.on);
        }
    }

    #[test]
    fn accepting_names_the_pattern_and_changes_no_weight() {
        let mut gaps = [gap(GapReason::Encrypted, Some("zip")), gap(GapReason::Malformed, Some("png"))];
        weigh(&mut gaps, &["other", "a.zip!/*"].map(str::to_owned));
        assert_eq!(gaps.each_ref().map(|gap| gap.material), [true, false]);
        assert!(gaps.iter().all(|gap| gap.accepted.as_deref() == Some("a.zip!/*")));
    }

    #[test]
    fn accepting_may_mean_one_reason() {
        let mut gaps = [gap(GapReason::Encrypted, Some("zip")), gap(GapReason::OverLimit, None)];
        weigh(&mut gaps, &["malformed:**", "over-limit:*.zip!/*", "c:**"].map(str::to_owned));
        assert_eq!(gaps.each_ref().map(|gap| gap.accepted.as_deref()), [None, Some("over-limit:*.zip!/*")]);
    }
}
