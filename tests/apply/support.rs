//! Workspaces, plans and directories that the tests of `apply` share.
#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;

use rosterctl::apply::{Interrupt, Options};
use rosterctl::directory::Provenance;
use rosterctl::model::*;
use rosterctl::reconcile::{Approved, approve};

pub(crate) fn email(n: usize) -> Email {
    Email::parse(&format!("user{n:03}@glow.example")).unwrap()
}

pub(crate) fn account(n: usize) -> Account {
    let text = |t: &str| Value::Text(t.to_owned());
    Account {
        id: RemoteId(format!("id-{n:03}")),
        email: email(n),
        fingerprint: Fingerprint(format!("\"{n}\"")),
        state: State { accepted: true, ..State::default() },
        fields: [
            (Field::FirstName, text("Ana")),
            (Field::LastName, text("Ruiz")),
            (Field::Title, text("MD")),
            (Field::Phones, Value::List(vec![format!("+1602555{n:04}")])),
            (Field::Role, text("nurse")),
        ]
        .into_iter()
        .collect(),
        privileges: std::sync::Arc::default(),
        role_privileges: None,
        has_passcode: false,
        passcode_made: None,
        main_admin: false,
        invited_name: None,
        former: Vec::new(),
    }
}

pub(crate) fn actual(accounts: usize) -> Actual {
    Actual {
        server: ServerId::Scim { url: "https://scim.example/glow/scim/v2".to_owned() },
        as_of: 1_795_000_000_000,
        accounts: (0..accounts).map(account).collect(),
        clinics: BTreeMap::new(),
        roles: BTreeMap::new(),
        employees: Vec::new(),
        main_admin: None,
        token_owner: None,
        code_word_matches: None,
        capabilities: Capabilities { patch: true, etag: true, ..Capabilities::default() },
        outdated: Vec::new(),
        without_address: BTreeMap::new(),
        other_addresses: BTreeMap::new(),
        completeness: Completeness::Complete,
        list: None,
        blocked: BTreeMap::new(),
        deliveries: BTreeMap::new(),
    }
}

pub(crate) fn desired() -> Desired {
    Desired {
        workspace: "glow".to_owned(),
        platform: PlatformId("generic".to_owned()),
        connection: Connection::Embedded { path: None, start: None },
        subscription: Subscription::default(),
        time_zone: "UTC".to_owned(),
        country: None,
        main_admin: None,
        manage: Manage::Additive,
        guards: guards(),
        waivers: Vec::new(),
        clinics: BTreeMap::new(),
        roles: BTreeMap::new(),
        users: BTreeMap::from([(email(999), somebody())]),
        code_word: None,
        employees: Vec::new(),
        initial_password_allowed: false,
        list: rosterctl::model::ListWords::default(),
        stale_after: 7 * 24 * 60 * 60 * 1000,
        oddities: Vec::new(),
        place: Place::default(),
    }
}

/// Somebody listed, since a roster without users takes nobody's access.
fn somebody() -> DesiredUser {
    DesiredUser {
        email: email(999),
        id: None,
        formerly: Vec::new(),
        status: Status::Active,
        blocked: None,
        fields: Fields::default(),
        employee: EmployeeLink::ByName,
        passcode: None,
        initial_password: None,
        service_owner: None,
        place: Place::default(),
    }
}

/// Limits that stop nothing.
pub(crate) fn guards() -> Guards {
    Guards { removals_count: 1_000_000, removals_share: Share::from_millionths(1_000_000), administrators_at_least: 0 }
}

pub(crate) fn step(change: Change, stage: Stage) -> Step {
    Step { change, stage, reason: Reason::PasscodeWanted, risky: false, after: Vec::new() }
}

pub(crate) fn clinic(key: &str) -> Step {
    step(Change::CreateClinic { key: key.to_owned(), name: key.to_owned() }, Stage::Supporting)
}

pub(crate) fn invite(n: usize) -> Step {
    step(Change::CreateAccount(NewAccount { email: email(n), fields: Vec::new(), with_password: false }), Stage::Access)
}

