//! A protobuf message written as the JSON that says the same: one walk with a stack of its own, in pieces.
use std::borrow::Cow;
use std::fmt::Write as _;

use interdict_model::{GapReason, Instant, Malformed, Sink, Unseen};

use super::schema::{Field, Kind, Message};
use super::wire::{Entry, Fault, Value, Wire};
use crate::ledger::Ledger;

/// Messages in messages; deeper ones become a gap.
const DEPTH: usize = 512;
/// A piece is handed on once it is this long and stands between two things of the outermost message.
const PIECE: usize = 4 << 20;
/// The longest piece; one thing that takes more is not read to its end.
const LONGEST: usize = 256 << 20;

/// A part of the document as JSON: an object whose first list, where it goes on with one, begins at this index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) json: &'a str,
    pub(crate) first: usize,
}

/// Writes a BOM as JSON and hands it on piece by piece; what is wrong on the way is told or returned.
pub(crate) fn transcode(
    bytes: &[u8],
    sink: &mut Sink<'_>,
    ledger: &mut Ledger,
    each: &mut dyn FnMut(Piece<'_>, &mut Sink<'_>, &mut Ledger),
) -> Option<Malformed> {
    in_pieces(bytes, PIECE, sink, ledger, each)
}

fn in_pieces(
    bytes: &[u8],
    size: usize,
    sink: &mut Sink<'_>,
    ledger: &mut Ledger,
    each: &mut dyn FnMut(Piece<'_>, &mut Sink<'_>, &mut Ledger),
) -> Option<Malformed> {
    let mut walk = Walk {
        wire: Wire { bytes },
        out: String::new(),
        stack: Vec::new(),
        fault: None,
        faults: 0,
        deep: 0,
        long: None,
    };
    walk.out.push_str("{\"bomFormat\":\"CycloneDX\"");
    walk.stack.push(Frame::over(walk.wire, Message::Bom, 0, bytes.len()));
    let mut first = 0;
    while walk.step(sink, ledger) {
        if walk.out.len() >= size && walk.stack.len() == 1 {
            first = walk.cut(first, sink, ledger, each);
        }
    }
    each(Piece { json: &walk.out, first }, sink, ledger);
    walk.settle(sink);
    walk.fault.map(|fault| malformed(fault, walk.faults))
}

fn malformed(fault: Fault, faults: u64) -> Malformed {
    let more = if faults > 1 { format!("; {} more places are broken", faults - 1) } else { String::new() };
    Malformed::at(place(fault.at), format!("expected {}{more}", fault.expected))
}

/// A message that was entered and not yet left.
#[derive(Debug)]
struct Frame {
    message: Message,
    at: usize,
    end: usize,
    /// The list that is being written, how many items of it were, and where to go on behind its first run.
    list: Option<&'static Field>,
    items: usize,
    back: usize,
    /// Lists whose items do not stand together, and lists that are written.
    scattered: u64,
    done: u64,
}

impl Frame {
    /// Looks over a message once, to learn which of its lists are scattered.
    fn over(wire: Wire<'_>, message: Message, start: usize, end: usize) -> Self {
        let (mut at, mut last, mut seen, mut scattered) = (start, 0, 0, 0);
        while let Some(Ok(entry)) = wire.entry(at, end) {
            if entry.number != last {
                scattered |= seen & bit(entry.number);
                seen |= bit(entry.number);
                last = entry.number;
            }
            at = entry.next;
        }
        Self { message, at: start, end, list: None, items: 0, back: 0, scattered, done: 0 }
    }
}

/// Numbers of known fields are below 64.
const fn bit(number: u32) -> u64 {
    if number < 64 { 1 << number } else { 0 }
}

struct Walk<'a> {
    wire: Wire<'a>,
    out: String,
    stack: Vec<Frame>,
    /// The first one, for others may follow from it, and how many there are.
    fault: Option<Fault>,
    faults: u64,
    /// Messages that lie too deep.
    deep: u64,
    /// Where a piece became too long.
    long: Option<usize>,
}

