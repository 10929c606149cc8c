//! The sentences about what was left to do after a run.

use crate::model::Left;
use crate::platform::Catalog;
use crate::report::words;

use crate::report::sentences::failures::server_error;
use crate::report::sentences::lists::partial;
use crate::report::sentences::plan::{reason, refusal};

/// Says what was left to do for a subject that is named beside it, or what is unknown.
#[must_use]
pub fn left(left: &Left, catalog: &Catalog) -> String {
    match left {
        Left::Change { subject: _, action, reason: why } => {
            format!("{}: {}", words::action_for(*action, why, catalog), reason(why, catalog))
        }
        Left::Refused(refused) => {
            let (why, remedy) = refusal(&refused.cause, catalog);
            format!("refused: {why}: {remedy}")
        }
        Left::NotRead(why) => format!("unknown: the workspace could not be read again: {}", server_error(why)),
        Left::PartialRead { why } => format!("unknown: the workspace could not be read in full ({}): run it again", partial(why)),
    }
}
