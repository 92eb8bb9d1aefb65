//! Certificates in files of their own, in DER or in text, one or a whole bundle: whom they name, and nothing signed.
use interdict_model::{GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen};

use crate::armour;
use crate::certificate::{Certificate, Role};
use crate::der::Node;

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "certificate",
    revision: 1,
    title: "X.509 certificates in files of their own, DER and PEM",
    limitations: &["Key stores with a password (PKCS#12, Java) are not opened."],
    technique: Technique::Other,
    accepts,
    observe,
};

const LABELS: &[&str] = &["CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE"];
/// Certificates told of one bundle.
const MOST: usize = 65_536;

fn accepts(head: &Head<'_>) -> bool {
    alone(head.bytes).is_some() || LABELS.iter().any(|label| armour::begins_with(head.bytes, label))
}

/// A certificate that is the whole file, or was before it was cut.
fn alone(bytes: &[u8]) -> Option<Certificate> {
    if !bytes.starts_with(b"\x30\x82") && !bytes.starts_with(b"\x30\x81") {
        return None;
    }
    let node = Node::read(bytes, 0, bytes.len())?;
    Certificate::at(bytes, node).filter(|found| found.is_named(bytes))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if let Some(certificate) = alone(bytes) {
        certificate.state(bytes, Role::Stands, sink);
        if certificate.node().is_cut {
            sink.gap(Unseen::new(GapReason::Malformed, "the certificate is longer than the file"));
        }
        return Ok(());
    }
    let mut count = 0_usize;
    let (mut broken, mut shortened) = (0_usize, 0_usize);
    for block in LABELS.iter().flat_map(|label| armour::blocks(bytes, label)).take(MOST) {
        count += 1;
        let node = Node::read(&block.bytes, 0, block.bytes.len());
        let certificate = node.and_then(|node| Certificate::at(&block.bytes, node));
        if let Some(certificate) = certificate {
            certificate.state_at(&block.bytes, Role::Stands, Some((block.start, block.len)), sink);
        }
        if block.is_cut && block.is_closed {
            shortened += 1;
        } else {
            broken += usize::from(certificate.is_none() || block.is_cut);
        }
    }
    if count == 0 {
        return Err(Malformed::NotThis);
    }
    if shortened > 0 {
        let wrong = format!("of {shortened} certificates, a part was left out before the line that ends them");
        sink.repair("", wrong, "what stands there was read");
    }
    if broken > 0 {
        sink.gap(Unseen::new(GapReason::Malformed, format!("{broken} of {count} certificates cannot be read")));
    }
    if count == MOST {
        sink.gap(Unseen::new(GapReason::OverLimit, format!("more than {MOST} certificates")));
    }
    Ok(())
}
