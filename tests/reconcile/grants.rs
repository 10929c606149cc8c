//! Random role graphs: whatever administrators write, nobody ends with a right that its giver could not give.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rosterctl::model::transition::Terms;
use rosterctl::model::{Account, Email, Field, Fields, Fingerprint, RemoteId, State, Value};
use rosterctl::platform::catalog::RolesReach;
use rosterctl::platform::{self, Catalog, Declared, Platform};
use rosterctl::workspace::{self, Acting, Employed, Facts, Grant, OwnLists, Password, WantedUser, may_grant, may_write_role};

/// Graphs of roles and people that are tried.
const GRAPHS: u32 = 10_000;
const PEOPLE: usize = 4;
const ROLES: usize = 3;

/// A write that somebody tries.
#[derive(Clone, Debug)]
enum Write {
    /// Gives somebody a role, also the one they have.
    Role { by: usize, to: usize, role: usize },
    /// Sets somebody's own privileges.
    Own { by: usize, to: usize, grant: Vec<usize>, revoke: Vec<usize> },
    /// Sets what a role gives.
    Edit { by: usize, role: usize, privileges: Vec<usize> },
    /// Sets one of somebody's switches.
    Switch { by: usize, to: usize, provider: bool, on: bool },
    /// Invites somebody new, with privileges of their own.
    New { by: usize, role: usize, grant: Vec<usize> },
}

fn writes() -> impl Strategy<Value = Vec<Write>> {
    let (who, role, privileges) = (0..PEOPLE, 0..ROLES + 7, prop::collection::vec(0..19_usize, 0..5));
    prop::collection::vec(
        prop_oneof![
            (who.clone(), who.clone(), role.clone()).prop_map(|(by, to, role)| Write::Role { by, to, role }),
            (who.clone(), who.clone(), privileges.clone(), privileges.clone()).prop_map(|(by, to, grant, revoke)| Write::Own {
                by,
                to,
                grant,
                revoke
            }),
            (who.clone(), role.clone(), privileges.clone()).prop_map(|(by, role, privileges)| Write::Edit { by, role, privileges }),
            (who.clone(), who.clone(), any::<(bool, bool)>()).prop_map(|(by, to, (provider, on))| Write::Switch { by, to, provider, on }),
            (who, role, privileges).prop_map(|(by, role, grant)| Write::New { by, role, grant }),
        ],
        1..12,
    )
}

/// A workspace of people, of whom the first is the main admin.
struct World {
    platform: &'static Platform,
    accounts: Vec<Account>,
    roles: BTreeMap<String, BTreeSet<String>>,
    role_keys: Vec<String>,
    names: Vec<String>,
    given: usize,
    refused: usize,
    /// The number of people who were invited.
    invited: usize,
}

impl World {
    fn new(platform: &'static Platform, roles: &[Vec<usize>], own: &[Vec<usize>], start: &[usize]) -> Self {
        let catalog = platform.catalog();
        let names: Vec<String> = catalog.privileges.keys().cloned().collect();
        let pick = |of: &[usize]| -> BTreeSet<String> { of.iter().filter_map(|n| names.get(n % names.len()).cloned()).collect() };
        let mut all: BTreeMap<String, BTreeSet<String>> =
            catalog.roles.iter().map(|(key, r)| (key.clone(), r.privileges.clone())).collect();
        all.extend(roles.iter().enumerate().map(|(n, of)| (format!("custom-{n}"), pick(of))));
        let role_keys: Vec<String> = all.keys().cloned().collect();
        let mut world =
            Self { platform, accounts: Vec::new(), roles: all, role_keys, names: names.clone(), given: 0, refused: 0, invited: 0 };
        for (n, (role, own)) in start.iter().zip(own).enumerate() {
            let role = world.role_keys[role % world.role_keys.len()].clone();
            let mut fields = Fields::from_iter([(Field::Role, Value::Text(role.clone()))]);
            if catalog.field(Field::PrivilegeChanges).is_some() {
                fields.set(Field::PrivilegeChanges, Value::changes(pick(own), BTreeSet::new()));
            }
            let account = Account {
                id: RemoteId(n.to_string()),
                email: Email::parse(&format!("p{n}@x.example")).unwrap(),
                fingerprint: Fingerprint(String::new()),
                state: State { accepted: true, ..State::default() },
                fields,
                privileges: Arc::default(),
                role_privileges: Some(Arc::new(world.roles[&role].clone())),
                has_passcode: false,
                passcode_made: None,
                main_admin: n == 0,
                invited_name: None,
                former: Vec::new(),
            };
            world.accounts.push(account);
        }
        world.settle();
        world
    }

