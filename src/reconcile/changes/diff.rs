//! Decides what must change, what is refused, and what the reader should know.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Account, Actual, Completeness, Desired, Email, EmployeeUpdate, Notice, NoticeCause, NoticeKind, Plan, Refusal, RefusalCause,
    RefusalTopic, RemoteId, Step, Subject,
};
use crate::platform::{self, Catalog};

use super::draft::{LeftAs, PlanDraft};
use super::register::Record;
use super::{in_use, outcome, room};
use crate::reconcile::project::{Overlay, is_administrator};
use crate::reconcile::{bill, guards, list, matching, order, people, records, warnings, workspace};

/// Compares the roster's workspace with the workspace that was read.
///
/// Equal inputs give equal plans, in one order; the only clock is `Actual::as_of`.
#[must_use]
pub fn diff(desired: &Desired, actual: &Actual) -> Plan {
    let mut draft = collect(desired, actual);
    let attested = list::attested(desired, actual);
    if let Some(attested) = &attested {
        let later = collect(desired, attested);
        draft.notices.extend(later.notices.iter().filter(|notice| is_of_new_account(notice, actual)).cloned());
        leave_blocks(&mut draft, &later);
        list::merge(&mut draft, later.changes);
        draft.notices.extend(nobody_administers(desired, actual, attested));
    }
    list::wait_for_a_new_list(&mut draft, attested.as_ref());
    finish(draft)
}

/// The number of times that a plan is looked at again because of its own refusals; who depends on whom is seldom longer than two people.
const MOST_LOOKS: usize = 8;

/// Collects everything that differs. A change that depends on a refused one is refused, too; and a record that is made for somebody is
/// there for everybody.
fn collect<'a>(desired: &'a Desired, actual: &'a Actual) -> PlanDraft<'a> {
    let mut seen = EarlierFindings::default();
    let mut draft = look(desired, actual, seen.clone());
    for look_number in 1..=MOST_LOOKS {
        let (otherwise, made, staying) = (outcome::otherwise(&draft), in_use::made(&draft), room::staying(&draft));
        let renamed = room::renamed(&draft);
        if otherwise.is_empty() && staying.is_empty() && renamed == seen.renamed && made.keys().all(|key| seen.records.contains_key(key)) {
            break;
        }
        seen.left.extend(otherwise);
        seen.records.extend(made);
        // Nobody gets a record on the strength of a change that is still uncertain.
        let is_last = look_number == MOST_LOOKS;
        seen.staying.extend(actual.accounts.iter().filter(|_| is_last && !staying.is_empty()).map(|account| account.id.clone()));
        seen.staying.extend(staying);
        seen.renamed = if is_last { BTreeMap::new() } else { renamed };
        draft = look(desired, actual, seen.clone());
    }
    draft
}

/// The findings of earlier looks at a workspace.
#[derive(Clone, Default)]
struct EarlierFindings {
    /// Users whom a refusal leaves otherwise than the roster wants.
    left: BTreeMap<Email, LeftAs>,
    /// Employee records that are made for somebody, by key.
    records: BTreeMap<String, Record>,
    /// Accounts that do not leave their employee record, although the roster wants it.
    staying: BTreeSet<RemoteId>,
    /// Employee records that get another name, by key.
    renamed: BTreeMap<String, EmployeeUpdate>,
}

/// Collects everything that differs, with what earlier looks found.
fn look<'a>(desired: &'a Desired, actual: &'a Actual, seen: EarlierFindings) -> PlanDraft<'a> {
    let mut draft = PlanDraft::new(desired, actual);
    draft.left = seen.left;
    draft.staying = seen.staying;
    draft.foresee(seen.records);
    for update in seen.renamed.values() {
        draft.register.update(update);
    }
    if !draft.platform.catalog().main_admin_optional && !actual.capabilities.practice_extension {
        draft.refuse(Subject::Workspace, RefusalCause::NoPracticeExtension);
    } else {
        workspace::compare(&mut draft);
        records::compare(&mut draft);
        let pairs = matching::pair(&mut draft);
        people::compare(&mut draft, &pairs);
        in_use::settle(&mut draft);
        warnings::compare(&mut draft, &pairs);
    }
    draft
}

