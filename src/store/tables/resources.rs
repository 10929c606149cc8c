//! Clinics, roles, employee records, and groups of plain SCIM: a row each, with the columns of its kind.

use std::collections::BTreeSet;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::model::{LogSubject, with_all};
use crate::store::tables::particulars::Statement;
use crate::store::{Conn, StoreError};
use crate::workspace::{GroupMember, RecordContent, SupportingRecord};

with_all! {
    /// The kind of resource that a row contains.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum RecordKind {
        /// A clinic.
        Clinic,
        /// A role.
        Role,
        /// An employee record.
        Employee,
        /// A group of plain SCIM.
        Group,
    }
}

impl RecordKind {
    /// The word in the table, which is also the resource type's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.subject().as_str()
    }

    /// The kind that the user log names.
    #[must_use]
    pub const fn subject(self) -> LogSubject {
        match self {
            Self::Clinic => LogSubject::Clinic,
            Self::Role => LogSubject::Role,
            Self::Employee => LogSubject::Employee,
            Self::Group => LogSubject::Group,
        }
    }

    /// Returns whether it is a role.
    #[must_use]
    pub const fn is_role(self) -> bool {
        match self {
            Self::Role => true,
            Self::Clinic | Self::Employee | Self::Group => false,
        }
    }

    /// The kind of a record.
    #[must_use]
    pub const fn of_content(content: &RecordContent) -> Self {
        match content {
            RecordContent::Clinic { .. } => Self::Clinic,
            RecordContent::Role { .. } => Self::Role,
            RecordContent::Employee { .. } => Self::Employee,
            RecordContent::Group { .. } => Self::Group,
        }
    }

    /// The kind a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The type of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// A user.
    User,
    /// A record that users refer to.
    Supporting(RecordKind),
}

impl ResourceKind {
    /// The word in the table, which is also the resource type's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => LogSubject::User.as_str(),
            Self::Supporting(kind) => kind.as_str(),
        }
    }

    /// Returns whether it is a user.
    #[must_use]
    pub const fn is_user(self) -> bool {
        match self {
            Self::User => true,
            Self::Supporting(_) => false,
        }
    }

    /// The type and the id of a member.
    #[must_use]
    pub const fn of_member(member: &GroupMember) -> (Self, &String) {
        match member {
            GroupMember::User(id) => (Self::User, id),
            GroupMember::Group(id) => (Self::Supporting(RecordKind::Group), id),
        }
    }

    /// The type a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        if word == Self::User.as_str() { Some(Self::User) } else { RecordKind::parse(word).map(Self::Supporting) }
    }
}

/// A supporting record as it is stored.
#[derive(Clone, Debug)]
pub struct ResourceRow {
    /// Its id.
    pub id: String,
    /// The part of it that clients write. Its key is unique in its kind.
    pub record: SupportingRecord,
    /// Says whether the platform ships it.
    pub built_in: bool,
    /// Grows with every write.
    pub version: i64,
    /// Epoch milliseconds.
    pub created: i64,
    /// Epoch milliseconds.
    pub modified: i64,
}

/// A supporting record to be made.
#[derive(Clone, Debug)]
pub struct NewResource {
    /// Its id.
    pub id: String,
    /// The part of it that clients write. Its key is unique in its kind.
    pub record: SupportingRecord,
    /// Says whether the platform ships it.
    pub built_in: bool,
}

/// The columns of a record's values; each kind has some of them.
#[derive(Default)]
struct RecordColumns<'a> {
    name: Option<&'a str>,
    /// A JSON list of names.
    privileges: Option<String>,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    active: Option<bool>,
    external: Option<bool>,
    /// A JSON list of pairs: the type and the id of each member.
    members: Option<String>,
}

impl<'a> RecordColumns<'a> {
    fn of_content(content: &'a RecordContent) -> Result<Self, StoreError> {
        Ok(match content {
            RecordContent::Clinic { name } => Self { name: name.as_deref(), ..Self::default() },
            RecordContent::Role { name, privileges } => {
                Self { name: name.as_deref(), privileges: Some(list(privileges)?), ..Self::default() }
            }
            RecordContent::Employee { first_name, last_name, active, external } => {
                Self { first_name: Some(first_name), last_name: Some(last_name), active: *active, external: *external, ..Self::default() }
            }
            RecordContent::Group { name, members } => {
                let pairs: Vec<(&str, &str)> = members.iter().map(pair).collect();
                Self { name: Some(name), members: Some(list(&pairs)?), ..Self::default() }
            }
        })
    }
}

fn list(values: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(values).map_err(|_| DAMAGED)
}

/// The type and the id of a member.
fn pair(member: &GroupMember) -> (&str, &str) {
    let (kind, id) = ResourceKind::of_member(member);
    (kind.as_str(), id)
}

const DAMAGED: StoreError = StoreError::Damaged { table: "resources" };

fn member((kind, id): (String, String)) -> Result<GroupMember, StoreError> {
    match ResourceKind::parse(&kind) {
        Some(ResourceKind::User) => Ok(GroupMember::User(id)),
        Some(ResourceKind::Supporting(RecordKind::Group)) => Ok(GroupMember::Group(id)),
        Some(ResourceKind::Supporting(RecordKind::Clinic | RecordKind::Role | RecordKind::Employee)) | None => Err(DAMAGED),
    }
}

