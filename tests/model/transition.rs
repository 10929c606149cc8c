//! The state machine and the workspace server end in the same account, for every platform, state and change.

use std::collections::BTreeMap;
use std::sync::Arc;

use rosterctl::directory::{DirectoryError, InProcess, Provenance, Reader, ScimDirectory, Server, WriteContext, Writer};
use rosterctl::model::transition::{Terms, new_account, transition};
use rosterctl::model::*;
use rosterctl::platform::{Platform, built_in, with_rights};
use rosterctl::server::{HashingCost, Settings, embedded_with, seed};
use rosterctl::store::Store;

const DAY: i64 = 24 * 60 * 60 * 1000;
const PHONE: &str = "+16025550100";
/// The employee record of somebody new.
const RECORD: &str = "zoe-zeman";

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The roles of the main admin, of the others, and the one they change to.
fn roles(platform: &Platform) -> (String, String, String) {
    let catalog = platform.catalog();
    let manages = |privileges: &std::collections::BTreeSet<String>| catalog.manages_users.as_ref().is_some_and(|p| privileges.contains(p));
    let admin = catalog.roles.iter().find(|(_, role)| manages(&role.privileges)).or(catalog.roles.iter().next());
    let mut others = catalog.roles.iter().filter(|(_, role)| !manages(&role.privileges)).map(|(key, _)| key.clone());
    let role = |found: Option<String>, or: &str| found.unwrap_or_else(|| or.to_owned());
    (role(admin.map(|(key, _)| key.clone()), "chief"), role(others.next(), "nurse"), role(others.next(), "doctor"))
}

fn fields(platform: &Platform, n: usize, role: &str) -> Fields {
    let catalog = platform.catalog();
    [
        (Field::FirstName, text("Ana")),
        (Field::LastName, text(&format!("Ruiz{}", "abcdefghij".chars().cycle().nth(n).unwrap()).repeat(1 + n / 10))),
        (Field::Title, text("MD")),
        (Field::Phones, Value::List(vec![format!("+1602555{:04}", 100 + n)])),
        (Field::Role, text(role)),
        (Field::Clinics, Value::Set(std::iter::once("downtown".to_owned()).collect())),
    ]
    .into_iter()
    .filter(|(field, _)| catalog.field(*field).is_some())
    .collect()
}

/// Every state an account of the platform can be in.
fn states(platform: &Platform) -> Vec<State> {
    if !platform.catalog().states.pending {
        return [false, true].map(|inactive| State { accepted: true, inactive, ..State::default() }).into();
    }
    let sent = |state, sent_at| Some(Invitation { state, sent_at, expires_at: sent_at + 7 * DAY });
    let standings = [
        (true, false, None),
        (true, false, sent(InvitationState::Accepted, -DAY)),
        (true, true, None),
        (false, false, sent(InvitationState::Open, 0)),
        (false, false, sent(InvitationState::Expired, -8 * DAY)),
        (false, false, sent(InvitationState::Killed, -DAY)),
        (false, true, sent(InvitationState::Killed, -DAY)),
        (false, true, None),
    ];
    let blocks: &[bool] = if platform.catalog().states.blocked { &[false, true] } else { &[false] };
    let all = standings.into_iter().flat_map(|standing| blocks.iter().map(move |blocked| (standing.clone(), *blocked)));
    let block = |blocked: bool| blocked.then_some(Block { reason: BlockReason::ClearSchedule, note: None });
    all.map(|((accepted, inactive, invitation), blocked)| State { accepted, inactive, block: block(blocked), invitation }).collect()
}

fn changes(role: &str, next: &str) -> Vec<AccountChange> {
    let role = FieldChange { field: Field::Role, before: text(role), after: text(next), unknown: false };
    vec![
        AccountChange::Invite,
        AccountChange::ResendInvitation,
        AccountChange::WithdrawInvitation,
        AccountChange::Update { fields: vec![role], effective: None },
        AccountChange::Inactivate,
        AccountChange::Activate,
        AccountChange::Block(Block { reason: BlockReason::Other, note: Some("leaves".to_owned()) }),
        AccountChange::Unblock,
        AccountChange::GeneratePasscode,
        AccountChange::RenewPasscode { since: Moment::of_millis(1000) },
    ]
}

/// The place of a change among those; another kind of change is a compile error here, and belongs there.
const fn place(change: &AccountChange) -> usize {
    match change {
        AccountChange::Invite => 0,
        AccountChange::ResendInvitation => 1,
        AccountChange::WithdrawInvitation => 2,
        AccountChange::Update { .. } => 3,
        AccountChange::Inactivate => 4,
        AccountChange::Activate => 5,
        AccountChange::Block(_) => 6,
        AccountChange::Unblock => 7,
        AccountChange::GeneratePasscode => 8,
        AccountChange::RenewPasscode { .. } => 9,
    }
}

#[test]
fn every_kind_of_change_is_among_those_that_are_tried() {
    let tried: Vec<usize> = changes("one", "two").iter().map(place).collect();
    assert_eq!(tried, (0..=9).collect::<Vec<_>>());
}

fn email(n: usize) -> Email {
    format!("user{n:03}@glow.example").parse().unwrap()
}

