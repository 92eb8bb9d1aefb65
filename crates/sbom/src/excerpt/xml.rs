//! Places in XML by the pointers that its reader gives: elements by name, items of a list by index, as deep as they are found.
use std::collections::BTreeMap;

use super::{Found, Wanted};
pub(super) use crate::xml::Source;
use crate::xml::{Event, Xml};

/// An element: where it begins, its children by name, and what is wanted in it.
struct Frame {
    at: usize,
    met: BTreeMap<String, usize>,
    wanted: Vec<usize>,
}

pub(super) fn find<'p>(bytes: &[u8], wanted: &[Wanted<'p>]) -> Found<'p> {
    let source = Source::of(bytes);
    let mut xml = Xml::new(&source, |_| ());
    let (mut stack, mut found): (Vec<Frame>, Found<'p>) = (Vec::new(), Found::new());
    // What was found before a fault stands.
    while let Ok(event) = xml.next() {
        match event {
            Event::Open(tag) => {
                let inside = within(&mut stack, wanted, tag.name);
                stack.push(Frame { at: tag.at, met: BTreeMap::new(), wanted: inside });
            }
            Event::Close => {
                let Some(frame) = stack.pop() else { continue };
                // The root is no step; whatever lies deeper was told already; a list is not its item that is not there.
                for one in frame.wanted.iter().filter_map(|at| wanted.get(*at)).filter(|_| !stack.is_empty()) {
                    let is_list = one.steps.get(stack.len()).is_some_and(|step| step.parse::<u64>().is_ok());
                    if !is_list {
                        found.entry(one.pointer).or_insert(frame.at..xml.offset());
                    }
                }
            }
            Event::Text(_) => {}
            Event::End => break,
        }
    }
    found
}

/// What of the parent's is wanted in the child of this name that comes next.
fn within(stack: &mut [Frame], wanted: &[Wanted<'_>], name: &str) -> Vec<usize> {
    let depth = stack.len();
    let Some(parent) = stack.last_mut() else { return (0..wanted.len()).collect() };
    if parent.wanted.is_empty() {
        return Vec::new();
    }
    let index = parent.met.entry(name.to_owned()).or_default();
    *index += 1;
    let index = (*index - 1).to_string();
    let is_next = |at: &&usize| {
        let step = wanted.get(**at).and_then(|one| one.steps.get(depth - 1));
        step.is_some_and(|step| step == name || *step == index)
    };
    parent.wanted.iter().filter(is_next).copied().collect()
}
