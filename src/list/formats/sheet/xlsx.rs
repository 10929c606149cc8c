//! Reads the sheets of an Excel workbook: the stored values, never the formulas.

use std::collections::{BTreeMap, BTreeSet};

use crate::list::found::About;
use crate::list::limits;
use crate::list::problem::{Cause, Limit};
use crate::list::table::{Cell, Lost, Meter, Table, Tables};

use super::parts::Parts;
use super::places::{column, rows_of};
use super::xml::{Part, Tag, Xml};
use super::{add, links, text_cell};

/// Reads the visible sheets.
pub(super) fn tables(parts: &mut Parts<'_>, workbook: &str, meter: &mut Meter) -> Result<Tables, Cause> {
    let folder = workbook.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let sheets = sheets(&parts.text(workbook)?.ok_or(Cause::Damaged)?)?;
    let of_sheets = targets(&parts.text(&format!("{folder}_rels/workbook.xml.rels"))?.unwrap_or_default())?;
    let shared = match parts.text(&format!("{folder}sharedStrings.xml"))? {
        Some(text) => shared(&text)?,
        None => Shared::default(),
    };
    let struck = match parts.text(&format!("{folder}styles.xml"))? {
        Some(text) => struck_styles(&text)?,
        None => BTreeSet::new(),
    };
    let mut found = Tables::default();
    for Sheet { id, title, is_hidden } in sheets {
        if is_hidden {
            found.notes.push(About::HiddenSheet { name: title });
            continue;
        }
        let Some(target) = of_sheets.get(&id) else { continue };
        let name = target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), str::to_owned);
        if let Some(text) = parts.text(&name)? {
            let mut table = sheet(&text, &shared, &struck, meter)?;
            let (place, file) = name.rsplit_once('/').unwrap_or(("", &name));
            let links = parts.text(&format!("{place}/_rels/{file}.rels"))?.unwrap_or_default();
            links::add_mails(&mut table, &text, &targets(&links)?)?;
            found.tables.push(Table { heading: Some(title), ..table });
        }
    }
    Ok(found)
}

/// A sheet of the workbook: its relation, its name, and whether people see it.
struct Sheet {
    id: String,
    title: String,
    is_hidden: bool,
}

/// Lists the sheets.
fn sheets(text: &str) -> Result<Vec<Sheet>, Cause> {
    let mut found = Vec::new();
    let mut xml = Xml::new(text);
    while let Some(part) = xml.next()? {
        if let Part::Open(tag, _) = part
            && tag.name() == "sheet"
            && let Some(id) = tag.attribute("id")
        {
            let is_hidden = tag.attribute("state").is_some_and(|state| state != "visible");
            found.push(Sheet { id, title: tag.attribute("name").unwrap_or_default(), is_hidden });
        }
    }
    Ok(found)
}

/// The numbers of the cell styles whose font is struck through.
fn struck_styles(text: &str) -> Result<BTreeSet<usize>, Cause> {
    let (mut fonts, mut styles): (Vec<bool>, Vec<usize>) = (Vec::new(), Vec::new());
    let (mut is_fonts, mut is_cells) = (false, false);
    let mut xml = Xml::new(text);
    while let Some(part) = xml.next()? {
        match part {
            Part::Open(tag, is_closed) => match tag.name().as_str() {
                "fonts" => is_fonts = !is_closed,
                "cellXfs" => is_cells = !is_closed,
                "font" if is_fonts => fonts.push(false),
                "strike" if is_fonts => {
                    if let Some(font) = fonts.last_mut() {
                        *font = is_on(&tag);
                    }
                }
                "xf" if is_cells => {
                    styles.push(tag.number("fontId").and_then(|font| usize::try_from(font).ok()).unwrap_or_default());
                }
                _ => {}
            },
            Part::Close(name) => match name.as_str() {
                "fonts" => is_fonts = false,
                "cellXfs" => is_cells = false,
                _ => {}
            },
            Part::Text(_) => {}
        }
        if fonts.len() > limits::CELLS || styles.len() > limits::CELLS {
            return Err(Cause::TooLarge(Limit::Cells));
        }
    }
    Ok(styles.iter().enumerate().filter(|(_, font)| fonts.get(**font) == Some(&true)).map(|(style, _)| style).collect())
}

