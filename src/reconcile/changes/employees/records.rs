//! Decides about employee records, and about the record of each account (PBN-1 to PBN-3, PBN-8).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Account, Actual, BareName, Change, DesiredEmployee, DesiredUser, Edit, Employee, EmployeeLink, EmployeeUpdate, Field, FieldChange,
    NAME, PersonName, Reason, RefusalCause, Stage, Step, Subject, Target,
};
use crate::platform;

use super::register::Record;
use super::room::{anothers, has_record, is_anothers_name, listed};
use crate::reconcile::changes::draft::{PlanDraft, step, user};
use crate::reconcile::changes::rights;

/// Compares the roster's employee records with the workspace's.
pub(in crate::reconcile) fn compare(draft: &mut PlanDraft<'_>) {
    let desired = draft.desired;
    let held = ActualEmployees::new(draft.actual, &desired.employees);
    for wanted in &desired.employees {
        let key = key_of(wanted);
        let subject = Subject::Employee(key.clone());
        if !draft.actual.capabilities.employees {
            draft.refuse(subject, RefusalCause::NoEmployeeResources);
            continue;
        }
        match held.find(wanted) {
            FoundEmployee::None => create(
                draft,
                &key,
                &wanted.first_name,
                &wanted.last_name,
                Employee::active_as_said(wanted.active),
                Employee::external_as_said(wanted.external),
                Reason::NoEmployee,
            ),
            FoundEmployee::One(found) => update(draft, wanted, found),
            FoundEmployee::Several => {
                let (first, last) = (wanted.first_name.clone(), wanted.last_name.clone());
                draft.refuse(subject, RefusalCause::EmployeeNameRepeats { first, last });
            }
        }
    }
}

enum FoundEmployee<'a> {
    None,
    One(&'a Employee),
    Several,
}

/// The records of the workspace, with the keys by which the roster knows them.
struct ActualEmployees<'a> {
    by_key: BTreeMap<&'a str, &'a Employee>,
    by_id: BTreeMap<&'a str, &'a Employee>,
    by_name: BTreeMap<PersonName, Vec<&'a Employee>>,
    /// The ids in the roster.
    given: BTreeSet<&'a str>,
}

impl<'a> ActualEmployees<'a> {
    fn new(actual: &'a Actual, entries: &'a [DesiredEmployee]) -> Self {
        let mut by_name: BTreeMap<PersonName, Vec<&Employee>> = BTreeMap::new();
        if !entries.is_empty() {
            for record in &actual.employees {
                by_name.entry(PersonName::new(&record.first_name, &record.last_name)).or_default().push(record);
            }
        }
        Self {
            by_key: actual.employees.iter().map(|record| (record.key.as_str(), record)).collect(),
            by_id: actual.employees.iter().map(|record| (record.id.0.as_str(), record)).collect(),
            by_name,
            given: entries.iter().filter_map(|entry| entry.id.as_deref()).collect(),
        }
    }

    fn find(&self, wanted: &DesiredEmployee) -> FoundEmployee<'a> {
        let id = wanted.id.as_deref();
        if let Some(found) = id.and_then(|id| self.by_key.get(id).or_else(|| self.by_id.get(id))) {
            return FoundEmployee::One(found);
        }
        let named = self.by_name.get(&PersonName::new(&wanted.first_name, &wanted.last_name));
        // A record that another entry names by its key belongs to that entry.
        let is_free = |record: &&&Employee| !self.given.contains(record.key.as_str());
        let free: Vec<&Employee> = named.into_iter().flatten().filter(is_free).copied().collect();
        match (free.as_slice(), id) {
            // An unknown key is a new record, unless the only record with that name never got a key of its own.
            ([one], key) if key.is_none() || one.key == one.id.0 => FoundEmployee::One(one),
            ([_, _, ..], None) => FoundEmployee::Several,
            _ => FoundEmployee::None,
        }
    }
}

fn key_of(wanted: &DesiredEmployee) -> String {
    wanted.id.clone().unwrap_or_else(|| platform::employee_key(&wanted.first_name, &wanted.last_name))
}

