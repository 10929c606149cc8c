//! The only state machine of accounts: the account after a change, and the changes that are impossible.
//!
//! The design has the table ("States"). The plan's projection, the checks after a write, the workspace server and the workspace in memory
//! of the tests use it. The effective privileges follow from fields and role: see `platform::with_rights`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{
    Account, AccountChange, Block, Email, Field, FieldChange, Fields, Fingerprint, Invitation, InvitationState, NewAccount, RemoteId, State,
};

/// The facts that the state machine needs to know about the workspace.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Says whether accounts start with an invitation; otherwise a new account is accepted immediately.
    pub invitations: bool,
    /// The time of the change, epoch milliseconds.
    pub now: i64,
    /// The time for which an invitation is valid (milliseconds).
    pub invitation_lives: i64,
    /// The privileges that a role gives now, by its key; `None` if the workspace does not say.
    pub role_gives: &'a dyn Fn(&str) -> Option<Arc<BTreeSet<String>>>,
}

/// The reason why a change is impossible for an account in its present state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Impossible {
    /// The person accepted an invitation before, so another one makes no sense.
    AlreadyAccepted,
    /// The person is already invited: the invitation can be sent again.
    AlreadyInvited,
    /// The account is inactive, so it has no invitation to send again or withdraw.
    NotInvited,
    /// Nobody has accepted the account yet: its holder can be invited, the account cannot be activated.
    NeverAccepted,
    /// The account is blocked, and blocked users are not invited (AR-20).
    Blocked,
}

/// Returns the account after a change.
///
/// # Errors
/// If the change is impossible in the account's present state.
pub fn transition(account: &Account, change: &AccountChange, terms: &Terms<'_>) -> Result<Account, Impossible> {
    let mut account = Account { state: next_state(&account.state, change, terms)?, ..account.clone() };
    match change {
        AccountChange::Update { fields, effective: _ } => set_fields(&mut account, fields, terms),
        AccountChange::GeneratePasscode | AccountChange::RenewPasscode { .. } => {
            account.has_passcode = true;
            account.passcode_made = Some(terms.now);
        }
        AccountChange::Invite
        | AccountChange::ResendInvitation
        | AccountChange::WithdrawInvitation
        | AccountChange::Inactivate
        | AccountChange::Activate
        | AccountChange::Block(_)
        | AccountChange::Unblock => {}
    }
    Ok(account)
}

/// Returns a new account.
#[must_use]
pub fn new_account(new: &NewAccount, id: RemoteId, fingerprint: Fingerprint, terms: &Terms<'_>) -> Account {
    let mut account = Account {
        id,
        email: new.email.clone(),
        fingerprint,
        state: if new.with_password { active() } else { invited(not_invited(), terms) },
        fields: Fields::default(),
        privileges: Arc::default(),
        role_privileges: None,
        has_passcode: false,
        passcode_made: None,
        main_admin: false,
        invited_name: None,
        former: Vec::new(),
    };
    set_fields(&mut account, &new.fields, terms);
    account
}

/// Returns the state of somebody new who can sign in at once.
#[must_use]
pub fn active() -> State {
    State { accepted: true, ..State::default() }
}

/// Returns the state of somebody new whom nobody invited yet.
#[must_use]
pub fn not_invited() -> State {
    State { inactive: true, ..State::default() }
}

/// Returns the state of an account whose holder accepts the invitation.
#[must_use]
pub fn accepted(state: State) -> State {
    let invitation = state.invitation.map(|sent| Invitation { state: InvitationState::Accepted, ..sent });
    State { accepted: true, invitation, ..state }
}

/// Returns the state of an account after a change; changes of fields and passcodes leave it as it is.
///
/// # Errors
/// As for [`transition`].
pub fn next_state(state: &State, change: &AccountChange, terms: &Terms<'_>) -> Result<State, Impossible> {
    let state = state.clone();
    match change {
        AccountChange::Invite => match state {
            State { accepted: true, .. } => Err(Impossible::AlreadyAccepted),
            State { inactive: false, .. } => Err(Impossible::AlreadyInvited),
            State { block: Some(_), .. } => Err(Impossible::Blocked),
            state => Ok(invited(state, terms)),
        },
        AccountChange::ResendInvitation => match state {
            State { accepted: true, .. } => Err(Impossible::AlreadyAccepted),
            State { inactive: true, .. } => Err(Impossible::NotInvited),
            State { block: Some(_), .. } => Err(Impossible::Blocked),
            state => Ok(invited(state, terms)),
        },
        AccountChange::WithdrawInvitation => match state {
            State { accepted: true, .. } => Err(Impossible::AlreadyAccepted),
            State { inactive: true, .. } => Err(Impossible::NotInvited),
            state => Ok(State { inactive: true, invitation: ended(state.invitation), ..state }),
        },
        AccountChange::Inactivate if state.inactive => Ok(state),
        AccountChange::Inactivate => Ok(State { inactive: true, invitation: ended(state.invitation), ..state }),
        AccountChange::Activate if state.inactive && !state.accepted => Err(Impossible::NeverAccepted),
        AccountChange::Activate => Ok(State { inactive: false, ..state }),
        AccountChange::Block(block) => Ok(blocked(state, block.clone())),
        AccountChange::Unblock => Ok(State { block: None, ..state }),
        AccountChange::Update { .. } | AccountChange::GeneratePasscode | AccountChange::RenewPasscode { .. } => Ok(state),
    }
}

