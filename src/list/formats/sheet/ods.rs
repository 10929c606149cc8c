//! Reads the sheets of an ODS workbook. A cell or row can say that it is repeated a million times: blank ones are only counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::list::found::About;
use crate::list::limits;
use crate::list::problem::{Cause, Limit};
use crate::list::table::{Cell, Lost, Meter, Table, Tables};

use super::looks;
use super::parts::Parts;
use super::xml::{Tag, XmlPart};
use super::{add, text_cell};

/// The cell that is being read.
#[derive(Default)]
struct OdsCell {
    repeated: u64,
    kind: String,
    value: Option<String>,
    has_formula: bool,
    text: String,
    mail: Option<String>,
    is_struck: bool,
    color: Option<&'static str>,
}

/// The names of styles: those that strike text through or show it in gray or red, and those of sheets that nobody sees.
#[derive(Default)]
struct OdsStyles {
    own: String,
    struck: BTreeSet<String>,
    colors: BTreeMap<String, &'static str>,
    hidden: BTreeSet<String>,
}

impl OdsStyles {
    /// Reads a tag of a style.
    fn read(&mut self, name: &str, tag: &Tag) {
        match name {
            "style" => self.own = tag.attribute("name").unwrap_or_default(),
            "text-properties" => {
                let has = |key: &str| tag.attribute(key).is_some_and(|value| value != "none");
                if has("text-line-through-style") || has("text-line-through-type") {
                    self.struck.insert(self.own.clone());
                }
                if let Some(color) = tag.attribute("color").as_deref().and_then(looks::name_of) {
                    self.colors.insert(self.own.clone(), color);
                }
            }
            "table-properties" if tag.attribute("display").as_deref() == Some("false") => {
                self.hidden.insert(self.own.clone());
            }
            _ => {}
        }
    }

    /// Returns whether a tag has a style that strikes its text through.
    fn strikes(&self, tag: &Tag) -> bool {
        tag.attribute("style-name").is_some_and(|style| self.struck.contains(&style))
    }

    /// Returns the color of a tag's style if it is gray or red.
    fn color(&self, tag: &Tag) -> Option<&'static str> {
        self.colors.get(&tag.attribute("style-name")?).copied()
    }
}

/// The row that is being read.
#[derive(Default)]
struct OpenRow {
    repeated: u64,
    cells: Vec<Cell>,
    /// Blank cells that are added once another one follows.
    blanks: u64,
    /// The bytes of its texts.
    bytes: usize,
}

/// Reads the sheets.
pub(super) fn tables(parts: &mut Parts<'_>, meter: &mut Meter) -> Result<Tables, Cause> {
    let mut xml = parts.xml("content.xml")?.ok_or(Cause::Damaged)?;
    let (mut found, mut styles, mut is_hidden) = (Tables::default(), OdsStyles::default(), false);
    let (mut table, mut number) = (Table::default(), 1_u64);
    let (mut row, mut cell): (OpenRow, Option<OdsCell>) = (OpenRow::default(), None);
    let (mut notes, mut lines) = (0_usize, 0_usize);
    let mut merged: Vec<(usize, u64, u64)> = Vec::new();
    while let Some(part) = xml.next()? {
        match part {
            XmlPart::Open(tag, is_closed) => match tag.name().as_str() {
                "table" => {
                    meter.table()?;
                    (table, number) = (Table { is_loose: true, heading: super::title(tag.attribute("name")), ..Table::default() }, 1);
                    is_hidden = tag.attribute("style-name").is_some_and(|style| styles.hidden.contains(&style));
                }
                "table-row" => {
                    row = OpenRow { repeated: tag.number("number-rows-repeated").unwrap_or(1), ..OpenRow::default() };
                    if is_closed {
                        number = number.saturating_add(row.repeated);
                    }
                }
                "table-cell" | "covered-table-cell" => {
                    let opened = OdsCell { is_struck: styles.strikes(&tag), color: styles.color(&tag), ..begin(&tag) };
                    if let Some(rows) = tag.number("number-rows-spanned").filter(|rows| *rows > 1) {
                        merged.push((row.next(), number, number.saturating_add(rows - 1)));
                    }
                    lines = 0;
                    if is_closed { row.put(opened)? } else { cell = Some(opened) }
                }
                "annotation" => notes += usize::from(!is_closed),
                name if notes == 0 => match &mut cell {
                    Some(cell) => {
                        cell.is_struck |= name == "span" && styles.strikes(&tag);
                        cell.inside(name, &tag, &mut lines);
                    }
                    None => styles.read(name, &tag),
                },
                _ => {}
            },
            XmlPart::Close(name) => match name.as_str() {
                "table" => {
                    let mut done = std::mem::take(&mut table);
                    super::spread_all(&mut done, std::mem::take(&mut merged));
                    if is_hidden {
                        found.notes.push(About::HiddenSheet { name: done.heading.unwrap_or_default() });
                    } else {
                        found.tables.push(done);
                    }
                }
                "table-row" => {
                    let done = std::mem::take(&mut row);
                    if !done.cells.iter().all(Cell::is_blank) {
                        for at in 0..done.repeated {
                            add(&mut table, number.saturating_add(at), done.cells.clone(), meter)?;
                        }
                    }
                    number = number.saturating_add(done.repeated);
                }
                "table-cell" | "covered-table-cell" => {
                    if let Some(cell) = cell.take() {
                        row.put(cell)?;
                    }
                }
                "annotation" => notes = notes.saturating_sub(1),
                _ => {}
            },
            XmlPart::Text(text) if notes == 0 => cell.iter_mut().for_each(|cell| cell.text.push_str(&text)),
            XmlPart::Text(_) => {}
        }
        if cell.as_ref().is_some_and(|cell| cell.text.len() > 2 * limits::CELL_BYTES) {
            return Err(Cause::TooLarge(Limit::Text));
        }
        if merged.len() > limits::CELLS || styles.struck.len() > limits::ROWS || styles.hidden.len().max(styles.colors.len()) > limits::ROWS
        {
            return Err(Cause::TooLarge(Limit::Cells));
        }
    }
    Ok(found)
}

