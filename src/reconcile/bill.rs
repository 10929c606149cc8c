//! The changes of a plan on the bill (X-8, AR-15 to AR-17, CHR-3).

use std::collections::BTreeMap;

use crate::model::{Account, Actual, Bill, Desired, Field, NextBilling, Plan, SeatLine, TakesEffect};
use crate::platform::Catalog;
use crate::platform::seats::SeatsBy;

use super::project::Overlay;

#[derive(Default)]
struct SeatCount {
    before: usize,
    after: usize,
    added: usize,
}

/// Counts seats before and after, and computes amounts if a price is known; a price is never guessed.
pub(super) fn bill(plan: &Plan, desired: &Desired, actual: &Actual) -> Bill {
    let catalog = crate::platform::by_id(&plan.platform).catalog();
    let overlay = Overlay::new(plan.changes.iter().map(|step| &step.change), actual, catalog);
    let mut counts: BTreeMap<String, SeatCount> = BTreeMap::new();
    for (before, after) in overlay.iter() {
        let old = before.filter(|a| is_seat(a)).map(|a| kind(a, desired, actual, catalog));
        let new = is_seat(&after).then(|| kind(&after, desired, actual, catalog));
        if new.is_some() && new != old {
            counts.entry(new.clone().unwrap_or_default()).or_default().added += 1;
        }
        if let Some(kind) = old {
            counts.entry(kind).or_default().before += 1;
        }
        if let Some(kind) = new {
            counts.entry(kind).or_default().after += 1;
        }
    }
    let lines: Vec<SeatLine> = counts
        .into_iter()
        .map(|(kind, SeatCount { before, after, added })| {
            let (price_cents, assumed) = price(&kind, desired, catalog);
            SeatLine { kind, before, after, added, price_cents, assumed }
        })
        .collect();
    amounts(lines, desired, actual.as_of)
}

/// Counts seats: accounts that are not inactive, blocked or not (AR-15, AR-23).
fn is_seat(account: &Account) -> bool {
    !account.state.inactive
}

fn kind(account: &Account, desired: &Desired, actual: &Actual, catalog: &Catalog) -> String {
    let seat = || "seat".to_owned();
    let plain = || catalog.seats.kinds.first().cloned().unwrap_or_else(seat);
    match catalog.seats.by {
        SeatsBy::Plan => desired.subscription.plan.clone().unwrap_or_else(|| "seat".to_owned()),
        // Where the list does not show the role, the kind of seat is not guessed.
        SeatsBy::Role if actual.list.is_some() => account.fields.text(Field::Role).map_or_else(seat, str::to_owned),
        SeatsBy::Role => account.fields.text(Field::Role).map_or_else(plain, str::to_owned),
        SeatsBy::Account => plain(),
    }
}

fn price(kind: &str, desired: &Desired, catalog: &Catalog) -> (Option<i64>, bool) {
    if let Some(cents) = desired.subscription.prices.get(kind) {
        return (Some(*cents), false);
    }
    let yearly = desired.subscription.is_yearly();
    // No yearly price is published: twelve times the monthly one is assumed (AR-17).
    (catalog.price(kind).map(|p| p.cents), yearly)
}

fn amounts(lines: Vec<SeatLine>, desired: &Desired, as_of: i64) -> Bill {
    let changed: Vec<&SeatLine> = lines.iter().filter(|l| l.before != l.after || l.added > 0).collect();
    let monthly = |seats: fn(&SeatLine) -> i64| -> Option<i64> {
        changed.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.price_cents?.checked_mul(seats(line))?))
    };
    let monthly_change_cents = monthly(|l| signed(l.after) - signed(l.before));
    let is_yearly = desired.subscription.is_yearly();
    let next = desired.subscription.next_billing.filter(|_| is_yearly);
    let months = next.and_then(|next| full_months(as_of, &desired.time_zone, next));
    let begins = lines.iter().any(|l| l.added > 0);
    let ends = lines.iter().any(|l| l.before + l.added > l.after);
    let at_once_cents = months.filter(|_| begins).and_then(|months| monthly(|l| signed(l.added))?.checked_mul(months));
    let later = next_billing(desired, as_of);
    let when = match (months.is_some() && begins, ends) {
        (true, false) => TakesEffect::AtOnce,
        (true, true) => TakesEffect::NewSeatsAtOnce(later),
        (false, _) => TakesEffect::NextBilling(later),
    };
    let when = Some(when);
    Bill { monthly_change_cents, at_once_cents, estimate: at_once_cents.is_some(), when, lines }
}

/// Returns the next billing date. One that has passed does not say when the next one is.
fn next_billing(desired: &Desired, as_of: i64) -> NextBilling {
    let today = super::day::day(as_of, &desired.time_zone);
    match desired.subscription.next_billing {
        Some(next) if today.is_some_and(|today| next < today) => NextBilling::Past(next),
        Some(next) => NextBilling::On(next),
        None => NextBilling::NotGiven,
    }
}

fn signed(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Counts full months from the day of the read, in the workspace's zone, to the next billing date; `None` once that is past.
fn full_months(as_of: i64, time_zone: &str, next: jiff::civil::Date) -> Option<i64> {
    let today = super::day::day(as_of, time_zone)?;
    if next <= today {
        return None;
    }
    let span = today.until((jiff::Unit::Month, next)).ok()?;
    Some(i64::from(span.get_months()))
}
