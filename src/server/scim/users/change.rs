//! A change of an account: what becomes of its row, its invitation and its tokens, and whether it may be.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::{Delivery, Email, Field, LogAction, LogSubject};
use crate::scim::{ScimError, ScimType};
use crate::server::AttributeChanges;
use crate::server::answer;
use crate::server::denial;
use crate::server::failure::Failure;
use crate::server::scim::refusal;
use crate::server::scim::supporting::SupportingRecords;
use crate::server::scim::users;
use crate::server::scim::users::input::KeptAsSent;
use crate::server::scim::users::input::UserInput;
use crate::server::write::WriteResult;
use crate::server::write::WriteTask;
use crate::store::members::logins;
use crate::store::{AccountRow, AccountWrite, Answered, NewAccountRow, Particulars, StoreError, Writing, accounts, invitations};
use crate::workspace::{Changed, Event, Facts, PlainUser, WantedUser, change, change_plain, changes};

/// A change of an account while it is applied.
#[derive(Clone, Copy)]
pub(in crate::server) struct Changing<'a> {
    pub(in crate::server) task: &'a WriteTask,
    pub(in crate::server) records: &'a SupportingRecords,
    /// The account as it is stored.
    pub(in crate::server) row: &'a AccountRow,
    /// The account as it was shown, for the log.
    pub(in crate::server) before: &'a Value,
}

/// The decision about a changed account, with the particulars to be stored.
struct Decided {
    changed: Changed,
    particulars: Particulars,
    role: Option<String>,
}

impl Changing<'_> {
    /// Applies a client's changes. `named` is the id of the employee record that the client names.
    pub(in crate::server) async fn apply(
        self,
        writing: &mut Writing,
        sent: UserInput,
        named: Option<&str>,
        password_hash: Option<String>,
    ) -> Result<WriteResult, Failure> {
        let Self { task, records, row, .. } = self;
        let workspace = &task.caller.workspace;
        let UserInput { wanted, kept } = sent;
        let user_name = wanted.user_name.clone();
        let Decided { changed: Changed { state, applies_role }, particulars, role } = match kept {
            KeptAsSent::Document(document) => self.plain(wanted, document)?,
            KeptAsSent::ExternalId(external_id) => self.practice(writing, wanted, named, external_id).await?,
        };
        let write = AccountWrite {
            user_name,
            particulars,
            role_privileges: if applies_role { snapshot(records, role.as_deref()) } else { Arc::clone(&row.role_privileges) },
            state,
        };
        let same = write.particulars == row.particulars && write.user_name == row.user_name && write.role_privileges == row.role_privileges;
        if same && write.state == row.state && password_hash.is_none() {
            return self.done(row, &[]);
        }
        accounts::update(&mut writing.conn, &workspace.name, &row.id, &write, task.now).await.map_err(taken)?;
        let invited = if row.state.accepted { row.invited.clone() } else { users::stored::invited(workspace, write.particulars.fields()) };
        if invited != row.invited {
            invitations::set_names(&mut writing.conn, &workspace.name, &row.id, invited.as_ref()).await?;
        }
        if let Some(hash) = &password_hash {
            logins::set_password_of(&mut writing.conn, &workspace.name, &row.id, hash).await?;
        }
        let new = AccountRow {
            user_name: write.user_name,
            particulars: write.particulars,
            role_privileges: write.role_privileges,
            state: write.state,
            invited,
            version: row.version + 1,
            modified: task.now,
            ..row.clone()
        };
        if new.state.inactive && !row.state.inactive {
            users::effects::end_access(writing, task, row, &new).await?;
        } else {
            invitations::follow(&mut writing.conn, &workspace.name, &row.id, &row.state, &new.state, task.now).await?;
        }
        users::effects::protect(writing, task, records, row, &new).await?;
        let attributes = row.particulars != new.particulars || row.role_privileges != new.role_privileges;
        self.done(&new, &changes(&row.state, &new.state, attributes))
    }

    fn plain(self, wanted: WantedUser, document: Map<String, Value>) -> Result<Decided, Failure> {
        let Self { task, row, .. } = self;
        let workspace = &task.caller.workspace;
        let (acting, target) = (users::stored::acting(&task.caller), users::stored::target(row));
        let (fields, lists) = (users::stored::fields(workspace, row), users::stored::own_lists(row)?);
        let was = PlainUser { user_name: &row.user_name, role: fields.text(Field::Role), fields: &fields, lists: &lists };
        let changed = change_plain(workspace.catalog(), &acting, &target, &was, &wanted, &users::stored::terms(task))
            .map_err(|why| refusal::failure(workspace, &why))?;
        let particulars = Particulars::plain(&wanted.fields, Value::Object(document).to_string());
        Ok(Decided { changed, particulars, role: wanted.role })
    }

    async fn practice(
        self,
        writing: &mut Writing,
        mut wanted: WantedUser,
        named: Option<&str>,
        external_id: Option<String>,
    ) -> Result<Decided, Failure> {
        let Self { task, records, row, .. } = self;
        let workspace = &task.caller.workspace;
        let conn = &mut writing.conn;
        Email::parse(&wanted.user_name).map_err(|why| Failure::value(why.to_string()))?;
        let employee = users::rules::employed(conn, workspace, named).await?;
        users::stored::name_employee(&mut wanted.fields, employee.record());
        let linked = row.particulars.employee();
        let account = users::stored::account(workspace, row, records)?;
        let around = users::rules::around(conn, workspace, records, &[&account.fields, &wanted.fields]).await?;
        let facts = Facts { around: &around, roles: &records.roles, employee: &employee };
        let (acting, terms) = (users::stored::acting(&task.caller), users::stored::terms(task));
        let changed = change(&workspace.platform, &acting, &account, linked, &wanted, &facts, &terms)
            .map_err(|why| refusal::failure(workspace, &why))?;
        let employee = employee.record().map(|record| record.id.clone());
        let particulars = Particulars::practice(&wanted.fields, employee, external_id);
        Ok(Decided { changed, particulars, role: wanted.role })
    }

    /// The answer: the account as it is now.
    fn done(self, row: &AccountRow, events: &[Event]) -> Result<WriteResult, Failure> {
        let Self { task, records, before, .. } = self;
        let user = users::view::user(&task.caller.workspace, row, records, &task.note.base, task.now)?;
        let said: Vec<LogAction> = events.iter().map(Event::action).collect();
        let event = said.first().copied().map(|action| denial::LoggedEvent {
            action,
            kind: LogSubject::User,
            id: Some(row.id.clone()),
            name: Some(row.user_name.clone()),
            detail: (said.len() > 1).then(|| said.iter().map(|action| action.as_str()).collect::<Vec<_>>().join(", ")),
            changes: AttributeChanges::between(before.as_object(), Some(&user)),
        });
        let answer = Answered {
            status: 200,
            location: None,
            etag: Some(answer::etag(row.version)),
            body: Some(user),
            shows: Some(users::effects::shows(row)),
        };
        Ok(WriteResult { answer, event, passcode: None })
    }
}

