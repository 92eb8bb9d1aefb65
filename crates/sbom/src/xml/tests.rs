//! The reader held against `roxmltree` on what is XML, and by itself on what is not.
use proptest::prelude::*;
use roxmltree::{Document, Node, NodeType, ParsingOptions};

use super::*;

/// What a document says, event by event: namespaces by URI, attributes sorted.
fn events(text: &str) -> (Result<Vec<String>, String>, Vec<String>) {
    let source = Source::of(text.as_bytes());
    let mut xml = Xml::new(&source, |_| ());
    let told = walk(&mut xml);
    let oddities = xml.oddities.iter().map(|one| format!("{}: {}", xml.place(one.at), one.wrong)).collect();
    (told.map_err(|fault| format!("{}: {}", xml.place(fault.at), xml.explain(fault))), oddities)
}

fn walk(xml: &mut Xml<'_, ()>) -> Read<Vec<String>> {
    let mut out = Vec::new();
    loop {
        match xml.next()? {
            Event::Open(tag) => {
                let uri = |prefix: &str| if prefix.is_empty() { "" } else { xml.scope.uri(prefix) };
                let mut attributes: Vec<String> = xml
                    .attributes()
                    .iter()
                    .map(|one| format!(" {{{}}}{}={:?}", uri(one.prefix), one.name, one.value))
                    .collect();
                attributes.sort();
                out.push(format!("<{{{}}}{}{}", xml.uri(), tag.name, attributes.concat()));
            }
            Event::Text(text) => out.push(format!("{text:?}")),
            Event::Close => out.push(">".to_owned()),
            Event::End => return Ok(joined(out)),
        }
    }
}

/// Texts that follow each other are one, and empty ones are none.
fn joined(events: Vec<String>) -> Vec<String> {
    events.into_iter().filter(|event| event != "\"\"").collect()
}

/// The same of `roxmltree`.
fn theirs(node: Node<'_, '_>, out: &mut Vec<String>) {
    if node.node_type() != NodeType::Element {
        return;
    }
    let mut attributes: Vec<String> = node
        .attributes()
        .map(|one| format!(" {{{}}}{}={:?}", one.namespace().unwrap_or_default(), one.name(), one.value()))
        .collect();
    attributes.sort();
    let name = node.tag_name();
    out.push(format!("<{{{}}}{}{}", name.namespace().unwrap_or_default(), name.name(), attributes.concat()));
    let mut text = String::new();
    let settle = |text: &mut String, out: &mut Vec<String>| {
        if !text.is_empty() {
            out.push(format!("{:?}", std::mem::take(text)));
        }
    };
    for child in node.children() {
        if child.is_text() {
            text.push_str(child.text().unwrap_or_default());
        } else if child.is_element() {
            settle(&mut text, out);
            theirs(child, out);
        }
    }
    settle(&mut text, out);
    out.push(">".to_owned());
}

fn check(text: &str) {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).unwrap_or_else(|why| panic!("{why}: {text}"));
    let mut want = Vec::new();
    theirs(document.root_element(), &mut want);
    let (told, oddities) = events(text);
    assert_eq!(told, Ok(want), "{text}");
    assert_eq!(oddities, Vec::<String>::new(), "{text}");
}

#[test]
fn what_is_xml_is_read_as_others_read_it() {
    for text in [
        "<a/>",
        "<?xml version=\"1.0\"?>\n<!-- c --><a x='1' y=\"2\"  ><b/>t<c>u</c >v</a>\n<!-- d -->",
        "<a>x<![CDATA[<&]]>y<!-- & -->z<?p q?>w&amp;&#65;&#x1F600;&lt;</a>",
        "<p:a xmlns:p='urn:1' xmlns='urn:2'><b p:c='1' c='2'/><p:b xmlns:p='urn:3'><p:c/></p:b><p:d/></p:a>",
        "<a xmlns='urn:1'><b xmlns=''><c/></b><d/></a>",
        "<a x='\n \t&#10;&quot;&apos;' xml:lang='ru'>a\r\nb\rc</a>",
        "<!DOCTYPE a [<!ENTITY e 'x<b>y</b>'><!ENTITY f '&e;&e;'><!ENTITY g '&#60;'>]><a>&f;</a>",
        "<!DOCTYPE a [<!ENTITY e \"it's &#34;\"> <!ELEMENT a ANY> <!-- ' -->]><a b=\"&e;\" c='&e;'/>",
        "<!DOCTYPE a SYSTEM \"a.dtd\"><a>1 &lt; 2</a>",
        "<Ж ё='ю'>текст</Ж>",
        "<a b='>' c='/>'>]]&gt;</a>",
    ] {
        check(text);
    }
}