fn create(draft: &mut PlanDraft<'_>, key: &str, first: &str, last: &str, active: bool, external: bool, reason: Reason) {
    let (key, first, last) = (key.to_owned(), first.to_owned(), last.to_owned());
    draft.register.put(Record { key: key.clone(), first: first.clone(), last: last.clone(), active, external });
    let change = Change::CreateEmployee { key, first_name: first, last_name: last, active, external };
    draft.push(step(change, Stage::Supporting, reason), BTreeSet::new());
}

fn update(draft: &mut PlanDraft<'_>, wanted: &DesiredEmployee, held: &Employee) {
    let mut update = EmployeeUpdate {
        key: held.key.clone(),
        target: Target { id: held.id.clone(), fingerprint: held.fingerprint.clone() },
        first_name: edit(&held.first_name, &wanted.first_name),
        last_name: edit(&held.last_name, &wanted.last_name),
        active: wanted.active.and_then(|active| edit(&held.active, &active)),
        external: wanted.external.and_then(|external| edit(&held.external, &external)),
    };
    if is_nothing(&update) || rights::refuses_record(draft, &held.key) {
        return;
    }
    let mut switched_off = held.active && wanted.active == Some(false);
    if switched_off && is_in_use(draft, &held.key) {
        // Those who use it may leave it.
        let (active, target) = (update.active.take(), update.target.clone());
        draft.in_use.push(EmployeeUpdate { key: held.key.clone(), target, first_name: None, last_name: None, active, external: None });
        switched_off = false;
        if is_nothing(&update) {
            return;
        }
    }
    let stage = if switched_off { Stage::Risk } else { Stage::Supporting };
    let takes_logins = if may_be_another(&update) { takes_logins(draft, &held.key) } else { None };
    let risky = takes_logins.is_some();
    let reason = takes_logins.unwrap_or(Reason::EmployeeDiffers);
    draft.register.update(&update);
    draft.push(Step { risky, ..step(Change::UpdateEmployee(Box::new(update)), stage, reason) }, BTreeSet::new());
}

/// Returns whether a record gets another first and last name, which may be those of another person, who takes over its logins. Capitals and accents
/// make nobody else.
fn may_be_another(update: &EmployeeUpdate) -> bool {
    let Some((first, last)) = update.first_name.as_ref().zip(update.last_name.as_ref()) else { return false };
    BareName::new(&first.before, &last.before) != BareName::new(&first.after, &last.after)
}

/// The reason that names the logins in use that a record takes along; `None` if there are none.
fn takes_logins(draft: &PlanDraft<'_>, key: &str) -> Option<Reason> {
    let in_use = draft.on_record(key).filter(|account| !account.state.inactive);
    let logins: Box<[_]> = in_use.map(|account| (account.email.clone(), account.fields.text(Field::Role).map(str::to_owned))).collect();
    (!logins.is_empty()).then_some(Reason::EmployeeOfLoginsDiffers { logins })
}

/// Returns whether an update changes nothing.
pub(in crate::reconcile::changes) const fn is_nothing(update: &EmployeeUpdate) -> bool {
    let EmployeeUpdate { key: _, target: _, first_name, last_name, active, external } = update;
    first_name.is_none() && last_name.is_none() && active.is_none() && external.is_none()
}

/// Returns the change from one value to another, if they differ.
fn edit<T: Clone + PartialEq>(before: &T, after: &T) -> Option<Edit<T>> {
    (before != after).then(|| Edit { before: before.clone(), after: after.clone() })
}

/// Returns whether an account on this record stays active; an exact roster inactivates accounts that it does not list.
fn is_in_use(draft: &PlanDraft<'_>, key: &str) -> bool {
    let desired = draft.desired;
    let stays = |account: &Account| listed(desired, account).map_or(!desired.manage.removes_unlisted(), |user| user.status.is_active());
    draft.on_record(key).any(|account| !account.state.inactive && stays(account))
}

