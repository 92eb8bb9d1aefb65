//! in-toto statements, one or many in a row: the predicate is opened, and a document that it holds as a text.
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Mark, Member, Members, Source, Unpacker, Unseen};
use serde_json::value::RawValue;

use crate::envelope::{Object, each, is_json_with, numbered, text, word};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "in-toto",
    revision: 1,
    title: "in-toto statement 0.1 and 1",
    limitations: &["that the subjects are the files which the predicate is about is not checked"],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    is_json_with(head, &[(Mark::InTotoPredicate, &["\"predicate\""])])
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let text = text(source.bytes);
    each(&text, &mut |number, statement| {
        if !statement.has("predicateType") || !statement.has("predicate") {
            return if number == 1 { Err(Malformed::NotThis) } else { Ok(ControlFlow::Continue(())) };
        }
        for (index, predicate) in statement.all("predicate").enumerate() {
            if index == 1 {
                let detail = "the predicate stands twice in its statement; both were opened".to_owned();
                members.anomaly(None, "duplicate-payload", detail);
            }
            let name = numbered("predicate", number);
            let name = if index == 0 { name } else { format!("{name}~{}", index + 1) };
            if open(members, &name, predicate).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// The predicate itself, and where cosign wraps a document into `Data`, that document.
fn open(members: &mut dyn Members, name: &str, predicate: &RawValue) -> ControlFlow<()> {
    let member = Member { name: name.as_bytes(), ..Member::default() };
    if let Some(word) = word(predicate) {
        return members.stored(&member, word.as_bytes());
    }
    if predicate.get() == "null" {
        members.unseen(&member, Unseen::new(GapReason::Missing, "the predicate is null").needing("the predicate"));
        return ControlFlow::Continue(());
    }
    let wrapped = Object::of(predicate).filter(|object| object.has("Data"));
    let Some(wrapped) = wrapped else { return members.stored(&member, predicate.get().as_bytes()) };
    if wrapped.0.iter().any(|(key, _)| !matches!(&**key, "Data" | "Timestamp")) {
        members.stored(&member, predicate.get().as_bytes())?;
    }
    for (index, data) in wrapped.all("Data").enumerate() {
        let name = if index == 0 { format!("{name}/Data") } else { format!("{name}/Data~{}", index + 1) };
        let member = Member { name: name.as_bytes(), ..Member::default() };
        match word(data) {
            Some(word) => members.stored(&member, word.as_bytes())?,
            None => members.stored(&member, data.get().as_bytes())?,
        }
    }
    ControlFlow::Continue(())
}