#[test]
fn what_is_no_xml_is_read_on_and_told() {
    for (text, want, oddities) in [
        ("<a><b>1</a>", "<{}a <{}b \"1\" > >", &["line 1, column 8: `b` has no end tag"][..]),
        ("<a><b>1</c></b></a>", "<{}a <{}b \"1\" > >", &["line 1, column 8: an end tag without a start tag"]),
        (
            "<a>1 & 2 &x; &nbsp;</a>",
            "<{}a \"1 & 2 &x; \\u{a0}\" >",
            &[
                "line 1, column 6: a `&` that begins no reference",
                "line 1, column 10: an entity that is not known",
                "line 1, column 14: an entity of HTML that the document does not declare",
            ],
        ),
        ("<a>1 < 2</a>", "<{}a \"1 < 2\" >", &["line 1, column 6: a `<` that begins no tag"]),
        (
            "<a b=1 c d='<'>\u{1}</a>",
            "<{}a {}b=\"1\" {}c=\"\" {}d=\"<\" \"\\u{1}\" >",
            &[
                "line 1, column 6: a value without quotes",
                "line 1, column 8: an attribute without a value",
                "line 1, column 13: a `<` inside a value",
                "line 1, column 16: a character that XML does not allow",
            ],
        ),
        ("<a b='1' b='2'/>", "<{}a {}b=\"1\" {}b=\"2\" >", &["line 1, column 1: the attribute `b` stands twice"]),
        ("<p:a/>", "<{}a >", &["line 1, column 1: the prefix `p` is declared nowhere"]),
        (
            "x<a/>y<b/>",
            "<{}a > <{}b >",
            &["line 1, column 1: text outside of all elements", "line 1, column 6: text outside of all elements"],
        ),
        ("<a><b<c>1</c></b></a>", "<{}a <{}b <{}c \"1\" > > >", &["line 1, column 4: a start tag without `>`"]),
        (
            "<a>&#0;&#xD800;</a>",
            "<{}a \"\u{fffd}\u{fffd}\" >",
            &[
                "line 1, column 4: a reference to a character that there is not",
                "line 1, column 8: a reference to a character that there is not",
            ],
        ),
    ] {
        let (told, said) = events(text);
        assert_eq!(told.map(|events| events.join(" ")), Ok(want.to_owned()), "{text}");
        assert_eq!(said, oddities, "{text}");
    }
}

#[test]
fn what_cannot_be_read_on_is_a_fault_with_its_place() {
    for (text, want) in [
        ("<a>\n<b>", "line 2, column 4: expected the end tag of an element inside `b`, found the end of the text"),
        ("<a><!-- x", "line 1, column 4: expected `-->` at the end of a comment inside `a`, found `<!-- x`"),
        ("<a b='1", "line 1, column 1: expected a closing quote in a start tag, found `<a b='1`"),
        (
            "<a><![CDATA[x]]",
            "line 1, column 4: expected `]]>` at the end of a CDATA section inside `a`, found `<![CDATA[x]]`",
        ),
        (
            "<!DOCTYPE a [<!ENTITY",
            "line 1, column 1: expected `>` at the end of a declaration, found `<!DOCTYPE a [<!E`",
        ),
        ("<a></a", "line 1, column 4: expected `>` at the end of an end tag inside `a`, found `</a`"),
        ("<a ", "line 1, column 1: expected `>` at the end of a start tag, found `<a `"),
    ] {
        assert_eq!(events(text).0, Err(want.to_owned()), "{text}");
    }
}

