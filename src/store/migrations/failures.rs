//! Step 17: wrong passwords and recovery codes of logins that open several workspaces have one count. Before, each workspace had its own.
//!
//! The marks and kinds here are those of that time. They stay as they are, whatever tries are counted under later.

use std::collections::BTreeMap;

use sqlx::Row;

use crate::model::Email;
use crate::platform;
use crate::store::key::{StoreKey, sha256};
use crate::store::tables::members::failures::{self, CountedIn};
use crate::store::{Conn, StoreError};

const PASSWORD: &str = "password";

/// Adds up what the workspaces of each platform with shared logins have counted.
pub(super) async fn add_up(conn: &mut Conn, key: &StoreKey) -> Result<(), StoreError> {
    for row in sqlx::query("SELECT DISTINCT platform FROM workspaces ORDER BY platform").fetch_all(&mut *conn).await? {
        let word: String = row.try_get(0)?;
        let members = platform::named(&word).and_then(|platform| platform.catalog().members.as_ref());
        if members.is_some_and(|rules| rules.shared_login) {
            add_up_platform(conn, key, &word).await?;
        }
    }
    Ok(())
}

async fn add_up_platform(conn: &mut Conn, key: &StoreKey, platform: &str) -> Result<(), StoreError> {
    let own = marks_of_own_logins(conn, key, platform).await?;
    let counted = concat!(
        "SELECT f.place, f.kind, f.who, f.count, f.last FROM failures f JOIN workspaces w ON w.name = f.place ",
        "WHERE w.platform = $1 AND f.kind IN ('password', 'recovery-code')"
    );
    let mut sums: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for row in sqlx::query(counted).bind(platform).fetch_all(&mut *conn).await? {
        let [workspace, kind, who]: [String; 3] = [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?];
        let (count, last): (i64, i64) = (row.try_get(3)?, row.try_get(4)?);
        failures::forget(conn, CountedIn::Workspace(&workspace), &kind, &who).await?;
        let of_own_login = own.get(&(workspace, who.clone())).filter(|_| kind == PASSWORD);
        let sum = sums.entry((kind, of_own_login.cloned().unwrap_or(who))).or_default();
        *sum = (sum.0.saturating_add(count), sum.1.max(last));
    }
    for ((kind, who), sum) in sums {
        failures::set(conn, CountedIn::Platform(platform), &kind, &who, sum).await?;
    }
    Ok(())
}

/// Returns what wrong passwords are counted under for logins that open one workspace alone, by that workspace and the mark of the address, under
/// which they were counted before.
async fn marks_of_own_logins(conn: &mut Conn, key: &StoreKey, platform: &str) -> Result<BTreeMap<(String, String), String>, StoreError> {
    let own = concat!(
        "SELECT a.workspace, a.user_name, l.id FROM accounts a JOIN logins l ON l.id = a.login ",
        "WHERE l.platform = $1 AND l.workspace IS NOT NULL"
    );
    let mut marks = BTreeMap::new();
    for row in sqlx::query(own).bind(platform).fetch_all(&mut *conn).await? {
        let [workspace, address, login]: [String; 3] = [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?];
        let address = Email::parse(&address).map_or(address, |email| email.as_str().to_owned());
        let before = key.seal(&sha256(&[b"sign-in", address.as_bytes()]));
        marks.insert((workspace, before), key.seal(&sha256(&[b"sign-in of one account", login.as_bytes()])));
    }
    Ok(marks)
}
