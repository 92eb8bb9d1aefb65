//! What is wrong with a pack, and where: for its author.
use std::fmt;

/// One fault of a pack's source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub struct Error {
    /// The file, as it was named to the compiler.
    pub file: String,
    /// From 1; 0 where the fault has no place.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// One file of a pack: its name for messages, and its text.
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'a> {
    /// Named in errors.
    pub name: &'a str,
    /// TOML.
    pub text: &'a str,
}

impl SourceFile<'_> {
    /// A fault at this byte of the text.
    pub(crate) fn error(&self, at: usize, message: impl Into<String>) -> Error {
        let before = self.text.get(..at.min(self.text.len())).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Error { file: self.name.to_owned(), line, column, message: message.into() }
    }
}
