//! Random workspaces with rosters for them, on every platform and over all its fields: an account as it is, and an entry made by editing it.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "shared by several test programs, each of which uses a part")]

pub mod values;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use rosterctl::model::*;
use rosterctl::platform::catalog::RolesReach;
use rosterctl::platform::{Platform, built_in, named, with_rights};
use rosterctl::scim::schema::actions;

use values::{Around, CHOICES, Choices, fit};

/// The time at which every workspace was read: 2026-11-22T12:00:00Z.
pub const NOW: i64 = 1_795_348_800_000;
/// The main admin of every world.
pub const MAIN: &str = "p0@glow.example";

/// One person of a random world: the account, and what becomes of its entry.
#[derive(Clone, Debug)]
pub struct Person {
    pub held: Choices,
    /// Accepted, pending with an open, expired or ended invitation, or inactive.
    pub standing: usize,
    pub blocked: bool,
    /// The role gave something else when the account got it.
    pub stale_role: bool,
    pub passcode: bool,
    /// The fields that the entry leaves out, by their places in `Field::ALL`.
    pub silent: u32,
    /// The employee record, where the platform has them: by name, by key, from outside, missing, inactive.
    pub employee: usize,
    pub edit: Edit,
}

/// The roster's statement about a person, compared with the workspace.
#[derive(Clone, Debug)]
pub enum Edit {
    Keep,
    Drop,
    NotYet { password: bool },
    Status(bool),
    Block(bool),
    Fields(Vec<(usize, u8)>),
    Back(Vec<(usize, u8)>),
    Rename,
    Passcode(bool),
}

/// One workspace with its roster.
#[derive(Clone, Debug)]
pub struct Plot {
    pub platform: usize,
    pub people: Vec<Person>,
    pub exact: bool,
    pub at_least: u32,
    /// Wide limits for removals, so that more plans are approved.
    pub wide: bool,
    /// The custom role gives something else in the workspace than in the roster, and every second person has or gets it.
    pub role_edit: Option<RoleEdit>,
    /// Most servers lack a field that accounts can do without, or an action.
    pub lacks: usize,
    /// One administrator leaves or loses the role, and another person gets it.
    pub hand_over: bool,
}

/// The difference of a custom role between the workspace and the roster.
#[derive(Clone, Copy, Debug)]
pub struct RoleEdit {
    pub gains: bool,
    pub loses: bool,
    /// Says whether it makes its holders administrators: in the workspace, and in the roster.
    pub administers: [bool; 2],
}

pub const CLINICS: [&str; 3] = ["downtown", "uptown", "riverside"];
/// The role that a roster defines itself, where the platform has such roles.
const CUSTOM: &str = "lead";

/// The address of person `i`.
pub fn address(i: usize) -> Email {
    Email::parse(&format!("p{i}@glow.example")).expect("a valid address")
}

/// The address that person `i` changes to.
fn new_address(i: usize) -> Email {
    Email::parse(&format!("new{i}@glow.example")).expect("a valid address")
}

/// Roles by key; those of the administrators come first.
pub fn role_keys(platform: &Platform) -> Vec<String> {
    let catalog = platform.catalog();
    let mut keys: Vec<String> = catalog.roles.keys().cloned().collect();
    keys.sort_by_key(|key| !is_admin_role(platform, key));
    keys.extend(catalog.custom_roles.then(|| CUSTOM.to_owned()));
    keys
}

fn is_admin_role(platform: &Platform, role: &str) -> bool {
    let catalog = platform.catalog();
    let privileges = catalog.roles.get(role).map(|role| &role.privileges);
    privileges.is_some_and(|all| catalog.manages_users.as_ref().is_some_and(|privilege| all.contains(privilege)))
}

fn choices() -> impl Strategy<Value = Choices> {
    prop::collection::vec(0..CHOICES, Field::ALL.len())
}

