//! A dump of everything an observer says, one sorted line a fact.
use std::fmt::Write as _;

use interdict_model::{
    At, Declared, Document, FactKind, GapReason, Head, Malformed, Needles, Observer, Part, Place, Receiver, Sink,
    Source, Unseen, canonical,
};

/// What `observer` says of these bytes, sorted, one line each:
///
/// ```text
/// component #pkg:npm/a@1 name "a" version "1" … at /components/0
/// depends a -> b
/// document version 1.6 components 1 services 0 files 0 snippets 0 relationships 0 vulnerabilities 0 by cyclonedx-json
/// fact needed-library "libc.so.6" on - at 0x40..0x48 by elf
/// gap malformed "cut short" at 0x0..0x4 needs - by elf
/// malformed at offset 0x40 : "a table of 3 entries ends outside the file"
/// refused
/// repair /version "is a string" assumed "1" by cyclonedx-json
/// ```
///
/// Values are canonical, quoted, and escaped to printable text. `refused` stands where `accepts` turns the bytes down;
/// the observer is asked all the same, for it must survive what other observers accept.
pub fn lines(observer: &Observer, name: &str, bytes: &[u8], needles: &Needles) -> String {
    let mut heard = Heard::default();
    if !(observer.accepts)(&Head { bytes, name }) {
        heard.lines.push("refused".to_owned());
    }
    let told = (observer.observe)(&Source { bytes, name, needles }, &mut Sink::new(observer.id, &mut heard));
    match told {
        Ok(()) => {}
        Err(Malformed::NotThis) => heard.lines.push("malformed : not of this format".to_owned()),
        Err(Malformed::Broken { at, detail }) => heard.lines.push(format!("malformed at {at} : {}", quoted(&detail))),
    }
    heard.lines.sort();
    heard.lines.into_iter().fold(String::new(), |mut out, line| {
        out.push_str(&line);
        out.push('\n');
        out
    })
}

/// One line for any text: quotes, backslashes and whatever does not print are escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
                out.extend(character.escape_unicode());
            }
            c if c.is_control() => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

pub(crate) fn gap(gap: &Unseen) -> String {
    let reason: GapReason = gap.reason;
    let ranges: Vec<String> = gap.ranges.iter().map(|(start, end)| format!("{start:#x}..{end:#x}")).collect();
    let at = if ranges.is_empty() { "whole".to_owned() } else { ranges.join(",") };
    let needs = gap.needs.as_deref().map_or_else(|| "-".to_owned(), quoted);
    format!("gap {} {} at {at} needs {needs}", reason.name(), quoted(&gap.detail))
}

#[derive(Default)]
struct Heard {
    lines: Vec<String>,
    parts: Vec<String>,
}

impl Heard {
    fn on(&self, part: Part) -> &str {
        if part == Part::WHOLE {
            return "-";
        }
        usize::try_from(part.0).ok().and_then(|index| self.parts.get(index)).map_or("#unknown-part", String::as_str)
    }
}

impl Receiver for Heard {
    fn wants(&self, _: FactKind) -> bool {
        true
    }

    fn fact(&mut self, by: &'static str, on: Part, kind: FactKind, raw: &str, at: At<'_>) {
        let value = quoted(&canonical(kind, raw));
        let line = format!("fact {} {value} on {} at {} by {by}", kind.name(), self.on(on), Place::from(at));
        self.lines.push(line);
    }

    fn component(&mut self, by: &'static str, declared: &Declared<'_>) -> Part {
        let part = Part(u32::try_from(self.parts.len()).unwrap_or(u32::MAX - 1));
        let label = match (declared.purl, declared.version) {
            (Some(purl), _) => format!("#{purl}"),
            (None, Some(version)) => format!("#{}@{version}", declared.name),
            (None, None) => format!("#{}", declared.name),
        };
        let label = quoted(&label).trim_matches('"').to_owned();
        let kind = if declared.is_subject { "subject" } else { "component" };
        let mut line = format!("{kind} {label} name {}", quoted(declared.name));
        for (field, value) in [("version", declared.version), ("purl", declared.purl), ("supplier", declared.supplier)]
        {
            if let Some(value) = value {
                let _ = write!(line, " {field} {}", quoted(value));
            }
        }
        if !declared.reference.is_empty() {
            let _ = write!(line, " ref {}", quoted(declared.reference));
        }
        for (algorithm, hex) in declared.digests {
            let _ = write!(line, " digest {algorithm}:{hex}");
        }
        let _ = write!(line, " scope {:?} at {} by {by}", declared.scope, quoted(declared.pointer).trim_matches('"'));
        self.lines.push(line);
        self.parts.push(label);
        part
    }

    fn depends(&mut self, from: &str, to: &str) {
        if from.is_empty() {
            return;
        }
        self.lines.push(format!("depends {} -> {}", quoted(from), quoted(to)));
    }

    fn document(&mut self, by: &'static str, document: Document) {
        let version = document.version.as_deref().map_or_else(|| "-".to_owned(), quoted);
        let c = document.counts;
        self.lines.push(format!(
            "document version {version} components {} services {} files {} snippets {} relationships {} vulnerabilities {} by {by}",
            c.components, c.services, c.files, c.snippets, c.relationships, c.vulnerabilities
        ));
    }

    fn gap(&mut self, by: &'static str, unseen: Unseen) {
        self.lines.push(format!("{} by {by}", gap(&unseen)));
    }

    fn repair(&mut self, by: &'static str, pointer: String, wrong: String, assumed: String) {
        let pointer = if pointer.is_empty() { "-".to_owned() } else { pointer };
        self.lines.push(format!("repair {pointer} {} assumed {} by {by}", quoted(&wrong), quoted(&assumed)));
    }
}

#[cfg(test)]
mod tests {
    use interdict_model::Technique;

    use super::*;

    fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
        let part = sink.component(&Declared {
            name: "a\nb",
            version: Some("1"),
            pointer: "/components/0",
            digests: &[("sha-1", "00")],
            ..Declared::default()
        });
        sink.fact_on(part, FactKind::Supplier, "AO  Kaspersky Lab", At::Pointer("/components/0", "/supplier"));
        sink.fact(FactKind::Import, source.name, At::Bytes(16, 32));
        sink.depends("x", "y");
        sink.gap(Unseen::new(GapReason::Packed, "says \"no\"").over(0, 4).needing("a key"));
        sink.repair("/v", "text", "1");
        sink.document(Document::default());
        Err(Malformed::at("offset 0x4", "two\nlines"))
    }

    const TALKER: Observer = Observer {
        id: "talker",
        revision: 1,
        title: "",
        limitations: &[],
        technique: Technique::Other,
        accepts: |head| head.starts_with(b"x"),
        observe,
    };

    #[test]
    fn one_sorted_line_a_word() {
        expect_test::expect![[r#"
            component #a\nb@1 name "a\nb" version "1" digest sha-1:00 scope Required at /components/0 by talker
            depends "x" -> "y"
            document version - components 0 services 0 files 0 snippets 0 relationships 0 vulnerabilities 0 by talker
            fact import "\u{202e}F" on - at 0x10..0x20 by talker
            fact supplier "ao kaspersky lab" on #a\nb@1 at /components/0/supplier by talker
            gap packed "says \"no\"" at 0x0..0x4 needs "a key" by talker
            malformed at offset 0x4 : "two\nlines"
            refused
            repair /v "text" assumed "1" by talker
        "#]]
        .assert_eq(&lines(&TALKER, "\u{202e}F", b"y", &Needles::default()));
        assert!(!lines(&TALKER, "F", b"x", &Needles::default()).contains("refused"));
    }
}
