//! Lines of CSV for a spreadsheet.

use crate::report::clean::clean;

/// Adds a line of cells.
pub(in crate::report) fn line<C: AsRef<str>>(text: &mut String, cells: &[C]) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        text.push_str(&quoted(cell.as_ref()));
    }
    text.push_str("\r\n");
}

/// Returns a cell that no spreadsheet takes for a formula, with nothing in it that deceives a reader, in quotation marks if it needs them.
fn quoted(cell: &str) -> String {
    // A spreadsheet in some languages takes the wide signs for the narrow ones.
    let begins = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let mark = if cell.starts_with(begins) { "'" } else { "" };
    let safe = format!("{mark}{}", clean(cell));
    if safe.contains([',', '"', ';']) || safe.trim() != safe { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_takes_for_a_formula_gets_a_leading_quote_mark() {
        for (cell, safe) in [
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@a", "'@a"),
            ("\t=1", "'\\t=1"),
            ("\r=1", "'\\r=1"),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
            ("Stone, Olivia", "\"Stone, Olivia\""),
            ("two\nlines", "two\\nlines"),
            ("say \"a\"", "\"say \"\"a\"\"\""),
            ("", ""),
        ] {
            assert_eq!(quoted(cell), safe, "{cell}");
        }
    }
}
