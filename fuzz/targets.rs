// Fuzz targets. Each gets any bytes and must return without a panic or an endless loop. `tests/fuzz.rs` runs them on stable Rust.
// To add one: a function here, a line in `TARGETS`, seeds below `fuzz/corpus/NAME`.

#[path = "targets/lists.rs"]
mod lists;
#[path = "targets/plan.rs"]
mod plan;
#[path = "targets/server.rs"]
mod server;

use std::sync::LazyLock;

use rosterctl::manifest::{self, Source, Sources};
use rosterctl::model::Email;
use rosterctl::platform::built_in;
use rosterctl::report::PlanView;
use rosterctl::report::saved::{self, Saved};
use rosterctl::scim::map::{Context, KeysAndIds, account_to_user, user_to_account};
use rosterctl::scim::validate::{self, UnknownAttributes};
use rosterctl::scim::{Filter, Path, ResourceTypes, ScimError, message, patch};
use serde_json::{Value, json};

/// A target, which takes any bytes.
pub(crate) type Target = fn(&[u8]);

/// Every target with the name of its corpus.
pub(crate) const TARGETS: [(&str, Target); 20] = [
    ("email", email),
    ("list-page", lists::page),
    ("list-paste", lists::text),
    ("list-sheet", lists::any),
    ("list-text", lists::text),
    ("payroll", lists::payroll),
    ("plan", plan::plan),
    ("roster", roster),
    ("saved-plan", saved_plan),
    ("scim-account", scim_account),
    ("scim-answer", scim_answer),
    ("scim-filter", scim_filter),
    ("scim-patch", scim_patch),
    ("scim-path", scim_path),
    ("scim-user", scim_user),
    ("server-query", server::query),
    ("server-token", server::token),
    ("server-write", server::write),
    ("snapshot", lists::snapshot),
    ("ticks", lists::ticks),
];

/// The schemas of each platform's users.
static CATALOGS: LazyLock<Vec<ResourceTypes>> =
    LazyLock::new(|| built_in().iter().map(|p| ResourceTypes::for_platform(p.catalog())).collect());

/// A user for PATCHes and filters.
static USER: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "0198f3c2-5f0e-7c11-9c35-2b1f7c0a4d11",
        "userName": "ana.ruiz@glow.example",
        "name": { "givenName": "Ana", "familyName": "Ruiz" },
        "emails": [{ "value": "ana.ruiz@glow.example", "type": "work", "primary": true }],
        "phoneNumbers": [{ "value": "+16025550142", "type": "mobile", "primary": true }, { "value": "+16025550143", "type": "other" }],
        "active": true,
        "meta": { "resourceType": "User", "version": "W/\"1\"" }
    })
});

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// Addresses: an accepted address is in normal form (X-1, J6).
fn email(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(address) = Email::parse(text) {
        assert_eq!(Email::parse(address.as_str()).as_ref(), Ok(&address), "normalizing twice changes {text:?}");
    }
}

/// A roster of one file: it is read, or all mistakes are shown; the same bytes give the same answer (J3).
fn roster(bytes: &[u8]) {
    let sources = Sources { files: vec![Source { name: "roster.yaml".to_owned(), bytes: bytes.to_vec() }] };
    if let Err(mistakes) = manifest::read(&sources) {
        assert!(mistakes.count() > 0, "refused without a mistake");
        assert!(!mistakes.render("in the roster", false).is_empty());
    }
}

/// Plan and receipt files: a file that opens can be saved and opened again (A14).
fn saved_plan(bytes: &[u8]) {
    if let Ok(content) = saved::open(bytes) {
        let again = match &content {
            Saved::Plan { plan, people, unread } => saved::plan(&PlanView { plan, people, unread }),
            Saved::Receipt { receipt, people } => saved::receipt(receipt, people),
        };
        assert!(saved::open(again.as_bytes()).is_ok(), "what was opened and saved does not open");
    }
}

/// Users of any server: an account that is read, written and read again is the same.
fn scim_account(bytes: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else { return };
    let names = KeysAndIds::new();
    for platform in built_in() {
        for practice_extension in [true, false] {
            let context =
                Context { catalog: platform.catalog(), names: &names, practice_extension, every_role_counts: true, country: None };
            let Ok(account) = user_to_account(&body, &context) else { continue };
            let Ok(user) = account_to_user(&account, &context) else { continue };
            let again = user_to_account(&user, &context).expect("what was written can be read");
            assert_eq!((&again.id, &again.email), (&account.id, &account.email), "another account came back");
            assert!(
                !practice_extension || (&again.state, &again.fields) == (&account.state, &account.fields),
                "{again:?} is not {account:?}"
            );
        }
    }
}

/// Answers of any server, even an HTML page.
fn scim_answer(bytes: &[u8]) {
    let _ = ScimError::from_response(500, bytes);
    if let Ok(body) = serde_json::from_slice::<Value>(bytes) {
        let _ = message::read_list(&body);
        let _ = message::SearchRequest::read(&body);
    }
}

/// Filters: a parsed filter prints as a text that parses to the same filter (J4).
fn scim_filter(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Ok(filter) = Filter::parse(text) else { return };
    assert_eq!(Filter::parse(&filter.to_string()).ok().as_ref(), Some(&filter), "{text:?} prints as another filter");
    for catalog in CATALOGS.iter() {
        if filter.check(catalog.users()).is_ok() {
            let _ = filter.matches(&USER, catalog.users());
        }
    }
}

/// PATCH messages: the result is a whole resource that the server could store.
fn scim_patch(bytes: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else { return };
    for catalog in CATALOGS.iter() {
        if let Ok(patched) = patch::apply(&body, &USER, catalog.users()) {
            assert_eq!(patched.resource["id"], USER["id"], "a PATCH changed the id");
            assert!(validate::stored(&patched.resource, catalog.users()).is_ok(), "a PATCH left something that cannot be stored");
        }
    }
}

/// Attribute paths: a parsed path prints as a text that parses to the same path.
fn scim_path(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Ok(path) = Path::parse(text) else { return };
    assert_eq!(Path::parse(&path.to_string()).ok().as_ref(), Some(&path), "{text:?} prints as another path");
    for catalog in CATALOGS.iter() {
        let _ = path.resolve(catalog.users());
    }
}

/// New users: an accepted user is in canonical form and has no read-only attributes (D5).
fn scim_user(bytes: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else { return };
    for catalog in CATALOGS.iter() {
        let of = catalog.users();
        if let Ok(user) = validate::create(&body, of, UnknownAttributes::Refuse) {
            assert!(user.get("id").is_none() && user.get("meta").is_none(), "a client set what is the server's");
            assert_eq!(
                validate::create(&user, of, UnknownAttributes::Refuse).ok().as_ref(),
                Some(&user),
                "canonical twice is not canonical once"
            );
        }
        let _ = validate::create(&body, of, UnknownAttributes::Ignore);
    }
}
