//! A sieve for raw values: most of them can matter to nobody, and their bytes show it before they are normalised.
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::{FactKind, Form};

/// What a value that an observer reads is worth to whoever asked for its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It can be left out.
    Nothing,
    /// It counts only beside a fact of the same component that counts alone: a version beside a name.
    Beside,
    /// It may count alone.
    Alone,
}

/// For each kind of fact, what a value of a component must hold to matter.
#[derive(Debug)]
pub struct Sieve {
    kinds: Vec<Kind>,
    links: Gate,
}

/// What one kind of value must hold, and whether it counts only beside others.
#[derive(Debug, Default)]
struct Kind {
    gate: Gate,
    is_beside: bool,
}

impl Sieve {
    /// From what each kind needs, and whether its facts count only beside others.
    pub fn new(mut of: impl FnMut(FactKind) -> (Gate, bool)) -> Self {
        let mut one = |kind: &FactKind| {
            let (gate, is_beside) = of(*kind);
            Kind { gate, is_beside }
        };
        let kinds: Vec<Kind> = FactKind::ALL.iter().map(&mut one).collect();
        let links = Gate::either(of(FactKind::Url).0, of(FactKind::Host).0);
        Self { kinds, links }
    }

    /// What this raw value is worth. It may be worth less than this says, never more.
    #[inline]
    pub fn weight(&self, kind: FactKind, raw: &str) -> Weight {
        match self.kinds.get(kind as usize) {
            Some(of) if of.gate.passes(kind.form(), raw) => {
                if of.is_beside {
                    Weight::Beside
                } else {
                    Weight::Alone
                }
            }
            _ => Weight::Nothing,
        }
    }

    /// Whether a URL or the host in it may be worth anything.
    #[inline]
    pub fn may_link(&self, url: &str) -> bool {
        self.links.passes(Form::Url, url)
    }
}

/// For one kind of fact: what a value must hold so that anybody could care for it.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    /// What somebody needs, in order.
    grams: Vec<u32>,
    /// A set bit for each of them, at the place of its hash; a power of two of words.
    bits: Vec<u64>,
    first: Option<Box<[bool; 256]>>,
    /// Somebody needs nothing that could be looked for.
    open: bool,
}

impl Gate {
    /// Letters and digits in a row, whatever stands between them, that tell a value apart.
    pub const GRAM: usize = 4;

    /// A gate for values that hold one of these runs of letters and digits, or begin with one of these bytes, all in lower
    /// case; an open one lets every value pass.
    pub fn new(grams: &[[u8; Self::GRAM]], first: &[u8], open: bool) -> Self {
        let mut gate =
            Self { first: None, open, ..Self::of(grams.iter().map(|gram| u32::from_le_bytes(*gram)).collect()) };
        for byte in first {
            let first = gate.first.get_or_insert_with(|| Box::new([false; 256]));
            if let Some(is) = first.get_mut(usize::from(*byte)) {
                *is = true;
            }
        }
        gate
    }

    fn of(mut grams: Vec<u32>) -> Self {
        grams.sort_unstable();
        grams.dedup();
        let words = (grams.len() * 16).next_power_of_two().clamp(8, 4096);
        let mut gate = Self { grams: Vec::new(), bits: vec![0; words], first: None, open: false };
        for gram in &grams {
            let (word, bit) = gate.bit(*gram);
            if let Some(word) = gate.bits.get_mut(word) {
                *word |= bit;
            }
        }
        Self { grams, ..gate }
    }

    /// A gate for values of which a part may have to pass either of two.
    fn either(one: Self, two: Self) -> Self {
        let open = one.open || two.open || one.first.is_some() || two.first.is_some();
        Self { open, ..Self::of([one.grams, two.grams].concat()) }
    }

    /// Whether a raw value of this form could matter once it is normalised. It may say yes to a value that does not, never no
    /// to one that does.
    #[inline]
    pub fn passes(&self, form: Form, raw: &str) -> bool {
        // A name in the form of version 2.2 gains letters and digits when it is normalised.
        let gains = form == Form::Cpe && raw.contains(":/");
        gains || self.open || self.begins(form, raw) || self.holds(form, raw.as_bytes())
    }