fn edits() -> impl Strategy<Value = Vec<(usize, u8)>> {
    prop::collection::vec((0..Field::ALL.len(), 0..CHOICES), 1..9)
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => Just(Edit::Keep),
        3 => Just(Edit::Drop),
        2 => prop::bool::weighted(0.2).prop_map(|password| Edit::NotYet { password }),
        2 => any::<bool>().prop_map(Edit::Status),
        2 => any::<bool>().prop_map(Edit::Block),
        8 => edits().prop_map(Edit::Fields),
        3 => edits().prop_map(Edit::Back),
        1 => Just(Edit::Rename),
        1 => any::<bool>().prop_map(Edit::Passcode),
    ]
}

prop_compose! {
    pub fn person()(held in choices(), standing in 0..6_usize, blocked in prop::bool::weighted(0.2), stale_role in prop::bool::weighted(0.2),
        passcode in any::<bool>(), silent in prop_oneof![1 => Just(0_u32), 2 => any::<u32>()], employee in 0..8_usize, edit in edit()) -> Person {
        Person { held, standing, blocked, stale_role, passcode, silent, employee, edit }
    }
}

fn role_edit() -> impl Strategy<Value = RoleEdit> {
    any::<[bool; 4]>().prop_map(|[gains, loses, before, after]| RoleEdit { gains, loses, administers: [before, after] })
}

prop_compose! {
    /// A workspace of up to eleven people, with a roster that is exact or additive.
    pub fn plot()(platform in 0..built_in().len(), people in prop::collection::vec(person(), 3..11), exact in any::<bool>(),
        at_least in 0..3_u32, wide in any::<bool>(), role_edit in prop::option::weighted(0.3, role_edit()), lacks in 0..40_usize,
        hand_over in prop::bool::weighted(0.2)) -> Plot {
        Plot { platform, people, exact, at_least, wide, role_edit, lacks, hand_over }
    }
}

/// The inputs of a round: other ones than those of the rounds before, also where the seed is fixed.
pub fn of_round(config: &ProptestConfig, round: u64) -> TestRunner {
    let rng_seed = match config.rng_seed {
        RngSeed::Random => RngSeed::Random,
        RngSeed::Fixed(seed) => RngSeed::Fixed(seed.wrapping_add(round)),
    };
    TestRunner::new(ProptestConfig { rng_seed, ..config.clone() })
}

/// A random world.
pub fn world() -> impl Strategy<Value = (Desired, Actual)> {
    plot().prop_map(|plot| build(&plot))
}

fn place(field: Field) -> usize {
    Field::ALL.iter().position(|one| *one == field).expect("every field is there")
}

/// Returns what makes somebody an administrator: a role, or where no role does, a privilege.
fn administrates(platform: &Platform) -> [(usize, u8); 2] {
    let has_role = role_keys(platform).first().is_some_and(|role| is_admin_role(platform, role));
    [(place(Field::Role), 1), (place(Field::PrivilegeChanges), if has_role { 0 } else { values::MANAGES_USERS })]
}

/// Returns what makes somebody a person like many others.
fn works() -> [(usize, u8); 2] {
    [(place(Field::Role), 3), (place(Field::PrivilegeChanges), 0)]
}

fn choose(choices: &mut Choices, chosen: [(usize, u8); 2]) {
    for (at, choice) in chosen {
        choices[at] = choice;
    }
}

/// Makes a role give something else in the workspace than in the roster.
fn edit_role(platform: &Platform, edit: RoleEdit, [held, wanted]: [&mut BTreeSet<String>; 2]) {
    let catalog = platform.catalog();
    let manages = catalog.manages_users.as_ref();
    let other = catalog.privileges.keys().find(|key| !wanted.contains(*key) && Some(*key) != manages);
    if edit.gains {
        held.pop_last();
    }
    held.extend(other.filter(|_| edit.loses).cloned());
    for (privileges, does) in [held, wanted].into_iter().zip(edit.administers) {
        privileges.extend(manages.filter(|_| does).cloned());
    }
}

/// Gives every second person the custom role, now or from now on.
fn take_custom_role(platform: &Platform, people: &mut [Person]) {
    let custom = u8::try_from(role_keys(platform).len()).expect("few roles");
    let take = |choice: &mut u8| *choice = if choice.is_multiple_of(2) { custom } else { *choice };
    for person in people {
        take(&mut person.held[place(Field::Role)]);
        if let Edit::Fields(edits) | Edit::Back(edits) = &mut person.edit {
            edits.iter_mut().filter(|(at, _)| *at == place(Field::Role)).for_each(|(_, choice)| take(choice));
        }
    }
}

