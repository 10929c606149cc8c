//! Reads text that somebody copied from a page: cells with line breaks inside, or one cell a line.

use crate::model::Email;
use crate::platform::without_accents;

use super::csv::lost;
use crate::list::general;
use crate::list::names;
use crate::list::problem::Cause;
use crate::list::table::{Cell, Meter, Table, TableRow};
use crate::list::words::{Kept, squash};

/// Reads pasted text; `None` if it is not of that kind.
pub(in crate::list) fn table(text: &str, meter: &mut Meter) -> Result<Option<Table>, Cause> {
    let lines: Vec<(u64, &str)> = (1..).zip(text.lines()).collect();
    let rows = if text.contains('\t') && !text.contains('"') { by_tabs(&lines) } else { by_lines(&lines) };
    let spaced = || Some(text).filter(|text| !text.contains('\t')).and_then(|_| by_spaces(&lines));
    let Some(rows) = rows.or_else(spaced) else { return Ok(None) };
    let mut table = Table { is_loose: true, ..Table::default() };
    let mut around: Vec<String> = Vec::new();
    let last = rows.iter().rposition(|row| row.cells.len() > 1);
    for (at, row) in rows.into_iter().enumerate() {
        meter.row(&row)?;
        let is_state = row.cells.len() == 1 && row.texts().all(general::names_state);
        let is_between = !table.rows.is_empty() && last.is_some_and(|last| at < last);
        let is_count = || row.texts().any(|text| crate::list::total::counted([text]).total.is_some());
        if (is_state && !table.rows.is_empty()) || (is_between && row.cells.len() == 1 && !row.is_blank() && !is_count()) {
            // It is about the people below it, or may be.
            table.rows.push(row);
        } else if row.cells.len() == 1 {
            around.extend(row.cells.into_iter().map(|cell| cell.text));
        } else if !row.is_blank() {
            table.rows.push(row);
        }
    }
    // Above the header can be the names of all tabs.
    let states: Vec<&String> = around.iter().filter(|text| general::names_state(text)).collect();
    table.heading = if let [only] = states.as_slice() { Some((*only).clone()) } else { None };
    table.around = around.into();
    Ok(Some(table))
}

fn cell(text: &str) -> Cell {
    let mut cell = Cell::plain(text);
    cell.lost = lost(&cell.text);
    cell
}

/// Returns whether a line of text is a header that many products have.
fn is_word(text: &str) -> bool {
    general::meaning(&without_accents(&squash(text)), false).is_some()
}

/// Cells between tabs; a cell with line breaks continues on the next line, until the row has as many tabs as the header.
fn by_tabs(lines: &[(u64, &str)]) -> Option<Vec<TableRow>> {
    let header = lines.iter().position(|(_, line)| line.split('\t').filter(|cell| is_word(cell)).count() > 1)?;
    let (_, header_line) = lines.get(header)?;
    let width = header_line.matches('\t').count();
    let is_broken = lines.iter().skip(header + 1).any(|(_, line)| !line.trim().is_empty() && line.matches('\t').count() < width);
    if !is_broken {
        // Every line is a row: these are separated values.
        return None;
    }
    let mut rows: Vec<TableRow> = Vec::new();
    let (mut number, mut part) = (0, String::new());
    for (position, (at, line)) in lines.iter().enumerate() {
        // A line above the header, such as the name of the tab, is not part of a row.
        if position < header {
            if !line.trim().is_empty() {
                rows.push(TableRow { number: *at, cells: line.split('\t').map(cell).collect(), ends_blank: false });
            }
            continue;
        }
        let tabs = part.matches('\t').count() + line.matches('\t').count();
        // A line without tabs that counts users, or names a state, is not part of a row.
        let is_apart = || !line.contains('\t') && general::names_state(line);
        if part.is_empty() && (is_apart() || crate::list::total::counted([*line]).total.is_some()) {
            rows.push(TableRow { number: *at, cells: vec![cell(line)], ends_blank: false });
            continue;
        }
        if part.is_empty() {
            number = *at;
        } else {
            part.push('\n');
        }
        part.push_str(line);
        if tabs >= width {
            let whole = std::mem::take(&mut part);
            rows.push(TableRow { number, cells: whole.split('\t').map(cell).collect(), ends_blank: false });
        }
    }
    if !part.trim().is_empty() {
        rows.extend(part.lines().map(|line| TableRow { number, cells: vec![cell(line)], ends_blank: false }));
    }
    Some(apart(rows))
}

