//! The library, as somebody else's program calls it, without workers.
use interdict_model::{Profile, Report};
use interdict_scan::catalog::{pack, regimes};
use interdict_scan::{Limits, Request, Target, Unwatched, scan};

/// What such a program asks for.
pub(crate) fn request(target: Target) -> Request<'static> {
    Request {
        targets: vec![target],
        documents: Vec::new(),
        pack: pack(),
        regimes: regimes(),
        profile: Profile::default(),
        as_of: "2026-01-01".parse().unwrap(),
        waivers: Vec::new(),
        accept_gaps: Vec::new(),
        allow_incomplete: false,
        all_evidence: false,
        strict: false,
        without_ways: false,
        sbom_quality: false,
        baseline: None,
        limits: Limits::default(),
        scratch: None,
        workers: None,
    }
}

/// The report on one file.
pub(crate) fn in_process(name: &str, bytes: &[u8]) -> Report {
    let request = request(Target::Bytes(name.to_owned(), bytes.to_vec()));
    scan(&request, 1, &Unwatched).unwrap().report
}