/// The names of parts by their relation.
fn targets(text: &str) -> Result<BTreeMap<String, String>, Cause> {
    let mut found = BTreeMap::new();
    let mut xml = Xml::new(text);
    while let Some(part) = xml.next()? {
        if let Part::Open(tag, _) = part
            && let (Some(id), Some(target)) = (tag.attribute("Id"), tag.attribute("Target"))
        {
            found.insert(id, target);
        }
    }
    Ok(found)
}

/// Returns whether the tag of a property turns it on.
fn is_on(tag: &Tag<'_>) -> bool {
    tag.attribute("val").is_none_or(|value| !matches!(value.as_str(), "0" | "false"))
}

/// The parts of a text that are struck through: each run of it has a font of its own.
#[derive(Debug, Default)]
struct Runs {
    is_struck: bool,
    struck: usize,
}

impl Runs {
    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name().as_str() {
            "r" => self.is_struck = false,
            "strike" => self.is_struck = is_on(tag),
            _ => {}
        }
    }

    fn add(&mut self, text: &str) {
        self.struck += if self.is_struck { text.len() } else { 0 };
    }

    /// Ends a text; returns whether all of it is struck through.
    fn end(&mut self, text: &str) -> bool {
        let all = std::mem::take(self);
        all.struck > 0 && all.struck >= text.len()
    }
}

/// The texts that cells share.
#[derive(Debug, Default)]
struct Shared {
    texts: Vec<String>,
    /// Those that are struck through, by their places.
    struck: BTreeSet<usize>,
}

fn shared(text: &str) -> Result<Shared, Cause> {
    let mut found = Shared::default();
    let (mut own, mut is_text, mut is_reading_aid, mut runs) = (String::new(), false, false, Runs::default());
    let mut xml = Xml::new(text);
    while let Some(part) = xml.next()? {
        match part {
            Part::Open(tag, is_closed) => match tag.name().as_str() {
                "si" if is_closed => found.texts.push(String::new()),
                "t" => is_text = !is_closed,
                "rPh" => is_reading_aid = !is_closed,
                _ => runs.open(&tag),
            },
            Part::Close(name) => match name.as_str() {
                "si" => {
                    if runs.end(&own) {
                        found.struck.insert(found.texts.len());
                    }
                    found.texts.push(std::mem::take(&mut own));
                }
                "t" => is_text = false,
                "rPh" => is_reading_aid = false,
                _ => {}
            },
            Part::Text(text) if is_text && !is_reading_aid => {
                runs.add(&text);
                own.push_str(&text);
                if own.len() > limits::CELL_BYTES {
                    return Err(Cause::TooLarge(Limit::Text));
                }
            }
            Part::Text(_) => {}
        }
        if found.texts.len() > limits::CELLS {
            return Err(Cause::TooLarge(Limit::Cells));
        }
    }
    Ok(found)
}

/// A cell that is being read.
#[derive(Default)]
struct Open {
    at: usize,
    kind: String,
    value: String,
    has_formula: bool,
    is_struck: bool,
    runs: Runs,
}

