//! From a line of a rule, as TOML, to its test and the needles it needs.
use interdict_model::{FactKind, Form, Needle, canonical};
use regex::Regex;
use toml::{Table, Value};

use crate::literal::needs;
use crate::needle::needle;
use crate::rule::{Line, Test};
use crate::versions::Range;

/// Compiles `kind = value`; needles that a `content` line asks for are added to the list.
pub(crate) fn line(kind: &str, value: &Value, needles: &mut Vec<Needle>) -> Result<Line, String> {
    let kind = FactKind::named(kind).ok_or_else(|| unknown_kind(kind))?;
    let test = if kind == FactKind::Content { content(value, needles)? } else { plain(kind, value)? };
    Ok(Line { kind, needs: needs(&test), test })
}

fn plain(kind: FactKind, value: &Value) -> Result<Test, String> {
    let table = match value {
        Value::String(text) => return Ok(Test::OneOf(vec![whole(kind, text)?])),
        Value::Table(table) => table,
        _ => return Err(format!("`{}` takes a text or a table of one test", kind.name())),
    };
    if let Some(of) = table.get("of") {
        only(table, &["of", "at-least"])?;
        let values = texts(of)?.iter().map(|text| whole(kind, text)).collect::<Result<_, _>>()?;
        return at_least(table, values);
    }
    if let Some(versions) = table.get("versions") {
        return ranged(kind, table, versions);
    }
    let mut entries = table.iter();
    let (Some((name, value)), None) = (entries.next(), entries.next()) else {
        return Err(format!("`{}` takes exactly one test", kind.name()));
    };
    if name == "one-of" {
        return Ok(Test::OneOf(texts(value)?.iter().map(|text| whole(kind, text)).collect::<Result<_, _>>()?));
    }
    if name == "products" && kind == FactKind::Cpe {
        return Ok(Test::Products(texts(value)?, Vec::new()));
    }
    let text = value.as_str().ok_or_else(|| format!("`{name}` takes a text"))?;
    if text.is_empty() {
        return Err(format!("`{name}` may not be empty"));
    }
    Ok(match name.as_str() {
        "prefix" => Test::Prefix(part(kind, text)),
        "suffix" => Test::Suffix(part(kind, text)),
        "contains" => Test::Contains(part(kind, text)),
        "word" => Test::Word(part(kind, text)),
        "glob" => Test::Glob(part(kind, text)),
        "regex" => {
            Regex::new(text).map_err(|error| format!("not a regular expression: {error}"))?;
            Test::Regex(text.to_owned())
        }
        other => {
            return Err(format!(
                "unknown test `{other}`; known are one-of, prefix, suffix, contains, word, glob, regex, of with at-least, versions, products"
            ));
        }
    })
}

/// `versions` alone, or beside the `products` of CPE names.
fn ranged(kind: FactKind, table: &Table, versions: &Value) -> Result<Test, String> {
    only(table, &["versions", "products"])?;
    let ranges: Vec<Range> = versions.clone().try_into().map_err(|error| format!("`versions`: {error}"))?;
    if ranges.is_empty() || ranges.contains(&Range::default()) {
        return Err("`versions` takes ranges with `from`, `before`, or both".to_owned());
    }
    match (table.get("products"), kind) {
        (Some(products), FactKind::Cpe) => Ok(Test::Products(texts(products)?, ranges)),
        (None, FactKind::Version) => Ok(Test::Versions(ranges)),
        _ => Err("`versions` is a test of `version`, or of `cpe` beside `products`".to_owned()),
    }
}

fn content(value: &Value, needles: &mut Vec<Needle>) -> Result<Test, String> {
    let list = |value: &Value, needles: &mut Vec<Needle>| -> Result<Vec<String>, String> {
        let values = value.as_array().ok_or("a list of texts or needles was expected")?;
        values.iter().map(|value| add(needle(value)?, needles)).collect()
    };
    if let Value::Table(table) = value {
        if let Some(one_of) = table.get("one-of") {
            only(table, &["one-of"])?;
            return Ok(Test::OneOf(list(one_of, needles)?));
        }
        if let Some(of) = table.get("of") {
            only(table, &["of", "at-least"])?;
            let names = list(of, needles)?;
            return at_least(table, names);
        }
    }
    Ok(Test::OneOf(vec![add(needle(value)?, needles)?]))
}