/// The columns of [`ResourceRow`]; a macro, since each statement is one text.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, unique_key, external_id, name, privileges, first_name, last_name, active, external, members, ",
            "built_in, version, created, modified FROM resources WHERE workspace = $1 AND kind = $2 AND deleted = 0 ",
            $rest
        )
    };
}

fn decode(kind: RecordKind, r: &SqliteRow) -> Result<ResourceRow, StoreError> {
    let text = |column: &str| r.try_get::<Option<String>, _>(column);
    let flag = |column: &str| r.try_get::<Option<i64>, _>(column).map(|flag| flag.map(|flag| flag != 0));
    let needed = |column: &str| text(column)?.ok_or(DAMAGED);
    let content = match kind {
        RecordKind::Clinic => RecordContent::Clinic { name: text("name")? },
        RecordKind::Role => {
            let privileges: BTreeSet<String> = serde_json::from_str(&needed("privileges")?).map_err(|_| DAMAGED)?;
            RecordContent::Role { name: text("name")?, privileges }
        }
        RecordKind::Employee => RecordContent::Employee {
            first_name: needed("first_name")?,
            last_name: needed("last_name")?,
            active: flag("active")?,
            external: flag("external")?,
        },
        RecordKind::Group => {
            let pairs: Vec<(String, String)> = serde_json::from_str(&needed("members")?).map_err(|_| DAMAGED)?;
            RecordContent::Group { name: needed("name")?, members: pairs.into_iter().map(member).collect::<Result<_, _>>()? }
        }
    };
    Ok(ResourceRow {
        id: r.try_get("id")?,
        record: SupportingRecord { key: r.try_get("unique_key")?, external_id: text("external_id")?, content },
        built_in: r.try_get::<i64, _>("built_in")? != 0,
        version: r.try_get("version")?,
        created: r.try_get("created")?,
        modified: r.try_get("modified")?,
    })
}

/// The resource with that id.
///
/// # Errors
/// The row is damaged, or the database refuses.
pub async fn find(conn: &mut Conn, workspace: &str, kind: RecordKind, id: &str) -> Result<Option<ResourceRow>, StoreError> {
    let row = sqlx::query(select!("AND id = $3")).bind(workspace).bind(kind.as_str()).bind(id).fetch_optional(conn).await?;
    row.as_ref().map(|row| decode(kind, row)).transpose()
}

/// All resources of a kind, ordered by id.
///
/// # Errors
/// A row is damaged, or the database refuses.
pub async fn all(conn: &mut Conn, workspace: &str, kind: RecordKind) -> Result<Vec<ResourceRow>, StoreError> {
    let rows = sqlx::query(select!("ORDER BY id")).bind(workspace).bind(kind.as_str()).fetch_all(conn).await?;
    rows.iter().map(|row| decode(kind, row)).collect()
}

/// A statement with what both writes have: `$1` to `$11` are the workspace, the kind, the id, the client's own id, and the values in the
/// order of [`RecordColumns`].
fn writing<'q>(
    statement: &'static str,
    workspace: &'q str,
    id: &'q str,
    record: &'q SupportingRecord,
) -> Result<Statement<'q>, StoreError> {
    let RecordColumns { name, privileges, first_name, last_name, active, external, members } = RecordColumns::of_content(&record.content)?;
    Ok(sqlx::query(statement)
        .bind(workspace)
        .bind(RecordKind::of_content(&record.content).as_str())
        .bind(id)
        .bind(record.external_id.as_deref())
        .bind(name)
        .bind(privileges)
        .bind(first_name)
        .bind(last_name)
        .bind(active.map(i64::from))
        .bind(external.map(i64::from))
        .bind(members))
}

/// Makes a resource, version 1.
///
/// # Errors
/// The key is taken, or the database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, new: &NewResource, now: i64) -> Result<(), StoreError> {
    let statement = concat!(
        "INSERT INTO resources (workspace, kind, id, external_id, name, privileges, first_name, last_name, active, external, members, ",
        "unique_key, built_in, version, created, modified, deleted) ",
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $14, 0)"
    );
    writing(statement, workspace, &new.id, &new.record)?
        .bind(new.record.key.as_str())
        .bind(i64::from(new.built_in))
        .bind(now)
        .execute(conn)
        .await
        .map_err(StoreError::from_insert)?;
    Ok(())
}

/// Writes what clients write of a resource, except its key, and raises its version.
///
/// # Errors
/// The database refuses.
pub async fn update(conn: &mut Conn, workspace: &str, id: &str, record: &SupportingRecord, now: i64) -> Result<(), StoreError> {
    let statement = concat!(
        "UPDATE resources SET external_id = $4, name = $5, privileges = $6, first_name = $7, last_name = $8, active = $9, external = $10, ",
        "members = $11, version = version + 1, modified = $12 WHERE workspace = $1 AND kind = $2 AND id = $3"
    );
    writing(statement, workspace, id, record)?.bind(now).execute(conn).await?;
    Ok(())
}

/// Hides a resource: its key is free again, its id never comes back.
///
/// # Errors
/// The database refuses.
pub async fn bury(conn: &mut Conn, workspace: &str, kind: RecordKind, id: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE resources SET deleted = 1, version = version + 1, modified = $4 WHERE workspace = $1 AND kind = $2 AND id = $3")
        .bind(workspace)
        .bind(kind.as_str())
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
