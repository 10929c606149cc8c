//! The state table of the design: what becomes of each person's account.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::{
    Account, Action, DesiredBlock, DesiredUser, Field, FieldChange, Manage, NoticeCause, Reason, RefusalCause, Stage, Standing, Status,
    Task, TaskKind, Value,
};

use super::draft::{Draft, Need, account_change, creation, user};
use super::fields::{Glance, differences, needs, normalized};
use super::fits;
use super::matching::Pairs;
use super::records::link;

/// Goes through everybody listed, then everybody who is not.
pub(super) fn compare(draft: &mut Draft<'_>, pairs: &Pairs<'_>) {
    for (wanted, account) in &pairs.users {
        let before = (draft.changes.len(), draft.refusals.len());
        match account {
            Some(account) => held(draft, wanted, account),
            None => missing(draft, wanted),
        }
        if before == (draft.changes.len(), draft.refusals.len()) {
            draft.unchanged += 1;
        }
    }
    for account in &pairs.unlisted {
        unlisted(draft, account);
    }
}

/// No account yet.
fn missing(draft: &mut Draft<'_>, wanted: &DesiredUser) {
    let nothing = match (wanted.status, &wanted.blocked) {
        (Status::Inactive, _) => Some(NoticeCause::InactiveWithoutAccount),
        (Status::Active, Some(DesiredBlock::Blocked { .. })) => Some(NoticeCause::BlockedWithoutAccount),
        (Status::Active, Some(DesiredBlock::Unblocked) | None) => None,
    };
    if let Some(cause) = nothing {
        draft.notice(user(&wanted.email), cause);
        return;
    }
    let mut fields = normalized(draft, wanted);
    if draft.catalog().employees {
        let Some(key) = link(draft, wanted) else { return };
        fields.set(Field::Employee, Value::Text(key));
    }
    let reason = if wanted.initial_password.is_some() { Reason::NoAccountTemporaryPassword } else { Reason::NoAccount };
    let mut invite = creation(user(&wanted.email), Action::Invite, Stage::Access, reason);
    invite.fields = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| FieldChange { field, before: Value::Unset, after: value.to_value() })
        .collect();
    if wanted.initial_password.is_some() {
        invite.resource.push(attribute("initial_password", Value::Flag(true)));
    }
    let needed = needs(&invite.fields);
    draft.push(invite, needed);
    hand_over(draft, wanted);
    if wanted.passcode == Some(true) {
        draft.push(creation(user(&wanted.email), Action::GeneratePasscode, Stage::Access, Reason::PasscodeWanted), BTreeSet::new());
    }
}

/// The code word goes from person to person, never by e-mail (PBN-5).
fn hand_over(draft: &mut Draft<'_>, wanted: &DesiredUser) {
    if draft.catalog().code_word {
        draft.tasks.push(Task { user: wanted.email.clone(), what: TaskKind::HandOverCodeWord });
    }
}