impl Walk<'_> {
    /// Reads one entry of the innermost message; false once the outermost one was left.
    fn step(&mut self, sink: &mut Sink<'_>, ledger: &mut Ledger) -> bool {
        let Some(frame) = self.stack.last_mut() else { return false };
        let Some(read) = self.wire.entry(frame.at, frame.end) else { return self.leave() };
        let entry = match read {
            Ok(entry) => entry,
            Err(fault) => {
                frame.at = frame.end;
                self.broken(fault);
                return true;
            }
        };
        if let Some(list) = frame.list {
            if entry.number == list.number {
                frame.at = entry.next;
                frame.items += 1;
                self.item(list, entry, sink, ledger);
            } else if frame.scattered & bit(list.number) != 0 {
                frame.at = entry.next;
            } else {
                self.close();
            }
            return true;
        }
        frame.at = entry.next;
        let message = frame.message;
        match message.numbered(entry.number) {
            Some(field) if field.is_list() => {
                if frame.done & bit(field.number) == 0 {
                    (frame.list, frame.items, frame.back) = (Some(field), 1, entry.next);
                    self.key(field.name);
                    self.out.push('[');
                    self.item(field, entry, sink, ledger);
                }
            }
            Some(Field { kind: Kind::Aside, .. }) => self.check(entry),
            Some(field) => self.member(field, entry, sink, ledger),
            None => {
                self.check(entry);
                let wrong = format!("field {} is none that is known of its message, {message:?}", entry.number);
                ledger.repair(sink, &place(entry.at), "", &wrong, "nothing");
            }
        }
        true
    }

    /// At the end of a message: closes its list, goes back to what stood between the items, or leaves it.
    fn leave(&mut self) -> bool {
        if self.stack.last().is_some_and(|frame| frame.list.is_some()) {
            self.close();
            return true;
        }
        self.stack.pop();
        self.out.push('}');
        true
    }

    fn close(&mut self) {
        let Some(frame) = self.stack.last_mut() else { return };
        if let Some(list) = frame.list.take() {
            self.out.push(']');
            frame.done |= bit(list.number);
            if frame.scattered & bit(list.number) != 0 {
                frame.at = frame.back;
            }
        }
    }

    fn key(&mut self, name: &str) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    /// A field that is no list; where its value is none, neither is the field.
    fn member(&mut self, field: &Field, entry: Entry, sink: &mut Sink<'_>, ledger: &mut Ledger) {
        let before = self.out.len();
        self.key(field.name);
        if !self.value(field, entry, sink, ledger) {
            self.out.truncate(before);
        }
    }

    fn item(&mut self, field: &Field, entry: Entry, sink: &mut Sink<'_>, ledger: &mut Ledger) {
        let before = self.out.len();
        if !self.out.ends_with('[') {
            self.out.push(',');
        }
        if !self.value(field, entry, sink, ledger) {
            self.out.truncate(before);
        }
    }

    /// Writes a value, or enters a message; false where there is nothing to write.
    fn value(&mut self, field: &Field, entry: Entry, sink: &mut Sink<'_>, ledger: &mut Ledger) -> bool {
        if self.out.len() >= LONGEST {
            self.long.get_or_insert(entry.at);
            return false;
        }
        let (start, end) = match entry.value {
            Value::Bytes(start, end) => (start, end),
            // What a message holds before it is cut short is read; half a text is none.
            Value::Cut(start) => {
                self.check(entry);
                match field.kind {
                    Kind::One(message) | Kind::Many(message) => self.enter(message, start, entry.next),
                    _ => return false,
                }
                return true;
            }
            Value::Varint(number) => return self.number(field, number, entry, sink, ledger),
            Value::Other => return wrong(field, entry, sink, ledger),
        };
        match field.kind {
            Kind::One(message) | Kind::Many(message) => self.enter(message, start, end),
            Kind::Text | Kind::Texts => {
                let text = String::from_utf8_lossy(self.wire.slice(start, end));
                if matches!(text, Cow::Owned(_)) {
                    let (wrong, assumed) =
                        ("a text with bytes that are no UTF-8", "the replacement character for each");
                    ledger.repair(sink, &place(entry.at), "", wrong, assumed);
                }
                quote(&mut self.out, &text);
            }
            Kind::Time => match time(self.wire, start, end) {
                Some(time) => quote(&mut self.out, &time.to_string()),
                None => return wrong(field, entry, sink, ledger),
            },
            Kind::Number | Kind::Flag | Kind::Word(_) | Kind::Aside => return wrong(field, entry, sink, ledger),
        }
        true
    }

    fn number(&mut self, field: &Field, number: u64, entry: Entry, sink: &mut Sink<'_>, ledger: &mut Ledger) -> bool {
        match field.kind {
            Kind::Number => {
                // Writing to a `String` cannot fail.
                let _ = write!(self.out, "{}", number.cast_signed());
            }
            Kind::Flag => self.out.push_str(if number == 0 { "false" } else { "true" }),
            Kind::Word(words) => match words.numbered(number) {
                Some("") => return false,
                Some(word) => quote(&mut self.out, word),
                None => {
                    let wrong = format!("{number} is no known word of `{}`", field.name);
                    ledger.repair(sink, &place(entry.at), "", &wrong, "the number as it is written");
                    quote(&mut self.out, &number.to_string());
                }
            },
            _ => return wrong(field, entry, sink, ledger),
        }
        true
    }

    fn enter(&mut self, message: Message, start: usize, end: usize) {
        if self.stack.len() >= DEPTH {
            self.deep += 1;
            self.out.push_str("{}");
            return;
        }
        self.out.push('{');
        self.stack.push(Frame::over(self.wire, message, start, end));
    }

    /// Remembers that a field is cut short.
    fn check(&mut self, entry: Entry) {
        if let Value::Cut(_) = entry.value {
            self.broken(Fault { at: entry.at, expected: "a field that ends inside its message" });
        }
    }

    fn broken(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
        self.faults += 1;
    }

    /// Hands on what is written and begins anew, where it was inside a list at the index that comes next.
    fn cut(
        &mut self,
        first: usize,
        sink: &mut Sink<'_>,
        ledger: &mut Ledger,
        each: &mut dyn FnMut(Piece<'_>, &mut Sink<'_>, &mut Ledger),
    ) -> usize {
        let list = self.stack.last().and_then(|frame| frame.list.map(|list| (list.name, frame.items)));
        self.out.push_str(if list.is_some() { "]}" } else { "}" });
        each(Piece { json: &self.out, first }, sink, ledger);
        self.out.clear();
        self.out.push('{');
        list.map_or(0, |(name, items)| {
            self.key(name);
            self.out.push('[');
            items
        })
    }

    fn settle(&self, sink: &mut Sink<'_>) {
        if self.deep > 0 {
            let detail = format!("{} messages are nested deeper than {DEPTH}", self.deep);
            sink.gap(Unseen::new(GapReason::OverLimit, detail).needing("a flatter document"));
        }
        if let Some(at) = self.long {
            let detail = format!("one thing takes more than {} MiB as JSON and was not read on", LONGEST >> 20);
            let end = u64::try_from(self.wire.bytes.len()).unwrap_or(u64::MAX);
            let gap = Unseen::new(GapReason::OverLimit, detail).over(u64::try_from(at).unwrap_or(end), end);
            sink.gap(gap.needing("a document in smaller parts"));
        }
    }
}

