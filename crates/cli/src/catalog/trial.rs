//! How often each rule is right, over a folder in which somebody said what is in every file.
#![expect(clippy::disallowed_methods, reason = "the roof reads the labels (invariant 2)")]
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use interdict_model::{EntityId, Profile, Relation, Report};
use interdict_scan::rules::Pack;
use interdict_scan::{Limits, Request, Target, Unwatched, scan};
use serde_json::{Value, json};

use crate::args::{Packs, not_run, workers};
use crate::outputs::print;
use crate::status::{Fault, Status};
use crate::{knowledge, whom};

/// What a rule did over the folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    /// Files of its entity, or of one that is part of it, that it met.
    right: usize,
    /// Other files that it met.
    wrong: usize,
    /// Files of its entity that it did not meet.
    missed: usize,
}

/// A file's path in the folder, and the entities in it.
type Labels = BTreeMap<String, BTreeSet<EntityId>>;

pub(super) fn run(folder: &Path, output: &str, asked: &Packs) -> Result<Status, Fault> {
    let own = knowledge::load(asked)?;
    let pack = own.pack();
    let labels = labels(folder, pack)?;
    let request = Request {
        targets: labels.keys().map(|file| Target::Path(folder.join(file))).collect(),
        documents: Vec::new(),
        pack,
        regimes: own.regimes(),
        profile: Profile::default(),
        as_of: whom::as_of(None)?,
        waivers: Vec::new(),
        accept_gaps: Vec::new(),
        allow_incomplete: true,
        all_evidence: false,
        strict: false,
        without_ways: true,
        sbom_quality: false,
        baseline: None,
        limits: Limits::default(),
        scratch: None,
        workers: Some(workers()),
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let scanned = scan(&request, threads, &Unwatched).map_err(|error| not_run(&error))?;
    let tallies = tallies(&scanned.report, folder, &labels, pack);
    let accused = accused(&scanned.report, folder, &labels);
    answer(output, &tallies, &accused, labels.len())?;
    Ok(if accused.is_empty() { Status::Clear } else { Status::Flagged })
}

fn labels(folder: &Path, pack: &Pack) -> Result<Labels, Fault> {
    let file = folder.join("labels.tsv");
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Fault::new(Status::Unopened, format!("could not read `{}`: {error}", file.display())))?;
    let mut labels = Labels::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
    {
        let wrong = |what: String| Fault::new(Status::Usage, format!("{}:{}: {what}", file.display(), number + 1));
        let (path, entities) =
            line.split_once('\t').ok_or_else(|| wrong("no tab between file and entities".to_owned()))?;
        let mut known = BTreeSet::new();
        for id in entities.split(',').map(str::trim).filter(|id| !matches!(*id, "" | "-")) {
            let id = EntityId::from(id);
            if pack.entity(&id).is_none() {
                return Err(wrong(format!("`{id}` is no entity")));
            }
            known.insert(id);
        }
        labels.insert(path.to_owned(), known);
    }
    Ok(labels)
}

/// Whether this entity is the other, or a part of it.
fn is_within(pack: &Pack, entity: &EntityId, other: &EntityId) -> bool {
    let mut at = Some(entity);
    while let Some(id) = at {
        if id == other {
            return true;
        }
        at = pack.entity(id).and_then(|entity| entity.part_of.as_ref());
    }
    false
}

/// Which labelled file a finding is in.
fn file_of<'l>(on: &str, folder: &Path, labels: &'l Labels) -> Option<&'l str> {
    let inside = on.strip_prefix(&format!("{}/", folder.display())).unwrap_or(on);
    let end = inside.find("!/").into_iter().chain(inside.find('#')).min().unwrap_or(inside.len());
    labels.get_key_value(inside.get(..end)?).map(|(file, _)| file.as_str())
}

fn tallies(report: &Report, folder: &Path, labels: &Labels, pack: &Pack) -> BTreeMap<String, Tally> {
    let mut met: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in &report.findings {
        for one in &finding.matches {
            if let Some(file) = file_of(one.on.as_str(), folder, labels) {
                met.entry(one.rule.as_str()).or_default().insert(file);
            }
        }
    }
    let mut all = BTreeMap::new();
    for rule in pack.contents().rules.iter().filter(|rule| rule.relation != Relation::Mentions) {
        let files = met.get(rule.id.as_str()).cloned().unwrap_or_default();
        let is_of = |of: &BTreeSet<EntityId>| {
            of.iter()
                .any(|entity| is_within(pack, entity, &rule.identifies) || is_within(pack, &rule.identifies, entity))
        };
        let mut tally = Tally::default();
        for (file, entities) in labels {
            match (is_of(entities), files.contains(file.as_str())) {
                (true, true) => tally.right += 1,
                (false, true) => tally.wrong += 1,
                (true, false) => tally.missed += 1,
                (false, false) => {}
            }
        }
        if tally != Tally::default() {
            all.insert(rule.id.to_string(), tally);
        }
    }
    all
}

/// Files that hold nothing and are accused of more than naming or calling somebody.
fn accused(report: &Report, folder: &Path, labels: &Labels) -> Vec<String> {
    let above = |relation: Relation| !matches!(relation, Relation::Mentions | Relation::Connects);
    let mut all = BTreeSet::new();
    for finding in report.findings.iter().filter(|finding| above(finding.relation)) {
        let file = file_of(finding.on.as_str(), folder, labels);
        all.extend(file.filter(|file| labels.get(*file).is_some_and(BTreeSet::is_empty)).map(ToOwned::to_owned));
    }
    all.into_iter().collect()
}

fn answer(output: &str, tallies: &BTreeMap<String, Tally>, accused: &[String], files: usize) -> Result<(), Fault> {
    let share = |part: usize, rest: usize| {
        (part * 100).checked_div(part + rest).map_or_else(|| "-".to_owned(), |share| format!("{share}%"))
    };
    match output {
        "json" => {
            let rules: Vec<Value> = tallies
                .iter()
                .map(|(rule, t)| json!({ "rule": rule, "right": t.right, "wrong": t.wrong, "missed": t.missed }))
                .collect();
            print(&format!("{:#}", json!({ "files": files, "rules": rules, "accused": accused })))
        }
        "table" => {
            let mut text = format!(
                "{:<56} {:>5} {:>5} {:>6} {:>9} {:>6}\n",
                "rule", "right", "wrong", "missed", "precision", "recall"
            );
            for (rule, t) in tallies {
                let (precision, recall) = (share(t.right, t.wrong), share(t.right, t.missed));
                let _ = writeln!(
                    text,
                    "{rule:<56} {:>5} {:>5} {:>6} {precision:>9} {recall:>6}",
                    t.right, t.wrong, t.missed
                );
            }
            let _ = write!(text, "{files} files; {} that hold nothing were flagged", accused.len());
            text.extend(accused.iter().flat_map(|file| ["\n  ", file]));
            print(&text)
        }
        other => Err(Fault::new(Status::Usage, format!("unknown output format `{other}`")).hint("known: table, json")),
    }
}
