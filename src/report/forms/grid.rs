//! Rows of cells as a table for a terminal: long cells go on in the next line.

/// The number of columns that a line has at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width(usize);

impl Width {
    /// Nobody reads a table in fewer columns.
    const LEAST: usize = 60;
    /// Sentences in longer lines are hard to read.
    const MOST: usize = 120;

    /// The width where nobody knows the terminal, such as in a file.
    pub const OF_FILES: Self = Self(96);

    /// Returns the width of the lines in a terminal with as many columns.
    #[must_use]
    pub fn of_terminal(columns: usize) -> Self {
        Self(columns.clamp(Self::LEAST, Self::MOST))
    }

    /// Returns how many columns a line has.
    pub(in crate::report) const fn columns(self) -> usize {
        self.0
    }

    /// Returns how many columns are left beside a margin.
    fn beside(self, margin: &str) -> usize {
        self.0.saturating_sub(margin.chars().count())
    }
}

/// The spaces before a line, and between two columns.
pub(in crate::report) const GAP: &str = "  ";
/// A column is never narrower, however wide the others are.
const NARROWEST: usize = 8;

/// Adds people with what is known of each: a table, or, if it would have to break words, a block of lines for each of them. The first row has
/// the headings, the first two cells say who it is, and the cells of a block that say nothing are left out.
pub(in crate::report) fn people(text: &mut String, all: &[Vec<String>], width: Width) {
    let Some((heads, people)) = all.split_first() else { return };
    if has_whole_words(all, width) {
        return rows(text, all, width);
    }
    let labels: Vec<String> = heads.iter().map(|head| head.to_lowercase()).collect();
    let longest = labels.iter().skip(2).map(|label| label.chars().count()).max().unwrap_or_default();
    for cells in people {
        let who: Vec<&str> = cells.iter().take(2).map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        wrapped(text, GAP, &who.join(GAP), width);
        for (label, cell) in labels.iter().zip(cells).skip(2).filter(|(_, cell)| !cell.is_empty()) {
            let mut first = format!("{GAP}{GAP}{label:longest$}{GAP}");
            let margin = " ".repeat(first.chars().count());
            for line in wrap(cell, width.beside(&margin)) {
                text.push_str(&first);
                text.push_str(&line);
                text.push('\n');
                first.clone_from(&margin);
            }
        }
    }
}

/// Returns whether a table of these rows breaks no word.
fn has_whole_words(rows: &[Vec<String>], width: Width) -> bool {
    let widths = widths(rows, width);
    rows.iter().all(|row| row.iter().zip(&widths).all(|(cell, width)| cell.split(' ').all(|word| word.chars().count() <= *width)))
}

/// Adds rows of which all have as many cells as the first one.
pub(in crate::report) fn rows(text: &mut String, rows: &[Vec<String>], width: Width) {
    let widths = widths(rows, width);
    for row in rows {
        let columns: Vec<Vec<String>> = row.iter().zip(&widths).map(|(cell, width)| wrap(cell, *width)).collect();
        for line in 0..columns.iter().map(Vec::len).max().unwrap_or_default() {
            let mut whole = String::new();
            for (column, width) in columns.iter().zip(&widths) {
                let cell = column.get(line).map_or("", String::as_str);
                whole.push_str(GAP);
                whole.push_str(cell);
                whole.push_str(&" ".repeat(width.saturating_sub(cell.chars().count())));
            }
            text.push_str(whole.trim_end());
            text.push('\n');
        }
    }
}

/// Adds a text that goes on in lines with the same margin.
pub(in crate::report) fn wrapped(text: &mut String, margin: &str, said: &str, width: Width) {
    for line in wrap(said, width.beside(margin)) {
        text.push_str(margin);
        text.push_str(&line);
        text.push('\n');
    }
}

/// Returns the widths of the columns: as wide as their cells, the widest ones narrowed until a line fits. Words are broken only if
/// narrowing to the longest words is not enough, and those of the first column, by which people find a row, last.
fn widths(rows: &[Vec<String>], line: Width) -> Vec<usize> {
    let length = |text: &str| text.chars().count();
    let mut columns: Vec<(usize, usize)> = vec![(0, 0); rows.first().map_or(0, Vec::len)];
    for row in rows {
        for (cell, (widest, longest_word)) in row.iter().zip(&mut columns) {
            *widest = length(cell).max(*widest);
            *longest_word = cell.split(' ').map(length).max().unwrap_or_default().max(*longest_word);
        }
    }
    let all = columns.len();
    for unbroken in [all, 1, 0] {
        while columns.iter().map(|(width, _)| width + GAP.len()).sum::<usize>() > line.columns() {
            let least = |at: usize, word: usize| if at < unbroken { word.max(NARROWEST) } else { NARROWEST };
            let can_be_narrower = columns.iter_mut().enumerate().filter(|(at, (width, word))| *width > least(*at, *word));
            let Some((_, (width, _))) = can_be_narrower.max_by_key(|(_, (width, _))| *width) else { break };
            *width -= 1;
        }
    }
    columns.into_iter().map(|(width, _)| width).collect()
}

