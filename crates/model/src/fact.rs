//! The closed vocabulary of facts that rules may ask about.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One canonical fact: what kind, and its value as [`crate::canonical`] writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// What the value is.
    pub kind: FactKind,
    /// Normalised once, where it was observed.
    pub value: String,
}

/// How a value is normalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A name of an organisation, a product or a person: folded by `canonical::text`.
    Text,
    /// Kept as it is: symbols, identifiers, paths in documents.
    Exact,
    /// A file name or path: lower case, forward slashes.
    Path,
    /// Hexadecimal: lower case, without separators.
    Hex,
    /// A package URL.
    Purl,
    /// A CPE name of version 2.2 or 2.3.
    Cpe,
    /// A URL or host: lower-case scheme and host.
    Url,
}

/// How a thing is known, in CycloneDX's words (1.6, `evidence.identity.methods.technique`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Technique {
    /// Read from source code or scripts.
    SourceCodeAnalysis,
    /// Read from machine code, byte code or their tables.
    BinaryAnalysis,
    /// Read from a document or package metadata that declares it.
    ManifestAnalysis,
    /// A digest known beforehand.
    HashComparison,
    /// Its file name or path.
    Filename,
    /// A signature or certificate.
    Attestation,
    /// Anything else.
    Other,
}

macro_rules! fact_kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $form:ident, $technique:ident;)*) => {
        /// What a fact is about. Growing this list is a deliberate change of the contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum FactKind { $($(#[$doc])* $kind,)* }

        impl FactKind {
            /// Every kind, in the order of the vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// The name that rules and reports use.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// How its values are normalised.
            pub const fn form(self) -> Form {
                match self { $(Self::$kind => Form::$form,)* }
            }

            /// How such a fact is known.
            pub const fn technique(self) -> Technique {
                match self { $(Self::$kind => Technique::$technique,)* }
            }

            /// The kind of this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == name)
            }
        }
    };
}

