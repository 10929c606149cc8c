//! Guards that stopped a plan, and how to continue.

use crate::model::{DAY, Digest, Plan, Stop, Waiver};
use crate::platform;

use super::outline::{Entry, EntrySign, Line};
use crate::report::clean::clean;
use crate::report::sentences;

/// The time for which a proposed waiver is valid: a week, in milliseconds.
const VALID: i64 = 7 * DAY;

/// Returns one entry for each guard, with the waiver to paste if one can lift it.
pub(in crate::report) fn entries(stops: &[Stop], plan: &Plan, digest: &Digest) -> Vec<Entry> {
    stops.iter().map(|stop| entry(stop, plan, digest)).collect()
}

fn entry(stop: &Stop, plan: &Plan, digest: &Digest) -> Entry {
    let (found, remedy) = sentences::stop(stop, platform::by_id(&plan.platform).catalog());
    let mut lines = vec![Line::Pair("found".to_owned(), clean(&found)), Line::Pair("what to do".to_owned(), remedy.into_owned())];
    if stop.is_waivable() {
        lines.push(Line::Text(
            "If you want this, add a waiver to the roster, in its own file or under the workspace, with your own reason and end date:"
                .to_owned(),
        ));
        lines.push(Line::Paste(vec!["waivers:".to_owned(), format!("  {}", waiver(stop, &plan.workspace, digest, plan.as_of))]));
    }
    Entry { mark: EntrySign::Risk, title: format!("guard {}", stop.guard().code()), lines }
}

fn waiver(stop: &Stop, workspace: &str, digest: &Digest, as_of: i64) -> String {
    let plan = Digest::first_digits(&digest.0);
    let until = jiff::Timestamp::from_millisecond(as_of.saturating_add(VALID))
        .map_or_else(|_| "YYYY-MM-DD".to_owned(), |day| day.strftime("%Y-%m-%d").to_string());
    let reason = Waiver::PLACEHOLDER;
    format!("- {{ workspace: {}, guard: {}, plan: \"{plan}\", reason: {reason}, until: {until} }}", clean(workspace), stop.guard().code())
}