/// The privileges that a role gives now, to be stored with the account that gets it.
pub(in crate::server) fn snapshot(records: &SupportingRecords, role: Option<&str>) -> Arc<BTreeSet<String>> {
    role.and_then(|key| records.roles.get(key)).map(|privileges| Arc::new(privileges.clone())).unwrap_or_default()
}

/// A new account's row as it will be read.
pub(in crate::server) fn new_row(new: &NewAccountRow, now: i64) -> AccountRow {
    AccountRow {
        id: new.id.clone(),
        user_name: new.user_name.clone(),
        particulars: new.particulars.clone(),
        role_privileges: Arc::clone(&new.role_privileges),
        state: new.state.clone(),
        block: None,
        main_admin: new.main_admin,
        invited: new.invited.clone(),
        passcode_made: new.passcode_hash.is_some().then_some(now),
        last_login: None,
        version: 1,
        created: now,
        modified: now,
        former: Vec::new(),
        delivery: new.state.invitation.as_ref().map(|_| Delivery::queued()),
    }
}

/// Reports a login that is already in use.
pub(in crate::server) fn taken(why: StoreError) -> Failure {
    match why {
        StoreError::Taken => {
            ScimError::with_type(ScimType::Uniqueness, "an account with this `userName` already exists in this workspace (X-1)").into()
        }
        why @ (StoreError::Database(_)
        | StoreError::DiskFull
        | StoreError::NotWritable { .. }
        | StoreError::Replaced
        | StoreError::File { .. }
        | StoreError::NotOurs
        | StoreError::Name { .. }
        | StoreError::Key { .. }
        | StoreError::KeyMissing { .. }
        | StoreError::KeyFile { .. }
        | StoreError::Damaged { .. }
        | StoreError::TooNew { .. }
        | StoreError::NewerField { .. }
        | StoreError::NotUpgraded(_)
        | StoreError::WrongKind
        | StoreError::GivenUp) => why.into(),
    }
}
