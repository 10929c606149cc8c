//! A15: somebody edits an account in the workspace while a plan waits, field by field, through the real router.

use std::io;

use crate::support::{after, going_on, is_done, is_not_tried, set, to, update};
use rosterctl::apply::{Journal, Options, Quiet, apply, stale};
use rosterctl::directory::retry::Backoff;
use rosterctl::directory::{InProcess, Outcome, Provenance, Reader, ScimDirectory, Server, WriteContext, Writer};
use rosterctl::manifest::{self, Source, Sources};
use rosterctl::model::*;
use rosterctl::reconcile::{Approved, approve, diff};
use rosterctl::server::{embedded, seed};
use rosterctl::store::Store;

const ROSTER: &str = r##"
workspace: glow
platform: aesthetic-record
connection: { embedded: {} }
main_admin: olivia.stone@glow.example
guards: { removals: { count: 100, share: 1 } }
clinics: { downtown: { name: Downtown }, uptown: { name: Uptown } }
users:
  olivia.stone@glow.example:
    { first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown, uptown], default_clinic: downtown, phones: ["+1 602 555 0100"] }
  marcus.lee@glow.example: { first_name: Marcus, last_name: Lee, role: medical-director, clinics: [downtown], phones: ["+1 602 555 0101"] }
  ana.ruiz@glow.example:
    first_name: Ana
    last_name: Ruiz
    role: provider
    clinics: [downtown, uptown]
    default_clinic: uptown
    phones: ["+1 602 555 0142"]
    dashboard_access: true
    appointment_color: "#3aa675"
    provider:
      md_consent: false
      online_booking: true
      goals: { per: month, procedures: 40, sales_usd: 25000 }
      booking_profile: { display_name: Ana R., title: Aesthetician, bio: Twelve years. }
      check_in_notifications: { sms: true, email: true }
"##;

struct World {
    desired: Desired,
    directory: ScimDirectory<InProcess>,
}

async fn world() -> World {
    let files = vec![Source { name: "glow.yaml".to_owned(), bytes: ROSTER.as_bytes().to_vec() }];
    let roster = manifest::read(&Sources { files }).unwrap_or_else(|_| panic!("the roster has a mistake"));
    let desired = roster.workspaces.into_iter().next().unwrap();
    let store = Store::memory().await.unwrap();
    store.create_workspace(&seed::from_desired(&desired).unwrap()).await.unwrap();
    let transport = InProcess::new(embedded(store, "glow", desired.main_admin.as_ref().unwrap()));
    let server = Server {
        name: ServerId::Embedded { workspace: "glow".to_owned(), store: None },
        base: "http://embedded/glow/scim/v2".parse().unwrap(),
        platform: desired.platform.clone(),
        country: None,
        code_word: None,
        now: 0,
        backoff: Backoff::default(),
    };
    let world = World { directory: ScimDirectory::connect(transport, server).await.unwrap(), desired };
    let actual = world.directory.read().await.unwrap();
    let approved = world.plan(&actual);
    assert!(world.apply(&approved, Options::new(provenance())).await.records.iter().all(is_done));
    world
}

fn provenance() -> Provenance {
    Provenance { plan: Digest("0".repeat(64)), approver: None, commit: None }
}

fn ana() -> Email {
    "ana.ruiz@glow.example".parse().unwrap()
}

impl World {
    fn plan(&self, actual: &Actual) -> Approved {
        approve(diff(&self.desired, actual), actual, &self.desired).unwrap_or_else(|s| panic!("{:?}", s.stops))
    }

