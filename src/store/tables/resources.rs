//! Clinics, roles, employee records, and groups of plain SCIM.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::store::{Conn, StoreError};

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

impl RecordKind {
    /// The word in the table, which is also the resource type's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clinic => "Clinic",
            Self::Role => "Role",
            Self::Employee => "Employee",
            Self::Group => "Group",
        }
    }

    /// Whether it is a role.
    #[must_use]
    pub const fn is_role(self) -> bool {
        match self {
            Self::Role => true,
            Self::Clinic | Self::Employee | Self::Group => false,
        }
    }

    /// The kind a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Clinic, Self::Role, Self::Employee, Self::Group].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The type of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// A user.
    User,
    /// What users refer to.
    Supporting(RecordKind),
}

impl ResourceKind {
    /// The word in the table, which is also the resource type's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Supporting(kind) => kind.as_str(),
        }
    }

    /// Whether it is a user.
    #[must_use]
    pub const fn is_user(self) -> bool {
        match self {
            Self::User => true,
            Self::Supporting(_) => false,
        }
    }

    /// The type of a member of a group that names this one: a group, or else a user.
    #[must_use]
    pub const fn of_member(self) -> Self {
        match self {
            Self::Supporting(RecordKind::Group) => self,
            Self::User | Self::Supporting(RecordKind::Clinic | RecordKind::Role | RecordKind::Employee) => Self::User,
        }
    }

    /// The type a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        if word == Self::User.as_str() { Some(Self::User) } else { RecordKind::parse(word).map(Self::Supporting) }
    }
}

/// A clinic, role or employee record as it is stored.
#[derive(Clone, Debug)]
pub struct ResourceRow {
    /// Its id.
    pub id: String,
    /// Its key, unique in its kind.
    pub key: String,
    /// The attributes clients write, as JSON.
    pub body: String,
    /// Whether the platform ships it.
    pub built_in: bool,
    /// Grows with every write.
    pub version: i64,
    /// Epoch milliseconds.
    pub created: i64,
    /// Epoch milliseconds.
    pub modified: i64,
}

/// A clinic, role or employee record to be made.
#[derive(Clone, Debug)]
pub struct NewResource {
    /// Its kind.
    pub kind: RecordKind,
    /// Its id.
    pub id: String,
    /// Its key, unique in its kind.
    pub key: String,
    /// The attributes clients write, as JSON.
    pub body: String,
    /// Whether the platform ships it.
    pub built_in: bool,
}

fn decode(r: &AnyRow) -> Result<ResourceRow, StoreError> {
    Ok(ResourceRow {
        id: r.try_get(0)?,
        key: r.try_get(1)?,
        body: r.try_get(2)?,
        built_in: r.try_get::<i64, _>(3)? != 0,
        version: r.try_get(4)?,
        created: r.try_get(5)?,
        modified: r.try_get(6)?,
    })
}

/// The resource with that id.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, workspace: &str, kind: RecordKind, id: &str) -> Result<Option<ResourceRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, unique_key, body, built_in, version, created, modified FROM resources WHERE workspace = $1 AND kind = $2 AND id = $3 AND deleted = 0",
    )
    .bind(workspace)
    .bind(kind.as_str())
    .bind(id)
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(decode).transpose()
}

/// All resources of a kind, ordered by id.
///
/// # Errors
/// The database refuses.
pub async fn all(conn: &mut Conn, workspace: &str, kind: RecordKind) -> Result<Vec<ResourceRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, unique_key, body, built_in, version, created, modified FROM resources WHERE workspace = $1 AND kind = $2 AND deleted = 0 ORDER BY id",
    )
    .bind(workspace)
    .bind(kind.as_str())
    .fetch_all(conn)
    .await?;
    rows.iter().map(decode).collect()
}

/// Makes a resource, version 1.
///
/// # Errors
/// The key is taken, or the database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, new: &NewResource, now: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO resources (workspace, kind, id, unique_key, body, built_in, version, created, modified, deleted) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7, 0)",
    )
    .bind(workspace)
    .bind(new.kind.as_str())
    .bind(new.id.as_str())
    .bind(new.key.as_str())
    .bind(new.body.as_str())
    .bind(i64::from(new.built_in))
    .bind(now)
    .execute(conn)
    .await
    .map_err(StoreError::from_insert)?;
    Ok(())
}

/// Writes a resource and raises its version.
///
/// # Errors
/// The database refuses.
pub async fn update(conn: &mut Conn, workspace: &str, kind: RecordKind, id: &str, body: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE resources SET body = $4, version = version + 1, modified = $5 WHERE workspace = $1 AND kind = $2 AND id = $3")
        .bind(workspace)
        .bind(kind.as_str())
        .bind(id)
        .bind(body)
        .bind(now)
        .execute(conn)
        .await?;
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
