//! Recipes: a short TOML text becomes the bytes of a file.
mod archive;
mod bytecode;
mod bytes;
mod elf;
mod macho;
mod pe;
mod signing;

use self::archive::{gzip, tar, zip, zlib};
use self::bytecode::{class, dex};
use self::signing::{certificate, pkcs7};
use serde::de::DeserializeOwned;
use toml::{Table, Value};

type Cook = fn(Table) -> Result<Vec<u8>, String>;

/// Every kind of recipe by its name.
const KINDS: &[(&str, Cook)] = &[
    ("bytes", |recipe| of::<bytes::Recipe>(recipe)?.build()),
    ("certificate", |recipe| of::<certificate::Recipe>(recipe)?.build()),
    ("class", |recipe| of::<class::Recipe>(recipe)?.build()),
    ("dex", |recipe| of::<dex::Recipe>(recipe)?.build()),
    ("elf", |recipe| of::<elf::Recipe>(recipe)?.build()),
    ("fat", |recipe| of::<macho::Fat>(recipe)?.build()),
    ("gzip", |recipe| of::<gzip::Recipe>(recipe)?.build()),
    ("macho", |recipe| of::<macho::Recipe>(recipe)?.build()),
    ("pe", |recipe| of::<pe::Recipe>(recipe)?.build()),
    ("pkcs7", |recipe| of::<pkcs7::Recipe>(recipe)?.build()),
    ("tar", |recipe| of::<tar::Recipe>(recipe)?.build()),
    ("zip", |recipe| of::<zip::Recipe>(recipe)?.build()),
    ("zlib", |recipe| of::<zlib::Recipe>(recipe)?.build()),
];

/// The bytes that a recipe describes; `crates/testkit/README.md` lists the kinds.
///
/// The same text makes the same bytes on every machine.
///
/// # Errors
/// In words for the author of the recipe: not TOML, an unknown kind or key, a value out of range.
pub fn build(recipe: &str) -> Result<Vec<u8>, String> {
    cook(parse(recipe)?)
}

/// The name a recipe's bytes are offered under: its `name` key, or `input.bin`.
pub(crate) fn name(recipe: &str) -> Result<String, String> {
    match parse(recipe)?.remove("name") {
        None => Ok("input.bin".to_owned()),
        Some(Value::String(name)) => Ok(name),
        Some(other) => Err(format!("`name` is {}; it must be text", other.type_str())),
    }
}

fn parse(recipe: &str) -> Result<Table, String> {
    recipe.parse::<Table>().map_err(|why| why.to_string())
}

/// One recipe, at the top or nested in another; TOML itself bounds how deep.
fn cook(mut recipe: Table) -> Result<Vec<u8>, String> {
    recipe.remove("name");
    let Some(Value::String(kind)) = recipe.remove("kind") else {
        return Err("a recipe needs `kind = \"…\"`".to_owned());
    };
    let truncate = number(&mut recipe, "truncate")?;
    let patches: Vec<bytes::Patch> = match recipe.remove("patch") {
        None => Vec::new(),
        Some(list) => list.try_into().map_err(|why| format!("`patch`: {why}"))?,
    };
    let Some((_, cook)) = KINDS.iter().find(|(name, _)| *name == kind) else {
        let known: Vec<String> = KINDS.iter().map(|(name, _)| format!("`{name}`")).collect();
        return Err(format!("no recipe of kind `{kind}`; there are {}", known.join(", ")));
    };
    let mut out = cook(recipe).map_err(|why| format!("{kind}: {why}"))?;
    for patch in patches {
        patch.apply(&mut out).map_err(|why| format!("{kind}: `patch`: {why}"))?;
    }
    match truncate {
        Some(length) if length > out.len() => Err(format!("{kind}: `truncate` to {length} of {} bytes", out.len())),
        Some(length) => {
            out.truncate(length);
            Ok(out)
        }
        None => Ok(out),
    }
}

fn of<T: DeserializeOwned>(recipe: Table) -> Result<T, String> {
    Value::Table(recipe).try_into().map_err(|why| why.to_string())
}

fn number(recipe: &mut Table, key: &str) -> Result<Option<usize>, String> {
    match recipe.remove(key) {
        None => Ok(None),
        Some(Value::Integer(number)) => {
            usize::try_from(number).map(Some).map_err(|_| format!("`{key}` must not be negative"))
        }
        Some(other) => Err(format!("`{key}` is {}; it must be a number", other.type_str())),
    }
}
