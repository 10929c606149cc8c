//! Makes the document of a review.

use std::collections::{BTreeMap, BTreeSet};

use super::sentences;
use crate::model::{
    Access, Alike, AlikeWhy, AttestedStep, DesiredUser, Earlier, Email, JudgedList, LoginName, OnPayroll, OwnerState, Proof,
    ReviewedAccount, ReviewedPerson, StaffRow, WrongAccess,
};
use crate::platform::{self, Catalog};
use crate::report::by_hand::QuestionDocument;
use crate::report::document::UnreadDocument;
use crate::report::people::full_name;
use crate::report::sentences::user_list;
use crate::report::users::document::{UserDocument, WorkspaceUsersDocument};
use crate::report::users::{ReadWorkspace, known, table, without_users};
use crate::report::words;

use super::ReviewView;
use super::document::{
    AccessWord, AccountDocument, AlikeDocument, AlikeWord, ContradictedDocument, OwnerWord, PayrollDocument, PayrollRowDocument,
    PayrollWord, PersonDocument, ReviewDocument, ReviewSummary, ReviewedWorkspaceDocument, ServiceDocument, UnseenDocument, WrongWord,
};
use super::person::title;

/// Makes the document.
pub(super) fn document(view: &ReviewView<'_>) -> ReviewDocument {
    let described: Vec<DescribedWorkspace<'_>> = view.workspaces.iter().map(DescribedWorkspace::new).collect();
    let mut workspaces: Vec<ReviewedWorkspaceDocument> = described.iter().map(|one| workspace(&one.users, one.read)).collect();
    let unread = UnreadDocument::list(view.unread);
    let has_payroll = view.payroll.is_some();
    let gaps = WorkspaceGaps::new(view, &described);
    let people: Vec<PersonDocument> = view.review.people.iter().map(|one| person(one, &described, &gaps)).collect();
    clinics(&mut workspaces, &people);
    unproved(&mut workspaces, &people);
    let unseen: usize = workspaces.iter().map(|workspace| workspace.unseen.len()).sum();
    let wrong = unseen + people.iter().flat_map(|person| &person.accounts).filter(|account| !account.wrong.is_empty()).count();
    let summary = ReviewSummary {
        people: people.len(),
        accounts: workspaces.iter().map(|workspace| workspace.accounts).sum(),
        wrong,
        without_owner: people.iter().filter(|person| is_without_owner(person)).count(),
        without_account: people.iter().filter(|person| is_without_account(person)).count(),
        alike: view.review.alike.len(),
        not_known: unread.len() + workspaces.iter().filter(|workspace| !workspace.not_known.is_empty()).count(),
    };
    ReviewDocument {
        format: 1,
        as_of: view.as_of.to_string(),
        payroll: view.payroll.map(|payroll| PayrollDocument {
            file: payroll.file.to_owned(),
            rows: payroll.staff.rows.len(),
            has_logins: payroll.staff.has_logins,
            has_ends: payroll.staff.has_ends,
            without_state: payroll.staff.without_state,
            read: payroll.staff.columns.clone(),
            not_read: payroll.staff.left_out.clone(),
            not_known: payroll.staff.doubts.iter().map(sentences::doubt).collect(),
        }),
        summary,
        workspaces,
        unread,
        alike: view.review.alike.iter().map(|one| alike(one, has_payroll)).collect(),
        people,
    }
}

/// Returns whether the owner of a service account is missing or has left.
pub(super) fn is_without_owner(person: &PersonDocument) -> bool {
    person.service.as_ref().is_some_and(|service| service.state.is_absent())
}

/// Returns whether somebody is on the payroll and has no account.
pub(super) fn is_without_account(person: &PersonDocument) -> bool {
    person.accounts.is_empty() && person.on_payroll.is_some_and(PayrollWord::is_on_it)
}

