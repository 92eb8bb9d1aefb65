//! From targets to a report: files in parallel, everything else in order.
use std::path::PathBuf;

use interdict_model::{GapReason, Locator, Report, Unseen};
use rayon::prelude::*;

use crate::error::Error;
use crate::examine::{Means, gap_on};
use crate::held::Store;
use crate::images::images;
use crate::request::{Progress, Request, Target};
use crate::route::{Errand, Route};
use crate::scratch::Scratch;
use crate::settle::settle;
use crate::trace::{Cells, Trace};
use crate::walk::{Found, Walk};
use crate::watch::Watch;
use crate::yielded::Yielded;

/// A report, and the targets that could not be opened at all.
#[derive(Debug)]
pub struct Scanned {
    /// What was found, whatever could not be opened.
    pub report: Report,
    /// Targets that are not there or may not be read.
    pub refused: Vec<Error>,
}

/// What one thread may need for containers in containers.
pub(crate) const STACK: usize = 16 << 20;

/// Looks at every target and judges what was found.
///
/// # Errors
/// When no thread can be started, or containment was asked for that is not to be had. What is wrong with an input is in the report.
pub fn scan(request: &Request<'_>, threads: usize, progress: &dyn Progress) -> Result<Scanned, Error> {
    let store = Store::new(request.limits.buffers, Scratch::within(request.scratch.clone()));
    let paths: Vec<PathBuf> =
        request.targets.iter().filter_map(Target::path).chain(&request.documents).cloned().collect();
    let walk = Walk::of(&paths);
    let (nowhere, nothing) = (Cells::default(), []);
    let means = Means {
        pack: request.pack,
        watch: Watch { limits: &request.limits, progress, trace: &Trace::new(&nowhere, &nothing) },
        store: &store,
        repeats: None,
        all_evidence: request.all_evidence,
        strict: request.strict,
        without_ways: request.without_ways,
        is_compared: walk.files.len() + request.targets.iter().filter(|target| target.path().is_none()).count() > 1,
        // Where there are several files, each thread has one of its own.
        in_pairs: threads > 1 && walk.files.len() <= 1,
    };
    let route = Route::new(&means, request, threads)?;
    let given = given_documents(request, &walk);
    progress.planned(walk.files.len() as u64, walk.files.iter().map(|file| file.size).sum());
    let one = |file: &Found| {
        if progress.stopped() {
            let detail = "the run was interrupted before it came to this";
            let gap = gap_on(&file.locator, "scan", None, Unseen::new(GapReason::TimedOut, detail));
            return Yielded { gaps: vec![gap], ..Yielded::default() };
        }
        let owned_path = if file.is_target { "" } else { below(file, &walk.directories) };
        let errand = Errand { locator: &file.locator, owned_path, is_target: file.is_target, is_listed: false };
        let out = if file.rest.is_empty() {
            route.file(&file.path, &errand)
        } else {
            route.volumes([&file.path].into_iter().chain(&file.rest), &errand)
        };
        progress.done(file.size, out.artifacts);
        Yielded { files: 1 + file.rest.len() as u64, ..out }
    };
    let mut yielded = if walk.files.len() <= 1 || threads == 1 {
        walk.files.iter().map(one).fold(Yielded::default(), Yielded::and)
    } else {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build();
        let pool = pool.map_err(|error| Error::Threads(error.to_string()))?;
        pool.install(|| walk.files.par_iter().map(one).reduce(Yielded::default, Yielded::and))
    };
    let mut targets: Vec<Locator> = walk.directories.clone();
    targets.extend(walk.files.iter().filter(|file| file.is_target).map(|file| file.locator.clone()));
    for target in &request.targets {
        if let Target::Bytes(name, bytes) = target {
            let locator = Locator::input(name.as_bytes());
            let given =
                route.bytes(bytes, &Errand { locator: &locator, owned_path: "", is_target: true, is_listed: false });
            yielded = yielded.and(given);
            targets.push(locator);
        }
    }
    images(&walk, &route, &mut yielded);
    yielded.gaps.extend(walk.gaps);
    let files = walk.files.iter().map(|file| file.locator.clone()).collect();
    let ended = (progress.stopped(), route.isolation());
    let report = settle(request, yielded, &targets, &walk.directories, &files, &given, ended);
    let refused = walk.refused.into_iter().map(|(path, source)| Error::Target { path, source }).collect();
    Ok(Scanned { report, refused })
}

fn given_documents(request: &Request<'_>, walk: &Walk) -> Vec<Locator> {
    let is_given = |file: &&Found| request.documents.contains(&file.path);
    walk.files.iter().filter(is_given).map(|file| file.locator.clone()).collect()
}

/// A file's path below the target that it came with.
fn below<'f>(file: &'f Found, roots: &[Locator]) -> &'f str {
    let below =
        roots.iter().filter_map(|root| file.locator.as_str().strip_prefix(root.as_str())).min_by_key(|rest| rest.len());
    below.unwrap_or_default()
}