/// Makes the people of a plot hand over the administration: the first one leaves or loses it, and the second one gets it. Where the custom role
/// makes administrators, it is the role of both.
fn hand_over(platform: &Platform, role_edit: Option<RoleEdit>, people: &mut [Person]) {
    let [before, after] = role_edit.map_or([false; 2], |edit| edit.administers);
    let custom = u8::try_from(role_keys(platform).len()).expect("few roles");
    let administrates = |by_custom: bool| {
        let [(role, choice), privileges] = administrates(platform);
        [(role, if by_custom && platform.catalog().custom_roles { custom } else { choice }), privileges]
    };
    for person in people.iter_mut() {
        choose(&mut person.held, works());
        person.edit = Edit::Keep;
    }
    if let [first, second, ..] = people {
        choose(&mut first.held, administrates(before));
        let leaves = if first.passcode { Edit::Status(false) } else { Edit::Fields(works().into()) };
        *first = Person { standing: 0, blocked: false, silent: 0, edit: leaves, ..first.clone() };
        *second = Person { standing: 0, blocked: false, silent: 0, edit: Edit::Fields(administrates(after).into()), ..second.clone() };
    }
}

/// Puts a world together.
pub fn build(plot: &Plot) -> (Desired, Actual) {
    let platform = &built_in()[plot.platform];
    let manage = if plot.exact { Manage::Exact } else { Manage::Additive };
    let (mut desired, mut actual) = (empty_desired_on(platform, manage), empty_actual_on(platform));
    desired.guards.administrators_at_least = plot.at_least;
    if plot.wide || plot.hand_over {
        (desired.guards.removals_count, desired.guards.removals_share) = (100, Share::from_millionths(1_000_000));
    }
    let mut people = plot.people.clone();
    if let (Some(edit), Some(held), Some(wanted)) = (plot.role_edit, actual.roles.get_mut(CUSTOM), desired.roles.get_mut(CUSTOM)) {
        edit_role(platform, edit, [&mut held.privileges, &mut wanted.privileges]);
        take_custom_role(platform, &mut people);
    }
    if plot.hand_over {
        hand_over(platform, plot.role_edit, &mut people);
        desired.guards.administrators_at_least = 2;
    }
    let mut main = Person { standing: 0, blocked: false, stale_role: false, silent: 0, employee: 0, edit: Edit::Keep, ..people[0].clone() };
    choose(&mut main.held, administrates(platform));
    people.insert(0, main);
    let accounts: Vec<(Email, Fields, bool)> =
        people.iter().enumerate().map(|(i, person)| (address(i), values::fields(platform, &person.held, i), true)).collect();
    let entries: Vec<(Email, Fields, bool)> = people
        .iter()
        .zip(&accounts)
        .enumerate()
        .filter(|(_, (person, _))| !matches!(person.edit, Edit::Drop))
        .map(|(i, (person, (email, ..)))| (email.clone(), entry_fields(platform, i, person), status(person) == Status::Active))
        .collect();
    for (i, (person, (email, fields, _))) in people.iter().zip(&accounts).enumerate() {
        // Somebody new from outside has a record already, or gets one.
        let gets_record = person.employee == 5 && matches!(person.edit, Edit::NotYet { .. }) && i % 2 == 0;
        if platform.catalog().employees && person.employee != 6 && !gets_record {
            actual.employees.push(record(i, person, fields));
        }
        if !matches!(person.edit, Edit::NotYet { .. }) {
            let mut fields = fields.clone();
            fit(&Around { platform, people: &accounts }, email, &mut fields, true, i == 0);
            if let Some(lacked) = lacked_field(plot.lacks, platform) {
                fields = fields.iter().filter(|(field, _)| *field != lacked).map(|(field, value)| (field, value.to_value())).collect();
            }
            if platform.catalog().employees {
                fields.set(Field::Employee, Value::Text(format!("emp-{i}")));
            }
            actual.accounts.push(account(platform, &actual, i, person, fields));
        }
    }
    for (email, fields, active) in &entries {
        let i = accounts.iter().position(|(address, ..)| address == email).expect("everybody has a place");
        let person = &people[i];
        let mut fields: Fields = fields.iter().map(|(field, value)| (field, value.to_value())).collect();
        fit(&Around { platform, people: &entries }, email, &mut fields, *active, i == 0);
        let user = wanted(platform, i, person, fields);
        desired.users.insert(user.email.clone(), user);
    }
    lack_action(&mut actual, plot.lacks);
    (desired, actual)
}

