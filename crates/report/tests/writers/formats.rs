//! What each format's readers rely on, where no schema says it.
use std::collections::BTreeSet;

use interdict_model::{Finding, FindingId, Gap, Report, Verdict};
use interdict_report::{Look, writer};
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

use crate::sample::{CASES, clear, full, hostile, inconclusive};
use crate::written;

fn out(id: &str, report: &Report) -> String {
    written(writer(id).unwrap(), report, &Look::default())
}

fn parsed(id: &str, report: &Report) -> Value {
    serde_json::from_str(&out(id, report)).unwrap()
}

/// The full report with its first finding many times over, each in its own place.
fn many(times: usize) -> Report {
    let mut report = full();
    let (finding, verdict) = (report.findings[0].clone(), report.verdicts[0].clone());
    for at in 0..times {
        let id = FindingId(format!("F-{at:012x}").into());
        report.findings.push(Finding { id: id.clone(), on: finding.on.part(&at.to_string()), ..finding.clone() });
        report.verdicts.push(Verdict { finding: id, ..verdict.clone() });
    }
    report
}

#[test]
fn the_table_says_the_law_once() {
    let table = |report: &Report, verbose| {
        written(writer("table").unwrap(), report, &Look { width: 160, color: false, verbose })
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let text = table(&many(5), 0);
    assert_eq!(text.matches("Integrating Kaspersky cybersecurity software into a product").count(), 1, "{text}");
    assert_eq!(text.matches("PROHIBITED since 2024-09-29 · BIS Final Determination on Kaspersky").count(), 7, "{text}");
    // Nobody was named: who would be bound stands once for all, and the law's own words where they are asked for.
    let mut open = many(5);
    open.profile = interdict_model::Profile::default();
    for verdict in &mut open.verdicts {
        if verdict.effect == interdict_model::Effect::Prohibited {
            verdict.effect = interdict_model::Effect::Review;
            verdict.because = format!("Would be prohibited for a vendor: {}", verdict.because).into();
        }
    }
    let text = table(&open, 0);
    assert_eq!(text.matches("us a vendor (us-bis-icts-kaspersky)").count(), 1, "{text}");
    assert!(!text.contains("Integrating Kaspersky") && table(&open, 1).contains("Integrating Kaspersky"));
}

#[test]
fn jsonl_is_the_report_in_pieces() {
    let whole = parsed("json", &full());
    let mut kinds = Vec::new();
    for line in out("jsonl", &full()).lines() {
        let object: Value = serde_json::from_str(line).unwrap();
        let (kind, value) = object.as_object().unwrap().iter().next().map(|(k, v)| (k.clone(), v.clone())).unwrap();
        let list = match kind.as_str() {
            "input" | "finding" | "verdict" | "gap" | "repair" => format!("{kind}s"),
            "anomaly" => "anomalies".to_owned(),
            _ => kind.clone(),
        };
        if let Some(values) = whole.get(&list).and_then(Value::as_array) {
            assert!(values.contains(&value), "{kind}");
        }
        kinds.push(kind);
    }
    assert_eq!((kinds[0].as_str(), kinds.last().unwrap().as_str()), ("report", "coverage"));
    assert_eq!(kinds.iter().filter(|kind| *kind == "finding").count(), full().findings.len());
}

/// What is made for programs shortens no name; what is made for people shortens every one.
#[test]
fn names_are_whole_in_the_contract_alone() {
    let long = "A".repeat(65_536);
    for writer in interdict_report::WRITERS {
        let is_whole = out(writer.id, &hostile()).contains(&long);
        assert_eq!(is_whole, ["json", "jsonl"].contains(&writer.id), "{}", writer.id);
    }
}

#[test]
fn github_lines_begin_with_our_own_command() {
    for (_, build) in CASES {
        for line in out("github", &build()).lines() {
            let (command, rest) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
            let kind = command.split(' ').next().unwrap();
            assert!(["error", "warning", "notice"].contains(&kind), "{line}");
            assert!(command.contains("title=") && !rest.is_empty(), "{line}");
        }
    }
    let annotations = out("github", &full());
    let count = |kind: &str| annotations.lines().filter(|line| line.starts_with(kind)).count();
    assert_eq!((count("::error "), count("::warning "), count("::notice ")), (1, 3, 3));
}

#[test]
fn reports_for_servers_are_bounded_and_say_what_they_leave_out() {
    let mut report = many(12_000);
    let material = report.gaps.iter().find(|gap| gap.material && gap.accepted.is_none()).unwrap().clone();
    for at in 0..6_000 {
        report.gaps.push(Gap { on: material.on.part(&at.to_string()), ..material.clone() });
    }
    let junit = out("junit", &report);
    let document = roxmltree::Document::parse(&junit).unwrap();
    let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
    let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count().to_string();
    let totals = ["tests", "failures", "errors", "skipped"].map(|name| suite.attribute(name).unwrap().to_owned());
    assert_eq!(totals, ["testcase", "failure", "error", "skipped"].map(count));
    assert_eq!(totals[0], "10003", "5,000 findings, 5,000 gaps, what is left out of each, and that it ran");
    let told = |text: &str| ["findings left out here", "gaps left out here"].iter().all(|words| text.contains(words));
    let (quality, scanning) = (out("gitlab", &report), out("gitlab-dependency-scanning", &report));
    assert!(told(&junit) && told(&quality) && told(&scanning));
    let entries = serde_json::from_str::<Value>(&quality).unwrap().as_array().unwrap().len();
    let scanning: Value = serde_json::from_str(&scanning).unwrap();
    assert_eq!((entries, scanning["vulnerabilities"].as_array().unwrap().len()), (10_002, 5_000));
    for id in ["junit", "gitlab", "gitlab-dependency-scanning"] {
        assert!(!out(id, &full()).contains("left out"), "{id}");
    }
}

#[test]
fn github_is_told_no_more_than_it_shows() {
    let mut report = full();
    let (one, own) = (report.findings[0].clone(), report.verdicts.clone());
    for at in 0..200 {
        let mut next = one.clone();
        next.id.0 = format!("F-{at:012}").into();
        let verdicts = own.iter().filter(|verdict| verdict.finding == one.id).cloned();
        report.verdicts.extend(verdicts.map(|verdict| Verdict { finding: next.id.clone(), ..verdict }));
        report.findings.push(next);
    }
    let annotations = out("github", &report);
    let count = |kind: &str| annotations.lines().filter(|line| line.starts_with(kind)).count();
    assert_eq!(count("::error "), 10);
    assert!(count("::warning ") <= 10 && count("::notice ") <= 10);
    let first = annotations.lines().next().unwrap();
    assert!(first.starts_with("::notice ") && first.contains("191 errors left out here"), "{first}");
    assert!(!out("github", &full()).contains("left out"));
}

/// A reader of RFC 4180.
fn table(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let row = rows.last_mut().unwrap();
        match character {
            '"' if quoted && rest.peek() == Some(&'"') => row.last_mut().unwrap().push(rest.next().unwrap()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {
                assert_eq!(rest.next(), Some('\n'));
                rows.push(vec![String::new()]);
            }
            _ => row.last_mut().unwrap().push(character),
        }
    }
    assert!(!quoted);
    assert_eq!(rows.pop().unwrap(), [""]);
    rows
}

#[test]
fn csv_reads_back_and_runs_nothing() {
    for (case, build) in CASES {
        let rows = table(&out("csv", &build()));
        assert_eq!(rows.len(), 1 + build().findings.len() + build().gaps.len(), "{case}");
        for cell in rows.iter().flatten() {
            assert_eq!(rows[0].len(), 23);
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\u{ff1d}']), "{cell}");
        }
        assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{case}");
    }
}

#[test]
fn markdown_fits_a_comment() {
    for report in [full(), hostile(), many(3_000)] {
        let text = out("markdown", &report);
        assert!(text.len() < 60_000, "{}", text.len());
        // What stands in a span of code opens and closes nothing.
        let mut open = 0_i32;
        for event in Parser::new_ext(&text, Options::all()) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => {
                    for tag in html.split('<').skip(1).filter_map(|tail| tail.split('>').next()) {
                        open += i32::from(tag == "details") - i32::from(tag == "/details");
                        assert!(
                            ["details", "/details", "summary", "/summary", "sub", "/sub", "!-- --"].contains(&tag),
                            "{tag}"
                        );
                    }
                }
                Event::Start(tag) => assert!(
                    matches!(
                        tag,
                        Tag::Paragraph
                            | Tag::Heading { .. }
                            | Tag::List(None)
                            | Tag::Item
                            | Tag::Strong
                            | Tag::HtmlBlock
                    ),
                    "{tag:?}"
                ),
                Event::Text(words) => assert!(!words.contains("@everyone"), "{words}"),
                Event::Code(_) | Event::End(_) | Event::SoftBreak => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(open, 0);
    }
    assert!(out("markdown", &many(3_000)).contains("more findings"));
}

#[test]
fn junit_is_xml_that_counts_right() {
    for (case, build) in CASES {
        let text = out("junit", &build());
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|fault| panic!("{case}: {fault}"));
        let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
        let stated = |name: &str| suite.attribute(name).unwrap().parse::<usize>().unwrap();
        let count = |name: &str| suite.descendants().filter(|node| node.has_tag_name(name)).count();
        assert_eq!(stated("tests"), count("testcase"), "{case}");
        assert_eq!(stated("failures"), count("failure"), "{case}");
        assert_eq!(stated("errors"), count("error"), "{case}");
        assert_eq!(stated("skipped"), count("skipped"), "{case}");
        assert_eq!(crate::junit::faults(&text), Vec::<String>::new(), "{case}");
    }
    let failed = |report: &Report| out("junit", report).contains("<failure ");
    assert!(failed(&full()) && !failed(&clear()) && !failed(&inconclusive()));
}

