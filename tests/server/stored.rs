//! The form in which accounts and supporting records are stored: as fields by their keys and in columns, and never as the JSON of the wire.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rosterctl::model::{Field, Fields, RemoteId, Value as Val};
use rosterctl::platform::{Platform, built_in};
use rosterctl::scim::map::{Context, KeysAndIds, fields_to_user};
use rosterctl::server::seed;
use rosterctl::store::{AccountRow, RecordKind, Store, accounts, resources};
use rosterctl::workspace::{GroupMember, RecordContent, SupportingRecord};
use serde_json::{Value, json};
use sqlx::{Connection, Row, SqliteConnection};

use crate::harness::*;
use crate::worlds::{self, values};

/// Random accounts of a platform, the first with the role of administrators.
fn people(platform: &Platform, choices: &[Vec<u8>]) -> Vec<(String, Fields)> {
    let person = |(i, choices): (usize, &Vec<u8>)| {
        let mut fields = values::fields(platform, choices, i);
        // A clinic that is shown first must be one of the workspace, which has those that somebody works in.
        let has_it = fields.text(Field::DefaultClinic).is_none_or(|key| fields.items(Field::Clinics).contains(key));
        if !has_it {
            fields.set(Field::DefaultClinic, Val::Unset);
        }
        (worlds::address(i).as_str().to_owned(), fields)
    };
    choices.iter().enumerate().map(person).collect()
}

async fn make(store: &Store, platform: &Platform, people: &[(String, Fields)]) {
    let list: Vec<_> = people.iter().map(|(who, fields)| (who.as_str(), fields.clone(), accepted())).collect();
    let wanted = desired("any", platform.word(), Some(people[0].0.as_str()), &list);
    store.create_workspace(&seed::from_desired(&wanted).unwrap()).await.unwrap();
}

async fn rows(store: &Store) -> Vec<AccountRow> {
    store.read(|conn| Box::pin(async move { accounts::page(conn, "any", "", 1000).await })).await.unwrap()
}

/// Keys and ids of the clinics and employee records.
async fn names(store: &Store) -> KeysAndIds {
    let mut names = KeysAndIds::new();
    let all = |kind| store.read(move |conn| Box::pin(async move { resources::all(conn, "any", kind).await }));
    for row in all(RecordKind::Clinic).await.unwrap() {
        names.add_clinic(&row.record.key, &RemoteId(row.id));
    }
    for row in all(RecordKind::Employee).await.unwrap() {
        names.add_employee(&row.record.key, &RemoteId(row.id));
    }
    names
}

/// Each supporting record, by its id.
async fn records(store: &Store) -> Vec<(String, SupportingRecord)> {
    let mut found = Vec::new();
    for kind in [RecordKind::Clinic, RecordKind::Role, RecordKind::Employee, RecordKind::Group] {
        let all = store.read(move |conn| Box::pin(async move { resources::all(conn, "any", kind).await })).await;
        found.extend(all.unwrap().into_iter().map(|row| (row.id, row.record)));
    }
    found
}

/// Runs a check for random accounts of each platform; the check returns in how many accounts a field had a value.
fn for_random_accounts(check: impl Fn(&tokio::runtime::Runtime, &Platform, &[(String, Fields)]) -> usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for platform in built_in() {
        let seen = std::cell::Cell::new(0);
        let choices = prop::collection::vec(prop::collection::vec(0..values::CHOICES, Field::ALL.len()), 1..9);
        let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
        let ran = runner.run(&choices, |choices| {
            seen.set(seen.get() + check(&runtime, platform, &people(platform, &choices)));
            Ok(())
        });
        ran.unwrap_or_else(|why| panic!("{}: {why}", platform.word()));
        assert!(seen.get() > 20, "{}: {} fields", platform.word(), seen.get());
    }
}

/// The fields that have a value, in the form in which the platform stores them. An employee record is named by the key that it was given.
fn valued(platform: &Platform, fields: &Fields, stored: &AccountRow) -> Fields {
    let mut fields = fields.clone();
    platform.catalog().normalize(&mut fields);
    if let Some(key) = stored.particulars.fields().text(Field::Employee) {
        fields.set(Field::Employee, text(key));
    }
    fields.iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| (field, value.to_value())).collect()
}