/// Breaks a cell at spaces, and a word that is too long where its parts end.
fn wrap(cell: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut columns = 0;
    for word in cell.split(' ') {
        let length = word.chars().count();
        if columns > 0 && columns + 1 + length <= width {
            columns += 1;
            lines.last_mut().into_iter().for_each(|line| line.push(' '));
        } else if columns > 0 {
            lines.push(String::new());
            columns = 0;
        }
        for (at, part) in parts(word, width).into_iter().enumerate() {
            if at > 0 {
                lines.push(String::new());
                columns = 0;
            }
            lines.last_mut().into_iter().for_each(|line| line.push_str(part));
            columns += part.chars().count();
        }
    }
    lines
}

/// The parts of a word that fit into lines: an address ends before its `@`, and any word after a dot or a hyphen.
fn parts(word: &str, width: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = word;
    while let Some((most, _)) = rest.char_indices().nth(width.max(1)) {
        let fits = rest.get(..most).unwrap_or(rest);
        let after = |(at, c): (usize, char)| match c {
            '@' => Some(at),
            '.' | '-' => Some(at + c.len_utf8()),
            _ => None,
        };
        let end = if rest.get(most..).is_some_and(|next| next.starts_with('@')) { None } else { fits.char_indices().rev().find_map(after) };
        let (part, next) = rest.split_at_checked(end.filter(|end| *end > 0).unwrap_or(most)).unwrap_or((rest, ""));
        parts.push(part);
        rest = next;
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_shown_in_blocks_where_a_table_would_break_words() {
        let shown = |state: &str| {
            let mut text = String::new();
            let heads = ["USER", "NAME", "STATE", "KNOWN FROM"].map(str::to_owned).to_vec();
            let user = |name: &str| ["una.ohara@petal.example", name, state, ""].map(str::to_owned).to_vec();
            people(&mut text, &[heads, user("Una O'Hara"), user("")], Width::OF_FILES);
            text
        };
        assert!(shown("active").starts_with("  USER "), "{}", shown("active"));
        let long = "x".repeat(90);
        let lines = format!("    state       {}\n                {}\n", "x".repeat(80), "x".repeat(10));
        assert_eq!(shown(&long), format!("  una.ohara@petal.example  Una O'Hara\n{lines}  una.ohara@petal.example\n{lines}"));
    }

    #[test]
    fn long_cells_go_on_in_the_next_line_and_no_line_is_too_wide() {
        assert_eq!(wrap("pending, invited 2026-11-20", 10), ["pending,", "invited", "2026-11-20"]);
        assert_eq!(wrap("a.very.long@address.example", 12), ["a.very.long", "@address.", "example"]);
        assert_eq!(wrap("a.very.long@address.example", 11), ["a.very.long", "@address.", "example"]);
        assert_eq!(wrap("patient-coordinator", 17), ["patient-", "coordinator"]);
        assert_eq!(wrap("patientcoordinator", 17), ["patientcoordinato", "r"]);
        assert_eq!(wrap("by olivia.stone@glow.example: x", 16), ["by", "olivia.stone", "@glow.example: x"]);
        assert_eq!(wrap("", 10), [""]);
        let row = |first: &str, other: &str| std::iter::once(first).chain(std::iter::repeat_n(other, 5)).map(str::to_owned).collect();
        let with_address: [Vec<String>; 2] = [row("USER", "STATE"), row("somebody.with.a.long@address.example", &"x".repeat(20))];
        assert_eq!(widths(&with_address, Width::OF_FILES).first(), Some(&36), "an address is not broken where other words can be");
        let long = "x".repeat(60);
        let rows = [vec!["HEAD".to_owned(); 7], vec![long; 7]];
        for line in [Width::of_terminal(1), Width::of_terminal(60), Width::OF_FILES, Width::of_terminal(500)] {
            let widths = widths(rows.get(..).unwrap(), line);
            assert!(
                widths.iter().sum::<usize>() + GAP.len() * widths.len() <= line.columns().max(7 * (NARROWEST + GAP.len())),
                "{widths:?}"
            );
        }
    }
}
