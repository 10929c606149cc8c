//! The sentences about workspaces that a run leaves out.

use crate::model::{MINUTE, Stale, SubjectRef, UnreadCause, Withheld};
use crate::platform;

use super::undone::no_longer_planned;
use crate::report::sentences::failures::not_ready;

/// Says why a run leaves a workspace out.
#[must_use]
pub fn unread(cause: &UnreadCause) -> String {
    match cause {
        UnreadCause::NotRead(why) => not_ready(why),
        UnreadCause::ReadingBroke => "reading it failed unexpectedly".to_owned(),
        UnreadCause::NotInPlan(why) => format!("not in the plan, since it could not be read when the plan was made: {}", unread(why)),
        UnreadCause::Withheld(why) => withheld(why),
        UnreadCause::Earlier { said } => said.clone(),
    }
}

fn withheld(why: &Withheld) -> String {
    match why {
        Withheld::OnlyObserved => "the roster now says `manage: observe`: plan again".to_owned(),
        Withheld::OtherStart => {
            "the workspace did not exist when the plan was made, and this roster asks for another plan for it: give the roster from which \
             the plan was made, or plan again"
                .to_owned()
        }
        Withheld::Stale(why) => stale(why),
        Withheld::NoLongerPlanned { what, subject, platform } => {
            no_longer_planned(*what, &subject_name(subject.borrow()), platform::by_id(platform).catalog())
        }
    }
}

fn stale(why: &Stale) -> String {
    match why {
        Stale::Elsewhere { planned, found } => format!("the plan was made for {planned}, but this is {found}: plan again"),
        Stale::OtherPlatform { planned, found } => {
            format!("the plan was made for the platform `{planned}`, but the roster says `{found}`: plan again")
        }
        Stale::Tampered { computed, stated } => {
            format!("the plan file is not the one that was approved: its content has the digest {computed}, but it states {stated}")
        }
        Stale::TooOld { age, limit } => format!("the plan is {} old, and the limit is {}: plan again", span(*age), span(*limit)),
        Stale::FromTheFuture { ahead } => format!("the plan is dated {} ahead of the server's clock: plan again", span(*ahead)),
    }
}

/// Names the subject of a change as the roster does.
#[must_use]
pub fn subject_name(subject: SubjectRef<'_>) -> String {
    match subject {
        SubjectRef::Workspace => "the workspace".to_owned(),
        SubjectRef::Clinic(key) => format!("clinic `{key}`"),
        SubjectRef::Role(key) => format!("role `{key}`"),
        SubjectRef::Employee(key) => format!("employee record `{key}`"),
        SubjectRef::User(email) => email.to_string(),
    }
}

/// Writes a span of milliseconds in words, to the minute.
fn span(milliseconds: u64) -> String {
    let minutes = milliseconds / MINUTE.unsigned_abs();
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m} min"),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m} min"),
    }
}