#[test]
fn a_stored_account_is_read_back_as_it_was() {
    for_random_accounts(|runtime, platform, people| {
        runtime.block_on(async {
            let store = Store::memory().await.unwrap();
            make(&store, platform, people).await;
            let mut seen = 0;
            for row in rows(&store).await {
                let (_, fields) = people.iter().find(|(who, _)| *who == row.user_name).unwrap();
                assert_eq!(*row.particulars.fields(), valued(platform, fields, &row), "{}", row.user_name);
                assert_eq!(row.particulars.employee().is_some(), platform.catalog().employees);
                assert_eq!(row.particulars.document().is_some(), !platform.catalog().practice_extension);
                seen += row.particulars.fields().len();
            }
            seen
        })
    });
}

async fn edit(file: &Path, statements: &[String]) {
    let mut conn = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    for statement in statements {
        sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();
}

/// The account as versions before step 9 stored it: the user of the wire, without what has columns of its own.
fn earlier_body(platform: &Platform, row: &AccountRow, names: &KeysAndIds) -> String {
    if let Some(document) = row.particulars.document() {
        return document.to_owned();
    }
    let context = Context { catalog: platform.catalog(), names, practice_extension: true, every_role_counts: false, country: None };
    let mut user = fields_to_user(&email(&row.user_name), row.particulars.fields(), &context).unwrap();
    let members = user.as_object_mut().unwrap();
    for name in ["schemas", "userName", "emails", "active"] {
        members.shift_remove(name);
    }
    if let Some(id) = row.particulars.external_id() {
        members.insert("externalId".to_owned(), json!(id));
    }
    if let Some(link) = members.get_mut(PRACTICE).and_then(|part| part.get_mut("employee")) {
        link["display"] = json!(row.particulars.fields().text(Field::Employee));
    }
    user.to_string()
}

/// Copies the workspace of an attached database into one of step 8.
const INTO_STEP_8: [&str; 3] = [
    "INSERT INTO workspaces SELECT name, platform, time_zone, initial_password_allowed, NULL FROM made.workspaces",
    "INSERT INTO resources SELECT workspace, kind, id, unique_key, CASE kind \
     WHEN 'Clinic' THEN json_object('key', unique_key, 'displayName', name) \
     WHEN 'Role' THEN json_object('value', unique_key, 'display', name, 'privileges', json(privileges)) \
     ELSE json_object('key', unique_key, 'givenName', first_name, 'familyName', last_name, \
     'active', json(iif(active, 'true', 'false')), 'external', json(iif(external, 'true', 'false'))) END, \
     built_in, version, created, modified, deleted FROM made.resources",
    "INSERT INTO accounts SELECT workspace, id, user_name, '', role_privileges, employee, accepted, inactive, main_admin, invited_given, \
     invited_family, passcode_hash, last_login, version, created, modified, deleted, NULL, former FROM made.accounts",
];

/// A copy of the database of step 8, with its key.
fn copy_of_old(folder: &Path) -> PathBuf {
    for name in ["all.db", "all.key"] {
        std::fs::copy(old().join(name), folder.join(name)).unwrap();
    }
    folder.join("all.db")
}

// Databases of step 8 and before have SCIM users and resources; every account and record is the same one after the upgrade.
#[test]
fn accounts_and_records_that_were_stored_as_json_of_the_wire_are_read_into_the_same_values() {
    for_random_accounts(|runtime, platform, people| {
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("any.db");
            let store = Store::open(&file).await.unwrap();
            make(&store, platform, people).await;
            let (before, records_before) = (rows(&store).await, records(&store).await);
            let names = names(&store).await;
            store.close().await;
            let mut statements = vec![format!("ATTACH '{}' AS made", file.display())];
            statements.extend(INTO_STEP_8.map(str::to_owned));
            for row in &before {
                let body = earlier_body(platform, row, &names).replace('\'', "''");
                statements.push(format!("UPDATE accounts SET body = '{body}' WHERE workspace = 'any' AND id = '{}'", row.id));
            }
            let earlier = copy_of_old(folder.path());
            edit(&earlier, &statements).await;
            let store = Store::open(&earlier).await.unwrap();
            let (after, records_after) = (rows(&store).await, records(&store).await);
            store.close().await;
            assert_eq!(before.len(), after.len());
            assert_eq!(records_before, records_after);
            for (was, is) in before.iter().zip(&after) {
                assert_eq!(was.particulars, is.particulars, "{}", was.user_name);
                assert_eq!((was.version, was.modified), (is.version, is.modified));
            }
            before.iter().map(|row| row.particulars.fields().len()).sum()
        })
    });
}

