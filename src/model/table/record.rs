//! The values of a clinic, role or employee record, in a change and in the workspace, so that the two can be compared.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::{Change, Clinic, ClinicUpdate, Edit, Employee, EmployeeUpdate, Role, RoleUpdate};

/// Values of a clinic, role or employee record; `None` if it has no such value, or a change does not set it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RecordValues<'a> {
    /// The name that people see, of a clinic or role.
    pub name: Option<&'a str>,
    /// The privileges of a role.
    pub privileges: Option<&'a BTreeSet<String>>,
    /// First name, of an employee record.
    pub first_name: Option<&'a str>,
    /// Last name, of an employee record.
    pub last_name: Option<&'a str>,
    /// Says whether an employee record is active.
    pub active: Option<bool>,
    /// Says whether the person is outside the practice.
    pub external: Option<bool>,
}

impl RecordValues<'_> {
    /// Lists the YAML keys of values that differ in another record; absent values are not compared.
    #[must_use]
    pub fn differing(&self, other: &RecordValues<'_>) -> Vec<&'static str> {
        fn differ<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
            one.zip(other).is_some_and(|(one, other)| one != other)
        }
        let Self { name, privileges, first_name, last_name, active, external } = *self;
        [
            ("name", differ(name, other.name)),
            ("privileges", differ(privileges, other.privileges)),
            ("first_name", differ(first_name, other.first_name)),
            ("last_name", differ(last_name, other.last_name)),
            ("active", differ(active, other.active)),
            ("external", differ(external, other.external)),
        ]
        .into_iter()
        .filter_map(|(key, differs)| differs.then_some(key))
        .collect()
    }
}

impl<'a> From<&'a Clinic> for RecordValues<'a> {
    fn from(clinic: &'a Clinic) -> Self {
        Self { name: Some(&clinic.name), ..Self::default() }
    }
}

impl<'a> From<&'a Role> for RecordValues<'a> {
    fn from(role: &'a Role) -> Self {
        Self { name: Some(&role.name), privileges: Some(&role.privileges), ..Self::default() }
    }
}

impl<'a> From<&'a Employee> for RecordValues<'a> {
    fn from(employee: &'a Employee) -> Self {
        Self {
            first_name: Some(&employee.first_name),
            last_name: Some(&employee.last_name),
            active: Some(employee.active),
            external: Some(employee.external),
            ..Self::default()
        }
    }
}

impl Change {
    /// Returns the values that a change sets on a clinic, role or employee record; none if it changes an account or the workspace.
    #[must_use]
    pub fn record_values(&self) -> RecordValues<'_> {
        fn text(edit: Option<&Edit<String>>) -> Option<&str> {
            edit.map(|edit| edit.after.as_str())
        }
        let nothing = RecordValues::default();
        match self {
            Self::CreateClinic { key: _, name } => RecordValues { name: Some(name), ..nothing },
            Self::UpdateClinic(update) => {
                let ClinicUpdate { key: _, target: _, name } = &**update;
                RecordValues { name: Some(&name.after), ..nothing }
            }
            Self::CreateRole { key: _, name, privileges } => RecordValues { name: Some(name), privileges: Some(privileges), ..nothing },
            Self::UpdateRole(update) => {
                let RoleUpdate { key: _, target: _, name, privileges } = &**update;
                RecordValues { name: text(name.as_ref()), privileges: privileges.as_ref().map(|edit| &edit.after), ..nothing }
            }
            Self::CreateEmployee { key: _, first_name, last_name, active, external } => RecordValues {
                first_name: Some(first_name),
                last_name: Some(last_name),
                active: Some(*active),
                external: Some(*external),
                ..nothing
            },
            Self::UpdateEmployee(update) => {
                let EmployeeUpdate { key: _, target: _, first_name, last_name, active, external } = &**update;
                RecordValues {
                    first_name: text(first_name.as_ref()),
                    last_name: text(last_name.as_ref()),
                    active: active.as_ref().map(|edit| edit.after),
                    external: external.as_ref().map(|edit| edit.after),
                    ..nothing
                }
            }
            Self::CreateAccount(_) | Self::Complete { .. } | Self::Account { .. } | Self::SetCodeWord => nothing,
        }
    }
}