/// An account is there.
fn held(draft: &mut Draft<'_>, wanted: &DesiredUser, account: &Account) {
    let blocked_now = account.state.block.is_some();
    let blocked_after = match &wanted.blocked {
        Some(DesiredBlock::Blocked { reason, note }) => {
            block(draft, wanted, account, *reason, note.as_ref());
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
    match (wanted.status, account.state.standing()) {
        (Status::Inactive, standing) => {
            leave(draft, account, standing, Reason::WantedInactive);
            if unblocks {
                unblock(draft, account);
            }
        }
        (Status::Active, standing) => {
            update(draft, wanted, account);
            if unblocks {
                unblock(draft, account);
            }
            if standing == Standing::Inactive && matches!(wanted.blocked, Some(DesiredBlock::Blocked { .. })) {
                // Wanted blocked: the state stays, nobody is let in to be kept out.
                draft.notice(user(&wanted.email), NoticeCause::InactiveWhileBlocked);
            } else if standing != Standing::Inactive || !fits::refused(draft, wanted, account) {
                enter(draft, wanted, account, standing, blocked_after, unblocks);
                passcode(draft, wanted, account, blocked_after);
            }
        }
    }
}

/// Writes what differs.
fn update(draft: &mut Draft<'_>, wanted: &DesiredUser, account: &Account) {
    // Most people are as wanted: then nothing is copied.
    let mut glance = Glance::at(draft.catalog(), wanted, account);
    let mut fields = if glance.all_held { Cow::Borrowed(&wanted.fields) } else { Cow::Owned(normalized(draft, wanted)) };
    if draft.catalog().employees
        && let Some(key) = super::records::relink(draft, wanted, account)
    {
        fields.to_mut().set(Field::Employee, Value::Text(key));
        glance.all_held = false;
    }
    let found = differences(draft, wanted, account, &fields, glance);
    if found.fields.is_empty() {
        return;
    }
    let risk = found.takes_away();
    let stage = if risk { Stage::Risk } else { Stage::Access };
    let mut change = account_change(account, Action::Update, stage, found.reason);
    change.risky = risk;
    change.fields = found.fields;
    change.effective = found.effective;
    draft.push(change, found.needs);
}

/// Makes an account usable that should be.
fn enter(draft: &mut Draft<'_>, wanted: &DesiredUser, account: &Account, standing: Standing, blocked: bool, unblocks: bool) {
    match standing {
        Standing::Active => {}
        Standing::Pending if blocked => {}
        Standing::Pending => {
            if unblocks {
                act(draft, account, Action::ResendInvitation, Reason::BlockEndedInvitation, false);
                hand_over(draft, wanted);
            } else if !account.state.invitation_is_good() {
                act(draft, account, Action::ResendInvitation, Reason::InvitationOver, false);
                hand_over(draft, wanted);
            }
        }
        Standing::Inactive if account.state.accepted => {
            let needs = fits::relies_on(draft, account);
            act_after(draft, account, Action::Activate, Reason::WantedActive, needs);
        }
        Standing::Inactive if blocked => {
            draft.notice(user(&wanted.email), NoticeCause::NotInvitedWhileBlocked);
        }
        Standing::Inactive => {
            let needs = fits::relies_on(draft, account);
            act_after(draft, account, Action::Invite, Reason::InvitationWithdrawn, needs);
            hand_over(draft, wanted);
        }
    }
}

/// Switches off an account that should not be usable.
fn leave(draft: &mut Draft<'_>, account: &Account, standing: Standing, reason: Reason) {
    match standing {
        Standing::Inactive => (),
        Standing::Pending if draft.can(Action::WithdrawInvitation.as_str()) => {
            act(draft, account, Action::WithdrawInvitation, reason, true);
        }
        Standing::Pending | Standing::Active => act(draft, account, Action::Inactivate, reason, true),
    }
}

fn block(draft: &mut Draft<'_>, wanted: &DesiredUser, account: &Account, reason: crate::model::BlockReason, note: Option<&String>) {
    if let Some(held) = &account.state.block {
        if held.reason != reason || held.note.as_ref() != note {
            draft.notice(user(&wanted.email), NoticeCause::BlockReasonKept { reason: held.reason });
        }
        return;
    }
    if !offered(draft, account, Action::Block) {
        return;
    }
    let mut change = account_change(account, Action::Block, Stage::Risk, Reason::WantedBlocked(reason));
    change.risky = true;
    change.resource.push(attribute("reason", Value::Text(reason.as_str().to_owned())));
    if let Some(note) = note {
        change.resource.push(attribute("note", Value::Text(note.clone())));
    }
    draft.push(change, BTreeSet::new());
}

fn unblock(draft: &mut Draft<'_>, account: &Account) {
    act(draft, account, Action::Unblock, Reason::WantedUnblocked, true);
}

fn passcode(draft: &mut Draft<'_>, wanted: &DesiredUser, account: &Account, blocked: bool) {
    match wanted.passcode {
        Some(true) if !account.has_passcode && !blocked => {
            act(draft, account, Action::GeneratePasscode, Reason::PasscodeMissing, false);
        }
        Some(false) if account.has_passcode => draft.refuse(user(&wanted.email), RefusalCause::PasscodeStays),
        _ => {}
    }
}

/// Somebody the roster does not list.
fn unlisted(draft: &mut Draft<'_>, account: &Account) {
    match draft.desired.manage {
        Manage::Exact => leave(draft, account, account.state.standing(), Reason::NotListed),
        Manage::Additive | Manage::Observe => {
            if account.state.standing() != Standing::Inactive {
                draft.notice(user(&account.email), NoticeCause::NotListed);
            }
        }
    }
}

/// A change that is an action with nothing more to say.
fn act(draft: &mut Draft<'_>, account: &Account, action: Action, reason: Reason, risky: bool) {
    if offered(draft, account, action) {
        let stage = match action {
            Action::Inactivate | Action::WithdrawInvitation | Action::Block => Stage::Risk,
            _ => Stage::Access,
        };
        let mut change = account_change(account, action, stage, reason);
        change.risky = risky;
        draft.push(change, BTreeSet::new());
    }
}

/// Lets somebody in, or in again, once those are in place whom they rely on. An activation is looked at twice.
fn act_after(draft: &mut Draft<'_>, account: &Account, action: Action, reason: Reason, needs: BTreeSet<Need>) {
    if offered(draft, account, action) {
        let mut change = account_change(account, action, Stage::Access, reason);
        change.risky = action == Action::Activate;
        draft.push(change, needs);
    }
}

/// Whether the server can do it; refused where it can not. Switching on and off is plain SCIM.
fn offered(draft: &mut Draft<'_>, account: &Account, action: Action) -> bool {
    if matches!(action, Action::Inactivate | Action::Activate) || draft.can(action.as_str()) {
        return true;
    }
    draft.refuse(user(&account.email), RefusalCause::NotOffered { action });
    false
}

fn attribute(name: &str, after: Value) -> crate::model::AttributeChange {
    crate::model::AttributeChange { name: name.to_owned(), before: Value::Unset, after }
}
