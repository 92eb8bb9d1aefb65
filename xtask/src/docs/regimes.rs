//! The law as the catalog states it: every regime, its provisions with their dates, and the profiles.
use interdict_model::Profile;
use interdict_policy::{Interval, Provision, Regime};

use super::{columns, heading, row};

pub(super) fn page() -> String {
    let regimes = interdict_catalog::regimes();
    let mut page = vec![heading(
        "Regimes",
        "What the built-in catalog knows of the law, each text with how well it is known: *primary* was read in the legal text or an exact \
         mirror, *secondary* in an alert, a press copy or a report, *memory* was not read again, *inference* is our reading of a verified text. \
         `interdict regimes --as-of DATE` prints what is in force on a day. This is not legal advice.",
    )];
    page.push(columns(&["regime", "what", "where", "kind", "standing"]));
    for regime in regimes.all() {
        let id = format!("[`{}`](#{})", regime.id, regime.id);
        page.push(row(&[&id, &regime.title, &regime.jurisdiction, regime.nature.name(), regime.status.name()]));
    }
    page.extend(regimes.all().iter().map(regime));
    if !regimes.none_found().is_empty() {
        page.push("\n## Searched, and nothing found\n".to_owned());
        page.push(columns(&["where", "what was found instead", "text"]));
        for none in regimes.none_found() {
            page.push(row(&[&none.jurisdiction, &none.note, none.text.name()]));
        }
    }
    page.push("\n## Profiles\n\nFor whom a report judges (`--profile`, repeatable).\n".to_owned());
    page.push(columns(&["profile", "for", "roles", "acts", "where"]));
    page.extend(interdict_catalog::profiles().iter().map(profile));
    page.concat()
}

fn regime(regime: &Regime) -> String {
    let mut text = vec![format!(
        "\n## {}\n\n{}\n\n{}. {}. Text: {}.\n",
        regime.id,
        regime.title,
        regime.authority,
        regime.citation,
        regime.text.name()
    )];
    text.push(columns(&["provision", "binds", "acts", "in force", "says at most", "text"]));
    text.extend(regime.provisions.iter().map(provision));
    if !regime.exemptions.is_empty() {
        text.push("\nLets be:\n\n".to_owned());
        for one in &regime.exemptions {
            text.push(format!("- {} ({}, {}): “{}”\n", one.id, one.citation, one.text.name(), one.quote.trim()));
        }
    }
    if let Some(confirm) = &regime.confirm {
        text.push(format!("\nTo be confirmed: {confirm}\n"));
    }
    for note in &regime.notes {
        text.push(format!("\n{note}\n"));
    }
    text.concat()
}

fn provision(provision: &Provision) -> String {
    let binds: Vec<_> = provision.binds.iter().map(|role| role.0.as_str()).collect();
    let acts: Vec<_> = provision.acts.iter().map(|act| act.0.as_str()).collect();
    let mut dates: Vec<_> = provision.in_force.iter().map(interval).collect();
    dates.extend(provision.proposed.map(|since| format!("proposed {since}")));
    let effect = provision.covers.iter().map(|limb| limb.effect).max();
    row(&[
        &format!("`{}` {}", provision.id, provision.title),
        &binds.join(", "),
        &acts.join(", "),
        &dates.join("<br>"),
        effect.map_or("–", |effect| effect.name()),
        provision.text.name(),
    ])
}

fn interval(interval: &Interval) -> String {
    match interval.until {
        None => format!("from {}", interval.from),
        Some(until) => format!("from {} until {until}", interval.from),
    }
}

fn profile(profile: &Profile) -> String {
    let roles: Vec<_> = profile.roles.iter().map(|role| role.0.as_str()).collect();
    let acts: Vec<_> = profile.acts.iter().map(|act| act.0.as_str()).collect();
    let asked =
        if profile.jurisdictions.is_empty() { "everywhere".to_owned() } else { profile.jurisdictions.join(", ") };
    row(&[&format!("`{}`", profile.name), &profile.title, &roles.join(", "), &acts.join(", "), &asked])
}
