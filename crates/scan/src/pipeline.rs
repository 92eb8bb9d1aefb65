//! From targets to a report: files in parallel, everything else in order.
use std::path::PathBuf;

use interdict_model::{Locator, Report};
use rayon::prelude::*;

use crate::bytes::Bytes;
use crate::error::Error;
use crate::examine::{Means, Subject, gap_on};
use crate::held::Store;
use crate::opening::Budget;
use crate::request::{Progress, Request, Target};
use crate::scratch::Scratch;
use crate::settle::settle;
use crate::walk::{Found, Walk, unreadable};
use crate::watch::Watch;
use crate::yielded::Yielded;
use interdict_model::{GapReason, Unseen};

/// A report, and the targets that could not be opened at all.
#[derive(Debug)]
pub struct Scanned {
    /// What was found, whatever could not be opened.
    pub report: Report,
    /// Targets that are not there or may not be read.
    pub refused: Vec<Error>,
}

/// What one thread may need for containers in containers.
const STACK: usize = 16 << 20;

/// Looks at every target and judges what was found.
///
/// # Errors
/// When no thread can be started. What is wrong with an input is in the report.
pub fn scan(request: &Request<'_>, threads: usize, progress: &dyn Progress) -> Result<Scanned, Error> {
    let store = Store::new(request.limits.buffers, Scratch::within(request.scratch.clone()));
    let paths: Vec<PathBuf> =
        request.targets.iter().filter_map(Target::path).chain(&request.documents).cloned().collect();
    let walk = Walk::of(&paths);
    let means = Means {
        pack: request.pack,
        watch: Watch { limits: &request.limits, progress },
        store: &store,
        all_evidence: request.all_evidence,
        strict: request.strict,
        without_ways: request.without_ways,
        // Where there are several files, each thread has one of its own.
        in_pairs: threads > 1 && walk.files.len() <= 1,
    };
    let given = given_documents(request, &walk);
    progress.planned(walk.files.len() as u64, walk.files.iter().map(|file| file.size).sum());
    let one = |file: &Found| {
        let mut out = Yielded::default();
        if progress.stopped() {
            let detail = "the run was interrupted before it came to this";
            out.gaps.push(gap_on(&file.locator, "scan", None, Unseen::new(GapReason::TimedOut, detail)));
        } else {
            file_of(&means, file, &walk.directories, &mut out);
            progress.done(file.size);
        }
        out
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
            let subject = Subject { locator: &locator, owned_path: "", bytes, renames: &[], is_target: true };
            means.examine(&subject, &mut budget(&means), &mut yielded);
            targets.push(locator);
        }
    }
    yielded.gaps.extend(walk.gaps);
    let files = walk.files.iter().map(|file| file.locator.clone()).collect();
    let interrupted = progress.stopped();
    let report = settle(request, yielded, &targets, &walk.directories, &files, &given, interrupted);
    let refused = walk.refused.into_iter().map(|(path, source)| Error::Target { path, source }).collect();
    Ok(Scanned { report, refused })
}

fn given_documents(request: &Request<'_>, walk: &Walk) -> Vec<Locator> {
    let is_given = |file: &&Found| request.documents.contains(&file.path);
    walk.files.iter().filter(is_given).map(|file| file.locator.clone()).collect()
}

fn budget(means: &Means<'_>) -> Budget {
    Budget { bytes: means.limits().total, members: means.limits().members }
}

fn file_of(means: &Means<'_>, file: &Found, roots: &[Locator], out: &mut Yielded) {
    out.files += 1;
    let bytes = match Bytes::open(&file.path) {
        Ok(bytes) => bytes,
        Err(error) => {
            out.artifacts += 1;
            *out.formats.entry("unreadable".to_owned()).or_default() += 1;
            return out.gaps.push(unreadable(&file.locator, &error));
        }
    };
    let below =
        roots.iter().filter_map(|root| file.locator.as_str().strip_prefix(root.as_str())).min_by_key(|rest| rest.len());
    let owned_path = if file.is_target { "" } else { below.unwrap_or_default() };
    let subject =
        Subject { locator: &file.locator, owned_path, bytes: &bytes, renames: &[], is_target: file.is_target };
    means.examine(&subject, &mut budget(means), out);
    if bytes.changed() {
        let detail = "its size or time stamp changed while it was read";
        let unseen = Unseen::new(GapReason::Changed, detail).needing("a run over files that nobody writes");
        out.gaps.push(gap_on(&file.locator, "scan", None, unseen));
    }
}
