//! Documents that carry files.
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use super::{Out, base64};

/// A compound file of one stream.
pub(super) fn compound(name: &str, inside: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory takes it");
    let mut stream = file.create_stream(format!("/{name}")).expect("memory takes it");
    stream.write_all(inside).expect("memory takes it");
    drop(stream);
    file.flush().expect("memory takes it");
    file.into_inner().into_inner()
}

pub(super) fn dsse(_: &str, inside: &[u8]) -> Vec<u8> {
    let payload = base64(inside, "");
    format!(
        "{{\"payloadType\":\"application/octet-stream\",\"payload\":\"{payload}\",\"signatures\":[{{\"sig\":\"AAAA\"}}]}}\n"
    )
    .into_bytes()
}

/// A document of no pages with one attachment.
pub(super) fn pdf(name: &str, inside: &[u8]) -> Vec<u8> {
    let objects = [
        Out::default().put("<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a) 3 0 R] >> >> >>"),
        Out::default().put("<< /Type /Pages /Kids [] /Count 0 >>"),
        Out::default().put(format!("<< /Type /Filespec /F ({name}) /UF ({name}) /EF << /F 4 0 R >> >>")),
        Out::default()
            .put(format!("<< /Type /EmbeddedFile /Length {} >>\nstream\n", inside.len()))
            .put(inside)
            .put("\nendstream"),
    ];
    let mut out = Out::default().put("%PDF-1.7\n%\u{e2}\u{e3}\n");
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", out.0.len());
        out = out.put(format!("{} 0 obj\n", number + 1)).put(&object.0).put("\nendobj\n");
    }
    let at = out.0.len();
    out.put(table).put(format!("trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n")).0
}
