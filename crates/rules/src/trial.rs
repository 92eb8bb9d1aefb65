//! A rule's own tests: what it must hold for, and what it must not.
use interdict_model::{At, FactKind, Locator, Needle, Observation, canonical};
use toml::{Spanned, Value};

use crate::conclude::Met;
use crate::needle::from_hex;
use crate::pack::{Contents, Pack};
use crate::rule::Rule;
use crate::source::RawRule;

/// The faults of a rule that its own tests show, each with its place.
pub(crate) fn trial(rule: &Rule, needles: &[Needle], raw: &RawRule) -> Vec<(usize, String)> {
    let mut pack = Contents { rules: vec![rule.clone()], ..Contents::default() };
    pack.needles = needles.iter().filter(|needle| asks_for(rule, &needle.name)).cloned().collect();
    let pack = Pack::from_contents(pack);
    let mut faults = Vec::new();
    for (list, name, expected) in [(&raw.holds, "holds", true), (&raw.fails, "fails", false)] {
        for case in list {
            match meets(&pack, rule, case) {
                Ok(met) if met != expected => {
                    let verb = if expected { "does not meet" } else { "meets" };
                    faults.push((case.span().start, format!("`{}` {verb} this case of its `{name}`", rule.id)));
                }
                Ok(_) => {}
                Err(message) => faults.push((case.span().start, message)),
            }
        }
    }
    faults
}

fn asks_for(rule: &Rule, needle: &str) -> bool {
    let lines = rule.when.iter().flat_map(|clause| &clause.lines);
    lines
        .filter(|line| line.kind == FactKind::Content)
        .filter_map(|line| line.test.whole_values())
        .any(|names| names.iter().any(|name| name == needle))
}

fn meets(pack: &Pack, rule: &Rule, case: &Spanned<Value>) -> Result<bool, String> {
    let things = match case.get_ref() {
        Value::Array(things) if rule.in_container => things.as_slice(),
        Value::Array(_) => return Err("a list of things belongs to a rule with `scope = \"container\"`".to_owned()),
        thing => std::slice::from_ref(thing),
    };
    let mut met = Vec::new();
    for (index, thing) in things.iter().enumerate() {
        let facts = thing.as_table().ok_or("a thing is a table of facts")?;
        let on = Locator::input(format!("case/{index}").as_bytes());
        for (kind, values) in facts {
            let kind = FactKind::named(kind).ok_or_else(|| format!("unknown fact kind `{kind}`"))?;
            let values = values.as_array().map_or(std::slice::from_ref(values), Vec::as_slice);
            for value in values {
                fact(pack, &on, kind, value, &mut met)?;
            }
        }
    }
    if rule.in_container {
        let all: Vec<&Met> = met.iter().collect();
        return Ok(!pack.conclude_within(&Locator::input(b"case"), &all).is_empty());
    }
    Ok(!pack.conclude(&met).is_empty())
}

fn fact(pack: &Pack, on: &Locator, kind: FactKind, value: &Value, met: &mut Vec<Met>) -> Result<(), String> {
    let before = met.len();
    let mut state = |value: &str, at: At<'_>| {
        pack.lines_met(kind, value, &mut |line| {
            let fact = interdict_model::Fact { kind, value: value.to_owned() };
            met.push(Met { line, seen: Observation { on: on.clone(), fact, at: at.into(), by: "trial".into() } });
        });
    };
    if kind != FactKind::Content {
        let text = value.as_str().ok_or_else(|| format!("`{}` takes a text", kind.name()))?;
        state(&canonical(kind, text), At::Whole);
        let meets_more = met.len() > before;
        // A value that meets a line must not be refused before it is normalised.
        if meets_more && !pack.may_meet(kind, text, false) {
            return Err(format!("`{}` = `{text}` is refused before it is normalised", kind.name()));
        }
        return Ok(());
    }
    let bytes = match value {
        Value::String(text) => text.clone().into_bytes(),
        Value::Table(table) => from_hex(table.get("bytes").and_then(Value::as_str).unwrap_or_default())?,
        _ => return Err("`content` takes a text or { bytes = \"…\" }".to_owned()),
    };
    pack.needles().search(&bytes, 4, &mut |hit| {
        if let Some(needle) = pack.needles().list().get(hit.needle) {
            state(&needle.name, At::Bytes(hit.start, hit.end));
        }
    });
    Ok(())
}