#[test]
fn gitlab_entries_have_what_gitlab_asks() {
    for (case, build) in CASES {
        let entries = parsed("gitlab", &build());
        let mut prints = BTreeSet::new();
        for entry in entries.as_array().unwrap() {
            for pointer in ["/description", "/check_name", "/fingerprint", "/location/path"] {
                assert!(entry.pointer(pointer).unwrap().is_string(), "{case}");
            }
            assert!(entry.pointer("/location/lines/begin").unwrap().is_u64());
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&entry["severity"].as_str().unwrap()));
            assert!(prints.insert(entry["fingerprint"].to_string()), "{case}: no fingerprint twice");
        }
    }
}

/// That an object has these members at least, texts that are not empty, and, where the form is closed, no others.
fn keeps_to(object: &Value, required: &[&str], allowed: Option<&[&str]>) {
    for name in required {
        assert!(object.get(name).is_some_and(|value| value != ""), "{name} in {object}");
    }
    let names: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    let is_known = |name: &&str| required.contains(name) || allowed.is_none_or(|allowed| allowed.contains(name));
    assert!(names.iter().all(is_known), "{names:?}");
}

/// The form that version 15.2.1 of the security report schemas asks for, in our words.
#[test]
fn gitlab_dependency_scanning_has_what_the_dashboard_asks() {
    for (case, build) in CASES {
        let report = parsed("gitlab-dependency-scanning", &build());
        keeps_to(&report, &["version", "schema", "scan", "vulnerabilities"], None);
        let scan = &report["scan"];
        keeps_to(scan, &["analyzer", "scanner", "start_time", "end_time", "status", "type"], None);
        for tool in ["analyzer", "scanner"] {
            keeps_to(&scan[tool], &["id", "name", "version", "vendor"], None);
            keeps_to(&scan[tool]["vendor"], &["name"], None);
        }
        for time in ["start_time", "end_time"] {
            let shape: String = scan[time].as_str().unwrap().replace(|c: char| c.is_ascii_digit(), "9");
            assert_eq!(shape, "9999-99-99T99:99:99");
        }
        assert!(["success", "failure"].contains(&scan["status"].as_str().unwrap()));
        for message in scan["messages"].as_array().unwrap() {
            keeps_to(message, &["level", "value"], None);
            assert!(["info", "warn", "fatal"].contains(&message["level"].as_str().unwrap()));
        }
        let mut ids = BTreeSet::new();
        for one in report["vulnerabilities"].as_array().unwrap() {
            keeps_to(one, &["id", "identifiers", "location", "severity", "name", "description", "solution"], None);
            let length = |name: &str| one[name].as_str().unwrap().chars().count();
            assert!(
                length("name") <= 255 && length("description") <= 1_048_576 && length("solution") <= 7_000,
                "{case}"
            );
            assert!(["Info", "Medium", "Critical"].contains(&one["severity"].as_str().unwrap()));
            for shown in ["description", "solution"] {
                for event in Parser::new_ext(one[shown].as_str().unwrap(), Options::all()) {
                    let is_text = matches!(&event, Event::Text(words) if !words.contains("@everyone"));
                    let is_plain = matches!(event, Event::Start(Tag::Paragraph) | Event::End(_));
                    let is_comment = matches!(&event, Event::InlineHtml(html) if &**html == "<!-- -->");
                    assert!(is_text || is_plain || is_comment, "{event:?}");
                }
            }
            assert!(ids.insert(one["id"].as_str().unwrap().to_owned()), "{case}: no id twice");
            for identifier in one["identifiers"].as_array().unwrap() {
                keeps_to(identifier, &["type", "name", "value"], None);
            }
            keeps_to(&one["location"], &["file", "dependency"], None);
            keeps_to(&one["location"]["dependency"], &["package", "version"], None);
            keeps_to(&one["location"]["dependency"]["package"], &["name"], None);
            for detail in one["details"].as_object().unwrap().values() {
                keeps_to(detail, &["name", "type"], Some(&["value"]));
                assert!(detail["type"] == "text" && detail["value"].is_string());
            }
        }
    }
    let full = parsed("gitlab-dependency-scanning", &full());
    let severities: Vec<&str> =
        full["vulnerabilities"].as_array().unwrap().iter().map(|one| one["severity"].as_str().unwrap()).collect();
    assert_eq!(severities, ["Critical", "Medium", "Info", "Info"], "prohibited, to review, exempt, waived");
    assert_eq!(full["scan"]["messages"].as_array().unwrap().len(), 3, "two gaps and what was counted");
}

