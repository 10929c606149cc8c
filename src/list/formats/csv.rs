//! Reads separated values: the separator is found by counting, and `sep=` is believed.

use crate::list::problem::{Cause, Limit};
use crate::list::table::{Cell, Lost, Meter, Table, TableRow};

/// The characters that separate the values of lists, the most likely first.
const SEPARATORS: [char; 4] = ['\t', ';', ',', '|'];

/// The number of lines that are looked at to find the separator.
const SAMPLE: usize = 40;

/// Reads the table of a text; `None` if nothing separates its values.
pub(in crate::list) fn table(text: &str, meter: &mut Meter) -> Result<Option<Table>, Cause> {
    let declared = text.lines().next().and_then(|line| line.trim_end_matches('\r').trim_matches('"').strip_prefix("sep="));
    let declared = declared.and_then(|rest| rest.chars().next()).filter(char::is_ascii);
    let skipped = if declared.is_some() { text.find('\n').map_or(text.len(), |at| at + 1) } else { 0 };
    let body = text.get(skipped..).unwrap_or_default();
    let Some(separator) = declared.or_else(|| separator(body)) else { return Ok(None) };
    let lines_before = u64::from(declared.is_some());
    if let Some(line) = open_quote(body, separator) {
        return Err(Cause::OpenQuote { line: line + lines_before });
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut table = Table::default();
    let mut record = csv::StringRecord::new();
    let mut rows = RowCounter { text: body, number: 0 };
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(Some(table)),
            Err(_) => return Err(Cause::Damaged),
        }
        let number = rows.next(record.position().map_or(0, csv::Position::byte));
        // A row has to be counted before its cells are made: a line of commas makes large ones.
        if record.len() > crate::list::limits::COLUMNS {
            return Err(Cause::TooLarge(Limit::Columns));
        }
        if record.iter().any(|field| field.len() > crate::list::limits::CELL_BYTES) {
            return Err(Cause::TooLarge(Limit::Text));
        }
        let row = TableRow { number, cells: record.iter().map(cell).collect(), ends_blank: false };
        meter.row(&row)?;
        if !row.is_blank() {
            table.rows.push(row);
        }
    }
}

/// Finds the line of a quotation mark that begins a cell which does not end as one does: it swallows other rows, or all of them.
fn open_quote(text: &str, separator: char) -> Option<u64> {
    let (mut line, mut chars, mut is_start) = (1_u64, text.chars().peekable(), true);
    while let Some(c) = chars.next() {
        if c != '"' || !is_start {
            line += u64::from(c == '\n');
            is_start = c == separator || matches!(c, '\n' | '\r');
            continue;
        }
        let start = line;
        loop {
            match chars.next() {
                None => return Some(start),
                Some('"') if chars.peek() == Some(&'"') => drop(chars.next()),
                Some('"') => break,
                Some(c) => line += u64::from(c == '\n'),
            }
        }
        is_start = false;
        let is_end = chars.peek().is_none_or(|next| *next == separator || next.is_whitespace());
        if !is_end {
            return Some(start);
        }
    }
    None
}

/// Counts the rows of a text as a spreadsheet does: a line break inside of a cell begins no row, and a blank line is one.
struct RowCounter<'t> {
    text: &'t str,
    number: u64,
}

impl RowCounter<'_> {
    /// Returns the number of the next row, which begins at a byte or behind blank lines there: the reader leaves half of the end of the row
    /// before it to it.
    fn next(&mut self, byte: u64) -> u64 {
        let start = usize::try_from(byte).unwrap_or(usize::MAX);
        let rest = self.text.get(start..).unwrap_or_default();
        let is_half = self.text.get(..start).is_some_and(|before| before.ends_with('\r')) && rest.starts_with('\n');
        let rest = rest.get(usize::from(is_half)..).unwrap_or_default();
        let blank = rest.get(..rest.len() - rest.trim_start_matches(['\r', '\n']).len()).unwrap_or_default();
        let pairs = blank.matches("\r\n").count();
        self.number += 1 + (blank.len() - pairs) as u64;
        self.number
    }
}

