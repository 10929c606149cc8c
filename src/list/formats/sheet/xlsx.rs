//! Reads the sheets of an Excel workbook: the stored values, never the formulas.

use std::collections::{BTreeMap, BTreeSet};

use crate::list::found::About;
use crate::list::limits;
use crate::list::problem::{Cause, Limit};
use crate::list::table::{Cell, Lost, Meter, Table, Tables};

use super::looks::{Looks, is_on};
use super::parts::Parts;
use super::places::{column, rows_of};
use super::xml::{Tag, Xml, XmlPart};
use super::{add, links, text_cell};

/// Reads the visible sheets.
pub(super) fn tables(parts: &mut Parts<'_>, workbook: &str, meter: &mut Meter) -> Result<Tables, Cause> {
    let folder = workbook.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let sheets = sheets(parts.xml(workbook)?.ok_or(Cause::Damaged)?, meter)?;
    let of_sheets = targets(parts.xml(&format!("{folder}_rels/workbook.xml.rels"))?)?;
    let shared = match parts.xml(&format!("{folder}sharedStrings.xml"))? {
        Some(xml) => shared(xml)?,
        None => SharedTexts::default(),
    };
    let looks = match parts.xml(&format!("{folder}styles.xml"))? {
        Some(xml) => Looks::read(xml)?,
        None => Looks::default(),
    };
    let mut found = Tables::default();
    for Sheet { id, title, is_hidden } in sheets {
        if is_hidden {
            found.notes.push(About::HiddenSheet { name: title });
            continue;
        }
        let Some(target) = of_sheets.get(&id) else { continue };
        let name = target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), str::to_owned);
        let (place, file) = name.rsplit_once('/').unwrap_or(("", &name));
        let links = targets(parts.xml(&format!("{place}/_rels/{file}.rels"))?)?;
        if let Some(xml) = parts.xml(&name)? {
            let table = sheet(xml, (&shared, &looks, &links), meter)?;
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
fn sheets(mut xml: Xml<'_>, meter: &mut Meter) -> Result<Vec<Sheet>, Cause> {
    let mut found = Vec::new();
    while let Some(part) = xml.next()? {
        if let XmlPart::Open(tag, _) = part
            && tag.name() == "sheet"
            && let Some(id) = tag.attribute("id")
        {
            let is_hidden = tag.attribute("state").is_some_and(|state| state != "visible");
            meter.table()?;
            found.push(Sheet { id, title: super::title(tag.attribute("name")).unwrap_or_default(), is_hidden });
        }
    }
    Ok(found)
}

/// The names of parts by their relation.
fn targets(xml: Option<Xml<'_>>) -> Result<BTreeMap<String, String>, Cause> {
    let mut found = BTreeMap::new();
    let Some(mut xml) = xml else { return Ok(found) };
    while let Some(part) = xml.next()? {
        if let XmlPart::Open(tag, _) = part
            && let (Some(id), Some(target)) = (tag.attribute("Id"), tag.attribute("Target"))
        {
            found.insert(id, target);
        }
        if found.len() > limits::ROWS {
            return Err(Cause::TooLarge(Limit::Cells));
        }
    }
    Ok(found)
}

/// The parts of a text that are struck through: each run of it has a font of its own.
#[derive(Debug, Default)]
struct Runs {
    is_struck: bool,
    struck: usize,
}

impl Runs {
    fn open(&mut self, tag: &Tag) {
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
struct SharedTexts {
    texts: Vec<String>,
    /// Those that are struck through, by their places.
    struck: BTreeSet<usize>,
}

fn shared(mut xml: Xml<'_>) -> Result<SharedTexts, Cause> {
    let (mut found, mut bytes) = (SharedTexts::default(), 0_usize);
    let (mut own, mut is_text, mut is_reading_aid, mut runs) = (String::new(), false, false, Runs::default());
    while let Some(part) = xml.next()? {
        match part {
            XmlPart::Open(tag, is_closed) => match tag.name().as_str() {
                "si" if is_closed => found.texts.push(String::new()),
                "t" => is_text = !is_closed,
                "rPh" => is_reading_aid = !is_closed,
                _ => runs.open(&tag),
            },
            XmlPart::Close(name) => match name.as_str() {
                "si" => {
                    if runs.end(&own) {
                        found.struck.insert(found.texts.len());
                    }
                    bytes += own.len();
                    found.texts.push(std::mem::take(&mut own));
                }
                "t" => is_text = false,
                "rPh" => is_reading_aid = false,
                _ => {}
            },
            XmlPart::Text(text) if is_text && !is_reading_aid => {
                runs.add(&text);
                own.push_str(&text);
                if own.len() > limits::CELL_BYTES {
                    return Err(Cause::TooLarge(Limit::Text));
                }
            }
            XmlPart::Text(_) => {}
        }
        if found.texts.len() > limits::CELLS {
            return Err(Cause::TooLarge(Limit::Cells));
        }
        if bytes > limits::TEXT_BYTES {
            return Err(Cause::TooLarge(Limit::Text));
        }
    }
    Ok(found)
}

/// A cell that is being read.
#[derive(Default)]
struct XlsxCell {
    at: usize,
    kind: String,
    value: String,
    has_formula: bool,
    is_struck: bool,
    color: Option<&'static str>,
    runs: Runs,
}

/// The rows of a sheet, with the addresses of its links.
fn sheet(
    mut xml: Xml<'_>,
    (shared, looks, links): (&SharedTexts, &Looks, &BTreeMap<String, String>),
    meter: &mut Meter,
) -> Result<Table, Cause> {
    let mut table = Table { is_loose: true, ..Table::default() };
    let (mut number, mut cells, mut open): (u64, RowCells, Option<XlsxCell>) = (0, RowCells::default(), None);
    let mut is_value = false;
    let (mut merged, mut mails): (Vec<(usize, u64, u64)>, Vec<links::Mail>) = (Vec::new(), Vec::new());
    while let Some(part) = xml.next()? {
        match part {
            XmlPart::Open(tag, is_closed) => match tag.name().as_str() {
                "row" => number = tag.number("r").unwrap_or(number + 1),
                "c" => {
                    let opened = begin(&tag, cells.cells.len(), looks);
                    if is_closed { cells.place(opened, shared)? } else { open = Some(opened) }
                }
                "f" => open.iter_mut().for_each(|cell| cell.has_formula = true),
                "v" | "t" => is_value = !is_closed,
                "mergeCell" => merged.extend(tag.attribute("ref").as_deref().and_then(rows_of)),
                "hyperlink" => mails.extend(links::mail(&tag, links)),
                _ => open.iter_mut().for_each(|cell| cell.runs.open(&tag)),
            },
            XmlPart::Close(name) => match name.as_str() {
                "row" => add(&mut table, number, std::mem::take(&mut cells).cells, meter)?,
                "c" => {
                    if let Some(cell) = open.take() {
                        cells.place(cell, shared)?;
                    }
                }
                "v" | "t" => is_value = false,
                _ => {}
            },
            XmlPart::Text(text) if is_value => {
                if let Some(cell) = &mut open {
                    cell.runs.add(&text);
                    cell.value.push_str(&text);
                    if cell.value.len() > limits::CELL_BYTES {
                        return Err(Cause::TooLarge(Limit::Text));
                    }
                }
            }
            XmlPart::Text(_) => {}
        }
        if merged.len() > limits::CELLS || mails.len() > limits::ROWS {
            return Err(Cause::TooLarge(Limit::Cells));
        }
    }
    links::add_mails(&mut table, mails);
    super::spread_all(&mut table, merged);
    Ok(table)
}

/// Begins a cell; one without a place is next to the one before it.
fn begin(tag: &Tag, next: usize, looks: &Looks) -> XlsxCell {
    let at = tag.attribute("r").and_then(|place| column(&place)).unwrap_or(next);
    let style = tag.number("s").and_then(|style| usize::try_from(style).ok());
    let is_struck = style.is_some_and(|style| looks.strikes(style));
    let color = style.and_then(|style| looks.color(style));
    XlsxCell { at, kind: tag.attribute("t").unwrap_or_default(), is_struck, color, ..XlsxCell::default() }
}

/// The cells of a row that is being read.
#[derive(Debug, Default)]
struct RowCells {
    cells: Vec<Cell>,
    /// The bytes of their texts.
    bytes: usize,
}

impl RowCells {
    /// Puts a cell in its place.
    fn place(&mut self, mut open: XlsxCell, shared: &SharedTexts) -> Result<(), Cause> {
        let at = open.at;
        let (mut cell, is_shared_struck) = value(&open, shared)?;
        if cell.is_blank() {
            return Ok(());
        }
        if open.is_struck || is_shared_struck || open.runs.end(&open.value) {
            cell.strike();
        }
        cell.marks.extend(open.color.map(|color| format!("~color:{color}")));
        if at >= limits::COLUMNS {
            return Err(Cause::TooLarge(Limit::Columns));
        }
        self.bytes += cell.text.len();
        if self.bytes > limits::TEXT_BYTES {
            return Err(Cause::TooLarge(Limit::Text));
        }
        if self.cells.len() <= at {
            self.cells.resize(at + 1, Cell::default());
        }
        if let Some(place) = self.cells.get_mut(at) {
            *place = cell;
        }
        Ok(())
    }
}

/// The stored value of a cell, and whether it is a shared text that is struck through.
fn value(open: &XlsxCell, shared: &SharedTexts) -> Result<(Cell, bool), Cause> {
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
