//! The symbols of an object that is still to be linked (WebAssembly tool conventions, Linking).
use interdict_model::Sink;

use super::{MOST, Reader, symbol};
use crate::read::{index, span, text};

const SYMBOLS: u8 = 8;
const DATA: u8 = 1;
const SECTION: u8 = 3;
/// Its name is told by what is imported.
const UNDEFINED: u32 = 0x10;
/// It has a name of its own all the same.
const NAMED: u32 = 0x40;

impl Reader<'_, '_> {
    /// Every symbol that has a name here.
    pub(super) fn symbols(&mut self, sink: &mut Sink<'_>) -> Option<()> {
        self.number()?;
        while self.at < self.end {
            let (kind, len) = (self.byte()?, index(self.number()?));
            let next = self.at.checked_add(len).filter(|next| *next <= self.end)?;
            if kind == SYMBOLS {
                for _ in 0..self.number()?.min(MOST) {
                    self.one(sink)?;
                }
            }
            self.at = next;
        }
        Some(())
    }

    fn one(&mut self, sink: &mut Sink<'_>) -> Option<()> {
        let (kind, flags) = (self.byte()?, self.number()?);
        let is_defined = flags & UNDEFINED == 0;
        if kind == SECTION {
            self.number()?;
            return Some(());
        }
        if kind != DATA {
            self.number()?;
        }
        if kind == DATA || is_defined || flags & NAMED != 0 {
            let (at, name) = self.name()?;
            sink.fact(symbol(is_defined), &text(name), span(at, name.len()));
        }
        if kind == DATA && is_defined {
            for _ in 0..3 {
                self.number()?;
            }
        }
        Some(())
    }
}