fact_kinds! {
    /// A package URL.
    Purl = "purl", Purl, ManifestAnalysis;
    /// A CPE name.
    Cpe = "cpe", Cpe, ManifestAnalysis;
    /// A SWID tag id.
    Swid = "swid", Exact, ManifestAnalysis;
    /// What a document or package calls a component.
    Name = "name", Text, ManifestAnalysis;
    /// A component's version.
    Version = "version", Exact, ManifestAnalysis;
    /// Who supplied it.
    Supplier = "supplier", Text, ManifestAnalysis;
    /// Who published it.
    Publisher = "publisher", Text, ManifestAnalysis;
    /// Who made it.
    Manufacturer = "manufacturer", Text, ManifestAnalysis;
    /// Who wrote it.
    Author = "author", Text, ManifestAnalysis;
    /// A tool that wrote the document, and who makes the tool; it is no part of what the document describes.
    Tool = "tool", Text, ManifestAnalysis;
    /// A copyright notice in a document.
    Copyright = "copyright", Text, ManifestAnalysis;
    /// Prose about a component: a comment, a summary, an annotation and its author; it mentions, and proves nothing.
    Comment = "comment", Text, ManifestAnalysis;
    /// A reference to the network in a document or metadata.
    Url = "url", Url, ManifestAnalysis;
    /// A digest.
    Sha256 = "sha256", Hex, HashComparison;
    /// A digest.
    Sha1 = "sha1", Hex, HashComparison;
    /// A digest.
    Md5 = "md5", Hex, HashComparison;
    /// The name of an artifact, without its folders.
    FileName = "file-name", Path, Filename;
    /// A path that a package, layer or installer puts in place; or an artifact's path inside its container.
    OwnedPath = "owned-path", Path, Filename;
    /// The name of a distribution or platform package (deb, rpm, Android application id).
    PackageName = "package-name", Exact, ManifestAnalysis;
    /// Apple's `CFBundleIdentifier`, a browser extension's id.
    BundleId = "bundle-id", Exact, ManifestAnalysis;
    /// A component named in a manifest: an Android activity, service, receiver.
    ManifestName = "manifest-name", Exact, ManifestAnalysis;
    /// A class, type or namespace this artifact defines, with `/` between its parts.
    DefinedClass = "defined-class", Exact, BinaryAnalysis;
    /// A class, type or namespace this artifact only refers to.
    ReferencedClass = "referenced-class", Exact, BinaryAnalysis;
    /// A library the loader is asked for: `DT_NEEDED`, a PE import's module, a Mach-O dylib.
    NeededLibrary = "needed-library", Path, BinaryAnalysis;
    /// An imported function by name, PE.
    Import = "import", Exact, BinaryAnalysis;
    /// An exported function by name, PE.
    Export = "export", Exact, BinaryAnalysis;
    /// A symbol this artifact defines, without version suffix.
    DefinedSymbol = "defined-symbol", Exact, BinaryAnalysis;
    /// A symbol this artifact leaves to others.
    UndefinedSymbol = "undefined-symbol", Exact, BinaryAnalysis;
    /// The name of a symbol version that a library defines or a program asks for.
    SymbolVersion = "symbol-version", Exact, BinaryAnalysis;
    /// A name space or class in which symbols lie that this artifact defines: C++, Rust, Swift; with `::` between its parts.
    Namespace = "namespace", Exact, BinaryAnalysis;
    /// A C++ type by its RTTI name: as written in the file, and once more with `::` between its parts.
    TypeName = "type-name", Exact, BinaryAnalysis;
    /// A resource that a program carries, where it has a name.
    Resource = "resource", Exact, BinaryAnalysis;
    /// A folder in which the loader looks for libraries: `DT_RUNPATH`, a Mach-O rpath.
    RunPath = "run-path", Path, BinaryAnalysis;
    /// What built it, as compilers and linkers write it: `.comment`, producers of WebAssembly and bitcode.
    Toolchain = "toolchain", Exact, BinaryAnalysis;
    /// That the artifact is compiled code, and of which format: `elf`, `pe`, `dex`.
    Program = "program", Exact, BinaryAnalysis;
    /// A section's name.
    Section = "section", Exact, BinaryAnalysis;
    /// The text that stands right behind the last section of a program, up to its first other byte or line.
    Overlay = "overlay", Exact, BinaryAnalysis;
    /// Where debug data lay when it was built: a PDB path, a debug link.
    DebugPath = "debug-path", Path, BinaryAnalysis;
    /// A build id, hexadecimal.
    BuildId = "build-id", Hex, HashComparison;
    /// `CompanyName` of a version resource.
    CompanyName = "company-name", Text, BinaryAnalysis;
    /// `ProductName` of a version resource or an installer.
    ProductName = "product-name", Text, BinaryAnalysis;
    /// `FileDescription` of a version resource.
    FileDescription = "file-description", Text, BinaryAnalysis;
    /// The name a file says it had: `OriginalFilename`, `InternalName`, a soname, an export module's name.
    OriginalFileName = "original-file-name", Path, BinaryAnalysis;
    /// `LegalCopyright` and `LegalTrademarks` of a version resource.
    LegalCopyright = "legal-copyright", Text, BinaryAnalysis;
    /// The same, where the version resource names a company that the notice does not: a licensed part, or a forgery.
    ForeignCopyright = "foreign-copyright", Text, BinaryAnalysis;
    /// One attribute of a signer's distinguished name that names it: CN, O, OU.
    SignerSubject = "signer-subject", Text, Attestation;
    /// The subject's serialNumber attribute (2.5.4.5): a registry number of the signer.
    SignerSerial = "signer-serial", Exact, Attestation;
    /// The SHA-1 or SHA-256 of a signer's certificate, or of its public key where that is all there is.
    SignerDigest = "signer-digest", Hex, Attestation;
    /// The program name a signature states (`SpcSpOpusInfo.programName`).
    SignerProgram = "signer-program", Text, Attestation;
    /// One attribute of a distinguished name that names who issued a signer's certificate: CN, O, OU.
    SignerIssuer = "signer-issuer", Text, Attestation;
    /// A use that a signer's certificate is restricted to, as an object identifier.
    SignerUsage = "signer-usage", Exact, Attestation;
    /// Whether a signature was made for the bytes it stands in: `for-this-file`, `for-other-bytes`, `not-checked`.
    SignatureState = "signature-state", Exact, Attestation;
    /// The serial number that its issuer gave to a certificate, a signer's or another.
    CertificateSerial = "certificate-serial", Hex, Attestation;
    /// CN, O or OU of a certificate that the file holds and that signs nothing in it.
    CertificateSubject = "certificate-subject", Text, BinaryAnalysis;
    /// The subject's registry number (2.5.4.5) of such a certificate.
    CertificateRegistryNumber = "certificate-registry-number", Exact, BinaryAnalysis;
    /// The SHA-1 or SHA-256 of such a certificate.
    CertificateDigest = "certificate-digest", Hex, HashComparison;
    /// The token of the key under which a .NET assembly is named.
    PublicKeyToken = "public-key-token", Hex, Attestation;
    /// A right that a manifest or signature asks for: an Android permission, an Apple entitlement.
    Permission = "permission", Exact, ManifestAnalysis;
    /// An Apple team id.
    TeamId = "team-id", Exact, Attestation;
    /// A registry key that an installer writes.
    RegistryKey = "registry-key", Path, BinaryAnalysis;
    /// A service that an installer creates.
    ServiceName = "service-name", Path, BinaryAnalysis;
    /// A host name.
    Host = "host", Url, BinaryAnalysis;
    /// A needle that stands in the bytes; the value is the needle's name.
    Content = "content", Exact, BinaryAnalysis;
    /// How many other anti-virus vendors the same artifact names; context, never proof.
    OtherVendors = "other-vendors", Exact, Other;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_serde_writes() {
        for kind in FactKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
            assert_eq!(FactKind::named(kind.name()), Some(*kind));
        }
    }
}
