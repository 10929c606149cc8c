//! The sentences about what a person must do.

use crate::model::TaskKind;

/// Says what a person must do; never a secret.
#[must_use]
pub const fn task(what: TaskKind) -> &'static str {
    match what {
        TaskKind::HandOverCodeWord => {
            "hand over the practice's code word in person, by phone or by text: the set-up link does not work without it"
        }
    }
}