fn gaps(text: &str) -> (Source<'_>, Vec<String>) {
    struct Heard(Vec<String>);
    impl interdict_model::Receiver for Heard {
        fn wants(&self, _: interdict_model::FactKind) -> bool {
            true
        }
        fn fact(
            &mut self,
            _: &'static str,
            _: interdict_model::Part,
            _: interdict_model::FactKind,
            _: &str,
            _: interdict_model::At<'_>,
        ) {
        }
        fn component(&mut self, _: &'static str, _: &interdict_model::Declared<'_>) -> interdict_model::Part {
            interdict_model::Part(0)
        }
        fn depends(&mut self, _: &str, _: &str) {}
        fn document(&mut self, _: &'static str, _: interdict_model::Document) {}
        fn gap(&mut self, _: &'static str, gap: interdict_model::Unseen) {
            self.0.push(format!("{}: {}", gap.reason.name(), gap.detail));
        }
        fn repair(&mut self, _: &'static str, pointer: String, wrong: String, _: String) {
            self.0.push(format!("repair {pointer}: {wrong}"));
        }
    }
    let mut heard = Heard(Vec::new());
    let source = Source::of(text.as_bytes());
    source.tell(&mut interdict_model::Sink::new("xml", &mut heard));
    (source, heard.0)
}

#[test]
fn entities_are_bounded_and_never_fetched() {
    let laughs = (1..20)
        .map(|n| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10)))
        .collect::<Vec<_>>()
        .concat();
    let deep = format!("<!DOCTYPE a [<!ENTITY l0 'lol'>{laughs}]><a b='&l19;'>&l19;</a>");
    let (source, said) = gaps(&deep);
    assert!(source.text().len() < deep.len() + 3 * expand::OUTPUT, "{}", source.text().len());
    assert_eq!(
        said,
        [
            "over-limit: entities are nested more than 8 deep, first at line 1, column 1185; those that are too much are read as they are written"
        ]
    );
    let wide = format!("<!DOCTYPE a [<!ENTITY l0 'lol'>{laughs}]><a>{}</a>", "&l4;".repeat(100_000));
    let (source, said) = gaps(&wide);
    assert!(source.text().len() < wide.len() + 3 * expand::OUTPUT);
    assert!(said[0].starts_with("over-limit: entities stand for more than 64 KiB"), "{said:?}");
    // References to characters are part of a declaration, all others of the text it stands for.
    let twice = events("<!DOCTYPE a [<!ENTITY g '&#38;#60;&#38;lt;'>]><a b='&g;'>&g;</a>");
    assert_eq!(twice.0.unwrap().concat(), "<{}a {}b=\"<<\"\"<<\">");
    let fetched = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a b='&x;'>1&x;2</a>";
    let (source, said) = gaps(fetched);
    assert!(source.text().ends_with("<a b='&amp;x;'>12</a>"), "{}", source.text());
    assert_eq!(
        said,
        [
            "missing: the entity `x` stands outside of the document, in `file:///etc/passwd`, and was not fetched; 2 references, the first at line 1, column 61"
        ]
    );
    let (source, said) = gaps("<!DOCTYPE a [<!ENTITY x '&y;'><!ENTITY y '&x;'>%p;]>\n<a>&x;\n<b></a>");
    assert!(said.iter().any(|line| line.contains("an entity refers to itself, first at line 2, column 4")), "{said:?}");
    assert!(said.iter().any(|line| line.contains("parameter entities")), "{said:?}");
    let mut xml = Xml::new(&source, |_| ());
    assert!(walk(&mut xml).is_ok());
    assert_eq!(xml.place(xml.oddities[0].at), "line 3, column 4");
}

#[test]
fn depth_costs_no_stack_and_is_told() {
    for (depth, deeper) in [(DEPTH, 0), (DEPTH + 1, 1), (200_000, 1)] {
        let text = "<a>".repeat(depth) + "x" + &"</a>".repeat(depth);
        let source = Source::of(text.as_bytes());
        let mut xml = Xml::new(&source, |_| ());
        let told = walk(&mut xml).unwrap();
        assert_eq!(told.iter().filter(|event| *event == ">").count(), depth.min(DEPTH));
        assert_eq!(xml.limits.depth.count, deeper);
        let mut skipping = Xml::new(&source, |_| ());
        assert!(skipping.child().unwrap().is_some());
        skipping.skip().unwrap();
        assert_eq!((skipping.at, skipping.depth()), (text.len(), 0));
    }
    let (told, _) = events(&"<a>".repeat(200_000));
    assert!(told.unwrap_err().contains("the end tag"), "cut short");
}

