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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::{PrivilegeOrigin, effective, named, origins};
    use crate::model::{Field, Fields, Value};

    fn names(list: &[&str]) -> BTreeSet<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    // AR-6, AR-9, AR-12, AR-18
    #[test]
    fn every_effective_privilege_has_its_origins_and_nothing_else_has_any() {
        let catalog = named("aesthetic-record").unwrap().catalog();
        let given = names(&["check-in-patients", "manage-appointments", "view-reports"]);
        let changes = Value::changes(names(&["export-reports", "check-in-patients"]), names(&["view-reports"]));
        let fields: Fields =
            [(Field::PrivilegeChanges, changes), (Field::Provider, Value::Flag(true)), (Field::DashboardAccess, Value::Flag(false))]
                .into_iter()
                .collect();
        let own = origins(catalog, &given, &fields, false);
        let with = |name: &str| own.get(name).map(|found| found.iter().copied().collect::<Vec<_>>());
        assert_eq!(with("manage-appointments"), Some(vec![PrivilegeOrigin::Role]));
        assert_eq!(with("check-in-patients"), Some(vec![PrivilegeOrigin::Role, PrivilegeOrigin::Person]));
        assert_eq!(with("export-reports"), Some(vec![PrivilegeOrigin::Person]));
        assert_eq!(with("edit-patient-records"), Some(vec![PrivilegeOrigin::Switch(Field::Provider)]));
        assert_eq!((with("view-reports"), with("view-dashboard")), (None, None));
        for main_admin in [false, true] {
            let found: BTreeMap<_, _> = origins(catalog, &given, &fields, main_admin);
            assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), effective(catalog, &given, &fields, main_admin));
            assert!(found.values().all(|origins| !origins.is_empty() && origins.contains(&PrivilegeOrigin::MainAdmin) == main_admin));
        }
    }
}
