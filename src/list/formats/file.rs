//! Tells kinds of files apart by their content: names of downloads are not reliable.

use super::encoding;
use crate::list::found::About;
use crate::list::problem::{Cause, Foreign, Limit};
use crate::list::table::{Meter, Table, Tables};
use crate::list::tables::nobody::says_that_nobody;
use crate::list::words::squash;
use crate::list::{csv, general, limits, mhtml, page, paste, sheet};

/// Reads the tables of a file.
pub(in crate::list) fn tables(bytes: &[u8], meter: &mut Meter) -> Result<Tables, Cause> {
    if bytes.len() > limits::FILE_BYTES {
        return Err(Cause::TooLarge(Limit::File));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Cause::Empty);
    }
    if let Some(foreign) = foreign(bytes) {
        return Err(Cause::Unreadable(foreign));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return sheet::tables(bytes, meter);
    }
    if mhtml::is_archive(bytes.get(..bytes.len().min(2048)).unwrap_or_default()) {
        return archive(bytes, meter);
    }
    let is_page = is_page(bytes);
    let decoded = if is_page { encoding::decode_page(bytes) } else { encoding::decode(bytes) };
    let notes = decoded.guess.into_iter().map(About::Encoding).collect::<Vec<_>>();
    // The mark of UTF-16 hides what a page begins with.
    let tables = if is_page || is_page_text(&decoded.text) { page::tables(&decoded.text, meter)? } else { text(&decoded.text, meter)? };
    Ok(Tables { tables, notes })
}

/// Reads the page of a file that has its pictures, too, and the frames of the page.
fn archive(bytes: &[u8], meter: &mut Meter) -> Result<Tables, Cause> {
    let mut found = Tables::default();
    let mut without = None;
    for page in mhtml::pages(bytes)? {
        let decoded = encoding::decode_page(&page);
        match page::tables(&decoded.text, meter) {
            Ok(tables) => found.tables.extend(tables),
            Err(why) if why.is_no_table() => without = Some(why),
            Err(why) => return Err(why),
        }
    }
    if let Some(why) = without.filter(|_| found.tables.is_empty()) {
        return Err(why);
    }
    Ok(found)
}

/// Reads separated values, or text that somebody copied from a page.
fn text(text: &str, meter: &mut Meter) -> Result<Vec<Table>, Cause> {
    let start = text.trim_start();
    if start.starts_with('{') || start.starts_with("[{") || (start.starts_with('[') && start.contains("\":")) {
        return Err(Cause::Unreadable(Foreign::Json));
    }
    if text.contains('\0') {
        return Err(Cause::Unreadable(Foreign::Binary));
    }
    if has_endless_line(text) {
        return Err(Cause::TooLarge(Limit::Lines));
    }
    if let Some(nobody) = nobody(text) {
        return Ok(vec![nobody]);
    }
    if let Some(text) = unwrapped(text) {
        return Ok(csv::table(&text, meter)?.into_iter().collect());
    }
    if let Some(pasted) = paste::table(text, meter)? {
        return Ok(vec![pasted]);
    }
    let found = match csv::table(text, meter)? {
        Some(table) => Some(table),
        None => paste::without_header(text, meter)?,
    };
    Ok(found.into_iter().collect())
}

/// Returns whether a text has more lines than any list, or a longer one.
fn has_endless_line(text: &str) -> bool {
    let (mut lines, mut length) = (0_usize, 0_usize);
    for byte in text.bytes() {
        if byte == b'\n' {
            (lines, length) = (lines + 1, 0);
        } else {
            length += 1;
        }
        if lines > limits::LINES || length > limits::LINE_BYTES {
            return true;
        }
    }
    false
}

/// The lines of a file that a spreadsheet with another separator took for one column, and put quotes around; `None` if it is not one.
fn unwrapped(text: &str) -> Option<String> {
    let inner = |line: &str| {
        let line = line.trim_end_matches('\r');
        let inner = line.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\u{0}");
        (!inner.contains('"')).then(|| inner.replace('\u{0}', "\""))
    };
    let lines: Vec<String> =
        text.lines().map(|line| if line.trim().is_empty() { Some(String::new()) } else { inner(line) }).collect::<Option<_>>()?;
    let header = lines.iter().find(|line| !line.is_empty())?;
    let columns = header.split([',', ';', '\t']).filter(|text| general::meaning(&squash(text), false).is_some()).count();
    (columns > 1).then(|| lines.join("\n"))
}

/// Reads a short text that says that there is nobody, and has no table.
fn nobody(text: &str) -> Option<Table> {
    // A line with separators is somebody's, who may be called No.
    let is_list = text.contains(['@', '\t', ';', '|']) || text.lines().filter(|line| line.contains(',')).count() > 1;
    let lines: Vec<&str> = text.lines().take(2 * MOST_OF_NOBODY).collect();
    let at = lines.iter().take(MOST_OF_NOBODY).position(|line| says_that_nobody(line, false))?;
    let is_short = lines.len() < at + MOST_OF_NOBODY && lines.iter().all(|line| line.len() < 200);
    let around = lines.iter().map(|line| (*line).to_owned()).collect();
    (!is_list && is_short).then(|| Table { nobody: lines.get(at).map(|line| (*line).to_owned()), around, ..Table::default() })
}

/// The most lines of a text that says that there is nobody.
const MOST_OF_NOBODY: usize = 40;

/// Recognizes files that people have and that are not lists.
fn foreign(bytes: &[u8]) -> Option<Foreign> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    if begins(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Some(Foreign::OldWorkbook)
    } else if begins(b"%PDF") {
        Some(Foreign::Pdf)
    } else if begins(b"bplist00") {
        Some(Foreign::PageArchive)
    } else if begins(&[0x1f, 0x8b]) || begins(b"7z\xbc\xaf") || begins(b"Rar!") {
        Some(Foreign::Archive)
    } else if begins(&[0x89, b'P', b'N', b'G']) || begins(&[0xff, 0xd8, 0xff]) || begins(b"GIF8") {
        Some(Foreign::Binary)
    } else {
        None
    }
}

/// Returns whether bytes begin as a page does.
fn is_page(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(4096)).unwrap_or_default());
    is_page_text(&head)
}

/// Returns whether a text begins as a page does.
fn is_page_text(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let head: String = start.chars().take(4096).collect::<String>().to_lowercase();
    let is_tag = head.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!'));
    let tags = ["<!doctype html", "<html", "<head", "<body", "<table", "<div", "<meta", "<thead", "<tr", "<section"];
    // A part of a page can begin with any tag, and has one that ends.
    is_tag && (head.contains("</") || tags.iter().any(|tag| head.contains(tag)))
}