fn add(needle: Needle, needles: &mut Vec<Needle>) -> Result<String, String> {
    let name = needle.name.clone();
    match needles.iter().find(|known| known.name == name) {
        Some(known) if *known != needle => Err(format!("two different needles are called `{name}`")),
        Some(_) => Ok(name),
        None => {
            needles.push(needle);
            Ok(name)
        }
    }
}

fn at_least(table: &Table, values: Vec<String>) -> Result<Test, String> {
    let count = table.get("at-least").and_then(Value::as_integer).and_then(|count| usize::try_from(count).ok());
    match count {
        Some(count) if (1..=values.len()).contains(&count) => Ok(Test::AtLeast(count, values)),
        _ => Err(format!("`at-least` must be a number from 1 to {}", values.len())),
    }
}

fn only(table: &Table, known: &[&str]) -> Result<(), String> {
    match table.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!("`{key}` cannot stand beside `{}`", known.first().copied().unwrap_or_default())),
        None => Ok(()),
    }
}

fn texts(value: &Value) -> Result<Vec<String>, String> {
    let list = value.as_array().filter(|list| !list.is_empty()).ok_or("a list of texts was expected")?;
    list.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(|| "a text was expected".to_owned())).collect()
}

fn whole(kind: FactKind, text: &str) -> Result<String, String> {
    let value = canonical(kind, text).into_owned();
    if value.is_empty() { Err(format!("`{}` of nothing would meet everything", kind.name())) } else { Ok(value) }
}

/// A part of a value: the forms that parse a whole (purl, CPE) only fold case here.
fn part(kind: FactKind, text: &str) -> String {
    match kind.form() {
        Form::Purl | Form::Cpe | Form::Url | Form::Exact => text.to_owned(),
        Form::Path => text.to_lowercase().replace('\\', "/"),
        Form::Text => {
            // Spaces at the edges of a part carry meaning; `canonical` would trim them.
            let (head, tail) = (text.starts_with(' '), text.ends_with(' '));
            format!("{}{}{}", if head { " " } else { "" }, canonical(kind, text), if tail { " " } else { "" })
        }
        Form::Hex => text.to_lowercase(),
    }
}

fn unknown_kind(kind: &str) -> String {
    let near = FactKind::ALL.iter().map(|known| known.name()).min_by_key(|known| distance(known, kind));
    format!("unknown fact kind `{kind}`; did you mean `{}`?", near.unwrap_or_default())
}

/// Letters at the same place that differ, and the difference in length: enough for a hint.
fn distance(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).filter(|(x, y)| x != y).count() + a.len().abs_diff(b.len())
}

/// Whether one canonical value meets one test.
pub(crate) fn meets(test: &Test, value: &str, regex: Option<&Regex>) -> bool {
    match test {
        Test::OneOf(values) | Test::AtLeast(_, values) => values.iter().any(|known| known == value),
        Test::Prefix(start) => value.starts_with(start),
        Test::Suffix(end) => value.ends_with(end),
        Test::Contains(inner) => value.contains(inner),
        Test::Word(word) => is_word_in(word, value),
        Test::Glob(pattern) => crate::glob(pattern, value),
        Test::Regex(_) => regex.is_some_and(|regex| regex.is_match(value)),
        Test::Versions(ranges) => ranges.iter().any(|range| range.has(value)),
        Test::Products(products, ranges) => is_of(value, products, ranges),
    }
}

/// Whether a CPE name is of one of these products, in one of these versions. Its update belongs to the version.
fn is_of(cpe: &str, products: &[String], ranges: &[Range]) -> bool {
    let mut fields = cpe.split(':').skip(3);
    let mut next = || fields.next().unwrap_or_default();
    let product = format!("{}:{}", next(), next());
    let (version, update) = (next(), next());
    let version = if matches!(update, "" | "*" | "-") { version.to_owned() } else { format!("{version}-{update}") };
    products.iter().any(|pattern| crate::glob(pattern, &product))
        && (ranges.is_empty() || ranges.iter().any(|range| range.has(&version)))
}

fn is_word_in(word: &str, value: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    value.match_indices(word).any(|(at, _)| {
        let before = value.get(..at).and_then(|head| head.chars().next_back());
        let after = value.get(at + word.len()..).and_then(|tail| tail.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}