fn workspace(one: &WorkspaceUsersDocument, read: &ReadWorkspace<'_>) -> ReviewedWorkspaceDocument {
    let catalog = platform::by_id(&read.desired.platform).catalog();
    let stale: Vec<&str> = one.tabs.iter().filter(|tab| tab.stale).map(|tab| tab.tab.as_str()).collect();
    let (ended, unseen): (Vec<_>, Vec<_>) = unseen(read).into_iter().partition(|one| one.ended.is_some());
    let mut not_known = sentences::not_known(one, &stale);
    not_known.extend(unlisted(read).into_iter().map(|(user, attested)| sentences::unlisted(user, attested)));
    not_known.extend(ended.into_iter().map(|one| sentences::unseen(one.login, one.earlier, one.other, one.ended)));
    ReviewedWorkspaceDocument {
        workspace: one.workspace.clone(),
        platform: one.platform.clone(),
        source: one.source,
        as_of: one.as_of.clone(),
        age_days: one.age_days,
        complete: one.complete,
        stale: !stale.is_empty(),
        not_known,
        unseen: unseen.iter().map(unseen_document).collect(),
        contradicted: read
            .by_hand
            .iter()
            .flat_map(|by_hand| by_hand.attested.iter().filter_map(|step| contradicted(step, catalog)))
            .collect(),
        questions: read.by_hand.iter().flat_map(|by_hand| by_hand.questions.iter().map(QuestionDocument::new)).collect(),
        clinics: Vec::new(),
        accounts: read.attested.unwrap_or(read.actual).accounts.len(),
    }
}

/// The users who should have no access and whom a list lacks that does not show everybody, each with what somebody attests of that.
fn unlisted<'a>(read: &'a ReadWorkspace<'_>) -> Vec<(&'a DesiredUser, Option<&'a AttestedStep>)> {
    if read.actual.list.as_deref().is_none_or(|list| list.shows_all_access) {
        return Vec::new();
    }
    let accounts = read.attested.into_iter().chain([read.actual]).flat_map(|actual| &actual.accounts);
    let known: BTreeSet<&str> = accounts.flat_map(|account| [account.id.0.as_str(), account.email.as_str()]).collect();
    let seen_before: BTreeSet<&str> = listed_unseen(read).into_iter().map(|(login, _, _)| login.as_str()).collect();
    let is_unlisted = |user: &&'a DesiredUser| {
        (!user.status.is_active() || user.is_blocked()) && !names(user).any(|name| known.contains(name) || seen_before.contains(name))
    };
    let attested = |user: &'a DesiredUser| {
        let all = read.by_hand.into_iter().flat_map(|by_hand| &by_hand.attested);
        all.filter(|one| counts(one)).filter(|one| names(user).any(|name| one.user.as_str() == name)).max_by_key(|one| one.tick.at)
    };
    read.desired.users.values().filter(is_unlisted).map(|user| (user, attested(user))).collect()
}

/// The accounts that an earlier list showed with access and that an incomplete list lacks, each with what somebody attests of the end of that
/// access: it counts until a list shows it, as in a plan.
pub(super) fn unseen<'a>(read: &'a ReadWorkspace<'_>) -> Vec<UnseenAccount<'a>> {
    let unseen = read.actual.list.iter().flat_map(|list| list.unseen(read.desired));
    let unseen = unseen.map(|(login, earlier)| (login, earlier, WrongWord::NotInRoster));
    // A list that shows everybody with access has this account under another login, or it would be known to be gone.
    let rows = read.actual.list.as_deref().filter(|list| list.shows_all_access).map(JudgedList::with_access);
    let other = |login: &LoginName, earlier: &Earlier| rows.as_ref().and_then(|rows| rows.perhaps(login, &earlier.row));
    let all = unseen.chain(listed_unseen(read));
    all.map(|(login, earlier, why)| UnseenAccount { login, earlier, why, other: other(login, earlier), ended: ended(read, login) })
        .collect()
}

/// An account that an earlier list showed with access and that an incomplete list lacks.
pub(super) struct UnseenAccount<'a> {
    login: &'a LoginName,
    earlier: &'a Earlier,
    /// Says why it should not give access.
    why: WrongWord,
    /// The login under which a complete list may have it.
    other: Option<&'a LoginName>,
    /// The attestation of the end of that access.
    pub(super) ended: Option<&'a AttestedStep>,
}

