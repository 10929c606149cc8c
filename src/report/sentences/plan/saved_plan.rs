//! The things that can be done with a plan that was saved.

use crate::model::RosterPlan;

/// Says where a plan is saved, and how it is applied, or why nothing would be written. `roster` and `file` are words of a command line.
#[must_use]
pub fn saved_plan(plan: &RosterPlan, shown: &str, roster: &str, file: &str) -> String {
    let saved = format!("The plan is saved in {shown}.");
    let stopped = plan.workspaces.iter().filter(|workspace| !workspace.stops.is_empty()).count();
    if plan.workspaces.is_empty() {
        format!("{saved} No workspace could be read, so `apply` would write nothing")
    } else if stopped > 0 && stopped == plan.workspaces.len() {
        format!("{saved} A guard stops it, so `apply` would write nothing")
    } else {
        let others = if stopped > 0 { "; where a guard stops it, nothing is written" } else { "" };
        format!("{saved} Apply it with `rosterctl apply {roster} --plan {file}`{others}")
    }
}
