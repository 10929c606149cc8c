//! Every state and every change of the one state machine.

use super::*;
use crate::model::{Block, BlockReason, Moment, Standing, Value};

const TERMS: Terms<'static> = Terms { invitations: true, now: 1000, invitation_lives: 500, role_gives: &|_| None };

fn block() -> Block {
    Block { reason: BlockReason::ActivityReview, note: None }
}

fn state(accepted: bool, inactive: bool, blocked: bool, invitation: Option<InvitationState>) -> State {
    let invitation = invitation.map(|state| Invitation { state, sent_at: 1, expires_at: 2 });
    State { accepted, inactive, block: blocked.then(block), invitation }
}

/// All possible states.
fn states() -> Vec<State> {
    let invitations =
        [None, Some(InvitationState::Open), Some(InvitationState::Expired), Some(InvitationState::Killed), Some(InvitationState::Accepted)];
    let mut all = Vec::new();
    for (accepted, inactive, blocked) in (0..8).map(|n| (n & 1 == 1, n & 2 == 2, n & 4 == 4)) {
        all.extend(invitations.map(|invitation| state(accepted, inactive, blocked, invitation)));
    }
    all
}

fn changes() -> [AccountChange; 10] {
    [
        AccountChange::Invite,
        AccountChange::ResendInvitation,
        AccountChange::WithdrawInvitation,
        AccountChange::Update { fields: Vec::new(), effective: None },
        AccountChange::Inactivate,
        AccountChange::Activate,
        AccountChange::Block(block()),
        AccountChange::Unblock,
        AccountChange::GeneratePasscode,
        AccountChange::RenewPasscode { since: Moment::of_millis(1000) },
    ]
}

fn account(state: State) -> Account {
    let new = NewAccount { email: "ana@glow.example".parse().expect("an address"), fields: Vec::new(), with_password: false };
    Account { state, ..new_account(&new, RemoteId("1".to_owned()), Fingerprint("1".to_owned()), &TERMS) }
}

fn after(state: &State, change: &AccountChange) -> Result<State, Impossible> {
    next_state(state, change, &TERMS)
}

// The table of the design, row by row: pending, active, inactive after acceptance, inactive before it.
#[test]
fn every_change_of_every_standing_ends_as_the_table_says() {
    use Impossible::{AlreadyAccepted, AlreadyInvited, NeverAccepted, NotInvited};
    let rows = [
        (
            state(false, false, false, Some(InvitationState::Open)),
            [Err(AlreadyInvited), Ok("pending"), Ok("inactive"), Ok("inactive"), Ok("pending")],
        ),
        (state(true, false, false, None), [Err(AlreadyAccepted), Err(AlreadyAccepted), Err(AlreadyAccepted), Ok("inactive"), Ok("active")]),
        (state(true, true, false, None), [Err(AlreadyAccepted), Err(AlreadyAccepted), Err(AlreadyAccepted), Ok("inactive"), Ok("active")]),
        (
            state(false, true, false, Some(InvitationState::Killed)),
            [Ok("pending"), Err(NotInvited), Err(NotInvited), Ok("inactive"), Err(NeverAccepted)],
        ),
    ];
    let asked = [
        AccountChange::Invite,
        AccountChange::ResendInvitation,
        AccountChange::WithdrawInvitation,
        AccountChange::Inactivate,
        AccountChange::Activate,
    ];
    for (before, expected) in rows {
        let found = asked.each_ref().map(|change| {
            after(&before, change).map(|state| match state.standing() {
                Standing::Pending => "pending",
                Standing::Active => "active",
                Standing::Inactive => "inactive",
            })
        });
        assert_eq!(found, expected, "{before:?}");
    }
}

// AR-15, AR-16
#[test]
fn an_account_that_is_inactivated_and_activated_is_as_before() {
    for before in states().into_iter().filter(|s| s.accepted && !s.inactive) {
        let away = after(&before, &AccountChange::Inactivate).expect("possible");
        assert!(away.inactive && away.block == before.block);
        let back = after(&away, &AccountChange::Activate).expect("possible");
        assert_eq!(State { invitation: None, ..back }, State { invitation: None, ..before });
    }
}

// AR-20, AR-22
#[test]
fn a_block_ends_open_links_for_good_and_lifting_it_brings_the_rest_back() {
    for before in states().into_iter().filter(|s| s.block.is_none()) {
        let blocked = after(&before, &AccountChange::Block(block())).expect("possible in any state");
        assert_eq!((blocked.accepted, blocked.inactive, blocked.block.clone()), (before.accepted, before.inactive, Some(block())));
        assert!(!blocked.invitation_is_good());
        let again = after(&blocked, &AccountChange::Unblock).expect("possible");
        assert_eq!(again, State { invitation: blocked.invitation, ..before });
    }
}