    fn begins(&self, form: Form, raw: &str) -> bool {
        let Some(first) = &self.first else { return false };
        let is_space = |byte: &u8| form != Form::Path && byte.is_ascii_whitespace();
        let is_dropped = |byte: &u8| is_space(byte) || byte.is_ascii_control() || is_faint(form, *byte);
        let byte = raw.bytes().find(|byte| !is_dropped(byte));
        // What is not ASCII may be taken out too, or become something else.
        let is_first = |byte: u8| {
            !byte.is_ascii()
                || escapes(form, byte)
                || first.get(usize::from(byte.to_ascii_lowercase())).copied().unwrap_or(true)
        };
        byte.is_some_and(is_first)
    }

    fn holds(&self, form: Form, raw: &[u8]) -> bool {
        let table = table(form);
        let (mut gram, mut rest) = (0_u32, raw);
        loop {
            // Without a way out in its midst: what a byte means is looked up, never asked.
            let (before, mut found, mut odd, mut length) = (gram, 0_u64, 0_u32, 0_usize);
            for byte in rest {
                let entry = table.get(usize::from(*byte)).copied().unwrap_or(ODD);
                odd |= entry & ODD;
                if odd != 0 {
                    break;
                }
                length += 1;
                gram = gram >> (entry & SHIFT) | entry & LETTER;
                let (word, bit) = self.bit(gram);
                found |= self.bits.get(word).copied().unwrap_or(0) & bit;
            }
            if found != 0 && self.has_one_of(table, before, rest.get(..length).unwrap_or_default()) {
                return true;
            }
            if odd == 0 {
                return false;
            }
            rest = match (form, rest.get(length..).unwrap_or_default()) {
                // An accent is taken off its letter.
                (Form::Text, [first @ 0xc3..=0xc5, second @ 0x80..=0xbf, after @ ..]) => {
                    let Some(letter) = bare(*first, *second) else { return true };
                    gram = gram >> SHIFT | u32::from(letter) << 24;
                    if self.grams.binary_search(&gram).is_ok() {
                        return true;
                    }
                    after
                }
                // What may begin a letter's reference or code; before a space it begins none.
                (Form::Text, [b'%' | b'&']) => return false,
                // Passed over, for nobody asks for a gram over one: an escape that hides no letter, with its digits; a sign that
                // is no letter and becomes none, as `ª`, `²` and `½` would.
                (
                    Form::Purl | Form::Cpe | Form::Url,
                    [b'%', b'0'..=b'2' | b'4', b'0', after @ ..]
                    | [b'%', b'2', b'1'..=b'4' | b'6'..=b'9' | b'a'..=b'f' | b'A'..=b'F', after @ ..]
                    | [b'%', b'3', b'a'..=b'f' | b'A'..=b'F', after @ ..],
                )
                | (
                    Form::Text,
                    [
                        0xc2,
                        0xa0..=0xa7 | 0xa9 | 0xab | 0xac | 0xae | 0xb0 | 0xb1 | 0xb6 | 0xb7 | 0xbb | 0xbf,
                        after @ ..,
                    ]
                    | [0xe2, 0x80, 0x90..=0xa7, after @ ..]
                    | [b'%' | b'&', b' ', after @ ..],
                ) => after,
                _ => return true,
            };
        }
    }

    /// Whether one of the grams of this run is needed, and does not merely stand where a needed one would.
    #[cold]
    fn has_one_of(&self, table: &[u32; 256], before: u32, run: &[u8]) -> bool {
        let grams = run.iter().scan(before, |gram, byte| {
            let entry = table.get(usize::from(*byte)).copied().unwrap_or(0);
            *gram = *gram >> (entry & SHIFT) | entry & LETTER;
            Some(*gram)
        });
        grams.into_iter().any(|gram| self.grams.binary_search(&gram).is_ok())
    }