/// The field that the server does not have, if any; never one that accounts cannot do without.
fn lacked_field(which: usize, platform: &Platform) -> Option<Field> {
    let fields = platform.catalog().known_fields().filter(|(field, rule)| *field != Field::Employee && !rule.required);
    let optional: Vec<Field> = fields.map(|(field, _)| field).collect();
    if which < Field::ALL.len() { optional.get(which % (2 * optional.len()).max(1)).copied() } else { None }
}

/// Takes from the server the action that it lacks, if any.
fn lack_action(actual: &mut Actual, which: usize) {
    let at = which.checked_sub(Field::ALL.len());
    if let Some(action) = at.and_then(|at| actual.capabilities.actions.iter().nth(at).copied()) {
        actual.capabilities.actions.remove(&action);
    }
}

/// The fields of a person's entry, before they are made to fit: edited, and some of them left out.
fn entry_fields(platform: &Platform, i: usize, person: &Person) -> Fields {
    let mut choices = person.held.clone();
    let mut edited = BTreeSet::new();
    if let Edit::Fields(edits) | Edit::Back(edits) = &person.edit {
        for (at, choice) in edits {
            choices[*at] = *choice;
            edited.insert(Field::ALL[*at]);
        }
    }
    let is_new = matches!(person.edit, Edit::NotYet { .. });
    let all = values::fields(platform, &choices, i);
    let is_said = |field: Field| {
        let is_silent = person.silent >> place(field) & 1 == 1;
        let rule = platform.catalog().field(field);
        !is_silent || edited.contains(&field) || is_new || rule.is_some_and(|rule| rule.required)
    };
    // A switch is said with its settings, and a clinic with the default among them.
    let together = |field: Field| if field == Field::DefaultClinic { Field::Clinics } else { field.switch().unwrap_or(field) };
    all.iter().filter(|(field, _)| is_said(together(*field))).map(|(field, value)| (field, value.to_value())).collect()
}

fn status(person: &Person) -> Status {
    let is_inactive = matches!(person.standing, 4 | 5);
    match &person.edit {
        Edit::Status(active) => {
            if *active {
                Status::Active
            } else {
                Status::Inactive
            }
        }
        Edit::Back(_) | Edit::NotYet { .. } => Status::Active,
        Edit::Keep | Edit::Drop | Edit::Block(_) | Edit::Fields(_) | Edit::Rename | Edit::Passcode(_) => {
            if is_inactive {
                Status::Inactive
            } else {
                Status::Active
            }
        }
    }
}

fn record(i: usize, person: &Person, fields: &Fields) -> Employee {
    let name = |field| fields.text(field).unwrap_or_default().to_owned();
    Employee {
        id: RemoteId(format!("emp-id-{i}")),
        fingerprint: Fingerprint("W/\"1\"".to_owned()),
        key: format!("emp-{i}"),
        first_name: name(Field::FirstName),
        last_name: name(Field::LastName),
        active: person.employee != 7 || !matches!(person.edit, Edit::NotYet { .. }),
        external: person.employee == 5,
    }
}

