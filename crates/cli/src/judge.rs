//! `interdict judge`: a stored report under the law of another day, or for somebody else.
use interdict_scan::{Law, hold_against, judge_report};

use crate::args::Judge;
use crate::original::Given;
use crate::scan::announce;
use crate::settings::Settings;
use crate::status::{Fault, Status};
use crate::whom::{as_of, profile, status};
use crate::{knowledge, outputs, stored, waivers};

pub(crate) fn run(args: &Judge, settings: &Settings) -> Result<Status, Fault> {
    announce(args.show.quiet, settings);
    let both_piped = [Some(&args.report), args.baseline.as_ref()]
        .iter()
        .all(|file| file.is_some_and(|file| file.as_os_str() == "-"));
    if both_piped {
        return Err(Fault::new(Status::Usage, "only one report can come from standard input"));
    }
    let inputs: Vec<_> = args.baseline.iter().chain([&args.report]).cloned().collect();
    let outputs = outputs::parse(&args.outputs, &inputs)?;
    let baseline = args.baseline.as_deref().map(stored::report).transpose()?;
    let own = knowledge::load(&args.knowledge)?;
    knowledge::not_older(&own, baseline.as_ref())?;
    let mut profile = profile(&args.judging.whom, &own)?;
    let as_of = as_of(args.judging.as_of.as_deref())?;
    let mut report = stored::unjudged(&args.report)?;
    if !profile.is_given() {
        // For the one it was judged for before.
        let narrowed = std::mem::take(&mut profile.jurisdictions);
        profile = report.profile.clone();
        if !narrowed.is_empty() {
            profile.jurisdictions = narrowed;
        }
    }
    let waivers = waivers::all(settings, &args.judging.waivers)?;
    let law = Law {
        regimes: own.regimes(),
        profile: &profile,
        as_of,
        waivers: &waivers,
        accept_gaps: &args.judging.accept_gaps,
        allow_incomplete: args.judging.allow_incomplete,
        sbom_quality: args.judging.sbom_quality,
    };
    judge_report(&mut report, &law);
    if let Some(earlier) = &baseline {
        hold_against(&mut report, &law, earlier);
    }
    outputs::write(&outputs, &report, args.show, Given::default())?;
    let comparison = report.comparison.as_ref();
    let outcome = comparison.and_then(|comparison| comparison.outcome).unwrap_or(report.outcome);
    // The process is about to end: millions of small things need not be given back one by one.
    std::mem::forget((report, baseline));
    Ok(status(outcome, args.judging.fail_on, false))
}