/// Returns whether an account is in the state in which a change leaves it; fields are compared elsewhere.
///
/// An invitation that is already accepted was sent. A server that does not show invitations is trusted.
#[must_use]
pub fn is_in_force(change: &AccountChange, account: &Account) -> bool {
    let state = &account.state;
    match change {
        AccountChange::Invite | AccountChange::ResendInvitation => is_let_in(account),
        AccountChange::WithdrawInvitation => state.inactive && !state.invitation_is_good(),
        AccountChange::Inactivate => state.inactive,
        AccountChange::Activate => !state.inactive,
        AccountChange::Block(_) => state.block.is_some(),
        AccountChange::Unblock => state.block.is_none(),
        AccountChange::GeneratePasscode => account.has_passcode,
        AccountChange::RenewPasscode { since } => account.passcode_made.is_some_and(|made| since.millis() <= made),
        AccountChange::Update { .. } => true,
    }
}

/// Returns whether a user can get in: active or pending, and nothing ended their invitation.
#[must_use]
pub fn is_let_in(account: &Account) -> bool {
    let State { accepted, inactive, invitation, block: _ } = &account.state;
    !inactive && (*accepted || invitation.as_ref().is_none_or(|sent| sent.state.is_open()))
}

/// Returns the state of an account after its address has changed: an invitation that nobody has accepted went to the former one (PBN-4).
#[must_use]
pub fn readdressed(state: State) -> State {
    if state.accepted { state } else { State { invitation: ended(state.invitation), ..state } }
}

/// Returns the state of an account that was blocked: the block ends an invitation that nobody has accepted.
#[must_use]
pub fn blocked(state: State, block: Block) -> State {
    State { block: Some(block), invitation: ended(state.invitation), ..state }
}

/// Returns the state of an account whose open invitation has expired.
#[must_use]
pub fn expired(state: State) -> State {
    let invitation = state.invitation.map(|sent| match sent.state {
        InvitationState::Open => Invitation { state: InvitationState::Expired, ..sent },
        InvitationState::Expired | InvitationState::Killed | InvitationState::Accepted => sent,
    });
    State { invitation, ..state }
}

/// Returns a state with the block that the account had before.
#[must_use]
pub fn still_blocked(state: State, before: &State) -> State {
    State { block: before.block.clone(), ..state }
}

/// Active or pending, with a new invitation on platforms that have them.
fn invited(state: State, terms: &Terms<'_>) -> State {
    let invitation = terms.invitations.then(|| sent(terms));
    State { accepted: state.accepted || !terms.invitations, inactive: false, invitation, ..state }
}

fn sent(terms: &Terms<'_>) -> Invitation {
    Invitation { state: InvitationState::Open, sent_at: terms.now, expires_at: terms.now.saturating_add(terms.invitation_lives) }
}

/// Returns the state of an invitation that is ended, expired or not; an accepted one stays accepted.
#[must_use]
pub const fn over(invitation: InvitationState) -> InvitationState {
    match invitation {
        InvitationState::Open | InvitationState::Expired | InvitationState::Killed => InvitationState::Killed,
        InvitationState::Accepted => InvitationState::Accepted,
    }
}

fn ended(invitation: Option<Invitation>) -> Option<Invitation> {
    invitation.map(|sent| Invitation { state: over(sent.state), ..sent })
}

fn set_fields(account: &mut Account, fields: &[FieldChange], terms: &Terms<'_>) {
    for FieldChange { field, before: _, after, unknown: _ } in fields {
        let text = after.as_text();
        if *field == Field::Role
            && let Some(role) = text
        {
            account.role_privileges = (terms.role_gives)(role);
        }
        if *field == Field::Email
            && let Some(address) = text
        {
            if let Ok(email) = Email::parse(address) {
                if email != account.email {
                    account.state = readdressed(std::mem::take(&mut account.state));
                }
                account.email = email;
            }
        } else {
            account.fields.set(*field, after.clone());
        }
    }
}

#[cfg(test)]
mod tests;
