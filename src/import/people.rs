//! Turns accounts into users of a roster: what the workspace shows, and nothing that the catalog does not manage.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::snapshot::field_value;
use crate::model::{
    Account, Actual, BLOCKED, Connection, DesiredUser, Email, Field, ImportQuestion, LeftOut, LoginName, Names, NotImported, RemoteId,
    Standing, StepValue,
};
use crate::platform::Catalog;
use crate::yaml::Value;

use super::{Request, doubts};

/// A user to be written.
pub(super) struct ImportedUser {
    pub(super) email: Email,
    pub(super) id: RemoteId,
    /// The entry in YAML.
    pub(super) value: Value,
    /// The questions that a person must decide.
    pub(super) decisions: Vec<ImportQuestion>,
    /// The clinics and the role, by which users are divided over files.
    pub(super) clinics: Vec<String>,
    pub(super) role: Option<String>,
}

impl ImportedUser {
    /// Leaves out the settings that name a colleague, who must be among the users. Returns whether there was something to leave out.
    pub(super) fn leave_out_colleagues(&mut self, catalog: &Catalog) -> bool {
        let Value::Map(entries) = &mut self.value else { return false };
        let names_colleague = |field: &Field| field.definition().names == Names::Colleague;
        let switches = catalog.known_fields().map(|(field, _)| field).filter(names_colleague).filter_map(Field::switch);
        let keys: BTreeSet<&str> = switches.map(|switch| catalog.yaml_key(switch)).collect();
        let left_out = entries.extract_if(.., |(key, _)| keys.contains(key.as_str()));
        let before = self.decisions.len();
        self.decisions.extend(left_out.map(|(key, _)| ImportQuestion::ColleagueMissing { key }));
        self.decisions.len() > before
    }

    /// Says why this user is not written after all.
    pub(super) fn not_imported(self, why: LeftOut) -> NotImported {
        NotImported { who: who(&self.email), id: Some(self.id), why }
    }
}

/// The users to be written, by address, and the accounts that cannot be.
pub(super) struct Drafted {
    pub(super) users: Vec<ImportedUser>,
    pub(super) not_imported: Vec<NotImported>,
}

/// The address of somebody, or the user name where the workspace shows no address.
fn who(email: &Email) -> String {
    email.user_name().map_or_else(|| email.to_string(), Cow::into_owned)
}

/// Drafts an entry for each account that the roster does not have.
pub(super) fn draft(request: &Request<'_>, state: &Actual, main_admin: Option<&Email>, catalog: &Catalog) -> Drafted {
    let desired = request.desired;
    let ids: BTreeSet<&RemoteId> = desired.users.values().filter_map(|user| user.id.as_ref()).collect();
    let emails: BTreeSet<&Email> = desired.users.values().flat_map(DesiredUser::addresses).collect();
    let mut new: Vec<&Account> =
        state.accounts.iter().filter(|account| !ids.contains(&account.id) && !emails.contains(&account.email)).collect();
    // Of several accounts with one address, the one in use is written.
    let in_use = |account: &Account| (!account.state.standing().is_active(), account.state.block.is_some());
    new.sort_by(|a, b| (&a.email, in_use(a), &a.id).cmp(&(&b.email, in_use(b), &b.id)));
    let lacking = doubts::without_account(desired, state);
    let asked = doubts::find(state, &desired.workspace, catalog);
    let (mut users, mut not_imported): (Vec<ImportedUser>, Vec<NotImported>) = (Vec::new(), Vec::new());
    for account in new {
        let out = |why| NotImported { who: who(&account.email), id: Some(account.id.clone()), why };
        if let Some(first) = users.last().filter(|first| first.email == account.email) {
            not_imported.push(out(LeftOut::SameAddress { other: first.id.clone() }));
            continue;
        }
        if let Some(user) = lacking.get(&doubts::account_words(account)) {
            not_imported.push(out(LeftOut::PerhapsListed { user: (*user).clone() }));
            continue;
        }
        if let Some(why) = invitation_over(request, account) {
            not_imported.push(out(why));
            continue;
        }
        let mut decisions = asked.get(&account.id).cloned().unwrap_or_default();
        if is_state_unknown(state, account) {
            if main_admin != Some(&account.email) && account.state.block.is_none() {
                not_imported.push(out(LeftOut::StateUnknown));
                continue;
            }
            decisions.push(ImportQuestion::StateUnknown);
        }
        let block = block(account, catalog);
        if account.state.block.is_some() && block.is_none() && catalog.states.blocked {
            decisions.push(ImportQuestion::BlockReasonUnknown);
        }
        if request.is_update && desired.manage.removes_unlisted() && !desired.users.is_empty() && !account.state.standing().is_inactive() {
            decisions.push(ImportQuestion::WouldLoseAccess);
        }
        users.push(ImportedUser {
            email: account.email.clone(),
            id: account.id.clone(),
            value: Value::Map(entry(request, account, block, catalog)),
            decisions,
            clinics: account.fields.items(Field::Clinics).into_iter().map(str::to_owned).collect(),
            role: account.fields.text(Field::Role).map(str::to_owned),
        });
    }
    not_imported.extend(beside_users(request, state));
    not_imported.extend(request.without_address.iter().filter(|id| !ids.iter().any(|known| known.0 == **id)).map(|id| NotImported {
        who: id.clone(),
        id: None,
        why: LeftOut::NoAddress,
    }));
    not_imported.sort_by(|a, b| (&a.who, &a.id).cmp(&(&b.who, &b.id)));
    Drafted { users, not_imported }
}

