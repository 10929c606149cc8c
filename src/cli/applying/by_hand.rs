//! Workspaces without an interface: `apply` writes nothing to them. At a terminal it walks a person through the steps; elsewhere it says what
//! waits for one.

use std::path::Path;

use crate::cli::attesting::person;
use crate::cli::exit::Exit;
use crate::cli::roster;
use crate::cli::shell;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::stores::Stores;
use crate::cli::workspaces::survey::{self, Purpose, Survey, Surveyed, Verdict};
use crate::model::{ByHand, HandState, Plan};
use crate::report::People;

use super::planned::Drift;
use super::walk;

/// What a walk through the steps needs.
pub(in crate::cli) struct Walk<'a> {
    /// The roster.
    pub roster: &'a Path,
    /// The person, if the command line says who it is.
    pub by: Option<&'a str>,
    /// Whether a person can be asked, and stdout is for people.
    pub is_possible: bool,
    /// The stores.
    pub stores: &'a Stores,
}

/// Takes the workspaces out of a survey whose changes people make, says what is left there, and adds the exit codes.
pub(in crate::cli) async fn take_out(
    mut survey: Survey,
    drift: Option<Vec<Drift>>,
    exits: &mut Vec<Exit>,
    how: &Walk<'_>,
    terminal: Terminal,
) -> anyhow::Result<(Survey, Option<Vec<Drift>>)> {
    let is_saved = drift.is_some();
    let mut drift = drift.into_iter().flatten();
    let (mut read, mut drifts) = (Vec::new(), Vec::new());
    let people = survey.people();
    for surveyed in std::mem::take(&mut survey.read) {
        let own = drift.next();
        if surveyed.desired.connection.is_by_hand() {
            exits.push(by_hand(surveyed, &people, how, terminal).await?);
        } else {
            read.push(surveyed);
            drifts.extend(own);
        }
    }
    Ok((Survey { read, ..survey }, is_saved.then_some(drifts)))
}

/// Walks a person through the steps of a workspace where that is possible, and says what is left.
async fn by_hand(surveyed: Surveyed, people: &People, how: &Walk<'_>, terminal: Terminal) -> anyhow::Result<Exit> {
    let plan = surveyed.verdict.plan();
    let has_steps = plan.stops.is_empty() && plan.plan.by_hand.as_deref().is_some_and(ByHand::is_anything_left);
    if !has_steps || !how.is_possible {
        let exit = report(&surveyed, terminal);
        if has_steps {
            let (roster, workspace) = (shell::word(how.roster), &surveyed.desired.workspace);
            terminal.say(&format!("`rosterctl plan {roster} --workspace {workspace} --format runbook` lists them."));
        }
        return Ok(exit);
    }
    let by = person::person(how.by, how.roster)?;
    walk::walk(&plan, people, &surveyed.desired, how.roster, &by, terminal)?;
    let name = surveyed.desired.workspace;
    let Some(roster) = roster::load_or_show(how.roster, terminal)? else { return Ok(Exit::Error) };
    let own = roster.workspaces.into_iter().filter(|own| own.workspace == name).collect();
    let again = survey::survey(own, how.roster, &plan.plan.only, how.stores, Purpose::Apply).await;
    let exit = again.read.first().map_or(Exit::Error, |surveyed| report(surveyed, terminal));
    terminal.say("Commit the list of users, which has what you did.");
    Ok(exit)
}

/// Says how many steps wait in a workspace.
fn report(surveyed: &Surveyed, terminal: Terminal) -> Exit {
    let workspace = &surveyed.desired.workspace;
    match &surveyed.verdict {
        Verdict::Stopped(_) => {
            terminal.say(&format!("{workspace}: a guard stopped the plan: nobody should do its steps"));
            Exit::Stopped
        }
        Verdict::Approved(approved) => {
            let Some(by_hand) = approved.plan().by_hand.as_deref() else { return Exit::Done };
            terminal.say(&format!("{workspace}: {}", sentence(by_hand, approved.plan())));
            if by_hand.is_anything_left() || by_hand.is_anything_waiting() || approved.plan().is_in_doubt() {
                Exit::Partial
            } else {
                Exit::Done
            }
        }
    }
}

/// Says what is left: steps, and what no step can be made of.
fn sentence(by_hand: &ByHand, plan: &Plan) -> String {
    let mut said = vec![steps(by_hand)];
    match plan.to_look_for() {
        0 => {}
        1 => said.push("1 user must be looked for in the workspace, since the list is incomplete".to_owned()),
        users => said.push(format!("{users} users must be looked for in the workspace, since the list is incomplete")),
    }
    if !plan.refusals.is_empty() {
        said.push(format!("{} refused, see the plan", plan.refusals.len()));
    }
    said.join("; ")
}

fn steps(by_hand: &ByHand) -> String {
    let count = |is_meant: fn(&HandState) -> bool| by_hand.steps.iter().filter(|step| is_meant(&step.state)).count();
    let left = count(HandState::is_left) + by_hand.questions.len();
    let waiting = count(HandState::is_waiting);
    let steps = |number: usize| if number == 1 { "1 step".to_owned() } else { format!("{number} steps") };
    match (left, waiting) {
        (0, 0) => "no step is left to do".to_owned(),
        (0, waiting) => format!("no step is left to do; {} attested, waiting for the next list of users", steps(waiting)),
        (left, 0) => format!("{} left, which a person must do: this workspace has no interface", steps(left)),
        (left, waiting) => format!(
            "{} left, which a person must do: this workspace has no interface; {} attested, waiting for the next list of users",
            steps(left),
            steps(waiting)
        ),
    }
}
