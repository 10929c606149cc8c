//! The names that a sentence has for fields: those of a roster, or those of the wire.

use crate::model::Field;

use super::Catalog;

/// The side whose names for fields a sentence has: a client of the server has no roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The keys of a roster.
    Roster,
    /// The attributes on the wire.
    Wire,
}

impl Naming {
    /// Returns the name of a field on this side, such as `last_name` or `name.familyName`.
    #[must_use]
    pub fn of_field(self, field: Field, catalog: &Catalog) -> String {
        match self {
            Self::Roster => catalog.yaml_key(field).to_owned(),
            Self::Wire => field.definition().wire.path(),
        }
    }

    /// Says that a field with one value has an unknown one; a client gives some of these in lists, such as `roles`.
    pub(super) fn unknown_value(self, key: &str, entry: &str) -> String {
        match self {
            Self::Roster => format!("unknown {key} `{entry}`"),
            Self::Wire => format!("unknown value `{entry}` for `{key}`"),
        }
    }

    /// Returns the sentence for this side.
    pub(super) fn pick(self, roster: &'static str, wire: &'static str) -> &'static str {
        match self {
            Self::Roster => roster,
            Self::Wire => wire,
        }
    }
}
