//! The main admin role goes to somebody else who may sign in.

use crate::model::State;
use crate::model::transition::{active, not_invited};
use crate::workspace::{HandedBy, NoHandover, TargetAccount, hand_over};

const fn target<'a>(id: &'a str, state: &'a State) -> TargetAccount<'a> {
    TargetAccount { id, main_admin: false, state }
}

#[test]
fn the_role_goes_to_somebody_else_who_may_sign_in() {
    let (active, pending) = (active(), not_invited());
    let former = target("1", &active);
    let to = |id, state, by| hand_over(&former, &target(id, state), by).map(|handover| handover.ends_access);
    assert_eq!(to("2", &active, HandedBy::Operator), Ok(true));
    assert_eq!(to("2", &active, HandedBy::MainAdmin { id: "1" }), Ok(false));
    assert_eq!(to("2", &active, HandedBy::MainAdmin { id: "3" }), Err(NoHandover::OfferIsOver));
    for by in [HandedBy::Operator, HandedBy::MainAdmin { id: "1" }] {
        assert_eq!(to("1", &active, by), Err(NoHandover::AlreadyTheirs));
        assert_eq!(to("2", &pending, by), Err(NoHandover::MayNotSignIn));
    }
}