/// The same of users of the roster who should have no access, each with the reason.
fn listed_unseen<'a>(read: &'a ReadWorkspace<'_>) -> Vec<(&'a LoginName, &'a Earlier, WrongWord)> {
    let Some(list) = read.actual.list.as_deref() else { return Vec::new() };
    let gave_access = |one: &Earlier| one.row.status.is_some_and(|status| !status.is_inactive()) && one.row.blocked != Some(true);
    let lacking = list.snapshot.earlier.iter().filter(|(login, one)| gave_access(one) && !list.snapshot.accounts.contains_key(*login));
    let of_user = |login: &LoginName| {
        let user = read.desired.users.values().find(|user| names(user).any(|name| name == login.as_str()))?;
        match (user.status.is_active(), user.is_blocked()) {
            (false, _) => Some(WrongWord::WantedInactive),
            (true, true) => Some(WrongWord::WantedBlocked),
            (true, false) => None,
        }
    };
    lacking.filter_map(|(login, one)| Some((login, one, of_user(login)?))).collect()
}

/// The names by which the account of a user is known.
fn names(user: &DesiredUser) -> impl Iterator<Item = &str> {
    let addresses = user.addresses().map(Email::as_str);
    user.id.iter().map(|id| id.0.as_str()).chain(addresses)
}

/// Returns whether an attestation counts.
fn counts(one: &AttestedStep) -> bool {
    match one.proof {
        Proof::Proved | Proof::CannotShow | Proof::Waits => true,
        Proof::Superseded | Proof::Disproved | Proof::Contradicted => false,
    }
}

/// The attestation that the access of an account has ended, if nobody attests since that it has begun again.
fn ended<'a>(read: &'a ReadWorkspace<'_>, login: &LoginName) -> Option<&'a AttestedStep> {
    let all = read.by_hand.into_iter().flat_map(|by_hand| &by_hand.attested);
    let own = all.filter(|one| counts(one)).filter(|one| one.user == *login);
    let own = own.filter_map(|one| Some((one, one.change.made()?.access()?)));
    own.max_by_key(|(one, _)| one.tick.at).filter(|(_, begins)| !begins).map(|(one, _)| one)
}

fn unseen_document(UnseenAccount { login, earlier, why, other, ended: _ }: &UnseenAccount<'_>) -> UnseenDocument {
    UnseenDocument {
        user: login.to_string(),
        name: full_name(&earlier.row.fields),
        wrong: *why,
        taken: earlier.taken.to_string(),
        text: sentences::unseen(login, earlier, *other, None),
    }
}

fn contradicted(one: &AttestedStep, catalog: &Catalog) -> Option<ContradictedDocument> {
    let AttestedStep { id: _, user, present: _, change, tick, proof, not_shown: _, otherwise: _, is_overdue: _ } = one;
    let said = match proof {
        Proof::Contradicted => user_list::contradicted_by(one, catalog),
        // It is over: the log has it.
        Proof::Superseded | Proof::Disproved | Proof::Proved | Proof::CannotShow | Proof::Waits => return None,
    };
    Some(ContradictedDocument {
        user: user.to_string(),
        change: change.as_str().to_owned(),
        by: tick.by.clone(),
        at: tick.at.to_string(),
        text: format!("{}: {said}", words::step_on(*change, catalog)),
    })
}

/// Fills in the clinics that accounts of each workspace have.
fn clinics(workspaces: &mut [ReviewedWorkspaceDocument], people: &[PersonDocument]) {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for account in people.iter().flat_map(|person| &person.accounts) {
        let clinics = account.clinics.iter().flatten().map(String::as_str);
        found.entry(&account.workspace).or_default().extend(clinics);
    }
    for workspace in workspaces {
        let own = found.get(workspace.workspace.as_str());
        workspace.clinics = own.into_iter().flatten().map(|clinic| (*clinic).to_owned()).collect();
    }
}

