//! What an image is made of, wherever it lies: members of an archive, files of a folder.
use std::borrow::Cow;
use std::io;

use interdict_model::Digest;

use super::layer::Layer;

/// One file of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// As what holds it writes it.
    pub name: Vec<u8>,
    /// In bytes.
    pub size: u64,
}

/// The files of an image.
pub trait Parts {
    /// What they lie in: `archive`, `folder`.
    fn around(&self) -> &'static str;
    /// A file by its path, or what a link of that path means.
    fn get(&self, name: &str) -> Option<Part>;
    /// All paths, without `./`.
    fn names(&self) -> Vec<Vec<u8>>;
    /// The first bytes of a file, up to so many.
    fn head(&self, part: &Part, most: usize) -> io::Result<Cow<'_, [u8]>>;
    /// Of the whole file.
    fn digest(&self, part: &Part) -> io::Result<Digest>;
    /// What a layer has in it.
    fn layer(&self, part: &Part) -> io::Result<Layer>;
}