/// The accounts that have the address of a user of the roster, and are not that user's.
fn beside_users(request: &Request<'_>, state: &Actual) -> Vec<NotImported> {
    let users = &request.desired.users;
    let ids: BTreeSet<&RemoteId> = users.values().filter_map(|user| user.id.as_ref()).collect();
    let mut first: BTreeMap<&Email, &RemoteId> = BTreeMap::new();
    let mut left_out = Vec::new();
    for account in state.accounts.iter().filter(|account| !ids.contains(&account.id)) {
        let Some(user) = users.get(&account.email) else { continue };
        let pinned = user.id.as_ref().filter(|id| state.accounts.iter().any(|other| other.id == **id));
        let Some(other) = pinned.or_else(|| first.insert(&account.email, &account.id)) else { continue };
        let why = LeftOut::SameAddress { other: other.clone() };
        left_out.push(NotImported { who: who(&account.email), id: Some(account.id.clone()), why });
    }
    left_out
}

/// Returns whether a list has an account without showing whether it is active, and nobody attests that it is not.
fn is_state_unknown(state: &Actual, account: &Account) -> bool {
    let row = state.list.as_deref().and_then(|list| list.snapshot.accounts.get(&LoginName::parse(&account.id.0).ok()?));
    row.is_some_and(|row| row.status.is_none()) && account.state.standing().is_active()
}

/// Returns the reason not to write an account whose invitation would be sent again: an open one stays, and a block ends one without a word.
fn invitation_over(request: &Request<'_>, account: &Account) -> Option<LeftOut> {
    let state = &account.state;
    if !state.standing().is_pending() || state.block.is_some() || state.invitation_is_good() {
        return None;
    }
    let expired = state.invitation.as_ref().filter(|sent| sent.state.is_expired());
    // A list of users does not say when.
    let until = expired.filter(|sent| sent.expires_at != 0).and_then(|sent| {
        let time = jiff::Timestamp::from_millisecond(sent.expires_at).ok()?;
        Some(time.in_tz(&request.desired.time_zone).ok()?.date())
    });
    Some(LeftOut::InvitationOver { state: state.invitation.as_ref().map(|sent| sent.state), until })
}

/// The block of an account as a roster says it; `None` if there is none, or its reason is unknown.
fn block(account: &Account, catalog: &Catalog) -> Option<Value> {
    let block = account.state.block.as_ref().filter(|_| catalog.states.blocked)?;
    let note = block.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    if block.reason.is_in_note() && note.is_none() {
        return None;
    }
    let text = |text: &str| Value::Text(text.to_owned());
    let reason = [("reason".to_owned(), text(block.reason.as_str()))];
    Some(Value::Map(reason.into_iter().chain(note.map(|note| ("note".to_owned(), text(note)))).collect()))
}

