//! `interdict audit`: a folder a supplier, one portfolio: what each declares, what is in its delivery, what was not examined.
#![expect(clippy::disallowed_methods, reason = "the roof lists the folder (invariant 2)")]
mod told;

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use interdict_model::{Locator, Outcome, Report};
use interdict_scan::{Limits, Request, Target, Unwatched, scan};

use crate::args::{Audit, Form, not_run};
use crate::scan::{announce, scratch};
use crate::settings::Settings;
use crate::status::{Fault, Status};
use crate::whom::{as_of, profile, status};
use crate::{knowledge, outputs, waivers};

/// One supplier's delivery, with what was found in it.
struct Delivery {
    name: String,
    report: Report,
}

pub(crate) fn run(args: &Audit, settings: &Settings) -> Result<Status, Fault> {
    announce(args.show.quiet, settings);
    let own = knowledge::load(&args.knowledge)?;
    let mut request = Request {
        targets: Vec::new(),
        documents: Vec::new(),
        pack: own.pack(),
        regimes: own.regimes(),
        profile: profile(&args.judging.whom, &own)?,
        as_of: as_of(args.judging.as_of.as_deref())?,
        waivers: waivers::all(settings, &args.judging.waivers)?,
        accept_gaps: args.judging.accept_gaps.clone(),
        allow_incomplete: args.judging.allow_incomplete,
        all_evidence: false,
        strict: false,
        without_ways: false,
        sbom_quality: args.judging.sbom_quality,
        limits: Limits::default(),
        scratch: Some(scratch()),
        workers: args.containment.workers()?,
        baseline: None,
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut deliveries, mut refused) = (Vec::new(), false);
    for place in places(&args.folder)? {
        request.targets = vec![Target::Path(place.clone())];
        let scanned = scan(&request, threads, &Unwatched).map_err(|error| not_run(&error))?;
        for error in &scanned.refused {
            outputs::complain(&error.to_string(), Some("the rest was looked at; the report lists it as a gap"));
            refused = true;
        }
        let name = Locator::input(place.file_name().unwrap_or_default().as_encoded_bytes());
        deliveries.push(Delivery { name: name.as_str().to_owned(), report: scanned.report });
    }
    deliveries.sort_by(|a, b| (Reverse(a.report.outcome), &a.name).cmp(&(Reverse(b.report.outcome), &b.name)));
    // An empty portfolio shows nothing, and is not clear.
    let worst = deliveries.iter().map(|one| one.report.outcome).max().unwrap_or(Outcome::Inconclusive);
    match args.output {
        Form::Table => outputs::answer(told::table(&deliveries, worst, &request.profile, request.as_of).trim_end())?,
        Form::Json => {
            outputs::answer(&format!("{:#}", told::json(&deliveries, worst, &request.profile, request.as_of)))?;
        }
    }
    Ok(status(worst, args.judging.fail_on, refused))
}

/// What lies in the folder, by name; names with a dot in front are nobody's delivery.
fn places(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let failed =
        |error: std::io::Error| Fault::new(Status::Unopened, format!("could not list `{}`: {error}", folder.display()));
    let mut places = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            places.push(entry.path());
        }
    }
    places.sort();
    Ok(places)
}
