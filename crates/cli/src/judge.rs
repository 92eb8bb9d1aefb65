//! `interdict judge`: a stored report under the law of another day, or for somebody else.
use interdict_scan::{Law, judge_report};

use crate::args::Judge;
use crate::original::Given;
use crate::scan::announce;
use crate::settings::Settings;
use crate::status::{Fault, Status};
use crate::whom::{as_of, profile, status};
use crate::{knowledge, outputs, stored, waivers};

pub(crate) fn run(args: &Judge, settings: &Settings) -> Result<Status, Fault> {
    announce(args.show.quiet, settings);
    let outputs = outputs::parse(&args.outputs, std::slice::from_ref(&args.report))?;
    let own = knowledge::load(&args.knowledge)?;
    let mut profile = profile(&args.judging.whom, &own)?;
    let as_of = as_of(args.judging.as_of.as_deref())?;
    let mut report = stored::report(&args.report)?;
    if !profile.is_given() {
        // For the one it was judged for before.
        let narrowed = std::mem::take(&mut profile.jurisdictions);
        profile = report.profile.clone();
        if !narrowed.is_empty() {
            profile.jurisdictions = narrowed;
        }
    }
    let waivers = waivers::all(settings, &args.judging.waivers)?;
    judge_report(
        &mut report,
        &Law {
            regimes: own.regimes(),
            profile: &profile,
            as_of,
            waivers: &waivers,
            accept_gaps: &args.judging.accept_gaps,
            allow_incomplete: args.judging.allow_incomplete,
            sbom_quality: args.judging.sbom_quality,
        },
    );
    outputs::write(&outputs, &report, args.show, Given::default())?;
    Ok(status(report.outcome, args.judging.fail_on, false))
}