fn begin(tag: &Tag) -> OdsCell {
    let value = ["value", "string-value", "boolean-value", "date-value", "time-value"].into_iter().find_map(|name| tag.attribute(name));
    OdsCell {
        repeated: tag.number("number-columns-repeated").unwrap_or(1),
        kind: tag.attribute("value-type").unwrap_or_default(),
        value,
        has_formula: tag.attribute("formula").is_some(),
        ..OdsCell::default()
    }
}

impl OdsCell {
    /// Reads a tag inside of the cell.
    fn inside(&mut self, name: &str, tag: &Tag, lines: &mut usize) {
        match name {
            "p" | "h" => {
                if *lines > 0 {
                    self.text.push('\n');
                }
                *lines += 1;
            }
            "s" => self.text.push(' '),
            "tab" => self.text.push('\t'),
            "line-break" => self.text.push('\n'),
            "a" => self.mail = tag.attribute("href").and_then(|href| Some(href.strip_prefix("mailto:")?.to_owned())),
            _ => {}
        }
    }

    /// Returns the cell.
    fn done(self) -> Cell {
        let has_value = self.value.is_some() || !self.text.is_empty();
        if self.has_formula && !has_value {
            return Cell { lost: Some(Lost::Formula), ..Cell::default() };
        }
        let value = self.value.unwrap_or_default();
        let mut cell = match self.kind.as_str() {
            "float" | "percentage" | "currency" => Cell { lost: Some(Lost::Digits), ..Cell::plain(&value) },
            "boolean" | "date" | "time" => Cell::plain(&value),
            _ if self.text.is_empty() => text_cell(&value),
            _ => text_cell(&self.text),
        };
        cell.whole = self.mail;
        if self.is_struck && !cell.is_blank() {
            cell.strike();
        }
        cell.marks.extend(self.color.filter(|_| !cell.is_blank()).map(|color| format!("~color:{color}")));
        cell
    }
}

impl OpenRow {
    /// The column of the next cell.
    fn next(&self) -> usize {
        self.cells.len().saturating_add(usize::try_from(self.blanks).unwrap_or(usize::MAX))
    }

    /// Adds a cell as often as it is repeated.
    fn put(&mut self, open: OdsCell) -> Result<(), Cause> {
        let repeated = open.repeated;
        let cell = open.done();
        if cell.is_blank() {
            self.blanks = self.blanks.saturating_add(repeated);
            return Ok(());
        }
        let wanted = u64::try_from(self.cells.len()).unwrap_or(u64::MAX).saturating_add(self.blanks).saturating_add(repeated);
        let most = u64::try_from(limits::COLUMNS).unwrap_or(u64::MAX);
        if wanted > most {
            return Err(Cause::TooLarge(Limit::Columns));
        }
        self.bytes = usize::try_from(repeated).unwrap_or(usize::MAX).saturating_mul(cell.text.len()).saturating_add(self.bytes);
        if self.bytes > limits::TEXT_BYTES {
            return Err(Cause::TooLarge(Limit::Text));
        }
        for _ in 0..std::mem::take(&mut self.blanks) {
            self.cells.push(Cell::default());
        }
        for _ in 0..repeated {
            self.cells.push(cell.clone());
        }
        Ok(())
    }
}
