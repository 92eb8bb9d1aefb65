//! `interdict scan`: the main job.
#![expect(
    clippy::disallowed_methods,
    reason = "the roof reads packs, the environment and standard input (invariant 2)"
)]
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use interdict_model::{Locator, Report};
use interdict_scan::{Request, Target, scan};

use crate::args::{Evidence, Scan, When, not_run};
use crate::original::Given;
use crate::progress::Bar;
use crate::settings::Settings;
use crate::status::{Fault, Status};
use crate::stored;
use crate::waivers;
use crate::whom::{as_of, profile, status};
use crate::{knowledge, outputs};

pub(crate) fn run(args: &Scan, settings: &Settings) -> Result<Status, Fault> {
    announce(args.show.quiet, settings);
    let inputs: Vec<_> = args.targets.iter().chain(&args.documents).chain(&args.baseline).cloned().collect();
    let outputs = outputs::parse(&args.outputs, &inputs)?;
    let baseline = args.baseline.as_deref().map(stored::report).transpose()?;
    let own = knowledge::load(&args.knowledge)?;
    knowledge::not_older(&own, baseline.as_ref())?;
    let request = Request {
        targets: args.targets.iter().map(|path| target(path, args.bounds.0.buffers)).collect::<Result<_, _>>()?,
        documents: args.documents.clone(),
        pack: own.pack(),
        regimes: own.regimes(),
        profile: profile(&args.judging.whom, &own)?,
        as_of: as_of(args.judging.as_of.as_deref())?,
        waivers: waivers::all(settings, &args.judging.waivers)?,
        accept_gaps: args.judging.accept_gaps.clone(),
        allow_incomplete: args.judging.allow_incomplete,
        all_evidence: args.evidence == Evidence::All,
        strict: args.strict,
        without_ways: args.no_paths,
        sbom_quality: args.judging.sbom_quality,
        limits: args.bounds.0,
        scratch: Some(scratch()),
        workers: args.containment.workers()?,
        baseline: baseline.as_ref(),
    };
    let threads = args.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    if threads == 0 || threads > 1024 {
        return Err(Fault::new(Status::Usage, "`--threads` takes a number from 1 to 1024"));
    }
    let bar = Bar::new(if args.show.quiet { When::Never } else { args.progress });
    let scanned = scan(&request, threads, &bar).map_err(|error| not_run(&error))?;
    bar.finish();
    outputs::write(
        &outputs,
        &scanned.report,
        args.show,
        Given { targets: &request.targets, documents: &args.documents },
    )?;
    for error in &scanned.refused {
        outputs::complain(&error.to_string(), Some("the rest was looked at; the report lists it as a gap"));
    }
    let invalid = args.strict && refuse_repairs(&scanned.report);
    let comparison = scanned.report.comparison.as_ref();
    let outcome = comparison.and_then(|comparison| comparison.outcome).unwrap_or(scanned.report.outcome);
    Ok(status(outcome, args.judging.fail_on, invalid || !scanned.refused.is_empty()))
}

/// Which file is heard is said at once: whoever scans a delivery must not be led by a file that lies in it.
pub(crate) fn announce(quiet: bool, settings: &Settings) {
    if quiet {
        return;
    }
    if let Some(file) = settings.file() {
        outputs::complain(&format!("settings from `{}`", file.name), None);
    }
    for stray in settings.strays() {
        outputs::complain(stray, None);
    }
}

/// Where large members find room: where the user says, else the folder that is meant for large files and on a disk.
pub(crate) fn scratch() -> PathBuf {
    let large = Path::new("/var/tmp");
    let is_told = std::env::var_os("TMPDIR").is_some();
    if !is_told && large.is_dir() { large.to_owned() } else { std::env::temp_dir() }
}

/// Under `--strict` a document that had to be repaired is refused, by name and version, with what is wrong first.
fn refuse_repairs(report: &Report) -> bool {
    const TOLD: usize = 5;
    let mut documents: Vec<&Locator> = report.repairs.iter().map(|repair| &repair.input).collect();
    documents.dedup();
    for document in documents.iter().take(TOLD) {
        let input = report.inputs.iter().find(|input| input.locator == **document);
        let format = input.and_then(|input| input.format.as_ref()).map_or_else(String::new, ToString::to_string);
        let version = input.and_then(|input| input.version.as_deref()).unwrap_or("without a version");
        let repairs: Vec<_> = report.repairs.iter().filter(|repair| repair.input == **document).collect();
        let places = if repairs.len() == 1 { "1 place".to_owned() } else { format!("{} places", repairs.len()) };
        let mut message = format!("`{document}` ({format} {version}) is no valid document: {places}");
        for repair in repairs.iter().take(3) {
            let at = if repair.pointer.is_empty() { "the document" } else { &repair.pointer };
            message.push_str("\n  ");
            // What an input says must not steer a terminal.
            message.extend(format!("{at}: {}", repair.wrong).chars().map(|c| if c.is_control() { ' ' } else { c }));
        }
        outputs::complain(&message, None);
    }
    let more = documents.len().saturating_sub(TOLD);
    if more > 0 {
        outputs::complain(&format!("{more} more documents are no valid ones"), Some("the report lists every repair"));
    }
    !documents.is_empty()
}

/// A target, of which standard input is held in memory: no more of it than so many bytes.
fn target(path: &Path, most: u64) -> Result<Target, Fault> {
    if path.as_os_str() != "-" {
        return Ok(Target::Path(path.to_owned()));
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(most.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| Fault::new(Status::Unopened, format!("could not read standard input: {error}")))?;
    if bytes.len() as u64 > most {
        let fault =
            Fault::new(Status::Unopened, format!("standard input is longer than the {most} bytes that are held"));
        return Err(fault.hint("give it as a file, or raise --max-buffer-bytes"));
    }
    Ok(Target::Bytes("-".to_owned(), bytes))
}