/// Makes rows of their own of the lines that stand between two people: a name can have as many lines as everybody's has.
fn apart(rows: Vec<TableRow>) -> Vec<TableRow> {
    let lines = |row: &TableRow| -> Vec<String> {
        let first = row.cells.first().filter(|_| row.cells.len() > 1);
        first.map(|cell| cell.text.lines().map(str::to_owned).collect()).unwrap_or_default()
    };
    let of_name = |lines: &[String]| lines.iter().filter(|line| is_of_name(line)).count();
    let header = rows.iter().position(|row| row.cells.len() > 1).unwrap_or_default();
    let people = || rows.iter().skip(header + 1).filter(|row| row.cells.len() > 1);
    let least = people().map(|row| of_name(&lines(row))).min().unwrap_or_default();
    // Of one person alone, nobody knows how many lines a name has.
    let least = if people().count() == 1 { least.min(1) } else { least };
    let mut done = Vec::with_capacity(rows.len());
    for (at, mut row) in rows.into_iter().enumerate() {
        let mut own = lines(&row);
        let further = of_name(&own).saturating_sub(least);
        let end = own.iter().enumerate().filter(|(_, line)| is_of_name(line)).map(|(at, _)| at + 1).nth(further.saturating_sub(1));
        if let Some(end) = end.filter(|_| at > header && further > 0) {
            for line in own.drain(..end) {
                done.push(TableRow { number: row.number, cells: vec![cell(&line)], ends_blank: false });
                row.number += 1;
            }
            if let Some(first) = row.cells.first_mut() {
                *first = cell(&own.join("\n"));
            }
        }
        done.push(row);
    }
    done
}

/// Returns whether a line of a cell with a name can be the name, or something else that is not known to be beside one.
fn is_of_name(line: &str) -> bool {
    let found = names::name_cell(line);
    let is_beside = ["you", "me", "owner", "account owner", "new"].contains(&line.trim().to_lowercase().as_str());
    !found.name.is_empty() && !is_beside && !general::begins_with_state(line)
}

/// One cell a line: the header's words first, then as many lines for each person.
fn by_lines(lines: &[(u64, &str)]) -> Option<Vec<TableRow>> {
    let filled: Vec<(u64, &str)> = lines.iter().copied().filter(|(_, line)| !line.trim().is_empty()).collect();
    let width_at = |at: usize| filled.iter().skip(at).take_while(|(_, line)| is_word(line)).count();
    let first = (0..filled.len()).find(|at| width_at(*at) > 1)?;
    let width = width_at(first);
    let rest = filled.get(first..)?;
    let (own, around): (Vec<_>, Vec<_>) = rest.iter().copied().partition(|(_, line)| crate::list::total::counted([*line]).total.is_none());
    let Blocks { header, each } = Blocks::find(&own, width)?;
    let people = own.get(header..)?;
    if width < 2 || people.iter().any(|(_, line)| line.contains('\t')) {
        return None;
    }
    let row = |block: &[(u64, &str)]| TableRow {
        number: block.first().map_or(0, |(number, _)| *number),
        cells: block.iter().map(|(_, line)| cell(line)).collect(),
        ends_blank: false,
    };
    let mut rows: Vec<TableRow> = filled.get(..first)?.iter().chain(&around).map(|line| row(&[*line])).collect();
    rows.push(row(own.get(..header)?));
    // What everybody has after the last column is what can be done: "Edit".
    rows.extend(people.chunks(each).map(|block| row(block.get(..header).unwrap_or(block))));
    Some(rows)
}

/// The number of lines of the header, and of each person.
struct Blocks {
    header: usize,
    each: usize,
}