/// A cell, without what spreadsheets and exporters put around values.
pub(in crate::list) fn cell(raw: &str) -> Cell {
    // An exporter that guards against formulas puts an apostrophe, a tab or a space in front.
    let starts_formula = |text: &str| text.starts_with(['+', '-', '=', '@']);
    let text = match raw.strip_prefix(['\'', '\t', ' ']) {
        Some(rest) if starts_formula(rest) => rest,
        Some(_) | None => raw,
    };
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).filter(|inner| !inner.contains('"')) {
        return Cell::plain(inner);
    }
    let is_formula = raw.starts_with('=') && raw.len() > 1;
    if is_formula {
        return Cell { lost: Some(Lost::Formula), ..Cell::default() };
    }
    let mut cell = Cell::plain(text);
    cell.lost = lost(&cell.text);
    cell
}

/// Returns what a plain text shows to be lost.
pub(in crate::list) fn lost(text: &str) -> Option<Lost> {
    if is_scientific(text) {
        return Some(Lost::Digits);
    }
    if is_more(text) {
        return Some(Lost::More);
    }
    let is_cut = text.len() > 3 && (text.ends_with('…') || text.ends_with("..."));
    is_cut.then_some(Lost::Cut)
}

/// Returns whether a spreadsheet turned a long number into this.
fn is_scientific(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    digits > 0
        && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        && (1..=3).contains(&exponent.len())
        && exponent.bytes().all(|b| b.is_ascii_digit())
}

/// Returns whether the text ends by saying that there is more: "+2 more", "and 3 others", "3 clinics".
pub(in crate::list) fn is_more(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    let is_number = |word: &str| {
        let digits = word.trim_start_matches('+');
        !digits.is_empty() && digits.len() < 5 && digits.bytes().all(|b| b.is_ascii_digit())
    };
    match words.as_slice() {
        [.., number, "more" | "others" | "other"] | [number, "clinics" | "locations" | "sites" | "offices" | "roles" | "places"] => {
            is_number(number)
        }
        [.., last] => last.starts_with('+') && last.len() < 5 && is_number(last),
        [] => false,
    }
}