fn finish(draft: PlanDraft<'_>) -> Plan {
    let PlanDraft { desired, actual, platform, changes, refusals, mut notices, mut tasks, unchanged, mut kept_out, questions, .. } = draft;
    kept_out.sort_by(|a, b| a.user.cmp(&b.user));
    let ordered = order::order(changes, platform, actual, desired.guards.administrators_at_least);
    let changes = if desired.manage.only_observes() {
        tasks.clear();
        notices.extend(ordered.into_iter().map(|step| Notice {
            subject: step.change.subject().to_subject(),
            cause: NoticeCause::Differs { action: step.change.action(), reason: step.reason.clone(), step: Some(Box::new(step)) },
        }));
        Vec::new()
    } else {
        ordered
    };
    let doubt = match &actual.completeness {
        Completeness::Complete => None,
        Completeness::Unproven { why } => Some(NoticeCause::ListUnproven { why: why.clone() }),
        Completeness::Partial { why } => Some(NoticeCause::PartialRead { why: why.clone() }),
    };
    notices.extend(unknown_owner(&changes, actual));
    notices.extend(doubt.map(|cause| Notice { subject: Subject::Workspace, cause }));
    let catalog = platform.catalog();
    notices.sort_by(|a, b| (&a.subject, place(&a.cause, catalog)).cmp(&(&b.subject, place(&b.cause, catalog))));
    notices.dedup();
    let wanted = |refusal: &Refusal| match refusal.cause.topic() {
        RefusalTopic::Field(field) => catalog.yaml_key(field).to_owned(),
        RefusalTopic::Action(action) => action.as_str().to_owned(),
        RefusalTopic::Word(word) => word.to_owned(),
    };
    let mut refusals = refusals;
    let code = |refusal: &Refusal| platform::refusal_code(&refusal.cause, catalog).to_owned();
    refusals.sort_by(|a, b| (&a.subject, wanted(a), code(a)).cmp(&(&b.subject, wanted(b), code(b))));
    notices.extend(shortfall(&changes, desired, actual, platform.catalog()));
    let mut plan = Plan {
        workspace: desired.workspace.clone(),
        platform: desired.platform.clone(),
        server: actual.server.clone(),
        as_of: actual.as_of,
        manage: desired.manage,
        guards: desired.guards.clone(),
        changes,
        refusals,
        notices,
        tasks,
        bill: crate::model::Bill::default(),
        unchanged,
        kept_out,
        by_hand: None,
        only: BTreeSet::new(),
    };
    plan.by_hand = list::by_hand(&plan.changes, questions, desired, actual).map(Box::new);
    plan.bill = bill::bill(&plan, desired, actual);
    plan
}

/// Returns whether a notice is about an account that is not in the roster and that a list lacks: somebody attests that it was made.
fn is_of_new_account(notice: &Notice, actual: &Actual) -> bool {
    let is_listed = |user: &Email| actual.accounts.iter().any(|account| account.email == *user);
    notice.cause.is_unlisted_user() && notice.subject.borrow().user().is_some_and(|user| !is_listed(user))
}

/// Says of which blocks the roster says nothing, as people attest it: `later` is the look at what is true if they are right.
fn leave_blocks(draft: &mut PlanDraft<'_>, later: &PlanDraft<'_>) {
    let is_left = |notice: &&Notice| notice.cause.is_left_block();
    let known: BTreeSet<Subject> = draft.notices.iter().filter(is_left).map(|notice| notice.subject.clone()).collect();
    let new: Vec<Notice> = later.notices.iter().filter(is_left).filter(|notice| !known.contains(&notice.subject)).cloned().collect();
    let is_new = |user: &Email| new.iter().any(|notice| notice.subject.borrow().user() == Some(user));
    let has_step = |user: &Email| draft.changes.iter().any(|one| one.step.change.subject().user() == Some(user));
    let blocked = later.kept_out.iter().filter(|one| one.by.is_block() && is_new(&one.user) && !has_step(&one.user));
    draft.kept_out.extend(blocked.cloned().collect::<Vec<_>>());
    // Somebody attests that a block has ended since.
    let has_ended = |notice: &Notice| is_left(&notice) && !later.notices.contains(notice);
    let ended = draft.notices.iter().filter(|notice| has_ended(notice));
    let ended: BTreeSet<Email> = ended.filter_map(|notice| notice.subject.borrow().user().cloned()).collect();
    draft.kept_out.retain(|one| !one.by.is_block() || !ended.contains(&one.user));
    draft.notices.retain(|notice| !has_ended(notice));
    draft.notices.extend(new);
}

/// Notes that nobody knows whose token this is, if the plan takes access from somebody on a server that does not say it.
fn unknown_owner(steps: &[Step], actual: &Actual) -> Option<Notice> {
    let may_be_owner = actual.token_owner.is_none() && actual.list.is_none() && !actual.capabilities.practice_extension;
    let is_due = may_be_owner && steps.iter().any(|step| step.change.action().ends_access());
    is_due.then_some(Notice { subject: Subject::Workspace, cause: NoticeCause::OwnerUnknown })
}