/// Finds the record of a new account; refuses the account if the record is uncertain.
pub(in crate::reconcile) fn link(draft: &mut PlanDraft<'_>, wanted: &DesiredUser) -> Option<String> {
    let first = wanted.fields.text(Field::FirstName).unwrap_or_default().to_owned();
    let last = wanted.fields.text(Field::LastName).unwrap_or_default().to_owned();
    match &wanted.employee {
        EmployeeLink::Key(key) => match draft.register.with_key(key).cloned() {
            Some(record) => working(draft, wanted, &record),
            None => refuse_link(draft, wanted, RefusalCause::NoEmployeeWithKey { key: key.clone() }),
        },
        EmployeeLink::External => {
            if let Some(record) = draft.register.named(&first, &last).into_iter().find(|record| record.external).cloned() {
                return working(draft, wanted, &record);
            }
            let key = platform::free_employee_key(&first, &last, |key| draft.register.with_key(key).is_some());
            create(draft, &key, &first, &last, true, true, Reason::NoEmployeeForExternal);
            Some(key)
        }
        EmployeeLink::ByName => {
            let named: Vec<Record> = draft.register.named(&first, &last).into_iter().cloned().collect();
            let with_holder = |record: Record| {
                let holder = anothers(draft, wanted, &record.key);
                (record, holder)
            };
            let (free, taken): (Vec<_>, Vec<_>) = named.into_iter().map(with_holder).partition(|(_, holder)| holder.is_none());
            let free: Vec<Record> = free.into_iter().map(|(record, _)| record).collect();
            if let ([], Some((record, Some(holder)))) = (free.as_slice(), taken.into_iter().next()) {
                return refuse_link(draft, wanted, RefusalCause::EmployeeOfAnother { key: record.key, holder });
            }
            match free.as_slice() {
                [one] => working(draft, wanted, one),
                [] => refuse_link(draft, wanted, RefusalCause::NoEmployeeNamed { first, last }),
                several => {
                    let (count, keys) = (several.len(), several.iter().map(|record| record.key.clone()).collect());
                    refuse_link(draft, wanted, RefusalCause::SeveralEmployeesNamed { count, keys, first, last })
                }
            }
        }
    }
}

/// The fate of the employee record that an account belongs to.
pub(in crate::reconcile) enum Relink {
    /// It stays.
    Keep {
        /// Says whether somebody should check it: the login is in use, and its new name is that of another employee record.
        is_risk: bool,
    },
    /// The account moves to another record.
    To {
        /// The record.
        key: String,
        /// Says whether somebody should check it: the login may be handed over to another person, or is in use on another record.
        is_risk: bool,
    },
    /// The right record is not clear, so the name stays, too.
    Refused,
}

/// Finds the record that an existing account should belong to.
pub(in crate::reconcile) fn relink(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account) -> Relink {
    let is_risk = account.state.accepted && account.fields.text(Field::Employee).is_some();
    let kept = Relink::Keep { is_risk: false };
    let has_records = draft.actual.capabilities.employees;
    let to = |key: Option<String>| match key {
        Some(key) => Relink::To { key, is_risk },
        None if has_records => Relink::Refused,
        // Where nobody has a record, none says whose login it is.
        None => Relink::Keep { is_risk: false },
    };
    match (&wanted.employee, account.fields.text(Field::Employee)) {
        // The roster says which record it is, so the login stays on it; whose name it gets is for somebody to check.
        (EmployeeLink::Key(key), Some(held)) if key == held => Relink::Keep { is_risk: is_risk && is_anothers_name(draft, wanted, held) },
        (EmployeeLink::Key(_), _) | (_, None) => to(link(draft, wanted)),
        (EmployeeLink::ByName | EmployeeLink::External, Some(held)) => {
            let is_inside = wanted.employee.is_external() && draft.register.with_key(held).is_some_and(|record| !record.external);
            if is_inside || is_anothers_name(draft, wanted, held) {
                return link(draft, wanted).map_or(Relink::Refused, |key| Relink::To { key, is_risk: true });
            }
            let Some(cause) = named_otherwise(draft, wanted, account, held) else { return kept };
            if wanted.employee.is_external() {
                return link(draft, wanted).map_or(Relink::Refused, |key| Relink::To { key, is_risk: true });
            }
            refuse_link(draft, wanted, cause);
            Relink::Refused
        }
    }
}

