//! Changes to a JSON text: the rest of it, known or not, is written as it stands, to the digit.
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::pretty::Pretty;

/// What is to become of a value, and of those in it.
#[derive(Debug, Default)]
pub(crate) struct Edit {
    /// Changes to members by name, or to items by index.
    inner: BTreeMap<String, Edit>,
    set: Option<Value>,
    dropped: bool,
    append: Vec<Value>,
    /// Items of a list that are no more: those of which the member of this name begins so.
    without: Option<(&'static str, &'static str)>,
    /// Whether what stands there already is not added.
    once: bool,
}

impl Edit {
    /// The change to what lies at the end of these steps.
    pub(crate) fn at<'s>(&mut self, steps: impl IntoIterator<Item = &'s str>) -> &mut Self {
        steps.into_iter().fold(self, |edit, step| edit.inner.entry(step.to_owned()).or_default())
    }

    pub(crate) fn set(&mut self, value: Value) {
        self.set = Some(value);
    }

    pub(crate) fn drop_it(&mut self) {
        self.dropped = true;
    }

    /// Items for a list, which comes to be where there is none; a value that stands alone becomes its first item.
    pub(crate) fn append(&mut self, items: impl IntoIterator<Item = Value>) {
        self.append.extend(items);
    }

    /// As [`Edit::append`], but what stands there already is not added.
    pub(crate) fn append_once(&mut self, items: impl IntoIterator<Item = Value>) {
        self.once = true;
        self.append(items);
    }

    /// As [`Edit::append`], in the place of those of which this member begins so.
    pub(crate) fn renew(
        &mut self,
        (member, beginning): (&'static str, &'static str),
        items: impl IntoIterator<Item = Value>,
    ) {
        self.without = Some((member, beginning));
        self.append(items);
    }

    pub(crate) fn inner(&self) -> &BTreeMap<String, Edit> {
        &self.inner
    }

    /// Whether anything comes to be where nothing stands.
    fn makes(&self) -> bool {
        !self.dropped && (self.set.is_some() || !self.append.is_empty() || self.inner.values().any(Self::makes))
    }

    /// Writes the value with its changes; nothing, where it is not there.
    pub(crate) fn write(&self, raw: Option<&str>, out: &mut Pretty<'_>) -> std::io::Result<()> {
        if let Some(value) = &self.set {
            return out.value(value);
        }
        match raw.map(|raw| (raw.as_bytes().first(), raw)) {
            Some((Some(b'{'), raw)) if self.append.is_empty() => self.object(&members(raw)?.0, out),
            Some((Some(b'['), raw)) => self.list(&items(raw)?, out),
            // A value alone where a list is meant, as an identity in 1.5.
            Some((Some(b'{'), raw)) => self.list(&[serde_json::from_str(raw)?], out),
            _ if self.append.is_empty() => self.object(&[], out),
            _ => self.list(&[], out),
        }
    }

    fn object(&self, members: &[(String, &RawValue)], out: &mut Pretty<'_>) -> std::io::Result<()> {
        out.raw("{")?;
        let mut comma = "";
        for (name, raw) in members {
            let edit = self.inner.get(name);
            if edit.is_some_and(|edit| edit.dropped) {
                continue;
            }
            out.raw(comma)?;
            comma = ",";
            out.name(name)?;
            match edit {
                Some(edit) => edit.write(Some(raw.get()), out)?,
                None => out.raw(raw.get())?,
            }
        }
        for (name, edit) in &self.inner {
            if edit.makes() && !members.iter().any(|(known, _)| known == name) {
                out.raw(comma)?;
                comma = ",";
                out.name(name)?;
                edit.write(None, out)?;
            }
        }
        out.raw("}")
    }

    fn list(&self, items: &[&RawValue], out: &mut Pretty<'_>) -> std::io::Result<()> {
        let is_gone = |raw: &RawValue| {
            self.without
                .is_some_and(|(name, beginning)| text(raw, name).is_some_and(|text| text.starts_with(beginning)))
        };
        let stands = |item: &Value| {
            self.once && items.iter().any(|raw| serde_json::from_str::<Value>(raw.get()).is_ok_and(|raw| raw == *item))
        };
        out.raw("[")?;
        let mut comma = "";
        for (index, raw) in items.iter().enumerate() {
            if is_gone(raw) {
                continue;
            }
            out.raw(comma)?;
            comma = ",";
            // Most lists of a large document hold one change or none.
            let edit = if self.inner.is_empty() { None } else { self.inner.get(&index.to_string()) };
            match edit {
                Some(edit) => edit.write(Some(raw.get()), out)?,
                None => out.raw(raw.get())?,
            }
        }
        for item in self.append.iter().filter(|item| !stands(item)) {
            out.raw(comma)?;
            comma = ",";
            out.value(item)?;
        }
        out.raw("]")
    }
}

