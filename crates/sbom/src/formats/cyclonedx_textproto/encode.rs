//! The text format written as the wire format: every field that the schema knows, whatever its order.
use interdict_model::{GapReason, Sink, Unseen};

use super::token::{Token, Tokens};
use crate::json::{Fault, Json};
use crate::ledger::Ledger;
use crate::protobuf::{Field, Kind, Message, push_tag, push_varint};

/// Messages in messages; deeper ones become a gap.
const DEPTH: usize = 512;
/// Bytes of a length that is not known yet: a number may be written longer than it must.
const LENGTH: [u8; 5] = [0x80, 0x80, 0x80, 0x80, 0];

/// What was entered and not yet left.
enum Level {
    Message { message: Message, close: u8, length_at: usize },
    List(Option<&'static Field>),
}

pub(super) struct Encoder<'a, 's, 't> {
    tokens: Tokens<'a>,
    json: Json<'a>,
    sink: &'s mut Sink<'t>,
    pub(super) ledger: Ledger,
    pub(super) out: Vec<u8>,
    stack: Vec<Level>,
    deep: u64,
}

impl<'a, 's, 't> Encoder<'a, 's, 't> {
    pub(super) fn new(text: &'a str, sink: &'s mut Sink<'t>) -> Self {
        let (tokens, json) = (Tokens::new(text), Json::new(text));
        Self { tokens, json, sink, ledger: Ledger::default(), out: Vec::new(), stack: Vec::new(), deep: 0 }
    }

    /// Encodes the whole text; what stood before a fault is encoded too.
    pub(super) fn run(&mut self) -> Result<(), Fault> {
        let read = self.fields();
        while let Some(level) = self.stack.pop() {
            self.left(&level);
        }
        if self.deep > 0 {
            let detail = format!("{} messages are nested deeper than {DEPTH}", self.deep);
            self.sink.gap(Unseen::new(GapReason::OverLimit, detail).needing("a flatter document"));
        }
        read
    }

    fn fields(&mut self) -> Result<(), Fault> {
        loop {
            let at = self.tokens.offset();
            let sign = self.tokens.sign();
            match self.stack.last() {
                Some(Level::List(field)) => {
                    let field = *field;
                    match sign {
                        Some(b']') => self.up()?,
                        Some(b',') => self.pass()?,
                        _ => self.value(at, field)?,
                    }
                }
                Some(Level::Message { close, .. }) if sign == Some(*close) => self.up()?,
                _ if matches!(sign, Some(b',' | b';')) => self.pass()?,
                _ => match self.tokens.next()? {
                    Token::Name(name) => self.field(at, name)?,
                    Token::Sign(b'[') => self.extension(at)?,
                    Token::End if self.stack.is_empty() => return Ok(()),
                    _ => return Err(Fault { at, expected: "a field, or the end of its message" }),
                },
            }
        }
    }

    fn pass(&mut self) -> Result<(), Fault> {
        self.tokens.next().map(|_| ())
    }

    /// Leaves the innermost message or list.
    fn up(&mut self) -> Result<(), Fault> {
        if let Some(level) = self.stack.pop() {
            self.left(&level);
        }
        self.pass()
    }

    /// Fills in the length of a message.
    fn left(&mut self, level: &Level) {
        let Level::Message { length_at, .. } = level else { return };
        let mut length = self.out.len() - length_at - LENGTH.len();
        for byte in self.out.iter_mut().skip(*length_at).take(LENGTH.len()) {
            *byte |= u8::try_from(length & 0x7f).unwrap_or(0);
            length >>= 7;
        }
    }

    fn message(&self) -> Message {
        let within = self.stack.iter().rev().find_map(|level| match level {
            Level::Message { message, .. } => Some(*message),
            Level::List(_) => None,
        });
        within.unwrap_or(Message::Bom)
    }

    fn field(&mut self, at: usize, name: &str) -> Result<(), Fault> {
        let message = self.message();
        let field = message.named(name);
        if field.is_none() {
            let shown: String = name.chars().take(40).collect();
            self.repair(at, &format!("`{shown}` is no field that is known of its message, {message:?}"), "nothing");
        }
        self.assigned(field)
    }

    /// `[package.name]` or `[domain/type]`: never part of a BOM.
    fn extension(&mut self, at: usize) -> Result<(), Fault> {
        loop {
            match self.tokens.next()? {
                Token::Sign(b']') => break,
                Token::End => return Err(Fault { at, expected: "an extension's name with its closing bracket" }),
                _ => {}
            }
        }
        self.repair(at, "an extension, which no BOM has", "nothing");
        self.assigned(None)
    }

    /// What stands behind a field's name.
    fn assigned(&mut self, field: Option<&'static Field>) -> Result<(), Fault> {
        let at = self.tokens.offset();
        match self.tokens.sign() {
            Some(b':') => self.pass()?,
            Some(b'{' | b'<' | b'[') => {}
            _ => return Err(Fault { at, expected: "`:`, `{` or `[` after a field's name" }),
        }
        if self.tokens.sign() == Some(b'[') {
            self.pass()?;
            self.stack.push(Level::List(field));
            return Ok(());
        }
        let at = self.tokens.offset();
        self.value(at, field)
    }