/// Finds the separator: the one that most lines have equally often, outside of quotes.
fn separator(text: &str) -> Option<char> {
    let counts = |separator: char| -> Vec<usize> {
        let (mut counts, mut count, mut is_quoted) = (Vec::new(), 0, false);
        for c in text.chars() {
            match c {
                '"' => is_quoted = !is_quoted,
                '\n' if !is_quoted => {
                    counts.push(count);
                    count = 0;
                    if counts.len() >= SAMPLE {
                        return counts;
                    }
                }
                c if c == separator && !is_quoted => count += 1,
                _ => {}
            }
        }
        counts.push(count);
        counts
    };
    let score = |separator: char| -> (usize, usize) {
        let counts: Vec<usize> = counts(separator).into_iter().filter(|count| *count > 0).collect();
        let most = |count: &usize| counts.iter().filter(|other| *other == count).count();
        let common = counts.iter().max_by_key(|count| (most(count), **count)).copied().unwrap_or_default();
        (counts.iter().filter(|count| **count == common).count(), common)
    };
    let scores = SEPARATORS.map(|separator| (score(separator), separator));
    // The first of equal ones is the most likely: a tab is seldom part of a value, a comma often.
    scores.into_iter().rev().filter(|((lines, _), _)| *lines > 0).max_by_key(|(score, _)| *score).map(|(_, separator)| separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let table = table(text, &mut Meter::default()).unwrap().unwrap();
        table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.clone()).collect()).collect()
    }

    #[test]
    fn the_separator_is_found_outside_of_quotes() {
        let expected = vec![vec!["Email", "Name"], vec!["ana@glow.example", "Ruiz, Ana; \"A\"\nthe 2nd"], vec!["kim@glow.example", "Kim"]];
        for separator in [",", ";", "\t", "|"] {
            let text = format!(
                "Email{separator}Name\r\nana@glow.example{separator}\"Ruiz, Ana; \"\"A\"\"\nthe 2nd\"\r\n\r\nkim@glow.example{separator}Kim\r\n"
            );
            assert_eq!(rows(&text), expected, "{separator}");
            assert_eq!(rows(&format!("sep={separator}\r\n{text}")), expected, "sep={separator}");
        }
        assert_eq!(rows("Name;Email\nRuiz, Ana;a@x.example\nPark, Kim;k@x.example\n")[1], ["Ruiz, Ana", "a@x.example"]);
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "sep=,\nEmail,Name\n\"a@x.example\",\"two\nlines\"\nb@x.example,B\n\n\nc@x.example,C\nd@x.example,D\n";
            let sep = if end == "\r" { "" } else { "sep=,\n" };
            for text in [text.replace("sep=,\n", sep), text.replace("sep=,\n", &format!("{sep}\n\n"))] {
                let above = if text.contains("\n\nEmail") || text.starts_with("\n\n") { 2 } else { 0 };
                let table = table(&text.replace('\n', end), &mut Meter::default()).unwrap().unwrap();
                let expected: Vec<u64> = [1, 2, 3, 6, 7].map(|row| row + above).to_vec();
                assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), expected, "{end:?} {text:?}");
            }
        }
    }

    #[test]
    fn a_quote_without_its_end_is_named_with_its_line() {
        for (text, line) in [
            ("Email,Name,Notes\na@x.example,A,\"x\nb@x.example,B,y\nc@x.example,C,z\n", 2),
            ("Email,Name,Notes\na@x.example,A,x\nb@x.example,\"B,y\nc@x.example,\"C, D\",z\n", 3),
            ("sep=,\nEmail,Name\na@x.example,\"A\n", 3),
            ("Email,Name\n\"a@x.example,A\nb@x.example,B\n", 2),
            ("Email,Name\na@x.example,\"A \"The\" B\"\n", 2),
        ] {
            assert_eq!(table(text, &mut Meter::default()), Err(Cause::OpenQuote { line }), "{text}");
        }
        for text in
            ["Email,Name\na@x.example,\"A \"\"B\"\" C\nD\"\n", "Email,Name\na@x.example,A \"B\" C\n", "Email,Name\na@x.example,\"A\" B\n"]
        {
            assert_eq!(rows(text).len(), 2, "{text}");
        }
        let endless = format!("Email,Name\n\"{}\",A\n", "x".repeat(40_000));
        assert_eq!(table(&endless, &mut Meter::default()), Err(Cause::TooLarge(Limit::Text)));
    }

    #[test]
    fn guards_against_formulas_are_removed_and_formulas_are_not_kept() {
        for (raw, text) in
            [("=\"0123\"", "0123"), ("'+1 602 555 0142", "+1 602 555 0142"), ("\t=a", "=a"), ("+1 602", "+1 602"), ("'Ana", "'Ana")]
        {
            assert_eq!((cell(raw).text.as_str(), cell(raw).lost), (text, None), "{raw}");
        }
        assert_eq!(cell("=HYPERLINK(\"mailto:a@x.example\")").lost, Some(Lost::Formula));
        for damaged in ["1.4E+10", "6,02E+09", "1E10"] {
            assert_eq!(cell(damaged).lost, Some(Lost::Digits), "{damaged}");
        }
        for more in ["Uptown, +2 more", "Uptown +2", "3 clinics", "and 3 others"] {
            assert_eq!(cell(more).lost, Some(Lost::More), "{more}");
        }
        for whole in ["+1 602 555 0142", "E10", "Suite 3", "+16025550142", "Uptown"] {
            assert_eq!(cell(whole).lost, None, "{whole}");
        }
        assert_eq!(cell("ana.ruiz@glo…").lost, Some(Lost::Cut));
    }

    #[test]
    fn a_line_that_begins_with_a_number_sign_is_a_row() {
        assert_eq!(rows("Email,Name\n#ana@x.example,Ana\n").len(), 2);
    }

    #[test]
    fn a_million_columns_end_early() {
        assert_eq!(table(&",".repeat(1_000_000), &mut Meter::default()), Err(Cause::TooLarge(Limit::Columns)));
        let many = "a,b\n".repeat(200_000);
        assert_eq!(table(&many, &mut Meter::default()), Err(Cause::TooLarge(Limit::Rows)));
        let many = format!("{}\n", ",".repeat(99)).repeat(11_000);
        assert_eq!(table(&many, &mut Meter::default()), Err(Cause::TooLarge(Limit::Cells)));
    }
}
