//! Stored accounts as the domain's types: their JSON is read here once.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::transition::Terms;
use crate::model::{Account, Email, Field, Fields, Fingerprint, RemoteId, Value as FieldValue};
use crate::scim::map::{self, Context, Names};
use crate::server::answer;
use crate::server::auth::Caller;
use crate::server::failure::Failure;
use crate::server::scim::records::supporting::SupportingRecords;
use crate::server::scim::rights;
use crate::server::scim::users;
use crate::server::workspace::Workspace;
use crate::server::write::Task;
use crate::store::AccountRow;
use crate::workspace::{Acting, EmployeeRecord, Target};

/// A stored account, typed.
pub(in crate::server) struct Stored {
    /// Its fields, normalized; the employee record by its id until [`Stored::named`].
    pub(in crate::server) fields: Fields,
    /// The id of the employee record it belongs to.
    pub(in crate::server) employee: Option<String>,
    /// The key of its role.
    pub(in crate::server) role: Option<String>,
    /// The attributes as they are stored, which the user log compares.
    pub(in crate::server) body: Map<String, Value>,
}

impl Stored {
    /// Reads the JSON of a row; this is the only place that does, besides the view, which passes it on unread.
    ///
    /// # Errors
    /// The row contains something that the server did not write.
    pub(in crate::server) fn read(workspace: &Workspace, row: &AccountRow, records: &SupportingRecords) -> Result<Self, Failure> {
        let names = names(records, None);
        let user: Value = serde_json::from_str(&row.body)?;
        let context =
            Context { catalog: workspace.catalog(), names: &names, practice_extension: true, every_role_counts: false, country: None };
        let fields = map::user_fields(&user, &context);
        let role = if workspace.is_plain() { users::input::plain_role(&user) } else { fields.text(Field::Role).map(str::to_owned) };
        let employee = users::input::employee_of(&user).map(str::to_owned);
        let Value::Object(body) = user else { return Err(Failure::Damaged) };
        Ok(Self { fields, employee, role, body })
    }

    /// The account with its employee record's key in place of the id, as rosters and rules name it.
    pub(in crate::server) fn named(mut self, record: Option<&EmployeeRecord>) -> Self {
        name_employee(&mut self.fields, record);
        self
    }

    /// The whole account of the row that was read.
    pub(in crate::server) fn account(
        self,
        workspace: &Workspace,
        row: &AccountRow,
        records: &SupportingRecords,
    ) -> Result<Account, Failure> {
        Ok(Account {
            id: RemoteId(row.id.clone()),
            email: Email::parse(&row.user_name).map_err(|_| Failure::Damaged)?,
            fingerprint: Fingerprint(answer::etag(row.version)),
            state: row.state.clone(),
            fields: self.fields,
            privileges: Arc::new(rights::effective(workspace, row, records)?),
            role_privileges: Some(Arc::new(serde_json::from_str(&row.role_privileges)?)),
            has_passcode: row.has_passcode,
            main_admin: row.main_admin,
            invited_name: row.invited.clone().map(Box::new),
            former: serde_json::from_str::<Vec<String>>(&row.former)?.iter().filter_map(|one| Email::parse(one).ok()).collect(),
        })
    }
}

/// Names the employee record by its key where the fields have its id.
pub(in crate::server) fn name_employee(fields: &mut Fields, record: Option<&EmployeeRecord>) {
    if let Some(record) = record
        && fields.text(Field::Employee) == Some(record.id.as_str())
    {
        fields.set(Field::Employee, FieldValue::Text(record.key.clone()));
    }
}

/// The account that acts.
pub(in crate::server) fn acting(caller: &Caller) -> Acting<'_> {
    Acting { id: &caller.account.id, privileges: &caller.effective, role: caller.role.as_deref(), main_admin: caller.account.main_admin }
}

/// The account acted upon.
pub(in crate::server) fn target(row: &AccountRow) -> Target<'_> {
    Target { id: &row.id, main_admin: row.main_admin, state: &row.state }
}

/// The terms on which states change.
pub(in crate::server) fn terms(task: &Task) -> Terms<'static> {
    Terms {
        invitations: task.caller.workspace.catalog().states.pending,
        now: task.now,
        invitation_lives: task.server.settings.invitation_lives,
        role_gives: &|_| None,
    }
}

/// Keys and ids as the wire's mapping asks for them.
pub(in crate::server) fn names(records: &SupportingRecords, employee: Option<&EmployeeRecord>) -> Names {
    let mut names = Names::new();
    for (key, id) in &records.clinics {
        names.add_clinic(key, &RemoteId(id.clone()));
    }
    if let Some(record) = employee {
        names.add_employee(&record.key, &RemoteId(record.id.clone()));
    }
    names
}
