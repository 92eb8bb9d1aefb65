//! The tags of SPDX 1 and 2, and what each is read as.
use crate::spdx::{Element, Property};

/// What a tag begins, belongs to, or says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Version,
    /// `SPDXID`, of whatever began last.
    Id,
    Elsewhere,
    Creator,
    /// What tells this version of the document from every other.
    Namespace,
    Created,
    PackageName,
    FileName,
    Snippet,
    License,
    Of(Element, Property),
    Checksum(Element),
    Reference,
    /// The file a snippet stands in.
    Holder,
    Relationship,
    /// A comment on what its `SPDXREF` names, or who made one.
    Note,
    /// A comment of the document's own.
    Remark,
    /// Known, and nothing that is read.
    Aside,
}

use Element::{File, Package};
use Property::{Archive, Contributor, Copyright, Licence, Location, Originator, Project, Prose, Supplier, Version};
use Tag::{Aside, Checksum, Of, Remark};

/// Every tag.
#[rustfmt::skip]
const TAGS: &[(&str, Tag)] = &[
    ("SPDXID", Tag::Id),
    ("Created", Tag::Created),
    ("Creator", Tag::Creator),
    ("SPDXREF", Aside),
    ("FileName", Tag::FileName),
    ("FileType", Aside),
    ("Reviewer", Tag::Note),
    ("Annotator", Tag::Note),
    ("BuiltDate", Aside),
    ("LicenseID", Tag::License),
    ("FileNotice", Of(File, Copyright)),
    ("ReviewDate", Aside),
    ("DataLicense", Aside),
    ("ExternalRef", Tag::Reference),
    ("FileComment", Of(File, Prose)),
    ("LicenseName", Aside),
    ("PackageName", Tag::PackageName),
    ("ReleaseDate", Aside),
    ("SPDXVersion", Tag::Version),
    ("SnippetName", Of(Element::Snippet, Property::Name)),
    ("DocumentName", Aside),
    ("FileChecksum", Checksum(File)),
    ("Relationship", Tag::Relationship),
    ("ExtractedText", Aside),
    ("FilesAnalyzed", Aside),
    ("ReviewComment", Tag::Note),
    ("SnippetSPDXID", Tag::Snippet),
    ("AnnotationDate", Aside),
    ("AnnotationType", Aside),
    ("CreatorComment", Remark),
    ("FileDependency", Aside),
    ("LicenseComment", Aside),
    ("PackageComment", Of(Package, Prose)),
    ("PackageSummary", Of(Package, Prose)),
    ("PackageVersion", Of(Package, Version)),
    ("SnippetComment", Of(Element::Snippet, Prose)),
    ("ValidUntilDate", Aside),
    ("DocumentComment", Remark),
    ("FileContributor", Of(File, Contributor)),
    ("LicenseComments", Aside),
    ("PackageChecksum", Checksum(Package)),
    ("PackageFileName", Of(Package, Archive)),
    ("PackageHomePage", Of(Package, Location)),
    ("PackageSupplier", Of(Package, Supplier)),
    ("LicenseConcluded", Aside),
    ("SnippetByteRange", Aside),
    ("SnippetLineRange", Aside),
    ("AnnotationComment", Tag::Note),
    ("DocumentNamespace", Tag::Namespace),
    ("FileCopyrightText", Of(File, Copyright)),
    ("LicenseInfoInFile", Aside),
    ("PackageOriginator", Of(Package, Originator)),
    ("PackageSourceInfo", Of(Package, Prose)),
    ("ExternalRefComment", Aside),
    ("LicenseListVersion", Aside),
    ("PackageDescription", Of(Package, Prose)),
    ("ExternalDocumentRef", Tag::Elsewhere),
    ("FileAttributionText", Of(File, Copyright)),
    ("RelationshipComment", Aside),
    ("ArtifactOfProjectURI", Of(File, Location)),
    ("LicenseInfoInSnippet", Aside),
    ("PackageCopyrightText", Of(Package, Copyright)),
    ("SnippetCopyrightText", Of(Element::Snippet, Copyright)),
    ("ArtifactOfProjectName", Of(File, Project)),
    ("LicenseCrossReference", Aside),
    ("PrimaryPackagePurpose", Aside),
    ("SnippetFromFileSPDXID", Tag::Holder),
    ("PackageAttributionText", Of(Package, Copyright)),
    ("PackageLicenseComments", Aside),
    ("PackageLicenseDeclared", Of(Package, Licence)),
    ("SnippetAttributionText", Of(Element::Snippet, Copyright)),
    ("SnippetLicenseComments", Aside),
    ("PackageDownloadLocation", Of(Package, Location)),
    ("PackageLicenseConcluded", Of(Package, Licence)),
    ("PackageVerificationCode", Aside),
    ("SnippetLicenseConcluded", Aside),
    ("ArtifactOfProjectHomePage", Of(File, Location)),
    ("PackageLicenseInfoFromFiles", Aside),
];

/// Which of them each slot holds, counted from one; no two names share a slot.
#[expect(clippy::indexing_slicing, reason = "an index out of range stops the build")]
const SLOTS: [u8; 256] = {
    let mut slots = [0; 256];
    let (mut at, mut order) = (0, 1);
    while at < TAGS.len() {
        let slot = match slot(TAGS[at].0.as_bytes()) {
            Some(slot) => slot as usize,
            None => panic!("a name of fewer than four letters"),
        };
        assert!(slots[slot] == 0, "two names share a slot");
        slots[slot] = order;
        at += 1;
        order += 1;
    }
    slots
};

/// The slot of a name, from its length, its first four letters, two in its middle and its last two.
#[inline]
const fn slot(name: &[u8]) -> Option<u8> {
    /// Found by trial.
    const SPREAD: u32 = 0xd297_03a9;
    let (Some(first), Some(last)) = (name.first_chunk::<4>(), name.last_chunk::<2>()) else { return None };
    let (_, behind) = name.split_at(name.len() / 2);
    let Some(middle) = behind.first_chunk::<2>() else { return None };
    let rest = u32::from_le_bytes([middle[0], middle[1], last[0], last[1]]);
    // A name as long as this is none; its length may wrap.
    #[expect(clippy::cast_possible_truncation, reason = "a longer name is in no slot, whatever it hashes to")]
    let mixed = (u32::from_le_bytes(*first) ^ rest.rotate_left(7)).wrapping_add(name.len() as u32);
    let [_, _, _, high] = mixed.wrapping_mul(SPREAD).to_le_bytes();
    Some(high)
}

impl Tag {
    /// The tag of this name, and whether it is spelled as it should be.
    #[inline]
    pub(super) fn of(name: &str) -> Option<(Self, bool)> {
        let order = slot(name.as_bytes()).and_then(|slot| SLOTS.get(usize::from(slot))).copied().unwrap_or_default();
        if let Some((known, tag)) = usize::from(order).checked_sub(1).and_then(|at| TAGS.get(at))
            && *known == name
        {
            return Some((*tag, true));
        }
        let plain = name.trim();
        TAGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(plain)).map(|(_, tag)| (*tag, false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_is_found_by_its_name() {
        for (name, tag) in TAGS {
            assert_eq!(Tag::of(name), Some((*tag, true)), "{name}");
            assert_eq!(Tag::of(&format!("{} ", name.to_lowercase())), Some((*tag, false)), "{name}");
        }
        for name in ["", "Package", "packages", "PackageNames", &"x".repeat(100)] {
            assert_eq!(Tag::of(name), None, "{name}");
        }
    }
}
