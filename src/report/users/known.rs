//! Collects all that is known about one user, and from where.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Account, Attestation, AttestedStep, BlockReason, BlockSet, Email, Field, InvitationState, JudgedList, LoginName, Moment, Proof, Row,
    Snapshot, Standing, ValueRef,
};
use crate::platform::{self, Catalog, PrivilegeOrigin};
use crate::report::log::document::LogKnown;
use crate::report::people::full_name;
use crate::report::words::{in_sentence, login, privilege_origin, step_on, step_value};

use super::document::{AttestedDocument, PrivilegeSourceDocument, PrivilegesSource, UserDocument, UserPart};
use super::{ReadWorkspace, moment};

/// Returns what is known about a user. `as_of` says when the workspace was read, if it is a server.
pub(super) fn user(workspace: &ReadWorkspace<'_>, as_of: Option<&str>, account: &Account) -> UserDocument {
    let catalog = platform::by_id(&workspace.desired.platform).catalog();
    let mut user = without_rights(workspace, as_of, account);
    let is_of_server = workspace.actual.list.is_none();
    let is_said = if is_of_server {
        workspace.actual.capabilities.practice_extension || !account.privileges.is_empty()
    } else {
        // A definition without privileges says of nobody what they may do, except of administrators.
        let is_listed = catalog.describes_privileges() || !account.privileges.is_empty();
        // Nobody knows whether somebody whose state is not shown can use the rights of the role.
        is_listed && (account.main_admin || (account.role_privileges.is_some() && user.state.is_some()))
    };
    if is_said {
        user.privileges = Some(account.privileges.as_ref().clone());
        let has_own = account.fields.get(Field::PrivilegeChanges).is_some_and(|own| !own.is_empty());
        user.privilege_sources = sources(account, catalog);
        user.privileges_from = Some(match (is_of_server, has_own) {
            (true, _) => PrivilegesSource::Server,
            (false, true) => PrivilegesSource::RoleAndOwn,
            (false, false) => PrivilegesSource::Role,
        });
    } else {
        user.not_shown.insert(UserPart::Privileges);
    }
    user
}

/// Returns why an account has each of its effective privileges.
fn sources(account: &Account, catalog: &Catalog) -> BTreeMap<String, Vec<PrivilegeSourceDocument>> {
    let given = account.role_privileges.as_deref().cloned().unwrap_or_default();
    let fields = &account.fields;
    let source = |origin: PrivilegeOrigin| PrivilegeSourceDocument {
        from: origin.as_str(),
        by: origin.through(fields).map(str::to_owned),
        words: privilege_origin(origin, fields.text(Field::Role), catalog),
    };
    let found = platform::origins(catalog, &given, fields, account.main_admin).into_iter();
    let has = found.filter(|(privilege, _)| account.privileges.contains(privilege));
    has.map(|(privilege, origins)| (privilege, origins.into_iter().map(source).collect())).collect()
}

/// As [`user`], without the effective privileges.
pub(in crate::report) fn without_rights(workspace: &ReadWorkspace<'_>, as_of: Option<&str>, account: &Account) -> UserDocument {
    let catalog = platform::by_id(&workspace.desired.platform).catalog();
    let mut user = UserDocument { user: login(&account.email), ..UserDocument::default() };
    of_fields(&mut user, workspace, account, catalog);
    match workspace.actual.list.as_deref() {
        None => {
            user.as_of = as_of.map(str::to_owned);
            of_server(&mut user, workspace, account, catalog);
        }
        Some(list) => of_list(&mut user, list, workspace, account, catalog),
    }
    user.not_shown = unknown(&user, workspace, account, catalog);
    user
}

/// Fills in what the fields of an account say.
fn of_fields(user: &mut UserDocument, workspace: &ReadWorkspace<'_>, account: &Account, catalog: &Catalog) {
    let is_known = |field| is_shown(field, workspace, account, catalog);
    user.name = full_name(&account.fields);
    user.role = account.fields.text(Field::Role).filter(|_| is_known(Field::Role)).map(str::to_owned);
    let own = catalog.own_fields().filter_map(|field| Some((field, account.fields.get(field)?)));
    user.fields = own.map(|(field, value)| (field.key().to_owned(), in_sentence(&value.to_value()).unwrap_or_default())).collect();
    user.clinics = is_known(Field::Clinics).then(|| account.fields.items(Field::Clinics).into_iter().map(str::to_owned).collect());
}