impl Blocks {
    /// Counts them by the addresses: a missing cell has no line, so only blocks of the same length can be read.
    fn find(lines: &[(u64, &str)], width: usize) -> Option<Self> {
        let is_address = |line: &str| Email::parse(line.trim()).is_ok();
        let addresses: Vec<usize> = lines.iter().enumerate().filter(|(_, (_, line))| is_address(line)).map(|(at, _)| at).collect();
        let place = lines.iter().take(width).position(|(_, line)| is_email_word(line));
        let (Some(place), Some(first)) = (place, addresses.first()) else {
            let people = lines.get(width..)?;
            let is_separated = people.iter().any(|(_, line)| line.contains(';'));
            return (people.len() % width == 0 && !is_separated).then_some(Self { header: width, each: width });
        };
        // The first cell of the first person can be a word that is a header elsewhere: "Active".
        let header = first.checked_sub(place).filter(|header| *header > place && *header > 1)?;
        let each = match addresses.get(1) {
            Some(second) => second - first,
            None => lines.len() - header,
        };
        let is_even = addresses.windows(2).all(|two| two.first().zip(two.last()).is_some_and(|(one, other)| other - one == each))
            && lines.len() - header == addresses.len() * each;
        let people: Vec<&[(u64, &str)]> = lines.get(header..)?.chunks(each.max(1)).collect();
        let ends: Vec<Vec<&str>> =
            people.iter().map(|block| block.iter().skip(header).map(|(_, line)| line.trim()).collect::<Vec<&str>>()).collect();
        let is_same_end = ends.windows(2).all(|two| two.first() == two.last());
        // A column of buttons has a header, but buttons without text have no line.
        let is_known = |at: usize| lines.get(at).is_some_and(|(_, line)| is_word(line));
        let is_enough = each >= header || !(each..header).any(is_known);
        (is_even && is_same_end && is_enough && (people.len() > 1 || each == header)).then_some(Self { header, each })
    }
}

/// Returns whether a line of text is the header of addresses.
fn is_email_word(text: &str) -> bool {
    general::meaning(&without_accents(&squash(text)), false).is_some_and(|meaning| meaning.kept == Kept::Email)
}

/// Cells between two spaces or more, as where tabs were lost.
fn by_spaces(lines: &[(u64, &str)]) -> Option<Vec<TableRow>> {
    let cells = |line: &str| -> Vec<String> {
        let line = line.replace("\u{a0}", " ");
        line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
    };
    // A line with separators is not one of them.
    let is_header = |line: &str| !line.contains([',', ';', '|', '"']) && cells(line).iter().filter(|cell| is_word(cell)).count() > 1;
    let header = lines.iter().position(|(_, line)| is_header(line))?;
    let width = lines.get(header).map(|(_, line)| cells(line).len())?;
    let mut rows = Vec::new();
    let mut ends: Vec<Vec<String>> = Vec::new();
    for (number, line) in lines.iter().filter(|(_, line)| !line.trim().is_empty()) {
        let mut cells = cells(line);
        let is_person = *number > lines.get(header).map_or(0, |(number, _)| *number) && cells.len() > 1;
        if is_person {
            ends.push(cells.get(width..).map(<[String]>::to_vec)?);
        }
        cells.truncate(width);
        rows.push(TableRow { number: *number, cells: cells.iter().map(|text| cell(text)).collect(), ends_blank: false });
    }
    // A blank cell leaves no trace, so every row must have all of them. Each has the same end: the word of a link or button, such as "Edit".
    ends.windows(2).all(|two| two.first() == two.last()).then_some(rows)
}

