//! The changes of a plan on the bill, in words. An unknown price is never guessed.

use crate::model::{Bill, SeatLine};

use super::outline::{Entry, EntrySign, Line};
use crate::report::clean::clean;
use crate::report::sentences;
use crate::report::words::{count, difference, dollars};

/// Lists the entries of the bill; none if the platform counts no seats.
pub(in crate::report) fn entries(bill: &Bill) -> Vec<Entry> {
    if bill.lines.is_empty() {
        return Vec::new();
    }
    let mut lines: Vec<Line> = bill.lines.iter().map(|line| Line::Pair(clean(&line.kind), seats(line))).collect();
    let changed = bill.lines.iter().any(|line| line.before != line.after || line.added > 0);
    let title = match bill.monthly_change_cents {
        _ if !changed => "seats do not change".to_owned(),
        Some(0) => "the monthly bill does not change".to_owned(),
        Some(cents) => format!("monthly bill {}", difference(cents)),
        None => "seats change".to_owned(),
    };
    if changed {
        if let Some(cents) = bill.at_once_cents {
            let note = if bill.estimate { " (estimate: full months at the monthly price)" } else { "" };
            lines.push(Line::Pair("charged immediately".to_owned(), format!("{}{note}", dollars(cents))));
        }
        lines.extend(bill.when.as_ref().map(|when| Line::Pair("takes effect".to_owned(), sentences::takes_effect(when))));
    }
    vec![Entry { mark: EntrySign::Note, title, lines }]
}

fn seats(line: &SeatLine) -> String {
    let seats = if line.before == line.after && line.added == 0 {
        count(line.after, "seat", "seats")
    } else {
        format!("{} (was {})", count(line.after, "seat", "seats"), line.before)
    };
    // If some seats end while others begin, before and after do not show how many are new.
    let ends = line.before + line.added > line.after;
    let new = if ends && line.added > 0 { format!(", {} new", line.added) } else { String::new() };
    let price = match (line.price_cents, line.assumed) {
        (Some(cents), false) => format!("{} each per month", dollars(cents)),
        (Some(cents), true) => format!("{} each per month (assumed price)", dollars(cents)),
        (None, _) => "no price is set".to_owned(),
    };
    format!("{seats}{new}; {price}")
}
