//! Supporting records: clinics, roles, employee records and the groups of plain SCIM, and whether one may be written so.

use std::collections::BTreeSet;

use crate::model::Employee;
use crate::platform::{Catalog, is_key, unwritable_in_line};

use super::{Acting, RecordEvent, RecordFault, RecordText, Refusal, may_write_role};

/// A clinic, role, employee record or group, as clients write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportingRecord {
    /// The key that rosters name it by; of a group, its id.
    pub key: String,
    /// The id that clients give to it.
    pub external_id: Option<String>,
    /// Its kind, with the values of that kind.
    pub content: RecordContent,
}

/// The kinds of supporting records, each with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordContent {
    /// A clinic.
    Clinic {
        /// The name people see.
        name: Option<String>,
    },
    /// A role.
    Role {
        /// The name people see.
        name: Option<String>,
        /// The privileges that it gives.
        privileges: BTreeSet<String>,
    },
    /// An employee record (PBN-1).
    Employee {
        /// The first name.
        first_name: String,
        /// The last name.
        last_name: String,
        /// Says whether it is active, if somebody said so.
        active: Option<bool>,
        /// Says whether the person is from outside the practice, if somebody said so.
        external: Option<bool>,
    },
    /// A group of plain SCIM.
    Group {
        /// The name people see.
        name: String,
        /// The members. They may not exist yet: clients make groups and users in any order.
        members: Vec<GroupMember>,
    },
}

/// A member of a group, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupMember {
    /// A user.
    User(String),
    /// Another group.
    Group(String),
}

impl SupportingRecord {
    /// The privileges of a role; `None` for other records.
    #[must_use]
    pub const fn privileges(&self) -> Option<&BTreeSet<String>> {
        match &self.content {
            RecordContent::Role { privileges, .. } => Some(privileges),
            RecordContent::Clinic { .. } | RecordContent::Employee { .. } | RecordContent::Group { .. } => None,
        }
    }

    /// Returns whether it is active. Only employee records can be inactive.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        match &self.content {
            RecordContent::Employee { active, .. } => Employee::active_as_said(*active),
            RecordContent::Clinic { .. } | RecordContent::Role { .. } | RecordContent::Group { .. } => true,
        }
    }

    /// The name people see; `None` where there is none.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.content {
            RecordContent::Clinic { name } | RecordContent::Role { name, .. } => name.as_deref(),
            RecordContent::Group { name, .. } => Some(name),
            RecordContent::Employee { .. } => None,
        }
    }

    /// The texts that rosters have, too.
    fn texts(&self) -> Vec<(RecordText, &str)> {
        let (mut texts, key) = match &self.content {
            RecordContent::Clinic { name } => (name.iter().map(|name| (RecordText::ClinicName, &**name)).collect(), RecordText::Key),
            RecordContent::Role { name, .. } => (name.iter().map(|name| (RecordText::RoleName, &**name)).collect(), RecordText::RoleKey),
            RecordContent::Employee { first_name, last_name, .. } => {
                (vec![(RecordText::FirstName, &**first_name), (RecordText::LastName, &**last_name)], RecordText::Key)
            }
            RecordContent::Group { .. } => return Vec::new(),
        };
        texts.insert(0, (key, &self.key));
        texts.extend(self.external_id.iter().map(|id| (RecordText::ExternalId, &**id)));
        texts
    }
}

/// Refuses a new or changed record that rosters could not have, or a role with privileges that the acting account cannot give. `before` is
/// the record so far; `None` for a new one. Returns the event to log: nothing if the record is as it was.
///
/// # Errors
/// The first rule that it breaks.
pub fn may_write_record(
    catalog: &Catalog,
    acting: &Acting<'_>,
    before: Option<&SupportingRecord>,
    after: &SupportingRecord,
) -> Result<Option<RecordEvent>, Refusal> {
    if before == Some(after) {
        return Ok(None);
    }
    if before.is_none() {
        check_key(catalog, after)?;
    }
    check_texts(before, after)?;
    let nothing = BTreeSet::new();
    if let Some(privileges) = after.privileges() {
        let had = before.and_then(SupportingRecord::privileges).unwrap_or(&nothing);
        may_write_role(catalog, acting, &after.key, had, privileges).map_err(Refusal::Ungranted)?;
    }
    Ok(Some(written(&after.content, before.is_none())))
}

/// The event of a record that is made, or changed.
const fn written(content: &RecordContent, is_new: bool) -> RecordEvent {
    match (content, is_new) {
        (RecordContent::Clinic { .. }, true) => RecordEvent::ClinicMade,
        (RecordContent::Clinic { .. }, false) => RecordEvent::ClinicChanged,
        (RecordContent::Role { .. }, true) => RecordEvent::RoleMade,
        (RecordContent::Role { .. }, false) => RecordEvent::RoleChanged,
        (RecordContent::Employee { .. }, true) => RecordEvent::EmployeeMade,
        (RecordContent::Employee { .. }, false) => RecordEvent::EmployeeChanged,
        (RecordContent::Group { .. }, true) => RecordEvent::GroupMade,
        (RecordContent::Group { .. }, false) => RecordEvent::GroupChanged,
    }
}

/// Refuses a key that rosters could not name the record by. Where any text is a role, any is a role's key.
fn check_key(catalog: &Catalog, record: &SupportingRecord) -> Result<(), Refusal> {
    let text = match &record.content {
        RecordContent::Clinic { .. } | RecordContent::Employee { .. } => RecordText::Key,
        RecordContent::Role { .. } if catalog.open_roles => return Ok(()),
        RecordContent::Role { .. } => RecordText::RoleKey,
        RecordContent::Group { .. } => return Ok(()),
    };
    if is_key(&record.key) { Ok(()) } else { Err(Refusal::Record(RecordFault::NotAKey(text))) }
}

/// Refuses a text of a record that rosters could not have, unless it is stored so already.
fn check_texts(before: Option<&SupportingRecord>, after: &SupportingRecord) -> Result<(), Refusal> {
    let known = before.map(SupportingRecord::texts).unwrap_or_default();
    for (text, value) in after.texts().into_iter().filter(|text| !known.contains(text)) {
        if let Some(character) = unwritable_in_line(value.trim()) {
            return Err(Refusal::Record(RecordFault::Unwritable { text, character }));
        }
    }
    Ok(())
}