/// Notes that too few administrators remain after the plan, if no guard stops it, and who would become one by accepting.
fn shortfall(steps: &[Step], desired: &Desired, actual: &Actual, catalog: &Catalog) -> Option<Notice> {
    let privilege = catalog.manages_users.as_deref()?;
    let after = Overlay::new(steps.iter().map(|step| &step.change), actual, catalog);
    let left = after.iter().filter(|(_, a)| is_administrator(a, privilege)).count() + guards::unseen(desired, actual);
    let at_least = desired.guards.administrators_at_least as usize;
    if left >= at_least {
        return None;
    }
    let invited = after
        .iter()
        .filter(|(_, a)| a.state.standing().is_pending() && a.state.block.is_none() && a.privileges.contains(privilege))
        .map(|(_, a)| a.email.clone())
        .collect();
    let unknown = after.iter().filter(|(_, a)| list::may_be_administrator(actual, a, privilege)).count();
    Some(Notice { subject: Subject::Workspace, cause: NoticeCause::FewAdministrators { left, at_least, invited, unknown } })
}

/// Notes that nobody is an administrator once everything is true that people attest, although the list alone has one: steps were done in
/// another order.
fn nobody_administers(desired: &Desired, actual: &Actual, attested: &Actual) -> Option<Notice> {
    let privilege = platform::by_id(&desired.platform).catalog().manages_users.as_deref()?;
    let may_be_one =
        |actual: &Actual, account: &Account| is_administrator(account, privilege) || list::may_be_administrator(actual, account, privilege);
    let is_one_left = attested.accounts.iter().any(|account| may_be_one(attested, account)) || guards::unseen(desired, attested) > 0;
    let mut taken: Vec<Email> =
        actual.accounts.iter().filter(|account| may_be_one(actual, account)).map(|account| account.email.clone()).collect();
    taken.sort_unstable();
    let is_due = !is_one_left && !taken.is_empty();
    is_due.then(|| Notice { subject: Subject::Workspace, cause: NoticeCause::NobodyAdministers(taken.into()) })
}

/// Returns the place of a notice among those of one subject: by kind, then by content.
fn place<'a>(cause: &'a NoticeCause, catalog: &'a Catalog) -> (NoticeKind, u8, &'a str) {
    let (rank, word) = match cause {
        NoticeCause::Kept { field, .. } | NoticeCause::PerhapsAltered(field, _) => (0, catalog.yaml_key(*field)),
        NoticeCause::BlockReasonKept { .. } => (1, ""),
        NoticeCause::FormerlyAnother { former, .. } => (2, former.as_str()),
        NoticeCause::AddressOfAnother { id, .. } => (2, id.0.as_str()),
        NoticeCause::InvitationNeedsLogin { .. } => (6, ""),
        NoticeCause::NotRepeated { attribute, .. } => (3, attribute.as_str()),
        NoticeCause::PerhapsTheSame { other, .. } | NoticeCause::SharesPhone { other, .. } | NoticeCause::LooksLike { other } => {
            (4, other.as_str())
        }
        NoticeCause::Unusual(violation) => (5, platform::code(violation, catalog)),
        NoticeCause::Differs { action, .. } => (1, action.as_str()),
        NoticeCause::NoAddress { login } => (1, login.as_str()),
        NoticeCause::NotListed => (2, ""),
        NoticeCause::NotManaged { .. } => (3, ""),
        NoticeCause::LeftBlocked
        | NoticeCause::CannotConfirmBlocks
        | NoticeCause::OwnerUnknown
        | NoticeCause::NoSchema { .. }
        | NoticeCause::NobodyCountsAdministrators
        | NoticeCause::NobodyAdministers(_)
        | NoticeCause::AddressWas(_)
        | NoticeCause::Roster(_)
        | NoticeCause::PartialRead { .. }
        | NoticeCause::ListUnproven { .. }
        | NoticeCause::FewAdministrators { .. }
        | NoticeCause::ClinicNotListed { .. }
        | NoticeCause::RoleNotListed { .. }
        | NoticeCause::InactiveWithoutAccount
        | NoticeCause::NotInIncompleteList
        | NoticeCause::BlockedNotInIncompleteList { .. }
        | NoticeCause::UnlistedNotInIncompleteList { .. }
        | NoticeCause::LookedFor(_)
        | NoticeCause::StatusNotShown
        | NoticeCause::CellsNotShown { .. }
        | NoticeCause::BlockedWithoutAccount
        | NoticeCause::InactiveWhileBlocked
        | NoticeCause::NotInvitedWhileBlocked
        | NoticeCause::NoPasscodeWhileBlocked => (0, ""),
    };
    (cause.kind(), rank, word)
}