/// The forms that OpenVEX 0.2.0 closes: no other members.
#[test]
fn openvex_has_no_member_that_it_does_not_know() {
    for (_, build) in CASES {
        let document = parsed("openvex", &build());
        let head = ["@context", "@id", "author", "timestamp", "version", "statements"];
        keeps_to(&document, &head, Some(&["role", "last_updated", "tooling"]));
        for statement in document["statements"].as_array().unwrap() {
            let more = ["@id", "version", "timestamp", "last_updated", "products", "supplier", "status_notes"];
            let why = ["justification", "impact_statement", "action_statement", "action_statement_timestamp"];
            keeps_to(statement, &["vulnerability", "status"], Some(&[&more[..], &why[..]].concat()));
            keeps_to(&statement["vulnerability"], &["name"], Some(&["@id", "description", "aliases"]));
            for product in statement["products"].as_array().unwrap() {
                keeps_to(product, &[], Some(&["@id", "identifiers", "hashes", "subcomponents"]));
                for part in product.get("subcomponents").and_then(Value::as_array).unwrap_or(&vec![]) {
                    keeps_to(part, &[], Some(&["@id", "identifiers", "hashes"]));
                }
            }
        }
    }
}

#[test]
fn openvex_statements_have_what_their_status_asks() {
    for (case, build) in CASES {
        let document = parsed("openvex", &build());
        let statements = document["statements"].as_array().unwrap();
        assert!(!statements.is_empty(), "{case}");
        for statement in statements {
            let has = |key: &str| statement.get(key).is_some();
            match statement["status"].as_str().unwrap() {
                "affected" => assert!(has("action_statement"), "{case}"),
                "not_affected" => assert!(has("justification") != has("impact_statement"), "{case}"),
                status => assert_eq!(status, "under_investigation", "{case}"),
            }
        }
    }
    let first = |report: &Report| parsed("openvex", report)["statements"][0]["status"].as_str().unwrap().to_owned();
    assert_eq!(
        [first(&clear()), first(&inconclusive()), first(&full())],
        ["not_affected", "under_investigation", "affected"]
    );
}

