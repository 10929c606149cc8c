//! The state table of the design: decides what happens to each account.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::{
    Account, AccountChange, Action, Block, BlockReason, DesiredBlock, DesiredUser, Field, KeptOut, KeptOutBy, Manage, Moment, NAME,
    NoticeCause, OlderPasscode, Reason, RefusalCause, Stage, Standing, Status, Step, Value, transition::blocked,
};

use super::draft::{Need, PlanDraft, account_step, user};
use super::fields::{QuickComparison, differences, hands_over, names_of_two, normalized, other_address};
use super::matching::Pairs;
use super::records::{self, Relink, relink};
use super::{fits, missing, room};
use crate::reconcile::day::day;
use crate::reconcile::list;
use crate::reconcile::outdated::Repetitions;
use crate::reconcile::{rights, warnings};

/// Handles every user of the roster, then every account without a user.
pub(in crate::reconcile) fn compare(draft: &mut PlanDraft<'_>, pairs: &Pairs<'_>) {
    draft.questions = list::questions(draft, pairs);
    let looked_for = list::looked_for(draft.actual);
    let repetitions = Repetitions::new(draft.actual);
    for (wanted, account) in &pairs.users {
        if account.is_none() && draft.questions.is_user(&wanted.email) {
            continue;
        }
        let before = draft.collected();
        match account {
            Some(account) => {
                with_account(draft, wanted, account);
                repetitions.compare(draft, wanted, account);
            }
            None => missing::compare(draft, wanted, &looked_for),
        }
        for besides in pairs.besides.get(&wanted.email).into_iter().flatten() {
            block_too(draft, wanted, besides);
        }
        // Nobody of whom the list says nothing matches.
        let is_known = match account {
            Some(account) => list::row(draft.actual, account).is_none_or(|row| row.status.is_some()),
            None => draft.actual.list.as_deref().is_none_or(|list| list.shows_all_access),
        };
        if before == draft.collected() && is_known {
            draft.unchanged += 1;
            let by = kept_out(draft, *account);
            draft.kept_out.extend(by.map(|by| KeptOut { user: wanted.email.clone(), by }));
        }
    }
    for account in pairs.unlisted.iter().filter(|account| !draft.questions.is_row(&account.email)).copied().collect::<Vec<_>>() {
        unlisted(draft, account);
    }
    list::look_for_unlisted(draft, &looked_for);
    draft.refuse_not_on_server();
}

/// Returns why a user who already matches cannot sign in, if that is so. Users who are meant to be inactive are not counted.
fn kept_out(draft: &PlanDraft<'_>, account: Option<&Account>) -> Option<KeptOutBy> {
    let Some(Account { state, .. }) = account else { return Some(KeptOutBy::NoAccount) };
    if state.block.is_some() {
        return Some(KeptOutBy::Block);
    }
    // A list does not say when an invitation was sent.
    let is_dated = draft.actual.list.is_none();
    let day = |time| day(time, &draft.desired.time_zone).filter(|_| is_dated);
    match state.standing() {
        Standing::Pending => Some(KeptOutBy::Invitation {
            since: state.invitation.as_ref().and_then(|sent| day(sent.sent_at)),
            until: state.invitation.as_ref().and_then(|sent| day(sent.expires_at)),
        }),
        Standing::Active | Standing::Inactive => None,
    }
}

/// Handles a user with an account.
fn with_account(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account) {
    let blocked_now = account.state.block.is_some();
    let mut judged: Option<Account> = None;
    let blocked_after = match &wanted.blocked {
        Some(DesiredBlock::Blocked { reason, note }) => {
            let block = block(draft, wanted, account, *reason, note.as_ref());
            // The block ends an invitation that nobody has accepted, and is made first.
            judged = block.map(|block| Account { state: blocked(account.state.clone(), block), ..account.clone() });
            true
        }
        Some(DesiredBlock::Unblocked) => false,
        None => {
            if blocked_now {
                draft.notice(user(&wanted.email), NoticeCause::LeftBlocked);
            }
            blocked_now
        }
    };
    let unblocks = blocked_now && !blocked_after;
    not_shown(draft, wanted, account);
    let standing = match wanted.status {
        Status::Active if list::was_inactive(draft.actual, account) => Standing::Inactive,
        Status::Active | Status::Inactive => account.state.standing(),
    };
    if let Some(cause) = of_another(draft, wanted, account, standing) {
        draft.refuse(user(&wanted.email), cause);
        return;
    }
    match (wanted.status, standing) {
        (Status::Inactive, standing) => {
            leave(draft, account, standing, Reason::WantedInactive);
            if unblocks {
                unblock(draft, account);
            }
        }
        (Status::Active, standing) => {
            let Some(Updated { is_readdressed, is_unlinked }) = update(draft, wanted, judged.as_ref().unwrap_or(account)) else { return };
            // Where the server cannot unblock, the block stays, and nobody is let in despite it.
            let unblocks = unblocks && unblock(draft, account);
            let blocked_after = blocked_now && !unblocks || wanted.is_blocked();
            if standing.is_inactive() && wanted.is_blocked() {
                // The user should be blocked: the state stays, since activating a blocked account makes no sense.
                draft.notice(user(&wanted.email), NoticeCause::InactiveWhileBlocked);
                let unfit = fits::withdraw_unfit(draft, account);
                fits::refuse(draft, wanted, Action::Update, unfit);
            } else if !standing.is_inactive() || !(is_unlinked || fits::refused(draft, wanted, account)) {
                enter(draft, wanted, account, Activation { standing, blocked: blocked_after, unblocks, is_readdressed });
                passcode(draft, wanted, account, blocked_after);
            } else {
                fits::withdraw_unfit(draft, account);
            }
        }
    }
}

