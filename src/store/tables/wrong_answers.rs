//! Wrong answers to a question that somebody could guess at: the phone number that confirms a block, and the code word.

use sqlx::Row;

use crate::model::DAY;
use crate::store::{Conn, StoreError};

/// The time for which a wrong answer is kept, in milliseconds: two days, since days begin at different times.
const KEPT: i64 = 2 * DAY;

/// A question that somebody could guess at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuessedAt {
    /// The acting admin's own phone number (AR-19).
    Phone,
    /// The practice's code word (PBN-5).
    CodeWord,
}

impl GuessedAt {
    const fn word(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::CodeWord => "code-word",
        }
    }
}

/// A wrong answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongAnswer {
    /// The answer, sealed; empty where it does not matter which it was.
    pub mark: String,
    /// Epoch milliseconds.
    pub at: i64,
}

/// The wrong answers of somebody since a time, oldest first; `who` is empty where they are counted for the whole workspace.
///
/// # Errors
/// The database refuses.
pub async fn since(conn: &mut Conn, workspace: &str, question: GuessedAt, who: &str, time: i64) -> Result<Vec<WrongAnswer>, StoreError> {
    let query = "SELECT mark, at FROM wrong_answers WHERE workspace = $1 AND kind = $2 AND who = $3 AND at >= $4 ORDER BY at";
    let rows = sqlx::query(query).bind(workspace).bind(question.word()).bind(who).bind(time).fetch_all(conn).await?;
    rows.iter().map(|r| Ok(WrongAnswer { mark: r.try_get(0)?, at: r.try_get(1)? })).collect()
}

/// Keeps a wrong answer, and drops those that count no longer.
///
/// # Errors
/// The database refuses.
pub async fn keep(conn: &mut Conn, workspace: &str, question: GuessedAt, who: &str, wrong: &WrongAnswer) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM wrong_answers WHERE workspace = $1 AND at < $2")
        .bind(workspace)
        .bind(wrong.at.saturating_sub(KEPT))
        .execute(&mut *conn)
        .await?;
    sqlx::query("INSERT INTO wrong_answers (workspace, kind, who, mark, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(workspace)
        .bind(question.word())
        .bind(who)
        .bind(wrong.mark.as_str())
        .bind(wrong.at)
        .execute(conn)
        .await?;
    Ok(())
}

/// Drops the wrong answers to a question, which has another right answer from now on.
///
/// # Errors
/// The database refuses.
pub async fn forget(conn: &mut Conn, workspace: &str, question: GuessedAt) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM wrong_answers WHERE workspace = $1 AND kind = $2").bind(workspace).bind(question.word()).execute(conn).await?;
    Ok(())
}
