//! The sentences about what a person must do.

use crate::model::TaskKind;
use crate::platform::Catalog;

/// Says what a person must do; never a secret.
#[must_use]
pub fn task(what: TaskKind, catalog: &Catalog) -> &str {
    match what {
        TaskKind::HandOverCodeWord => catalog.code_word.as_ref().map_or("hand over the code word", |word| &word.hand_over),
    }
}