/// The names of an account, if neither of them is the user's and nobody but the account's owner can change them.
fn names_of_another<'a>(draft: &PlanDraft<'_>, wanted: &DesiredUser, account: &'a Account) -> Option<(&'a str, &'a str)> {
    if draft.actual.list.is_none() && !account.state.accepted {
        return None;
    }
    let is_fixed = |field: &Field| {
        let by = draft.catalog().field(*field).map(|rule| rule.by);
        by.is_some_and(|by| by.is_members() || account.state.accepted && by.is_members_once_accepted())
    };
    names_of_two(wanted, account).filter(|_| NAME.iter().all(is_fixed))
}

/// Returns why a user does not get an account that has the names of somebody else: it would be activated, or keeps the names without another refusal
/// that says so.
fn of_another(draft: &PlanDraft<'_>, wanted: &DesiredUser, account: &Account, standing: Standing) -> Option<RefusalCause> {
    let (first, last) = names_of_another(draft, wanted, account).filter(|_| wanted.status.is_active())?;
    let is_refused_anyway = NAME.iter().any(|field| draft.catalog().field(*field).is_some_and(|rule| rule.by.is_members()));
    let in_use = !standing.is_inactive();
    let is_due = !in_use || !is_refused_anyway && draft.actual.list.is_none();
    is_due.then(|| RefusalCause::AccountOfAnother { first: first.to_owned(), last: last.to_owned(), in_use })
}

/// Handles what a list does not show of somebody: whether they are active, and a block that the roster wants lifted.
fn not_shown(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account) {
    let Some(row) = list::row(draft.actual, account) else { return };
    let (is_status_unknown, is_block_unknown) = (row.status.is_none(), row.blocked.is_none());
    if is_status_unknown {
        draft.notice(user(&wanted.email), NoticeCause::StatusNotShown);
    }
    // Of somebody who should have no access, nothing else is compared.
    if wanted.status.is_active() {
        cells_not_shown(draft, account, |field| wanted.fields.get(*field).is_some());
    }
    if is_block_unknown && wanted.is_to_be_unblocked() {
        unblock(draft, account);
    }
}

/// Notes the fields that a list shows of others and not of an account; a wanted one is a step anyway.
fn cells_not_shown(draft: &mut PlanDraft<'_>, account: &Account, wants: impl Fn(&Field) -> bool) {
    let (Some(list), Some(row)) = (draft.actual.list.as_deref(), list::row(draft.actual, account)) else { return };
    let is_missing = |field: &&Field| row.fields.get(**field).is_none() && **field != Field::Email && !wants(field);
    let fields: Box<[Field]> = list.snapshot.shows.fields.iter().filter(is_missing).copied().collect();
    if !fields.is_empty() {
        draft.notice(user(&account.email), NoticeCause::CellsNotShown { fields });
    }
}

/// The rest that an update leaves to decide.
#[derive(Clone, Copy, Default)]
struct Updated {
    /// Says whether the plan changes the address.
    is_readdressed: bool,
    /// Says whether the right employee record is not clear, so that nobody returns, and somebody checks what else changes.
    is_unlinked: bool,
}

