//! What a run and its workers say to each other: JSON behind its length, with open files beside it.
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read as _, Write as _};
use std::mem::MaybeUninit;
use std::os::fd::BorrowedFd;
use std::os::unix::net::UnixStream;

use interdict_model::Locator;
use interdict_rules::Contents;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::isolation::Isolation;
use crate::limits::Limits;
use crate::trace::Fault;
use crate::yielded::Yielded;

/// What a worker is told first; with it the shared numbers and, where there is one, the scratch file.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hello<'a> {
    /// What to recognise, where it is not what every worker has in it.
    pub(crate) pack: Option<Cow<'a, Contents>>,
    pub(crate) limits: Limits,
    pub(crate) all_evidence: bool,
    pub(crate) strict: bool,
    pub(crate) without_ways: bool,
    /// Whether there are files to hold against documents.
    pub(crate) is_compared: bool,
    pub(crate) has_scratch: bool,
    /// Why there is no scratch file: the system's number.
    pub(crate) no_scratch: Option<i32>,
}

/// One file to look at; it comes with it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job<'a> {
    pub(crate) locator: Cow<'a, Locator>,
    pub(crate) owned_path: Cow<'a, str>,
    pub(crate) is_target: bool,
    /// Whether nothing is asked but which names are in it.
    pub(crate) is_listed: bool,
    pub(crate) in_pairs: bool,
    pub(crate) faults: Vec<Fault>,
}

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// It is there, so contained.
    Ready(Isolation),
    /// What the file gave.
    Done(Box<Yielded>),
}

/// Files that come with one frame, at most.
const FILES: usize = 2;
/// What is read at once, so that no stated length makes room that no byte fills.
const PIECE: u64 = 1 << 20;

/// Says something.
pub(crate) fn send(socket: &UnixStream, what: &impl Serialize, files: &[BorrowedFd<'_>]) -> io::Result<()> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, what)?;
    let length = u32::try_from(frame.len() - 4).map_err(io::Error::other)?;
    for (byte, of) in frame.iter_mut().zip(length.to_le_bytes()) {
        *byte = of;
    }
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FILES))];
    let mut beside = SendAncillaryBuffer::new(&mut space);
    if !files.is_empty() && !beside.push(SendAncillaryMessage::ScmRights(files)) {
        return Err(io::Error::other("too many files for one frame"));
    }
    let sent = sendmsg(socket, &[IoSlice::new(&frame)], &mut beside, SendFlags::NOSIGNAL)?;
    (&mut &*socket).write_all(frame.get(sent..).unwrap_or_default())
}

/// Hears something, with the files that come with it. `None` where nobody is there any more.
pub(crate) fn receive<T: DeserializeOwned>(mut socket: &UnixStream) -> io::Result<Option<(T, Vec<File>)>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FILES))];
    let mut beside = RecvAncillaryBuffer::new(&mut space);
    let mut head = [0; 4];
    let got = recvmsg(socket, &mut [IoSliceMut::new(&mut head)], &mut beside, RecvFlags::CMSG_CLOEXEC)?;
    if got.bytes == 0 {
        return Ok(None);
    }
    if got.flags.contains(ReturnFlags::CTRUNC) {
        return Err(io::Error::other("more files than a frame has"));
    }
    let mut files = Vec::new();
    for message in beside.drain() {
        if let RecvAncillaryMessage::ScmRights(come) = message {
            files.extend(come.map(File::from));
        }
    }
    socket.read_exact(head.get_mut(got.bytes..).unwrap_or_default())?;
    let mut body = Vec::new();
    let length = u64::from(u32::from_le_bytes(head));
    if socket.take(length).read_to_end(&mut body)? as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((serde_json::from_slice(&body)?, files)))
}

/// Hears an answer of a worker, who may be anybody by now: so many bytes at most, and `wait` decides each time that nothing
/// comes whether to wait on.
pub(crate) fn answer(
    socket: &UnixStream,
    most: u64,
    wait: &mut dyn FnMut() -> io::Result<()>,
) -> io::Result<Option<Answer>> {
    let Some(head) = exactly(socket, 4, wait)? else { return Ok(None) };
    let length = head.try_into().map(u32::from_le_bytes).map_err(|_| io::Error::other("no length"))?;
    if u64::from(length) > most {
        return Err(io::Error::other("an answer longer than any may be"));
    }
    let Some(body) = exactly(socket, u64::from(length), wait)? else { return Ok(None) };
    Ok(Some(serde_json::from_slice(&body)?))
}

fn exactly(
    mut socket: &UnixStream,
    length: u64,
    wait: &mut dyn FnMut() -> io::Result<()>,
) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < length {
        let piece = (length - bytes.len() as u64).min(PIECE);
        let before = bytes.len();
        match io::Read::by_ref(&mut socket).take(piece).read_to_end(&mut bytes) {
            Ok(_) if (bytes.len() as u64) < length && (bytes.len() - before) as u64 != piece => return Ok(None),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => wait()?,
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd as _;

    use super::*;

    #[test]
    fn files_come_with_what_is_said() {
        let (one, two) = UnixStream::pair().unwrap();
        let file = tempfile::tempfile().unwrap();
        (&file).write_all(b"held").unwrap();
        let job = |name: &str| Job {
            locator: Cow::Owned(Locator::input(name.as_bytes())),
            owned_path: "/x".into(),
            is_target: true,
            is_listed: false,
            in_pairs: false,
            faults: Vec::new(),
        };
        let long = "x".repeat(1 << 20);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                send(&one, &job(&long), &[file.as_fd(), file.as_fd()]).unwrap();
                send(&one, &job("b"), &[]).unwrap();
            });
            let (first, files) = receive::<Job<'_>>(&two).unwrap().unwrap();
            assert_eq!((first.locator.as_str().len(), files.len()), (1 << 20, 2));
            assert_eq!(files[0].metadata().unwrap().len(), 4);
            let (second, files) = receive::<Job<'_>>(&two).unwrap().unwrap();
            assert_eq!((second.locator.as_str(), files.len()), ("b", 0));
        });
        drop(one);
        assert!(receive::<Job<'_>>(&two).unwrap().is_none());
    }

    #[test]
    fn an_answer_is_held_to_its_bounds() {
        let told = |bytes: &[u8], most| {
            let (one, two) = UnixStream::pair().unwrap();
            two.set_read_timeout(Some(std::time::Duration::from_millis(1))).unwrap();
            (&one).write_all(bytes).unwrap();
            let mut waited = 0;
            answer(&two, most, &mut || {
                waited += 1;
                if waited > 3 { Err(io::Error::other("waited in vain")) } else { Ok(()) }
            })
        };
        let full = [14_u32.to_le_bytes().as_slice(), br#"{"Ready":null}"#].concat();
        let good = [16_u32.to_le_bytes().as_slice(), br#"{"Ready":"full"}"#].concat();
        assert!(matches!(told(&good, 100), Ok(Some(Answer::Ready(Isolation::Full)))));
        assert!(told(&full, 100).is_err(), "no answer");
        assert!(told(&good, 15).is_err(), "too long");
        assert!(told(&[255, 255, 255, 127, 1], u64::MAX).unwrap_err().to_string().contains("in vain"));
        assert!(told(&good[..9], 100).unwrap_err().to_string().contains("in vain"));
    }
}
