//! A growing file: numbers in either byte order, alignment, and places filled in later.

/// The order of the bytes in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endian {
    Little,
    Big,
}

#[derive(Clone, Debug)]
pub(crate) struct Out {
    pub(crate) bytes: Vec<u8>,
    endian: Endian,
}

impl Out {
    pub(crate) fn little() -> Self {
        Self::new(Endian::Little)
    }

    pub(crate) fn new(endian: Endian) -> Self {
        Self { bytes: Vec::new(), endian }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn u8(&mut self, number: impl TryInto<u8>) {
        self.bytes.push(number.try_into().unwrap_or(u8::MAX));
    }

    pub(crate) fn u16(&mut self, number: impl TryInto<u16>) {
        let number = number.try_into().unwrap_or(u16::MAX);
        let bytes = if self.endian == Endian::Big { number.to_be_bytes() } else { number.to_le_bytes() };
        self.raw(&bytes);
    }

    pub(crate) fn u32(&mut self, number: impl TryInto<u32>) {
        let number = number.try_into().unwrap_or(u32::MAX);
        let bytes = if self.endian == Endian::Big { number.to_be_bytes() } else { number.to_le_bytes() };
        self.raw(&bytes);
    }

    pub(crate) fn u64(&mut self, number: impl TryInto<u64>) {
        let number = number.try_into().unwrap_or(u64::MAX);
        let bytes = if self.endian == Endian::Big { number.to_be_bytes() } else { number.to_le_bytes() };
        self.raw(&bytes);
    }

    /// A number as wide as an address.
    pub(crate) fn word(&mut self, wide: bool, number: usize) {
        if wide { self.u64(number) } else { self.u32(number) }
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Text and the zero byte that ends it.
    pub(crate) fn text(&mut self, text: &str) {
        self.raw(text.as_bytes());
        self.u8(0);
    }

    pub(crate) fn utf16(&mut self, text: &str) {
        for unit in text.encode_utf16() {
            self.u16(unit);
        }
    }

    pub(crate) fn zeros(&mut self, count: usize) {
        self.pad_to(self.len().saturating_add(count));
    }

    /// Zeros up to this length; nothing where it is longer already.
    pub(crate) fn pad_to(&mut self, length: usize) {
        if length > self.len() {
            self.bytes.resize(length, 0);
        }
    }

    pub(crate) fn align(&mut self, to: usize) {
        self.pad_to(self.len().next_multiple_of(to.max(1)));
    }

    /// Writes over what stands at `at`.
    pub(crate) fn put(&mut self, at: usize, bytes: &[u8]) {
        if let Some(place) = self.bytes.get_mut(at..at.saturating_add(bytes.len())) {
            place.copy_from_slice(bytes);
        }
    }

    /// Appends bytes, and says where they start.
    pub(crate) fn place(&mut self, bytes: &[u8]) -> usize {
        let at = self.len();
        self.raw(bytes);
        at
    }
}
