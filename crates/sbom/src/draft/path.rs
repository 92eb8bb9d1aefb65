//! Places inside a component, and numbers in them, written as fast as they are told.
use std::fmt;

/// Where in its component a value stood, spelled out only for facts that somebody wants.
#[derive(Clone, Debug)]
pub(crate) enum Path {
    /// `/supplier/name`
    Field(&'static str),
    /// `/supplier`, `/name`
    Two(&'static str, &'static str),
    /// `/supplier`, `/url`, 0
    Nested(&'static str, &'static str, usize),
    /// `/hashes`, 2, `/content`
    Item(&'static str, usize, &'static str),
    /// Anything deeper, spelled out.
    Deep(Box<str>),
    /// The number of a line, for documents that have no other places.
    Line(u32),
}

impl Path {
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Field(field) => out.push_str(field),
            Self::Two(outer, field) => {
                out.push_str(outer);
                out.push_str(field);
            }
            Self::Nested(outer, list, index) => {
                out.push_str(outer);
                out.push_str(list);
                out.push('/');
                number(*index, out);
            }
            Self::Item(list, index, field) => {
                out.push_str(list);
                out.push('/');
                number(*index, out);
                out.push_str(field);
            }
            Self::Deep(path) => out.push_str(path),
            Self::Line(line) => number(usize::try_from(*line).unwrap_or_default(), out),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        f.write_str(&out)
    }
}

/// The digits of a number; this is faster than formatting it, and places are told by the million.
pub(crate) fn number(number: usize, out: &mut String) {
    const PAIRS: &str = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
                         5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
    let pair = |n: usize| {
        let at = n * 2;
        PAIRS.get(at..at + 2).unwrap_or_default()
    };
    if number >= 10_000 {
        self::number(number / 10_000, out);
    }
    let low = number % 10_000;
    if number >= 1_000 {
        out.push_str(pair(low / 100));
        out.push_str(pair(low % 100));
    } else if number >= 100 {
        out.push_str(pair(low / 100).get(1..).unwrap_or_default());
        out.push_str(pair(low % 100));
    } else {
        out.push_str(pair(low).get(usize::from(number < 10)..).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_are() {
        for n in [0, 7, 10, 99, 100, 999, 1_000, 9_999, 10_000, 10_007, 100_000, 1_234_567, 90_000_001, usize::MAX] {
            let mut out = String::new();
            number(n, &mut out);
            assert_eq!(out, n.to_string());
        }
    }
}
