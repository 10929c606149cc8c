//! No write may leave a workspace without somebody who can manage its users (B1, B3).

use std::collections::BTreeSet;

use crate::platform::Catalog;

use super::{Acting, Refusal};

/// The loss that a write causes for the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nobody who could manage users.
    Nothing,
    /// One of those who can: another must be left.
    AnAdmin,
}

/// Returns whether a write removes a usable administrator.
///
/// # Errors
/// It would be the acting one.
pub fn loses_admin(acting: &Acting<'_>, target: &str, before: bool, after: bool) -> Result<Loss, Refusal> {
    match (before, after) {
        (true, false) if target == acting.id => Err(Refusal::OwnRights),
        (true, false) => Ok(Loss::AnAdmin),
        (true, true) | (false, true | false) => Ok(Loss::Nothing),
    }
}

/// Refuses a change of a role that takes the right to manage users from the acting account (B3).
///
/// # Errors
/// The privileges it would have lack that right.
pub fn keeps_own(catalog: &Catalog, privileges: &BTreeSet<String>) -> Result<(), Refusal> {
    match &catalog.manages_users {
        Some(privilege) if !privileges.contains(privilege) => Err(Refusal::OwnRole { privilege: privilege.clone() }),
        Some(_) | None => Ok(()),
    }
}