#[test]
fn a_waiver_makes_nothing_surer() {
    let states = |report: &Report| {
        let bom = parsed("cyclonedx", report)["vulnerabilities"][0]["analysis"]["state"].clone();
        let vex = parsed("openvex", report);
        let statements = vex["statements"].as_array().unwrap().clone();
        let waived = statements.into_iter().find(|one| one.to_string().contains("set aside until")).unwrap();
        [bom, waived["status"].clone()].map(|state| state.as_str().unwrap().to_owned())
    };
    assert_eq!(states(&full()), ["exploitable", "affected"]);
    let mut unsure = full();
    unsure.findings[5].certainty = interdict_model::Certainty::Possible;
    assert_eq!(states(&unsure), ["in_triage", "under_investigation"]);
    let mut declared = full();
    declared.findings[5].witness = interdict_model::Witness::DeclaredOnly;
    assert_eq!(states(&declared), ["in_triage", "under_investigation"]);
}

#[test]
fn sarif_places_and_suppressions() {
    let log = parsed("sarif", &full());
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), full().findings.len());
    let waived = results.iter().filter(|result| result.get("suppressions").is_some()).count();
    assert_eq!(waived, 1);
    for result in results {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        let artifact = &run["artifacts"][usize::try_from(place["index"].as_u64().unwrap()).unwrap()];
        assert_eq!(artifact["location"]["uri"], place["uri"]);
        if let Some(parent) = artifact["parentIndex"].as_u64() {
            assert!(run["artifacts"].get(usize::try_from(parent).unwrap()).is_some());
        }
    }
    let mut moved = full();
    moved.findings[0].on = moved.findings[1].on.clone();
    let print = |log: &Value| log["runs"][0]["results"][0]["partialFingerprints"].clone();
    assert_eq!(print(&parsed("sarif", &moved)), print(&log), "stable under moves");
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len(), full().gaps.len());
}

