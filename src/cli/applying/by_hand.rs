//! Workspaces without an interface: `apply` writes nothing to them. At a terminal it walks a person through the steps; elsewhere it says what
//! waits for one.

use std::path::Path;

use crate::cli::attesting::person;
use crate::cli::exit::Exit;
use crate::cli::roster;
use crate::cli::shell;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::stores::Stores;
use crate::cli::workspaces::survey::{self, Purpose, Survey, Surveyed};
use crate::model::{ByHand, Desired, Email, HandStep, NotTried, OpOutcome, OpRecord, WorkspacePlan, WorkspaceReceipt};
use crate::reconcile;
use crate::report::{People, sentences};

use super::walk;
use crate::apply::stale::PlanDrift;

/// The things that a walk through the steps needs.
pub(in crate::cli) struct Walk<'a> {
    /// The roster.
    pub roster: &'a Path,
    /// The person, if the command line says who it is.
    pub by: Option<&'a str>,
    /// Says whether a person can be asked, and stdout is for people.
    pub is_possible: bool,
    /// The stores.
    pub stores: &'a Stores,
}

/// The workspaces that the program writes to, with what changed since a saved plan; and the receipts of those where people do.
pub(in crate::cli) type TakenOut = (Survey, Option<Vec<PlanDrift>>, Vec<WorkspaceReceipt>);

/// Takes the workspaces out of a survey whose changes people make, says what is left there, and adds the exit codes.
pub(in crate::cli) async fn take_out(
    mut survey: Survey,
    drift: Option<Vec<PlanDrift>>,
    exits: &mut Vec<Exit>,
    how: &Walk<'_>,
    terminal: Terminal,
) -> anyhow::Result<TakenOut> {
    let (is_saved, mut is_stopped) = (drift.is_some(), false);
    let mut drift = drift.into_iter().flatten();
    let (mut read, mut drifts, mut receipts) = (Vec::new(), Vec::new(), Vec::new());
    let people = survey.people();
    for surveyed in std::mem::take(&mut survey.read) {
        let own = drift.next();
        if surveyed.desired.connection.is_by_hand() {
            let plan = left_of(&surveyed, own.as_ref());
            let has_drifted = own.as_ref().is_some_and(|own| !own.drifted.is_empty());
            exits.extend(has_drifted.then_some(Exit::Stale));
            let (exit, receipt) = by_hand(plan, surveyed.desired, &people, how, &mut is_stopped, terminal).await?;
            exits.push(exit);
            receipts.push(receipt);
        } else {
            read.push(surveyed);
            drifts.extend(own);
        }
    }
    Ok((Survey { read, ..survey }, is_saved.then_some(drifts), receipts))
}

/// Returns the plan of a workspace as it is shown. Of a saved plan, without what is already done, without what must not be made, since
/// something has changed since, and without what depends on that.
pub(in crate::cli) fn left_of(surveyed: &Surveyed, drift: Option<&PlanDrift>) -> WorkspacePlan {
    let mut plan = surveyed.verdict.plan();
    if plan.plan.creates_workspace() && surveyed.connection.is_created() {
        // It was created after the plan was saved.
        plan.plan.server = surveyed.actual.server.clone();
    }
    let is_by_hand = surveyed.desired.connection.is_by_hand();
    match drift {
        // Of a plan that a guard stops, everything is shown.
        Some(drift) if is_by_hand || plan.stops.is_empty() => {
            let drifted = drift.drifted.keys().copied().collect();
            // A change in force is sent again, so that the server says whose it is, and changes nothing.
            let is_there = drift.in_force.iter().filter(|at| !is_by_hand && !drift.drifted.contains_key(at));
            let done = drift.done.iter().chain(is_there).copied().collect();
            let left = reconcile::without(plan.plan, &done, &drifted, &surveyed.desired, &surveyed.actual);
            WorkspacePlan { plan: left, ..plan }
        }
        Some(_) | None => plan,
    }
}

