//! Reports in pieces, in parts, cut, and with more behind the verdicts.
use std::io::Cursor;

use super::*;

/// Gives so many bytes at a time.
struct Drops<'a>(&'a [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = self.1.min(into.len());
        self.0.read(&mut into[..most])
    }
}

const REPORT: &str = r#" { "schema": "interdict.report/1", "tool": { "name": "interdict", "version": "0" }, "packs": [],
        "as_of": "2026-01-01T00:00:00Z", "profile": { "name": "", "title": "", "roles": [], "acts": [], "jurisdictions": [] },
        "outcome": "clear", "inputs": [], "findings": [{ "id": "F-1", "fingerprint": "f", "entity": "e", "title": "t\u0041",
        "relation": "is", "certainty": "possible", "on": "a!/b", "product": { "name": "p", "known_from": "k" }, "path": [],
        "witness": "not-compared", "scope": "required", "matches": [] }  ],
        "verdicts": [{ "finding": "F-1", "regime": "]", "provision": "p", "effect": "prohibited", "because": "b", "citation": "c", "text": "primary" }],
        "waived": [], "reconciliation": [], "coverage": { "artifacts": 3, "bytes": 0, "examined": 0, "components": 0, "gaps": 0,
        "material_gaps": 0, "formats": {}, "complete": true, "isolation": "none" }, "gaps": [], "later": 12,
        "legend": { "entities": [], "regimes": {}, "notes": ["kept"] } }
"#;

fn read(text: &str, at_a_time: usize) -> Result<Report> {
    super::read(&mut Drops(text.as_bytes(), at_a_time), false, ROOM)
}

/// A report of so many findings and verdicts, as our writer has it.
fn written(findings: usize, verdicts: usize) -> (Report, String) {
    let one: Report = serde_json::from_str(REPORT).unwrap();
    let (finding, verdict) = (&one.findings[0], &one.verdicts[0]);
    let findings =
        (0..findings).map(|at| Finding { title: format!("{at}\n    }},\n    {{").as_str().into(), ..finding.clone() });
    let report = Report { findings: findings.collect(), verdicts: vec![verdict.clone(); verdicts], ..one.clone() };
    let text = serde_json::to_string_pretty(&report).unwrap() + "\n";
    (Report { verdicts: Vec::new(), ..report }, text)
}

#[test]
fn as_a_reader_of_the_whole_does() {
    let whole: Report = serde_json::from_str(REPORT).unwrap();
    let whole = Report { verdicts: Vec::new(), ..whole };
    for at_a_time in [1, 2, 7, 64, 1 << 20] {
        assert_eq!(read(REPORT, at_a_time).unwrap(), whole, "{at_a_time}");
    }
}

#[test]
fn takes_nothing_that_a_reader_of_the_whole_refuses() {
    for at in 0..REPORT.trim_end().len() {
        assert!(read(&REPORT[..at], 100).is_err(), "{at}");
    }
    for (from, to) in [
        ("\"waived\": []", "\"waived\": [], \"waived\": []"),
        ("\"verdicts\"", "\"findings\": [], \"verdicts\""),
        ("[{ \"finding\"", "[, { \"finding\""),
        ("\"primary\" }]", "\"primary\" },]"),
        ("\"primary\" }]", "\"primary\" }}"),
        ("\"is\"", "\"near\""),
        ("}  ]", "} 1 ]"),
        ("12,", "1 2,"),
        ("[\"kept\"] } }", "[\"kept\"] } },"),
        ("[\"kept\"] } }", "[\"kept\"] }, }"),
        ("{ \"schema\"", "{, \"schema\""),
        ("{ \"schema\"", "[ \"schema\""),
    ] {
        let wrong = REPORT.replacen(from, to, 1);
        assert_ne!(wrong, REPORT);
        assert!(serde_json::from_str::<Report>(&wrong).is_err(), "{to}");
        assert!(read(&wrong, 1 << 20).is_err(), "{to}");
    }
}

#[test]
fn large_ones_in_parts() {
    for (findings, verdicts) in [(0, 0), (0, 3), (1, 1), (2, 0), (3, 200), (300, 500)] {
        let (want, text) = written(findings, verdicts);
        assert_eq!(ends_in_verdicts(&mut Cursor::new(&text)).unwrap(), verdicts > 0);
        assert_eq!(unjudged(&mut Cursor::new(&text)).unwrap(), want);
        for room in [1, 300, 3000, 30_000] {
            assert_eq!(super::read(&mut Drops(text.as_bytes(), 2 * room), verdicts > 0, room).unwrap(), want, "{room}");
        }
    }
}

#[test]
fn nothing_behind_the_verdicts_is_lost_nor_a_cut_accepted() {
    let (want, text) = written(2, 2);
    for at in 0..text.trim_end().len() {
        assert!(unjudged(&mut Cursor::new(&text[..at])).is_err(), "{at}");
    }
    let end = text.rfind("\n}").unwrap();
    for more in [
        ",\n  \"observations\": []",
        ",\n  \"sbom_quality\": [\n    {\n    }\n  ]",
        ",\n  \"later\": [\n    {\n    }\n  ]",
    ] {
        let text = format!("{}{more}\n}}\n", &text[..end]);
        assert!(!ends_in_verdicts(&mut Cursor::new(&text)).unwrap(), "{more}");
        let whole = serde_json::from_str::<Report>(&text).map(|report| Report { verdicts: Vec::new(), ..report });
        assert_eq!(unjudged(&mut Cursor::new(&text)).ok(), whole.ok(), "{more}");
    }
    // Parts that are no findings, in a document that looks like ours.
    for (from, to) in [("\"is\"", "\"near\""), ("    },\n    {", "    },\n    ,{"), ("\n    },", "\n    },\n    },")] {
        let wrong = written(40, 2).1.replacen(from, to, 1);
        assert!(unjudged(&mut Cursor::new(&wrong)).is_err(), "{to}");
    }
    assert_eq!(want.findings.len(), 2);
}