fn account(platform: &Platform, actual: &Actual, i: usize, person: &Person, fields: Fields) -> Account {
    let catalog = platform.catalog();
    let invitation = |state| Some(Invitation { state, sent_at: NOW - 1000, expires_at: NOW + 1000 });
    let (accepted, inactive, mut sent) = match person.standing {
        0 | 1 => (true, false, None),
        4 => (true, true, None),
        n if !catalog.states.pending => (true, n == 5, None),
        2 => (false, false, invitation(InvitationState::Open)),
        3 => (false, false, invitation(InvitationState::Expired)),
        _ => (false, true, invitation(InvitationState::Killed)),
    };
    let blocked = person.blocked && catalog.states.blocked;
    if blocked && sent.as_ref().is_some_and(|s| s.state == InvitationState::Open) {
        sent = invitation(InvitationState::Killed);
    }
    let role = fields.text(Field::Role).and_then(|role| actual.roles.get(role));
    let mut given = role.map(|role| role.privileges.clone());
    if person.stale_role
        && catalog.roles_reach == RolesReach::FutureHolders
        && let Some(given) = &mut given
    {
        given.pop_last();
        given.insert("take-payments".to_owned());
    }
    let account = Account {
        id: RemoteId(format!("id-{i:04}")),
        email: address(i),
        fingerprint: Fingerprint(format!("W/\"{i}\"")),
        state: State {
            accepted,
            inactive,
            block: blocked.then_some(Block { reason: BlockReason::ActivityReview, note: None }),
            invitation: sent,
        },
        privileges: BTreeSet::new().into(),
        role_privileges: given.map(Into::into),
        fields,
        has_passcode: person.passcode && catalog.passcode,
        passcode_made: (person.passcode && catalog.passcode).then_some(NOW - 1000),
        main_admin: i == 0,
        invited_name: None,
        former: Vec::new(),
    };
    let gives = |role: &str| actual.roles.get(role).map(|role| role.privileges.clone().into());
    with_rights(account, catalog, &gives)
}

fn wanted(platform: &Platform, i: usize, person: &Person, fields: Fields) -> DesiredUser {
    let catalog = platform.catalog();
    let is_new = matches!(person.edit, Edit::NotYet { .. });
    let block = || DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None };
    let blocked = if let Edit::Block(is_blocked) = &person.edit {
        Some(if *is_blocked { block() } else { DesiredBlock::Unblocked })
    } else {
        (person.blocked && !is_new).then(block)
    };
    let passcode = match &person.edit {
        Edit::Passcode(false) => Some(WantedPasscode::Unset),
        // Of every second person, the passcode is too old.
        Edit::Passcode(true) if i % 2 == 1 => Some(WantedPasscode::MadeSince(Moment::of_millis(NOW))),
        Edit::Passcode(true) => Some(WantedPasscode::Set),
        Edit::NotYet { .. } => person.passcode.then_some(WantedPasscode::Set),
        Edit::Keep | Edit::Drop | Edit::Status(_) | Edit::Block(_) | Edit::Fields(_) | Edit::Back(_) | Edit::Rename => None,
    };
    let has_password = matches!(person.edit, Edit::NotYet { password: true }) && catalog.initial_password;
    let is_renamed = matches!(person.edit, Edit::Rename);
    DesiredUser {
        email: if is_renamed { new_address(i) } else { address(i) },
        id: None,
        formerly: if is_renamed { vec![address(i)] } else { Vec::new() },
        status: status(person),
        blocked: blocked.filter(|_| catalog.states.blocked),
        fields,
        employee: match person.employee {
            4 => EmployeeLink::Key(format!("emp-{i}")),
            5 => EmployeeLink::External,
            _ => EmployeeLink::ByName,
        },
        passcode: passcode.filter(|_| catalog.passcode),
        initial_password: has_password.then(|| Box::new(SecretRef::Env("FIRST_PASSWORD".to_owned()))),
        service_owner: None,
        place: Place::default(),
    }
}

/// Returns what the custom role gives: what the last role of the platform gives, and a little more.
fn custom_privileges(platform: &Platform) -> BTreeSet<String> {
    let catalog = platform.catalog();
    let base = catalog.roles.iter().map(|(key, role)| (!is_admin_role(platform, key), &role.privileges)).max().map(|(_, all)| all.clone());
    let more = catalog.privileges.keys().filter(|key| key.contains("reports")).cloned();
    base.unwrap_or_default().into_iter().chain(more).collect()
}