    fn catalog(&self) -> &'static Catalog {
        self.platform.catalog()
    }

    /// Returns what somebody may do, worked out here once more.
    fn rights(&self, account: &Account) -> BTreeSet<String> {
        if account.main_admin {
            return self.names.iter().cloned().collect();
        }
        let mut all = match self.catalog().roles_reach {
            RolesReach::AllHolders => account.fields.text(Field::Role).and_then(|r| self.roles.get(r)).cloned().unwrap_or_default(),
            RolesReach::FutureHolders => account.role_privileges.as_deref().cloned().unwrap_or_default(),
        };
        if let Some(Value::Changes(changes)) = account.fields.get(Field::PrivilegeChanges).map(rosterctl::model::ValueRef::to_value) {
            all.extend(changes.grant.iter().cloned());
            all.retain(|name| !changes.revoke.contains(name));
        }
        if account.fields.flag(Field::DashboardAccess) == Some(true) {
            all.insert("view-dashboard".to_owned());
        }
        if account.fields.flag(Field::Provider) == Some(true) {
            all.insert("edit-patient-records".to_owned());
        }
        all
    }

    fn settle(&mut self) {
        for n in 0..self.accounts.len() {
            self.accounts[n].privileges = Arc::new(self.rights(&self.accounts[n]));
        }
    }

    /// Tries a write, as the server does; whether it was made.
    fn write(&mut self, write: &Write) {
        let before: Vec<Arc<BTreeSet<String>>> = self.accounts.iter().map(|a| Arc::clone(&a.privileges)).collect();
        let by = match write {
            Write::Role { by, .. } | Write::Own { by, .. } | Write::Edit { by, .. } | Write::Switch { by, .. } | Write::New { by, .. } => {
                *by
            }
        };
        let manages = self.catalog().manages_users.as_ref().unwrap();
        if !before[by].contains(manages) {
            return;
        }
        let roles_before: Vec<Option<String>> = self.accounts.iter().map(|a| a.fields.text(Field::Role).map(str::to_owned)).collect();
        if self.attempt(write, by) {
            self.given += 1;
        } else {
            self.refused += 1;
        }
        self.settle();
        let roles = self.catalog().roles.iter().filter(|(key, _)| *key != "owner");
        let out: BTreeSet<&String> =
            roles.flat_map(|(_, role)| &role.privileges).chain(self.catalog().switch_privileges.iter().map(|(_, given)| given)).collect();
        for (n, account) in self.accounts.iter().enumerate() {
            let nothing = Arc::default();
            for gained in account.privileges.difference(before.get(n).unwrap_or(&nothing)) {
                assert!(n != by, "{write:?} adds {gained} to the giver's own");
                assert!(out.contains(gained) || before[by].contains(gained), "{write:?} gives {gained}");
            }
            let is_owner = |role: Option<&str>| role == Some("owner");
            if self.catalog().roles.contains_key("owner") && is_owner(account.fields.text(Field::Role)) {
                let was = roles_before.get(n).and_then(Option::as_deref);
                let may = by == 0 || is_owner(roles_before[by].as_deref()) || is_owner(was);
                assert!(may, "{write:?} makes an owner");
            }
        }
    }

    fn attempt(&mut self, write: &Write, by: usize) -> bool {
        let giver = self.accounts[by].clone();
        let acting = Acting { id: &giver.id.0, privileges: &giver.privileges, role: giver.fields.text(Field::Role), main_admin: by == 0 };
        let pick = |of: &[usize]| -> BTreeSet<String> { of.iter().map(|n| self.names[n % self.names.len()].clone()).collect() };
        let (to, mut fields, names_role) = match write {
            Write::Edit { role, privileges, .. } => {
                let (key, after) = (self.role_keys[role % self.role_keys.len()].clone(), pick(privileges));
                return self.edit(&acting, &giver, &key, after);
            }
            Write::Role { to, role, .. } => {
                let key = self.role_keys[role % self.role_keys.len()].clone();
                (*to, vec![(Field::Role, Value::Text(key))], true)
            }
            Write::Own { to, grant, revoke, .. } => {
                (*to, vec![(Field::PrivilegeChanges, Value::changes(pick(grant), pick(revoke)))], false)
            }
            Write::Switch { to, provider: false, on, .. } => (*to, vec![(Field::DashboardAccess, Value::Flag(*on))], false),
            Write::Switch { to, provider: true, on, .. } => {
                let consent = if *on { Value::Flag(false) } else { Value::Unset };
                (*to, vec![(Field::Provider, Value::Flag(*on)), (Field::MdConsent, consent)], false)
            }
            Write::New { role, grant, .. } => {
                let role = self.role_keys[role % self.role_keys.len()].clone();
                let own = pick(grant);
                return self.invite(&acting, &role, own);
            }
        };
        fields.retain(|(field, _)| self.catalog().field(*field).is_some());
        let account = self.accounts[to].clone();
        let mut wanted = account.fields.clone();
        for (field, value) in fields {
            wanted.set(field, value);
        }
        let role = wanted.text(Field::Role).map(str::to_owned);
        let user = WantedUser {
            user_name: account.email.as_str().to_owned(),
            active: Some(true),
            send_invitation: false,
            password: Password::Absent,
            is_patch: true,
            names_role,
            lists: OwnLists::default(),
            mailboxes: Vec::new(),
            role: role.clone(),
            roles: BTreeSet::new(),
            fields: wanted.clone(),
        };
        let facts = Facts { around: &Declared::Everything, roles: &self.roles, employee: &Employed::NotKept };
        let terms = Terms { invitations: true, now: 0, invitation_lives: 1, role_gives: &|_| None };
        let Ok(changed) = workspace::change(self.platform, &acting, &account, None, &user, &facts, &terms) else { return false };
        let after = &mut self.accounts[to];
        after.fields = wanted;
        if changed.applies_role {
            after.role_privileges = role.and_then(|role| self.roles.get(&role).cloned()).map(Arc::new);
        }
        true
    }

    /// Invites somebody with a role and privileges of their own.
    fn invite(&mut self, acting: &Acting<'_>, role: &str, own: BTreeSet<String>) -> bool {
        let all = [
            (Field::FirstName, Value::Text("Kim".to_owned())),
            (Field::LastName, Value::Text("Park".to_owned())),
            (Field::Role, Value::Text(role.to_owned())),
            (Field::Clinics, Value::Set(BTreeSet::from(["downtown".to_owned()]))),
            (Field::PrivilegeChanges, Value::changes(own, BTreeSet::new())),
        ];
        let fields: Fields = all.into_iter().filter(|(field, _)| self.catalog().field(*field).is_some()).collect();
        let email = Email::parse(&format!("p{}@x.example", self.accounts.len())).unwrap();
        let user = WantedUser {
            user_name: email.as_str().to_owned(),
            active: None,
            send_invitation: true,
            password: Password::Absent,
            is_patch: false,
            names_role: true,
            lists: OwnLists::default(),
            mailboxes: Vec::new(),
            role: Some(role.to_owned()),
            roles: BTreeSet::new(),
            fields: fields.clone(),
        };
        let facts = Facts { around: &Declared::Everything, roles: &self.roles, employee: &Employed::NotKept };
        let terms = Terms { invitations: true, now: 0, invitation_lives: 1, role_gives: &|_| None };
        if workspace::create(self.platform, acting, &email, &user, &facts, &terms).is_err() {
            return false;
        }
        let role_privileges = Some(Arc::new(self.roles[role].clone()));
        let id = RemoteId(self.accounts.len().to_string());
        self.accounts.push(Account { id, email, fields, role_privileges, main_admin: false, ..self.accounts[0].clone() });
        self.invited += 1;
        true
    }

    /// Edits a role as the server does: asked for what the role would give, and for what the giver would come by.
    fn edit(&mut self, acting: &Acting<'_>, giver: &Account, key: &str, after: BTreeSet<String>) -> bool {
        let before = self.roles[key].clone();
        if may_write_role(self.catalog(), acting, key, &before, &after).is_err() {
            return false;
        }
        self.roles.insert(key.to_owned(), after);
        let own = self.rights(giver);
        let refused =
            may_grant(self.catalog(), acting, &Grant { to: Some(acting.id), before: acting.privileges, after: &own, role: None }).is_err();
        if refused {
            self.roles.insert(key.to_owned(), before);
        }
        !refused
    }
}

