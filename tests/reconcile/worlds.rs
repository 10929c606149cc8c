//! Random workspaces for the laws: an actual state, and a desired one made by editing it.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "shared by several test programs, each of which uses a part")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rosterctl::model::*;
use rosterctl::platform::{effective, named};

/// The time of every reading: 2026-11-22T12:00:00Z.
pub const NOW: i64 = 1_795_348_800_000;
/// The main admin of every world.
pub const MAIN: &str = "p0@glow.example";

/// One person of a random world: how the account stands, and what becomes of its entry.
#[derive(Clone, Debug)]
pub struct Person {
    pub role: usize,
    pub clinics: BTreeSet<usize>,
    pub standing: usize,
    pub blocked: bool,
    pub grants: BTreeSet<usize>,
    pub stale_role: bool,
    pub passcode: bool,
    pub edit: Edit,
}

/// What the YAML says of a person, compared with the workspace.
#[derive(Clone, Debug)]
pub enum Edit {
    Keep,
    Drop,
    NotYet,
    Status(bool),
    Block(bool),
    Role(usize),
    Clinics(BTreeSet<usize>),
    Grants(BTreeSet<usize>),
    Back { role: usize, clinics: BTreeSet<usize>, grants: BTreeSet<usize> },
    Passcode,
}

const ROLES: [&str; 5] = ["administrator", "medical-director", "provider", "front-desk", "lead-provider"];
const CLINICS: [&str; 3] = ["downtown", "uptown", "riverside"];
const PRIVILEGES: [&str; 4] = ["block-user", "export-reports", "manage-users", "view-reports"];

fn clinics() -> impl Strategy<Value = BTreeSet<usize>> {
    prop::collection::btree_set(0..CLINICS.len(), 1..=2)
}

fn grants() -> impl Strategy<Value = BTreeSet<usize>> {
    prop::collection::btree_set(0..PRIVILEGES.len(), 0..=2)
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => Just(Edit::Keep),
        2 => Just(Edit::Drop),
        2 => Just(Edit::NotYet),
        2 => any::<bool>().prop_map(Edit::Status),
        2 => any::<bool>().prop_map(Edit::Block),
        3 => (0..ROLES.len()).prop_map(Edit::Role),
        2 => clinics().prop_map(Edit::Clinics),
        2 => grants().prop_map(Edit::Grants),
        3 => (0..ROLES.len(), clinics(), grants()).prop_map(|(role, clinics, grants)| Edit::Back { role, clinics, grants }),
        1 => Just(Edit::Passcode),
    ]
}

prop_compose! {
    pub fn person()(role in 0..ROLES.len(), clinics in clinics(), standing in 0..6_usize, blocked in prop::bool::weighted(0.2),
        grants in grants(), stale_role in prop::bool::weighted(0.2), passcode in any::<bool>(), edit in edit()) -> Person {
        Person { role, clinics, standing, blocked, grants, stale_role, passcode, edit }
    }
}

/// A world of up to a dozen people, in a roster that is exact or additive.
pub fn world() -> impl Strategy<Value = (Desired, Actual)> {
    (prop::collection::vec(person(), 1..12), any::<bool>(), 0..3_u32).prop_map(|(people, exact, at_least)| {
        let manage = if exact { Manage::Exact } else { Manage::Additive };
        build(&people, manage, at_least)
    })
}

/// Puts a world together.
pub fn build(people: &[Person], manage: Manage, at_least: u32) -> (Desired, Actual) {
    let mut actual = empty_actual();
    let mut desired = empty_desired(manage);
    desired.guards.administrators_at_least = at_least;
    let main = Person {
        role: 0,
        clinics: BTreeSet::from([0]),
        standing: 0,
        blocked: false,
        grants: BTreeSet::new(),
        stale_role: false,
        passcode: false,
        edit: Edit::Keep,
    };
    for (i, person) in std::iter::once(&main).chain(people).enumerate() {
        let email = Email::parse(&format!("p{i}@glow.example")).expect("a valid address");
        if !matches!(person.edit, Edit::NotYet) {
            actual.accounts.push(account(i, &email, person));
        }
        if !matches!(person.edit, Edit::Drop) {
            desired.users.insert(email.clone(), wanted(i, &email, person));
        }
    }
    actual.accounts.sort_by(|a, b| a.id.cmp(&b.id));
    (desired, actual)
}

