//! The law of imports, on random workspaces of every platform: what was imported is valid, the first plan is empty, and nobody is forgotten.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rosterctl::directory::{InProcess, Reader, ScimDirectory, Server, SnapshotDirectory};
use rosterctl::import::{By, ImportError, Imported, Request, import};
use rosterctl::manifest::{Folder, Importing, Source, Sources, read_folder};
use rosterctl::model::*;
use rosterctl::platform::by_id;
use rosterctl::reconcile::{approve, diff};
use rosterctl::server::{HashingCost, Settings, embedded_with, seed};
use rosterctl::store::Store;

use crate::promises::start;
use crate::worlds::{MAIN, Plot, build, plot};

/// Workspaces of one law.
const CASES: u32 = 150;

const DAY: i64 = 24 * 60 * 60 * 1000;
/// The time at which lists are taken, epoch milliseconds.
const TAKEN: i64 = 1_795_348_800_000;

/// Calls a function with what the folder of an existing workspace says.
fn with_folder<T>(importing: Importing<'_>, work: impl FnOnce(&Folder<'_>) -> T) -> T {
    work(&Folder { sizes: &BTreeMap::new(), is_created: &|_| true, importing })
}

/// The one workspace of a roster; `importing` says that its users are still to come.
fn parsed(sources: &Sources, importing: Importing<'_>) -> Desired {
    let roster = with_folder(importing, |folder| read_folder(sources, folder));
    let mut roster = roster.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(roster.workspaces.len(), 1);
    roster.workspaces.remove(0)
}

/// The files of a roster with those that were written.
fn with(sources: &Sources, files: &[Source]) -> Sources {
    let mut all: BTreeMap<String, Source> = sources.files.iter().map(|file| (file.name.clone(), file.clone())).collect();
    all.extend(files.iter().map(|file| (file.name.clone(), file.clone())));
    Sources { files: all.into_values().collect() }
}

/// Imports a workspace into a roster.
fn imported(sources: &Sources, actual: &Actual, by: Option<By>, is_update: bool) -> Imported {
    tried(sources, actual, by, is_update).unwrap_or_else(|why| panic!("{why}: {why:?}"))
}

/// Tries to import a workspace into a roster.
fn tried(sources: &Sources, actual: &Actual, by: Option<By>, is_update: bool) -> Result<Imported, ImportError> {
    let desired = parsed(sources, Importing::Everything);
    let main_admin = Email::parse(MAIN).expect("an address");
    let without_address = BTreeSet::new();
    with_folder(Importing::Nothing, |folder| {
        import(&Request {
            sources,
            folder,
            desired: &desired,
            actual,
            without_address: &without_address,
            main_admin: Some(&main_admin),
            by,
            is_update,
        })
    })
}

/// The fate of the accounts of many workspaces.
#[derive(Debug, Default)]
struct Count {
    users: usize,
    over: usize,
    others: Vec<String>,
}

/// Returns whether a field of an account must be in the roster.
fn must_be_written(account: &Account, field: Field) -> bool {
    let is_off = account.fields.get(field).is_none_or(|value| value.is_off(field));
    let is_switched_off = field.switch().is_some_and(|switch| account.fields.flag(switch) != Some(true));
    let clinics = account.fields.items(Field::Clinics);
    let is_default = |clinic: &str| account.fields.text(Field::DefaultClinic) == Some(clinic);
    let is_clear = clinics.into_iter().count() == 1 || !clinics.into_iter().any(is_default);
    let is_only_clinic = field == Field::DefaultClinic && is_clear;
    !is_off && !is_switched_off && !is_only_clinic && ![Field::Email, Field::Employee].contains(&field)
}

