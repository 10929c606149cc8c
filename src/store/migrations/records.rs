//! Step 11: clinics, roles, employee records and groups of earlier versions, which were stored as SCIM resources, get columns.
//!
//! The names here are those of the resources of that time. They stay as they are, whatever the wire becomes.

use serde::Deserialize;
use sqlx::{Executor, Row};

use crate::store::{Conn, StoreError};

const DAMAGED: StoreError = StoreError::Damaged { table: "resources" };

/// Fills the new columns of every record, also of those that were deleted, and drops the old one.
pub(super) async fn fill(conn: &mut Conn) -> Result<(), StoreError> {
    let select = "SELECT workspace, kind, id, unique_key, body FROM resources ORDER BY workspace, kind, id";
    for row in sqlx::query(select).fetch_all(&mut *conn).await? {
        let [workspace, kind, id, key, body]: [String; 5] =
            [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?];
        let read = columns(&kind, &key, &body)?;
        sqlx::query(concat!(
            "UPDATE resources SET external_id = $4, name = $5, privileges = $6, first_name = $7, last_name = $8, active = $9, external = $10, ",
            "members = $11 WHERE workspace = $1 AND kind = $2 AND id = $3"
        ))
        .bind(workspace)
        .bind(kind)
        .bind(id)
        .bind(read.external_id)
        .bind(read.name)
        .bind(read.privileges)
        .bind(read.first_name)
        .bind(read.last_name)
        .bind(read.active.map(i64::from))
        .bind(read.external.map(i64::from))
        .bind(read.members)
        .execute(&mut *conn)
        .await?;
    }
    conn.execute("ALTER TABLE resources DROP COLUMN body").await?;
    Ok(())
}

#[derive(Debug, Default, PartialEq, Eq)]
struct FormerColumns {
    external_id: Option<String>,
    name: Option<String>,
    privileges: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    active: Option<bool>,
    external: Option<bool>,
    members: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClinicBody {
    key: String,
    display_name: Option<String>,
    external_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RoleBody {
    value: String,
    display: Option<String>,
    #[serde(default)]
    privileges: Vec<String>,
    external_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EmployeeBody {
    key: String,
    given_name: String,
    family_name: String,
    active: Option<bool>,
    external: Option<bool>,
    external_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GroupBody {
    display_name: String,
    #[serde(default)]
    members: Vec<MemberBody>,
    external_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberBody {
    value: String,
    #[serde(rename = "type")]
    kind: MemberKind,
}

#[derive(Clone, Copy, Deserialize, serde::Serialize)]
enum MemberKind {
    User,
    Group,
}

/// Reads a resource as versions before this step stored it. A resource that it cannot read, or could not keep, is refused.
fn columns(kind: &str, key: &str, body: &str) -> Result<FormerColumns, StoreError> {
    let (columns, written) = match kind {
        "Clinic" => {
            let ClinicBody { key, display_name, external_id } = read(body)?;
            (FormerColumns { external_id, name: display_name, ..FormerColumns::default() }, Some(key))
        }
        "Role" => {
            let RoleBody { value, display, mut privileges, external_id } = read(body)?;
            privileges.sort();
            privileges.dedup();
            (FormerColumns { external_id, name: display, privileges: Some(list(&privileges)?), ..FormerColumns::default() }, Some(value))
        }
        "Employee" => {
            let EmployeeBody { key, given_name, family_name, active, external, external_id } = read(body)?;
            let (first_name, last_name) = (Some(given_name), Some(family_name));
            (FormerColumns { external_id, first_name, last_name, active, external, ..FormerColumns::default() }, Some(key))
        }
        "Group" => {
            let GroupBody { display_name, members, external_id } = read(body)?;
            let pairs: Vec<(MemberKind, String)> = members.into_iter().map(|member| (member.kind, member.value)).collect();
            (FormerColumns { external_id, name: Some(display_name), members: Some(list(&pairs)?), ..FormerColumns::default() }, None)
        }
        _ => return Err(DAMAGED),
    };
    // The key has a column of its own, without the spaces around it.
    if written.is_some_and(|written| written.trim() != key) { Err(DAMAGED) } else { Ok(columns) }
}

fn read<'b, T: Deserialize<'b>>(body: &'b str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(|_| DAMAGED)
}

fn list(values: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(values).map_err(|_| DAMAGED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_of_each_kind_is_read_into_the_columns_of_its_kind() {
        let clinic = columns("Clinic", "downtown", r#"{"displayName":" Downtown ","key":" downtown ","externalId":"x"}"#).unwrap();
        assert_eq!(
            clinic,
            FormerColumns { name: Some(" Downtown ".to_owned()), external_id: Some("x".to_owned()), ..FormerColumns::default() }
        );
        let role = columns("Role", "lead", r#"{"privileges":["b","a","b"],"value":"lead"}"#).unwrap();
        assert_eq!(role, FormerColumns { privileges: Some(r#"["a","b"]"#.to_owned()), ..FormerColumns::default() });
        assert_eq!(columns("Role", "lead", r#"{"value":"lead"}"#).unwrap().privileges, Some("[]".to_owned()));
        let employee = r#"{"key":"ana-ruiz","givenName":"Ana","familyName":"Ruiz","active":false,"external":true}"#;
        let names = FormerColumns { first_name: Some("Ana".to_owned()), last_name: Some("Ruiz".to_owned()), ..FormerColumns::default() };
        assert_eq!(
            columns("Employee", "ana-ruiz", employee).unwrap(),
            FormerColumns { active: Some(false), external: Some(true), ..names }
        );
        let group = r#"{"members":[{"value":"u-1","type":"User"},{"value":"g-1","type":"Group"}],"displayName":"All"}"#;
        let all = FormerColumns {
            name: Some("All".to_owned()),
            members: Some(r#"[["User","u-1"],["Group","g-1"]]"#.to_owned()),
            ..FormerColumns::default()
        };
        assert_eq!(columns("Group", "g-2", group).unwrap(), all);
    }

    #[test]
    fn a_resource_that_cannot_be_kept_whole_is_refused() {
        for (kind, key, body) in [
            ("Clinic", "downtown", "x"),
            ("Clinic", "downtown", r#"{"key":"uptown"}"#),
            ("Clinic", "downtown", r#"{"key":"downtown","phone":"1"}"#),
            ("Role", "lead", r#"{"value":"lead","privileges":"a"}"#),
            ("Employee", "ana-ruiz", r#"{"key":"ana-ruiz","givenName":"Ana"}"#),
            ("Group", "g", r#"{"displayName":"All","members":[{"value":"u-1","type":"Robot"}]}"#),
            ("Group", "g", r#"{"displayName":"All","members":[{"value":"u-1","type":"User","display":"Ana"}]}"#),
            ("Room", "g", "{}"),
        ] {
            assert!(columns(kind, key, body).is_err(), "{kind} {body}");
        }
    }
}
