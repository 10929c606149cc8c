//! The questions of a plan: people whom a person must compare with rows of the list.

use crate::model::{AddressQuestion, Change, Email};

/// The questions of a plan.
#[derive(Clone, Debug, Default)]
pub(in crate::reconcile) struct Questions(pub(in crate::reconcile) Vec<AddressQuestion>);

impl Questions {
    /// Returns whether a user of the roster is asked about.
    pub(in crate::reconcile) fn is_user(&self, email: &Email) -> bool {
        self.0.iter().any(|question| question.user == *email)
    }

    /// Returns whether a row is asked about.
    pub(in crate::reconcile) fn is_row(&self, email: &Email) -> bool {
        self.0.iter().any(|question| question.other == *email)
    }

    /// Returns whether a change is about somebody who is asked about.
    pub(super) fn is_about(&self, change: &Change) -> bool {
        change.subject().user().is_some_and(|email| self.is_user(email) || self.is_row(email))
    }
}
