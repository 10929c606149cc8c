//! Step 9: accounts of earlier versions, which were stored as SCIM users, are stored as fields from now on.

use serde_json::Value as Json;
use sqlx::{Executor, Row};

use crate::model::{Field, RemoteId, Value, Wire};
use crate::platform::{self, Catalog};
use crate::scim::map::{self, Context, KeysAndIds};
use crate::scim::urn;
use crate::store::tables::particulars::{Particulars, fields_text};
use crate::store::{Conn, RecordKind, StoreError, UpgradeFault};

/// The number of accounts that are in memory together.
const AT_ONCE: i64 = 1000;

/// Fills the new columns of every account, also of those that plain SCIM has deleted, and drops the old one.
pub(super) async fn fill(conn: &mut Conn) -> Result<(), StoreError> {
    for row in sqlx::query("SELECT name, platform FROM workspaces ORDER BY name").fetch_all(&mut *conn).await? {
        let (workspace, platform): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        fill_workspace(conn, &workspace, &platform).await?;
    }
    conn.execute("ALTER TABLE accounts DROP COLUMN body").await?;
    Ok(())
}

async fn fill_workspace(conn: &mut Conn, workspace: &str, platform: &str) -> Result<(), StoreError> {
    let fault = || UpgradeFault::Platform { workspace: workspace.to_owned(), platform: platform.to_owned() };
    let catalog = platform::named(platform).ok_or_else(|| StoreError::NotUpgraded(fault()))?.catalog();
    let names = names(conn, workspace).await?;
    let mut last = String::new();
    loop {
        let select = "SELECT id, body, employee FROM accounts WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3";
        let rows = sqlx::query(select).bind(workspace).bind(last.as_str()).bind(AT_ONCE).fetch_all(&mut *conn).await?;
        let Some(row) = rows.last() else { return Ok(()) };
        last = row.try_get(0)?;
        for row in &rows {
            let (body, employee): (String, Option<String>) = (row.try_get(1)?, row.try_get(2)?);
            let particulars = read(workspace, (&body, employee), catalog, &names)?;
            sqlx::query("UPDATE accounts SET fields = $3, external_id = $4, document = $5 WHERE workspace = $1 AND id = $2")
                .bind(workspace)
                .bind(row.try_get::<String, _>(0)?)
                .bind(fields_text(particulars.fields())?)
                .bind(particulars.external_id())
                .bind(particulars.document())
                .execute(&mut *conn)
                .await?;
        }
    }
}

/// Keys and ids of the records that accounts link to.
async fn names(conn: &mut Conn, workspace: &str) -> Result<KeysAndIds, StoreError> {
    let mut names = KeysAndIds::new();
    for kind in [RecordKind::Clinic, RecordKind::Employee] {
        let select = "SELECT unique_key, id FROM resources WHERE workspace = $1 AND kind = $2";
        for row in sqlx::query(select).bind(workspace).bind(kind.as_str()).fetch_all(&mut *conn).await? {
            let (key, id): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            match kind {
                RecordKind::Clinic => names.add_clinic(&key, &RemoteId(id)),
                RecordKind::Employee => names.add_employee(&key, &RemoteId(id)),
                RecordKind::Role | RecordKind::Group => {}
            }
        }
    }
    Ok(names)
}

/// Reads a user as versions before this step stored it, with the id of the employee record in a column beside it.
fn read(
    workspace: &str,
    (body, employee): (&str, Option<String>),
    catalog: &Catalog,
    names: &KeysAndIds,
) -> Result<Particulars, StoreError> {
    let user: Json = serde_json::from_str(body).map_err(|_| StoreError::Damaged { table: "accounts" })?;
    let context = Context { catalog, names, practice_extension: true, every_role_counts: false, country: None };
    let mut fields = map::user_fields(&user, &context);
    if catalog.practice_extension {
        if let Some(attribute) = unread(&user, catalog)? {
            return Err(StoreError::NotUpgraded(UpgradeFault::Attribute { workspace: workspace.to_owned(), attribute }));
        }
        let external_id = user.get("externalId").and_then(Json::as_str).map(str::to_owned);
        return Ok(Particulars::practice(&fields, employee, external_id));
    }
    let role = user.pointer("/roles/0/value").and_then(Json::as_str);
    fields.set(Field::Role, role.map_or(Value::Unset, |role| Value::Text(role.to_owned())));
    Ok(Particulars::plain(&fields, body.to_owned()))
}

/// Attributes of a stored user that are not fields: they have columns, or follow from fields.
const NOT_FIELDS: [&str; 4] = ["userName", "emails", "displayName", "externalId"];