fn fields(i: usize, role: usize, clinics: &BTreeSet<usize>, grants: &BTreeSet<usize>) -> Fields {
    let keys: BTreeSet<String> = clinics.iter().map(|c| CLINICS[*c].to_owned()).collect();
    let grant: BTreeSet<String> = grants.iter().map(|g| PRIVILEGES[*g].to_owned()).collect();
    let first = keys.first().cloned().unwrap_or_default();
    [
        (Field::FirstName, Value::Text(format!("First{i}"))),
        (Field::LastName, Value::Text(format!("Last{i}"))),
        (Field::Phones, Value::List(vec![format!("+1602555{i:04}")])),
        (Field::Role, Value::Text(ROLES[role].to_owned())),
        (Field::Clinics, Value::Set(keys)),
        (Field::DefaultClinic, Value::Text(first)),
        (Field::PrivilegeChanges, if grant.is_empty() { Value::Unset } else { Value::changes(grant, BTreeSet::new()) }),
    ]
    .into_iter()
    .collect()
}

fn lead_provider() -> BTreeSet<String> {
    let base = &named("aesthetic-record").unwrap().catalog().roles["provider"].privileges;
    base.iter().cloned().chain(["export-reports".to_owned()]).collect()
}

fn role_privileges(role: usize) -> BTreeSet<String> {
    let catalog = named("aesthetic-record").unwrap().catalog();
    catalog.roles.get(ROLES[role]).map_or_else(lead_provider, |r| r.privileges.clone())
}

fn account(i: usize, email: &Email, person: &Person) -> Account {
    let catalog = named("aesthetic-record").unwrap().catalog();
    let invitation = |state| Some(Invitation { state, sent_at: NOW - 1000, expires_at: NOW + 1000 });
    let (accepted, inactive, mut sent) = match person.standing {
        0 | 1 => (true, false, None),
        2 => (false, false, invitation(InvitationState::Open)),
        3 => (false, false, invitation(InvitationState::Expired)),
        4 => (true, true, None),
        _ => (false, true, invitation(InvitationState::Killed)),
    };
    if person.blocked && sent.as_ref().is_some_and(|s| s.state == InvitationState::Open) {
        sent = invitation(InvitationState::Killed);
    }
    let mut held = role_privileges(person.role);
    if person.stale_role {
        held.pop_last();
        held.insert("take-payments".to_owned());
    }
    let fields = fields(i, person.role, &person.clinics, &person.grants);
    Account {
        id: RemoteId(format!("id-{i:04}")),
        email: email.clone(),
        fingerprint: Fingerprint(format!("W/\"{i}\"")),
        state: State {
            accepted,
            inactive,
            block: person.blocked.then_some(Block { reason: BlockReason::ActivityReview, note: None }),
            invitation: sent,
        },
        privileges: effective(catalog, &held, &fields, email.as_str() == MAIN).into(),
        role_privileges: Some(held.into()),
        fields,
        has_passcode: person.passcode,
        main_admin: email.as_str() == MAIN,
        invited_name: None,
    }
}

fn wanted(i: usize, email: &Email, person: &Person) -> DesiredUser {
    let inactive = matches!(person.standing, 4 | 5) && !matches!(person.edit, Edit::NotYet);
    let mut user = DesiredUser {
        email: email.clone(),
        id: None,
        formerly: Vec::new(),
        status: if inactive { Status::Inactive } else { Status::Active },
        blocked: person.blocked.then_some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None }),
        fields: fields(i, person.role, &person.clinics, &person.grants),
        employee: EmployeeLink::ByName,
        passcode: None,
        initial_password: None,
        place: Place::default(),
    };
    if matches!(person.edit, Edit::NotYet) {
        user.blocked = None;
    }
    match &person.edit {
        Edit::Keep | Edit::Drop | Edit::NotYet => {}
        Edit::Status(active) => user.status = if *active { Status::Active } else { Status::Inactive },
        Edit::Block(true) => user.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None }),
        Edit::Block(false) => user.blocked = Some(DesiredBlock::Unblocked),
        Edit::Role(role) => user.fields = fields(i, *role, &person.clinics, &person.grants),
        Edit::Clinics(clinics) => user.fields = fields(i, person.role, clinics, &person.grants),
        Edit::Grants(grants) => user.fields = fields(i, person.role, &person.clinics, grants),
        Edit::Back { role, clinics, grants } => {
            user.status = Status::Active;
            user.fields = fields(i, *role, clinics, grants);
        }
        Edit::Passcode => user.passcode = Some(true),
    }
    user
}