#[test]
fn nobody_is_invited_while_blocked() {
    for before in states().into_iter().filter(|s| s.block.is_some()) {
        assert!(after(&before, &AccountChange::Invite).is_err() && after(&before, &AccountChange::ResendInvitation).is_err());
    }
}

// AR-23
#[test]
fn a_block_survives_inactivation_and_activation() {
    for before in states().into_iter().filter(|s| s.block.is_some() && s.accepted) {
        let away = after(&before, &AccountChange::Inactivate).expect("possible");
        let back = after(&away, &AccountChange::Activate).expect("possible");
        assert!(away.block.is_some() && back.block.is_some());
    }
}

//
#[test]
fn an_invitation_is_valid_from_now_for_its_time_and_a_used_one_stays_used() {
    let pending = state(false, false, false, Some(InvitationState::Expired));
    let sent = after(&pending, &AccountChange::ResendInvitation).expect("possible").invitation;
    assert_eq!(sent, Some(Invitation { state: InvitationState::Open, sent_at: 1000, expires_at: 1500 }));
    let accepted = state(true, false, false, Some(InvitationState::Accepted));
    let blocked = after(&accepted, &AccountChange::Block(block())).expect("possible");
    assert_eq!(blocked.invitation, accepted.invitation);
}

#[test]
fn a_change_that_was_made_is_in_force_and_making_it_again_changes_nothing_more() {
    for (before, change) in states().into_iter().flat_map(|s| changes().map(|change| (s.clone(), change))) {
        let Ok(done) = transition(&account(before), &change, &TERMS) else { continue };
        assert!(is_in_force(&change, &done), "{change:?}");
        if let Ok(again) = transition(&done, &change, &TERMS) {
            assert_eq!(again, done, "{change:?}");
        }
    }
}

// AR-10
#[test]
fn a_new_account_is_pending_or_with_a_first_password_active() {
    let new = |with_password| {
        let new = NewAccount { email: "ana@glow.example".parse().expect("an address"), fields: Vec::new(), with_password };
        let made = |terms: &Terms<'_>| new_account(&new, RemoteId(String::new()), Fingerprint(String::new()), terms);
        [made(&TERMS), made(&Terms { invitations: false, ..TERMS })].map(|account| account.state.standing())
    };
    assert_eq!(new(false), [Standing::Pending, Standing::Active]);
    assert_eq!(new(true), [Standing::Active, Standing::Active]);
}

// X-6, AR-10
#[test]
fn a_new_account_has_an_open_invitation_from_now_or_none_with_a_first_password() {
    let made = |with_password| {
        let new = NewAccount { email: "ana@glow.example".parse().expect("an address"), fields: Vec::new(), with_password };
        new_account(&new, RemoteId("7".to_owned()), Fingerprint("8".to_owned()), &TERMS)
    };
    let open = Invitation { state: InvitationState::Open, sent_at: 1000, expires_at: 1500 };
    assert_eq!(made(false).state, State { accepted: false, inactive: false, block: None, invitation: Some(open) });
    assert_eq!(made(true).state, State { accepted: true, inactive: false, block: None, invitation: None });
    let account = made(false);
    assert_eq!((account.id.0.as_str(), account.fingerprint.0.as_str(), account.email.as_str()), ("7", "8", "ana@glow.example"));
    assert!(!account.has_passcode && !account.main_admin);
}

// X-6, AR-15
#[test]
fn an_account_that_is_inactivated_loses_its_open_invitation_and_nothing_else() {
    for before in states().into_iter().filter(|s| !s.inactive) {
        let away = after(&before, &AccountChange::Inactivate).expect("possible in any state");
        assert!(!away.invitation_is_good());
        assert_eq!(away, State { inactive: true, invitation: ended(before.invitation.clone()), ..before });
    }
}

#[test]
fn an_inactive_account_that_is_inactivated_again_keeps_even_its_invitation() {
    for before in states().into_iter().filter(|s| s.inactive) {
        assert_eq!(after(&before, &AccountChange::Inactivate), Ok(before));
    }
}

