//! Collects changes. The needs of each are named first; positions follow once the order is known.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{
    Account, AccountChange, Action, Actual, Change, Desired, DesiredUser, Email, EmployeeLink, EmployeeUpdate, Field, KeptOut, NAME,
    Notice, NoticeCause, PersonName, Reason, Refusal, RefusalCause, RemoteId, Stage, Step, Subject, Target, Task, ValueRef,
};
use crate::platform::catalog::RolesReach;
use crate::platform::{Catalog, Platform};

use super::register::{Record, Register};
use crate::reconcile::doubts::forms::{self, OneCase};
use crate::reconcile::list::Questions;
use crate::scim::climbs;

/// The facts that others need to know of a user: the role, and whether the account is active; `None` without an account or a role.
pub(in crate::reconcile) type LeftAs = Option<(String, bool)>;

/// Everything that one run of `diff` uses and collects.
pub(in crate::reconcile) struct PlanDraft<'a> {
    pub(in crate::reconcile) desired: &'a Desired,
    pub(in crate::reconcile) actual: &'a Actual,
    pub(in crate::reconcile) platform: &'a Platform,
    pub(in crate::reconcile) changes: Vec<Proposed>,
    pub(in crate::reconcile) refusals: Vec<Refusal>,
    /// For how many users the roster wants a value in a field that the server does not store.
    not_on_server: BTreeMap<Field, usize>,
    /// The number of new users that lack an attribute that the server requires and no roster has.
    lacks_required: BTreeMap<String, usize>,
    /// Users whom the server does not let anybody inactivate, or activate.
    state_not_on_server: [BTreeSet<Email>; 2],
    pub(in crate::reconcile) notices: Vec<Notice>,
    pub(in crate::reconcile) tasks: Vec<Task>,
    pub(in crate::reconcile) unchanged: usize,
    pub(in crate::reconcile) kept_out: Vec<KeptOut>,
    /// The privileges of every role after the plan.
    pub(in crate::reconcile) roles_after: BTreeMap<String, BTreeSet<String>>,
    /// Roles that the plan does not make, since the token's owner cannot give what is in them.
    pub(in crate::reconcile) roles_not_made: BTreeSet<String>,
    /// The state in which the plan leaves users whom a refusal leaves otherwise than the roster wants.
    pub(in crate::reconcile) left: BTreeMap<Email, LeftAs>,
    /// Records that the plan makes for people from outside, by key, as far as it was seen before: everybody is compared with them, in
    /// whatever order. Those that were made since are taken out.
    pub(in crate::reconcile) foreseen: BTreeMap<String, Record>,
    /// Accounts that the roster moves away from their employee record and that earlier looks found there after the plan.
    pub(in crate::reconcile) staying: BTreeSet<RemoteId>,
    /// The accounts that leave an employee record which somebody else is to have, by its key.
    pub(in crate::reconcile) room: BTreeMap<String, BTreeSet<RemoteId>>,
    /// Employee records that are to be inactive and are in use so far.
    pub(in crate::reconcile) in_use: Vec<EmployeeUpdate>,
    /// The acting account's phone numbers that confirm every block so far: those that nobody else has who is to be blocked (AR-19).
    pub(in crate::reconcile) confirming: Option<BTreeSet<String>>,
    /// The employee records after the changes so far.
    pub(in crate::reconcile) register: Register,
    /// The privileges that roles once gave, and whether they still do: thousands of accounts share a few sets.
    still_given: RefCell<BTreeMap<String, Arc<BTreeSet<String>>>>,
    /// Rows of a list that may belong to users whom it lacks.
    pub(in crate::reconcile) questions: Questions,
    /// Accounts by address, if anybody asked for one.
    by_email: OnceCell<BTreeMap<&'a Email, &'a Account>>,
    /// Accounts by the addresses that they had before, if anybody asked for one.
    by_former: OnceCell<BTreeMap<&'a Email, Vec<&'a Account>>>,
    /// Accounts by the key of their employee record, if anybody asked for one.
    by_record: OnceCell<BTreeMap<&'a str, Vec<&'a Account>>>,
    /// Users whose employee record is found by their name, if anybody asked for one.
    by_name: OnceCell<BTreeMap<PersonName, Vec<&'a DesiredUser>>>,
    /// The fields of which every value in the workspace is in one case, if a difference made anybody ask.
    one_case: OnceCell<OneCase>,
}

/// A step, with what must exist first.
pub(in crate::reconcile) struct Proposed {
    pub(in crate::reconcile) step: Step,
    pub(in crate::reconcile) needs: BTreeSet<Need>,
}

/// Something that must exist before a change is made, if the same plan creates it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::reconcile) enum Need {
    /// A clinic, by key.
    Clinic(String),
    /// A role, by key.
    Role(String),
    /// An employee record, by key.
    Employee(String),
    /// A colleague who must be active, by address.
    Colleague(String),
    /// An account that leaves the employee record that somebody else gets.
    RoomOf(RemoteId),
}

