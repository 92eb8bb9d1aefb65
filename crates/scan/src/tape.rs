//! What a reader says, carried from its own thread to the one that hears it: some thousand words at a time, in their order.
use std::sync::Arc;
use std::sync::mpsc::{Receiver as Inlet, SyncSender, sync_channel};
use std::thread;

use interdict_model::{At, Declared, Document, FactKind, Part, Receiver, Scope, Sieve, Unseen};

use crate::pipeline::STACK;
use crate::record::{Asks, Record, after};
use crate::watch::Left;

/// Bytes of text and words on one strip, and strips under way: so far may who hears be behind.
const TEXT: usize = 256 << 10;
const WORDS: usize = 4096;
const UNDER_WAY: usize = 8;

/// Whoever hears several observers, one after the other.
pub(crate) trait Hearer: Receiver {
    /// From here on this observer speaks.
    fn turns_to(&mut self, by: &'static str);
}

impl Hearer for Record<'_> {
    fn turns_to(&mut self, by: &'static str) {
        self.seems = Some(by);
    }
}

/// A part of a strip's text.
#[derive(Clone, Copy)]
struct Piece(u32, u32);

enum Word {
    TurnsTo(&'static str),
    Fact { by: &'static str, on: Part, kind: FactKind, raw: Piece, at: Spot },
    Component(&'static str, Card),
    Depends(Piece, Piece),
    Stated(Piece, Piece),
    Document(&'static str, Box<Document>),
    Gap(&'static str, Box<Unseen>),
    Repair(&'static str, Box<[String; 3]>),
}

enum Spot {
    Whole,
    Bytes(u64, u64),
    Pointer(Piece, Piece),
}

/// A component, see [`Declared`].
#[expect(clippy::struct_excessive_bools, reason = "as in what it carries")]
struct Card {
    pointer: Piece,
    reference: Piece,
    name: Piece,
    version: Option<Piece>,
    purl: Option<Piece>,
    supplier: Option<Piece>,
    scope: Scope,
    /// From where to where among the strip's digests.
    digests: (usize, usize),
    is_subject: bool,
    is_file: bool,
    identified: bool,
    licensed: bool,
}

#[derive(Default)]
struct Strip {
    text: String,
    words: Vec<Word>,
    digests: Vec<(Piece, Piece)>,
}

impl Strip {
    fn put(&mut self, text: &str) -> Piece {
        // A text that would not be found again is longer than memory allows to read.
        let place = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let start = place(self.text.len());
        self.text.push_str(text);
        Piece(start, place(self.text.len()))
    }

    fn get(&self, piece: Piece) -> &str {
        self.text.get(piece.0 as usize..piece.1 as usize).unwrap_or_default()
    }

    /// Says it all to whom it is for.
    fn tell(&mut self, record: &mut Record<'_>) {
        let mut words = std::mem::take(&mut self.words);
        let mut digests = Vec::new();
        for word in words.drain(..) {
            match word {
                Word::TurnsTo(by) => record.turns_to(by),
                Word::Fact { by, on, kind, raw, at } => {
                    let at = match at {
                        Spot::Whole => At::Whole,
                        Spot::Bytes(start, end) => At::Bytes(start, end),
                        Spot::Pointer(base, field) => At::Pointer(self.get(base), self.get(field)),
                    };
                    record.fact(by, on, kind, self.get(raw), at);
                }
                Word::Component(by, card) => {
                    let (from, to) = card.digests;
                    let pieces = self.digests.get(from..to).unwrap_or_default();
                    digests.extend(pieces.iter().map(|(name, hex)| (self.get(*name), self.get(*hex))));
                    record.component(by, &self.declared(&card, &digests));
                    digests.clear();
                }
                Word::Depends(from, to) => record.depends(self.get(from), self.get(to)),
                Word::Stated(of, statement) => record.stated(self.get(of), self.get(statement)),
                Word::Document(by, document) => record.document(by, *document),
                Word::Gap(by, unseen) => record.gap(by, *unseen),
                Word::Repair(by, texts) => {
                    let [pointer, wrong, assumed] = *texts;
                    record.repair(by, pointer, wrong, assumed);
                }
            }
        }
        self.words = words;
        self.text.clear();
        self.digests.clear();
    }

    fn declared<'a>(&'a self, card: &Card, digests: &'a [(&'a str, &'a str)]) -> Declared<'a> {
        Declared {
            pointer: self.get(card.pointer),
            reference: self.get(card.reference),
            name: self.get(card.name),
            version: card.version.map(|piece| self.get(piece)),
            purl: card.purl.map(|piece| self.get(piece)),
            supplier: card.supplier.map(|piece| self.get(piece)),
            scope: card.scope,
            digests,
            is_subject: card.is_subject,
            is_file: card.is_file,
            identified: card.identified,
            licensed: card.licensed,
        }
    }
}

/// Runs a reader on a thread of its own and hears here what it says; where no thread is to be had, it speaks to the record itself.
pub(crate) fn apart<T: Default + Send>(
    record: &mut Record<'_>,
    read: &mut (dyn FnMut(&mut dyn Hearer) -> T + Send),
) -> T {
    let (to, said) = sync_channel::<Strip>(UNDER_WAY);
    let (back, blank) = sync_channel(UNDER_WAY);
    let mut tape = Tape { asks: record.asks(), next: record.graph.next(), strip: Strip::default(), to, blank };
    let told = thread::scope(|scope| {
        let read = &mut *read;
        let run = move || {
            let told = read(&mut tape);
            tape.pass_on();
            told
        };
        let reader = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).ok()?;
        for mut strip in said {
            strip.tell(record);
            // One that finds no room is given up.
            let _ = back.try_send(strip);
        }
        Some(reader.join().unwrap_or_default())
    });
    told.unwrap_or_else(|| read(record))
}

/// The reader's end.
pub(crate) struct Tape<'a> {
    asks: Asks<'a>,
    /// The number that the next component will have.
    next: Part,
    strip: Strip,
    to: SyncSender<Strip>,
    /// Strips that were told, to be written on again.
    blank: Inlet<Strip>,
}

impl Tape<'_> {
    fn say(&mut self, word: Word) {
        self.strip.words.push(word);
        if self.strip.text.len() >= TEXT || self.strip.words.len() >= WORDS {
            self.pass_on();
        }
    }

    fn pass_on(&mut self) {
        let blank = self.blank.try_recv().unwrap_or_default();
        if self.to.send(std::mem::replace(&mut self.strip, blank)).is_err() {
            // Nobody hears any more: whoever did was told to leave.
            Left::Stopped.leave();
        }
    }
}

impl Receiver for Tape<'_> {
    fn wants(&self, kind: FactKind) -> bool {
        self.asks.wants(kind)
    }

    fn sieve(&self) -> Option<Arc<Sieve>> {
        self.asks.sieve()
    }

    fn fact(&mut self, by: &'static str, on: Part, kind: FactKind, raw: &str, at: At<'_>) {
        let raw = self.strip.put(raw);
        let at = match at {
            At::Whole => Spot::Whole,
            At::Bytes(start, end) => Spot::Bytes(start, end),
            At::Pointer(base, field) => Spot::Pointer(self.strip.put(base), self.strip.put(field)),
        };
        self.say(Word::Fact { by, on, kind, raw, at });
    }

    fn component(&mut self, by: &'static str, declared: &Declared<'_>) -> Part {
        let strip = &mut self.strip;
        let from = strip.digests.len();
        for (name, hex) in declared.digests {
            let pair = (strip.put(name), strip.put(hex));
            strip.digests.push(pair);
        }
        let card = Card {
            pointer: strip.put(declared.pointer),
            reference: strip.put(declared.reference),
            name: strip.put(declared.name),
            version: declared.version.map(|text| strip.put(text)),
            purl: declared.purl.map(|text| strip.put(text)),
            supplier: declared.supplier.map(|text| strip.put(text)),
            scope: declared.scope,
            digests: (from, strip.digests.len()),
            is_subject: declared.is_subject,
            is_file: declared.is_file,
            identified: declared.identified,
            licensed: declared.licensed,
        };
        self.say(Word::Component(by, card));
        let part = self.next;
        self.next = after(part);
        part
    }

    fn depends(&mut self, from: &str, to: &str) {
        let word = Word::Depends(self.strip.put(from), self.strip.put(to));
        self.say(word);
    }

    fn stated(&mut self, of: &str, statement: &str) {
        let word = Word::Stated(self.strip.put(of), self.strip.put(statement));
        self.say(word);
    }

    fn document(&mut self, by: &'static str, document: Document) {
        self.say(Word::Document(by, Box::new(document)));
    }

    fn gap(&mut self, by: &'static str, gap: Unseen) {
        self.say(Word::Gap(by, Box::new(gap)));
    }

    fn repair(&mut self, by: &'static str, pointer: String, wrong: String, assumed: String) {
        self.say(Word::Repair(by, Box::new([pointer, wrong, assumed])));
    }
}

impl Hearer for Tape<'_> {
    fn turns_to(&mut self, by: &'static str) {
        self.say(Word::TurnsTo(by));
    }
}