    #[inline]
    fn bit(&self, gram: u32) -> (usize, u64) {
        let hash = gram.wrapping_mul(0x9e37_79b1);
        let hash = hash ^ hash >> 15;
        (hash as usize >> 6 & self.bits.len().wrapping_sub(1), 1 << (hash & 63))
    }
}

/// What a letter may be written with in a name: as a reference of HTML, or percent-encoded.
fn escapes(form: Form, byte: u8) -> bool {
    form == Form::Text && matches!(byte, b'%' | b'&')
}

/// What normalising takes out of a name, so that letters around it meet.
fn is_faint(form: Form, byte: u8) -> bool {
    form == Form::Text && matches!(byte, b'.' | b',' | b'"' | b'\'' | b'`' | b'_')
}

/// The letter below the accent of a letter of Latin-1 or Latin Extended-A, which UTF-8 writes in these two bytes; `None` where it
/// is no letter with accents alone.
fn bare(first: u8, second: u8) -> Option<u8> {
    const FIRST: u8 = 0xc3;
    static LETTERS: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let below = |code: u32| {
            let whole = char::from_u32(code)?;
            let mut parts = whole.nfkd();
            let letter = parts.next().filter(char::is_ascii_alphabetic)?;
            // What looks like another letter than the one it becomes is told as a disguise.
            let is_honest = crate::disguise(&format!("a{whole}")).is_none() && parts.all(is_combining_mark);
            is_honest.then(|| u8::try_from(letter.to_ascii_lowercase()).ok()).flatten()
        };
        (0xc0..0x180).map(|code| below(code).unwrap_or(0)).collect()
    });
    let at = usize::from(first.checked_sub(FIRST)?) << 6 | usize::from(second & 0x3f);
    LETTERS.get(at).copied().filter(|letter| *letter != 0)
}

/// In an entry of a table: a letter in lower case or a digit, by how much it moves a gram on, and whether it is neither a letter
/// nor something to be passed over.
const LETTER: u32 = 0xff00_0000;
const SHIFT: u32 = 8;
const ODD: u32 = 1;

/// What each byte is in a value of this form.
const fn table(form: Form) -> &'static [u32; 256] {
    const PLAIN: [u32; 256] = made(false, false, false);
    const HEX: [u32; 256] = made(true, true, true);
    const TEXT: [u32; 256] = {
        let mut table = made(false, true, true);
        #[expect(clippy::indexing_slicing, reason = "a byte is less than 256; the compiler runs this")]
        {
            table[b'&' as usize] = ODD;
        }
        table
    };
    const PATH: [u32; 256] = made(false, true, false);
    const ESCAPED: [u32; 256] = made(false, false, true);
    match form {
        Form::Hex => &HEX,
        Form::Path => &PATH,
        Form::Text => &TEXT,
        // A backslash hides no letter of a CPE name, and stays.
        Form::Cpe | Form::Purl | Form::Url => &ESCAPED,
        Form::Exact => &PLAIN,
    }
}