/// Reads text without headers: an address on each line, with or without a name beside it, or blocks of lines with an address each.
pub(in crate::list) fn without_header(text: &str, meter: &mut Meter) -> Result<Option<Table>, Cause> {
    let mut lines: Vec<(u64, &str)> = (1..).zip(text.lines().map(str::trim)).collect();
    let first = lines.iter().position(|(_, line)| !line.is_empty()).unwrap_or_default();
    if lines.get(first).is_some_and(|(_, line)| is_email_word(line)) {
        lines.drain(..=first);
    }
    let mut blocks: Vec<(u64, Vec<&str>)> = Vec::new();
    let mut is_new = true;
    for (number, line) in &lines {
        match blocks.last_mut() {
            _ if line.is_empty() => is_new = true,
            Some((_, block)) if !is_new => block.push(line),
            Some(_) | None => {
                blocks.push((*number, vec![line]));
                is_new = false;
            }
        }
    }
    let addresses = |block: &[&str]| block.iter().filter(|line| names::name_cell(line).email.is_some()).count();
    if blocks.iter().any(|(_, block)| addresses(block) > 1) {
        blocks = lines.iter().filter(|(_, line)| !line.is_empty()).map(|(number, line)| (*number, vec![*line])).collect();
    }
    blocks.retain(|(_, block)| addresses(block) == 1 || crate::list::total::counted(block.iter().copied()).total.is_none());
    if blocks.len() < 2 || !blocks.iter().all(|(_, block)| addresses(block) == 1) {
        return Ok(None);
    }
    if let Some(rows) = labeled(&blocks) {
        for row in &rows {
            meter.row(row)?;
        }
        return Ok(Some(Table { rows, is_loose: true, ..Table::default() }));
    }
    let are_alone = blocks.iter().all(|(_, block)| block.iter().all(|line| Email::parse(line).is_ok()));
    let headers: &[&str] = if are_alone { &["Email"] } else { &["Name", "Email"] };
    let header = TableRow { number: 0, cells: headers.iter().map(|text| Cell::plain(text)).collect(), ends_blank: true };
    let people = blocks.iter().map(|(number, block)| TableRow { number: *number, cells: vec![cell(&block.join("\n"))], ends_blank: true });
    let table = Table { rows: std::iter::once(header).chain(people).collect(), is_loose: true, ..Table::default() };
    for row in &table.rows {
        meter.row(row)?;
    }
    Ok(Some(table))
}

