//! Shows a progress bar on a terminal, and hands on new passcodes.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::apply::Progress;
use crate::model::{Change, Email, OpOutcome, Secret, ServerError, SubjectRef};
use crate::report::clean;
use crate::report::sentences::answered;

use super::passcodes::Passcodes;

/// The progress of a run over all its workspaces.
pub(in crate::cli) struct Bar {
    drawn: ProgressBar,
    passcodes: Passcodes,
}

impl Bar {
    /// Makes a bar for a number of changes. It is drawn only on a terminal.
    pub(in crate::cli) fn new(changes: usize, passcodes: Passcodes) -> Self {
        let bar = ProgressBar::with_draw_target(Some(changes as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Self { drawn: bar, passcodes }
    }

    /// Removes the bar.
    pub(in crate::cli) fn finish(&self) {
        self.drawn.finish_and_clear();
    }
}

impl Progress for Bar {
    fn started(&self, _position: usize, change: &Change) {
        self.drawn.set_message(describe(change));
    }

    fn waiting(&self, _position: usize, change: &Change, wait: Duration, why: &ServerError) {
        self.drawn.set_message(format!("{}: retrying in {} s ({})", describe(change), wait.as_secs().max(1), clean(&answered(why))));
    }

    fn finished(&self, _position: usize, _change: &Change, _outcome: &OpOutcome) {
        self.drawn.inc(1);
    }

    fn passcode(&self, user: &Email, passcode: &Secret) {
        self.passcodes.take(user, passcode);
    }
}

fn describe(change: &Change) -> String {
    let whom = match change.subject() {
        SubjectRef::Workspace => String::new(),
        SubjectRef::Clinic(key) | SubjectRef::Role(key) | SubjectRef::Employee(key) => format!(" {}", clean(key)),
        SubjectRef::User(email) => format!(" {email}"),
    };
    format!("{}{whom}", change.action().as_str().replace('-', " "))
}
