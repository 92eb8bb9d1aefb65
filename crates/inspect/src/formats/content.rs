//! Needles in any bytes, and how many other anti-virus vendors stand beside them.
use std::sync::LazyLock;

use interdict_model::{
    At, Case, Encoding, FactKind, Head, Malformed, Needle, Needles, Observer, Sink, Source, Technique,
};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "content",
    revision: 1,
    title: "Any bytes: the strings that rules look for",
    limitations: &["Text that is compressed, encrypted or put together at run time is not seen."],
    technique: Technique::BinaryAnalysis,
    accepts,
    observe,
};

/// Places told of one needle in one artifact.
const PLACES: usize = 4;

fn accepts(_: &Head<'_>) -> bool {
    true
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of the port")]
fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let mut any = false;
    if sink.wants(FactKind::Content) {
        source.needles.search(source.bytes, PLACES, &mut |hit| {
            if let Some(needle) = source.needles.list().get(hit.needle) {
                any = true;
                sink.fact(FactKind::Content, &needle.name, At::Bytes(hit.start, hit.end));
            }
        });
    }
    if any && sink.wants(FactKind::OtherVendors) {
        sink.fact(FactKind::OtherVendors, &other_vendors(source.bytes).to_string(), At::Whole);
    }
    Ok(())
}

/// Other makers of anti-virus software, each with the spellings that lists of such makers use.
/// Names that are also common words count only with their case.
const VENDORS: &[(Case, &[&str])] = &[
    (Case::Fold, &["McAfee", "Trellix"]),
    (Case::Fold, &["Symantec", "Norton", "SymantecMobileInsight"]),
    (Case::Fold, &["Avast"]),
    (Case::Exact, &["AVG"]),
    (Case::Fold, &["Bitdefender", "BitDefenderTheta", "Softwin"]),
    (Case::Fold, &["ESET", "ESET-NOD32", "NOD32"]),
    (Case::Fold, &["Sophos", "SAVScan"]),
    (Case::Fold, &["Trend Micro", "TrendMicro", "TrendMicro-HouseCall"]),
    (Case::Fold, &["F-Secure", "FSecure", "WithSecure"]),
    (Case::Fold, &["Avira", "AntiVir", "H+BEDV"]),
    (Case::Exact, &["Panda", "PandaLabs", "Panda Security", "PANDA", "pavcl"]),
    (Case::Fold, &["DrWeb", "Dr.Web", "Doctor Web"]),
    (Case::Fold, &["ClamAV", "clamd", "clamscan"]),
    (Case::Fold, &["Malwarebytes"]),
    (Case::Fold, &["F-Prot", "FRISK", "Cyren", "Command Software"]),
    (Case::Fold, &["G Data", "GData", "G-Data"]),
    (Case::Fold, &["Emsisoft"]),
    (Case::Fold, &["Comodo"]),
    (Case::Fold, &["Fortinet", "FortiClient"]),
    (Case::Fold, &["Ikarus"]),
    (Case::Fold, &["Qihoo", "Qihoo-360", "360 Total Security"]),
    (Case::Fold, &["Quick Heal", "QuickHeal", "CAT-QuickHeal"]),
    (Case::Fold, &["VirusBuster", "VBA32", "VirusBlokAda"]),
    (Case::Fold, &["CrowdStrike"]),
    (Case::Fold, &["SentinelOne"]),
    (Case::Fold, &["ZoneAlarm"]),
    (Case::Fold, &["AhnLab", "AhnLab-V3"]),
    (Case::Fold, &["Rising Antivirus", "K7AntiVirus", "K7GW"]),
    (Case::Fold, &["Webroot"]),
    (Case::Fold, &["Microsoft Security Essentials", "Windows Defender", "MsMpEng"]),
];

static SPELLINGS: LazyLock<Needles> = LazyLock::new(|| {
    let spell = |index: usize, case: Case, spelling: &&str| Needle {
        name: index.to_string(),
        bytes: spelling.as_bytes().to_vec(),
        encodings: vec![Encoding::Bytes, Encoding::Utf16Le],
        case,
        word: true,
        at: None,
        then: None,
        line: false,
    };
    let vendors = VENDORS.iter().enumerate();
    Needles::new(vendors.flat_map(|(i, (case, names))| names.iter().map(move |name| spell(i, *case, name))).collect())
});

/// How many of [`VENDORS`] these bytes name.
fn other_vendors(bytes: &[u8]) -> usize {
    let mut named = vec![false; VENDORS.len()];
    SPELLINGS.search(bytes, 1, &mut |hit| {
        let vendor = SPELLINGS.list().get(hit.needle).and_then(|needle| needle.name.parse::<usize>().ok());
        if let Some(named) = vendor.and_then(|vendor| named.get_mut(vendor)) {
            *named = true;
        }
    });
    named.iter().filter(|named| **named).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_count_once_and_as_words() {
        for (bytes, count) in [
            (&b"Kaspersky, Bitdefender, BITDEFENDER and mcafee; avg of 3; pandas; eset"[..], 3),
            (b"A\0v\0a\0s\0t\0, AVG \xff Norton/Symantec", 3),
            (b"Avastish xMcAfee", 0),
            (b"", 0),
        ] {
            assert_eq!(other_vendors(bytes), count, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