/// A passcode for somebody whom the same plan invites.
pub(crate) fn passcode_for_new(n: usize) -> Step {
    step(Change::Complete { email: email(n), followup: Followup::GeneratePasscode }, Stage::Access)
}

/// An update that sets nothing yet: see [`set`].
pub(crate) fn update() -> AccountChange {
    AccountChange::Update { fields: Vec::new(), effective: None }
}

pub(crate) fn block(reason: BlockReason) -> AccountChange {
    AccountChange::Block(Block { reason, note: None })
}

/// A change of an account, computed from the version it has.
pub(crate) fn to(account: &Account, change: AccountChange, stage: Stage) -> Step {
    let target = Target { id: account.id.clone(), fingerprint: account.fingerprint.clone() };
    step(Change::Account { email: account.email.clone(), target, change }, stage)
}

/// A change of account `n`, computed from the version that [`account`] has.
pub(crate) fn to_account(n: usize, change: AccountChange, stage: Stage) -> Step {
    to(&account(n), change, stage)
}

/// The fields that an invitation or an update sets.
pub(crate) fn fields_of(step: &mut Step) -> &mut Vec<FieldChange> {
    match &mut step.change {
        Change::CreateAccount(NewAccount { fields, .. })
        | Change::Complete { followup: Followup::Update { fields }, .. }
        | Change::Account { change: AccountChange::Update { fields, .. }, .. } => fields,
        Change::CreateClinic { .. }
        | Change::UpdateClinic(_)
        | Change::CreateRole { .. }
        | Change::UpdateRole(_)
        | Change::CreateEmployee { .. }
        | Change::UpdateEmployee(_)
        | Change::Complete { followup: Followup::GeneratePasscode, .. }
        | Change::Account { .. }
        | Change::SetCodeWord => panic!("this change sets no fields"),
    }
}

pub(crate) fn set(mut step: Step, field: Field, before: Value, after: Value) -> Step {
    fields_of(&mut step).push(FieldChange { field, before, after, unknown: false });
    step
}

/// A new title for account `n`.
pub(crate) fn retitle(n: usize, title: &str) -> Step {
    let text = |t: &str| Value::Text(t.to_owned());
    set(to_account(n, update(), Stage::Access), Field::Title, text("MD"), text(title))
}

pub(crate) fn after(mut step: Step, positions: &[usize]) -> Step {
    step.after = positions.to_vec();
    step
}

pub(crate) fn plan(changes: Vec<Step>) -> Plan {
    let actual = actual(0);
    Plan {
        workspace: "glow".to_owned(),
        platform: PlatformId("generic".to_owned()),
        server: actual.server,
        as_of: actual.as_of,
        manage: Manage::Additive,
        guards: guards(),
        changes,
        refusals: Vec::new(),
        notices: Vec::new(),
        tasks: Vec::new(),
        bill: Bill::default(),
        unchanged: 0,
        kept_out: Vec::new(),
        by_hand: None,
        only: std::collections::BTreeSet::new(),
    }
}

pub(crate) fn approved(changes: Vec<Step>, actual: &Actual) -> Approved {
    approve(plan(changes), actual, &desired()).unwrap_or_else(|stopped| panic!("{:?}", stopped.stops))
}

pub(crate) fn options(approved: &Approved) -> Options {
    let provenance = Provenance { plan: approved.digest().clone(), approver: Some("ann@glow.example".to_owned()), commit: None };
    Options { random: || 0.5, ..Options::new(provenance) }
}

/// A stop nobody asks for.
pub(crate) fn going_on() -> Interrupt {
    Interrupt::pair().1
}

pub(crate) fn is_done(record: &OpRecord) -> bool {
    matches!(record.outcome, OpOutcome::Done { .. })
}

pub(crate) fn is_not_tried(record: &OpRecord) -> bool {
    matches!(record.outcome, OpOutcome::NotTried(_))
}