/// Returns whether the workspace shows a field of an account; a field that the platform does not have is known to be empty.
fn is_shown(field: Field, workspace: &ReadWorkspace<'_>, account: &Account, catalog: &Catalog) -> bool {
    let is_sent = account.fields.get(field).is_some() && !workspace.actual.capabilities.lacking.contains(&field);
    is_sent || catalog.field(field).is_none()
}

fn of_server(user: &mut UserDocument, workspace: &ReadWorkspace<'_>, account: &Account, catalog: &Catalog) {
    let ReadWorkspace { desired, actual, attested: _, by_hand: _, exists: _ } = *workspace;
    let own = actual.capabilities.practice_extension;
    let standing = account.state.standing();
    user.state = Some(standing);
    if let Some(sent) = account.state.invitation.as_ref().filter(|_| standing.is_pending()) {
        user.invited_at = moment(sent.sent_at, desired);
        user.link_until = moment(sent.expires_at, desired);
        user.link = Some(sent.state);
        let delivery = actual.deliveries.get(&account.id);
        user.delivery = delivery.map(|delivery| delivery.state);
        user.delivery_failure = delivery.and_then(|delivery| delivery.failure.clone());
    }
    user.blocked = if account.state.block.is_some() { Some(true) } else { (own || !catalog.states.blocked).then_some(false) };
    if let Some(block) = &account.state.block {
        let record = actual.blocked.get(&account.id);
        user.blocked_at = record.and_then(|record| moment(record.since?, desired));
        user.blocked_by = record.and_then(|record| record.by.clone());
        user.blocked_reason = Some(reason(block.reason, block.note.as_deref()));
    }
}

fn reason(reason: BlockReason, note: Option<&str>) -> String {
    match note {
        Some(note) => format!("{}: {note}", reason.as_str()),
        None => reason.as_str().to_owned(),
    }
}

fn of_list(user: &mut UserDocument, list: &JudgedList, workspace: &ReadWorkspace<'_>, account: &Account, catalog: &Catalog) {
    let Ok(name) = LoginName::parse(&account.id.0) else { return };
    let snapshot = &list.snapshot;
    let listed = snapshot.accounts.get(&name);
    let nothing = Row::default();
    let overlaid = workspace.attested.and_then(|actual| actual.list.as_deref()?.snapshot.accounts.get(&name));
    let present = overlaid.or(listed).unwrap_or(&nothing);
    let own = Own { snapshot, name: &name, account, workspace };
    user.state = present.status;
    user.removed = present.status.is_some_and(Standing::is_inactive) && !catalog.states.inactive;
    user.login = name.user_name().filter(|login| *login != user.user).map(str::to_owned);
    user.blocked = present.blocked.or((!catalog.states.blocked).then_some(false));
    if present.status.is_some_and(Standing::is_pending) {
        user.invited_at = own.latest(|one| one.set.status.is_some_and(Standing::is_pending)).map(|one| one.at.to_string());
    }
    if present.blocked == Some(true)
        && let Some(one) = own.latest(|one| one.set.blocked.is_some())
        && own.proof(one).is_still_so()
        && let Some(why) = one.set.blocked.and_then(BlockSet::reason)
    {
        user.blocked_at = Some(one.at.to_string());
        user.blocked_by = Some(one.by.clone());
        user.blocked_reason = Some(reason(why, None));
    }
    if present.is_expired {
        user.link = Some(InvitationState::Expired);
    }
    let tab = listed.and_then(|row| snapshot.tab_of(row));
    user.tab = tab.map(|(tab, _)| tab);
    user.as_of = tab.map(|(_, read)| read.taken.to_string());
    let attested = own.beyond(listed.unwrap_or(&nothing), present);
    user.attested = (attested.into_iter())
        .map(|one| AttestedDocument {
            change: one.change.as_str().to_owned(),
            words: step_on(one.change, catalog),
            by: one.by.clone(),
            at: one.at.to_string(),
            known: LogKnown::from_proof(own.proof(one)),
            not_shown: own
                .judged(one)
                .iter()
                .flat_map(|judged| &judged.not_shown)
                .map(|value| step_value(*value, catalog).to_owned())
                .collect(),
        })
        .collect();
}