/// Checks everything that an import promises about one workspace. `read` is the workspace as the new roster reads it.
fn check(sources: &Sources, actual: &Actual, by: Option<By>, read: &dyn Fn(&Desired) -> Actual, count: &mut Count) {
    let done = tried(sources, actual, by, false);
    if let Err(ImportError::MainAdmin(one)) = &done {
        // A roster needs its main admin: if their medical director has left, for example, nothing can be written.
        count.others.push(format!("the main admin: {one:?}"));
        return;
    }
    let done = done.unwrap_or_else(|why| panic!("{why}: {why:?}"));
    let text = || done.files.iter().map(|file| String::from_utf8_lossy(&file.bytes)).collect::<Vec<_>>().join("\n---\n");
    assert_eq!(
        imported(sources, actual, by, false).files.iter().map(|file| &file.bytes).collect::<Vec<_>>(),
        done.files.iter().map(|file| &file.bytes).collect::<Vec<_>>()
    );
    let roster = with(sources, &done.files);
    let desired = parsed(&roster, Importing::Nothing);
    let actual = read(&desired);
    let plan = diff(&desired, &actual);
    assert!(plan.changes.is_empty() && plan.refusals.is_empty(), "{:?} {:?}\n{}", plan.changes, plan.refusals, text());
    assert!(approve(plan, &actual, &desired).is_ok(), "no guard stops an empty plan");
    assert_eq!(desired.manage, Manage::Additive);
    let catalog = by_id(&desired.platform).catalog();
    let is_list = actual.list.is_some();
    for account in &actual.accounts {
        let state = &account.state;
        let is_over = state.standing() == Standing::Pending && !state.invitation_is_good() && state.block.is_none();
        let left_out = done.not_imported.iter().find(|one| one.id.as_ref() == Some(&account.id));
        let Some(user) = desired.users.get(&account.email) else {
            let one = left_out.unwrap_or_else(|| panic!("{} is forgotten\n{}", account.email, text()));
            assert!(text().contains(&format!("# - {} (", account.email)) || is_list, "{}", text());
            match &one.why {
                LeftOut::InvitationOver { .. } => {
                    assert!(is_over);
                    count.over += 1;
                }
                other @ (LeftOut::NoAddress
                | LeftOut::SameAddress { .. }
                | LeftOut::StateUnknown
                | LeftOut::Mistake { .. }
                | LeftOut::WouldChange { .. }
                | LeftOut::PerhapsListed { .. }
                | LeftOut::Refused(_)) => count.others.push(format!("{}: {account:?}: {other:?}", catalog.platform)),
            }
            continue;
        };
        count.users += 1;
        assert!(left_out.is_none() && !is_over);
        assert_eq!(user.status == Status::Inactive, state.standing() == Standing::Inactive);
        assert_eq!(user.id.as_ref(), (!is_list).then_some(&account.id));
        assert_eq!(user.is_blocked(), state.block.is_some() && !is_list, "a list does not say why");
        // A provider cannot be written without the medical director.
        let director = account.fields.text(Field::MdConsent).filter(|director| director.contains('@'));
        let directs = |user: &DesiredUser| user.status == Status::Active && user.fields.text(Field::Role) == Some("medical-director");
        let is_there = |director: &str| desired.users.values().any(|user| user.email.as_str() == director && directs(user));
        let lacks_director = director.is_some_and(|director| !is_there(director));
        let can_be_written = |field: Field| !lacks_director || (field != Field::Provider && field.switch() != Some(Field::Provider));
        for (field, _) in catalog.known_fields().filter(|(field, _)| must_be_written(account, *field) && can_be_written(*field)) {
            let written = user.fields.get(field).unwrap_or_else(|| panic!("{field:?} of {} is missing\n{}", account.email, text()));
            assert!(written.is_same(account.fields.get(field).expect("it is there"), field), "{field:?}");
        }
        if let Some(key) = account.fields.text(Field::Employee) {
            assert_eq!(user.employee, EmployeeLink::Key(key.to_owned()));
        }
    }
    let again = imported(&roster, &actual, by, true);
    assert!(again.files.is_empty() && again.users == 0, "nothing is new");
}

/// Runs a law on random workspaces.
fn on_workspaces(law: impl Fn(&Plot, &mut Count)) {
    let config = ProptestConfig { cases: CASES, failure_persistence: None, max_shrink_iters: 300, ..ProptestConfig::default() };
    let counted: RefCell<Count> = RefCell::default();
    let tried = TestRunner::new(config).run(&plot(), |plot| {
        law(&plot, &mut counted.borrow_mut());
        Ok(())
    });
    if let Err(why) = tried {
        panic!("{why}");
    }
    let Count { users, over, others } = counted.into_inner();
    for other in &others {
        println!("{other}");
    }
    println!("{users} users, {over} invitations that are over, {} others", others.len());
    assert!(users > 3 * CASES as usize, "{users} users are too few to prove anything");
    assert!(others.len() * 20 <= users, "too many are left out: {:#?}", &others[..others.len().min(5)]);
}

fn by(plot: &Plot) -> Option<By> {
    [None, Some(By::Clinic), Some(By::Role)][plot.people.len() % 3]
}

fn minimal(desired: &Desired, connection: &str) -> Source {
    let text = format!("workspace: glow\nplatform: {}\nconnection: {connection}   # as it is\n", desired.platform);
    Source { name: "glow.yaml".to_owned(), bytes: text.into_bytes() }
}