/// The rows of a sheet.
fn sheet(text: &str, shared: &Shared, struck: &BTreeSet<usize>, meter: &mut Meter) -> Result<Table, Cause> {
    let mut table = Table { is_loose: true, ..Table::default() };
    let (mut number, mut cells, mut open): (u64, Vec<Cell>, Option<Open>) = (0, Vec::new(), None);
    let mut is_value = false;
    let mut merged: Vec<(usize, u64, u64)> = Vec::new();
    let mut xml = Xml::new(text);
    while let Some(part) = xml.next()? {
        match part {
            Part::Open(tag, is_closed) => match tag.name().as_str() {
                "row" => number = tag.number("r").unwrap_or(number + 1),
                "c" => {
                    let opened = begin(&tag, cells.len(), struck);
                    if is_closed { place(&mut cells, opened, shared)? } else { open = Some(opened) }
                }
                "f" => open.iter_mut().for_each(|cell| cell.has_formula = true),
                "v" | "t" => is_value = !is_closed,
                "mergeCell" => merged.extend(tag.attribute("ref").as_deref().and_then(rows_of)),
                _ => open.iter_mut().for_each(|cell| cell.runs.open(&tag)),
            },
            Part::Close(name) => match name.as_str() {
                "row" => add(&mut table, number, std::mem::take(&mut cells), meter)?,
                "c" => {
                    if let Some(cell) = open.take() {
                        place(&mut cells, cell, shared)?;
                    }
                }
                "v" | "t" => is_value = false,
                _ => {}
            },
            Part::Text(text) if is_value => {
                if let Some(cell) = &mut open {
                    cell.runs.add(&text);
                    cell.value.push_str(&text);
                    if cell.value.len() > limits::CELL_BYTES {
                        return Err(Cause::TooLarge(Limit::Text));
                    }
                }
            }
            Part::Text(_) => {}
        }
    }
    super::spread_all(&mut table, merged);
    Ok(table)
}

/// Begins a cell; one without a place is next to the one before it.
fn begin(tag: &Tag<'_>, next: usize, struck: &BTreeSet<usize>) -> Open {
    let at = tag.attribute("r").and_then(|place| column(&place)).unwrap_or(next);
    let style = tag.number("s").and_then(|style| usize::try_from(style).ok());
    let is_struck = style.is_some_and(|style| struck.contains(&style));
    Open { at, kind: tag.attribute("t").unwrap_or_default(), is_struck, ..Open::default() }
}

/// Puts a cell in its place.
fn place(cells: &mut Vec<Cell>, mut open: Open, shared: &Shared) -> Result<(), Cause> {
    let at = open.at;
    let (mut cell, is_shared_struck) = value(&open, shared)?;
    if cell.is_blank() {
        return Ok(());
    }
    if open.is_struck || is_shared_struck || open.runs.end(&open.value) {
        cell.strike();
    }
    if at >= limits::COLUMNS {
        return Err(Cause::TooLarge(Limit::Columns));
    }
    if cells.len() <= at {
        cells.resize(at + 1, Cell::default());
    }
    if let Some(place) = cells.get_mut(at) {
        *place = cell;
    }
    Ok(())
}

/// The stored value of a cell, and whether it is a shared text that is struck through.
fn value(open: &Open, shared: &Shared) -> Result<(Cell, bool), Cause> {
    // Programs that only write formulas leave the value blank; a formula whose result is an empty text says so by its kind.
    if open.has_formula && open.value.is_empty() && open.kind != "str" {
        return Ok((Cell { lost: Some(Lost::Formula), ..Cell::default() }, false));
    }
    let cell = match open.kind.as_str() {
        "s" => {
            let index: usize = open.value.trim().parse().map_err(|_| Cause::Damaged)?;
            return Ok((text_cell(shared.texts.get(index).ok_or(Cause::Damaged)?), shared.struck.contains(&index)));
        }
        "b" => Cell::plain(if open.value.trim() == "1" { "true" } else { "false" }),
        "e" => Cell { lost: Some(Lost::Formula), ..Cell::default() },
        "str" | "inlineStr" | "d" => text_cell(&open.value),
        _ if open.value.trim().is_empty() => Cell::default(),
        // A number has no leading zeros, and only fifteen digits.
        _ => Cell { lost: Some(Lost::Digits), ..Cell::plain(&open.value) },
    };
    Ok((cell, false))
}
