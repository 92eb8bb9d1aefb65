//! What is wrong with a regime's or profile's source, and where: for its author.
use std::fmt;
use std::ops::Range;

/// One fault of a source file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub struct Error {
    /// The file, as it was named to the compiler.
    pub file: String,
    /// From 1; 0 where the fault has no place in the file.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong; a second line says what to do, where that is known.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// Where a file's faults are gathered.
pub(crate) struct Faults<'a> {
    file: &'a str,
    text: &'a str,
    pub(crate) found: Vec<Error>,
}

impl<'a> Faults<'a> {
    pub(crate) fn of(file: &'a str, text: &'a str) -> Self {
        Self { file, text, found: Vec::new() }
    }

    /// A fault at these bytes of the text.
    pub(crate) fn at(&mut self, span: Range<usize>, message: impl Into<String>) {
        let before = self.text.get(..span.start.min(self.text.len())).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.found.push(Error { file: self.file.to_owned(), line, column, message: message.into() });
    }

    /// What the TOML reader refused.
    pub(crate) fn toml(&mut self, error: &toml::de::Error) {
        self.at(error.span().unwrap_or_default(), error.message().to_owned());
    }
}