/// A table in which these are odd: everything that is no letter or digit, control characters, escapes.
const fn made(all: bool, control: bool, percent: bool) -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    loop {
        let is_odd = match byte {
            0x80.. => true,
            b'%' => percent || all,
            0..=0x1f | 0x7f => control || all,
            _ => all,
        };
        #[expect(clippy::indexing_slicing, reason = "a byte is less than 256; the compiler runs this")]
        {
            table[byte as usize] = match byte {
                _ if byte.is_ascii_alphanumeric() => (byte.to_ascii_lowercase() as u32) << 24 | SHIFT,
                _ if is_odd => ODD,
                _ => 0,
            };
        }
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_by_what_they_hold() {
        let gate = Gate::new(&[*b"rsky", *b"kave"], b"", false);
        for (form, raw, want) in [
            (Form::Text, "Kaspersky Lab", true),
            (Form::Text, "Kaspe.r-s ky", true),
            (Form::Text, "OpenSSL", false),
            (Form::Text, "\u{430}", true),
            (Form::Text, "Söhne – Ódź © «Uvré»\u{a0}™", true),
            (Form::Text, "Söhne – Ódź © «Uvré»\u{a0}®", false),
            (Form::Text, "Kàspèrský", true),
            (Form::Text, "kªve", true),
            (Form::Text, "Ka…«ve»", true),
            (Form::Exact, "Söhne", true),
            (Form::Text, "a\tb", true),
            (Form::Purl, "pkg:npm/%40babel/core@7", false),
            (Form::Purl, "pkg:npm/k%61ve", true),
            (Form::Purl, "pkg:npm/ka%2fve", true),
            (Form::Purl, "pkg:npm/x%", true),
            (Form::Cpe, "cpe:2.3:a:x:y", false),
            (Form::Cpe, "cpe:2.3:a:x\\:y", false),
            (Form::Cpe, "cpe:2.3:a:k\\-a\\-ve", true),
            (Form::Cpe, "cpe:/a:x", true),
            (Form::Hex, "00ff", false),
            (Form::Hex, "00:ff", true),
            (Form::Exact, "50%", false),
        ] {
            assert_eq!(gate.passes(form, raw), want, "{form:?} {raw}");
        }
        // Whatever stands where the hash of a needed gram would, at the beginning of a value or within, is not taken for it.
        let crowded: Vec<[u8; 4]> = (0..4000_u32).map(|n| (n | 0x8080_8080).to_le_bytes()).collect();
        let gate = Gate::new(&crowded, b"", false);
        assert!(!(0..20_000).any(|n| gate.passes(Form::Purl, &format!("pkg:npm/{n}@1"))));
        let first = Gate::new(&[], b"3", false);
        assert!(first.passes(Form::Exact, " 3.1") && !first.passes(Form::Exact, "4.3"));
        assert!(first.passes(Form::Text, "«3»") && !first.passes(Form::Text, "a«3"));
        assert!(Gate::new(&[], b"", true).passes(Form::Exact, ""));
    }

    #[test]
    fn letters_beyond_ascii_count_as_what_they_become() {
        let gate = Gate::new(&[*b"kave"], b"", false);
        let beyond = (0x80..0x600_u32).chain(0x1e00..0x2200).chain(0xfb00..0xfb10).chain(0xff00..0xff60);
        for letter in beyond.filter_map(char::from_u32) {
            let raws = [
                format!("k{letter}ve"),
                format!("ka{letter}ve"),
                format!("{letter}ave"),
                format!("kav{letter}"),
                format!("{letter}{letter}"),
                format!("ab{letter}c"),
            ];
            for raw in raws.iter().filter(|raw| !gate.passes(Form::Text, raw)) {
                let value = crate::canonical_text(raw);
                assert!(!value.contains("kave"), "{raw:?} {value:?}");
                assert_eq!(crate::disguise(raw), None, "{raw:?}");
            }
        }
        assert!(gate.passes(Form::Text, "Kávè") && !gate.passes(Form::Text, "Söhne"));
    }

    #[test]
    fn links_by_the_url_or_its_host() {
        let long: Vec<[u8; 4]> = (0..200_u32).map(u32::to_le_bytes).collect();
        let of = |kind| match kind {
            FactKind::Url => (Gate::new(&[*b"klab"], b"", false), false),
            FactKind::Host => (Gate::new(&[&[*b"rsky"], long.as_slice()].concat(), b"", false), false),
            FactKind::Version => (Gate::new(&[], b"", true), true),
            _ => (Gate::default(), false),
        };
        let sieve = Sieve::new(of);
        assert!(sieve.may_link("https://x.example/klab") && sieve.may_link("https://kaspersky.example"));
        assert!(!sieve.may_link("https://x.example/y"));
        assert_eq!(sieve.weight(FactKind::Version, "1"), Weight::Beside);
        assert_eq!(sieve.weight(FactKind::Host, "kaspersky"), Weight::Alone);
        assert_eq!(sieve.weight(FactKind::Name, "kaspersky"), Weight::Nothing);
    }
}
