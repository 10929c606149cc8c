//! Nobody grants what they lack: the one rule about rights that a write gives, whatever the way.
//!
//! An administrator can add what they have themselves, and what the platform's own roles and switches give: that is what administrators
//! hand out (AR-6, AR-12, PBN-6, CHR-1). Everything else, and a role that only its owners give, comes from somebody who has it. Nobody
//! adds to their own. To take away, to activate and to unblock is not to grant.

use std::collections::BTreeSet;

use crate::model::{Field, Fields, Ungranted};
use crate::platform::Catalog;

use super::Acting;

/// The rights that a write would add.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// The id of the account that gets them; `None` for a new account, and for a role that somebody may get later.
    pub to: Option<&'a str>,
    /// The effective privileges before, or those of the role.
    pub before: &'a BTreeSet<String>,
    /// The same after.
    pub after: &'a BTreeSet<String>,
    /// The role that the account gets, if it is another one than before.
    pub role: Option<&'a str>,
}

/// Refuses a write that grants what the acting account cannot give.
///
/// A platform without administrators has no rights to guard, and its main admin has everything.
///
/// # Errors
/// What cannot be given.
pub fn may_grant(catalog: &Catalog, acting: &Acting<'_>, grant: &Grant<'_>) -> Result<(), Ungranted> {
    if catalog.manages_users.is_none() || acting.main_admin {
        return Ok(());
    }
    if let Some(role) = grant.role.filter(|role| is_given_by_owners(catalog, role) && acting.role != Some(*role)) {
        return Err(Ungranted::Role(role.to_owned()));
    }
    let added = || grant.after.difference(grant.before);
    if grant.to == Some(acting.id) {
        let own: BTreeSet<String> = added().cloned().collect();
        return if own.is_empty() { Ok(()) } else { Err(Ungranted::ToOneself(own)) };
    }
    let lacked: BTreeSet<String> =
        added().filter(|name| !acting.privileges.contains(*name) && !is_handed_out(catalog, name)).cloned().collect();
    if lacked.is_empty() { Ok(()) } else { Err(Ungranted::Privileges(lacked)) }
}

/// Refuses a new or changed role that the acting account cannot write: one that only its owners give is theirs to change, too. `before`
/// are the privileges it had, and none of a new one.
///
/// # Errors
/// What cannot be given, or changed.
pub fn may_write_role(
    catalog: &Catalog,
    acting: &Acting<'_>,
    key: &str,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) -> Result<(), Ungranted> {
    if catalog.manages_users.is_some() && !acting.main_admin && is_given_by_owners(catalog, key) && acting.role != Some(key) {
        return Err(Ungranted::RoleChange(key.to_owned()));
    }
    may_grant(catalog, acting, &Grant { to: None, before, after, role: None })
}

/// Returns whether somebody gives up a role whose loss the privileges do not show: one that only owners give, or one of a platform that does not say
/// what its roles give.
#[must_use]
pub fn gives_up_role(catalog: &Catalog, before: Option<&str>, after: Option<&str>) -> bool {
    before.is_some_and(|role| after != Some(role) && (catalog.privileges.is_empty() || is_given_by_owners(catalog, role)))
}

fn is_given_by_owners(catalog: &Catalog, role: &str) -> bool {
    catalog.roles.get(role).is_some_and(|role| !role.given_by.is_every_administrator())
}

/// Returns whether a role of the platform that every administrator gives, or a switch, has the privilege.
fn is_handed_out(catalog: &Catalog, privilege: &str) -> bool {
    let mut roles = catalog.roles.values().filter(|role| role.given_by.is_every_administrator());
    roles.any(|role| role.privileges.contains(privilege)) || catalog.switch_privileges.iter().any(|(_, given)| given == privilege)
}

/// The field of the main admin that a write changes and that nobody else changes: with it, somebody could take the workspace over. The
/// employee record is one, since the login is switched off with it (PBN-8). Of what is set up before the first login, the second factor,
/// only the removal counts.
#[must_use]
pub fn main_admins_own(catalog: &Catalog, before: &Fields, after: &Fields) -> Option<Field> {
    let differs = |field: &Field| {
        let [was, is] = [before, after].map(|fields| fields.get(*field).filter(|value| !value.is_empty()));
        was != is
    };
    let changed = [Field::Role, Field::PrivilegeChanges, Field::Phones, Field::Employee].into_iter().find(differs);
    let stripped = || {
        let set_up = catalog.known_fields().filter(|(_, rule)| rule.by.is_set_before_acceptance());
        set_up.map(|(field, _)| field).find(|field| before.flag(*field) == Some(true) && after.flag(*field) != Some(true))
    };
    changed.or_else(stripped)
}
