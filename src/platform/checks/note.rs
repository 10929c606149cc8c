//! Checks the note to a block.

use crate::platform::unwritable_in_lines;

/// The longest note of a block, in characters.
pub(crate) const LONGEST_NOTE: usize = 500;

/// The reason why a workspace would not accept a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteFault {
    /// It has too many characters.
    TooLong {
        /// The number of its characters.
        length: usize,
        /// The number that is allowed.
        most: usize,
    },
    /// It contains a control character other than a line feed or a tab, or one that nobody sees.
    Control(char),
}

/// Lists what is wrong with a note to a block. Manifest and server call this same function.
#[must_use]
pub fn check_note(note: &str) -> Vec<NoteFault> {
    let length = note.chars().count();
    let long = (length > LONGEST_NOTE).then_some(NoteFault::TooLong { length, most: LONGEST_NOTE });
    let control = unwritable_in_lines(note).map(NoteFault::Control);
    long.into_iter().chain(control).collect()
}