fn old() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pins/old/every-field")
}

#[tokio::test]
async fn a_database_that_cannot_be_read_whole_is_not_upgraded_in_part() {
    for (statement, refusal) in [
        (
            "UPDATE accounts SET body = 'x' WHERE user_name = 'p3@glow.example' AND workspace = 'telus-chr'",
            "a row of `accounts` is damaged",
        ),
        (r#"UPDATE resources SET body = '{"key":"uptown","phone":"1"}' WHERE unique_key = 'uptown'"#, "a row of `resources` is damaged"),
        ("UPDATE workspaces SET platform = 'other' WHERE name = 'telus-chr'", "has the platform `other`, which this version"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = copy_of_old(folder.path());
        edit(&file, &[statement.to_owned()]).await;
        let why = Store::open(&file).await.map(|_| ()).unwrap_err();
        assert!(why.to_string().contains(refusal), "{why}");
        let mut conn = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
        let counts = [
            ("SELECT MAX(version) FROM schema_steps", 8),
            ("SELECT COUNT(body) FROM accounts", 66),
            ("SELECT COUNT(body) FROM resources", 35),
        ];
        for (query, number) in counts {
            let row = sqlx::query(query).fetch_one(&mut conn).await.unwrap();
            assert_eq!(row.get::<i64, _>(0), number, "nothing was changed: {query}");
        }
        conn.close().await.unwrap();
    }
}

/// Records as clients of step 8 wrote them: the kind, the id, the body, whether it was deleted, and what is read now.
fn of_clients() -> [(RecordKind, &'static str, &'static str, bool, SupportingRecord); 5] {
    let record = |key: &str, external_id: Option<&str>, content| SupportingRecord {
        key: key.to_owned(),
        external_id: external_id.map(str::to_owned),
        content,
    };
    let employee = |active, external| {
        let (first_name, last_name) = ("Kim".to_owned(), "O'Lee".to_owned());
        RecordContent::Employee { first_name, last_name, active, external }
    };
    let members = vec![GroupMember::User("u-1".to_owned()), GroupMember::Group("r-1".to_owned())];
    let role = RecordContent::Role { name: None, privileges: ["billing".to_owned()].into() };
    [
        (
            RecordKind::Employee,
            "r-1",
            r#"{"key":"kim","givenName":"Kim","familyName":"O'Lee","externalId":"hr-7"}"#,
            false,
            record("kim", Some("hr-7"), employee(None, None)),
        ),
        (
            RecordKind::Employee,
            "r-2",
            r#"{"key":"kim","givenName":"Kim","familyName":"O'Lee","active":false,"external":true}"#,
            true,
            record("kim", None, employee(Some(false), Some(true))),
        ),
        (
            RecordKind::Clinic,
            "r-3",
            r#"{"key":"north","externalId":"c-7"}"#,
            false,
            record("north", Some("c-7"), RecordContent::Clinic { name: None }),
        ),
        (RecordKind::Role, "r-4", r#"{"value":"night","privileges":["billing"]}"#, false, record("night", None, role)),
        (
            RecordKind::Group,
            "r-5",
            r#"{"displayName":"All","externalId":"g-7","members":[{"value":"u-1","type":"User"},{"value":"r-1","type":"Group"}]}"#,
            false,
            record("r-5", Some("g-7"), RecordContent::Group { name: "All".to_owned(), members }),
        ),
    ]
}

#[tokio::test]
async fn records_that_clients_wrote_are_upgraded_also_deleted_ones_and_with_what_they_do_not_say() {
    let folder = tempfile::tempdir().unwrap();
    let file = copy_of_old(folder.path());
    let row = |(kind, id, body, deleted, record): &(RecordKind, &str, &str, bool, SupportingRecord)| {
        let (kind, body, key) = (kind.as_str(), body.replace('\'', "''"), &record.key);
        format!("INSERT INTO resources VALUES ('telus-chr', '{kind}', '{id}', '{key}', '{body}', 0, 3, 1, 2, {})", i64::from(*deleted))
    };
    edit(&file, &of_clients().iter().map(row).collect::<Vec<_>>()).await;
    let store = Store::open(&file).await.unwrap();
    let find = async |kind: RecordKind, id: &'static str| {
        store.read(move |conn| Box::pin(async move { resources::find(conn, "telus-chr", kind, id).await })).await.unwrap()
    };
    let mut hidden = Vec::new();
    for (kind, id, _, deleted, record) in of_clients() {
        let found = find(kind, id).await;
        if deleted {
            assert!(found.is_none(), "{id}: still deleted");
            hidden.push(id);
        } else {
            let row = found.unwrap();
            assert_eq!((row.record, row.built_in, row.version, row.created, row.modified), (record, false, 3, 1, 2), "{id}");
        }
    }
    store.close().await;
    // Shown again, a deleted record has its values, too.
    edit(
        &file,
        &hidden.iter().map(|id| format!("UPDATE resources SET deleted = 0, unique_key = 'x' WHERE id = '{id}'")).collect::<Vec<_>>(),
    )
    .await;
    let store = Store::open(&file).await.unwrap();
    for (kind, id, _, _, record) in of_clients().into_iter().filter(|(_, id, ..)| hidden.contains(id)) {
        let row = store.read(move |conn| Box::pin(async move { resources::find(conn, "telus-chr", kind, id).await })).await.unwrap();
        assert_eq!(row.unwrap().record, SupportingRecord { key: "x".to_owned(), ..record }, "{id}");
    }
    store.close().await;
    assert_eq!(hidden, ["r-2"]);
}

#[tokio::test]
async fn an_account_with_a_field_of_a_newer_version_asks_for_that_version() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("any.db");
    let store = Store::open(&file).await.unwrap();
    let platform = &built_in()[0];
    make(&store, platform, &people(platform, &[vec![0; Field::ALL.len()]])).await;
    store.close().await;
    edit(&file, &[r#"UPDATE accounts SET fields = '{"first_name":"Ana","shoe_size":41}'"#.to_owned()]).await;
    let store = Store::open(&file).await.unwrap();
    let read = store.read(|conn| Box::pin(async move { accounts::page(conn, "any", "", 1000).await })).await;
    let why = read.unwrap_err().to_string();
    store.close().await;
    assert_eq!(why, "an account has the field `shoe_size`, which this version of rosterctl does not know: use a newer one");
}

// X-5: the row of a deletion shows the account as it was shown, as every other row does.
#[tokio::test]
async fn the_user_log_shows_whom_a_deletion_hid() {
    let house = House::of(&plain()).await;
    let made =
        house.post("/scim/v2/Users", json!({ "schemas": [USER], "userName": "Uma", "nickName": "U", "roles": [{ "value": "nurse" }] }));
    let id = made.await.expect(201)["id"].as_str().unwrap().to_owned();
    house.call(http::Method::DELETE, &format!("/scim/v2/Users/{id}"), &[], None).await.expect(204);
    let row = house.log().await.pop().unwrap();
    let changes: Value = serde_json::from_str(&row.entry.changes).unwrap();
    let was =
        json!({ "userName": ["Uma", null], "nickName": ["U", null], "roles": [[{ "value": "nurse" }], null], "active": [true, null] });
    assert_eq!((row.entry.action.as_str(), changes), ("delete", was));
}

/// The columns of the accounts in a database, each with type, whether it must have a value, its default, and its place in the primary key.
async fn columns(conn: &mut SqliteConnection) -> Vec<(String, String, bool, Option<String>, i64)> {
    let rows =
        sqlx::query("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('accounts')").fetch_all(conn).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4))).collect()
}

#[tokio::test]
async fn the_listed_columns_of_an_account_are_those_of_a_new_database() {
    let store = Store::memory().await.unwrap();
    let present = store.read(|conn| Box::pin(async move { Ok::<_, rosterctl::store::StoreError>(columns(conn).await) })).await.unwrap();
    let mut listed = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let text = include_str!("../../src/store/tables/accounts.sql");
    sqlx::raw_sql(text).execute(&mut listed).await.unwrap();
    assert!(present.len() >= 20, "{present:?}");
    assert_eq!(columns(&mut listed).await, present);
}
