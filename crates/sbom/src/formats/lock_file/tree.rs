//! JSON, YAML, TOML or XML as one tree of texts; what stands twice in an object stands twice in it.
use toml::de::{DeTable, DeValue};

use super::list::List;
use crate::json::{self, Json, Keys, Kind};
use crate::leaves::DEPTH;
use crate::xml::{self, Event, Xml};
use interdict_model::Malformed;

/// A value; numbers and truth values are texts as they are written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Tree {
    #[default]
    Nothing,
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

static NOTHING: Tree = Tree::Nothing;

impl Tree {
    /// The members of an object; none of anything else.
    pub(super) fn members(&self) -> &[(String, Self)] {
        if let Self::Object(members) = self { members } else { &[] }
    }

    /// The items of a list; what is none is one item, and nothing is none.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Nothing => &[],
            one => std::slice::from_ref(one),
        }
    }

    /// Everything that stands under this key.
    pub(super) fn all<'t>(&'t self, key: &'t str) -> impl Iterator<Item = &'t Self> {
        self.members().iter().filter(move |(name, _)| name == key).map(|(_, value)| value)
    }

    /// What stands under this key first.
    pub(super) fn at<'t>(&'t self, key: &'t str) -> &'t Self {
        self.all(key).next().unwrap_or(&NOTHING)
    }

    /// The text; empty where this is none.
    pub(super) fn text(&self) -> &str {
        if let Self::Text(text) = self { text.trim() } else { "" }
    }

    /// The text under a key; empty where there is none.
    pub(super) fn word<'t>(&'t self, key: &'t str) -> &'t str {
        self.at(key).text()
    }

    /// Whether a truth value under a key is true.
    pub(super) fn is(&self, key: &str) -> bool {
        self.all(key).any(|value| value.text() == "true")
    }

    /// Every object under this key: in a list, or by itself.
    pub(super) fn each<'t>(&'t self, key: &'t str) -> impl Iterator<Item = (usize, &'t Self)> {
        self.all(key).flat_map(Self::items).enumerate()
    }

    fn push(&mut self, key: String, value: Self) {
        match self {
            Self::List(items) => items.push(value),
            Self::Object(members) => members.push((key, value)),
            Self::Nothing | Self::Text(_) => *self = value,
        }
    }
}

/// As far as it is JSON, and where it stops being so.
pub(super) fn of_json(json: &mut Json<'_>, list: &mut List) -> (Tree, Option<json::Fault>) {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut top = Tree::Nothing;
    let fault = steps(json, list, &mut open, &mut top).err();
    while let Some(Open { key, tree, .. }) = open.pop() {
        open.last_mut().map_or(&mut top, |above| &mut above.tree).push(key, tree);
    }
    (top, fault)
}

/// An object or list that was stepped into.
struct Open<'a> {
    key: String,
    tree: Tree,
    keys: Keys<'a>,
}

fn steps<'a>(json: &mut Json<'a>, list: &mut List, open: &mut Vec<Open<'a>>, top: &mut Tree) -> json::Read<()> {
    let mut key = String::new();
    for met in 1.. {
        if list.is_too_long(met) {
            break;
        }
        let value = match json.kind()? {
            kind @ (Kind::Object | Kind::Array) if open.len() < DEPTH => {
                json.open()?;
                let tree = if kind == Kind::Object { Tree::Object(Vec::new()) } else { Tree::List(Vec::new()) };
                open.push(Open { key: std::mem::take(&mut key), tree, keys: Keys::default() });
                None
            }
            Kind::Object | Kind::Array => {
                list.ledger.too_deep(&key);
                list.is_cut = true;
                json.skip()?;
                Some(Tree::Nothing)
            }
            _ => Some(json.scalar()?.map_or(Tree::Nothing, |text| Tree::Text(text.into_owned()))),
        };
        if let Some(value) = value {
            open.last_mut().map_or(&mut *top, |above| &mut above.tree).push(std::mem::take(&mut key), value);
        }
        loop {
            let next = match open.last_mut() {
                None => return Ok(()),
                Some(Open { tree: Tree::Object(_), keys, .. }) => json.key()?.is_some_and(|name| {
                    if keys.again(name.clone()) {
                        list.twice.push(name.to_string());
                    }
                    key = name.into_owned();
                    true
                }),
                Some(_) => json.item()?,
            };
            if next {
                break;
            }
            if let Some(Open { key, tree, .. }) = open.pop() {
                open.last_mut().map_or(&mut *top, |above| &mut above.tree).push(key, tree);
            }
        }
    }
    Ok(())
}

