//! What dpkg and opkg keep of packages: control files, the list of what is installed, the lists of files.
mod paragraph;

use interdict_model::{FactKind, Head, Malformed, Observer, Part, Sink, Source, Technique};
use memchr::memmem;

use self::paragraph::Paragraph;
use crate::fields::{Value, lines, pair};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "deb-control",
    revision: 1,
    title: "Control files of Debian and OpenWrt packages, dpkg's list of installed ones and their lists of files",
    limitations: &[
        "Packages that an index only offers, and those that are not installed, are no facts.",
        "What a package conflicts with, breaks or replaces is no fact.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

/// Bytes looked at to tell a control file from other text.
const LOOK: usize = 16 * 1024;

fn accepts(head: &Head<'_>) -> bool {
    is_file_list(head) || is_sums(head) || is_control(head.bytes)
}

/// The first lines are fields, and those that every package has are among them.
fn is_control(bytes: &[u8]) -> bool {
    let look = bytes.get(..LOOK.min(bytes.len())).unwrap_or_default().trim_ascii_start();
    let begins = |key: &[u8]| look.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key));
    if !begins(b"Package:") && !begins(b"Source:") {
        return false;
    }
    let first = look.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty());
    let wanted: [&[u8]; 5] = [b"Version:", b"Architecture:", b"Maintainer:", b"Status:", b"Depends:"];
    first
        .into_iter()
        .any(|line| wanted.iter().any(|key| line.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key))))
}

/// `info/NAME.list`: a path a line, from the root on.
fn is_file_list(head: &Head<'_>) -> bool {
    let is_named = head.name.rsplit_once('.').is_some_and(|(_, ending)| ending == "list");
    is_named && (head.starts_with(b"/.\n") || (head.starts_with(b"/") && !head.bytes.contains(&b' ')))
}

/// `md5sums`: a digest and a path a line.
fn is_sums(head: &Head<'_>) -> bool {
    head.name.ends_with("md5sums") && lines(head.bytes).next().is_some_and(|(_, line)| sum(line).is_some())
}

fn sum(line: &[u8]) -> Option<(usize, usize)> {
    let path = line.get(32..)?.trim_ascii_start();
    let is_digest = line.get(..32)?.iter().all(u8::is_ascii_hexdigit) && !path.is_empty();
    is_digest.then(|| (32, line.len() - path.len()))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if is_file_list(&source.head()) {
        sink.seen();
        for (at, line) in lines(bytes).filter(|(_, line)| line.len() > 2) {
            Value::new(bytes, at, at + line.len()).tell(Part::WHOLE, FactKind::OwnedPath, sink);
        }
        return Ok(());
    }
    if is_sums(&source.head()) {
        sink.seen();
        for (at, line) in lines(bytes) {
            let Some((digest, path)) = sum(line) else { continue };
            Value::new(bytes, at, at + digest).tell(Part::WHOLE, FactKind::Md5, sink);
            let path = Value::new(bytes, at + path, at + line.len());
            let from_root = format!("/{}", path.text.trim_start_matches(['.', '/']));
            sink.fact(FactKind::OwnedPath, &from_root, path.at());
        }
        return Ok(());
    }
    if !is_control(bytes) {
        return Err(Malformed::NotThis);
    }
    sink.seen();
    paragraphs(bytes, sink);
    Ok(())
}

fn paragraphs(bytes: &[u8], sink: &mut Sink<'_>) {
    // One package is the file itself; of several, each is a component.
    let body = bytes.trim_ascii();
    let is_single = [b"\n\n".as_slice(), b"\n\r\n", b"\nStatus:"].iter().all(|mark| memmem::find(body, mark).is_none());
    let (mut paragraph, mut number, mut odd) = (Paragraph::default(), 0, 0_u64);
    for (at, line) in lines(bytes).chain([(bytes.len(), b"".as_slice())]) {
        if line.trim_ascii().is_empty() {
            if !paragraph.is_empty() {
                paragraph.tell(is_single, number, sink);
                number += 1;
            }
            paragraph = Paragraph::default();
        } else if line.first().is_some_and(|first| matches!(first, b' ' | b'\t')) {
            paragraph.more(bytes, at, at + line.len());
        } else if let Some((key, value)) = pair(bytes, at, line, b':') {
            paragraph.push(key.to_ascii_lowercase(), value);
        } else if !line.starts_with(b"#") {
            odd += 1;
        }
    }
    if odd > 0 {
        sink.repair("", format!("{odd} lines are neither fields nor continue one"), "they were passed over");
    }
}