/// The first attribute of a user that no field of the platform is, and that would be lost: the fields and their attributes are those of
/// today, and not those of the version that stored the user.
fn unread(user: &Json, catalog: &Catalog) -> Result<Option<String>, StoreError> {
    let damaged = || StoreError::Damaged { table: "accounts" };
    let members = user.as_object().ok_or_else(damaged)?;
    for (name, value) in members.iter().filter(|(name, _)| !NOT_FIELDS.contains(&name.as_str())) {
        if name != urn::PRACTICE {
            if let Some(unread) = unread_part(catalog, false, name, value) {
                return Ok(Some(unread));
            }
            continue;
        }
        for (name, value) in value.as_object().ok_or_else(damaged)? {
            if let Some(unread) = unread_part(catalog, true, name, value) {
                return Ok(Some(unread));
            }
        }
    }
    Ok(None)
}

fn unread_part(catalog: &Catalog, practice: bool, name: &str, value: &Json) -> Option<String> {
    let all = catalog.known_fields().map(|(field, _)| field.definition().wire);
    let wires: Vec<Wire> = all.filter(|wire| wire.practice == practice && wire.attribute == name).collect();
    if wires.is_empty() {
        return Some(name.to_owned());
    }
    if wires.iter().any(|wire| wire.part.is_none()) {
        return None;
    }
    let is_read = |part: &str| wires.iter().any(|wire| wire.part == Some(part) || wire.beside.is_some_and(|(beside, _)| beside == part));
    value.as_object()?.keys().find(|part| !is_read(part)).map(|part| format!("{name}.{part}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a user of the first platform of that kind.
    fn read_of(kind: fn(&Catalog) -> bool, body: &str) -> Particulars {
        result_of(kind, body).unwrap()
    }

    fn result_of(kind: fn(&Catalog) -> bool, body: &str) -> Result<Particulars, StoreError> {
        let mut names = KeysAndIds::new();
        names.add_clinic("downtown", &RemoteId("c-1".to_owned()));
        names.add_employee("ana-ruiz", &RemoteId("e-1".to_owned()));
        let catalog = platform::built_in().iter().map(|platform| platform.catalog()).find(|catalog| kind(catalog)).unwrap();
        read("any", (body, None), catalog, &names)
    }

    fn text(of: &Particulars) -> String {
        fields_text(of.fields()).unwrap()
    }

    #[test]
    fn an_attribute_that_no_field_is_would_be_lost_and_is_refused() {
        let extension = |part: &str| format!(r#"{{"{}":{{{part}}}}}"#, urn::PRACTICE);
        for (body, lost) in [
            (r#"{"name":{"givenName":"Ana","middleName":"M"}}"#.to_owned(), "name.middleName"),
            (r#"{"userName":"a","nickName":"N"}"#.to_owned(), "nickName"),
            (extension(r#""shoeSize":41"#), "shoeSize"),
            (extension(r#""provider":{"active":true,"mdConsent":true,"medicalDirector":"k@x.example","since":1}"#), "provider.since"),
        ] {
            let why = result_of(|catalog| catalog.clinics, &body).unwrap_err();
            let fault = UpgradeFault::Attribute { workspace: "any".to_owned(), attribute: lost.to_owned() };
            assert_eq!(why.to_string(), StoreError::NotUpgraded(fault).to_string());
        }
        assert!(result_of(|catalog| catalog.clinics, "[]").is_err());
    }

    #[test]
    fn a_user_of_a_practice_becomes_fields_with_keys_of_records_and_the_id_of_clients() {
        let clinics = r#"{"name":{"givenName":"Ana"},"roles":[{"value":"provider","primary":true}],"externalId":"x","urn:rosterctl:params:scim:schemas:extension:practice:2.0:User":{"clinics":[{"value":"c-1"},{"value":"c-9"}],"defaultClinic":"c-1"}}"#;
        let read = read_of(|catalog| catalog.clinics, clinics);
        let fields = r#"{"first_name":"Ana","role":"provider","clinics":["c-9","downtown"],"default_clinic":"downtown"}"#;
        assert_eq!((text(&read).as_str(), read.external_id(), read.document()), (fields, Some("x"), None), "an unknown id stays");
        let employee =
            r#"{"urn:rosterctl:params:scim:schemas:extension:practice:2.0:User":{"employee":{"value":"e-1","display":"ana-ruiz"}}}"#;
        assert_eq!(text(&read_of(|catalog| catalog.employees, employee)), r#"{"employee":"ana-ruiz"}"#);
    }

    #[test]
    fn a_user_of_plain_scim_stays_as_the_client_wrote_it_and_the_first_role_counts() {
        let body = r#"{"userName":"A","nickName":"N","title":" MD","roles":[{"value":" nurse"},{"value":"lead","primary":true}],"externalId":"x"}"#;
        let read = read_of(|catalog| !catalog.practice_extension, body);
        assert_eq!(text(&read), r#"{"title":"MD","role":" nurse"}"#);
        assert_eq!((read.document(), read.external_id()), (Some(body), None));
    }
}