#[test]
fn spdx_elements_are_named_and_related() {
    for (case, build) in CASES {
        let document = parsed("spdx", &build());
        let ids: Vec<&str> = document["packages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|package| package["SPDXID"].as_str().unwrap())
            .collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{case}: no id twice");
        for id in &ids {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-';
            assert!(id.strip_prefix("SPDXRef-").unwrap().bytes().all(plain), "{id}");
        }
        for relation in document["relationships"].as_array().unwrap() {
            for end in ["spdxElementId", "relatedSpdxElement"] {
                let id = relation[end].as_str().unwrap();
                assert!(id == "SPDXRef-DOCUMENT" || ids.contains(&id), "{case}: {id}");
            }
        }
    }
}

#[test]
fn html_holds_no_markup_but_ours() {
    const TAGS: &str = "!doctype html head meta title style script body a header nav main footer section article h1 h2 h3 h4 p ul ol li \
        dl dt dd div span strong code mark cite br table caption thead tbody tr th td details summary form label input select option \
        button output pre figure figcaption svg rect line text g time";
    const ATTRIBUTES: &str = "lang charset http-equiv content name class id href aria-label aria-labelledby aria-live role tabindex scope \
        datetime hidden open title type autocomplete value data-effect data-witness viewBox x y x1 x2 y1 y2 width height rx text-anchor";
    for report in CASES.iter().map(|(_, build)| build()).chain([many(500)]) {
        let text = out("html", &report);
        assert!(text.len() < 5_000_000, "{} bytes", text.len());
        for tag in text.split('<').skip(1).map(|tail| tail.split('>').next().unwrap()) {
            let name = tag.trim_start_matches('/').split_whitespace().next().unwrap();
            assert!(TAGS.split_whitespace().any(|ours| ours == name), "<{tag}>");
            for (at, part) in tag.split('"').enumerate().step_by(2) {
                let attribute = part.trim().trim_end_matches(['=', '/']).trim();
                let attribute =
                    if at == 0 { attribute.split_whitespace().nth(1).unwrap_or_default() } else { attribute };
                assert!(
                    attribute.is_empty()
                        || attribute == "html"
                        || ATTRIBUTES.split_whitespace().any(|ours| ours == attribute),
                    "<{tag}>"
                );
            }
        }
        for link in text.split("href=\"").skip(1) {
            assert!(link.starts_with('#'), "{link}");
        }
        let ids: Vec<&str> = text.split(" id=\"").skip(1).map(|tail| tail.split('"').next().unwrap()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "no id twice");
    }
}
