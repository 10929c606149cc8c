//! The parts that a write left undone, in words.

use crate::model::{Action, KeptForm, Rest};
use crate::report::words;

/// Says what a write that succeeded left undone.
#[must_use]
pub fn rest(rest: &Rest, action: Action) -> String {
    let Rest { not_stored, still_there, stayed, kept, answer } = rest;
    let made = if action.invites() { "created" } else { "written" };
    let listed = |names: &[String]| words::few(&names.iter().map(String::as_str).collect::<Vec<_>>(), 5);
    let mut said = vec![made.to_owned()];
    if !not_stored.is_empty() {
        let why = answer.as_ref().map(|answer| format!(": {answer}")).unwrap_or_default();
        said.push(format!("{} not stored by the server{why}", listed(not_stored)));
    }
    said.extend(still_there.iter().map(|KeptForm { key, value }| {
        format!("the workspace still has `{value}` in {key}, although it was asked to remove it: remove it there by hand")
    }));
    if !stayed.is_empty() {
        said.push(format!(
            "{} left as before, because the value was not the old name or address: check it in the workspace",
            listed(stayed)
        ));
    }
    said.extend(kept.iter().map(|KeptForm { key, value }| format!("the workspace keeps {key} as `{value}`")));
    said.join("; ")
}