/// As far as it is TOML, and the first place where it is not.
pub(super) fn of_toml(text: &str) -> (Tree, Option<Malformed>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let fault = errors.first().map(|error| {
        let at = error.span().map_or_else(String::new, |span| json::place(text, span.start));
        Malformed::at(at, format!("not TOML: {}; {} places in all", error.message(), errors.len()))
    });
    (of_table(document.get_ref()), fault)
}

/// The reader of TOML bounds how deep this goes.
fn of_table(table: &DeTable<'_>) -> Tree {
    Tree::Object(table.iter().map(|(key, value)| (key.get_ref().to_string(), of_value(value.get_ref()))).collect())
}

fn of_value(value: &DeValue<'_>) -> Tree {
    match value {
        DeValue::String(text) => Tree::Text(text.to_string()),
        DeValue::Array(items) => Tree::List(items.iter().map(|item| of_value(item.get_ref())).collect()),
        DeValue::Table(table) => of_table(table),
        DeValue::Boolean(is) => Tree::Text(is.to_string()),
        DeValue::Integer(number) => Tree::Text(number.to_string()),
        DeValue::Float(number) => Tree::Text(number.to_string()),
        DeValue::Datetime(time) => Tree::Text(time.to_string()),
    }
}

/// Elements as members of their parents, attributes before them, and the text of what holds nothing else.
pub(super) fn of_xml(source: &xml::Source<'_>, list: &mut List) -> (Tree, Option<Malformed>) {
    let mut xml = Xml::new(source, |_| ());
    let mut open = vec![Element::default()];
    let fault = elements(&mut xml, list, &mut open).err();
    let fault = fault.map(|fault| Malformed::at(xml.place(fault.at), xml.explain(fault)));
    while open.len() > 1 {
        close(&mut open);
    }
    (open.pop().map_or(Tree::Nothing, |root| Tree::Object(root.members)), fault)
}

#[derive(Default)]
struct Element {
    name: String,
    members: Vec<(String, Tree)>,
    text: String,
}

fn elements(xml: &mut Xml<'_, ()>, list: &mut List, open: &mut Vec<Element>) -> xml::Read<()> {
    let mut met = 0;
    while !list.is_too_long(met) {
        match xml.next()? {
            Event::Open(tag) => {
                met += 1 + xml.attributes().len();
                let attributes = xml.attributes().iter();
                let members = attributes.map(|one| (one.name.to_owned(), Tree::Text(one.value.to_string()))).collect();
                open.push(Element { name: tag.name.to_owned(), members, text: String::new() });
            }
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::Close => close(open),
            Event::End => break,
        }
    }
    Ok(())
}

fn close(open: &mut Vec<Element>) {
    if open.len() < 2 {
        return;
    }
    if let (Some(element), Some(parent)) = (open.pop(), open.last_mut()) {
        let value = if element.members.is_empty() { Tree::Text(element.text) } else { Tree::Object(element.members) };
        parent.members.push((element.name, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(members: &[(&str, &str)]) -> Tree {
        Tree::Object(members.iter().map(|(key, text)| ((*key).to_owned(), Tree::Text((*text).to_owned()))).collect())
    }

    #[test]
    fn one_tree_of_four_languages() {
        let want = Tree::Object(vec![("a".to_owned(), object(&[("b", "1"), ("c", "x")]))]);
        let (json, fault) = of_json(&mut Json::new(r#"{"a":{"b":1,"c":"x"}}"#), &mut List::default());
        assert_eq!((json, fault), (Tree::Object(vec![("a".to_owned(), object(&[("b", "1"), ("c", "x")]))]), None));
        assert_eq!(of_toml("[a]\nb = 1\nc = 'x'\n").0, want);
        assert_eq!(of_xml(&xml::Source::of(b"<a b='1'><c>x</c></a>"), &mut List::default()).0, want);
    }

    #[test]
    fn what_stands_before_a_break_is_there_and_what_stands_twice_is_there_twice() {
        let (tree, fault) = of_json(&mut Json::new(r#"{"a":"1","a":"2","b":[{"c":"3"},"#), &mut List::default());
        assert_eq!(tree.all("a").map(Tree::text).collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(tree.each("b").map(|(_, one)| one.word("c")).collect::<Vec<_>>(), ["3"]);
        assert!(fault.is_some());
        let (tree, fault) = of_xml(&xml::Source::of(b"<a><b>1</b><c>2"), &mut List::default());
        assert_eq!((tree.at("a").word("b"), tree.at("a").word("c")), ("1", "2"));
        assert!(fault.is_some());
    }
}
