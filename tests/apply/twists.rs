//! The things that a roster can say besides the edits of the random worlds: other names and addresses for people, ids, employee records, names of
//! clinics and roles, another main admin, or something else about that one; and another administrator whose token it is.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rosterctl::model::*;
use rosterctl::platform::by_id;
use rosterctl::platform::catalog::Catalog;

use crate::worlds::values::{self, Around, CHOICES, fit};

/// The number of people that a twist can be about; there are never more in a world.
const PEOPLE: usize = 12;

/// One roster's twists.
#[derive(Clone, Debug)]
pub(crate) struct Twists {
    /// The token belongs to another administrator, if there is one.
    pub other_token: bool,
    /// The roster names another main admin.
    other_main: bool,
    /// A clinic and a role have other names.
    names: (bool, bool),
    /// The workspace has a code word, and the roster another one.
    pub code_word: bool,
    /// The people who get another address, with the former one in the roster: a free one, or that of somebody whom the roster does not list.
    moved: Vec<(usize, Option<usize>)>,
    /// The people who get the whole name of somebody else, and whether that one gets another.
    named_like: Vec<(usize, usize, bool)>,
    /// Employee records of the roster: whose, with another last name, active.
    records: Vec<(usize, bool, bool)>,
    /// The people, each with the one whose employee record they should have.
    linked: Vec<(usize, usize)>,
    /// The people whose account the roster names by an id: that of an account, or one that nobody has.
    pinned: Vec<(usize, Option<usize>)>,
    /// The roster's statement about the main admin.
    main: Main,
}

/// The roster's statement about the main admin.
#[derive(Clone, Debug)]
enum Main {
    Keep,
    Drop,
    Inactive,
    Blocked,
    Passcode,
    /// Fields by their places in `Field::ALL`, with choices.
    Fields(Vec<(usize, u8)>),
}

fn main_admin() -> impl Strategy<Value = Main> {
    prop_oneof![
        12 => Just(Main::Keep),
        1 => Just(Main::Drop),
        1 => Just(Main::Inactive),
        1 => Just(Main::Blocked),
        1 => Just(Main::Passcode),
        6 => prop::collection::vec((0..Field::ALL.len(), 0..CHOICES), 1..5).prop_map(Main::Fields),
    ]
}

fn whose(likely: f64) -> impl Strategy<Value = (usize, Option<usize>)> {
    (0..PEOPLE, prop::option::weighted(likely, 0..PEOPLE))
}

prop_compose! {
    pub(crate) fn twists()(other_token in prop::bool::weighted(0.6), other_main in prop::bool::weighted(0.05), names in any::<(bool, bool)>(),
        code_word in any::<bool>(), moved in prop::collection::vec(whose(0.4), 0..3),
        named_like in prop::collection::vec((0..PEOPLE, 0..PEOPLE, any::<bool>()), 0..3), records in prop::collection::vec((0..PEOPLE, any::<bool>(), any::<bool>()), 0..4),
        linked in prop::collection::vec((0..PEOPLE, 0..PEOPLE), 0..2), pinned in prop::collection::vec(whose(0.7), 0..3),
        main in main_admin()) -> Twists {
        Twists { other_token, other_main, names, code_word, moved, named_like, records, linked, pinned, main }
    }
}

fn address(i: usize) -> Email {
    crate::worlds::address(i)
}

impl Twists {
    /// Returns whose token it is: the main admin's, or that of somebody else who can manage users.
    pub(crate) fn token_owner(&self, world: &Actual, main: &Email, catalog: &Catalog) -> Email {
        let works = |account: &&Account| account.state.accepted && !account.state.inactive && account.state.block.is_none();
        let manages = |account: &&Account| catalog.manages_users.as_ref().is_none_or(|privilege| account.privileges.contains(privilege));
        let others = world.accounts.iter().filter(|account| !account.main_admin && self.other_token);
        others.filter(works).find(manages).map_or_else(|| main.clone(), |account| account.email.clone())
    }

