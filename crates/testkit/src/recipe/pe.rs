//! `pe`: a small executable, library or driver of Windows, with the tables a reader of PE files looks into.
mod layout;
mod resources;
mod tables;
mod version;

use std::collections::BTreeMap;

use interdict_model::Digest;
use serde::Deserialize;
use toml::{Table, Value};

use super::bytes::{Fragment, Notation, join};
use crate::out::Out;

/// What a PE file is to hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Recipe {
    bits: u8,
    /// A number of `IMAGE_FILE_MACHINE_…`; x86 or x86-64 where it is 0.
    machine: u16,
    dll: bool,
    subsystem: u16,
    timestamp: u32,
    sections: Vec<Section>,
    imports: Vec<Import>,
    delay_imports: Vec<Import>,
    exports: Option<Exports>,
    debug_path: Option<String>,
    version: Vec<version::Version>,
    resources: Vec<resources::Resource>,
    certificates: Vec<Vec<Fragment>>,
    overlay: Vec<Fragment>,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            bits: 64,
            machine: 0,
            dll: false,
            subsystem: 3,
            timestamp: 0,
            sections: Vec::new(),
            imports: Vec::new(),
            delay_imports: Vec::new(),
            exports: None,
            debug_path: None,
            version: Vec::new(),
            resources: Vec::new(),
            certificates: Vec::new(),
            overlay: Vec::new(),
        }
    }
}

/// A section of the author's own, before those that hold the tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Section {
    name: String,
    #[serde(default)]
    parts: Vec<Fragment>,
    /// What the loader reserves; as many bytes as there are where it is not said. With no `parts`, a bss section.
    virtual_size: Option<usize>,
    /// `IMAGE_SCN_…`; readable, writable data where it is not said.
    flags: Option<u32>,
}

/// What is taken from one library.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Import {
    dll: String,
    #[serde(default)]
    functions: Vec<String>,
    #[serde(default)]
    ordinals: Vec<u16>,
}

/// What is offered to others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Exports {
    module: String,
    #[serde(default)]
    names: Vec<String>,
    /// How many more functions are there without a name.
    #[serde(default)]
    ordinals_only: usize,
    /// Names that stand for a function of another library, `NTDLL.RtlFoo`.
    #[serde(default)]
    forwarded: BTreeMap<String, String>,
}

const READ: u32 = 0x4000_0000;
const WRITE: u32 = 0x8000_0000;
const CODE: u32 = 0x6000_0020;
const DATA: u32 = 0x40;
const BSS: u32 = 0x80;

impl Recipe {
    pub(super) fn build(&self) -> Result<Vec<u8>, String> {
        if !matches!(self.bits, 32 | 64) {
            return Err(format!("`bits` is {}; it must be 32 or 64", self.bits));
        }
        let mut image = layout::Image::new(self.sections.len() + 3);
        // mov eax, 1; ret
        image.section(".text", &[0xb8, 1, 0, 0, 0, 0xc3], None, CODE)?;
        for section in &self.sections {
            let bytes = join(&section.parts)?;
            let kind = if bytes.is_empty() { BSS } else { DATA };
            image.section(&section.name, &bytes, section.virtual_size, section.flags.unwrap_or(kind | READ | WRITE))?;
        }
        self.tables(&mut image)?;
        self.resources(&mut image)?;
        let mut out = image.write(self);
        for part in &self.overlay {
            out.raw(&part.bytes()?);
        }
        self.certify(&mut out)?;
        Ok(out.bytes)
    }

    fn wide(&self) -> bool {
        self.bits == 64
    }

    fn tables(&self, image: &mut layout::Image) -> Result<(), String> {
        let (rva, offset) = image.next();
        let mut data = Out::little();
        if !self.imports.is_empty() {
            image.directories.insert(1, tables::imports(&mut data, rva, self.wide(), &self.imports));
        }
        if !self.delay_imports.is_empty() {
            image.directories.insert(13, tables::delayed(&mut data, rva, self.wide(), &self.delay_imports));
        }
        if let Some(exports) = &self.exports {
            image.directories.insert(0, tables::exports(&mut data, rva, exports));
        }
        if let Some(path) = &self.debug_path {
            image.directories.insert(6, tables::debug(&mut data, rva, offset, path));
        }
        if data.len() > 0 {
            image.section(".rdata", &data.bytes, None, DATA | READ | WRITE)?;
        }
        Ok(())
    }

    fn resources(&self, image: &mut layout::Image) -> Result<(), String> {
        let mut all = resources::Tree::default();
        for version in &self.version {
            all.add(resources::Id::Number(16), version.id.clone(), version.language, version.block());
        }
        for resource in &self.resources {
            all.add(resource.kind.clone(), resource.id.clone(), resource.language, join(&resource.parts)?);
        }
        if !all.is_empty() {
            let (rva, _) = image.next();
            let data = all.write(rva);
            image.directories.insert(2, (rva, data.len()));
            image.section(".rsrc", &data, None, DATA | READ)?;
        }
        Ok(())
    }

    /// The digest that a signature states: of all but the checksum and the place of the signatures.
    fn authenticode(&self, bytes: &[u8]) -> String {
        let (checksum, entry) = (layout::CHECKSUM, layout::directory_at(self.wide(), 4));
        let parts = [0..checksum, checksum + 4..entry, entry + 8..bytes.len()];
        let hashed: Vec<u8> = parts.into_iter().filter_map(|part| bytes.get(part)).flatten().copied().collect();
        Digest::of(&hashed).hex().to_owned()
    }

    /// Appends the attribute certificate table and points the header at it.
    fn certify(&self, out: &mut Out) -> Result<(), String> {
        if self.certificates.is_empty() {
            return Ok(());
        }
        out.align(8);
        let start = out.len();
        let digest = self.authenticode(&out.bytes);
        for parts in &self.certificates {
            let bytes = join(&tell(parts, &digest))?;
            out.u32(bytes.len() + 8);
            out.u16(0x200_u16);
            out.u16(2_u16);
            out.raw(&bytes);
            out.align(8);
        }
        let length = out.len() - start;
        let at = layout::directory_at(self.wide(), 4);
        let mut entry = Out::little();
        entry.u32(start);
        entry.u32(length);
        out.put(at, &entry.bytes);
        Ok(())
    }
}

/// Tells the signatures among these parts, and those inside them, the digest of the file.
fn tell(parts: &[Fragment], digest: &str) -> Vec<Fragment> {
    let mut parts = parts.to_vec();
    for part in &mut parts {
        if let Fragment::Other(Notation::Recipe(recipe)) = part {
            tell_recipe(recipe, digest);
        }
    }
    parts
}

fn tell_recipe(recipe: &mut Table, digest: &str) {
    match recipe.get("kind").and_then(Value::as_str) {
        Some("pe") => return, // another file
        Some("pkcs7") if !recipe.contains_key("digest") => {
            recipe.insert("digest".to_owned(), Value::String(digest.to_owned()));
        }
        _ => {}
    }
    recipe.iter_mut().for_each(|(_, value)| tell_value(value, digest));
}

fn tell_value(value: &mut Value, digest: &str) {
    match value {
        Value::Table(table) => tell_recipe(table, digest),
        Value::Array(values) => values.iter_mut().for_each(|value| tell_value(value, digest)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
