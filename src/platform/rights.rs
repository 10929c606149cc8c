//! Derives what an account may do from its fields and its role's privileges.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Account, Field};

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
