//! Which witness would confirm a finding that is not certain, and which would clear it, by the facts that it rests on.
use std::collections::BTreeSet;

use interdict_model::{FactKind, Finding, Observation};

use crate::inert;
use crate::view::{facts, is_unsettled};

/// What a fact of some kind leaves open: the witness that would confirm it, and the one that would clear it.
struct Open {
    kinds: &'static [FactKind],
    confirms: &'static str,
    clears: &'static str,
}

const OPEN: &[Open] = &[
    Open {
        kinds: &[FactKind::FileName, FactKind::OwnedPath],
        confirms: "the file's own bytes: a version resource, soname or export module of the vendor's, its signature, or its signature block behind the program",
        clears: "a file of that name whose version resource and signer are somebody else's",
    },
    Open {
        kinds: &[FactKind::TypeName, FactKind::Namespace, FactKind::DefinedSymbol, FactKind::Export],
        confirms: "a second trace in the same file: entry points or messages of the SDK, the vendor's signer, or the version resource",
        clears: "the project whose own names these are: its source, its header, or debug data that say where they were built",
    },
    Open {
        kinds: &[FactKind::UndefinedSymbol, FactKind::Import, FactKind::NeededLibrary],
        confirms: "the library that is asked for, beside the program or in its installer",
        clears: "a library of that name that another maker signed or packaged",
    },
    Open {
        kinds: &[FactKind::Content, FactKind::Host, FactKind::Overlay, FactKind::Resource],
        confirms: "structure in the same file: symbols, types or classes of the vendor's, an import of its library, its signer, or the same build with its symbols",
        clears: "the source that puts this text there: a list of many vendors, a message of its own, a rule that looks for it",
    },
    Open {
        kinds: &[FactKind::DefinedClass, FactKind::ReferencedClass, FactKind::ManifestName, FactKind::Permission],
        confirms: "definitions of the vendor's classes in what is delivered, its native libraries, or its data files among the assets",
        clears: "the mapping of the obfuscator, which says what the classes were called",
    },
    Open {
        kinds: &[
            FactKind::CompanyName,
            FactKind::ProductName,
            FactKind::FileDescription,
            FactKind::OriginalFileName,
            FactKind::LegalCopyright,
            FactKind::ForeignCopyright,
        ],
        confirms: "a signature by the vendor that was made for this file: a version resource is text that anybody can write",
        clears: "a signature by another maker, or a build script that writes these texts",
    },
    Open {
        kinds: &[
            FactKind::SignerSubject,
            FactKind::SignerProgram,
            FactKind::SignerIssuer,
            FactKind::SignerSerial,
            FactKind::CertificateSubject,
            FactKind::CertificateSerial,
            FactKind::CertificateRegistryNumber,
        ],
        confirms: "the certificate's digest among the vendor's, or a signature of it that was made for this file",
        clears: "the certificate's chain: who issued it, and to whom",
    },
    Open {
        kinds: &[FactKind::RegistryKey, FactKind::ServiceName, FactKind::DebugPath, FactKind::RunPath],
        confirms: "the files that are put there or that the service starts, in the same package",
        clears: "the script or program that only asks for it, to find out what is installed",
    },
    Open {
        kinds: &[
            FactKind::Name,
            FactKind::Supplier,
            FactKind::Publisher,
            FactKind::Manufacturer,
            FactKind::Author,
            FactKind::Copyright,
            FactKind::Comment,
            FactKind::Url,
            FactKind::Version,
            FactKind::PackageName,
            FactKind::BundleId,
        ],
        confirms: "an identifier beside the name (a package URL, a CPE name, a digest), or the component's files",
        clears: "the supplier's word on who is meant: the full legal name, or the person",
    },
    Open {
        kinds: &[FactKind::Tool],
        confirms: "the tool in what the supplier builds with, or what it left in the product",
        clears: "the supplier's word on which tools made the product and its document",
    },
    Open {
        kinds: &[FactKind::Purl, FactKind::Cpe, FactKind::Swid],
        confirms: "the component's files, or the vendor's statement for this version",
        clears: "the supplier's statement that this version was built without it",
    },
];

/// A fact that leaves something open, and what would settle it.
pub(crate) struct Settles<'a> {
    pub(crate) fact: &'a Observation,
    pub(crate) confirms: &'static str,
    pub(crate) clears: &'static str,
}

/// More kinds than these are not told.
const MOST: usize = 3;

/// By each kind of fact that an uncertain finding rests on, those of its surest match first; nothing for a certain one.
pub(crate) fn settles(finding: &Finding) -> Vec<Settles<'_>> {
    if !is_unsettled(finding) {
        return Vec::new();
    }
    let mut told = BTreeSet::new();
    let mut matches: Vec<_> = finding.matches.iter().collect();
    matches.sort_by_key(|one| (std::cmp::Reverse(one.certainty), one.relation, &one.rule));
    let open = matches.into_iter().flat_map(facts).filter_map(|fact| {
        let (number, open) = OPEN.iter().enumerate().find(|(_, open)| open.kinds.contains(&fact.fact.kind))?;
        told.insert(number).then_some(Settles { fact, confirms: open.confirms, clears: open.clears })
    });
    open.take(MOST).collect()
}

impl Settles<'_> {
    /// What it rests on, in the report's own words.
    pub(crate) fn fact(&self) -> String {
        format!("{} `{}`", self.fact.fact.kind.name(), inert::brief(&self.fact.fact.value, 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_that_is_a_reason_is_told_what_settles_it() {
        let context = [FactKind::Program, FactKind::Section, FactKind::OtherVendors, FactKind::SignatureState];
        let sure = [FactKind::Sha256, FactKind::Sha1, FactKind::Md5, FactKind::BuildId, FactKind::SignerDigest];
        let marks = [
            FactKind::CertificateDigest,
            FactKind::TeamId,
            FactKind::PublicKeyToken,
            FactKind::SignerUsage,
            FactKind::SymbolVersion,
            FactKind::Toolchain,
        ];
        for kind in FactKind::ALL {
            let count = OPEN.iter().filter(|open| open.kinds.contains(kind)).count();
            let is_left = context.contains(kind) || sure.contains(kind) || marks.contains(kind);
            assert_eq!(count, usize::from(!is_left), "{}", kind.name());
        }
    }
}