impl<'a> PlanDraft<'a> {
    pub(in crate::reconcile) fn new(desired: &'a Desired, actual: &'a Actual) -> Self {
        let platform = crate::platform::by_id(&desired.platform);
        let mut roles_after: BTreeMap<String, BTreeSet<String>> =
            platform.catalog().roles.iter().map(|(key, role)| (key.clone(), role.privileges.clone())).collect();
        roles_after.extend(actual.roles.iter().map(|(key, role)| (key.clone(), role.privileges.clone())));
        roles_after.extend(desired.roles.iter().map(|(key, role)| (key.clone(), role.privileges.clone())));
        Self {
            desired,
            actual,
            platform,
            changes: Vec::new(),
            refusals: Vec::new(),
            not_on_server: BTreeMap::new(),
            lacks_required: BTreeMap::new(),
            state_not_on_server: Default::default(),
            notices: Vec::new(),
            tasks: Vec::new(),
            unchanged: 0,
            kept_out: Vec::new(),
            roles_after,
            roles_not_made: BTreeSet::new(),
            left: BTreeMap::new(),
            foreseen: BTreeMap::new(),
            staying: BTreeSet::new(),
            room: BTreeMap::new(),
            in_use: Vec::new(),
            confirming: None,
            register: Register::from_actual(actual),
            still_given: RefCell::default(),
            questions: Questions::default(),
            by_email: OnceCell::new(),
            by_former: OnceCell::new(),
            by_record: OnceCell::new(),
            by_name: OnceCell::new(),
            one_case: OnceCell::new(),
        }
    }

    /// Has everybody compared with records that the plan makes only later.
    pub(in crate::reconcile) fn foresee(&mut self, records: BTreeMap<String, Record>) {
        for record in records.values() {
            self.register.put(record.clone());
        }
        self.foreseen = records;
    }