fn desired(platform: &Platform, accounts: BTreeMap<Email, StartAccount>) -> Desired {
    let (chief, ..) = roles(platform);
    let admin: Email = "chief@glow.example".parse().unwrap();
    let mut own = fields(platform, 0, &chief);
    if platform.catalog().field(Field::Phones).is_some() {
        own.set(Field::Phones, Value::List(vec![PHONE.to_owned()]));
    }
    let user = DesiredUser {
        email: admin.clone(),
        id: None,
        formerly: Vec::new(),
        status: Status::Active,
        blocked: None,
        fields: own,
        employee: EmployeeLink::ByName,
        passcode: None,
        initial_password: None,
        service_owner: None,
        place: Place::default(),
    };
    let clinics = BTreeMap::from([("downtown".to_owned(), DesiredClinic { name: "Downtown".to_owned() })]);
    let name = |text: &str| text.to_owned();
    let newcomer = DesiredEmployee {
        id: Some(name(RECORD)),
        first_name: name("Zoe"),
        last_name: name("Zeman"),
        active: Some(true),
        external: Some(false),
    };
    let employees = if platform.catalog().employees { vec![newcomer] } else { Vec::new() };
    let start = EmbeddedStart { accounts, clinics, employees, ..EmbeddedStart::default() };
    Desired {
        workspace: "glow".to_owned(),
        platform: platform.id(),
        connection: Connection::Embedded { path: None, start: Some(start) },
        subscription: Subscription::default(),
        time_zone: "UTC".to_owned(),
        country: None,
        main_admin: Some(admin.clone()),
        manage: Manage::Additive,
        guards: Guards::default(),
        waivers: Vec::new(),
        clinics: BTreeMap::new(),
        roles: BTreeMap::new(),
        users: BTreeMap::from([(admin, user)]),
        code_word: None,
        employees: Vec::new(),
        initial_password_allowed: platform.catalog().initial_password,
        list: rosterctl::model::ListWords::default(),
        stale_after: 7 * 24 * 60 * 60 * 1000,
        oddities: Vec::new(),
        place: Place::default(),
    }
}

async fn connect(desired: &Desired) -> ScimDirectory<InProcess> {
    let store = Store::memory().await.unwrap();
    store.create_workspace(&seed::from_desired(desired).unwrap()).await.unwrap();
    let settings = Settings { hashing: HashingCost::Least, ..Settings::default() };
    let acting = desired.main_admin.clone().unwrap();
    let server = Server {
        name: ServerId::Embedded { workspace: "glow".to_owned(), store: None },
        base: "http://embedded/glow/scim/v2".parse().unwrap(),
        platform: desired.platform.clone(),
        country: None,
        code_word: None,
        now: 0,
        backoff: rosterctl::directory::retry::Backoff::default(),
    };
    ScimDirectory::connect(InProcess::new(embedded_with(store, "glow", &acting, settings)), server).await.unwrap()
}

/// Returns what two accounts have in common who differ in version and in the server's own clock.
fn comparable(account: &Account) -> Account {
    let mut account = Account { fingerprint: Fingerprint(String::new()), ..account.clone() };
    if let Some(sent) = &mut account.state.invitation {
        (sent.expires_at, sent.sent_at) = (sent.expires_at - sent.sent_at, 0);
    }
    account.passcode_made = account.passcode_made.map(|_| 0);
    account.fields = account.fields.iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| (field, value.to_value())).collect();
    account
}