/// Walks a person through the steps of a workspace where that is possible and nobody has stopped, and says what is left.
async fn by_hand(
    plan: WorkspacePlan,
    desired: Desired,
    people: &People,
    how: &Walk<'_>,
    is_stopped: &mut bool,
    terminal: Terminal,
) -> anyhow::Result<(Exit, WorkspaceReceipt)> {
    let is_anything_left = plan.plan.by_hand.as_deref().is_some_and(ByHand::is_anything_left) || plan.plan.to_look_for() > 0;
    let has_steps = plan.stops.is_empty() && is_anything_left;
    let steps = if has_steps { walk::steps(&plan, people) } else { Vec::new() };
    if steps.is_empty() || !how.is_possible || *is_stopped {
        let exit = report(&plan, terminal);
        if has_steps {
            let (roster, workspace) = (shell::word(how.roster), &desired.workspace);
            let option = |user: &Email| [" --user ".to_owned(), shell::word(user.as_str().as_ref())];
            let users: String = plan.plan.only.iter().flat_map(option).collect();
            terminal.say(&format!("`rosterctl plan {roster} --workspace {workspace}{users} --format runbook` lists them."));
        }
        return Ok((exit, receipt(plan)));
    }
    let by = person::person(("--approver", how.by), how.roster)?;
    let walked = walk::walk(&steps, &desired, how.roster, &by, terminal)?;
    *is_stopped = walked.is_stopped;
    let name = desired.workspace;
    let Some(roster) = roster::load_or_show(how.roster, terminal)? else { return Ok((Exit::Error, receipt(plan))) };
    let own = roster.workspaces.into_iter().filter(|own| own.workspace == name).collect();
    let again = survey::survey(own, how.roster, &plan.plan.only, how.stores, Purpose::Apply).await;
    let now = again.read.first().map(|surveyed| surveyed.verdict.plan());
    let exit = now.as_ref().map_or(Exit::Error, |now| report(now, terminal));
    if walked.recorded > 0 {
        terminal.say("Commit the list of users, which has what you did.");
    }
    Ok((exit, receipt(now.unwrap_or(plan))))
}

/// Says how many steps wait in a workspace.
fn report(WorkspacePlan { plan, stops, .. }: &WorkspacePlan, terminal: Terminal) -> Exit {
    let workspace = &plan.workspace;
    if !stops.is_empty() {
        terminal.say(&sentences::stopped_steps(workspace));
        return Exit::Stopped;
    }
    let Some(by_hand) = plan.by_hand.as_deref() else { return Exit::Done };
    terminal.say(&format!("{workspace}: {}", sentences::left_by_hand(by_hand, plan)));
    let is_open = by_hand.is_anything_left() || by_hand.is_anything_contradicted() || plan.is_anything_waiting() || plan.is_in_doubt();
    if is_open { Exit::Partial } else { Exit::Done }
}

/// Describes what people did and what is left, for the receipt: the program has written nothing.
fn receipt(WorkspacePlan { plan, digest, stops, .. }: WorkspacePlan) -> WorkspaceReceipt {
    let handed = stops.is_empty();
    let steps = plan.by_hand.as_deref().map_or(&[][..], |by_hand| &by_hand.steps);
    let outcome = |step: &HandStep| {
        if handed { OpOutcome::Handoff(step.state.clone()) } else { OpOutcome::NotTried(NotTried::GuardStopped) }
    };
    let records = steps.iter().enumerate().map(|(change, step)| OpRecord { change, outcome: outcome(step), attempts: 0 }).collect();
    let is_open = plan.by_hand.as_deref().is_none_or(|by_hand| by_hand.is_anything_left() || by_hand.is_anything_contradicted())
        || plan.is_anything_waiting();
    let converged = stops.is_empty() && !is_open && !plan.is_in_doubt();
    WorkspaceReceipt { plan, digest, stops, records, converged, left: Vec::new(), error: None, not_authorized: false }
}
