//! The sentences about changes that were not made.

use crate::model::{ChangeFailure, Drift, GivenUp, Halt, NoLongerPlanned, NotTried, SubjectRef, WorkspaceError};
use crate::platform::Catalog;
use crate::report::words;

use crate::report::sentences::failures::{answered, missing_secret, not_ready, server_error};

/// Says what changed since the plan was made.
#[must_use]
pub fn drift(drift: &Drift) -> String {
    match drift {
        Drift::Appeared => "it was added to the workspace meanwhile: plan again".to_owned(),
        Drift::SeveralAppeared { accounts } => {
            format!("{accounts} accounts with this address were created meanwhile: merge them in the workspace")
        }
        Drift::Gone => "it no longer exists in the workspace".to_owned(),
        Drift::Replaced => "another one has taken its place".to_owned(),
        Drift::OtherAddress { now } => format!("the address is now {now}"),
        Drift::Fields(fields) => format!("someone changed {}", words::plain_list(fields.iter().map(|field| field.key()))),
        Drift::Account => "someone changed the account".to_owned(),
        Drift::Rewritten => "someone changed it".to_owned(),
    }
}

/// Says what a saved plan would do and a plan made now would not.
#[must_use]
pub(super) fn no_longer_planned(what: NoLongerPlanned, subject: &str, catalog: &Catalog) -> String {
    let done = match what {
        NoLongerPlanned::AccessEnds => format!("end the access of {subject}"),
        NoLongerPlanned::AccessBegins => format!("give access to {subject}"),
        NoLongerPlanned::Field(field) => format!("give this `{}` to {subject}", catalog.yaml_key(field)),
        NoLongerPlanned::Privileges => format!("give these privileges to {subject}"),
        NoLongerPlanned::BlockReason => format!("block {subject} for this reason"),
        NoLongerPlanned::Passcode => format!("make a passcode for {subject}"),
        NoLongerPlanned::Record => format!("change {subject} in this way"),
    };
    format!("a plan made of the roster as it is now would not {done}: plan again")
}

/// Says why a change was not started.
#[must_use]
pub fn not_tried(why: &NotTried) -> String {
    let said = match why {
        NotTried::GuardStopped => "a guard stopped the workspace",
        NotTried::WorkspaceFailed => "nothing was written to this workspace",
        NotTried::NotReached => "the run did not get to it",
        NotTried::Circular => "it depends on a change that depends on it: plan again",
        NotTried::DependsOn { subject, action } => {
            let action = action.as_str();
            return match subject.borrow() {
                SubjectRef::Workspace => format!("{action} was not done"),
                SubjectRef::Clinic(key) | SubjectRef::Role(key) | SubjectRef::Employee(key) => format!("{action} `{key}` was not done"),
                SubjectRef::User(email) => format!("{action} {email} was not done"),
            };
        }
        NotTried::Halted(why) => return halt(why),
        NotTried::ListInDoubt => "the address of a new account was already taken, so the list of users may be incomplete: plan again",
        NotTried::NoSecret(missing) => return missing_secret(missing),
        NotTried::Interrupted => "the run was stopped",
        NotTried::PasscodeUnseen => {
            "a new passcode is shown only once, and there is no terminal to show it on: run this in a terminal, or add `--passcodes FILE`"
        }
    };
    said.to_owned()
}

/// Says why the run of a workspace ended early.
#[must_use]
pub fn halt(why: &Halt) -> String {
    match why {
        Halt::TokenRejected => "the server does not accept the token: check where it is read from and whether it has expired".to_owned(),
        Halt::TokenCannotWrite => {
            "not authorized: this token does not permit writing here: use one that does, whose owner can manage users".to_owned()
        }
        Halt::NoAnswer => "the server no longer answers: run again when it does".to_owned(),
        Halt::PutOff => "the server asks for one pause after the other and accepts nothing: run again later".to_owned(),
        Halt::Journal { place, source_text } => {
            format!(
                "the journal {place} cannot be written ({source_text}): no other change was started; the receipt lists what was done so far"
            )
        }
    }
}

/// Says what concerns a whole workspace.
#[must_use]
pub fn workspace_error(error: &WorkspaceError) -> String {
    match error {
        WorkspaceError::Halted(why) => halt(why),
        WorkspaceError::NotStarted(why) => not_ready(why),
    }
}

/// Says that what a workspace refused in a run is planned again.
pub const COMES_BACK: &str = "The next plan has again what the workspace refused or did not store, since nothing is kept between runs: take it out of the roster, write it there as the workspace keeps it, or change it in the workspace.";

/// Says why a change that was sent was not made.
#[must_use]
pub fn failure(failure: &ChangeFailure) -> String {
    let ChangeFailure { why, given_up, refused: _ } = failure;
    match given_up {
        None | Some(GivenUp::PauseAsked) => server_error(why),
        Some(GivenUp::Interrupted) => format!("{}; stopped before another try", answered(why)),
    }
}
