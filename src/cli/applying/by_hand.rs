//! Workspaces without an interface: `apply` writes nothing to them, and says what waits for a person.

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::survey::{Survey, Surveyed, Verdict};
use crate::model::{ByHand, HandState};

use super::planned::Drift;

/// Takes the workspaces out of a survey whose changes people make, says what is left there, and adds the exit codes.
pub(in crate::cli) fn take_out(
    mut survey: Survey,
    drift: Option<Vec<Drift>>,
    exits: &mut Vec<Exit>,
    terminal: Terminal,
) -> (Survey, Option<Vec<Drift>>) {
    let is_saved = drift.is_some();
    let mut drift = drift.into_iter().flatten();
    let (mut read, mut drifts) = (Vec::new(), Vec::new());
    for surveyed in std::mem::take(&mut survey.read) {
        let own = drift.next();
        if surveyed.desired.connection.is_by_hand() {
            exits.push(report(&surveyed, terminal));
        } else {
            read.push(surveyed);
            drifts.extend(own);
        }
    }
    (Survey { read, ..survey }, is_saved.then_some(drifts))
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
            terminal.say(&format!("{workspace}: {}", sentence(by_hand)));
            if by_hand.is_anything_left() || by_hand.is_anything_waiting() { Exit::Partial } else { Exit::Done }
        }
    }
}

fn sentence(by_hand: &ByHand) -> String {
    let count = |is_meant: fn(&HandState) -> bool| by_hand.steps.iter().filter(|step| is_meant(&step.state)).count();
    let left = count(HandState::is_left) + by_hand.questions.len();
    let waiting = count(HandState::is_waiting);
    let steps = |number: usize| if number == 1 { "1 step".to_owned() } else { format!("{number} steps") };
    match (left, waiting) {
        (0, 0) => "nothing is left to do".to_owned(),
        (0, waiting) => format!("nothing is left to do; {} attested, waiting for the next list of users", steps(waiting)),
        (left, 0) => format!("{} left, which a person must do: this workspace has no interface", steps(left)),
        (left, waiting) => format!(
            "{} left, which a person must do: this workspace has no interface; {} attested, waiting for the next list of users",
            steps(left),
            steps(waiting)
        ),
    }
}
