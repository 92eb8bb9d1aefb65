//! The messages of CycloneDX 1.3 to 1.7 by field number, with the names of the JSON form.
//!
//! Numbers were never used twice between the versions, so that one table reads all of them. Where a field is repeated in
//! one version and single in another it is repeated here. What is never read (prose, attachments, cryptography) is
//! known, so that it is no surprise, and passed over.
use super::{Field, Message as M, aside, flag, many, number, one, text, texts, time, word};
use crate::cyclonedx::words::{AGGREGATES, ALGORITHMS, FIELDS, SCOPES, TECHNIQUES, TYPES};

#[rustfmt::skip]
messages! {
    Bom {
        text(1, "specVersion"), number(2, "version"), text(3, "serialNumber"), one(4, "metadata", M::Metadata),
        many(5, "components", M::Component), many(6, "services", M::Service),
        many(7, "externalReferences", M::Reference), many(8, "dependencies", M::Dependency),
        many(9, "compositions", M::Composition), many(10, "vulnerabilities", M::Vulnerability),
        many(11, "annotations", M::Annotation), many(12, "properties", M::Property),
        many(13, "formulation", M::Formula), many(14, "declarations", M::Declarations),
        many(15, "definitions", M::Definition), many(16, "citations", M::Citation),
    }
    Metadata {
        time(1, "timestamp"), many(2, "tools", M::Tool), many(3, "authors", M::Contact),
        one(4, "component", M::Component), one(5, "manufacture", M::Organization),
        one(6, "supplier", M::Organization), many(7, "licenses", M::LicenseChoice),
        many(8, "properties", M::Property), aside(9, "lifecycles"), one(10, "manufacturer", M::Organization),
        aside(11, "distributionConstraints"),
    }
    Tool {
        text(1, "vendor"), text(2, "name"), text(3, "version"), many(4, "hashes", M::Hash),
        many(5, "externalReferences", M::Reference), many(6, "components", M::Component),
        many(7, "services", M::Service),
    }
    Component {
        word(1, "type", &TYPES), text(2, "mime-type"), text(3, "bom-ref"), one(4, "supplier", M::Organization),
        text(5, "author"), text(6, "publisher"), text(7, "group"), text(8, "name"), text(9, "version"),
        aside(10, "description"), word(11, "scope", &SCOPES), many(12, "hashes", M::Hash),
        many(13, "licenses", M::LicenseChoice), text(14, "copyright"), text(15, "cpe"), text(16, "purl"),
        one(17, "swid", M::Swid), flag(18, "modified"), one(19, "pedigree", M::Pedigree),
        many(20, "externalReferences", M::Reference), many(21, "components", M::Component),
        many(22, "properties", M::Property), many(23, "evidence", M::Evidence), aside(24, "releaseNotes"),
        one(25, "modelCard", M::ModelCard), many(26, "data", M::ComponentData), aside(27, "cryptoProperties"),
        one(28, "manufacturer", M::Organization), many(29, "authors", M::Contact), aside(30, "tags"),
        texts(31, "omniborId"), texts(32, "swhid"), text(33, "versionRange"), flag(34, "isExternal"),
        many(35, "patentAssertions", M::PatentAssertion),
    }
    Service {
        text(1, "bom-ref"), one(2, "provider", M::Organization), text(3, "group"), text(4, "name"),
        text(5, "version"), aside(6, "description"), texts(7, "endpoints"), flag(8, "authenticated"),
        flag(9, "x-trust-boundary"), many(10, "data", M::DataFlow), many(11, "licenses", M::LicenseChoice),
        many(12, "externalReferences", M::Reference), many(13, "services", M::Service),
        many(14, "properties", M::Property), aside(15, "releaseNotes"), text(16, "trustZone"), aside(17, "tags"),
        many(18, "patentAssertions", M::PatentAssertion),
    }
    Organization {
        text(1, "name"), texts(2, "url"), many(3, "contact", M::Contact), text(4, "bom-ref"), aside(5, "address"),
    }
    Contact { text(1, "name"), text(2, "email"), aside(3, "phone"), text(4, "bom-ref") }
    Hash { word(1, "alg", &ALGORITHMS), text(2, "content") }
    Reference {
        aside(1, "type"), text(2, "url"), aside(3, "comment"), many(4, "hashes", M::Hash),
        many(5, "properties", M::Property),
    }
    Property { text(1, "name"), text(2, "value") }
    Swid {
        text(1, "tagId"), text(2, "name"), text(3, "version"), number(4, "tagVersion"), flag(5, "patch"),
        aside(6, "text"), text(7, "url"),
    }
    Issue {
        aside(1, "type"), text(2, "id"), text(3, "name"), aside(4, "description"), one(5, "source", M::Source),
        texts(6, "references"),
    }
    Source { text(1, "name"), text(2, "url") }
    Pedigree {
        many(1, "ancestors", M::Component), many(2, "descendants", M::Component), many(3, "variants", M::Component),
        many(4, "commits", M::Commit), many(5, "patches", M::Patch), aside(6, "notes"),
    }
    Commit {
        text(1, "uid"), text(2, "url"), one(3, "author", M::Action), one(4, "committer", M::Action),
        aside(5, "message"),
    }
    Action { time(1, "timestamp"), text(2, "name"), text(3, "email") }
    Patch { aside(1, "type"), one(2, "diff", M::Diff), many(3, "resolves", M::Issue) }
    Diff { aside(1, "text"), text(2, "url") }
    Evidence {
        many(1, "licenses", M::LicenseChoice), many(2, "copyright", M::Notice), many(3, "identity", M::Identity),
        many(4, "occurrences", M::Occurrence), one(5, "callstack", M::Callstack),
    }
    Notice { text(1, "text") }
    Identity {
        word(1, "field", &FIELDS), aside(2, "confidence"), many(3, "methods", M::Method), texts(4, "tools"),
        text(5, "concludedValue"),
    }
    Method { word(1, "technique", &TECHNIQUES), aside(2, "confidence"), text(3, "value") }
    Occurrence {
        text(1, "bom-ref"), text(2, "location"), number(3, "line"), number(4, "offset"), text(5, "symbol"),
        aside(6, "additionalContext"),
    }
    Callstack { many(1, "frames", M::Frame) }
    Frame {
        text(1, "package"), text(2, "module"), text(3, "function"), aside(4, "parameters"), number(5, "line"),
        number(6, "column"), text(7, "fullFilename"),
    }
    LicenseChoice {
        one(1, "license", M::License), text(2, "expression"), aside(3, "acknowledgement"), text(4, "bom-ref"),
        one(5, "expressionDetailed", M::Expression),
    }
    License {
        text(1, "id"), text(2, "name"), aside(3, "text"), text(4, "url"), text(5, "bom-ref"),
        one(6, "licensing", M::Licensing), many(7, "properties", M::Property), aside(8, "acknowledgement"),
    }
    Licensing {
        aside(1, "altIds"), one(2, "licensor", M::Party), one(3, "licensee", M::Party), one(4, "purchaser", M::Party),
        aside(5, "purchaseOrder"), aside(6, "licenseTypes"), aside(7, "lastRenewal"), aside(8, "expiration"),
    }
    Party { one(1, "organization", M::Organization), one(2, "individual", M::Contact) }
    Expression {
        text(1, "expression"), many(2, "details", M::ExpressionDetails), text(3, "bom-ref"),
        aside(4, "acknowledgement"), one(5, "licensing", M::Licensing), many(6, "properties", M::Property),
    }
    ExpressionDetails { text(1, "licenseIdentifier"), text(2, "bom-ref"), aside(3, "text"), text(4, "url") }
    ModelCard {
        text(1, "bom-ref"), one(2, "modelParameters", M::ModelParameters), aside(3, "quantitativeAnalysis"),
        one(4, "considerations", M::Considerations), many(5, "properties", M::Property),
    }
    ModelParameters {
        aside(1, "approach"), aside(2, "task"), aside(3, "architectureFamily"), aside(4, "modelArchitecture"),
        many(5, "datasets", M::Dataset), aside(6, "inputs"), aside(7, "outputs"),
    }
    Dataset { one(1, "dataset", M::ComponentData), text(2, "ref") }
    Considerations {
        aside(1, "users"), aside(2, "useCases"), aside(3, "technicalLimitations"), aside(4, "performanceTradeoffs"),
        aside(5, "ethicalConsiderations"), aside(6, "fairnessAssessments"),
        one(7, "environmentalConsiderations", M::Environment),
    }
    Environment { many(1, "energyConsumptions", M::Energy), many(2, "properties", M::Property) }
    Energy {
        aside(1, "activity"), many(2, "energyProviders", M::EnergyProvider), aside(3, "activityEnergyCost"),
        aside(4, "co2CostEquivalent"), aside(5, "co2CostOffset"), many(6, "properties", M::Property),
    }
    EnergyProvider {
        text(1, "bom-ref"), aside(2, "description"), one(3, "organization", M::Organization),
        aside(4, "energySource"), aside(5, "energyProvided"), many(6, "externalReferences", M::Reference),
    }
    ComponentData {
        text(1, "bom-ref"), aside(2, "type"), text(3, "name"), one(4, "contents", M::ComponentContents),
        aside(5, "classification"), aside(6, "sensitiveData"), aside(7, "graphics"), aside(8, "description"),
        one(9, "governance", M::Governance),
    }
    ComponentContents { aside(1, "attachment"), text(2, "url"), many(3, "properties", M::Property) }
    Governance {
        many(1, "custodians", M::Responsible), many(2, "stewards", M::Responsible), many(3, "owners", M::Responsible),
    }
    Responsible { one(1, "organization", M::Organization), one(2, "contact", M::Contact) }
    DataFlow {
        aside(1, "flow"), text(2, "value"), text(3, "name"), aside(4, "description"), texts(5, "source"),
        texts(6, "destination"), one(7, "governance", M::Governance),
    }
    Dependency { text(1, "ref"), many(2, "dependencies", M::Dependency), texts(3, "provides") }
    Composition {
        word(1, "aggregate", &AGGREGATES), texts(2, "assemblies"), texts(3, "dependencies"),
        texts(4, "vulnerabilities"), text(5, "bom-ref"),
    }
    Vulnerability {
        text(1, "bom-ref"), text(2, "id"), aside(3, "source"), aside(4, "references"), aside(5, "ratings"),
        aside(6, "cwes"), aside(7, "description"), aside(8, "detail"), aside(9, "recommendation"),
        aside(10, "advisories"), aside(11, "created"), aside(12, "published"), aside(13, "updated"),
        aside(14, "credits"), aside(15, "tools"), aside(16, "analysis"), aside(17, "affects"),
        aside(18, "properties"), aside(19, "rejected"), aside(20, "proofOfConcept"), aside(21, "workaround"),
    }
    Annotation {
        text(1, "bom-ref"), texts(2, "subjects"), one(3, "annotator", M::Annotator), time(4, "timestamp"),
        text(5, "text"),
    }
    Annotator {
        one(1, "organization", M::Organization), one(2, "individual", M::Contact), one(3, "component", M::Component),
        one(4, "service", M::Service),
    }
    Formula {
        text(1, "bom-ref"), many(2, "components", M::Component), many(3, "services", M::Service),
        many(4, "workflows", M::Workflow), many(5, "properties", M::Property),
    }
    Workflow {
        text(1, "bom-ref"), text(2, "uid"), text(3, "name"), aside(4, "description"),
        many(5, "properties", M::Property), many(6, "resourceReferences", M::Resource), many(7, "tasks", M::Task),
        many(8, "taskDependencies", M::Dependency), aside(9, "taskTypes"), one(10, "trigger", M::Trigger),
        many(11, "steps", M::Step), many(12, "inputs", M::Input), many(13, "outputs", M::Output),
        aside(14, "timeStart"), aside(15, "timeEnd"), many(16, "workspaces", M::Workspace),
        many(17, "runtimeTopology", M::Dependency),
    }
    Task {
        text(1, "bom-ref"), text(2, "uid"), text(3, "name"), aside(4, "description"),
        many(5, "properties", M::Property), many(6, "resourceReferences", M::Resource), aside(7, "taskTypes"),
        one(8, "trigger", M::Trigger), many(9, "steps", M::Step), many(10, "inputs", M::Input),
        many(11, "outputs", M::Output), aside(14, "timeStart"), aside(15, "timeEnd"),
        many(16, "workspaces", M::Workspace), many(17, "runtimeTopology", M::Dependency),
    }
    Step {
        text(1, "name"), aside(2, "description"), many(3, "commands", M::Command), many(4, "properties", M::Property),
    }
    Command { aside(1, "executed"), many(2, "properties", M::Property) }
    Workspace {
        text(1, "bom-ref"), text(2, "uid"), text(3, "name"), texts(4, "aliases"), aside(5, "description"),
        many(6, "properties", M::Property), many(7, "resourceReferences", M::Resource), aside(8, "accessMode"),
        text(9, "mountPath"), text(10, "managedDataType"), text(11, "volumeRequest"), one(12, "volume", M::Volume),
    }
    Trigger {
        text(1, "bom-ref"), text(2, "uid"), text(3, "name"), aside(4, "description"),
        many(5, "properties", M::Property), many(6, "resourceReferences", M::Resource), aside(7, "type"),
        one(8, "event", M::Event), aside(9, "conditions"), aside(10, "timeActivated"), many(11, "inputs", M::Input),
        many(12, "outputs", M::Output),
    }
    Event {
        text(1, "uid"), aside(2, "description"), aside(3, "timeReceived"), aside(4, "data"),
        one(5, "source", M::Resource), one(6, "target", M::Resource), many(7, "properties", M::Property),
    }
    Input {
        one(1, "source", M::Resource), one(2, "target", M::Resource), one(3, "resource", M::Resource),
        aside(4, "parameters"), aside(5, "environmentVars"), aside(6, "data"), many(7, "properties", M::Property),
    }
    Output {
        aside(1, "type"), one(2, "source", M::Resource), one(3, "target", M::Resource),
        one(4, "resource", M::Resource), aside(5, "data"), aside(6, "environmentVars"),
        many(7, "properties", M::Property),
    }
    Resource { text(1, "ref"), one(2, "externalReference", M::Reference) }
    Volume {
        text(1, "uid"), text(2, "name"), aside(3, "mode"), text(4, "path"), text(5, "sizeAllocated"),
        flag(6, "persistent"), flag(7, "remote"), many(8, "properties", M::Property),
    }
    Declarations {
        many(1, "assessors", M::Assessor), aside(2, "attestations"), many(3, "claims", M::Claim),
        many(4, "evidence", M::Proof), one(5, "targets", M::Targets), one(6, "affirmation", M::Affirmation),
    }
    Assessor { text(1, "bom-ref"), flag(2, "thirdParty"), one(3, "organization", M::Organization) }
    Targets {
        many(1, "organizations", M::Organization), many(2, "components", M::Component),
        many(3, "services", M::Service),
    }
    Affirmation { aside(1, "statement"), many(2, "signatories", M::Signatory) }
    Signatory {
        text(1, "name"), text(2, "role"), one(3, "organization", M::Organization),
        one(4, "externalReference", M::Reference),
    }
    Claim {
        text(1, "bom-ref"), text(2, "target"), aside(3, "predicate"), aside(4, "mitigationStrategies"),
        aside(5, "reasoning"), texts(6, "evidence"), texts(7, "counterEvidence"),
        many(8, "externalReferences", M::Reference),
    }
    Proof {
        text(1, "bom-ref"), text(2, "propertyName"), aside(3, "description"), many(4, "data", M::ProofData),
        aside(5, "created"), aside(6, "expires"), one(7, "author", M::Contact), one(8, "reviewer", M::Contact),
    }
    ProofData {
        text(1, "name"), one(2, "contents", M::ProofContents), aside(3, "classification"), aside(4, "sensitiveData"),
        one(5, "governance", M::Governance),
    }
    ProofContents { aside(1, "attachment"), text(2, "url") }
    Definition { many(1, "standards", M::Standard), many(2, "patents", M::PatentOrFamily) }
    Standard {
        text(1, "bom-ref"), text(2, "name"), text(3, "version"), aside(4, "description"), text(5, "owner"),
        many(6, "requirements", M::Requirement), aside(7, "levels"), many(8, "externalReferences", M::Reference),
    }
    Requirement {
        text(1, "bom-ref"), text(2, "identifier"), aside(3, "title"), text(4, "text"), aside(5, "descriptions"),
        texts(6, "openCre"), text(7, "parent"), many(8, "properties", M::Property),
        many(9, "externalReferences", M::Reference),
    }
    PatentOrFamily { one(1, "patent", M::Patent), one(2, "patentFamily", M::PatentFamily) }
    Patent {
        text(1, "bom-ref"), text(2, "patentNumber"), text(3, "applicationNumber"), text(4, "jurisdiction"),
        aside(5, "priorityApplication"), text(6, "publicationNumber"), aside(7, "title"), aside(8, "abstract"),
        aside(9, "filingDate"), aside(10, "grantDate"), aside(11, "patentExpirationDate"),
        aside(12, "patentLegalStatus"), many(13, "patentAssignee", M::Party),
        many(14, "externalReferences", M::Reference),
    }
    PatentFamily {
        text(1, "bom-ref"), text(2, "familyId"), aside(3, "priorityApplication"), texts(4, "members"),
        many(5, "externalReferences", M::Reference),
    }
    PatentAssertion {
        text(1, "bom-ref"), aside(2, "assertionType"), texts(3, "patentRefs"), one(4, "asserter", M::Asserter),
        aside(5, "notes"),
    }
    Asserter { one(1, "organization", M::Organization), one(2, "individual", M::Contact), text(3, "ref") }
    Citation {
        text(1, "bom-ref"), aside(2, "pointers"), aside(3, "expressions"), time(4, "timestamp"),
        text(5, "attributedTo"), text(6, "process"), aside(7, "note"),
    }
    Timestamp { number(1, "seconds"), aside(2, "nanos") }
}