#[test]
fn attributes_and_namespaces_are_limited_in_linear_time() {
    let attributes = (0..300_000).map(|n| format!(" a{n}='1'")).collect::<Vec<_>>().concat();
    let namespaces = (0..300_000).map(|n| format!(" xmlns:p{n}='urn:{n}'")).collect::<Vec<_>>().concat();
    let text = format!("<a{attributes}{namespaces}><p1:b/><p299999:b/></a>");
    let source = Source::of(text.as_bytes());
    let mut xml = Xml::new(&source, |_| ());
    xml.child().unwrap();
    assert_eq!(xml.attributes().len(), ATTRIBUTES);
    assert_eq!((xml.limits.attributes.count, xml.limits.namespaces.count), (290_000, 299_744));
    xml.skip().unwrap();
    assert!(xml.child().unwrap().is_none());
    let same = "<a".to_owned() + &" a='1'".repeat(300_000) + "/>";
    assert_eq!(events(&same).1, ["line 1, column 1: the attribute `a` stands twice"]);
}

#[test]
fn texts_are_read_whole_and_elements_one_by_one() {
    let source = Source::of(b"<a> <b>x<i>y</i>z</b>stray<c k='v'/><d><e/></d></a>");
    let mut xml = Xml::new(&source, |_| ());
    assert_eq!(xml.child().unwrap().unwrap().name, "a");
    assert_eq!(xml.child().unwrap().unwrap().name, "b");
    assert_eq!(xml.text().unwrap(), "x y z");
    assert_eq!(xml.child().unwrap().unwrap().name, "c");
    assert_eq!(xml.attribute("k").unwrap(), "v");
    assert_eq!(xml.text().unwrap(), "");
    assert_eq!(xml.child().unwrap().unwrap().name, "d");
    assert_eq!(xml.child().unwrap().unwrap().name, "e");
    assert_eq!(xml.child().unwrap(), None);
    assert_eq!(xml.child().unwrap(), None);
    assert_eq!(xml.child().unwrap(), None);
    assert_eq!((xml.depth(), xml.oddities.len()), (0, 2));
}

fn any_xml() -> impl Strategy<Value = String> {
    let text = "[a-z &&[^&]\u{e9}\n\r\t]{0,12}|&lt;|<!--x-->|<\\?y z\\?>|<!\\[CDATA\\[<&>\\]\\]>|&#x41;";
    let leaf =
        text.prop_map(|text| text.replace('&', "&amp;").replace("&amp;lt;", "&lt;").replace("&amp;#x41;", "&#65;"));
    let tag = (
        "(p:|q:)?[a-c]{1,3}",
        "( x='[a-z &&[^&]\n]{0,5}')?( p:y=\"[a-z]{0,5}\")?( xmlns:p='urn:[ab]')?( xmlns='urn:[ab]?')?",
    );
    leaf.prop_recursive(5, 40, 5, move |inner| {
        (tag, proptest::collection::vec(inner, 0..5)).prop_map(|((name, attributes), children)| {
            let attributes = attributes.replace('&', "&amp;");
            format!("<{name}{attributes}>{}</{name}>", children.concat())
        })
    })
}

proptest! {
    #[test]
    fn reads_what_others_read(inside in any_xml()) {
        check(&format!("<r xmlns:p='urn:p' xmlns:q='urn:q'>{}</r>", inside.replace("<!-&amp;-x-->", "")));
    }

    #[test]
    fn any_text_is_read_to_its_end_or_to_a_fault(text in "[<>/a-b =\"'!&;?\\[\\]-]{0,40}") {
        let source = Source::of(text.as_bytes());
        let mut xml = Xml::new(&source, |_| ());
        let mut skipping = xml.clone();
        if walk(&mut xml).is_ok() {
            prop_assert_eq!(xml.at, text.len());
            while skipping.child().unwrap().is_some() {
                skipping.skip().unwrap();
            }
            prop_assert_eq!(skipping.at, text.len());
        }
    }
}