    async fn apply(&self, approved: &Approved, options: Options) -> WorkspaceReceipt {
        apply(approved, &self.directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await
    }

    async fn ana(&self) -> Account {
        self.directory.read().await.unwrap().accounts.into_iter().find(|a| a.email == ana()).unwrap()
    }

    /// Sets a field as a person in the workspace's own pages does.
    async fn edit(&self, field: Field, value: Value) {
        let account = self.ana().await;
        let before = account.fields.value(field);
        let place = Field::ALL.iter().position(|known| *known == field).unwrap();
        let edit = set(to(&account, update(), Stage::Access), field, before, value).change;
        let context = WriteContext {
            id: None,
            fingerprint: None,
            idempotency_key: format!("{:064x}", account.fingerprint.0.len() + place * 7919),
            tried: 0,
            is_put_off: false,
            provenance: &provenance(),
            confirm_phone: None,
            initial_password: None,
            code_word: None,
            attempts: rosterctl::directory::Attempts::at_most(5),
            failed: 0,
        };
        let outcome = self.directory.write(&edit, &context).await;
        assert!(matches!(outcome, Ok(Outcome::Applied { .. })), "{field:?}: {:?}", outcome.err());
    }
}

/// For every field that an admin may change: what the roster says next, and what somebody else sets meanwhile.
fn edits() -> Vec<(Field, Value, Value)> {
    let text = |t: &str| Value::Text(t.to_owned());
    let set = |items: &[&str]| Value::Set(items.iter().map(|i| (*i).to_owned()).collect());
    let changes = |grant: &[&str]| Value::changes(grant.iter().map(|g| (*g).to_owned()).collect(), std::collections::BTreeSet::new());
    vec![
        (Field::Phones, Value::List(vec!["+16025550150".to_owned()]), Value::List(vec!["+16025550151".to_owned()])),
        (Field::Role, text("medical-director"), text("administrator")),
        (Field::DefaultClinic, text("downtown"), text("downtown")),
        (Field::Clinics, set(&["downtown"]), set(&["uptown"])),
        (Field::DashboardAccess, Value::Flag(false), Value::Flag(false)),
        (Field::AppointmentColor, text("#112233"), text("#445566")),
        (Field::PrivilegeChanges, changes(&["block-user"]), changes(&["export-reports"])),
        (Field::MdConsent, text("marcus.lee@glow.example"), text("marcus.lee@glow.example")),
        (Field::OnlineBooking, Value::Flag(false), Value::Flag(false)),
        (Field::GoalsPer, text("week"), text("week")),
        (Field::GoalProcedures, Value::Number(41), Value::Number(42)),
        (Field::GoalSalesUsd, Value::Number(26_000), Value::Number(27_000)),
        (Field::BookingName, text("A. Ruiz"), text("Ruiz, A.")),
        (Field::BookingTitle, text("Nurse"), text("Injector")),
        (Field::BookingBio, text("Thirteen years."), text("Fourteen years.")),
        (Field::NotifySms, Value::Flag(false), Value::Flag(false)),
        (Field::NotifyEmail, Value::Flag(false), Value::Flag(false)),
    ]
}

#[tokio::test]
async fn an_edit_of_a_managed_field_after_the_plan_is_drift_and_gets_no_write() {
    // A13, A15
    let mut proven = 0;
    for (field, wanted, meanwhile) in edits() {
        let mut world = world().await;
        world.desired.users.get_mut(&ana()).unwrap().fields.set(field, wanted.clone());
        let planned_on = world.directory.read().await.unwrap();
        let approved = world.plan(&planned_on);
        let Some(position) = approved.plan().changes.iter().position(|c| c.change.subject() == Subject::User(ana())) else {
            panic!("{field:?}: nothing is planned")
        };
        world.edit(field, meanwhile.clone()).await;
        let edited = world.ana().await;

        let drift = stale::compare(approved.plan(), &world.directory.read().await.unwrap()).drifted;
        // A change that is already made may be the work of an interrupted run of ours: only the server knows, and says so.
        let told = drift.contains_key(&position);
        assert_eq!(told, wanted != meanwhile, "{field:?}: {drift:?}");
        let receipt = world.apply(&approved, Options { drifted: drift, ..Options::new(provenance()) }).await;
        assert!(matches!(receipt.records[position].outcome, OpOutcome::Drifted(_)), "{field:?}");
        assert_eq!(world.ana().await, edited, "{field:?}: no write, not even another version");

        // Also where the edit comes after the last look: then the server refuses the old version.
        let receipt = world.apply(&approved, Options::new(provenance())).await;
        assert!(matches!(receipt.records[position].outcome, OpOutcome::Drifted(_)), "{field:?}");
        assert_eq!(world.ana().await, edited, "{field:?}");
        proven += 1;
    }
    println!("{proven} managed fields");
    assert_eq!(proven, edits().len());
}

#[tokio::test]
async fn an_edit_of_a_field_that_yaml_does_not_mention_is_never_touched() {
    // A15, rule 8 of the core
    let mut proven = 0;
    for (field, _, elsewhere) in edits() {
        if matches!(field, Field::Role | Field::Clinics | Field::DefaultClinic | Field::Phones) {
            continue;
        }
        let mut world = world().await;
        let user = world.desired.users.get_mut(&ana()).unwrap();
        user.fields = user.fields.iter().filter(|(f, _)| *f != field).map(|(f, v)| (f, v.to_value())).collect();
        user.fields.set(Field::Phones, Value::List(vec!["+16025550199".to_owned()]));
        world.edit(field, elsewhere.clone()).await;
        let actual = world.directory.read().await.unwrap();
        let approved = world.plan(&actual);
        assert!(approved.plan().changes.iter().flat_map(|c| c.change.fields()).all(|f| f.field == Field::Phones), "{field:?}");
        let receipt = world.apply(&approved, Options::new(provenance())).await;
        assert!(receipt.records.iter().all(is_done), "{field:?}: {:?}", receipt.records);
        let end = world.ana().await;
        assert_eq!(end.fields.items(Field::Phones).into_iter().collect::<Vec<_>>(), ["+16025550199"]);
        let held = end.fields.value(field);
        let off = |v: &Value| v.is_empty() || *v == Value::Flag(false);
        assert!(held == elsewhere || (off(&held) && off(&elsewhere)), "{field:?}: {held:?}");
        proven += 1;
    }
    println!("{proven} fields that are not managed");
    assert!(proven > 10);
}

#[tokio::test]
async fn a_change_that_depends_on_a_drifted_account_is_not_tried_by_the_real_router() {
    // A13
    let world = world().await;
    let actual = world.directory.read().await.unwrap();
    let text = |t: &str| Value::Text(t.to_owned());
    let of = |email: Email, color: &str| {
        let account = actual.accounts.iter().find(|a| a.email == email).unwrap();
        set(to(account, update(), Stage::Access), Field::AppointmentColor, Value::Unset, text(color))
    };
    let marcus: Email = "marcus.lee@glow.example".parse().unwrap();
    let olivia: Email = "olivia.stone@glow.example".parse().unwrap();
    let changes = vec![of(ana(), "#010101"), after(of(marcus, "#020202"), &[0]), of(olivia, "#030303")];
    let plan = Plan { changes, ..diff(&world.desired, &actual) };
    let approved = approve(plan, &actual, &world.desired).unwrap_or_else(|s| panic!("{:?}", s.stops));
    world.edit(Field::BookingBio, text("Edited.")).await;
    let receipt = world.apply(&approved, Options::new(provenance())).await;
    assert!(matches!(receipt.records[0].outcome, OpOutcome::Drifted(_)), "{:?}", receipt.records);
    assert!(is_not_tried(&receipt.records[1]) && is_done(&receipt.records[2]), "{:?}", receipt.records);
}