    pub(in crate::reconcile) fn catalog(&self) -> &'a Catalog {
        self.platform.catalog()
    }

    /// Returns whether a change of a role reaches those who have it already.
    pub(in crate::reconcile) fn reaches_holders(&self) -> bool {
        match self.catalog().roles_reach {
            RolesReach::AllHolders => true,
            RolesReach::FutureHolders => false,
        }
    }

    /// Returns whether a role now gives something else than it gave an account; a role that no longer exists cannot be compared.
    pub(in crate::reconcile) fn gives_otherwise(&self, role: &str, given: &Arc<BTreeSet<String>>) -> bool {
        let mut known = self.still_given.borrow_mut();
        if known.get(role).is_some_and(|known| Arc::ptr_eq(known, given)) {
            return false;
        }
        let Some(now) = self.roles_after.get(role) else { return false };
        if *now == **given {
            known.insert(role.to_owned(), Arc::clone(given));
            return false;
        }
        true
    }

    /// Finds the account with an address; the first of several.
    pub(in crate::reconcile) fn account(&self, email: &Email) -> Option<&'a Account> {
        let by_email = self.by_email.get_or_init(|| self.actual.accounts.iter().rev().map(|account| (&account.email, account)).collect());
        by_email.get(email).copied()
    }

    /// Returns whether an account has the name of the employee record that it belongs to.
    pub(in crate::reconcile) fn names_its_record(&self, account: &Account) -> bool {
        let held = account.fields.text(Field::Employee).and_then(|key| self.actual.employees.iter().find(|held| held.key == key));
        let [first, last] = NAME.map(|field| account.fields.text(field).unwrap_or_default());
        held.is_some_and(|held| PersonName::new(&held.first_name, &held.last_name) == PersonName::new(first, last))
    }

    /// Lists the accounts that had an address before, as they say themselves.
    pub(in crate::reconcile) fn had(&self, email: &Email) -> impl Iterator<Item = &'a Account> + use<'_, 'a> {
        let by_former = self.by_former.get_or_init(|| {
            let mut by_former: BTreeMap<&Email, Vec<&Account>> = BTreeMap::new();
            for account in &self.actual.accounts {
                for old in &account.former {
                    by_former.entry(old).or_default().push(account);
                }
            }
            by_former
        });
        by_former.get(email).into_iter().flatten().copied()
    }

    /// Lists the users of the roster with this name whose employee record is found by it.
    pub(in crate::reconcile) fn found_by_name(&self, name: &PersonName) -> impl Iterator<Item = &'a DesiredUser> + use<'_, 'a> {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: BTreeMap<PersonName, Vec<&DesiredUser>> = BTreeMap::new();
            for user in self.desired.users.values() {
                match &user.employee {
                    EmployeeLink::Key(_) => {}
                    EmployeeLink::ByName | EmployeeLink::External => {
                        let [first, last] = NAME.map(|field| user.fields.text(field).unwrap_or_default());
                        by_name.entry(PersonName::new(first, last)).or_default().push(user);
                    }
                }
            }
            by_name
        });
        by_name.get(name).into_iter().flatten().copied()
    }

    /// Returns whether a foreign server keeps its own form of a value that differs from the roster's in form alone.
    pub(in crate::reconcile) fn keeps_form(&self, field: Field, held: ValueRef<'_>, wanted: ValueRef<'_>) -> bool {
        let is_foreign = self.actual.list.is_none() && !self.actual.capabilities.practice_extension;
        let is_one_case = || self.one_case.get_or_init(|| forms::one_case(self.actual)).contains(&field);
        is_foreign && forms::is_own_form(self.actual, field, held, wanted, is_one_case)
    }

    /// Lists the accounts that belong to an employee record.
    pub(in crate::reconcile) fn on_record(&self, key: &str) -> impl Iterator<Item = &'a Account> + use<'_, 'a> {
        let by_record = self.by_record.get_or_init(|| {
            let mut by_record: BTreeMap<&str, Vec<&Account>> = BTreeMap::new();
            for account in &self.actual.accounts {
                if let Some(key) = account.fields.text(Field::Employee) {
                    by_record.entry(key).or_default().push(account);
                }
            }
            by_record
        });
        by_record.get(key).into_iter().flatten().copied()
    }

    /// Adds a step, or refuses it if the server knows what it changes by an id to which nobody can write.
    pub(in crate::reconcile) fn push(&mut self, step: Step, needs: BTreeSet<Need>) {
        let id = step.change.target().map(|target| &target.id).filter(|id| self.actual.list.is_none() && climbs(&id.0)).cloned();
        let Some(id) = id else { return self.changes.push(Proposed { step, needs }) };
        let (subject, cause) = (step.change.subject().to_subject(), RefusalCause::IdWithoutAddress { id });
        if !self.refusals.iter().any(|refusal| refusal.subject == subject && refusal.cause == cause) {
            self.refuse(subject, cause);
        }
    }

    pub(in crate::reconcile) fn refuse(&mut self, subject: Subject, cause: RefusalCause) {
        self.refusals.push(Refusal { subject, cause });
    }

    /// Counts a user for whom the server does not store a field; all of them are one refusal.
    pub(in crate::reconcile) fn not_on_server(&mut self, field: Field) {
        *self.not_on_server.entry(field).or_default() += 1;
    }

    /// Counts a new user who lacks an attribute that the server requires; all of them are one refusal.
    pub(in crate::reconcile) fn lacks_required(&mut self, attribute: &str) {
        *self.lacks_required.entry(attribute.to_owned()).or_default() += 1;
    }

    /// Returns how much was collected so far: changes, refusals, and values that the server does not store.
    pub(in crate::reconcile) fn collected(&self) -> (usize, usize, usize) {
        let states = self.state_not_on_server.iter().map(BTreeSet::len).sum::<usize>();
        let values = self.not_on_server.values().chain(self.lacks_required.values()).sum::<usize>();
        (self.changes.len(), self.refusals.len(), values + states)
    }

    /// Refuses each field that the server does not store, and each attribute that it requires, once for all users.
    pub(in crate::reconcile) fn refuse_not_on_server(&mut self) {
        for (field, users) in std::mem::take(&mut self.not_on_server) {
            self.refuse(Subject::Workspace, RefusalCause::NotOnServer { field, users });
        }
        for (attribute, users) in std::mem::take(&mut self.lacks_required) {
            self.refuse(Subject::Workspace, RefusalCause::RequiredByServer { attribute, field: None, users });
        }
        let [active, inactive] = std::mem::take(&mut self.state_not_on_server);
        if !(active.is_empty() && inactive.is_empty()) {
            self.refuse(Subject::Workspace, RefusalCause::StateNotOnServer { active, inactive });
        }
    }

    pub(in crate::reconcile) fn notice(&mut self, subject: Subject, cause: NoticeCause) {
        self.notices.push(Notice { subject, cause });
    }

    /// Returns whether the server offers an action for an account; if not, refuses it. Activating and inactivating are plain SCIM, and are
    /// one refusal for all users where the server does not store who is active.
    pub(in crate::reconcile) fn offers(&mut self, account: &Account, action: Action) -> bool {
        if let Some(is_activation) = action.sets_active() {
            let [active, inactive] = &mut self.state_not_on_server;
            let unchanged = if is_activation { inactive } else { active };
            let is_fixed = self.actual.capabilities.is_state_fixed;
            unchanged.extend(is_fixed.then(|| account.email.clone()));
            return !is_fixed;
        }
        let is_offered = self.can(action);
        if !is_offered {
            self.refuse(user(&account.email), RefusalCause::NotOffered { action });
        }
        is_offered
    }

    /// Returns whether the server offers an action; without the practice extension it offers none.
    pub(in crate::reconcile) fn can(&self, action: Action) -> bool {
        self.actual.capabilities.actions.contains(&action)
    }
}

/// Makes a step of an existing account, without risk.
pub(in crate::reconcile) fn account_step(account: &Account, change: AccountChange, stage: Stage, reason: Reason) -> Step {
    let target = Target { id: account.id.clone(), fingerprint: account.fingerprint.clone() };
    step(Change::Account { email: account.email.clone(), target, change }, stage, reason)
}

/// Makes a step without risk that depends on nothing yet.
pub(in crate::reconcile) fn step(change: Change, stage: Stage, reason: Reason) -> Step {
    Step { change, reason, stage, risky: false, after: Vec::new() }
}

/// Returns the subject of a user's change.
pub(in crate::reconcile) fn user(email: &Email) -> Subject {
    Subject::User(email.clone())
}
