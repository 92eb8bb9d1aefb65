//! Planted faults, in debug builds only: artifacts that begin with these words are read as a broken reader would.
use std::hint::black_box;
use std::io::{self, Read};
use std::net::{TcpStream, UdpSocket};
#[cfg(unix)]
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use std::{fs, thread};

use interdict_model::{At, FactKind, Head, Malformed, Member, Members, Observer, Sink, Source, Technique, Unpacker};

/// Then a word for what is to happen, and lines of names that are told of before.
const FAULT: &[u8] = b"interdict planted fault: ";
/// Then such a word, and a line for each member; what is to happen happens while the second member is taken in.
const CONTAINER: &[u8] = b"interdict planted container: ";

static MUTE: Mutex<&str> = Mutex::new("");

/// From now on the reader of this id says nothing in this process, as if its work were lost; none does of the empty one.
pub fn mute(id: &'static str) {
    *MUTE.lock().unwrap_or_else(PoisonError::into_inner) = id;
}

pub(crate) fn is_mute(id: &str) -> bool {
    *MUTE.lock().unwrap_or_else(PoisonError::into_inner) == id
}

/// What a read does instead of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It fails.
    Fails,
    /// It is interrupted, and can be begun again.
    Interrupted,
    /// It gives one byte where more are there.
    Short,
    /// It gives something else.
    Changed,
    /// Of a file: it says that nothing more is there.
    Ended,
}

/// What is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    File,
    Decoder,
}

/// Reads that go well until then, and what happens then.
static BREAK: Mutex<Option<(u64, Fault)>> = Mutex::new(None);

/// The read after so many others goes wrong in this process; says whether the one that was asked for before did.
pub fn break_read(fault: Option<(u64, Fault)>) -> bool {
    let before = std::mem::replace(&mut *BREAK.lock().unwrap_or_else(PoisonError::into_inner), fault);
    before.is_none()
}

/// Whether this read goes wrong, and how.
pub(crate) fn struck(of: Reading) -> Option<Fault> {
    let mut planned = BREAK.lock().unwrap_or_else(PoisonError::into_inner);
    let (left, fault) = (*planned)?;
    if fault == Fault::Ended && of == Reading::Decoder {
        return None;
    }
    *planned = left.checked_sub(1).map(|left| (left, fault));
    planned.is_none().then_some(fault)
}

impl Fault {
    pub(crate) fn read(self, from: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Fails => Err(io::Error::other("planted")),
            Self::Interrupted => Err(io::ErrorKind::Interrupted.into()),
            Self::Short => from.read(buffer.get_mut(..1).unwrap_or_default()),
            Self::Ended => Ok(0),
            Self::Changed => {
                let read = from.read(buffer)?;
                buffer.iter_mut().take(read).for_each(|byte| *byte ^= 0xa5);
                Ok(read)
            }
        }
    }
}

pub(crate) const OBSERVER: Observer = Observer {
    id: "planted-fault",
    revision: 1,
    title: "Planted faults, for tests",
    limitations: &[],
    technique: Technique::Other,
    accepts: |head| is(head, FAULT),
    observe,
};

pub(crate) const UNPACKER: Unpacker = Unpacker {
    id: "planted-container",
    revision: 1,
    title: "Planted faults in decoders, for tests",
    limitations: &[],
    accepts: |head| is(head, CONTAINER),
    unpack,
};

fn is(head: &Head<'_>, mark: &[u8]) -> bool {
    head.starts_with(mark)
}

fn lines(bytes: &[u8], mark: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes.strip_prefix(mark).unwrap_or_default());
    text.lines().map(str::to_owned).collect()
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let lines = lines(source.bytes.get(..1024).unwrap_or(source.bytes), FAULT);
    let (word, names) = lines.split_first().ok_or(Malformed::NotThis)?;
    for name in names {
        sink.fact(FactKind::DefinedSymbol, name, At::Whole);
    }
    if word == "escape" {
        return Err(Malformed::at("everywhere", format!("what it got away with: {:?}", escapes())));
    }
    happen(word, source.bytes);
    Ok(())
}

/// What a reader that serves somebody else would try, as far as it succeeded.
#[expect(clippy::disallowed_methods, reason = "this is what a reader must never do")]
fn escapes() -> Vec<&'static str> {
    let tried = [
        ("reading a file", fs::read("/proc/self/status").is_ok()),
        ("listing a folder", fs::read_dir("/").is_ok()),
        ("writing a file", fs::File::create("/dev/null").is_ok()),
        ("starting a program", Command::new("/bin/sh").arg("-c").arg(":").status().is_ok()),
        ("a socket", UdpSocket::bind("127.0.0.1:0").is_ok()),
        (
            "a connection",
            TcpStream::connect("127.0.0.1:9").is_err_and(|why| why.kind() != io::ErrorKind::PermissionDenied),
        ),
        #[cfg(unix)]
        ("a socket of this machine", UnixDatagram::unbound().is_ok()),
    ];
    tried.into_iter().filter_map(|(what, did)| did.then_some(what)).collect()
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let lines = lines(source.bytes, CONTAINER);
    let (word, lines) = lines.split_first().ok_or(Malformed::NotThis)?;
    for (index, line) in lines.iter().enumerate() {
        let name = index.to_string();
        let member = Member { name: name.as_bytes(), ..Member::default() };
        let mut decoder = Decoder { left: line.as_bytes(), word: if index == 1 { word } else { "" } };
        if members.streamed(&member, &mut decoder).is_break() {
            break;
        }
    }
    Ok(())
}

/// Gives a line, and then what is to happen.
struct Decoder<'a> {
    left: &'a [u8],
    word: &'a str,
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.is_empty() {
            happen(self.word, &[]);
        }
        self.left.read(buffer)
    }
}

#[expect(clippy::exit, clippy::panic, reason = "this is what a broken reader does")]
fn happen(word: &str, bytes: &[u8]) {
    match word {
        "panic" => panic!("planted"),
        "abort" => std::process::abort(),
        "exit" => std::process::exit(7),
        "overflow" => drop(black_box(deeper(black_box(1)))),
        "loop" => loop {
            thread::sleep(Duration::from_millis(1));
        },
        "memory" => {
            let mut held: Vec<Vec<u8>> = Vec::new();
            loop {
                held.push(black_box(vec![1; 16 << 20]));
            }
        }
        // Until the file is cut short, and then never more.
        "touch" => loop {
            black_box(bytes.iter().rev().step_by(4096).fold(0_u64, |sum, byte| sum + u64::from(*byte)));
            thread::sleep(Duration::from_millis(1));
        },
        _ => {}
    }
}

fn deeper(depth: u64) -> u64 {
    let room = black_box([depth; 64]);
    if depth == u64::MAX { 0 } else { deeper(black_box(depth + 1)) + room.iter().sum::<u64>() }
}
