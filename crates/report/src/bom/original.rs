//! Which input a BOM is written upon, and what is handed in of it.
use interdict_model::{Input, Report};

use super::EDITIONS;

/// The largest document that is written upon; a larger one is left as it is, and what was found stands alone.
pub const MOST: u64 = 256 << 20;

/// What a BOM is asked to be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask<'a> {
    /// The edition of the format; none asks for the input's own, or for the first one that is written.
    pub edition: Option<&'a str>,
    /// The input's own BOM.
    pub original: Option<Original<'a>>,
}

/// The bytes of the input that [`original`] names, or why they are not at hand.
#[derive(Clone, Copy, Debug)]
pub enum Original<'a> {
    /// All of them, unchanged.
    Bytes(&'a [u8]),
    /// Why not.
    Lost(&'a str),
}

impl<'a> Ask<'a> {
    pub(super) fn edition(&self) -> &'static str {
        let asked = |edition: &&&'static str| Some(**edition) == self.edition;
        EDITIONS.iter().find(asked).or(EDITIONS.first()).copied().unwrap_or("1.6")
    }

    /// The one input of these formats and its bytes; otherwise why it cannot be had.
    pub(crate) fn bytes<'r>(&self, report: &'r Report, formats: &[&str]) -> Result<(&'r Input, &'a [u8]), String> {
        let input = original(report, formats)?;
        match self.original {
            Some(Original::Bytes(bytes)) => Ok((input, bytes)),
            Some(Original::Lost(why)) => Err(why.to_owned()),
            None => Err("it is not at hand".to_owned()),
        }
    }
}

/// The text of a document, its mark of the byte order aside.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// The one document of these formats among the inputs that is a file of its own.
pub fn original<'r>(report: &'r Report, formats: &[&str]) -> Result<&'r Input, String> {
    let is_bom = |input: &&Input| {
        let format = input.format.as_ref().map(ToString::to_string);
        format.as_deref().is_some_and(|format| formats.contains(&format))
    };
    let mut on_disk = report.inputs.iter().filter(is_bom).filter(|input| input.locator.depth() == 0);
    match (on_disk.next(), on_disk.next()) {
        (Some(input), None) => Ok(input),
        (Some(_), Some(_)) => Err("there are several".to_owned()),
        (None, _) if report.inputs.iter().any(|input| is_bom(&input)) => Err("it lies in a container".to_owned()),
        (None, _) => Err("no input is of a format that could be kept".to_owned()),
    }
}
