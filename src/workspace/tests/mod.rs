//! Tests of the domain's decisions, without a server.

mod granting;
mod handover;
mod records;
mod writing;

use std::collections::BTreeSet;

use crate::model::transition::{Impossible, Terms};
use crate::model::{Action, Block, BlockReason, Field, Fields, State, Value};
use crate::platform::named;

use super::{
    Acting, BlockRequest, Deed, Event, Loss, Refusal, TargetAccount, block, invite, loses_admin, may_block, may_try_phone, set_active,
    unblock,
};

const NOW: i64 = 1_700_000_000_000;

fn terms() -> Terms<'static> {
    Terms { invitations: true, now: NOW, invitation_lives: 1000, role_gives: &|_| None }
}

fn phones(numbers: &[&str]) -> Fields {
    let mut fields = Fields::default();
    fields.set(Field::Phones, Value::List(numbers.iter().map(|n| (*n).to_owned()).collect()));
    fields
}

fn blocked(typed: Option<&str>, block_of: Block, state: &State) -> Result<Option<super::Decision>, Refusal> {
    let (own, target) = (phones(&["+16025550100"]), phones(&["+16025550142"]));
    let request = BlockRequest { block: block_of, typed, own: &own, target: &target };
    block(&TargetAccount { id: "b", main_admin: false, state }, &request, &terms())
}

// AR-19: only a number of the acting admin's own confirms, never the target's.
#[test]
fn only_the_admins_own_number_confirms_a_block() {
    let (state, review) = (State { accepted: true, ..State::default() }, Block { reason: BlockReason::ActivityReview, note: None });
    let block_with = |typed| blocked(typed, review.clone(), &state);
    assert_eq!(block_with(None), Err(Refusal::NoPhone));
    assert_eq!(block_with(Some("x")), Err(Refusal::NotAPhone));
    assert_eq!(block_with(Some("+1 602 555 0142")), Err(Refusal::PhoneOfTarget { digits: "0142".to_owned() }));
    assert_eq!(block_with(Some("+1 602 555 0177")), Err(Refusal::PhoneOfAnother { digits: "0177".to_owned() }));
    let decision = block_with(Some("+1 602 555 0100")).unwrap().unwrap();
    assert_eq!(decision.event, Event::Blocked { digits: "0100".to_owned() });
    assert_eq!(decision.state.block, Some(review.clone()));
    assert_eq!(blocked(Some("+1 602 555 0100"), review, &decision.state), Ok(None), "blocked just so already");
    assert_eq!(unblock(&decision.state, &terms()).unwrap().unwrap().state, state, "AR-22: the rest is as it was");
    let other = Block { reason: BlockReason::Other, note: None };
    assert_eq!(blocked(Some("+1 602 555 0100"), other, &state), Err(Refusal::NoNote), "AR-26");
}

// AR-18: the member needs the privilege; a platform without one asks for none.
#[test]
fn a_block_needs_the_privilege_where_the_platform_has_one() {
    let catalog = named("aesthetic-record").unwrap().catalog();
    let privilege = catalog.blocks_users.clone().unwrap();
    let (none, own) = (BTreeSet::new(), BTreeSet::from([privilege.clone()]));
    assert_eq!(
        may_block(catalog, &Acting { id: "a", privileges: &none, role: None, main_admin: false }),
        Err(Refusal::CannotBlock { privilege })
    );
    assert_eq!(may_block(catalog, &Acting { id: "a", privileges: &own, role: None, main_admin: false }), Ok(()));
}

// AR-20, B3: nobody can end their own access, or the main admin's.
#[test]
fn nobody_inactivates_themselves_or_the_main_admin() {
    let (none, state) = (BTreeSet::new(), State { accepted: true, ..State::default() });
    let acting = Acting { id: "a", privileges: &none, role: None, main_admin: false };
    let off = |id, main_admin| set_active(&acting, &TargetAccount { id, main_admin, state: &state }, false, &terms());
    assert_eq!(off("a", false), Err(Refusal::Oneself(Deed::Inactivate)));
    assert_eq!(off("b", true), Err(Refusal::MainAdmin(Deed::Inactivate)));
    assert_eq!(off("a", true), Err(Refusal::MainAdmin(Deed::Inactivate)), "no other administrator could do it");
    assert!(off("b", false).unwrap().inactive);
    assert_eq!(loses_admin(&acting, "a", true, false), Err(Refusal::OwnRights));
    assert_eq!(loses_admin(&acting, "b", true, false), Ok(Loss::AnAdmin));
}

// a blocked account is not invited, and nobody is activated who never accepted.
#[test]
fn states_that_rule_an_invitation_or_an_activation_out_say_why() {
    let new = State { inactive: true, ..State::default() };
    assert!(invite(&new, &terms()).unwrap().state.invitation_is_good());
    let block = Some(Block { reason: BlockReason::ClearSchedule, note: None });
    let why = invite(&State { block, ..new.clone() }, &terms());
    assert_eq!(why, Err(Refusal::State { action: Action::Invite, why: Impossible::Blocked }));
    let none = BTreeSet::new();
    let on = set_active(
        &Acting { id: "a", privileges: &none, role: None, main_admin: false },
        &TargetAccount { id: "b", main_admin: false, state: &new },
        true,
        &terms(),
    );
    assert_eq!(on, Err(Refusal::State { action: Action::Activate, why: Impossible::NeverAccepted }));
}

// AR-19
#[test]
fn after_five_wrong_numbers_the_next_one_waits_until_a_quarter_of_an_hour_after_the_first() {
    let wrong = [NOW - 60_000, NOW - 50_000, NOW - 40_000, NOW - 30_000, NOW - 20_000];
    assert_eq!(may_try_phone(&wrong, NOW), Err(Refusal::TooManyPhones { wait: 14 * 60_000 }));
    assert_eq!(may_try_phone(&wrong[1..], NOW), Ok(()));
    assert_eq!(may_try_phone(&[&[NOW - 70_000], &wrong[..]].concat(), NOW), Err(Refusal::TooManyPhones { wait: 14 * 60_000 }));
}
