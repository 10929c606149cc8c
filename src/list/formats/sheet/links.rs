//! Addresses behind the texts of an Excel sheet: links such as `mailto:ana@glow.example`.

use std::collections::BTreeMap;

use crate::list::problem::Cause;
use crate::list::table::Table;

use super::places::{column, row};
use super::xml::{Part, Xml};

/// Adds the addresses of links to cells that show none. A link stays as it was when somebody types another address over it, so a visible
/// address counts.
pub(super) fn add_mails(table: &mut Table, sheet: &str, targets: &BTreeMap<String, String>) -> Result<(), Cause> {
    if targets.is_empty() || !sheet.contains("hyperlink") {
        return Ok(());
    }
    let mut xml = Xml::new(sheet);
    while let Some(part) = xml.next()? {
        let Part::Open(tag, _) = part else { continue };
        if tag.name() != "hyperlink" {
            continue;
        }
        let mail = tag.attribute("id").and_then(|id| targets.get(&id)).and_then(|target| address(target));
        let place = tag.attribute("ref").and_then(|place| Some((column(&place)?, row(place.split(':').next()?)?)));
        let (Some(mail), Some((column, number))) = (mail, place) else { continue };
        let at = table.rows.partition_point(|row| row.number < number);
        let row = table.rows.get_mut(at).filter(|row| row.number == number);
        if let Some(cell) = row.and_then(|row| row.cells.get_mut(column)).filter(|cell| !cell.text.contains('@')) {
            cell.whole = Some(mail);
        }
    }
    Ok(())
}

/// The address of a link to a mailbox.
fn address(target: &str) -> Option<String> {
    let rest = target.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).and_then(|_| target.get(7..))?;
    let address = rest.split('?').next().unwrap_or_default();
    Some(percent_encoding::percent_decode_str(address).decode_utf8_lossy().trim().to_owned()).filter(|text| !text.is_empty())
}