/// Returns the names of the clinics by their keys, as the workspace or else the roster has them; with the key, if another one has the same
/// name.
fn clinic_names<'a>(read: &ReadWorkspace<'a>) -> BTreeMap<&'a str, String> {
    let ReadWorkspace { desired, actual, attested: _, by_hand: _, exists: _ } = *read;
    let there = actual.clinics.iter().map(|(key, clinic)| (key, &clinic.name));
    let wanted = desired.clinics.iter().filter(|(key, _)| !actual.clinics.contains_key(*key));
    let all: Vec<(&String, &String)> = there.chain(wanted.map(|(key, clinic)| (key, &clinic.name))).collect();
    let mut of_name: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, name) in &all {
        *of_name.entry(name.as_str()).or_default() += 1;
    }
    let is_shared = |name: &str| of_name.get(name).is_some_and(|clinics| *clinics > 1);
    let shown = |key: &str, name: &String| if is_shared(name) { format!("{name} ({key})") } else { name.clone() };
    all.into_iter().map(|(key, name)| (key.as_str(), shown(key, name))).collect()
}

/// Says in each workspace of whose access only somebody's word says that it has ended: nobody knows that yet.
fn unproved(workspaces: &mut [ReviewedWorkspaceDocument], people: &[PersonDocument]) {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for person in people {
        for account in person.accounts.iter().filter(|account| !account.unproved.is_empty()) {
            found.entry(&account.workspace).or_default().push(sentences::unproved(account, person, &title(person)));
        }
    }
    for workspace in workspaces {
        workspace.not_known.extend(found.remove(workspace.workspace.as_str()).unwrap_or_default());
    }
}

/// A workspace that was read, with what is the same for all its accounts.
struct DescribedWorkspace<'a> {
    read: &'a ReadWorkspace<'a>,
    users: WorkspaceUsersDocument,
    clinic_names: BTreeMap<&'a str, String>,
    /// Says when the accounts of a server were read; `None` for a list.
    known: Option<String>,
}

impl<'a> DescribedWorkspace<'a> {
    fn new(read: &'a ReadWorkspace<'a>) -> Self {
        let users = without_users(read);
        let known = sentences::known_from_server(&users);
        Self { read, users, clinic_names: clinic_names(read), known }
    }
}

/// The workspaces of which nobody knows whether somebody without an account there has one.
struct WorkspaceGaps<'a> {
    /// Those of which not everybody was read, by their place.
    incomplete: Vec<(usize, &'a String)>,
    unread: Vec<&'a String>,
}