/// A value that its field cannot have.
fn wrong(field: &Field, entry: Entry, sink: &mut Sink<'_>, ledger: &mut Ledger) -> bool {
    let wrong = format!("`{}` has a wire type that is not its own", field.name);
    ledger.repair(sink, &place(entry.at), "", &wrong, "nothing");
    false
}

/// Where in the bytes something stands.
pub(crate) fn place(at: usize) -> String {
    format!("offset {at:#x}")
}

/// Seconds since 1970 in field 1; what is finer is left out.
fn time(wire: Wire<'_>, start: usize, end: usize) -> Option<Instant> {
    let (mut at, mut seconds) = (start, 0);
    while let Some(entry) = wire.entry(at, end) {
        let entry = entry.ok()?;
        if let (1, Value::Varint(number)) = (entry.number, entry.value) {
            seconds = number.cast_signed();
        }
        at = entry.next;
    }
    Instant::from_unix(seconds)
}

/// Writes a text as JSON does.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        out.push_str(text.get(from..at).unwrap_or_default());
        // Writing to a `String` cannot fail.
        let _ = match byte {
            b'"' | b'\\' => write!(out, "\\{}", char::from(byte)),
            _ => write!(out, "\\u{byte:04x}"),
        };
        from = at + 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out.push('"');
}

#[cfg(test)]
mod tests;
