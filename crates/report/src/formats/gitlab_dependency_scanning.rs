//! GitLab's dependency scanning report, of its security report schemas 15.2.1: what the security dashboard lists.
use std::io;

use interdict_model::{Finding, Report};
use serde_json::{Map, Value, json};

use super::markdown::escape::plain;
use super::{Look, Writer};
use crate::inert::brief;
use crate::inert_json;
use crate::said::{self, Level, WIDE};
use crate::uri::uuid;
use crate::view::{View, Weight, gaps, product_name};
use crate::words;

pub(super) const ENTRY: Writer = Writer {
    id: "gitlab-dependency-scanning",
    title: "GitLab dependency scanning report, for its security dashboard",
    extension: "json",
    write,
    bill: None,
};

const VERSION: &str = "15.2.1";
/// What the schema lets a name grow to.
const NAME: usize = 200;

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    // What a waiver sets aside is listed as well, and says so: the format has no word for it.
    let waived = view.findings(Weight::Waived);
    let found: Vec<_> = view.products().into_iter().flat_map(|(_, findings)| findings).chain(waived).collect();
    let left = said::left(found.len(), "finding");
    let document = json!({
        "version": VERSION,
        "schema": format!("https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v{VERSION}/dist/dependency-scanning-report-format.json"),
        "scan": scan(report, left),
        "vulnerabilities": found.iter().take(said::ENTRIES).map(|finding| entry(&view, finding)).collect::<Vec<_>>(),
        "remediations": [],
    });
    inert_json::pretty(&document, out)
}

fn scan(report: &Report, left: Option<String>) -> Value {
    let tool = json!({
        "id": "interdict",
        "name": brief(&report.tool.name, NAME),
        "version": brief(&report.tool.version, NAME),
        "vendor": { "name": "interdict" },
    });
    // The format knows whole seconds, and no zone.
    let time: String = report.as_of.to_string().chars().take("2024-10-01T12:00:00".len()).collect();
    let (material, _, _) = gaps(report);
    let messages = material.iter().take(said::ENTRIES).map(|gap| {
        let text = format!("{}: {}", brief(gap.on.as_str(), WIDE * 2), said::gap(gap));
        json!({ "level": "warn", "value": text })
    });
    let left = left.into_iter().chain(said::left(material.len(), "gap"));
    let left = left.map(|left| json!({ "level": "warn", "value": left }));
    let last = json!({ "level": "info", "value": said::counts(&View::of(report)) });
    json!({
        "type": "dependency_scanning",
        "status": if report.coverage.complete { "success" } else { "failure" },
        "start_time": time,
        "end_time": time,
        "analyzer": tool,
        "scanner": tool,
        "messages": left.chain(messages).chain([last]).collect::<Vec<_>>(),
    })
}

/// GitLab shows the description and the solution as Markdown.
fn entry(view: &View<'_>, finding: &Finding) -> Value {
    let waiver = view.waiver(finding).map(said::waiver);
    let severity = match said::gate_level(view, finding) {
        _ if waiver.is_some() => "Info",
        Level::Error => "Critical",
        Level::Warning => "Medium",
        Level::Note => "Info",
    };
    let mut text = vec![format!("{}.", said::finding(finding)), words::witness_means(finding).to_owned()];
    text.extend(said::proof(finding));
    text.extend(view.verdicts(finding).iter().map(|verdict| said::verdict(view, verdict)));
    text.extend(waiver.iter().cloned());
    let solution = waiver.unwrap_or_else(|| {
        "Take it out at the step of the way in that is yours, or do not ship to those the regime binds.".to_owned()
    });
    json!({
        "id": uuid(format!("{}\n{}", finding.fingerprint.0, finding.on).as_bytes()),
        "name": format!("{} is part of the product", brief(&finding.title, NAME)),
        "description": text.iter().map(|text| plain(text, WIDE * 10)).collect::<Vec<_>>().join("\n\n"),
        "severity": severity,
        "solution": plain(&solution, WIDE * 3),
        "identifiers": [
            identifier("interdict_entity", finding.entity.as_str()),
            identifier("interdict_fingerprint", &finding.fingerprint.0),
        ],
        "location": location(finding),
        "details": details(view, finding),
    })
}

fn identifier(kind: &str, value: &str) -> Value {
    let value = if value.is_empty() { "none".to_owned() } else { brief(value, NAME) };
    json!({ "type": kind, "name": format!("{kind}: {value}"), "value": value })
}

/// GitLab tells entries apart by file and package, so a place inside a container is the whole chain of custody.
fn location(finding: &Finding) -> Value {
    let version = finding.path.last().and_then(|step| step.name.strip_prefix(&format!("{} ", finding.title)));
    json!({
        "file": brief(finding.on.artifact(), WIDE * 5),
        "dependency": {
            "package": { "name": brief(&finding.title, NAME) },
            "version": version.map_or_else(|| "unknown".to_owned(), |version| brief(version, NAME)),
        },
    })
}

fn details(view: &View<'_>, finding: &Finding) -> Value {
    let mut details = Map::new();
    let mut set = |key: &str, name: &str, value: &str| {
        details.insert(key.to_owned(), json!({ "name": name, "type": "text", "value": brief(value, WIDE * 5) }));
    };
    set("finding", "Finding", &finding.id.0);
    set("product", "Product", &product_name(&finding.product));
    set("where", "Where", finding.on.as_str());
    set("relation", "Relation", finding.relation.name());
    set("certainty", "Certainty", finding.certainty.name());
    set("witness", "Witness", finding.witness.name());
    set("effect", "Verdict", view.effect(finding).map_or("none", |effect| effect.name()));
    let way: Vec<&str> = finding.path.iter().map(|step| step.name.as_str()).collect();
    set("way", "Way in", &way.join(" → "));
    Value::Object(details)
}