    /// Changes the roster of a workspace that exists; `actual` is what was read of it.
    pub(crate) fn twist(&self, desired: &mut Desired, actual: &Actual) {
        if self.names.0
            && let Some(clinic) = desired.clinics.get_mut("downtown")
        {
            "Downtown, second floor".clone_into(&mut clinic.name);
        }
        if self.names.1
            && let Some(role) = desired.roles.values_mut().next()
        {
            "Team lead".clone_into(&mut role.name);
        }
        self.main(desired);
        self.names(desired);
        self.addresses(desired);
        if by_id(&desired.platform).catalog().employees {
            self.records(desired, actual);
        }
        for (i, other) in &self.pinned {
            let account = |i: usize| actual.accounts.iter().find(|account| account.email == address(i)).map(|account| account.id.clone());
            let id = other.map_or_else(
                || Some(RemoteId("0198f3c2-5f0e-7c11-9c35-2b1f7c0a4d11".to_owned())),
                |other| account(if other % 2 == 0 { *i } else { other }),
            );
            if let Some(user) = desired.users.get_mut(&address(*i)) {
                user.id = id;
            }
        }
        if self.other_main && desired.users.contains_key(&address(1)) {
            desired.main_admin = Some(address(1));
        }
    }

    fn main(&self, desired: &mut Desired) {
        let platform = by_id(&desired.platform);
        let around: Vec<(Email, Fields, bool)> =
            desired.users.values().map(|user| (user.email.clone(), user.fields.clone(), user.status == Status::Active)).collect();
        let Some(user) = desired.users.get_mut(&address(0)) else { return };
        match &self.main {
            Main::Drop => {
                desired.users.remove(&address(0));
            }
            Main::Inactive => user.status = Status::Inactive,
            Main::Blocked if platform.catalog().states.blocked => {
                user.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
            }
            Main::Passcode if platform.catalog().passcode => user.passcode = Some(WantedPasscode::Set),
            Main::Keep | Main::Blocked | Main::Passcode => {}
            Main::Fields(edits) => {
                for (at, choice) in edits {
                    let mut choices = vec![0; Field::ALL.len()];
                    choices[*at] = *choice;
                    let values = values::fields(platform, &choices, 0);
                    if let Some(value) = values.get(Field::ALL[*at]).map(ValueRef::to_value) {
                        user.fields.set(Field::ALL[*at], value);
                    }
                }
                let (email, is_active) = (user.email.clone(), user.status == Status::Active);
                fit(&Around { platform, people: &around }, &email, &mut user.fields, is_active, true);
            }
        }
    }

    fn names(&self, desired: &mut Desired) {
        for (one, other, gets_another) in &self.named_like {
            let name = |user: &DesiredUser| [Field::FirstName, Field::LastName].map(|field| (field, user.fields.value(field)));
            let Some(name) = desired.users.get(&address(*other)).map(name).filter(|_| one != other) else { continue };
            if let Some(user) = desired.users.get_mut(&address(*one)) {
                for (field, value) in name.into_iter().filter(|(_, value)| !value.is_empty()) {
                    user.fields.set(field, value);
                }
            }
            if let Some(user) = desired.users.get_mut(&address(*other)).filter(|_| *gets_another) {
                user.fields.set(Field::FirstName, Value::Text("Quinn".to_owned()));
            }
        }
    }

    fn addresses(&self, desired: &mut Desired) {
        let named: BTreeSet<String> =
            desired.users.values().filter_map(|user| user.fields.text(Field::MdConsent).map(str::to_owned)).collect();
        for (i, to) in self.moved.iter().filter(|(i, _)| *i != 0 && !named.contains(address(*i).as_str())) {
            let new = to.map_or_else(|| Email::parse(&format!("moved{i}@glow.example")).expect("a valid address"), address);
            if desired.users.contains_key(&new) {
                continue;
            }
            if let Some(mut user) = desired.users.remove(&address(*i)) {
                user.email = new;
                user.formerly = vec![address(*i)];
                desired.users.insert(user.email.clone(), user);
            }
        }
    }

    fn records(&self, desired: &mut Desired, actual: &Actual) {
        let mut keys = BTreeSet::new();
        for (i, is_renamed, active) in &self.records {
            let key = format!("emp-{i}");
            let Some(record) = actual.employees.iter().find(|record| record.key == key) else { continue };
            if keys.insert(key.clone()) {
                desired.employees.push(DesiredEmployee {
                    id: Some(key),
                    first_name: record.first_name.clone(),
                    last_name: if *is_renamed { format!("{} Jr", record.last_name) } else { record.last_name.clone() },
                    active: Some(*active),
                    external: Some(record.external),
                });
            }
        }
        for (i, other) in &self.linked {
            if let Some(user) = desired.users.get_mut(&address(*i)) {
                user.employee = EmployeeLink::Key(format!("emp-{other}"));
            }
        }
    }
}
