//! Places in JSON by pointer: one pass that steps only where something is wanted.
use super::{Found, Wanted};
use crate::json::{Json, Kind, Read};

/// A container that was stepped into, how many of its items were met, and what is wanted in it.
struct Frame {
    is_object: bool,
    met: usize,
    wanted: Vec<usize>,
}

pub(super) fn find<'p>(text: &str, wanted: &[Wanted<'p>]) -> Found<'p> {
    let mut found = Found::new();
    // What was found before a fault stands.
    let _ = walk(&mut Json::new(text), wanted, &mut found);
    found
}

fn walk<'p>(json: &mut Json<'_>, wanted: &[Wanted<'p>], found: &mut Found<'p>) -> Read<()> {
    let mut stack: Vec<Frame> = Vec::new();
    enter(json, wanted, (0..wanted.len()).collect(), &mut stack, found)?;
    while let Some(frame) = stack.last_mut() {
        let step = if frame.is_object {
            json.key()?.map(std::borrow::Cow::into_owned)
        } else {
            frame.met += 1;
            json.item()?.then(|| (frame.met - 1).to_string())
        };
        let Some(step) = step else {
            stack.pop();
            continue;
        };
        let is_next = |at: &&usize| wanted.get(**at).and_then(|one| one.steps.get(stack.len() - 1)) == Some(&step);
        let inside: Vec<usize> =
            stack.last().into_iter().flat_map(|frame| &frame.wanted).filter(is_next).copied().collect();
        if inside.is_empty() {
            json.skip()?;
        } else {
            enter(json, wanted, inside, &mut stack, found)?;
        }
    }
    Ok(())
}

/// The value that comes next: what is wanted is this, or lies in it.
fn enter<'p>(
    json: &mut Json<'_>,
    wanted: &[Wanted<'p>],
    here: Vec<usize>,
    stack: &mut Vec<Frame>,
    found: &mut Found<'p>,
) -> Read<()> {
    let start = json.offset_of_value()?;
    let kind = json.kind()?;
    let is_container = matches!(kind, Kind::Object | Kind::Array);
    let (ends, inside): (Vec<usize>, Vec<usize>) =
        here.into_iter().partition(|at| wanted.get(*at).is_none_or(|one| one.steps.len() == stack.len()));
    let is_deeper = is_container && !inside.is_empty();
    if is_deeper {
        json.open()?;
        stack.push(Frame { is_object: kind == Kind::Object, met: 0, wanted: inside });
    } else {
        json.skip()?;
    }
    let end = if is_container { start } else { json.offset() };
    found.extend(ends.into_iter().filter_map(|at| Some((wanted.get(at)?.pointer, start..end))));
    Ok(())
}
