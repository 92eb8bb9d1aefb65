//! Messages of electronic mail (RFC 5322, MIME): every part is a member, attachments under their names.
mod part;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::part::{Fields, decoded};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "email",
    revision: 1,
    title: "e-mail message with attachments (.eml, MIME)",
    limitations: &[
        "encrypted parts are offered as they are",
        "of a mailbox, messages are parted by their `From ` lines",
    ],
    accepts,
    unpack,
};

/// Fields that messages have, one of which stands near the top.
const USUAL: [&[u8]; 6] =
    [b"MIME-Version:", b"Received:", b"Message-ID:", b"Return-Path:", b"Delivered-To:", b"Subject:"];
const LOOK: usize = 16 * 1024;
/// Parts in parts, and all parts of one message.
const DEEPEST: usize = 32;
const MOST: usize = 100_000;

fn accepts(head: &Head<'_>) -> bool {
    let look = head.bytes.get(..head.bytes.len().min(LOOK)).unwrap_or_default();
    let first = look.get(..memchr::memchr(b'\n', look).unwrap_or(look.len())).unwrap_or_default();
    let is_field = |line: &[u8]| {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        name.len() < line.len()
            && !name.is_empty()
            && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    let begins =
        |line: &[u8], name: &[u8]| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let lines = || look.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty());
    let has = |name: &[u8]| lines().any(|line| begins(line, name));
    let is_sent = has(b"From:") && USUAL.iter().filter(|name| has(name)).count() >= 2;
    (is_field(first) || first.starts_with(b"From ")) && (is_sent || (has(b"MIME-Version:") && has(b"Content-Type:")))
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    let messages: Vec<&[u8]> = messages(source.bytes).collect();
    let first = |index: usize| if messages.len() > 1 { format!("{}", index + 1) } else { String::new() };
    let mut waiting: Vec<(&[u8], String, usize)> =
        messages.iter().enumerate().rev().map(|(index, message)| (*message, first(index), 0)).collect();
    let (mut count, mut fault) = (0_usize, None);
    while let Some((bytes, path, depth)) = waiting.pop() {
        count += 1;
        let (fields, body) = Fields::split(bytes);
        // Not even the line without anything in it that ends a head.
        let ends = |mark: &[u8]| memchr::memmem::find(bytes, mark).is_some();
        if depth == 0 && !ends(b"\n\n") && !ends(b"\n\r\n") {
            let place = if path.is_empty() { "the message".to_owned() } else { format!("part {path}") };
            fault.get_or_insert_with(|| Malformed::at(place, "it breaks off in its head"));
        }
        if fields.is_many() {
            let (parts, is_closed) = part::parts(body, &fields.boundary());
            let place = || if path.is_empty() { "the message".to_owned() } else { format!("part {path}") };
            if depth >= DEEPEST || count >= MOST {
                let detail =
                    format!("parts lie more than {DEEPEST} deep, or are more than {MOST}; offered as they are");
                members.gap(Unseen::new(GapReason::OverLimit, detail));
            } else if !parts.is_empty() {
                if !is_closed {
                    fault.get_or_insert_with(|| Malformed::at(place(), "its last boundary is missing"));
                }
                let below = |index: usize| {
                    if path.is_empty() { format!("{}", index + 1) } else { format!("{path}.{}", index + 1) }
                };
                waiting.extend(parts.iter().enumerate().rev().map(|(index, part)| (*part, below(index), depth + 1)));
                continue;
            } else {
                fault.get_or_insert_with(|| Malformed::at(place(), "no boundary parts its parts; offered as they are"));
            }
        }
        let name = fields.name().unwrap_or_else(|| {
            let ending = fields.ending();
            format!("part-{}{ending}", if path.is_empty() { "1" } else { &path })
        });
        crate::names::odd(members, name.as_bytes());
        let member = Member { name: name.as_bytes(), ..Member::default() };
        let flow = match decoded(&fields, body) {
            Some(content) => members.streamed(&member, &mut content.as_slice()),
            None => members.stored(&member, body),
        };
        if flow.is_break() {
            return Ok(());
        }
    }
    fault.map_or(Ok(()), Err)
}

/// One message, or those of a mailbox.
fn messages(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut starts: Vec<usize> = Vec::new();
    if bytes.starts_with(b"From ") {
        starts.push(0);
        starts.extend(memchr::memmem::find_iter(bytes, b"\n\nFrom ").map(|at| at + 2).take(MOST));
    } else {
        starts.push(0);
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([bytes.len()]).collect();
    starts.into_iter().zip(ends).filter_map(move |(start, end)| {
        let message = bytes.get(start..end)?;
        let line = message.starts_with(b"From ").then(|| memchr::memchr(b'\n', message)).flatten();
        message.get(line.map_or(0, |line| line + 1)..)
    })
}