/// A workspace with nobody in it.
pub fn empty_actual() -> Actual {
    let catalog = named("aesthetic-record").unwrap().catalog();
    let version = || Fingerprint("W/\"1\"".to_owned());
    let clinic =
        |key: &str| (key.to_owned(), Clinic { id: RemoteId(format!("clinic-{key}")), fingerprint: version(), name: key.to_owned() });
    let role = |key: &str, name: &str, privileges: &BTreeSet<String>, built_in| {
        let role = Role {
            id: RemoteId(format!("role-{key}")),
            fingerprint: version(),
            name: name.to_owned(),
            privileges: privileges.clone(),
            built_in,
        };
        (key.to_owned(), role)
    };
    let mut roles: BTreeMap<String, Role> = catalog.roles.iter().map(|(key, r)| role(key, &r.name, &r.privileges, true)).collect();
    roles.extend([role("lead-provider", "lead-provider", &lead_provider(), false)]);
    Actual {
        server: ServerId::Scim { url: "test".to_owned() },
        as_of: NOW,
        accounts: Vec::new(),
        clinics: BTreeMap::from([clinic("downtown"), clinic("uptown")]),
        roles,
        employees: Vec::new(),
        main_admin: Some(Email::parse(MAIN).expect("a valid address")),
        token_owner: Some(Email::parse(MAIN).expect("a valid address")),
        code_word_matches: None,
        capabilities: Capabilities {
            actions: ["invite", "resend-invitation", "withdraw-invitation", "block", "unblock", "generate-passcode"]
                .map(str::to_owned)
                .into(),
            practice_extension: true,
            clinics: true,
            roles: true,
            employees: true,
            etag: true,
            patch: true,
        },
        completeness: Completeness::Complete,
    }
}

/// A roster that wants nobody.
pub fn empty_desired(manage: Manage) -> Desired {
    Desired {
        workspace: "glow".to_owned(),
        platform: named("aesthetic-record").unwrap().id(),
        connection: Connection::Embedded { path: None, start: None },
        subscription: Subscription::default(),
        time_zone: "UTC".to_owned(),
        main_admin: Some(Email::parse(MAIN).expect("a valid address")),
        manage,
        guards: Guards::default(),
        waivers: Vec::new(),
        clinics: CLINICS.iter().map(|c| ((*c).to_owned(), DesiredClinic { name: (*c).to_owned() })).collect(),
        roles: BTreeMap::from([(
            "lead-provider".to_owned(),
            DesiredRole { name: "lead-provider".to_owned(), based_on: Some("provider".to_owned()), privileges: lead_provider() },
        )]),
        users: BTreeMap::new(),
        code_word: None,
        employees: Vec::new(),
        initial_password_allowed: false,
        place: Place::default(),
    }
}

/// The workspace as a later reading would find it once the whole plan is done.
pub fn after(plan: &Plan, actual: &Actual) -> Actual {
    let mut later = actual.clone();
    later.accounts = rosterctl::reconcile::project(plan, actual);
    for account in later.accounts.iter_mut().filter(|account| account.id.0.is_empty()) {
        account.id = RemoteId(format!("new-{}", account.email));
    }
    for Step { change, .. } in &plan.changes {
        if let Change::CreateClinic { key, name } = change {
            let (id, fingerprint) = (RemoteId(format!("clinic-{key}")), Fingerprint("W/\"2\"".to_owned()));
            later.clinics.insert(key.clone(), Clinic { id, fingerprint, name: name.clone() });
        }
    }
    later
}
