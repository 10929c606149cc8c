//! A table as a file has it: rows of cells, before anybody knows what they mean.

use std::cell::Cell as Count;
use std::rc::Rc;

use crate::list::found::About;
use crate::list::limits;
use crate::list::problem::{Cause, Limit};

/// A cell with its text and what else it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::list) struct Cell {
    /// The text, with line breaks between blocks and without white space at its ends.
    pub(in crate::list) text: String,
    /// The texts of icons, their class names after `.`, and the class names of the cell and its row after `~`.
    pub(in crate::list) marks: Vec<String>,
    /// Says whether the check box in it is ticked.
    pub(in crate::list) ticked: Option<bool>,
    /// The addresses of its links, or the whole text where the visible one is cut.
    pub(in crate::list) whole: Option<String>,
    /// The part that the cell lost on its way.
    pub(in crate::list) lost: Option<Lost>,
}

/// The mark of text that is struck through: a workspace can say what it means, like any other mark.
const STRUCK: &str = "~struck through";

/// The mark of a row or text that is shown as disabled.
const DISABLED: &str = "~disabled";

/// The mark of a value that is that of the row above, with which the cell is merged.
const MERGED: &str = "~merged";

/// The mark of a value that is in a field to type in or to choose from.
const FIELD: &str = "~field";

/// The words for that mark in a workspace.
pub(in crate::list) const STRUCK_WORDS: &str = "struck through";

/// The part that a cell lost before it came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::list) enum Lost {
    /// The text is cut: it ends with an ellipsis.
    Cut,
    /// Some entries are hidden behind "+2 more".
    More,
    /// It is a number, so that leading zeros and digits after the fifteenth are lost.
    Digits,
    /// It is a formula without a stored value.
    Formula,
}

/// A row with its number in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::list) struct TableRow {
    /// The row of the sheet that a spreadsheet shows of a file, or of a page, counted from 1; the line of pasted text.
    pub(in crate::list) number: u64,
    /// The cells.
    pub(in crate::list) cells: Vec<Cell>,
    /// Says whether the cells behind them are blank; otherwise nobody knows.
    pub(in crate::list) ends_blank: bool,
}

/// A table, with what the file says about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each says something else about the table, and all combinations exist")]
pub(in crate::list) struct Table {
    /// The rows, the header among them.
    pub(in crate::list) rows: Vec<TableRow>,
    /// Texts outside of the table, such as "Showing 1 to 25 of 43".
    pub(in crate::list) around: Rc<[String]>,
    /// The heading above it, such as "Deactivated Users".
    pub(in crate::list) heading: Option<String>,
    /// The words of a screen reader about it, and about what it is in.
    pub(in crate::list) labels: Vec<String>,
    /// The short lines right above it, below its heading.
    pub(in crate::list) lines: Vec<String>,
    /// The row above its people, which spans the whole table and names them, such as "Inactive (3)".
    pub(in crate::list) group: Option<String>,
    /// The texts of the page's chosen tabs.
    pub(in crate::list) chosen: Rc<[String]>,
    /// Texts outside of it that matter where nobody is listed: a search or filter was on, or the page was loading.
    pub(in crate::list) doubts: Rc<[String]>,
    /// The filters that narrowed down its rows, such as the words of a search.
    pub(in crate::list) filters: Rc<[String]>,
    /// The other choices on the page, such as one of several places: words of the workspace tell whether it narrows the rows down.
    pub(in crate::list) choices: Rc<[String]>,
    /// The choices by which the page says whose states its rows are.
    pub(in crate::list) shown: Rc<[Shown]>,
    /// The number of rows that the table has by its own account, the header included.
    pub(in crate::list) counted_rows: Option<u64>,
    /// The number of columns that the table has by its own account.
    pub(in crate::list) counted_columns: Option<u64>,
    /// Says whether some of its rows are hidden, as a search hides them.
    pub(in crate::list) is_filtered: bool,
    /// The words of the file in place of a table, where they are that there is nobody.
    pub(in crate::list) nobody: Option<String>,
    /// Says whether its page has a button that loads more rows.
    pub(in crate::list) has_more: bool,
    /// Says whether it is of a page, which can have icons.
    pub(in crate::list) is_page: bool,
    /// Says whether rows may have fewer cells than the header.
    pub(in crate::list) is_loose: bool,
}

