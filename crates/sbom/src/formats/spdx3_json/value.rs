//! Values of JSON-LD: plain, in a list, or in an object that says whether they are a value, a reference or a node.
use std::borrow::Cow;

use crate::draft::Path;
use crate::json::{Json, Kind, Read};
use crate::reading::Reading;

/// One value of a property.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    /// A text, or a reference by id.
    Word(Cow<'a, str>),
    /// An object that begins here.
    Node(usize),
}

/// What an object is.
enum Form<'a> {
    Word(Cow<'a, str>),
    /// The list that begins here.
    List(usize),
    Node,
}

/// Says every value of the property that comes next; one that is alone is a list of one.
pub(super) fn each<'a>(
    reading: &mut Reading<'a, '_, '_>,
    at: &'static str,
    say: &mut dyn FnMut(&mut Reading<'a, '_, '_>, Path, Value<'a>) -> Read<()>,
) -> Read<()> {
    if reading.json.kind()? != Kind::Array {
        return one(reading, Path::Field(at), say);
    }
    reading.list(&Path::Field(at), |reading, index| one(reading, Path::Item(at, index, ""), say))
}

fn one<'a>(
    reading: &mut Reading<'a, '_, '_>,
    path: Path,
    say: &mut dyn FnMut(&mut Reading<'a, '_, '_>, Path, Value<'a>) -> Read<()>,
) -> Read<()> {
    match reading.json.kind()? {
        Kind::Object => {}
        Kind::Text => {
            let word = reading.json.text()?;
            return say(reading, path, Value::Word(word));
        }
        kind => {
            let word = reading.json.scalar()?;
            let assumed = if word.is_some() { "the text as it is written" } else { "nothing" };
            reading.repair(&path, &format!("{} where a text belongs", kind.name()), assumed);
            return word.map_or(Ok(()), |word| say(reading, path, Value::Word(word)));
        }
    }
    let at = reading.json.offset();
    let form = form(reading.json.again(at))?;
    reading.json.skip()?;
    let after = reading.json.offset();
    match form {
        Form::Word(word) => say(reading, path, Value::Word(word))?,
        Form::Node => say(reading, path, Value::Node(at))?,
        Form::List(at) => {
            reading.json.seek(at);
            reading.list(&path.clone(), |reading, _| {
                let at = reading.json.offset_of_value()?;
                let value = match reading.json.kind()? {
                    Kind::Object => {
                        let form = self::form(reading.json.again(at))?;
                        reading.json.skip()?;
                        match form {
                            Form::Word(word) => Some(Value::Word(word)),
                            Form::Node | Form::List(_) => Some(Value::Node(at)),
                        }
                    }
                    _ => reading.json.scalar()?.map(Value::Word),
                };
                let after = reading.json.offset();
                value.map_or(Ok(()), |value| say(reading, path.clone(), value))?;
                reading.json.seek(after);
                Ok(())
            })?;
        }
    }
    reading.json.seek(after);
    Ok(())
}

/// What the object that comes next is: `{"@value": …}`, `{"@id": …}`, `{"@list": […]}`, or a node of its own.
fn form(mut json: Json<'_>) -> Read<Form<'_>> {
    let (mut form, mut others) = (None, false);
    json.open()?;
    while let Some(key) = json.key()? {
        match &*key {
            "@value" => form = json.scalar()?.map(Form::Word),
            "@id" | "spdxId" => {
                let id = json.scalar()?.map(Form::Word);
                form = form.or(id);
            }
            "@list" | "@set" => {
                form = Some(Form::List(json.offset_of_value()?));
                json.skip()?;
            }
            "@type" | "@language" | "@direction" => json.skip()?,
            _ => {
                others = true;
                json.skip()?;
            }
        }
    }
    Ok(form.filter(|_| !others).unwrap_or(Form::Node))
}

/// The last value of the property that comes next, where it is a text.
pub(super) fn word<'a>(reading: &mut Reading<'a, '_, '_>, at: &'static str) -> Read<Option<(Path, Cow<'a, str>)>> {
    let mut last = None;
    each(reading, at, &mut |_, path, value| {
        if let Value::Word(word) = value {
            last = Some((path, word));
        }
        Ok(())
    })?;
    Ok(last)
}