/// A workspace of Aesthetic Record with nobody in it.
pub fn empty_actual() -> Actual {
    empty_actual_on(named("aesthetic-record").expect("a platform"))
}

/// A workspace with nobody in it.
pub fn empty_actual_on(platform: &Platform) -> Actual {
    let catalog = platform.catalog();
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
    roles.extend(catalog.custom_roles.then(|| role(CUSTOM, CUSTOM, &custom_privileges(platform), false)));
    Actual {
        server: ServerId::Scim { url: "test".to_owned() },
        as_of: NOW,
        accounts: Vec::new(),
        clinics: if catalog.clinics { BTreeMap::from([clinic("downtown"), clinic("uptown")]) } else { BTreeMap::new() },
        roles,
        employees: Vec::new(),
        main_admin: Some(Email::parse(MAIN).expect("a valid address")),
        token_owner: Some(Email::parse(MAIN).expect("a valid address")),
        code_word_matches: None,
        capabilities: Capabilities {
            actions: actions(catalog),
            practice_extension: true,
            clinics: true,
            roles: true,
            employees: true,
            etag: true,
            patch: true,
            ..Capabilities::default()
        },
        outdated: Vec::new(),
        without_address: BTreeMap::new(),
        other_addresses: BTreeMap::new(),
        completeness: Completeness::Complete,
        list: None,
        blocked: BTreeMap::new(),
        deliveries: BTreeMap::new(),
    }
}

/// A roster for Aesthetic Record that wants nobody.
pub fn empty_desired(manage: Manage) -> Desired {
    empty_desired_on(named("aesthetic-record").expect("a platform"), manage)
}

/// A roster that wants nobody.
pub fn empty_desired_on(platform: &Platform, manage: Manage) -> Desired {
    let catalog = platform.catalog();
    let role = || DesiredRole { name: CUSTOM.to_owned(), based_on: None, privileges: custom_privileges(platform) };
    let clinics = CLINICS.iter().filter(|_| catalog.clinics);
    Desired {
        workspace: "glow".to_owned(),
        platform: platform.id(),
        connection: Connection::Embedded { path: None, start: None },
        subscription: Subscription::default(),
        time_zone: "UTC".to_owned(),
        country: None,
        main_admin: Some(Email::parse(MAIN).expect("a valid address")),
        manage,
        guards: Guards::default(),
        waivers: Vec::new(),
        clinics: clinics.map(|c| ((*c).to_owned(), DesiredClinic { name: (*c).to_owned() })).collect(),
        roles: catalog.custom_roles.then(|| (CUSTOM.to_owned(), role())).into_iter().collect(),
        users: BTreeMap::new(),
        code_word: None,
        employees: Vec::new(),
        initial_password_allowed: catalog.initial_password,
        list: rosterctl::model::ListWords::default(),
        stale_after: 7 * 24 * 60 * 60 * 1000,
        oddities: Vec::new(),
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
    let fingerprint = || Fingerprint("W/\"2\"".to_owned());
    for Step { change, .. } in &plan.changes {
        match change {
            Change::CreateClinic { key, name } => {
                let id = RemoteId(format!("clinic-{key}"));
                later.clinics.insert(key.clone(), Clinic { id, fingerprint: fingerprint(), name: name.clone() });
            }
            Change::UpdateRole(update) => {
                if let (Some(role), Some(privileges)) = (later.roles.get_mut(&update.key), &update.privileges) {
                    role.privileges.clone_from(&privileges.after);
                }
            }
            Change::CreateEmployee { key, first_name, last_name, active, external } => later.employees.push(Employee {
                id: RemoteId(format!("employee-{key}")),
                fingerprint: fingerprint(),
                key: key.clone(),
                first_name: first_name.clone(),
                last_name: last_name.clone(),
                active: *active,
                external: *external,
            }),
            Change::UpdateClinic(_)
            | Change::CreateRole { .. }
            | Change::UpdateEmployee(_)
            | Change::SetCodeWord
            | Change::CreateAccount(_)
            | Change::Complete { .. }
            | Change::Account { .. } => {}
        }
    }
    later
}
