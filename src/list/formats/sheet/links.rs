//! Addresses behind the texts of an Excel sheet: links such as `mailto:ana@glow.example`.

use std::collections::BTreeMap;

use crate::list::table::Table;

use super::places::{column, row};
use super::xml::Tag;

/// A link to a mailbox: its column, its row, and the address.
pub(super) type Mail = (usize, u64, String);

/// Reads the tag of a link.
pub(super) fn mail(tag: &Tag, targets: &BTreeMap<String, String>) -> Option<Mail> {
    let address = tag.attribute("id").and_then(|id| targets.get(&id)).and_then(|target| address(target))?;
    let place = tag.attribute("ref")?;
    Some((column(&place)?, row(place.split(':').next()?)?, address))
}

/// Adds the addresses of links to cells that show none. A link stays as it was when somebody types another address over it, so a visible
/// address counts.
pub(super) fn add_mails(table: &mut Table, mails: Vec<Mail>) {
    for (column, number, mail) in mails {
        let at = table.rows.partition_point(|row| row.number < number);
        let row = table.rows.get_mut(at).filter(|row| row.number == number);
        if let Some(cell) = row.and_then(|row| row.cells.get_mut(column)).filter(|cell| !cell.text.contains('@')) {
            cell.whole = Some(mail);
        }
    }
}

/// The address of a link to a mailbox.
fn address(target: &str) -> Option<String> {
    let rest = target.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).and_then(|_| target.get(7..))?;
    let address = rest.split('?').next().unwrap_or_default();
    Some(percent_encoding::percent_decode_str(address).decode_utf8_lossy().trim().to_owned()).filter(|text| !text.is_empty())
}
