//! Lets a regime judge its own cases; one that comes out otherwise is a fault of the data.
use interdict_model::{Act, Profile, Role};

use crate::ask::Asker;
use crate::compile::{instant, words};
use crate::error::Faults;
use crate::judge::strongest;
use crate::reach::Subject;
use crate::regime::Regime;
use crate::source::CaseSource;
use crate::vocabulary;

pub(crate) fn run(regime: &Regime, cases: &[CaseSource], faults: &mut Faults<'_>) {
    if cases.is_empty() {
        faults.at(0..0, "a regime has at least one `[[case]]`");
    }
    for case in cases {
        let roles = words("role", vocabulary::roles(), &case.roles, faults);
        let acts = words("act", vocabulary::acts(), &case.acts, faults);
        let Some(as_of) = instant(&case.as_of, faults) else { continue };
        let profile = Profile {
            roles: roles.into_iter().map(Role).collect(),
            acts: acts.into_iter().map(Act).collect(),
            ..Profile::default()
        };
        let asker = Asker { profile: &profile, as_of, strict: case.strict };
        if profile.is_given() && !asker.asks(regime) {
            faults.at(case.name.span(), "no provision binds the roles of this case");
            continue;
        }
        let mut answers = asker.ask(regime, &subject(case, regime));
        if let Some(provision) = &case.provision {
            let known = |id: &str| {
                let mut ids = regime.provisions.iter().map(|provision| &provision.id);
                ids.any(|known| known == id) || regime.exemptions.iter().any(|exemption| exemption.id == id)
            };
            if !known(provision.as_ref()) {
                faults.at(provision.span(), format!("`{}` is no provision of this regime", provision.as_ref()));
            }
            answers.retain(|answer| answer.provision == *provision.as_ref());
        }
        let (found, expected) = (strongest(&answers), *case.expect.as_ref());
        if found != expected {
            let why = answers.iter().find(|answer| answer.effect == found).map_or("", |answer| &answer.because);
            let message = format!("case `{}`: expected `{expected}`, came out `{found}`: {why}", case.name.as_ref());
            faults.at(case.expect.span(), message);
        }
    }
}

fn subject(case: &CaseSource, regime: &Regime) -> Subject {
    let id = case.entity.clone().unwrap_or_default();
    Subject {
        title: if id.is_empty() { format!("a product of class `{}`", case.class) } else { id.clone() },
        lineage: vec![id.as_str().into()],
        made_by: regime.made_by.first().cloned(),
        class: Some(case.class),
        relation: case.relation,
        scope: case.scope,
        certainty: case.certainty,
        standing: case.standing,
        beside_engine: case.beside_engine,
        left_out: case.left_out,
        false_friend: false,
    }
}
