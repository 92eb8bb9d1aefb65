//! Documents of JSON that two honest readers read differently.

const INNER: &str = r#"{"type":"library","name":"scan engine","version":"1","supplier":{"name":"AO Kaspersky Lab"}}"#;
const OTHER: &str = r#"{"type":"library","name":"zlib","version":"1.3","supplier":{"name":"zlib project"}}"#;

fn bom(fields: &str) -> String {
    format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6",{fields}}}"#)
}

pub(super) fn cases() -> Vec<(String, Vec<u8>)> {
    let both = |first: &str, second: &str| bom(&format!(r#""components":[{first}],"components":[{second}]"#));
    let component = |fields: &str| bom(&format!(r#""components":[{{"type":"library",{fields}}}]"#));
    let spdx = r#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"x","packages":[]}"#;
    let good = bom(&format!(r#""components":[{INNER}]"#));
    let clean = bom(&format!(r#""components":[{OTHER}]"#));
    let wide = |bytes: fn(u16) -> [u8; 2]| good.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let words = |bytes: fn(u32) -> [u8; 4]| good.chars().flat_map(|c| bytes(u32::from(c))).collect::<Vec<u8>>();
    let texts: Vec<(&str, String)> = vec![
        ("components-then-none", both(INNER, "")),
        ("none-then-components", both("", INNER)),
        ("components-then-others", both(INNER, OTHER)),
        ("others-then-components", both(OTHER, INNER)),
        ("components-then-null", bom(&format!(r#""components":[{INNER}],"components":null"#))),
        ("components-then-object", bom(&format!(r#""components":[{INNER}],"components":{{}}"#))),
        ("components-as-object", bom(&format!(r#""components":{{"0":{INNER}}}"#))),
        ("key-in-capitals", bom(&format!(r#""Components":[{INNER}]"#))),
        ("key-escaped", bom(&format!(r#""\u0063omponents":[{INNER}]"#))),
        ("key-escaped-twice", bom(&format!(r#""components":[],"\u0063omponents":[{INNER}]"#))),
        ("key-with-nul", bom(&format!(r#""components\u0000":[{INNER}],"components":[{OTHER}]"#))),
        ("key-with-surrogate", bom(&format!(r#""components\ud800":[{INNER}],"components":[{OTHER}]"#))),
        ("name-twice", component(r#""name":"zlib","name":"Kaspersky Anti-Virus SDK""#)),
        ("name-twice-turned", component(r#""name":"Kaspersky Anti-Virus SDK","name":"zlib""#)),
        ("supplier-twice", component(r#""name":"e","supplier":{"name":"AO Kaspersky Lab"},"supplier":{"name":"x"}"#)),
        ("supplier-as-text", component(r#""name":"e","supplier":"AO Kaspersky Lab""#)),
        ("supplier-in-a-list", component(r#""name":"e","supplier":[{"name":"AO Kaspersky Lab"}]"#)),
        ("supplier-name-twice", component(r#""name":"e","supplier":{"name":"AO Kaspersky Lab","name":"x"}"#)),
        ("format-twice", good.replacen('{', r#"{"bomFormat":"x","#, 1)),
        ("format-changed", good.replacen(r#""components""#, r#""bomFormat":"x","components""#, 1)),
        ("version-unknown", good.replace("1.6", "9.9")),
        ("version-a-number", good.replace(r#""1.6""#, "1.6")),
        ("both-formats", good.replacen('{', r#"{"spdxVersion":"SPDX-2.3","packages":[],"#, 1)),
        ("two-documents", format!("{clean}\n{good}")),
        ("two-documents-turned", format!("{good}\n{clean}")),
        ("behind-another-kind", format!("{spdx}{good}")),
        ("text-behind", format!("{good} and more")),
        ("text-before", format!("and more {good}")),
        ("script-before", format!(")]}}',\n{good}")),
        ("in-a-list", format!("[{clean},{good}]")),
        ("comments", good.replacen('{', "{ // said\n /* too */", 1)),
        ("comma-behind", good.replace("]}", "],}")),
        ("single-quotes", good.replace('"', "'")),
        ("no-quotes-at-keys", good.replace(r#""components":"#, "components:")),
        ("no-number", good.replacen('{', r#"{"version":NaN,"#, 1)),
        ("hexadecimal", good.replacen('{', r#"{"version":0x10,"#, 1)),
        ("line-break-in-text", good.replace("scan engine", "scan\nengine")),
        ("nul-between", good.replacen(',', "\0,", 1)),
        ("no-end", good.replace("]}", "")),
        ("ends-twice", format!("{good}}}}}")),
        ("broken-before", bom(&format!(r#""metadata":{{"x":[1,2}},"components":[{INNER}]"#))),
    ];
    let mut all: Vec<(String, Vec<u8>)> =
        texts.into_iter().map(|(way, text)| (format!("{way}.json"), text.into_bytes())).collect();
    for (way, bytes) in [
        ("byte-order-mark", [b"\xef\xbb\xbf", good.as_bytes()].concat()),
        ("two-byte-order-marks", [b"\xef\xbb\xbf\xef\xbb\xbf", good.as_bytes()].concat()),
        ("utf-16-unmarked", wide(u16::to_le_bytes)),
        ("utf-16-big-unmarked", wide(u16::to_be_bytes)),
        ("utf-32", [&b"\xff\xfe\0\0"[..], &words(u32::to_le_bytes)].concat()),
        ("utf-32-unmarked", words(u32::to_be_bytes)),
        (
            "no-utf-8",
            good.replace("scan engine", "scan@")
                .into_bytes()
                .iter()
                .map(|b| if *b == b'@' { 0xff } else { *b })
                .collect(),
        ),
        ("sequences", [b"\x1e", good.as_bytes(), b"\n\x1e", clean.as_bytes(), b"\n"].concat()),
    ] {
        all.push((format!("{way}.json"), bytes));
    }
    all
}
