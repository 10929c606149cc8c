//! Places of cells in an Excel sheet, such as `B2` and `A2:A3`.

/// The row of a cell such as `B2`.
pub(super) fn row(place: &str) -> Option<u64> {
    place.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()
}

/// The column of a place such as `AB12`, from 0.
pub(super) fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(6).fold(0_usize, |number, letter| number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// The column and the rows of cells that are merged over several rows, such as `A2:A3`.
pub(super) fn rows_of(place: &str) -> Option<(usize, u64, u64)> {
    let (from, to) = place.split_once(':')?;
    let (first, last) = (row(from)?, row(to)?);
    (first < last).then_some((column(from)?, first, last))
}