/// The first values of somebody new.
fn first_values(platform: &Platform, role: &str) -> Vec<FieldChange> {
    let mut values = fields(platform, 0, role);
    values.set(Field::FirstName, text("Zoe"));
    values.set(Field::LastName, text("Zeman"));
    if platform.catalog().employees {
        values.set(Field::Employee, text(RECORD));
    }
    let set = |(field, value): (Field, ValueRef<'_>)| FieldChange { field, before: Value::Unset, after: value.to_value(), unknown: false };
    values.iter().map(set).collect()
}

// X-6, AR-10, AR-11: the first state and values of somebody new, and what the plan does to the account later.
#[tokio::test]
async fn a_new_account_and_its_later_changes_end_on_the_server_as_the_state_machine_says() {
    let mut written = 0;
    for (platform, with_password) in built_in().iter().flat_map(|platform| [(platform, false), (platform, true)]) {
        let catalog = platform.catalog();
        if with_password && !catalog.initial_password {
            continue;
        }
        let here = format!("{} {with_password}", platform.word());
        let (_, role, next) = roles(platform);
        let directory = connect(&desired(platform, BTreeMap::new())).await;
        let before = directory.read().await.unwrap();
        let gives = |key: &str| before.roles.get(key).map(|role| Arc::new(role.privileges.clone()));
        let terms = Terms { invitations: catalog.states.pending, now: before.as_of, invitation_lives: 7 * DAY, role_gives: &gives };
        let provenance = Provenance { plan: Digest("0".repeat(64)), approver: None, commit: None };
        let password = Secret::new("a first password of this test".to_owned());
        let new = NewAccount { email: email(0), fields: first_values(platform, &role), with_password };
        let role_change = FieldChange { field: Field::Role, before: text(&role), after: text(&next), unknown: false };
        let later = [Followup::Update { fields: vec![role_change] }, Followup::GeneratePasscode];
        let later = later.into_iter().filter(|followup| match followup {
            Followup::Update { .. } => true,
            Followup::GeneratePasscode => catalog.passcode,
        });
        let changes =
            std::iter::once(Change::CreateAccount(new.clone())).chain(later.map(|followup| Change::Complete { email: email(0), followup }));
        let mut expected: Option<Account> = None;
        let mut now: Option<Account> = None;
        for (n, change) in changes.enumerate() {
            let context = WriteContext {
                id: now.as_ref().map(|account| account.id.clone()),
                fingerprint: now.as_ref().map(|account| account.fingerprint.clone()),
                idempotency_key: format!("{n:064x}"),
                tried: 0,
                is_put_off: false,
                provenance: &provenance,
                confirm_phone: None,
                initial_password: with_password.then_some(&password),
                code_word: None,
                attempts: rosterctl::directory::Attempts::at_most(5),
                failed: 0,
            };
            directory.write(&change, &context).await.unwrap_or_else(|why| panic!("{here}: {change:?}: {why:?}"));
            let found = directory.read().await.unwrap().accounts.into_iter().find(|a| a.email == email(0)).expect("the new account");
            let made = match (&change, expected) {
                (Change::Complete { followup, .. }, Some(account)) => transition(&account, &followup.to_account_change(), &terms).unwrap(),
                _ => new_account(&new, found.id.clone(), Fingerprint(String::new()), &terms),
            };
            let made = with_rights(made, catalog, &gives);
            let known = Account { invited_name: None, ..comparable(&found) };
            assert_eq!(known, comparable(&made), "{here}: {change:?}");
            (expected, now) = (Some(made), Some(found));
            written += 1;
        }
    }
    assert!(written >= 12, "{written} changes are too few");
}

#[tokio::test]
async fn server_and_state_machine_end_in_the_same_account_for_every_platform_state_and_change() {
    // AR-15, AR-16, AR-20, AR-22, AR-23
    let (mut done, mut refused) = (0, 0);
    for platform in built_in() {
        let (_, role, next) = roles(platform);
        let cases: Vec<(State, AccountChange)> =
            states(platform).into_iter().flat_map(|state| changes(&role, &next).into_iter().map(move |c| (state.clone(), c))).collect();
        let start =
            |n: usize, state: &State| StartAccount { fields: fields(platform, n, &role), state: state.clone(), has_passcode: false };
        let accounts = cases.iter().enumerate().map(|(n, (state, _))| (email(n), start(n, state))).collect();
        let directory = connect(&desired(platform, accounts)).await;
        let before = directory.read().await.unwrap();
        let gives = |key: &str| before.roles.get(key).map(|role| Arc::new(role.privileges.clone()));
        let terms =
            Terms { invitations: platform.catalog().states.pending, now: before.as_of, invitation_lives: 7 * DAY, role_gives: &gives };
        let phone = Secret::new(PHONE.to_owned());
        let provenance = Provenance { plan: Digest("0".repeat(64)), approver: None, commit: None };
        for (n, (state, change)) in cases.iter().enumerate() {
            let here = format!("{} {state:?} {change:?}", platform.word());
            let plain_scim = [Action::Update, Action::Inactivate, Action::Activate].contains(&change.action());
            if !plain_scim && !before.capabilities.actions.contains(&change.action()) {
                continue;
            }
            let account = before.accounts.iter().find(|a| a.email == email(n)).unwrap();
            assert_eq!(account.state.standing(), state.standing(), "{here}");
            let expected = transition(account, change, &terms);
            let target = Target { id: account.id.clone(), fingerprint: account.fingerprint.clone() };
            let context = WriteContext {
                id: None,
                fingerprint: Some(account.fingerprint.clone()),
                idempotency_key: format!("{n:064x}"),
                tried: 0,
                is_put_off: false,
                provenance: &provenance,
                confirm_phone: Some(&phone),
                initial_password: None,
                code_word: None,
                attempts: rosterctl::directory::Attempts::at_most(5),
                failed: 0,
            };
            let written = directory.write(&Change::Account { email: email(n), target, change: change.clone() }, &context).await.map(|_| ());
            let after = directory.read().await.unwrap();
            let now = after.accounts.iter().find(|a| a.email == email(n)).unwrap();
            match expected {
                Ok(expected) => {
                    assert_eq!(written, Ok(()), "{here}");
                    let expected = with_rights(expected, platform.catalog(), &gives);
                    assert_eq!(comparable(now), comparable(&expected), "{here}");
                    done += 1;
                }
                Err(why) => {
                    assert!(matches!(written, Err(DirectoryError::Refused { .. })), "{here}: {why:?}, the server: {written:?}");
                    assert_eq!(now, account, "{here}: a refused change leaves all as it was");
                    refused += 1;
                }
            }
        }
    }
    println!("{done} changes made, {refused} refused");
    assert!(done > 160 && refused > 70, "{done} made and {refused} refused are too few to prove anything");
}