/// The id that finds an account: on a server its own; on a list only a user name, since an address is the key already.
fn pinned(request: &Request<'_>, account: &Account) -> Option<Value> {
    let is_pinned = match &request.desired.connection {
        Connection::Embedded { .. } | Connection::Scim(_) => true,
        Connection::Snapshot(_) => LoginName::parse(&account.id.0).is_ok_and(|login| login.address().is_none()),
    };
    is_pinned.then(|| Value::Text(account.id.0.clone()))
}

/// The entry of an account, in the order in which people write it.
fn entry(request: &Request<'_>, account: &Account, block: Option<Value>, catalog: &Catalog) -> Vec<(String, Value)> {
    let mut entries: Vec<(String, Value)> = Vec::new();
    entries.extend(pinned(request, account).map(|id| ("id".to_owned(), id)));
    for (field, _) in catalog.known_fields() {
        let Some(value) = account.fields.get(field).filter(|_| is_written(account, field)) else { continue };
        let key = catalog.yaml_key(field);
        if is_switch(field, catalog) {
            // Its map says that it is on.
            put(&mut entries, key, Value::Map(Vec::new()));
        } else if !value.is_off(field) {
            put(&mut entries, key, without_empty(field_value(value, catalog, field)));
        }
    }
    let employee = account.fields.text(Field::Employee).filter(|_| catalog.employees);
    entries.extend(employee.map(|key| ("employee".to_owned(), Value::Text(key.to_owned()))));
    entries.extend((account.has_passcode && catalog.passcode).then(|| ("passcode".to_owned(), Value::Flag(true))));
    if account.state.standing().is_inactive() {
        entries.push((StepValue::STATUS.to_owned(), Value::Text(Standing::Inactive.as_str().to_owned())));
    }
    entries.extend(block.map(|block| (BLOCKED.to_owned(), block)));
    entries
}

/// Returns whether a field of an account belongs into its entry: login and employee record have keys of their own, and what is off says nothing.
fn is_written(account: &Account, field: Field) -> bool {
    let value = account.fields.get(field);
    let is_off = value.is_none_or(|value| value.is_off(field));
    let clinics = || account.fields.items(Field::Clinics);
    // Of one clinic nobody needs to say that it is the default, and a list may show the default alone.
    let is_among = || account.fields.text(Field::DefaultClinic).is_some_and(|default| clinics().contains(default));
    let needs_no_key = field == Field::DefaultClinic && (clinics().into_iter().count() == 1 || !is_among());
    let is_switched_off = field.switch().is_some_and(|switch| account.fields.flag(switch) != Some(true));
    ![Field::Email, Field::Employee].contains(&field) && !is_off && !needs_no_key && !is_switched_off
}

/// Returns whether a field is a switch with settings below it.
fn is_switch(field: Field, catalog: &Catalog) -> bool {
    catalog.known_fields().any(|(other, _)| other.switch() == Some(field))
}

/// Takes empty lists out of a map.
fn without_empty(value: Value) -> Value {
    match value {
        Value::Map(entries) => Value::Map(entries.into_iter().filter(|(_, value)| *value != Value::List(Vec::new())).collect()),
        other @ (Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) | Value::List(_)) => other,
    }
}

/// Puts a value under a key with dots for nested keys; the maps around it are made where they are missing.
fn put(entries: &mut Vec<(String, Value)>, key: &str, value: Value) {
    let Some((first, rest)) = key.split_once('.') else {
        entries.push((key.to_owned(), value));
        return;
    };
    let at = entries.iter().position(|(known, _)| known == first);
    let mut inner = match at.map(|at| entries.remove(at)) {
        Some((_, Value::Map(inner))) => inner,
        Some((_, Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) | Value::List(_))) | None => Vec::new(),
    };
    put(&mut inner, rest, value);
    entries.insert(at.unwrap_or(entries.len()), (first.to_owned(), Value::Map(inner)));
}
