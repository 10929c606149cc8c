//! A workspace for tests of rules, without people.

use crate::platform::rules::Surroundings;

/// A workspace without people, for tests of rules: it declares every clinic and role, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// Every key is one of its own.
    Everything,
    /// No key is one of its own.
    Nothing,
}

impl Surroundings for Declared {
    fn has_clinic(&self, _: &str) -> bool {
        *self == Self::Everything
    }

    fn has_role(&self, _: &str) -> bool {
        *self == Self::Everything
    }

    fn colleague(&self, _: &str) -> Option<(String, bool)> {
        None
    }

    fn clinic_keys(&self) -> Vec<String> {
        Vec::new()
    }

    fn role_keys(&self) -> Vec<String> {
        Vec::new()
    }
}
