//! Inno Setup installers (4.1 to 7): the files that they put into place, and the script that says where.
mod calls;
mod chunk;
mod header;

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::ops::ControlFlow;

use innospect::{DataEntry, DataFlag, Error, InnoInstaller};
use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::calls::Calls;
use crate::field::broken;
use crate::names::{odd, slashed};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "inno",
    revision: 1,
    title: "Inno Setup installer",
    limitations: &[
        "encrypted files are gaps",
        "files that lie in slices beside the installer are gaps",
        "installers before 4.1 are a gap, as is a script of more than 256 MiB",
        "a file that is installed under several names is offered under the first of them",
    ],
    accepts,
    unpack,
};

/// In front of the script.
pub(crate) const MARK: &[u8] = header::MARK;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"MZ") && memchr::memmem::find(head.bytes, header::MARK).is_some()
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    if !header::is_bounded(source.bytes) {
        let detail = "the installer's script is longer than 256 MiB, or asks for more memory than that";
        members.gap(Unseen::new(GapReason::OverLimit, detail));
        return Ok(());
    }
    let installer = match InnoInstaller::from_bytes(source.bytes) {
        Ok(installer) => installer,
        Err(Error::NotPe | Error::NotInnoSetup | Error::PeParseFailed { .. }) => return Err(Malformed::NotThis),
        Err(why) => return refused(&why, source.bytes, members),
    };
    if installer.header().is_none() {
        let (reason, what, needs) = if installer.encryption().is_some() {
            (GapReason::Encrypted, "its script is encrypted", "the installer's password")
        } else {
            (GapReason::Unsupported, "its script is of a version that is not read", "an unpacker of that version")
        };
        let detail = format!("an Inno Setup installer ({}); {what}", installer.version().marker_str());
        members.gap(Unseen::new(reason, detail).needing(needs));
        return Ok(());
    }
    let script = Member { name: b"setup.script", ..Member::default() };
    if members.streamed(&script, &mut installer.decompressed_setup0()).is_continue() {
        let _ = files(&installer, members);
    }
    Ok(())
}

fn refused(why: &Error, bytes: &[u8], members: &mut dyn Members) -> Result<(), Malformed> {
    let at = memchr::memmem::rfind(bytes, header::MARK).unwrap_or_default() as u64;
    let detail = format!("the installer's script cannot be read: {why}");
    if matches!(why, Error::UnsupportedVersion { .. } | Error::UnknownSetupLdrMagic { .. }) {
        members.gap(Unseen::new(GapReason::Unsupported, detail).over(at, bytes.len() as u64));
        return Ok(());
    }
    Err(broken(at, detail))
}

/// One file: what it is called, and where its bytes are.
struct File<'i> {
    name: Vec<u8>,
    entry: &'i DataEntry,
}

impl File<'_> {
    fn member(&self) -> Member<'_> {
        Member { name: &self.name, stated_size: Some(self.entry.original_size), ..Member::default() }
    }
}

/// The files of each chunk, in the order of their bytes in it.
fn files(installer: &InnoInstaller<'_>, members: &mut dyn Members) -> ControlFlow<()> {
    let mut names: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    for file in installer.files().iter().filter(|file| file.location_index != u32::MAX) {
        let name = if file.destination.is_empty() { &file.source } else { &file.destination };
        names.entry(file.location_index).or_insert_with(|| slashed(name.as_bytes().into()).into_owned());
    }
    let mut chunks: BTreeMap<(u32, u32), Vec<File<'_>>> = BTreeMap::new();
    for (entry, index) in installer.file_locations().iter().zip(0_u32..) {
        let name = names.remove(&index).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| format!("file-{index}").into_bytes());
        odd(members, &name);
        chunks.entry((entry.first_slice, entry.start_offset)).or_default().push(File { name, entry });
    }
    for files in chunks.values_mut() {
        files.sort_by_key(|file| file.entry.chunk_sub_offset);
        chunk(installer, files, members)?;
    }
    ControlFlow::Continue(())
}

/// Decodes a chunk once, and cuts its files out of it.
fn chunk(installer: &InnoInstaller<'_>, files: &[File<'_>], members: &mut dyn Members) -> ControlFlow<()> {
    let (mut at, mut stream): (u64, Option<Box<dyn io::Read + '_>>) = (0, None);
    let mut restarts = 0;
    for file in files {
        let (entry, member) = (file.entry, file.member());
        if stream.is_none() || entry.chunk_sub_offset < at {
            restarts += u32::from(stream.is_some());
            at = 0;
            stream = match chunk::open(installer, entry) {
                _ if restarts > RESTARTS => {
                    let detail = "overlaps others too often to be decoded again";
                    members.unseen(&member, Unseen::new(GapReason::OverLimit, detail));
                    continue;
                }
                Ok(opened) => Some(opened),
                Err(unseen) => {
                    members.unseen(&member, unseen);
                    continue;
                }
            };
        }
        let Some(reader) = stream.as_mut() else { continue };
        let skip = entry.chunk_sub_offset - at;
        let skipped = io::copy(&mut reader.take(skip.min(SKIPPED)), &mut io::sink()).unwrap_or_default();
        at += skipped;
        if skipped < skip {
            let detail = "the chunk that it is packed in breaks off before it";
            members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
            continue;
        }
        let mut part = reader.take(entry.original_size);
        let flow = if entry.flags.contains(&DataFlag::CallInstructionOptimized) {
            members.streamed(&member, &mut Calls::new(&mut part, installer.version()))
        } else {
            members.streamed(&member, &mut part)
        };
        let left = part.limit();
        at += entry.original_size - left;
        flow?;
        if left > 0 {
            // What a limit cut is gone past; what broke off says so on the next file.
            at += io::copy(&mut reader.take(left.min(SKIPPED)), &mut io::sink()).unwrap_or_default();
        }
    }
    ControlFlow::Continue(())
}

/// A chunk is decoded anew this often for files that lie before others.
const RESTARTS: u32 = 4;
/// So much is decoded at once only to come to a file.
const SKIPPED: u64 = 1 << 30;

/// Where its chunks lie, if it is an installer: what stands inside of them is not looked for.
pub(crate) fn chunks(bytes: &[u8]) -> Option<(usize, usize)> {
    let head = Head { bytes, name: "" };
    let installer = Some(bytes).filter(|_| accepts(&head) && header::is_bounded(bytes));
    let installer = InnoInstaller::from_bytes(installer?).ok().filter(|installer| installer.header().is_some())?;
    let begin = usize::try_from(installer.offset_table().offset_setup1).ok().filter(|begin| *begin > 0)?;
    let end = |file: &DataEntry| u64::from(file.start_offset).saturating_add(file.chunk_compressed_size);
    let length = installer.file_locations().iter().map(end).max().and_then(|length| usize::try_from(length).ok())?;
    Some((begin, begin.saturating_add(length).saturating_add(chunk::MAGIC.len())))
}
