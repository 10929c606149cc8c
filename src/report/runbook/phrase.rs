//! A text of a click path, with the words of the product marked, and the person's name and address filled in.

use crate::platform::runbook::{EMAIL, NAME};
use crate::report::clean::clean;

/// A text in pieces; all of it is safe to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::report) struct Phrase(Vec<Piece>);

/// A piece of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) struct Piece {
    pub text: String,
    /// Says whether the product shows these words.
    pub is_shown: bool,
}

/// The meanings of the placeholders of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filling<'a> {
    pub name: &'a str,
    pub email: &'a str,
}

impl Phrase {
    /// Reads a text of a catalog. The marks are read first, so that nothing in a name is taken for one.
    pub(super) fn new(text: &str, filling: Filling<'_>) -> Self {
        let pieces = text.split("**").enumerate().filter(|(_, piece)| !piece.is_empty());
        let fill = |piece: &str| clean(piece).replace(NAME, &clean(filling.name)).replace(EMAIL, &clean(filling.email));
        Self(pieces.map(|(at, piece)| Piece { text: fill(piece), is_shown: at % 2 == 1 }).collect())
    }

    /// Makes a phrase of plain words.
    pub(super) fn plain(text: &str) -> Self {
        Self(vec![Piece { text: clean(text), is_shown: false }])
    }

    /// Its pieces.
    pub(in crate::report) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Its text without marks.
    pub(in crate::report) fn text(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_product_are_marked_and_a_name_marks_nothing() {
        let phrase = Phrase::new("Press **Save**, then look for {name}.", Filling { name: "**A**\n{email}", email: "a@b.example" });
        let said: Vec<(&str, bool)> = phrase.pieces().iter().map(|piece| (piece.text.as_str(), piece.is_shown)).collect();
        assert_eq!(said[..2], [("Press ", false), ("Save", true)]);
        assert_eq!(phrase.pieces().len(), 3, "{said:?}");
        assert!(phrase.text().contains("**A**\\n"), "{said:?}");
    }
}
