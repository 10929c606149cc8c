//! Wrong secrets in a row.

use sqlx::Row;

use crate::store::{Conn, StoreError};

/// The place where wrong ones are counted. Somebody who tries a login of several workspaces in one after the other has one count for all (E2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedIn<'a> {
    /// The workspace of this name.
    Workspace(&'a str),
    /// The platform with this word, where people have one login for all workspaces.
    Platform(&'a str),
}

impl CountedIn<'_> {
    /// As the table has it. No workspace has a name with a colon.
    fn to_column(self) -> String {
        match self {
            Self::Workspace(name) => name.to_owned(),
            Self::Platform(word) => format!("platform:{word}"),
        }
    }
}

/// Returns how many there were, and when the last one was (epoch milliseconds); zeros where there were none.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, place: CountedIn<'_>, kind: &str, who: &str) -> Result<(i64, i64), StoreError> {
    let row = sqlx::query("SELECT count, last FROM failures WHERE place = $1 AND kind = $2 AND who = $3")
        .bind(place.to_column())
        .bind(kind)
        .bind(who)
        .fetch_optional(conn)
        .await?;
    row.map_or(Ok((0, 0)), |r| Ok((r.try_get(0)?, r.try_get(1)?)))
}

/// Stores how many there are now.
///
/// # Errors
/// The database refuses.
pub async fn set(conn: &mut Conn, place: CountedIn<'_>, kind: &str, who: &str, (count, last): (i64, i64)) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "INSERT INTO failures (place, kind, who, count, last) VALUES ($1, $2, $3, $4, $5) ",
        "ON CONFLICT (place, kind, who) DO UPDATE SET count = $4, last = $5"
    ))
    .bind(place.to_column())
    .bind(kind)
    .bind(who)
    .bind(count)
    .bind(last)
    .execute(conn)
    .await?;
    Ok(())
}

/// Begins to count anew, after the right secret.
///
/// # Errors
/// The database refuses.
pub async fn forget(conn: &mut Conn, place: CountedIn<'_>, kind: &str, who: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM failures WHERE place = $1 AND kind = $2 AND who = $3")
        .bind(place.to_column())
        .bind(kind)
        .bind(who)
        .execute(conn)
        .await?;
    Ok(())
}