//
#[test]
fn a_withdrawn_or_sent_invitation_is_all_that_changes_besides_the_standing() {
    for before in states().into_iter().filter(|s| !s.accepted && !s.inactive) {
        let withdrawn = after(&before, &AccountChange::WithdrawInvitation).expect("possible");
        assert!(withdrawn.inactive && !withdrawn.invitation_is_good());
        assert_eq!(State { inactive: false, invitation: None, ..withdrawn }, State { invitation: None, ..before });
    }
    for before in states().into_iter().filter(|s| !s.accepted && s.inactive && s.block.is_none()) {
        let invited = after(&before, &AccountChange::Invite).expect("possible");
        let open = Invitation { state: InvitationState::Open, sent_at: 1000, expires_at: 1500 };
        assert_eq!(invited, State { inactive: false, invitation: Some(open), ..before.clone() });
        let without = next_state(&before, &AccountChange::Invite, &Terms { invitations: false, ..TERMS }).expect("possible");
        assert_eq!(without, State { accepted: true, inactive: false, invitation: None, ..before });
    }
}

fn set(field: Field, value: &str) -> AccountChange {
    let change = FieldChange { field, before: Value::Unset, after: Value::Text(value.to_owned()), unknown: false };
    AccountChange::Update { fields: vec![change], effective: None }
}

// PBN-4: the link went to the former address.
#[test]
fn a_new_address_ends_an_invitation_that_nobody_accepted_and_the_same_one_does_not() {
    for before in states() {
        let now = account(before.clone());
        let moved = transition(&now, &set(Field::Email, "ana.ruiz@glow.example"), &TERMS).expect("possible");
        assert_eq!(moved.email.as_str(), "ana.ruiz@glow.example");
        let invitation = if before.accepted { before.invitation.clone() } else { ended(before.invitation.clone()) };
        assert_eq!(moved.state, State { invitation, ..before.clone() });
        assert!(before.accepted || !moved.state.invitation_is_good());
        for same in ["Ana@glow.example", "not an address"] {
            assert_eq!(transition(&now, &set(Field::Email, same), &TERMS), Ok(now.clone()), "{same}");
        }
    }
}

// AR-6
#[test]
fn a_role_that_is_written_is_applied_with_what_it_gives_now_and_other_fields_are_set() {
    let gives = |role: &str| (role == "nurse").then(|| Arc::new(BTreeSet::from(["charts".to_owned()])));
    let terms = Terms { role_gives: &gives, ..TERMS };
    let before = account(state(true, false, false, None));
    let nurse = transition(&before, &set(Field::Role, "nurse"), &terms).expect("possible");
    assert_eq!((nurse.fields.text(Field::Role), nurse.role_privileges.as_deref()), (Some("nurse"), gives("nurse").as_deref()));
    let titled = transition(&nurse, &set(Field::Title, "MD"), &terms).expect("possible");
    assert_eq!((titled.fields.text(Field::Title), &titled.role_privileges), (Some("MD"), &nurse.role_privileges));
    let unknown = transition(&nurse, &set(Field::Role, "doctor"), &terms).expect("possible");
    assert_eq!((unknown.fields.text(Field::Role), unknown.role_privileges), (Some("doctor"), None));
}

#[test]
fn a_change_is_in_force_only_in_the_state_in_which_it_leaves_an_account() {
    for before in states() {
        let now = account(before.clone());
        let expected = |change: &AccountChange| match change {
            AccountChange::Invite | AccountChange::ResendInvitation => is_let_in(&now),
            AccountChange::WithdrawInvitation => before.inactive && !before.invitation_is_good(),
            AccountChange::Inactivate => before.inactive,
            AccountChange::Activate => !before.inactive,
            AccountChange::Block(_) => before.block.is_some(),
            AccountChange::Unblock => before.block.is_none(),
            AccountChange::GeneratePasscode | AccountChange::RenewPasscode { .. } => false,
            AccountChange::Update { .. } => true,
        };
        for change in changes() {
            assert_eq!(is_in_force(&change, &now), expected(&change), "{before:?} {change:?}");
        }
        let open = before.invitation.as_ref().is_none_or(|sent| sent.state == InvitationState::Open);
        assert_eq!(is_let_in(&now), !before.inactive && (before.accepted || open), "{before:?}");
        let renewed = |made| is_in_force(&changes()[9], &Account { has_passcode: true, passcode_made: made, ..now.clone() });
        assert_eq!([None, Some(999), Some(1000), Some(1001)].map(renewed), [false, false, true, true]);
        assert!(is_in_force(&AccountChange::GeneratePasscode, &Account { has_passcode: true, ..now }));
    }
}