// D6, AR-6, AR-18, PBN-6, CHR-6
#[test]
fn no_random_graph_of_roles_lets_anybody_rise() {
    let mut runner = TestRunner::new(Config { cases: GRAPHS, failure_persistence: None, ..Config::default() });
    let some = || prop::collection::vec(0..19_usize, 0..6);
    let graph = (
        0..3_usize,
        prop::collection::vec(some(), ROLES),
        prop::collection::vec(some(), PEOPLE),
        prop::collection::vec(0..ROLES + 7, PEOPLE),
        writes(),
    );
    let counted = std::cell::Cell::new([0; 3]);
    let graphs = std::cell::Cell::new([0; 3]);
    let outcome = runner.run(&graph, |(at, roles, own, start, writes)| {
        let platform = &platform::built_in()[at];
        let custom = if platform.catalog().custom_roles { roles.as_slice() } else { &[] };
        let mut world = World::new(platform, custom, &own, &start);
        for write in &writes {
            world.write(write);
        }
        let [given, refused, invited] = counted.get();
        counted.set([given + world.given, refused + world.refused, invited + world.invited]);
        let mut tried = graphs.get();
        tried[at] += 1;
        graphs.set(tried);
        Ok(())
    });
    outcome.unwrap();
    let ([given, refused, invited], graphs) = (counted.get(), graphs.get());
    println!("{graphs:?} graphs: {given} writes made, {invited} of them invitations, {refused} refused, 0 escalations");
    assert_eq!(graphs.iter().sum::<u32>(), GRAPHS);
    assert!(graphs.iter().all(|graphs| *graphs > GRAPHS / 4), "{graphs:?}");
    assert!(given > 10_000 && refused > 2_000 && invited > 2_000, "{given} made, {invited} invited, {refused} refused: too tame");
}
