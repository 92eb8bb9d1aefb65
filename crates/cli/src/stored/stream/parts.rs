//! The findings of a large report, read on more than one thread.
use std::sync::{Mutex, PoisonError};
use std::{str, thread};

use interdict_model::Finding;
use memchr::memmem;
use serde::de::Error as _;
use serde_json::{Error, Result};

use super::Pieces;

/// Where our writer ends one finding and begins the next. A text has no bare end of a line in it, so that this stands between
/// values only; what it parts in somebody else's file is read as a list of findings all the same, or refused.
const BETWEEN: &[u8] = b"\n    },\n    {";
/// How much of it belongs to the one before.
const OF_THE_FIRST: usize = b"\n    }".len();
/// Where our writer ends the list.
const END: &[u8] = b"\n  ]";
/// More threads than this wait for the disk.
const THREADS: usize = 4;

/// Findings of one part, and which part that is.
type Part = (usize, Vec<Finding>);

/// Of the list that goes on here, all but its last findings; none of a list that is not written as ours are.
pub(super) fn read(pieces: &mut Pieces<'_>, findings: &mut Vec<Finding>) -> Result<()> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    let rest = &Mutex::new((0, pieces));
    let parts: Vec<Result<Vec<Part>>> = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(move || shared_out(rest))).collect();
        let own = shared_out(rest);
        let ended = |_| Err(Error::custom("a reader of findings ended early"));
        others.into_iter().map(|other| other.join().unwrap_or_else(ended)).chain([own]).collect()
    });
    let mut parts: Vec<Part> = parts.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    parts.sort_unstable_by_key(|(at, _)| *at);
    findings.reserve(parts.iter().map(|(_, part)| part.len()).sum());
    for (_, part) in &mut parts {
        findings.append(part);
    }
    Ok(())
}

/// What one thread gets of it.
fn shared_out(rest: &Mutex<(usize, &mut Pieces<'_>)>) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    let mut text = Vec::new();
    loop {
        let at = {
            let mut rest = rest.lock().unwrap_or_else(PoisonError::into_inner);
            if !rest.1.part(&mut text)? {
                return Ok(parts);
            }
            rest.0 += 1;
            rest.0
        };
        let text = str::from_utf8(&text).map_err(Error::custom)?;
        parts.push((at, serde_json::from_str(text)?));
    }
}

impl Pieces<'_> {
    /// The next findings as a list of their own, where another stands behind them.
    fn part(&mut self, text: &mut Vec<u8>) -> Result<bool> {
        while self.rest().len() < self.bytes.len() / 2 && !self.is_last {
            self.more()?;
        }
        let rest = self.rest();
        let list = memmem::find(rest, END).and_then(|end| rest.get(..end)).unwrap_or(rest);
        let end = memmem::rfind(list, BETWEEN).map(|at| at + OF_THE_FIRST);
        let Some(end) = end.filter(|_| list.trim_ascii_start().starts_with(b"{")) else { return Ok(false) };
        text.clear();
        text.push(b'[');
        text.extend_from_slice(list.get(..end).unwrap_or_default());
        text.push(b']');
        // The comma too.
        self.start += end + 1;
        Ok(true)
    }
}
