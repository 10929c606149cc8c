//! Workspaces on other people's servers become rosters whose first plan is empty.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::num::NonZeroUsize;

use rosterctl::apply::{Journal, Options, Quiet, apply};
use rosterctl::directory::{Reader, ScimDirectory, Transport};
use rosterctl::import::{Imported, Request, import};
use rosterctl::manifest::{Folder, Importing, Source, Sources, read_folder};
use rosterctl::model::*;
use rosterctl::reconcile::{approve, diff};
use serde_json::json;

use crate::lives::{better_auth, canaille, django, person, scimmy};
use crate::lousy_server::{Habits, Lousy};
use crate::scim2_server::{self, Foreign, roster};
use crate::support::{going_on, options};

/// The workspace of a roster.
fn parsed(sources: &Sources, importing: Importing<'_>) -> Desired {
    let folder = Folder { sizes: &BTreeMap::new(), is_created: &|_| true, importing };
    let mut found = read_folder(sources, &folder).unwrap_or_else(|mistakes| panic!("{mistakes}")).workspaces;
    found.remove(0)
}

/// Imports what a server has, and returns the roster with what was said about it. The first plan has no changes.
async fn imported<T: Transport>(directory: &ScimDirectory<T>) -> (Desired, Imported) {
    let text = "workspace: glow\nplatform: generic\nconnection: { scim: { url: \"https://scim.example/v2\", token: { env: TOKEN } } }\n";
    let mut sources = Sources { files: vec![Source { name: "glow.yaml".to_owned(), bytes: text.as_bytes().to_vec() }] };
    let actual = directory.read().await.unwrap();
    let desired = parsed(&sources, Importing::Everything);
    let folder = Folder { sizes: &BTreeMap::new(), is_created: &|_| true, importing: Importing::Nothing };
    let request = Request {
        sources: &sources,
        folder: &folder,
        desired: &desired,
        actual: &actual,
        without_address: &directory.without_address(),
        main_admin: None,
        by: None,
        is_update: false,
    };
    let done = import(&request).unwrap_or_else(|why| panic!("{why}"));
    sources.files.clone_from(&done.files);
    let desired = parsed(&sources, Importing::Nothing);
    let plan = diff(&desired, &directory.read().await.unwrap());
    assert!(plan.changes.is_empty() && plan.refusals.is_empty(), "{:?} {:?}", plan.changes, plan.refusals);
    (desired, done)
}

/// People with names that YAML could misread.
fn people(lacks: &[Field]) -> Vec<DesiredUser> {
    let names = [("No", "1e5"), ("~", "Null"), ("O'Neil", "\"Jr\": #1"), ("Zoë", "Müller-Lüdenscheidt"), ("- x", "{y}"), ("007", "12:30")];
    let mut people: Vec<DesiredUser> = (names.iter().enumerate())
        .map(|(n, (first, last))| person(&format!("user{n}@glow.example"), first, last, "yes", &[format!("+1602555010{n}").as_str()]))
        .collect();
    for user in &mut people {
        user.fields =
            user.fields.iter().filter(|(field, _)| !lacks.contains(field)).map(|(field, value)| (field, value.to_value())).collect();
    }
    people
}

/// Fills a server, and imports what it has.
async fn on(foreign: &Foreign, lacks: &[Field]) {
    let directory = foreign.connect("secret", "generic").await.unwrap();
    for inactive in [0, 2] {
        let mut wanted = people(lacks);
        wanted.iter_mut().take(inactive).for_each(|user| user.status = Status::Inactive);
        let wanted = roster(wanted);
        let actual = directory.read().await.unwrap();
        let approved = approve(diff(&wanted, &actual), &actual, &wanted).unwrap_or_else(|stopped| panic!("{:?}", stopped.stops));
        let options = Options { parallelism: NonZeroUsize::MIN, ..options(&approved) };
        let receipt = apply(&approved, &directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await;
        assert!(receipt.records.iter().all(crate::support::is_done), "{:?}", receipt.records);
    }
    let (desired, done) = imported(&directory).await;
    assert_eq!((done.users, done.not_imported.as_slice()), (6, &[][..]));
    let wanted = people(lacks);
    for user in &wanted {
        let written = &desired.users[&user.email];
        assert!(written.id.is_some(), "its id is pinned");
        for (field, value) in user.fields.iter() {
            assert!(written.fields.get(field).is_some_and(|written| written.is_same(value, field)), "{field:?} of {}", user.email);
        }
    }
    let inactive: BTreeSet<&Email> =
        desired.users.values().filter(|user| user.status == Status::Inactive).map(|user| &user.email).collect();
    assert_eq!(inactive, wanted.iter().take(2).map(|user| &user.email).collect());
}

#[tokio::test]
async fn the_users_of_scim2_server_become_a_roster() {
    on(&scim2_server::start(), &[]).await;
}

#[tokio::test]
async fn the_users_of_scimmy_become_a_roster() {
    on(&scimmy(), &[]).await;
}

#[tokio::test]
async fn the_users_of_better_auth_become_a_roster() {
    on(&better_auth(), &[]).await;
}

#[tokio::test]
async fn the_users_of_canaille_become_a_roster() {
    on(&canaille(), &[]).await;
}

#[tokio::test]
async fn the_users_of_django_scim2_become_a_roster() {
    let folder = tempfile::tempdir().unwrap();
    on(&django(folder.path()), &[Field::Title, Field::Phones]).await;
}

#[tokio::test]
async fn a_user_without_an_address_or_with_another_users_is_named_in_a_comment() {
    let lousy = Lousy::with(2, Habits::default());
    for name in ["robot", "User000@Glow.Example", "user3@glow.example"] {
        let user = json!({ "userName": name, "name": { "givenName": " Kim ", "familyName": "Park" }, "active": true, "phoneNumbers": [{ "value": "ext. 12" }] });
        lousy.lock().store(user.as_object().unwrap().clone(), None);
    }
    let directory = lousy.connect().await.unwrap();
    let (desired, done) = imported(&directory).await;
    assert_eq!(desired.users.len(), 2, "{:?}", desired.users.keys());
    let text = String::from_utf8(done.files[0].bytes.clone()).unwrap();
    let why: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# - ")).collect();
    assert_eq!(why.len(), 3, "{text}");
    for part in ["no valid e-mail address", "has the same address", "ext. 12"] {
        assert!(why.iter().any(|line| line.contains(part)), "{part}\n{text}");
    }
}
