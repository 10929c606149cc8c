//! Walks a person through the steps of a workspace without an interface: one at a time, each recorded as soon as it is done.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cli::attesting::recorded::record;
use crate::cli::attesting::said::SaidFact;
use crate::cli::terminal::Terminal;
use crate::model::{Desired, StepId, StepKind, WorkspacePlan};
use crate::report::runbook::{RunbookStep, runbook};
use crate::report::{People, clean};

/// The answers to a step.
enum StepAnswer {
    Done,
    Skip,
    Note,
    Stop,
}

/// The outcome of a walk.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// The number of steps that were recorded.
    pub recorded: usize,
    /// Says whether the person stopped: then nobody asks about the steps of other workspaces either.
    pub is_stopped: bool,
}

/// Returns the steps of a plan that a person can be asked about; a question of the plan is answered in the roster.
pub(super) fn steps(plan: &WorkspacePlan, people: &People) -> Vec<RunbookStep> {
    runbook(plan, people).steps.into_iter().filter(|step| step.data.user.is_some()).collect()
}

/// Shows each step that is left, and records those that are done. A step that must wait for one that is not done is not asked for. Stopping
/// loses nothing: the next run begins with the steps that are left.
///
/// # Errors
/// If a step cannot be recorded.
pub(super) fn walk(steps: &[RunbookStep], desired: &Desired, roster: &Path, by: &str, terminal: Terminal) -> anyhow::Result<Walked> {
    let mut walked = Walked::default();
    let mut desired = desired.clone();
    let mut left: BTreeSet<&StepId> = steps.iter().map(|step| &step.data.id).collect();
    for (at, step) in steps.iter().enumerate() {
        terminal.say(&format!("\nStep {} of {} in {}", at + 1, steps.len(), desired.workspace));
        let waits_for: Vec<&StepId> = step.after.iter().filter(|first| left.contains(first)).collect();
        if !waits_for.is_empty() {
            terminal.say(&step.not_yet(&waits_for));
            continue;
        }
        terminal.say(&step.text());
        let mut note: Option<String> = None;
        loop {
            match answer(terminal) {
                StepAnswer::Done => {
                    if done(step, note, &mut desired, roster, by, terminal)? {
                        left.remove(&step.data.id);
                        walked.recorded += 1;
                    }
                    break;
                }
                StepAnswer::Skip => {
                    note_is_lost(note.as_deref(), terminal);
                    break;
                }
                StepAnswer::Note => {
                    let new = terminal.ask("Note:").ok().filter(|new| !new.is_empty());
                    note = note.into_iter().chain(new).reduce(|note, new| format!("{note}; {new}"));
                }
                StepAnswer::Stop => {
                    note_is_lost(note.as_deref(), terminal);
                    terminal.say("Stopped. Run the same command again to go on with the steps that are left.");
                    return Ok(Walked { is_stopped: true, ..walked });
                }
            }
        }
    }
    Ok(walked)
}

/// Says that a note is not kept: only a step that is done is recorded.
fn note_is_lost(note: Option<&str>, terminal: Terminal) {
    if let Some(note) = note {
        terminal.say(&format!(
            "The note is not recorded, since the step is not done: {}. Write it where the next person sees it, such as in the issue of this runbook.",
            clean(note.trim_end_matches('.'))
        ));
    }
}

/// Asks what became of the step; without an answer, the walk stops.
fn answer(terminal: Terminal) -> StepAnswer {
    loop {
        let Ok(text) = terminal.ask("done, skip, note or stop?") else { return StepAnswer::Stop };
        match text.to_ascii_lowercase().as_str() {
            "done" | "d" => return StepAnswer::Done,
            "skip" | "s" => return StepAnswer::Skip,
            "note" | "n" => return StepAnswer::Note,
            "stop" | "q" | "quit" => return StepAnswer::Stop,
            _ => terminal.say("Write `done` (d) if the step is done, `skip` (s) to leave it, `note` (n) to add a note, or `stop` (q)."),
        }
    }
}

/// Records a step; returns whether it is recorded.
#[expect(clippy::disallowed_methods, reason = "the command line is where this machine's clock is read")]
fn done(
    step: &RunbookStep,
    note: Option<String>,
    desired: &mut Desired,
    roster: &Path,
    by: &str,
    terminal: Terminal,
) -> anyhow::Result<bool> {
    let data = step.data.clone();
    let Some(user) = data.user else { return Ok(false) };
    let now = jiff::Timestamp::now().as_millisecond();
    let (change, plan) = (StepKind::Done(data.change), data.plan.0);
    let said = SaidFact { workspace: data.workspace, user, change, set: data.set, plan, planned_at: data.as_of, at: now, note };
    let recorded = record(roster, std::slice::from_mut(desired), vec![said], (by, now), terminal)?;
    for why in &recorded.refused {
        terminal.complain(&anyhow::anyhow!("{why}"));
    }
    Ok(recorded.refused.is_empty())
}
