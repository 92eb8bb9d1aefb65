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
use Property::{Archive, Contributor, Copyright, Location, Originator, Project, Prose, Supplier, Version};
use Tag::{Aside, Checksum, Of, Remark};

/// Every tag, by the length of its name.
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
    ("DocumentNamespace", Aside),
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
    ("PackageLicenseDeclared", Aside),
    ("SnippetAttributionText", Of(Element::Snippet, Copyright)),
    ("SnippetLicenseComments", Aside),
    ("PackageDownloadLocation", Of(Package, Location)),
    ("PackageLicenseConcluded", Aside),
    ("PackageVerificationCode", Aside),
    ("SnippetLicenseConcluded", Aside),
    ("ArtifactOfProjectHomePage", Of(File, Location)),
    ("PackageLicenseInfoFromFiles", Aside),
];

/// The longest name.
const LONGEST: usize = 27;

/// Where the names of each length begin.
#[expect(clippy::indexing_slicing, reason = "an index out of range stops the build")]
const STARTS: [u8; LONGEST + 2] = {
    let mut starts = [0; LONGEST + 2];
    let mut at = 0;
    while at < TAGS.len() {
        let mut longer = TAGS[at].0.len() + 1;
        while longer < starts.len() {
            starts[longer] += 1;
            longer += 1;
        }
        at += 1;
    }
    starts
};

impl Tag {
    /// The tag of this name, and whether it is spelled as it should be.
    #[inline]
    pub(super) fn of(name: &str) -> Option<(Self, bool)> {
        let (from, to) = (STARTS.get(name.len()), STARTS.get(name.len() + 1));
        if let (Some(from), Some(to)) = (from, to) {
            let same = TAGS.get(usize::from(*from)..usize::from(*to)).unwrap_or_default();
            if let Some((_, tag)) = same.iter().find(|(known, _)| *known == name) {
                return Some((*tag, true));
            }
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
        assert!(TAGS.is_sorted_by_key(|(name, _)| name.len()));
        assert!(TAGS.iter().all(|(name, _)| name.len() <= LONGEST));
        for (name, tag) in TAGS {
            assert_eq!(Tag::of(name), Some((*tag, true)), "{name}");
            assert_eq!(Tag::of(&format!("{} ", name.to_lowercase())), Some((*tag, false)), "{name}");
        }
        for name in ["", "Package", "packages", "PackageNames", &"x".repeat(100)] {
            assert_eq!(Tag::of(name), None, "{name}");
        }
    }
}
