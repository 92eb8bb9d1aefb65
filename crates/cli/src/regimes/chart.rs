//! The verdict matrix: every regime asked about five standard situations.
use interdict_model::{Instant, Profile};
use interdict_scan::policy::{Regimes, Situation, matrix as asked};
use serde_json::{Value, json};

const LEGEND: &str = "\
(a) a product embeds the anti-virus SDK · (b) it bundles a white-labelled engine · (c) it can call an engine that its user installs
(d) it uses an open-source library that protects nothing · (e) it consumes threat-intelligence feeds
V violation · L likely covered, on an ordinary reading · R review · A a warning only · X exempt · F future or proposed · N not covered
Each row is asked by the profile that it concerns most, with confirmed evidence, in what is delivered. This is not legal advice.";

pub(super) fn matrix(regimes: &Regimes, profiles: &[Profile], as_of: Instant) -> (String, Value) {
    let rows = asked(regimes, profiles, as_of);
    let letters: Vec<_> = Situation::ALL.iter().map(|situation| format!("({})", situation.letter())).collect();
    let mut lines = vec![
        format!("What each regime says of five situations, as of {as_of}\n"),
        format!("{:<30} {}  asked for", "regime", letters.join(" ")),
    ];
    for row in &rows {
        let cells: Vec<_> = row.cells.iter().map(|cell| format!(" {} ", cell.letter)).collect();
        lines.push(format!("{:<30} {}  {}", row.regime.as_str(), cells.join(" "), row.profile));
    }
    lines.push(format!("\n{LEGEND}"));
    let rows = rows.iter().map(|row| {
        let cells = row.cells.iter().map(|cell| {
            json!({
                "situation": cell.situation.letter().to_string(),
                "verdict": cell.letter.to_string(),
                "effect": cell.effect,
                "because": cell.because,
                "text": cell.text,
            })
        });
        json!({ "regime": row.regime, "profile": row.profile, "cells": cells.collect::<Vec<_>>() })
    });
    let value = json!({ "as_of": as_of, "rows": rows.collect::<Vec<_>>() });
    (lines.join("\n"), value)
}