/// A choice by which a page says whose states its rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::list) enum Shown {
    /// One of several choices, with the texts of the others and the name of the choice. It is sure if the page itself says that it is chosen.
    Chosen { text: String, others: Vec<String>, name: String, is_sure: bool },
    /// A box with a text beside it.
    Box { text: String, ticked: bool },
    /// A line such as "Status: Inactive".
    Line(String),
    /// A part of the page's title or address, which a page does not always keep right.
    Hint(String),
}

impl Cell {
    /// Makes a cell that has only text.
    #[must_use]
    pub(in crate::list) fn plain(text: &str) -> Self {
        Self { text: trimmed(text), ..Self::default() }
    }

    /// Marks it as struck through.
    pub(in crate::list) fn strike(&mut self) {
        self.marks.push(STRUCK.to_owned());
    }

    /// Marks it as shown disabled.
    pub(in crate::list) fn disable(&mut self) {
        self.marks.push(DISABLED.to_owned());
    }

    /// Marks it as merged with the cell above, whose value it has.
    pub(in crate::list) fn merge(&mut self) {
        self.marks.push(MERGED.to_owned());
    }

    /// Marks its value as one in a field.
    pub(in crate::list) fn be_field(&mut self) {
        self.marks.push(FIELD.to_owned());
    }

    /// Returns whether its value is one in a field.
    pub(in crate::list) fn is_field(&self) -> bool {
        self.marks.iter().any(|mark| mark == FIELD)
    }

    /// Returns whether it is merged with the cell above.
    pub(in crate::list) fn is_merged(&self) -> bool {
        self.marks.iter().any(|mark| mark == MERGED)
    }

    /// Lists the classes of the cell and its row, with the color of their style.
    pub(in crate::list) fn classes(&self) -> impl Iterator<Item = &str> {
        self.marks.iter().filter_map(|mark| mark.strip_prefix('~'))
    }

    /// Lists the texts and class names of its icons.
    pub(in crate::list) fn icons(&self) -> impl Iterator<Item = &str> {
        self.marks.iter().filter(|mark| !mark.starts_with('~')).map(|mark| mark.trim_start_matches('.'))
    }

    /// Returns the class of the cell or its row that says in words that somebody has no access, such as `row--inactive`. `tells` says of a
    /// class whether it tells people apart.
    pub(in crate::list) fn faded(&self, tells: &dyn Fn(&str) -> bool) -> Option<&str> {
        self.classes().find(|class| says_no_access(class) && tells(class))
    }

    /// Returns the mark of a button in it that undoes what somebody is, such as "Reactivate".
    pub(in crate::list) fn undone(&self) -> Option<&str> {
        self.classes().find(|mark| mark.starts_with("button:"))
    }

    /// Returns whether its text is struck through.
    pub(in crate::list) fn is_struck(&self) -> bool {
        self.marks.iter().any(|mark| mark == STRUCK)
    }

    /// Returns whether nothing is in it; the classes of a row are not.
    #[must_use]
    pub(in crate::list) fn is_blank(&self) -> bool {
        self.text.is_empty()
            && self.marks.iter().all(|mark| mark.starts_with('~'))
            && self.ticked.is_none()
            && self.whole.is_none()
            && self.lost.is_none()
    }
}

impl Table {
    /// Copies everything but the rows.
    pub(in crate::list) fn clone_without_rows(&self) -> Self {
        let Self {
            rows: _,
            around,
            heading,
            labels,
            lines,
            group,
            chosen,
            doubts,
            filters,
            choices,
            shown,
            counted_rows,
            counted_columns,
            is_filtered,
            nobody,
            has_more,
            is_page,
            is_loose,
        } = self;
        Self {
            rows: Vec::new(),
            around: Rc::clone(around),
            heading: heading.clone(),
            labels: labels.clone(),
            lines: lines.clone(),
            group: group.clone(),
            chosen: Rc::clone(chosen),
            doubts: Rc::clone(doubts),
            filters: Rc::clone(filters),
            choices: Rc::clone(choices),
            shown: Rc::clone(shown),
            counted_rows: *counted_rows,
            counted_columns: *counted_columns,
            is_filtered: *is_filtered,
            nobody: nobody.clone(),
            has_more: *has_more,
            is_page: *is_page,
            is_loose: *is_loose,
        }
    }
}

impl TableRow {
    /// Counts the marks of its cells.
    pub(in crate::list) fn marks(&self) -> usize {
        self.cells.iter().map(|cell| cell.marks.len()).sum()
    }

    /// Returns whether all of its cells are blank.
    #[must_use]
    pub(in crate::list) fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }

    /// Returns the texts of its cells that have any.
    pub(in crate::list) fn texts(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty())
    }
}