/// An embedded workspace with the accounts of a world, as it is read.
async fn embedded(plot: &Plot) -> (Desired, Actual) {
    // Our own server lacks nothing.
    let (mut desired, world) = build(&Plot { lacks: usize::MAX, ..plot.clone() });
    desired.connection = Connection::Embedded { path: None, start: Some(start(&world)) };
    let store = Store::memory().await.expect("a store");
    store.create_workspace(&seed::from_desired(&desired).expect("a seed")).await.expect("a workspace");
    let acting = desired.main_admin.clone().expect("every world has one");
    let settings = Settings { hashing: HashingCost::Least, ..Settings::default() };
    let server = Server {
        name: ServerId::Embedded { workspace: desired.workspace.clone(), store: None },
        base: "http://embedded/glow/scim/v2".parse().expect("an address"),
        platform: desired.platform.clone(),
        country: None,
        code_word: None,
        now: 0,
        backoff: rosterctl::directory::retry::Backoff::default(),
    };
    let transport = InProcess::new(embedded_with(store, &desired.workspace, &acting, settings));
    let directory = ScimDirectory::connect(transport, server).await.expect("a connection");
    let actual = directory.read().await.expect("a list");
    (desired, actual)
}

#[test]
fn an_imported_workspace_is_valid_and_its_first_plan_is_empty() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    on_workspaces(|plot, count| {
        let (desired, actual) = runtime.block_on(embedded(plot));
        let sources = Sources { files: vec![minimal(&desired, "{ embedded: {} }")] };
        check(&sources, &actual, by(plot), &|_| actual.clone(), count);
    });
}

/// Returns what a list shows of a world; the number of people chooses the fields.
fn list(desired: &Desired, world: &Actual, mask: u32) -> Snapshot {
    let catalog = by_id(&desired.platform).catalog();
    let fields: BTreeSet<Field> = (catalog.listed_fields().enumerate())
        .filter(|(at, field)| mask & (1 << (at % 32)) != 0 || [Field::FirstName, Field::LastName, Field::Role].contains(field))
        .map(|(_, field)| field)
        .collect();
    let shows = Shows { fields, status: true, blocked: mask & 1 == 0 && catalog.states.blocked };
    let row = |account: &Account| Row {
        fields: shows.fields.iter().map(|field| (*field, account.fields.value(*field))).collect(),
        status: Some(account.state.standing()),
        blocked: shows.blocked.then_some(account.state.block.is_some()),
        is_expired: mask & 4 == 0 && account.state.standing() == Standing::Pending && !account.state.invitation_is_good(),
    };
    let accounts: BTreeMap<LoginName, Row> =
        world.accounts.iter().map(|account| (LoginName::Address(account.email.clone()), row(account))).collect();
    let taken = Moment::new(jiff::Timestamp::from_millisecond(TAKEN).expect("in range"), jiff::tz::Offset::UTC);
    let tab = TabRead { total: (mask & 2 == 0).then_some(accounts.len() as u64), taken, filtered: false };
    Snapshot {
        earlier: BTreeMap::new(),
        workspace: desired.workspace.clone(),
        from: BTreeMap::new(),
        tabs: BTreeMap::from([(Tab::All, tab)]),
        shows,
        accounts,
        attested: BTreeSet::new(),
    }
}

#[test]
fn an_imported_list_of_users_is_valid_and_its_first_plan_is_empty() {
    on_workspaces(|plot, count| {
        let (desired, world) = build(&Plot { lacks: usize::MAX, ..plot.clone() });
        let mask = plot.people.iter().fold(7_u32, |mask, person| mask.wrapping_mul(31).wrapping_add(person.silent));
        let catalog = by_id(&desired.platform).catalog();
        let snapshot = list(&desired, &world, mask);
        let mut own = minimal(&desired, "{ snapshot: snapshots/glow.yaml }");
        if catalog.clinics {
            own.bytes.extend(b"clinics: { downtown: { name: Glow Downtown }, uptown: { name: Glow Uptown }, riverside: { name: R } }\n");
        }
        if catalog.custom_roles && !catalog.open_roles {
            own.bytes.extend(b"roles: { lead: { name: Lead } }\n");
        }
        let document =
            Source { name: "snapshots/glow.yaml".to_owned(), bytes: rosterctl::manifest::snapshot::write(&snapshot, catalog).into_bytes() };
        let sources = Sources { files: vec![own, document] };
        let read = |desired: &Desired| match &desired.connection {
            Connection::Snapshot(to) => {
                let list = to.snapshot.as_deref().expect("the list is there");
                SnapshotDirectory::new(desired, list, TAKEN + DAY).actual().clone()
            }
            Connection::Embedded { .. } | Connection::Scim(_) => panic!("it is a list"),
        };
        let actual = read(&parsed(&sources, Importing::Everything));
        check(&sources, &actual, by(plot), &read, count);
    });
}
