//! Texts as packed fields have them, one after the other, and the reader of the numbers and texts of which packed fields consist.

/// Six bits a character.
pub(super) const BITS: u32 = 6;
/// Set if another character follows.
pub(super) const MORE: u8 = 1 << BITS;

/// Texts as they are stored in [`crate::model::Fields`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Texts<'a>(&'a str);

impl<'a> Texts<'a> {
    /// Texts that are stored one after the other.
    pub(super) const fn new(packed: &'a str) -> Self {
        Self(packed)
    }

    /// Returns how many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.into_iter().count()
    }

    /// Returns whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether a text is among them.
    #[must_use]
    pub fn contains(self, text: &str) -> bool {
        self.into_iter().any(|one| one == text)
    }
}

impl<'a> IntoIterator for Texts<'a> {
    type Item = &'a str;
    type IntoIter = EachText<'a>;

    fn into_iter(self) -> Self::IntoIter {
        EachText(PackedReader::new(self.0))
    }
}

/// Writes one text after the other, as they are stored.
#[derive(Clone, Debug)]
pub struct EachText<'a>(PackedReader<'a>);

impl<'a> Iterator for EachText<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.part()
    }
}

/// Reads numbers and texts one after the other.
#[derive(Clone, Debug)]
pub(super) struct PackedReader<'a> {
    pub(super) text: &'a str,
    /// The number of bytes that were read.
    pub(super) at: usize,
}

impl<'a> PackedReader<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Reads a number that is a length.
    pub(super) fn number(&mut self) -> Option<usize> {
        usize::try_from(self.long()?).ok()
    }

    /// Reads a number.
    #[inline]
    pub(super) fn long(&mut self) -> Option<u64> {
        let first = *self.text.as_bytes().get(self.at)?;
        if first & MORE == 0 {
            self.at += 1;
            return Some(u64::from(first));
        }
        self.longer()
    }

    /// Reads a number of several characters.
    fn longer(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            self.at += 1;
            number |= u64::from(byte & !MORE).checked_shl(shift)?;
            if byte & MORE == 0 {
                return Some(number);
            }
            shift += BITS;
        }
    }

    /// Reads a text after its length.
    pub(super) fn part(&mut self) -> Option<&'a str> {
        let length = self.number()?;
        let part = self.text.get(self.at..self.at + length)?;
        self.at += length;
        Some(part)
    }

    /// Returns the unread rest.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }
}