fn text(raw: &RawValue, member: &str) -> Option<String> {
    members(raw.get()).ok()?.text(member)
}

/// An object's members as they stand: in their order, each value as text.
pub(crate) struct Members<'a>(pub(crate) Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, raw)| raw.get())
    }

    /// The string of this name.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.get(name)?).ok()
    }

    /// The first name that stands twice.
    pub(crate) fn twice(&self) -> Option<&str> {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.array_windows().find(|[one, next]| one == next).map(|[one, _]| *one)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<String, &RawValue>()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Reader)
    }
}

pub(crate) fn members(text: &str) -> serde_json::Result<Members<'_>> {
    serde_json::from_str(text)
}

pub(crate) fn items(text: &str) -> serde_json::Result<Vec<&RawValue>> {
    serde_json::from_str(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edited(text: &str, change: impl Fn(&mut Edit)) -> String {
        let mut edit = Edit::default();
        change(&mut edit);
        let mut out = Vec::new();
        edit.write(Some(text), &mut Pretty::new(&mut out)).unwrap();
        String::from_utf8(out).unwrap().split_whitespace().collect()
    }

    #[test]
    fn what_is_not_changed_stands_as_it_is() {
        let text = r#"{"z":1.10,"a":1e400,"k":"\u00e9\ud800","a":[12345678901234567890123,-0.0]}"#;
        assert_eq!(edited(text, |_| {}), text);
    }

    #[test]
    fn changes_reach_where_they_are_told() {
        type Change = fn(&mut Edit);
        let cases: [(&str, Change, &str); 8] = [
            (r#"{"a":1,"b":2}"#, |e| e.at(["a"]).set(json!("x")), r#"{"a":"x","b":2}"#),
            (r#"{"a":1,"b":2}"#, |e| e.at(["b"]).drop_it(), r#"{"a":1}"#),
            (r#"{"a":[1,{"c":[]}]}"#, |e| e.at(["a", "1", "c"]).append([json!(5)]), r#"{"a":[1,{"c":[5]}]}"#),
            (r"{}", |e| e.at(["a", "b"]).append([json!(5)]), r#"{"a":{"b":[5]}}"#),
            (r"{}", |e| e.at(["a", "b"]).append([]), "{}"),
            (r#"{"i":{"f":1}}"#, |e| e.at(["i"]).append_once([json!({"f": 2})]), r#"{"i":[{"f":1},{"f":2}]}"#),
            (r#"{"i":[{"f":1}]}"#, |e| e.at(["i"]).append_once([json!({"f": 1})]), r#"{"i":[{"f":1}]}"#),
            (
                r#"{"p":[{"name":"x:a"},{"name":"y"}]}"#,
                |e| e.at(["p"]).renew(("name", "x:"), [json!(1)]),
                r#"{"p":[{"name":"y"},1]}"#,
            ),
        ];
        for (text, change, want) in cases {
            assert_eq!(edited(text, change), want, "{text}");
        }
    }
}
