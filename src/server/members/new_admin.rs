//! The account of a main admin who had none, made on the server's machine from an entry of the roster.

use std::collections::BTreeSet;

use crate::model::{Field, LogAction, LogSubject};
use crate::scim::own;
use crate::server::AttributeChanges;
use crate::server::denial::by_operator;
use crate::server::failure::Failure;
use crate::server::ids;
use crate::server::scim::supporting;
use crate::server::scim::users::change::{new_row, snapshot, taken};
use crate::server::scim::users::view;
use crate::server::workspace::Workspace;
use crate::store::{
    AccountRow, Conn, NewAccountRow, NewLogRow, NewResource, Particulars, RecordKind, Seed, accounts, log, resources, workspaces,
};
use crate::workspace::{Event, RecordEvent};

/// Makes the account of a main admin.
pub(super) struct MainAdminAccount<'a> {
    /// The workspace.
    pub(super) workspace: &'a str,
    /// The time, epoch milliseconds.
    pub(super) now: i64,
    /// The person who does it, and on which machine.
    pub(super) origin: Option<String>,
}

impl MainAdminAccount<'_> {
    /// Makes the main admin of a seed as an active account, with the records that it needs and the workspace lacks. It is not the main admin yet.
    pub(super) async fn account(&self, conn: &mut Conn, seed: Seed) -> Result<AccountRow, Failure> {
        let row = workspaces::find(conn, self.workspace).await?.ok_or(Failure::Damaged)?;
        let workspace = Workspace::from_row(&row).ok_or(Failure::Damaged)?;
        let seeded = seed.accounts.into_iter().find(|seeded| seeded.account.main_admin).ok_or(Failure::Damaged)?.account;
        let fields = seeded.particulars.fields();
        let clinics: BTreeSet<&str> = fields.items(Field::Clinics).into_iter().collect();
        let mut employee = None;
        for new in &seed.resources {
            let (kind, key) = (RecordKind::of_content(&new.record.content), new.record.key.as_str());
            let is_needed = match kind {
                RecordKind::Clinic => clinics.contains(key),
                RecordKind::Role => fields.text(Field::Role) == Some(key),
                RecordKind::Employee => seeded.particulars.employee() == Some(new.id.as_str()),
                RecordKind::Group => false,
            };
            if is_needed {
                let id = self.record(conn, kind, new).await?;
                match kind {
                    RecordKind::Employee => employee = Some(id),
                    RecordKind::Clinic | RecordKind::Role | RecordKind::Group => {}
                }
            }
        }
        let records = supporting::records(conn, &workspace).await?;
        let account = NewAccountRow {
            id: ids::new_id(self.now),
            role_privileges: snapshot(&records, fields.text(Field::Role)),
            particulars: Particulars::practice(fields, employee, seeded.particulars.external_id().map(str::to_owned)),
            main_admin: false,
            ..seeded
        };
        accounts::insert(conn, self.workspace, &account, self.now).await.map_err(taken)?;
        let row = new_row(&account, self.now);
        let shown = view::user(&workspace, &row, &records, "", self.now)?;
        let changes = AttributeChanges::between(None, Some(&shown));
        let subject = (row.id.clone(), row.user_name.clone());
        self.log(conn, (Event::Created.action(), LogSubject::User), subject, Some(changes.to_string())).await?;
        Ok(row)
    }

    /// Returns the id of the record with that key, which is made if the workspace lacks it.
    async fn record(&self, conn: &mut Conn, kind: RecordKind, new: &NewResource) -> Result<String, Failure> {
        let known = resources::all(conn, self.workspace, kind).await?.into_iter().find(|row| row.record.key == new.record.key);
        if let Some(known) = known {
            if !known.record.is_active() {
                return Err(Failure::value(own!("the employee record `{}` is inactive: activate it first", known.record.key)));
            }
            return Ok(known.id);
        }
        let new = NewResource { id: ids::new_id(self.now), ..new.clone() };
        resources::insert(conn, self.workspace, &new, self.now).await.map_err(taken)?;
        let event = match kind {
            RecordKind::Clinic => RecordEvent::ClinicMade,
            RecordKind::Role => RecordEvent::RoleMade,
            RecordKind::Employee => RecordEvent::EmployeeMade,
            RecordKind::Group => RecordEvent::GroupMade,
        };
        self.log(conn, (event.action(), kind.subject()), (new.id.clone(), new.record.key.clone()), None).await?;
        Ok(new.id)
    }

    async fn log(
        &self,
        conn: &mut Conn,
        (action, kind): (LogAction, LogSubject),
        (id, name): (String, String),
        changes: Option<String>,
    ) -> Result<(), Failure> {
        let done = by_operator(action, kind, self.origin.clone());
        let changes = changes.unwrap_or_else(|| done.changes.clone());
        let entry = NewLogRow { subject_id: Some(id), subject: Some(name), changes, ..done };
        log::append(conn, self.workspace, &entry, self.now).await?;
        Ok(())
    }
}