/// The attestations of people about one user.
struct Own<'a> {
    snapshot: &'a Snapshot,
    name: &'a LoginName,
    account: &'a Account,
    workspace: &'a ReadWorkspace<'a>,
}

impl<'a> Own<'a> {
    /// Returns the latest of those that are meant.
    fn latest(&self, is_meant: impl Fn(&Attestation) -> bool) -> Option<&'a Attestation> {
        self.all().filter(|one| is_meant(one)).max_by_key(|one| (one.at, &one.id))
    }

    /// Lists those about this user, also under an earlier address.
    fn all(&self) -> impl Iterator<Item = &'a Attestation> {
        let Self { snapshot, name, account, workspace } = *self;
        let users = &workspace.desired.users;
        let by_id = || users.values().find(|user| user.id.as_ref() == Some(&account.id));
        let user = users.get(&account.email).or_else(by_id);
        let is_former = move |email: &Email| user.is_some_and(|user| user.formerly.contains(email) || user.email == *email);
        let is_own = move |one: &&Attestation| {
            one.user == *name || one.user.address().is_some_and(|email| *email == account.email || is_former(email))
        };
        snapshot.attested.iter().filter(is_own)
    }

    /// Returns what the list says about one of them.
    fn proof(&self, one: &Attestation) -> Proof {
        self.judged(one).map_or(Proof::Waits, |judged| judged.proof)
    }

    fn judged(&self, one: &Attestation) -> Option<&'a AttestedStep> {
        let is_same = |judged: &&AttestedStep| judged.id == one.id && judged.user == one.user && judged.tick.at == one.at;
        self.workspace.by_hand.and_then(|by_hand| by_hand.attested.iter().find(is_same))
    }

    /// Returns those from which values are known that the list does not show, and those that it contradicts, by time.
    fn beyond(&self, listed: &Row, present: &Row) -> Vec<&'a Attestation> {
        let mut found: BTreeSet<(Moment, &Attestation)> = BTreeSet::new();
        let mut add = |one: Option<&'a Attestation>| found.extend(one.map(|one| (one.at, one)));
        if listed.status != present.status {
            add(self.latest(|one| one.set.status.is_some()));
        }
        if listed.blocked != present.blocked {
            add(self.latest(|one| one.set.blocked.is_some()));
        }
        let value = |row: &Row, field| row.fields.get(field).map(ValueRef::to_value);
        for (field, _) in present.fields.iter().filter(|(field, _)| value(listed, *field) != value(present, *field)) {
            add(self.latest(|one| one.set.fields.get(field).is_some()));
        }
        for one in self.all().filter(|one| self.proof(one).is_contradicted()) {
            add(Some(one));
        }
        found.into_iter().map(|(_, one)| one).collect()
    }
}

/// Returns what nothing shows.
fn unknown(user: &UserDocument, workspace: &ReadWorkspace<'_>, account: &Account, catalog: &Catalog) -> BTreeSet<UserPart> {
    let is_known = |field| is_shown(field, workspace, account, catalog);
    // A withdrawn invitation leaves a pending user of a server without dates; a list shows none.
    let has_dates = catalog.states.pending && (workspace.actual.list.is_some() || user.link.is_some());
    let is_pending = user.state.is_some_and(Standing::is_pending) && has_dates;
    let is_blocked = user.blocked == Some(true);
    let parts = [
        (UserPart::Name, user.name.is_none() && !(is_known(Field::FirstName) && is_known(Field::LastName))),
        (UserPart::State, user.state.is_none()),
        (UserPart::InvitedAt, is_pending && user.invited_at.is_none()),
        (UserPart::LinkUntil, is_pending && user.link_until.is_none()),
        (UserPart::Blocked, user.blocked.is_none()),
        (UserPart::BlockedAt, is_blocked && user.blocked_at.is_none()),
        (UserPart::BlockedBy, is_blocked && user.blocked_by.is_none()),
        (UserPart::BlockedReason, is_blocked && user.blocked_reason.is_none()),
        (UserPart::Role, user.role.is_none() && !is_known(Field::Role)),
        (UserPart::Clinics, user.clinics.is_none()),
    ];
    parts.into_iter().filter(|(_, is_unknown)| *is_unknown).map(|(part, _)| part).collect()
}
