//! For whom and for which day a command judges, and what its outcome makes of the exit status.
#![expect(clippy::disallowed_methods, reason = "the roof reads the clock (invariant 2)")]
use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use interdict_model::{Act, Instant, Outcome, Profile, Role};
use interdict_scan::policy::Regimes;

use crate::args::{FailOn, Whom};
use crate::knowledge::InForce;
use crate::status::{Fault, Status};

/// The profiles, roles and acts of the command line as one profile.
pub(crate) fn profile(args: &Whom, own: &InForce) -> Result<Profile, Fault> {
    let known = own.profiles();
    let mut chosen = Vec::new();
    for name in &args.profiles {
        let Some(profile) = known.iter().find(|profile| profile.name == *name) else {
            let names: Vec<_> = known.iter().map(|profile| profile.name.as_str()).collect();
            return Err(Fault::new(Status::Usage, format!("unknown profile `{name}`"))
                .hint(format!("known: {}", names.join(", "))));
        };
        chosen.push(profile.clone());
    }
    let mut profile = interdict_scan::policy::merge(&chosen);
    for (kind, given, words) in
        [("role", &args.roles, interdict_scan::policy::roles()), ("act", &args.acts, interdict_scan::policy::acts())]
    {
        if let Some(unknown) = given.iter().find(|given| !words.iter().any(|(word, _)| word == given)) {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            return Err(Fault::new(Status::Usage, format!("unknown {kind} `{unknown}`"))
                .hint(format!("known: {}", known.join(", "))));
        }
    }
    profile.roles.extend(args.roles.iter().cloned().map(Role));
    profile.acts.extend(args.acts.iter().cloned().map(Act));
    profile.roles.sort();
    profile.roles.dedup();
    profile.acts.sort();
    profile.acts.dedup();
    let narrowed = places(&args.jurisdiction, own.regimes())?;
    if !narrowed.is_empty() {
        profile.jurisdictions = narrowed;
    }
    Ok(profile)
}

/// Places as the law names them. One of which nothing is known is a slip of the pen: asking nobody must not pass a gate.
pub(crate) fn places(given: &[String], law: &Regimes) -> Result<Vec<String>, Fault> {
    let place = |given: &String| {
        let place = given.trim().to_ascii_lowercase();
        if law.know(&place) {
            return Ok(place);
        }
        let known: BTreeSet<&str> = law.places().collect();
        Err(Fault::new(Status::Usage, format!("unknown jurisdiction `{}`", given.escape_debug()))
            .hint(format!("known: {}", Vec::from_iter(known).join(", "))))
    };
    given.iter().map(place).collect()
}

/// The instant a report judges for; the only place that asks the time.
pub(crate) fn as_of(text: Option<&str>) -> Result<Instant, Fault> {
    let refused = |message: String| Fault::new(Status::Usage, message);
    if let Some(text) = text {
        return text.parse().map_err(|error: interdict_model::NotAnInstant| refused(error.to_string()));
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let now = i64::try_from(seconds).ok().and_then(Instant::from_unix);
    now.ok_or_else(|| refused("the system clock is beyond reason".to_owned()))
}

/// A flagged finding outranks everything: the gate must not fall to a lesser status because a file was missing too.
pub(crate) fn status(outcome: Outcome, fail_on: FailOn, refused: bool) -> Status {
    let flagged = match fail_on {
        FailOn::Prohibited => outcome == Outcome::Prohibited,
        FailOn::Review => matches!(outcome, Outcome::Review | Outcome::Prohibited),
        FailOn::Advisory => matches!(outcome, Outcome::Advisory | Outcome::Review | Outcome::Prohibited),
    };
    match outcome {
        _ if flagged => Status::Flagged,
        _ if refused => Status::Unopened,
        Outcome::Inconclusive => Status::Inconclusive,
        _ => Status::Clear,
    }
}