/// Words of classes for people who have no access.
const NO_ACCESS: [&str; 12] = [
    "disabled",
    "inactive",
    "deactivated",
    "archived",
    "suspended",
    "terminated",
    "former",
    "deleted",
    "blocked",
    "banned",
    "revoked",
    "locked",
];

/// Returns whether a class says in words that somebody has no access: `row--inactive`, `disabledUser`.
pub(in crate::list) fn says_no_access(class: &str) -> bool {
    // What a row says of itself is read as a text, and `disabled:` says how a field would look.
    if class.starts_with("row:") || NO_ACCESS.iter().any(|word| class.starts_with(&format!("{word}:"))) {
        return false;
    }
    let mut spaced = String::new();
    for c in class.chars() {
        if c.is_uppercase() && !spaced.ends_with(|before: char| before.is_uppercase()) {
            spaced.push('-');
        }
        spaced.extend(c.to_lowercase());
    }
    let parts: Vec<&str> = spaced.split(['-', '_', ':']).collect();
    let last = parts.last().copied().unwrap_or_default();
    let ends = |word: &&str| *word != "locked" && last.strip_suffix(*word).is_some_and(|before| !before.ends_with("un"));
    let has_word = NO_ACCESS.iter().any(|word| ends(word) || parts.contains(word));
    has_word && !parts.iter().any(|part| ["not", "non", "no", "hover"].contains(part))
}

/// Returns whether a class or style shows a text in another color than others, which can mean that somebody has no access. The color of a
/// background is that of every second row.
pub(in crate::list) fn is_pale(class: &str) -> bool {
    const WORDS: [&str; 15] = [
        "muted",
        "grey",
        "gray",
        "greyed",
        "grayed",
        "faded",
        "faint",
        "dimmed",
        "dim",
        "opacity",
        "red",
        "danger",
        "strikethrough",
        "strike",
        "struck",
    ];
    const OTHERS: [&str; 15] = [
        "bg", "hover", "focus", "active", "group", "border", "divide", "ring", "shadow", "dark", "disabled", "odd", "even", "striped",
        "stripe",
    ];
    let class = class.to_lowercase();
    let parts: Vec<&str> = class.split(['-', '_', ':', '/']).collect();
    let is_color = ["color:", "opacity:", "filter:"].iter().any(|name| class.starts_with(name));
    is_color || (parts.iter().any(|part| WORDS.contains(part)) && !parts.iter().any(|part| OTHERS.contains(part)))
}

/// Counts what is read, so that a hostile file ends early.
#[derive(Debug, Default)]
pub(in crate::list) struct Meter {
    rows: usize,
    cells: usize,
    bytes: usize,
    tables: usize,
    /// Bytes of the parts of workbooks, unpacked so far.
    pub(in crate::list) unpacked: Rc<Count<u64>>,
}

impl Meter {
    /// Counts a table.
    ///
    /// # Errors
    /// Fails if there are too many.
    pub(in crate::list) fn table(&mut self) -> Result<(), Cause> {
        self.tables += 1;
        if self.tables > limits::TABLES { Err(Cause::TooLarge(Limit::Tables)) } else { Ok(()) }
    }

    /// Counts the cells and the bytes of a row.
    ///
    /// # Errors
    /// Fails if a limit is exceeded.
    pub(in crate::list) fn row(&mut self, row: &TableRow) -> Result<(), Cause> {
        if row.cells.len() > limits::COLUMNS {
            return Err(Cause::TooLarge(Limit::Columns));
        }
        self.rows += 1;
        if self.rows > limits::ROWS {
            return Err(Cause::TooLarge(Limit::Rows));
        }
        self.cells += row.cells.len();
        self.bytes += row.cells.iter().map(|cell| cell.text.len()).sum::<usize>();
        if self.cells > limits::CELLS {
            return Err(Cause::TooLarge(Limit::Cells));
        }
        if self.bytes > limits::TEXT_BYTES || row.cells.iter().any(|cell| cell.text.len() > limits::CELL_BYTES) {
            return Err(Cause::TooLarge(Limit::Text));
        }
        Ok(())
    }
}

/// Returns a text without white space, no-break spaces and byte order marks at its ends, and with `\n` as its only line break.
#[must_use]
pub(in crate::list) fn trimmed(text: &str) -> String {
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}');
    let text = crate::platform::without_hidden(text.trim_matches(is_space));
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.into_owned() }
}

/// The tables of a file.
#[derive(Debug, Default)]
pub(in crate::list) struct Tables {
    pub(in crate::list) tables: Vec<Table>,
    pub(in crate::list) notes: Vec<About>,
}
