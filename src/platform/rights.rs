//! Derives what an account may do from its fields and its role's privileges, and says which requirement is behind a right.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Account, Field, Ungranted};

use super::{Catalog, effective};

/// The account with the rights that follow from its fields and its role: the one place where they are derived from a changed account.
///
/// `role_gives` says what a role gives now. Where a change of a role reaches all holders, that is what counts; elsewhere it is what the
/// role gave when the account got it.
#[must_use]
pub fn with_rights(mut account: Account, catalog: &Catalog, role_gives: &dyn Fn(&str) -> Option<Arc<BTreeSet<String>>>) -> Account {
    if catalog.roles_reach.is_all_holders() {
        let now = account.fields.text(Field::Role).and_then(role_gives);
        account.role_privileges = now.or_else(|| account.role_privileges.is_some().then(Arc::default));
    }
    let given = account.role_privileges.as_deref();
    let nothing = BTreeSet::new();
    account.privileges = effective(catalog, given.unwrap_or(&nothing), &account.fields, account.main_admin).into();
    account
}

/// The requirement behind a right that somebody cannot give, as the catalog has it.
#[must_use]
pub fn source_of<'a>(why: &Ungranted, catalog: &'a Catalog) -> Option<&'a str> {
    match why {
        Ungranted::Privileges(names) | Ungranted::ToOneself(names) => {
            names.iter().find_map(|name| catalog.privileges.get(name)?.source.as_deref())
        }
        Ungranted::Role(role) | Ungranted::RoleChange(role) => catalog.roles.get(role)?.source.as_deref(),
    }
}