/// Changes the fields that differ; `None` if nothing may be written, since whose account it is is not clear.
fn update(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account) -> Option<Updated> {
    // Most people already match: then nothing is copied.
    let mut quick = QuickComparison::at(draft.actual, draft.catalog(), wanted, account);
    let mut fields = if quick.all_same { Cow::Borrowed(&wanted.fields) } else { Cow::Owned(normalized(draft, wanted)) };
    let (mut moved, mut has_anothers_name, mut is_own_record, mut is_unlinked) = (false, false, false, false);
    if draft.catalog().employees && draft.actual.list.is_none() {
        match relink(draft, wanted, account) {
            Relink::Keep { is_risk } => (has_anothers_name, is_own_record) = (is_risk, true),
            Relink::To { key, is_risk } => {
                fields.to_mut().set(Field::Employee, Value::Text(key));
                quick.all_same = false;
                moved = is_risk;
            }
            Relink::Refused if names_of_two(wanted, account).is_some() => return None,
            Relink::Refused => {
                for field in NAME {
                    fields.to_mut().set(field, account.fields.value(field));
                }
                (quick.all_same, is_unlinked) = (false, true);
            }
        }
    }
    let found = differences(draft, wanted, account, &fields, quick);
    if found.fields.is_empty() {
        return Some(Updated { is_readdressed: false, is_unlinked });
    }
    if is_own_record && !has_anothers_name {
        records::rename(draft, wanted, account, &found.fields);
    }
    rights::warn_of_lost_phones(draft, account, &found.fields);
    let needs = found.needs.iter().cloned().chain(room::awaited(draft, &found.fields)).collect();
    let risk = found.takes_away(draft.catalog(), account);
    let is_renamed = found.fields.iter().any(|edit| NAME.contains(&edit.field));
    let is_handed_over = hands_over(&found.fields) || names_of_another(draft, wanted, account).is_some();
    let clears = found.fields.iter().any(|edit| edit.after.is_empty() && !edit.before.is_empty());
    let stage = if risk { Stage::Risk } else { Stage::Access };
    let update = AccountChange::Update { fields: found.fields, effective: found.effective.map(Box::new) };
    let risky = risk || clears || moved || (has_anothers_name && is_renamed) || is_handed_over || is_unlinked;
    let is_readdressed = update.fields().iter().any(|edit| edit.field == Field::Email);
    draft.push(Step { risky, ..account_step(account, update, stage, found.reason) }, needs);
    Some(Updated { is_readdressed, is_unlinked })
}

/// The facts that decide how an account becomes usable that should be.
#[derive(Clone, Copy)]
struct Activation {
    standing: Standing,
    /// Says whether the user is blocked after the plan.
    blocked: bool,
    /// Says whether the plan lifts a block.
    unblocks: bool,
    /// Says whether the plan changes the address, so that an invitation is at the former one.
    is_readdressed: bool,
}

/// Makes an account usable that should be.
fn enter(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account, entry: Activation) {
    let Activation { standing, blocked, unblocks, is_readdressed } = entry;
    // The reader of a former address may be anybody: the refusal of the new one says what to do.
    let is_at_former = !is_readdressed && other_address(draft.actual, wanted, account).is_some();
    match standing {
        Standing::Active => {}
        Standing::Pending if blocked || is_at_former => {}
        Standing::Pending => {
            warnings::invitation(draft, wanted, Some(account));
            let reason = match (unblocks, account.state.invitation_is_good()) {
                (true, _) => Some(Reason::BlockEndedInvitation),
                (false, false) => Some(Reason::InvitationOver),
                (false, true) => is_readdressed.then_some(Reason::AddressChanged),
            };
            if let Some(reason) = reason {
                act(draft, account, AccountChange::ResendInvitation, reason, false);
                missing::hand_over(draft, wanted);
            }
        }
        Standing::Inactive if account.state.accepted => {
            let needs = fits::relies_on(draft, account);
            act_after(draft, account, AccountChange::Activate, Reason::WantedActive, needs);
        }
        Standing::Inactive if blocked => {
            draft.notice(user(&wanted.email), NoticeCause::NotInvitedWhileBlocked);
        }
        Standing::Inactive if is_at_former => {}
        Standing::Inactive => {
            let needs = fits::relies_on(draft, account);
            warnings::invitation(draft, wanted, Some(account));
            act_after(draft, account, AccountChange::Invite, Reason::InvitationWithdrawn, needs);
            missing::hand_over(draft, wanted);
        }
    }
}

/// Inactivates an account that should not be usable.
fn leave(draft: &mut PlanDraft<'_>, account: &Account, standing: Standing, reason: Reason) {
    match standing {
        Standing::Inactive => (),
        Standing::Pending if draft.can(Action::WithdrawInvitation) => {
            act(draft, account, AccountChange::WithdrawInvitation, reason, true);
        }
        Standing::Pending | Standing::Active => act(draft, account, AccountChange::Inactivate, reason, true),
    }
}