/// Returns why a user does not stay on the record of their account: the roster gives it another name, and no other record has theirs. A new workspace
/// would have no record for this user (PBN-2).
fn named_otherwise(draft: &PlanDraft<'_>, wanted: &DesiredUser, account: &Account, held: &str) -> Option<RefusalCause> {
    let [first, last] = NAME.map(|field| wanted.fields.text(field).or_else(|| account.fields.text(field)).unwrap_or_default().to_owned());
    if draft.desired.employees.is_empty() || has_record(draft, wanted, [&first, &last]) {
        return None;
    }
    let held = draft.actual.employees.iter().find(|record| record.key == held)?;
    let entry = description(draft, held)?;
    if PersonName::new(&entry.first_name, &entry.last_name) == PersonName::new(&first, &last) {
        return None;
    }
    let is_its_own = entry.id.as_ref().is_none_or(|id| *id == held.key || *id == held.id.0);
    if !is_its_own {
        return Some(RefusalCause::NoEmployeeNamed { first, last });
    }
    let (first, last) = (entry.first_name.clone(), entry.last_name.clone());
    Some(RefusalCause::EmployeeNamedOtherwise { key: held.key.clone(), first, last })
}

/// The entry of the roster that describes a record: by its key, or else by its name.
fn description<'a>(draft: &PlanDraft<'a>, held: &Employee) -> Option<&'a DesiredEmployee> {
    let entries = &draft.desired.employees;
    let is_its_key = |entry: &&DesiredEmployee| entry.id.as_deref().is_some_and(|id| id == held.key || id == held.id.0);
    let name = PersonName::new(&held.first_name, &held.last_name);
    let by_key = entries.iter().find(is_its_key);
    by_key.or_else(|| entries.iter().find(|entry| PersonName::new(&entry.first_name, &entry.last_name) == name))
}

/// Gives the employee record of an account the account's new name, if it had the old one and the roster does not describe it (PBN-1).
pub(in crate::reconcile) fn rename(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account, changes: &[FieldChange]) {
    let after = |field: Field| changes.iter().find(|change| change.field == field).map(|change| change.after.as_text().unwrap_or_default());
    if NAME.iter().all(|field| after(*field).is_none()) || after(Field::Employee).is_some() || !draft.actual.capabilities.employees {
        return;
    }
    let Some(held) = account.fields.text(Field::Employee).and_then(|key| draft.actual.employees.iter().find(|held| held.key == key)) else {
        return;
    };
    let name = PersonName::new(&held.first_name, &held.last_name);
    let [first, last] = NAME.map(|field| account.fields.text(field).unwrap_or_default());
    let is_described = description(draft, held).is_some();
    let is_shared = draft.on_record(&held.key).any(|other| other.id != account.id && !other.state.inactive);
    if PersonName::new(first, last) != name || is_described || is_shared {
        return;
    }
    let [first, last] = NAME.map(|field| after(field).or_else(|| account.fields.text(field)).unwrap_or_default().to_owned());
    // Where a record has the name already, or somebody else of the roster is found by it, they would change places at the next run.
    let is_outside = wanted.employee.is_external();
    let has_holder = draft.register.named(&first, &last).iter().any(|record| record.key != held.key && (record.external || !is_outside));
    let has_namesake = draft.found_by_name(&PersonName::new(&first, &last)).any(|other| other.email != wanted.email);
    if has_holder || has_namesake || first.is_empty() || last.is_empty() || rights::refuses_record(draft, &held.key) {
        return;
    }
    let update = EmployeeUpdate {
        key: held.key.clone(),
        target: Target { id: held.id.clone(), fingerprint: held.fingerprint.clone() },
        first_name: edit(&held.first_name, &first),
        last_name: edit(&held.last_name, &last),
        active: None,
        external: None,
    };
    draft.register.update(&update);
    let risky = may_be_another(&update);
    let reason = if risky { takes_logins(draft, &update.key) } else { None }.unwrap_or(Reason::EmployeeDiffers);
    let update = step(Change::UpdateEmployee(Box::new(update)), Stage::Supporting, reason);
    draft.push(Step { risky, ..update }, BTreeSet::new());
}

fn working(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, record: &Record) -> Option<String> {
    if let Some(Record { key, first, last, active, external }) = draft.foreseen.remove(&record.key) {
        create(draft, &key, &first, &last, active, external, Reason::NoEmployeeForExternal);
    }
    if record.active {
        return Some(record.key.clone());
    }
    refuse_link(draft, wanted, RefusalCause::InactiveEmployee { key: record.key.clone() })
}

fn refuse_link(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, cause: RefusalCause) -> Option<String> {
    draft.refuse(user(&wanted.email), cause);
    None
}