impl<'a> WorkspaceGaps<'a> {
    fn new(view: &ReviewView<'a>, described: &'a [DescribedWorkspace<'_>]) -> Self {
        let incomplete = described.iter().enumerate().filter(|(_, one)| !one.users.complete);
        Self {
            incomplete: incomplete.map(|(at, one)| (at, &one.users.workspace)).collect(),
            unread: view.unread.iter().map(|one| &one.workspace).collect(),
        }
    }
}

fn person(person: &ReviewedPerson, described: &[DescribedWorkspace<'_>], gaps: &WorkspaceGaps<'_>) -> PersonDocument {
    let ReviewedPerson { name, other_names, logins, accounts, staff, on_payroll, service } = person;
    let has_account = |at: usize| accounts.iter().any(|account| account.workspace == at);
    let incomplete = gaps.incomplete.iter().filter(|(at, _)| !has_account(*at)).map(|(_, workspace)| *workspace);
    PersonDocument {
        name: name.clone(),
        other_names: other_names.clone(),
        logins: logins.clone(),
        on_payroll: on_payroll.map(payroll_word),
        payroll_rows: staff.iter().map(row).collect(),
        service: service.as_ref().map(|service| ServiceDocument { owner: service.owner.to_string(), state: owner_word(service.state) }),
        accounts: accounts.iter().filter_map(|one| account(one, described.get(one.workspace)?)).collect(),
        unknown_in: incomplete.chain(gaps.unread.iter().copied()).cloned().collect(),
    }
}

fn row(row: &StaffRow) -> PayrollRowDocument {
    PayrollRowDocument {
        row: row.row,
        end: row.end.map(|end| end.to_string()),
        terminated: row.is_terminated,
        struck: row.is_struck,
        not_started: row.is_to_start,
    }
}

fn account(one: &ReviewedAccount, described: &DescribedWorkspace<'_>) -> Option<AccountDocument> {
    let DescribedWorkspace { read, users, clinic_names, known } = described;
    let account = read.attested.unwrap_or(read.actual).accounts.get(one.account)?;
    let user = known::without_rights(read, users.as_of.as_deref(), account);
    let state_text = table::state(&user, &BTreeSet::new());
    let known = known.clone().unwrap_or_else(|| sentences::known_from_list(users, &user));
    let UserDocument { state, blocked, role, clinics, as_of, attested, not_shown, .. } = user;
    let name_of_clinic = |key: &String| clinic_names.get(key.as_str()).unwrap_or(key).clone();
    let login = match LoginName::parse(&account.id.0) {
        Ok(LoginName::UserName(name)) if read.actual.list.is_some() => name,
        Ok(LoginName::UserName(_) | LoginName::Address(_)) | Err(_) => user.user,
    };
    Some(AccountDocument {
        workspace: users.workspace.clone(),
        user: login,
        access: access_word(one.access),
        wrong: one.wrong.iter().map(|wrong| wrong_word(*wrong)).collect(),
        unproved: one.unproved.iter().map(|wrong| wrong_word(*wrong)).collect(),
        state,
        state_text,
        blocked,
        role,
        clinic_names: clinics.iter().flatten().map(|key| (key.clone(), name_of_clinic(key))).collect(),
        clinics,
        known,
        as_of,
        attested,
        not_shown,
    })
}

fn alike(alike: &Alike, has_payroll: bool) -> AlikeDocument {
    let word = match alike.why {
        AlikeWhy::Name => AlikeWord::Name,
        AlikeWhy::PartOfName => AlikeWord::PartOfName,
        AlikeWhy::OtherName => AlikeWord::OtherName,
        AlikeWhy::FormOfName => AlikeWord::FormOfName,
        AlikeWhy::Spelling => AlikeWord::Spelling,
        AlikeWhy::Phone => AlikeWord::Phone,
        AlikeWhy::NameInAddress(_) => AlikeWord::NameInAddress,
        AlikeWhy::SharedAddress(_) => AlikeWord::SharedAddress,
        AlikeWhy::SeveralFit(_) => AlikeWord::SeveralFit,
        AlikeWhy::DifferentNames(_) => AlikeWord::DifferentNames,
    };
    AlikeDocument { why: word, text: sentences::alike(&alike.why, has_payroll), people: alike.people.clone() }
}

const fn payroll_word(on: OnPayroll) -> PayrollWord {
    match on {
        OnPayroll::Yes => PayrollWord::Yes,
        OnPayroll::Left => PayrollWord::Left,
        OnPayroll::Shared => PayrollWord::Shared,
        OnPayroll::ByName => PayrollWord::ByName,
        OnPayroll::No => PayrollWord::No,
    }
}

const fn owner_word(state: OwnerState) -> OwnerWord {
    match state {
        OwnerState::Present => OwnerWord::Present,
        OwnerState::Missing => OwnerWord::Missing,
        OwnerState::Left => OwnerWord::Left,
    }
}

const fn access_word(access: Access) -> AccessWord {
    match access {
        Access::Yes => AccessWord::Yes,
        Access::Unknown => AccessWord::Unknown,
        Access::No => AccessWord::No,
    }
}

const fn wrong_word(wrong: WrongAccess) -> WrongWord {
    match wrong {
        WrongAccess::NotOnPayroll => WrongWord::NotOnPayroll,
        WrongAccess::Left => WrongWord::Left,
        WrongAccess::NameOfLeaver => WrongWord::NameOfLeaver,
        WrongAccess::WantedInactive => WrongWord::WantedInactive,
        WrongAccess::WantedBlocked => WrongWord::WantedBlocked,
        WrongAccess::NotInRoster => WrongWord::NotInRoster,
        WrongAccess::SaidToBeGone => WrongWord::SaidToBeGone,
    }
}