/// Blocks an account; returns the block, if the plan makes it.
fn block(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account, reason: BlockReason, note: Option<&String>) -> Option<Block> {
    if let Some(held) = &account.state.block {
        // A list shows that somebody is blocked, not why.
        if draft.actual.list.is_none() && (held.reason != reason || held.note.as_ref() != note) {
            draft.notice(user(&wanted.email), NoticeCause::BlockReasonKept { reason: held.reason });
        }
        return None;
    }
    if !draft.offers(account, Action::Block)
        || rights::refuses_block(draft, account, Action::Block)
        || rights::refuses_unconfirmed(draft, account)
    {
        return None;
    }
    let block = Block { reason, note: note.cloned() };
    let step = account_step(account, AccountChange::Block(block.clone()), Stage::Risk, Reason::WantedBlocked(reason));
    draft.push(Step { risky: true, ..step }, BTreeSet::new());
    Some(block)
}

/// Blocks another account of somebody who is to be blocked.
fn block_too(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account) {
    match &wanted.blocked {
        Some(DesiredBlock::Blocked { reason, note }) => drop(block(draft, wanted, account, *reason, note.as_ref())),
        Some(DesiredBlock::Unblocked) | None => {}
    }
}

/// Unblocks an account; returns whether the server offers that and the owner of the token may.
fn unblock(draft: &mut PlanDraft<'_>, account: &Account) -> bool {
    let is_possible = draft.offers(account, Action::Unblock) && !rights::refuses_block(draft, account, Action::Unblock);
    if is_possible {
        act(draft, account, AccountChange::Unblock, Reason::WantedUnblocked, true);
    }
    is_possible
}

fn passcode(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account, blocked: bool) {
    let Some(passcode) = wanted.passcode else { return };
    let since = passcode.made_since(draft.actual.as_of);
    let (change, reason) = match (passcode.is_set(), account.has_passcode, since) {
        (false, true, _) => return draft.refuse(user(&wanted.email), RefusalCause::PasscodeStays),
        (true, false, since) => {
            // A list of users shows no passcodes: there may be an older one.
            let renewed = since.filter(|_| draft.actual.list.is_some());
            let reason =
                renewed.map_or(Reason::PasscodeMissing, |since| Reason::PasscodeOlder(Box::new(OlderPasscode { since, made: None })));
            (AccountChange::GeneratePasscode, reason)
        }
        (true, true, Some(since)) => match account.passcode_made {
            None => return draft.refuse(user(&wanted.email), RefusalCause::PasscodeAgeUnknown),
            Some(made) if made < since.millis() => {
                let older = OlderPasscode { since, made: Some(Moment::of_millis(made)) };
                (AccountChange::RenewPasscode { since }, Reason::PasscodeOlder(Box::new(older)))
            }
            Some(_) => return,
        },
        (false, false, _) | (true, true, None) => return,
    };
    if blocked {
        draft.notice(user(&wanted.email), NoticeCause::NoPasscodeWhileBlocked);
    } else if !rights::refuses_passcode(draft, account) {
        act(draft, account, change, reason, false);
    }
}

/// Handles an account that is not in the roster.
fn unlisted(draft: &mut PlanDraft<'_>, account: &Account) {
    if !account.state.standing().is_inactive() {
        cells_not_shown(draft, account, |_| false);
    }
    match draft.desired.manage {
        Manage::Exact => leave(draft, account, account.state.standing(), Reason::NotListed),
        Manage::Additive | Manage::Observe => {
            if !account.state.standing().is_inactive() {
                draft.notice(user(&account.email), NoticeCause::NotListed);
            }
        }
    }
}

/// Adds a change that depends on nobody else.
fn act(draft: &mut PlanDraft<'_>, account: &Account, change: AccountChange, reason: Reason, risky: bool) {
    if draft.offers(account, change.action()) {
        let stage = if change.action().ends_access() { Stage::Risk } else { Stage::Access };
        draft.push(Step { risky, ..account_step(account, change, stage, reason) }, BTreeSet::new());
    }
}

/// Gives somebody access, again or for the first time, once those they depend on are active. An activation is a risk.
fn act_after(draft: &mut PlanDraft<'_>, account: &Account, change: AccountChange, reason: Reason, needs: BTreeSet<Need>) {
    if draft.offers(account, change.action()) {
        let risky = change.action().sets_active() == Some(true);
        draft.push(Step { risky, ..account_step(account, change, Stage::Access, reason) }, needs);
    }
}