    /// Reads one value; a field that is `None` or never read is passed over.
    fn value(&mut self, at: usize, field: Option<&'static Field>) -> Result<(), Fault> {
        let token = self.tokens.next()?;
        let Some(field) = field.filter(|field| !matches!(field.kind, Kind::Aside)) else {
            return match token {
                Token::Sign(b'{' | b'<' | b'[') => self.past(at),
                Token::Sign(_) | Token::End => Err(Fault { at, expected: "a value" }),
                _ => Ok(()),
            };
        };
        match (token, field.kind) {
            (Token::Sign(open @ (b'{' | b'<')), Kind::One(message) | Kind::Many(message)) => {
                self.enter(at, field, message, open)
            }
            (Token::Sign(open @ (b'{' | b'<')), Kind::Time) => self.enter(at, field, Message::Timestamp, open),
            (Token::Sign(b'{' | b'<' | b'['), _) => {
                self.wrong(at, field);
                self.past(at)
            }
            (Token::Sign(_) | Token::End, _) => Err(Fault { at, expected: "a value" }),
            (token, _) => {
                self.scalar(at, field, &token);
                Ok(())
            }
        }
    }

    fn enter(&mut self, at: usize, field: &Field, message: Message, open: u8) -> Result<(), Fault> {
        if self.stack.len() >= 2 * DEPTH {
            self.deep += 1;
            return self.past(at);
        }
        push_tag(&mut self.out, field.number, 2);
        let length_at = self.out.len();
        self.out.extend_from_slice(&LENGTH);
        let close = if open == b'{' { b'}' } else { b'>' };
        self.stack.push(Level::Message { message, close, length_at });
        Ok(())
    }

    /// Reads past what was just opened: brackets are counted, not kept.
    fn past(&mut self, at: usize) -> Result<(), Fault> {
        let mut open = 1_u64;
        while open > 0 {
            match self.tokens.next()? {
                Token::Sign(b'{' | b'<' | b'[') => open += 1,
                Token::Sign(b'}' | b'>' | b']') => open -= 1,
                Token::End => return Err(Fault { at, expected: "a message or list with its closing bracket" }),
                _ => {}
            }
        }
        Ok(())
    }

    fn scalar(&mut self, at: usize, field: &Field, token: &Token<'_>) {
        let number = match (field.kind, token) {
            (Kind::Text | Kind::Texts, Token::Text(text)) => return self.text(field, text),
            (Kind::Text | Kind::Texts, Token::Name(word) | Token::Number(word)) => {
                self.repair(at, "a word where a text belongs", "the text as it is written");
                return self.text(field, word.as_bytes());
            }
            (Kind::One(message) | Kind::Many(message), Token::Text(text)) if let Some(name) = message.named("name") => {
                self.repair(at, "a text where a message belongs", "its name");
                let mut inner = Vec::new();
                std::mem::swap(&mut inner, &mut self.out);
                self.text(name, text);
                std::mem::swap(&mut inner, &mut self.out);
                return self.text(field, &inner);
            }
            (Kind::Number | Kind::Word(_), Token::Number(written)) => integer(written),
            (Kind::Flag, Token::Name(word)) => match *word {
                "true" | "True" | "t" => Some(1),
                "false" | "False" | "f" => Some(0),
                _ => None,
            },
            (Kind::Flag, Token::Number(written)) => integer(written).filter(|number| *number < 2),
            (Kind::Word(words), Token::Name(name)) => {
                let number = words.number(name);
                if number.is_none() {
                    let shown: String = name.chars().take(40).collect();
                    return self.repair(at, &format!("`{shown}` is no known word of `{}`", field.name), "nothing");
                }
                number
            }
            _ => None,
        };
        match number {
            Some(number) => {
                push_tag(&mut self.out, field.number, 0);
                push_varint(&mut self.out, number);
            }
            None => self.wrong(at, field),
        }
    }

    fn text(&mut self, field: &Field, text: &[u8]) {
        push_tag(&mut self.out, field.number, 2);
        push_varint(&mut self.out, u64::try_from(text.len()).unwrap_or(0));
        self.out.extend_from_slice(text);
    }

    fn wrong(&mut self, at: usize, field: &Field) {
        self.repair(at, &format!("`{}` cannot have such a value", field.name), "nothing");
    }

    fn repair(&mut self, at: usize, wrong: &str, assumed: &str) {
        self.ledger.repair_at(self.sink, || self.json.place(at), wrong, assumed);
    }
}

/// A whole number in any of the three bases, with its sign.
fn integer(written: &str) -> Option<u64> {
    let (negative, bare) = match written.strip_prefix('-') {
        Some(bare) => (true, bare.trim_start()),
        None => (false, written),
    };
    let value = match bare.strip_prefix("0x").or_else(|| bare.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16),
        None if bare.len() > 1 && bare.starts_with('0') => u64::from_str_radix(bare, 8),
        None => bare.parse(),
    };
    let value = value.ok()?;
    Some(if negative { value.wrapping_neg() } else { value })
}
