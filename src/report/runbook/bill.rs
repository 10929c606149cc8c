//! The effect of a step on the bill, in words. An unknown price is never guessed.

use crate::model::{Change, Field, FieldChange, Plan};
use crate::platform::Catalog;
use crate::report::words::{difference, in_sentence};

/// Says how a step that sets these fields of a change of an account changes the number of seats; `None` if it does not. Where no price is set, the definition of a product
/// in a roster can have words of its own for the bill (`has_own_words`): a suspended account can still need its seat.
pub(super) fn seats((change, fields): (&Change, &[&FieldChange]), plan: &Plan, catalog: &Catalog, has_own_words: bool) -> Option<String> {
    let kind = |value: &crate::model::Value| in_sentence(value);
    let role = fields.iter().find(|change| change.field == Field::Role);
    let by_role = catalog.seats.by.is_role();
    let seats = change.action().seats();
    if seats == 0 {
        let role = role.filter(|_| by_role && change.action().updates())?;
        let (before, after) = (kind(&role.before)?, kind(&role.after)?);
        return Some(format!("The seat is counted as {after} from now on, no longer as {before}."));
    }
    let named = role.filter(|_| by_role).and_then(|role| kind(&role.after));
    let line = match (&named, plan.bill.lines.as_slice()) {
        (Some(named), lines) => lines.iter().find(|line| line.kind == *named),
        (None, [one]) if !by_role => Some(one),
        (None, _) => None,
    };
    let of_kind = named.map(|named| format!(" ({named})")).unwrap_or_default();
    let price = line.and_then(|line| line.price_cents.map(|cents| (cents, line.assumed)));
    let amount = match price {
        Some((cents, false)) => format!(": {} a month", difference(cents.saturating_mul(seats))),
        Some((cents, true)) => format!(": {} a month (assumed price)", difference(cents.saturating_mul(seats))),
        None if has_own_words => return None,
        None => "; no price is set".to_owned(),
    };
    Some(if seats > 0 { format!("One more seat{of_kind}{amount}.") } else { format!("One seat less{of_kind}{amount}.") })
}
