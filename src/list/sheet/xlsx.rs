//! Reads the sheets of an Excel workbook: the stored values, never the formulas.

use std::collections::BTreeMap;

use crate::list::limits;
use crate::list::problem::{Cause, Limit};
use crate::list::table::{Cell, Lost, Meter, Table};

use super::parts::Parts;
use super::xml::{Part, Tag, Xml};
use super::{add, text_cell};

/// Reads the visible sheets.
pub(super) fn tables(parts: &mut Parts<'_>, workbook: &str, meter: &mut Meter) -> Result<Vec<Table>, Cause> {
    let folder = workbook.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let sheets = sheets(&parts.text(workbook)?.ok_or(Cause::Damaged)?)?;
    let targets = targets(&parts.text(&format!("{folder}_rels/workbook.xml.rels"))?.unwrap_or_default())?;
    let shared = match parts.text(&format!("{folder}sharedStrings.xml"))? {
        Some(text) => shared(&text)?,
        None => Vec::new(),
    };
    let mut tables = Vec::new();
    for id in sheets {
        let Some(target) = targets.get(&id) else { continue };
        let name = target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), str::to_owned);
        if let Some(text) = parts.text(&name)? {
            tables.push(sheet(&text, &shared, meter)?);
        }
    }
    Ok(tables)
}

/// The relations of the sheets that people see.
fn sheets(text: &str) -> Result<Vec<String>, Cause> {
    let mut found = Vec::new();
    let mut xml = Xml::new(text);
    while let Some(part) = xml.next()? {
        if let Part::Open(tag, _) = part
            && tag.name() == "sheet"
            && tag.attribute("state").is_none_or(|state| state == "visible")
        {
            found.extend(tag.attribute("id"));
        }
    }
    Ok(found)
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

/// The texts that cells share.
fn shared(text: &str) -> Result<Vec<String>, Cause> {
    let mut found: Vec<String> = Vec::new();
    let (mut own, mut is_text, mut is_reading_aid) = (String::new(), false, false);
    let mut xml = Xml::new(text);
    while let Some(part) = xml.next()? {
        match part {
            Part::Open(tag, is_closed) => match tag.name().as_str() {
                "si" if is_closed => found.push(String::new()),
                "t" => is_text = !is_closed,
                "rPh" => is_reading_aid = !is_closed,
                _ => {}
            },
            Part::Close(name) => match name.as_str() {
                "si" => found.push(std::mem::take(&mut own)),
                "t" => is_text = false,
                "rPh" => is_reading_aid = false,
                _ => {}
            },
            Part::Text(text) if is_text && !is_reading_aid => own.push_str(&text),
            Part::Text(_) => {}
        }
        if found.len() > limits::CELLS {
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
    has_value: bool,
    has_formula: bool,
}

/// The rows of a sheet.
fn sheet(text: &str, shared: &[String], meter: &mut Meter) -> Result<Table, Cause> {
    let mut table = Table { is_loose: true, ..Table::default() };
    let (mut number, mut cells, mut open): (u64, Vec<Cell>, Option<Open>) = (0, Vec::new(), None);
    let mut is_value = false;
    let mut xml = Xml::new(text);
    while let Some(part) = xml.next()? {
        match part {
            Part::Open(tag, is_closed) => match tag.name().as_str() {
                "row" => number = tag.number("r").unwrap_or(number + 1),
                "c" => {
                    let opened = begin(&tag, cells.len());
                    if is_closed { place(&mut cells, &opened, shared)? } else { open = Some(opened) }
                }
                "f" => open.iter_mut().for_each(|cell| cell.has_formula = true),
                "v" | "t" => {
                    is_value = !is_closed;
                    if let Some(cell) = &mut open {
                        cell.has_value |= !is_closed;
                    }
                }
                _ => {}
            },
            Part::Close(name) => match name.as_str() {
                "row" => add(&mut table, number, std::mem::take(&mut cells), meter)?,
                "c" => {
                    if let Some(cell) = open.take() {
                        place(&mut cells, &cell, shared)?;
                    }
                }
                "v" | "t" => is_value = false,
                _ => {}
            },
            Part::Text(text) if is_value => {
                if let Some(cell) = &mut open {
                    cell.value.push_str(&text);
                }
            }
            Part::Text(_) => {}
        }
    }
    Ok(table)
}

/// Begins a cell; one without a place is next to the one before it.
fn begin(tag: &Tag<'_>, next: usize) -> Open {
    let at = tag.attribute("r").and_then(|place| column(&place)).unwrap_or(next);
    Open { at, kind: tag.attribute("t").unwrap_or_default(), ..Open::default() }
}

/// The column of a place such as `AB12`, from 0.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(6).fold(0_usize, |number, letter| number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// Puts a cell in its place.
fn place(cells: &mut Vec<Cell>, open: &Open, shared: &[String]) -> Result<(), Cause> {
    let at = open.at;
    let cell = value(open, shared)?;
    if cell.is_blank() {
        return Ok(());
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

/// The stored value of a cell.
fn value(open: &Open, shared: &[String]) -> Result<Cell, Cause> {
    if open.has_formula && !open.has_value {
        return Ok(Cell { lost: Some(Lost::Formula), ..Cell::default() });
    }
    Ok(match open.kind.as_str() {
        "s" => {
            let index: usize = open.value.trim().parse().map_err(|_| Cause::Damaged)?;
            text_cell(shared.get(index).ok_or(Cause::Damaged)?)
        }
        "b" => Cell::plain(if open.value.trim() == "1" { "true" } else { "false" }),
        "e" => Cell { lost: Some(Lost::Formula), ..Cell::default() },
        "str" | "inlineStr" | "d" => text_cell(&open.value),
        _ if open.value.trim().is_empty() => Cell::default(),
        // A number has no leading zeros, and only fifteen digits.
        _ => Cell { lost: Some(Lost::Digits), ..Cell::plain(&open.value) },
    })
}