/// Makes a table of blocks in which each line has a label: "Name: Ana Ruiz".
fn labeled(blocks: &[(u64, Vec<&str>)]) -> Option<Vec<TableRow>> {
    const LONGEST: usize = 40;
    let part = |line: &str| -> Option<(String, String)> {
        let (label, value) = line.split_once(':').filter(|(label, _)| !label.trim().is_empty() && label.len() <= LONGEST)?;
        Some((label.trim().to_owned(), value.trim().to_owned()))
    };
    let people: Vec<(u64, Vec<(String, String)>)> = blocks
        .iter()
        .map(|(number, block)| Some((*number, block.iter().map(|line| part(line)).collect::<Option<_>>()?)))
        .collect::<Option<_>>()?;
    let mut labels: Vec<&String> = Vec::new();
    for (label, _) in people.iter().flat_map(|(_, parts)| parts) {
        if !labels.contains(&label) {
            labels.push(label);
        }
        if labels.len() > crate::list::limits::COLUMNS {
            return None;
        }
    }
    let is_known = labels.iter().filter(|label| is_word(label)).count() > 1;
    let is_once = people.iter().all(|(_, parts)| labels.iter().all(|label| parts.iter().filter(|(own, _)| own == *label).count() < 2));
    let header = TableRow { number: 0, cells: labels.iter().map(|label| cell(label)).collect(), ends_blank: true };
    let rows = people.iter().map(|(number, parts)| {
        let value = |label: &&String| parts.iter().find(|(own, _)| own == *label).map(|(_, value)| cell(value)).unwrap_or_default();
        TableRow { number: *number, cells: labels.iter().map(value).collect(), ends_blank: true }
    });
    (is_known && is_once).then(|| std::iter::once(header).chain(rows).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Option<Vec<Vec<String>>> {
        let table = table(text, &mut Meter::default()).unwrap()?;
        Some(table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.clone()).collect()).collect())
    }

    #[test]
    fn cells_with_line_breaks_are_put_together() {
        let pasted = "Team\nName\tRole\tStatus\nAR\nAna Ruiz\nana@glow.example\tProvider\tActive\nKim Park\nkim@glow.example\tFront Desk\tInvited\n1-2 of 2\n";
        let rows = texts(pasted).unwrap();
        assert_eq!(rows.len(), 3, "{rows:?}");
        assert_eq!(rows[0], ["Name", "Role", "Status"], "the title above is not part of it");
        assert_eq!(rows[1], ["AR\nAna Ruiz\nana@glow.example", "Provider", "Active"]);
        assert_eq!(texts(&pasted.replacen("Team\n", "Pending Invites\n\n", 1)).unwrap(), rows);
    }

    #[test]
    fn one_cell_a_line_is_read_in_blocks() {
        let pasted = "Users\nName\nEmail\nRole\n\nAna Ruiz\nana@glow.example\nProvider\nKim Park\nkim@glow.example\nFront Desk\n";
        let rows = texts(pasted).unwrap();
        assert_eq!(rows[1], ["Ana Ruiz", "ana@glow.example", "Provider"]);
        assert_eq!(texts("Name\nEmail\nAna Ruiz\n"), None, "a cell is missing");
        let with_buttons =
            "Name\nEmail\nRole\nActions\nAna Ruiz\nana@glow.example\nProvider\nEdit\nKim Park\nkim@glow.example\nFront Desk\nEdit\n";
        assert_eq!(texts(with_buttons).unwrap()[2], ["Kim Park", "kim@glow.example", "Front Desk", "Edit"]);
        assert_eq!(texts(&with_buttons.replace("Actions\n", "")).unwrap()[2], ["Kim Park", "kim@glow.example", "Front Desk"]);
        assert_eq!(texts(&with_buttons.replace("Edit\n", "")).unwrap()[2], ["Kim Park", "kim@glow.example", "Front Desk"]);
        assert_eq!(texts(&with_buttons.replace("Front Desk", "Front Desk; Provider")).unwrap()[2][2], "Front Desk; Provider");
        let begins_with_a_word = "Status\nEmail\nRole\nActive\nana@glow.example\nProvider\nInvited\nkim@glow.example\nFront Desk\n";
        assert_eq!(texts(begins_with_a_word).unwrap()[1], ["Active", "ana@glow.example", "Provider"]);
        let lacks_a_role = with_buttons.replace("Actions\n", "").replace("Front Desk\n", "");
        assert_eq!(texts(&lacks_a_role), None);
        let two_clinics =
            "Name\nEmail\nClinics\nAna Ruiz\nana@glow.example\nDowntown\nUptown\nKim Park\nkim@glow.example\nUptown\nDowntown\n";
        assert_eq!(texts(two_clinics), None, "the last lines are not those of a button");
    }

    #[test]
    fn lost_tabs_leave_spaces() {
        let pasted = "Users\n\nName    Email    Role\nAna Ruiz    ana@glow.example    Front Desk\n1-1 of 1\n";
        assert_eq!(texts(pasted).unwrap()[1], ["Ana Ruiz", "ana@glow.example", "Front Desk"]);
        assert_eq!(texts("Name    Email    Role\nAna Ruiz    ana@glow.example\n"), None, "a cell is missing");
        assert_eq!(texts("Name,    Email,    Role\nAna Ruiz,    ana@glow.example,   Front Desk\n"), None, "these are separated");
        assert_eq!(texts(&pasted.replace("Front Desk", "Front Desk; Provider")).unwrap()[1][2], "Front Desk; Provider");
        assert_eq!(texts("Name    Email    Role\nAna Ruiz    ana@glow.example    Front Desk   Edit\n").unwrap()[1].len(), 3);
    }

    #[test]
    fn text_without_headers_is_read_by_its_addresses() {
        let of = |text: &str| {
            let table = without_header(text, &mut Meter::default()).unwrap()?;
            Some(table.rows.iter().map(|row| row.cells[0].text.clone()).collect::<Vec<_>>())
        };
        assert_eq!(of("Ana Ruiz <ana@glow.example>\nKim Park <kim@glow.example>\n").unwrap()[1], "Ana Ruiz <ana@glow.example>");
        assert_eq!(of("ana@glow.example\nkim@glow.example\n").unwrap(), ["Email", "ana@glow.example", "kim@glow.example"]);
        assert_eq!(of("Email\nana@glow.example\nkim@glow.example\n").unwrap(), ["Email", "ana@glow.example", "kim@glow.example"]);
        let cards = "Ana Ruiz\nana@glow.example\nProvider\n\nKim Park\nkim@glow.example\n\n2 users\n";
        assert_eq!(of(cards).unwrap(), ["Name", "Ana Ruiz\nana@glow.example\nProvider", "Kim Park\nkim@glow.example"]);
        assert_eq!(of("Ana Ruiz\nana@glow.example\n\nKim Park\n"), None, "whose address is missing, nobody knows");
        assert_eq!(of("A note about ana@glow.example and nobody else"), None);
    }

    #[test]
    fn separated_values_are_left_to_their_reader() {
        assert_eq!(texts("Name\tEmail\nAna\tana@glow.example\n"), None);
        assert_eq!(texts("Name,Email\nAna,ana@glow.example\n"), None);
    }
}
